"""Decoding: every encoding gives its words, every guess is named, nothing but signs without shape is dropped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.decoding import decode, decode_html

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


# ---------------------------------------------------------------------------------------------------- web pages


def page(text: str, charset: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<!DOCTYPE html>\n<html><head>{meta}<title>News</title></head><body><p>{text}</p></body></html>\n"


CHINESE = "市议会星期二晚上决定关闭这座旧桥，工程师们多年来一直认为它不安全。" * 4
JAPANESE = "市議会は火曜日の夜、技術者が長年危険だと言ってきた古い橋を閉鎖することを決めた。" * 4
KOREAN = "시의회는 화요일 밤 오래된 다리를 폐쇄하기로 결정했다고 밝혔다." * 4


@pytest.mark.parametrize(
    ("text", "python", "declared", "inside", "words"),
    [
        (GERMAN, "utf-8", "", "", ""),
        (GERMAN, "utf-8", "utf-8", "", ""),
        (GERMAN, "utf-8", "iso-8859-1", "", "it is UTF-8"),
        (RUSSIAN, "utf-8", "", "windows-1251", "it is UTF-8"),
        (GERMAN, "utf-8", "", "utf-16", ""),  # a lie by its own words: it could be read as ASCII
        (GERMAN, "utf-8-sig", "iso-8859-1", "koi8-r", ""),
        (GERMAN, "utf-16", "utf-8", "utf-8", ""),
        (GERMAN, "utf-16-le", "", "utf-16", ""),
        (GERMAN, "utf-16-be", "", "", ""),
        ("\u201cNo,\u201d he said \u2013 twice \u2026 caf\u00e9 \u20ac5", "cp1252", "ISO-8859-1", "", ""),
        (GERMAN, "cp1252", "", "iso-8859-1", ""),
        (GERMAN, "cp1252", "utf-8", "", "does not fit"),
        (RUSSIAN, "cp1251", "windows-1251", "", ""),
        (RUSSIAN, "cp1251", "ISO-8859-1", "windows-1251", "the second"),
        (RUSSIAN, "koi8-r", "", "koi8-r", ""),
        (RUSSIAN, "cp1251", "iso-8859-1", "", "guessed"),
        (RUSSIAN, "cp1251", "", "", "guessed"),
        (CHINESE + "鎔㐂", "gb18030", "", "gb2312", ""),
        (CHINESE, "gbk", "text-of-no-charset", "GBK", ""),
        (JAPANESE, "cp932", "Shift_JIS", "", ""),
        (JAPANESE, "iso-2022-jp", "", "iso-2022-jp", ""),
        (JAPANESE, "euc_jp", "", "x-euc-jp", ""),
        (KOREAN, "cp949", "", "ks_c_5601-1987", ""),
        ("联通", "gbk", "gb2312", "", ""),  # two signs that happen to be UTF-8 as well
    ],
)
def test_web_pages_in_every_encoding(text: str, python: str, declared: str, inside: str, words: str) -> None:
    markup = page(text, inside)
    found, repairs = decode_html(markup.encode(python), declared)
    assert found == markup
    assert words in "; ".join(repairs)
    assert bool(repairs) is bool(words)


def test_a_page_that_is_ascii_needs_no_charset() -> None:
    assert decode_html(page("Plain words.").encode(), "no-such-charset") == (page("Plain words."), ())


def test_an_xml_declaration_names_the_encoding() -> None:
    markup = f"<?xml version='1.0' encoding='iso-8859-2'?>\n{page('Zażółć gęślą jaźń')}"
    assert decode_html(markup.encode("iso-8859-2")) == (markup, ())


def test_a_meta_tag_in_a_comment_says_nothing() -> None:
    markup = page(GERMAN, "windows-1252").replace("<title>", "<!-- <meta charset=koi8-r> --><title>")
    assert decode_html(markup.replace("<meta http", "<!-- x --><meta http").encode("cp1252"))[0] is not None
    commented = f"<!-- <meta charset='koi8-r'> -->{page(GERMAN, 'windows-1252')}"
    assert decode_html(commented.encode("cp1252")) == (commented, ())


def test_a_page_cut_through_a_sign_is_still_utf8() -> None:
    whole = page("Мост")
    found, repairs = decode_html(whole.encode()[: whole.index("М") + 7], "iso-8859-1")
    assert found == whole[: whole.index("М") + 3] + "\ufffd"
    assert "1 damaged utf-8 byte" in "; ".join(repairs)


def test_damaged_utf8_is_not_taken_for_something_else() -> None:
    raw = page(RUSSIAN).encode().replace("мост".encode(), b"\xd0", 1)
    found, repairs = decode_html(raw, "windows-1252")
    assert found == page(RUSSIAN).replace("мост", "\ufffd", 1)
    assert "1 damaged utf-8 byte" in "; ".join(repairs)


def test_what_was_encoded_twice_is_mended_where_that_is_proven() -> None:
    once = page(GERMAN + "\u201cSo\u201d \u2013 \u20ac5 © 2017")
    twice = "".join(chr(byte) if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else bytes([byte]).decode("cp1252")
                    for byte in once.encode())  # fmt: skip
    found, repairs = decode_html(twice.encode())
    assert found == once
    assert "encoded twice" in "; ".join(repairs)
    # Beside as much sound text it might be a page about the mistake.
    found, repairs = decode_html((twice + once).encode())
    assert found == (twice + once).replace("\x9d", "")
    assert repairs == ("1 control character dropped",)


def test_sound_text_is_never_mended() -> None:
    for text in (GERMAN, "ÉCOLE «À LA UNE» – É” Ã© naïve", "Ça a déjà été fait à Noël, où ça ?", "Ã©"):
        assert decode_html(page(text).encode()) == (page(text), ())


def test_pages_keep_their_spaces_and_lose_controls() -> None:
    found, repairs = decode_html(b"<p>a\r\nb\rc\x00\x07&nbsp;\xc2\xa0d</p>" + b" " * 200)
    assert found == "<p>a\nb\nc&nbsp;\u00a0d</p>" + " " * 200
    assert repairs == ("2 control characters dropped",)


def test_binary_is_no_page() -> None:
    assert decode_html(b"<html>" + bytes(range(256)) * 4 + b"\0" * 100) == (None, ())


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "utf-16", "gb2312", "iso-2022-jp", "x-user-defined"]))
def test_any_bytes_give_text_or_nothing(raw: bytes, declared: str) -> None:
    text, repairs = decode_html(raw, declared)
    assert text is None or "\0" not in text
    assert all(repairs)


@given(st.text(min_size=1, max_size=300).filter(lambda text: "\x1b" not in text))
def test_utf8_pages_come_out_as_they_were(text: str) -> None:
    found, repairs = decode_html(page(text).encode(errors="ignore"))
    if not repairs:
        assert found == page(text).encode(errors="ignore").decode().replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_a_page_text_that_was_encoded_twice_is_mended(wrong: str) -> None:
    text = "Über die Größe der Brücke sprach der Außenminister, für alle „schön“ – am Ende."
    broken = "".join(
        chr(byte) if wrong == "latin-1" or byte in (0x9D, 0x81, 0x8D, 0x8F, 0x90) else bytes([byte]).decode(wrong)
        for byte in text.encode()
    )
    assert decode(broken.encode()) == (text, ("9 signs that had been encoded twice mended",))
    assert decode(text.encode()) == (text, ())
