"""The command line: exit codes, the last line, JSON; one clear line for what a user can mend; and all of it in README."""

from __future__ import annotations

import argparse
import errno
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import filelock
import pytest

from site_builder import arguments, batches, cli, context, pipeline, publishing, settings, theme
from site_builder.model import Facts, Page
from tests import sites

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")

ARCHIVE = """
-- content/site.toml --
[site]
title = "Countdown"
base_url = "https://news.example"
-- content/articles/a.md --
---
title: A
date: 2017-04-12
---

Text.
"""
BROKEN = "---\ntitle: A\ntitle: B\n---\n"
FACT = re.compile(r"[\d,]+ written, [\d,]+ removed, [\d,]+ kept in [\d,]+\.\d s")


@dataclass
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        return self.out.rstrip("\n").rpartition("\n")[2]

    @property
    def json(self) -> dict[str, Any]:
        value = json.loads(self.out)
        assert isinstance(value, dict) and self.out.count("\n") == 1
        return value

    def refused(self) -> str:
        """The one line on stderr of a command that could not be done."""
        assert self.code == 2 and self.out == "" and "Traceback" not in self.err
        assert self.err.startswith("error: ") and self.err.count("\n") == 1 and self.err.endswith("\n")
        return self.err.removeprefix("error: ").rstrip("\n")


