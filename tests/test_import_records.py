"""Sources of many Records: a row for each, a row for the file, nothing twice and nothing lost, whatever happens."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from site_builder import import_take, importers, imports, pipeline, settings
from site_builder.errors import SiteError
from site_builder.imports import Item, Options
from site_builder.model import Record
from tests.heaps import heap, install, story
from tests.test_imports import Archive


@pytest.fixture(autouse=True)
def importer() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        install(patch)
        yield


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def rows(archive: Archive) -> dict[str, dict[str, Any]]:
    """The newest row of each source."""
    return {row["source"]: row for row in archive.ledger}


def test_each_record_has_a_row_and_the_file_has_one_that_says_it_was_read(archive: Archive) -> None:
    text = heap([("line=1", story(1)), ("!has no text", ""), ("line=3 url=https://paper.example/3", story(3))])
    archive.put({"dump.heap": text})
    tally = archive.take()
    assert tally.outcomes == {"taken": 2} and [problem.where for problem in tally.problems] == [
        "dump.heap#!has no text"
    ]
    one, three, whole = archive.ledger
    assert [one["source"], three["source"], whole["source"]] == ["dump.heap#line=1", "dump.heap#line=3", "dump.heap"]
    assert (whole["records"], whole["skipped"]) == (2, {"has no text": 1}) and "article" not in whole
    source = archive.article(three["article"]).source
    assert (source.file, source.part, source.url) == ("dump.heap", "line=3", "https://paper.example/3")
    assert source.sha256 == three["sha256"] and source.extractor.startswith("text ")
    assert archive.outcomes() == {"known": 2}
    assert len(archive.ledger) == 3


def test_a_file_that_is_known_is_not_even_opened(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.put({"dump.heap": heap([("line=1", story(1))]), "page.txt": story(2), "page.meta.toml": 'date = "2017"\n'})
    time.sleep(0.1)  # a file that changed a moment before it was hashed is hashed again
    archive.take()
    opened: list[str] = []
    real = Path.open

    def watched(self: Path, *arguments: Any, **more: Any) -> Any:
        opened.append(self.name)
        return real(self, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", watched)
        assert archive.outcomes() == {"known": 2} and not {"dump.heap", "page.txt", "page.meta.toml"} & set(opened)
    archive.put({"page.meta.toml": 'date = "2018"\n'})
    assert archive.outcomes() == {"known": 1, "taken": 1}


def test_records_that_are_known_are_passed_over_when_their_file_changes(archive: Archive) -> None:
    first = [(f"id={n}", story(n)) for n in range(5)]
    archive.put({"dump.heap": heap(first)})
    archive.take()
    before = archive.articles
    archive.put({"dump.heap": heap([*first[:2], ("id=2", story(2, " It was old.")), *first[3:], ("id=5", story(5))])})
    assert archive.outcomes() == {"known": 4, "taken": 2}
    changed = [path for path, text in archive.articles.items() if before.get(path) != text]
    assert len(changed) == 2 and "It was old." in "".join(archive.articles[path] for path in changed)
    assert rows(archive)["dump.heap"]["records"] == 6 and archive.outcomes() == {"known": 6}


@pytest.mark.parametrize("place", ["line", "offset"])
def test_a_line_that_is_put_on_top_moves_the_others_and_changes_no_article(archive: Archive, place: str) -> None:
    archive.put({"dump.heap": heap([(f"{place}={n}", story(n)) for n in range(3)])})
    archive.take()
    before = archive.articles
    new = [story("new"), *(story(n) for n in range(3))]
    archive.put({"dump.heap": heap([(f"{place}={n}", text) for n, text in enumerate(new)])})
    tally = archive.take()
    assert tally.outcomes == {"taken": 1, "known": 3} and not tally.problems
    assert {path: archive.articles[path] for path in before} == before and len(archive.articles) == 4
    archive.put({"dump.heap": heap([(f"{place}={n}", text) for n, text in enumerate(new[1:])])})
    assert archive.take().problems == [] and len(archive.articles) == 4
    assert archive.outcomes() == {"known": 3}


def test_a_story_that_is_mended_in_its_place_stays_one_article(archive: Archive) -> None:
    archive.put({"dump.heap": heap([("line=1 url=https://paper.example/1", story(1)), ("line=2", story(2))])})
    archive.take()
    mended = [("line=1 url=https://paper.example/1", story(9)), ("line=2", story(2, " It was old."))]
    archive.put({"dump.heap": heap(mended)})
    assert archive.outcomes() == {"taken": 2} and len(archive.articles) == 2
    ids = {archive.article(path).id for path in archive.articles}
    assert ids == {row["id"] for row in archive.ledger if "id" in row}


def test_facts_that_change_beside_the_same_bytes_are_taken(archive: Archive) -> None:
    archive.put({"dump.heap": heap([("id=1", story(1)), ("id=2", story(2))])})
    archive.take()
    archive.put({"dump.meta.toml": 'publication = "The Paper"\n'})
    assert archive.outcomes() == {"taken": 2} and len(archive.articles) == 2
    assert all("publication: The Paper" in text for text in archive.articles.values())


def test_records_without_a_name_or_with_one_twice_are_all_taken(archive: Archive) -> None:
    archive.put({"dump.heap": heap([("-", story(1)), ("a", story(2)), ("a", story(3)), ("a", story(4))])})
    assert archive.outcomes() == {"taken": 4}
    names = {"dump.heap#record=1", "dump.heap#a", "dump.heap#a~2", "dump.heap#a~3", "dump.heap"}
    assert set(rows(archive)) == names
    assert archive.outcomes() == {"known": 4}
    archive.put({"dump.heap": heap([("-", story(1)), ("a", story(2)), ("a", story(3)), ("a", story(5))])})
    assert archive.outcomes() == {"known": 3, "taken": 1}


# ------------------------------------------------------------------------------------------------ not to the end


@pytest.mark.parametrize("end", ["?the disk failed", "*out of luck"])
def test_a_file_that_could_not_be_read_to_its_end_is_read_again(archive: Archive, end: str) -> None:
    archive.put({"dump.heap": heap([("id=1", story(1)), (end, ""), ("id=2", story(2))])})
    for taken in (None, "known"):
        tally = archive.take()
        assert tally.outcomes[taken or "taken"] and len(tally.problems) == 1
        assert "dump.heap" not in rows(archive)
    archive.put({"dump.heap": heap([("id=1", story(1)), ("id=2", story(2))])})
    archive.take()
    assert len(archive.articles) == 2 and rows(archive)["dump.heap"]["records"] == 2


def test_a_record_that_breaks_the_extractor_costs_itself_alone(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from site_builder import extraction

    real = extraction.extract

    def extract(record: Any, *rest: Any) -> Any:
        if "Bridge 2" in record.text:
            raise RecursionError("too deep")
        return real(record, *rest)

    archive.put({"dump.heap": heap([(f"id={n}", story(n)) for n in range(4)]), "page.txt": story(2)})
    with monkeypatch.context() as patch:
        patch.setattr(extraction, "extract", extract)
        tally = archive.take()
        assert tally.outcomes == {"taken": 3, "refused": 1}
        assert [problem.where for problem in tally.problems] == ["dump.heap#id=2", "page.txt"]
        assert "RecursionError: too deep" in tally.problems[0].message
        again = archive.take()
        assert again.outcomes == {"known": 4}, "the file is done"
        assert [problem.where for problem in again.problems] == ["page.txt"], "a file of one is tried each time"
    assert archive.outcomes(force=True) == {"taken": 4, "copy": 1}


@pytest.mark.parametrize("text", [story("\ud83d"), story(1)])
def test_halves_of_characters_cost_no_article(archive: Archive, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """JSON can spell them; no file can hold them."""
    record = Record("x.heap", "text", text, "0" * 64, {"tags": ("\udc00", "a")}, part="a")
    monkeypatch.setattr(importers, "read", lambda *_: iter([record]))
    archive.put({"x.heap": "HEAP\n"})
    assert archive.outcomes() == {"taken": 1}
    (row, _) = archive.ledger
    assert row["source"] == "x.heap#a" and row["repairs"] == ["halves of characters were replaced by \ufffd"]
    assert archive.article(row["article"]).tags == ("\ufffd", "a")


def test_the_same_complaint_about_hundreds_of_records_is_one_line(archive: Archive) -> None:
    archive.put({"dump.heap": heap([("id=1", story(1)), *[("!has no text", "")] * 500])})
    tally = archive.take()
    assert len(tally.problems) == 21 and "480 more like it: has no text" in str(tally.problems[-1])
    assert tally.skipped == {"has no text": 500}


# ------------------------------------------------------------------------------------- workers, kills, the cache


def test_any_number_of_workers_and_any_way_of_reading_imports_the_same(tmp_path: Path) -> None:
    made = []
    for jobs, many in ((1, True), (2, True), (2, False)):
        archive = Archive(tmp_path / f"{jobs}{many}")
        archive.put({f"{n}.heap": heap([(f"id={m}", story(f"{n}.{m}")) for m in range(40)]) for n in range(3)})
        with pytest.MonkeyPatch.context() as patch:
            install(patch, many)
            site = settings.load(archive.content, tmp_path / "output", jobs)
            assert pipeline.import_sources(site, [], Options()).outcomes == {"taken": 120}
            assert pipeline.import_sources(site, [], Options()).outcomes == {"known": 120}
        made.append(archive.files)
    assert made[0] == made[1] == made[2]


class Killed(BaseException):
    """Ends a run at once, as a signal would."""


PIECES = st.lists(st.integers(0, 6), min_size=1, max_size=7)


@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    files=st.lists(PIECES, min_size=1, max_size=3),
    single=st.lists(st.integers(0, 6), max_size=3),
    stops=st.lists(st.tuples(st.sampled_from(["row", "article", "torn"]), st.integers(1, 8)), min_size=1, max_size=3),
    edit=st.booleans(),
)
def test_a_run_that_is_killed_anywhere_is_completed_by_the_next(
    tmp_path_factory: pytest.TempPathFactory,
    files: list[list[int]],
    single: list[int],
    stops: list[tuple[str, int]],
    edit: bool,
) -> None:
    root = tmp_path_factory.mktemp("kill")
    whole, broken = Archive(root / "whole"), Archive(root / "broken")
    sources = {f"{n}.heap": heap([(f"line={m}", story(x)) for m, x in enumerate(part)]) for n, part in enumerate(files)}
    sources |= {f"{n}.txt": story(x) for n, x in enumerate(single)}
    for archive in (whole, broken):
        archive.put(sources)
        if edit:
            archive.take()
            archive.put({"0.heap": heap([(f"line={m}", story(x, " So be it.")) for m, x in enumerate(files[0])])})
    whole.take()
    for where, after in stops:
        kill(broken, where, after)
    tally = broken.take()
    assert [problem for problem in tally.problems if problem.where != "imports.jsonl"] == []
    assert broken.articles == whole.articles
    kept = [{row["source"]: row for row in archive.ledger} for archive in (whole, broken)]
    assert kept[0] == kept[1]
    before = broken.files
    assert set(broken.take().outcomes) == {"known"} and broken.files == before
    shutil.rmtree(broken.content / ".cache")
    assert set(broken.take().outcomes) == {"known"} and broken.files == before
    shutil.rmtree(root)


def kill(archive: Archive, where: str, after: int) -> None:
    """Begin an import, and end it after so many rows or articles; `torn` leaves half of the last row."""
    from site_builder import import_ledger, import_write

    count = 0

    def stop_at(real: Any) -> Any:
        def act(*arguments: Any) -> None:
            nonlocal count
            count += 1
            if count > after:
                if where == "torn":
                    with (archive.content / "imports.jsonl").open("ab") as ledger:
                        ledger.write(import_ledger.ledger_line(arguments[1]).encode()[:-5])
                raise Killed
            real(*arguments)

        return act

    with pytest.MonkeyPatch.context() as patch:
        if where == "article":
            patch.setattr(import_write, "write_file", stop_at(import_ledger.write_file))
        else:
            patch.setattr(import_ledger.Appender, "append", stop_at(import_ledger.Appender.append))
        with suppress(Killed):
            archive.take()


def test_a_cache_that_is_damaged_or_gone_costs_only_time(archive: Archive) -> None:
    archive.put({"dump.heap": heap([(f"id={n}", story(n)) for n in range(5)]), "page.txt": story(9)})
    archive.take()
    before = archive.files
    cache = archive.content / ".cache" / imports.CACHE
    for damage in (b"", b"rubbish" * 1000):
        cache.write_bytes(damage)
        assert archive.outcomes() == {"known": 6} and archive.files == before


def test_a_ledger_that_was_changed_by_hand_is_believed(archive: Archive) -> None:
    archive.put({"dump.heap": heap([(f"id={n}", story(n)) for n in range(3)])})
    archive.take()
    file = archive.content / "imports.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(line for line in lines if '"source": "dump.heap"' not in line and "id=1" not in line))
    assert archive.outcomes() == {"known": 2, "taken": 1} and len(archive.articles) == 3


def test_memory_does_not_follow_the_file(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Records that are read before their turn are bounded: those in the queues of the workers."""
    monkeypatch.setattr(imports, "BATCH_BYTES", 2000)
    archive.put({"dump.heap": heap([(f"id={n}", story(n)) for n in range(300)])})
    site = settings.load(archive.content, archive.root / "output", 2)
    read = written = most = 0
    real = import_take.facts_sum

    def count(record: Any) -> str:
        nonlocal read, most
        read += 1
        most = max(most, read - written)
        return real(record)

    def watch(item: Item) -> None:
        nonlocal written
        written += 1

    monkeypatch.setattr(imports, "facts_sum", count)
    pipeline.import_sources(site, [], Options(), watch)
    assert written == 300 and most < 100


