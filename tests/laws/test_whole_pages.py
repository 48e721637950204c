"""Law 6. A reader never meets a half-written page, and a build killed at any point is completed by the next one."""

from __future__ import annotations

import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from site_builder import pipeline, publishing
from site_builder.errors import SiteError
from tests import sites

ROOT = Path(__file__).parents[2]
_TEMPORARY = re.compile(r"(?:.*/)?\.[0-9a-f]{12}\.tmp")


class World:
    """An archive that was built once and then changed all over; what its pages were, and what they are to become."""

    def __init__(self, root: Path) -> None:
        self.root = sites.write(root / "first", sites.many(90))
        sites.write(self.root, {"content/media/large.bin": b"old" * 200_000})
        sites.build(self.root)
        self.old = sites.read(self.root / "output")
        sites.write(self.root, {"content/site.toml": '[site]\ntitle = "Another title"\n[pages]\nlist_size = 3\n'})
        sites.write(self.root, {"content/media/large.bin": b"new" * 200_000})
        for n, path in enumerate(sorted((self.root / "content" / "articles").rglob("*.md"))):
            if n % 7 == 0:
                path.unlink()
            elif n % 11 == 0:
                path.write_text(path.read_text("utf-8").replace("title: Story", "title: Tale"), "utf-8")
        self.new, _ = sites.clean(self.root, root / "clean")

    def copy(self, where: Path) -> Path:
        """The archive as it lies between the two builds, to do harm to."""
        shutil.rmtree(where, ignore_errors=True)
        return Path(shutil.copytree(self.root, where))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def partial(found: Mapping[str, bytes], world: World) -> list[str]:
    """Files that are neither as they were nor as they are to be; temporary files are no pages."""
    return [
        path
        for path, content in found.items()
        if not _TEMPORARY.fullmatch(path) and content not in (world.old.get(path), world.new.get(path))
    ]


