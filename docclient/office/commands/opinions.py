"""Opinions on a draft (lấy ý kiến), in turn or side by side, with who is awaited (NĐ 30 Art 11)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import RowMapping, insert, select, update

from docclient.office.door import AskKind, Command, NeededWith, Receipt
from docclient.office.drafting import (
    CHECKED,
    awaits_no_opinion,
    checks_its_format,
    drafts,
    end_round,
    heads_its_unit,
    open_round,
    readers_of,
)
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import Evidence
from docclient.office.model import (
    Actor,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Handler,
    PersonId,
    State,
    Step,
    WaitKind,
    new_id,
    today,
)
from docclient.office.pdf_files import must_be_a_whole_pdf
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work


class OpinionVerdict(StrEnum):
    AGREE = "agree"                  # nhất trí
    WITH_REMARKS = "with_remarks"    # nhất trí, có ý kiến
    DISAGREE = "disagree"            # không nhất trí


@dataclass(frozen=True, slots=True)
class AskOpinions(Command):
    """Ask persons, or the heads of units, for their opinion. in_turn: one after the other, in this order; else all at
    once. The draft goes on when all have answered, or when whoever asked ends the round."""

    document: DocumentId
    version: int
    advisers: tuple[Handler, ...]
    question: str = ""
    in_turn: bool = False
    due_date: date | None = None


def may_ask(work: Work, me: Actor, document: Document) -> bool:
    """Whoever has the draft now."""
    if document.copy_kind is not None or not awaits_no_opinion(work, document):
        return False
    if document.state is State.CONTENT_CHECK:
        return heads_its_unit(work, me, document)
    if document.state is State.FORMAT_CHECK:
        return checks_its_format(work, me, document)
    if document.state is State.WAITING_SIGNATURE:
        return document.signer_person == me.person
    return drafts(work, me, document) and work.latest(document.id) is not None


@rule(AskOpinions, in_states={State.DRAFT, *CHECKED}, when=may_ask, order=40, kinds={"question": AskKind.LONG_TEXT})
def ask_opinions(work: Work, me: Actor, c: AskOpinions) -> Receipt:
    asked = [PersonId(person) for each in c.advisers for person in readers_of(work, each)]
    asked = [work.actor(person).person for person in dict.fromkeys(asked) if person != me.person]
    if not asked:
        raise FieldWrong("advisers", Why.NOT_ASKED_YET)
    if c.due_date is not None and c.due_date < today():
        raise FieldWrong("due_date", Why.IN_THE_PAST)
    round_id, waited = new_id(), work.connection.execute(
        select(tables.waiting.c.kind, tables.waiting.c.person, tables.waiting.c.role, tables.waiting.c.unit)
        .where(tables.waiting.c.document == c.document).order_by(tables.waiting.c.id)).mappings().all()
    work.connection.execute(insert(tables.opinion_round).values(
        id=round_id, document=c.document, by=me.person, question=c.question, due_date=c.due_date, in_turn=c.in_turn,
        resume=json.dumps([dict(each) for each in waited]), at=work.at, closed_at=None))
    for position, person in enumerate(asked, start=1):
        work.connection.execute(insert(tables.opinion).values(
            id=new_id(), document=c.document, round=round_id, person=person, position=position))
    work.nobody_waits(c.document)
    for person in asked[:1] if c.in_turn else asked:
        work.wait_for(c.document, WaitKind.OPINION, person=person)
    return receipt_for(work, c, work.change(work.document(c.document)), round=round_id)


@dataclass(frozen=True, slots=True)
class GiveOpinion(Command):
    """Answer, on the text as it is now. file, name: a PDF that one wants to show beside the words, if any."""

    document: DocumentId
    version: int
    verdict: OpinionVerdict
    opinion: str = ""
    file: Digest | None = None
    name: str = ""


def unanswered(work: Work, round_id: str) -> list[RowMapping]:
    return list(work.connection.execute(select(tables.opinion).where(
        tables.opinion.c.round == round_id, tables.opinion.c.answered_at.is_(None))
        .order_by(tables.opinion.c.position)).mappings())


def is_awaited(work: Work, me: Actor, document: Document) -> bool:
    """Asked, not answered yet, and it is their turn."""
    found = open_round(work, document.id)
    if found is None:
        return False
    awaited = unanswered(work, found["id"])
    return any(each["person"] == me.person for each in (awaited[:1] if found["in_turn"] else awaited))


def examine_opinion_file(blobs: Blobs, work: Work, c: GiveOpinion) -> Evidence:
    if c.file is not None:
        must_be_a_whole_pdf(blobs, c.file, c.name, "file")
    return Evidence()


@rule(GiveOpinion, in_states={State.DRAFT, *CHECKED}, when=is_awaited, order=5, hidden={"name"},
      kinds={"opinion": AskKind.LONG_TEXT, "file": AskKind.PDF}, examine=examine_opinion_file,
      needed_with={"opinion": NeededWith("verdict", (OpinionVerdict.WITH_REMARKS, OpinionVerdict.DISAGREE))})
def give_opinion(work: Work, me: Actor, c: GiveOpinion, evidence: Evidence) -> Receipt:
    if c.verdict is not OpinionVerdict.AGREE and not c.opinion.strip():
        raise FieldWrong("opinion", Why.EMPTY)
    found, newest = open_round(work, c.document), work.latest(c.document)
    assert found is not None
    shown = work.add_file(c.document, FileKind.OPINION, c.name or "y-kien.pdf", c.file, Step.RECEIVED, me.by,
                          "application/pdf") if c.file is not None else None
    work.connection.execute(
        update(tables.opinion).where(tables.opinion.c.round == found["id"], tables.opinion.c.person == me.person)
        .values(verdict=c.verdict, words=c.opinion, digest=newest["digest"] if newest else None, file=shown, by=me.by,
                answered_at=work.at))
    work.nobody_waits(c.document, WaitKind.OPINION, person=me.person)
    awaited = unanswered(work, found["id"])
    if not awaited:
        end_round(work, c.document, found)
    elif found["in_turn"]:
        work.wait_for(c.document, WaitKind.OPINION, person=awaited[0]["person"])
    return receipt_for(work, c, work.change(work.document(c.document)), verdict=c.verdict.value)


@dataclass(frozen=True, slots=True)
class EndOpinions(Command):
    """Whoever asked waits no longer for those who have not answered."""

    document: DocumentId
    version: int


def asked_it(work: Work, me: Actor, document: Document) -> bool:
    found = open_round(work, document.id)
    return found is not None and found["by"] == me.person


@rule(EndOpinions, in_states={State.DRAFT, *CHECKED}, when=asked_it, order=45)
def end_opinions(work: Work, me: Actor, c: EndOpinions) -> Receipt:
    found = open_round(work, c.document)
    assert found is not None
    end_round(work, c.document, found)
    return receipt_for(work, c, work.change(work.document(c.document)))
