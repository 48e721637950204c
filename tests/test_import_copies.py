"""Copies and the articles that have their text: what the front matter says of other sources, whatever happens."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from site_builder import documents, import_copies, import_report, import_state, pipeline, settings
from site_builder.import_ledger import Appender, Row
from site_builder.imports import Options
from site_builder.model import Source
from tests.heaps import heap, install, story
from tests.test_imports import Archive


@pytest.fixture(autouse=True)
def importer() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        install(patch)
        yield


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path)
    made.put({"a.txt": story(1), "b.txt": story(1), "b.meta.toml": 'url = "https://paper.example/b"\n'})
    return made


def others(archive: Archive, path: str = "") -> list[str]:
    """The files that an article names as its other sources; of the only article, if there is one alone."""
    (only,) = [path] if path else archive.articles
    return [f"{one.file}#{one.part}" if one.part else one.file for one in archive.article(only).other_sources]


def holder(archive: Archive, source: str) -> str:
    found: str = [row["article"] for row in archive.ledger if row["source"] == source and "amended" not in row][-1]
    return found


def is_sound(archive: Archive) -> None:
    """Whatever came before: each copy is on its article, what the ledger says was written is there, all is known."""
    # An article's source may take another text and, when it takes its old one back, be a copy of it.
    own = {row["article"]: row["source"] for row in archive.ledger if {"wrote", "amended"} & row.keys() == {"wrote"}}
    newest = {row["source"]: row for row in archive.ledger if not row.get("amended")}
    wanted: dict[str, list[str]] = {path: [] for path in archive.articles}
    for name, row in sorted(newest.items()):
        if row.get("same_as") and own[row["article"]] != name:
            wanted[row["article"]].append(name)
    assert {path: others(archive, path) for path in archive.articles} == wanted
    wrote = {row["article"]: row["wrote"] for row in archive.ledger if row.get("wrote")}
    for path, text in archive.articles.items():
        assert wrote[path] == hashlib.sha256(text.encode()).hexdigest(), "else it would pass for an edited one"
        assert documents.write(archive.article(path)) == text
    before = archive.articles, archive.ledger
    for _ in range(2):
        assert archive.outcomes().keys() <= {"known"} and (archive.articles, archive.ledger) == before
        shutil.rmtree(archive.content / ".cache", ignore_errors=True)


def test_the_article_names_the_other_sources_with_what_is_known_of_them(archive: Archive) -> None:
    facts = "url=https://paper.example/h retrieved=2020-01-01"
    archive.put({"c.heap": heap([(f"id=7 {facts}", story(1) + "\nEmbed share\n")])})
    assert archive.outcomes() == {"taken": 1, "copy": 2}
    (path,) = archive.articles
    sums = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in
            (("b", story(1)), ("c", story(1) + "\nEmbed share\n"))}  # fmt: skip
    assert archive.article(path).source.file == "a.txt" and archive.article(path).source.url == ""
    assert archive.article(path).other_sources == (
        Source("b.txt", "", "https://paper.example/b", "", "text", "", sums["b"]),
        Source("c.heap", "id=7", "https://paper.example/h", "", "text", "2020-01-01", sums["c"]),
    )
    is_sound(archive)


def test_a_copy_that_comes_later_is_added_where_its_name_belongs(archive: Archive) -> None:
    archive.put({"z.txt": story(1)})
    archive.take()
    assert others(archive) == ["b.txt", "z.txt"]
    archive.put({"m.txt": story(1)})
    assert archive.outcomes() == {"known": 3, "copy": 1}
    assert others(archive) == ["b.txt", "m.txt", "z.txt"]
    is_sound(archive)


def test_what_is_learnt_of_a_copy_later_is_written_too(archive: Archive) -> None:
    archive.take()
    archive.put({"b.meta.toml": 'url = "https://paper.example/b"\nretrieved = "2019-07-01"\n'})
    assert archive.outcomes() == {"known": 1, "copy": 1}
    (path,) = archive.articles
    assert [one.retrieved for one in archive.article(path).other_sources] == ["2019-07-01"]
    is_sound(archive)


def test_a_copy_that_gets_a_text_of_its_own_is_named_no_more(archive: Archive) -> None:
    archive.take()
    archive.put({"b.txt": story(2)})
    assert archive.outcomes() == {"taken": 1, "known": 1}
    assert [others(archive, path) for path in archive.articles] == [[], []]
    is_sound(archive)


def test_copies_go_with_the_text_when_the_first_source_takes_another(archive: Archive) -> None:
    archive.put({"c.txt": story(1)})
    archive.take()
    archive.put({"a.txt": story(2)})
    archive.take()
    assert others(archive, holder(archive, "a.txt")) == []
    assert others(archive, holder(archive, "b.txt")) == ["c.txt"]
    is_sound(archive)


def test_a_forced_import_leaves_all_as_it_was(archive: Archive) -> None:
    archive.take()
    before = archive.articles
    assert archive.outcomes(force=True) == {"taken": 1, "copy": 1} and archive.articles == before
    assert archive.outcomes(archive.inbox / "a.txt", force=True) == {"taken": 1} and archive.articles == before
    is_sound(archive)


def test_an_edited_article_is_left_and_told_once_and_a_refresh_adds_them(archive: Archive) -> None:
    archive.take()
    (path,) = archive.articles
    file = archive.content / path
    edited = file.read_text().replace("title:", "# checked by Ann\ntitle:")
    file.write_text(edited)
    archive.put({"c.txt": story(1)})
    tally = archive.take()
    assert tally.outcomes == {"known": 2, "copy": 1} and file.read_text() == edited
    (problem,) = tally.problems
    assert problem.where == path and "was edited" in problem.message
    shutil.rmtree(archive.content / ".cache")
    assert archive.outcomes() == {"known": 3} and file.read_text() == edited, "told once, for good"
    assert [row["source"] for row in archive.ledger if row.get("same_as")] == ["b.txt", "c.txt"], "nothing is lost"

    assert archive.outcomes(refresh=True, dry_run=True)["refreshed"] == 1 and file.read_text() == edited
    assert archive.outcomes(refresh=True)["refreshed"] == 1
    assert others(archive) == ["b.txt", "c.txt"] and "# checked by Ann\ntitle:" in file.read_text()
    before = archive.files
    assert archive.outcomes(refresh=True) == {"current": 1} and archive.outcomes() == {"known": 3}
    assert archive.files == before


def test_what_somebody_took_from_the_list_does_not_come_back(archive: Archive) -> None:
    archive.take()
    (path,) = archive.articles
    edited = documents.write(replace(archive.article(path), other_sources=()))
    (archive.content / path).write_text(edited)
    for options in ({}, {"refresh": True}, {}):
        archive.outcomes(**options)
        assert archive.articles[path] == edited
    shutil.rmtree(archive.content / ".cache")
    assert archive.outcomes() == {"known": 2} and archive.articles[path] == edited


def test_a_refresh_of_other_fields_keeps_the_list(archive: Archive) -> None:
    archive.take()
    (path,) = archive.articles
    real = documents.write(archive.article(path))
    with pytest.MonkeyPatch.context() as patch:
        from site_builder import extraction

        extract = extraction.extract
        patch.setattr(
            extraction, "extract",
            lambda *args: replace(made := extract(*args), article=replace(made.article, section="World")),
        )  # fmt: skip
        archive.outcomes(refresh=True)
    assert archive.articles[path] == real.replace("\nlanguage:", "\nsection: World\nlanguage:", 1)
    assert archive.outcomes() == {"known": 2}


def test_a_deleted_article_stays_deleted(archive: Archive) -> None:
    archive.take()
    for path in archive.articles:
        (archive.content / path).unlink()
    archive.put({"c.txt": story(1)})
    assert archive.outcomes() == {"known": 2, "copy": 1} and not archive.articles
    assert archive.outcomes() == {"known": 3}


def test_dry_runs_and_into_touch_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.take()
    archive.put({"c.txt": story(1)})
    before = archive.files
    assert archive.outcomes(dry_run=True) == {"known": 2, "copy": 1}
    archive.take(archive.inbox, into=tmp_path / "into")
    assert archive.files == before
    archive.take()
    is_sound(archive)


def test_an_older_archive_gets_its_lists(archive: Archive) -> None:
    """Rows from before articles named their other sources, and from before rows had digests of fields."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_copies, "settle", lambda *_: None)
        archive.take()
    assert others(archive) == []
    ledger = archive.content / "imports.jsonl"
    for old in (False, True):
        rows = [{k: v for k, v in row.items() if not old or k != "fields"} for row in archive.ledger]
        ledger.write_text("".join(f"{json.dumps(row)}\n" for row in rows if not row.get("amended")))
        for path in archive.articles:
            text = documents.write(replace(archive.article(path), other_sources=()))
            (archive.content / path).write_text(text)
        assert archive.outcomes() == {"known": 2} and others(archive) == ["b.txt"]
        archive.put({"b.meta.toml": ""})
        assert archive.outcomes() == {"known": 1, "copy": 1}, "still one"
        is_sound(archive)
        archive.put({"b.meta.toml": 'url = "https://paper.example/b"\n'})
        archive.take()


