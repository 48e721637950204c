"""A stream of XML → the elements of some names, one at a time, as bytes; and one element's bytes → a small tree.

The stream is cut by its tags before any of it is parsed: a broken element costs itself and not those behind it, an
export of gigabytes needs the memory of its largest post, and a document type with its entities is never read at all.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from xml.parsers import expat

CHUNK = 1 << 18
MAX_DEPTH = 40
_TAIL = 64
"""More bytes than the longest tag has up to the sign that ends its name."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One element as it stands in the stream, at its line; with a `fault`, in words, where it is not whole."""

    name: str
    line: int
    raw: bytes = b""
    fault: str = ""


def pieces(stream: BufferedReader, names: tuple[str, ...], max_bytes: int) -> Iterator[Piece]:
    """The outermost elements of these names, in order. What lies in comments and CDATA sections is no tag.

    One of the first name never lies in another: where it seems to, the other was not closed.
    """
    names_ = b"|".join(re.escape(name.encode()) for name in names)
    tag = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(" + names_ + rb")(?=[\s/>])")
    resync = re.compile(rb"(?:\n[ \t]*|>)(?=<(?:" + names_ + rb")[\s>])")
    buffer, at, start, name, until = b"", 0, -1, b"", b""
    line, counted = 1, 0  # the line of the buffer's place `counted`
    lost = ended = False
    while True:
        # ------------------------------------------------------------------ one step through what is here
        match = None
        if lost:
            match = resync.search(buffer, at)
            if match:
                lost, at = False, match.end()
                continue
        elif until:
            end = buffer.find(until, at)
            if end >= 0:
                at, until = end + len(until), b""
                continue
        else:
            match = tag.search(buffer, at)
            if match and match[2] is None:
                until = b"]]>" if match[0] == b"<![CDATA[" else b"-->"
                at = match.end()
                continue
            if match and start < 0:
                at = match.end()
                if not match[1]:
                    start, name = match.start(), match[2]
                continue
            if match and match[1] and match[2] == name:
                close = buffer.find(b">", match.end())
                if close >= 0:
                    raw = buffer[start : close + 1]
                    line, counted = line + buffer.count(b"\n", counted, start), start
                    if len(raw) > max_bytes:
                        yield Piece(name.decode(), line, fault=f"has more than {max_bytes:,} bytes")
                    else:
                        yield Piece(name.decode(), line, raw)
                    at, start = close + 1, -1
                    continue
                match = None
            elif match and not match[1] and match[2].decode() in (name.decode(), names[0]):
                line, counted = line + buffer.count(b"\n", counted, start), start
                yield Piece(name.decode(), line, fault="is not closed before the next one begins")
                start, at, name = match.start(), match.end(), match[2]
                continue
            elif match:
                at = match.end()
                continue
        # -------------------------------------------------------------------- more is needed to go on
        if start >= 0 and (ended or len(buffer) - start > max_bytes):
            line, counted = line + buffer.count(b"\n", counted, start), start
            fault = "breaks off before its end" if ended else f"has more than {max_bytes:,} bytes, or is not closed"
            yield Piece(name.decode(), line, fault=fault)
            at, start, until, lost = start + 1, -1, b"", True
            continue
        if ended:
            return
        keep = start if start >= 0 else max(at, len(buffer) - _TAIL)
        at = max(at, len(buffer) - _TAIL)
        line += buffer.count(b"\n", counted, keep)
        chunk = stream.read(CHUNK)
        ended = not chunk
        buffer, at, start, counted = buffer[keep:] + chunk, at - keep, 0 if start >= 0 else -1, 0


@dataclass(slots=True)
class Node:
    """One element: its name as written (`wp:post_id`), attributes, text, and the elements in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    nodes: list[Node] = field(default_factory=list)

    def all(self, name: str) -> list[Node]:
        """The elements of a name right in this one."""
        return [node for node in self.nodes if node.name == name]

    def get(self, name: str) -> str:
        """The text of the first element of a name in this one, or an empty text."""
        return next((node.text for node in self.nodes if node.name == name), "")


_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)(\w{1,40};)?")


def parse(text: str) -> tuple[Node, bool]:
    """The tree of one element, and whether its ampersands had to be mended first. Raises ValueError with the reason."""
    try:
        return _parse(text), False
    except expat.ExpatError:
        try:
            return _parse(_mend(text)), True
        except expat.ExpatError as error:
            raise ValueError(f"is not well-formed: {expat.ErrorString(error.code)}") from None


def _mend(text: str) -> str:
    """Ampersands outside CDATA that begin nothing XML knows: HTML's entities become characters, others `&amp;`."""

    def known(match: re.Match[str]) -> str:
        character = html.unescape(match[0])
        return "&amp;" + (match[1] or "") if character == match[0] else html.escape(character)

    parts: list[str] = []
    at = 0
    while (start := text.find("<![CDATA[", at)) >= 0 and (end := text.find("]]>", start)) >= 0:
        parts += (_AMPERSAND.sub(known, text[at:start]), text[start:end])
        at = end
    return "".join((*parts, _AMPERSAND.sub(known, text[at:])))


def _parse(text: str) -> Node:
    # Without namespaces: the prefixes are WordPress's own in every version, and the root that binds them is not here.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    root = Node("", {})
    stack = [root]
    texts: list[list[str]] = [[]]

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            raise ValueError(f"is nested more than {MAX_DEPTH} deep")
        node = Node(name, attributes)
        stack[-1].nodes.append(node)
        stack.append(node)
        texts.append([])

    def end(_: str) -> None:
        text = stack.pop().text = "".join(texts.pop())
        if len(stack) > 2:
            texts[-1].append(text)  # a title with markup that nobody escaped keeps its words

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda data: texts[-1].append(data)
    parser.Parse(text.encode(), True)
    return root.nodes[0]
