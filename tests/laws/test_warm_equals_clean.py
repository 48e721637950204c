"""Laws 1 and 8. After any series of edits the output is byte for byte that of a clean build, and no URL dies.

A state machine edits an archive as people do, in a world made small on purpose: few titles, days, ids and slugs, so
that things clash; lists of two, so that they split. Then the cases that a random walk seldom meets, each by name.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from site_builder import entries, pipeline, urls
from site_builder.errors import SiteError
from tests import sites

TITLES = ["Moon landing", "Moon Landing!", "Index", "Part 1", "Été à Paris", "Aux", "C++", "C#", "月面着陸", "", "?"]
DATES = ["", "2017", "2017-04", "2017-04-12", "2017-04-12T18:05:00+02:00", "2017-04-13", "2016-12-31", "XXXX-04-12?"]
TAGS = [(), ("Syria",), ("syria",), ("C++", "C#"), ("Syria", "Arts"), ("Été",)]
IDS = ["", "", "k3f9x2ab", "k3f9x2ac", "https://example.org/news/story/1", "https://example.org/news/story/2"]
SLUGS = ["", "", "", "moon-landing", "moon-landing-k3f9x2ab", "index", "part-1"]
BODIES = [
    "One paragraph.\n",
    "First.\n\nSecond with a [link](/undated/) and ![a picture](media/pic.jpg).\n",
    "",
    "# Big\n",
    "See [the moon](https://old.example/moon?utm_source=x#top) and [more](<http://www.old.example/more/>).\n",
    "![a picture](media/pic.jpg)\n\n- <https://old.example/more>\n- [a](https://elsewhere.example/moon)\n",
]
ORIGINALS = ["", "", "https://old.example/moon", "http://www.old.example/moon/", "https://old.example/more"]
NAMES = ["a", "b", "moon", "2017-04-12-jekyll", "sub/c", "sub/d"]
STATUSES = ["published", "published", "draft", "withdrawn", "embargoed"]

BASE = """
-- content/site.toml --
[pages]
list_size = 2
home_size = 3
[feeds]
items = 2
"""
SETTINGS = [
    BASE.split("--\n", 1)[1],
    '[site]\ntitle = "Another title"\nbase_url = "https://example.org/sub"\n[pages]\nlist_size = 2\n',
    '[pages]\nlist_size = 3\nterms = ["tags", "authors"]\n[urls]\nindex_html = false\n',
    "[pages]\nlist_size = 1\nterms = []\nsitemap = false\n[feeds]\nitems = 2\nterms = false\n",
    "[pages]\nlist_size = 2\ncalendar = false\n[feeds]\nformats = []\n",
    '[site]\ntheme = "mine"\n[pages]\nlist_size = 2\n',
    '[theme.options]\naccent = ["#00507a", "#8fc7ea"]\ncolumns = 2\n[pages]\nlist_size = 2\n',
    '[theme.options]\nhome = ["held", "sections"]\n[pages]\nlist_size = 2\n',
    '[site]\ntheme = "lite"\n[pages]\nlist_size = 2\n',
    "[pages]\nlist_size = 2\n[markup]\narchived_links = false\n",
]
AUTHORITIES = [
    "",
    "tags:\n  Syria:\n    variants: [Arts]\n    see_also: [C++]\nauthors:\n  Bo: [Ann Lee]\n",
    "tags:\n  Arts: [Syria, Été]\n  C#: [C++]\n",
    "tags:\n  SYRIA:\n    same_as: https://example.org/syria\n",
    "tags: [",
]
CHILD_THEME = {
    "themes/mine/theme.toml": 'name = "mine"\nextends = "broadsheet"\n',
    "themes/mine/templates/tombstone.html": '{% extends "base.html" %}{% block main %}gone{% endblock %}',
}


@dataclass(frozen=True)
class Story:
    """The front matter of one file."""

    title: str = "Moon landing"
    date: str = "2017-04-12"
    tags: tuple[str, ...] = ()
    author: str = ""
    id: str = ""
    slug: str = ""
    status: str = "published"
    body: str = BODIES[0]
    original: str = ""
    canonical: str = ""

    def text(self) -> str:
        """The Markdown file."""
        values = {"id": self.id, "title": self.title, "date": self.date, "authors": self.author, "slug": self.slug}
        lines = [f"{key}: {json.dumps(value)}" for key, value in values.items() if value]
        source = {key: text for key, text in (("url", self.original), ("canonical", self.canonical)) if text}
        lines += [f"source: {json.dumps(source)}"] if source else []
        lines += [f"tags: {json.dumps(self.tags)}"] if self.tags else []
        lines += [f"status: {self.status}"] if self.status != "published" else []
        lines += ["reason: At the wish of the family"] if self.status == "withdrawn" else []
        return "\n".join(["---", *lines, "extra_key: kept", "---", "", self.body])


STORY = st.builds(
    Story,
    title=st.sampled_from(TITLES),
    date=st.sampled_from(DATES),
    tags=st.sampled_from(TAGS),
    author=st.sampled_from(["", "Ann Lee", "Bo"]),
    id=st.sampled_from(IDS),
    slug=st.sampled_from(SLUGS),
    status=st.sampled_from(STATUSES),
    body=st.sampled_from(BODIES),
    original=st.sampled_from(ORIGINALS),
    canonical=st.sampled_from(ORIGINALS),
)
NAME = st.sampled_from(NAMES)


def compare(root: Path, jobs: int = 1) -> pipeline.Report:
    """Build warm; then hold output, URL ledger and report against those of a clean build of the same content."""
    scratch = root / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    expected, clean = sites.clean(root, scratch)
    warm = sites.build(root, jobs)
    got = {path: content for path, content in sites.read(root / "output").items() if not path.startswith("foreign")}
    assert not sites.differences(got, expected)
    ours, theirs = root / "content/urls.jsonl", scratch / "content/urls.jsonl"
    assert ours.exists() == theirs.exists()
    assert not ours.exists() or ours.read_bytes() == theirs.read_bytes()
    assert warm.problems == clean.problems
    assert (warm.articles, warm.refused, warm.files, warm.bytes) == (
        clean.articles,
        clean.refused,
        clean.files,
        clean.bytes,
    )
    assert not missing_addresses(root)
    return warm


def missing_addresses(root: Path) -> list[str]:
    """Addresses of the URL ledger at which nothing stands any more."""
    ledger = root / "content" / "urls.jsonl"
    lines = ledger.read_text("utf-8").splitlines() if ledger.exists() else []
    published = [json.loads(line)["url"] for line in lines if line.endswith("}")]
    there = {urls.fold(path) for path in sites.read(root / "output")}
    return [url for url in published if urls.fold(urls.output_path(url)) not in there]


class Newsroom(RuleBasedStateMachine):
    """People at work on one archive, and builds now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="newsroom-"))
        self.stories: dict[str, Story] = {}
        self.step = 0

    def teardown(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    # ----------------------------------------------------------------------------------------- helpers

    def _path(self, name: str) -> Path:
        return self.root / "content" / "articles" / f"{name}.md"

    def _write(self, name: str, story: Story) -> None:
        self.stories[name] = story
        sites.write(self.root, {f"content/articles/{name}.md": story.text()})

    def _change(self, data: st.DataObject, **values: st.SearchStrategy[object]) -> None:
        name = data.draw(st.sampled_from(sorted(self.stories)))
        changes = {key: data.draw(strategy, label=key) for key, strategy in values.items()}
        self._write(name, replace(self.stories[name], **changes))  # type: ignore[arg-type]

    def _some(self) -> bool:
        return bool(self.stories)

    # ------------------------------------------------------------------------------------------- edits

    @initialize(stories=st.dictionaries(NAME, STORY, min_size=1, max_size=5))
    def start(self, stories: dict[str, Story]) -> None:
        sites.write(self.root, BASE)
        sites.write(self.root, CHILD_THEME)
        for name, story in stories.items():
            self._write(name, story)
        compare(self.root)

    @rule(name=NAME, story=STORY)
    def put(self, name: str, story: Story) -> None:
        self._write(name, story)

    @precondition(_some)
    @rule(data=st.data())
    def retitle(self, data: st.DataObject) -> None:
        self._change(data, title=st.sampled_from(TITLES))

    @precondition(_some)
    @rule(data=st.data())
    def redate(self, data: st.DataObject) -> None:
        self._change(data, date=st.sampled_from(DATES))

    @precondition(_some)
    @rule(data=st.data())
    def retag(self, data: st.DataObject) -> None:
        self._change(data, tags=st.sampled_from(TAGS), author=st.sampled_from(["", "Ann Lee", "Bo"]))

    @precondition(_some)
    @rule(data=st.data())
    def change_status(self, data: st.DataObject) -> None:
        self._change(data, status=st.sampled_from(STATUSES))

    @precondition(_some)
    @rule(data=st.data())
    def change_identity(self, data: st.DataObject) -> None:
        self._change(data, id=st.sampled_from(IDS), slug=st.sampled_from(SLUGS))

    @precondition(_some)
    @rule(data=st.data())
    def rewrite(self, data: st.DataObject) -> None:
        said = st.sampled_from(ORIGINALS)
        self._change(data, body=st.sampled_from(BODIES), original=said, canonical=said)

    @precondition(_some)
    @rule(data=st.data(), to=NAME)
    def rename(self, data: st.DataObject, to: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.stories)))
        self._path(to).parent.mkdir(parents=True, exist_ok=True)
        self._path(name).replace(self._path(to))
        self.stories[to] = self.stories.pop(name)

    @precondition(_some)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.stories)))
        self._path(name).unlink()
        del self.stories[name]

    @rule(text=st.sampled_from(AUTHORITIES))
    def change_authorities(self, text: str) -> None:
        sites.write(self.root, {"content/authorities.yaml": text})

    @rule(text=st.sampled_from(SETTINGS))
    def change_settings(self, text: str) -> None:
        sites.write(self.root, {"content/site.toml": text})

    @rule(name=st.sampled_from(["tombstone.html", "article.html", "macros.html"]), text=st.sampled_from(["", "x", "y"]))
    def change_theme(self, name: str, text: str) -> None:
        parent = Path(__file__).parents[2] / "themes/broadsheet/templates" / name
        ours = self.root / "themes/mine/templates" / name
        if text:
            ours.write_text(parent.read_text("utf-8") + f"{{# {text} #}}{text}", "utf-8")
        else:
            ours.unlink(missing_ok=True)

    @rule(name=st.sampled_from(["pic.jpg", "deep/pic.jpg", "deep"]), content=st.sampled_from([b"", b"1", b"2", b"333"]))
    def change_media(self, name: str, content: bytes) -> None:
        path = self.root / "content" / "media" / name
        if not content:
            if path.is_dir():
                shutil.rmtree(path)
            elif path.exists():
                path.unlink()
            return
        if path.is_dir():
            shutil.rmtree(path)
        if path.parent.is_file():
            path.parent.unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    @rule(name=st.sampled_from(["about", "index", "2017/index", "undated/moon-landing"]), text=st.sampled_from(BODIES))
    def change_standing_page(self, name: str, text: str) -> None:
        path = self.root / "content" / "pages" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8") if text else path.unlink(missing_ok=True)

    @rule()
    def lose_the_cache(self) -> None:
        shutil.rmtree(self.root / "content" / ".cache", ignore_errors=True)

    @rule(data=st.data(), how=st.sampled_from(["delete", "edit", "folder"]))
    def harm_the_output(self, data: st.DataObject, how: str) -> None:
        name = data.draw(st.sampled_from(sorted(sites.read(self.root / "output"))))
        path = self.root / "output" / name
        if how == "folder" and "/" in name:
            shutil.rmtree(path.parent)
        elif how == "edit":
            path.write_bytes(path.read_bytes() + b"harm")
        else:
            path.unlink()

    @rule()
    def leave_a_foreign_file(self) -> None:
        sites.write(self.root, {"output/foreign.txt": "mine", "output/foreign/also.html": "mine"})

    # ------------------------------------------------------------------------------------------ builds

    @rule()
    def build(self) -> None:
        compare(self.root)

    @rule()
    def build_and_do_nothing(self) -> None:
        compare(self.root)
        again = sites.build(self.root)
        assert (again.written, again.removed) == (0, 0)