def test_an_article_names_a_hundred_and_the_report_tells_of_more(archive: Archive) -> None:
    copies = {f"w{n:03}.txt": story(1) for n in range(import_state.MAX_OTHERS + 4)}
    archive.put(copies)
    tally = archive.take()
    assert len(others(archive)) == import_state.MAX_OTHERS
    assert [problem.message for problem in tally.problems] == ["105 sources have its text; it names 100 of them"]
    assert len([row for row in archive.ledger if row.get("amended")]) == 1, "written once"
    before = archive.files
    assert archive.outcomes() == {"known": 106} and archive.files == before


def test_a_very_long_address_makes_no_article_that_cannot_be_read(archive: Archive) -> None:
    long = "https://paper.example/" + "\\u2028" * 3000
    archive.put({f"w{n}.txt": story(1) for n in range(40)})
    archive.put({f"w{n}.meta.toml": f'url = "{long}"\n' for n in range(40)})
    archive.take()
    (path,) = archive.articles
    assert archive.article(path).other_sources and len(archive.articles[path]) < 200_000
    assert archive.outcomes() == {"known": 42}


NAMES = [
    "two  spaces.txt",
    "x#b.txt",
    "ü.txt",
    "b.txt.gz!x.txt",
    "\u202etxt.txt",
    "line\nbreak.txt",
    "no: yes.txt",
    "null",
]


