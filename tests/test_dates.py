"""Dates as far as they are known: what is read, kept, sorted, bucketed and said; and nothing that was not written."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import dates, locales


@pytest.mark.parametrize(
    ("text", "bucket", "machine", "words"),
    [
        ("", (), "", ""),
        ("2017", ("2017",), "", "2017"),
        ("2017-04", ("2017", "04"), "", "April 2017"),
        ("2017-04-12", ("2017", "04", "12"), "2017-04-12", "April 12, 2017"),
        ("2017-04-12T18:05:00+02:00", ("2017", "04", "12"), "2017-04-12T18:05:00+02:00", "April 12, 2017"),
        ("1998~", ("1998",), "", "about 1998"),
        ("1985?", ("1985",), "", "1985 (uncertain)"),
        ("1985-04%", ("1985", "04"), "", "about April 1985 (uncertain)"),
        ("2017-04-12?", ("2017", "04", "12"), "", "April 12, 2017 (uncertain)"),
        ("198X", (), "", "the 1980s"),
        ("19XX", (), "", "1900–1999"),
        ("XXXX", (), "", "year unknown"),
        ("1985-XX", ("1985",), "", "1985"),
        ("1985-04-XX", ("1985", "04"), "", "April 1985"),
        ("1985-XX-XX", ("1985",), "", "1985"),
        ("XXXX-04-12", (), "", "April 12, year unknown"),
        ("XXXX-04-12?", (), "", "April 12, year unknown"),
        ("XXXX-02-29", (), "", "February 29, year unknown"),
        ("XXXX-04", (), "", "April, year unknown"),
        ("198X-04", (), "", "April, the 1980s"),
        ("198X-04-12", (), "", "April 12, the 1980s"),
        ("2017-21", ("2017",), "", "spring 2017"),
        ("2017-24?", ("2017",), "", "winter 2017 (uncertain)"),
        ("XXXX-22", (), "", "summer, year unknown"),
        ("2017/2018", ("2017",), "", "2017 – 2018"),
        ("2017-04/2017-06", ("2017",), "", "April 2017 – June 2017"),
        ("2017~/2018?", ("2017",), "", "about 2017 – 2018 (uncertain)"),
        ("2017/..", ("2017",), "", "2017 – …"),
        ("2017/", ("2017",), "", "2017 – …"),
        ("../2017", (), "", "… – 2017"),
        ("0000-01-01", ("0000", "01", "01"), "", "0000-01-01"),
    ],
)
def test_what_is_written_is_what_is_known(text: str, bucket: tuple[str, ...], machine: str, words: str) -> None:
    date = dates.parse(text)
    assert (date.text, date.bucket, date.machine, dates.words(text)) == (text, bucket, machine, words)


@given(st.datetimes(dt.datetime(1, 1, 1)), st.sampled_from(("", "Z", "+02:00", "-11:30", "-00:00", "-00:30", "+14:00")))
def test_the_usual_dates_are_read_as_by_the_whole_grammar(moment: dt.datetime, zone: str) -> None:
    text = moment.strftime("%Y-%m-%d").zfill(10) + (f"T{moment:%H:%M:%S}{zone}" if zone else "")
    assert dates.parse(text) == dates._single(text)


@given(st.from_regex(r"\A\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d))?\Z"))
def test_what_looks_usual_and_is_no_day_is_refused_all_the_same(text: str) -> None:
    try:
        whole = dates._single("".join(str(int(c)) if c.isdecimal() else c for c in text))
    except ValueError:
        with pytest.raises(ValueError, match=r"is|has"):
            dates.parse(text)
    else:
        assert dates.parse(text) == whole


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (" 2017-04-12\n", "2017-04-12"),
        ("2017-04-12 18:05", "2017-04-12T18:05:00"),
        ("2017-04-12T18:05Z", "2017-04-12T18:05:00Z"),
        ("2017-04-12T18:05:09.123456 UTC", "2017-04-12T18:05:09Z"),
        ("2017-04-12 18:05:00 +0200", "2017-04-12T18:05:00+02:00"),
        ("2017-04-12T18:05+02", "2017-04-12T18:05:00+02:00"),
        ("2017-04-12T18:05:00-00:00", "2017-04-12T18:05:00Z"),
        ("2017-04-12 18:05/2017-04-13", "2017-04-12T18:05:00/2017-04-13"),
        ("2017-4-2", "2017-04-02"),
        ("2017/04/12", "2017-04-12"),
        ("12.4.2017", "2017-04-12"),
        ("April 12, 2017", "2017-04-12"),
        ("12 April 2017", "2017-04-12"),
        ("April 2017", "2017-04"),
        ("12 de abril de 2017", "2017-04-12"),
        ("12 апреля 2017", "2017-04-12"),
        ("2017年4月12日", "2017-04-12"),
        ("12/25/2017", "2017-12-25"),
        ("25/12/2017", "2017-12-25"),
        ("٢٠١٧-٠٤-١٢", "2017-04-12"),
        ("２０１７", "2017"),
    ],
)
def test_other_spellings_are_kept_in_one_form(text: str, normal: str) -> None:
    assert dates.parse(text).text == normal
    assert dates.parse(normal).text == normal


@pytest.mark.parametrize(
    "text",
    [
        *("2017-02-29", "1900-02-29", "XXXX-02-30", "2017-13", "2017-25", "2017-00", "2017-04-00", "2017-04-31"),
        *("2017-XX-12", "2017-04T10:00", "2017-04-12T25:00", "2017-04-12T18:61", "2017-04-12T18:05+15:00"),
        *("2018/2017", "2017-06/2017-04", "2017-04-12T10:00/2017-04-12T09:00", "/", "..", "../..", "2017/x"),
        *("3/4/2017", "1/2", "04/2017", "2017-04/06", "20170412", "17-04-12", "-2017"),
        *("last week", "April 12", "May", "yesterday", "2017-04-12 and 2017-04-13", "2017-04-12\0"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"'.*'"):
        dates.parse(text)


def test_a_refusal_of_a_long_text_is_short_and_quick() -> None:
    for text in ("x" * 1_000_000, "1 " * 500_000, "april 1 " * 100_000, "1" + " " * 500_000 + "de"):
        with pytest.raises(ValueError, match="no date that is understood") as caught:
            dates.parse(text)
        assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    "text", ["1985/198X", "2017-06/2017", "2017-04-12/2017-04", "1985/19XX", "2017/XXXX", "2017-12/2017-24"]
)
def test_an_interval_may_end_in_the_span_it_begins_in(text: str) -> None:
    assert dates.parse(text).text == text


def test_dates_sort_by_the_earliest_they_can_mean() -> None:
    ordered = [
        "XXXX-04-12",
        "19XX",
        "1980",
        "1985",
        "1985-04",
        "1985-04-01",
        "1985-04-12",
        "1985-04-12T08:00",
        "1985-04-12T18:00:01Z",
        "1985-04-13~",
        "1985-22",
        "1985-07",
        "1986/1990",
    ]
    assert sorted(set(ordered), key=lambda text: dates.parse(text).sort) == ordered


FORMS = st.one_of(
    st.dates().map(str),
    st.dates().map(lambda day: str(day)[:7]),
    st.dates().map(lambda day: str(day)[:4]),
    st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-9, minutes=-30))])).map(
        lambda moment: moment.replace(microsecond=0).isoformat()
    ),
    st.dates().map(lambda day: f"XXXX{str(day)[4:]}"),
    st.dates().map(lambda day: f"{str(day)[:3]}X"),
)


@given(FORMS, st.sampled_from(["", "?", "~", "%"]))
def test_every_known_date_is_read_sorted_and_said(text: str, qualifier: str) -> None:
    date = dates.parse(text + qualifier)
    assert dates.parse(date.text) == date
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", date.sort)
    assert dates.words(date.text)
    assert all(part.isascii() and part.isdigit() for part in date.bucket)
    if date.machine:
        day = dt.date.fromisoformat(date.machine[:10])
        moment = dates.moment(date)
        assert moment and moment.date() == day and not qualifier


@given(st.text(max_size=40) | st.text("0123456789-/.TZX~?+: ", max_size=25))
def test_any_text_is_a_date_or_a_sentence_on_why_not(text: str) -> None:
    try:
        date = dates.parse(text)
    except ValueError as error:
        assert "'" in str(error)
    else:
        assert dates.parse(date.text) == date
        assert all(re.fullmatch(r"[0-9]+", part) for part in date.bucket)
        dates.words(date.text)
        dates.moment(date)


# ------------------------------------------------------------------------------------------- the edtf package


def _forms() -> list[str]:
    years, months = ["1985", "2000", "198X", "19XX"], ["", "-04", "-12"]
    plain = [f"{year}{month}" for year, month in itertools.product(years[:2], months)]
    plain += ["198X", "19XX", "1985-XX", "1985-04-XX", "1985-XX-XX", "1985-04-12", "2000-02-29", "1985-12-31"]
    seasons = [f"1985-{n}" for n in (21, 22, 23, 24)]
    marked = [f"{text}{mark}" for text in ("1985", "1985-04", "1985-04-12") for mark in "?~%"]
    intervals = ["1985/1990", "1985-04/1985-06", "1985-04-12/1985", "1985~/1990?", "1985/198X", "1985/"]
    moments = ["1985-04-12T18:05:00Z", "1985-04-12T18:05:00+02:00"]
    unknown = ["XXXX-04-12", "XXXX-04", "XXXX", "198X-04"]
    return plain + seasons + marked + intervals + moments + unknown


def test_the_edtf_package_reads_the_same() -> None:
    edtf = pytest.importorskip("edtf")
    for text in _forms():
        theirs = edtf.parse_edtf(text).lower_strict()
        ours = re.split("[-T]", dates.parse(text).sort)[:3]
        assert tuple(max(1, int(part)) if n else int(part) for n, part in enumerate(ours)) == tuple(theirs[:3]), text


def test_both_refuse_the_same() -> None:
    edtf = pytest.importorskip("edtf")
    for text in ("2017-13", "17-04-12", "last week", "2017-4", "2017-04-12T25:00", "/", "201X7"):
        with pytest.raises(ValueError, match=r"."):
            dates.parse(text)
        with pytest.raises(edtf.parser.edtf_exceptions.EDTFParseException):
            edtf.parse_edtf(text)


# ----------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("de", "12. April 2017", "April 2017"),
        ("fr", "12 avril 2017", "avril 2017"),
        ("en-GB", "12 April 2017", "April 2017"),
        ("ru", "12 апреля 2017 г.", "апрель 2017 г."),
        ("ar", "12 أبريل 2017", "أبريل 2017"),
        ("pt", "12 de abril de 2017", "abril de 2017"),
        ("pt-BR", "12 de abril de 2017", "abril de 2017"),
        ("zh-Hans-CN", "2017年4月12日", "2017年4月"),
        ("he", "12 באפריל 2017", "אפריל 2017"),
        ("no", "12. april 2017", "april 2017"),
    ],
)
def test_words_follow_the_language(language: str, day: str, month: str) -> None:
    assert dates.words("2017-04-12", language).replace("\u202f", " ").replace("\xa0", " ") == day
    assert dates.words("2017-04", language).replace("\u202f", " ").replace("\xa0", " ") == month


@pytest.mark.parametrize("language", ["", "xx", "../x", "e" * 5000, "en_US.UTF-8", "fr@euro", "C", "-", "\0"])
def test_a_language_that_nobody_knows_costs_no_build(language: str) -> None:
    assert "2017" in dates.words("2017-04-12", language)
    assert locales.month_name("04", language)


def test_long_days_are_those_of_the_library() -> None:
    babel = pytest.importorskip("babel.dates")
    days = [dt.date(year, month, day) for year in (9, 987, 2017) for month in range(1, 13) for day in (1, 12, 28)]
    for language in (*locales.LANGUAGES, "ja", "fa", "he", "eu", "hy", "mn", "vi", "zh", "th", "ka", "lv", "gsw"):
        for day in days:
            assert locales.long_day(day, language) == babel.format_date(day, "long", locale=language), language


def test_one_language_does_not_change_what_another_one_says() -> None:
    """Babel keeps what it looked up in data that languages share (python-babel issue 1234)."""
    names = {"he": "אפריל", "zh": "四月", "no": "april", "fr": "avril", "ar": "أبريل", "pt": "abril", "hi": "अप्रैल"}
    for order in (list(names), list(names)[::-1]):
        locales.month_name.cache_clear()
        locales._locale.cache_clear()
        assert {language: locales.month_name("04", language) for language in order} == names
    assert "abril" in dates.month_words("pt") and "april" not in dates.month_words("pt")


# ------------------------------------------------------------------------------------------- in running text


def found(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.date.text) for one in dates.find(text)]


def test_dates_are_found_in_their_order_and_never_twice() -> None:
    text = "On 4 May 2017, a day after May 3, and in June 2016 (2016-06-07), 5/31/2017 and 3/4/2017."
    assert found(text) == [
        ("4 May 2017", "2017-05-04"),
        ("May 3", "XXXX-05-03"),
        ("June 2016", "2016-06"),
        ("2016-06-07", "2016-06-07"),
        ("5/31/2017", "2017-05-31"),
    ]


@pytest.mark.parametrize("text", ["31.2.2017", "2017-13-01", "2017-04/06", "version 1.2.3", "May", "1 in 4", ""])
def test_what_only_looks_like_a_date_is_passed_over(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3May 2001", "2001-05-03"),
        ("3 deabril 2001", "2001-04-03"),
        ("3rd of MAY", "XXXX-05-03"),
        ("am 3. März", "XXXX-03-03"),
        ("d'avril 2001", "2001-04"),
        ("mayhem 3 maybe 4 demand", ""),
        ("ſeptember 3, 2001; may 4", "XXXX-05-04"),
        ("3 APRİL 2001; may 4", "XXXX-05-04"),
    ],
)
def test_a_month_is_found_behind_what_is_glued_to_it_and_in_no_other_word(text: str, day: str) -> None:
    """`re` takes a long s and a dotted capital I for the usual letters: such a name was a fault of the program once."""
    assert [one for _, one in found(text)] == ([day] if day else [])


def test_twenty_thousand_dates_in_one_line_take_no_more_than_their_share() -> None:
    for text, count in (("april 1 " * 20_000, 19_999), ("1" + " " * 20_000 + "de", 0), ("1 de " * 10_000, 0)):
        started = time.process_time()
        assert len(list(dates.find(text))) in (count, count + 1)
        assert time.process_time() - started < 5


@given(st.text(max_size=80) | st.text("0123456789 ./-年月日of aprildejun,", max_size=60))
def test_found_dates_do_not_overlap_and_can_be_read_again(text: str) -> None:
    ends = 0
    for one in dates.find(text):
        assert ends <= one.start < one.end <= len(text)
        assert dates.parse(one.date.text) == one.date
        ends = one.end


@pytest.mark.parametrize(
    ("clock", "iso"),
    [
        ("1:32", "PT1M32S"),
        ("0:01:32", "PT1M32S"),
        ("90:00", "PT1H30M"),
        ("2:00:00", "PT2H"),
        ("0:00", ""),
        ("1:60", ""),
        ("0:61:00", ""),
        ("1:2:3", ""),
        ("at 1:32", ""),
    ],
)
def test_running_times(clock: str, iso: str) -> None:
    assert dates.duration(clock) == iso
