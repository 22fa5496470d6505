"""Random people of one office: they do what they may, and try what they may not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, replace
from datetime import date
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import select

from docclient.errors import Trouble
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.door import Command, Offer, Office, Receipt
from docclient.office.errors import FieldWrong, NotFound, NotNow, NotYours, SecretRefused
from docclient.office.form import FormWrong
from docclient.office.journal import Entry
from docclient.office.model import Digest, DocumentId, Handler, PersonId, today
from docclient.office.queries.case_files import CaseFilePage
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.tasks import TaskPage
from docclient.office.registry import Rule, registry, rule_for
from docclient.office.things import ThingOffer
from docclient.store import tables
from tests.generators import writing
from tests.machine import model
from tests.machine.choosing import Circle
from tests.machine.deeds import DEEDS, Scene
from tests.machine.deeds.scene import GUEST
from tests.machine.giving import Bench, Filled, Giver, Refused
from tests.offices import ACCOUNTS, OfficeToTest, state_of

WRONG_ON_PURPOSE = 0.15
"""The share of commands that are given a value outside what a field takes."""
BESIDE = 50
"""Offers of this order and above do not bring a document further on its way."""
ABOUT_PEOPLE = frozenset({"AddPost", "EndPost", "ChangePost", "DeactivatePerson", "ReactivatePerson", "SetLoginRole",
                          "CloseUnit", "AddUnit"})
FORM_IS_TESTED = frozenset({"SubmitDraft", "ApproveFormat"})
"""Refused for the form of the text, where the office lets no wrong form pass."""


class Players:
    """earlier: how often each command succeeded in the offices played before; what was seen least is tried first.

    given: commands that took effect. refused: (command, field) of values that were wrong on purpose. left: offers not
    taken up, for want of a file or of somebody who is free.
    """

    def __init__(self, office: OfficeToTest, bench: Bench, earlier: Counter[str] | None = None) -> None:
        self.office = office
        self.doors: dict[str, Office] = {slug: office.door(slug) for slug in ACCOUNTS}
        with office.engine.reading() as work:
            entries = work.connection.exec_driver_sql("SELECT number FROM journal_head").scalar()
        self.model = model.SmallModel(int(entries or 0))
        self.circle, self.bench = Circle.of(office), bench
        self.earlier = Counter[str]() if earlier is None else earlier
        self.seen: list[Entry] = []
        self.given: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.left: Counter[str] = Counter()
        self.last: tuple[str, Command, str, PersonId | None, Receipt] | None = None
        self.count = self.moves = 0

    # --- moves -------------------------------------------------------------------------------------------------

    def plays(self, seed: int) -> None:
        """One move. It hangs on the seed and on how many came before: even the plainest seeds play a varied office."""
        self.moves += 1
        chance = random.Random(f"{seed} {self.moves}")
        (move,) = chance.choices(list(MOVES), list(MOVES.values()))
        move(self, chance)

    def arrives(self, chance: random.Random) -> None:
        """A packet whose file nobody else has, so that its bytes tell who may read it."""
        self.count += 1
        clerk = self.doors["clerk"]
        kind, content = writing.type_name(chance), f"letter {self.count} {chance.random()}".encode()
        # put by another, so that the clerk's own door knows the bytes only through the document
        putting = self.office.door("clerk")
        digest = putting.put(content)
        receipt = putting.do(ReceivePacket(
            f"t{self.count}", putting.put(b"packet " + content), "H99.07", "Sở Nội vụ tỉnh", f"H99.07,{self.count}",
            kind, writing.subject(chance, kind), (ReceivedFile("van-ban.docx", digest, "application/octet-stream"),),
            code_number=str(self.count), code_notation="SNV-VP", issued_date=today()))
        self.took_effect(receipt, digest)
        with clerk.read(digest) as stream:
            assert stream.read() == content

    def drafts(self, chance: random.Random) -> None:
        self.carry_out("StartDraft", chance, wrong_share=0.0)

    def does_a_deed(self, chance: random.Random) -> None:
        """Something that is no offer on a document: what was seen least comes first."""
        for name in self.rarest(DEEDS, chance):
            if self.carry_out(name, chance):
                return

    def does_what_is_offered(self, chance: random.Random) -> None:
        slug, document = self.chosen(chance)
        offered = {each.command: each for each in self.offers(slug, document)}
        if offered:
            self.give(slug, offered[self.rarest(offered, chance)[0] if chance.random() < 0.7
                                    else chance.choice(sorted(offered))], chance)

    def does_the_rarest(self, chance: random.Random) -> None:
        """Looks for a document on which somebody may give a command that was seldom seen."""
        offered = {each.name: each for each in registry().rules.values() if each.about_a_document and each.offered}
        for name in self.rarest(offered, chance)[:12]:
            found = self.where_it_is_offered(offered[name], chance)
            if found is not None:
                slug, document = found
                offer = next((each for each in self.offers(slug, document) if each.command == name), None)
                assert offer is not None, f"{name} is not offered to {slug}, who may give it"
                self.give(slug, offer, chance)
                return

    def where_it_is_offered(self, rule: Rule, chance: random.Random) -> tuple[str, DocumentId] | None:
        with self.office.engine.reading() as work:
            rows = work.connection.execute(select(tables.document.c.id).where(
                tables.document.c.state.in_(rule.states)).order_by(tables.document.c.id)).scalars().all()
            slugs = [slug for slug, door in self.doors.items() if not rule.by or rule.by & door.me.roles]
            for identity in chance.sample(rows, min(len(rows), 8)):
                document = work.document(DocumentId(identity))
                for slug in chance.sample(slugs, len(slugs)):
                    if self.holds(rule, slug, document.id):
                        return slug, document.id
        return None

    def holds(self, rule: Rule, slug: str, document: DocumentId) -> bool:
        with self.office.engine.reading() as work:
            try:
                me = self.doors[slug].me
                if model.sees(work, me, document):
                    rule.holds(work, me, work.document(document))
                    return True
            except (NotYours, NotNow):
                pass
        return False

    def does_something_with_a_thing(self, chance: random.Random) -> None:
        """A case file or a task."""
        table, page = chance.choice(((tables.case_file, CaseFilePage), (tables.task, TaskPage)))
        with self.office.engine.reading() as work:
            things = work.connection.scalars(select(table.c.id).order_by(table.c.id)).all()
        found: dict[str, tuple[str, ThingOffer]] = {}
        for thing in chance.sample(things, min(len(things), 3)):
            for slug in chance.sample(sorted(self.doors), 4):
                try:
                    view = self.doors[slug].ask(page(thing))
                except NotFound:
                    continue
                found |= {each.command: (slug, each) for each in view.offers}
        if found:
            slug, offer = found[self.rarest(found, chance)[0]]
            self.give(slug, offer, chance)

    def goes_on(self, chance: random.Random) -> None:
        """Some steps of the usual way of one document."""
        _, document = self.chosen(chance)
        last = None
        for _ in range(chance.randrange(1, 10)):
            done = self.takes_the_next_step(document, chance)
            if done in (None, last):
                return
            last = done

    def takes_the_next_step(self, document: DocumentId, chance: random.Random) -> str | None:
        """Whoever has the most usual act on this document does it; which one it was."""
        for slug in self.waited_for(document):
            found = [offer for offer in self.offers(slug, document) if not offer.negative and offer.order < BESIDE]
            if found:
                usual = min(found, key=lambda each: (each.order, each.command))
                self.give(slug, usual, chance)
                return usual.command
        return None

    def waited_for(self, document: DocumentId) -> list[str]:
        """Those on whose desk the document lies."""
        with self.office.engine.reading() as work:
            rows = work.connection.execute(select(tables.waiting).where(
                tables.waiting.c.document == document).order_by(tables.waiting.c.id)).all()
        return [slug for row in rows for slug, door in self.doors.items()
                if door.me.person == row.person or (row.person is None and row.role in door.me.roles)]

    def tries_what_is_not_offered(self, chance: random.Random) -> None:
        """Refused for who asks or when, and without a trace."""
        slug, document = self.chosen(chance)
        offered = {each.command for each in self.offers(slug, document) if each.acting_for is None}
        hidden = [each for each in registry().rules.values()
                  if each.about_a_document and each.offered and each.name not in offered and not each.about_oneself]
        rule, door = chance.choice(hidden), self.doors[slug]
        command = dummy(door, rule.command, document, self.version_of(document))
        before = self.state()
        try:
            receipt = door.do(command)
        except (NotYours, NotNow, NotFound):
            assert self.state() == before, f"{rule.name} was refused and left something"
            return
        raise AssertionError(f"{slug} gave {rule.name}, which was not offered: {receipt}")

    def tries_what_is_others(self, chance: random.Random) -> None:
        """A deed of others, with right values."""
        for name in chance.sample(sorted(DEEDS), 6):
            by, made = rule_for(name).by, DEEDS[name](self.scene(chance))
            slugs = [slug for slug, door in self.doors.items() if not by & door.me.roles]
            if by and made is not None and slugs:
                self.must_refuse(chance.choice(slugs), made.command, NotYours, FieldWrong)
                return

    def comes_too_late(self, chance: random.Random) -> None:
        """An offer of a version that is gone by is refused."""
        slug, document = self.chosen(chance)
        offered = [each for each in self.offers(slug, document)
                   if "version" in get_type_hints(registry().rules[each.command].command)]
        if not offered:
            return
        offer = chance.choice(offered)
        filled = Giver(self.circle, self.bench, chance).fill(self.doors[slug], offer)
        if not isinstance(filled, Filled):
            return
        refused = self.must_refuse(slug, replace(filled.command, version=offer.version - 1),  # type: ignore[call-arg]
                                   Trouble, acting_for=offer.acting_for)
        assert not isinstance(refused, NotFound), refused

    def says_it_again(self, chance: random.Random) -> None:
        """The same act under the same key, a retry: the same receipt, and nothing happens."""
        if self.last is not None:
            slug, command, key, acting_for, receipt = self.last
            if slug in self.doors:
                assert self.doors[slug].do(command, key=key, acting_for=acting_for) == receipt

    def looks_around(self, chance: random.Random) -> None:
        self.look(chance, documents=2)

    def look(self, chance: random.Random, *, documents: int) -> None:
        """documents: how many of the newest are opened by everybody."""
        newest = list(self.model.documents)[-12:]
        opened = chance.sample(newest, min(documents, len(newest)))
        model.nobody_reads_too_much(self.office, self.doors, self.model, opened)
        model.the_journal_verifies(self.office, self.seen)

    # --- how -----------------------------------------------------------------------------------------------------

    def rarest(self, names: Iterable[str], chance: random.Random) -> list[str]:
        """What succeeded least often first, mixed a little: what cannot be done yet is not always tried first."""
        mixed = {name: self.given[name] + self.earlier[name] + 2 * chance.random() for name in sorted(names)}
        return sorted(mixed, key=mixed.__getitem__)

    def chosen(self, chance: random.Random) -> tuple[str, DocumentId]:
        """Somebody, and one of the newest documents, so that some go a long way."""
        return chance.choice(list(self.doors)), chance.choice(list(self.model.documents)[-12:])

    def offers(self, slug: str, document: DocumentId) -> list[Offer]:
        try:
            return list(self.doors[slug].ask(OffersOn(document)))
        except NotFound:
            return []

    def version_of(self, document: DocumentId) -> int:
        with self.office.engine.reading() as work:
            return work.document(document).version

    def scene(self, chance: random.Random) -> Scene:
        self.count += 1
        return Scene(self.office.engine, self.doors, self.circle, self.bench, chance, self.count)

    def state(self) -> object:
        """Differs as soon as anything is written."""
        self.office.engine.views.settle()
        return state_of(self.office)

    def carry_out(self, name: str, chance: random.Random, *, wrong_share: float = WRONG_ON_PURPOSE) -> bool:
        """Does the deed, or gives it with a wrong value. False: nobody can do it now."""
        made = DEEDS[name](self.scene(chance))
        if made is None:
            return False
        never = [(each, replace(made.command, **{each: value})) for each, value in sorted(made.wrong.items())]
        never += [("", each) for each in made.refused]
        if never and chance.random() < wrong_share:
            which, command = chance.choice(never)
            self.must_refuse(made.slug, command, Trouble)
            self.refused[name, which] += 1
            return True
        for command in (*made.first, made.command):
            self.do(made.slug, command, f"{self.model.entries}:{chance.random()}", told=str(command))
        return True

    def do(self, slug: str, command: Command, key: str, *, told: str, acting_for: PersonId | None = None) -> None:
        try:
            receipt = self.doors[slug].do(command, key=key, acting_for=acting_for)
        except SecretRefused as refused:
            # the same bytes were reported as secret of another document: then nobody may bring them again
            assert self.brings_secret(command), f"{slug} may do {told}: {refused!r}"
            return
        except Trouble as refused:
            raise AssertionError(f"{slug} may do {told}: {refused!r} {refused.facts}") from refused
        self.last = (slug, command, key, acting_for, receipt)
        self.took_effect(receipt)

    def brings_secret(self, command: Command) -> bool:
        with self.office.engine.reading() as work:
            secret = set(work.connection.scalars(select(tables.found_secret.c.digest).where(
                tables.found_secret.c.cleared_at.is_(None))))
        return any(digest in repr(command) for digest in secret)

    def must_refuse(self, slug: str, command: Command, *expected: type[Trouble],
                    acting_for: PersonId | None = None) -> Trouble:
        """Refused with an error of the tree, and without a trace."""
        before = self.state()
        try:
            receipt = self.doors[slug].do(command, acting_for=acting_for)
        except Trouble as refused:
            assert isinstance(refused, expected), f"{slug} gave {command}: {refused!r} {refused.facts}"
            assert self.state() == before, f"{command} was refused and left something"
            return refused
        raise AssertionError(f"{slug} gave {command}, which no office may take: {receipt}")

    def give(self, slug: str, offer: Offer | ThingOffer, chance: random.Random) -> None:
        """With right values it must succeed; with a wrong one it must be refused for that value."""
        door, acting_for = self.doors[slug], None if isinstance(offer, ThingOffer) else offer.acting_for
        filled = Giver(self.circle, self.bench, chance).fill(door, offer, wrong_share=WRONG_ON_PURPOSE)
        if filled is None:
            self.left[offer.command] += 1
        elif isinstance(filled, Refused):
            self.refused[offer.command, filled.wrong] += 1
        elif filled.wrong:
            self.must_refuse(slug, filled.command, FieldWrong, NotFound, *self.content(offer), acting_for=acting_for)
            self.refused[offer.command, filled.wrong] += 1
        elif self.form_is_refused(slug, filled.command, acting_for):
            self.refused[offer.command, "form"] += 1
        else:
            self.do(slug, filled.command, f"{self.model.entries}:{chance.random()}", told=str(filled.command),
                    acting_for=acting_for)

    def content(self, offer: Offer | ThingOffer) -> tuple[type[Trouble], ...]:
        return (FormWrong,) if offer.command in FORM_IS_TESTED else ()

    def form_is_refused(self, slug: str, command: Command, acting_for: PersonId | None) -> bool:
        """Where wrong form stops a draft, it is refused for that alone, and then leaves nothing either."""
        if type(command).__name__ not in FORM_IS_TESTED or not model.wrong_form_stops(self.office):
            return False
        before = self.state()
        try:
            receipt = self.doors[slug].do(command, acting_for=acting_for)
        except FormWrong:
            assert self.state() == before, f"{command} was refused and left something"
            return True
        self.took_effect(receipt)
        self.last = None
        return True

    def took_effect(self, receipt: Receipt, digest: Digest | None = None) -> None:
        self.given[receipt.command] += 1
        self.model.took_effect(receipt, digest)
        if receipt.command in ABOUT_PEOPLE:
            self.people_changed()

    def people_changed(self) -> None:
        """Who came may act, who left no longer does."""
        self.circle = Circle.of(self.office)
        with self.office.engine.reading() as work:
            person = tables.person.c
            here = {row.account: row.id for row in work.connection.execute(select(person.id, person.account).where(
                person.account.like(f"{GUEST}%"), person.active.is_(True)))}
        for slug in [each for each in self.doors if each.startswith(GUEST) and each not in here]:
            del self.doors[slug]
        for slug, identity in here.items():
            if slug not in self.doors:
                self.doors[slug] = self.office.engine.enter(identity)

    def hold(self) -> None:
        model.hold(self.office, self.model)


MOVES: dict[Callable[[Players, random.Random], None], int] = {
    Players.arrives: 5, Players.drafts: 5, Players.goes_on: 16, Players.does_the_rarest: 24, Players.does_a_deed: 24,
    Players.does_something_with_a_thing: 8, Players.does_what_is_offered: 8, Players.tries_what_is_not_offered: 3,
    Players.tries_what_is_others: 3, Players.comes_too_late: 3, Players.says_it_again: 2, Players.looks_around: 3,
}
"""How often each is made, among each other."""


def dummy(door: Office, command: type[Command], document: DocumentId, version: int) -> Command:
    """Something in every field that needs it."""
    hints = get_type_hints(command)
    values: dict[str, Any] = {"document": document}
    for each in fields(command):
        if each.name == "version":
            values["version"] = version
        elif each.name not in values and each.default is MISSING and each.default_factory is MISSING:
            values[each.name] = value_for(door, hints[each.name])
    return command(**values)


def value_for(door: Office, hint: Any) -> Any:
    if hint is Digest:
        return door.put(b"some file")
    if hint is date:
        return today()
    if hint is Handler:
        return Handler("person", door.me.person)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if get_origin(hint) is tuple and get_args(hint)[0] is Handler:
        return (Handler("person", door.me.person),)
    return ("H99",) if get_origin(hint) is tuple else str(door.me.person)
