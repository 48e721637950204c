"""Sources → Markdown, and the ledger: idempotent, what people edited or deleted stays so, and every line is somewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from site_builder import documents, imports, pipeline, settings
from site_builder.errors import SiteError
from site_builder.imports import Options, Tally
from site_builder.model import Article
from tests import sites

EAGLE = """The Eagle Has Landed

By Ann Lee

The lunar module came down on the Sea of Tranquillity on Sunday afternoon, and two men are on the Moon.

It had been in flight for four days, and had fuel for less than a minute when it stood at last.

All rights reserved. This material may not be published, broadcast or copied without permission.
"""
BRIDGE = """Bridge Closes After Vote

The council voted on Tuesday to close the old bridge, which engineers have called unsafe for years.

"We had no choice," the mayor said after the meeting. "It will be rebuilt by the spring of next year."
"""
MOON = "articles/1969/07/the-eagle-has-landed.md"


class Archive:
    """An archive with an inbox, and what imports made of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = root / "content"
        self.inbox = self.content / "inbox"
        self.inbox.mkdir(parents=True)

    def put(self, files: Mapping[str, str | bytes]) -> None:
        """Write sources into the inbox."""
        sites.write(self.root, {f"content/inbox/{path}": text for path, text in files.items()})

    def take(self, *roots: Path, **options: Any) -> Tally:
        site = settings.load(self.content, self.root / "output", 1)
        return pipeline.import_sources(site, list(roots), Options(**options))

    def outcomes(self, *roots: Path, **options: Any) -> dict[str, int]:
        """An import without problems."""
        tally = self.take(*roots, **options)
        assert tally.problems == []
        return dict(tally.outcomes)

    @property
    def articles(self) -> dict[str, str]:
        """Path and text of every article."""
        files = sites.read(self.content)
        return {path: raw.decode() for path, raw in files.items() if path.startswith("articles/")}

    def article(self, path: str) -> Article:
        document, problems = documents.read((self.content / path).read_bytes(), path)
        assert document and not problems
        return document.article

    @property
    def files(self) -> dict[str, bytes]:
        """Every file of the archive but the cache, whose loss costs only time."""
        return {path: raw for path, raw in sites.read(self.content).items() if not path.startswith(".cache/")}

    @property
    def ledger(self) -> list[dict[str, Any]]:
        lines = (self.content / "imports.jsonl").read_text("utf-8").split("\n")
        assert lines.pop() == "", "each line of the ledger is whole"
        return [json.loads(line) for line in lines]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path)
    made.put({"eagle.txt": EAGLE, "eagle.meta.toml": 'date = "1969-07-20"\npublication = "The Paper"\n'})
    return made


# ---------------------------------------------------------------------------------------------------- taking


def test_a_source_becomes_an_article_that_says_where_it_came_from(archive: Archive) -> None:
    assert archive.outcomes() == {"taken": 1}
    assert list(archive.articles) == [MOON]
    made = archive.article(MOON)
    sha256 = hashlib.sha256(EAGLE.encode()).hexdigest()
    assert (made.title, made.authors, made.date) == ("The Eagle Has Landed", ("Ann Lee",), "1969-07-20")
    assert (made.publication, made.status) == ("The Paper", "published")
    assert (made.source.file, made.source.format, made.source.sha256) == ("eagle.txt", "text", sha256)
    assert len(made.id) == imports.ID_LENGTH and made.id.isalnum() and made.id == made.id.lower()


def test_every_line_of_a_source_is_in_the_article_or_in_the_ledger(archive: Archive) -> None:
    archive.take()
    article, (row,) = archive.articles[MOON], archive.ledger
    assert row["source"] == "eagle.txt" and row["article"] == MOON
    assert row["wrote"] == hashlib.sha256(article.encode()).hexdigest()
    kept = {number: (place, rule, text) for number, place, rule, text in row.get("lines", [])}
    for number, line in enumerate(EAGLE.split("\n"), 1):
        if line.strip():
            name = line.removeprefix("By ")
            assert name in article or kept[number][2] == line, line
    assert all(place and rule for place, rule, _ in kept.values())


