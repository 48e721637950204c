"""The only place that spells an address: values → site paths, site paths → files and links, and back.

A site path is the address below the site's root without a leading slash, in plain Unicode: `2017/04/12/slug.html`,
`tags/syria/`, and the empty text for the home page. One that ends in a slash is a folder and lies in its
`index.html`. No I/O here, and no knowledge of what the pages show.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

KINDS = ("tags", "people", "places", "organizations", "authors", "sections")
"""The kinds of terms, which are also the front-matter fields (`sections` is `section`) and the folder names."""

MAX_SLUG_BYTES = 80
"""With a day's folder, an id and an ending, paths stay far under Windows' 260 characters and ext4's 255 bytes."""

_WINDOWS = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in (*range(10), *"¹²³")}
_ASCII_GAPS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=16384)
def slugify(text: str) -> str:
    """A text as one path part: letters, digits and marks of every script, folded to lower case, NFC, joined by `-`.

    At most `MAX_SLUG_BYTES`, cut at a word where there is one; `untitled` if nothing is left. Accents are kept, so
    that two names never fall together.
    """
    folded = unicodedata.normalize("NFC", text.casefold().replace("'", "").replace("’", ""))
    if folded.isascii():
        slug = _ASCII_GAPS.sub("-", folded).strip("-")
    else:
        kept = (c if unicodedata.category(c)[0] in "LNM" else "-" for c in folded)
        slug = re.sub(r"-+", "-", "".join(kept)).strip("-")
    slug = _cut(slug, MAX_SLUG_BYTES)
    return f"{slug}-" if slug in _WINDOWS else slug or "untitled"


def _cut(slug: str, limit: int) -> str:
    raw = slug.encode()
    if len(raw) <= limit:
        return slug
    cut = raw[:limit].decode("utf-8", "ignore")
    head, _, _ = cut.rpartition("-")
    return head if len(head) > len(cut) // 2 else cut


@lru_cache(maxsize=65536)
def term_slug(name: str) -> str:
    """The path part of a term. Where slugify loses what tells names apart (`C++`, `C#`), a digest is added."""
    slug = slugify(name)
    lossy = len(slug.encode()) > MAX_SLUG_BYTES - 20 or slug == "untitled"
    if lossy or any(unicodedata.category(c)[0] == "S" or c in "#@*%!?" for c in name):
        key = unicodedata.normalize("NFC", name.casefold())
        return f"{slug}-{hashlib.blake2b(key.encode(), digest_size=3).hexdigest()}"
    return slug


def article(bucket: Sequence[str], slug: str) -> str:
    """`("2017", "04", "12")` → `2017/04/12/slug.html`; shorter where less is known; `undated/` without a year."""
    return "/".join((*(bucket or ("undated",)), f"{slug}.html"))


def front(*bucket: str) -> str:
    """A day's, month's or year's front: `2017/04/12/`."""
    return "/".join(bucket) + "/"


def on_this_day(day: str) -> str:
    """What happened on a day of the year (`04-12`) in all years: `on-this-day/04-12.html`."""
    return f"{ON_THIS_DAY}{day}.html"


def chunk(folder: str, number: int) -> str:
    """Part `number` of a list, counted from its oldest: `tags/syria/2017/part-2.html`."""
    return f"{folder}part-{number}.html"


def index(kind: str, initial: str = "") -> str:
    """The A–Z index of a kind of terms, whole or of one initial letter."""
    return f"{kind}/a-z-{slugify(initial)}.html" if initial else f"{kind}/"


def term(kind: str, slug: str, year: str = "") -> str:
    """A term's page, or its list of one year: `tags/syria/`, `tags/syria/2017/`."""
    return f"{kind}/{slug}/{year}/" if year else f"{kind}/{slug}/"


def standing(path: str) -> str:
    """A standing page from its path below `content/pages`: `about.md` → `about.html`."""
    parts = path.removesuffix(".md").split("/")
    return "/".join(slugify(part) for part in parts) + ".html"


ARCHIVE = "archive/"
UNDATED = "undated/"
SEARCH = "search/"
ON_THIS_DAY = "on-this-day/"
NOT_FOUND = "404.html"
OPTIONS = "assets/options.css"
FEEDS = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}


def search_list(name: str) -> str:
    """A list that the search page looks in: `search/tags.js`, `search/days-2017.js`."""
    return f"{SEARCH}{name}.js"


def sitemap(bucket: str = "") -> str:
    """The sitemap index, or the sitemap of one bucket: `sitemap.xml`, `sitemap-2017-04.xml`."""
    return f"sitemap-{bucket}.xml" if bucket else "sitemap.xml"


_ARTICLE = re.compile(r"(?:(\d{4})/(?:(\d\d)/(?:(\d\d)/)?)?|undated/)([^/]+)\.html")


def parse_article(url: str) -> tuple[tuple[str, ...], str] | None:
    """The inverse of `article`: bucket and slug of a site path, or None."""
    match = _ARTICLE.fullmatch(url)
    return (tuple(part for part in match.groups()[:3] if part), match[4]) if match else None


