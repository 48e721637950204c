"""Articles to build: made from a seed, or copied from a folder of real ones; and the edits of the scenarios.

Comes in: a number or a folder. Goes out: `content/articles/**/*.md` and `content/site.toml`. The same seed and
number give the same bytes. Nothing is kept in memory but the vocabulary, so that a million can be made. It builds
and measures nothing.

The texts are nonsense of the right shape: words and tags by Zipf's law, lengths log-normal around 6 kB, twenty
years, plain prose with some accents and typographic quotes, Markdown syntax in one article of ten.
"""

import datetime
import json
import math
import os
import random
import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BASE_URL = "https://news.example/"
SECTIONS = _words("World Politics Business Science Health Culture Sport Opinion Environment Media")
FIRST_DAY = datetime.date(2004, 1, 1)
DAYS = 7305  # twenty years
MEAN_LENGTH = 6000  # characters of a body
SIGMA = 0.6  # of the logarithm of the length
MARKED_UP = 0.1  # share of the articles with Markdown syntax in the body

_COMMON = _words("""
the of and to in a is that for it was on as with by at from his this be are have has not but they he which
were their an or had its one will said who been more we would there after when she about than up out two
people other over new all into time government last first could some also year years state country officials
against president her during city police say while before three many most because only such between where
made now since under week military party report court war since health security law public world group local
called foreign military minister leader former
""")
_NAMES = _words("""
Moscow Kyiv Baku Tbilisi Sofia Prague Washington Geneva Brussels São-Paulo Zürich Málaga Łódź Reykjavík
Ankara Kabul Tehran Europe Russia Ukraine Georgia Parliament Congress Gazprom Interfax Reuters Nations Union
Council Bank Court Álvarez Müller Novák Ivanova Petrov O’Neill Lindqvist Đorđević Brontë García
""")
_FIRST_NAMES = _words("""
Anna Boris Carl Daisy Élise Farid Grace Hana Ivan José Katya Luis Mina Nils Olga Petr Rosa Saša Tom Vera
""")
_ONSETS = _words("b br c ch d dr f fl g gr h j k l m n p pl pr qu r s sh st t tr v w")
_RIMES = _words("a al an ar e el en er ess i ic il in ing ion is o ol on or ous u ul un y")

