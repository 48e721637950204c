"""Sketches of texts: what they measure, and what does not count for them."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder import resemblance

WORDS = (
    "ferry council mayor bridge river harbour evening ticket captain reported said water boats people morning street "
    "a the of and in to was for by on with it as at from that which they have had would been were after before over"
).split()


def text(seed: int, words: int = 400) -> str:
    chance = random.Random(seed)
    return "".join(f"{chance.choice(WORDS)}{'. ' if n % 13 == 12 else ' '}" for n in range(words))


def share(one: str, other: str) -> float:
    return resemblance.alike(*(resemblance.values(resemblance.sketch(text)) for text in (one, other)))


def test_texts_without_a_piece_in_common_share_next_to_nothing() -> None:
    shares = [share(text(n), text(n + 1)) for n in range(50)]
    assert max(shares) < resemblance.NEAR / 2


@pytest.mark.parametrize("kept", [0.9, 0.7, 0.5, 0.3])
def test_a_text_cut_short_shares_what_it_has_of_the_whole(kept: float) -> None:
    wholes = list(map(text, range(40)))
    shares = [share(whole[: int(len(whole) * kept)], whole) for whole in wholes]
    assert abs(math.fsum(shares) / len(shares) - kept) < 0.05
    assert all(abs(one - kept) < 0.3 for one in shares), "four times the error of a sketch of 32 bins"


def test_the_order_of_paragraphs_and_a_few_other_words_leave_texts_alike() -> None:
    one, two = text(1), text(2)
    assert share(f"{one}\n\n{two}", f"{two}\n\n{one}") > 0.8
    changed = one.replace("mayor", "Mayor Ek", 5).replace("evening", "night", 3)
    assert share(one, changed) > 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("THE FERRY'S captain", "the ferry’s captain"),
        ('"Never," he said', "“Never,” he said"),
        ("the river — over", "the river - over"),
        ("[the bridge](https://paper.example/a.html) was", "[the bridge](../b.html) was"),
        ("a very\n\nlong  river", "a very long river"),
        ("2\xa0000 francs, «non»", "2 000 francs, non"),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    rest = text(3, 120)
    assert resemblance.sketch(f"{one} {rest}") == resemblance.sketch(f"{other} {rest}")


def test_a_text_of_a_few_words_has_no_sketch() -> None:
    assert resemblance.sketch("") == resemblance.sketch("The ferry was late.") == ""
    assert resemblance.sketch(text(1, 20)) == "" != resemblance.sketch(text(1, 120))
    assert resemblance.values("") == resemblance.values("x") == resemblance.values("é" * 86) == ()
    assert list(resemblance.keys(())) == []


ALPHABETS = {
    "Cyrillic": "оеаинтсрвлкмдпу", "Greek": "αοιετσνηυρπκμλω", "Arabic": "اليمونربتعهدسفق",
    "Hebrew": "ויהלאתרמבשנמעקד", "Hindi": "कािरनसहतमलपयदवज", "Thai": "นรอกงาเมยลวดทสต", "Latin": "eariotnslcudpmh",
}  # fmt: skip


@pytest.mark.parametrize("script", ALPHABETS)
def test_texts_in_any_script_are_cut_into_pieces(script: str) -> None:
    chance = random.Random(script)
    words = ["".join(chance.choices(ALPHABETS[script], k=chance.randrange(2, 9))) for _ in range(600)]
    whole = " ".join(words)
    assert share(whole, " ".join(words[:450])) > 0.5
    chance.shuffle(words)
    assert share(whole, " ".join(words)) < 0.2


def test_chinese_without_spaces_is_cut_too() -> None:
    chance = random.Random(7)
    signs = [chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(900)]
    assert share("".join(signs), "".join(signs[:700])) > 0.5
    chance.shuffle(signs)
    assert share("".join(signs), text(1)) < 0.1


@given(st.text(), st.integers(1, 40))
def test_every_text_gives_a_sketch_of_one_form(part: str, times: int) -> None:
    sketch = resemblance.sketch(part * times)
    assert len(sketch) in (0, 86) and sketch == resemblance.sketch(part * times)
    held = resemblance.values(sketch)
    assert not held or (resemblance.alike(held, held) == 1 and len(set(resemblance.keys(held))) == 16)


def test_a_bin_that_is_empty_has_what_the_next_one_has_and_is_no_copy_of_it() -> None:
    full = resemblance._filled({3: 7, 30: 9})
    assert sorted(full) == list(range(32)) and full[3] == 7 and full[30] == 9
    assert full[2] == (7 + 40_503) % 65536 and full[31] == (7 + 4 * 40_503) % 65536