def run(examples: int, steps: int) -> None:
    """So many newsrooms with so many steps each. Shrinking would take minutes; the steps are printed as they are."""
    wanted = settings(max_examples=examples, stateful_step_count=steps, phases=[Phase.generate])
    run_state_machine_as_test(Newsroom, settings=wanted)


@pytest.mark.parametrize("seed", range(2))
def test_any_series_of_edits(seed: int) -> None:
    run(examples=4, steps=16)


# ------------------------------------------------------------------------------------ what is seldom met

TWO = """
-- content/site.toml --
[pages]
list_size = 2
-- content/articles/a.md --
---
id: aaaa
title: Moon landing
date: 2017-04-12
tags: [Moon]
---
The first.
-- content/articles/b.md --
---
id: bbbb
title: Moon landing
date: 2017-04-12
tags: [Moon]
---
The second.
-- content/articles/c.md --
---
id: cccc
title: Another
date: 2017-04-12
tags: [moon]
---
The third.
"""
Edit = Callable[[Path], object]


def _move(source: str, target: str) -> Edit:
    return lambda content: (content / source).rename(content / target)


def _put(path: str, text: str) -> Edit:
    return lambda content: sites.write(content.parent, {f"content/{path}": text})


def _drop(path: str) -> Edit:
    return lambda content: shutil.rmtree(content / path) if (content / path).is_dir() else (content / path).unlink()


