"""Jobs on lanes: one last outcome each, in the window's thread, whatever happens to the job or its owner."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from threading import Event

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from docclient.errors import DiskFull
from ui.background import Background, Lane, Report

pytestmark = pytest.mark.window


class Heard:
    """Remembers the outcomes of one job."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[str, tuple[object, ...]]] = []
        self.threads: set[int] = set()

    def on(self) -> dict[str, object]:
        def note(name: str):
            def heard(*what: object) -> None:
                self.threads.add(threading.get_ident())
                self.outcomes.append((name, what))
            return heard
        return {name: note(name) for name in ("progress", "done", "stopped", "failed")}

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.outcomes]


def test_progress_then_one_end_in_the_windows_thread(qtbot, background: Background) -> None:
    heard = Heard()

    def job(report: Report, _stop: Event) -> str:
        report(1, 3_000_000_000)
        report(3_000_000_000, 3_000_000_000)
        return "done well"

    background.run(background, Lane.NET, job, **heard.on())
    qtbot.waitUntil(lambda: "done" in heard.names)
    assert heard.outcomes == [("progress", (1, 3_000_000_000)), ("progress", (3_000_000_000, 3_000_000_000)),
                              ("done", ("done well",))]
    assert heard.threads == {threading.get_ident()}
    assert background.running == 0


def test_a_job_asked_to_stop_is_stopped_and_not_failed(qtbot, background: Background) -> None:
    heard, began = Heard(), Event()

    def job(_report: Report, stop: Event) -> None:
        began.set()
        stop.wait()
        raise CancelledError

    stop = background.run(background, Lane.TOKEN, job, **heard.on())
    assert began.wait(5)
    stop.set()
    qtbot.waitUntil(lambda: bool(heard.names))
    assert heard.names == ["stopped"]


def test_a_job_stopped_while_it_waits_for_its_lane_never_begins(qtbot, background: Background) -> None:
    first, second, hold, ran = Heard(), Heard(), Event(), []
    background.run(background, Lane.STORE, lambda _report, _stop: hold.wait(5), **first.on())
    stop = background.run(background, Lane.STORE, lambda _report, _stop: ran.append(1), **second.on())
    stop.set()
    hold.set()
    qtbot.waitUntil(lambda: bool(second.names))
    assert (second.names, ran) == (["stopped"], [])


def test_a_failure_reaches_its_handler_with_the_exception(qtbot, background: Background) -> None:
    heard, trouble = Heard(), DiskFull(folder="x")

    def job(_report: Report, _stop: Event) -> None:
        raise trouble

    background.run(background, Lane.PROCESSOR, job, **heard.on())
    qtbot.waitUntil(lambda: bool(heard.names))
    assert heard.outcomes == [("failed", (trouble,))]


def test_a_failure_without_handler_is_announced(qtbot, background: Background) -> None:
    def job(_report: Report, _stop: Event) -> None:
        raise DiskFull(folder="x")

    with qtbot.waitSignal(background.failed_unheard) as told:
        background.run(background, Lane.NET, job)
    assert isinstance(told.args[0], DiskFull)


def test_an_owner_that_is_gone_is_not_called(qtbot, background: Background) -> None:
    heard, owner, go = Heard(), QObject(), Event()
    background.run(owner, Lane.NET, lambda _report, _stop: go.wait(5), **heard.on())
    delete(owner)
    go.set()
    qtbot.waitUntil(lambda: background.running == 0)
    assert heard.names == []


@pytest.mark.parametrize("lane", [Lane.TOKEN, Lane.STORE])
def test_an_exclusive_lane_runs_one_job_at_a_time_in_order(qtbot, background: Background, lane: Lane) -> None:
    inside, most, order, lock = 0, 0, [], threading.Lock()

    def job(number: int):
        def run(_report: Report, _stop: Event) -> None:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            order.append(number)
            with lock:
                inside -= 1
        return run

    for number in range(20):
        background.run(background, lane, job(number))
    qtbot.waitUntil(lambda: background.running == 0)
    assert (most, order) == (1, list(range(20)))


def test_a_thousand_jobs_each_end_once(qtbot, background: Background) -> None:
    ended = []
    for number in range(1000):
        background.run(background, Lane.NET, lambda report, _stop, n=number: report(n) or n, done=ended.append)
    qtbot.waitUntil(lambda: background.running == 0, timeout=20_000)
    assert sorted(ended) == list(range(1000))


def test_close_asks_every_job_to_stop_and_leaves_no_thread(qtbot) -> None:
    lanes, heard, began = Background(), Heard(), Event()

    def job(_report: Report, stop: Event) -> None:
        began.set()
        stop.wait()

    lanes.run(lanes, Lane.TOKEN, job, **heard.on())
    lanes.run(lanes, Lane.TOKEN, job, **heard.on())
    assert began.wait(5)
    lanes.close()
    lanes.close()
    qtbot.wait(0)
    assert heard.names == []
    assert not [t for t in threading.enumerate() if t.name.startswith("lane-token")]
    with pytest.raises(RuntimeError):
        lanes.run(lanes, Lane.NET, job)


def test_a_handler_of_another_name_is_refused_at_once(background: Background) -> None:
    with pytest.raises(ValueError, match="finished"):
        background.run(background, Lane.NET, lambda _report, _stop: None, finished=print)
