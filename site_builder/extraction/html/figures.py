"""Pictures with captions and credits, and embedded recordings, in the order of the page.

A caption is the text of a `figure`, or of an element that its class calls a caption beside a picture. Captions that a
page prints twice are given once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice

from site_builder.extraction.html.blocks import Block
from site_builder.extraction.html.page import Element
from site_builder.extraction.html.statements import Statements
from site_builder.extraction.html.surroundings import Surroundings, trunk_of
from site_builder.model import Image, Media
from site_builder.vocabulary.lexicon import furniture, tokens_of

SMALL = 80
"""Pixels: pictures that their page says are narrower are icons, faces and counters."""
MOST = 200
HEADS = 25
"""Blocks above the body where its first picture may stand."""

_CREDIT_CLASS = re.compile(
    r"credit|copyright|photographer|source|byline|author|agency|rights|quelle|fotograf|auteur", re.I
)
_CREDIT = re.compile(
    r"^\W*(?:©|\(c\)|(?:photo(?:graph)?s?|image|picture|foto|bild|crédit|credit|credits|source|quelle|фото|imagen|fotografía)"
    r"\b[^.]{0,24}?(?::|/|\bby\b|\bvon\b|\bcourtesy\b|©))", re.IGNORECASE,
)  # fmt: skip
_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-hi-res-src",
    "data-full-src",
    "data-image",
    "data-url",
    "src",
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_PLAYERS = re.compile(
    r"youtube|youtu\.be|vimeo|dailymotion|brightcove|jwplayer|video|player|soundcloud|spotify|podcast|audio", re.I
)
_SOUND = re.compile(r"soundcloud|spotify|podcast|audio|\.mp3|anchor\.fm|acast", re.IGNORECASE)
_POISON = re.compile(
    r"pixel|spacer|blank|placeholder|1x1|logo|avatar|icon|sprite|emoji|tracking|gravatar", re.IGNORECASE
)
_UNRELATED = frozenset(("<nav", "<footer", "~foot", "~navigation", "~related", "~comments", "~advert", "~letter"))
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Figures:
    """The pictures and recordings of an article, and which blocks (by number) are captions and credits."""

    images: tuple[Image, ...] = ()
    media: tuple[Media, ...] = ()
    captions: frozenset[int] = frozenset()
    credits: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Frame:
    """One figure as it is put together."""

    element: Element
    captions: list[Block] = field(default_factory=list)
    credits: list[Block] = field(default_factory=list)


def find_figures(
    root: Element, blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int], said: Statements,
    around: Surroundings, whole: bool = False,
) -> Figures:  # fmt: skip
    """The figures from a little above the body `blocks[span[0]:span[1]]` to its end; `whole`: of the whole page."""
    order = {element: place for place, element in enumerate(root.iter())}
    frames: dict[Element, _Frame] = {}
    galleries: dict[Element, list[Block]] = {}
    seen: dict[Element, bool] = {}
    trunk = trunk_of(blocks, scores, span)
    inside = range(max(0, span[0] - HEADS), min(len(blocks), span[1] + 2))
    for index in inside:
        block = blocks[index]
        holder = frame_of(block, around, seen)
        if holder is None or _is_label(block) or (not whole and _UNRELATED & around.apart(holder, trunk)):
            continue
        if _is_gallery(holder):
            galleries.setdefault(holder, []).append(block)
            continue
        frame = frames.setdefault(holder, _Frame(holder))
        (frame.credits if _is_credit(block, around) else frame.captions).append(block)
    start = order[blocks[inside[0]].element] if inside else 0
    end = order[blocks[inside[-1]].element] if inside else 0
    body = _containers(blocks, scores, span)
    for element in root.iter("figure", "img", "picture", "amp-img"):
        place = order[element]
        if not (whole or start <= place <= end) or len(frames) > MOST:
            continue
        if any(above in frames for above in (element, *element.iterancestors())) or _is_gallery(element):
            continue
        outside = _UNRELATED & around.apart(element, trunk) or not any(
            above in body for above in element.iterancestors()
        )
        if outside and not whole:
            continue
        frames[element] = _Frame(element)
    framed = sorted(frames.values(), key=lambda one: order[one.element])
    for gallery, words in galleries.items():
        held = [one for one in framed if gallery in one.element.iterancestors()]
        bare = next((one for one in held if not one.captions), held[0] if held else _Frame(gallery))
        bare.captions.extend(words)
        framed += [] if held else [bare]
    media = _media(root, order, (0, len(order)) if whole else (start, end), said)
    images: list[Image] = []
    for frame in framed:
        image = _image(frame, said)
        player = next((one for one in frame.element.iter("video", "audio", "iframe") if one in media), None)
        if player is not None and not image.src and image.caption:  # what a recording has below it is its title
            media[player] = replace(media[player], title=" ".join(f"{image.caption} {image.credit}".split()))
            continue
        _add(images, image)
        for src, alt in _shown(frame.element, said)[1:] if whole else ():
            _add(images, Image(src, alt=alt))
    if (
        not images
        and not whole
        and (lead := said.first("og:image:secure_url", "og:image", "twitter:image", "twitter:image:src"))
    ):
        src = said.resolve(lead)
        if src and not _POISON.search(src.rpartition("/")[2]):
            images.append(Image(src, alt=said.first("og:image:alt", "twitter:image:alt")))
    return Figures(
        tuple(image for image in images if image.src or image.caption),
        tuple(dict.fromkeys(media.values())),
        frozenset(block.number for frame in framed for block in frame.captions),
        frozenset(block.number for frame in framed for block in frame.credits),
    )


def frame_of(block: Block, around: Surroundings, seen: dict[Element, bool]) -> Element | None:
    """The figure whose caption or credit a block is, None for other blocks; `seen` keeps what was found of elements."""
    node, steps = block.element, 0
    named = False
    while node is not None and steps < 6 and node.tag not in ("body", "article", "main"):
        if node.tag in ("table", "blockquote"):
            return None
        if node.tag == "figure":
            if node not in seen:
                seen[node] = next(node.iter("blockquote", "table"), None) is None
            return node if seen[node] else None
        named = named or node.tag == "figcaption" or (steps < 2 and "caption" in around.own(node))
        if named and steps:
            if node not in seen:
                seen[node] = _has_picture(node) and _is_small(node)
            if seen[node]:
                return node
        node, steps = node.getparent(), steps + 1
    return None


def _is_gallery(element: Element) -> bool:
    """Whether a figure holds others: what is below it belongs to none of them alone."""
    return element.tag == "figure" and next(element.iterdescendants("figure"), None) is not None


def _is_label(block: Block) -> bool:
    key = block.text.casefold().strip(" .,:;!?|•·–—-…")
    return bool(furniture(key, block.words, tokens_of(key))[0]) and block.words <= 6


def _has_picture(element: Element) -> bool:
    return next(element.iter("img", "picture", "video", "amp-img"), None) is not None


def _is_small(element: Element) -> bool:
    """Whether an element is about one picture: one that holds paragraphs too is the story."""
    return len(list(islice(element.iter("p"), 4))) <= 3 and len(list(islice(element.iter("img"), 5))) <= 4


def _is_credit(block: Block, around: Surroundings) -> bool:
    if _CREDIT.match(block.text) and block.words <= 14:
        return True
    node, steps = block.element, 0
    while node is not None and steps < 2 and node.tag not in ("figure", "figcaption"):
        if _CREDIT_CLASS.search(node.get("class") or "") and block.words <= 20:
            return True
        node, steps = node.getparent(), steps + 1
    return False


def _containers(blocks: tuple[Block, ...], scores: list[float], span: tuple[int, int]) -> set[Element]:
    """The elements that hold the body's paragraphs, each with the one above it."""
    found: set[Element] = set()
    for index in range(*span):
        if scores[index] >= 0.5 and blocks[index].words >= 8:
            parent = blocks[index].element.getparent()
            found.update(one for one in (parent, parent.getparent() if parent is not None else None) if one is not None)
    return {one for one in found if one.tag not in ("body", "html")} or found


