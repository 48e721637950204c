"""Which language an article is in, whatever a page's template or an export says of its whole site."""

from __future__ import annotations

import pytest

from site_builder import extraction
from site_builder.model import Record

GERMAN = (
    "Die Brücke am Hafen ist seit Montag nach zwei Jahren wieder offen, und viele gingen zu Fuß hinüber. "
    "Die Stadt sagte, dass der Bau nicht so teuer war wie geplant, und ab Donnerstag fahren auch die Busse wieder."
)
ARABIC = (
    "أعيد فتح جسر الميناء يوم الاثنين بعد عامين من الإصلاحات، وعبر المئات سيرا على الأقدام قبل السماح بمرور السيارات. "
    "وقالت رئيسة البلدية إن الأعمال كلفت أقل مما كان متوقعا، وستعود الحافلات إلى مسارها القديم."
)


def language(kind: str, text: str, default: str = "", **meta: object) -> str:
    record = Record("a", kind, text, "", {"title": "A title", **meta})
    return extraction.extract(record, language=default).article.language


@pytest.mark.parametrize(("text", "told"), [(GERMAN, "de"), (ARABIC, "ar")])
@pytest.mark.parametrize("kind", ["fragment", "markdown"])
def test_the_text_tells(kind: str, text: str, told: str) -> None:
    text = f"<p>{text}</p>" if kind == "fragment" else text
    assert language(kind, text) == told
    assert language(kind, text, default="en") == told
    assert language(kind, text, language="sv") == "sv"  # of this article and no other


def test_what_an_export_says_of_its_site_is_for_texts_that_do_not_tell() -> None:
    assert language("fragment", f"<p>{GERMAN}</p>", site_language="en-US") == "de"
    assert language("fragment", f"<p>{GERMAN}</p>", site_language="de-AT") == "de-AT"
    assert language("fragment", f"<p>{GERMAN}</p>", site_language="gsw") == "gsw"  # which no list knows
    assert language("fragment", "<p>Ja, nein.</p>", site_language="en-US", default="fr") == "en-US"


def test_a_pages_template() -> None:
    page = "<html{}><body><article><h1>Eine Überschrift</h1>" + f"<p>{GERMAN}</p>" * 3 + "</article></body></html>"
    assert language("html", page.format("")) == "de"
    assert language("html", page.format(' lang="en"')) == "de"
    assert language("html", page.format(' lang="de-CH"')) == "de-CH"
