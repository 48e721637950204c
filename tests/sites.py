"""A whole archive in one readable string: write it, build it, read what came of it.

The format is that of Go's txtar: a line `-- path --` starts a file, and what follows is its text. Paths are relative
to the folder that holds `content/`, `themes/` and `output/`.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from site_builder import pipeline, settings
from site_builder.settings import Site

_FILE = re.compile(r"^-- (.+) --\n", re.MULTILINE)
OWN = ".site-builder"
DOT = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
"""The smallest picture; what follows it in a file is nothing to its readers."""


def parts(text: str) -> dict[str, str]:
    """The files of a txtar text."""
    pieces = _FILE.split(text)
    assert not pieces[0].strip(), f"text before the first file: {pieces[0]!r}"
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def write(root: Path, text: str | Mapping[str, str | bytes]) -> Path:
    """Write the files of a text (or of a mapping) below `root`; gives `root`. A picture given as text follows a dot."""
    (root / "content").mkdir(parents=True, exist_ok=True)
    for name, content in (parts(text) if isinstance(text, str) else text).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        start = DOT if name.startswith("content/media/") and name.endswith((".jpg", ".png")) else b""
        path.write_bytes(content if isinstance(content, bytes) else start + content.encode())
    return root


def load(root: Path, output: Path | None = None, jobs: int = 1) -> Site:
    """The settings of the archive below `root`."""
    return settings.load(root / "content", output or root / "output", jobs)


def build(root: Path, jobs: int = 1, explain: bool = False) -> pipeline.Report:
    """Build `root/content` into `root/output`."""
    return pipeline.build(load(root, jobs=jobs), explain=explain)


def read(folder: Path, own: bool = False) -> dict[str, bytes]:
    """Every file below a folder by its path, without the builder's own records unless they are wanted."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and (own or path.relative_to(folder).parts[0] != OWN)
    }


def clean(root: Path, scratch: Path, jobs: int = 1) -> tuple[dict[str, bytes], pipeline.Report]:
    """What a clean build of a copy of the same archive gives, and its report."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    shutil.copytree(root / "content", scratch / "content", ignore=shutil.ignore_patterns(".cache"), symlinks=True)
    if (root / "themes").exists():
        shutil.copytree(root / "themes", scratch / "themes")
    report = build(scratch, jobs)
    return read(scratch / "output"), report


def differences(got: Mapping[str, bytes], expected: Mapping[str, bytes]) -> list[str]:
    """In words, how two trees differ; empty if they do not."""
    found = [f"missing: {path}" for path in sorted(expected.keys() - got.keys())]
    found += [f"should not exist: {path}" for path in sorted(got.keys() - expected.keys())]
    for path in sorted(got.keys() & expected.keys()):
        if got[path] != expected[path]:
            found.append(f"differs: {path}\n{_first_difference(got[path], expected[path])}")
    return found


def _first_difference(got: bytes, expected: bytes) -> str:
    for ours, theirs in zip(got.split(b"\n"), expected.split(b"\n"), strict=False):
        if ours != theirs:
            return f"   got      {ours[:300]!r}\n   expected {theirs[:300]!r}"
    return f"   lengths {len(got)} and {len(expected)}"


# ------------------------------------------------------------------------------------------- reading pages


@dataclass
class Seen:
    """What a page holds, as a browser's parser would see it."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    """The texts of each kind of element, by its tag."""

    def all(self, tag: str) -> Iterator[dict[str, str]]:
        """The attributes of every element of one kind."""
        return (attributes for name, attributes in self.tags if name == tag)

    @property
    def ids(self) -> set[str]:
        """Every fragment that a link may name."""
        return {a["id"] for _, a in self.tags if a.get("id")}

    def links(self) -> Iterator[tuple[str, str]]:
        """Attribute name and value of everything that a browser would load or go to."""
        for tag, attributes in self.tags:
            for name in ("href", "src", "poster", "action", "data"):
                if name in attributes:
                    yield f"{tag} {name}", attributes[name]
            for candidate in attributes.get("srcset", "").split(","):
                if candidate.strip():
                    yield f"{tag} srcset", candidate.split()[0]
            if tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
                yield "meta refresh", attributes["content"].partition("url=")[2]


_VOID = set("area base br col embed hr img input link meta source track wbr".split())


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = Seen()
        self._open: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append((tag, []))

    def handle_data(self, data: str) -> None:
        for _, texts in self._open:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self._open):
            name, texts = self._open.pop()
            self.seen.texts.setdefault(name, []).append("".join(texts))
            if name == tag:
                break


def parse(html: bytes | str) -> Seen:
    """The elements and texts of a page."""
    parser = _Parser()
    parser.feed(html.decode() if isinstance(html, bytes) else html)
    parser.close()
    return parser.seen


def pages(output: Path) -> Iterator[tuple[str, Seen]]:
    """Every HTML page of a built site by its path, parsed."""
    for path, content in read(output).items():
        if path.endswith(".html"):
            yield path, parse(content)


def resolve(page: str, link: str) -> str:
    """The file below the output that a relative link of a page leads to; raises ValueError if it leads out of it."""
    path = unquote(link.split("#")[0].split("?")[0])
    where = page.split("/")[:-1] if path else page.split("/")
    if path.endswith("/"):
        path += "index.html"
    for part in path.split("/") if path else ():
        if part == "..":
            if not where:
                raise ValueError(f"{link} on {page} leads out of the site")
            where.pop()
        elif part not in ("", "."):
            where.append(part)
    return "/".join(where)


def many(count: int, tags: Iterable[str] = ("one", "two", "three"), days: int = 900) -> dict[str, str]:
    """`count` small articles spread over `days` days from 2015 on: path → text, for tests of cost and speed."""
    import datetime as dt

    names = list(tags)
    files: dict[str, str] = {}
    for n in range(count):
        day = dt.date(2015, 1, 1) + dt.timedelta(days=(n * 37) % days)
        files[f"content/articles/{day:%Y/%m}/story-{n:05}.md"] = (
            f"---\nid: id{n:06}\ntitle: Story number {n:05}\ndate: {day}\nauthors: [Reporter {n % 5}]\n"
            f"section: {('World', 'Sport', 'Arts')[n % 3]}\ntags: [{names[n % len(names)]}]\n---\n\n"
            f"The story of {n:05} begins here.\n\nAnd here it ends.\n"
        )
    return files


def quoted(text: str) -> str:
    """A text as JSON and YAML have it in double quotes."""
    return json.dumps(text, ensure_ascii=False)
