"""Commands from offers: a value for every field from what its `Ask` says, and real files where the desk makes them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args, get_type_hints

from sqlalchemy import select

from docclient.desk.drafting import finish_draft, propose_draft
from docclient.office.door import Ask, AskKind, Command, Offer, Office
from docclient.office.model import Digest, PersonId, UnitId, today
from docclient.office.queries.document_page import DocumentPage
from docclient.office.registry import from_json, rule_for
from docclient.store import tables
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from tests.offices import Material, OfficeToTest

WORDS = ("Tham mưu văn bản trả lời.", "Đã rà soát.", "Chờ số liệu của các thôn.", "Đề nghị làm rõ đoạn 2.")
RECIPIENTS = ("H99.07", "H99.22", "H99.23")


@dataclass(frozen=True, slots=True)
class Bench:
    """Files made once and given by many: drafting and signing for real takes a second. signed: by digest of what was
    signed and by whom; filled by `sign`."""

    folder: Path
    material: Material
    draft: bytes
    prepared: bytes
    signed: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @classmethod
    def make(cls, material: Material, folder: Path) -> Bench:
        made = finish_draft(propose_draft(material.draft, folder, seal_diameter_mm=36), folder)
        return cls(folder, material, made.pdf.read_bytes(), made.prepared.read_bytes())

    def sign(self, content: bytes, digest: str, key: str, role: Role) -> bytes:
        if (digest, key) not in self.signed:
            source, target = self.folder / "unsigned.pdf", self.folder / "signed.pdf"
            source.write_bytes(content)
            target.unlink(missing_ok=True)
            self.signed[digest, key] = sign_pdf(
                source, target, self.material.key(key), SigningRequest(role=role)).target.read_bytes()
        return self.signed[digest, key]

    def seal(self, content: bytes, number: str, issued: date) -> bytes:
        source, target = self.folder / "unsealed.pdf", self.folder / "sealed.pdf"
        source.write_bytes(content)
        target.unlink(missing_ok=True)
        fill_and_seal(source, target, self.material.key("agency"), number=number, issued=issued,
                      request=SigningRequest(role=Role.AGENCY))
        return target.read_bytes()


@dataclass(frozen=True, slots=True)
class Circle:
    """Who may stand in a field. keys: who has a signing key here, and its name."""

    persons: tuple[PersonId, ...]
    units: tuple[UnitId, ...]
    keys: Mapping[PersonId, str]

    @classmethod
    def of(cls, office: OfficeToTest) -> Circle:
        with office.engine.reading() as work:
            persons = work.connection.scalars(select(tables.person.c.id).order_by(tables.person.c.id)).all()
            units = work.connection.scalars(select(tables.unit.c.id).order_by(tables.unit.c.id)).all()
        return cls(tuple(map(PersonId, persons)), tuple(map(UnitId, units)),
                   {office.person(slug): slug for slug in ("chairman", "vice_chairman")})


class Giver:
    """Fills in what an offer asks for. chance: everything random comes from it."""

    def __init__(self, circle: Circle, bench: Bench, chance: random.Random) -> None:
        self.circle, self.bench, self.chance = circle, bench, chance

    def command(self, door: Office, offer: Offer) -> Command | None:
        """None: it needs files that this bench cannot make."""
        rule = rule_for(offer.command)
        hints = get_type_hints(rule.command)
        values: dict[str, Any] = {name: getattr(offer, name) for name in ("document", "version") if name in hints}
        for ask in offer.fields:
            given = self.value(ask, hints[ask.name])
            if given is not None:
                values[ask.name] = given
            elif ask.required:
                return None
        files = FILES.get(offer.command)
        if files is not None:
            made = files(self, door, offer)
            if made is None:
                return None
            values |= made
        command = rule.command
        needed = {each for each in hints if each not in values} & required_of(command)
        return None if needed else from_json(command, values)

    def value(self, ask: Ask, hint: Any) -> Any:
        """Something valid for this kind of input, as JSON; None: left empty."""
        chance = self.chance
        if not ask.required and chance.random() < 0.5:
            return ask.default
        if ask.choices:
            chosen = chance.choice(ask.choices)[0]
            return int(chosen) if str(chosen).isdecimal() else chosen
        if ask.default not in (None, "", [], ()) and chance.random() < 0.7:
            return ask.default
        make = VALUES.get(ask.kind)
        return make(self, hint) if make is not None else ask.default

    def person(self, hint: Any = None) -> str:
        return self.chance.choice(self.circle.persons)

    def handler(self, hint: Any = None) -> Mapping[str, str]:
        if self.chance.random() < 0.3:
            return {"kind": "unit", "id": self.chance.choice(self.circle.units)}
        return {"kind": "person", "id": self.person()}

    def several(self, hint: Any) -> Sequence[Any]:
        if PersonId in get_args(hint):
            return self.chance.sample(self.circle.persons, self.chance.randrange(1, 3))
        return self.chance.sample(RECIPIENTS, self.chance.randrange(1, 3))

    def day(self, hint: Any = None) -> str:
        return (today() + timedelta(days=self.chance.randrange(1, 60))).isoformat()

    def words(self, hint: Any = None) -> str:
        return self.chance.choice(WORDS)


VALUES: dict[AskKind, Callable[[Giver, Any], Any]] = {
    AskKind.TEXT: lambda giver, hint: str(giver.chance.randrange(1, 99_999)),
    AskKind.LONG_TEXT: Giver.words,
    AskKind.NUMBER: lambda giver, hint: giver.chance.randrange(1, 50),
    AskKind.DATE: Giver.day,
    AskKind.YES_NO: lambda giver, hint: giver.chance.random() < 0.5,
    AskKind.PERSON: Giver.person,
    AskKind.HANDLER: Giver.handler,
    AskKind.HANDLERS: lambda giver, hint: [giver.handler() for _ in range(giver.chance.randrange(1, 3))],
    AskKind.RECIPIENTS: Giver.several,
    AskKind.PHRASED: Giver.words,
    AskKind.DEADLINE: Giver.day,
}
"""Kinds without an entry are left as the offer proposes them."""


def required_of(command: type[Command]) -> set[str]:
    return {each.name for each in fields(command) if each.default is MISSING and each.default_factory is MISSING}


# --- what the desk makes ---------------------------------------------------------------------------------------------


def draft_files(giver: Giver, door: Office, offer: Offer) -> dict[str, Any]:
    return {"name": "du-thao.pdf", "pdf": door.put(giver.bench.draft), "prepared": door.put(giver.bench.prepared)}


def newest(door: Office, offer: Offer) -> tuple[Digest, bytes] | None:
    main = door.ask(DocumentPage(offer.document)).main_file()
    if main is None:
        return None
    with door.read(main.current.digest) as stream:
        return main.current.digest, stream.read()


def personal_signature(giver: Giver, door: Office, offer: Offer) -> dict[str, Any] | None:
    found = newest(door, offer)
    key = giver.circle.keys.get(door.me.person)
    if found is None or key is None:
        return None
    signed = giver.bench.sign(found[1], found[0], key, Role.PERSONAL)
    return {"seen": found[0], "signed": door.put(signed)}


def agency_seal(giver: Giver, door: Office, offer: Offer) -> dict[str, Any] | None:
    found = newest(door, offer)
    document = door.ask(DocumentPage(offer.document)).document
    if found is None or document.code_number is None or document.issued_date is None:
        return None
    sealed = giver.bench.seal(found[1], document.code_number, document.issued_date)
    return {"seen": found[0], "sealed": door.put(sealed)}


def agency_copy(giver: Giver, door: Office, offer: Offer) -> dict[str, Any] | None:
    found = newest(door, offer)
    if found is None:
        return None
    return {"signed": door.put(giver.bench.sign(found[1], found[0], "agency", Role.COPY))}


def annex(giver: Giver, door: Office, offer: Offer) -> dict[str, Any]:
    return {"name": "phu-luc.pdf", "pdf": door.put(giver.bench.draft)}


FILES: dict[str, Callable[[Giver, Office, Offer], dict[str, Any] | None]] = {
    "PutDraftFile": draft_files, "SignOutgoing": personal_signature, "SealOutgoing": agency_seal,
    "RegisterPaper": agency_copy, "AddAnnex": annex}
