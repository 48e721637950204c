"""One year as a part, and parts joined: what is refused and in which words, what is taken and what is made."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import filelock
import pytest

from site_builder import batches, check, joining, making, pipeline, shares
from site_builder.errors import SiteError
from tests import sites
from tests.test_pictures import picture

ARCHIVE = sites.many(90, days=1200)
"""Of the years 2015 to 2018."""
YEARS = ("2015", "2016", "2017", "2018")


class Press:
    """An archive whose years are built apart, and joined in a folder that has none of its articles."""

    def __init__(self, root: Path) -> None:
        self.root = root
        sites.write(root, ARCHIVE)
        sites.write(root / "desk", {"content/pages/about.md": "---\ntitle: About\n---\n\nText.\n"})
        sites.write(root, {"content/pages/about.md": "---\ntitle: About\n---\n\nText.\n"})

    @property
    def parts(self) -> list[Path]:
        return [self.root / f"part {year}" for year in YEARS]

    @property
    def output(self) -> Path:
        return self.root / "desk/output"

    def build(self, year: str, kinds: tuple[str, ...] = (), jobs: int = 1) -> pipeline.Report:
        site = sites.load(self.root, self.root / f"part {year}", jobs)
        return pipeline.build(site, share=shares.Year(year, kinds))

    def build_all(self) -> None:
        for year in YEARS:
            self.build(year)

    def join(self, *parts: Path, jobs: int = 1) -> pipeline.Report:
        site = sites.load(self.root / "desk", jobs=jobs)
        return pipeline.build(site, share=joining.read_parts(parts or self.parts))

    def differences(self) -> list[str]:
        expected, _ = sites.clean(self.root, self.root / "scratch")
        return sites.differences(sites.read(self.output), expected)

    def published(self) -> dict[str, bytes]:
        """All files of the joined site, and the URL ledger."""
        files = [*self.output.rglob("*"), *self.root.glob("desk/content/urls.jsonl")]
        own = self.output / ".site-builder"
        return {str(file): file.read_bytes() for file in files if file.is_file() and own not in file.parents}

    def refused(self, *parts: Path) -> SiteError:
        """What a join says that can't be; the output is as it was, and so is the URL ledger."""
        before = self.published()
        with pytest.raises(SiteError) as caught:
            self.join(*parts)
        assert self.published() == before
        assert caught.value.hint
        return caught.value


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(tmp_path)


@pytest.fixture
def made(press: Press) -> Press:
    press.build_all()
    return press


# ---------------------------------------------------------------------------------------------------- parts


def test_a_part_has_the_pages_of_its_year_and_writes_nothing_else(press: Press) -> None:
    before = sites.read(press.root / "content")
    report = press.build("2016")
    assert sites.read(press.root / "content") == before and not (press.root / "content/.cache").exists()
    files = sites.read(press.root / "part 2016")
    assert len(files) == report.written and report.articles == sum("\ndate: 2016" in t for t in ARCHIVE.values())
    assert all(path.startswith(("2016/", "sitemap-2016", "search/days-2016")) for path in files)


def test_a_part_waits_for_nobody_else_at_the_content(press: Press) -> None:
    (press.root / "content/.cache").mkdir()
    with filelock.FileLock(press.root / "content/.cache/lock"):
        assert press.build("2016").articles


def test_a_part_is_a_warm_build_too(made: Press) -> None:
    again = made.build("2016")
    assert (again.written, again.removed) == (0, 0)
    one = next(path for path, text in ARCHIVE.items() if "\ndate: 2016" in text)
    sites.write(made.root, {one: ARCHIVE[one].replace("And here", "And there")})
    assert made.build("2016").written == 1
    made.join()
    assert not made.differences()


def test_an_article_that_moves_to_another_year_leaves_its_part(made: Press) -> None:
    one = next(path for path, text in ARCHIVE.items() if "\ndate: 2016" in text)
    sites.write(made.root, {one: ARCHIVE[one].replace("\ndate: 2016", "\ndate: 2017")})
    before = made.build("2016").articles
    made.build("2017")
    assert before + 1 == sum("\ndate: 2016" in text for text in ARCHIVE.values())
    made.join()
    assert not made.differences()


