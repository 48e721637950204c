"""The headline: confirmed by a page title in the first line, or the line above the story that most looks like one."""

from __future__ import annotations

import re
from dataclasses import replace

from site_builder.extraction.text.lines import Draft, Line, Mark
from site_builder.extraction.text.shapes import crumbs, is_slug
from site_builder.extraction.text.standing import ENOUGH, SHARED, standing
from site_builder.vocabulary.lexicon import is_label, language_words, section_names, stop_words
from site_builder.vocabulary.names import agencies_in, byline, is_byline_word, is_name
from site_builder.vocabulary.stamps import stamp

REACH = 40
"""How far above the story a headline is looked for, in lines."""
LONGEST = 32
"""Words of the longest headline; 99 % of those in the development pages have up to 24."""
PARAGRAPH = 30
"""Words of a line that only a story has."""
TOLD = 1.2
"""What it counts for a headline that all its words are the story's too."""
TWICE = 2
"""How often a page prints its headline: what stands there oftener is a button."""
STORY = 30
"""How many lines of the story are looked at for that."""
ALIKE = 0.3
"""The share of both one's words that page title and headline have in common."""
HEADED = 0.2
"""What a byline or a date line below a headline adds to it."""
UNLIKE = -9.0
"""Log odds under which a sentence between headline and story is none of it."""
NEARLY = 0.1
"""How much more a second line must be like the page title than the one above it."""
DECK = 0.25
"""The same for the line right below it, which is its deck."""
INSIDE = 12
"""How far into the story such a line is looked for, where prompts above the headline look like its beginning."""
SURE = 0.6
"""How like the page title a line inside the story has to be."""
CLOSED = 0.3
"""What it takes from a line that it is the deck below a headline."""
FAR = 80
"""How far above the story a line like the page title is looked for."""

_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_SITE = re.compile(rf"\s+[|–—·•»:*/\-]+\s+|\s*[|｜]\s*|\s+::\s+|(?<={_CJK})(?:-+|_)(?={_CJK})")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_AGO = re.compile(r"\b(?:ago|views|min|mins|minutes|icon|vor \d)\b|\d+\s*(?:views|comments|shares)", re.IGNORECASE)
_CLOSERS = "\"'”’»"
_QUOTES = "\"'“”‘’„«»"


def find_headline(draft: Draft) -> Draft:
    """A draft with `title` set to the headline's line, where one is found, and the story's start behind it."""
    given = str(draft.meta.get("title", "")).casefold()
    if given:
        same = [index for index in draft.free(0, draft.end) if draft.lines[index].text.casefold() == given]
        if same:
            return _with_title(draft, same[0], "title")
    found = _confirmed(draft)
    if found is not None:
        return found
    group = _candidates(draft)
    if group:
        story = _story_words(draft)
        best = max(group, key=lambda index: (_looks(draft, index, group, story), -index))
        return _with_title(draft, best, "headline")
    return _first_lines(draft)


def _with_title(draft: Draft, index: int, rule: str, text: str = "") -> Draft:
    """The title with its line marked; further copies of it above the story are printed twice."""
    lines = draft.lines
    marks = {index: Mark("title", rule)}
    for other in draft.free(0, max(draft.start, index) + 3):
        if other != index and lines[other].key == lines[index].key:
            marks[other] = Mark("removed", "headline printed twice")
    start = max(draft.start, index + 1) if draft.start <= index else draft.start
    article = draft.article if draft.article.title else replace(draft.article, title=text or lines[index].text)
    draft = draft._replace(title=index, start=start, article=article)
    return draft._replace(marks={**draft.marks, **marks})


# ------------------------------------------------------------------------------------------------ page title


def _confirmed(draft: Draft) -> Draft | None:
    """The headline that a `<title>` in the first line confirms: `Headline | Site`, and the headline further down."""
    if not draft.lines or draft.lines[0].words < 3 or draft.end <= 0:
        return None
    first = draft.lines[0]
    cuts = [match.start() for match in _SITE.finditer(first.text)]
    same = _same(draft, [len(first.text), *reversed(cuts)])
    if same:
        before = [index for index in same if index <= draft.start]
        return _under_page_title(draft, (before or same)[-1])
    if draft.blocks and not cuts:
        return None
    alike = _alike(draft, first)
    if alike:
        return _under_page_title(draft, alike)
    if draft.blocks:
        return None
    other = _standing(draft, first)
    if other:
        return _under_page_title(draft, other)
    if first.closed or first.words > LONGEST:
        return None
    parts = _SITE.split(first.text)
    longest = max(parts, key=len).strip()
    if len(longest.split()) < 4:
        return None
    text = longest if first.text.startswith(longest) else ""
    return _name_site(_with_title(draft, 0, "page title", text), parts[-1].strip() if text and len(parts) > 1 else "")


