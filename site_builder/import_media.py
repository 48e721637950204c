"""The files that an article shows or links to, where they lie beside its source: found, and brought into `media/`.

A worker finds them (`find`): an article in, one whose references lead to `media/` out, with what is to be copied. Who
writes the article copies them (`bring`). A file's name in `media/` has a digest of its bytes, so that it is the same at
every import, two of one name never meet, and a file that is there already is right, or has been changed by somebody.

A reference is held against the files by the end of its path: `https://paper.example/wp-content/uploads/2013/02/x.jpg`
is `uploads/2013/02/x.jpg` beside an export, `page_files/x.jpg` the same beside a saved page. Pages are strangers' texts:
nothing outside of the folder that was imported is looked at, and only what has the ending of a picture, a recording or
a document, which can run nothing on a site.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from . import companions, urls
from .errors import Problem
from .import_catalogue import catalogue, named, places
from .import_ledger import write_file
from .importers import mhtml, zips
from .model import Article, Image
from .streams import label

FOLDER = "media/imported"
MOST = 200
"""Files of one article; a gallery has some fifty."""
LARGEST = 50_000_000
"""Bytes of one file. Git hosts refuse more than a hundred million."""
NAME = 60
"""Characters of a file's own name that its name in `media/` begins with."""

_REFERENCE = re.compile(r"(?<=\]\()(<?)([^()\s<>\"]+)(>?)")
"""Where a link or a picture of Markdown leads."""


class Copy(NamedTuple):
    """A file that an article needs: its path in `media/`, what the source calls it, where it lies, its digest.

    Where `packed`, `file` is a zip, in which it has the name `named`; where `saved`, a page saved with its parts. What is to come `later` is fetched when the rest
    of its archive has been read (`import_packed`).
    """

    path: str
    named: str
    file: str
    sha256: str
    packed: bool = False
    later: bool = False
    saved: bool = False


class Source(NamedTuple):
    """Where an article comes from: the file (None if nothing lies beside it), what the ledger calls it, the part of it.

    The first step of `name` is the folder that was imported. `packed`: the file is a zip. `listed` is where the list of
    what else is in the file lies, if there is one. `saved`: the file is a page saved with its parts (MHTML).
    """

    file: Path | None
    name: str
    part: str = ""
    packed: bool = False
    listed: str = ""
    saved: bool = False


def find(article: Article, source: Source) -> tuple[Article, tuple[Copy, ...], tuple[str, ...]]:
    """The article with references to `media/` for files that lie beside its source, those files, and what is missing.

    Missing are files with a path and no address.
    """
    page = source.file
    if page and (source.packed or source.listed):
        near: _Near = _Packed(page, source)
    elif page and source.saved:
        near = _Saved(page, article.source.url)
    elif page:
        near = _Near(page, page.parents[max(0, min(source.name.count("/"), len(page.parents)) - 1)])
    else:
        near = _Near()
    images = tuple([replace(one, src=near.lead(one.src)) for one in article.images])
    if any(one.src.startswith("cid:") for one in images):  # which leads nowhere outside of the file
        images = tuple(one for one in map(_without_part, images) if one != Image())
        article = replace(article, images=images)
    media = tuple([replace(one, src=near.lead(one.src)) for one in article.media])
    body = article.body
    if "](" in body:
        body = _REFERENCE.sub(lambda found: f"{found[1]}{near.lead(found[2], '/')}{found[3]}", body)
    copies = tuple(sorted({copy for copy in near.found.values() if copy}))
    missing = tuple(name for name, copy in near.found.items() if not copy and _is_missing(name))
    return (replace(article, images=images, media=media, body=body) if copies else article), copies, missing


def _without_part(image: Image) -> Image:
    return replace(image, src="") if image.src.startswith("cid:") else image


def _is_missing(reference: str) -> bool:
    path = _path(reference)
    return companions.is_file_of_page(path) and not urlsplit(reference).netloc


