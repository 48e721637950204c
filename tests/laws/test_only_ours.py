"""Law 7. We touch only what we wrote, and write only into the folders that were named."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from site_builder import cli, pipeline
from site_builder.errors import SiteError
from tests import sites

ARCHIVE = """
-- content/site.toml --
[pages]
list_size = 2
-- content/articles/a.md --
---
title: First story
date: 2017-04-12
tags: [Syria]
---
Text.
-- content/articles/b.md --
---
title: Second story
date: 2017-04-13
tags: [Paris]
---
Text.
-- content/media/pic.jpg --
picture
-- content/pages/about.md --
# About
-- content/inbox/source.txt --
Never changed.
"""

STRANGERS = {
    "in the place of an article": "2017/04/12/first-story.html",
    "in the place of a list": "tags/syria/index.html",
    "in the place of the home page": "index.html",
    "in the place of a feed": "feed.xml",
    "in the place of a picture": "media/pic.jpg",
    "in the place of an asset": "assets/broadsheet.css",
    "in the place of a folder": "tags/paris",
    "in the place of a folder of folders": "2017",
    "beside": "2017/04/12/mine.html",
    "in a folder of its own": "mine/deep/file.txt",
    "a dot file": ".htaccess",
    "a name like a temporary one": "2017/04/12/.0123456789ab.tmp",
}


def everything(folder: Path) -> dict[str, bytes | str]:
    """All that lies below a folder: bytes of files, targets of links, and that a folder is there."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_dir():
            found[name] = "folder"
        elif path.is_file():
            found[name] = path.read_bytes()
        else:
            found[name] = "other"
    return found


def turn(root: Path) -> pipeline.Report:
    """Build, change and remove what there is, build again, remove all articles, build again; the first report."""
    report = sites.build(root)
    for change in (
        {"content/articles/a.md": "---\ntitle: First story\ndate: 2017-04-12\ntags: [Rome]\n---\nAnother text.\n"},
        {"content/site.toml": '[site]\ntitle = "Another"\n'},
    ):
        sites.write(root, change)
        sites.build(root)
    shutil.rmtree(root / "content" / "articles")
    shutil.rmtree(root / "content" / "media")
    sites.build(root)
    return report


@pytest.mark.parametrize("name", STRANGERS)
def test_foreign_files_stay(name: str, tmp_path: Path) -> None:
    root, where = sites.write(tmp_path, ARCHIVE), f"output/{STRANGERS[name]}"
    sites.write(root, {where: "mine"})
    report = turn(root)
    assert (root / where).read_text() == "mine"
    if name.startswith("in the place"):
        assert any(STRANGERS[name] in problem.where for problem in report.problems), report.problems
    # With the stranger gone the page gets its place.
    (root / where).unlink()
    sites.write(root, ARCHIVE)
    report = sites.build(root)
    assert not report.problems
    assert not sites.differences(sites.read(root / "output"), sites.clean(root, root / "scratch")[0])


def test_foreign_file_in_the_place_of_a_new_page(tmp_path: Path) -> None:
    """It came after the first build."""
    root = sites.write(tmp_path, ARCHIVE)
    sites.build(root)
    sites.write(root, {"output/2018/01/01/new.html": "mine", "output/tags/new": "mine"})
    sites.write(root, {"content/articles/new.md": "---\ntitle: New\ndate: 2018-01-01\ntags: [new]\n---\nText.\n"})
    report = sites.build(root)
    wanted = {"2018/01/01/new.html", "tags/new/index.html"}
    assert wanted <= {problem.where for problem in report.problems}
    again = sites.build(root)
    assert wanted <= {problem.where for problem in again.problems}, "told only once"
    (root / "content/articles/new.md").unlink()
    sites.build(root)
    assert (root / "output/2018/01/01/new.html").read_text() == "mine"
    assert (root / "output/tags/new").read_text() == "mine"


