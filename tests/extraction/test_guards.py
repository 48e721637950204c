"""The cheap questions that are asked before dear patterns: none may rule out what its pattern would find."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import dates, markup
from site_builder.extraction import text as passes
from site_builder.extraction.html import features as html_features
from site_builder.extraction.text import credits, features, furniture, shapes, told
from site_builder.extraction.text.lines import marks_of, read_lines
from site_builder.vocabulary import lexicon, names, stamps

PARTS = (
    *"abzAZéÉßſ .,:;/|>»(@#©&<*_`\\[]~=+-0123456789",
    *("May", "may", "of", "de", "st", "1969", "2024", "www.", ".com", "http:", "&amp;", "](", "Updated", "10:30", "  "),
)


def lines(count: int, seed: int) -> Iterator[str]:
    """Lines of random signs and words, as a page's lines are given to the passes: without blanks at their ends."""
    draw = random.Random(seed)
    for _ in range(count):
        line = " ".join("".join(draw.choices(PARTS, k=draw.randrange(1, 9))).split())
        if line:
            yield line


def test_a_line_without_syntax_is_its_own_markdown() -> None:
    def is_plain(line: str) -> bool:
        return not (line[0] in passes._STARTS or line[0].isdecimal() or passes._SYNTAX.search(marks_of(line)))

    plain = [line for line in lines(5000, 1) if is_plain(line)]
    assert len(plain) > 500
    assert [markup.escape(line) for line in plain] == plain


TEXTS = st.text(
    st.one_of(st.sampled_from("aZé .,:;!?/|>(@#©19202-–—“”。ſ\t\u00a0\u200f"), st.characters()), max_size=60
)


@given(TEXTS)
def test_a_lines_marks_are_all_its_signs_but_letters_and_spaces(text: str) -> None:
    for line in read_lines(text):
        assert line.marks == re.sub("[ A-Za-z]", "", line.text)
        assert (not line.marks or line.marks.isalpha()) == line.text.replace(" ", "").isalpha()
        assert line.cues == line.tokens & lexicon.listed_words()


@given(TEXTS)
def test_a_line_is_the_same_on_a_page_as_alone(text: str) -> None:
    page = [line[1:5] + line[5:7] + line[8:-1] for line in read_lines(text)]
    alone = [line[1:5] + line[5:7] + line[8:-1] for raw in text.split("\n") for line in read_lines(raw)]
    assert page == alone


@given(TEXTS)
def test_sentence_ends_are_counted_as_the_pattern_finds_them(text: str) -> None:
    for line in read_lines(text):
        assert features._inner_ends(line.text, line.marks) == len(features._INNER.findall(line.text))


def test_marks_rule_out_no_pattern() -> None:
    for text in lines(5000, 2):
        marks = marks_of(text)
        digits = len(re.findall(r"\d", marks))
        assert not features._YEAR.search(text) or "19" in marks or "20" in marks
        assert not (features._YEAR.search(text) and features._DATE.search(text)) or digits > 4
        assert not features._has_address(text) or set(".@#:") & set(marks)
        assert not credits._ONLY.match(text) or set(":：/©") & set(marks) or text[0] in "pPfFbB"
        assert not furniture._CODE.match(text) or text[0] in "wfv{<d."
        assert not shapes._SLUG.fullmatch(text) or set("-/") & set(marks)
        assert bool(told._DAY.search(text)) <= bool(told._DIGIT.search(marks))
        assert credits._may_say_by(text) or ":" in text or "©" in text or not credits._LABELLED.search(text)
        for pattern in (shapes._BETWEEN, furniture._BETWEEN, credits._SENTENCES, credits._CREDITED, passes._SYNTAX):
            assert bool(pattern.search(text)) == bool(pattern.search(marks))


def test_lines_that_are_asked_for_a_copyright_are_all_that_have_one() -> None:
    for text in ("© 2017", "(C) 2017", "(c) Ann Lee, all rights", "COPYRIGHT 2017", "@ 2017", "Copyright, all rights"):
        (line,) = read_lines(text)
        assert furniture._has_copyright(line), text