def _same(draft: Draft, cuts: list[int]) -> list[int]:
    """The lines that say what the page title does up to the last of these cuts that any line does.

    A page may print its whole title at its top once more; the headline is what stands further down without the site's
    name.
    """
    first = draft.lines[0].text
    found: list[int] = []
    reach = range(1, min(draft.end, draft.start + 12))
    keys = [draft.lines[index].key.strip(_QUOTES) for index in reach]
    for cut in cuts:
        key = first[:cut].casefold().strip(" .,:;-–—|" + _QUOTES)
        if len(key.split()) < 2:
            continue
        same = [index for index, other in zip(reach, keys, strict=True) if other == key] if key in keys else []
        if found:
            return same if same and found[-1] < same[0] <= draft.start else found
        found = same
    return found


def _under_page_title(draft: Draft, index: int) -> Draft:
    first = draft.lines[0]
    parts = _SITE.split(first.text)
    text, kicker = _within(draft, index, _without_date(max(parts, key=len).strip()))
    found = _with_title(_with_all_below(draft, index), index, "headline", text)
    if kicker:
        found = found._replace(marks={**found.marks, kicker: Mark("title", "kicker in the headline")})
    suffix = parts[-1].strip() if len(parts) > 1 and first.key != draft.lines[index].key else ""
    return _name_site(found, suffix).mark({0: Mark("removed", "page title with the site's name")})


def _without_date(part: str) -> str:
    """`Headline, The Harbour Post, 17.07.1969` without the paper's name and date."""
    pieces = part.rsplit(", ", 2)
    when = stamp(pieces[-1], day_first=True) if len(pieces) == 3 else None
    return pieces[0] if when and not when.others and len(pieces[1].split()) <= 5 else part


def _within(draft: Draft, index: int, part: str) -> tuple[str, int]:
    """The headline's text where the page title tells what belongs to it, and the line above that it takes in, or 0.

    A line may have a kicker before its headline or the site's name behind it which the page title has not; and a page
    title may be a kicker, a colon and the headline, which stand on two lines of the page.
    """
    text = draft.lines[index].text
    if len(text) > len(part) and text.casefold() in draft.lines[0].text.casefold():
        last = list(_SITE.finditer(text))[-1:]
        if not last or not _is_site(draft, text[last[0].end() :]):
            return "", 0  # `Budget 3.0 | Tax office hires` is all headline
        return text[: last[0].start()], 0
    if len(part.split()) >= 3 and len(text) > len(part):
        if text.endswith(part) and not text[-len(part) - 1].isalnum():
            return part, 0
        if text.startswith(part) and _SITE.match(text[len(part) :]):
            return part, 0
    cut = [match for match in _SITE.finditer(text) if len(text[: match.start()].split()) >= 3][-1:]
    if cut and draft.lines[0].text.endswith(text[cut[0].start() :]):
        return text[: cut[0].start()], 0  # another headline than the page title's, with the same section behind it
    line = text.strip(" :")
    if part.endswith(line) and len(part) > len(line):
        kicker = part[: -len(line)].strip(" :-–|")
        for above in (index - 1, index - 2):
            if above > 0 and draft.lines[above].text.strip(" :") == kicker:
                return part, above
    return "", 0


