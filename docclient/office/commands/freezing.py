"""Freezing documents against move, change and deletion, and releasing them (NĐ 30 Annex VI; records-work 9.1, K1)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from docclient.office.commands.people import made, needed
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Document, DocumentId, RegisterId, Role, State
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work

FREEZES = frozenset({Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE, Role.LEADER})
ON_THE_PAGE = frozenset({Role.CHIEF_OF_OFFICE, Role.LEADER})


@dataclass(frozen=True, slots=True)
class FreezeDocument(Command):
    """Nothing on this document may change, be moved or deleted until it is released."""

    document: DocumentId
    version: int
    reason: str


@rule(FreezeDocument, by=ON_THE_PAGE, in_states=State, order=98, negative=True, kinds={"reason": AskKind.LONG_TEXT})
def freeze_document(work: Work, me: Actor, c: FreezeDocument) -> Receipt:
    needed(reason=c.reason)
    return receipt_for(work, c, work.change(work.document(c.document), frozen_at=work.at))


@dataclass(frozen=True, slots=True)
class UnfreezeDocument(Command):
    """Release the document: it goes on where it stood."""

    document: DocumentId
    version: int
    reason: str


def is_frozen(work: Work, me: Actor, document: Document) -> bool:
    return document.frozen_at is not None


@rule(UnfreezeDocument, by=ON_THE_PAGE, in_states=frozenset(State) - {State.RECALLED}, when=is_frozen, on_frozen=True,
      order=5, kinds={"reason": AskKind.LONG_TEXT})
def unfreeze_document(work: Work, me: Actor, c: UnfreezeDocument) -> Receipt:
    needed(reason=c.reason)
    return receipt_for(work, c, work.change(work.document(c.document), frozen_at=None))


@dataclass(frozen=True, slots=True)
class FreezeDocuments(Command):
    """Freeze a set: these documents, and everything in this register. Each of them says so in its history."""

    reason: str
    documents: tuple[DocumentId, ...] = ()
    register: RegisterId | None = None


@dataclass(frozen=True, slots=True)
class UnfreezeDocuments(Command):
    """Release a set. What was recalled by its issuer stays frozen."""

    reason: str
    documents: tuple[DocumentId, ...] = ()
    register: RegisterId | None = None


@rule(FreezeDocuments, by=FREEZES)
def freeze_documents(work: Work, me: Actor, c: FreezeDocuments) -> Receipt:
    """facts: frozen, how many; already, how many were; in_work, how many of them were not finished."""
    needed(reason=c.reason)
    chosen = the_set(work, c)
    fresh = [each for each in chosen if each.frozen_at is None]
    waiting = set(work.connection.scalars(select(tables.waiting.c.document)))
    for each in fresh:
        work.change(each, frozen_at=work.at)
    return made(work, c, frozen=str(len(fresh)), already=str(len(chosen) - len(fresh)),
                in_work=str(sum(each.id in waiting for each in fresh)))


@rule(UnfreezeDocuments, by=FREEZES)
def unfreeze_documents(work: Work, me: Actor, c: UnfreezeDocuments) -> Receipt:
    needed(reason=c.reason)
    frozen = [each for each in the_set(work, c) if each.frozen_at is not None and each.state is not State.RECALLED]
    if not frozen:
        raise FieldWrong("documents", Why.NOT_FROZEN)
    for each in frozen:
        work.change(each, frozen_at=None)
    return made(work, c, released=str(len(frozen)))


def the_set(work: Work, c: FreezeDocuments | UnfreezeDocuments) -> list[Document]:
    """Raises: FieldWrong: nothing was named; NotFound."""
    wanted = list(dict.fromkeys(c.documents))
    if c.register is not None:
        wanted += [DocumentId(each) for each in work.connection.scalars(select(tables.document.c.id).where(
            tables.document.c.register == c.register).order_by(tables.document.c.id)) if each not in wanted]
    if not wanted:
        raise FieldWrong("documents", Why.EMPTY)
    return [work.document(each, lock=True) for each in sorted(wanted)]
