"""Years built apart and joined are the whole, byte for byte, whatever the archive and the order of the parts.

Archives are small and made to clash: few titles, ids, sections and days, in years that border on each other; lists of
two, so that they split; addresses that were published before somebody edited half of it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder import joining, pipeline, shares, urls
from site_builder.errors import SiteError
from tests import sites
from tests.laws.test_warm_equals_clean import AUTHORITIES, BASE, NAMES, SETTINGS, STORY, Story

YEARS = ("2016", "2017", "2018", "undated")
DATES = (
    "2016-12-30",
    "2016-12-31",
    "2017",
    "2017-01-01",
    "2017-06",
    "2017-12-31",
    "2018-01-01",
    "2018",
    "XXXX-01-01",
    "",
)
KINDS = ("tags", "people", "places", "organizations", "authors", "sections")
SECTIONS = ("", "World", "Arts")

DATED = st.builds(
    lambda story, date, section: replace(story, date=date, body=story.body + (f"\n{section}\n" if section else "")),
    STORY,
    st.sampled_from(DATES),
    st.sampled_from(SECTIONS),
)
STORIES = st.dictionaries(st.sampled_from([*NAMES, "e", "f", "g"]), DATED, min_size=1, max_size=8)
OTHERS: dict[str, str | bytes] = {
    "content/pages/about.md": "---\ntitle: About\n---\n\nOf [2017](/2017/).\n",
    "content/pages/2017/01/01/moon-landing.md": "---\ntitle: In the way\n---\n\nText.\n",
    "content/media/pic.jpg": b"none",
    "content/articles/broken.md": b"---\ntitle: [\n---\n\nText.\n",
    "themes/mine/theme.toml": 'name = "mine"\nextends = "broadsheet"\n',
}


@contextmanager
def folder() -> Iterator[Path]:
    """A scratch folder for one example."""
    with tempfile.TemporaryDirectory(prefix="parts-") as name:
        yield Path(name)


def article(story: Story) -> str:
    """A story's file. Its section is the last line of its body, where the strategy put it."""
    section = story.body.rstrip().rpartition("\n")[2]
    text = story.text()
    return text.replace("extra_key: kept", f"section: {section}\nextra_key: kept") if section in SECTIONS[1:] else text


def year_of(name: str, story: Story) -> str:
    """The part that an article belongs to; a file's name may tell the day where the article does not."""
    year = (story.date or name)[:4]
    return year if year.isdigit() else "undated"


def write(root: Path, stories: Mapping[str, Story], **others: str) -> Path:
    """An archive's folder with these stories; gives its root."""
    sites.write(root, OTHERS)
    sites.write(root, {f"content/articles/{name}.md": article(story) for name, story in stories.items()})
    sites.write(root, {f"content/{name.replace('__', '.')}": text for name, text in others.items()})
    return root


def part(root: Path, year: str, output: Path, kinds: tuple[str, ...] = ()) -> Path:
    """Build one year of the archive below `root`."""
    pipeline.build(sites.load(root, output), share=shares.Year(year, kinds))
    return output


def join(root: Path, parts: list[Path]) -> pipeline.Report:
    """Join parts into the output of the archive below `root`."""
    return pipeline.build(sites.load(root), share=joining.read_parts(parts))


def holds(root: Path, got: pipeline.Report, whole: Path, expected: pipeline.Report) -> None:
    """The joined archive below `root` is the one that was built whole."""
    assert not sites.differences(sites.read(root / "output"), sites.read(whole / "output"))
    assert (root / "content/urls.jsonl").read_bytes() == (whole / "content/urls.jsonl").read_bytes()
    assert got.problems == expected.problems
    assert (got.articles, got.statuses, got.refused) == (expected.articles, expected.statuses, expected.refused)
    assert (got.files, got.bytes) == (expected.files, expected.bytes)


@settings(max_examples=5)
@given(
    stories=STORIES,
    later=st.dictionaries(st.sampled_from(NAMES), DATED, max_size=3),
    text=st.sampled_from([BASE.split("--\n", 1)[1], *SETTINGS]),
    said=st.sampled_from(AUTHORITIES),
    order=st.permutations(YEARS),
)
def test_parts_of_one_content_folder(
    stories: dict[str, Story], later: dict[str, Story], text: str, said: str, order: list[str]
) -> None:
    """Built and joined beside the whole content, then some articles edited, built and joined again."""
    with folder() as scratch:
        told = {"site__toml": text, "authorities__yaml": said}
        root, whole = write(scratch / "a", stories, **told), write(scratch / "b", stories, **told)
        for now in (stories, stories | later):
            write(root, now)
            write(whole, now)
            expected = sites.build(whole)
            ledger = root / "content/urls.jsonl"
            before = ledger.read_bytes() if ledger.exists() else b""
            parts = [part(root, year, scratch / f"part of {year}") for year in order]
            assert not ledger.exists() or ledger.read_bytes() == before
            holds(root, join(root, parts), whole, expected)
        again = join(root, parts[::-1])
        assert (again.written, again.removed) == (0, 0)


def meets_a_page(story: Story) -> bool:
    """Whether it asks for the address of the standing page in `OTHERS`, of which no part knows."""
    return story.date[:10] == "2017-01-01" and urls.slugify(story.slug or story.title) == "moon-landing"


BESIDE_A_PAGE = {"b": Story(date="2017"), "e": Story(date="2017"), "moon": Story(date="2017-01-01")}


