"""MHTML: a page saved with its parts in one file, by a browser or a mail program. One Record with the page's markup.

RFC 2557. The root is the part that `start` names, else the first that is HTML; pictures, styles and frames are counted.
The pictures and documents that an article turns out to need are in `Files`.
"""

from __future__ import annotations

import email.errors
import email.policy
import email.utils
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from io import BufferedReader
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from site_builder.decoding import decode_html, read_up_to
from site_builder.errors import Problem
from site_builder.model import Record, Skipped

HTML = ("text/html", "application/xhtml+xml")
MAX_PARTS = 100_000
"""Lines that may divide parts: a page has some hundreds of parts. Each takes 0.7 kB, and 13 µs."""
ENDINGS = {
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/png": ".png", "image/gif": ".gif",
    "image/webp": ".webp", "image/avif": ".avif", "audio/mpeg": ".mp3", "video/mp4": ".mp4", "application/pdf": ".pdf",
}  # fmt: skip
"""What an article may need, and can run nothing on a site. A part's address often has no ending, or that of a script."""
MOST = 100_000_000
"""Bytes of a file whose pictures are brought along; they are in memory, twice."""
_HEAD = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n|[ \t][^\n]*\n){1,60}", re.IGNORECASE)
_RELATED = re.compile(rb"^content-type:\s*(?:multipart/related|multipart/mixed|multipart/alternative)", re.I | re.M)
_PLAIN = re.compile(rb"^content-type:\s*(?:text/html|application/xhtml)", re.I | re.M)


def detect(name: str, head: bytes) -> bool:
    """True for mail headers that announce a page with its parts; with one of the two endings, for a page alone too."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").replace(b"\r\n", b"\n")
    fields = _HEAD.match(head)
    if fields is None:
        return False
    ours = name.lower().endswith((".mht", ".mhtml"))
    mime = ours or re.search(rb"^(?:mime-version|snapshot-content-location):", fields[0], re.I | re.M)
    return bool(mime and (_RELATED.search(fields[0]) or (ours and _PLAIN.search(fields[0]))))


def read(stream: BufferedReader, file: str, max_bytes: int) -> Iterator[Record | Problem | Skipped]:
    """One Record, with `url` and `retrieved` as the page was saved with them, or one Problem."""
    raw = read_up_to(stream, max_bytes)
    if raw is None:
        yield Problem(file, 0, f"has more than {max_bytes:,} bytes", "raise [import] max_megabytes")
        return
    if raw.count(b"\n--") > MAX_PARTS:
        yield Problem(file, 0, f"has more than {MAX_PARTS:,} parts", "save the page again")
        return
    try:
        message = _parse(raw)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except RecursionError:
        yield Problem(file, 0, "has parts in parts that are nested too deeply", "save the page again")
        return
    except (email.errors.MessageError, ValueError, LookupError) as error:
        yield Problem(file, 0, f"is no MHTML that can be read: {str(error)[:100]}", "save the page again")
        return
    root = _root(message, parts)
    if root is None:
        yield Problem(file, 0, "has no HTML part in it", "save the page again")
        return
    repairs: list[str] = []
    body = _payload(root, repairs)
    text, decoding = decode_html(body, str(root.get_param("charset", "") or ""))
    if text is None or not text.strip():
        yield Problem(
            file,
            0,
            "has no text in it" if text is not None else "is no text: it holds NUL bytes",
            "save the page again",
        )
        return
    if _is_cut(message):
        repairs.append("the file breaks off, after the page or in it")
    yield Record(file, "html", text, hashlib.sha256(body).hexdigest(), _facts(message, root), (*repairs, *decoding))
    others = Counter(_kind(part) for part in parts if part is not root)
    for reason, count in sorted(others.items()):
        yield Skipped(file, reason, count)


class Files:
    """The pictures, recordings and documents in a saved page; none of a file that can't be read."""

    def __init__(self, file: Path, base: str) -> None:
        """`base` is the page's address, from which others may lead. Raises OSError."""
        self._base = base
        self._parts: dict[str, tuple[Message, str]] = {}
        self._names: dict[str, str] = {}
        with file.open("rb") as stream:
            raw = read_up_to(stream, MOST) or b""
        if raw.count(b"\n--") > MAX_PARTS:
            return
        try:
            parts = [part for part in _parse(raw).walk() if not part.is_multipart()]
        except (RecursionError, email.errors.MessageError, ValueError, LookupError):
            return
        for part in parts:
            if not (ending := ENDINGS.get(_type(part))):
                continue
            address, named = "".join(str(part.get("content-location", "")).split()), _word(part.get("content-id"))
            for name in (address, f"cid:{named}" if named else ""):
                if name:
                    self._parts.setdefault(name, (part, ending))
                    self._names.setdefault(self._whole(name), name)

    def find(self, reference: str) -> tuple[str, str]:
        """The name of the part that a page means, and the ending that its kind has; empty if there is none."""
        name = reference if reference in self._parts else self._names.get(self._whole(reference), "")
        return (name, self._parts[name][1]) if name else ("", "")

    def read(self, name: str, most: int) -> bytes | None:
        """The bytes of a part; None if there is none of this name, it is empty or has more than `most`."""
        part, _ = self._parts.get(name, (None, ""))
        raw = _payload(part, []) if part else b""
        return raw if 0 < len(raw) <= most else None

    def _whole(self, address: str) -> str:
        try:
            return urldefrag(urljoin(self._base, address)).url
        except ValueError:
            return address


