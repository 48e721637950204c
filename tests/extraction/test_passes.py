"""The passes over a page's lines, each on a few lines of its own."""

from __future__ import annotations

import pytest

from site_builder.extraction import extract
from site_builder.extraction.text.credits import split_credit
from site_builder.extraction.text.lines import read_lines
from site_builder.model import Article, Extraction, Media, Record
from site_builder.vocabulary.lexicon import language_of, tokens_of
from site_builder.vocabulary.names import agencies_in, byline, is_name, names_in, opens_biography
from site_builder.vocabulary.stamps import Stamp, stamp

STORY = """The council voted on Tuesday to close the old bridge, which engineers have called unsafe for years.

"We had no choice," the mayor said after the meeting. "It will be rebuilt by spring, and nobody will be cut off."

The bridge was built in 1931 and carries about four thousand cars a day, many of them on their way to the harbour.

A ferry is to run every half hour from the end of the month until the new bridge is opened to traffic."""
HEAD = "Old Bridge To Close After Council Vote"


def page(text: str, year: str = "", **meta: object) -> Extraction:
    return extract(Record("page.txt", "text", text, "", meta), year=year)


def article(text: str, year: str = "", **meta: object) -> Article:
    return page(text, year, **meta).article


def rule_of(found: Extraction, text: str) -> tuple[str, str]:
    return next((one.place, one.rule) for one in found.verdicts if one.text == text)


# ------------------------------------------------------------------------------------------------- head


def test_headline_kicker_standfirst_byline_and_date() -> None:
    found = article(
        f"Skip to content\n\nLocal News\n\n{HEAD}\n\nFerry to run until a new one is built next to it\n\n"
        f"By Ann Lee and Bo Ek, Staff Writers\n\nPublished July 17, 1969 at 6:00 a.m.\nUpdated July 18, 1969\n\n{STORY}"
    )
    assert (found.title, found.section) == (HEAD, "Local News")
    assert found.summary == "Ferry to run until a new one is built next to it"
    assert found.authors == ("Ann Lee", "Bo Ek")
    assert (found.date, found.updated) == ("1969-07-17T06:00:00", "1969-07-18")
    assert found.body.startswith("The council voted")
    assert found.body.count("\n\n") == 3


def test_a_page_title_is_confirmed_by_the_headline() -> None:
    found = page(f"{HEAD} | The Harbour Post\nThe Harbour Post\nHome\nWorld\n{HEAD}\n" + STORY.replace("\n\n", "\n"))
    assert (found.article.title, found.article.publication) == (HEAD, "The Harbour Post")
    assert rule_of(found, "World")[0] == "section"


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("BY ANN LEE", ("ANN LEE",)),
        ("Von Jürgen Groß und Anna-Lena Maß", ("Jürgen Groß", "Anna-Lena Maß")),
        ("Par Hélène Dupré, envoyée spéciale", ("Hélène Dupré",)),
        ("Por María José de la Cruz", ("María José de la Cruz",)),
        ("Автор: Ольга Иванова", ("Ольга Иванова",)),
        ("بقلم: نادر القاسمي", ("نادر القاسمي",)),
        ("By Ann Lee, Associated Press", ("Ann Lee",)),
        ("Written by: Ann van der Lee | May 3, 2017", ("Ann van der Lee",)),
        ("By Ben Harbour", ("Ben Harbour",)),
        ("By Ann LeePolitical Correspondent", ("Ann Lee",)),
        ("By Ann Lee 30 August 2023 • 4:45pm", ("Ann Lee",)),
        ("By Ann Lee For Harbour.Example", ("Ann Lee",)),
    ],
)
def test_bylines(line: str, people: tuple[str, ...]) -> None:
    found = byline(line)
    assert found is not None
    assert found.people == people


@pytest.mark.parametrize(
    "line", ["By the way, it rained.", "By Friday the water had gone", "From here on out", "Von allen Seiten"]
)
def test_what_is_no_byline(line: str) -> None:
    assert byline(line) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Lee/Bo Van Ek", ("Ann Lee", "Bo Van Ek")),
        ("Ann Lee Political Correspondent", ("Ann Lee",)),
        ("Ann Lee Ann Lee", ("Ann Lee",)),
        ("Ann Lee | Bo McEk, reporters", ("Ann Lee", "Bo McEk")),
        ("Nunes Pushes Vindman for Intelligence Contact", ()),
        ("The Harbour Post", ()),
    ],
)
def test_lines_of_names(line: str, names: tuple[str, ...]) -> None:
    assert names_in(line) == names


@pytest.mark.parametrize("name", ["HarbourTube", "By HarbourTube", "Ann Lee and HarbourTube", "Ann Lee, HarbourTube"])
def test_a_word_with_two_capitals_is_nobodys_first_and_last_name(name: str) -> None:
    found = byline(name) if name.startswith("By") else None
    people = found.people if found else names_in(name)
    assert "Harbour Tube" not in people and all(one == "Ann Lee" for one in people)