class Desk:
    """An archive, and commands run on it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = sites.write(root, ARCHIVE)
        self.content, self.output = root / "content", root / "output"
        self._capsys = capsys

    def put(self, files: dict[str, str | bytes]) -> None:
        sites.write(self.root, {f"content/{path}": text for path, text in files.items()})

    def run(self, *arguments: str | Path) -> Ran:
        self._capsys.readouterr()
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = self._capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    def build(self, *arguments: str | Path) -> Ran:
        return self.run("--content", self.content, "--output", self.output, "--jobs", "1", *arguments)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


# ------------------------------------------------------------------------------------------------- exit codes


def test_a_build_ends_with_a_fact(desk: Desk) -> None:
    ran = desk.build()
    assert ran.code == 0 and ran.err == "" and FACT.fullmatch(ran.last)
    count = len(sites.read(desk.output))
    assert ran.last.startswith(f"{count} written, 0 removed, 0 kept in ")
    again = desk.run("build", "--content", desk.content, "--output", desk.output)
    assert again.last.startswith(f"0 written, 0 removed, {count} kept in ")


def test_large_numbers_are_grouped() -> None:
    report = pipeline.Report(written=412, removed=3, kept=98310)
    assert cli._fact(report, 4.06) == "412 written, 3 removed, 98,310 kept in 4.1 s"


def test_problems_are_told_and_are_no_failure_unless_strict(desk: Desk) -> None:
    desk.put({"articles/b.md": BROKEN})
    ran = desk.build()
    assert ran.code == 0 and FACT.fullmatch(ran.last)
    assert ran.err.startswith("problem: articles/b.md:3: ") and ran.err.count("\n") == 1
    assert "1 refused" in ran.out
    assert desk.build("--strict").code == 1
    assert desk.build("--strict", "--clean").code == 1
    desk.put({"articles/b.md": "---\ntitle: B\n---\n"})
    assert desk.build("--strict").code == 0


def test_quiet_prints_nothing_but_errors(desk: Desk) -> None:
    desk.put({"articles/b.md": BROKEN})
    assert desk.build("--quiet") == Ran(0, "", "")
    assert desk.build("--quiet", "--strict") == Ran(1, "", "")
    assert desk.build("--quiet", "--theme", "nobody").refused()


def test_json_is_one_object(desk: Desk) -> None:
    desk.put(
        {"articles/b.md": BROKEN, "inbox/c.txt": "A Headline\n\nA text that is long enough to be a story of its own.\n"}
    )
    report = desk.build("--json", "--explain").json
    assert report["written"] == len(sites.read(desk.output)) and report["articles"] == 2 and report["refused"] == 1
    assert report["imported"] == {"taken": 1} and report["seconds"] >= 0
    assert [(problem["where"], problem["line"]) for problem in report["problems"]] == [("articles/b.md", 3)]
    assert ["2017/04/12/a.html", "it is new"] in report["why"]
    assert desk.build("--json", "--strict").code == 1


def test_json_is_json_where_the_terminal_knows_no_unicode(desk: Desk) -> None:
    desk.put({"articles/é.md": BROKEN, "articles/\U0001f680.md": BROKEN})
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "site_builder",
        "--content",
        desk.content,
        "--output",
        desk.output,
        "--jobs",
        "1",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run([*command, "--json"], env=environment, capture_output=True, check=True)
    assert [problem["where"] for problem in json.loads(ran.stdout)["problems"]] == [
        "articles/é.md",
        "articles/\U0001f680.md",
    ]
    ran = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert b"articles/\\xe9.md" in ran.stderr and b"Traceback" not in ran.stderr


def test_explain_names_each_page_and_why(desk: Desk) -> None:
    desk.build()
    desk.put({"articles/a.md": "---\ntitle: A\ndate: 2017-04-12\n---\n\nOther text.\n"})
    lines = desk.build("--explain").out.splitlines()
    assert "2017/04/12/a.html: what it shows changed" in lines
    assert not [line for line in lines if line.startswith("404.html")]


def test_profile_says_where_the_time_went(desk: Desk) -> None:
    ran = desk.build("--profile")
    assert re.search(r"^ +\d+\.\d{3} s  \w", ran.out, re.MULTILINE) and FACT.fullmatch(ran.last)
    pages = sum(
        1 for path in sites.read(desk.output) if re.fullmatch(r"\d{4}/.*[^/]+\.html", path) and "index" not in path
    )
    assert re.search(rf"^ +{pages}(?:  +\d+\.\d{{3}} s){{3}}  article \(article\.html\)$", ran.out, re.MULTILINE)


def test_clean_makes_every_page_anew_and_the_same(desk: Desk) -> None:
    desk.build()
    before = sites.read(desk.output)
    (desk.output / "index.html").write_text("harmed")
    ran = desk.build("--clean", "--explain")
    assert len(ran.out.splitlines()) > len(before) and sites.read(desk.output) == before


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            ["nonsense"],
            ["--nonsense"],
            ["--jobs", "0"],
            ["--jobs", "many"],
            ["--jobs", "٣"],
            ["--jobs", "²"],
            ["import"],
        ),
        *(["import", "x", "--year", "17"], ["import", "x", "--year", "٢٠١٧"], ["new"], ["serve", "--port", "x"]),
    ],
)
def test_wrong_usage_is_2(desk: Desk, arguments: list[str]) -> None:
    ran = desk.run(*arguments)
    assert ran.code == 2 and ran.out == ""
    assert re.fullmatch(r"error: .+ \(site-builder( \w+)? --help lists what there is\)\n", ran.err)


def test_help_and_version_are_0(desk: Desk) -> None:
    for given in (["--help"], ["-h"], ["--version"], *([name, "--help"] for name in commands())):
        ran = desk.run(*given)
        assert ran.code == 0 and ran.out and not ran.err


def test_help_does_not_wait_for_heavy_packages() -> None:
    code = "import sys, site_builder.cli as c\ntry: c.main(['--help'])\nexcept SystemExit: pass\n"
    code += "print({'jinja2', 'babel', 'markdown', 'yaml', 'nh3', 'pygments'} & sys.modules.keys(), file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "set()"


# ------------------------------------------------------------------------------------------- the other commands


def test_import_says_what_it_did(desk: Desk) -> None:
    story = "A Headline Of The Day\n\nThe council voted on Tuesday to close the old bridge over the river.\n"
    sites.write(desk.root, {"old/a.txt": story, "old/b.txt": story, "old/empty.txt": ""})
    source, where = desk.root / "old", ("--content", desk.content, "--jobs", "1")
    dry = desk.run("import", source, *where, "--dry-run")
    assert dry.code == 0 and "(dry run, nothing written)" in dry.last and "== old/a.txt -> articles/" in dry.out
    assert "look at it: has fewer than 50 words" in dry.out
    ran = desk.run("import", source, *where)
    assert ran.code == 0 and re.match(r"1 imported, 1 the same as another, 1 with problems in [\d.]+ s", ran.last)
    assert ran.err == "problem: old/empty.txt: is empty (delete it, or fetch the page again)\n"
    assert re.match(r"2 known already, 1 with problems in ", desk.run("import", source, *where).last)
    assert desk.run("import", source, *where, "--strict").code == 1
    report = desk.run("import", source, *where, "--json").json
    assert report["outcomes"] == {"known": 2} and len(report["sources"]) == 2 and len(report["problems"]) == 1
    sites.write(desk.root, {"old/c.txt": f"{story}\nEmbed share\n"})
    report = desk.run("import", source, *where, "--json").json
    lines = [line for row in report["sources"] for line in row["lines"]]
    assert lines and all(list(line) == ["line", "place", "rule", "text"] for line in lines)
    assert desk.run("import", source, *where, "--quiet") == Ran(0, "", "")


def test_check_is_1_for_problems_and_2_without_a_site(desk: Desk) -> None:
    where = ("--content", desk.content, "--output", desk.output, "--jobs", "1")
    assert "no site was built here" in desk.run("check", *where).refused()
    desk.build()
    ran = desk.run("check", *where, "--verify")
    assert ran.code == 0 and re.fullmatch(r"0 problems in \d+ pages and [\d,]+ links in [\d.]+ s", ran.last)
    (desk.output / "index.html").write_text("harmed")
    ran = desk.run("check", *where)
    assert ran.code == 1 and "problem: index.html: is not as it was written" in ran.err
    assert desk.run("check", *where, "--json").json["problems"][0]["where"] == "index.html"
    assert desk.run("check", *where, "--quiet") == Ran(1, "", "")


def test_new_begins_a_draft_and_says_where(desk: Desk) -> None:
    ran = desk.run("new", "Moon: A “Story”", "--content", desk.content, "--date", "April 12, 2017")
    path = desk.content / "articles/2017/04/moon-a-story.md"
    assert ran == Ran(0, f"{path}\n", "")
    assert path.read_text("utf-8").startswith('---\ntitle: "Moon: A “Story”"\ndate: 2017-04-12\nstatus: draft\n---\n')
    assert (
        "exists already" in desk.run("new", "Moon: a story", "--content", desk.content, "--date", "2017-04").refused()
    )
    assert "is no date" in desk.run("new", "X", "--content", desk.content, "--date", "soon").refused()
    assert "needs a title" in desk.run("new", " ", "--content", desk.content).refused()
    assert "no such folder" in desk.run("new", "X", "--content", desk.root / "nowhere").refused()
    assert desk.build("--strict").code == 0 and "1 draft" in desk.build().out


# ------------------------------------------------------------------------------------ what a user can mend


def test_a_mistake_on_the_command_line_is_not_blamed_on_the_settings(desk: Desk) -> None:
    said = desk.build("--base-url", "example.org").refused()
    assert said == "--base-url: 'example.org' is no web address (write it like https://example.org)"


@pytest.mark.parametrize("name", ["site.toml", "authorities.yaml", "imports.jsonl", "urls.jsonl", "furniture.jsonl"])
@pytest.mark.parametrize("what", ["pipe", "folder"])
def test_what_is_no_file_stops_no_build_for_ever(desk: Desk, name: str, what: str) -> None:
    file = desk.content / name
    file.unlink(missing_ok=True)
    os.mkfifo(file) if what == "pipe" else file.mkdir()
    assert desk.build().refused() == f"{file}: is not a plain file (move it away)"


def test_a_link_to_itself_is_no_output(desk: Desk) -> None:
    desk.output.symlink_to(desk.output)
    assert str(desk.output) in desk.build().refused()


def test_a_pipe_in_the_cache_is_not_waited_for(desk: Desk) -> None:
    (desk.content / ".cache").mkdir(exist_ok=True)
    os.mkfifo(desk.content / ".cache/pictures.json")
    desk.put({"media/a.gif": sites.DOT})
    assert desk.build().code == 0


def test_a_file_where_a_folder_is_wanted_is_named(desk: Desk) -> None:
    article = desk.content / "articles/a.md"
    said = desk.run("--content", article, "--output", desk.output).refused()
    assert said == f"{article}: is no folder (name the archive's folder with --content)"
    cache = desk.content / ".cache"
    cache.write_text("mine")
    desk.put({"inbox/a.txt": "A Headline Of The Day\n\nThe council voted on Tuesday to close the old bridge.\n"})
    assert desk.build().refused().startswith(f"{cache}: can't be used: ")
    assert cache.read_text() == "mine"


def test_unknown_settings_are_listed_with_the_nearest_names(desk: Desk) -> None:
    desk.put({"site.toml": '[site]\ntitel = "x"\n[page]\nlist_size = 3\n'})
    said = desk.build().refused()
    assert "unknown setting 'site.titel', did you mean 'site.title'?" in said
    assert "unknown setting 'page', did you mean 'pages'?" in said
    assert not desk.output.exists()


def test_a_folder_that_is_missing_is_not_made(desk: Desk) -> None:
    for command in (["build"], []):
        said = desk.run(*command, "--content", desk.root / "nowhere", "--output", desk.output).refused()
        assert said.startswith(f"{desk.root / 'nowhere'}: there is no such folder")
    assert not (desk.root / "nowhere").exists() and not desk.output.exists()
    assert "no such file" in desk.run("import", desk.root / "nowhere", "--content", desk.content).refused()
    source = desk.content / "articles/a.md"
    assert "no such folder" in desk.run("import", source, "--content", desk.root / "nowhere").refused()


@pytest.mark.parametrize("below", ["", "/below/it"])
def test_a_file_in_the_place_of_the_output_is_left_alone(desk: Desk, below: str) -> None:
    desk.output.write_text("mine")
    where = desk.root / f"output{below}"
    said = desk.run("--content", desk.content, "--output", where).refused()
    assert str(desk.output) in said
    assert desk.output.read_text() == "mine"


def test_a_file_in_the_place_of_the_content_is_told(desk: Desk) -> None:
    (desk.root / "file").write_text("x")
    assert str(desk.root / "file") in desk.run("--content", desk.root / "file", "--output", desk.output).refused()


@pytest.mark.parametrize("where", [".", "articles", "inbox", "media/site", "articles/2017/x"])
def test_the_output_never_lies_among_the_sources(desk: Desk, where: str) -> None:
    before = sites.read(desk.content)
    assert "among the sources" in desk.run("--content", desk.content, "--output", desk.content / where).refused()
    assert sites.read(desk.content) == before


def lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a folder unreadable, for root as well, whom permissions do not bind."""
    real = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).rstrip("/") == str(folder):
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


