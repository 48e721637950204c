"""What can go wrong, as values: `SiteError` stops the program, `Problem` costs one article and is collected.

Neither prints; only `cli` does.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass


class SiteError(Exception):
    """Something that a user can mend and that stops the run (exit code 2).

    `message` says what is wrong, `where` in which file or setting, `hint` what to do about it.
    """

    def __init__(self, message: str, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} ({self.hint})" if self.hint else text

    def __reduce__(self) -> tuple[type[SiteError], tuple[str, str, str]]:
        # Exceptions cross process borders by their constructor's arguments; the default would lose two of three.
        return (type(self), (self.message, self.where, self.hint))


_HINTS = {
    **dict.fromkeys((errno.EACCES, errno.EPERM), "look at its permissions"),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "is the disk full?"),
    errno.EROFS: "the disk can only be read",
    errno.ENOTDIR: "a file stands where a folder is wanted",
    errno.EISDIR: "a folder stands where a file is wanted",
    errno.EEXIST: "something else stands in its place",
    errno.ELOOP: "a link leads back to itself",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOENT: "is the folder that it is in still there?",
}


def hint_for(error: OSError) -> str:
    """What to do about what the system refused."""
    return _HINTS.get(error.errno or 0, "is the disk sound?")


def system_error(error: OSError, where: object = "", doing: str = "") -> SiteError:
    """An OSError as the SiteError that a user gets; `where` if the system does not name it better."""
    said = error.strerror or str(error)
    return SiteError(f"{doing}: {said}" if doing else said, str(where or error.filename or ""), hint_for(error))


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with one source, article or page; the rest goes on.

    `where` is a path relative to the content folder (or a URL path of the site), `line` counts from 1, 0 is unknown.
    `again` tells that the same bytes may be read with better luck another time (a disk that fails, a package that is
    missing): an import then does not count their file as done.
    """

    where: str
    line: int
    message: str
    hint: str = ""
    again: bool = False

    def __str__(self) -> str:
        place = f"{self.where}:{self.line}" if self.line else self.where
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class MissingPackageError(Exception):
    """Something is packed in a way that needs an optional package. `hint` says how to get it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"is packed with {what}, for which a package is missing")
        self.hint = f'pip install "site-builder[{extra}]"'


class DamagedError(OSError):
    """A stream can't be read to its end; the message goes on after its name: `breaks off`."""


class BombError(DamagedError):
    """A file unpacks to so much more than its size that reading it would fill the machine; all of it ends here."""
