"""What the rules of drafting share: the text that an approval covers, who may change it, opinions that are awaited,
recipients inside and outside.

An approval covers a text: the newest prepared file, the annexes, type, subject, signer and recipients. Whoever changes
one of these makes the approvals void and sends the draft back to the first who must approve (NĐ 30 Arts 10–13: changes
after approval go back to the competent person).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, select, update

from docclient.office.errors import ApprovedTextChanged, FieldWrong, Why
from docclient.office.journal import canonical
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    FileKind,
    Handler,
    PersonId,
    Role,
    State,
    Step,
    UnitId,
    WaitKind,
    new_id,
    today,
)
from docclient.office.posts import has_role
from docclient.store import directory, tables
from docclient.store.work import Work

CONTENT, FORMAT, INITIAL, SIGNED = "content", "format", "initial", "signed"
CHECKED = frozenset({State.CONTENT_CHECK, State.FORMAT_CHECK, State.WAITING_SIGNATURE})
"""States in which a draft is before somebody who approves."""
MADE_BY_DRAFTER = frozenset({Step.DRAFTED, Step.CONVERTED, Step.PREPARED})


# --- the text that is approved -------------------------------------------------------------------------------------


def text_print(work: Work, document: Document) -> str:
    """SHA-256 over what an approval covers."""
    files = [(row.kind, row.name, row.digest) for row in newest_files(work, document.id)
             if row.kind in (FileKind.MAIN, FileKind.ANNEX)]
    facts = {"files": files, "type": document.type_name, "subject": document.subject, "signer": document.signer_person,
             "outside": sorted(outside_of(work, document.id)), "inside": sorted(inside_of(work, document.id))}
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def newest_files(work: Work, document: DocumentId) -> list[Any]:
    """The newest version of each file that the drafter made: later steps (signed, sealed) add no text."""
    rows = work.connection.execute(
        select(tables.file.c.id, tables.file.c.kind, tables.file.c.name, tables.file_version.c.digest,
               tables.file_version.c.number)
        .join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.file.c.document == document, tables.file_version.c.step.in_(MADE_BY_DRAFTER))
        .order_by(tables.file.c.position, tables.file_version.c.number)).all()
    return list({row.id: row for row in rows}.values())


def outside_of(work: Work, document: DocumentId) -> list[str]:
    return list(work.connection.scalars(select(tables.delivery.c.agency_code).where(
        tables.delivery.c.document == document).order_by(tables.delivery.c.id)))


def inside_of(work: Work, document: DocumentId) -> list[str]:
    """`person:…`, `unit:…`."""
    rows = work.connection.execute(select(tables.inside_recipient.c.person, tables.inside_recipient.c.unit).where(
        tables.inside_recipient.c.document == document).order_by(tables.inside_recipient.c.id))
    return [f"person:{row.person}" if row.person else f"unit:{row.unit}" for row in rows]


def approve(work: Work, me: Actor, document: Document, kind: str, words: str = "") -> None:
    """Write down that this person answers for the present text."""
    work.connection.execute(insert(tables.approval).values(
        id=new_id(), document=document.id, kind=kind, by=me.by, covers=text_print(work, document), words=words,
        at=work.at))


def standing_approvals(work: Work, document: DocumentId) -> dict[str, set[str]]:
    """kind → the prints that approvals cover which nobody has made void."""
    found: dict[str, set[str]] = {}
    for row in work.connection.execute(select(tables.approval.c.kind, tables.approval.c.covers).where(
            tables.approval.c.document == document, tables.approval.c.void_at.is_(None))):
        found.setdefault(row.kind, set()).add(row.covers)
    return found


def must_be_the_approved_text(work: Work, document: Document) -> None:
    """Nobody signs another text than the one that was approved. Raises: ApprovedTextChanged.

    A draft that was queued by a program which wrote no approvals down has none at all; it is signed as before.
    """
    approved = work.connection.scalar(select(tables.approval.c.id).where(
        tables.approval.c.document == document.id).limit(1))
    if approved is None:
        return
    present, standing = text_print(work, document), standing_approvals(work, document.id)
    if FORMAT not in standing or any(covers != {present} for covers in standing.values()):
        raise ApprovedTextChanged()


def approvals_void(work: Work, document: DocumentId, *kinds: str) -> None:
    """Of these kinds; without kinds, all."""
    query = update(tables.approval).where(
        tables.approval.c.document == document, tables.approval.c.void_at.is_(None)).values(void_at=work.at)
    work.connection.execute(query.where(tables.approval.c.kind.in_(kinds)) if kinds else query)


# --- who may change it ---------------------------------------------------------------------------------------------


def drafts(work: Work, me: Actor, document: Document) -> bool:
    return document.drafter == me.person and awaits_no_opinion(work, document)


def heads_its_unit(work: Work, me: Actor, document: Document) -> bool:
    return document.unit is not None and me.person in work.heads_of(document.unit)


def checks_format(work: Work, document: Document) -> Role:
    """Whoever is chief of office today does not check the form of what they drafted."""
    return Role.CLERK if has_role(work.connection, document.drafter, Role.CHIEF_OF_OFFICE) else Role.CHIEF_OF_OFFICE


def checks_its_format(work: Work, me: Actor, document: Document) -> bool:
    return checks_format(work, document) in me.roles and document.drafter != me.person


def may_change_text(work: Work, me: Actor, document: Document) -> bool:
    """The drafter until it is signed; whoever checks it, while it is before them."""
    if not awaits_no_opinion(work, document):
        return False
    if document.drafter == me.person:
        return True
    if document.state is State.CONTENT_CHECK:
        return heads_its_unit(work, me, document)
    return document.state is State.FORMAT_CHECK and checks_its_format(work, me, document)


def text_changed(work: Work, document: Document) -> Document:
    """After a change of what approvals cover: they are void, and a draft that was before somebody goes back to the
    first who must approve. Returns the document as it is then; its version has counted up once."""
    approvals_void(work, document.id)
    return to_first_check(work, document) if document.state in CHECKED else work.change(document)


def to_first_check(work: Work, document: Document) -> Document:
    """To the head of the unit, who answers for the content (NĐ 30 Art 12); where the unit has none, to the format
    check."""
    work.nobody_waits(document.id)
    if document.unit is None or not work.heads_of(document.unit):
        return to_format_check(work, document)
    changed = work.change(document, state=State.CONTENT_CHECK)
    work.wait_for(document.id, WaitKind.CHECK_CONTENT, role=Role.HEAD_OF_UNIT, unit=document.unit)
    return changed


def to_format_check(work: Work, document: Document) -> Document:
    """To the chief of office; what a chief of office drafted goes to the clerk: nobody checks the form of his own."""
    work.nobody_waits(document.id)
    changed = work.change(document, state=State.FORMAT_CHECK)
    work.wait_for(document.id, WaitKind.CHECK_FORMAT, role=checks_format(work, document))
    return changed


def to_signer(work: Work, document: Document) -> Document:
    work.nobody_waits(document.id)
    changed = work.change(document, state=State.WAITING_SIGNATURE)
    work.wait_for(document.id, WaitKind.SIGN, person=document.signer_person)
    return changed


def to_drafter(work: Work, document: Document, **values: Any) -> Document:
    """Back to draft: what was approved must be approved again."""
    approvals_void(work, document.id)
    work.nobody_waits(document.id)
    changed = work.change(document, state=State.DRAFT, signed_at=None, **values)
    work.wait_for(document.id, WaitKind.DRAFT, person=document.drafter)
    return changed


# --- opinions ------------------------------------------------------------------------------------------------------


def awaits_no_opinion(work: Work, document: Document) -> bool:
    return open_round(work, document.id) is None


def open_round(work: Work, document: DocumentId) -> Any | None:
    """The round of opinions that is not closed yet; there is one at most."""
    return work.connection.execute(select(tables.opinion_round).where(
        tables.opinion_round.c.document == document, tables.opinion_round.c.closed_at.is_(None))).mappings().first()


def end_round(work: Work, document: DocumentId, round_row: Any) -> None:
    """Whoever had it when the round began has it again."""
    work.connection.execute(update(tables.opinion_round).where(tables.opinion_round.c.id == round_row["id"])
                            .values(closed_at=work.at))
    work.nobody_waits(document)
    for waited in json.loads(round_row["resume"]):
        work.wait_for(document, WaitKind(waited["kind"]), person=waited["person"],
                      role=Role(waited["role"]) if waited["role"] else None, unit=waited["unit"])


# --- recipients ----------------------------------------------------------------------------------------------------


def add_outside(work: Work, document: DocumentId, codes: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) of each agency that was not a recipient yet. Raises: FieldWrong."""
    own, added = work.own_agency()["code"], []
    for code in dict.fromkeys(codes):
        if code == own:
            raise FieldWrong("recipients", Why.OWN_AGENCY)
        agency = work.connection.execute(select(tables.agency.c.name, tables.agency.c.valid_to).where(
            tables.agency.c.code == code)).first()
        if agency is not None and agency.valid_to is not None and agency.valid_to < today():
            raise FieldWrong("recipients", Why.AGENCY_CLOSED, f"{agency.name} ({code})")
        name = agency.name if agency is not None else adopted(work, code)
        if work.insert_once(tables.delivery, id=new_id(), document=document, agency_code=code, agency_name=name,
                            transport_state="waiting"):
            added.append((code, name))
    return added


