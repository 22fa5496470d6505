"""A commune's year of mail, made up from a seed, with books of its own.

`YearOfMail.plan(count, seed)` says for every document what comes, who does what with it and when, and from that alone
keeps books: both registers of both years, every document's last state, who has what on the last evening. Nothing of
that is taken from the office; `tests/generators/playing.py` gives the acts to the office through its door, and the
books are laid beside each other.

Of 100 documents 83 come in: four in five by packet (one packet in `PDF_EVERY` brings a PDF whose signatures the office
verifies, the others editable files, which it does not), the rest by hand or post. 17 go out: most of these rest at some
stage before the signature, are refused or given up; `SIGNED_EVERY`, `SEALED_EVERY` say how many are really signed,
numbered, sealed with the agency's key and issued, since each of those takes a second.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from docclient.office.model import VIETNAM
from tests.generators import writing

FIRST_DAY = date(2027, 7, 1)
DAYS = 366
PDF_EVERY = 12
SIGNED_EVERY = 40         # of the outgoing ones
SEALED_EVERY = 4          # of those that are signed
OFFICERS = {"officer_economy": "head_economy", "officer_culture_society": "head_culture_society",
            "officer_service_centre": "head_service_centre"}
LEADERS = ("chairman", "vice_chairman")


@dataclass(frozen=True, slots=True)
class Act:
    """letter: which document. name: what is done. who: a person of the sample office. facts: what it needs."""

    at: datetime
    letter: int
    name: str
    who: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.at.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Entered:
    """A line of a register, as the generator's own book has it."""

    number: int
    day: date
    letter: int
    subject: str


@dataclass(slots=True)
class Books:
    """registers: (kind, year) → lines. states: letter → state. waiting: letter → (person, or a role in capitals; kind).
    leads: letter → who leads. directed: letter → how often. returned: letters that went back."""

    registers: dict[tuple[str, int], list[Entered]] = field(default_factory=lambda: defaultdict(list))
    states: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    leads: dict[int, str] = field(default_factory=dict)
    acts: int = 0

    def enter(self, kind: str, act: Act, subject: str) -> None:
        lines = self.registers[kind, act.day.year]
        lines.append(Entered(len(lines) + 1, act.day, act.letter, subject))


@dataclass(frozen=True, slots=True)
class Letter:
    """What the sender wrote; for an outgoing one, what the drafter did. unit: of the drafter."""

    type_name: str
    subject: str
    sender: writing.Sender
    number: int
    notation: str
    issued: date
    urgency: int
    due: date | None
    pdf: bool


@dataclass(slots=True)
class YearOfMail:
    letters: dict[int, Letter] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    books: Books = field(default_factory=Books)

    @classmethod
    def plan(cls, count: int, seed: int) -> YearOfMail:
        made = cls()
        planner = Planner(random.Random(seed), made)
        for letter in range(count):
            if planner.chance.random() < 0.83:
                planner.incoming(letter)
            else:
                planner.outgoing(letter)
        last = last_evening()
        made.acts = sorted((act for act in made.acts if act.at < last), key=lambda act: (act.at, act.letter))
        keep_books(made)
        return made


def last_evening() -> datetime:
    end = FIRST_DAY + timedelta(days=DAYS)
    return datetime(end.year, end.month, end.day, tzinfo=VIETNAM).astimezone(UTC)


