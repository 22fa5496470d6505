"""A rehearsal: what a list of commands would do, told by the rules themselves, and nothing of it done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select

from docclient.errors import Trouble
from docclient.office.commands.numbers import RegisterOutgoingPaper, register_outgoing_paper
from docclient.office.commands.sheet_rows import EnterAndRegister, enter_and_register
from docclient.office.door import Query, Receipt
from docclient.office.errors import NotYours
from docclient.office.evidence import Evidence
from docclient.office.model import Actor, Role, State
from docclient.office.posts import ever_with
from docclient.office.registry import answers, from_json, rule_for
from docclient.store import tables
from docclient.store.work import Work
from docclient.words import Language, words_of

Row = EnterAndRegister | RegisterOutgoingPaper


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """number: what the register would give. refused: the code of the trouble that stands against it, and `why` in the
    language asked for; both empty where nothing does."""

    number: str | None
    state: State | None
    refused: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class RehearseRows(Query[tuple[Rehearsed, ...]]):
    """Each row after those before it, so that two alike are found and numbers count up; taken back at the end. What
    depends on files' contents is not looked at. Whoever registers meanwhile comes first: numbers are as of now."""

    rows: tuple[Row, ...]
    language: Language = Language.VIETNAMESE


@answers(RehearseRows)
def rehearse_rows(work: Work, me: Actor, q: RehearseRows) -> tuple[Rehearsed, ...]:
    for kind in {type(each) for each in q.rows}:
        if not rule_for(kind).by & me.roles:
            raise NotYours(command=kind.__name__)
    told: list[Rehearsed] = []
    everything = work.connection.begin_nested()
    try:
        for row in q.rows:
            told.append(rehearse(work, me, row, q.language))
    finally:
        everything.rollback()
    return tuple(told)


def rehearse(work: Work, me: Actor, row: Row, language: Language) -> Rehearsed:
    one = work.connection.begin_nested()
    try:
        if isinstance(row, RegisterOutgoingPaper):
            receipt = register_outgoing_paper(work, me, row)
        else:
            without = replace(row, files=(), note=row.note or "…")
            receipt = enter_and_register(work, me, without, Evidence({}))
    except Trouble as trouble:
        one.rollback()
        return Rehearsed(None, None, trouble.code, words_of(trouble, language).sentence)
    one.commit()
    return Rehearsed(receipt.number, receipt.state)


@dataclass(frozen=True, slots=True)
class EarlierReceipts(Query[dict[str, Receipt]]):
    """What was done before under these keys, by whichever clerk: a list that was broken off goes on where it ended."""

    keys: tuple[str, ...]


@answers(EarlierReceipts)
def earlier_receipts(work: Work, me: Actor, q: EarlierReceipts) -> dict[str, Receipt]:
    if Role.CLERK not in me.roles:
        raise NotYours(command="EarlierReceipts")
    clerks = ever_with(work.connection, Role.CLERK)      # a list that one who has left began goes on where it ended
    named = {hashlib.sha256(f"{clerk}\n{key}".encode()).hexdigest(): key
             for key in q.keys for clerk in {*clerks, me.person}}
    kept = tables.receipt.c
    found: dict[str, Receipt] = {}
    for few in batched(sorted(named), 500):
        for row in work.connection.execute(select(kept.key, kept.receipt).where(kept.key.in_(few))):
            found[named[row.key]] = from_json(Receipt, json.loads(row.receipt))
    return found


def batched(values: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(values), size):
        yield values[start:start + size]