def adopted(work: Work, code: str) -> str:
    """Enter a unit of the directory among the office's agencies; its name. Raises: FieldWrong."""
    unit = directory.by_code(work.connection, code)
    if unit is None or unit["centre"]:
        raise FieldWrong("recipients", Why.UNKNOWN, code)
    if unit["ended_at"] is not None:
        raise FieldWrong("recipients", Why.AGENCY_CLOSED, f"{unit['name']} ({code})")
    work.connection.execute(insert(tables.agency).values(
        id=new_id(), code=code, old_code=unit["old_code"] if unit["code"] == code else unit["code"], name=unit["name"],
        parent_name=unit["parent_name"], email=unit["email"], own=False))
    return str(unit["name"])


def add_inside(work: Work, document: DocumentId, recipients: Iterable[Handler]) -> list[Handler]:
    """Those who were not recipients yet. Raises: FieldWrong."""
    known, added = set(inside_of(work, document)), []
    for each in dict.fromkeys(recipients):
        if f"{each.kind}:{each.id}" in known:
            continue
        if each.kind == "person":
            work.actor(PersonId(each.id))
        elif work.connection.scalar(select(tables.unit.c.id).where(tables.unit.c.id == each.id)) is None:
            raise FieldWrong("inside", Why.UNKNOWN)
        work.connection.execute(insert(tables.inside_recipient).values(
            id=new_id(), document=document, person=each.id if each.kind == "person" else None,
            unit=each.id if each.kind == "unit" else None))
        added.append(each)
    return added


