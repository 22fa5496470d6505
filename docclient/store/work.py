"""One unit of work: the open transaction, who acts, and the few moves that rules are made of.

Rules (docclient/office/commands) say what happens; this says how it is written down. Everything here happens inside
the one transaction that also holds the journal entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Integer,
    RowMapping,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    join,
    outerjoin,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from docclient.office.errors import NotFound, OfficeClosed, RegisterClosed
from docclient.office.model import (
    Actor,
    AgencyId,
    Channel,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Flow,
    HandlerRole,
    PersonId,
    Post,
    RegisterId,
    Role,
    State,
    Step,
    UnitId,
    Urgency,
    WaitKind,
    new_id,
    now,
    today,
)
from docclient.office.notices import tell_of_waiting
from docclient.office.numbering import short_date
from docclient.office.posts import persons_with
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.prepared import Prepared
from signing.page_count import stated_pages

CLOSED_ON = "closed_on"
"""The office's fact: the last day of an agency that ended; empty once a new body works on in its office."""


@dataclass(slots=True)
class Work:
    """connection: the open transaction. blobs: the bytes. entry: the number this command's journal entry will have.
    touched: documents that were made or changed. by: whose act it is; nobody is told of their own."""

    connection: Connection
    blobs: Blobs
    entry: int
    by: PersonId | None = None
    at: datetime = field(default_factory=now)
    touched: set[str] = field(default_factory=set)

    # --- documents ---------------------------------------------------------------------------------------------

    def document(self, identity: DocumentId, *, lock: bool = False) -> Document:
        """Raises: NotFound."""
        row = one_document(lock).first(self.connection, {"identity": identity})
        if row is None:
            raise NotFound(what="document", id=identity)
        return document_of(row)

    def new_document(self, **values: Any) -> Document:
        """Put in a document row; version 1. Raises: OfficeClosed."""
        self.must_be_open()
        identity = DocumentId(new_id())
        self.touched.add(identity)
        row = {"id": identity, "version": 1, "urgency": Urgency.NORMAL, "created_at": self.at, "updated_at": self.at,
               "last_entry": self.entry, **values}
        row["folded"] = folded(row)
        prepared_insert(tables.document).run(self.connection, row)
        return self.document(identity)

    def change(self, document: Document, **values: Any) -> Document:
        """Change the row and count its version up."""
        self.touched.add(document.id)
        if not values.keys().isdisjoint(FOLDED):
            values["folded"] = folded({name: values.get(name, getattr(document, name)) for name in FOLDED})
        row = change_document().first(self.connection, {
            "identity": document.id, "version": document.version + 1, "updated_at": self.at, "last_entry": self.entry,
            **values})
        if row is None:
            raise NotFound(what="document", id=document.id)
        if "due_date" in values and values["due_date"] != document.due_date:
            waits_until().run(self.connection, {"of_document": document.id,
                                                "due": values["due_date"] or tables.NO_DEADLINE})
        return document_of(row)

    # --- files -------------------------------------------------------------------------------------------------

    def add_file(self, document: DocumentId, kind: FileKind, name: str, digest: Digest, step: Step, by: PersonId,
                 media_type: str, *, pages: int | None = None) -> str:
        """pages: as many as a look at the PDF found already."""
        position = self.connection.scalar(
            select(func.count()).select_from(tables.file).where(tables.file.c.document == document)) or 0
        identity = new_id()
        self.put(tables.file, id=identity, document=document, kind=kind, name=name, position=position)
        self.add_version(identity, digest, step, by, media_type, pages=pages)
        return identity

    def add_version(self, file: str, digest: Digest, step: Step, by: PersonId, media_type: str, *,
                    pages: int | None = None) -> None:
        """A further version; the earlier ones stay. Raises: BlobMissing (the bytes were never put)."""
        self.name_blob(digest)
        number = self.connection.scalar(
            select(func.coalesce(func.max(tables.file_version.c.number), 0)).where(tables.file_version.c.file == file))
        self.put(tables.file_version, id=new_id(), file=file, number=(number or 0) + 1, digest=digest, step=step,
                 by=by, at=self.at, media_type=media_type)
        if media_type == "application/pdf":
            self._count_pages(file, digest, pages)

    def _count_pages(self, file: str, digest: Digest, pages: int | None) -> None:
        """The document's number of pages is the system's to fill in (NĐ 30 Annex VI, A5; field 10)."""
        document = self.connection.scalar(select(tables.file.c.document).where(
            tables.file.c.id == file, tables.file.c.kind == FileKind.MAIN))
        if pages is None and document is not None:
            pages = stated_pages(self.blobs.path(digest))
        if pages is not None and document is not None:
            self.connection.execute(update(tables.document).where(tables.document.c.id == document)
                                    .values(page_amount=pages))

    def main_file(self, document: DocumentId) -> str | None:
        return self.connection.scalar(select(tables.file.c.id).where(
            tables.file.c.document == document, tables.file.c.kind == FileKind.MAIN))

    def latest(self, document: DocumentId, kind: FileKind = FileKind.MAIN) -> RowMapping | None:
        """The newest version of the first file of this kind: digest, step, media_type, file, number."""
        return self.connection.execute(
            select(tables.file_version).join(tables.file, tables.file.c.id == tables.file_version.c.file)
            .where(tables.file.c.document == document, tables.file.c.kind == kind)
            .order_by(tables.file.c.position, tables.file_version.c.number.desc()).limit(1)
        ).mappings().first()

    def name_blob(self, digest: Digest) -> None:
        self.insert_once(tables.blob, digest=digest, size=self.blobs.size(digest), at=self.at)

    def keep_verification(self, document: DocumentId, digest: Digest, conclusion: str, report: Mapping[str, Any], *,
                          evidence: Digest | None = None, by: PersonId | None = None) -> None:
        """What was found when the file came to this document; never changed afterwards."""
        if evidence is not None:
            self.name_blob(evidence)
        self.insert_once(tables.verdict, document=document, digest=digest, number=1, conclusion=conclusion,
                         report=json.dumps(report, ensure_ascii=False), evidence=evidence, online=False, by=by,
                         at=self.at)

    def add_verdict(self, document: DocumentId, digest: Digest, conclusion: str, report: Mapping[str, Any], *,
                    evidence: Digest | None, online: bool, by: PersonId) -> int:
        """A later check of the same file, beside the earlier ones. Returns its number, counted from 1."""
        self.touched.add(document)
        if evidence is not None:
            self.name_blob(evidence)
        last = self.connection.scalar(select(func.coalesce(func.max(tables.verdict.c.number), 0)).where(
            tables.verdict.c.document == document, tables.verdict.c.digest == digest)) or 0
        self.connection.execute(insert(tables.verdict).values(
            document=document, digest=digest, number=last + 1, conclusion=conclusion,
            report=json.dumps(report, ensure_ascii=False), evidence=evidence, online=online, by=by, at=self.at))
        return last + 1

    # --- who waits, who sees -----------------------------------------------------------------------------------

    def wait_for(self, document: DocumentId, kind: WaitKind, *, person: PersonId | None = None,
                 role: Role | None = None, unit: UnitId | None = None) -> None:
        row = {"id": new_id(), "document": document, "kind": kind, "person": person, "role": role, "unit": unit,
               "since": self.at}
        due = deadline().scalar(self.connection, {"of_document": document})
        prepared_insert(tables.waiting).run(self.connection, {**row, "due": due or tables.NO_DEADLINE})
        prepared_insert(tables.holding).run(self.connection, row)
        tell_of_waiting(self, document, kind, person=person, role=role, unit=unit)
        if person is not None:
            self.let_see(document, [person])
        elif role is Role.HEAD_OF_UNIT and unit is not None:
            self.let_see(document, self.heads_of(unit))

    def nobody_waits(self, document: DocumentId, *kinds: WaitKind, person: PersonId | None = None) -> None:
        """Take away what waited; without kinds, everything but a sender's question, which only its answer ends."""
        no_longer, ended = waited(kinds or UNLESS_ANSWERED, person is not None)
        given = {"of_document": document} if person is None else {"of_document": document, "of_person": person}
        no_longer.run(self.connection, given)
        ended.run(self.connection, {**given, "until": self.at})

    def let_see(self, document: DocumentId, persons: Iterable[PersonId]) -> None:
        for person in persons:
            self.insert_once(tables.access, document=document, person=person)

    def heads_of(self, unit: UnitId) -> list[PersonId]:
        """Who heads it today: active, and with the post."""
        return persons_with(self.connection, Role.HEAD_OF_UNIT, unit)

    def is_handler(self, document: DocumentId, person: PersonId, *roles: HandlerRole) -> bool:
        return self.connection.scalar(select(func.count()).select_from(tables.handler).where(
            tables.handler.c.document == document, tables.handler.c.person == person,
            tables.handler.c.role.in_(roles or tuple(HandlerRole)))) != 0

    # --- numbers -----------------------------------------------------------------------------------------------

    def register_for(self, kind: str, year: int) -> RegisterId:
        """The open register of this kind and year; a new year opens its own, at 01 (NĐ 30 Art 15.1, 22.2)."""
        self.must_be_open()
        given = {"of_kind": kind, "of_year": year}
        found = open_registers().scalar(self.connection, given)
        if found is None:
            title = self.connection.scalar(select(tables.register.c.title).where(tables.register.c.kind == kind)
                                           .order_by(tables.register.c.year.desc(), tables.register.c.id).limit(1))
            self.insert_once(tables.register, id=new_id(), kind=kind, year=year, title=title or kind, last_number=0,
                             closed=False)
            found = open_registers().scalar(self.connection, given)
        if found is None:
            raise RegisterClosed(register=f"{kind} {year}")
        return RegisterId(found)

    def take_number(self, register: RegisterId) -> int:
        """The next number. The row stays locked until the transaction ends: no gap, none twice, never back."""
        number = next_number().scalar(self.connection, {"of_register": register})
        if number is None:
            raise RegisterClosed(register=register)
        return int(number)

    # --- the office and its people -----------------------------------------------------------------------------

    def fact(self, name: str, default: str = "") -> str:
        value = one_fact().scalar(self.connection, {"name": name})
        return default if value is None else str(value)

    def people_changed(self) -> None:
        """Open doors are to read their persons anew: posts, delegations or rights have changed."""
        self.set_fact("people_mark", str(self.entry))

    def must_be_open(self) -> None:
        """Raises: OfficeClosed: the agency ended, and no body has taken its place here yet."""
        closed_on = self.fact(CLOSED_ON)
        if closed_on:
            raise OfficeClosed(day=short_date(date.fromisoformat(closed_on)))

    def set_fact(self, name: str, value: str) -> None:
        if not self.insert_once(tables.office_fact, name=name, value=value):
            self.connection.execute(update(tables.office_fact).where(tables.office_fact.c.name == name)
                                    .values(value=value))

    def own_agency(self) -> Mapping[str, Any]:
        row = own_agencies().first(self.connection)
        if row is None:
            raise NotFound(what="agency", id="own")
        return row

    def person_name(self, person: PersonId) -> str:
        name = self.connection.scalar(select(tables.person.c.name).where(tables.person.c.id == person))
        if name is None:
            raise NotFound(what="person", id=person)
        return str(name)

    def actor(self, person: PersonId) -> Actor:
        """Raises: NotFound (also for a person who is no longer active)."""
        rows = one_actor().rows(self.connection, {"person_given": person})
        if not rows:
            raise NotFound(what="person", id=person)
        day, name = today(), rows[0]["person_name"]
        posts = tuple(
            Post(UnitId(row["unit"]), row["unit_name"], row["title"], Role(row["role"])) for row in rows
            if row["id"] is not None and (row["valid_from"] is None or row["valid_from"] <= day)
            and (row["valid_to"] is None or day <= row["valid_to"]))
        return Actor(person, name, posts)

    # --- small database moves ----------------------------------------------------------------------------------

    def put(self, table: Table, **values: Any) -> None:
        """Insert a row."""
        prepared_insert(table).run(self.connection, values)

    def insert_once(self, table: Table, **values: Any) -> bool:
        """Insert unless the same key is there already. Returns whether a row was put in."""
        return insert_unless_there(table, self.connection.dialect.name).run(self.connection, values) == 1


