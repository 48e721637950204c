"""The lists that the search page looks in: folded names, every name in a list that its words lead to, bounded size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import finding, urls
from site_builder.views import search


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Carl  Schreck", "carl schreck"),
        ("ÉLYSÉE", "elysee"),
        ("Straße", "strasse"),
        ("Ærø", "aero"),
        ("O’Brien-C++", "o brien c"),
        ("İstanbul", "istanbul"),
        ("إسلام", "اسلام"),
        ("٢٠١٧", "2017"),
        ("Ёлка", "елка"),
        ("!?", ""),
    ],
)
def test_accents_and_case_do_not_matter(text: str, folded: str) -> None:
    assert finding.fold(text) == folded


@given(st.text(max_size=20))
def test_folding_again_changes_nothing_and_ascii_has_no_way_of_its_own(text: str) -> None:
    folded = finding.fold(text)
    assert finding.fold(folded) == folded
    assert finding.fold(f"{text} é") == f"{folded} e".strip()


def test_a_name_without_spaces_is_found_from_each_letter() -> None:
    assert finding.beginnings("天安门 Square") == ["天安门", "安门", "门", "square"]
    assert len(finding.beginnings("word " * 3 + "天" * 500)) <= finding.MAX_WORDS


def lists(terms: Sequence[finding.Name], kind: str = "tags") -> dict[str, list[Any]]:
    found = {}
    for page in finding.names(kind, terms).pages():
        told = json.loads(page.data)
        assert page.url == urls.search_list(told["key"])
        assert urls.output_path(page.url)
        assert told["key"] not in found
        found[told["key"]] = told["values"]
    return found


def under(found: dict[str, list[Any]], word: str) -> tuple[list[str], bool]:
    """As the script looks: the longest list of a word's beginning, and whether it lacks some of them."""
    key, rest = "tags", list(word)
    while rest and rest[0] in found[key][1]:
        key += f"-{ord(rest.pop(0)):x}"
    return [name for name, _, _ in found[key][0]], bool(found[key][2] and not (rest and found[key][1]))


def terms(*names: str) -> list[finding.Name]:
    return [(name, urls.term_slug(name), n) for n, name in enumerate(names, 1)]


def test_few_names_are_one_list_those_with_most_articles_first() -> None:
    assert lists(terms("Syria", "Homs")) == {"tags": [[["Homs", "homs", 2], ["Syria", "syria", 1]], "", 0]}


@given(st.lists(st.text("abéß天 -", min_size=1, max_size=6), max_size=40, unique_by=finding.fold))
def test_every_name_is_in_the_lists_of_its_words(names: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "LIST_SIZE", 3)
        found = lists(terms(*names))
    assert all(len(listed) <= 3 for listed, _, _ in found.values())
    for name in names:
        for word in finding.beginnings(name):
            listed, cut = under(found, word)
            assert name in listed or cut
            if not cut:
                expected = {other for other in names if any(w.startswith(word) for w in finding.beginnings(other))}
                assert {n for n in listed if any(w.startswith(word) for w in finding.beginnings(n))} == expected


def test_a_new_name_changes_the_lists_of_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "LIST_SIZE", 20)
    many = [(f"{a}{b}{c}", f"{a}{b}{c}", 9) for a in "abcdefgh" for b in "abcdefgh" for c in "abcdefgh"]
    before, after = lists(many), lists([*many, ("bcz new", "bcz-new", 1)])
    changed = {key for key in after if before.get(key) != after[key]}
    # The first list has the largest alone, and one more letter; then `b`, `bc` and `n`.
    assert changed == {"tags", "tags-62-63", "tags-6e"}
    assert len(after) > 70


def test_a_long_name_is_cut_and_a_list_stays_small() -> None:
    listed = lists([("ن" * 5000, urls.term_slug(f"{n}"), 1) for n in range(900)])
    assert max(len(json.dumps(values, ensure_ascii=False).encode()) for values in listed.values()) < 500_000
    assert len(listed) == finding.MAX_LETTERS + 1


def test_dates_tell_years_months_and_days() -> None:
    days: dict[tuple[str, ...], int] = {("2017", "04", "12"): 3, ("1957", "10", "04"): 1}
    groups = list(finding.dates({"2017": 4, "1957": 1, "1960": 1}, {("2017", "04"): 3, ("1957", "10"): 1}, days))
    assert [group.name for group in groups] == ["search dates", "search days-1957", "search days-2017"]
    found = {json.loads(page.data)["key"]: json.loads(page.data)["values"] for g in groups for page in g.pages()}
    years, of_the_year = found["dates"]
    assert years[2] == ["2017", 4, [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0]]
    assert of_the_year[3] == 1 << 11
    assert of_the_year[9] == 1 << 3
    assert found["days-2017"] == [[["0412", 3]]]


def test_nothing_in_a_list_can_end_its_line_or_its_element() -> None:
    made = search._script("tags", [["</script><!--\u2028\u2029&", "x", 1]]).decode()
    assert not set("<>&\u2028\u2029") & set(made)
    assert json.loads(f"[{made.removeprefix('finder(').rstrip()[:-1]}]")[1][0][0] == "</script><!--\u2028\u2029&"


def test_months_are_known_in_many_languages() -> None:
    months = search._months("en")
    assert [months[name] for name in ("april", "avril", "abril", "апреля", "ابريل", "kwietnia")] == [4] * 6
    assert all(name == finding.fold(name) and 1 <= number <= 12 for name, number in months.items())
