"""The text of files, put to the index after it was read; alarms of secrecy marks; what a person keeps for finding.

A secret document must not be here at all (Law 117/2025; NĐ 30 leaves secrets to that law). Where a mark is found in a
file that came in, the file can no longer be opened, the document is frozen and leaves the index, the clerks are told.
The journal names the file by its digest and nothing of what it says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, update

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, Why
from docclient.office.model import Actor, Digest, Document, DocumentId, Role, State, new_id
from docclient.office.notices import NoticeKind, notify, with_role
from docclient.office.queries.finding import Filter, Sort
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule, to_json
from docclient.store import tables
from docclient.store.finding import documents_with
from docclient.store.work import Work

MOST_TEXTS = 200
MOST_SEARCHES = 200
LONGEST_NAME = 100


class TextProblem(StrEnum):
    """Why a file has no text here. Noted once; the file itself is kept as it is."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_TEXT = "no_text"          # of a kind that has none, or pages that nobody has read
    SECRET = "secret"            # a secrecy mark stands where the stamp belongs (box 10a)


@dataclass(frozen=True, slots=True)
class FileText:
    """file: whose text it is. text: its text, UTF-8, put through the door; None with a problem."""

    file: Digest
    text: Digest | None = None
    problem: TextProblem | None = None


@dataclass(frozen=True, slots=True)
class KeepTexts(Command):
    """Texts of files for the index. No document's version changes: nothing of it has."""

    texts: tuple[FileText, ...]


@rule(KeepTexts, by={Role.CLERK, Role.LEADER, Role.CHIEF_OF_OFFICE}, on_secret=True)
def keep_texts(work: Work, me: Actor, c: KeepTexts) -> Receipt:
    if not c.texts or len(c.texts) > MOST_TEXTS:
        raise FieldWrong("texts", Why.EMPTY if not c.texts else Why.TOO_MANY)
    for each in c.texts:
        if (each.text is None) is (each.problem is None):
            raise FieldWrong("texts", Why.EMPTY)
        keep_text(work, me, each)
    return Receipt("KeepTexts", work.entry, facts={"texts": str(len(c.texts))})


def keep_text(work: Work, me: Actor, each: FileText) -> None:
    documents = documents_with(work.connection, each.file)
    problem = each.problem
    if problem is TextProblem.SECRET and not lock(work, me, each.file, documents):
        problem = TextProblem.NO_TEXT           # a person has decided that it is no secrecy mark
    work.name_blob(each.file)
    if each.text is not None:
        work.name_blob(each.text)
    known = tables.file_text.c
    work.connection.execute(delete(tables.file_text).where(known.digest == each.file))
    work.connection.execute(insert(tables.file_text).values(
        digest=each.file, text=each.text, problem=problem, at=work.at))
    work.connection.execute(delete(tables.text_to_read).where(tables.text_to_read.c.digest == each.file))
    work.touched.update(documents)


def lock(work: Work, me: Actor, file: Digest, documents: list[DocumentId]) -> bool:
    """Shut a file away. False where its alarm was cleared before."""
    here = tables.found_secret
    before = work.connection.execute(select(here).where(here.c.digest == file)).mappings().first()
    if before is not None:
        return before["cleared_at"] is None
    work.connection.execute(insert(here).values(digest=file, at=work.at, by=me.person))
    for document in documents:
        if work.document(document).frozen_at is None:
            work.connection.execute(update(tables.document).where(tables.document.c.id == document)
                                    .values(frozen_at=work.at, last_entry=work.entry))
            work.connection.execute(insert(tables.secret_lock).values(document=document, digest=file))
        notify(work, with_role(work, Role.CLERK), NoticeKind.SECRET_FOUND, document=document)
    return True


@dataclass(frozen=True, slots=True)
class ClearSecretAlarm(Command):
    """It is no secret document: a leader has looked at the paper and says why. It can be opened and found again."""

    document: DocumentId
    version: int
    reason: str


def shut_away(work: Work, me: Actor, document: Document) -> bool:
    return work.connection.scalar(select(tables.secret_lock.c.document).where(
        tables.secret_lock.c.document == document.id)) is not None


@rule(ClearSecretAlarm, by=Role.LEADER, in_states=set(State), when=shut_away, order=95, negative=True, on_frozen=True,
      kinds={"reason": AskKind.LONG_TEXT})
