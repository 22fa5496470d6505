"""What a careful person puts into a field of an offer, and what nobody may: right values and wrong ones.

Where an offer brings choices, one of them is right. Elsewhere right is what the field plainly means: somebody who reads
documents and has no share in this one yet, a leader as the leader, a day that has not passed as a deadline.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from docclient.office.door import Ask, AskKind, Offer, Office
from docclient.office.handling import Handling
from docclient.office.model import DocumentId, PersonId, Role, UnitId, today
from docclient.store import tables
from docclient.store.work import Work
from tests.offices import OfficeToTest

WORDS = ("Tham mưu văn bản trả lời.", "Đã rà soát.", "Chờ số liệu của các thôn.", "Đề nghị làm rõ đoạn 2.")
RECIPIENTS = ("H99.07", "H99.22", "H99.23")
TYPES = ("Công văn", "Thông báo", "Báo cáo", "Tờ trình")
NOBODY = "01900000-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Someone:
    person: PersonId
    roles: frozenset[Role]
    units: frozenset[UnitId]


@dataclass(frozen=True, slots=True)
class Circle:
    """Who may stand in a field. people: who reads documents. heads: of each unit that has one. keys: who has a signing
    key here, and its name. chairman: may sign every type."""

    office: OfficeToTest
    people: tuple[Someone, ...]
    heads: dict[UnitId, PersonId]
    keys: dict[PersonId, str]
    chairman: PersonId

    @classmethod
    def of(cls, office: OfficeToTest) -> Circle:
        with office.engine.reading() as work:
            people = []
            for identity in work.connection.scalars(select(tables.person.c.id).order_by(tables.person.c.id)).all():
                actor = work.actor(PersonId(identity))
                if not actor.roles <= {Role.ADMINISTRATOR}:
                    people.append(Someone(actor.person, frozenset(actor.roles), frozenset(actor.units)))
            units = work.connection.scalars(select(tables.unit.c.id).order_by(tables.unit.c.id)).all()
            heads = {UnitId(unit): found[0] for unit in units if (found := work.heads_of(UnitId(unit)))}
        return cls(office, tuple(people), heads, {office.person(slug): slug for slug in ("chairman", "vice_chairman")},
                   office.person("chairman"))


@dataclass(slots=True)
class Situation:
    """One offer being filled in. taken: who is named in it already, or may not be named."""

    circle: Circle
    door: Office
    offer: Offer
    chance: random.Random
    taken: set[PersonId] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.taken.add(self.door.me.person)
        with self.circle.office.engine.reading() as work:
            if self.offer.command in NAMES_NEW_HANDLERS:
                self.taken |= handlers_of(work, self.offer.document)
            elif self.offer.command == "WithdrawRight":
                self.taken |= workers_of(work, self.offer.document)

    def right(self, ask: Ask) -> Any:
        """JSON; None: there is nothing right (nobody is free), or it is left empty."""
        by_name = BY_NAME.get(ask.name)
        if ask.choices:
            chosen = self.chance.choice(ask.choices)[0]
            return int(chosen) if str(chosen).isdecimal() else chosen
        if not ask.required and ask.name not in NEVER_EMPTY and self.chance.random() < 0.5:
            return self.first(ask)
        if by_name is not None:
            return by_name(self, ask)
        if ask.default not in (None, "", [], ()) and self.chance.random() < 0.7:
            return self.first(ask)
        make = BY_KIND.get(ask.kind)
        return make(self, ask) if make is not None else ask.default

    def first(self, ask: Ask) -> Any:
        """What the offer proposes, unless it proposes somebody who is named in another field already."""
        if ask.kind not in (AskKind.HANDLER, AskKind.HANDLERS) or not ask.default:
            return ask.default
        proposed = ask.default if ask.kind is AskKind.HANDLERS else [ask.default]
        behind = {self.circle.heads[UnitId(each["id"])] if each["kind"] == "unit" else PersonId(each["id"])
                  for each in proposed}
        if behind & self.taken or len(behind) < len(proposed):
            return BY_KIND[ask.kind](self, ask)
        self.taken |= behind
        return ask.default

    def free(self) -> list[Someone]:
        """Those whom this person may name here. A head passes work on inside the own unit."""
        me = self.door.me
        inside = self.offer.command in STAYS_INSIDE and not me.roles & {Role.LEADER, Role.CHIEF_OF_OFFICE}
        return [each for each in self.circle.people
                if each.person not in self.taken and (not inside or each.units & frozenset(me.units))]

    def person(self, ask: Ask) -> str | None:
        found = self.free()
        if not found:
            return None
        chosen = self.chance.choice(found).person
        self.taken.add(chosen)
        return chosen

    def handler(self, ask: Ask) -> dict[str, str] | None:
        if self.offer.command not in STAYS_INSIDE and self.chance.random() < 0.3:
            units = [unit for unit, head in self.circle.heads.items() if head not in self.taken]
            if units:
                unit = self.chance.choice(units)
                self.taken.add(self.circle.heads[unit])
                return {"kind": "unit", "id": unit}
        found = self.person(ask)
        return None if found is None else {"kind": "person", "id": found}

    def handlers(self, ask: Ask) -> list[dict[str, str]] | None:
        found = [self.handler(ask) for _ in range(self.chance.randrange(1, 3))]
        return [each for each in found if each is not None] or None

    def leader(self, ask: Ask) -> str:
        return self.chance.choice([each.person for each in self.circle.people if Role.LEADER in each.roles])

    def words(self, ask: Ask) -> str:
        return self.chance.choice(WORDS)

    def day(self, first: int, last: int) -> str:
        return (today() + timedelta(days=self.chance.randrange(first, last))).isoformat()

    def deadline(self, ask: Ask) -> str | None:
        """Each level's inside the one above; an extension, where there is one level only, lies behind it."""
        name = self.offer.command
        if name in ("ExtendDeadline", "AskForExtension"):
            return None if self.passed_on() else self.day(61, 90)
        if name == "PassOn" or ask.name == "helping_due_date":
            return self.day(1, 2)
        return self.day(30, 60)

    def passed_on(self) -> bool:
        with self.circle.office.engine.reading() as work:
            return len(Handling.read(work, self.offer.document).levels) > 1

    def recipients(self, ask: Ask) -> Sequence[str]:
        return self.chance.sample(RECIPIENTS, self.chance.randrange(1, 3))