def test_what_the_settings_and_options_say_holds_where_sources_are_silent(archive: Archive) -> None:
    sites.write(archive.root, {"content/site.toml": '[import]\nyear = "2017"\npublication = "Die Zeitung"\n'})
    archive.put({"bridge.txt": BRIDGE.replace("Vote\n", "Vote\n\nPublished April 12\n")})
    archive.take()
    (path,) = [path for path in archive.articles if path != MOON]
    assert archive.article(path).publication == "Die Zeitung" and archive.article(path).date.startswith("2017-04-12")
    assert archive.article(MOON).publication == "The Paper"


def test_a_day_without_a_year_stays_so_until_somebody_names_the_year(archive: Archive) -> None:
    archive.put({"bridge.txt": BRIDGE.replace("Vote\n", "Vote\n\nPublished April 12\n")})
    archive.take()
    found = [archive.article(path).date for path in archive.articles if path != MOON]
    assert [date.rstrip("?") for date in found] == ["XXXX-04-12"]
    other = Archive(archive.root / "other")
    other.put({"bridge.txt": (archive.inbox / "bridge.txt").read_bytes()})
    assert other.outcomes(year="2017") == {"taken": 1}
    assert [other.article(path).date.rstrip("?") for path in other.articles] == ["2017-04-12"]


def test_two_articles_that_want_one_name_get_both(archive: Archive) -> None:
    archive.put({"again.txt": EAGLE.replace("four days", "five days"), "again.meta.toml": 'date = "1969-07"\n'})
    assert archive.outcomes() == {"taken": 2}
    first, second = sorted(archive.articles, key=len)
    assert first == MOON and second == f"articles/1969/07/the-eagle-has-landed-{archive.article(second).id}.md"
    assert archive.article(MOON).source.file == "again.txt", "the first in the order of names gets it"
    assert archive.outcomes() == {"known": 2}


def test_a_file_of_somebody_else_keeps_its_name(archive: Archive) -> None:
    sites.write(archive.root, {f"content/{MOON}": "Mine.\n"})
    archive.take()
    assert archive.articles[MOON] == "Mine.\n" and len(archive.articles) == 2


def test_any_number_of_workers_imports_the_same(tmp_path: Path) -> None:
    made = []
    for jobs in (1, 2):
        archive = Archive(tmp_path / str(jobs))
        archive.put({f"{n // 10}/{n}.txt": EAGLE.replace("four days", f"{n} days") for n in range(40)})
        site = settings.load(archive.content, tmp_path / "output", jobs)
        tally = pipeline.import_sources(site, [], Options())
        assert tally.outcomes == {"taken": 40}
        made.append(archive.files)
    assert not sites.differences(made[0], made[1])


# ------------------------------------------------------------------------------------------------ idempotent


def test_a_second_import_does_nothing(archive: Archive) -> None:
    archive.take()
    before = archive.files
    assert archive.outcomes() == {"known": 1}
    assert archive.outcomes(archive.inbox) == {"known": 1}
    assert archive.outcomes(archive.inbox / "eagle.txt") == {"known": 1}
    assert archive.files == before


def test_an_edited_article_is_never_overwritten(archive: Archive) -> None:
    archive.take()
    sites.write(archive.root, {f"content/{MOON}": "---\ntitle: Mine\n---\n\nMy words.\n"})
    assert archive.outcomes() == {"known": 1}
    assert archive.outcomes(force=True) == {"edited": 1}
    assert "My words." in archive.articles[MOON]


def test_a_changed_source_makes_its_article_anew_under_the_same_id(archive: Archive) -> None:
    archive.take()
    before = archive.article(MOON)
    archive.put({"eagle.txt": EAGLE.replace("four days", "five days")})
    assert archive.outcomes() == {"taken": 1}
    after = archive.article(MOON)
    assert "five days" in after.body and after.id == before.id and after.source.sha256 != before.source.sha256
    assert list(archive.articles) == [MOON]
    assert archive.outcomes() == {"known": 1}


def test_a_changed_title_or_date_leaves_the_file_where_it_is(archive: Archive) -> None:
    archive.take()
    archive.put({"eagle.meta.toml": 'title = "Moon"\ndate = "1970-01-02"\n'})
    assert archive.outcomes() == {"taken": 1}
    assert list(archive.articles) == [MOON] and archive.article(MOON).date == "1970-01-02"


