"""The office itself: units, persons, posts, outside agencies, document types, registers, trust. For administrators."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509
from sqlalchemy import delete, func, insert, select

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import AGENCY_OWNER
from docclient.office.model import Actor, Digest, PersonId, Role, UnitId, new_id
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work
from signing.certificates import CertificateUnreadable, certificate_facts


class RegisterKind(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"
    COPIES = "copies"          # SY, SL and TrS share one series (NĐ 30 Annex I)


class TrustKind(StrEnum):
    ANCHOR = "anchor"
    INTERMEDIATE = "intermediate"
    CRL = "crl"


SEAL_MM = (10.0, 100.0)      # a seal's diameter: anything else is a slip of the hand
PNG = b"\x89PNG\r\n\x1a\n"


def number_in(text: str) -> float:
    """Raises: FieldWrong."""
    try:
        return float(text)
    except ValueError:
        raise FieldWrong("value", Why.NOT_A_NUMBER) from None


def made(work: Work, command: Command, **facts: str) -> Receipt:
    return Receipt(type(command).__name__, work.entry, facts=facts)


def needed(**values: str) -> None:
    for name, value in values.items():
        if not value.strip():
            raise FieldWrong(name, Why.EMPTY)


@dataclass(frozen=True, slots=True)
class SetFact(Command):
    """A fact of the office: `symbol` (the agency's abbreviation in symbols), `seal_diameter_mm`, …"""

    name: str
    value: str


@rule(SetFact, by=Role.ADMINISTRATOR)
def set_fact(work: Work, me: Actor, c: SetFact) -> Receipt:
    if c.name == "seal_diameter_mm" and not SEAL_MM[0] <= number_in(c.value) <= SEAL_MM[1]:
        raise FieldWrong("value", Why.NOT_A_NUMBER)
    work.connection.execute(delete(tables.office_fact).where(tables.office_fact.c.name == c.name))
    work.connection.execute(insert(tables.office_fact).values(name=c.name, value=c.value))
    return made(work, c)


@dataclass(frozen=True, slots=True)
class AddUnit(Command):
    name: str
    abbreviation: str


@rule(AddUnit, by=Role.ADMINISTRATOR)
def add_unit(work: Work, me: Actor, c: AddUnit) -> Receipt:
    needed(name=c.name, abbreviation=c.abbreviation)
    identity = new_id()
    position = work.connection.scalar(select(func.count()).select_from(tables.unit)) or 0
    work.connection.execute(insert(tables.unit).values(
        id=identity, name=c.name, abbreviation=c.abbreviation, position=position))
    return made(work, c, unit=identity)


@dataclass(frozen=True, slots=True)
class AddPerson(Command):
    """account: a short name to enter by, unique in the office."""

    name: str
    account: str = ""


@rule(AddPerson, by=Role.ADMINISTRATOR)
def add_person(work: Work, me: Actor, c: AddPerson) -> Receipt:
    needed(name=c.name)
    identity = new_id()
    if not work.insert_once(tables.person, id=identity, name=c.name, account=c.account or None, active=True):
        raise FieldWrong("account", Why.TAKEN)
    return made(work, c, person=identity)


@dataclass(frozen=True, slots=True)
class AddPost(Command):
    """authority_form: how this post signs (TM., KT., TL., TUQ., Q.; NĐ 30 Art 13), empty for none."""

    person: PersonId
    unit: UnitId
    title: str
    role: Role
    authority_form: str = ""


@rule(AddPost, by=Role.ADMINISTRATOR, kinds={"person": AskKind.PERSON, "unit": AskKind.UNIT})
def add_post(work: Work, me: Actor, c: AddPost) -> Receipt:
    needed(title=c.title)
    work.person_name(c.person)
    if work.connection.scalar(select(tables.unit.c.id).where(tables.unit.c.id == c.unit)) is None:
        raise FieldWrong("unit", Why.UNKNOWN)
    identity = new_id()
    work.connection.execute(insert(tables.post).values(
        id=identity, person=c.person, unit=c.unit, title=c.title, role=c.role,
        authority_form=c.authority_form or None))
    work.people_changed()
    return made(work, c, post=identity)


@dataclass(frozen=True, slots=True)
class AddAgency(Command):
    """An outside agency of the directory, under its code (QĐ 20/2020) and, if it had one, its older code."""

    code: str
    name: str
    old_code: str = ""
    parent_name: str = ""
    place: str = ""
    email: str = ""


@rule(AddAgency, by={Role.ADMINISTRATOR, Role.CLERK})
def add_agency(work: Work, me: Actor, c: AddAgency) -> Receipt:
    needed(code=c.code, name=c.name)
    identity = new_id()
    if not work.insert_once(tables.agency, id=identity, code=c.code, old_code=c.old_code or None, name=c.name,
                            parent_name=c.parent_name or None, place=c.place or None, email=c.email or None,
                            own=False):
        raise FieldWrong("code", Why.TAKEN)
    return made(work, c, agency=identity)


@dataclass(frozen=True, slots=True)
class AddDocumentType(Command):
    """One of the types of NĐ 30 Art 7, or the office's own; công văn and thư công have no abbreviation."""

    name: str
    abbreviation: str = ""


@rule(AddDocumentType, by=Role.ADMINISTRATOR)
def add_document_type(work: Work, me: Actor, c: AddDocumentType) -> Receipt:
    needed(name=c.name)
    position = work.connection.scalar(select(func.count()).select_from(tables.document_type)) or 0
    if not work.insert_once(tables.document_type, name=c.name, abbreviation=c.abbreviation or None, position=position):
        raise FieldWrong("name", Why.TAKEN)
    return made(work, c)


@dataclass(frozen=True, slots=True)
class OpenRegister(Command):
    """A register of a year. last_number: of the paper register that it continues, 0 for a new year."""

    kind: RegisterKind
    year: int
    title: str
    last_number: int = 0


@rule(OpenRegister, by=Role.ADMINISTRATOR)
def open_register(work: Work, me: Actor, c: OpenRegister) -> Receipt:
    needed(title=c.title)
    if not 0 <= c.last_number < 10_000_000 or not 1900 <= c.year <= 2200:
        raise FieldWrong("last_number", Why.NEGATIVE)
    identity = new_id()
    if not work.insert_once(tables.register, id=identity, kind=c.kind, year=c.year, title=c.title,
                            last_number=c.last_number, closed=False):
        raise FieldWrong("title", Why.TAKEN)
    return made(work, c, register=identity)


@dataclass(frozen=True, slots=True)
class AddTrust(Command):
    """Trust this certificate (an anchor or an intermediate), or use this revocation list. content: the put file."""

    kind: TrustKind
    content: Digest
    name: str


@rule(AddTrust, by=Role.ADMINISTRATOR)
def add_trust(work: Work, me: Actor, c: AddTrust) -> Receipt:
    needed(name=c.name)
    content = content_of(work, c.content)
    try:
        if c.kind is TrustKind.CRL:
            x509.load_der_x509_crl(content)
        else:
            certificate_facts(content)
    except (CertificateUnreadable, ValueError):
        raise FieldWrong("content", Why.NOT_A_CERTIFICATE) from None
    work.name_blob(c.content)
    work.insert_once(tables.trust_item, kind=c.kind, digest=c.content, name=c.name, added_at=work.at)
    return made(work, c)


@dataclass(frozen=True, slots=True)
class SetPicture(Command):
    """The picture a signature shows (PNG): the agency's seal when `person` is None, else that person's signature."""

    content: Digest
    person: PersonId | None = None


@rule(SetPicture, by=Role.ADMINISTRATOR)
def set_picture(work: Work, me: Actor, c: SetPicture) -> Receipt:
    owner = AGENCY_OWNER if c.person is None else c.person
    if c.person is not None:
        work.person_name(c.person)
    if not content_of(work, c.content).startswith(PNG):
        raise FieldWrong("content", Why.NOT_A_PICTURE)
    work.name_blob(c.content)
    work.connection.execute(delete(tables.picture).where(tables.picture.c.owner == owner))
    work.connection.execute(insert(tables.picture).values(owner=owner, digest=c.content))
    return made(work, c)


@dataclass(frozen=True, slots=True)
class RegisterCertificate(Command):
    """This certificate is this person's, or the agency's when `person` is None: from then on signatures of that owner
    are accepted only with one of theirs. certificate: the put DER file."""

    certificate: Digest
    person: PersonId | None = None


@rule(RegisterCertificate, by=Role.ADMINISTRATOR)
def register_certificate(work: Work, me: Actor, c: RegisterCertificate) -> Receipt:
    if c.person is not None:
        work.person_name(c.person)
    try:
        facts = certificate_facts(content_of(work, c.certificate))
    except CertificateUnreadable:
        raise FieldWrong("certificate", Why.NOT_A_CERTIFICATE) from None
    work.name_blob(c.certificate)
    if not work.insert_once(tables.certificate, fingerprint=facts.fingerprint.lower(),
                            owner=AGENCY_OWNER if c.person is None else c.person, subject=facts.subject,
                            added_at=work.at):
        raise FieldWrong("certificate", Why.TAKEN)
    return made(work, c, fingerprint=facts.fingerprint)


def content_of(work: Work, digest: Digest) -> bytes:
    with work.blobs.open(digest) as stream:
        return stream.read()
