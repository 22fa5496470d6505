"""What a careful person puts into a field of an offer, and what nobody may: right values and wrong ones.

Where an offer brings choices, one of them is right. Elsewhere right is what the field plainly means: somebody who reads
documents and has no share in this one yet, a leader as the leader, a day that has not passed as a deadline.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, select

from docclient.office.authority import authority_of
from docclient.office.door import Ask, AskKind, Offer
from docclient.office.handling import Handling
from docclient.office.model import Actor, DocumentId, PersonId, Role, UnitId, today
from docclient.office.things import ThingOffer
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
    key here, and its name."""

    office: OfficeToTest
    people: tuple[Someone, ...]
    heads: dict[UnitId, PersonId]
    keys: dict[PersonId, str]

    @classmethod
    def of(cls, office: OfficeToTest) -> Circle:
        person = tables.person.c
        with office.engine.reading() as work:
            people = []
            for identity in work.connection.scalars(
                    select(person.id).where(person.active.is_(True)).order_by(person.id)).all():
                actor = work.actor(PersonId(identity))
                if not actor.roles <= {Role.ADMINISTRATOR}:
                    people.append(Someone(actor.person, frozenset(actor.roles), frozenset(actor.units)))
            units = work.connection.scalars(select(tables.unit.c.id).order_by(tables.unit.c.id)).all()
            heads = {UnitId(unit): found[0] for unit in units if (found := work.heads_of(UnitId(unit)))}
        return cls(office, tuple(people), heads,
                   {office.person(slug): slug for slug in ("chairman", "vice_chairman")})


def may_sign(work: Work, circle: Circle, chance: random.Random, type_name: str, unit: UnitId | None) -> PersonId | None:
    """Somebody with a key here and the authority for that type."""
    found = [each for each in circle.keys if authority_of(work, each, type_name, unit) is not None]
    return chance.choice(found) if found else None


