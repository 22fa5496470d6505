"""What is known of a draft's form: what it must agree with, what was found so far, and who let it pass."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from docclient.form import Expected, FormReport
from docclient.office.access import every_file
from docclient.office.door import Query
from docclient.office.errors import NotFound
from docclient.office.form import FormSetting, expected_of, setting_of
from docclient.office.model import Actor, Digest, DocumentId
from docclient.office.registry import answers
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class KeptForm:
    """One check that was kept. digest: the version it speaks of."""

    digest: Digest
    report: FormReport
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FormExcuse:
    """Why a version may pass. role: drafter, checker."""

    digest: Digest
    words: str
    role: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FormFacts:
    """digest: the newest version of the draft's PDF; None without one. checks, excuses: newest first."""

    setting: FormSetting
    expected: Expected
    digest: Digest | None
    checks: tuple[KeptForm, ...]
    excuses: tuple[FormExcuse, ...]


@dataclass(frozen=True, slots=True)
class FormOf(Query[FormFacts]):
    """The form of one document's drafts. Raises: NotFound."""

    document: DocumentId


@answers(FormOf)
def form_of(work: Work, me: Actor, q: FormOf) -> FormFacts:
    if work.connection.scalar(select(tables.document.c.id).where(
            tables.document.c.id == q.document, every_file(me))) is None:
        raise NotFound(what="document", id=q.document)
    newest = work.latest(q.document)
    check, excuse, person = tables.form_check, tables.form_excuse, tables.person
    checks = work.connection.execute(
        select(check.c.digest, check.c.report, check.c.at, person.c.name).join(person, person.c.id == check.c.by)
        .where(check.c.document == q.document).order_by(check.c.id.desc()).limit(50)).all()
    excuses = work.connection.execute(
        select(excuse.c.digest, excuse.c.words, excuse.c.role, excuse.c.at, person.c.name)
        .join(person, person.c.id == excuse.c.by)
        .where(excuse.c.document == q.document).order_by(excuse.c.id.desc()).limit(50)).all()
    return FormFacts(
        setting_of(work), expected_of(work, work.document(q.document)),
        Digest(newest["digest"]) if newest is not None and newest["media_type"] == "application/pdf" else None,
        tuple(KeptForm(Digest(row.digest), FormReport.from_json(json.loads(row.report)), row.name, row.at)
              for row in checks),
        tuple(FormExcuse(Digest(row.digest), row.words, row.role, row.name, row.at) for row in excuses))


@dataclass(frozen=True, slots=True)
class FormCheckSetting(Query[FormSetting]):
    """What a finding about a draft's form does in this office."""


@answers(FormCheckSetting)
def form_check_setting(work: Work, me: Actor, q: FormCheckSetting) -> FormSetting:
    return setting_of(work)