# The front matter that edits look for: one line of a key, with the indented or listed lines below it.
_FIELD = r"^{}:.*\n(?:[ \t-].*\n)*"
_FULL_DATE = re.compile(
    r"^date: *[\"']?(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?[\"']? *$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A content folder: how many articles it holds, how many were left out, the day of the newest one."""

    content: Path
    articles: int
    left_out: int
    newest: str


def make(content: Path, articles: int, seed: int) -> Corpus:
    """Write made articles into a new content folder."""
    draw = random.Random(f"{seed}/{articles}")
    writer = _Writer(draw, articles)
    day = FIRST_DAY
    month, taken = "", set[str]()
    for number in range(articles):
        day = FIRST_DAY + datetime.timedelta(days=number * DAYS // articles)
        if month != f"{day:%Y/%m}":
            month, taken = f"{day:%Y/%m}", set()
            folder = content / "articles" / month
            folder.mkdir(parents=True)
        slug, text = writer.article(day, taken)
        taken.add(slug)
        (folder / f"{slug}.md").write_text(text, encoding="utf-8", newline="\n")
    write_settings(content, "Benchmark News")
    return Corpus(content, articles, 0, day.isoformat())


def adopt(source: Path, content: Path) -> Corpus:
    """Copy real articles from a content folder (or its `articles`) into a new one.

    Left out, for both programs alike, are those without a title or a full date: at `1998~` Hugo stops.
    """
    origin = source / "articles" if (source / "articles").is_dir() else source
    copied = left_out = 0
    newest = ""
    for path in sorted(origin.rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        head, _ = _split(text)
        date = _FULL_DATE.search(head)
        if date is None or not re.search(r"^title:", head, re.MULTILINE):
            left_out += 1
            continue
        target = content / "articles" / path.relative_to(origin)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        copied += 1
        newest = max(newest, date[1])
    if not copied:
        raise SystemExit(f"tests.bench: no article with a title and a full date under {source}")
    write_settings(content, "Benchmark News")
    return Corpus(content, copied, left_out, newest)


def write_settings(content: Path, title: str, more: str = "") -> None:
    """Write `site.toml`: the title, the address, and what the caller adds."""
    text = f"[site]\ntitle = {json.dumps(title)}\nbase_url = {json.dumps(BASE_URL)}\n\n{more}"
    content.mkdir(parents=True, exist_ok=True)
    (content / "site.toml").write_text(text, encoding="utf-8")


def edit(corpus: Corpus, kind: str, draw: random.Random) -> None:
    """Change one article, or add one: `edit` `title` `new` `backdated` `retag`."""
    path, other = _pick(corpus.content / "articles", draw), _pick(corpus.content / "articles", draw)
    head, body = _split(path.read_text(encoding="utf-8"))
    mark = f"n{draw.getrandbits(40):010x}"  # a letter first: YAML reads 12e45 as a number
    if kind == "edit":
        middle = len(body) // 2
        tail = body[middle:].replace(" the ", " teh ", 1)
        body = body[:middle] + (tail if tail != body[middle:] else f"{tail.rstrip()} {mark}.\n")
    elif kind == "title":
        head = _with(head, "title", f"title: {json.dumps(f'Corrected headline {mark}')}\n")
    elif kind == "retag":
        tags = re.search(_FIELD.format("tags"), _split(other.read_text(encoding="utf-8"))[0], re.MULTILINE)
        head = _with(head, "tags", f"tags: [corrections, {mark}]\n" if tags is None else tags[0])
    else:
        name = f"{kind}-{mark}"
        head = _with(head, "id", f"id: {mark}\n")
        head = _with(head, "title", f"title: An article that is {kind} {mark}\n")
        head = _with(head, "slug", f"slug: {name}\n")
        if kind == "new":
            head = _with(head, "date", f"date: {corpus.newest}T22:30:00Z\n")
        path = path.with_name(f"{name}.md")
    path.write_text(head + body, encoding="utf-8", newline="\n")


def _split(text: str) -> tuple[str, str]:
    """Front matter without its last fence, and the rest."""
    end = text.find("\n---", 3) + 1
    return (text[:end], text[end:]) if text.startswith("---") and end else ("", text)


def _with(head: str, key: str, line: str) -> str:
    changed, found = re.subn(_FIELD.format(key), lambda _: line, head, count=1, flags=re.MULTILINE)
    return changed if found else head + line


def _pick(folder: Path, draw: random.Random) -> Path:
    """Any article, by a random walk down: a list of a million paths would be the largest thing here."""
    path = folder
    while path.is_dir():
        path = path / draw.choice(sorted(name for name in os.listdir(path) if not name.startswith(".")))
    return path


class _Writer:
    """Makes articles out of one long run of words: a slice is a sentence, soon made, hardly ever repeated."""

    RUN = 1 << 20

    def __init__(self, draw: random.Random, articles: int) -> None:
        self._draw = draw
        words = _vocabulary(draw, 30_000)
        self._run = draw.choices(words, cum_weights=_zipf(len(words)), k=self.RUN)
        self._tags = _tag_names(draw, words, round(10 * math.sqrt(articles)))
        self._tag_weights = _zipf(len(self._tags))
        surnames = sorted({word.capitalize() for word in words[400:700] if len(word) > 3})
        self._authors = [f"{draw.choice(_FIRST_NAMES)} {surname}" for surname in surnames]
        self._author_weights = _zipf(len(self._authors))
        self._section_weights = _zipf(len(SECTIONS))

    def article(self, day: datetime.date, taken: set[str]) -> tuple[str, str]:
        """A file name without its ending that is not among those taken, and the text of the file."""
        draw = self._draw
        title = self._words(draw.randint(5, 11)).capitalize()
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        while slug in taken:
            slug = f"{slug}-{draw.randint(2, 99)}"
        offset = draw.choice(("Z", "+02:00"))
        clock = f"{draw.randint(5, 20):02}:{draw.randint(0, 59):02}:{draw.randint(0, 59):02}"
        authors = dict.fromkeys(
            draw.choices(self._authors, cum_weights=self._author_weights, k=draw.choice((1, 1, 1, 2)))
        )
        wanted, tags = min(draw.randint(3, 7), len(self._tags)), dict[str, None]()
        while len(tags) < wanted:
            tags[draw.choices(self._tags, cum_weights=self._tag_weights)[0]] = None
        section = draw.choices(SECTIONS, cum_weights=self._section_weights)[0]
        text = (
            f"---\nid: n{draw.getrandbits(40):010x}\ntitle: {json.dumps(title, ensure_ascii=False)}\n"
            f"date: {day.isoformat()}T{clock}{offset}\nslug: {slug}\nauthors: [{', '.join(authors)}]\n"
            f"section: {section}\ntags: [{', '.join(tags)}]\n"
            f"description: {json.dumps(self._sentence(), ensure_ascii=False)}\nlanguage: en\n---\n\n{self._body()}\n"
        )
        return slug, text

    def _body(self) -> str:
        draw = self._draw
        left = min(60_000.0, max(300.0, draw.lognormvariate(math.log(MEAN_LENGTH) - SIGMA**2 / 2, SIGMA)))
        blocks: list[str] = []
        while left > 0:
            block = " ".join([self._sentence() for _ in range(draw.randint(1, 5))])
            blocks.append(block)
            left -= len(block) + 2
        if draw.random() < MARKED_UP:
            for _ in range(draw.randint(1, 4)):
                blocks.insert(draw.randint(1, len(blocks)), self._marked_up())
        return "\n\n".join(blocks)

    def _marked_up(self) -> str:
        draw = self._draw
        one, two, three = self._sentence(), self._words(3), self._sentence()
        return draw.choice(
            (
                f"{one} See [{two}](https://example.org/{draw.randint(1, 9999)}.html). {three}",
                f"{one} It was *{two}*, and **{self._words(2)}**. {three}",
                "\n".join(f"- {self._sentence()}" for _ in range(draw.randint(3, 6))),
                f"## {two.capitalize()}\n\n{one}",
                f"> {one} {three}",
            )
        )

    def _sentence(self) -> str:
        draw = self._draw
        words = self._words(draw.randint(8, 30))
        words = words[0].upper() + words[1:]
        form = draw.random()
        if form < 0.06:
            return f"“{words},” {draw.choice(_NAMES)} said."
        return f"{words}, the reporter’s notes say." if form < 0.08 else f"{words}."

    def _words(self, count: int) -> str:
        start = int(self._draw.random() * (self.RUN - count))
        return " ".join(self._run[start : start + count])


def _vocabulary(draw: random.Random, size: int) -> list[str]:
    """Distinct words, the commonest first: English ones, then names among made ones that grow longer."""
    words = dict.fromkeys(_COMMON)
    while len(words) < size:
        if len(words) % 40 == 0 and len(words) // 40 <= len(_NAMES):
            words[_NAMES[len(words) // 40 - 1]] = None
        syllables = 1 + (len(words) > 400) + (draw.random() < len(words) / size)
        words["".join(draw.choice(_ONSETS) + draw.choice(_RIMES) for _ in range(syllables))] = None
    return list(words)


def _tag_names(draw: random.Random, words: Sequence[str], size: int) -> list[str]:
    names = dict[str, None]()
    plain = [word for word in words[150:6000] if len(word) > 4 and word.isascii()]
    while len(names) < size:
        names[" ".join(draw.sample(plain, draw.choice((1, 1, 2))))] = None
    return list(names)


def _zipf(size: int) -> list[float]:
    return list(accumulate(1 / rank for rank in range(1, size + 1)))
