"""Law 4: memory does not follow the archive. A body lives only while it is worked on."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from tests import sites

BODY = 200_000
"""Characters of each article here: so much that holding a few dozen would be seen beside everything else."""


def peak(root: Path, articles: int) -> int:
    """The most memory that Python held at once in a build of so many long articles, in bytes."""
    paragraph = "Words of an article that is much longer than any other. " * 10 + "\n\n"
    body = paragraph * (BODY // len(paragraph))
    stories = {
        f"content/articles/{n}.md": f"---\ntitle: Story {n}\ndate: 2017-04-{1 + n % 28:02}\ntags: [t{n % 5}]\n---\n\n{body}"
        for n in range(articles)
    }
    sites.write(root, stories)
    stories.clear()
    tracemalloc.start()
    try:
        report = sites.build(root)
        assert report.articles == articles
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_follow_the_archive(tmp_path: Path) -> None:
    peak(tmp_path / "warm-up", 2)  # templates, tables of languages and the like are read once
    few, many = peak(tmp_path / "few", 60), peak(tmp_path / "many", 240)
    # 180 more articles have 36 MB of text; what may grow is their cards, file names and terms.
    assert many - few < 180 * BODY / 10, f"{few:,} bytes for 60 articles, {many:,} for 240"