# --- statements made once: making one takes longer than asking it --------------------------------------------------


@cache
def insert_into(table: Table) -> Insert:
    return insert(table)


@cache
def prepared_insert(table: Table) -> Prepared:
    return Prepared(insert_into(table))


@cache
def change_document() -> Prepared:
    return Prepared(update(tables.document).where(
        tables.document.c.id == bindparam("identity", type_=String)).returning(*tables.document.c))


@cache
def deadline() -> Prepared:
    return Prepared(select(tables.document.c.due_date).where(
        tables.document.c.id == bindparam("of_document", type_=String)))


@cache
def waits_until() -> Prepared:
    """Brings the deadline that stands with what waits to the document's."""
    return Prepared(update(tables.waiting).where(tables.waiting.c.document == bindparam("of_document", type_=String)))


UNLESS_ANSWERED = tuple(each for each in WaitKind if each is not WaitKind.ASKED_CHANGE)


@cache
def waited(kinds: tuple[WaitKind, ...], of_person: bool) -> tuple[Prepared, Prepared]:
    """What takes away the waiting of a document for this, and what ends its holding."""
    made: list[Any] = [delete(tables.waiting), update(tables.holding).where(tables.holding.c.until.is_(None))]
    for place, table in enumerate((tables.waiting, tables.holding)):
        made[place] = made[place].where(
            table.c.document == bindparam("of_document", type_=String), table.c.kind.in_(kinds))
        if of_person:
            made[place] = made[place].where(table.c.person == bindparam("of_person", type_=String))
    return Prepared(made[0]), Prepared(made[1])