class Planner:
    """Thinks up one document's way at a time; each act lies some hours after the one before."""

    def __init__(self, chance: random.Random, year: YearOfMail) -> None:
        self.chance, self.year = chance, year
        self.numbers: dict[str, int] = defaultdict(int)
        self.at = datetime.now(UTC)
        self.letter = 0
        self.outgoing_signed = self.packets = self.drafts = 0

    def begin(self, letter: int) -> Letter:
        chance = self.chance
        month = chance.choices(range(1, 13), writing.MONTHS)[0]
        day = date(FIRST_DAY.year + (month < FIRST_DAY.month), month, chance.randrange(1, 29))
        self.letter = letter
        self.at = datetime(day.year, day.month, day.day, 7, tzinfo=VIETNAM).astimezone(UTC) + timedelta(
            seconds=chance.randrange(9 * 3600))
        sender, kind = chance.choice(writing.SENDERS), writing.type_name(chance)
        self.numbers[sender.code] += 1
        issued = day - timedelta(days=chance.randrange(0, 5))
        due = day + timedelta(days=chance.randrange(5, 45)) if chance.random() < 0.5 else None
        made = Letter(kind, writing.subject(chance, kind), sender, self.numbers[sender.code],
                      writing.notation(sender, kind), issued, int(str(writing.weighted(chance, writing.URGENCIES))),
                      due, False)
        self.year.letters[letter] = made
        return made

    def act(self, name: str, who: str, *, hours: float = 0, **facts: Any) -> None:
        if hours:
            self.at += timedelta(seconds=int(self.chance.uniform(0.2, 1) * hours * 3600) + 1)
        self.year.acts.append(Act(self.at, self.letter, name, who, facts))

    def incoming(self, letter: int) -> None:
        chance, found = self.chance, self.begin(letter)
        leader = chance.choices(LEADERS, (2, 1))[0]
        straight = chance.random() < 0.8
        if chance.random() < 0.8:
            self.packets += 1
            if self.packets % PDF_EVERY == 0:
                self.year.letters[letter] = Letter(*(getattr(found, name) for name in Letter.__slots__[:-1]), True)
            self.act("receive", "clerk")
            if chance.random() < 0.03:
                self.act("return", "clerk", hours=6, reason=chance.choice(writing.RETURN_REASONS))
                return
        else:
            self.act("enter", "clerk")
        self.act("register", "clerk", hours=5, leader=leader if straight else None)
        if not straight:
            if chance.random() < 0.04:
                return
            self.act("present", chance.choice(("clerk", "chief_of_office")), hours=8, leader=leader)
        self.direct(leader, chance)

    def direct(self, leader: str, chance: random.Random) -> None:
        if chance.random() < 0.06:
            self.act("keep", leader, hours=20)
            return
        lead = chance.choice(list(OFFICERS))
        others = [each for each in (*OFFICERS, *OFFICERS.values(), "officer_office") if each != lead]
        chosen = chance.sample(others, chance.choices((0, 1, 2, 3), (50, 30, 15, 5))[0])
        helping = [each for each in chosen if each.startswith("officer")]
        informed = [each for each in chosen if each not in helping]
        self.act("direct", leader, hours=30, lead=lead, helping=helping, informed=informed,
                 words=chance.choice(writing.DIRECTIONS))
        for each in chosen:
            if chance.random() < 0.6:
                self.act("read", each, hours=20)
        way = chance.random()
        if way < 0.05:
            return
        if way < 0.8:
            self.act("accept", lead, hours=20)
        if chance.random() < 0.05:
            self.act("extend", leader, hours=30, by_days=chance.randrange(5, 20))
        if chance.random() < 0.95:
            self.act("finish", lead, hours=200, result=chance.choice(writing.RESULTS))

    def outgoing(self, letter: int) -> None:
        chance = self.chance
        self.begin(letter)
        self.drafts += 1
        officer = chance.choice(list(OFFICERS))
        signer = "chairman"
        self.act("draft", officer, signer=signer)
        if chance.random() < 0.1:
            self.act("cancel", officer, hours=30)
            return
        if chance.random() < 0.08:
            return
        self.act("put", officer, hours=10)
        self.act("submit", officer, hours=10)
        if chance.random() < 0.12:
            self.act("refuse", OFFICERS[officer], hours=10, reason="Bổ sung số liệu.")
            return
        self.act("approve_content", OFFICERS[officer], hours=10)
        if chance.random() < 0.1:
            self.act("refuse", "chief_of_office", hours=10, reason="Sửa thể thức.")
            return
        self.act("approve_format", "chief_of_office", hours=10)
        if self.drafts % SIGNED_EVERY:
            if chance.random() < 0.5:
                self.act("refuse", signer, hours=10, reason="Viết lại đoạn 2.")
            return
        self.outgoing_signed += 1
        self.act("sign", signer, hours=10)
        self.act("number", "clerk", hours=4)
        if self.outgoing_signed % SEALED_EVERY == 0:
            self.act("seal", "clerk")
            self.act("issue", "clerk", hours=1)


def keep_books(year: YearOfMail) -> None:
    """What an honest clerk would have written by the last evening, act by act."""
    books = year.books
    drafters = {act.letter: act.who for act in year.acts if act.name == "draft"}
    for act in year.acts:
        books.acts += 1
        letter, waiting = year.letters[act.letter], books.waiting[act.letter]
        match act.name:
            case "read":
                waiting.difference_update({(act.who, "help"), (act.who, "read")})
                continue
            case "accept":
                books.states[act.letter] = "in_work"
                continue
            case "extend" | "put":
                continue
        # who is to be informed still is when the matter is finished
        waiting.intersection_update({each for each in waiting if act.name == "finish" and each[1] == "read"})
        if act.name == "register":
            books.enter("incoming", act, letter.subject)
        if act.name == "number":
            books.enter("outgoing", act, letter.subject)
        if act.name == "direct":
            books.leads[act.letter] = act.facts["lead"]
            waiting.add((act.facts["lead"], "handle"))
            waiting.update((each, "help") for each in act.facts["helping"])
            waiting.update((each, "read") for each in act.facts["informed"])
        else:
            waiting.update(waits_after(act, drafters.get(act.letter, "")))
        books.states[act.letter] = state_after(act)


def state_after(act: Act) -> str:
    if act.name == "register":
        return "waiting_direction" if act.facts["leader"] else "registered"
    return {"receive": "waiting_receipt", "enter": "waiting_receipt", "return": "returned",
            "present": "waiting_direction", "keep": "kept",
            "direct": "assigned", "finish": "finished", "draft": "draft", "cancel": "cancelled",
            "submit": "content_check", "refuse": "draft", "approve_content": "format_check",
            "approve_format": "waiting_signature", "sign": "signed", "number": "numbered", "seal": "sealed",
            "issue": "issued"}[act.name]


def waits_after(act: Act, drafter: str) -> set[tuple[str, str]]:
    match act.name:
        case "receive" | "enter":
            return {("CLERK", "receive")}
        case "register" | "present":
            return {(act.facts["leader"], "direct")} if act.facts["leader"] else {("CLERK", "present")}
        case "draft":
            return {(act.who, "draft")}
        case "refuse":
            return {(drafter, "draft")}
        case "submit":
            return {("HEAD_OF_UNIT", "check_content")}
        case "approve_content":
            return {("CHIEF_OF_OFFICE", "check_format")}
        case "approve_format":
            return {("chairman", "sign")}
        case "sign" | "number":
            return {("CLERK", "number_and_seal")}
        case "seal":
            return {("CLERK", "issue")}
        case _:
            return set()