@settings(max_examples=5)
@given(stories=STORIES, order=st.permutations(YEARS), known=st.booleans(), linked=st.booleans())
@example(stories=BESIDE_A_PAGE, order=list(YEARS), known=True, linked=False)
def test_parts_of_many_machines(stories: dict[str, Story], order: list[str], known: bool, linked: bool) -> None:
    """Each year is built where nothing but its own articles lies, and joined where none lie.

    With ids and addresses of their own, and kinds that are known, nothing is wanting. Else what is wanting is told, and a join
    beside the articles works from the same parts.
    """
    if known:
        stories = {name: replace(story, id="" if story.id else name) for name, story in stories.items()}
    with folder() as scratch:
        told = {"site__toml": BASE.split("--\n", 1)[1]}
        whole = write(scratch / "whole", stories, **told)
        expected = sites.build(whole)
        present = tuple(kind for kind in KINDS if (whole / "output" / kind / "index.html").exists())
        parts: list[Path] = []
        for year in order:
            own = {name: story for name, story in stories.items() if year_of(name, story) == year}
            machine = write(scratch / year, own, **told)
            parts.append(part(machine, year, machine / "output", present if known else ()))
            if not linked:
                shutil.copytree(machine / "output", scratch / f"copy of {year}")
                parts[-1] = scratch / f"copy of {year}"
        root = write(scratch / "joined", {}, **told)
        try:
            got = join(root, parts)
        except SiteError as error:
            assert not known or any(map(meets_a_page, stories.values())), str(error)
            assert "its text is not at hand" in str(error)
            assert not sites.read(root / "output") and not (root / "content/urls.jsonl").exists()
            write(root, stories)
            got = join(root, parts)
        holds(root, got, whole, expected)


ORIGINAL = "https://old.example/{}"
OF_ALL = " ".join(f"[{name}]({ORIGINAL.format(name)})" for name in "abc")
LINKED = {
    "a": Story(date="2016-05-05", title="A", id="aaaa", original=ORIGINAL.format("a"), body=f"{OF_ALL}\n"),
    "b": Story(date="2017-05-05", title="B", id="bbbb", original=ORIGINAL.format("b"), body=f"{OF_ALL}\n"),
    "c": Story(date="2018-05-05", title="C", id="cccc", original=ORIGINAL.format("c"), body=f"{OF_ALL}\n"),
    **{
        f"{name}{n}": Story(date=f"{2016 + n // 4}-0{3 + n % 4}-0{3 + n % 4}", title=f"Between {n}", id=f"{name}{n}")
        for n in range(12)
        for name in "xyz"
    },
}
ALSO_A = {"also": Story(date="2018-06-06", title="Also", id="also", original=ORIGINAL.format("a"))}
CLAIMS = {
    "c": Story(date="2018-05-05", title="C", id="cccc", canonical=ORIGINAL.format("c"), body=f"{OF_ALL}\n"),
    "d": Story(date="2018-05-06", title="D", id="dddd", canonical=ORIGINAL.format("a")),
}


def test_links_across_years(tmp_path: Path) -> None:
    """No part knows what lies in another year; the join has the texts of what links there, and no others.

    An address that is one article's in its year, and another's in a later year, leads to neither; one that another's page
    names as its own leads to the one that had it.
    """
    told = {"site__toml": BASE.split("--\n", 1)[1]}
    for number, stories in enumerate((LINKED, LINKED | ALSO_A, LINKED | CLAIMS)):
        whole = write(tmp_path / f"whole {number}", stories, **told)
        expected = sites.build(whole)
        parts: list[Path] = []
        for year in YEARS:
            own = {name: story for name, story in stories.items() if year_of(name, story) == year}
            machine = write(tmp_path / f"{year} {number}", own, **told)
            parts.append(part(machine, year, machine / "output"))
        root = write(tmp_path / f"joined {number}", {}, **told)
        holds(root, join(root, parts), whole, expected)
        page = (root / "output/2017/05/05/b.html").read_text("utf-8")
        led = [ORIGINAL.format(name) for name in ("abc", "bc", "abc")[number]]
        assert [original for original in map(ORIGINAL.format, "abc") if f'data-original="{original}"' in page] == led


def test_a_part_keeps_the_texts_that_a_join_may_want(tmp_path: Path) -> None:
    """Of an article that links to the web; not when links stay as they are, or when it links no more."""
    texts = tmp_path / "part" / ".site-builder" / "texts" / "articles"
    stories = {name: replace(story, date=f"2017-{story.date[5:]}") for name, story in LINKED.items()}
    few = BASE.split("--\n", 1)[1]
    root = write(tmp_path / "root", stories, site__toml=few)
    part(root, "2017", tmp_path / "part")
    first = {file.stem: file.stat().st_mtime_ns for file in texts.iterdir()}
    assert first.keys() >= {"a", "b", "c"} and len(first) < 12
    write(root, {"b": replace(stories["b"], body="Text.\n"), "a": replace(stories["a"], body=f"{OF_ALL} More.\n")})
    part(root, "2017", tmp_path / "part")
    second = {file.stem: file.stat().st_mtime_ns for file in texts.iterdir()}
    assert first.keys() - second.keys() == {"b"} and not second.keys() - first.keys()
    assert {name for name in second if second[name] != first[name]} == {"a"}
    assert "More." in (texts / "a.md").read_text("utf-8")
    write(root, {}, site__toml=f"{few}[markup]\narchived_links = false\n")
    part(root, "2017", tmp_path / "part")
    assert not {"a", "c"} & {file.stem for file in texts.iterdir()}