def _exchange(old: str, new: str) -> Edit:
    def step(content: Path) -> None:
        _drop(old)(content)
        _put(new, "another")(content)

    return step


def _swap(path: str, old: str, new: str) -> Edit:
    return lambda content: (content / path).write_text((content / path).read_text("utf-8").replace(old, new), "utf-8")


_LINKS = "Of [a](https://old.example/a), [b](https://old.example/b) and [c](https://old.example/c)."
SERIES: dict[str, list[Edit]] = {
    # Nothing but the path changes, which is the last key of every list's order.
    "rename turns the order": [_move("articles/c.md", "articles/0.md")],
    "rename of the newest row": [_move("articles/b.md", "articles/z.md"), _move("articles/z.md", "articles/b.md")],
    "title from a file name": [
        _put("articles/lone-name.md", "---\nid: lone\nslug: fixed\nstatus: withdrawn\n---\n\nText.\n"),
        _move("articles/lone-name.md", "articles/other-name.md"),
    ],
    "address passed on and asked back": [
        _drop("articles/a.md"),
        _put("articles/a.md", "---\nid: aaaa\ntitle: Moon landing\ndate: 2017-04-12\n---\nBack.\n"),
        _drop("articles/b.md"),
    ],
    "an address with a suffix is somebody else's": [
        _put("articles/d.md", "---\nid: dddd\ntitle: D\nslug: moon-landing-bbbb\ndate: 2017-04-12\n---\nFourth.\n"),
        _drop("articles/a.md"),
    ],
    "the same id twice": [
        _put("articles/d.md", "---\nid: aaaa\ntitle: Moon landing\ndate: 2017-04-12\n---\nFourth.\n"),
        _drop("articles/a.md"),
    ],
    "an id that is another's with a suffix": [
        _put("articles/d.md", "---\nid: aaaa\ntitle: Moon landing\ndate: 2017-04-12\n---\nFourth.\n"),
        _put(
            "articles/e.md",
            f"---\nid: aaaa-{entries.digest(b'articles/d.md').hex()[:6]}\ntitle: Moon landing\ndate: 2017-04-12\n---\n",
        ),
    ],
    "long ids alike in their beginning": [
        _swap("articles/a.md", "aaaa", "https://example.org/news/a"),
        _swap("articles/b.md", "bbbb", "https://example.org/news/b"),
        _swap("articles/c.md", "id: cccc\ntitle: Another", "id: https://example.org/news/c\ntitle: Moon landing"),
    ],
    "titles that are names of lists": [
        _put("articles/d.md", "---\ntitle: Index\ndate: 2017-04-12\n---\nText.\n"),
        _put("articles/e.md", "---\ntitle: Part 1\ndate: 2017-04-12\n---\nText.\n"),
        _put("articles/f.md", "---\ntitle: Part 1\n---\nText.\n"),
        _put("articles/g.md", "---\ntitle: Index\ndate: 2017\n---\nText.\n"),
    ],
    "a file that becomes a folder and back": [
        _put("media/x", "file"),
        _drop("media/x"),
        _put("media/x/y", "below"),
        _drop("media/x"),
        _put("media/x", "file"),
    ],
    "a folder swapped for a file between builds": [
        _put("media/x/y/z", "below"),
        _exchange("media/x", "media/x"),
        _exchange("media/x", "media/x/y/z"),
    ],
    "withdrawn, moved, back, gone": [
        _swap("articles/a.md", "id: aaaa", "id: aaaa\nstatus: withdrawn\nreason: It was wrong"),
        _swap("articles/a.md", "title: Moon landing", "title: Moon landing denied"),
        _swap("articles/a.md", "status: withdrawn", "status: draft"),
        _swap("articles/a.md", "status: draft", "status: published"),
        _drop("articles/a.md"),
    ],
    "refused and mended": [
        _swap("articles/a.md", "tags: [", "tags: [["),
        _swap("articles/a.md", "[[", "["),
        _put("articles/a.md", ""),
    ],
    "a broken line in the URL ledger": [
        lambda content: (content / "urls.jsonl").write_bytes((content / "urls.jsonl").read_bytes() + b"{broken"),
        _put("articles/d.md", "---\ntitle: D\n---\nText.\n"),
    ],
    "a page of one's own where a list stands": [
        _put("pages/index.md", "# Mine\n"),
        _put("pages/2017/04/12/index.md", "# Mine\n"),
        _put("pages/2017/04/12/moon-landing.md", "# Mine\n"),
        _drop("pages"),
    ],
    "authorities come, change and go": [
        _put("authorities.yaml", "tags:\n  Earth's moon:\n    variants: [Moon, Luna]\n    see_also: [Syria]\n"),
        _swap("articles/c.md", "[moon]", "[Luna, Syria, Moon]"),
        _put("authorities.yaml", "tags:\n  Luna: [Moon]\n  Syria:\n    same_as: https://example.org/syria\n"),
        _put("authorities.yaml", "tags: [broken\n"),
        _put("authorities.yaml", "tags:\n  MOON:\n  Luna: [Syria]\n"),
        _drop("articles/c.md"),
        _drop("authorities.yaml"),
    ],
    "a link's target comes, moves, is not alone, and goes": [
        _put("articles/far/linker.md", f"---\nid: linker\ntitle: Linker\ndate: 1999-01-01\n---\n{_LINKS}\n"),
        _put("pages/about.md", f"---\ntitle: About\n---\n{_LINKS}\n"),
        _swap("articles/a.md", "id: aaaa", 'id: aaaa\nsource: {url: "https://old.example/a"}'),
        _swap("articles/a.md", "title: Moon landing", "title: Moon landing denied"),
        _swap("articles/b.md", "id: bbbb", 'id: bbbb\nsource: {url: "http://www.old.example/a/"}'),
        _swap(
            "articles/c.md", "The third.", "The third: [itself](https://old.example/c), [one](http://old.example/b)."
        ),
        _swap("articles/c.md", "id: cccc", "id: cccc\nother_sources: [{url: 'https://old.example/c'}]"),
        _swap("articles/b.md", "old.example/a/", "old.example/b"),
        _swap("articles/a.md", "id: aaaa", "id: aaaa\nstatus: withdrawn"),
        _put("site.toml", "[markup]\narchived_links = false\n"),
        _swap("articles/a.md", "status: withdrawn", "status: published"),
        _put("site.toml", "[pages]\nlist_size = 2\n"),
        # Where two ask for one address, who has it may change while neither file does.
        _swap("articles/c.md", "title: Another", "title: Moon landing denied"),
        _move("articles/a.md", "articles/zz.md"),
        _drop("articles/zz.md"),
        _drop("articles/far"),
        _drop("pages"),
    ],
    "terms that differ in case and accents": [
        _swap("articles/a.md", "[Moon]", "[MOON, Ünï, uni]"),
        _swap("articles/b.md", "[Moon]", "[moon, ünï, UNI]"),
    ],
}