def test_a_part_never_replaces_another_nor_a_whole_site(made: Press) -> None:
    sites.build(made.root)
    for output, year, held in (
        ("output", "2016", "holds a whole site"),
        ("part 2015", "2016", r"holds a part \(build --only 2015\)"),
    ):
        before = sites.read(made.root / output)
        with pytest.raises(SiteError, match=held):
            pipeline.build(sites.load(made.root, made.root / output), share=shares.Year(year))
        assert sites.read(made.root / output) == before
    with pytest.raises(SiteError, match="holds a part"):
        pipeline.build(sites.load(made.root, made.root / "part 2015"))
    with pytest.raises(SiteError, match="holds a part"):
        pipeline.build(sites.load(made.root, made.root / "part 2015"), share=joining.read_parts(made.parts))


def test_a_build_where_no_articles_lie_never_replaces_a_joined_site(made: Press) -> None:
    made.join()
    before = sites.read(made.output)
    with pytest.raises(SiteError, match="holds a site that was joined"):
        sites.build(made.root / "desk")
    assert sites.read(made.output) == before


def test_a_check_looks_at_a_joined_site(made: Press) -> None:
    made.join()
    site = sites.load(made.root / "desk")
    assert not check.check(site, verify=False).problems
    with pytest.raises(SiteError, match="was joined from parts"):
        check.check(site, verify=True)
    shutil.copytree(made.root / "content/articles", made.root / "desk/content/articles")
    assert not check.check(site, verify=True).problems


# --------------------------------------------------------------------------------------------------- joined


def test_joined_years_are_the_whole_and_stay_so(made: Press) -> None:
    made.join(*reversed(made.parts), jobs=2)
    assert not made.differences()
    again = made.join()
    assert (again.written, again.removed) == (0, 0)


