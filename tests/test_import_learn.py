"""What an outlet prints on page after page is learnt from the sources themselves, into a file that people can edit."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from site_builder import pipeline
from site_builder.errors import SiteError
from site_builder.imports import Options
from tests import sites

# A sentence as long as any of a story's, which nothing but its standing on every page tells from one.
REFRAIN = "The Morning Courier has been the voice of the valley and of its people for more than ninety years now."


def page(n: int) -> str:
    """A page of the outlet: its refrain stands among the paragraphs of each story."""
    words = ["bridge", "school", "harvest", "railway", "harbour", "theatre", "market", "hospital"]
    thing, other = words[n % 8], words[(n * 3 + 1) % 8]
    return (
        f"New {thing} opens after {n + 2} years of waiting\n\n"
        f"The new {thing} opened on Tuesday, after {n + 2} years in which the town had argued over the old {other}.\n\n"
        f"It cost {n + 3} million, and the mayor thanked all who had worked on the {thing} in the cold of the winter.\n\n"
        f"{REFRAIN}\n\n"
        f"People stood in a long line before the {thing} from early morning, and most of them had brought the children.\n"
    )


def archive(root: Path, pages: list[int]) -> Path:
    """An archive whose inbox has pages of one outlet."""
    return sites.write(root, {f"content/inbox/courier/{n}.txt": page(n) for n in pages})


def take(root: Path, jobs: int = 1, **options: object) -> None:
    pipeline.import_sources(sites.load(root, jobs=jobs), [], Options(**options))  # type: ignore[arg-type]


def bodies(root: Path) -> dict[str, str]:
    return {
        path.name: path.read_text("utf-8").split("\n---\n", 1)[1] for path in (root / "content/articles").rglob("*.md")
    }


def table(root: Path) -> dict[str, int]:
    lines = (root / "content/furniture.jsonl").read_text("utf-8").splitlines()
    return {entry["line"]: entry["pages"] for entry in map(json.loads, lines)}


def test_a_sentence_that_stands_on_every_page_is_no_story(tmp_path: Path) -> None:
    one = archive(tmp_path / "one", [0])
    take(one)
    assert REFRAIN in "".join(bodies(one).values())
    assert not (one / "content/furniture.jsonl").exists()
    many = archive(tmp_path / "many", list(range(6)))
    take(many)
    assert len(bodies(many)) == 6
    assert not [name for name, body in bodies(many).items() if REFRAIN in body]
    assert all("People stood in a long line" in body for body in bodies(many).values())
    # It is set aside, and not lost.
    assert (many / "content/imports.jsonl").read_text("utf-8").count(REFRAIN) == 6


def test_the_order_of_workers_is_no_matter(tmp_path: Path) -> None:
    roots = [archive(tmp_path / str(jobs), list(range(6))) for jobs in (1, 2)]
    for jobs, root in enumerate(roots, 1):
        take(root, jobs)
    assert bodies(roots[0]) == bodies(roots[1])
    assert table(roots[0]) == table(roots[1])


def test_what_a_person_sets_to_nothing_stays(tmp_path: Path) -> None:
    root = archive(tmp_path, list(range(6)))
    take(root)
    edited = dict.fromkeys(table(root), 0)
    file = root / "content/furniture.jsonl"
    outlet = json.loads(file.read_text("utf-8").splitlines()[0])["outlet"]
    entries = ({"outlet": outlet, "pages": 0, "line": line} for line in edited)
    file.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    take(root, force=True)
    assert all(REFRAIN in body for body in bodies(root).values())
    assert set(table(root).values()) == {0}


def test_known_sources_teach_nothing_again(tmp_path: Path) -> None:
    root = archive(tmp_path, list(range(12)))
    # Two of twelve pages have a line in common that is none of the outlet's; looked at alone they would make it one.
    both = [root / f"content/inbox/courier/{n}.txt" for n in (0, 1)]
    for file in both:
        file.write_text(f"{file.read_text('utf-8')}\nTides and weather\n")
    time.sleep(0.1)  # or all are too new for their stats to be trusted, and are looked at together again
    take(root)
    before = table(root), bodies(root)
    for file in both:
        os.utime(file, ns=(1, 1))
    take(root)
    assert (table(root), bodies(root)) == before


@pytest.mark.parametrize("options", [{"dry_run": True}, {"into": True}])
def test_what_is_only_looked_at_leaves_no_table(tmp_path: Path, options: dict[str, object]) -> None:
    root = archive(tmp_path, list(range(6)))
    into = tmp_path / "aside"
    pipeline.import_sources(
        sites.load(root), [root / "content/inbox"], Options(into=into) if "into" in options else Options(dry_run=True)
    )
    assert not (root / "content/furniture.jsonl").exists()
    assert not [path for path in into.rglob("*.md") if REFRAIN in path.read_text("utf-8")]


def test_a_broken_table_is_told_with_its_line(tmp_path: Path) -> None:
    root = archive(tmp_path, [0, 1])
    (root / "content/furniture.jsonl").write_text("nonsense\n")
    with pytest.raises(SiteError, match=r"furniture\.jsonl:1"):
        take(root)
