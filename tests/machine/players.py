"""Random people of one office: they do what they are offered, and try what they are not."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import MISSING, fields
from datetime import date
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from sqlalchemy import select

from docclient.errors import Trouble
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.outgoing import StartDraft
from docclient.office.door import Command, Offer, Office, Receipt
from docclient.office.errors import FieldWrong, NotFound, NotNow, NotYours
from docclient.office.journal import Entry
from docclient.office.model import Digest, DocumentId, Handler, today
from docclient.office.queries.document_page import OffersOn
from docclient.office.registry import registry
from docclient.store import tables
from tests.generators import writing
from tests.machine import model
from tests.machine.choosing import Circle
from tests.machine.giving import Bench, Filled, Giver, Refused
from tests.offices import ACCOUNTS, OfficeToTest

WRONG_ON_PURPOSE = 0.12
"""The share of commands that are given a value outside what a field takes."""


class Players:
    """given: commands that took effect. refused: (command, field) of values that were wrong on purpose. left:
    offers not taken up, for want of a file or of somebody who is free."""

    def __init__(self, office: OfficeToTest, bench: Bench) -> None:
        self.office = office
        self.doors = {slug: office.door(slug) for slug in ACCOUNTS}
        with office.engine.reading() as work:
            entries = work.connection.exec_driver_sql("SELECT number FROM journal_head").scalar()
        self.model = model.SmallModel(int(entries or 0))
        self.circle, self.bench = Circle.of(office), bench
        self.seen: list[Entry] = []
        self.given: Counter[str] = Counter()
        self.refused: Counter[tuple[str, str]] = Counter()
        self.left: Counter[str] = Counter()
        self.last: tuple[str, Command, str, Receipt] | None = None
        self.count = 0

    # --- moves -------------------------------------------------------------------------------------------------

    def arrives(self, seed: int) -> None:
        """A packet whose file nobody else has, so that its bytes tell who may read it."""
        self.count += 1
        clerk, chance = self.doors["clerk"], random.Random(seed)
        kind, content = writing.type_name(chance), f"letter {self.count} {seed}".encode()
        # put by another, so that the clerk's own door knows the bytes only through the document
        putting = self.office.door("clerk")
        digest = putting.put(content)
        receipt = putting.do(ReceivePacket(
            f"t{self.count}", putting.put(b"packet " + content), "H99.07", "Sở Nội vụ tỉnh", f"H99.07,{self.count}",
            kind, writing.subject(chance, kind), (ReceivedFile("van-ban.docx", digest, "application/octet-stream"),),
            code_number=str(self.count), code_notation="SNV-VP", issued_date=today()))
        self.took_effect("clerk", receipt, digest)
        with clerk.read(digest) as stream:
            assert stream.read() == content

    def drafts(self, seed: int) -> None:
        chance = random.Random(seed)
        slug = chance.choice(["officer_economy", "officer_culture_society", "head_economy", "chief_of_office"])
        receipt = self.doors[slug].do(StartDraft("Công văn", writing.subject(chance, "Công văn"),
                                                 self.office.person("chairman"), ("H99.07",)))
        self.took_effect(slug, receipt)

    def does_what_is_offered(self, who: int, which: int, seed: int) -> None:
        if self.model.documents:
            slug, document = self.chosen(who, which)
            offered = self.offers(slug, document)
            if offered:
                self.give(slug, random.Random(seed).choice(offered), seed)

    def goes_on(self, which: int, seed: int) -> None:
        """Whoever has the most usual act on this document does it."""
        if not self.model.documents:
            return
        _, document = self.chosen(0, which)
        for slug in self.waited_for(document):
            found = [offer for offer in self.offers(slug, document) if not offer.negative]
            if found:
                self.give(slug, min(found, key=lambda each: (each.order, each.command)), seed)
                return

    def waited_for(self, document: DocumentId) -> list[str]:
        """Those on whose desk the document lies."""
        with self.office.engine.reading() as work:
            rows = work.connection.execute(select(tables.waiting).where(
                tables.waiting.c.document == document).order_by(tables.waiting.c.id)).all()
        return [slug for row in rows for slug, door in self.doors.items()
                if door.me.person == row.person or (row.person is None and row.role in door.me.roles)]

    def tries_what_is_not_offered(self, who: int, which: int, seed: int) -> None:
        """Refused for who asks or when, and without a trace."""
        if not self.model.documents:
            return
        slug, document = self.chosen(who, which)
        offered = {each.command for each in self.offers(slug, document)}
        hidden = [each for each in registry().rules.values()
                  if each.about_a_document and each.offered and each.name not in offered and not each.about_oneself]
        rule, door = random.Random(seed).choice(hidden), self.doors[slug]
        command = dummy(door, rule.command, document, self.version_of(document))
        try:
            receipt = door.do(command)
        except (NotYours, NotNow, NotFound):
            return
        raise AssertionError(f"{slug} gave {rule.name}, which was not offered: {receipt}")

    def comes_too_late(self, who: int, which: int, seed: int) -> None:
        """An offer of a version that is gone by is refused."""
        if not self.model.documents:
            return
        slug, document = self.chosen(who, which)
        offered = [each for each in self.offers(slug, document)
                   if "version" in get_type_hints(registry().rules[each.command].command)]
        if not offered:
            return
        offer = random.Random(seed).choice(offered)
        filled = Giver(self.circle, self.bench, random.Random(seed)).fill(self.doors[slug], offer)
        if not isinstance(filled, Filled):
            return
        command = filled.command
        values = {each.name: getattr(command, each.name) for each in fields(command)} | {"version": offer.version - 1}
        try:
            self.doors[slug].do(type(command)(**values))
        except Trouble as refused:
            assert not isinstance(refused, NotFound), refused
            return
        raise AssertionError(f"{offer.command} on a version gone by")

    def says_it_again(self) -> None:
        """The same act under the same key, a retry: the same receipt, and nothing happens."""
        if self.last is not None:
            slug, command, key, receipt = self.last
            assert self.doors[slug].do(command, key=key) == receipt

    def looks_around(self) -> None:
        model.nobody_reads_too_much(self.office, self.doors, self.model)
        model.the_journal_verifies(self.office, self.seen)

    # --- how -----------------------------------------------------------------------------------------------------

    def chosen(self, who: int, which: int) -> tuple[str, DocumentId]:
        """Among the newest documents, so that some go a long way."""
        newest = list(self.model.documents)[-12:]
        return list(self.doors)[who % len(self.doors)], newest[which % len(newest)]

    def offers(self, slug: str, document: DocumentId) -> list[Offer]:
        try:
            return [each for each in self.doors[slug].ask(OffersOn(document)) if each.acting_for is None]
        except NotFound:
            return []

    def version_of(self, document: DocumentId) -> int:
        with self.office.engine.reading() as work:
            return work.document(document).version

    def give(self, slug: str, offer: Offer, seed: int) -> None:
        """With right values it must succeed; with a wrong one it must be refused for that value."""
        door = self.doors[slug]
        filled = Giver(self.circle, self.bench, random.Random(seed)).fill(door, offer, wrong_share=WRONG_ON_PURPOSE)
        if filled is None:
            self.left[offer.command] += 1
            return
        if isinstance(filled, Refused):
            self.refused[offer.command, filled.wrong] += 1
            return
        key = f"{self.model.entries}:{seed}"
        try:
            receipt = door.do(filled.command, key=key)
        except Trouble as refused:
            told = f"{slug} was offered {offer} and gave {filled}: {refused!r} {refused.facts}"
            assert filled.wrong and isinstance(refused, FieldWrong | NotFound), told
            self.refused[offer.command, filled.wrong] += 1
            return
        self.last = (slug, filled.command, key, receipt)
        self.took_effect(slug, receipt)
        assert not filled.wrong, f"{slug} gave {filled}, which no office may take"

    def took_effect(self, slug: str, receipt: Receipt, digest: Digest | None = None) -> None:
        self.given[receipt.command] += 1
        self.model.took_effect(receipt, digest)

    def hold(self) -> None:
        model.hold(self.office, self.model)


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