@cache
def open_registers() -> Prepared:
    register = tables.register.c
    return Prepared(select(register.id).where(
        register.kind == bindparam("of_kind", type_=String), register.year == bindparam("of_year", type_=Integer),
        register.closed.is_(False)).order_by(register.id))


@cache
def next_number() -> Prepared:
    register = tables.register.c
    return Prepared(
        update(tables.register).where(
            register.id == bindparam("of_register", type_=String), register.closed.is_(False))
        .values(last_number=register.last_number + 1).returning(register.last_number))


@cache
def one_actor() -> Prepared:
    """A person with every post; one row without a post where there is none."""
    posts = join(tables.post, tables.unit, tables.unit.c.id == tables.post.c.unit)
    return Prepared(
        select(tables.person.c.name.label("person_name"), tables.post, tables.unit.c.name.label("unit_name"))
        .select_from(outerjoin(tables.person, posts, tables.post.c.person == tables.person.c.id))
        .where(tables.person.c.id == bindparam("person_given", type_=String), tables.person.c.active.is_(True))
        .order_by(tables.post.c.id))


@cache
def own_agencies() -> Prepared:
    return Prepared(select(tables.agency).where(tables.agency.c.own.is_(True)).order_by(tables.agency.c.id))


@cache
def insert_unless_there(table: Table, dialect: str) -> Prepared:
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return Prepared(made.on_conflict_do_nothing())


