"""Pictures in finished HTML: what becomes of their tags."""

from __future__ import annotations

from site_builder import markup, picture_tags


def nothing(src: str) -> str:
    return ""


def test_the_first_picture_of_a_page_is_not_late() -> None:
    html = '<p><img src="a.jpg" alt="a"></p><p><img src="b.jpg"></p>'
    assert picture_tags.late(html, True, nothing) == (
        '<p><img src="a.jpg" alt="a"></p><p><img src="b.jpg" loading="lazy" alt=""></p>'
    )
    assert picture_tags.late(html, False, nothing).count('loading="lazy"') == 2
    assert picture_tags.late("<p>none</p>", True, nothing) == "<p>none</p>"


def test_links_in_place_of_pictures() -> None:
    def say(text: str) -> str:
        return f"Picture: {text}"

    assert picture_tags.as_links('<img src="m/a.jpg" alt="A &amp; B">', say) == (
        '<a class="picture" href="m/a.jpg">Picture: A &amp; B</a>'
    )
    assert picture_tags.as_links('<img src="m/a.jpg" alt="">', say) == (
        '<a class="picture" href="m/a.jpg">Picture: a.jpg</a>'
    )
    assert picture_tags.as_links('<a href="x"><img src="a.jpg" alt="t"></a><img alt="lost">', say) == (
        '<a href="x">Picture: t</a>Picture: lost'
    )


def test_what_only_looks_like_a_picture_stays() -> None:
    """A tag in an attribute's value has no quotes of its own there."""
    text = '![<img src="x" onerror=alert(1)>](media/a.jpg "<a href=\'x\'>")\n\n`<img src="y">` [](<img src="z">)'
    html = markup.finish(markup.convert(text))
    for made in (picture_tags.late(html, False, nothing), picture_tags.as_links(html, lambda text: text)):
        assert markup.clean(made).count("<img") <= 1
        assert "onerror=alert(1)>" not in made.replace("&gt;", "").split("<img")[0]
    assert picture_tags.late(html, False, nothing).count("loading") == 1