def test_a_name_that_the_story_tells_of_is_no_author() -> None:
    story = STORY.replace("the mayor said", "Mayor Brook said")
    assert article(f"{HEAD}\n\nCarla Brook\n\n{story}").authors == ()
    assert article(f"{HEAD}\n\nCarla Stone\n\n{story}").authors == ("Carla Stone",)


def test_a_page_title_for_search_engines_is_not_the_headline() -> None:
    lines = f"Bridge closure vote: council decides | The Harbour Post\nHome\nWorld\n{HEAD}\nBy Ann Lee\n"
    assert article(lines + STORY.replace("\n\n", "\n")).title == HEAD


def test_a_kicker_in_the_page_title_belongs_to_the_headline() -> None:
    lines = f"Harbour: {HEAD} | The Harbour Post\nHome\nWorld\nHarbour\n{HEAD}\nBy Ann Lee\n"
    found = page(lines + STORY.replace("\n\n", "\n"))
    assert found.article.title == f"Harbour: {HEAD}"
    assert rule_of(found, "Harbour") == ("title", "kicker in the headline")


def test_a_date_in_the_page_title() -> None:
    lines = f"{HEAD} – Harbour – 13.06.2023\nHome\nWorld\n{HEAD}\n"
    assert article(lines + STORY.replace("\n\n", "\n")).date == "2023-06-13"


def test_agencies_are_no_authors() -> None:
    found = byline("By Orbit Wire")
    assert found is not None
    assert (found.people, found.agencies) == ((), ("Orbit Wire",))
    assert agencies_in("With reporting by Reuters, AP, and RIA Novosti") == ("Reuters", "AP", "RIA Novosti")


def test_names() -> None:
    assert is_name("Ann van der Lee")
    assert not is_name("The Harbour Post")
    assert not is_name("Room 12")
    assert opens_biography("Ann Lee is a reporter for the Post.") == "Ann Lee"
    assert opens_biography("The council is a body of nine.") == ""


# ------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("Published July 17, 1969 at 6:00 a.m.", "1969-07-17T06:00:00", ""),
        ("29 de mayo de 2018", "2018-05-29", ""),
        ("Mai 12, 2019 10:15", "2019-05-12T10:15:00", ""),
        (
            "Updated Nov. 19, 2019 8:21 am ET / Original Nov. 19, 2019 8:02 am ET",
            "2019-11-19T08:02:00",
            "2019-11-19T08:21:00",
        ),
        ("2024-02-14T16:15:30Z", "2024-02-14T16:15:30Z", ""),
        ("January 20, 2024 / 4:12 AM GMT+9", "2024-01-20T04:12:00+09:00", ""),
        ("Publiziert17. Dezember 2024, 12:17", "2024-12-17T12:17:00", ""),
        ("2024年04月24日23:52", "2024-04-24T23:52:00", ""),
    ],
)
def test_date_lines(line: str, published: str, updated: str) -> None:
    found = stamp(line)
    assert found is not None
    assert (found.published, found.updated) == (published, updated)


def test_a_recording_has_a_date_of_its_own() -> None:
    assert stamp("Audio: Harbour Radio | 24.04.2024 | Ann Lee") is None


def test_slashes_are_read_only_where_the_language_is_known_to_write_the_day_first() -> None:
    assert stamp("03/04/2017") is None
    assert stamp("03/04/2017", day_first=True) == Stamp("2017-04-03")


TOLD = STORY.replace("on Tuesday", "on April 12").replace("in 1931", "on May 3, 1931")


@pytest.mark.parametrize(
    ("year", "url", "date"),
    [
        ("", "", "XXXX-04-12?"),
        ("2017", "", "2017-04-12"),
        ("", "https://n.example/2017/04/12/a", "2017-04-12"),
        ("", "https://n.example/2017/a", "2017-04-12"),
        ("", "https://n.example/a-20170412.html", "2017-04-12"),
    ],
)
def test_a_day_told_in_the_story(year: str, url: str, date: str) -> None:
    found = article(f"{HEAD}\n\n{TOLD}", year, url=url)
    assert found.date == date
    assert [note.kind for note in found.notes] == ["date"]


def test_a_leap_day_is_not_forced_into_another_year() -> None:
    assert article(f"{HEAD}\n\n{STORY.replace('on Tuesday', 'on February 29')}", "2017").date == "XXXX-02-29?"


def test_words_that_only_look_like_months() -> None:
    found = article(f"{HEAD}\n\n{STORY} Some 12 out of 20 drivers may 4 times a week des 3 mar the road.")
    assert found.date == ""