def test_a_changed_source_of_an_edited_article_is_told_and_changes_nothing(archive: Archive) -> None:
    archive.take()
    sites.write(archive.root, {f"content/{MOON}": "Mine.\n"})
    archive.put({"eagle.txt": EAGLE.replace("four days", "five days")})
    tally = archive.take()
    assert tally.outcomes == {"edited": 1} and archive.articles == {MOON: "Mine.\n"}
    assert [(problem.where, problem.hint) for problem in tally.problems] == [("eagle.txt", f"compare it with {MOON}")]
    assert archive.outcomes() == {"known": 1}, "it is told once"


@pytest.mark.parametrize("name", ["eagle.meta.toml", "eagle.txt.meta.toml"])
def test_a_changed_file_of_facts_imports_again(archive: Archive, name: str) -> None:
    (archive.inbox / "eagle.meta.toml").unlink()
    archive.take()
    (path,) = archive.articles
    archive.put({name: 'date = "1969-07-21"\n'})
    assert archive.outcomes() == {"taken": 1}
    assert archive.article(path).date == "1969-07-21"
    (archive.inbox / name).unlink()
    assert archive.outcomes() == {"taken": 1}
    assert archive.article(path).date == ""


def test_a_broken_file_of_facts_holds_its_source_back(archive: Archive) -> None:
    archive.put({"eagle.meta.toml": "dat = 1969\n"})
    tally = archive.take()
    assert [problem.where for problem in tally.problems] == ["eagle.meta.toml"] and not archive.articles
    archive.put({"eagle.meta.toml": 'date = "1969-07-20"\n'})
    assert archive.outcomes() == {"taken": 1}


def test_a_deleted_article_does_not_come_back_unless_it_is_forced(archive: Archive) -> None:
    archive.take()
    before = archive.articles
    (archive.content / MOON).unlink()
    assert archive.outcomes() == {"known": 1} and not archive.articles
    archive.put({"eagle.txt": EAGLE.replace("four days", "five days")})
    assert archive.outcomes() == {"deleted": 1} and not archive.articles
    archive.put({"eagle.txt": EAGLE})
    assert archive.outcomes(force=True) == {"taken": 1}
    assert archive.articles == before


def test_a_source_that_is_gone_takes_nothing_with_it(archive: Archive) -> None:
    archive.take()
    before = archive.articles
    for path in archive.inbox.iterdir():
        path.unlink()
    assert archive.outcomes() == {} and archive.articles == before


# ---------------------------------------------------------------------------------------------------- copies


def test_exact_copies_are_taken_once(archive: Archive) -> None:
    archive.put({"z/copy.txt": EAGLE, "z/another.txt": EAGLE})
    assert archive.outcomes() == {"taken": 1, "copy": 2}
    assert list(archive.articles) == [MOON]
    assert [(row["source"], row.get("same_as", row.get("amended", ""))) for row in archive.ledger] == [
        ("eagle.txt", ""),
        ("z/another.txt", "eagle.txt"),
        ("z/copy.txt", "eagle.txt"),
        ("eagle.txt", "other_sources"),
    ]
    assert archive.outcomes() == {"known": 3}


def test_a_copy_that_becomes_a_text_of_its_own_gets_an_article_of_its_own(archive: Archive) -> None:
    archive.take()
    before = archive.articles[MOON]
    archive.put({"z/copy.txt": EAGLE})
    archive.take()
    assert archive.articles[MOON] != before
    archive.put({"z/copy.txt": BRIDGE})
    assert archive.outcomes() == {"taken": 1, "known": 1}
    assert archive.articles[MOON] == before and len(archive.articles) == 2
    assert len({archive.article(path).id for path in archive.articles}) == 2


def test_the_text_of_a_copy_stays_when_what_it_was_a_copy_of_changes(archive: Archive) -> None:
    archive.put({"z/copy.txt": EAGLE})
    archive.take()
    archive.put({"eagle.txt": BRIDGE})
    archive.take()
    archive.take()
    texts = "".join(archive.articles.values())
    assert "Tranquillity" in texts and "council voted" in texts
    assert archive.outcomes() == {"known": 2}


