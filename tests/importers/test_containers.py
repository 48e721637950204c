"""Archives: members are read as if they lay in folders, within bounds, and nothing is ever written."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder import importers, streams
from site_builder.errors import Problem
from site_builder.model import Record, Skipped
from tests.crawls import html, packed, page

TEXT = "A headline\n\nThe bridge is closed, the council said.\n"
Items = list[Record | Problem | Skipped]


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def tarred(files: dict[str, bytes | str], form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return out.getvalue()


@pytest.fixture
def taken(tmp_path: Path) -> Callable[..., Items]:
    def take(raw: bytes, name: str = "archive.zip", max_bytes: int = 1_000_000, kind: str = "") -> Items:
        (tmp_path / "in").mkdir(exist_ok=True)
        path = tmp_path / "in" / name
        path.write_bytes(raw)
        items = list(importers.read(path, name, max_bytes, kind))
        assert sorted(os.listdir(tmp_path)) == ["in"]
        return items

    return take


def names(items: Items) -> list[str]:
    return [item.name for item in items if isinstance(item, Record)]


def problems(items: Items) -> list[str]:
    return [f"{item.where}: {item.message}" for item in items if isinstance(item, Problem)]


def skipped(items: Items) -> dict[str, int]:
    return {item.reason: item.count for item in items if isinstance(item, Skipped)}


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
}
ARCHIVES: dict[str, Callable[[dict[str, bytes | str]], bytes]] = {"zip": zipped, "tar": tarred}


# ------------------------------------------------------------------------------------------------------ one file


@pytest.mark.parametrize("ending", PACKERS)
def test_one_file_packed_is_that_file(taken: Callable[..., Items], ending: str) -> None:
    (record,) = taken(PACKERS[ending](TEXT.encode()), f"page.txt.{ending}")
    assert isinstance(record, Record)
    assert (record.name, record.text, record.format) == (f"page.txt.{ending}", TEXT, "text")
    (other,) = taken(TEXT.encode(), "page.txt")
    assert isinstance(other, Record)
    assert other.sha256 == record.sha256


@pytest.mark.parametrize("ending", PACKERS)
def test_content_tells_and_not_the_name(taken: Callable[..., Items], ending: str) -> None:
    assert names(taken(PACKERS[ending](TEXT.encode()), "page.txt")) == ["page.txt"]
    assert names(taken(PACKERS[ending](PACKERS[ending](TEXT.encode())), f"page.{ending}.{ending}")) == [
        f"page.{ending}.{ending}"
    ]


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_packed_file_that_was_cut_is_no_record(taken: Callable[..., Items], ending: str, cut: float) -> None:
    raw = PACKERS[ending](os.urandom(3000).hex().encode())
    items = taken(raw[: int(len(raw) * cut)], f"page.txt.{ending}")
    assert names(items) == []
    assert len(problems(items)) == 1
    assert "cut" in problems(items)[0]


@pytest.mark.parametrize("ending", PACKERS)
def test_files_packed_one_after_the_other(taken: Callable[..., Items], ending: str) -> None:
    raw = b"".join(PACKERS[ending](piece) for piece in (b"A headline\n", b"", b"\nA text that goes on.\n"))
    (record,) = taken(raw, f"page.txt.{ending}")
    assert isinstance(record, Record)
    assert record.text == "A headline\n\nA text that goes on.\n"


def test_bytes_behind_a_gzip_file_are_dirt(taken: Callable[..., Items]) -> None:
    assert names(taken(gzip.compress(TEXT.encode()) + b"\0" * 600, "page.txt.gz")) == ["page.txt.gz"]
    assert names(taken(gzip.compress(TEXT.encode()) + b"rubbish", "page.txt.gz")) == ["page.txt.gz"]


@pytest.mark.parametrize("ending", PACKERS)
def test_bombs_of_one_file(taken: Callable[..., Items], monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    bomb = PACKERS[ending](bytes(60_000_000))
    items = taken(bomb, f"page.txt.{ending}", 1_000_000)
    assert names(items) == []
    monkeypatch.setattr(streams, "FREE", 1 << 20)
    items = taken(
        PACKERS[ending](tarred({"a.txt": TEXT, "b.txt": bytes(60_000_000), "c.txt": TEXT})), f"x.tar.{ending}"
    )
    assert ending == "zst" or names(items)[:1] == [f"x.tar.{ending}#a.txt"]
    assert any("unpacks to more than" in one for one in problems(items))


# ------------------------------------------------------------------------------------------------------ many files


@pytest.mark.parametrize("kind", ARCHIVES)
def test_members_are_records(taken: Callable[..., Items], kind: str) -> None:
    files: dict[str, bytes | str] = {"b/2.txt": TEXT, "a.txt": TEXT, "b/Straße 1.txt": TEXT}
    items = taken(ARCHIVES[kind](files), f"archive.{kind}")
    assert names(items) == [f"archive.{kind}#{name}" for name in files]
    assert {item.file for item in items if isinstance(item, Record)} == {f"archive.{kind}"}


@pytest.mark.parametrize("ending", PACKERS)
def test_packed_tars(taken: Callable[..., Items], ending: str) -> None:
    raw = PACKERS[ending](tarred({"a.txt": TEXT, "b/c.txt": TEXT}))
    for name in (f"x.tar.{ending}", "x.tgz", "x"):
        assert names(taken(raw, name)) == [f"{name}#a.txt", f"{name}#b/c.txt"]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tars_of_every_form(taken: Callable[..., Items], form: int) -> None:
    long = "/".join(["a-folder-with-a-name"] * 9) + "/page.txt"
    items = taken(tarred({long: TEXT, "b.txt": TEXT}, form), "x.tar")
    assert names(items) == [f"x.tar#{long}", "x.tar#b.txt"]


def test_archives_in_archives(taken: Callable[..., Items]) -> None:
    crawl = packed([page(1), page(2)])
    inner = zipped({"deep/c.txt": TEXT, "crawl.warc.gz": crawl, "d.txt.gz": gzip.compress(TEXT.encode())})
    items = taken(gzip.compress(tarred({"in.zip": inner, "a.txt": TEXT})), "x.tgz")
    second = len(gzip.compress(page(1), mtime=0))
    assert names(items) == [
        "x.tgz#in.zip!deep/c.txt",
        "x.tgz#in.zip!crawl.warc.gz!offset=0",
        f"x.tgz#in.zip!crawl.warc.gz!offset={second}",
        "x.tgz#in.zip!d.txt.gz",
        "x.tgz#a.txt",
    ]
    assert problems(items) == []
    damaged = bytearray(crawl)
    damaged[second // 2] ^= 0xFF
    items = taken(zipped({"crawl.warc.gz": bytes(damaged)}, zipfile.ZIP_STORED))
    assert names(items) == [f"archive.zip#crawl.warc.gz!offset={second}"]
    assert problems(items)[0].startswith("archive.zip#crawl.warc.gz!offset=0: a record ")


def test_archives_too_deep(taken: Callable[..., Items]) -> None:
    raw: bytes = TEXT.encode()
    for depth in range(9):
        raw = zipped({f"{depth}.zip" if depth else "a.txt": raw})
    items = taken(raw)
    assert names(items) == []
    assert "archives deep" in problems(items)[0]


def test_a_large_zip_in_a_tar_is_spooled(taken: Callable[..., Items], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SPOOL", 1000)
    inner = zipped({"a.txt": TEXT, "noise.bin": os.urandom(200_000), "b.txt": TEXT})
    items = taken(tarred({"in.zip": inner}), "x.tar")
    assert names(items) == ["x.tar#in.zip!a.txt", "x.tar#in.zip!b.txt"]
    assert skipped(items) == {"files of a kind that is not understood (.bin)": 1}


def test_wacz(taken: Callable[..., Items]) -> None:
    crawl = packed([page(1)])
    raw = zipped({"datapackage.json": "{}", "pages/pages.jsonl": "{}", "indexes/index.cdx.gz": gzip.compress(b"x"),
                  "archive/data.warc.gz": crawl, "logs/a.txt": TEXT}, zipfile.ZIP_STORED)  # fmt: skip
    items = taken(raw, "site.wacz")
    assert names(items) == ["site.wacz#archive/data.warc.gz!offset=0"]
    assert skipped(items) == {"indexes and logs of a WACZ": 4}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_what_is_no_source_is_counted_and_not_a_problem_each(taken: Callable[..., Items], kind: str) -> None:
    files: dict[str, bytes | str] = {
        "page.txt": TEXT, "img/1.png": b"\x89PNG", "img/2.PNG": b"\x89PNG", "a.js": "x", "empty.txt": "",
        "paper.pdf": b"%PDF-1.7", ".hidden.txt": TEXT, "__MACOSX/._page.txt": TEXT, "x/.git/y.txt": TEXT,
        "Thumbs.db": TEXT, "saved.html": html(1), "saved_files/frame.html": html(2), "saved_files/note.txt": TEXT,
        "case_files/note.txt": TEXT,
    }  # fmt: skip
    items = taken(ARCHIVES[kind](files), f"x.{kind}")
    assert [name for name in names(items) if name.endswith("txt")] == [
        f"x.{kind}#page.txt",
        f"x.{kind}#case_files/note.txt",
    ]
    assert problems(items) == []
    found = skipped(items)
    found.pop("files of a kind that is not understood (.html)", None)
    assert found == {
        ".png files, but for those that articles name": 2, ".js files": 1, "empty files": 1, ".pdf files, but for those that articles name": 1,
        "files in the folders of saved pages": 2,
    }  # fmt: skip


def test_facts_beside_an_archive_hold_for_all_in_it(taken: Callable[..., Items], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "archive.zip.meta.toml").write_text('publication = "The Paper"\nlanguage = "cs"\n')
    raw = zipped({"a.txt": TEXT, "b/b.txt": TEXT, "b/b.txt.meta.toml": 'date = "1969-07-20"\nlanguage = "sk"\n'})
    first, second = [item for item in taken(raw) if isinstance(item, Record)]
    assert first.meta == {"publication": "The Paper", "language": "cs"}
    assert second.meta == {"publication": "The Paper", "language": "sk", "date": "1969-07-20"}
    items = taken(tarred({"in.zip": zipped({"b/a.txt": TEXT, "b/a.meta.toml": "dat = 3"})}), "x.tar")
    assert problems(items) == ["x.tar#in.zip!b/a.meta.toml: 'dat' is not known"]
    items = taken(zipped({"a.txt": TEXT, "a.meta.toml": "dat = 3", "b.txt": TEXT}))
    assert names(items) == ["archive.zip#b.txt"]
    assert problems(items) == ["archive.zip#a.meta.toml: 'dat' is not known"]
    items = taken(tarred({"a.txt": TEXT, "a.meta.toml": "dat = 3"}), "x.tar")
    assert names(items) == ["x.tar#a.txt"]
    assert skipped(items) == {"sidecars in an archive that is read from front to back": 1}


def test_a_kind_by_name_holds_for_members(taken: Callable[..., Items]) -> None:
    items = taken(zipped({"page.dat": TEXT, "1.png": b"\x89PNG"}), kind="text")
    assert names(items) == ["archive.zip#page.dat"]


# ------------------------------------------------------------------------------------------------------ tricks


@pytest.mark.parametrize("kind", ARCHIVES)
def test_names_are_labels(taken: Callable[..., Items], kind: str) -> None:
    odd = ["../../up.txt", "/abs.txt", "a/../b.txt", "C:/win.txt", "..\\back.txt", "a#b!c%d.txt", "x\u202etxt.txt", "a//b.txt", "./a/b.txt", "a/b.txt"]  # fmt: skip
    if kind == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in odd:
                archive.writestr(zipfile.ZipInfo(name), TEXT)
        raw = out.getvalue()
    else:
        raw = b"".join(tarred({name: TEXT})[:-8192] for name in odd)
    items = taken(raw, f"x.{kind}")
    assert [name.partition("#")[2] for name in names(items)] == [
        "%2E%2E/%2E%2E/up.txt", "abs.txt", "a/%2E%2E/b.txt", "C%3A/win.txt", "%2E%2E/back.txt", "a%23b%21c%25d.txt",
        "x%E2%80%AEtxt.txt", "a/b.txt", "a/b.txt;2", "a/b.txt;3",
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_labels_are_safe(name: str) -> None:
    made = streams.label(name)
    assert not {".", "..", ""} & set(made.split("/")) or not made
    assert not set(made) & set("\\#!\0\n")
    made.encode()
    assert made[1:2] != ":"


def test_links_devices_and_sparse_files_are_counted(taken: Callable[..., Items]) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("l", tarfile.SYMTYPE),
            ("h", tarfile.LNKTYPE),
            ("d", tarfile.CHRTYPE),
            ("f", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(f"{name}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("sparse.txt")
        info.type = tarfile.GNUTYPE_SPARSE
        archive.addfile(info)
        info = tarfile.TarInfo("holes.txt")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "8000000000000"}
        info.size = 512
        archive.addfile(info, io.BytesIO(b"1\n0\n8000000000000\n".ljust(512, b"\0")))
        info = tarfile.TarInfo("folder")
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
        info = tarfile.TarInfo("a.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT.encode()))
    items = taken(out.getvalue(), "x.tar")
    assert names(items) == ["x.tar#a.txt"]
    assert skipped(items) == {"links and devices": 4, "sparse files": 2}
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive2:
        archive2.writestr(link, "/etc/passwd")
        archive2.writestr("a.txt", TEXT)
    items = taken(out.getvalue())
    assert names(items) == ["archive.zip#a.txt"]
    assert skipped(items) == {"links and devices": 1}


def test_gigantic_headers_are_not_read(taken: Callable[..., Items]) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 200_000_000
    raw = info.tobuf(tarfile.GNU_FORMAT) + bytes(200_000_000) + tarred({"a.txt": TEXT})
    assert names(taken(raw, "x.tar")) == ["x.tar#a.txt"]
    info.size = 8_000_000_000_000
    assert names(taken(info.tobuf(tarfile.GNU_FORMAT) + tarred({"a.txt": TEXT}), "x.tar")) == []


def test_encrypted_members_are_one_problem(taken: Callable[..., Items]) -> None:
    raw = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT, "c.txt": TEXT}, zipfile.ZIP_STORED))
    for at in [at for at in range(len(raw)) if raw[at : at + 4] == b"PK\x01\x02"][:2]:
        raw[at + 8] |= 1
    items = taken(bytes(raw))
    assert names(items) == ["archive.zip#c.txt"]
    assert problems(items) == ["archive.zip: holds 2 encrypted files"]


def test_members_that_overlap_are_read_once(taken: Callable[..., Items]) -> None:
    raw = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT, "c.txt": TEXT}, zipfile.ZIP_STORED))
    lists = [at for at in range(len(raw)) if raw[at : at + 4] == b"PK\x01\x02"]
    raw[lists[1] + 42 : lists[1] + 46] = raw[lists[0] + 42 : lists[0] + 46]
    items = taken(bytes(raw))
    assert names(items) == ["archive.zip#a.txt", "archive.zip#c.txt"]
    assert skipped(items) == {"files that overlap others in their archive": 1}


def test_zips_with_more_names_than_memory_has_room_for(
    taken: Callable[..., Items], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = zipped({f"{n}.txt": TEXT for n in range(300)})
    monkeypatch.setattr(importers.zips, "MAX_MEMBERS", 299)
    assert "more than 299 files" in problems(taken(raw))[0]
    monkeypatch.setattr(importers.zips, "MAX_MEMBERS", 300)
    assert problems(taken(raw)) == []
    lie = raw[:-12] + b"\x01\x00" + raw[-10:]
    monkeypatch.setattr(importers.zips, "MAX_MEMBERS", 299)
    assert "more than 299 files" in problems(taken(lie))[0]


def test_nested_bombs_share_one_budget(taken: Callable[..., Items], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FREE", 1 << 22)
    monkeypatch.setattr(streams, "RATIO", 10)
    bomb = zipped({f"{n}.txt": bytes(900_000) for n in range(16)})
    items = taken(zipped({f"{n}.zip": bomb for n in range(16)}))
    assert names(items) == []
    assert "unpacks to more than" in problems(items)[-1]
    assert len(problems(items)) < 20


# ------------------------------------------------------------------------------------------------------ damage


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("kind", ["zip", "stored", "later", "tar", "tgz"])
def test_of_a_cut_archive_what_came_before_is_taken(taken: Callable[..., Items], kind: str, share: float) -> None:
    files: dict[str, bytes | str] = {f"{n:02}.txt": TEXT + os.urandom(2000).hex() for n in range(20)}
    if kind == "zip":
        raw = zipped(files)
    elif kind == "stored":
        raw = zipped(files, zipfile.ZIP_STORED)
    elif kind == "later":  # written to a pipe, with the sizes behind the data
        raw = _piped(files)
    else:
        raw = tarred(files).rstrip(b"\0")
    raw = gzip.compress(raw) if kind == "tgz" else raw
    items = taken(raw[: int(len(raw) * share)], f"x.{kind}")
    wanted = int(len(files) * share)
    assert names(items) == [f"x.{kind}#{n:02}.txt" for n in range(len(names(items)))]
    assert wanted - 3 <= len(names(items)) <= wanted + 1
    assert 1 <= len(problems(items)) <= 2
    for item in items:
        assert not isinstance(item, Record) or item.text == files[item.part]


class _Pipe(io.RawIOBase):
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, raw: object) -> int:
        self.pieces.append(bytes(raw))  # type: ignore[call-overload]
        return len(self.pieces[-1])


def _piped(files: dict[str, bytes | str]) -> bytes:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return b"".join(pipe.pieces)


def test_a_damaged_member_costs_itself(taken: Callable[..., Items]) -> None:
    files: dict[str, bytes | str] = {f"{n}.txt": TEXT + os.urandom(2000).hex() for n in range(5)}
    raw = bytearray(zipped(files))
    at = raw.index(b"2.txt") + 500
    raw[at : at + 4] = bytes(byte ^ 0xFF for byte in raw[at : at + 4])
    items = taken(bytes(raw))
    assert names(items) == [f"archive.zip#{n}.txt" for n in (0, 1, 3, 4)]
    assert problems(items)[0].startswith("archive.zip#2.txt: is damaged")
    tar = bytearray(tarred(files))
    at = tar.index(b"2.txt")
    tar[at : at + 200] = bytes(200)  # a header is gone, and its data with it
    items = taken(bytes(tar), "x.tar")
    assert names(items) == [f"x.tar#{n}.txt" for n in (0, 1, 3, 4)]
    assert problems(items) == ["x.tar: is damaged: not all files in it could be found"]


def test_a_way_of_packing_that_nobody_knows(taken: Callable[..., Items]) -> None:
    raw = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT}))
    at = raw.index(b"PK\x01\x02")
    raw[8:10] = raw[at + 10 : at + 12] = struct.pack("<H", 98)
    items = taken(bytes(raw))
    assert names(items) == ["archive.zip#b.txt"]
    assert "packed in a way" in problems(items)[0]


SOUND = {
    "x.zip": zipped({f"{n}.txt": TEXT * (n + 1) for n in range(6)}),
    "x.tar": tarred({f"{n}.txt": TEXT * (n + 1) for n in range(6)}),
    "x.tgz": gzip.compress(tarred({f"{n}.txt": TEXT * (n + 1) for n in range(6)}), mtime=0),
    "x.txt.bz2": bz2.compress(TEXT.encode()),
    "x.txt.xz": lzma.compress(TEXT.encode()),
    "x.txt.zst": zstandard.compress(TEXT.encode()),
    "y.zip": zipped({"a.tgz": gzip.compress(tarred({"a.txt": TEXT})), "b.zip": _piped({"c.txt": TEXT})}),
}


@given(data=st.data())
@settings(max_examples=600, deadline=None)
def test_any_damage(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SOUND)))
    raw = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        what = data.draw(st.sampled_from(["flip", "lose", "put", "cut"]))
        if what == "flip":
            raw[at] ^= 1 << data.draw(st.integers(0, 7))
        elif what == "lose":
            del raw[at : at + data.draw(st.integers(1, 30))]
        elif what == "put":
            raw[at:at] = data.draw(st.binary(min_size=1, max_size=30))
        else:
            del raw[at:]
        raw = raw or bytearray(b"x")
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(raw)
    for item in importers.read(path, name, 100_000):
        assert isinstance(item, Record | Problem | Skipped)
        str(item)


@given(st.binary(max_size=2000), st.sampled_from([b"PK\x03\x04", b"BZh9", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"\x1f\x8b\x08\0", b"\x5d\x2a\x4d\x18"]))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, raw: bytes, magic: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(magic + raw)
    list(importers.read(path, "any", 100_000))


def test_a_missing_package_says_what_to_install(taken: Callable[..., Items], monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    raw = zstandard.compress(TEXT.encode())
    monkeypatch.setitem(sys.modules, "zstandard", None)
    (problem,) = taken(raw, "page.txt.zst")
    assert isinstance(problem, Problem)
    assert "zstd" in problem.message
    assert problem.hint == 'pip install "site-builder[zstd]"'


def test_crc_of_a_stored_member(taken: Callable[..., Items]) -> None:
    raw = zipped({"a.txt": TEXT, "b.txt": TEXT}, zipfile.ZIP_STORED).replace(b"council", b"counsel", 1)
    items = taken(raw)
    assert names(items) == ["archive.zip#b.txt"]
    assert "is damaged" in problems(items)[0]
    assert zlib.crc32(b"") == 0


def test_what_comes_out_of_a_damaged_file_says_so(taken: Callable[..., Items]) -> None:
    """Its checksum stands behind texts that may have been changed."""
    raw = bytearray(gzip.compress(tarred({"a.txt": TEXT, "b.txt": TEXT}), mtime=0))
    raw[-8] ^= 1
    items = taken(bytes(raw), "x.tgz")
    assert names(items) == ["x.tgz#a.txt", "x.tgz#b.txt"]
    assert all("may be changed" in item.repairs[0] for item in items if isinstance(item, Record))
    assert "is damaged" in problems(items)[0]
    cut = taken(gzip.compress(tarred({"a.txt": TEXT, "b.txt": TEXT}))[:-8], "x.tgz")
    assert all(item.repairs == () for item in cut if isinstance(item, Record))
