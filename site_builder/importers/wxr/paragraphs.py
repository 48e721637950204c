"""WordPress's habit of leaving out `<p>`: blank lines part paragraphs and single ones break them, outside of blocks.

What stands in `pre`, `script`, `style` and `textarea`, and inside tags, stays as it is.
"""

from __future__ import annotations

import re

_INLINE = "p h1 h2 h3 h4 h5 h6 figcaption caption dt summary address legend".split()
_FLOW = "div blockquote section article aside main header footer details fieldset form figure center nav".split()
_CELLS = "li td th dd".split()
_STRUCTURE = "ul ol dl table thead tbody tfoot tr colgroup col hr select option menu dir".split()
_TOKEN = re.compile(
    rf"<(/?)({'|'.join((*_INLINE, *_FLOW, *_CELLS, *_STRUCTURE, 'pre', 'script', 'style', 'textarea'))})\b[^>]*>|<!--",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_BREAK = re.compile(r"(<br\s*/?>)?[ \t]*\n[ \t]*", re.IGNORECASE)
_TAGS = re.compile(r"(<[^<>]*>)")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_VOID = {"hr", "col"}
_RAW = {"pre", "script", "style", "textarea"}


def add_paragraphs(html: str) -> str:
    """The HTML that WordPress would show for a text written in its classic editor."""
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    out: list[str] = []
    open_: list[str] = []
    at = 0
    while match := _TOKEN.search(html, at):
        out.append(_text(html[at : match.start()], open_))
        at = match.end()
        name = (match[2] or "").lower()
        if match[0] == "<!--" or (name in _RAW and not match[1]):
            found = re.compile("-->" if not name else rf"</{name}\s*>", re.IGNORECASE).search(html, at)
            at = found.end() if found else len(html)
        elif match[1]:
            if name in open_:
                del open_[len(open_) - 1 - open_[::-1].index(name) :]
        elif name not in _VOID:
            if open_ and open_[-1] == "p":
                open_.pop()  # as in HTML, a block ends the paragraph that nobody closed
            open_.append(name)
        out.append(html[match.start() : at])
    out.append(_text(html[at:], open_))
    return "".join(out).strip()


def _text(text: str, open_: list[str]) -> str:
    """The text between two blocks, where the innermost of the blocks that are open is the last of `open_`."""
    inside = open_[-1] if open_ else ""
    if not text.strip():
        return "\n" if "\n" in text else text
    if inside in _STRUCTURE:
        return text
    chunks = [chunk for chunk in _BLANK.split(text.strip("\n\t ")) if chunk.strip()]
    if inside == "p":
        return "</p>\n<p>".join(map(_break, chunks))
    if inside in _INLINE or (inside in (*_CELLS, "figure") and len(chunks) == 1):
        return _break(text.strip("\n"))
    return "\n" + "\n".join(_paragraph(chunk) for chunk in chunks) + "\n"


def _paragraph(chunk: str) -> str:
    chunk = chunk.strip()
    if _ADDRESS.fullmatch(chunk):  # WordPress asks the other site for a player; here it is a link
        return f'<p><a href="{chunk}">{chunk}</a></p>'
    return f"<p>{_break(chunk)}</p>"


def _break(text: str) -> str:
    """Line ends become `<br />`, but for those inside a tag."""
    parts = _TAGS.split(text) if "<" in text and "\n" in text else [text]
    if len(parts) == 1:
        return _BREAK.sub("<br />\n", text)
    marks = [part if index % 2 == 0 else part.replace("\n", "\0") for index, part in enumerate(parts)]
    return _BREAK.sub("<br />\n", "".join(marks)).replace("\0", "\n")
