"""run(function, batches): every result, in the order of the batches, from any number of workers."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from site_builder import workers
from site_builder.errors import SiteError


def double(number: int) -> int:
    return 2 * number


def double_slowly_at_first(number: int) -> int:
    time.sleep(0.05 if number == 0 else 0)
    return 2 * number


def refuse_five(number: int) -> int:
    if number == 5:
        raise SiteError("five is refused", "here", "take six")
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def whoami(number: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_batches(jobs: int) -> None:
    assert list(workers.run(double_slowly_at_first, range(40), jobs)) == [2 * n for n in range(40)]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_batch_are_done_in_this_process(jobs: int, count: int) -> None:
    assert list(workers.run(whoami, range(count), jobs)) == [os.getpid()] * count


def test_more_batches_are_done_elsewhere() -> None:
    assert os.getpid() not in set(workers.run(whoami, range(4), 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_worker_arrives_whole(jobs: int) -> None:
    with pytest.raises(SiteError) as caught:
        list(workers.run(refuse_five, range(100), jobs))
    assert (caught.value.message, caught.value.where, caught.value.hint) == ("five is refused", "here", "take six")


def test_results_before_an_error_are_given() -> None:
    got = []
    with pytest.raises(SiteError):
        for result in workers.run(refuse_five, range(100), 2):
            got.append(result)
    assert got == [0, 1, 2, 3, 4]


def test_a_worker_that_dies_is_one_clear_sentence() -> None:
    with pytest.raises(SiteError, match="a worker process died"):
        list(workers.run(die, range(10), 2))


@pytest.mark.parametrize("jobs", [1, 2])
def test_batches_are_drawn_only_a_little_ahead(jobs: int) -> None:
    drawn = 0

    def batches() -> Iterator[int]:
        nonlocal drawn
        for number in range(1000):
            drawn += 1
            yield number

    for taken, _ in enumerate(workers.run(double, batches(), jobs), 1):
        assert drawn <= taken + jobs * workers.AHEAD + 1
        if taken == 30:
            break


def test_a_caller_may_stop_early() -> None:
    results = workers.run(double, range(1000), 2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def test_any_executor_can_do_the_work() -> None:
    names = set()

    def work(number: int) -> int:
        names.add(threading.current_thread().name)
        return double(number)

    def threads(jobs: int) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(jobs, thread_name_prefix="mine")

    assert list(workers.run(work, range(20), 2, threads)) == [2 * n for n in range(20)]
    assert all(name.startswith("mine") for name in names)


def test_workers_stay_while_there_is_work_and_no_longer() -> None:
    crew = workers.Crew()
    with crew.at_work():
        first, second = (set(crew.run(whoami, range(20), 2)) for _ in range(2))
        assert len(first | second) <= 2 and os.getpid() not in first
    for worker in first | second:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
    assert first.isdisjoint(crew.run(whoami, range(20), 2))


def test_workers_prepare_themselves_beside_the_work(tmp_path: Path) -> None:
    crew = workers.Crew()
    mark = tmp_path / "prepared"
    with crew.at_work():
        crew.prepare(mark.touch, 2)  # there is nobody yet
        list(crew.run(double, range(4), 2))
        assert not mark.exists()
        crew.prepare(mark.touch, 2)
        assert list(crew.run(double, range(4), 2)) == [0, 2, 4, 6]
    assert mark.exists()


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(0, 3, []), (2, 3, [2]), (3, 3, [3]), (7, 3, [3, 3, 1]), (3, 1, [1, 1, 1])]
)
def test_chunks_hold_every_item_once(count: int, size: int, sizes: list[int]) -> None:
    parts = list(workers.chunks(iter(range(count)), size))
    assert [len(part) for part in parts] == sizes
    assert [item for part in parts for item in part] == list(range(count))
