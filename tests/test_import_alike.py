"""Articles with nearly the same text: named in the report of an import, whenever they came, and otherwise left alone."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from site_builder import import_alike, import_cache, import_report, resemblance
from site_builder.import_alike import Groups, Sketches
from tests.test_imports import Archive
from tests.test_resemblance import text


def page(title: str, body: str) -> str:
    """A page whose body, of several paragraphs, is taken whole."""
    words = body.split()
    paragraphs = [" ".join(words[n : n + 40]).rstrip(".").capitalize() + "." for n in range(0, len(words), 40)]
    return f"{title}\n\n" + "\n\n".join(paragraphs) + "\n"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path)
    made.put(
        {
            "morning.txt": page("Ferry Company Stops Evening Service", text(1)),
            "evening.txt": page("No More Ferries in the Evening", text(1, 300) + text(9, 60)),
            "other.txt": page("Mayor Opens New Bridge Over River", text(2)),
        }
    )
    return made


def names(groups: Groups) -> list[list[str]]:
    return [[member.source for member in group.members] for group in groups.largest]


def test_a_report_names_articles_with_nearly_the_same_text(archive: Archive) -> None:
    tally = archive.take()
    assert tally.outcomes == {"taken": 3}, "all are kept"
    assert sorted(map(sorted, names(tally.near))) == [["evening.txt", "morning.txt"]]
    near = tally.data()["near_duplicates"]
    assert (near["groups"], near["articles"]) == (1, 2)
    (example,) = near["examples"]
    first, second = example["members"]
    assert first["share"] == 1.0 and 0.4 < second["share"] < 1 and first["article"] < second["article"]
    assert {first["article"], second["article"]} < set(archive.articles)
    short, full = list(tally.text()), list(tally.text(full=True))
    assert "      2 articles with nearly the same text as others, in 1 group: all kept" in short
    assert any(line.endswith(f"morning.txt -> {first['article']}") or "morning.txt" in line for line in full)
    assert not any("morning.txt" in line for line in short)


@pytest.mark.parametrize("cache", [True, False])
def test_new_articles_are_held_against_those_of_earlier_runs(archive: Archive, cache: bool) -> None:
    archive.take()
    archive.put({"late.txt": page("Council Asks for the Ferry", text(2, 350)), "new.txt": page("Harbour", text(5))})
    if not cache:
        shutil.rmtree(archive.content / ".cache")
    near = archive.take().near
    assert sorted(map(sorted, names(near))) == [["late.txt", "other.txt"]], "and no word of the older pair"
    assert archive.take().near == Groups(), "nothing is new"
    whole = import_report.of_archive(archive.content)["near_duplicates"]
    assert (whole["groups"], whole["articles"]) == (2, 4)
    shutil.rmtree(archive.content / ".cache")
    assert json.dumps(import_report.of_archive(archive.content)["near_duplicates"]) == json.dumps(whole)


def test_a_source_that_changed_is_judged_by_its_new_text(archive: Archive) -> None:
    archive.take()
    archive.put({"evening.txt": page("No More Ferries in the Evening", text(7))})
    assert archive.take().near.count == 0
    assert import_report.of_archive(archive.content)["near_duplicates"]["groups"] == 0
    archive.put({"evening.txt": "Ferry\n\nToo short.\n"})
    archive.take()
    assert import_report.of_archive(archive.content)["near_duplicates"]["groups"] == 0


def test_runs_that_write_no_article_into_the_archive_tell_it_too(archive: Archive, tmp_path: Path) -> None:
    dry = archive.take(archive.inbox, dry_run=True).near
    into = archive.take(archive.inbox, into=tmp_path / "md").near
    assert [sorted(map(sorted, names(near))) for near in (dry, into)] == [[["evening.txt", "morning.txt"]]] * 2
    assert not archive.articles


@pytest.fixture
def sketches() -> Sketches:
    return Sketches(import_cache.open_cache(None))


def add(sketches: Sketches, name: str, body: str) -> None:
    sketches.add(f"articles/{name}.md", f"{name}.txt", resemblance.sketch(body))


def test_a_very_large_group_is_one_group_of_which_a_few_are_named(sketches: Sketches) -> None:
    for n in range(300):
        add(sketches, f"{n:03}", text(1) + text(100 + n, 20))
    sketches.begin()
    add(sketches, "new", text(1, 380))
    near = sketches.groups()
    assert (near.count, near.articles) == (1, 301)
    (group,) = near.largest
    assert len(group.members) == import_alike.NAMED and "new.txt" in names(near)[0], "the run's own is named"


def test_groups_join_over_an_article_between_and_the_largest_come_first(sketches: Sketches) -> None:
    for name, body in {
        "a": text(1, 300), "b": text(1, 300) + text(2, 300), "c": text(2, 300), "x": text(5), "y": text(5), "z": text(6),
    }.items():  # fmt: skip
        add(sketches, name, body)
    near = sketches.groups()
    assert names(near) == [["a.txt", "b.txt", "c.txt"], ["x.txt", "y.txt"]]
    assert [member.share for member in near.largest[1].members] == [1, 1]


def test_the_same_groups_whatever_the_order(sketches: Sketches) -> None:
    bodies = {f"{n:02}": text(n % 10) + text(100 + n, 60) for n in range(40)}
    for name, body in bodies.items():
        add(sketches, name, body)
    other = Sketches(import_cache.open_cache(None))
    for name, body in reversed(bodies.items()):
        add(other, name, body)
    one, two = sketches.groups(), other.groups()
    assert (one.count, one.articles) == (two.count, two.articles) == (10, 40)
    assert {frozenset(group) for group in names(one)} == {frozenset(group) for group in names(two)}


def test_a_sketch_that_is_none_is_no_fault(sketches: Sketches) -> None:
    sketches.add("articles/a.md", "a.txt", "no sketch")
    sketches.add("articles/b.md", "b.txt", "no sketch")
    assert sketches.groups() == Groups()


def test_an_article_after_one_whose_text_became_too_short_is_found(tmp_path: Path) -> None:
    with closing(import_cache.open_cache(tmp_path / "cache")) as db:
        first = Sketches(db)
        add(first, "a", text(1))
        add(first, "b", text(2))
        assert first.groups() == Groups()
        first.add("articles/b.md", "b.txt", "")
        db.commit()
    with closing(import_cache.open_cache(tmp_path / "cache")) as db:
        second = Sketches(db)
        add(second, "c", text(1))
        assert names(second.groups()) == [["a.txt", "c.txt"]]
