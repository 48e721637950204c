"""The learnt line model: its weights are sane, it is the same everywhere, and it reads scripts that no list knows."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from site_builder.extraction import extract
from site_builder.extraction.text import line_model
from site_builder.extraction.text.lines import Draft, read_lines
from site_builder.extraction.text.stretches import densest
from site_builder.model import Article, Record

WEIGHTS = json.loads(Path(line_model.__file__).with_name("weights.json").read_text("utf-8"))


def draft(text: str) -> Draft:
    lines = read_lines(text)
    return Draft(lines, {}, Article(title=""), end=len(lines), blocks="\n\n" in text)


@pytest.mark.parametrize("shape", ["blocks", "crawl"])
def test_weights_are_finite_and_every_sign_has_its_neighbours(shape: str) -> None:
    near = WEIGHTS[shape]["first"]["near"]
    assert all(len(row) == 7 and all(map(math.isfinite, row)) for row in near.values())
    assert len(WEIGHTS[shape]["second"]["around"]) == 11
    assert near["taken"][3] < 0 < near["closed paragraph"][3]


def test_no_sign_names_a_site() -> None:
    assert not any("www" in sign or ".com" in sign for sign in WEIGHTS["crawl"]["first"]["near"])


def test_sentences_score_above_menus() -> None:
    story = "\n".join(
        f"The council said on day {day} that the bridge would be closed, as it had been before." for day in range(6)
    )
    found = line_model.score_lines(draft(f"Home\nNews\nSport\nWeather\n{story}\nContact\nImprint\nJobs"))
    assert min(found[4:10]) > max(found[:4] + found[10:])


def test_scores_are_within_limits_and_the_same_again() -> None:
    page = draft("a\n" * 300 + "The end of it all came on Tuesday, said the mayor of the town.\n" * 3)
    first = line_model.score_lines(page)
    assert first == line_model.score_lines(page)
    assert all(abs(score) <= line_model.LIMIT for score in first)


def test_densest_stretch() -> None:
    assert densest([-1, 2, -1, 3, -5, 4]) == (1, 4)
    assert densest([]) == (0, 0)
    assert densest([-1.0, -2.0]) == (0, 0)


@pytest.mark.parametrize(
    "sentence",
    [
        "Gaur hiri kontseiluak zubi zaharra ixtea erabaki du, ingeniariek arriskutsutzat jo zutelako duela urte batzuk.",
        "ከተማው ምክር ቤት አሮጌውን ድልድይ ለመዝጋት ማክሰኞ ዕለት ወሰነ ፣ መሐንዲሶች ለዓመታት አደገኛ ነው ሲሉ ቆይተዋል ።",
        "市议会星期二决定关闭旧桥，工程师多年来一直说这座桥不安全，市长在会后说已经没有别的办法了。",
        "ქალაქის საბჭომ სამშაბათს ძველი ხიდის დახურვა გადაწყვიტა, რადგან ინჟინრები მას წლებია სახიფათოდ თვლიან.",
    ],
)
def test_a_story_in_any_script_is_kept_whole(sentence: str) -> None:
    paragraphs = [f"{sentence} {number}." for number in range(5)]
    found = extract(Record("page.txt", "text", "\n\n".join(["Menu", "A B C D", *paragraphs, "© 2017"]), ""))
    body = [one.text for one in found.verdicts if one.place in ("body", "title")]
    assert [text for text in paragraphs if text in body] == paragraphs