def test_the_sidecar_wins() -> None:
    found = article(f"{HEAD}\n\nBy Ann Lee\n\nMay 3, 2001\n\n{STORY}", date="1999-01-02", authors=("Bo Ek",))
    assert (found.date, found.authors) == ("1999-01-02", ("Bo Ek",))
    assert not found.notes


def test_dateline() -> None:
    found = article(f"{HEAD}\n\nMOSCOW, April 12 (Reuters) - {STORY}")
    assert (found.dateline, found.agencies, found.date) == ("MOSCOW", ("Reuters",), "XXXX-04-12")
    assert found.body.startswith("MOSCOW, April 12 (Reuters) - The council")


@pytest.mark.parametrize("start", ["The bridge - closed", "Fact: the bridge", "One man (Bo) said - the bridge"])
def test_what_is_no_dateline(start: str) -> None:
    assert article(f"{HEAD}\n\n{start} {STORY}").dateline == ""


# --------------------------------------------------------------------------------------- players, captions


def test_player() -> None:
    block = "Bridge Closes\nEmbed\nshare\n\nBridge Closes\nThe code has been copied to your clipboard.\nplease wait\n\n"
    block += "No media source currently available\n\n0:00 1:02:03 0:00\n\n  • 240p | 3.1MB\n\nWATCH: Bridge Closes\n\n"
    found = page(f"{HEAD}\n\n{block}{STORY}")
    assert found.article.media == (Media("video", "Bridge Closes", "PT1H2M3S"),)
    assert rule_of(found, "WATCH: Bridge Closes") == ("removed", "video title printed twice")
    assert found.article.title == HEAD


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("The bridge at dawn. (NASA photo)", "The bridge at dawn.", "NASA"),
        ("The bridge at dawn. (Staff photo)", "The bridge at dawn.", "Staff photo"),
        ("The bridge at dawn. Photo: Ann Lee", "The bridge at dawn.", "Ann Lee"),
        ("Die Brücke am Morgen.Ann Lee/dpa", "Die Brücke am Morgen.", "Ann Lee/dpa"),
        ("The bridge on July 5.J. Ann Lee / AP file", "The bridge on July 5.", "J. Ann Lee / AP"),
        ("El puente por la mañana. (Foto: EFE)", "El puente por la mañana.", "EFE"),
        ("Photograph by Ann Lee/Getty Images", "", "Ann Lee/Getty Images"),
        ("Die Brücke am Morgen.dpa", "Die Brücke am Morgen.", "dpa"),
        ("Image: Men of the town walk over the old bridge", "Men of the town walk over the old bridge", ""),
        ("Image source, Ann Lee", "", "Ann Lee"),
        ("Fuente de la imagen, Getty Images", "", "Getty Images"),
        ("Image caption The bridge at dawn", "The bridge at dawn", ""),
        ("Légende image, Le pont à l’aube. (AFP)", "Le pont à l’aube.", "AFP"),
        ("FILE PHOTO: The bridge at dawn.", "FILE PHOTO: The bridge at dawn.", ""),
        (
            "Die alte Brücke am MorgenBild: Ann Lee/dpa/picture alliance",
            "Die alte Brücke am Morgen",
            "Ann Lee/dpa/picture alliance",
        ),
        (
            "The mayor walks over the bridge Ann Lee/via Reuters",
            "The mayor walks over the bridge",
            "Ann Lee/via Reuters",
        ),
        ("A boat under the bridge. Ann Lee for Harbour Post", "A boat under the bridge.", "Ann Lee for Harbour Post"),
        ("A boat under the bridge. (AP Photo/Ann Lee) AP Photo", "A boat under the bridge.", "AP Photo/Ann Lee"),
    ],
)
def test_credits(line: str, caption: str, credit: str) -> None:
    found = split_credit(line, tokens_of(line.casefold()))
    assert found is not None
    assert found[0] == caption
    assert found[1].removesuffix(" file") == credit


@pytest.mark.parametrize(
    "line",
    [
        "The mayor said no. (The vote was close.)",
        "It costs more (up 3.5 percent).",
        "She named one source: the river itself, which has risen for years and will go on to rise.",
        "He said that the photo: was old",
        "Foto de familia de los ministros en la reunión",
        "Legenda of the old bridge",
    ],
)
def test_what_is_no_caption(line: str) -> None:
    assert split_credit(line, tokens_of(line.casefold())) is None


def test_doubled_captions_and_alt_texts() -> None:
    middle = "\n\nMen look at the old bridge.\nMen look at the old bridge.\n\n"
    middle += "A ferry\nThe ferry at the pier. (Photo: AP)\n\n"
    found = page(f"{HEAD}\n\n{STORY}{middle}{STORY.replace('bridge', 'pier')}")
    assert [(image.caption, image.credit, image.alt) for image in found.article.images] == [
        ("The ferry at the pier.", "AP", "A ferry"),
        ("Men look at the old bridge.", "", ""),
    ]
    assert "Men look" not in found.article.body


