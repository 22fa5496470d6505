"""What everybody keeps for themselves or notes in passing: phrases, searches, columns, notices, looks."""

from __future__ import annotations

from sqlalchemy import select

from docclient.office.access import visible
from docclient.office.commands.finding import (
    ChooseColumns,
    ColumnChoice,
    FileText,
    KeepTexts,
    RemoveSearch,
    SaveSearch,
    TextProblem,
)
from docclient.office.commands.notices import ChooseNotices, ReadNotices, SeeNotices, TellDeadlines
from docclient.office.commands.phrases import AddPhrase, RemovePhrase
from docclient.office.commands.remarks import MarkOpened
from docclient.office.commands.using import RIGHT_FOR, NoteUse, Use
from docclient.office.engine import may_read
from docclient.office.handling import sent_unopened
from docclient.office.model import Actor, Digest, DocumentId
from docclient.office.notices import ALWAYS, Manner, NoticeKind
from docclient.office.queries.finding import Filter, Sort
from docclient.office.rights import may
from docclient.office.standing import actor_at_the_door
from docclient.office.wording import KINDS
from docclient.store import tables
from docclient.store.work import Work
from tests.machine.deeds.scene import NOBODY, Deed, Scene, deed


@deed(AddPhrase)
def add_phrase(here: Scene) -> Deed | None:
    return Deed(here.anybody(), AddPhrase(here.fresh("Giao tham mưu, mẫu "), here.chance.choice(KINDS)),
                {"words": " ", "kind": "khác"})


@deed(RemovePhrase)
def remove_phrase(here: Scene) -> Deed | None:
    found = here.row(select(tables.phrase.c.id, tables.phrase.c.person).where(tables.phrase.c.person.is_not(None)))
    slug = here.slug_of(found.person) if found is not None else None
    return None if slug is None or found is None else Deed(slug, RemovePhrase(found.id), {"phrase": NOBODY})


@deed(SaveSearch)
def save_search(here: Scene) -> Deed | None:
    return Deed(here.anybody(), SaveSearch(
        f"Tìm {here.count % 20}", "báo cáo", Filter(overdue=here.chance.random() < 0.5), here.chance.choice(list(Sort)),
        here.chance.random() < 0.5), {"name": here.chance.choice(("", "x" * 101))})


@deed(RemoveSearch)
def remove_search(here: Scene) -> Deed | None:
    found = here.row(select(tables.saved_search.c.id, tables.saved_search.c.person))
    slug = here.slug_of(found.person) if found is not None else None
    return None if slug is None or found is None else Deed(slug, RemoveSearch(found.id), {"search": NOBODY})


@deed(ChooseColumns)
def choose_columns(here: Scene) -> Deed | None:
    twice = (ColumnChoice("number", 80), ColumnChoice("number"))
    return Deed(here.anybody(), ChooseColumns("incoming", (ColumnChoice("number", 80), ColumnChoice("subject"))),
                {"list": " ", "columns": twice})


@deed(ChooseNotices)
def choose_notices(here: Scene) -> Deed | None:
    kind = here.chance.choice(list(NoticeKind))
    manner = here.chance.choice([each for each in Manner if each is not Manner.NEVER or kind not in ALWAYS])
    return Deed(here.anybody(), ChooseNotices(kind, manner), refused=(ChooseNotices(NoticeKind.URGED, Manner.NEVER),))


def notices_of_somebody(here: Scene) -> tuple[str, tuple[str, ...]] | None:
    found = here.row(select(tables.notice.c.id, tables.notice.c.person))
    slug = here.slug_of(found.person) if found is not None else None
    return None if slug is None or found is None else (slug, (found.id,))


@deed(SeeNotices)
def see_notices(here: Scene) -> Deed | None:
    found = notices_of_somebody(here)
    return None if found is None else Deed(found[0], SeeNotices(found[1]))


@deed(ReadNotices)
def read_notices(here: Scene) -> Deed | None:
    found = notices_of_somebody(here)
    return None if found is None else Deed(found[0], ReadNotices(found[1] if here.chance.random() < 0.7 else ()))


@deed(TellDeadlines)
def tell_deadlines(here: Scene) -> Deed | None:
    return Deed(here.anybody(), TellDeadlines())


# --- looks -----------------------------------------------------------------------------------------------------------


@deed(NoteUse)
def note_use(here: Scene) -> Deed | None:
    slug, use = here.anybody(), here.chance.choice(list(Use))
    if here.chance.random() < 0.2:
        return Deed(slug, NoteUse(use, paper="Sổ đăng ký văn bản đến"), {"paper": "  ", "mark": "x" * 41})

    def usable(work: Work) -> list[DocumentId]:
        me = actor_at_the_door(work, here.person(slug))
        seen = work.connection.scalars(select(tables.document.c.id).where(visible(me)).limit(30)).all()
        return [DocumentId(each) for each in seen if may(work, me, RIGHT_FOR[use], DocumentId(each), None)]

    documents = here.read(usable)
    return None if not documents else Deed(
        slug, NoteUse(use, here.chance.choice(documents), mark=here.fresh("M")),
        {"document": NOBODY, "mark": "x" * 41, "digest": here.put(slug, b"of no document")})


@deed(MarkOpened)
def mark_opened(here: Scene) -> Deed | None:
    slug = here.anybody()
    person = here.person(slug)

    def unopened(work: Work) -> list[DocumentId]:
        documents = work.connection.scalars(select(tables.document.c.id).where(tables.document.c.frozen_at.is_(None)))
        return [each for each in map(DocumentId, documents.all()) if sent_unopened(work, each, person)]

    documents = here.read(unopened)
    return None if not documents else Deed(slug, MarkOpened(here.chance.choice(documents)), {"document": NOBODY})


@deed(KeepTexts)
def keep_texts(here: Scene) -> Deed | None:
    """Now and then a secrecy mark is found, and a leader must say that it is none."""
    slug = here.any_of("clerk", "chief_of_office")

    def to_read(work: Work) -> list[str]:
        me: Actor = actor_at_the_door(work, here.person(slug))
        waiting = work.connection.scalars(select(tables.text_to_read.c.digest).distinct().limit(20)).all()
        return [each for each in waiting if may_read(work, me, each)]

    waiting = here.read(to_read)
    if not waiting:
        return None
    file = Digest(here.chance.choice(sorted(waiting)))
    told = FileText(file, problem=TextProblem.SECRET) if here.chance.random() < 0.3 else \
        FileText(file, here.put(slug, here.fresh("lời văn ").encode()))
    return Deed(slug, KeepTexts((told,)), {"texts": (FileText(file),)}, (KeepTexts(()),))
