"""Numbers under a crowd: threads and processes at once, some of which fail, over midnight of the last day of a year."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import insert, select

from docclient.office.engine import OfficeEngine
from docclient.store import tables
from docclient.store.place import place
from docclient.store.work import Work
from tests.offices import OfficeToTest

YEAR = 2030
EACH = 8


class BrokenOff(Exception):
    """A command that fails after it had taken its number."""


def take(engine: OfficeEngine, year: int, *, fail: bool = False) -> int | None:
    """One command's worth: the year's register, the next number, and something that tells of it, or nothing at all."""
    try:
        with engine.writing() as connection:
            work = Work(connection, engine.blobs, entry=0)
            number = work.take_number(work.register_for("outgoing", year))
            connection.execute(insert(tables.office_fact).values(name=f"given {year} {number}", value="x"))
            if fail:
                raise BrokenOff
            return number
    except BrokenOff:
        return None


def given(engine: OfficeEngine, year: int) -> tuple[list[int], list[int]]:
    """The numbers that the rows tell of, and the counters of that year's registers."""
    with engine.reading() as work:
        names = work.connection.scalars(select(tables.office_fact.c.name).where(
            tables.office_fact.c.name.like(f"given {year} %"))).all()
        counters = work.connection.scalars(select(tables.register.c.last_number).where(
            tables.register.c.kind == "outgoing", tables.register.c.year == year,
            tables.register.c.last_number > 0)).all()
    return sorted(int(name.rsplit(" ", 1)[1]) for name in names), list(counters)


class Midnight:
    """A clock that passes from one year into the next while everybody is at it."""

    def __init__(self, calls: int) -> None:
        self._steps, self._lock = count(), threading.Lock()
        self._begin = datetime(YEAR, 12, 31, 17, 0, tzinfo=UTC) - timedelta(seconds=calls // 2)     # midnight in Hanoi

    def year(self) -> int:
        with self._lock:
            moment = self._begin + timedelta(seconds=next(self._steps))
        return (moment + timedelta(hours=7)).year


def test_threads_over_midnight(office: OfficeToTest):
    people = 8
    clock, gate = Midnight(people * EACH), threading.Barrier(people)

    def work(who: int) -> list[tuple[int, int | None]]:
        gate.wait(60)
        found = []
        for turn in range(EACH):
            year = clock.year()
            found.append((year, take(office.engine, year, fail=(who + turn) % 4 == 0)))
        return found

    with ThreadPoolExecutor(people) as pool:
        told = [pair for each in pool.map(work, range(people)) for pair in each]
    assert {year for year, _ in told} == {YEAR, YEAR + 1}
    for year in (YEAR, YEAR + 1):
        numbers = sorted(number for of, number in told if of == year and number is not None)
        assert numbers == list(range(1, len(numbers) + 1))       # from 01, no gap, none twice, whatever was broken off
        assert given(office.engine, year) == (numbers, [len(numbers)])
    assert len([number for _, number in told if number is not None]) == people * EACH * 3 // 4


def in_a_process(url: str, gate: Any, results: Any, who: int) -> None:
    engine = OfficeEngine.open(place(url))
    gate.wait(120)
    for turn in range(EACH):
        number = take(engine, YEAR, fail=(who + turn) % 3 == 0)
        if number is not None:
            results.put((who, number))
    engine.close()
    results.put((who, 0))


@pytest.mark.timeout(300)
def test_processes(office: OfficeToTest):
    crowd, context = 3, multiprocessing.get_context("spawn")
    url = office.place.name if office.place.embedded else office.place.database.update_query_dict(
        {"blobs": str(office.place.blobs)}).render_as_string(hide_password=False)
    gate, results = context.Barrier(crowd), context.Queue()
    running = [context.Process(target=in_a_process, args=(url, gate, results, who)) for who in range(crowd)]
    for each in running:
        each.start()
    told, ended = [], 0
    while ended < crowd:
        who, number = results.get(timeout=200)
        ended, told = (ended + 1, told) if number == 0 else (ended, [*told, (who, number)])
    for each in running:
        each.join(60)
    assert [each.exitcode for each in running] == [0] * crowd
    numbers = sorted(number for _, number in told)
    assert numbers == list(range(1, crowd * EACH * 2 // 3 + 1))
    assert given(office.engine, YEAR) == (numbers, [len(numbers)])
    for who in range(crowd):
        mine = [number for of, number in told if of == who]
        assert mine == sorted(mine)                              # each sees its own numbers rise
