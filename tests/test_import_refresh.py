"""`import --refresh`: the present extractor over old sources; what somebody edited stays, to the letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from site_builder import documents, extraction, import_refresh
from site_builder.model import Article, Extraction, Record
from tests import sites
from tests.heaps import heap, install, story
from tests.test_imports import Archive

Better = Callable[[Article], Article]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(tmp_path)
    made.put({"a.txt": story(1), "b.heap": heap([("line=1", story(2)), ("line=2", story(3))])})
    with pytest.MonkeyPatch.context() as patch:
        install(patch)
        assert made.outcomes() == {"taken": 3}
        yield made


def refresh(archive: Archive, better: Better, **options: Any) -> tuple[dict[str, int], list[str]]:
    """A refresh by an extractor that makes better articles; outcomes and problems."""
    real = extraction.extract

    def extract(record: Record, *rest: Any) -> Extraction:
        made = real(record, *rest)
        return replace(made, article=better(made.article))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(extraction, "extract", extract)
        tally = archive.take(refresh=True, **options)
    return dict(tally.outcomes), [str(problem) for problem in tally.problems]


def dated(article: Article) -> Article:
    return replace(article, date="2017-04-12")


def retold(article: Article) -> Article:
    return replace(article, body=article.body.replace("old bridge", "ancient bridge"), section="World")


def path_of(archive: Archive, source: str) -> Path:
    found: str = next(row["article"] for row in archive.ledger if row["source"] == source)
    return archive.content / found


def test_the_same_extractor_changes_nothing(archive: Archive) -> None:
    before = archive.files
    assert refresh(archive, lambda article: article) == ({"current": 3}, [])
    assert archive.files == before


def test_what_nobody_edited_is_brought_up_to_date(archive: Archive) -> None:
    before = archive.articles
    outcomes, problems = refresh(archive, dated)
    assert (outcomes, problems) == ({"refreshed": 3}, [])
    assert archive.articles.keys() == before.keys(), "each where it was"
    for path, text in archive.articles.items():
        assert text == before[path].replace("\nlanguage:", "\ndate: 2017-04-12\nlanguage:", 1)
    after = archive.files
    assert archive.outcomes() == {"known": 3} and refresh(archive, dated)[0] == {"current": 3}
    assert archive.files == after


def test_a_dry_run_shows_the_change_and_makes_none(archive: Archive) -> None:
    before = archive.files
    assert refresh(archive, dated, dry_run=True)[0] == {"refreshed": 3}
    assert archive.files == before


def test_an_edited_file_keeps_its_form_and_what_was_edited(archive: Archive) -> None:
    path = path_of(archive, "a.txt")
    text = path.read_text()
    edited = text.replace("title: ", "# checked by Ann\ntitle: The ").replace(
        "language: en\n", "language: en\nmood: dark\n"
    )
    path.write_text(edited)
    outcomes, problems = refresh(archive, lambda article: retold(dated(article)))
    assert outcomes == {"refreshed": 3} and problems == []
    after = path.read_text()
    expected = edited.replace("old bridge", "ancient bridge")
    for line in ("date: 2017-04-12", "section: World"):
        assert f"\n{line}\n" in after
        after = after.replace(f"{line}\n", "")
    assert after == expected
    assert archive.outcomes() == {"known": 3}
    assert refresh(archive, lambda article: retold(dated(article)))[0] == {"current": 3}


def test_a_field_that_somebody_edited_stays_and_is_told(archive: Archive) -> None:
    path = path_of(archive, "b.heap#line=2")
    path.write_text(path.read_text().replace("title: ", "date: 2016\ntitle: "))
    outcomes, problems = refresh(archive, dated)
    assert outcomes == {"refreshed": 2, "edited": 1}
    assert len(problems) == 1 and "what somebody edited: date" in problems[0]
    assert "date: 2016\n" in path.read_text()
    path.write_text(path.read_text().replace("date: 2016\n", ""))
    assert refresh(archive, dated)[0] == {"refreshed": 1, "current": 2}, "who takes his change back gets the new"


def test_an_edited_body_stays(archive: Archive) -> None:
    path = path_of(archive, "a.txt")
    path.write_text(path.read_text() + "\nMy own words.\n")
    outcomes, problems = refresh(archive, retold)
    assert outcomes == {"refreshed": 3} and "edited: body" in problems[0]
    assert "My own words." in path.read_text() and "ancient" not in path.read_text()
    assert "section: World" in path.read_text()


def test_an_edited_article_is_still_edited_after_a_refresh(archive: Archive) -> None:
    path = path_of(archive, "a.txt")
    path.write_text(path.read_text() + "\nMy own words.\n")
    refresh(archive, dated)
    archive.put({"a.txt": story(1, " And more.")})
    assert archive.take().outcomes == {"known": 2, "edited": 1}
    assert "My own words." in path.read_text()


def test_what_is_deleted_new_changed_or_gone_is_left_to_an_import(archive: Archive) -> None:
    path_of(archive, "a.txt").unlink()
    archive.put({"new.txt": story(8), "b.heap": heap([("line=1", story(2)), ("line=2", story(3, " More."))])})
    assert refresh(archive, dated) == ({"deleted": 1, "refreshed": 1}, [])
    (archive.inbox / "b.heap").unlink()
    assert refresh(archive, retold) == ({"deleted": 1}, [])


def test_a_copy_does_not_bring_its_fewer_facts(archive: Archive) -> None:
    archive.put({"0.txt": story(9), "0.meta.toml": 'publication = "The Paper"\n', "1.txt": story(9)})
    assert archive.outcomes() == {"known": 3, "taken": 1, "copy": 1}
    outcomes, _ = refresh(archive, dated)
    assert outcomes["refreshed"] == 4
    assert "publication: The Paper" in path_of(archive, "0.txt").read_text()


def test_rows_without_digests_are_refreshed_only_where_nothing_was_edited(archive: Archive) -> None:
    import json

    file = archive.content / "imports.jsonl"
    rows = [{key: value for key, value in row.items() if key != "fields"} for row in archive.ledger]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    path = path_of(archive, "a.txt")
    path.write_text(path.read_text() + "\nMy own words.\n")
    outcomes, problems = refresh(archive, dated)
    assert outcomes == {"refreshed": 2, "edited": 1} and "was edited" in problems[0]


@pytest.mark.parametrize(
    "form", ["+++\ntitle = 'Mine'\n+++\n\nText.\n", "---\ntitle: &a Mine\nsection: *a\n---\n\nText.\n"]
)
def test_a_form_that_cannot_be_changed_in_part_is_left(archive: Archive, form: str) -> None:
    path = path_of(archive, "a.txt")
    path.write_text(form)
    outcomes, problems = refresh(archive, dated)
    assert outcomes == {"refreshed": 2, "edited": 1} and problems and path.read_text() == form


def test_a_refresh_never_writes_through_a_link(archive: Archive) -> None:
    path = path_of(archive, "a.txt")
    other = archive.root / "mine.md"
    path.rename(other)
    path.symlink_to(other)
    before = other.read_text()
    refresh(archive, dated)
    assert other.read_text() == before


FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": st.sampled_from(["One", "Two", "A: B", "'x'"]),
    "date": st.sampled_from(["", "2017", "2017-04-12"]),
    "authors": st.sampled_from([(), ("Ann Lee",), ("Ann Lee", "Bo Ek")]),
    "section": st.sampled_from(["", "World"]),
    "body": st.sampled_from(["", "One.", "One.\n\nTwo.\n\n- a\n- b", "---\n\nrule"]),
}
ARTICLES = st.fixed_dictionaries(FIELDS).map(lambda values: Article(**values))
NOTES = st.lists(st.sampled_from(["# a note", "mood: dark", "list:\n- a\n- b", "", "deep:\n  title: no"]), max_size=3)


@hypothesis_settings(max_examples=200, deadline=None)
@given(wrote=ARTICLES, edited=ARTICLES, new=ARTICLES, notes=NOTES)
def test_a_patch_changes_the_free_fields_and_no_other_line(
    wrote: Article, edited: Article, new: Article, notes: list[str]
) -> None:
    notes = list(dict.fromkeys(notes))
    raw = documents.write(edited).replace("---\n", "\n".join(["---", *notes, ""]), 1).encode()
    document, problems = documents.read(raw, "articles/a.md")
    assert document and not problems
    sums = documents.sums(wrote)
    merge = import_refresh.merge_fields(document.article, replace(new, path="articles/a.md"), sums)
    text = import_refresh.patch(raw, document, merge)
    assert text is not None
    again, _ = documents.read(text.encode(), "articles/a.md")
    assert again
    for name in FIELDS:
        was, now, old = (getattr(article, name) for article in (edited, again.article, wrote))
        assert _bare(now) == (getattr(new, name) if _bare(was) == _bare(old) else _bare(was)), name
    assert all(note in text for note in notes)


def _bare(value: Any) -> Any:
    return value.strip("\n") if isinstance(value, str) else value


def test_digests_are_the_same_after_the_way_through_a_file(archive: Archive) -> None:
    for path in archive.articles:
        made = archive.article(path)
        again, _ = documents.read(documents.write(made).encode(), path)
        assert again and documents.sums(again.article) == documents.sums(made)
    assert sites.read(archive.content)


def test_another_address_of_the_page_is_a_change_and_another_version_of_the_extractor_is_none(archive: Archive) -> None:
    def named(article: Article) -> Article:
        return replace(article, source=replace(article.source, canonical="https://paper.example/a"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("site_builder.import_take.__version__", "9.9")
        assert refresh(archive, lambda article: article)[0] == {"current": 3}
    assert refresh(archive, named)[0] == {"refreshed": 3}
    assert "canonical: " in path_of(archive, "a.txt").read_text()