def clear_secret_alarm(work: Work, me: Actor, c: ClearSecretAlarm) -> Receipt:
    if not c.reason.strip():
        raise FieldWrong("reason", Why.EMPTY)
    locks = tables.secret_lock.c
    files = list(work.connection.scalars(select(locks.digest).where(locks.document == c.document)))
    documents = set(work.connection.scalars(select(locks.document).where(locks.digest.in_(files))))
    work.connection.execute(update(tables.found_secret).where(tables.found_secret.c.digest.in_(files))
                            .values(cleared_at=work.at, cleared_by=me.person, reason=c.reason))
    work.connection.execute(delete(tables.file_text).where(tables.file_text.c.digest.in_(files)))
    work.connection.execute(delete(tables.secret_lock).where(locks.digest.in_(files)))
    for other in sorted(documents - {c.document}):
        work.change(work.document(DocumentId(other)), frozen_at=None)
    return receipt_for(work, c, work.change(work.document(c.document), frozen_at=None))


# --- what a person keeps -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SaveSearch(Command):
    """Keep a search under a name of one's own; the same name again changes it. pinned: shown at home, counted."""

    name: str
    text: str = ""
    where: Filter = field(default_factory=Filter)
    sort: Sort = Sort.NEWEST
    pinned: bool = False


@rule(SaveSearch)
def save_search(work: Work, me: Actor, c: SaveSearch) -> Receipt:
    name, mine = c.name.strip(), tables.saved_search
    if not name:
        raise FieldWrong("name", Why.EMPTY)
    if len(name) > LONGEST_NAME:
        raise FieldWrong("name", Why.TOO_LONG)
    said = {"text": c.text, "filters": json.dumps(to_json(c.where), ensure_ascii=False), "sort": c.sort,
            "pinned": c.pinned}
    known = work.connection.scalar(select(mine.c.id).where(mine.c.person == me.person, mine.c.name == name))
    if known is not None:
        work.connection.execute(update(mine).where(mine.c.id == known).values(**said))
        return Receipt("SaveSearch", work.entry, facts={"search": known})
    last, number = work.connection.execute(
        select(func.max(mine.c.position), func.count()).where(mine.c.person == me.person)).one()
    if number >= MOST_SEARCHES:
        raise FieldWrong("name", Why.TOO_MANY)
    identity = new_id()
    work.connection.execute(insert(mine).values(id=identity, person=me.person, name=name, position=(last or 0) + 1,
                                                **said))
    return Receipt("SaveSearch", work.entry, facts={"search": identity})


@dataclass(frozen=True, slots=True)
class RemoveSearch(Command):
    search: str


@rule(RemoveSearch)
def remove_search(work: Work, me: Actor, c: RemoveSearch) -> Receipt:
    mine = tables.saved_search.c
    found = work.connection.scalar(select(mine.id).where(mine.id == c.search, mine.person == me.person))
    if found is None:
        raise NotFound(what="search", id=c.search)
    work.connection.execute(delete(tables.saved_search).where(mine.id == found))
    return Receipt("RemoveSearch", work.entry)


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column of a list by its name, and its width in pixels (0: what is left)."""

    name: str
    width: int = 0


@dataclass(frozen=True, slots=True)
class ChooseColumns(Command):
    """Which columns this person sees in a list, in which order. None: the list's own."""

    list: str
    columns: tuple[ColumnChoice, ...] = ()


@rule(ChooseColumns)
def choose_columns(work: Work, me: Actor, c: ChooseColumns) -> Receipt:
    here, name = tables.list_columns, c.list.strip()
    if not name or len(name) > 40:
        raise FieldWrong("list", Why.EMPTY if not name else Why.TOO_LONG)
    names = [each.name for each in c.columns]
    if len(set(names)) != len(names) or len(names) > 100:
        raise FieldWrong("columns", Why.TWICE)
    work.connection.execute(delete(here).where(here.c.person == me.person, here.c.list == name))
    if c.columns:
        work.connection.execute(insert(here).values(
            person=me.person, list=name, columns=json.dumps([[each.name, each.width] for each in c.columns])))
    return Receipt("ChooseColumns", work.entry)
