"""All SQL over the content: the index of what `content/` holds, kept in step with it file by file.

Nothing here is truth: a damaged or older index is thrown away and read anew. Row numbers (`n`) never reach a page or
a digest, since they depend on the order in which files came; everything is ordered by day and `ord`, which is date and path.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from . import digests, index_tables, linking, members, settling, tallies, url_ledger, urls
from .authorities import NONE, Authorities
from .entries import Entry, digest
from .errors import Problem
from .index_tables import connect, remove
from .scanning import Found
from .sums import Sums
from .tallies import Tally
from .workers import chunks

COMPARE_PART = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """What a scan found: how many files there are to read (`Index.unread`), and how many are gone."""

    read: int
    gone: int


class Index:
    """One archive's index in one SQLite file; a context manager that closes it."""

    def __init__(self, connection: sqlite3.Connection, filling: Callable[[], None] | None = None) -> None:
        self._db = connection
        self._filling = filling
        self._authorities = NONE
        self._since = connection.total_changes  # how many there were when the fingerprint was last known to be right

    @classmethod
    def open(cls, file: Path, version: str) -> Index:
        """Open or make the index; one of another `version` of the program, or no index at all, is made anew."""
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            db = connect(file)
            row = db.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
            if row and row[0] == version:
                return cls(db)
            db.close()
        except sqlite3.DatabaseError:
            pass
        remove(file)
        db = index_tables.begin(file)
        return cls(db, partial(index_tables.finish, db, file, version))

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def commit(self) -> None:
        """Make what was done last."""
        if self._db.total_changes != self._since:
            self._db.execute("DELETE FROM meta WHERE name = 'fingerprint'")
        self._db.commit()

    # ------------------------------------------------------------------------------------ keeping in step

    def compare(self, found: Iterable[Found]) -> Changes:
        """Compare the files that exist, which come by path, with those that the index knows; forget those that are gone."""
        db = self._db
        db.execute("CREATE TEMP TABLE IF NOT EXISTS unread (seq INTEGER PRIMARY KEY, path TEXT)")
        db.execute("DELETE FROM unread")
        gone: list[str] = []
        db.executemany("INSERT INTO unread (path) VALUES (?)", self._unlike(found, gone))
        for path in gone:
            self._forget(path)
            db.execute("DELETE FROM file WHERE path = ?", (path,))
        (read,) = db.execute("SELECT count(*) FROM unread").fetchone()
        return Changes(read, len(gone))

    def _unlike(self, found: Iterable[Found], gone: list[str]) -> Iterator[tuple[str]]:
        """The paths of files that are not as they are known; `gone` gets those that are no more."""
        # Two streams side by side: a table of what was found took three times as long, and file by file a tenth longer.
        rows = self._db.execute("SELECT path, iif(racy, NULL, size), mtime, ctime FROM file ORDER BY path")
        ahead: list[Found] = []
        for part in chunks(found, COMPARE_PART):
            if (missing := len(part) - len(ahead)) > 0:
                ahead += rows.fetchmany(missing)
            if ahead == part:
                ahead = []
                continue
            last = part[-1][0]
            while ahead and ahead[-1][0] < last and (more := rows.fetchmany(COMPARE_PART)):
                ahead += more
            known = {row[0]: row for row in ahead if row[0] <= last}
            ahead = [row for row in ahead if row[0] > last]
            for file in part:
                if known.pop(file[0], None) != file:
                    yield (file[0],)
            gone += known
        gone += [row[0] for row in ahead]
        gone += [row[0] for row in rows]

    def unread(self) -> Iterator[str]:
        """The paths of the files to read, by path: of a million they are 150 MB, which nobody has to hold."""
        last = 0
        ask = "SELECT seq, path FROM unread WHERE seq > ? ORDER BY seq LIMIT 1000"
        while rows := self._db.execute(ask, (last,)).fetchall():
            yield from (path for _, path in rows)
            last = rows[-1][0]

    def _forget(self, path: str) -> None:
        row = self._db.execute("SELECT n FROM article WHERE path = ?", (path,)).fetchone()
        if row:
            self._db.execute("DELETE FROM member WHERE n = ?", row)
            self._db.execute("DELETE FROM alias WHERE n = ?", row)
            self._db.execute("DELETE FROM shows WHERE n = ?", row)
            linking.forget(self._db, row[0])
            self._db.execute("DELETE FROM article WHERE n = ?", row)

    def add(self, entries: Sequence[Entry]) -> None:
        """Take in files that are new or have changed: all at once, which takes half of the time of one by one."""
        db = self._db
        known = {} if self._filling else self._sums([entry.path for entry in entries])
        files: list[tuple[object, ...]] = []
        other: list[Entry] = []
        for entry in entries:
            said = [[p.where, p.line, p.message, p.hint] for p in entry.problems]
            files.append((entry.path, *entry.signature, entry.racy, entry.sum, json.dumps(said) if said else ""))
            if not (entry.sum and known.get(entry.path) == entry.sum):
                other.append(entry)
                if entry.path in known:
                    self._forget(entry.path)
        db.executemany("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?)", files)
        self._insert([entry for entry in other if not entry.refused])

    def _sums(self, paths: Sequence[str]) -> dict[str, bytes]:
        """The digests of those of these files that are known."""
        ask = "SELECT path, sum FROM file WHERE path IN (SELECT value FROM json_each(?))"
        return dict(self._db.execute(ask, (json.dumps(paths),)))

    def _insert(self, entries: Sequence[Entry]) -> None:
        db = self._db
        (last,) = db.execute("SELECT coalesce(max(n), 0) FROM article").fetchone()
        rows: list[tuple[object, ...]] = []
        terms: list[members.Row] = []
        for n, entry in enumerate(entries, last + 1):
            path, key, base = entry.path, entry.key, entry.base
            standing = path.startswith("pages/")
            live = entry.status == "published" and not standing
            ord_ = f"{entry.sort} {path}"
            y, m, d = (*entry.bucket, "", "", "")[:3]
            url, folded = (base, urls.fold(base)) if entry.status in ("published", "withdrawn") else ("", None)
            named = b""
            if live:
                carried, named = members.rows(n, ord_, y, entry.terms, self._authorities)
                terms += carried
            rows.append(
                (
                    *(n, path, standing, key, key, entry.status, live, ord_, y, m, d, entry.anniversary),
                    *(base, url, folded, entry.fixed, entry.card, settling.card_sum(entry.card, base, key)),
                    *(entry.sum, entry.document, digest(path.encode(), b"\0", entry.sum), named),
                )
            )
        db.executemany(f"INSERT INTO article VALUES ({', '.join('?' * 22)})", rows)
        db.executemany(members.INSERT, terms)
        numbered = [*enumerate(entries, last + 1)]
        aliases = [(n, old, urls.fold(old)) for n, entry in numbered for old in entry.aliases]
        db.executemany("INSERT INTO alias VALUES (?, ?, ?)", aliases)
        db.executemany(
            "INSERT INTO shows VALUES (?, ?)", [(n, path) for n, entry in numbered for path in entry.pictures]
        )
        linking.add(db, numbered)

    def filled(self) -> None:
        """All files that there are have been taken in."""
        if self._filling:
            self._filling()
            self._filling = None

    def adopt(self, authorities: Authorities) -> None:
        """Keep terms under the names that authorities prefer, from now on and back to the first article."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'authorities'").fetchone()
        if authorities.text != (before := row[0] if row else ""):
            members.adopt(self._db, before, authorities)
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('authorities', ?)", (authorities.text,))
        self._authorities = authorities

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the files that the index knows, in the order of their paths."""
        for (text,) in self._db.execute("SELECT problems FROM file WHERE problems != '' ORDER BY path"):
            yield from (Problem(*values) for values in json.loads(text))

    # ------------------------------------------------------------------------------------------ addresses

    def settle_addresses(self) -> list[Problem]:
        """Give every article one id and one address of its own; what clashes gets a suffix, and is told."""
        return settling.settle(self._db)

    def settle_links(self, wanted: bool) -> None:
        """Find out where links to original addresses lead, which is nowhere if that is not `wanted`; after addresses."""
        linking.settle(self._db, wanted)

    def read_url_ledger(self, file: Path) -> list[Problem]:
        """Bring `urls.jsonl` into the index if it has changed since; a line that can't be read is a Problem."""
        return url_ledger.read(self._db, file)

    def write_url_ledger(self, file: Path, problems: Sequence[Problem]) -> None:
        """Append the addresses that are new."""
        url_ledger.write(self._db, file, problems)

    # --------------------------------------------------------------------------------- questions of the plan

    def rows(self, question: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """The rows that answer one of the named questions, streamed."""
        # Not `yield from`: a build that fails closes the connection first, and then the cursor, which would complain.
        for row in self._db.execute(QUESTIONS[question], values):  # noqa: UP028
            yield row

    def some(self, question: str, *values: object) -> list[Any]:
        """The rows that answer a question, where they are few: in a third of the time."""
        return self._db.execute(QUESTIONS[question], values).fetchall()

    def sums(self, pictures: Mapping[str, str]) -> Sums:
        """The digests of all articles; `pictures` tells what pages show of each picture, by path."""
        with self._nothing_new():
            return digests.read(self._db, pictures)

    @contextmanager
    def _nothing_new(self) -> Iterator[None]:
        """What is written within this could be worked out from what was known before."""
        same = self._db.total_changes == self._since
        yield
        if same:
            self._since = self._db.total_changes

    def tallies(self, sums: Sums, kind: str = "") -> Iterator[Tally]:
        """What the plan wants to know of all articles of each month, day of the year (the kinds of `tallies`) or term."""
        with self._nothing_new():
            tallies.refresh(self._db, sums)
        self.commit()
        yield from tallies.of(self._db, kind)

    def shown(self, numbers: Iterable[int]) -> set[str]:
        """The pictures that these articles show."""
        ask = "SELECT DISTINCT picture FROM shows WHERE n IN (SELECT value FROM json_each(?))"
        return {picture for (picture,) in self._db.execute(ask, (json.dumps(list(numbers)),))}

    def showing(self) -> Iterator[tuple[str, str]]:
        """Path of the article, and the picture, of all that published articles show."""
        yield from self._db.execute(
            "SELECT path, picture FROM shows CROSS JOIN article USING (n) WHERE status = 'published' ORDER BY path, picture"
        )

    def fingerprint(self, pictures: Mapping[str, str], sums: Callable[[], Sums]) -> bytes:
        """Changes with anything that the plan could read here, of which `sums`, those of `pictures`, are the larger part.

        It is kept while nothing changes, for then the sums need not be had either.
        """
        db = self._db
        sign = digests.sign(pictures)
        known = db.execute("SELECT value FROM meta WHERE name = 'fingerprint'").fetchone()
        if known and db.total_changes == self._since and known[0].startswith(sign):
            return bytes.fromhex(known[0][len(sign) :])
        (addresses,) = db.execute("SELECT coalesce(max(seq), 0) FROM published").fetchone()
        row = db.execute("SELECT value FROM meta WHERE name = 'urls'").fetchone()
        told = str((addresses, row, self._authorities.text)).encode()
        made = digest(*sums().all, told)
        db.execute("INSERT OR REPLACE INTO meta VALUES ('fingerprint', ?)", (sign + made.hex(),))
        self._since = db.total_changes
        db.commit()
        return made

    def cards(self, numbers: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        """URL, id and card (JSON) of each article asked for."""
        # One question for a batch's 200 cards takes a quarter of the time of 200 questions.
        ask = "SELECT n, url, uid, card FROM article WHERE n IN (SELECT value FROM json_each(?))"
        return {n: (a, b, c) for n, a, b, c in self._db.execute(ask, (json.dumps(list(numbers)),))}

    def leads(self, numbers: Iterable[int]) -> dict[int, dict[bytes, str]]:
        """Of each of these articles the links that lead to others here: key of the address, and site path."""
        return linking.of(self._db, numbers)

    def documents(self, numbers: Iterable[int]) -> dict[int, tuple[str, bytes, str]]:
        """Path, digest and fields (JSON) of each article asked for."""
        ask = "SELECT n, path, sum, document FROM article WHERE n IN (SELECT value FROM json_each(?))"
        return {n: (a, b, c) for n, a, b, c in self._db.execute(ask, (json.dumps(list(numbers)),))}


QUESTIONS = {
    "oldest": "SELECT n FROM article WHERE live ORDER BY y, m, d, ord LIMIT 1",
    "year": "SELECT n, m, d FROM article WHERE live AND y = ? ORDER BY m, d, ord",
    "pictures": "SELECT 1 FROM shows LIMIT 1",
    "pictured": "SELECT n FROM article WHERE live AND y = ? AND EXISTS (SELECT 1 FROM shows WHERE shows.n = article.n)",
    # What leads the fronts of the first and of the last day.
    "leads": (
        "SELECT * FROM (SELECT n FROM article WHERE live AND d > '' ORDER BY y, m, d, ord DESC LIMIT 1) UNION "
        "SELECT * FROM (SELECT n FROM article WHERE live AND d > '' ORDER BY y DESC, m DESC, d DESC, ord DESC LIMIT 1)"
    ),
    "month": "SELECT n, url FROM article WHERE live AND y = ? AND m = ? ORDER BY d, ord",
    "anniversary": ("SELECT n, y FROM article WHERE live AND anniversary = ? AND anniversary > '' ORDER BY y, ord"),
    "latest": "SELECT n FROM article WHERE live ORDER BY y DESC, m DESC, d DESC, ord DESC LIMIT ?",
    "sections": "SELECT slug, n FROM member WHERE kind = 'sections' ORDER BY slug, ord",
    **members.QUESTIONS,
    **linking.QUESTIONS,
    "standing": "SELECT n, url FROM article WHERE NOT live AND standing AND status = 'published' ORDER BY path",
    "withdrawn": "SELECT n, url FROM article WHERE NOT live AND status = 'withdrawn' ORDER BY ord",
    "orphans": "SELECT url FROM published WHERE uid NOT IN (SELECT uid FROM article) ORDER BY url",
    "statuses": (
        "SELECT * FROM (SELECT 'published' AS status, count(*) AS held FROM article WHERE live UNION ALL "
        "SELECT status, count(*) FROM article WHERE NOT live AND NOT standing GROUP BY status) WHERE held ORDER BY status"
    ),
    "refused": "SELECT count(*) FROM file WHERE problems != '' AND path NOT IN (SELECT path FROM article)",
    "moved": (
        "SELECT substr(p.url, 1, 7), p.url, coalesce(a.url, ''), coalesce(a.n, 0), coalesce(a.status, '') "
        "FROM former f CROSS JOIN published p USING (folded) LEFT JOIN article a ON a.uid = p.uid AND a.folded IS NOT NULL "
        "WHERE NOT EXISTS (SELECT 1 FROM article b WHERE b.folded = f.folded) ORDER BY p.url, p.seq"
    ),
    "aliases": (
        "SELECT substr(a.ord, 1, 4), l.url, a.url, a.n, a.status FROM alias l JOIN article a ON a.n = l.n AND a.folded IS NOT NULL "
        "WHERE NOT EXISTS (SELECT 1 FROM article b WHERE b.folded = l.folded) "
        "AND l.folded NOT IN (SELECT folded FROM published) ORDER BY a.ord, l.url"
    ),
}
"""What the plan may ask, by name."""