class _Near:
    """The files around one source; local to one call of `find`."""

    def __init__(self, page: Path | None = None, root: Path | None = None) -> None:
        self._root = os.path.realpath(root) if root else ""
        self._folders: tuple[PurePath, ...] = _folders(page.parent, root) if page and root else ()
        self.found: dict[str, Copy | None] = {}
        self._count = 0

    def lead(self, reference: str, before: str = "") -> str:
        """Where a reference is to lead: into `media/` if its file was found; else it stays as it is."""
        if not reference:
            return ""
        if reference not in self.found:
            wanted = self._count < MOST and len(self.found) < 10 * MOST and self._may_be(reference)
            self.found[reference] = found = self._copy(reference) if wanted else None
            self._count += found is not None
        copy = self.found[reference]
        return f"{before}{quote(copy.path) if before else copy.path}" if copy else reference

    def _may_be(self, reference: str) -> bool:
        return companions.is_file_of_page(_path(reference))

    def _copy(self, reference: str) -> Copy | None:
        for file in _spelled(self._candidates(reference)):
            try:
                if not os.path.lexists(file):  # nearly always, and a tenth of what resolving takes
                    continue
                whole = os.path.realpath(file, strict=True)
                # Resolved first and compared then; a link may lead anywhere, and is none of a source's files.
                if os.path.commonpath([self._root, whole]) != self._root or os.path.islink(file):
                    continue
                if not os.path.isfile(whole) or os.path.getsize(whole) > LARGEST:
                    continue
                with open(whole, "rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
            except (OSError, ValueError):  # ValueError: a NUL in its name, or another drive
                continue
            named = os.path.relpath(whole, self._root).replace(os.sep, "/")
            return Copy(_place(named, digest), named, whole, digest)
        return None

    def _candidates(self, reference: str) -> Iterator[PurePath]:
        """Where the file can lie, the surest place first: the whole path, then ever shorter ends of an address's path.

        Of an address the last step alone is not enough: a `photo.jpg` is many.
        """
        path = _path(reference)
        steps = [step for step in path.split("/") if step not in ("", ".")]
        if ".." in steps:  # of a page's own folder, and never to be climbed out of
            yield from [folder.joinpath(*steps) for folder in self._folders[:1]]
            return
        remote = bool(urlsplit(reference).netloc)
        for start in range(len(steps) - 1 if remote else 1):
            for folder in self._folders:
                yield folder.joinpath(*steps[start:])


class _Packed(_Near):
    """The files in the archives that a source lies in, the innermost first; their names are held against each other, and
    no path is made of one."""

    def __init__(self, page: Path, source: Source) -> None:
        super().__init__()
        self._file = os.fspath(page)
        self._list = catalogue(source.listed) if source.listed else None
        self._names: zips.Files | None = None
        if source.packed:
            status = page.stat()
            self._names = _packed(page, status.st_size, status.st_mtime_ns)
        self._places = [
            (scope, _with_served(PurePosixPath(folder)))
            for scope, folder in places(source.part)
            if self._list or not scope
        ]

    def _copy(self, reference: str) -> Copy | None:
        for scope, folders in self._places:
            self._folders = folders
            for file in _spelled(self._candidates(reference)):
                name = posixpath.normpath(file.as_posix())
                if not scope and self._names:
                    raw = self._names.read(name, LARGEST)
                    digest = hashlib.sha256(raw).hexdigest() if raw is not None else ""
                else:
                    digest = self._list.digest(scope, label(name)) if self._list else ""
                if digest:
                    later = bool(scope or not self._names)
                    called = named(scope, label(name)) if later else name
                    return Copy(_place(name, digest), called, self._file, digest, packed=not later, later=later)
        return None


class _Saved(_Near):
    """The parts of a saved page, by their addresses and ids: what kind a file is, its part says and no ending."""

    def __init__(self, page: Path, base: str) -> None:
        super().__init__()
        self._page, self._base = page, base
        self._parts: mhtml.Files | None = None

    def _may_be(self, reference: str) -> bool:
        return True

    def _copy(self, reference: str) -> Copy | None:
        if self._parts is None:
            self._parts = _saved(self._page, self._base)
        name, ending = self._parts.find(reference)
        raw = self._parts.read(name, LARGEST) if name else None
        if raw is None:
            return None
        digest = hashlib.sha256(raw).hexdigest()
        stem = PurePosixPath(urlsplit(name).path).stem
        return Copy(_place(f"{stem}{ending}", digest), name, os.fspath(self._page), digest, saved=True)


@lru_cache(maxsize=1)
def _parts(file: Path, base: str, size: int, changed: int) -> mhtml.Files:
    """What is in a saved page, which is read once for its article; then it goes."""
    return mhtml.Files(file, base)


def _saved(file: Path, base: str) -> mhtml.Files:
    status = file.stat()
    return _parts(file, base, status.st_size, status.st_mtime_ns)


def _spelled(files: Iterator[PurePath]) -> Iterator[PurePath]:
    """Paths, and those of other letters as systems spell them: Macs take an ü apart in names, and in zips."""
    for file in files:
        yield file
        if not (name := file.as_posix()).isascii():
            other = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")} - {name}
            yield from [type(file)(one) for one in sorted(other)]


@lru_cache(maxsize=2)
def _packed(file: Path, size: int, changed: int) -> zips.Files:
    """The list of a zip, which is read once for all that is in it."""
    return zips.Files(file)


def _with_served(folder: PurePosixPath) -> tuple[PurePosixPath, ...]:
    return tuple(
        place for one in (folder, *folder.parents) for place in (one, *(one / name for name in companions.served()))
    )


def _place(named: str, digest: str) -> str:
    """The path in `media/` of a file with this name and these bytes."""
    stem, ending = posixpath.splitext(posixpath.basename(named))
    return f"{FOLDER}/{urls.slugify(stem)[:NAME].strip('-') or 'file'}-{digest[:12]}{ending.lower()}"


@lru_cache(maxsize=256)
def _folders(folder: Path, root: Path) -> tuple[Path, ...]:
    """Where the files of a source in a folder can lie: there, in each folder above, and in those that are served."""
    above = [one for one in (folder, *folder.parents) if one.is_relative_to(root)]
    near = [place for one in above for place in (one, *(one / name for name in companions.served()))]
    return tuple(place for place in near if place.is_dir())


def is_place_of(path: str, digest: str) -> bool:
    """Whether a path in `media/` is that of a file with this digest."""
    return posixpath.splitext(path)[0].endswith(f"-{digest[:12]}")


def _path(reference: str) -> str:
    """The path that a reference names, or nothing where it is no web address and none of a file."""
    try:
        parts = urlsplit(reference)
    except ValueError:
        return ""
    if parts.scheme not in ("", "http", "https"):
        return ""
    path = unquote(parts.path)
    return "" if "\0" in path or "\\" in path or len(path) > 1000 else path


def bring(content: Path, copies: tuple[Copy, ...], source: str, tell: Callable[[Problem], None]) -> None:
    """Copy files to their places in `media/`; one that is there already stays. Raises SiteError if the disk is full."""
    for copy in copies:
        target = content / copy.path
        if copy.later or os.path.lexists(target):
            continue
        if leads_out(content, copy.path, tell):
            return
        try:
            raw = _read(copy)
        except OSError as error:
            tell(Problem(source, 0, f"{copy.named} can't be read: {error.strerror or error}", "import it again"))
            continue
        if hashlib.sha256(raw).hexdigest() != copy.sha256:
            tell(Problem(source, 0, f"{copy.named} changed while it was read", "import it again with --force"))
            continue
        write_file(target, raw)


def leads_out(content: Path, path: str, tell: Callable[[Problem], None]) -> bool:
    """Whether a path in `media/` would be one elsewhere, which is told."""
    if (content / path).parent.resolve().is_relative_to(content.resolve()):
        return False
    tell(Problem(path, 0, "is not copied: media/ leads out of the archive", "make it a folder"))
    return True


def _read(copy: Copy) -> bytes:
    """The bytes of a file, none where a zip has it no more. Raises OSError."""
    file = Path(copy.file)
    if copy.saved:
        return _saved(file, "").read(copy.named, LARGEST) or b""
    if not copy.packed:
        return file.read_bytes()
    status = file.stat()
    return _packed(file, status.st_size, status.st_mtime_ns).read(copy.named, LARGEST) or b""
