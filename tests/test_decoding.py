"""Decoding: every encoding gives its words, every guess is named, nothing but signs without shape is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.decoding import decode

GERMAN = "Die Brücke über den Fluß wird für Jahre geschlossen, heißt es in München. " * 4
RUSSIAN = "Совет решил закрыть старый мост, который инженеры называют опасным уже много лет. " * 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings(encoding: str) -> None:
    assert decode(GERMAN.encode(encoding)) == (GERMAN, ())


@pytest.mark.parametrize(("text", "encoding"), [(GERMAN, "cp1252"), (GERMAN, "latin-1"), (RUSSIAN, "cp1251")])
def test_old_encodings_are_guessed_and_named(text: str, encoding: str) -> None:
    found, repairs = decode(text.encode(encoding))
    assert found == text
    assert len(repairs) == 1
    assert "guessed" in repairs[0]


def test_quotes_of_cp1252() -> None:
    text, repairs = decode("He said \u201cno\u201d \u2013 twice.".encode("cp1252"))
    assert text == "He said \u201cno\u201d \u2013 twice."
    assert "cp1252" in repairs[0]


def test_one_damaged_byte_does_not_change_the_encoding() -> None:
    raw = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
    text, repairs = decode(raw)
    assert text == f"{RUSSIAN}\ufffd{RUSSIAN}"
    assert "damaged" in repairs[0]


def test_lines_and_spaces() -> None:
    text, repairs = decode("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u00a0h\u00adi\u200bj\ufeff".encode())
    assert text == "a\nb\nc\nd\ne\nf\ng hij"
    assert repairs == ()


def test_controls_and_direction_overrides_are_dropped_and_counted() -> None:
    text, repairs = decode("a\x07b\u202ecod.exe\u202c".encode())
    assert text == "abcod.exe"
    assert repairs == ("1 control character dropped", "2 text direction controls dropped")


def test_joiners_stay_where_they_are_spelling() -> None:
    assert decode("می\u200cخواهم क\u094d\u200dष wo\u200crd".encode())[0] == "می\u200cخواهم क\u094d\u200dष word"


def test_binary_is_no_text() -> None:
    assert decode(b"text\x00text") == (None, ())


@given(st.binary(max_size=300))
def test_no_bytes_crash_it(raw: bytes) -> None:
    text, _ = decode(raw)
    assert text is None or "\r" not in text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp", "Zs"))))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert decode(text.encode())[0] == text