@cache
def one_fact() -> Prepared:
    return Prepared(
        select(tables.office_fact.c.value).where(tables.office_fact.c.name == bindparam("name", type_=String)))


@cache
def one_document(lock: bool) -> Prepared:
    query = select(tables.document).where(tables.document.c.id == bindparam("identity", type_=String))
    return Prepared(query.with_for_update() if lock else query)


def document_of(row: Mapping[Any, Any]) -> Document:
    return Document(
        id=DocumentId(row["id"]), flow=Flow(row["flow"]), state=State(row["state"]), version=row["version"],
        type_name=row["type_name"], code_number=row["code_number"], code_notation=row["code_notation"],
        issued_date=row["issued_date"], issued_place=row["issued_place"], issuer_code=row["issuer_code"],
        issuer_name=row["issuer_name"], subject=row["subject"], urgency=Urgency(row["urgency"]),
        due_date=row["due_date"], signer_name=row["signer_name"], signer_position=row["signer_position"],
        signer_person=row["signer_person"], drafter=row["drafter"], unit=row["unit"],
        recipients_text=row["recipients_text"], channel=Channel(row["channel"]) if row["channel"] else None,
        exchange_id=row["exchange_id"], register=row["register"], arrival_number=row["arrival_number"],
        arrival_date=row["arrival_date"], created_at=row["created_at"], updated_at=row["updated_at"],
        language=row["language"], page_amount=row["page_amount"], note=row["note"], issued_amount=row["issued_amount"],
        reply_due_date=row["reply_due_date"], paper_follows=bool(row["paper_follows"]), series=row["series"],
        copy_kind=row["copy_kind"], copy_of=row["copy_of"], frozen_at=row["frozen_at"],
    )


FOLDED = ("code_number", "code_notation", "subject", "issuer_name", "type_name", "arrival_number")


def folded(row: Mapping[str, Any] | Document) -> str:
    """What the search box finds a document by."""
    values = [row.get(name) if isinstance(row, Mapping) else getattr(row, name) for name in FOLDED]
    number = f"{values[0]}/{values[1]}" if values[0] and values[1] else ""
    return fold(" ".join(str(value) for value in [number, *values] if value))


__all__ = ["AgencyId", "Work", "document_of", "folded"]
