"""Citing an article: by the published rules of each style, and right about what is not known."""

from __future__ import annotations

import pytest

from site_builder import citations
from site_builder.citations import Name, Work
from site_builder.wording import spoken

WORK = Work(
    title="Talks in Moscow",
    key="k3f9x2ab7q",
    authors=("Carl Ekberg",),
    publication="Herald",
    date="2017-04-12T18:05:00+02:00",
    url="https://herald.example/talks",
    here="https://courier.example/2017/04/12/talks.html",
    archive="The Morning Courier",
    language="en",
)
PLAIN = WORK._replace(url="", here="", archive="")


def text(marked: str) -> str:
    """A citation with its titles between stars."""
    return marked.replace(citations.ITALICS, "*").replace(citations.UPRIGHT, "*")


# --------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Carl Ekberg", Name("Ekberg", "Carl")),
        ("Ursula von der Leyen", Name("von der Leyen", "Ursula")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", "Jr.")),
        ("Jean-Paul Sartre", Name("Sartre", "Jean-Paul")),
        ("Van Morrison", Name("Morrison", "Van")),
        ("Иван Петров", Name("Петров", "Иван")),
        ("Ekberg, Carl", Name("Ekberg, Carl")),
        ("Madonna", Name("Madonna")),
        ("نادر علي", Name("نادر علي")),
        ("毛 泽东", Name("毛 泽东")),
        ("Staff Reporter", Name("Staff Reporter")),
        ("Agence France-Presse", Name("Agence France-Presse")),
        ("Bob Woodward and Carl Bernstein", Name("Bob Woodward and Carl Bernstein")),
        ("Team 8 Berlin", Name("Team 8 Berlin")),
        ("", Name("")),
    ],
)
def test_a_name_is_taken_apart_where_it_can_be(given: str, name: Name) -> None:
    assert citations.name(given) == name


# --------------------------------------------------------------------------------------------------- styles


def test_chicago() -> None:
    assert text(citations.chicago(WORK)) == (
        "Ekberg, Carl. “Talks in Moscow.” *Herald*, April 12, 2017. https://herald.example/talks. "
        "Archived in *The Morning Courier*, https://courier.example/2017/04/12/talks.html."
    )


def test_mla() -> None:
    assert text(citations.mla(WORK)) == (
        "Ekberg, Carl. “Talks in Moscow.” *Herald*, 12 Apr. 2017, herald.example/talks. "
        "*The Morning Courier*, courier.example/2017/04/12/talks.html."
    )


def test_apa() -> None:
    assert text(citations.apa(WORK)) == (
        "Ekberg, C. (2017, April 12). Talks in Moscow. *Herald*. https://herald.example/talks. "
        "Archived in *The Morning Courier*, https://courier.example/2017/04/12/talks.html."
    )


def cited(**changes: object) -> tuple[str, str, str]:
    work = PLAIN._replace(**changes)  # type: ignore[arg-type]
    return text(citations.chicago(work)), text(citations.mla(work)), text(citations.apa(work))


def test_two_authors_three_and_a_crowd() -> None:
    two = ("Ann Lee", "Bo Chen")
    assert cited(authors=two)[0].startswith("Lee, Ann, and Bo Chen. “")
    assert cited(authors=two)[1].startswith("Lee, Ann, and Bo Chen. “")
    assert cited(authors=two)[2].startswith("Lee, A., & Chen, B. (")
    three = (*two, "Cy Dow")
    assert cited(authors=three)[0].startswith("Lee, Ann, Bo Chen, and Cy Dow. “")
    assert cited(authors=three)[1].startswith("Lee, Ann, et al. “")
    assert cited(authors=three)[2].startswith("Lee, A., Chen, B., & Dow, C. (")
    crowd = tuple(f"A{chr(97 + n)} B{chr(97 + n)}" for n in range(22))
    assert cited(authors=crowd)[0].startswith("Ba, Aa, Ab Bb, Ac Bc, Ad Bd, Ae Be, Af Bf, Ag Bg, et al. “")
    assert ", Bs, A., . . . Bv, A. (" in cited(authors=crowd)[2]


def test_without_an_author_the_newspaper_or_the_title_stands_first() -> None:
    assert cited(authors=()) == (
        "*Herald*. “Talks in Moscow.” April 12, 2017.",
        "“Talks in Moscow.” *Herald*, 12 Apr. 2017.",
        "Talks in Moscow. (2017, April 12). *Herald*.",
    )
    assert cited(authors=(), publication="") == (
        "“Talks in Moscow.” April 12, 2017.",
        "“Talks in Moscow.” 12 Apr. 2017.",
        "Talks in Moscow. (2017, April 12).",
    )


