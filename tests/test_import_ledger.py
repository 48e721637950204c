"""The ledger's rows through their file and back, and a last line that was torn."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from site_builder.errors import Problem, SiteError
from site_builder.import_ledger import Appender, Line, Row, ledger_line, mend, read_rows
from site_builder.import_state import Seen, State, Todo

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
ROWS = st.builds(
    Row,
    source=TEXT.map(lambda text: f"{text}.txt"),
    sha256=TEXT,
    article=st.sampled_from(["", "articles/a.md"]),
    kept=TEXT,
    url=TEXT,
    records=st.none() | st.integers(0, 9),
    skipped=st.dictionaries(TEXT, st.integers(1, 9), max_size=2),
    fields=st.dictionaries(TEXT, TEXT, max_size=2),
    repairs=st.lists(TEXT, max_size=2).map(tuple),
    doubts=st.lists(TEXT, max_size=2).map(tuple),
    lines=st.lists(st.builds(Line, st.integers(1, 9), TEXT, TEXT, TEXT), max_size=2).map(tuple),
)


@hypothesis_settings(max_examples=200, deadline=None)
@given(rows=st.lists(ROWS, max_size=4), cut=st.integers(0, 400))
def test_rows_come_back_and_a_torn_end_goes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], cut: int
) -> None:
    file = tmp_path_factory.mktemp("ledger") / "imports.jsonl"
    with Appender(file) as ledger:
        for row in rows:
            ledger.append(row)
    problems: list[Problem] = []
    assert (list(read_rows(file, problems)), problems) == (rows, [])
    if not rows:
        return
    raw = file.read_bytes()
    file.write_bytes(raw[: max(0, len(raw) - cut)])
    whole = list(read_rows(file, problems))
    assert rows[: len(whole)] == whole and len(problems) <= 1
    mend(file)
    again: list[Problem] = []
    assert list(read_rows(file, again)) == whole and not again
    assert file.read_bytes() == "".join(map(ledger_line, whole)).encode()


def test_a_torn_line_of_any_length_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "imports.jsonl"
    whole = ledger_line(Row("a.txt", "1"))
    for torn in ("x", "x" * 65536, "x" * 200_000):
        for before in ("", whole):
            file.write_text(before + torn)
            mend(file)
            assert file.read_text() == before
    mend(tmp_path / "none.jsonl")


def test_a_row_that_finds_no_room_leaves_no_half_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "imports.jsonl"
    with Appender(file) as ledger:
        ledger.append(Row("a.txt", "1"))
        real = cast(BinaryIO, ledger._ledger)

        class Full:
            """A file on a disk with room for five bytes."""

            tell, truncate = real.tell, real.truncate

            def write(self, raw: bytes) -> int:
                return int(real.write(raw[:5]))

        monkeypatch.setattr(ledger, "_ledger", Full())
        with pytest.raises(SiteError, match=r"No space left on device \(is the disk full\?\)"):
            ledger.append(Row("b.txt", "2"))
        monkeypatch.undo()
        ledger.append(Row("c.txt", "3"))
    assert [row.source for row in read_rows(file, [])] == ["a.txt", "c.txt"]


def test_state_knows_the_newest_row_and_who_holds_a_text(tmp_path: Path) -> None:
    fields = {"title": "t", "body": "b"}
    with State(tmp_path, tmp_path / "cache", []) as state:
        state.note(Row("a", "1", "articles/a.md", "x", fields=fields))
        state.note(Row("b", "2", "articles/a.md", "x", same_as="a", fields=fields))
        state.note(Row("c", "1", "articles/a.md", "x", same_as="a"))
    for cache in (tmp_path / "cache", None):
        with State(tmp_path, cache, []) as state:
            assert all(
                state.is_known(state.source(name), sum_, "") for name, sum_ in (("a", "1"), ("b", "2"), ("c", "1"))
            )
            held = state.holder("1", "")
            assert held and held.path == "articles/a.md" and held == state.holder("9", "tb") == state.own("a", "1")
            assert state.own("c", "1") is None and state.copies("articles/a.md") == ["b", "c"]
            assert state.has_id("x") and not state.has_id("y") and state.begins("a") and not state.begins("d")
    with State(tmp_path, tmp_path / "cache", []) as state:
        state.note(Row("a", "3", "articles/a.md", "x", fields={"title": "t", "body": "other"}))
        assert not state.is_known(state.source("b"), "2", "") and not state.is_known(state.source("c"), "1", "")


def test_state_keeps_names_and_the_list_of_what_to_do(tmp_path: Path) -> None:
    with State(None, None, []) as state:
        assert state.claim("a#1", tmp_path / "x") is None and state.claim("a#1", tmp_path / "y") == tmp_path / "x"
        state.release("a")
        assert state.claim("a#1", tmp_path / "y") is None
        todo = [Todo(f"{n}", tmp_path / f"{n}\udcff", n) for n in range(1200)]
        for one in todo:
            state.add_todo(one)
        assert list(state.todo()) == todo and state.todo_bytes() == sum(range(1200))
        seen = Seen((1, 2, 3, (1 << 63) - 1), "sum", "")
        state.note_seen("a", seen)
        assert state.seen("a") == seen and state.seen("b") is None