@pytest.mark.parametrize("where", ["2017", "2017/04", "tags", "media", "assets"])
def test_no_way_through_a_linked_folder(where: str, tmp_path: Path) -> None:
    """Not to write, and not to delete."""
    root = sites.write(tmp_path / "root", ARCHIVE)
    outside = tmp_path / "outside"
    sites.write(outside, {"04/12/first-story.html": "theirs", "syria/index.html": "theirs", "pic.jpg": "theirs"})
    before = everything(outside)
    link = root / "output" / where
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    turn(root)
    assert link.is_symlink()
    assert everything(outside) == before


def test_no_way_through_a_folder_that_became_a_link(tmp_path: Path) -> None:
    root = sites.write(tmp_path / "root", ARCHIVE)
    sites.build(root)
    (root / "output/2017").rename(tmp_path / "moved")
    (root / "output/2017").symlink_to(tmp_path / "moved")
    before = everything(tmp_path / "moved")
    turn(root)
    assert everything(tmp_path / "moved") == before
    # What lies there is known to have been refused: put back as a real folder it is somebody else's.
    (root / "output/2017").unlink()


@pytest.mark.parametrize("kind", ["link to a file", "link to nothing", "folder", "pipe"])
def test_what_is_no_file_in_the_place_of_a_page(kind: str, tmp_path: Path) -> None:
    root = sites.write(tmp_path / "root", ARCHIVE)
    target = tmp_path / "target.txt"
    target.write_text("theirs")
    place = root / "output/2017/04/12/first-story.html"
    place.parent.mkdir(parents=True)
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    else:
        place.symlink_to(target if kind == "link to a file" else tmp_path / "nothing")
    before = os.lstat(place)
    report = turn(root)
    assert os.lstat(place).st_ino == before.st_ino
    assert any("first-story.html" in problem.where for problem in report.problems)
    assert target.read_text() == "theirs"
    assert not (tmp_path / "nothing").exists()


def test_a_folder_put_in_the_place_of_our_page(tmp_path: Path) -> None:
    """The page can't be made while it is there, and that is no reason for any other page to fail, or for a crash."""
    root = sites.write(tmp_path, ARCHIVE)
    sites.build(root)
    place = root / "output/2017/04/12/first-story.html"
    place.unlink()
    sites.write(root, {"output/2017/04/12/first-story.html/mine.txt": "mine"})
    report = sites.build(root)
    assert [problem.where for problem in report.problems] == ["2017/04/12/first-story.html"]
    (root / "content/articles/a.md").unlink()
    (root / "content/urls.jsonl").unlink()
    assert not sites.build(root).problems
    assert (place / "mine.txt").read_text() == "mine"


def test_pages_of_removed_articles_go_and_so_do_empty_folders(tmp_path: Path) -> None:
    root = sites.write(tmp_path, ARCHIVE)
    sites.build(root)
    sites.write(root, {"output/2017/04/13/mine.txt": "mine"})
    for name in ("articles", "media", "pages"):
        shutil.rmtree(root / "content" / name)
    (root / "content/urls.jsonl").unlink()
    sites.build(root)
    left = everything(root / "output")
    assert "2017/04/12" not in left
    assert left["2017/04/13/mine.txt"] == b"mine"
    assert "tags" not in left
    assert "media" not in left
    assert not sites.differences(
        {path: content for path, content in sites.read(root / "output").items() if path != "2017/04/13/mine.txt"},
        sites.clean(root, root / "scratch")[0],
    )


def test_the_ledger_knows_what_was_refused(tmp_path: Path) -> None:
    """A page that was refused was never ours: what stands in its place later is still a stranger's."""
    root = sites.write(tmp_path / "root", ARCHIVE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / "output").mkdir(parents=True)
    (root / "output/2017").symlink_to(elsewhere)
    sites.build(root)
    (root / "output/2017").unlink()
    sites.write(root, {"output/2017/04/12/first-story.html": "mine"})
    turn(root)
    assert (root / "output/2017/04/12/first-story.html").read_text() == "mine"


