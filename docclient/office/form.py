"""The form check inside the office: what a draft must agree with, the setting, what was found and who let it pass.

`form_check` among the office's facts says what a finding does: `blocking` (a draft with wrong form goes no further
unless somebody says in words why it may), `advice` (it is told; so it is unless an administrator says otherwise) or
`off`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from sqlalchemy import insert, select

from docclient.errors import NotAllowed, Trouble
from docclient.form import Expected, FormReport, Severity
from docclient.form.check import judge
from docclient.form.type import TypedPage, read_typed_pages
from docclient.office.authority import authorities_of, authority_lines, collective_name, head_title
from docclient.office.drafting import checks_its_format, drafts
from docclient.office.model import Actor, Digest, Document, DocumentId, State, Urgency, new_id
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work
from docclient.words import Phrase

SETTING = "form_check"
STAMPS = {Urgency.NORMAL: "", Urgency.URGENT: "KHẨN", Urgency.VERY_URGENT: "THƯỢNG KHẨN", Urgency.EXPRESS: "HỎA TỐC"}
DRAFTER, CHECKER = "drafter", "checker"
TESTED_IN = frozenset({State.DRAFT, State.CONTENT_CHECK, State.FORMAT_CHECK})


class FormSetting(StrEnum):
    BLOCKING = "blocking"
    ADVICE = "advice"
    OFF = "off"


class FormWrong(NotAllowed):
    """The draft's form is against the decree, and nobody has said why it may pass. facts: count, first (the rule)."""

    code = "form.wrong"


def setting_of(work: Work) -> FormSetting:
    """`advice` while an administrator has set none, or something that is none."""
    said = work.fact(SETTING, FormSetting.ADVICE)
    return FormSetting(said) if said in set(FormSetting) else FormSetting.ADVICE


def expected_of(work: Work, document: Document) -> Expected:
    """What the office knows of its draft."""
    abbreviation = work.connection.scalar(select(tables.document_type.c.abbreviation).where(
        tables.document_type.c.name == document.type_name))
    # a council heads its documents with its own name, which the office's printed name does not tell
    header = "" if document.series else work.fact("header") or work.own_agency()["name"].upper()
    signer = work.person_name(document.signer_person) if document.signer_person else ""
    sent_to = work.connection.scalars(select(tables.delivery.c.agency_name).where(
        tables.delivery.c.document == document.id).order_by(tables.delivery.c.id))
    return Expected(
        type_name=document.type_name, abbreviation=abbreviation, agency=tuple(header.split("\n")) if header else (),
        place=work.own_agency()["place"] or "", notation=document.code_notation or "", signer=signer,
        authority=ways_to_sign(work, document), recipients=tuple(name for name in sent_to if name),
        urgency=STAMPS[document.urgency], not_urgent=document.urgency is Urgency.NORMAL)


def ways_to_sign(work: Work, document: Document) -> tuple[tuple[str, ...], ...]:
    """The lines that may stand over the signer's name: by each authority that reaches this document. A deputy of the
    head of a collective may also print that it is for the collective (TM.) over KT."""
    if document.signer_person is None or document.series:
        return ()
    collective, head = collective_name(work), head_title(work)
    ways: list[tuple[str, ...]] = []
    for found in authorities_of(work, document.signer_person):
        if not found.reaches(document.type_name, document.unit):
            continue
        lines = authority_lines(found.form, found.title, collective=collective, head_title=head)
        ways.append(lines)
        if found.form in ("KT.", "Q.") and collective:
            ways.append((f"TM. {collective}".upper(), *lines))
    return tuple(dict.fromkeys(ways))


@lru_cache(maxsize=4)
def _pages(path: Path) -> tuple[TypedPage, ...]:
    """A file's pages do not change under its digest; reading them is the slow part."""
    return read_typed_pages(path)


def examine_draft(blobs: Blobs, work: Work, document: DocumentId) -> FormReport | None:
    """The form of the draft's newest PDF; None where nothing is tested. What cannot be read is told as unreadable."""
    newest = work.latest(document)
    if newest is None or newest["media_type"] != "application/pdf" or setting_of(work) is FormSetting.OFF:
        return None
    found = work.document(document)
    if found.copy_kind is not None:         # a copy is what its original is
        return None
    try:
        return judge(_pages(blobs.path(newest["digest"])), expected_of(work, found))
    except Trouble:
        return FormReport((), 0, found.type_name, (), readable=False)


def keep(work: Work, me: Actor, document: DocumentId, report: FormReport) -> None:
    """Write it down with the version it speaks of, once as long as it says the same."""
    newest = work.latest(document)
    assert newest is not None
    said = json.dumps(report.as_json(), ensure_ascii=False, sort_keys=True)
    last = work.connection.execute(select(tables.form_check.c.digest, tables.form_check.c.report).where(
        tables.form_check.c.document == document).order_by(tables.form_check.c.id.desc()).limit(1)).first()
    if last is None or tuple(last) != (newest["digest"], said):
        work.connection.execute(insert(tables.form_check).values(
            id=new_id(), document=document, digest=newest["digest"], verdict=report.verdict.value, report=said,
            by=me.by, at=work.at))


def must_pass(work: Work, me: Actor, document: DocumentId, report: FormReport | None, *roles: str) -> None:
    """Keep what was found; refuse wrong form where the office says so and nobody of `roles` let this version pass.
    Raises: FormWrong."""
    if report is None:
        return
    keep(work, me, document, report)
    wrong = [each for each in report.findings if each.severity is Severity.WRONG]
    if wrong and setting_of(work) is FormSetting.BLOCKING and not excused(work, document, roles):
        raise FormWrong(count=len(wrong), first=Phrase(f"form_rule.{wrong[0].code}"))


def excused(work: Work, document: DocumentId, roles: Sequence[str]) -> bool:
    newest = work.latest(document)
    return newest is not None and work.connection.scalar(select(tables.form_excuse.c.id).where(
        tables.form_excuse.c.document == document, tables.form_excuse.c.digest == newest["digest"],
        tables.form_excuse.c.role.in_(roles)).limit(1)) is not None


def role_here(work: Work, me: Actor, document: Document) -> str:
    """As whom this person may let the form pass now: the drafter while it is a draft, the format checker at the check;
    empty: not at all."""
    if document.state is State.DRAFT and drafts(work, me, document):
        return DRAFTER
    if document.state is State.FORMAT_CHECK and checks_its_format(work, me, document):
        return CHECKER
    return ""


def newest_verdict(work: Work, document: DocumentId) -> tuple[Digest, str] | None:
    """Of the last check: which version, and what it came to."""
    row = work.connection.execute(select(tables.form_check.c.digest, tables.form_check.c.verdict).where(
        tables.form_check.c.document == document).order_by(tables.form_check.c.id.desc()).limit(1)).first()
    return (Digest(row.digest), row.verdict) if row is not None else None
