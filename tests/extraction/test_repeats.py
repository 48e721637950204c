"""Lines that an outlet prints on several pages: learnt whatever the order, kept as text, used after scoring."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from site_builder.errors import SiteError
from site_builder.extraction import extract
from site_builder.extraction.text.repeats import PAGES, Table, dump, load, merge, outlet_of
from site_builder.import_learn import table_of
from site_builder.model import Record
from site_builder.workers import Crew


def learn(records: Iterable[Record]) -> Table:
    return table_of(records, Crew())


NOTICE = "The Harbour Post asks its readers to send in what they saw of the harbour on the day itself."
STORIES = (
    "The council voted on Tuesday to close the old bridge, which engineers have called unsafe for many years now.",
    "A storm took the roof off the fish hall in the night, and nobody was hurt, the harbour master said at noon.",
    "The ferry to the islands is to run every half hour from May, three times as often as in the winter months.",
)


def page(number: int, story: str, url: str = "https://www.post.example/a") -> Record:
    text = f"Headline Number {number} Of The Day\n\n{story}\n\n{story[::-1].capitalize()}.\n\n{NOTICE}\n\n{story.lower()}\n"
    return Record(f"post/{number}.txt", "text", text, "", {"url": url})


PAGES_OF_POST = [page(number, story) for number, story in enumerate(STORIES)]


def test_a_line_of_several_stories_is_learnt_whatever_the_order() -> None:
    table = learn(PAGES_OF_POST)
    assert dict(table.outlets) == {"post.example": {NOTICE.casefold().rstrip("."): 3}}
    assert dump(learn(reversed(PAGES_OF_POST))) == dump(table)
    assert dump(merge(learn(PAGES_OF_POST[:2]), learn(PAGES_OF_POST[1:]))).count("\n") == 1


def test_a_story_that_was_crawled_twice_is_one_story() -> None:
    twice = [page(1, STORIES[0]), page(2, STORIES[0])]
    assert learn(twice).outlets == {}


def test_only_so_many_pages_are_compared_and_they_are_the_same_ones() -> None:
    heap = [
        page(number, f"Story {number} tells of day {number}, and of nothing else at all.")
        for number in range(3 * PAGES)
    ]
    assert dump(learn(heap)) == dump(learn(sorted(heap, key=lambda record: record.text[::-1])))


def test_the_line_goes_out_of_the_body_and_people_can_keep_it() -> None:
    table = learn(PAGES_OF_POST)
    record = PAGES_OF_POST[0]
    found = extract(record, known=table.of(record))
    assert [one.place for one in found.verdicts if one.text == NOTICE] != ["body"]
    assert "removed" in {one.place for one in found.verdicts}
    kept = load(dump(table).replace('"pages": 3', '"pages": 0'))
    assert kept.of(record) == frozenset()
    assert merge(table, kept).of(record) == frozenset()


@pytest.mark.parametrize(
    ("meta", "file", "outlet"),
    [
        ({"url": "https://www.post.example/1"}, "a/b.txt", "post.example"),
        ({"publication": "The Post"}, "a/b.txt", "The Post"),
        ({}, "post/b.txt", "post"),
        ({}, "b.txt", ""),
        ({"url": "http://[broken"}, "post/b.txt", "post"),
    ],
)
def test_whose_page_it_is(meta: dict[str, str], file: str, outlet: str) -> None:
    assert outlet_of(Record(file, "text", "", "", meta)) == outlet


def test_the_table_is_text_and_says_where_it_is_broken() -> None:
    table = learn(PAGES_OF_POST)
    assert dump(load(dump(table))) == dump(table)
    assert load("\n") == Table({})
    with pytest.raises(SiteError, match="no entry") as caught:
        load(dump(table) + "nonsense\n")
    assert caught.value.where == "furniture.jsonl:2"
