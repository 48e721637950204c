"""Files beside a source: brought into `media/`, once, and never from outside of the folder that was imported."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from site_builder import import_media, pipeline, settings
from tests import sites
from tests.importers.test_wxr import export, item
from tests.test_imports import Archive

PICTURE = b"\xff\xd8\xff\xe0 a picture"
OTHER = b"\x89PNG another"
STORY = "The bridge was closed on Monday after engineers had found cracks in two of its piers, the town said.\n\n" * 4


def name(stem: str, raw: bytes, ending: str = ".jpg") -> str:
    return f"media/imported/{stem}-{hashlib.sha256(raw).hexdigest()[:12]}{ending}"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def media(archive: Archive) -> dict[str, bytes]:
    return {path: raw for path, raw in archive.files.items() if path.startswith("media/")}


def only(archive: Archive) -> str:
    (path,) = archive.articles
    return path


def test_pictures_of_markdown_come_along(archive: Archive) -> None:
    front = "---\ntitle: Bridge closed\nimage: /img/b.jpg\n---\n"
    text = f"{front}{STORY}![A pier](pier%20one.JPG)\n\nSee [the report](../files/report.pdf) and [all](https://a.example/).\n"
    archive.put(
        {
            "blog/content/bridge.md": text,
            "blog/content/pier one.JPG": PICTURE,
            "blog/static/img/b.jpg": OTHER,
            "blog/files/report.pdf": b"%PDF",
        }
    )
    assert not archive.take().problems
    pier, pdf, lead = name("pier-one", PICTURE), name("report", b"%PDF", ".pdf"), name("b", OTHER)
    assert media(archive) == {pier: PICTURE, pdf: b"%PDF", lead: OTHER}
    made = archive.article(only(archive))
    assert [image.src for image in made.images] == [lead]
    assert f"![A pier](/{pier})" in made.body and f"[the report](/{pdf})" in made.body
    assert "[all](https://a.example/)" in made.body
    assert archive.ledger[-1]["media"] == {
        lead: "static/img/b.jpg", pier: "content/pier one.JPG", pdf: "files/report.pdf"
    }  # fmt: skip
    before = archive.files
    assert archive.take().outcomes == {"known": 1}
    assert archive.take(force=True).outcomes == {"taken": 1}
    assert archive.take(refresh=True).outcomes == {"current": 1}
    assert {path: raw for path, raw in archive.files.items() if path != "imports.jsonl"} == {
        path: raw for path, raw in before.items() if path != "imports.jsonl"
    }


def test_pictures_of_a_saved_page_come_along(archive: Archive) -> None:
    page = (
        '<html><head><title>Bridge closed</title><link rel="canonical" href="https://paper.example/news/bridge"></head>'
        f"<body><article><h1>Bridge closed</h1><figure><img src='Bridge_files/p.jpg'><figcaption>A pier of it</figcaption>"
        f"</figure>{''.join(f'<p>{line}</p>' for line in STORY.split(chr(10)) if line)}</article></body></html>"
    )
    archive.put({"saved/Bridge.html": page, "saved/Bridge_files/p.jpg": PICTURE, "saved/Bridge_files/ad.jpg": OTHER})
    assert archive.take().outcomes == {"taken": 1}
    assert media(archive) == {name("p", PICTURE): PICTURE}
    assert [image.src for image in archive.article(only(archive)).images] == [name("p", PICTURE)]


def test_uploads_beside_an_export_come_along_and_are_shown(archive: Archive) -> None:
    address = "https://harbour.example/news/wp-content/uploads/2013/02/pier.jpg"
    post = item(f'<img src="{address}" alt="Pier">\n\n{STORY}\n\n<a href="{address}">large</a>')
    archive.put({"old/export.xml": export(post), "old/uploads/2013/02/pier.jpg": PICTURE})
    assert archive.take().outcomes == {"taken": 1}
    path = name("pier", PICTURE)
    assert media(archive) == {path: PICTURE}
    assert "harbour.example/news/wp-content" not in archive.articles[only(archive)]
    assert archive.ledger[-2]["media"] == {path: "uploads/2013/02/pier.jpg"}
    output = archive.root / "output"
    pipeline.build(settings.load(archive.content, output, 1))
    assert sites.read(output)[path] == PICTURE


def packed(files: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, raw in files.items():
            archive.writestr(path, raw)
    return stream.getvalue()


def test_files_of_a_zip_come_along(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    address = "https://harbour.example/news/wp-content/uploads/2013/02/pier.jpg"
    text = f"---\ntitle: A\n---\n{STORY}![x](img/é.jpg)\n\n![y](../../out.jpg)\n\n![z](large.jpg)\n"
    files: dict[str, bytes | str] = {
        "site/export.xml": export(item(f'<img src="{address}" alt="Pier">\n\n{STORY}')),
        "site/uploads/2013/02/pier.jpg": PICTURE,
        "site/posts/a.md": text,
        "site/posts/img/é.jpg": OTHER,
        "../out.jpg": b"out",
        "site/posts/large.jpg": bytes(5000),
    }
    monkeypatch.setattr(import_media, "LARGEST", 4000)
    archive.put(
        {"old.zip": packed(files), "img/é.jpg": b"beside the zip", "uploads/2013/02/pier.jpg": b"beside the zip"}
    )
    assert archive.take().outcomes == {"taken": 2}
    assert media(archive) == {name("pier", PICTURE): PICTURE, name("é", OTHER): OTHER}
    notes = [row for row in archive.ledger if row.get("media")]
    assert sorted(path for row in notes for path in row["media"].values()) == [
        "site/posts/img/é.jpg", "site/uploads/2013/02/pier.jpg"
    ]  # fmt: skip
    assert archive.take().outcomes == {"known": 2}


def test_names_that_a_mac_has_spelled(archive: Archive) -> None:
    text = f"---\ntitle: Bridge closed\n---\n{STORY}![A pier](Br\u00fccke.jpg)\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("a.md", text.replace("closed", "zipped"))
        made.writestr("Bru\u0308cke.jpg", OTHER)
    archive.put({"blog/a.md": text, "blog/Bru\u0308cke.jpg": PICTURE, "b.zip": packed.getvalue()})
    archive.take()
    assert sorted(media(archive).values()) == sorted((PICTURE, OTHER))


def test_a_damaged_zip_costs_its_pictures_only(archive: Archive) -> None:
    whole = packed({"a.md": f"---\ntitle: A\n---\n{STORY}![x](p.jpg)\n", "p.jpg": PICTURE * 100})
    archive.put({"old.zip": whole[: whole.index(b"PK\x01\x02")]})
    archive.take()
    assert len(archive.articles) == 1 and media(archive) == {}


def test_what_is_there_already_stays(archive: Archive) -> None:
    archive.put({"a/a.md": f"---\ntitle: A\n---\n{STORY}![x](p.jpg)\n", "a/p.jpg": PICTURE})
    sites.write(archive.content, {name("p", PICTURE): b"retouched"})
    assert archive.outcomes() == {"taken": 1}
    assert media(archive) == {name("p", PICTURE): b"retouched"}


def test_nothing_from_outside_and_nothing_that_runs(archive: Archive, tmp_path: Path) -> None:
    sites.write(tmp_path, {"secret.jpg": b"secret", "content/inbox/b/private.jpg": b"private"})
    outside = ["../../../secret.jpg", "../b/private.jpg", f"{tmp_path}/secret.jpg", "..%2Fb%2Fprivate.jpg", "link.jpg",
               "linked/secret.jpg", "run.svg", "run.html", "file:///etc/x.jpg", "a%00.jpg", "//[x/p.jpg", "none.jpg",
               "https://a.example/p.jpg"]  # fmt: skip
    text = f"---\ntitle: A\n---\n{STORY}" + "\n\n".join(f"![x]({one})" for one in outside)
    archive.put({"a/a.md": text, "a/run.svg": "<svg/>", "a/p.jpg": PICTURE})
    (archive.inbox / "a/link.jpg").symlink_to(tmp_path / "secret.jpg")
    (archive.inbox / "a/linked").symlink_to(tmp_path)
    archive.take()
    assert media(archive) == {}
    assert all(f"({one})" in archive.articles[only(archive)] for one in outside)


def test_media_that_leads_out_of_the_archive_is_not_written_to(archive: Archive, tmp_path: Path) -> None:
    archive.put({"a/a.md": f"---\ntitle: A\n---\n{STORY}![x](p.jpg)\n", "a/p.jpg": PICTURE})
    (tmp_path / "elsewhere").mkdir()
    (archive.content / "media").symlink_to(tmp_path / "elsewhere")
    tally = archive.take()
    assert [problem.message for problem in tally.problems] == ["is not copied: media/ leads out of the archive"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_trial_copies_nothing_and_what_is_missing_is_told(archive: Archive, tmp_path: Path) -> None:
    archive.put({"a/a.md": f"---\ntitle: A\n---\n{STORY}![x](p.jpg) ![y](gone.jpg)\n", "a/p.jpg": PICTURE})
    archive.take(dry_run=True)
    archive.take(archive.inbox, into=tmp_path / "into")
    assert media(archive) == {} and "![x](p.jpg)" in (tmp_path / "into/a/a.md").read_text()
    archive.take()
    (repair,) = archive.ledger[-1]["repairs"]
    assert repair == "files that were not found beside the source; their paths stay as they are (gone.jpg)"