@pytest.mark.parametrize("folder", ["articles", "media"])
def test_a_folder_that_cannot_be_read_stops_the_build_and_leaves_the_site(
    desk: Desk, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put({"media/a.jpg": b"x"})
    desk.build()
    before = sites.read(desk.output)
    lock(desk.content / folder, monkeypatch)
    said = desk.build().refused()
    assert said.startswith(f"{desk.content / folder}: ") and "ermission" in said
    assert sites.read(desk.output) == before, "its articles are not deleted ones"


def test_a_folder_of_sources_that_cannot_be_read_costs_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = "A Headline\n\nA text that is long enough to be a story of its own.\n"
    desk.put({"inbox/locked/a.txt": story, "inbox/open/b.txt": f"Another {story}"})
    lock(desk.content / "inbox/locked", monkeypatch)
    ran = desk.build("--strict")
    assert ran.code == 1 and "inbox: 1 imported" in ran.out
    assert f"problem: {desk.content / 'inbox/locked'}: can't be read: Permission denied" in ran.err


def test_a_source_that_cannot_be_read_costs_itself(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    story = "A Headline Of The Day\n\nThe council voted on Tuesday to close the old bridge over the river.\n"
    desk.put({"inbox/locked.txt": story, "inbox/open.txt": f"Another {story}"})
    real = Path.open

    def open_(self: Path, *arguments: Any, **more: Any) -> Any:
        if self.name == "locked.txt":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, *arguments, **more)

    monkeypatch.setattr(Path, "open", open_)
    ran = desk.build()
    assert ran.code == 0 and "inbox: 1 imported" in ran.out
    assert "problem: locked.txt: can't be read: Permission denied" in ran.err


def test_two_builds_at_once_get_one_clear_line(desk: Desk) -> None:
    desk.build()
    before = sites.read(desk.output)
    desk.put({"inbox/a.txt": "A Headline\n\nA text that is long enough to be a story.\n"})
    for folder in (desk.content / ".cache", desk.output / publishing.FOLDER):
        with filelock.FileLock(folder / "lock"):
            said = desk.build().refused()
            assert said.endswith("another build is at work here (wait until it has ended)")
    assert sites.read(desk.output) == before
    assert desk.build().code == 0


def test_a_second_process_is_refused_while_the_first_one_builds(desk: Desk) -> None:
    sites.write(desk.root, sites.many(400))
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "site_builder",
        "--jobs",
        "1",
        "--content",
        desk.content,
        "--output",
        desk.output,
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    first = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while not list(desk.output.glob("2*/*")) and first.poll() is None:
            time.sleep(0.01)
        second = desk.build() if first.poll() is None else None
    finally:
        _, err = first.communicate(timeout=60)
    assert first.returncode == 0, err
    if second and second.code:
        assert "another build is at work here" in second.refused()
    assert desk.build().last.startswith("0 written, 0 removed, ")


# ------------------------------------------------------------------------------------------------- full disks


@contextmanager
def small_disk(where: Path, megabytes: int) -> Iterator[None]:
    """A file system of its own at `where`; only root can make one."""
    where.mkdir(exist_ok=True)
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(where)]
    if not mount or os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        yield
    finally:
        subprocess.run([str(shutil.which("umount")), "-l", str(where)], check=True)


