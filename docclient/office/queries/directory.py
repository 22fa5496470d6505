"""Whom to send to: agencies found as their name or code is typed, groups of them, those of last time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping, and_, case, func, or_, select

from docclient.office.door import Query
from docclient.office.model import Actor, DocumentId, Flow, State, today
from docclient.office.queries.document_page import seen_document
from docclient.office.registry import answers
from docclient.office.search import fold, has_marks, words_of
from docclient.store import directory, tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class RecipientView:
    """Somebody to send to. parent: the body above it, as far as it is known. known: the office has written to it."""

    code: str
    name: str
    old_code: str = ""
    parent: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class FindRecipients(Query[tuple[RecipientView, ...]]):
    """Agencies of the office and units of the directory, best first: by either code, words of the name (marks do not
    matter; the last word may be unfinished) or initials. Exchange centres, what ended and the own agency are left out.
    Without text: the office's own agencies."""

    text: str = ""
    limit: int = 20


@dataclass(frozen=True, slots=True)
class RecipientsNamed(Query[tuple[RecipientView, ...]]):
    """The names behind codes, in their order; a code that nobody has is left out."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecipientGroupView:
    """own: this person's; else everybody's."""

    id: str
    name: str
    own: bool
    recipients: tuple[RecipientView, ...]


@dataclass(frozen=True, slots=True)
class RecipientGroups(Query[tuple[RecipientGroupView, ...]]):
    """This person's groups, then those of all."""


@dataclass(frozen=True, slots=True)
class RecipientsBefore:
    """answered: whoever sent the document that is answered. last: the recipients of last time."""

    answered: tuple[RecipientView, ...] = ()
    last: tuple[RecipientView, ...] = ()


@dataclass(frozen=True, slots=True)
class LastRecipients(Query[RecipientsBefore]):
    """Who is likely to be meant. about: an incoming document that is answered, or the outgoing one itself. Of last
    time: the recipients of the newest other document of the same type (`type_name`, else the outgoing document's own)
    that this person drafted, else that anybody did. Raises: NotFound."""

    type_name: str = ""
    about: DocumentId | None = None


@dataclass(frozen=True, slots=True)
class DirectorySource:
    """units: that are there; ended: kept with an end. changed_at: aware UTC, the newest addition or end."""

    source: str
    units: int
    ended: int
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DirectorySources(Query[tuple[DirectorySource, ...]]):
    """Where the directory came from."""


@dataclass(frozen=True, slots=True)
class MailAddresses(Query[Mapping[str, str]]):
    """The official e-mail addresses of these codes, as far as they are known."""

    codes: tuple[str, ...]


@answers(FindRecipients)
def find_recipients(work: Work, me: Actor, q: FindRecipients) -> tuple[RecipientView, ...]:
    wanted, limit = words_of(q.text), max(1, min(q.limit, 200))
    own = work.own_agency()
    found: dict[str, RecipientView] = {}
    for each in known_agencies(work):
        if not wanted or all(any(word.startswith(part) for word in agency_words(each.name, each.code, each.old_code))
                             for part in wanted):
            found[fold(each.code)] = each
    codes = {*found, *(fold(each.old_code) for each in found.values() if each.old_code),
             fold(own["code"]), fold(own["old_code"] or "")}
    for row in directory.find(work.connection, q.text):
        if not {row["code_folded"], row["old_folded"] or row["code_folded"]} & codes:
            found.setdefault(row["code_folded"], unit_view(row))
    order = rank_for(q.text)
    return tuple(sorted(found.values(), key=order)[:limit])


def known_agencies(work: Work) -> list[RecipientView]:
    here = tables.agency
    rows = work.connection.execute(
        select(here.c.code, here.c.name, here.c.old_code, here.c.parent_name)
        .where(here.c.own.is_(False), or_(here.c.valid_to.is_(None), here.c.valid_to >= today())))
    return [RecipientView(row.code, row.name, row.old_code or "", row.parent_name or "", known=True) for row in rows]


@lru_cache(maxsize=20_000)
def agency_words(name: str, code: str, old_code: str) -> tuple[str, ...]:
    return tuple(directory.words_for({"name": name, "code": code, "old_code": old_code, "parent_name": ""}).split())


def unit_view(row: RowMapping) -> RecipientView:
    return RecipientView(row["code"], row["name"], row["old_code"] or "", row["parent_name"] or "")


@lru_cache(maxsize=20_000)
def folded_name(name: str) -> str:
    """Folding takes longer than finding; what is typed on finds mostly the same units again."""
    return fold(name)