def start(root: Path, jobs: int, *more: str) -> subprocess.Popen[bytes]:
    """A build in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "site_builder", "--jobs", str(jobs), "--quiet", *more],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def completed(root: Path, world: World) -> None:
    """The next build gives what a clean one gives, and leaves nothing behind."""
    sites.build(root)
    assert not sites.differences(sites.read(root / "output"), world.new)


def _seconds(world: World, where: Path, jobs: int) -> float:
    root = world.copy(where)
    started = time.monotonic()
    process = start(root, jobs)
    process.communicate()
    assert process.returncode == 0
    return time.monotonic() - started


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_at_any_moment(jobs: int, world: World, tmp_path: Path) -> None:
    whole = _seconds(world, tmp_path / "timing", jobs)
    chance = random.Random(jobs)
    begun = 0
    for n in range(4):
        root = world.copy(tmp_path / str(n))
        process = start(root, jobs)
        # The first part of a run is the start of Python; nothing can go wrong there.
        time.sleep(whole * chance.uniform(0.3, 1))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        found = sites.read(root / "output")
        assert not partial(found, world)
        begun += found != world.old
        completed(root, world)
        shutil.rmtree(root)
    assert begun, "no build was killed while it wrote; the moments are badly chosen"


def test_killed_again_and_again(world: World, tmp_path: Path) -> None:
    """Builds that are killed one after the other, each with what the one before has left."""
    root = world.copy(tmp_path / "root")
    chance = random.Random(7)
    for _ in range(4):
        process = start(root, 1)
        time.sleep(chance.uniform(0.3, 0.8))
        process.kill()
        process.communicate()
        assert not partial(sites.read(root / "output"), world)
    completed(root, world)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_workers_end_with_their_build(world: World, tmp_path: Path) -> None:
    """Only the main process is killed, as a system out of memory does: no worker stays to hold the lock or to write."""
    root = world.copy(tmp_path / "root")
    process = start(root, 2)
    deadline = time.monotonic() + 20
    while not (workers := _group(process.pid) - {process.pid}) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    assert workers, process.communicate()
    process.kill()
    process.wait()
    while _group(process.pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    left = _group(process.pid)
    if left:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not left, "workers that live on without their build"
    assert not partial(sites.read(root / "output"), world)
    completed(root, world)


def _group(leader: int) -> set[int]:
    """The living processes of a group."""
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, NotADirectoryError):
            continue
        if entry.name.isdigit() and fields[0] != "Z" and int(fields[2]) == leader:
            found.add(int(entry.name))
    return found


# ---------------------------------------------------------------------------------------- disks that fail


def _failing_after(count: int, error: int) -> Callable[[str, bytes | Path], None]:
    """A write of a page that fails after so many, with half of its bytes on the disk."""
    left = [count]
    real = publishing._write

    def write(temporary: str, content: bytes | Path) -> None:
        left[0] -= 1
        if left[0] >= 0:
            return real(temporary, content)
        raw = content if isinstance(content, bytes) else content.read_bytes()
        Path(temporary).write_bytes(raw[: len(raw) // 2])
        raise OSError(error, os.strerror(error), temporary)

    return write


@pytest.mark.parametrize("count", [0, 1, 150])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_write_that_fails(
    count: int, error: int, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = world.copy(tmp_path / "root")
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_write", _failing_after(count, error))
        with pytest.raises(SiteError) as caught:
            sites.build(root)
    assert str(root / "output") in caught.value.where
    found = sites.read(root / "output")
    assert not partial(found, world)
    assert not [path for path in found if _TEMPORARY.fullmatch(path)]
    assert world.old.keys() <= found.keys() | {path for path in world.old if path not in world.new}
    completed(root, world)


def test_an_unexpected_end(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C or a kill at any page, with half of it beside its place: the next build finds it and sweeps it away."""
    for count in (0, 3, 100):
        root = world.copy(tmp_path / str(count))
        real, left = publishing._write, [count]

        def write(temporary: str, content: bytes | Path, real: object = real, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                Path(temporary).write_bytes(b"half")
                raise KeyboardInterrupt
            assert callable(real)
            real(temporary, content)

        with monkeypatch.context() as patch:
            patch.setattr(publishing, "_write", write)
            with pytest.raises(KeyboardInterrupt):
                sites.build(root)
        assert not partial(sites.read(root / "output"), world)
        completed(root, world)


@pytest.mark.parametrize("then", ["revert", "delete"])
def test_killed_and_thought_better_of(then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a killed build left beside a page is swept away even if the page is never made again."""
    root = sites.write(tmp_path / "root", sites.many(5))
    sites.build(root)
    path = min((root / "content" / "articles").rglob("*.md"))
    text = path.read_text("utf-8")
    path.write_text(text.replace("ends", "stops"), "utf-8")

    def write(temporary: str, content: bytes | Path) -> None:
        Path(temporary).write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_write", write)
        with pytest.raises(KeyboardInterrupt):
            sites.build(root)
    if then == "revert":
        path.write_text(text, "utf-8")
    else:
        path.unlink()
        (root / "content" / "urls.jsonl").unlink()
    sites.build(root)
    assert not sites.differences(sites.read(root / "output"), sites.clean(root, tmp_path / "clean")[0])


def _small_disk(where: Path, kilobytes: int) -> bool:
    where.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(where)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk(world: World, tmp_path: Path) -> None:
    """A real one: the message says so, the old pages stand whole, and with room the next build completes."""
    root = world.copy(tmp_path / "root")
    disk = tmp_path / "disk"
    if not _small_disk(disk, 2600):
        pytest.skip("can't mount here")
    try:
        with pytest.raises(SiteError, match="disk"):
            pipeline.build(sites.load(root, disk / "site"))
        assert not partial(sites.read(disk / "site"), world)
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        pipeline.build(sites.load(root, disk / "site"))
        assert not sites.differences(sites.read(disk / "site"), world.new)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_two_at_once(world: World, tmp_path: Path) -> None:
    """One of them does the work, the other says why it does not; the output is whole."""
    root = world.copy(tmp_path / "root")
    both = [start(root, 1), start(root, 1)]
    ends = [(process.communicate()[1].decode(), process.returncode) for process in both]
    assert 0 in [code for _, code in ends]
    for message, code in ends:
        assert code == 0 or "another build is at work here" in message
    assert not sites.differences(sites.read(root / "output"), world.new)
