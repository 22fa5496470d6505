"""Commands from offers: a value for every field from what its `Ask` says, and real files where the desk makes them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

from PIL import Image

from docclient.capture import archive_pdf
from docclient.capture.archive_pdf import ArchivePage
from docclient.capture.page_text import PageText, Word
from docclient.desk.drafting import finish_draft, propose_draft
from docclient.office.commands.issuing import annexes_of
from docclient.office.door import AskKind, Command, Offer, Office
from docclient.office.errors import FieldWrong
from docclient.office.model import Actor, Digest, Step
from docclient.office.queries.document_page import DocumentPage
from docclient.office.registry import from_json, rule_for
from docclient.office.things import ThingOffer
from signing.certificates import certificate_facts
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from tests.machine.choosing import NEEDED_HERE, Circle, Situation, wrong
from tests.offices import Material


@dataclass(frozen=True, slots=True)
class Bench:
    """Files made once and given by many: drafting and signing for real takes a second. certificates: by fingerprint, of
    nobody in the office. paper: a page that was scanned, with a word misread beneath its picture; paper_read_better:
    with that word put right. signed: by digest of what was signed and by whom; filled by `sign`."""

    folder: Path
    material: Material
    draft: bytes
    prepared: bytes
    certificates: dict[str, bytes]
    paper: bytes
    paper_read_better: bytes
    signed: dict[tuple[str, str], bytes] = field(default_factory=dict)

    @classmethod
    def make(cls, material: Material, folder: Path) -> Bench:
        made = finish_draft(propose_draft(material.draft, folder, seal_diameter_mm=36), folder)
        certificates = (material.authority.anchor_der, material.authority.issuing_der)
        return cls(folder, material, made.pdf.read_bytes(), made.prepared.read_bytes(),
                   {certificate_facts(each).fingerprint.lower(): each for each in certificates},
                   scanned(folder, "nguvên"), scanned(folder, "nguyên"))

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
class Filled:
    """wrong: the field that was given a value outside what it takes, on purpose; the office must refuse."""

    command: Command
    wrong: str = ""


class Giver:
    """Fills in what an offer asks for. chance: everything random comes from it."""

    def __init__(self, circle: Circle, bench: Bench, chance: random.Random) -> None:
        self.circle, self.bench, self.chance = circle, bench, chance

    def fill(self, door: Office, offer: Offer | ThingOffer, *,
             wrong_share: float = 0.0) -> Filled | Refused | None:
        """None: it needs files that this bench cannot make, or somebody where nobody is free. Refused: a wrong value
        did not even become a command."""
        rule = rule_for(offer.command)
        hints = get_type_hints(rule.command)
        if isinstance(offer, ThingOffer):
            values: dict[str, Any] = {offer.field: offer.thing, "version": offer.version}
        else:
            values = {name: getattr(offer, name) for name in ("document", "version") if name in hints}
        here = Situation(self.circle, as_whom(door, offer), offer, self.chance)
        for ask in offer.fields:
            given = self.file(door) if ask.kind is AskKind.PDF else here.right(ask)
            if given is not None:
                values[ask.name] = given
            elif ask.required or (offer.command, ask.name) in NEEDED_HERE:
                return None
        if "file" in values and "name" in hints:
            values["name"] = "y-kien.pdf"
        files = FILES.get(offer.command)
        if files is not None:
            assert isinstance(offer, Offer)
            made = files(self, door, offer)
            if made is None:
                return None
            values |= made
        command = rule.command
        if {each for each in hints if each not in values} & required_of(command):
            return None
        never = {ask.name: value for ask in offer.fields if (value := wrong(offer.command, ask)) is not None}
        if never and self.chance.random() < wrong_share:
            name = self.chance.choice(list(never))
            try:
                return Filled(from_json(command, values | {name: never[name]}), name)
            except FieldWrong as refused:
                return Refused(name, refused)
        return Filled(from_json(command, values))

    def file(self, door: Office) -> Digest | None:
        """A PDF that somebody shows, now and then."""
        return door.put(self.bench.draft) if self.chance.random() < 0.6 else None


def as_whom(door: Office, offer: Offer | ThingOffer) -> Actor:
    """Oneself, or the absent person for whom the offer is."""
    absent = None if isinstance(offer, ThingOffer) else offer.acting_for
    return next((each.actor for each in door.me.stands_for if each.actor.person == absent), door.me)


@dataclass(frozen=True, slots=True)
class Refused:
    wrong: str
    by: FieldWrong


def required_of(command: type[Command]) -> set[str]:
    return {each.name for each in fields(command) if each.default is MISSING and each.default_factory is MISSING}


def scanned(folder: Path, word: str) -> bytes:
    picture, target = folder / "page.jpg", folder / "page.pdf"
    Image.new("RGB", (413, 584), (240, 240, 240)).save(picture, quality=80)
    text = PageText((Word(word, 0.6, (30, 60, 40, 65), line=1),), (210, 297))
    archive_pdf.write([ArchivePage(picture, (413, 584), text)], target, title="Thư")
    return target.read_bytes()


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
    with giver.circle.office.engine.reading() as work:
        if any(step != Step.SEALED for _, step in annexes_of(work, offer.document)):
            return None                 # the agency signs those first
    sealed = giver.bench.seal(found[1], document.code_number, document.issued_date)
    return {"seen": found[0], "sealed": door.put(sealed)}


def agency_copy(giver: Giver, door: Office, offer: Offer) -> dict[str, Any] | None:
    found = newest(door, offer)
    if found is None:
        return None
    return {"signed": door.put(giver.bench.sign(found[1], found[0], "agency", Role.COPY))}


def copy_signature(giver: Giver, door: Office, offer: Offer) -> dict[str, Any] | None:
    found = newest(door, offer)
    if found is None:
        return None
    return {"seen": found[0], "sealed": door.put(giver.bench.sign(found[1], found[0], "agency", Role.COPY))}


def annex(giver: Giver, door: Office, offer: Offer) -> dict[str, Any]:
    return {"name": "phu-luc.pdf", "pdf": door.put(giver.bench.draft)}


FILES: dict[str, Callable[[Giver, Office, Offer], dict[str, Any] | None]] = {
    "PutDraftFile": draft_files, "SignOutgoing": personal_signature, "SealOutgoing": agency_seal,
    "RegisterPaper": agency_copy, "AddAnnex": annex, "CopyExtract": annex, "SignCopy": copy_signature}