def test_an_agency_is_a_group_author_where_nobody_is_named() -> None:
    assert cited(authors=(), agencies=("Agence France-Presse",)) == (
        "Agence France-Presse. “Talks in Moscow.” *Herald*, April 12, 2017.",
        "Agence France-Presse. “Talks in Moscow.” *Herald*, 12 Apr. 2017.",
        "Agence France-Presse. (2017, April 12). Talks in Moscow. *Herald*.",
    )
    assert cited(agencies=("AFP",))[0].startswith("Ekberg, Carl. “")


@pytest.mark.parametrize(
    ("date", "chicago", "mla", "apa"),
    [
        ("2017-04", "April 2017.", "Apr. 2017.", "(2017, April)."),
        ("2017", "2017.", "2017.", "(2017)."),
        ("2017-05-01", "May 1, 2017.", "1 May 2017.", "(2017, May 1)."),
        ("2017-09-30", "September 30, 2017.", "30 Sept. 2017.", "(2017, September 30)."),
        ("1998~", "ca. 1998.", "circa 1998.", "(ca. 1998)."),
        ("1985?", "[1985?].", "[1985?].", "(1985?)."),
        ("1985-04%", "[ca. April 1985?].", "[circa Apr. 1985?].", "(ca. 1985, April?)."),
        (
            "XXXX-04-12?",
            "n.d. [April 12, year unknown].",
            "[April 12, year unknown].",
            "(n.d. [April 12, year unknown]).",
        ),
        ("198X", "n.d. [the 1980s].", "[the 1980s].", "(n.d. [the 1980s])."),
        ("", "n.d.", "*Herald*.", "(n.d.)."),
        ("no date at all", "n.d.", "*Herald*.", "(n.d.)."),
    ],
)
def test_dates_as_far_as_they_are_known(date: str, chicago: str, mla: str, apa: str) -> None:
    ours = cited(date=date)
    assert ours[0].endswith(f"*Herald*, {chicago}")
    assert ours[1].endswith(mla)
    assert f"Ekberg, C. {apa} Talks" in ours[2]


def test_marks_are_not_doubled_and_quotation_marks_inside_are_single() -> None:
    assert cited(title="Who knows?")[0] == "Ekberg, Carl. “Who knows?” *Herald*, April 12, 2017."
    assert cited(title="Who knows?")[2] == "Ekberg, C. (2017, April 12). Who knows? *Herald*."
    assert "“‘Not yet,’ he says.”" in cited(title="“Not yet,” he says")[0]
    assert "“‘Not yet.’”" in cited(title='"Not yet."')[1]


def test_initials() -> None:
    assert cited(authors=("Jean-Paul Charles Sartre",))[2].startswith("Sartre, J.-P. C. (")
    assert cited(authors=("Martin Luther King Jr.",))[2].startswith("King, M. L., Jr. (")
    assert cited(authors=("Martin Luther King Jr.",))[0].startswith("King, Martin Luther, Jr. “")


# ----------------------------------------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("language", "chicago", "mla", "apa"),
    [
        (
            "de",
            "Ekberg, Carl und Bo Chen. „Talks in Moscow“. *Herald*, 12. April 2017.",
            "Ekberg, Carl und Bo Chen. „Talks in Moscow“. *Herald*, 12. April 2017.",
            "Ekberg, C. & Chen, B. (2017, 12. April). Talks in Moscow. *Herald*.",
        ),
        (
            "fr",
            "Ekberg, Carl et Bo Chen. «\xa0Talks in Moscow\xa0». *Herald*, 12 avril 2017.",
            "Ekberg, Carl et Bo Chen. «\xa0Talks in Moscow\xa0». *Herald*, 12 avril 2017.",
            "Ekberg, C. et Chen, B. (2017, 12 avril). Talks in Moscow. *Herald*.",
        ),
        (
            "es",
            "Ekberg, Carl y Bo Chen. «Talks in Moscow». *Herald*, 12 de abril de 2017.",
            "Ekberg, Carl y Bo Chen. «Talks in Moscow». *Herald*, 12 de abril de 2017.",
            "Ekberg, C. y Chen, B. (2017, 12 de abril). Talks in Moscow. *Herald*.",
        ),
        (
            "ru",  # the dot of the year's word ends the sentence as well
            "Ekberg, Carl и Bo Chen. «Talks in Moscow». *Herald*, 12 апреля 2017\u202fг.",
            "Ekberg, Carl и Bo Chen. «Talks in Moscow». *Herald*, 12 апреля 2017\u202fг.",
            "Ekberg, C. и Chen, B. (2017, 12 апреля). Talks in Moscow. *Herald*.",
        ),
        (
            "ar",
            "Ekberg, Carl وBo Chen. «Talks in Moscow». *Herald*، \u200f12 أبريل 2017.",
            "Ekberg, Carl وBo Chen. «Talks in Moscow». *Herald*، \u200f12 أبريل 2017.",
            "Ekberg, C. وChen, B. (\u200f2017، 12 أبريل). Talks in Moscow. *Herald*.",
        ),
    ],
)
def test_the_site_s_language(language: str, chicago: str, mla: str, apa: str) -> None:
    work = PLAIN._replace(authors=("Carl Ekberg", "Bo Chen"))
    said = spoken(language)
    made = [text(style(work, said)) for style in (citations.chicago, citations.mla, citations.apa)]
    assert made == [chicago, mla, apa]


