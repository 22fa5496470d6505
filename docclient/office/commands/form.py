"""Checking a draft's form, and letting one pass that a person finds right (NĐ 30 Art 11: who answers for form)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert

from docclient.form import FormReport, Severity, Verdict
from docclient.office.commands.outgoing import decides_now
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.drafting import drafts
from docclient.office.errors import FieldWrong, Why
from docclient.office.form import (
    SETTING,
    TESTED_IN,
    FormSetting,
    examine_draft,
    keep,
    newest_verdict,
    role_here,
    setting_of,
)
from docclient.office.model import Actor, Document, DocumentId, Role, State, new_id
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class CheckForm(Command):
    """Test the form of the draft's newest version and keep what was found with it."""

    document: DocumentId
    version: int


def may_check(work: Work, me: Actor, document: Document) -> bool:
    """The drafter, and whoever decides about it now; there is a file, and the office tests form."""
    newest = work.latest(document.id)
    return (document.copy_kind is None and (drafts(work, me, document) or decides_now(work, me, document))
            and setting_of(work) is not FormSetting.OFF and newest is not None
            and newest["media_type"] == "application/pdf")


def examine_check(blobs: Blobs, work: Work, c: CheckForm) -> FormReport | None:
    return examine_draft(blobs, work, c.document)


@rule(CheckForm, in_states=TESTED_IN, when=may_check, examine=examine_check, order=40)
def check_form(work: Work, me: Actor, c: CheckForm, report: FormReport | None) -> Receipt:
    if report is None:
        raise FieldWrong("document", Why.NO_FILE)
    keep(work, me, c.document, report)
    wrong = sum(each.severity is Severity.WRONG for each in report.findings)
    return receipt_for(work, c, work.document(c.document), verdict=report.verdict.value, wrong=str(wrong),
                       doubtful=str(len(report.findings) - wrong))


@dataclass(frozen=True, slots=True)
class ExcuseForm(Command):
    """Say why this version may pass as it is: the drafter before it is submitted, the format checker before it reaches
    the leader. It holds for this version alone."""

    document: DocumentId
    version: int
    justification: str


def may_excuse(work: Work, me: Actor, document: Document) -> bool:
    """Wrong form was found in the version that is there now."""
    found, newest = newest_verdict(work, document.id), work.latest(document.id)
    return (bool(role_here(work, me, document)) and setting_of(work) is not FormSetting.OFF and newest is not None
            and found == (newest["digest"], Verdict.WRONG.value))


@rule(ExcuseForm, in_states={State.DRAFT, State.FORMAT_CHECK}, when=may_excuse, order=45,
      kinds={"justification": AskKind.LONG_TEXT})
def excuse_form(work: Work, me: Actor, c: ExcuseForm) -> Receipt:
    if not c.justification.strip():
        raise FieldWrong("justification", Why.EMPTY)
    document, newest = work.document(c.document), work.latest(c.document)
    assert newest is not None
    work.connection.execute(insert(tables.form_excuse).values(
        id=new_id(), document=c.document, digest=newest["digest"], words=c.justification.strip(),
        role=role_here(work, me, document), by=me.by, at=work.at))
    return receipt_for(work, c, work.change(document))


@dataclass(frozen=True, slots=True)
class SetFormCheck(Command):
    """What a finding does: stop a draft, be told, or nothing (then nothing is tested)."""

    setting: FormSetting


@rule(SetFormCheck, by=Role.ADMINISTRATOR)
def set_form_check(work: Work, me: Actor, c: SetFormCheck) -> Receipt:
    work.set_fact(SETTING, c.setting.value)
    return Receipt("SetFormCheck", work.entry, facts={"setting": c.setting.value})
