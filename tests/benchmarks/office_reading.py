"""Lists of a large office: what waits for a person, and the register at its row 900,000.

Each beside one hand-written SQL statement that reads the same rows on the same connection, taken in turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from docclient.office.door import Query
from docclient.office.engine import EmbeddedOffice, OfficeEngine
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.office import RegisterPage, Registers
from docclient.office.registry import registry
from docclient.store.work import Work
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.large import DOCUMENTS, ENGINES, median, opened, percentile

PEOPLE = {"clerk": "vanthu0", "leader": "lanhdao0", "officer": "canbo00"}
LIMIT_MS = 20.0

LINE = """d.id, d.version, d.flow, d.state, d.code_number, d.code_notation, d.arrival_number, d.type_name, d.subject,
    d.issuer_name, d.issued_date, d.urgency, d.due_date, d.channel, d.updated_at,
    (SELECT p.name FROM handler h JOIN person p ON p.id = h.person WHERE h.document = d.id AND h.role = 'lead'
     ORDER BY h.id DESC LIMIT 1),
    (SELECT v.conclusion FROM file f JOIN file_version fv ON fv.file = f.id
     LEFT JOIN verdict v ON v.document = f.document AND v.digest = fv.digest
     WHERE f.document = d.id AND f.kind = 'main' ORDER BY fv.number DESC, v.number DESC LIMIT 1)"""
MINE = """(SELECT id, kind, due, since, document FROM waiting WHERE person = {person}
    UNION ALL SELECT id, kind, due, since, document FROM waiting WHERE role = {role} AND unit IS NULL AND person IS NULL
    UNION ALL SELECT id, kind, due, since, document FROM waiting
        WHERE role = {role} AND unit = {unit} AND person IS NULL) w"""
WAITING = f"""SELECT w.kind, w.since, {LINE}
    FROM (SELECT * FROM {MINE} ORDER BY due, since, id LIMIT 100) w JOIN document d ON d.id = w.document
    ORDER BY w.due, w.since, w.id"""
COUNTS = f"SELECT w.kind, count(*) FROM {MINE} GROUP BY w.kind"
REGISTER = """SELECT d.id, d.arrival_number, d.arrival_date, d.issuer_name, d.code_number, d.code_notation,
    d.issued_date,
    d.type_name, d.subject, p.name, r.at
    FROM document d
    LEFT JOIN handler h ON h.id = (SELECT min(id) FROM handler WHERE document = d.id AND role = 'lead')
    LEFT JOIN person p ON p.id = h.person LEFT JOIN direction r ON r.id = h.direction
    WHERE d.register = {register} AND d.arrival_number > {after} ORDER BY d.arrival_number LIMIT 501"""


def run(setting: Setting) -> Sequence[Figure]:
    return [figure for engine in ENGINES for figure in of_engine(engine, setting)]


def of_engine(name: str, setting: Setting) -> Iterator[Figure]:
    rounds = 20 if setting.quick else 60
    with opened(name, setting) as engine:
        for what, account in PEOPLE.items():
            door = engine.enter(engine.person(account))
            shown = len(door.ask(WaitingForMe()).rows)
            total = sum(door.ask(WaitingForMe()).counts.values())
            values = {"person": door.me.person, "role": str(door.me.posts[0].role), "unit": door.me.posts[0].unit}
            yield from compared(f"{name}: what waits for a {what}", engine, door, WaitingForMe(),
                                [(WAITING, values), (COUNTS, values)], rounds, f"{shown} of {total:,} shown")
        door = engine.enter(engine.person(PEOPLE["clerk"]))
        register = next(each for each in door.ask(Registers()) if each.kind == "incoming")
        after = int(DOCUMENTS[setting.quick] * 0.9)
        yield from compared(f"{name}: register after {after:,}", engine, door, RegisterPage(register.id, after=after),
                            [(REGISTER, {"register": register.id, "after": after})], rounds, "500 lines")


def compared(name: str, engine: OfficeEngine, door: EmbeddedOffice, query: Query[Any],
             written: Sequence[tuple[str, dict[str, Any]]], rounds: int, detail: str) -> Iterator[Figure]:
    """The query's median over the statements' median; and the 95th percentile of asking at the door."""
    _, answer = registry().queries[type(query).__name__]
    ours: list[float] = []
    theirs: list[float] = []
    with engine.reading() as work:
        me, by_hand = door.me, statements(work, written)
        assert answer(work, me, query) is not None
        for _ in range(rounds):
            ours.append(milliseconds(lambda: answer(work, me, query)))
            theirs.append(milliseconds(by_hand))
    asked = [milliseconds(lambda: door.ask(query)) for _ in range(rounds)]
    yield Figure(f"{name}, beside SQL", median(ours) / median(theirs), 2.0,
                 f"{median(ours):.1f} ms to {median(theirs):.1f} ms; {detail}")
    yield Figure(f"{name}, p95", percentile(asked, 95), LIMIT_MS, f"median {median(asked):.1f} ms", unit="ms")


def statements(work: Work, written: Sequence[tuple[str, dict[str, Any]]]) -> Callable[[], object]:
    """Reads every row of the statements through the connection's own driver."""
    style = ":{}" if work.connection.dialect.name == "sqlite" else "%({})s"
    made = [(sql.format(**{name: style.format(name) for name in values}), values) for sql, values in written]
    return lambda: [work.connection.exec_driver_sql(sql, values).all() for sql, values in made]


def milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)