def _image(frame: _Frame, said: Statements) -> Image:
    src, alt = next(iter(_shown(frame.element, said)), ("", ""))
    captions, credits = [], [block.text for block in frame.credits]
    for block in frame.captions:
        text = block.text
        for credit in _inner_credits(block):
            if text.endswith(credit) and len(credit) < len(text):
                text = text[: -len(credit)].strip(" |/·–—-")
                credits.append(credit)
                break
        captions.append(text)
    captions = list(dict.fromkeys(captions))
    whole = [one for one in captions if not any(one != other and one in other for other in captions)]
    credit = " ".join(dict.fromkeys(credits))
    caption = " ".join(whole)
    return Image(src, caption, credit, "" if _key(alt) in (_key(caption), "") else alt)


def _shown(element: Element, said: Statements) -> list[tuple[str, str]]:
    """The pictures in an element, each with what is said of it to those who do not see it."""
    found: dict[str, str] = {}
    for picture in element.iter("img", "amp-img"):
        best = _best(picture)
        # What a part of a saved page is called (RFC 2392); who has its file finds it or takes the name out.
        src = best if best.startswith("cid:") else said.resolve(best)
        if src and _is_shown(picture, src):
            found.setdefault(src, " ".join((picture.get("alt") or "").split()))
    return list(found.items())