@dataclass(slots=True)
class Situation:
    """One offer being filled in. me: as whom it is given. taken: who is named in it already, or may not be named.
    inside: a head names people of the own unit here, and no units."""

    circle: Circle
    me: Actor
    offer: Offer | ThingOffer
    chance: random.Random
    taken: set[PersonId] = field(default_factory=set)
    inside: bool = False

    def __post_init__(self) -> None:
        self.taken.add(self.me.person)
        self.inside = self.offer.command in STAYS_INSIDE
        with self.circle.office.engine.reading() as work:
            if self.offer.command in NAMES_NEW_HANDLERS:
                self.taken |= handlers_of(work, self.document)
            elif self.offer.command == "Redirect":
                handling = Handling.read(work, self.document)
                level = handling.directed_by(self.me.person)
                assert level is not None
                ending = {share.person for each in handling.all_below(level) for share in each.shares}
                self.taken |= {share.person for share in handling.shares} - ending
                self.inside = level.upper is not None
            elif self.offer.command == "WithdrawRight":
                self.taken |= workers_of(work, self.document)

    @property
    def document(self) -> DocumentId:
        assert isinstance(self.offer, Offer)
        return self.offer.document

    def right(self, ask: Ask) -> Any:
        """JSON; None: there is nothing right (nobody is free), or it is left empty."""
        here = (self.offer.command, ask.name)
        if here in BY_FIELD:
            return BY_FIELD[here](self, ask)
        by_name = BY_NAME.get(ask.name)
        if ask.choices:
            chosen = self.chance.choice(ask.choices)[0]
            return int(chosen) if ask.name == "urgency" else chosen
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
        me = self.me
        inside = self.inside and not me.roles & {Role.LEADER, Role.CHIEF_OF_OFFICE}
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
        if not self.inside and self.chance.random() < 0.3:
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
        """Each level's lies inside the one above."""
        return self.day(1, 2) if self.offer.command == "PassOn" or ask.name == "helping_due_date" else self.day(30, 60)

    def later(self, ask: Ask) -> str | None:
        """Behind what is due now; for a level below the first, not behind what is due above. None: there is no room."""
        with self.circle.office.engine.reading() as work:
            handling, document = Handling.read(work, self.document), work.document(self.document)
        if self.offer.command == "AskForExtension":
            present, limit = handling.of(self.me.person)[0].limit or document.due_date, None
        else:
            level = handling.directed_by(self.me.person)
            assert level is not None
            present = document.due_date if level.upper is None else level.limit or document.due_date
            upper = next((share for share in handling.shares if share.id == level.upper), None)
            limit = (upper.limit or document.due_date) if upper is not None else None
        first = max(present + timedelta(days=1) if present else today(), today())
        last = limit if limit is not None else first + timedelta(days=30)
        if first > last:
            return None
        return (first + timedelta(days=self.chance.randrange(0, (last - first).days + 1))).isoformat()

    def within(self, ask: Ask) -> str | None:
        """Of a level that is decided anew: not behind what is due above it."""
        with self.circle.office.engine.reading() as work:
            handling, document = Handling.read(work, self.document), work.document(self.document)
        level = handling.directed_by(self.me.person)
        upper = next((share for share in handling.shares if level is not None and share.id == level.upper), None)
        limit = (upper.limit or document.due_date) if upper is not None else None
        return self.deadline(ask) if limit is None else limit.isoformat()

    def signer(self, ask: Ask) -> str | None:
        """Whoever may sign every usual type in the unit where it is drafted."""
        with self.circle.office.engine.reading() as work:
            units = {work.document(self.document).unit, *(post.unit for post in self.me.posts)}
            found = [each for each in self.circle.keys if all(
                authority_of(work, each, kind, unit) is not None for kind in TYPES for unit in units)]
        return self.chance.choice(found) if found else None

    def further(self, ask: Ask) -> Sequence[str] | None:
        """Agencies that do not have it yet."""
        with self.circle.office.engine.reading() as work:
            having = set(work.connection.scalars(select(tables.delivery.c.agency_code).where(
                tables.delivery.c.document == self.document)))
        free = [each for each in (*RECIPIENTS, "H99") if each not in having]
        return self.chance.sample(free, 1) if free else None

    def recipients(self, ask: Ask) -> Sequence[str]:
        return self.chance.sample(RECIPIENTS, self.chance.randrange(1, 3))

    def register(self, ask: Ask) -> str:
        """An incoming register that is open, or none: the office's own."""
        register = tables.register.c
        with self.circle.office.engine.reading() as work:
            titles = work.connection.scalars(select(register.title).where(
                register.kind == "incoming", register.year == today().year, register.closed.is_(False))).all()
        return self.chance.choice(["", *sorted(titles)])

    def of_the_thing(self, table: Table, column: str) -> date | None:
        assert isinstance(self.offer, ThingOffer)
        with self.circle.office.engine.reading() as work:
            found: date | None = work.connection.scalar(select(table.c[column]).where(table.c.id == self.offer.thing))
        return found

    def kept_longer(self, ask: Ask) -> str:
        due = self.of_the_thing(tables.case_file, "hand_in_due")
        assert due is not None
        return (due + timedelta(days=self.chance.randrange(1, 700))).isoformat()

    def task_later(self, ask: Ask) -> str:
        due = self.of_the_thing(tables.task, "due_date") or today()
        return (max(due, today()) + timedelta(days=self.chance.randrange(1, 20))).isoformat()


NAMES_NEW_HANDLERS = frozenset({"DirectIncoming", "PassOn", "AddHandlers", "Forward"})
STAYS_INSIDE = frozenset({"PassOn", "AddHandlers"})
NEVER_EMPTY = frozenset({"opinion", "words", "percent"})
"""Fields of which one of several must be filled; which of them, the offer cannot say."""