@pytest.mark.parametrize("name", SERIES)
def test_series(name: str, tmp_path: Path) -> None:
    sites.write(tmp_path, TWO)
    compare(tmp_path)
    for edit in SERIES[name]:
        edit(tmp_path / "content")
        report = compare(tmp_path)
        # Every article and every list has a place of its own; only people's own pages may ask for one that is taken.
        assert (
            not [problem for problem in report.problems if "wants the file" in problem.message] or "one's own" in name
        )


def test_series_without_builds_between(tmp_path: Path) -> None:
    """All edits of a series at once are one more series."""
    for name, edits in SERIES.items():
        root = sites.write(tmp_path / str(len(name)), TWO)
        sites.build(root)
        for edit in edits:
            edit(root / "content")
        compare(root)
        shutil.rmtree(root)


def test_template_shows_where_an_article_lies(tmp_path: Path) -> None:
    """What a template can reach it depends on: an article's path too."""
    sites.write(tmp_path, TWO)
    sites.write(tmp_path, {"content/site.toml": '[site]\ntheme = "mine"\n', **CHILD_THEME})
    template = '{% extends "base.html" %}{% block main %}{{ article.path }} {{ article.extra }}{% endblock %}'
    sites.write(tmp_path, {"themes/mine/templates/article.html": template})
    sites.build(tmp_path)
    (tmp_path / "content/articles/c.md").rename(tmp_path / "content/articles/d.md")
    compare(tmp_path)
    assert b"articles/d.md" in (tmp_path / "output/2017/04/12/another.html").read_bytes()