def set_recipients(work: Work, document: DocumentId, codes: Iterable[str], inside: Iterable[Handler]) -> None:
    """Of a draft: exactly these. Raises: FieldWrong."""
    work.connection.execute(delete(tables.delivery).where(tables.delivery.c.document == document))
    work.connection.execute(delete(tables.inside_recipient).where(tables.inside_recipient.c.document == document))
    add_outside(work, document, codes)
    add_inside(work, document, inside)


def names_of_recipients(work: Work, document: DocumentId) -> str:
    """As the register and the history show them."""
    names = list(work.connection.scalars(select(tables.delivery.c.agency_name).where(
        tables.delivery.c.document == document).order_by(tables.delivery.c.id)))
    return "; ".join([*names, *inside_names(work, document)])


def inside_names(work: Work, document: DocumentId) -> list[str]:
    rows = work.connection.execute(
        select(tables.person.c.name.label("person"), tables.unit.c.name.label("unit"))
        .select_from(tables.inside_recipient)
        .outerjoin(tables.person, tables.person.c.id == tables.inside_recipient.c.person)
        .outerjoin(tables.unit, tables.unit.c.id == tables.inside_recipient.c.unit)
        .where(tables.inside_recipient.c.document == document).order_by(tables.inside_recipient.c.id))
    return [row.person or row.unit for row in rows]


def readers_of(work: Work, each: Handler) -> list[PersonId]:
    """Who reads what is issued to this person or unit: in a unit, its head."""
    return [PersonId(each.id)] if each.kind == "person" else work.heads_of(UnitId(each.id))