def rank_for(text: str) -> Any:
    """How well a recipient fits what was typed: a whole code, the whole name, its initials, its beginning; with the
    marks that were typed; known ones first; short names (higher bodies) before long ones."""
    folded = fold(text)
    letters = folded.replace(" ", "")
    typed = " ".join(text.casefold().split())
    marked = has_marks(text)

    def rank(each: RecipientView) -> tuple[Any, ...]:
        name = folded_name(each.name)
        return (folded not in (each.code.casefold(), each.old_code.casefold()),
                name != folded, "".join(word[0] for word in name.split()) != letters,
                not name.startswith(folded), marked and typed not in each.name.casefold(),
                not each.known, len(each.name) if folded else 0, name, each.code)

    return rank


@answers(RecipientsNamed)
def recipients_named(work: Work, me: Actor, q: RecipientsNamed) -> tuple[RecipientView, ...]:
    known = {each.code: each for each in known_agencies(work)}
    found = []
    for code in dict.fromkeys(q.codes):
        if code in known:
            found.append(known[code])
        elif (row := directory.by_code(work.connection, code)) is not None:
            found.append(unit_view(row))
    return tuple(found)


@answers(RecipientGroups)
def recipient_groups(work: Work, me: Actor, q: RecipientGroups) -> tuple[RecipientGroupView, ...]:
    group, member = tables.recipient_group, tables.recipient_group_member
    rows = work.connection.execute(
        select(group.c.id, group.c.name.label("title"), group.c.owner, member.c.code, member.c.name)
        .join(member, member.c.group == group.c.id)
        .where(or_(group.c.owner.is_(None), group.c.owner == me.person))
        .order_by(case((group.c.owner.is_(None), 1), else_=0), group.c.name, group.c.id, member.c.position))
    found: dict[str, tuple[str, bool, list[RecipientView]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.title, row.owner is not None, []))[2].append(RecipientView(row.code, row.name))
    return tuple(RecipientGroupView(key, title, own, tuple(members)) for key, (title, own, members) in found.items())


@answers(LastRecipients)
def last_recipients(work: Work, me: Actor, q: LastRecipients) -> RecipientsBefore:
    document = seen_document(work, me, q.about) if q.about is not None else None
    if document is not None and document.flow is Flow.OUTGOING:
        return RecipientsBefore(last=last_of_type(work, me, q.type_name or document.type_name, document.id))
    answered: tuple[RecipientView, ...] = ()
    if document is not None and document.issuer_code:
        answered = recipients_named(work, me, RecipientsNamed((document.issuer_code,)))
        answered = answered or (RecipientView(document.issuer_code, document.issuer_name or document.issuer_code),)
    return RecipientsBefore(answered, last_of_type(work, me, q.type_name, None))


def last_of_type(work: Work, me: Actor, type_name: str, besides: DocumentId | None) -> tuple[RecipientView, ...]:
    here, sent = tables.document, tables.delivery
    newest = (select(here.c.id).where(
        here.c.flow == Flow.OUTGOING, here.c.type_name == type_name, here.c.state != State.CANCELLED,
        select(sent.c.id).where(sent.c.document == here.c.id).exists()).order_by(here.c.id.desc()).limit(1))
    if besides is not None:
        newest = newest.where(here.c.id != besides)
    for wanted in (newest.where(here.c.drafter == me.person), newest):
        document_id = work.connection.scalar(wanted)
        if document_id is not None:
            codes = work.connection.scalars(select(sent.c.agency_code).where(sent.c.document == document_id)
                                            .order_by(sent.c.id)).all()
            found: tuple[RecipientView, ...] = recipients_named(work, me, RecipientsNamed(tuple(codes)))
            return found
    return ()


@answers(DirectorySources)
def directory_sources(work: Work, me: Actor, q: DirectorySources) -> tuple[DirectorySource, ...]:
    here = tables.directory_unit
    rows = work.connection.execute(
        select(here.c.source, func.sum(case((here.c.ended_at.is_(None), 1), else_=0)).label("units"),
               func.count().label("all"), func.max(here.c.added_at).label("added"),
               func.max(here.c.ended_at).label("ended"))
        .group_by(here.c.source).order_by(here.c.source))
    return tuple(DirectorySource(row.source, int(row.units), row.all - int(row.units),
                                 max((each for each in (row.added, row.ended) if each is not None), default=None))
                 for row in rows)


@answers(MailAddresses)
def mail_addresses(work: Work, me: Actor, q: MailAddresses) -> Mapping[str, str]:
    found = {}
    for code in dict.fromkeys(q.codes):
        own = work.connection.scalar(select(tables.agency.c.email).where(and_(
            tables.agency.c.code == code, tables.agency.c.email.is_not(None), tables.agency.c.email != "")))
        if own is None:
            row = directory.by_code(work.connection, code)
            own = row["email"] if row is not None else None
        if own:
            found[code] = str(own)
    return found
