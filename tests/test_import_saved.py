"""The pictures in pages saved as one file (MHTML): brought into `media/` where the article shows them, and no others."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from site_builder import companions, import_media
from site_builder.importers import mhtml
from tests.test_import_media import OTHER, PICTURE, STORY, media, name
from tests.test_imports import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def part(raw: bytes, kind: str = "image/jpeg", way: str = "base64", **fields: str) -> bytes:
    head = "".join(f"Content-{key.title()}: {value}\r\n" for key, value in fields.items())
    coded = base64.encodebytes(raw).replace(b"\n", b"\r\n") if way == "base64" else raw + b"\r\n"
    return f"--x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {way}\r\n{head}\r\n".encode() + coded


def page(*pictures: str, address: str = "https://paper.example/news/bridge.html") -> bytes:
    figures = [
        f"<figure><img src='{one}'><figcaption>Pier {n}.</figcaption></figure>" for n, one in enumerate(pictures)
    ]
    told = [f"<p>Part {n} of the story: {STORY.split(chr(10))[0]}</p>" for n in range(4)]
    text = "".join((told[0], *figures, *told[1:]))
    html = f"<html><head><title>Bridge closed</title></head><body><article><h1>Bridge closed</h1>{text}</article></body></html>"
    return part(html.encode(), "text/html; charset=utf-8", "8bit", location=address)


def saved(*parts: bytes) -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n'
    return head.encode() + b"".join(parts) + b"--x--\r\n"


@pytest.mark.parametrize(
    ("shown", "fields"),
    [
        ("https://img.example/2013/pier.jpg", {"location": "https://img.example/2013/pier.jpg"}),
        ("/img/pier.jpg", {"location": "https://paper.example/img/pier.jpg"}),
        ("../img/pier.jpg#x", {"location": "https://paper.example/img/pier.jpg"}),
        ("pier.jpg", {"location": "pier.jpg"}),
        ("https://img.example/pier.php?id=3&amp;w=2", {"location": "https://img.example/pier.php?id=3&w=2"}),
        ("cid:pier", {"id": "<pier>"}),
        ("cid:pier", {"id": "<pier>", "location": "https://img.example/other.jpg"}),
    ],
)
@pytest.mark.parametrize("way", ["base64", "binary"])
def test_what_the_article_shows_comes_along(archive: Archive, shown: str, fields: dict[str, str], way: str) -> None:
    unseen = part(OTHER, "image/png", location="https://img.example/ad.png")
    archive.put({"page.mhtml": saved(page(shown), part(PICTURE, way=way, **fields), unseen)})
    assert archive.take().outcomes == {"taken": 1}
    assert media(archive) == {name("pier", PICTURE): PICTURE}
    (path,) = archive.articles
    assert [image.src for image in archive.article(path).images] == [name("pier", PICTURE)]
    assert list(archive.ledger[-1]["media"]) == [name("pier", PICTURE)]
    before = archive.files
    assert archive.take().outcomes == {"known": 1}
    assert archive.take(refresh=True).outcomes == {"current": 1} and archive.files == before


def test_what_could_run_or_is_too_much_stays_behind(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_media, "LARGEST", 4000)
    at = "https://img.example/{}".format
    names = ["run.svg", "run.jpg", "large.jpg", "none.jpg", "gone.jpg", "fine.jpg"]
    parts = [
        part(b"<svg/>", "image/svg+xml", location=at("run.svg")),
        part(b"<p>run</p>", "text/html", location=at("run.jpg")),
        part(bytes(5000), location=at("large.jpg")),
        part(b"", location=at("none.jpg")),
        part(PICTURE, location=at("fine.jpg")),
        part(OTHER, location=at("fine.jpg")),
    ]
    archive.put({"page.mht": saved(page(*map(at, names)), *parts)})
    archive.take()
    assert media(archive) == {name("fine", PICTURE): PICTURE}, "of two with one address the first"


def test_ids_of_parts_that_are_not_there_are_taken_out(archive: Archive, tmp_path: Path) -> None:
    archive.put({"page.mht": saved(page("cid:gone"))})
    for into in (None, tmp_path / "into"):
        archive.take(archive.inbox, into=into)
    (path,) = archive.articles
    assert [(image.src, image.caption) for image in archive.article(path).images] == [("", "Pier 0.")]
    assert "cid:" not in (tmp_path / "into" / "page.md").read_text()


def test_names_lead_nowhere(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (archive.inbox / "beside.jpg").write_bytes(b"beside")
    names = [f"file://{tmp_path}/secret.jpg", "../../../../up.jpg", "cid:../../up.jpg", "beside.jpg"]
    archive.put(
        {"page.mhtml": saved(page(*names), part(PICTURE, location=names[0]), part(OTHER, id=f"<{names[2][4:]}>"))}
    )
    archive.take()
    assert not any(raw in (b"secret", b"beside") for raw in media(archive).values())
    assert all(path.startswith(import_media.FOLDER) and ".." not in path for path in media(archive))
    assert {path.name for path in tmp_path.iterdir()} == {"content", "secret.jpg"}


def test_a_file_with_too_many_parts_or_bytes_gives_no_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "page.mhtml"
    file.write_bytes(saved(page("cid:pier"), part(PICTURE, id="<pier>")))
    assert mhtml.Files(file, "").find("cid:pier") == ("cid:pier", ".jpg")
    assert mhtml.Files(file, "").find("") == ("", "")
    with monkeypatch.context() as patch:
        patch.setattr(mhtml, "MAX_PARTS", 1)
        assert mhtml.Files(file, "").find("cid:pier") == ("", "")
    monkeypatch.setattr(mhtml, "MOST", 100)
    assert mhtml.Files(file, "").find("cid:pier") == ("", "")


def test_a_file_that_changed_meanwhile_is_told(archive: Archive) -> None:
    file = archive.inbox / "page.mhtml"
    file.write_bytes(saved(page("cid:pier"), part(PICTURE, id="<pier>")))
    digest = hashlib.sha256(OTHER).hexdigest()
    copy = import_media.Copy("media/imported/x.jpg", "cid:pier", str(file), digest, saved=True)
    told: list[str] = []
    import_media.bring(archive.content, (copy,), "page.mhtml", lambda problem: told.append(problem.message))
    assert told == ["cid:pier changed while it was read"] and not media(archive)


def test_kinds_have_the_endings_of_files_that_articles_may_need() -> None:
    assert all(companions.is_file_of_page(f"x{ending}") for ending in mhtml.ENDINGS.values())