def test_folders_with_files_of_one_name_do_not_overwrite_each_other(archive: Archive, tmp_path: Path) -> None:
    for name, text in (("old-2016", EAGLE), ("old-2017", BRIDGE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "001.txt").write_text(text)
    assert archive.outcomes(tmp_path / "old-2016") == {"taken": 1}
    assert archive.outcomes(tmp_path / "old-2017") == {"taken": 1}
    assert len(archive.articles) == 2
    named = ["old-2016/", "old-2016/001.txt", "old-2017/", "old-2017/001.txt"]
    assert [row["source"] for row in archive.ledger] == named
    assert archive.outcomes(tmp_path / "old-2016", tmp_path / "old-2017") == {"known": 2}
    assert archive.outcomes(tmp_path / "old-2016" / "001.txt") == {"known": 1}


@pytest.mark.parametrize("at_once", [True, False])
def test_two_folders_of_one_name_are_two(archive: Archive, tmp_path: Path, at_once: bool) -> None:
    folders = [tmp_path / "a/same", tmp_path / "b/same"]
    for folder, text in zip(folders, (EAGLE, BRIDGE), strict=True):
        folder.mkdir(parents=True)
        (folder / "001.txt").write_text(text)
    for roots in [folders] if at_once else [[folder] for folder in folders]:
        archive.take(*roots)
    assert sorted(row["source"] for row in archive.ledger) == ["same/", "same/001.txt", "same~2/", "same~2/001.txt"]
    assert len(archive.articles) == 2
    assert archive.outcomes(*reversed(folders)) == {"known": 2}
    assert archive.outcomes(tmp_path / "a", tmp_path / "a/same") == {"copy": 1, "known": 1}


def test_a_folder_from_elsewhere_and_one_in_the_inbox_are_two(archive: Archive, tmp_path: Path) -> None:
    sites.write(tmp_path, {"else/old/001.txt": BRIDGE})
    archive.put({"old/001.txt": EAGLE.replace("four", "five")})
    assert archive.outcomes(tmp_path / "else/old") == {"taken": 1}
    assert archive.ledger[-1]["source"] == "old~2/001.txt"
    assert archive.outcomes() == {"taken": 2} and len(archive.articles) == 3


def test_a_folder_of_the_inbox_that_takes_the_name_of_one_from_elsewhere_is_told(
    archive: Archive, tmp_path: Path
) -> None:
    sites.write(tmp_path, {"else/old/001.txt": BRIDGE})
    archive.take(tmp_path / "else/old")
    before = archive.articles
    archive.put({"old/001.txt": EAGLE.replace("four", "five"), "old/002.txt": EAGLE})
    for roots in ([], [archive.inbox / "old"]):
        tally = archive.take(*roots)
        assert [problem.where for problem in tally.problems] == ["inbox/old/"]
    assert all(archive.articles[path] == text for path, text in before.items()) and len(archive.articles) == 2
    (archive.inbox / "old").rename(archive.inbox / "older")
    assert archive.outcomes() == {"known": 1, "taken": 1, "copy": 1}


def test_one_file_named_twice_is_one_source(archive: Archive) -> None:
    assert archive.outcomes(archive.inbox, archive.inbox / "eagle.txt", archive.inbox) == {"taken": 1}


# ------------------------------------------------------------------------------------------ --into, dry runs


def test_into_mirrors_the_sources_and_touches_nothing_else(archive: Archive, tmp_path: Path) -> None:
    archive.put({"deep/er/bridge.txt": BRIDGE})
    before = sites.read(archive.root, own=True)
    into = tmp_path / "else" / "where"
    assert archive.outcomes(archive.inbox, into=into) == {"taken": 2}
    assert sorted(sites.read(into)) == ["deep/er/bridge.md", "eagle.md"]
    after = sites.read(archive.root, own=True)
    assert {path: raw for path, raw in after.items() if not path.startswith("else/")} == before


def test_into_needs_no_archive_and_can_be_repeated(tmp_path: Path) -> None:
    sites.write(tmp_path, {"old/eagle.txt": EAGLE})
    site = settings.load(tmp_path / "no-archive", tmp_path / "output", 1)
    for _ in range(2):
        tally = pipeline.import_sources(site, [tmp_path / "old"], Options(into=tmp_path / "new"))
        assert tally.outcomes == {"taken": 1} and not tally.problems
    assert sorted(sites.read(tmp_path / "new")) == ["eagle.md"]
    assert not (tmp_path / "no-archive").exists()


def test_into_overwrites_what_differs_only_by_force(archive: Archive, tmp_path: Path) -> None:
    into = tmp_path / "into"
    archive.take(archive.inbox, into=into)
    whole = (into / "eagle.md").read_bytes()
    (into / "eagle.md").write_text("Mine.\n")
    tally = archive.take(archive.inbox, into=into)
    assert tally.outcomes == {"edited": 1} and "--force" in tally.problems[0].hint
    assert (into / "eagle.md").read_text() == "Mine.\n"
    assert archive.outcomes(archive.inbox, into=into, force=True) == {"taken": 1}
    assert (into / "eagle.md").read_bytes() == whole


def test_into_keeps_sources_apart_that_differ_only_in_their_ending(archive: Archive, tmp_path: Path) -> None:
    archive.put({"eagle.text": BRIDGE, "eagle": EAGLE.replace("four", "five")})
    for _ in range(2):
        assert archive.outcomes(archive.inbox, into=tmp_path / "into") == {"taken": 3}
    texts = sites.read(tmp_path / "into")
    assert len(texts) == 3 and len(set(texts.values())) == 3


def test_a_dry_run_writes_nothing_and_says_the_same(archive: Archive) -> None:
    archive.put({"z.txt": EAGLE, "bridge.txt": BRIDGE})
    before = sites.read(archive.content)
    dry = archive.take(dry_run=True)
    assert sites.read(archive.content) == before and not (archive.content / ".cache").exists()
    wet = archive.take()
    assert (dry.outcomes, dry.rules) == (wet.outcomes, wet.rules)
    assert len(archive.articles) == 2


# ----------------------------------------------------------------------------------- what can go wrong on disk


def test_a_kill_between_article_and_ledger_leaves_no_second_article(archive: Archive) -> None:
    archive.take()
    articles, ledger = archive.articles, (archive.content / "imports.jsonl").read_bytes()
    (archive.content / "imports.jsonl").unlink()
    assert archive.outcomes() == {"taken": 1}
    assert archive.articles == articles and (archive.content / "imports.jsonl").read_bytes() == ledger


@pytest.mark.parametrize("length", [1, 20, -20, -2])
def test_a_broken_last_line_costs_that_line_alone(archive: Archive, length: int) -> None:
    archive.put({"bridge.txt": BRIDGE})
    archive.take()
    file, articles = archive.content / "imports.jsonl", archive.articles
    first, last = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + last[:length])
    tally = archive.take()
    assert tally.outcomes == {"known": 1, "taken": 1} and archive.articles == articles
    assert [(problem.where, problem.line) for problem in tally.problems] == [("imports.jsonl", 2)]
    assert file.read_bytes() == first + last
    assert archive.outcomes() == {"known": 2}, "it is told once"


