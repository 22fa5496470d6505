"""Rights of single documents and files: given, withdrawn, confirmed (docclient/office/rights.py says what they mean).

Clerks and the chief of office change them; a leader, who is competent, confirms, or a chief of office for what somebody
else changed. What a leader changes needs nobody else's word.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from docclient.office.access import CONFIRMED, FLAGGED
from docclient.office.commands.people import made, needed
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Document, DocumentId, Handler, PersonId, Role, State, new_id
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.rights import Right
from docclient.store import tables
from docclient.store.work import Work

CHANGES = frozenset({Role.CLERK, Role.CHIEF_OF_OFFICE, Role.LEADER})
CONFIRMS = frozenset({Role.LEADER, Role.CHIEF_OF_OFFICE})
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class GrantRight(Command):
    """Let a person, or everybody in a unit, read, download or print this document, or one file of it."""

    document: DocumentId
    version: int
    holder: Handler
    right: Right
    reason: str
    file: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawRight(Command):
    """Take from a person, or from everybody in a unit, the right to read, download or print this document, or one
    file of it."""

    document: DocumentId
    version: int
    holder: Handler
    right: Right
    reason: str
    file: str | None = None


@rule(GrantRight, by=CHANGES, in_states=State, order=96, hidden={"file"}, kinds={"reason": AskKind.LONG_TEXT})
def grant_right(work: Work, me: Actor, c: GrantRight) -> Receipt:
    return change(work, me, c, given=True)


@rule(WithdrawRight, by=CHANGES, in_states=State, order=97, negative=True, hidden={"file"},
      kinds={"reason": AskKind.LONG_TEXT})
def withdraw_right(work: Work, me: Actor, c: WithdrawRight) -> Receipt:
    if c.right is Right.READ and c.file is None:
        must_not_work_on_it(work, work.document(c.document), c.holder)
    return change(work, me, c, given=False)


def change(work: Work, me: Actor, c: GrantRight | WithdrawRight, *, given: bool) -> Receipt:
    needed(reason=c.reason)
    must_be_somebody(work, c.holder)
    if c.file is not None and work.connection.scalar(select(tables.file.c.document).where(
            tables.file.c.id == c.file)) != c.document:
        raise FieldWrong("file", Why.UNKNOWN)
    competent, identity = Role.LEADER in me.roles, new_id()
    work.connection.execute(insert(tables.granted_right).values(
        id=identity, document=c.document, file=c.file, person=c.holder.id if c.holder.kind == "person" else None,
        unit=c.holder.id if c.holder.kind == "unit" else None, name=c.right, given=given, reason=c.reason, by=me.by,
        at=work.at, state=CONFIRMED if competent else FLAGGED, decided_by=me.by if competent else None,
        decided_at=work.at if competent else None))
    work.people_changed()
    return receipt_for(work, c, work.change(work.document(c.document)), change=identity)


def must_be_somebody(work: Work, holder: Handler) -> None:
    """Raises: FieldWrong."""
    table = tables.person if holder.kind == "person" else tables.unit
    if work.connection.scalar(select(table.c.id).where(table.c.id == holder.id)) is None:
        raise FieldWrong("holder", Why.UNKNOWN)


def must_not_work_on_it(work: Work, document: Document, holder: Handler) -> None:
    """Who has work to do on it must be able to read it: the work is passed on first. Raises: FieldWrong."""
    if holder.kind != "person":
        return
    waits = work.connection.scalar(select(tables.waiting.c.id).where(
        tables.waiting.c.document == document.id, tables.waiting.c.person == holder.id).limit(1))
    if waits is not None or PersonId(holder.id) in {document.drafter, document.signer_person}:
        raise FieldWrong("holder", Why.WORKS_ON_IT)


@dataclass(frozen=True, slots=True)
class ConfirmRights(Command):
    """The competent person confirms these changes of rights, or refuses them: a refused grant never comes into force, a
    refused withdrawal is undone."""

    changes: tuple[str, ...]
    confirmed: bool = True


@rule(ConfirmRights, by=CONFIRMS)
def confirm_rights(work: Work, me: Actor, c: ConfirmRights) -> Receipt:
    rights = tables.granted_right
    rows = work.connection.execute(select(rights.c.id, rights.c.by, rights.c.document).where(
        rights.c.id.in_(c.changes), rights.c.state == FLAGGED)).all()
    if not rows or len(rows) != len(set(c.changes)):
        raise FieldWrong("changes", Why.NOT_FLAGGED)
    if Role.LEADER not in me.roles and any(row.by == me.person for row in rows):
        raise FieldWrong("changes", Why.OWN_CHANGE)
    work.connection.execute(update(rights).where(rights.c.id.in_(c.changes)).values(
        state=CONFIRMED if c.confirmed else REFUSED, decided_by=me.person, decided_at=work.at))
    work.touched |= {row.document for row in rows}
    work.people_changed()
    return made(work, c, changes=str(len(rows)))


