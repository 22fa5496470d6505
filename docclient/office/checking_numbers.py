"""Numbers of each register run without gap from where it began, and none stands twice (NĐ 30 art. 15.1, 22.2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from docclient.office.findings import Finding, Lie, register_lies
from docclient.office.series import numbers_in
from docclient.store import tables
from docclient.store.work import Work


def check_numbers(work: Work) -> list[Finding]:
    """A number without a document counts only where its cancelling is on record; the counter stands at the last one."""
    findings = []
    started = {each.register: each.last for each in opened_registers(work)}
    for register in work.connection.execute(select(tables.register)).mappings():
        where = f"{register['title']} {register['year']}"
        expected = started.get(register["id"], 0) + 1
        for number in numbers_in(work, register["id"], register["kind"]):
            if number < expected:
                findings.append(register_lies(Lie.NUMBER_DOUBLED, where, "number_twice", number=number))
            elif number > expected:
                findings.append(gap(where, expected, number - 1))
            expected = max(expected, number + 1)
        if expected - 1 > register["last_number"]:
            findings.append(register_lies(Lie.NUMBER_DOUBLED, where, "counter_behind", counter=register["last_number"],
                                          number=expected - 1))
        if expected <= register["last_number"]:
            findings.append(gap(where, expected, register["last_number"]))
    return findings


def gap(where: str, first: int, last: int) -> Finding:
    return register_lies(Lie.NUMBER_GAP, where, "numbers_missing", first=first, last=last)


@dataclass(frozen=True, slots=True)
class OpenedRegister:
    """last: the number before the first one given here."""

    register: str
    last: int


def opened_registers(work: Work) -> Iterator[OpenedRegister]:
    rows = work.connection.execute(select(tables.journal.c.fields, tables.journal.c.effect).where(
        tables.journal.c.command == "OpenRegister")).all()
    for fields, effect in rows:
        facts, given = parsed(effect).get("facts"), parsed(fields)
        last = given.get("last_number", 0)
        if isinstance(facts, dict) and "register" in facts and isinstance(last, int):
            yield OpenedRegister(str(facts["register"]), last)


def parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