# ---------------------------------------------------------------------------------------- inside and below


def test_subheads_lists_and_teasers() -> None:
    extra = "\n\nWhat Comes Next\n\nThe plan has three parts, the mayor told the council:\n\n"
    extra += "• A ferry\n• A bus\n• A road\n\n"
    extra += "Read also\nMen Walk On The Moon\n\n"
    found = article(f"{HEAD}\n\n{STORY}{extra}{STORY.replace('bridge', 'pier')}")
    assert "\n\n## What Comes Next\n\n" in found.body
    assert "\n\n- A ferry\n- A bus\n- A road\n\n" in found.body
    assert "Moon" not in found.body


def test_text_is_never_markup() -> None:
    found = article(f"{HEAD}\n\n{STORY}\n\n# 1 in the *polls* <b>won</b>, the mayor said to [us](x) on the day after.")
    assert "\\# 1" in found.body
    assert "\\*polls\\*" in found.body


def test_tail() -> None:
    tail = """With reporting by Reuters and AP

Tags: bridge, council

About the author

Ann Lee

Ann Lee covers the council for the Post.

Correction: an earlier version gave the wrong year.

All rights reserved. It may not be published or copied without permission.

Related stories
Men Walk On The Moon

5 comments

© 2017 The Post"""
    found = page(f"{HEAD}\n\n{STORY}\n\n{tail}")
    made = found.article
    assert made.agencies == ("Reuters", "AP")
    assert made.tags == ("bridge", "council")
    assert made.authors == ("Ann Lee",)
    assert [note.kind for note in made.notes] == ["author", "correction", "legal"]
    assert made.body.endswith("opened to traffic.")
    assert rule_of(found, "Men Walk On The Moon") == ("removed", "related story teaser")
    assert rule_of(found, "© 2017 The Post") == ("removed", "copyright line")


def test_the_last_paragraph_behind_a_newsletter_box_stays() -> None:
    box = "The Weekly\nGet our newsletter in your inbox every day.\nEnter your email\nSign up\n"
    box += "By signing up you agree.\n\n"
    assert article(f"{HEAD}\n\n{STORY}\n\n{box}It opens on Friday, the mayor said last night.").body.endswith(
        "last night."
    )


# ---------------------------------------------------------------------------------------- no news at all


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Home", "Home", ""),
        ("one line", "one line", ""),
        ("A Poem\n\nThe sea, the sea\nand nothing more", "A Poem", "The sea, the sea\n\nand nothing more"),
        ("milk\neggs\nbread", "milk", "eggs\n\nbread"),
    ],
)
def test_other_texts_are_kept_whole(text: str, title: str, body: str) -> None:
    found = article(text)
    assert (found.title, found.body) == (title, body)


def test_a_long_first_paragraph_stays_and_lends_its_beginning() -> None:
    text = f"{STORY.split(chr(10))[0]} " * 3
    found = article(text)
    assert len(found.title) <= 100
    assert found.body.startswith(found.title)


def test_wrapped_paragraphs_are_whole_again() -> None:
    lines = read_lines("aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj\nkkkk llll\n\n" * 3 + "aaa\nbbb")
    assert all(len(line.parts) == 1 for line in lines)  # too few breaks to tell
    block = "\n".join(["word " * 11 + "word"] * 8)
    assert [len(line.parts) for line in read_lines(f"{block}\n\n{block}")] == [8, 8]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (STORY, "en"),
        (
            "Die Brücke wird gesperrt, weil sie nicht mehr sicher ist, und das ist auch für die Stadt ein Problem. "
            * 3,
            "de",
        ),
        (
            "El puente se cerrará porque no es seguro, y la ciudad dice que no hay dinero para uno nuevo en el año. "
            * 3,
            "es",
        ),
        (
            "Мост закроют, потому что он не безопасен, и в городе говорят, что на новый мост нет денег до весны. " * 3,
            "ru",
        ),
        ("12 34 56", ""),
        (
            "Broen lukkes, fordi den ikke er sikker, og byen siger, at der ikke er penge til en ny før efter foråret.",
            "da",
        ),
        (
            "Broen stenges fordi den ikke er sikker, og byen sier at det ikke er noen penger til en ny før etter våren.",
            "no",
        ),
        (
            "Most bude uzavřen, protože není bezpečný, a město říká, že na nový nejsou peníze, které by bylo třeba už dnes.",
            "cs",
        ),
        ("橋は安全ではないため閉鎖される。市には新しい橋のお金がないという。", "ja"),
        ("市议会决定关闭旧桥，因为它已经不安全了。", "zh"),
        ("다리는 안전하지 않아 폐쇄될 예정이다.", "ko"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language
