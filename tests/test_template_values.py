"""`themes/README.md` lists what the template of each kind of page gets: that, every time, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from site_builder import theme
from site_builder.model import NOTHING, Article, Card
from site_builder.views import VIEWS
from tests import sites
from tests.test_cli import quoted
from tests.test_cli import table as readme

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "themes/README.md").read_text("utf-8")
EVERYWHERE = frozenset(name.split("(")[0] for row in readme("Themes", "value") for name in quoted(row[0]))
PARTS = frozenset(("head", "masthead", "colophon", "card"))

FILES = {
    "content/site.toml": '[site]\nbase_url = "https://courier.example"\n[pages]\nlist_size = 4\n',
    "content/authorities.yaml": "people:\n  Rex Tillerson:\n    variants: [Tillerson]\n",
    "content/pages/about.md": "---\ntitle: About\n---\n\nAll about it.\n",
    "content/articles/withdrawn.md": "---\ntitle: Withdrawn\ndate: 2017-04-30\nstatus: withdrawn\n---\n\nIt was here.\n",
    "content/articles/moved.md": "---\ntitle: Moved\ndate: 2017-04-29\naliases: [/old/moved.html]\n---\n\nText.\n",
    "content/articles/undated.md": "---\ntitle: No year\ndate: XXXX-03-17\npeople: [Tillerson]\n---\n\nIn March.\n",
} | {
    f"content/articles/{n}.md": f"---\ntitle: Story {n}\ndate: {2015 + n // 5}-04-{n + 1:02}\nsection: World\n"
    f"tags: [Syria]\npeople: [Rex Tillerson]\nplaces: [Moscow]\n---\n\nWords.\n"
    for n in range(12)
}


def documented() -> dict[str, set[str]]:
    """The values of each template, by its name without `.html`."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in DOCUMENT.splitlines():
        if row := re.fullmatch(r"\| (`.+?) \| (.+?) \| (.+) \|", line):
            for template in row[2].split(", "):
                found[template] |= set(quoted(row[1]))
    return found


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[set[str]]]:
    """The names of the values that each template got, page by page, in an archive with all kinds of pages."""
    found: dict[str, list[set[str]]] = defaultdict(list)
    real = theme.render

    def render(
        chosen: theme.Theme, template: str, values: Mapping[str, Any], common: Mapping[str, Any] = NOTHING
    ) -> str:
        found[template.removesuffix(".html")].append({*values, *common})
        return real(chosen, template, values, common)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theme, "render", render)
        assert not sites.build(sites.write(tmp_path_factory.mktemp("archive"), FILES)).problems
    return found


def test_every_template_of_a_view_was_seen(given: Mapping[str, list[set[str]]]) -> None:
    wanted = {view.template.removesuffix(".html") for view in VIEWS.values() if view.template}
    assert wanted | PARTS == set(given)


def test_each_page_s_own_values_are_in_the_document_and_the_reverse(given: Mapping[str, list[set[str]]]) -> None:
    listed = documented()
    for template, pages in given.items():
        for values in pages:
            assert values - EVERYWHERE == listed.get(template, set()), template
    assert set(listed) <= set(given)


def test_pages_get_all_that_the_readme_promises_and_parts_nothing_of_the_page(
    given: Mapping[str, list[set[str]]],
) -> None:
    for template, pages in given.items():
        for values in pages:
            if template in PARTS:
                assert not values & {"title", "url", "canonical", "description", "data"}, template
            else:
                assert values >= EVERYWHERE, template


def test_a_card_is_what_the_document_says_and_front_matter_what_the_readme_says() -> None:
    (row,) = [line for line in DOCUMENT.splitlines() if line.startswith("| `card` |")]
    assert set(quoted(row)) - {"card"} == set(Card._fields)
    example = (ROOT / "README.md").read_text("utf-8").partition("## Front matter")[2].partition("## Settings")[0]
    for field in fields(Article):
        assert field.name in ("body", "path", "extra") or f"\n{field.name}:" in example or f"{field.name}:" in example