def test_a_broken_last_line_whose_source_is_gone_is_told_once(archive: Archive) -> None:
    archive.take()
    with (archive.content / "imports.jsonl").open("ab") as ledger:
        ledger.write(b'{"source": "gone.txt", "sha')
    dry = archive.take(dry_run=True)
    assert [problem.line for problem in dry.problems] == [2] and dry.problems == archive.take().problems
    assert archive.outcomes() == {"known": 1}


def test_a_last_line_that_lacks_only_its_end_counts(archive: Archive) -> None:
    archive.take()
    file = archive.content / "imports.jsonl"
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    archive.put({"bridge.txt": BRIDGE})
    assert archive.outcomes() == {"known": 1, "taken": 1}
    assert [row["source"] for row in archive.ledger] == ["eagle.txt", "bridge.txt"]


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b"3",
        b"null",
        b"{}",
        b'{"source": "x"}',
        b'{"source": [], "sha256": ""}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"source": "x.txt", "sha256": "", "article": "../outside.md"}',
        b'{"source": "x.txt", "sha256": "", "article": "/etc/passwd"}',
        b'{"source": "x.txt", "sha256": "", "article": "articles/../../outside.md"}',
        b'{"source": "x.txt", "sha256": "", "article": "site.toml"}',
    ],
)
def test_a_line_that_is_none_of_ours_is_told_and_passed_over(archive: Archive, line: bytes) -> None:
    archive.take()
    with (archive.content / "imports.jsonl").open("ab") as ledger:
        ledger.write(line + b"\n\n")
    tally = archive.take()
    assert tally.outcomes == {"known": 1}
    assert [(problem.where, problem.line) for problem in tally.problems] == [("imports.jsonl", 2)]


