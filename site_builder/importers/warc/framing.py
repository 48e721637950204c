"""A crawl file's bytes → its records, one after the other, whatever the file has suffered.

WARC 1.0 and 1.1 (ISO 28500), as it is or in gzip members; how records of other kinds begin, a `Layout` tells. Written here because the libraries stop at the first fault:
of 100 records with twenty damaged bytes in the fiftieth, warcio 1.8 and FastWARC 2.0 give 50, this gives 99.
A record is given when its end has been seen, and in gzip when its checksum has been proven: half records are none.
Memory is bounded by the largest record that is wanted, time by a few times the length of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader

from site_builder.streams.gunzip import CHUNK, Members

MAX_HEADER = 1 << 16
MAX_BREAKS = 64
START = 1 << 14
HEAD = 1 << 12

_VERSION = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
_NEXT = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n[\w-]{1,60}:")
_END = re.compile(rb"\n(?:\r?\n|(?=WARC/))")  # a header that runs into the next one has no end
_BREAKS = re.compile(rb"[\r\n]*")

NO_RECORD = "is no WARC record"
_WRONG_LENGTH = "does not end where it says"


@dataclass(frozen=True, slots=True)
class Raw:
    """One record: its fields by their names in lower case, its block, and the byte of the file where it begins.

    `offset` in a gzip file is its member's, and has a second number after `+` if the record is not the first in it.
    """

    offset: str
    fields: dict[str, str]
    block: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """A record that can't be given, and why."""

    offset: str
    message: str


@dataclass(frozen=True, slots=True)
class Large:
    """A sound record of more bytes than are wanted: its fields and its first bytes, which tell what it is."""

    start: Raw


@dataclass(frozen=True, slots=True)
class Layout:
    """How the records of a kind of crawl file begin: `start` matches their first bytes, 16 at most, `next` is looked
    for behind what is damaged. `header` gives the fields of the record at the tape's place, one of them
    `content-length`, and where its block begins.
    """

    start: re.Pattern[bytes]
    next: re.Pattern[bytes]
    header: Callable[[Tape, str], tuple[dict[str, str], int] | Fault]


def records(
    stream: BufferedReader, packed: bool, max_bytes: int, layout: Layout | None = None
) -> Iterator[Raw | Large | Fault]:
    """The records from the start of `stream`, which need not be seekable; `packed` says that they are in gzip."""
    layout = layout or WARC
    tape = _Packed(stream, layout) if packed else _Plain(stream, layout)
    lost = False
    while tape.next_segment():
        told = False
        while tape.begin():
            offset = tape.offset()
            found = _one(tape, offset, max_bytes)
            if not isinstance(found, Fault):
                lost = told = False
                yield found
                continue
            if not lost or found.message != NO_RECORD:
                yield found  # what lies between two sound records is told once
            lost = told = True
            if not tape.find_next():
                break
        if tape.fault and not told:
            yield Fault(tape.offset(), tape.fault)
            lost = True


def _one(tape: Tape, offset: str, max_bytes: int) -> Raw | Large | Fault:
    """The record at the tape's place, which is then behind it, or what is wrong with it: then the tape stays."""
    found = tape.layout.header(tape, offset)
    if isinstance(found, Fault):
        return found
    fields, end = found
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit()) or len(length) > 15:
        return Fault(offset, "does not say how long it is")
    size = int(length)
    if size > max_bytes:
        tape.ensure(end + START)
        start = Raw(offset, fields, tape.slice(end, end + min(START, size)))
        return Large(start) if tape.skip(end, size) else Fault(offset, tape.fault or _WRONG_LENGTH)
    if not tape.ends_well(end + size):
        return Fault(offset, tape.fault or _WRONG_LENGTH)
    block = tape.slice(end, end + size)
    tape.place += end + size
    return Raw(offset, fields, block)


def _header(tape: Tape, offset: str) -> tuple[dict[str, str], int] | Fault:
    tape.ensure(32)
    version = _VERSION.match(tape.buffer, tape.place)
    if version is None:
        return Fault(offset, tape.fault or NO_RECORD)
    fields_at = version.end() - tape.place
    end = tape.find_end(fields_at - 1)
    if not end:
        return Fault(offset, tape.fault or "has a header without an end")
    header = tape.slice(fields_at, end)
    if _NEXT.search(header):
        return Fault(offset, "has a header that breaks off in the next one's")
    return _fields(header), end


WARC = Layout(re.compile(b"WARC/"), _NEXT, _header)


def _fields(header: bytes) -> dict[str, str]:
    """Named fields; a line that begins with a space goes on with the one before. The first of a name counts."""
    fields: dict[str, str] = {}
    for line in re.sub(r"\r?\n[ \t]+", " ", header.decode("utf-8", "replace")).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