def _with_all_below(draft: Draft, title: int) -> Draft:
    """A confirmed headline has its story right below it, even where boxes between paragraphs cut off the beginning."""
    below = [
        index
        for index in draft.free(title + 1, draft.start)
        if draft.lines[index].prose and (not draft.scores or draft.scores[index] > UNLIKE)
    ]
    if any(draft.lines[index].words >= PARAGRAPH for index in below):
        return draft._replace(start=next(index for index in below if draft.lines[index].words >= PARAGRAPH // 2))
    return draft


def _alike(draft: Draft, first: Line) -> int:
    """The line above the story that is most like the page title; 0 if none is.

    Many pages have another headline for search engines in their title: one that shares few words with the headline
    counts too if a byline or a date line stands right below it.
    """
    wanted = _telling(max(_SITE.split(first.text), key=len))
    lines = draft.lines
    scores: dict[int, float] = {}
    for index in draft.free(max(1, draft.start - FAR), min(draft.start + INSIDE, draft.end)):
        line = lines[index]
        whole = 3 <= line.words <= LONGEST and not (line.rule or line.bullet) and line.sentences <= 3
        if not whole and not _is_headline(line):
            continue
        words = _telling(line.text)
        shared = len(wanted & words)
        told = index >= draft.start and (line.sentences > 1 or (line.prose and not _asks(line)))
        if not shared or not words or (told and not _is_headed(draft, index)):
            continue
        score = shared / len(wanted | words) + (HEADED if _is_headed(draft, index) else 0.0)
        score += 0.05 if draft.start - index <= 12 else 0.0
        score -= CLOSED if _is_deck(draft, index) else 0.0
        if index < draft.start + 4 or score >= SURE:
            scores[index] = score
    scores = {index: score for index, score in scores.items() if index < draft.start + 4 and score >= ALIKE} or scores
    if not scores:
        return 0
    found = max(scores, key=lambda index: (scores[index], index))
    if scores[found] < (SURE if draft.blocks else ALIKE):  # main content seldom begins with a page title
        return 0
    for above, nearly in ((found - 2, NEARLY), (found - 1, NEARLY if lines[found].key in first.key else DECK)):
        if scores.get(above, 0.0) >= max(ALIKE, scores[found] - nearly):
            return above  # a deck below the headline may have more of its words
    key = lines[found].key
    return min(
        (index for index in scores if key.startswith(lines[index].key) and scores[index] >= ALIKE), default=found
    )


def _standing(draft: Draft, first: Line) -> int:
    """The line above the story that stands like its headline though the page title is another; 0 if none does."""
    story = _story_words(draft)
    wanted = _telling(max(_SITE.split(first.text), key=len))
    scores: dict[int, float] = {}
    for index in draft.free(max(1, draft.start - REACH), draft.start):
        words = _telling(draft.lines[index].text)
        told = len(words & story) / max(3, len(words))
        line = draft.lines[index]
        if _is_headline(line) and line.copies <= TWICE and line.text[0].isalnum() and told >= SHARED:
            scores[index] = standing(draft, index, told, len(words & wanted) / len(words | wanted))
    found = max(scores, key=lambda index: (scores[index], -index), default=0)
    return found if found and scores[found] >= ENOUGH else 0


def _story_words(draft: Draft) -> frozenset[str]:
    return frozenset().union(*(line.tokens for line in draft.lines[draft.start : draft.start + STORY]))


def _is_deck(draft: Draft, index: int) -> bool:
    """Whether a line is a sentence and stands under what could be its headline."""
    line = draft.lines[index]
    if not line.closed or _asks(line):
        return False
    above = (draft.lines[at] for at in (index - 1, index - 2) if at > 0)
    return any(other.words >= 4 and not other.closed and _is_headline(other) for other in above)


def _asks(line: Line) -> bool:
    return line.text.rstrip(_CLOSERS).endswith(("?", "!"))


def _telling(text: str) -> frozenset[str]:
    """The words of a headline that say what it is about; pairs of signs where a script writes no spaces."""
    words = _WORD.findall(text.casefold())
    if len(words) * 10 < len(text):
        return frozenset(word[at : at + 2] for word in words for at in range(len(word) - 1))
    return frozenset([word for word in words if len(word) > 2]) - stop_words()


def _is_headed(draft: Draft, index: int) -> bool:
    """Whether a byline or a date line stands within four lines below."""
    for below in range(index + 1, min(index + 5, len(draft.lines))):
        line = draft.lines[below]
        if line.words > 24:
            continue
        when = stamp(line.text, draft.day_first) if line.marks else None
        if byline(line.text) or (when and when.others <= 4):
            return True
    return False


def _name_site(draft: Draft, suffix: str) -> Draft:
    """The site's name after the headline is the publication if a line or the copyright confirms it."""
    if draft.article.publication or not suffix or len(suffix.split()) > 5:
        return draft
    return draft.with_facts(publication=suffix) if _is_site(draft, suffix) else draft


def _is_site(draft: Draft, name: str) -> bool:
    """Whether a line of its own or the copyright says that a name is the site's."""
    key = name.casefold()
    return any(
        line.key == key or (key in line.key and ("©" in line.text or "copyright" in line.key))
        for line in draft.lines[1:]
    )


# ------------------------------------------------------------------------------------------- above the story


def _candidates(draft: Draft) -> list[int]:
    """The headline-like lines above the story, from the nearest up to a kicker or a menu."""
    group: list[int] = []
    misses = 0
    for index in range(draft.start - 1, max(-1, draft.start - REACH), -1):
        line = draft.lines[index]
        if index in draft.marks:
            if group and not draft.blocks and draft.marks[index].rule in ("skip link", "site menu"):
                break
            continue
        if _is_headline(line) and not (index and is_byline_word(draft.lines[index - 1].key)):
            group.append(index)
            misses = 0
        elif (
            crumbs(line)
            or (group and line.key in section_names())
            or (group and line.words <= 3 and draft.blocks and line.gap and not _stands_beside(line.text))
        ):
            break
        elif group and not draft.blocks:
            misses += 1
            if misses > 2:
                break
    if group:
        return group
    short = [index for index in draft.free(max(0, draft.start - 12), draft.start) if draft.lines[index].words == 2]
    short = [index for index in short if not _DIGIT.search(draft.lines[index].text)]
    return [index for index in short if not draft.lines[index].rule and _is_plain(draft.lines[index])][-1:]


def _stands_beside(text: str) -> bool:
    """Whether a short line is one that a headline may stand above: a name or a date."""
    return is_name(text) or byline(text) is not None or bool(_DIGIT.search(text))


def _looks(draft: Draft, index: int, group: list[int], story: frozenset[str]) -> float:
    """How much a line looks like a headline; the topmost of a group has some advance, and one in the story's words."""
    line = draft.lines[index]
    score = 1.0 if line.words >= 4 else 0.0
    telling = _telling(line.text)
    score += TOLD * len(telling & story) / max(3, len(telling))
    score += 0.3 if _is_headed(draft, index) else 0.0
    score += 0.6 if 5 <= line.words <= 20 else 0.0
    score += 0.8 if line.copies > 1 else 0.0
    score += 0.5 * (index == min(group))
    score -= 0.15 * sum(other < index for other in group)
    score -= 1.5 if _AGO.search(line.text) else 0.0
    if index > min(group) and (index + 1 in draft.marks and draft.marks[index + 1].place == "images"):
        score -= 1.0  # a picture's alt text
    tokens = line.key.split()
    score -= 1.5 if any(is_label(" ".join(tokens[:count])) for count in (1, 2, 3) if count < len(tokens)) else 0.0
    score -= 1.0 if len(set(tokens)) * 2 <= len(tokens) else 0.0
    if tokens and all(is_label(token) or token in section_names() for token in tokens):
        score -= 2.0
    if line.words >= 6 and not language_words(line.tokens) and line.text.isascii():
        score -= 0.5
    return score - (1.0 if line.text[:1] in "([" and line.text[-1:] in ")]" else 0.0)


def _is_headline(line: Line) -> bool:
    if not 3 <= line.words <= LONGEST or line.rule or line.bullet or line.key in section_names():
        return False
    if line.closed and not line.text.rstrip("\"'”’»").endswith(("?", "!")):
        return False
    return _is_plain(line) and not line.text.endswith((":", ","))


def _is_plain(line: Line) -> bool:
    """No byline, date line, address, slug or breadcrumb."""
    if crumbs(line) or is_slug(line) or line.text.startswith(("http://", "https://", "#", "@")):
        return False
    if byline(line.text) or agencies_in(line.text)[:1] == (line.text,):
        return False
    found = stamp(line.text)
    return not (found and found.others <= 3)


def _first_lines(draft: Draft) -> Draft:
    """Without a headline above: a line near the story's start that stands twice, or its first if it stands apart."""
    free = draft.free(draft.start, min(draft.end, draft.start + 14))
    for index in free[1:]:
        twin = draft.lines[index + 1] if index + 1 < len(draft.lines) else None
        line = draft.lines[index]
        if twin is not None and twin.key == line.key and line.words >= 4 and _is_headline(line) and twin.gap:
            return _with_title(draft, index, "headline")
    if len(free) < 2:
        return draft
    line, following = draft.lines[free[0]], draft.lines[free[1]]
    if line.words <= 24 and line.sentences <= 2 and following.words > line.words and following.gap == line.gap:
        return _with_title(draft, free[0], "first line")
    return draft
