"""The queue of stamps that are due: survives crashes, keeps poison away from the rest, waits longer each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from signing.errors import DiskFull
from signing.locks import locked
from signing.sign_troubles import ResultNotSound
from signing.stamp_queue import Due, DueState, StampingCrashed, StampQueue, StampQueueBusy
from signing.timestamps import TimestampRefused


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(tmp_path: Path, clock: Clock) -> StampQueue:
    return StampQueue(tmp_path / "queue", clock)


def finishes(_: Due) -> bool:
    return True


def test_what_is_finished_leaves_the_queue_oldest_first(queue: StampQueue, clock: Clock) -> None:
    for name in "cab":
        queue.add(name, file=name)
        clock.now += 1
    seen: list[str] = []
    queue.work_through(lambda due: bool(seen.append(due.facts["file"]) or True))

    assert seen == ["c", "a", "b"] and queue.entries() == ()


def test_the_same_key_is_the_same_entry(queue: StampQueue) -> None:
    queue.add("a", file="first")
    queue.add("a", file="second")

    assert [due.facts["file"] for due in queue.entries()] == ["first"]


@pytest.mark.parametrize("trouble", [TimestampRefused(address="http://tsa/", answer="HTTP 403"), DiskFull(folder="x")])
def test_what_may_pass_is_tried_again_later_and_later(queue: StampQueue, clock: Clock, trouble: Exception) -> None:
    queue.add("a")
    tried = []

    def fails(_: Due) -> bool:
        tried.append(clock.now)
        raise trouble

    pauses = []
    for _ in range(12):
        queue.work_through(fails)
        queue.work_through(fails)   # too early: nothing happens
        (due,) = queue.entries()
        pauses.append(due.next_at - clock.now)
        clock.now = due.next_at
    assert pauses[:4] == [60, 120, 240, 480] and pauses[-1] == 6 * 3600
    assert len(tried) == 12 and due.state is DueState.WAITING
    assert due.trouble is not None and due.trouble.code == trouble.code and due.trouble.facts == trouble.facts


def test_poison_is_set_aside_and_the_others_go_on(queue: StampQueue, clock: Clock) -> None:
    for name in ("poison", "good"):
        queue.add(name)
        clock.now += 1

    def work(due: Due) -> bool:
        if due.key == "poison":
            raise ResultNotSound(file="a.pdf", field="", reason="missing")
        return True

    told: list[tuple[str, bool]] = []
    for _ in range(2):
        queue.work_through(work, told=lambda due, finished: told.append((due.key, finished)), all_now=True)

    assert told == [("poison", False), ("good", True)]
    (due,) = queue.entries()
    assert due.state is DueState.SET_ASIDE and isinstance(due.trouble, ResultNotSound)
    queue.again("poison")
    queue.work_through(finishes)
    assert queue.entries() == ()


CRASH = """
import os, sys
from pathlib import Path
from signing.stamp_queue import StampQueue
StampQueue(Path(sys.argv[1])).work_through(lambda due: os._exit(9), all_now=True)
"""


def test_an_entry_that_ends_the_program_three_times_is_set_aside(queue: StampQueue) -> None:
    queue.add("a", file="a.pdf")
    codes = [subprocess.run([sys.executable, "-c", CRASH, str(queue.folder)], check=False, timeout=60).returncode
             for _ in range(4)]

    assert codes == [9, 9, 9, 0]
    (due,) = queue.entries()
    assert due.state is DueState.SET_ASIDE and isinstance(due.trouble, StampingCrashed)
    assert due.trouble.facts == {"file": "a.pdf"}


def test_two_programs_do_not_work_on_it_at_once(queue: StampQueue) -> None:
    queue.add("a")
    with locked(queue.folder / "lock", wait_s=0), pytest.raises(StampQueueBusy):
        queue.work_through(finishes)

    queue.work_through(finishes)
    assert queue.entries() == ()


def test_a_part_of_the_work_leaves_it_waiting(queue: StampQueue, clock: Clock) -> None:
    queue.add("a")
    queue.work_through(lambda _: False)

    (due,) = queue.entries()
    assert (due.state, due.tries, due.trouble) == (DueState.WAITING, 1, None)


def test_a_spoiled_entry_is_shown_and_not_lost(queue: StampQueue) -> None:
    queue.add("a")
    (file,) = queue.folder.glob("*.json")
    file.write_bytes(file.read_bytes()[:20])

    (due,) = queue.entries()
    assert due.state is DueState.SET_ASIDE and due.code == "stamp.queue_unreadable"
    assert file.exists()
