"""A small model of the office: what must hold whatever anybody does, told from receipts and laid beside the tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select

from docclient.office.access import SEES_ALL, whole
from docclient.office.chain import check_chain
from docclient.office.checking import entries_of
from docclient.office.door import Office, Receipt
from docclient.office.errors import NotFound
from docclient.office.form import FormSetting, setting_of
from docclient.office.journal import Entry, Head
from docclient.office.model import Actor, Digest, DocumentId, Flow, LoginRole, Role
from docclient.office.queries.document_page import DocumentPage, OffersOn
from docclient.office.queries.documents import ListDocuments
from docclient.office.rights import Right
from docclient.store import tables
from docclient.store.work import Work
from tests.offices import OfficeToTest

LEADS_TO = {
    "ReturnIncoming": "returned", "PresentIncoming": "waiting_direction", "DirectIncoming": "assigned",
    "AcceptWork": "in_work", "FinishIncoming": "finished", "CancelDraft": "cancelled",
    "ApproveContent": "format_check", "ApproveFormat": "waiting_signature", "SignOutgoing": "signed",
    "NumberOutgoing": "numbered", "SealOutgoing": "sealed", "IssueOutgoing": "issued"}
"""The backbone of both lives: whatever the office becomes, these commands end here."""


@dataclass(slots=True)
class Known:
    """What receipts said of a document. digest: of bytes that only this document has."""

    state: str
    version: int
    digest: Digest | None = None


@dataclass(slots=True)
class SmallModel:
    """entries: of the journal. numbers: register → numbers that receipts gave out, in order."""

    entries: int
    documents: dict[DocumentId, Known] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def took_effect(self, receipt: Receipt, digest: Digest | None = None) -> None:
        assert receipt.entry == self.entries + 1, f"entry {receipt.entry} after {self.entries}"
        self.entries = receipt.entry
        if receipt.document is None or receipt.state is None:
            return                       # a look that was noted, say, changes no document
        assert receipt.version is not None
        known = self.documents.get(receipt.document)
        if known is None:
            self.documents[receipt.document] = Known(receipt.state.value, receipt.version, digest)
        else:
            assert receipt.version >= known.version, "a version never goes back"
            known.state, known.version = receipt.state.value, receipt.version
        expected = LEADS_TO.get(receipt.command)
        assert expected in (None, receipt.state.value), f"{receipt.command} ended in {receipt.state}"


def hold(office: OfficeToTest, model: SmallModel) -> None:
    """Everything that must hold after every act. Raises AssertionError."""
    with office.engine.reading() as work:
        head = work.connection.execute(select(tables.journal_head)).one()
        assert head.number == model.entries, "an act that was refused left an entry"
        rows = {row.id: row for row in work.connection.execute(select(tables.document))}
        assert rows.keys() >= model.documents.keys()
        for identity, known in model.documents.items():
            assert rows[identity].version >= known.version
            if rows[identity].version == known.version:
                assert rows[identity].state == known.state, identity
        numbers_have_no_gap(work.connection)
        one_lead_each(work.connection)


def numbers_have_no_gap(connection: object) -> None:
    """Numbers of a register's documents, with those that were cancelled, run from 1 on, each once."""
    run = connection.execute  # type: ignore[attr-defined]
    for register in run(select(tables.register)).all():
        column = tables.document.c.arrival_number if register.kind == "incoming" else tables.document.c.out_number
        taken = list(run(select(column).where(
            tables.document.c.register == register.id, column.is_not(None))).scalars())
        gone = tables.metadata.tables.get("given_number")
        if gone is not None:
            taken = sorted({*taken, *run(select(gone.c.number).where(gone.c.register == register.id)).scalars()})
        assert sorted(taken) == list(range(1, register.last_number + 1)), (register.title, register.year)