class Tape:
    """Bytes to look at from `place` on, and more of them as they are asked for, until a segment ends.

    `fault` says why a segment broke off; a subclass gives the segments and their bytes.
    """

    def __init__(self, stream: BufferedReader, layout: Layout) -> None:
        self.stream = stream
        self.layout = layout
        self.buffer = bytearray()
        self.place = 0
        self.before = 0  # bytes of this segment that are no longer in the buffer
        self.fault = ""
        self.ended = False
        self.joints: list[int] = []  # where in the segment gzip members have ended whose checksums were right

    def next_segment(self) -> bool:
        """Go to the next segment, if there is one."""
        raise NotImplementedError

    def more(self) -> bytes:
        """More bytes of this segment; none when it has ended."""
        raise NotImplementedError

    def offset(self) -> str:
        """What the record at `place` is called."""
        raise NotImplementedError

    def begin(self) -> bool:
        """Go over the line ends between records; False at the end. Only here indexes into the buffer change."""
        while True:
            if self.place > CHUNK and self.place * 2 > len(self.buffer):
                self.forget(self.place)
            if not self.ensure(1):
                return False
            breaks = _BREAKS.match(self.buffer, self.place)
            if breaks is None or breaks.end() == self.place:
                return True
            self.place = breaks.end()

    def forget(self, count: int) -> None:
        """Let go of the first bytes of the buffer."""
        del self.buffer[:count]
        self.before += count
        self.place = max(self.place - count, 0)
        self.joints = [joint for joint in self.joints if joint >= self.before]

    def ensure(self, count: int) -> bool:
        """Whether there are so many bytes from `place` on."""
        while len(self.buffer) - self.place < count:
            if not self.fill():
                return False
        return True

    def fill(self) -> bool:
        """Add to the buffer; False at the end of the segment."""
        if not self.ended:
            data = self.more()
            self.ended = not data
            self.buffer += data
        return not self.ended

    def slice(self, start: int, end: int) -> bytes:
        """Bytes, counted from `place`."""
        with memoryview(self.buffer) as view:
            return bytes(view[self.place + start : self.place + end])

    def find_end(self, start: int) -> int:
        """Where the empty line behind a header ends, counted from `place`; 0 if there is none."""
        for wanted in (1 << 11, MAX_HEADER):
            self.ensure(wanted)
            if found := _END.search(self.buffer, self.place + start, self.place + MAX_HEADER):
                return found.end() - self.place if len(found[0]) > 1 else 0
        return 0

    def ends_well(self, count: int) -> bool:
        """Whether `count` bytes on a record ends: there are line ends, and another record or nothing."""
        if not self.ensure(count):
            return False
        stop = count + MAX_BREAKS
        while count <= stop:
            self.ensure(count + 16)
            breaks = _BREAKS.match(self.buffer, self.place + count)
            end = breaks.end() if breaks else self.place + count
            if end < len(self.buffer):
                return bool(self.layout.start.match(self.buffer, end)) or self.before + end in self.joints
            if self.ended:
                return not self.fault
            count = end - self.place
        return False

    def skip(self, head: int, size: int) -> bool:
        """Pass over a record that is too large to be held. False if it does not end where it says."""
        left = head + size
        while left > len(self.buffer) - self.place:
            left -= len(self.buffer) - self.place
            self.forget(len(self.buffer))
            if not self.fill():
                return False
        self.place += left
        return self.ends_well(0)

    def find_next(self) -> bool:
        """Go to where the next record may begin, behind `place`."""
        if not self.ensure(1):
            return False
        self.place += 1
        while True:
            if found := self.layout.next.search(self.buffer, self.place):
                self.place = found.start()
                return True
            self.place = max(self.place, len(self.buffer) - HEAD)  # it may hold the beginning of what is looked for
            if self.place > CHUNK:
                self.forget(self.place - 1)
            if not self.fill():
                return False


class _Plain(Tape):
    """A file without compression: one segment."""

    begun = False

    def next_segment(self) -> bool:
        begun, self.begun = self.begun, True
        return not begun

    def more(self) -> bytes:
        return self.stream.read(CHUNK)

    def offset(self) -> str:
        return str(self.before + self.place)

    def skip(self, head: int, size: int) -> bool:
        """A length may be a lie: where the stream can seek, its end is looked at before anything is passed over."""
        if not self.stream.seekable():
            return super().skip(head, size)
        here = self.before + self.place
        end = here + head + size
        self.stream.seek(end - 1)
        last, behind = self.stream.read(1), self.stream.read(MAX_BREAKS).lstrip(b"\r\n")
        sound = bool(last and (not behind or self.layout.start.match(behind)))
        self.before = end if sound else here
        self.stream.seek(self.before)
        self.buffer.clear()
        self.place, self.ended = 0, False
        return sound


class _Packed(Tape):
    """Gzip: a segment is a member, and those behind it up to one that begins with a record again.

    Most files have one record in each member; some have all records in one, or members of equal size.
    """

    def __init__(self, stream: BufferedReader, layout: Layout) -> None:
        super().__init__(stream, layout)
        self.members = Members(stream)
        self.start = 0
        self.held = b""
        self.owed = False

    def next_segment(self) -> bool:
        self.buffer.clear()
        self.place = self.before = 0
        if not self.held and not self.owed and not self.members.open():
            return False
        self.buffer += self.held
        self.held, self.owed = b"", False
        self.start, self.fault, self.joints = self.members.start, self.members.fault, []
        self.ended = bool(self.fault)
        return True

    def more(self) -> bytes:
        while True:
            if data := self.members.read():
                return data
            if self.members.fault:
                self.fault = self.members.fault
                return b""
            # A member has ended, and its checksum is right. The next one may go on with the same record; what is wrong
            # with it is not this record's.
            self.joints.append(self.before + len(self.buffer))
            if not self.members.open():
                return b""
            data = b"" if self.members.fault else self.members.read()
            if self.layout.start.match(data):
                self.held = data
                return b""
            if self.members.fault:
                self.owed = True
                return b""
            if data:
                return data

    def offset(self) -> str:
        within = self.before + self.place
        return f"{self.start}+{within}" if within else str(self.start)
