"""Who drafts: drafting is assigned, passed on, taken over (NĐ 30 Art 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from docclient.office.authority import must_have_authority
from docclient.office.commands.outgoing import new_draft
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.drafting import awaits_no_opinion, drafts, heads_its_unit, set_recipients
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    Handler,
    PersonId,
    Role,
    State,
    UnitId,
    Urgency,
    WaitKind,
    today,
)
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class AssignDrafting(Command):
    """Assign the drafting of a document (giao soạn thảo): to a person, or to a unit, whose head then has it. It waits
    for the drafter. signer and recipients may be left to the drafter."""

    to: Handler
    type_name: str
    subject: str
    words: str = ""
    due_date: date | None = None
    signer: PersonId | None = None
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()
    urgency: Urgency = Urgency.NORMAL


@rule(AssignDrafting, by={Role.LEADER, Role.CHIEF_OF_OFFICE, Role.HEAD_OF_UNIT},
      kinds={"subject": AskKind.LONG_TEXT, "words": AskKind.LONG_TEXT, "signer": AskKind.PERSON})
def assign_drafting(work: Work, me: Actor, c: AssignDrafting) -> Receipt:
    if not c.subject.strip():
        raise FieldWrong("subject", Why.EMPTY)
    if c.due_date is not None and c.due_date < today():
        raise FieldWrong("due_date", Why.IN_THE_PAST)
    drafter, unit = drafter_in(work, c.to)
    signer: dict[str, Any] = {}
    if c.signer is not None:
        must_have_authority(work, c.signer, c.type_name, unit)
        named = work.actor(c.signer)
        signer = {"signer_person": c.signer, "signer_name": named.name, "signer_position": named.title}
    document = new_draft(work, drafter, unit, type_name=c.type_name, subject=c.subject, urgency=c.urgency,
                         due_date=c.due_date, **signer)
    set_recipients(work, document.id, c.recipients, c.inside)
    work.let_see(document.id, [me.person, *([c.signer] if c.signer else [])])
    return receipt_for(work, c, document)


def drafter_in(work: Work, to: Handler, field: str = "to") -> tuple[PersonId, UnitId]:
    """Who drafts, and in which unit. Raises: FieldWrong."""
    if to.kind == "unit":
        heads = work.heads_of(UnitId(to.id))
        if not heads:
            raise FieldWrong(field, Why.NO_HEAD)
        return heads[0], UnitId(to.id)
    person = work.actor(PersonId(to.id))
    posts = [post for post in person.posts if post.role is not Role.ADMINISTRATOR]
    if not posts:
        raise FieldWrong(field, Why.NO_POST)
    return person.person, posts[0].unit


@dataclass(frozen=True, slots=True)
class PassDraft(Command):
    """The drafter, or the head of the unit, gives the draft to somebody else to go on with."""

    document: DocumentId
    version: int
    to: Handler
    words: str = ""


def has_the_draft(work: Work, me: Actor, document: Document) -> bool:
    return (document.copy_kind is None and awaits_no_opinion(work, document)
            and (drafts(work, me, document) or heads_its_unit(work, me, document)))


@rule(PassDraft, in_states={State.DRAFT}, when=has_the_draft, order=60, kinds={"words": AskKind.LONG_TEXT})
def pass_draft(work: Work, me: Actor, c: PassDraft) -> Receipt:
    drafter, _ = drafter_in(work, c.to)
    return receipt_for(work, c, give_draft_to(work, work.document(c.document), drafter))


@dataclass(frozen=True, slots=True)
class TakeOverDraft(Command):
    """The head of the unit, or a colleague in it who may see the draft, goes on with it in the drafter's place."""

    document: DocumentId
    version: int


def may_take_over(work: Work, me: Actor, document: Document) -> bool:
    return (document.drafter != me.person and document.unit in me.units and document.copy_kind is None
            and Role.ADMINISTRATOR not in me.roles and awaits_no_opinion(work, document))


@rule(TakeOverDraft, in_states={State.DRAFT}, when=may_take_over, order=65)
def take_over_draft(work: Work, me: Actor, c: TakeOverDraft) -> Receipt:
    return receipt_for(work, c, give_draft_to(work, work.document(c.document), me.person))


def give_draft_to(work: Work, document: Document, drafter: PersonId) -> Document:
    """The unit stays: the symbol follows from it."""
    work.nobody_waits(document.id, WaitKind.DRAFT)
    changed = work.change(document, drafter=drafter)
    work.wait_for(document.id, WaitKind.DRAFT, person=drafter)
    return changed
