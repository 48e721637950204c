"""Gzip, member by member, around whatever has been damaged."""

from __future__ import annotations

import re
import zlib
from io import BufferedReader

CHUNK = 1 << 16
BACK = 1 << 22
"""How much of a gzip member is kept to look for the next one in, if it turns out to be damaged."""
REREAD = 1 << 28
"""How much may be read a second time in search of a sound member: it ends files that were made to be read for ever."""
FREE, RATIO = 1 << 28, 250
"""What may always be unpacked, and how many times the packed size beyond that. Text is packed to a fifth, logs to a
hundredth; a bomb to a thousandth and less."""
NO_GZIP, CUT = "is no gzip", "breaks off: the file has been cut"

_GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]", re.DOTALL)
_STEP = 256


class Members:
    """The members of a gzip file, one after the other. Where one is damaged, the next sound one is looked for.

    `start` is the byte of the file at which the present member begins; `fault` says what is wrong with it.
    """

    def __init__(self, stream: BufferedReader) -> None:
        self.start = 0
        self.fault = ""
        self._stream = stream
        self._window = bytearray()  # the last compressed bytes
        self._before = 0  # bytes of the file that are no longer in the window
        self._at = 0  # the next byte in the window to unpack
        self._inflater: zlib._Decompress | None = None
        self._given = 0
        self._reread = 0
        self._failing = False

    def open(self) -> bool:
        """Go to the next member; after a fault, to the next sound one. False at the end of the file.

        Bytes between members that are no gzip are a fault of their own; NUL bytes at the end are nothing.
        """
        if self.fault and not self._find():
            return False
        self.fault, self._failing, self._given = "", False, 0
        self._let_go()
        while self._has(1) and self._window[self._at] == 0:
            self._at += 1
            self._let_go()
        self.start = self._before + self._at
        if not self._has(1):
            return False
        if not self._has(4) or not _GZIP.match(self._window, self._at):
            self.fault = NO_GZIP
            return True
        self._inflater = zlib.decompressobj(wbits=31)
        return True

    def read(self) -> bytes:
        """The next bytes of the member, 16 or more but at its end; none when it has ended or has a fault."""
        data = b""
        while self._inflater is not None and not self.fault and len(data) < 16:
            data += self._step()
        return data

    def _step(self) -> bytes:
        inflater = self._inflater
        assert inflater is not None
        if not self._has(1):
            self.fault = CUT
            return b""
        step = _STEP if self._failing else CHUNK
        packed = bytes(self._window[self._at : self._at + step])
        before = inflater.copy() if self._given and not self._failing else None
        try:
            data = inflater.decompress(packed, CHUNK * 8)
        except zlib.error as error:
            if self._failing:
                self.fault = f"is damaged ({str(error).partition(': ')[2] or error})"
            else:
                # What lies before the damage can be had in small steps.
                self._failing = True
                self._inflater = before or zlib.decompressobj(wbits=31)
            return b""
        self._at += len(packed) - len(inflater.unused_data or inflater.unconsumed_tail)
        self._given += len(data)
        if inflater.eof:
            self._inflater = None
        elif self._given > FREE + RATIO * (self._before + self._at - self.start):
            self.fault = f"unpacks to more than {RATIO} times its size"
        return data

    def _find(self) -> bool:
        """Go to the next gzip member behind the beginning of this one that can be unpacked for a bit."""
        reached = self._before + self._at
        self._at = max(self.start + 1 - self._before, 0)
        while True:
            found = _GZIP.search(self._window, self._at)
            if found is None:
                self._at = max(self._at, len(self._window) - 3)
                self._let_go()
                if not self._more():
                    return False
                continue
            self._at = found.start()
            self._has(1024)
            inflater = zlib.decompressobj(wbits=31)
            try:
                inflater.decompress(bytes(self._window[self._at : self._at + 1024]), 512)
            except zlib.error:
                self._at += 1
                continue
            self._reread += max(reached - self._before - self._at, 0)
            return self._reread < REREAD

    def _has(self, count: int) -> bool:
        while len(self._window) - self._at < count:
            if not self._more():
                return False
        return True

    def _more(self) -> bool:
        data = self._stream.read(CHUNK)
        self._window += data
        self._let_go()
        return bool(data)

    def _let_go(self) -> None:
        """Forget what lies before the present member, or too far back in it."""
        keep = min(self._at, max(self.start + 1 - self._before, self._at - BACK))
        if keep > CHUNK and keep * 2 > len(self._window):
            del self._window[:keep]
            self._before += keep
            self._at -= keep