def test_a_full_disk_is_one_clear_line_and_the_old_site_stands_whole(desk: Desk) -> None:
    with small_disk(desk.output, 4):
        assert desk.build().code == 0
        before = sites.read(desk.output)
        desk.put({f"articles/{n}.md": f"---\ntitle: N {n}\n---\n\n{'Long text. ' * 30_000}\n" for n in range(30)})
        ran = desk.build()
        said = ran.refused()
        assert "disk is full" in said or "is the disk full" in said
        after = sites.read(desk.output)
        assert all(after[path] == raw for path, raw in before.items() if path.endswith("a.html"))
        assert all(raw.rstrip().endswith(b"</html>") for path, raw in after.items() if path.endswith(".html"))
        for n in range(30):
            (desk.content / f"articles/{n}.md").unlink()
        assert desk.build().code == 0
        again = sites.read(desk.output)
        assert {path: again.get(path) for path in before} == before


def test_a_disk_that_is_full_of_others_things_is_told_too(desk: Desk) -> None:
    with small_disk(desk.output, 1):
        with (desk.output / "others.bin").open("wb", buffering=0) as file, pytest.raises(OSError, match="space"):
            while True:
                file.write(b"x" * 65536)
        said = desk.build().refused()
        assert "full" in said and "delete the output" not in said
        (desk.output / "others.bin").unlink()
        assert desk.build().code == 0