@pytest.mark.parametrize(
    "reference",
    [
        '{% include "part.html" %}',
        "{%- include 'part.html' -%}",
        '{% include ["nothing.html", "part.html"] %}',
        '{% include "part.html" ignore missing %}',
        '{% include\n "part.html" with context %}',
        '{% import "part.html" as part %}{{ part }}',
        '{% if true %}{% include "part.html" %}{% endif %}',
        '{{ shared("part.html") }}',
    ],
)
def test_every_way_to_draw_in_a_template(tmp_path: Path, reference: str) -> None:
    sites.write(tmp_path, TWO)
    sites.write(tmp_path, {"content/site.toml": '[site]\ntheme = "mine"\n', **CHILD_THEME})
    template = f'{{% extends "base.html" %}}{{% block main %}}{reference}{{% endblock %}}'
    for text in ("old", "new"):
        sites.write(tmp_path, {"themes/mine/templates/article.html": template, "themes/mine/templates/part.html": text})
        compare(tmp_path)
    assert b"new" in (tmp_path / "output/2017/04/12/another.html").read_bytes()


def test_a_template_named_by_a_value_is_refused(tmp_path: Path) -> None:
    """What a page is made of must be known without making it."""
    sites.write(tmp_path, TWO)
    sites.write(tmp_path, {"content/site.toml": '[site]\ntheme = "mine"\n', **CHILD_THEME})
    for named in ("article.title", '"base.html" if article.title else "page.html"', "[article.title]"):
        sites.write(tmp_path, {"themes/mine/templates/article.html": f"\n{{% include {named} %}}"})
        with pytest.raises(SiteError, match="by a value") as caught:
            sites.build(tmp_path)
        assert caught.value.where.endswith("themes/mine/templates/article.html:2")


def test_several_workers(tmp_path: Path) -> None:
    """The same, with batches that go to processes and come back."""
    sites.write(tmp_path, sites.many(220))
    sites.write(tmp_path, TWO)
    compare(tmp_path, jobs=2)
    for edit in SERIES["withdrawn, moved, back, gone"][:2]:
        edit(tmp_path / "content")
    sites.write(tmp_path, {"content/site.toml": SETTINGS[1]})
    compare(tmp_path, jobs=2)


def test_a_lost_output_ledger(tmp_path: Path) -> None:
    """Without its record our own files look foreign; those with the right bytes are taken back."""
    sites.write(tmp_path, TWO)
    sites.build(tmp_path)
    shutil.rmtree(tmp_path / "output" / sites.OWN)
    compare(tmp_path)


def test_moved_output_and_content(tmp_path: Path) -> None:
    """Copied or moved folders have new times and the same bytes: nothing is written."""
    root = sites.write(tmp_path / "one", TWO)
    sites.build(root)
    shutil.copytree(root, tmp_path / "two", copy_function=shutil.copyfile)
    report = sites.build(tmp_path / "two")
    assert (report.written, report.removed) == (0, 0)
    compare(tmp_path / "two")
