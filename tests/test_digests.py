"""The digests of all articles in blocks are those of the rows, after any edits; and an edit changes one block or two."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from site_builder import digests, entries
from site_builder.entries import Entry
from site_builder.index import Index
from tests import sites

STORY = "---\ntitle: Story\ndate: 2017-04-12\ntags: [Moon]\n---\n\n{}\n"
COUNT = 2 * digests.SIZE + 300


def stories(root: Path) -> tuple[Entry, Entry]:
    """An article, and one with a picture."""
    texts = {"a": STORY.format("Text."), "b": STORY.format("![a picture](media/pic.jpg)")}
    sites.write(root, {f"content/articles/{name}.md": text for name, text in texts.items()})
    one, other = entries.read(root / "content", [f"articles/{name}.md" for name in texts])
    return one, other


def many(one: Entry, other: Entry) -> list[Entry]:
    made = [(other if n % 100 == 0 else one, f"{n:05}") for n in range(COUNT)]
    return [entry._replace(path=f"articles/{key}.md", key=key, sum=key.encode()) for entry, key in made]


def held(file: Path) -> dict[int, tuple[bytes, ...]]:
    with closing(sqlite3.connect(file)) as db:
        return {number: tuple(values) for number, *values in db.execute("SELECT * FROM block")}


def expected(file: Path, picture: str) -> dict[str, tuple[bytes, bytes, bytes]]:
    """By path, from the rows themselves."""
    with closing(sqlite3.connect(file)) as db:
        found = {
            n: (path, card, sum_, term)
            for n, path, card, sum_, term in db.execute("SELECT n, path, cardsum, filesum, termsum FROM article")
        }
        for n, shown in db.execute("SELECT n, picture FROM shows"):
            path, card, sum_, term = found[n]
            found[n] = path, card, entries.digest(sum_, f"{shown}\0{picture}".encode()), term
        return {str(n): (card, sum_, term) for n, (_, card, sum_, term) in found.items()}


def check(index: Index, file: Path, picture: str) -> None:
    sums = index.sums({"media/pic.jpg": picture})
    index.commit()
    wanted = expected(file, picture)
    for n, (card, sum_, term) in wanted.items():
        assert (sums.of([int(n)]), sums.of((), [int(n)]), sums.terms([int(n)])) == (card, sum_, term)
    rows = len(sums.all[0]) // 16
    assert all(sums.of([n], [n]) == bytes(32) for n in range(rows) if str(n) not in wanted)


def test_blocks_say_what_the_rows_say(tmp_path: Path) -> None:
    file = tmp_path / "index"
    entries_ = many(*stories(tmp_path))
    with Index.open(file, "test") as index:
        index.add(entries_)
        index.filled()
        index.commit()
        check(index, file, "small")
        draw = random.Random(1)
        for turn in range(4):
            changed = draw.sample(entries_, 3)
            index.add([entry._replace(sum=f"{turn}".encode(), card=f"[{turn}]") for entry in changed])
            check(index, file, "small")
        check(index, file, "large")  # what pages show of the picture, and of no other article
        known = {entry.path: entry for entry in entries_[:5]}
        index.compare((path, *entry.signature) for path, entry in sorted(known.items()))
        check(index, file, "large")


def test_an_edit_changes_its_old_block_and_the_last(tmp_path: Path) -> None:
    file = tmp_path / "index"
    entries_ = many(*stories(tmp_path))
    with Index.open(file, "test") as index:
        index.add(entries_)
        index.filled()
        check(index, file, "small")
        before = held(file)
        index.add([entries_[5]._replace(sum=b"other")])
        check(index, file, "small")
        after = held(file)
        assert [number for number, values in after.items() if before.get(number) != values] == [0, 2]