def test_dates_and_glued_words_are_not_ruled_out() -> None:
    dated = 0
    for line in lines(5000, 3):
        if any(dates.find(line)):
            dated += 1
            assert dates.may_hold(line), line
        if stamps._GLUED.search(line):
            assert stamps._PERHAPS_GLUED.search(line), line
        if names._GLUED.search(line):
            assert names._PERHAPS_GLUED.search(line), line
        for sign, pattern in zip(dates._FIGURES, dates._patterns()[0], strict=True):
            assert sign.search(line) or not pattern.search(line), line
    assert dated > 30


def test_days_in_sentences_are_those_of_the_plain_pattern() -> None:
    plain = re.compile(r"(?:3[01]|[12]\d|0?[1-9])(?![\d:/%-]|[.,]\d)")
    found = 0
    for line in lines(5000, 6):
        spans = [match.span() for match in plain.finditer(line)]
        assert [match.span() for match in told._DAY.finditer(line)] == spans, line
        found += len(spans)
    assert found > 500


def test_a_texts_words_are_those_of_each_line() -> None:
    signs = [
        *lines(2000, 7),
        "«Ça» – Ŋ’ŉ…",
        "• one",
        "€5 _under_ 5€",
        "a\u200eb",
        "…",
        "日本、語。",
        "x\u200f",
        "½ \x1c y",
        "\ud800 z",
    ]
    lone = [fact for line in signs for fact in read_lines(line)]
    assert [line.tokens for line in read_lines("\n".join(signs))] == [line.tokens for line in lone]
    for line in lone:
        assert line.tokens == lexicon.tokens_of(line.key), line.text


def test_capitals_are_counted_alike_in_bytes_and_signs() -> None:
    for line in lines(2000, 8):
        # a sign outside ASCII at the end of the last word, and a capital among the marks, take the other way
        words = line.count(" ") + 1
        assert features._capitals(line, words, marks_of(line)) == features._capitals(f"{line}ʼ", words, "A")


def test_a_block_ends_as_the_pattern_says() -> None:
    pattern = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
    for line in (*lines(2000, 9), "He left.", "He left!”)", "…]", ".", ")", "He (left", "He left. "):
        assert html_features._is_ended(line) == bool(pattern.search(line)), line


def test_no_names_behind_a_small_second_word() -> None:
    assert names.names_in("Ann de Lee") == ("Ann de Lee",)
    assert names.names_in("Ann reports on ships") == ()
    assert names.names_in("Ann LeeCorrespondent") == ("Ann Lee",)


def test_words_are_found_as_a_pattern_finds_them() -> None:
    for line in lines(3000, 4):
        for word in ("a", "May", "de", "é"):
            found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", line)]
            assert list(lexicon.places_of(word, line)) == found, line
            assert lexicon.has_word(line, word) == bool(found)


@pytest.mark.parametrize("name", sorted(lexicon.phrases("agencies", "names")))
def test_every_agency_is_found_in_a_credit(name: str) -> None:
    hidden = name in lexicon.phrases("agencies", "photo_only")
    assert hidden or names.agencies_in(f"(with {name})")


def test_every_role_is_one_for_several_people_too() -> None:
    for role in lexicon.ordered("byline", "roles"):
        assert names._is_role(role)
        assert names._is_role(f"{role}s, London")


def test_every_opener_opens_a_byline() -> None:
    for phrase in lexicon.ordered("byline", "openers"):
        assert names.byline(f"{phrase} Ann Lee") == names.Byline(("Ann Lee",)), phrase


def test_a_text_of_two_languages_is_read_whole() -> None:
    english = "The council said that the bridge would be closed, as it had been before the war and after it. " * 8
    german = "Die Stadt sagt, dass die Brücke nicht mehr sicher ist und auch für den Bus gesperrt wird. " * 8
    assert lexicon.language_of(english * 3) == "en"
    assert lexicon.language_of(english + german) == lexicon._by_words((english + german).casefold(), 1.0)


def test_a_line_is_read_alike_whatever_stands_between_its_words() -> None:
    for raw in ("  A  line\u00a0of words. ", "A line of words.", "\tA line of\u2003words."):
        (line,) = read_lines(raw)
        assert (line.text, line.key, line.words, line.closed) == ("A line of words.", "a line of words", 4, True)
        assert line.parts == ((1, raw.strip()),)