NAMES_NEW_HANDLERS = frozenset({"DirectIncoming", "PassOn", "AddHandlers", "Forward"})
STAYS_INSIDE = frozenset({"PassOn", "AddHandlers"})
NEVER_EMPTY = frozenset({"opinion", "words", "percent"})
"""Fields of which one of several must be filled; which of them, the offer cannot say."""

BY_NAME: dict[str, Any] = {
    "leader": Situation.leader,
    "signer": lambda here, ask: here.circle.chairman,
    "type_name": lambda here, ask: here.chance.choice(TYPES),
    "issued_date": lambda here, ask: here.day(-20, 1),
    "asked_on": lambda here, ask: here.day(-3, 1),
    "percent": lambda here, ask: here.chance.randrange(0, 101),
    "due_date": Situation.deadline, "helping_due_date": Situation.deadline,
}
BY_KIND: dict[AskKind, Any] = {
    AskKind.TEXT: lambda here, ask: str(here.chance.randrange(1, 99_999)),
    AskKind.LONG_TEXT: Situation.words, AskKind.PHRASED: Situation.words,
    AskKind.NUMBER: lambda here, ask: here.chance.randrange(1, 50),
    AskKind.YES_NO: lambda here, ask: here.chance.random() < 0.5,
    AskKind.PERSON: Situation.person, AskKind.HANDLER: Situation.handler, AskKind.HANDLERS: Situation.handlers,
    AskKind.RECIPIENTS: Situation.recipients,
}
"""Kinds without an entry are left as the offer proposes them."""


def wrong(command: str, ask: Ask) -> Any:
    """What this field can never take, or None where there is no such thing."""
    if ask.choices:
        return 99 if all(str(value).isdecimal() for value, _ in ask.choices) else "none of these"
    if ask.name == "type_name":
        return "Loại không có" if command in ("DraftAnswer", "EditDraft") else None      # others may write of any type
    if ask.name == "percent":
        return 101
    if ask.name == "asked_on":
        return (today() + timedelta(days=9)).isoformat()
    if ask.kind is AskKind.PERSON:
        return NOBODY
    if ask.kind is AskKind.HANDLER:
        return {"kind": "person", "id": NOBODY}
    if ask.kind is AskKind.HANDLERS:
        return [{"kind": "unit", "id": NOBODY}]
    if ask.name in ("code_number", "code_notation"):
        return None                     # letters of citizens bear neither
    if ask.required and ask.kind in (AskKind.TEXT, AskKind.LONG_TEXT, AskKind.PHRASED):
        return "  "
    return None


def handlers_of(work: Work, document: DocumentId) -> set[PersonId]:
    return set(map(PersonId, work.connection.scalars(
        select(tables.handler.c.person).where(tables.handler.c.document == document))))


def workers_of(work: Work, document: DocumentId) -> set[PersonId]:
    found = work.document(document)
    waiting = work.connection.scalars(select(tables.waiting.c.person).where(
        tables.waiting.c.document == document, tables.waiting.c.person.is_not(None)))
    return {each for each in (*map(PersonId, waiting), found.drafter, found.signer_person) if each is not None}
