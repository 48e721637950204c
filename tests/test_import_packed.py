"""Pictures out of archives that are read from front to back: fetched once the articles are known, and within bounds."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from site_builder import import_catalogue, import_media, import_packed, importers, imports
from site_builder.errors import SiteError
from tests.importers.test_wxr import export, item
from tests.test_import_media import OTHER, PICTURE, STORY, media, name, packed
from tests.test_imports import Archive

ADDRESS = "https://harbour.example/news/wp-content/uploads/2013/02/pier.jpg"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


Files = dict[str, bytes | str | tarfile.TarInfo]


def tarred(files: Mapping[str, bytes | str | tarfile.TarInfo], packing: str = "gz") -> bytes:
    """A tar with these files; a TarInfo is put in as it is, without data."""
    stream = io.BytesIO()
    with tarfile.open(None, f"w:{packing}", stream) as made:  # type: ignore[call-overload]
        for path, raw in files.items():
            if isinstance(raw, tarfile.TarInfo):
                made.addfile(raw)
                continue
            data = raw.encode() if isinstance(raw, str) else raw
            info = tarfile.TarInfo(path)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def note(title: str, *pictures: str) -> str:
    shown = "".join(f"\n![x]({one})\n" for one in pictures)
    return f"---\ntitle: {title}\n---\n{title} said. {STORY}{shown}"


SITE: Files = {
    "site/uploads/2013/02/pier.jpg": PICTURE,
    "site/export.xml": export(item(f'<img src="{ADDRESS}" alt="Pier">\n\n{STORY}')),
    "site/posts/a.md": note("A", "img/é.jpg", "gone.jpg"),
    "site/posts/img/é.jpg": OTHER,
    "site/posts/img/unseen.jpg": b"nobody shows it",
}
WANTED = {name("pier", PICTURE): PICTURE, name("é", OTHER): OTHER}


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
def test_pictures_of_a_tar_come_along_wherever_they_stand_in_it(archive: Archive, packing: str) -> None:
    archive.put({"old.tar": tarred(SITE, packing)})
    assert archive.outcomes() == {"taken": 2}
    assert media(archive) == WANTED
    assert sorted(path for row in archive.ledger for path in row.get("media", {}).values()) == [
        "site/posts/img/é.jpg", "site/uploads/2013/02/pier.jpg"
    ]  # fmt: skip
    before = archive.files
    assert archive.outcomes() == {"known": 2} and archive.files == before
    assert archive.take(force=True).outcomes == {"taken": 2}
    assert archive.take(refresh=True).outcomes == {"current": 2}
    assert media(archive) == WANTED and not list((archive.content / ".cache" / imports.LISTS).iterdir())


@pytest.mark.parametrize("outer", ["zip", "tar"])
@pytest.mark.parametrize("inner", ["zip", "tar", "tar.gz"])
def test_pictures_of_an_archive_in_an_archive_come_along(archive: Archive, outer: str, inner: str) -> None:
    plain = {path: raw for path, raw in SITE.items() if isinstance(raw, (bytes, str))}
    held = packed(plain) if inner == "zip" else tarred(SITE, inner[4:])
    files: dict[str, bytes | str] = {
        f"backup/site.{inner}": held,
        "backup/b.md": note("B", "b.jpg", "posts/img/é.jpg"),
        "backup/b.jpg": b"beside the archive",
        "backup/gone.jpg": b"for the inner one, which lacks it",
    }
    archive.put({f"all.{outer}": packed(files) if outer == "zip" else tarred(files)})
    assert archive.outcomes() == {"taken": 3}
    assert media(archive) == {
        **WANTED,
        name("b", b"beside the archive"): b"beside the archive",
        name("gone", b"for the inner one, which lacks it"): b"for the inner one, which lacks it",
    }, "an archive's own files first, then those around it, but no file of an archive for what lies outside"
    assert archive.outcomes() == {"known": 3}


def test_what_is_found_leads_to_the_same_places_as_from_a_folder(archive: Archive, tmp_path: Path) -> None:
    archive.put({"old.tar.gz": tarred(SITE)})
    other = Archive(tmp_path / "other")
    other.put({path: raw for path, raw in SITE.items() if isinstance(raw, (bytes, str))})
    archive.take()
    other.take()
    assert media(archive) == media(other)
    assert {archive.article(path).body for path in archive.articles} == {
        other.article(path).body for path in other.articles
    }


def test_a_killed_import_is_completed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.put({"old.tar.gz": tarred(SITE)})

    def full(*given: object) -> None:
        raise SiteError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(import_packed, "write_file", full)
        with pytest.raises(SiteError):
            archive.take()
    assert len(archive.articles) == 2 and media(archive) == {}
    (archive.content / ".cache" / imports.CACHE).unlink()
    assert archive.outcomes() == {"known": 2}
    assert media(archive) == WANTED
    assert archive.outcomes() == {"known": 2}


def test_a_file_that_is_there_already_stays_and_one_from_elsewhere_is_not_written(archive: Archive) -> None:
    archive.put({"old.tar.gz": tarred(SITE)})
    target = archive.content / name("é", OTHER)
    target.parent.mkdir(parents=True)
    target.write_bytes(b"retouched")
    assert archive.outcomes() == {"taken": 2}
    assert media(archive) == {**WANTED, name("é", OTHER): b"retouched"}


def test_media_that_leads_out_of_the_archive_is_not_written_to(archive: Archive, tmp_path: Path) -> None:
    archive.put({"old.tar.gz": tarred(SITE)})
    (tmp_path / "elsewhere").mkdir()
    (archive.content / "media").symlink_to(tmp_path / "elsewhere")
    tally = archive.take()
    assert [problem.message for problem in tally.problems] == ["is not copied: media/ leads out of the archive"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def link(path: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.type, info.linkname = kind, target
    return info


def test_a_hostile_tar_gives_only_files_that_lie_in_it(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    outside = ["link.jpg", "hard.jpg", "device.jpg", "../up.jpg", "../../up.jpg", f"{tmp_path}/secret.jpg", "pipe.jpg",
               "run.svg", "run.html", "%2E%2E/up.jpg", "a\\b.jpg", "..%5cup.jpg", ".hidden.jpg"]  # fmt: skip
    files: Files = {
        "x/a.md": note("A", *outside),
        "x/link.jpg": link("x/link.jpg", tarfile.SYMTYPE, str(tmp_path / "secret.jpg")),
        "x/hard.jpg": link("x/hard.jpg", tarfile.LNKTYPE, "../secret.jpg"),
        "x/device.jpg": link("x/device.jpg", tarfile.CHRTYPE),
        "x/pipe.jpg": link("x/pipe.jpg", tarfile.FIFOTYPE),
        "../up.jpg": b"up",
        "x/../../up.jpg": b"up",
        f"{tmp_path}/secret.jpg": b"not the file on the disk",
        "x/run.svg": "<svg/>",
        "x/run.html": "<p>no story</p>",
        "x/.hidden.jpg": b"hidden",
        "x/fine.jpg": PICTURE,
        "x/b.md": note("B", "fine.jpg"),
    }
    archive.put({"old.tar.gz": tarred(files)})
    archive.take()
    assert media(archive) == {name("fine", PICTURE): PICTURE}
    assert {path.name for path in tmp_path.iterdir()} == {"content", "secret.jpg"}


def test_files_that_are_too_large_stay_behind(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_packed, "LARGEST", 4000)
    files: Files = {"a.md": note("A", "large.jpg", "small.jpg"), "large.jpg": bytes(5000), "small.jpg": bytes(4000)}
    archive.put({"old.tar.gz": tarred(files)})
    assert archive.outcomes() == {"taken": 1}
    assert media(archive) == {name("small", bytes(4000)): bytes(4000)}


def test_of_very_many_files_the_first_are_listed_and_it_is_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_catalogue, "MOST", 3)
    monkeypatch.setattr(import_packed, "MOST", 3)
    pictures = {f"{n}.jpg": PICTURE + bytes([n]) for n in range(9)}
    archive.put({"old.tar.gz": tarred({"a.md": note("A", *pictures), **pictures})})
    (problem,) = archive.take().problems
    assert problem.where == "old.tar.gz" and "too many files" in problem.message
    assert list(media(archive).values()) == [PICTURE + bytes([n]) for n in range(3)]


def test_a_bomb_beside_the_articles_is_bounded_and_told_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("site_builder.streams.FREE", 100_000)
    files: Files = {
        "a.md": note("A", "p.jpg", "z.jpg"),
        "p.jpg": PICTURE,
        "bomb.jpg": bytes(20_000_000),
        "z.jpg": OTHER,
    }
    archive.put({"old.tar.gz": tarred(files)})
    (problem,) = archive.take().problems
    assert "unpacks to more than" in problem.message
    assert media(archive) == {name("p", PICTURE): PICTURE}, "what stands before it"


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9])
def test_a_tar_that_was_cut_gives_what_is_whole_in_it(archive: Archive, kept: float) -> None:
    whole = tarred({"a.md": note("A", "p.jpg", "q.jpg"), "p.jpg": os.urandom(90_000), "q.jpg": os.urandom(90_000)}, "")
    archive.put({"old.tar": whole[: int(len(whole) * kept)]})
    archive.take()
    assert len(media(archive)) == {0.2: 0, 0.5: 1, 0.9: 1}[kept]


def test_no_list_is_made_of_a_packed_file_that_is_no_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt.gz"
    file.write_bytes(gzip.compress(STORY.encode()))
    assert list(importers.files_in(file)) == []
    assert import_packed.catalogue(file, "", tmp_path / "list", False) == (None, True)


def test_runs_that_leave_the_archive_alone_fetch_nothing(archive: Archive, tmp_path: Path) -> None:
    archive.put({"old.tar.gz": tarred(SITE)})
    assert archive.take(archive.inbox, dry_run=True).outcomes == {"taken": 2}
    assert archive.take(archive.inbox, into=tmp_path / "into").outcomes == {"taken": 2}
    assert media(archive) == {} and not (archive.content / "media").exists()
    assert "![x](img/é.jpg)" in (tmp_path / "into/old.tar.gz/site/posts/a.md").read_text()


def test_a_refresh_fetches_what_an_older_import_left(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.put({"old.tar.gz": tarred(SITE)})
    with monkeypatch.context() as patch:
        patch.setattr(import_packed, "catalogue", lambda *given: (None, True))
        assert archive.outcomes() == {"taken": 2}
    assert media(archive) == {}
    assert archive.outcomes(refresh=True) == {"refreshed": 2}
    assert media(archive) == WANTED


def test_where_a_record_lies_is_told_from_its_part() -> None:
    assert list(import_catalogue.places("site/a.md")) == [("", "site")]
    assert list(import_catalogue.places("b/x.zip!site/e.xml!item=3")) == [
        ("b/x.zip!site/e.xml", ""), ("b/x.zip", "site"), ("", "b")
    ]  # fmt: skip
    assert import_media.is_place_of("media/imported/a-0123456789ab.jpg", "0123456789abcdef")
    assert not import_media.is_place_of("media/imported/a-0123456789ab.jpg", "f123456789abcdef")