def _parse(raw: bytes) -> Message:
    return message_from_bytes(raw.lstrip(b"\r\n\xef\xbb\xbf"), policy=email.policy.compat32)


def _root(message: Message, parts: list[Message]) -> Message | None:
    pages = [part for part in parts if _type(part) in HTML]
    start = _word(message.get_param("start", ""))
    return next((part for part in pages if start and _word(part.get("content-id")) == start), next(iter(pages), None))


def _word(value: object) -> str:
    return str(value).strip().strip("<>") if isinstance(value, str) else ""


def _type(part: Message) -> str:
    return part.get_content_type()


def _kind(part: Message) -> str:
    kind = _type(part)
    if kind in ENDINGS:
        return f"parts of saved pages ({kind}), but for those that articles name"
    return f"parts of saved pages ({kind if re.fullmatch('[a-z0-9.+-]+/[a-z0-9.+-]{1,40}', kind) else 'unknown'})"


def _payload(part: Message, repairs: list[str]) -> bytes:
    payload = part.get_payload(decode=True)
    if any(isinstance(defect, email.errors.InvalidBase64CharactersDefect) for defect in part.defects):
        repairs.append("its base64 is damaged")
    return payload if isinstance(payload, bytes) else b""


def _is_cut(message: Message) -> bool:
    cut = (email.errors.CloseBoundaryNotFoundDefect, email.errors.StartBoundaryNotFoundDefect)
    return any(isinstance(defect, cut) for part in message.walk() for defect in part.defects)


def _facts(message: Message, root: Message) -> dict[str, str]:
    """Where and when the page was saved. The date is the capture's and never the article's."""
    facts: dict[str, str] = {}
    for value in (
        message.get("snapshot-content-location"),
        root.get("content-location"),
        message.get("content-location"),
    ):
        url = "".join(str(value or "").split())
        if re.match("https?://", url, re.IGNORECASE):
            facts["url"] = url
            break
    try:
        moment = email.utils.parsedate_to_datetime(" ".join(str(message.get("date", "")).split()))
        zone = moment.isoformat(timespec="seconds")
        facts["retrieved"] = zone.replace("+00:00", "Z") if moment.tzinfo else f"{zone}Z"
    except (ValueError, TypeError, IndexError, OverflowError):
        pass  # without a date that can be read it stays unknown
    return facts