def test_what_is_not_known_and_the_archive_in_another_language() -> None:
    said = spoken("de")
    assert "(o. D. [12. April, Jahr unbekannt])" in text(citations.apa(WORK._replace(date="XXXX-04-12?"), said))
    assert text(citations.chicago(PLAIN._replace(date="1998~"), said)).endswith("*Herald*, ca. 1998.")
    assert "(ca. 1985, April?)" in text(citations.apa(PLAIN._replace(date="1985-04%"), said))
    assert " Archiviert in *The Morning Courier*, https://courier.example/" in text(citations.chicago(WORK, said))
    assert "„Sie sagt: ‚Nein.‘“ " in text(citations.chicago(PLAIN._replace(title="Sie sagt: „Nein.“"), said))
    crowd = PLAIN._replace(authors=("Ann Lee", "Bo Chen", "Cy Dow"))
    assert text(citations.mla(crowd, said)).startswith("Lee, Ann, u. a. „")


def test_english_dates_are_the_manuals_wherever_english_is_spoken() -> None:
    assert citations.chicago(WORK, spoken("en-GB")) == citations.chicago(WORK)


# ---------------------------------------------------------------------------------------------------- files


def test_bibtex() -> None:
    assert (
        citations.bibtex(WORK)
        == """@article{k3f9x2ab7q,
  title = {{Talks in Moscow}},
  author = {Ekberg, Carl},
  journal = {Herald},
  entrysubtype = {newspaper},
  year = {2017},
  month = apr,
  day = {12},
  url = {https://herald.example/talks},
  howpublished = {Archived in The Morning Courier: \\url{https://courier.example/2017/04/12/talks.html}},
  langid = {en},
}"""
    )


def test_bibtex_says_what_is_not_sure_and_shields_what_tex_would_read() -> None:
    made = citations.bibtex(PLAIN._replace(title="50% & {more}_\\", authors=(), agencies=("AFP",), date="XXXX-04-12?"))
    assert r"title = {{50\% \& \{more\}\_\textbackslash{}}}," in made
    assert "author = {{AFP}}," in made
    assert "note = {Date: April 12, year unknown}," in made
    assert "year" not in made.replace("year unknown", "") and "month" not in made
    made = citations.bibtex(PLAIN._replace(date="1998~", publication=""))
    assert made.startswith("@misc{") and "date = {1998~}," in made and "note = {Date: about 1998}," in made


def test_braces_are_always_even() -> None:
    for title in ("}", "{{{", "\\}", "a}b{c"):
        made = citations.bibtex(WORK._replace(title=title, url="https://x.example/{a}"))
        assert made.replace("\\{", "").replace("\\}", "").count("{") == made.replace("\\{", "").replace(
            "\\}", ""
        ).count("}")


def test_ris() -> None:
    lines = citations.ris(WORK._replace(section="World", tags=("Syria", "talks"), summary="They\nmet.")).split("\n")
    assert lines == [
        "TY  - NEWS",
        "TI  - Talks in Moscow",
        "AU  - Ekberg, Carl",
        "T2  - Herald",
        "PY  - 2017",
        "DA  - 2017/04/12/",
        "AB  - They met.",
        "KW  - Syria",
        "KW  - talks",
        "LA  - en",
        "SE  - World",
        "DB  - The Morning Courier",
        "UR  - https://herald.example/talks",
        "UR  - https://courier.example/2017/04/12/talks.html",
        "ER  - ",
    ]


@pytest.mark.parametrize(
    ("date", "lines"),
    [
        ("2017-04", ["PY  - 2017", "DA  - 2017/04//"]),
        ("1998~", ["PY  - 1998", "DA  - 1998///ca."]),
        ("XXXX-04-12?", ["N1  - Date: April 12, year unknown"]),
        ("", []),
    ],
)
def test_ris_has_no_date_that_is_not_known(date: str, lines: list[str]) -> None:
    made = citations.ris(PLAIN._replace(date=date)).split("\n")
    assert [line for line in made if line[:2] in ("PY", "DA", "N1")] == lines


@pytest.mark.parametrize(
    ("date", "tag"),
    [("2017-04-12T10:00Z", "2017/04/12"), ("2017-04", "2017/04"), ("1998~", ""), ("XXXX-04-12?", ""), ("", "")],
)
def test_highwires_date_is_sure_or_not_there(date: str, tag: str) -> None:
    assert citations.slashed(date) == tag