def test_into_and_dry_runs_of_many_records(archive: Archive, tmp_path: Path) -> None:
    parts = ["in/page.html", "../../out", "x" * 300, "guid=https://paper.example/?p=1"]
    archive.put({"dump.heap": heap([(part, story(n)) for n, part in enumerate(parts)])})
    before = archive.files
    assert archive.outcomes(dry_run=True) == {"taken": 4} and archive.files == before
    assert archive.outcomes(archive.inbox, into=tmp_path / "into") == {"taken": 4}
    made = sorted(path.relative_to(tmp_path / "into").as_posix() for path in (tmp_path / "into").rglob("*.md"))
    assert len(made) == 4 and made[1:3] == ["dump.heap/in/page.md", "dump.heap/out.md"]
    assert archive.files == before


# ---------------------------------------------------------------------------------------------------- copies


def test_a_copy_keeps_its_address_and_time_in_the_ledger(archive: Archive) -> None:
    facts = "retrieved=2019-07-01"
    archive.put(
        {
            "a.heap": heap([(f"x url=https://paper.example/1 {facts}", story(1))]),
            "b.heap": heap([("y url=https://paper.example/1?print retrieved=2020-01-01", story(1))]),
            "c.heap": heap([("z", story(1) + "\nEmbed share\n")]),
        }
    )
    tally = archive.take()
    made = rows(archive)
    assert tally.outcomes["taken"] == 1 and tally.outcomes["copy"] == 2
    copy = made["b.heap#y"]
    assert (copy["same_as"], copy["url"], copy["retrieved"]) == (
        "a.heap#x",
        "https://paper.example/1?print",
        "2020-01-01",
    )
    assert copy["article"] == made["a.heap#x"]["article"]
    assert made["c.heap#z"]["same_as"] == "a.heap#x", "the same title and body"
    assert any(line[3] == "Embed share" for line in made["c.heap#z"]["lines"])
    assert archive.outcomes() == {"known": 3}


