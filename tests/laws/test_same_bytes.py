"""Law 2. The same content gives the same bytes, whatever surrounds the build."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import sites

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Surroundings:
    """What a build must not see."""

    jobs: int = 1
    folder: str = "plain"
    umask: int = 0o022
    backwards: bool = False
    mtime: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)


ELSEWHERE = {
    "several workers": Surroundings(jobs=3),
    "time zone east": Surroundings(environment={"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}),
    "time zone west, Turkish": Surroundings(
        environment={"TZ": "America/Adak", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR"}
    ),
    "POSIX locale": Surroundings(environment={"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"}),
    "ASCII file names": Surroundings(environment={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}),
    "hash seed": Surroundings(environment={"PYTHONHASHSEED": "4242"}, jobs=2),
    "umask": Surroundings(umask=0o077),
    "order of files": Surroundings(backwards=True),
    "other folder": Surroundings(folder="a b/ünï/c"),
    "times": Surroundings(mtime=1_000_000_000),
    "everything": Surroundings(
        3, "x/y", 0o027, True, 1_500_000_000, {"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "1", "LC_ALL": "C"}
    ),
}


CODE = "\n```python\nx = 1\n```\n"
SETTINGS = """
[site]
title = "T"
language = "tr"
[pages]
list_size = 7
[extra]
b = 1
a = {z = 1, y = 2}
"""


def files() -> dict[str, str]:
    """An archive in which order, time and case could show."""
    stories = sites.many(160, tags=("Ünï", "uni", "C++", "İstanbul", "ıspanak", "Straße"))
    same_day = {
        f"content/articles/same-{n}.md": f"---\ntitle: Same title\ndate: 2016-02-29\ntags: [uni, UNI]\n---\nText {n}.\n"
        for n in range(12)
    }
    vague = {
        f"content/articles/{date.strip('?~')}-vague.md": f"---\ntitle: Vague {date}\ndate: {date}\n---\n{CODE}"
        for date in (
            "2016",
            "2016-02",
            "1957~",
            "XXXX-04-12?",
            "198X",
            "2016-02-29T23:59:00-11:00",
            "2016-02-29T00:01Z",
        )
    }
    other = {
        "content/site.toml": SETTINGS,
        "content/pages/about.md": "# About\n\nText.\n",
        "content/media/a.jpg": "a",
        "content/media/b/c.jpg": "c",
    }
    return stories | same_day | vague | other


def build(root: Path, around: Surroundings) -> dict[str, bytes]:
    """Write the archive and build it by the command line in a process of its own."""
    root = root / around.folder
    written = files()
    sites.write(root, dict(reversed(written.items())) if around.backwards else written)
    if around.mtime:
        for n, name in enumerate(written):
            os.utime(root / name, (around.mtime + n, around.mtime - n))
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "TZ", "PYTHON"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "site_builder", "--content", "content", "--output", "out", "--jobs", str(around.jobs)],
        cwd=root,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"} | dict(around.environment),
        capture_output=True,
        preexec_fn=lambda: os.umask(around.umask) and None,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    ledger = (root / "content" / "urls.jsonl").read_bytes()
    return sites.read(root / "out") | {"urls.jsonl": ledger}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(tmp_path_factory.mktemp("here"), Surroundings())


@pytest.mark.parametrize("name", ELSEWHERE)
def test_same_bytes(name: str, tmp_path: Path, expected: dict[str, bytes]) -> None:
    got = build(tmp_path, ELSEWHERE[name])
    assert len(expected) > 300
    assert not sites.differences(got, expected)