def test_only_articles_at_the_edges_are_made_again(made: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    views: list[str] = []
    own = making.make_pages

    def make(batch: batches.Batch, aside: str = "") -> making.Made:
        views.extend(page.view for page in batch.pages)
        return own(batch, aside)

    monkeypatch.setattr(making, "make_pages", make)
    made.join()
    # Each border between two years has two sides, once for all and once for each of three sections.
    assert 0 < views.count("article") <= 3 * 2 * (1 + 3)
    assert views.count("month") <= 3 * 2 and views.count("year") == 4


def test_pages_are_links_where_the_system_has_them_and_neither_side_changes_the_other(made: Press) -> None:
    made.join()
    page = next(path for path in sites.read(made.output) if os.stat(made.output / path).st_nlink > 1)
    one = next(part for part in made.parts if (part / page).exists())
    assert (one / page).samefile(made.output / page)
    before = (one / page).read_bytes()
    sites.write(made.root / "desk", {"content/site.toml": '[site]\ntitle = "Another"\n'})
    sites.write(made.root, {"content/site.toml": '[site]\ntitle = "Another"\n'})
    made.build_all()
    assert (one / page).read_bytes() != before == (made.output / page).read_bytes()
    made.join()
    assert not made.differences()


def test_pages_are_copied_where_there_can_be_no_links(made: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    made.join()
    assert not made.differences()
    assert all(os.stat(made.output / path).st_nlink == 1 for path in sites.read(made.output))


def test_a_join_that_was_stopped_is_completed_by_the_next(made: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "make_pages", stop)
        with pytest.raises(KeyboardInterrupt):
            made.join()
    made.join()
    assert not made.differences()


def test_a_foreign_file_in_a_page_s_place_is_left_alone(made: Press) -> None:
    page = next(path for path in sites.read(made.parts[0]) if path.count("/") == 3)
    sites.write(made.output, {page: "mine"})
    (problem,) = made.join().problems
    assert problem.where == page and (made.output / page).read_text("utf-8") == "mine"


def test_a_harmed_page_is_not_taken(made: Press) -> None:
    inner = _inner(made)
    file = made.parts[1] / inner
    file.write_bytes(file.read_bytes() + b"harm")
    assert "its text is not at hand" in made.refused().message
    assert made.build("2016").written == 1
    made.join()
    assert not made.differences()


def _inner(press: Press) -> str:
    """A page of 2016 that no other year has a part in: one that a join takes as it is."""
    pages = sites.read(press.parts[1])
    texts = "".join(file.read_text("utf-8") for file in (press.parts[1] / ".site-builder/texts").rglob("*.md"))
    return next(
        path for path in pages if path.endswith(".html") and "story" in path and f"number {path[-10:-5]}" not in texts
    )


def test_kinds_of_terms_that_a_year_lacks_can_be_named(tmp_path: Path) -> None:
    press = Press(tmp_path)
    for path, text in ARCHIVE.items():
        if "\ndate: 2015" in text:
            sites.write(tmp_path, {path: text.replace("\nsection:", "\nextra_section:")})
    press.build_all()
    error = press.refused()
    assert "build the part of 2015 again with --kinds" in error.hint and "tags,authors,sections" in error.hint
    press.build("2015", ("tags", "authors", "sections"))
    press.join()
    assert not press.differences()


def test_withdrawn_articles_and_addresses_that_were_left(made: Press) -> None:
    """Law 8, with the URL ledger of the join."""
    made.join()
    files = [path for path, text in ARCHIVE.items() if "\ndate: 2016" in text][:2]
    withdrawn = ARCHIVE[files[0]].replace("section:", "status: withdrawn\nreason: It was wrong\nsection:")
    sites.write(made.root, {files[0]: withdrawn})
    sites.write(made.root, {files[1]: ARCHIVE[files[1]].replace("title: Story", "title: Another story")})
    shutil.copyfile(made.root / "desk/content/urls.jsonl", made.root / "content/urls.jsonl")
    made.build("2016")
    made.join()
    assert not made.differences()


def test_pictures_lie_with_the_years_that_show_them_and_all_of_them_with_the_join(tmp_path: Path) -> None:
    wide, small = picture(1200, 800), picture(300, 200, "PNG")
    files: dict[str, str | bytes] = {"content/media/wide.jpg": wide, "content/media/small.png": small}
    for number, path in enumerate(sorted(ARCHIVE)):
        if number % 7 == 0:
            files[path] = ARCHIVE[path].replace("\n\nAnd", "\n\n![wide](media/wide.jpg) ![s](/media/small.png)\n\nAnd")
    press = Press(tmp_path)
    sites.write(tmp_path, files)
    sites.write(tmp_path / "desk", {path: data for path, data in files.items() if "media" in path})
    press.build_all()
    assert not list(tmp_path.glob("part */media"))
    press.join()
    assert not press.differences()
    assert (press.output / "media/480w/wide.jpg").exists()


def test_a_join_has_the_texts_that_the_fronts_at_the_edges_of_a_year_show_pictures_of(tmp_path: Path) -> None:
    """The lead of a year's first day is neither its first article nor the last, and a later article has no day at all;
    the years beside it come later, so that the join has to make these fronts anew."""
    story = "---\ntitle: {0}\ndate: {1}\nsection: World\nauthors: [Ann]\ntags: [one]\n{2}---\n\nThe story of {0}.\n"
    shown = "images: [{src: media/wide.jpg, caption: Wide}]\n"
    told = [("2016-01-02T08:00", ""), ("2016-01-02T20:00", shown), ("2016-03-01", ""), ("2016-03-02", "")]
    told += [("2016-12-29T08:00", ""), ("2016-12-29T20:00", shown), ("2016-12", "")]
    files = {f"content/articles/edge-{n}.md": story.format(f"Edge {n}", *about) for n, about in enumerate(told)}
    more: dict[str, str | bytes] = {"content/media/wide.jpg": picture(1200, 800)}
    more["content/site.toml"] = "[feeds]\nitems = 1\n"  # else they have the texts
    press = Press(tmp_path)
    sites.write(tmp_path, {**files, **more})
    for path in (path for path in ARCHIVE if "/2016/" in path):
        (tmp_path / path).unlink()
    sites.write(tmp_path / "desk", more)
    press.build_all()
    press.join()
    assert not press.differences()
    assert b"wide.jpg" in (press.output / "2016/12/29/index.html").read_bytes()
    sites.write(tmp_path, {"content/articles/edge.md": story.format("Next", "2017-01-01", "")})
    sites.write(tmp_path, {"content/articles/before.md": story.format("Before", "2015-12-31", "")})
    press.build("2015")
    press.build("2017")
    press.join()
    assert not press.differences()


def test_a_part_that_is_being_built_is_not_read(made: Press) -> None:
    with filelock.FileLock(made.parts[1] / ".site-builder/lock"):
        error = made.refused()
    assert (error.message, error.where) == ("another build is at work here", str(made.parts[1]))


# -------------------------------------------------------------------------------------------------- refused


def test_a_folder_that_is_no_part(made: Press) -> None:
    (made.parts[1] / ".site-builder/part.json").unlink()
    for folder in (made.parts[1], made.root / "nowhere"):
        error = made.refused(folder, made.parts[0])
        assert (error.message, error.where) == ("is no part, or one that is not finished", str(folder))
    made.build("2016")  # nothing to do but to say that it is finished
    made.join()
    assert not made.differences()


def test_a_year_that_two_parts_have(made: Press) -> None:
    shutil.copytree(made.parts[1], made.root / "copy")
    error = made.refused(*made.parts, made.root / "copy")
    assert error.message == f"has 2016, and so has {made.parts[1]}"


def test_an_article_that_two_parts_have(made: Press) -> None:
    one = next(path for path, text in ARCHIVE.items() if "\ndate: 2016" in text)
    sites.write(made.root, {one: ARCHIVE[one].replace("\ndate: 2016", "\ndate: 2017")})
    made.build("2017")
    error = made.refused()
    assert (error.message, error.where) == ("is in the part of 2016 and in that of 2017", one.removeprefix("content/"))


@pytest.mark.parametrize(
    ("sign", "message"),
    [
        ("program", "was built by another version of this program, of Python or of a package"),
        ("settings", "was built with other settings"),
        ("theme", "was built with another theme"),
    ],
)
def test_a_part_of_another_whole(made: Press, sign: str, message: str) -> None:
    file = made.parts[2] / ".site-builder/part.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), sign: "0"}), "utf-8")
    error = made.refused()
    assert (error.message, error.where) == (message, str(made.parts[2]))


def test_other_settings_and_another_theme_are_seen(made: Press) -> None:
    sites.write(made.root / "desk", {"content/site.toml": '[site]\ntitle = "Another"\n'})
    assert made.refused().message == "was built with other settings"
    site = sites.load(made.root / "desk")
    other = replace(
        site, theme=replace(site.theme, options={"columns": 2}), site=replace(site.site, title="News archive")
    )
    with pytest.raises(SiteError, match="was built with another theme"):
        pipeline.build(other, share=joining.read_parts(made.parts))


def test_a_part_that_was_killed_while_its_summary_was_written(made: Press) -> None:
    (made.parts[0] / ".site-builder/index.sqlite3-wal").write_bytes(b"unfinished")
    assert made.refused().message == "is not finished"


def test_articles_of_two_years_with_one_id(made: Press) -> None:
    """The second by its path gets another id in the whole, so that its page is another one than its part made."""
    one = _source(made, _inner(made))
    other = max(path for path, text in ARCHIVE.items() if "\ndate: 2015" in text)
    changed = ARCHIVE[other].replace(_id(ARCHIVE[other]), _id(ARCHIVE[one]))
    sites.write(made.root, {other: changed})
    made.build("2015")
    error = made.refused()
    assert error.where == one.removeprefix("content/") and f"has its id '{_id(ARCHIVE[one])}'" in error.hint
    shutil.copytree(made.root / "content/articles", made.root / "desk/content/articles")
    (problem,) = made.join().problems
    assert "has the same id" in problem.message
    assert not made.differences()


def _source(press: Press, page: str) -> str:
    """The file of an article by the path of its page."""
    return next(path for path in ARCHIVE if path.endswith(page[-10:].replace(".html", ".md")))


def _id(text: str) -> str:
    return text.split("id: ")[1].split("\n")[0]


def test_a_year_that_is_missing(made: Press) -> None:
    """Told where nothing says that there is anything of it; refused where its addresses were published."""
    one, _, three, four = made.parts
    (problem,) = made.join(one, three, four).problems
    assert (problem.where, problem.message) == ("2016", "no part has this year")
    made.join()
    assert not made.differences()
    error = made.refused(one, three, four)
    count = sum("\ndate: 2016" in text for text in ARCHIVE.values())
    assert error.message == f"no part has 2016, of which {count} addresses were published"


def test_a_year_without_articles_is_a_part_as_well(made: Press) -> None:
    report = made.build("2014")
    assert (report.articles, report.files) == (0, 0)
    made.join(*made.parts, made.root / "part 2014")
    assert not made.differences()


# -------------------------------------------------------------------------------------------------- summary


def test_a_summary_holds_no_texts_but_those_at_the_edges(made: Press) -> None:
    """The index has what lists show of an article; a text lies beside it only where another year's article is near."""
    texts = list(_texts(made.parts[1]))
    of_year = sum("\ndate: 2016" in text for text in ARCHIVE.values())
    assert 0 < len(texts) < of_year
    assert b"And here it ends" not in (made.parts[1] / ".site-builder/index.sqlite3").read_bytes()


def _texts(part: Path) -> Iterator[Path]:
    return (part / ".site-builder/texts").rglob("*.md")