def test_the_same_bytes_with_other_facts_are_an_article_of_their_own(archive: Archive) -> None:
    archive.put({"a.txt": story(1), "b.txt": story(1), "b.meta.toml": 'publication = "The Paper"\n'})
    tally = archive.take()
    assert tally.outcomes == {"taken": 2}
    assert len({archive.article(path).id for path in archive.articles}) == 2
    assert tally.doubts["has the text of another article, but other facts"] == 1
    assert archive.outcomes() == {"known": 2}


def test_a_copy_whose_original_changes_is_taken_in_the_same_run(archive: Archive) -> None:
    """Its source may be gone tomorrow; also where it is one of many in a file that was done with."""
    archive.put({"a.heap": heap([("id=1", story(1))]), "b.heap": heap([("id=2", story(2)), ("id=3", story(1))])})
    archive.put({"c.txt": story(1)})
    assert archive.outcomes() == {"taken": 2, "copy": 2}
    archive.put({"a.heap": heap([("id=1", story(5)), ("id=4", story(1))])})
    assert archive.outcomes() == {"known": 3, "taken": 2, "copy": 2}, "two are looked at twice"
    assert len(archive.articles) == 3 and "old bridge 1," in "".join(archive.articles.values())
    before = archive.files
    assert archive.outcomes() == {"known": 5} and archive.files == before