def one_lead_each(connection: object) -> None:
    """Nobody is named twice at one level, and each level has exactly one lead."""
    handler = tables.handler
    role = func.coalesce(handler.c.level_role, handler.c.role)
    levels = connection.execute(  # type: ignore[attr-defined]
        select(tables.direction.c.document, tables.direction.c.upper, role.label("role"), func.count().label("count"))
        .join(handler, handler.c.direction == tables.direction.c.id)
        .group_by(tables.direction.c.document, tables.direction.c.upper, role)).all()
    found: dict[tuple[str, str | None], dict[str, int]] = defaultdict(dict)
    for row in levels:
        found[row.document, row.upper][row.role] = row.count
    for level, roles in found.items():
        assert roles.get("lead", 0) == 1, (level, roles)


def the_journal_verifies(office: OfficeToTest, seen: list[Entry]) -> None:
    """The chain from its first entry; `seen` grows, and what was read before is still there word for word."""
    with office.engine.reading() as work:
        entries = list(entries_of(work))
        row = work.connection.execute(select(tables.journal_head)).one()
    assert entries[:len(seen)] == seen, "an earlier entry changed"
    assert check_chain(entries, Head(row.number, row.hash)) == []
    seen[:] = entries


def nobody_reads_too_much(office: OfficeToTest, doors: dict[str, Office], model: SmallModel,
                          opened: list[DocumentId]) -> None:
    """Lists, pages, offers and bytes tell each person of the same documents: those they were given. opened: whose
    pages, offers and bytes are asked for."""
    with office.engine.reading() as work:
        given: dict[str, set[str]] = defaultdict(set)
        for row in work.connection.execute(select(tables.access)):
            given[row.person].add(row.document)
        rights = tables.granted_right.c
        shut, lent = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for row in work.connection.execute(select(tables.granted_right).where(rights.name == Right.READ)):
            if row.given and row.state == "confirmed":
                lent[row.person or row.unit].add(row.document)
            elif not row.given and row.file is None:
                shut[row.person or row.unit].add(row.document)
        waiting = {each.document for each in work.connection.execute(select(tables.waiting.c.document))}
        secret = set(work.connection.scalars(select(tables.found_secret.c.digest).where(
            tables.found_secret.c.cleared_at.is_(None))))
    for slug, door in doors.items():
        listed = {row.id for flow in Flow for row in everything(door, flow)}
        me = door.me
        mine = (me.person, *me.units)
        if me.login is LoginRole.AUDITOR:
            assert listed >= model.documents.keys() - set[str]().union(*(shut[each] for each in mine)), slug
        elif me.roles <= {Role.ADMINISTRATOR}:
            assert listed <= lent[me.person] | (given[me.person] if me.posts else set()), slug
        elif not me.roles & SEES_ALL:
            reaches = given[me.person].union(waiting if me.stands_for else set(), *(lent[each] for each in mine))
            assert listed <= reaches, slug
            own = given[me.person] & model.documents.keys()
            assert listed >= own - set[str]().union(*(shut[each] for each in mine)), slug
        for identity in opened:
            known = model.documents[identity]
            assert may_open(door, identity) == (identity in listed), (slug, identity)
            if known.digest is not None:
                may = identity in listed and known.digest not in secret
                assert may_read_bytes(door, known.digest) == may, (slug, identity)


def sees(work: Work, me: Actor, document: DocumentId) -> bool:
    return work.connection.scalar(select(tables.document.c.id).where(
        tables.document.c.id == document, whole(me))) is not None


def wrong_form_stops(office: OfficeToTest) -> bool:
    with office.engine.reading() as work:
        return setting_of(work) is FormSetting.BLOCKING


def everything(door: Office, flow: Flow) -> list[object]:
    found, after = [], None
    while True:
        page = door.ask(ListDocuments(flow, after=after, limit=1_000))
        found += page.rows
        after = page.next
        if after is None:
            return found


def may_open(door: Office, document: DocumentId) -> bool:
    try:
        door.ask(DocumentPage(document))
    except NotFound:
        try:
            door.ask(OffersOn(document))
        except NotFound:
            return False
        raise AssertionError("offers on a document whose page is closed") from None
    return True


def may_read_bytes(door: Office, digest: Digest) -> bool:
    try:
        door.read(digest).close()
    except NotFound:
        return False
    return True