def test_a_ledger_from_strangers_leads_to_no_file_outside(archive: Archive) -> None:
    (archive.root / "outside.md").write_text("Mine.\n")
    wrote = hashlib.sha256(b"Mine.\n").hexdigest()
    row = {"source": "eagle.txt", "sha256": "0", "article": "../outside.md", "id": "x", "wrote": wrote}
    (archive.content / "imports.jsonl").write_text(json.dumps(row) + "\n")
    archive.take(force=True)
    assert (archive.root / "outside.md").read_text() == "Mine.\n" and list(archive.articles) == [MOON]


def test_names_with_odd_characters_stay_one_line_of_the_ledger(archive: Archive) -> None:
    names = ["a\u2028b.txt", "a\x85b.txt", "a\nb.txt", 'a"b.txt', "a\\b.txt", "é.txt", "a:b*?.txt"]
    archive.put({name: EAGLE.replace("four", str(n)) for n, name in enumerate(names)})
    assert archive.outcomes() == {"taken": len(names) + 1}
    assert archive.outcomes() == {"known": len(names) + 1}


def test_a_name_that_is_no_text_is_told(archive: Archive) -> None:
    try:
        (archive.inbox / "\udcff.txt").write_text(BRIDGE)
    except OSError:
        pytest.skip("this file system takes no such name")
    tally = archive.take()
    assert tally.outcomes == {"taken": 1}
    assert [str(problem) for problem in tally.problems] == ["\\xff.txt: has a name that is not UTF-8 (rename it)"]


def test_a_root_that_does_not_exist_stops_before_anything_is_done(archive: Archive) -> None:
    with pytest.raises(SiteError, match="no such file or folder"):
        archive.take(archive.inbox, archive.root / "nowhere")
    assert not archive.articles


def test_a_kind_that_does_not_exist_is_answered_with_those_there_are(archive: Archive) -> None:
    with pytest.raises(SiteError, match=r"no kind of source 'pdf' \(kinds: .*text"):
        archive.take(kind="pdf")


def test_a_file_in_the_place_of_a_folder_is_named(archive: Archive) -> None:
    (archive.content / "articles").write_text("a file")
    with pytest.raises(SiteError, match="can't be written"):
        archive.take()


def test_sources_are_never_changed(archive: Archive) -> None:
    archive.put({"empty.txt": "", "nul.txt": b"a\0b", "latin.txt": "Café in Genève".encode("cp1252")})
    before = sites.read(archive.inbox)
    tally = archive.take()
    assert sites.read(archive.inbox) == before
    assert sorted(problem.where for problem in tally.problems) == ["empty.txt", "nul.txt"]


def test_a_new_draft_takes_no_name_that_is_taken(archive: Archive) -> None:
    path = imports.begin(archive.content, "A New Story", "2017-04")
    assert path == str(archive.content / "articles/2017/04/a-new-story.md")
    assert archive.article("articles/2017/04/a-new-story.md").status == "draft"
    with pytest.raises(SiteError, match="exists already"):
        imports.begin(archive.content, "A new story?", "2017-04")


def test_what_has_more_lines_than_a_page_can_have_is_named_and_not_read_for_minutes(archive: Archive) -> None:
    archive.put({"a.txt": EAGLE, "line.txt": "word " * 1_000_001, "lines.txt": "a\n" * 200_001})
    tally = archive.take()
    assert "taken" in tally.outcomes
    assert [(problem.where, problem.message) for problem in tally.problems] == [
        ("line.txt", "has a line of more than 5,000,000 characters"),
        ("lines.txt", "has more than 200,000 lines"),
    ]


def test_no_article_is_written_that_a_build_would_refuse(archive: Archive) -> None:
    """A line of signs alone is no title, but nothing else can be one."""
    archive.put({"signs.txt": "'" * 300_000})
    (problem,) = archive.take().problems
    assert problem.where == "signs.txt" and "front matter" in problem.message
    assert not [path for path in (archive.content / "articles").rglob("*.md") if path.stat().st_size > 100_000]
    assert not sites.build(archive.root).problems