def test_no_room_for_an_article_of_an_import(desk: Desk) -> None:
    shutil.rmtree(desk.content)
    with small_disk(desk.content, 1):
        story = "A Headline Of The Day\n\n" + "The council voted on Tuesday to close the old bridge. " * 20_000
        sites.write(desk.root, {"old/a.txt": story})
        said = desk.run("import", desk.root / "old", "--content", desk.content, "--jobs", "1").refused()
        assert "No space left on device (is the disk full?)" in said
        assert not [path for path in desk.content.rglob("*") if path.suffix in (".md", ".tmp")]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_write_that_fails_for_want_of_room(desk: Desk, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.build()
    before = sites.read(desk.output)
    desk.put({"site.toml": '[site]\ntitle = "Another"\n'})

    def write(temporary: str, content: object) -> None:
        Path(temporary).write_text("half")
        raise OSError(code, os.strerror(code), temporary)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_write", write)
        assert "the disk is full" in desk.build().refused()
    assert sites.read(desk.output) == before
    assert desk.build().code == 0 and sites.read(desk.output) != before


# --------------------------------------------------------------------------------------------- odd bytes

ODD = {
    "empty": b"",
    "blank": b" \n\n\t\n",
    "nul": b"A Headline\n\nText with \0 in it.\n",
    "binary": bytes(range(256)) * 40,
    "latin": "Café à la crème\n\nDéjà vu, encore une fois, à la télévision française.\n".encode("latin-1"),
    "utf16": "A Headline\n\nA text in sixteen bits.\n".encode("utf-16"),
    "controls": b"A\x1b[31m Headline\n\nText \x07 bell.\n",
    "front": b"---\n" * 5,
    "yaml": b"---\na: &a [*a, *a]\n---\n",
    "nested": b"---\na: " + b"[" * 9000 + b"\n---\n",
    "markers": b"> " * 20_000 + b"\n",
    "brackets": b"[" * 20_000 + b"](" * 20_000,
}


@pytest.mark.parametrize("folder", ["articles", "pages", "inbox"])
@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_bytes_cost_one_file_and_not_the_build(desk: Desk, folder: str, name: str) -> None:
    desk.put({f"{folder}/odd{'.txt' if folder == 'inbox' else '.md'}": ODD[name]})
    ran = desk.build()
    assert ran.code == 0 and "Traceback" not in ran.err and FACT.fullmatch(ran.last)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", ran.err + ran.out), "no message commands the terminal"
    assert (desk.output / "2017/04/12/a.html").exists()


@pytest.mark.parametrize("where", ["articles/big.md", "inbox/big.txt"])
def test_fifty_megabytes_in_one_line_are_refused_by_name(desk: Desk, where: str) -> None:
    path = desk.content / where
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(b"A Headline\n\n" + b"word " * 1000)
        file.truncate(50_000_000)  # what follows are NULs, which cost no disk
    ran = desk.build()
    assert ran.code == 0 and ran.err.count("\n") == 1 and f"problem: {path.name}" in ran.err.replace("articles/", "")
    path.write_bytes(b"word " * 10_000_000)
    started = time.process_time()
    ran = desk.build()
    assert ran.code == 0 and ran.err.count("\n") == 1 and ("20 MB" in ran.err or "20,000,000" in ran.err)
    assert time.process_time() - started < 5


def test_names_of_files_can_not_command_the_terminal(desk: Desk) -> None:
    desk.put({"articles/\x1b[31mred\n\u202e.md": BROKEN})
    ran = desk.build()
    assert ran.err.startswith("problem: articles/\\x1b[31mred\\n\\u202e.md:3: ") and ran.err.count("\n") == 1


# ----------------------------------------------------------------------------------------------- parts, join


def test_years_are_built_apart_and_joined(desk: Desk) -> None:
    desk.put({"articles/b.md": "---\ntitle: B\ndate: 2016-04-12\n---\n", "inbox/c.txt": "A text that waits.\n"})
    parts = [desk.root / year for year in ("2016", "2017")]
    for part in parts:
        ran = desk.run("build", "--content", desk.content, "--output", part, "--only", part.name, "--jobs", "1")
        assert ran.code == 0 and FACT.fullmatch(ran.last) and "archive: 1 article, " in ran.out
    assert not (desk.content / "imports.jsonl").exists()
    joined = desk.run("join", *parts, "--content", desk.content, "--output", desk.output, "--jobs", "1")
    assert joined.code == 0 and FACT.fullmatch(joined.last) and "archive: 2 articles" in joined.out
    (desk.content / "inbox/c.txt").unlink()
    ran = desk.run("build", "--content", desk.content, "--output", desk.root / "whole", "--jobs", "1")
    assert ran.code == 0 and sites.read(desk.output) == sites.read(desk.root / "whole")
    again = desk.run("join", *parts, "--content", desk.content, "--output", desk.output, "--strict")
    assert again.code == 0 and again.last.startswith("0 written, 0 removed, ")


def test_a_join_of_what_is_no_part_is_refused(desk: Desk) -> None:
    desk.build()
    said = desk.run("join", desk.output, "--content", desk.content, "--output", desk.root / "joined").refused()
    assert said.startswith(f"{desk.output}: is no part, or one that is not finished (build it with --only YEAR")


@pytest.mark.parametrize(
    "arguments",
    [
        ["join"],
        ["build", "--only", "17"],
        ["build", "--kinds", "tags"],
        ["build", "--only", "2017", "--cluster", "tcp://127.0.0.1:1"],
        ["build", "--only", "2017", "--kinds", "words"],
    ],
)
def test_wrong_usage_of_parts_is_2(desk: Desk, arguments: list[str]) -> None:
    ran = desk.run(*arguments)
    assert ran.code == 2 and re.fullmatch("error: .+\n", ran.err)


# ------------------------------------------------------------------------------------------------- README


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Each command's parser, by its name."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in arguments.parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            found = dict(action.choices)
    return found


def commands() -> list[str]:
    return list(parsers())


def table(heading: str, column: str) -> list[list[str]]:
    """The rows of the table in one section of README.md whose first column has this name."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("|")]
    starts = [n for n, row in enumerate(rows) if row[0].strip() == column]
    (start,) = starts
    end = next(
        (n for n in range(start + 2, len(rows)) if n + 1 < len(rows) and rows[n + 1][0].startswith("---")), len(rows)
    )
    return [[cell.strip() for cell in row] for row in rows[start + 2 : end]]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_command_is_in_readme_and_the_reverse() -> None:
    named = [quoted(row[0])[0].removeprefix("python build.py").strip() for row in table("Commands", "command")]
    assert [name.split()[0] if name else "build" for name in named] == commands()
    for name in named:
        wanted = [word.strip('".').removesuffix("...") for word in name.split()[1:]]
        positional = (
            [a.metavar or a.dest for a in parsers()[name.split()[0]]._actions if not a.option_strings] if name else []
        )
        assert [word.lower() for word in wanted] == [str(word).lower() for word in positional]


def test_every_option_is_in_readme_with_its_commands_and_the_reverse() -> None:
    documented = {
        (name, option.split()[0])
        for row in table("Commands", "option")
        for option in quoted(row[0])
        for name in (commands() if row[1] == "all" else row[1].split(", "))
    }
    real = {
        (name, option)
        for name, parser in parsers().items()
        for action in parser._actions
        for option in action.option_strings
        if option not in ("-h", "--help")
    }
    assert documented == real


def _settings() -> dict[str, Any]:
    """The dotted name and default of each setting."""
    site = settings.Site(Path(), Path())
    found: dict[str, Any] = {}
    for field in fields(site):
        value = getattr(site, field.name)
        if field.name in ("content", "output", "jobs"):
            continue
        if is_dataclass(value):
            found |= {f"{field.name.rstrip('_')}.{one.name}": getattr(value, one.name) for one in fields(value)}
        else:
            found[{"menu": "[[menu]]", "extra": "[extra]"}[field.name]] = value
    return found


def test_every_setting_is_in_readme_with_its_default_and_the_reverse() -> None:
    rows = table("Settings", "setting")
    documented = {name: row[1] for row in rows for name in quoted(row[0])}
    assert sorted(documented) == sorted(_settings())
    for name, value in _settings().items():
        cell = documented[name]
        if cell.startswith("`"):
            assert json.loads(cell.strip("`")) == (list(value) if isinstance(value, tuple) else value), name
        else:
            assert cell == "none" or (name, cell) == ("pages.terms", "all six")


def test_every_value_of_templates_is_in_readme_and_the_reverse() -> None:
    site = settings.Site(Path(), Path())
    batch = batches.Batch(site, theme.Theme("t", ()), Facts(), (Page("404.html", "not_found"),), (True,), {}, {})
    (ready,) = batches.contexts(batch)
    assert isinstance(ready, context.Context)
    draft = ready.html("404.html", "Title")
    given = {**draft.common, **draft.values}
    documented = [name.split("(")[0] for row in table("Themes", "value") for name in quoted(row[0])]
    assert sorted(documented) == sorted(given)


def test_every_exit_code_is_in_readme() -> None:
    assert {cli.EXIT_DONE, cli.EXIT_PROBLEMS, cli.EXIT_FAILED} == {0, 1, 2}
    assert re.search(r"Exit codes: 0 done, 1 done with problems .*, 2 could not be done", README)