def test_odd_names_come_through(archive: Archive) -> None:
    archive.put({name: story(1) for name in NAMES})
    archive.take()
    shown = [name.replace("\u202e", "") for name in sorted([*NAMES, "b.txt"])]
    assert others(archive) == shown
    before = archive.files
    for options in ({}, {"refresh": True}):
        archive.outcomes(**options)
        assert archive.files == before


def test_markdown_that_names_other_sources_itself_keeps_them_apart(archive: Archive) -> None:
    """An article of another archive: what it says of its sources is kept, and is none of what this one knows."""
    text = (
        "---\nid: k3f9x2ab7q\ntitle: Bridge\nsource: {file: old.txt, sha256: abc, url: 'https://x.example/1'}\n"
        "other_sources:\n  - {file: x.txt, url: 'https://x.example/2'}\n---\n\nThe bridge is closed.\n"
    )
    archive.put({"old.md": text, "older/old.md": text})
    tally = archive.take()
    assert tally.outcomes["copy"] == 2 and not tally.problems
    path = holder(archive, "old.md")
    made = archive.article(path)
    kept = made.extra["front_matter"]
    assert kept["other_sources"] == [{"file": "x.txt", "url": "https://x.example/2"}]
    assert (kept["id"], kept["source"]["file"]) == ("k3f9x2ab7q", "old.txt")
    assert made.source.url == "https://x.example/1" and others(archive, path) == ["older/old.md"]
    is_sound(archive)
    archive.outcomes(force=True)
    is_sound(archive)


def test_rows_about_articles_are_no_sources_of_a_report(archive: Archive) -> None:
    archive.take()
    assert [row["source"] for row in archive.ledger] == ["a.txt", "b.txt", "a.txt"]
    assert import_report.of_archive(archive.content)["outcomes"] == {"copy": 1, "taken": 1}


