"""What the index keeps from build to build is what a new index would say, after any edits; and an edit leaves few marks.

`tests/laws/test_warm_equals_clean.py` holds whole builds against each other; here it is the groups of the plan, whose
digests decide what a build plans at all.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from site_builder import authorities, entries, plan, scanning, tallies
from site_builder.index import Index
from site_builder.model import Files
from site_builder.sums import Sums
from tests.laws.test_warm_equals_clean import AUTHORITIES, NAME, STORY, Story
from tests.test_plan import small

FILES = Files({"site.css": "1"}, {"media/a.jpg": "2", "media/b/a.jpg": "3"})
LEDGER = "urls.jsonl"
ADDED = 'aliases: ["/old/1", "/old/2"]\nextra_key'


def bring(index: Index, content: Path, said: str, pictures: Mapping[str, str]) -> tuple[Any, ...]:
    """All that the plan can see of an archive, without row numbers, once the index is in step with it."""
    known = authorities.parse(said)
    index.adopt(known)
    index.compare(scanning.scan(content))
    index.add([*entries.read(content, index.unread())])
    index.filled()
    told = index.read_url_ledger(content / LEDGER)
    problems = index.settle_addresses()
    index.settle_links(True)
    index.write_url_ledger(content / LEDGER, told)
    index.commit()
    mark = index.fingerprint(pictures, partial(index.sums, pictures))
    sums = index.sums(pictures)
    groups = {
        group.name: (group.inputs, shown(group, sums)) for group in plan.groups(small(2), index, FILES, sums, known)
    }
    assert index.fingerprint(pictures, forbidden) == mark
    counts = [list(index.rows(name)) for name in ("statuses", "refused")]
    return groups, problems, counts, (content / LEDGER).read_bytes() if (content / LEDGER).exists() else b""


def shown(group: Any, sums: Sums) -> list[tuple[Any, ...]]:
    return [(page.url, page.view, sums.of(page.items, page.full), page.data) for page in group.pages()]


def forbidden() -> Sums:
    raise AssertionError("nothing has changed, and yet all sums are read")


EDIT = st.fixed_dictionaries(
    {
        "files": st.dictionaries(NAME, st.none() | STORY, max_size=3),
        "aliases": st.booleans(),
        "said": st.sampled_from(AUTHORITIES),
        "picture": st.sampled_from(["", "small", "large"]),
    }
)


FIRST, SECOND = Story(tags=("Syria",), id="k3f9x2ab"), Story(tags=("Été",), id="k3f9x2ac")
ALONE = {"aliases": False, "said": "", "picture": ""}


# The second one has an address with a suffix, until the first one is gone.
@example([{**ALONE, "files": {"a": FIRST, "b": SECOND}}, {**ALONE, "files": {"a": None}}])
# An address that nobody has any more, in an index that had articles and in one that never had any.
@example([{**ALONE, "files": {"a": Story()}}, {**ALONE, "files": {"a": None}}])
@given(st.lists(EDIT, min_size=1, max_size=4))
@settings(max_examples=30)
def test_what_is_kept_is_what_a_new_index_would_say(edits: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        content = root / "content"
        (content / "articles").mkdir(parents=True)
        for number, edit in enumerate(edits):
            for name, story in edit["files"].items():
                write(content / f"articles/{name}.md", story, edit["aliases"])
            clean = root / f"clean-{number}"
            shutil.copytree(content, clean)
            pictures = {"media/pic.jpg": edit["picture"]}
            with Index.open(root / "index", "test") as index:
                got = bring(index, content, edit["said"], pictures)
                mark = index.fingerprint(pictures, forbidden)
            with sqlite3.connect(root / "index") as db:
                db.execute("DELETE FROM meta WHERE name = 'fingerprint'")
            with Index.open(root / "index", "test") as index:
                index.adopt(authorities.parse(edit["said"]))
                assert index.fingerprint(pictures, partial(index.sums, pictures)) == mark
            with Index.open(root / f"index-{number}", "test") as index:
                expected = bring(index, clean, edit["said"], pictures)
            assert got == expected


def write(path: Path, story: Story | None, aliases: bool) -> None:
    path.parent.mkdir(exist_ok=True)
    if story is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(story.text().replace("extra_key", ADDED) if aliases else story.text(), "utf-8")


# ----------------------------------------------------------------------------------------- few are worked out


def stale(file: Path) -> set[tuple[str, str]]:
    """The tallies that are to be worked out anew."""
    with sqlite3.connect(file) as db:
        return set(db.execute("SELECT kind, slug FROM stale"))


def test_an_edit_leaves_marks_on_what_its_article_is_in(tmp_path: Path) -> None:
    days = [f"2017-0{month}-{day:02}" for month in (4, 5) for day in range(1, 6)]
    stories = [Story(f"Story {n}", day, tags=(f"t{n}", "all")) for n, day in enumerate(days)]
    content = tmp_path / "content"
    for n, one in enumerate(stories):
        (content / "articles").mkdir(parents=True, exist_ok=True)
        write(content / f"articles/{n}.md", one, aliases=False)
    with Index.open(tmp_path / "index", "test") as index:
        bring(index, content, "", {})
        assert stale(tmp_path / "index") == set()
        write(content / "articles/3.md", Story("Story 3", "2017-05-09", tags=("new", "all")), aliases=False)
        index.add([*entries.read(content, ["articles/3.md"])])
        index.commit()
        assert stale(tmp_path / "index") == {
            *[("month", "2017 04"), ("month", "2017 05"), ("anniversary", "04-04"), ("anniversary", "05-09")],
            *[("tags", "t3"), ("tags", "new"), ("tags", "all")],
        }
        kept = {row[:2] for row in index.tallies(index.sums({}))}
        assert stale(tmp_path / "index") == set()
        assert ("tags", "new") in kept and ("tags", "t3") not in kept


def test_a_build_that_was_killed_after_it_took_in_a_change_leaves_no_old_fingerprint(tmp_path: Path) -> None:
    content = tmp_path / "content"
    (content / "articles").mkdir(parents=True)
    write(content / "articles/a.md", Story("A", "2017-04-01"), aliases=False)
    marks: list[bytes] = []
    for title in ("A", "B"):
        write(content / "articles/a.md", Story(title, "2017-04-01"), aliases=False)
        with Index.open(tmp_path / "index", "test") as index:
            index.add([*entries.read(content, ["articles/a.md"])])
            index.filled()
            index.commit()
            if title == "A":
                marks.append(index.fingerprint({}, partial(index.sums, {})))
    with Index.open(tmp_path / "index", "test") as index:
        assert index.fingerprint({}, partial(index.sums, {})) not in marks
    with Index.open(tmp_path / "index", "test") as index:
        index.fingerprint({}, forbidden)


def test_a_picture_that_changes_leaves_marks_on_the_months_that_show_it(tmp_path: Path) -> None:
    content = tmp_path / "content"
    (content / "articles").mkdir(parents=True)
    write(content / "articles/a.md", Story("A", "2017-04-01", body="![x](media/pic.jpg)"), aliases=False)
    write(content / "articles/b.md", Story("B", "2017-05-01"), aliases=False)
    with Index.open(tmp_path / "index", "test") as index:
        bring(index, content, "", {"media/pic.jpg": "1"})
        before = {row.slug: row.sign for row in index.tallies(index.sums({"media/pic.jpg": "1"}), tallies.MONTH)}
        after = {row.slug: row.sign for row in index.tallies(index.sums({"media/pic.jpg": "2"}), tallies.MONTH)}
        assert [month for month in before if before[month] != after[month]] == ["2017 04"]
        assert before["2017 04"][:16] == after["2017 04"][:16]  # its card is the same