BY_FIELD: dict[tuple[str, str], Callable[[Situation, Ask], Any]] = {
    ("AddHandlers", "helping"): Situation.handlers,
    ("AddRecipients", "recipients"): Situation.further, ("AddRecipients", "inside"): lambda here, ask: None,
    **{(name, "recipients"): Situation.recipients
       for name in ("CopyInFull", "CopyOfCopy", "CopyExtract", "DraftAnswer", "EditDraft")},
    ("ExtendDeadline", "due_date"): Situation.later, ("AskForExtension", "due_date"): Situation.later,
    ("AskOpinions", "due_date"): Situation.deadline, ("Redirect", "due_date"): Situation.within,
    ("KeepLonger", "until"): Situation.kept_longer, ("ExtendTask", "due_date"): Situation.task_later,
    ("GiveTaskAnew", "due_date"): Situation.task_later,
    ("CloseCaseFile", "ended_on"): lambda here, ask: today().isoformat(),
    ("CloseCaseFile", "warnings_seen"): lambda here, ask: True,
    ("BeginCaseFile", "start_date"): lambda here, ask: None,
    ("NoteTaskProgress", "progress"): lambda here, ask: here.chance.randrange(0, 101),
}
NEEDED_HERE = frozenset({("AddHandlers", "helping"), ("AddRecipients", "recipients")})
"""Fields that may stay empty by themselves, where this one is chosen to be filled among several."""
BY_NAME: dict[str, Callable[[Situation, Ask], Any]] = {
    "leader": Situation.leader,
    "signer": Situation.signer,
    "type_name": lambda here, ask: here.chance.choice(TYPES),
    "issued_date": lambda here, ask: here.day(-20, 1),
    "asked_on": lambda here, ask: here.day(-3, 1),
    "percent": lambda here, ask: here.chance.randrange(0, 101),
    "due_date": Situation.deadline, "helping_due_date": Situation.deadline,
}
BY_KIND: dict[AskKind, Callable[[Situation, Ask], Any]] = {
    AskKind.TEXT: lambda here, ask: str(here.chance.randrange(1, 99_999)),
    AskKind.LONG_TEXT: Situation.words, AskKind.PHRASED: Situation.words,
    AskKind.NUMBER: lambda here, ask: here.chance.randrange(1, 50),
    AskKind.YES_NO: lambda here, ask: here.chance.random() < 0.5,
    AskKind.PERSON: Situation.person, AskKind.HANDLER: Situation.handler, AskKind.HANDLERS: Situation.handlers,
    AskKind.RECIPIENTS: Situation.recipients, AskKind.REGISTER: Situation.register,
}
"""Kinds without an entry are left as the offer proposes them."""

GONE_BY = frozenset({"ExtendDeadline", "AskForExtension", "AskOpinions", "ExtendTask", "GiveTaskAnew", "GiveTaskOn"})
"""Commands that take no day that has passed as what is due."""
MAY_STAY_EMPTY = frozenset({"code_number", "code_notation"})
"""Letters of citizens bear neither."""


def wrong(command: str, ask: Ask) -> Any:
    """What this field can never take, or None where there is no such thing."""
    if ask.choices:
        return 99 if ask.name == "urgency" else "none of these"
    if ask.name == "type_name":
        return "Loại không có" if command in ("DraftAnswer", "EditDraft") else None      # others may write of any type
    if ask.name in ("percent", "progress"):
        return 101
    if ask.name in ("asked_on", "ended_on"):
        return (today() + timedelta(days=9)).isoformat()
    if ask.name == "until" or (ask.name == "due_date" and command in GONE_BY):
        return (today() - timedelta(days=9)).isoformat()
    if ask.name == "register_title":
        return "Sổ không có"
    if ask.kind is AskKind.PERSON:
        return NOBODY
    if ask.kind is AskKind.HANDLER:
        return {"kind": "person", "id": NOBODY}
    if ask.kind is AskKind.HANDLERS:
        return [{"kind": "unit", "id": NOBODY}]
    if ask.kind is AskKind.RECIPIENTS:
        return ["H00.9"]
    if ask.name in MAY_STAY_EMPTY:
        return None
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