@pytest.mark.parametrize(
    "row",
    [
        {"article": "articles/none.md", "amended": "other_sources", "fields": {"other_sources": "x"}},
        {"article": "articles/none.md", "same_as": "x", "url": "\ud800", "part": "\0"},
        {"article": "", "same_as": "x", "amended": "other_sources"},
        {"article": "articles/undated/bridge-1-closes-after-vote.md", "same_as": "x", "url": "javascript:alert(1)"},
        {"article": "articles/undated/bridge-1-closes-after-vote.md", "amended": "title", "kept": "edited"},
    ],
)
def test_a_hostile_ledger_stops_nothing(archive: Archive, row: dict[str, str]) -> None:
    archive.take()
    before = archive.articles
    with (archive.content / "imports.jsonl").open("a") as ledger:
        ledger.write(json.dumps({"source": "x.txt", "sha256": "1", **row}) + "\n")
    archive.take()
    assert archive.articles == before


# ------------------------------------------------------------------------------- kills, workers, any history


def kill_at(patch: pytest.MonkeyPatch, where: str) -> None:
    """Stop before the article is written, before the ledger tells of it, or before the cache does."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    append = Appender.append

    def append_or_stop(self: Appender, row: Row) -> None:
        (killed if row.amended else append)(self, row)

    if where == "write_file":
        patch.setattr(import_copies, where, killed)
    elif where == "settled":
        patch.setattr(import_state.State, where, killed)
    elif where:
        patch.setattr(Appender, where, append_or_stop)


@pytest.mark.parametrize("where", ["write_file", "append", "settled"])
def test_a_killed_run_is_completed_by_the_next(archive: Archive, where: str) -> None:
    clean = Archive(archive.root / "clean")
    archive.put({"c.txt": story(2), "d.txt": story(2)})
    shutil.copytree(archive.inbox, clean.inbox, dirs_exist_ok=True)
    clean.take()

    with pytest.MonkeyPatch.context() as patch:
        kill_at(patch, where)
        with pytest.raises(KeyboardInterrupt):
            archive.take()
    archive.put({"e.txt": story(1)})
    clean.put({"e.txt": story(1)})
    assert archive.outcomes() == {"known": 4, "copy": 1}
    clean.take()
    assert archive.articles == clean.articles
    is_sound(archive)


def test_the_order_follows_no_worker(archive: Archive) -> None:
    archive.put({f"{n:02}.txt": story(n % 3, " ".join("more" for _ in range(n % 3 * 400))) for n in range(40)})
    made: list[dict[str, bytes]] = []
    for jobs in (1, 2, 5):
        root = archive.root / f"jobs{jobs}"
        shutil.copytree(archive.content, root / "content")
        site = settings.load(root / "content", root / "output", jobs)
        pipeline.import_sources(site, [], Options())
        copy = Archive.__new__(Archive)
        copy.root, copy.content, copy.inbox = root, root / "content", root / "content/inbox"
        made.append(copy.files)
    assert made[0] == made[1] == made[2]


STEP = st.tuples(st.sampled_from("abcd"), st.integers(0, 2), st.sampled_from(["", "x", "y"]))
KILL = st.sampled_from(["", "", "append", "settled"])


@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=st.lists(st.tuples(st.lists(STEP, min_size=1, max_size=4), KILL), min_size=1, max_size=5))
def test_any_history_ends_sound(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[list[tuple[str, int, str]], str]]
) -> None:
    """Sources that get each other's texts and other addresses, with kills around an article's change and its row."""
    archive = Archive(tmp_path_factory.mktemp("history"))
    for steps, kill in history:
        for name, text, address in steps:
            archive.put({f"{name}.txt": story(text), f"{name}.meta.toml": f'url = "https://x.example/{address}"\n'})
        with pytest.MonkeyPatch.context() as patch, suppress(KeyboardInterrupt):
            kill_at(patch, kill)
            assert not archive.take().problems
    assert not archive.take().problems
    is_sound(archive)
    for file in archive.inbox.glob("*.txt"):
        (sentence,) = [line for line in file.read_text().split("\n") if line.startswith("The council")]
        assert sentence in archive.articles[holder(archive, file.name)]