def test_near_duplicates_are_kept(archive: Archive) -> None:
    archive.put({"a.txt": story(1), "b.txt": story(1, " And more.")})
    assert archive.outcomes() == {"taken": 2}


def test_ids_stay_apart_when_a_source_changes_and_its_old_text_comes_back(archive: Archive) -> None:
    archive.put({"a.txt": story(1)})
    archive.take()
    archive.put({"a.txt": story(2), "b.txt": story(1)})
    archive.take()
    archive.take()
    assert len(archive.articles) == 2 and len({archive.article(path).id for path in archive.articles}) == 2


def test_an_older_ledger_without_digests_of_fields_is_understood(archive: Archive) -> None:
    archive.put({"a.txt": story(1)})
    archive.take()
    file = archive.content / "imports.jsonl"
    (row,) = archive.ledger
    del row["fields"]
    file.write_text(json.dumps(row) + "\n")
    archive.put({"b.txt": story(1)})
    assert archive.outcomes() == {"known": 1, "copy": 1}


def test_a_ledger_that_cannot_be_written_stops_the_run(archive: Archive) -> None:
    archive.put({"a.txt": story(1)})
    (archive.content / "imports.jsonl").mkdir()
    with pytest.raises(SiteError, match=r"imports\.jsonl"):
        archive.take()


