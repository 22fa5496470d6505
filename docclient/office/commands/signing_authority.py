"""Authority to sign (quyền hạn ký), set and ended; for administrators (NĐ 30 Art 13)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update

from docclient.office.authority import AuthorityForm, authorities_of
from docclient.office.commands.delegating import must_be_a_type
from docclient.office.commands.people import made, needed
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, PersonId, Role, UnitId, new_id
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class SetSigningAuthority(Command):
    """From valid_from (to valid_to, if any) the person may sign in this form. title: the signer's own, as printed.
    types, units: of documents and of drafting units; empty for all. fields: of work, as words. post: the post whose
    simple form this replaces. basis: the rule or paper it rests on.

    By authorisation (TUQ.): given_by names who authorised, by an authority that is not itself an authorisation; it has
    an end and is limited to types or fields.
    """

    person: PersonId
    form: AuthorityForm
    title: str
    basis: str
    valid_from: date
    valid_to: date | None = None
    types: tuple[str, ...] = ()
    units: tuple[UnitId, ...] = ()
    fields: tuple[str, ...] = ()
    post: str | None = None
    given_by: PersonId | None = None


@rule(SetSigningAuthority, by=Role.ADMINISTRATOR,
      kinds={"person": AskKind.PERSON, "types": AskKind.TYPES, "given_by": AskKind.PERSON})
def set_signing_authority(work: Work, me: Actor, c: SetSigningAuthority) -> Receipt:
    needed(title=c.title, basis=c.basis)
    work.person_name(c.person)
    if c.valid_to is not None and c.valid_to < c.valid_from:
        raise FieldWrong("valid_to", Why.DAYS_TURNED)
    for each in c.types:
        must_be_a_type(work, each)
    for unit in c.units:
        if work.connection.scalar(select(tables.unit.c.id).where(tables.unit.c.id == unit)) is None:
            raise FieldWrong("units", Why.UNKNOWN)
    if c.post is not None and work.connection.scalar(select(tables.post.c.person).where(
            tables.post.c.id == c.post)) != c.person:
        raise FieldWrong("post", Why.UNKNOWN)
    if c.form is AuthorityForm.TUQ:
        must_be_an_authorisation(work, c)
    identity = new_id()
    work.connection.execute(insert(tables.signing_authority).values(
        id=identity, person=c.person, post=c.post, form=c.form, title=c.title,
        types=json.dumps(c.types, ensure_ascii=False), units=json.dumps(c.units),
        fields=json.dumps(c.fields, ensure_ascii=False), valid_from=c.valid_from, valid_to=c.valid_to,
        given_by=c.given_by, basis=c.basis, set_by=me.person, set_at=work.at))
    work.people_changed()
    return made(work, c, authority=identity)


def must_be_an_authorisation(work: Work, c: SetSigningAuthority) -> None:
    """In writing, limited in time and content, not passed on (NĐ 30 Art 13.4). Raises: FieldWrong."""
    if c.valid_to is None:
        raise FieldWrong("valid_to", Why.DATES_NEEDED)
    if not c.types and not c.fields:
        raise FieldWrong("types", Why.CONTENT_NEEDED)
    if c.given_by is None:
        raise FieldWrong("given_by", Why.GIVER_NEEDED)
    held = authorities_of(work, c.given_by, c.valid_from)
    if c.given_by == c.person or not any(each.form is not AuthorityForm.TUQ for each in held):
        raise FieldWrong("given_by", Why.NO_SUB_DELEGATION if held else Why.NO_AUTHORITY)


@dataclass(frozen=True, slots=True)
class EndSigningAuthority(Command):
    """This authority ends now. What was signed by it stays signed."""

    authority: str
    reason: str


@rule(EndSigningAuthority, by=Role.ADMINISTRATOR)
def end_signing_authority(work: Work, me: Actor, c: EndSigningAuthority) -> Receipt:
    needed(reason=c.reason)
    ended = work.connection.execute(
        update(tables.signing_authority).where(
            tables.signing_authority.c.id == c.authority, tables.signing_authority.c.ended_at.is_(None))
        .values(ended_at=work.at, ended_why=c.reason), execution_options={"preserve_rowcount": True})
    if ended.rowcount == 0:
        raise FieldWrong("authority", Why.UNKNOWN)
    work.people_changed()
    return made(work, c, authority=c.authority)