def test_nothing_is_written_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole tree around is looked at, links and empty folders too."""
    world = tmp_path / "world"
    root = sites.write(world / "archive", ARCHIVE)
    sites.write(world, {"beside.txt": "x", "archive/themes/mine/theme.toml": 'name = "mine"\nextends = "broadsheet"\n'})
    (root / "content/articles/link.md").symlink_to(world / "beside.txt")
    (root / "content/media/link.jpg").symlink_to(world / "beside.txt")
    (root / "content/articles/out").symlink_to(world)
    sites.write(root, {"content/site.toml": '[site]\ntheme = "mine"\n'})
    package = Path(pipeline.__file__).parent
    ours = {path: path.stat().st_mtime_ns for path in package.rglob("*") if "__pycache__" not in path.parts}
    (world / "home").mkdir()
    monkeypatch.setenv("HOME", str(world / "home"))
    monkeypatch.setenv("TMPDIR", str(world / "tmp"))
    (world / "tmp").mkdir()
    monkeypatch.chdir(world / "home")
    before = everything(world)
    turn(root)
    after = everything(world)
    new = {path for path in after if after[path] != before.get(path)}
    gone = before.keys() - after.keys()
    allowed = ("archive/content/.cache", "archive/content/urls.jsonl", "archive/output", "archive/content/site.toml")
    assert not [path for path in new if not path.startswith(allowed) and after[path] != "folder"]
    assert {path.split("/")[1] for path in new if path != "archive"} == {"content", "output"}
    assert not [path for path in gone if not path.startswith(("archive/content/articles", "archive/content/media"))]
    assert ours == {path: path.stat().st_mtime_ns for path in package.rglob("*") if "__pycache__" not in path.parts}
    pages = sites.read(root / "output")
    assert not [path for path in pages if "link" in path], "a link in the content was followed"


@pytest.mark.parametrize("line", ["../../out.html", "/etc/out.html", "a/../../out.html", "..\\out.html", "x/./y.html"])
def test_a_url_ledger_that_leads_out(line: str, tmp_path: Path) -> None:
    root = sites.write(tmp_path / "deep" / "root", ARCHIVE)
    sites.write(root, {"content/urls.jsonl": f'{{"id": "x", "url": {sites.quoted(line)}}}\n'})
    before = everything(tmp_path)
    report = sites.build(root)
    assert any(problem.where == "urls.jsonl" for problem in report.problems)
    new = everything(tmp_path).keys() - before.keys()
    assert not [path for path in new if not path.startswith(("deep/root/output", "deep/root/content/.cache"))]


def test_content_that_lies_in_the_output(tmp_path: Path) -> None:
    """`--output .` beside `content/`: the archive is a stranger's folder there and stays whole."""
    root = sites.write(tmp_path, ARCHIVE)
    before = everything(root / "content")
    for _ in range(2):
        pipeline.build(sites.load(root, root))
    after = everything(root / "content")
    assert before.items() <= after.items()
    shutil.rmtree(root / "content/articles")
    pipeline.build(sites.load(root, root))
    assert (root / "content/pages/about.md").exists()
    assert (root / "content/inbox/source.txt").read_text() == "Never changed.\n"


@pytest.mark.parametrize(
    "output", ["content/articles", "content/media", "content", "content/inbox/x", "content/pages/y"]
)
def test_output_inside_the_content_is_refused(output: str, tmp_path: Path) -> None:
    """The next build would read what this one wrote."""
    root = sites.write(tmp_path, ARCHIVE)
    before = everything(root / "content")
    with pytest.raises(SiteError, match="output"):
        pipeline.build(sites.load(root, root / output))
    assert everything(root / "content") == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    root = sites.write(tmp_path, ARCHIVE)
    (root / "output").mkdir(mode=0o500)
    with pytest.raises(SiteError, match="ermission"):
        sites.build(root)


def test_an_unwanted_argument_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that does not exist is a mistake to be told, not to be made."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["--content", "nothing", "--output", "out", "--quiet"]) == cli.EXIT_FAILED
    assert not everything(tmp_path)