def _inner_credits(block: Block) -> list[str]:
    """The texts of inline elements in a caption whose class calls them credits."""
    found = []
    for element in block.element.iter("span", "small", "cite", "em", "i", "a"):
        if _CREDIT_CLASS.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"):
            text = " ".join("".join(element.itertext()).split())
            if text:
                found.append(text)
    return found


def _best(picture: Element) -> str:
    """The largest picture that an `img` and the sources beside it offer."""
    offers: list[tuple[float, str]] = []
    holders = [picture]
    parent = picture.getparent()
    if parent is not None and parent.tag == "picture":
        holders += parent.iter("source")
    for holder in holders:
        for name in _SETS:
            offers += _offers(holder.get(name) or "")
    for name in _LAZY:
        link = (picture.get(name) or "").strip()
        if link and not link.startswith(("data:", "blob:")):
            if not _POISON.search(link.rpartition("/")[2]):
                return max(offers)[1] if offers and max(offers)[0] >= 300 else link
            break
    return max(offers)[1] if offers else ""


def _offers(srcset: str) -> list[tuple[float, str]]:
    found = []
    for part in re.split(r",\s+|,(?=https?:|/)", srcset[:20_000]):
        link, _, size = part.strip().partition(" ")
        number = re.match(r"(\d+(?:\.\d+)?)([wx])", size.strip())
        if link and not link.startswith("data:"):
            found.append(((float(number[1]) * (1000 if number[2] == "x" else 1)) if number else 1.0, link.strip(",")))
    return found


def _is_shown(picture: Element, src: str) -> bool:
    for name in ("width", "height"):
        size = re.match(r"\d+", picture.get(name) or "")
        if size and int(size[0][:6]) < SMALL:
            return False
    return not _POISON.search(src.rpartition("/")[2][:200])


def _add(images: list[Image], image: Image) -> None:
    """Add a picture, unless it or its caption is there already; the fuller one of two stays."""
    for index, other in enumerate(images):
        same_caption = image.caption and _key(image.caption) == _key(other.caption)
        if same_caption or (image.src and image.src == other.src):
            images[index] = Image(
                other.src or image.src,
                other.caption or image.caption,
                other.credit or image.credit,
                other.alt or image.alt,
            )
            return
    images.append(image)


def _key(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))


def _media(root: Element, order: dict[Element, int], span: tuple[int, int], said: Statements) -> dict[Element, Media]:
    """The recordings within a span, each address once, by the elements that play them."""
    found: dict[Element, Media] = {}
    known: set[str] = set()
    for element in root.iter("video", "audio", "iframe"):
        if not span[0] <= order[element] <= span[1]:
            continue
        link = element.get("src") or element.get("data-src") or ""
        if not link:
            link = next((one.get("src") or "" for one in element.iter("source") if one.get("src")), "")
        src = said.resolve(link) if link and not link.startswith(("about:", "data:", "blob:")) else ""
        title = " ".join((element.get("title") or element.get("aria-label") or "").split())
        if element.tag == "iframe" and not _PLAYERS.search(src):
            continue
        if src and src not in known and len(found) < MOST:
            kind = "audio" if element.tag == "audio" or _SOUND.search(src) else "video"
            found[element] = Media(kind, title, "", src)
            known.add(src)
    return found