# ------------------------------------------------------------------------------------- files and links


RECORDS = ".site-builder"
"""The folder in the output that no page may have: the program's own."""

_MAX_PART_BYTES = 255
_MAX_PATH_BYTES = 1000
"""With the folder that the output lies in, the systems' 1,024 (macOS) and 4,096 (Linux) are the limit."""
_PLAIN_PATH = re.compile(r"(?:[a-z0-9_-]{1,100}/){0,8}[a-z0-9_-]{1,100}\.[a-z0-9]{1,9}")


def output_path(url: str) -> str:
    """The file below the output folder that serves a site path.

    Raises ValueError for one that leaves it, is the program's own, or can be no file: with control characters,
    backslashes, longer than file systems take, or below what is a file of the site.
    """
    path = f"{url}index.html" if not url or url.endswith("/") else url
    if not _PLAIN_PATH.fullmatch(path) or path.startswith("_"):
        parts = path.split("/")
        if not all(map(_is_part, parts)) or len(path.encode()) > _MAX_PATH_BYTES or fold(parts[0]) == RECORDS:
            raise ValueError(f"'{url[:200]}' is no path inside the site")
        # What lies in `media/` was made by a file system, where nothing is a file and a folder.
        if parts[0] != "media" and any(_OWN_FILE.search(part) for part in parts[:-1]):
            raise ValueError(f"'{url[:200]}' lies below a file")
    return path


_OWN_FILE = re.compile(r"(?i)\.(?:x?html?|xml|json|js|css|svg|txt)$|^_headers$|^\.nojekyll$")
"""Names that a file of the site may have, so that no folder may: an address `index.html/x/` would cost the front page."""


def _is_part(part: str) -> bool:
    if part in ("", ".", "..") or any(c < " " or c in "\\\x7f" or "\ud800" <= c <= "\udfff" for c in part):
        return False
    return len(part.encode()) <= _MAX_PART_BYTES


_PAGE = re.compile(r"(?i)\.[sx]?html?$")
_NOT_EVERYWHERE = re.compile(r'[<>:"|?*]|[. ](?:/|$)')
"""What Windows' file systems have no names for."""
_MAX_ALIAS = 240
"""Windows takes 260 signs, with the folder that the site lies in."""


def alias(text: str) -> str:
    """An address of former times (`/2009/old-story/`, `/a/b.html`) as a site path.

    Empty for what no file can answer, on any system: full addresses, query strings, the front page, names that Windows
    lacks. A last part that does not end as a page is a folder, for that is how servers find its page; they would send
    `story.php` as a download.
    """
    path = unquote(text.strip()).removeprefix("/")
    if not path or "?" in text or "#" in text or "//" in text or len(path) > _MAX_ALIAS:
        return ""
    last = path.rpartition("/")[2]
    if last in ("index.html", ""):
        path = path.removesuffix("index.html")
    elif not _PAGE.search(last):
        path = f"{path}/"
    *folders, _ = parts = path.split("/")
    if _NOT_EVERYWHERE.search(path) or any(part.partition(".")[0].lower() in _WINDOWS for part in parts):
        return ""
    if folders and folders[0] in ("media", "assets") and any("." in part for part in folders):
        return ""  # a picture may be called so
    try:
        output_path(path)
    except ValueError:
        return ""
    return path


def fold(path: str) -> str:
    """Equal for two paths that a case-blind or normalising file system takes for one."""
    return path if path.isascii() and path.islower() else unicodedata.normalize("NFC", path).casefold()


@lru_cache(maxsize=32768)
def encode(url: str, index_html: bool) -> str:
    """A site path percent-encoded for a link, with `index.html` for folders if so wished."""
    return quote(f"{url}index.html" if index_html and (not url or url.endswith("/")) else url, safe="/")


def root(url: str) -> str:
    """The relative way from a page to the site's root: `../../`, and the empty text at the root itself."""
    return "../" * url.count("/")


def link(way: str, there: str, index_html: bool) -> str:
    """The link to a site path from a page with this way to the root; it works in any folder, on any host, from a disk."""
    return way + encode(there, index_html) or "./"


def absolute(base_url: str, there: str, index_html: bool = False) -> str:
    """The full address of a site path; `base_url` may lack its slash, and is empty if the site has no address yet."""
    return f"{base_url.rstrip('/')}/{encode(there, index_html)}"


def medium(value: str) -> str:
    """The path in `media/` that an author's picture names (`../media/a.jpg`, `/media/a%20b.jpg`); empty if none."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc:
        return ""
    path = unquote(parts.path.removeprefix("./").removeprefix("/"))
    while path.startswith("../"):
        path = path[3:]
    return path if path.startswith("media/") and ".." not in path.split("/") else ""


def smaller(path: str, width: int) -> str:
    """The site path of a copy of `media/a.jpg`, so many pixels wide: `media/480w/a.jpg`."""
    return f"media/{width}w/{path.removeprefix('media/')}"