def test_archives_and_data_sets_are_files_of_many_records(archive: Archive) -> None:
    def put(texts: dict[str, str]) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as made:
            for name, text in texts.items():
                made.writestr(zipfile.ZipInfo(name), text)
        archive.put({"old.zip": packed.getvalue()})

    rows_ = [{"title": f"Tunnel {n}", "text": "The tunnel opens on Monday.", "date": "2017-04-12"} for n in range(2)]
    archive.put(
        {"dump.jsonl": "".join(json.dumps(row) + "\n" for row in rows_), "one.txt.gz": gzip.compress(b"x\n\ny")}
    )
    put({"a/1.txt": story(1), "a/2.txt": story(2), "a/x.png": "x"})
    tally = archive.take()
    assert (
        tally.outcomes == {"taken": 5}
        and tally.skipped == {".png files, but for those that articles name": 1}
        and not tally.problems
    )
    made = rows(archive)
    assert (
        made["old.zip"]["skipped"] == {".png files, but for those that articles name": 1}
        and made["old.zip"]["records"] == 2
    )
    assert made["dump.jsonl"]["format"] == "table" and "one.txt.gz#record=1" in made
    assert archive.outcomes() == {"known": 5}
    put({"a/1.txt": story(1), "a/2.txt": story(2, " And more."), "a/3.txt": story(3)})
    archive.put({"one.txt.gz": gzip.compress(b"z\n\ny")})
    assert archive.outcomes() == {"known": 3, "taken": 3} and len(archive.articles) == 6
