"""Who looked at what (NĐ 30 Annex VI, E1): written beside the journal, so that reading never waits for it.

A look is handed to a short-lived worker that writes it in a transaction of its own; the same person's look at the same
thing counts once per quarter of an hour. Prints, saved copies and exports are commands (`NoteUse`) and always count.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from docclient.errors import Trouble
from docclient.office.model import new_id, now
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work

SLOT_SECONDS = 15 * 60
MOST_REMEMBERED = 50_000      # looks kept in mind to leave out repetitions; the database's key holds anyway

log = logging.getLogger(__name__)


class ViewKind(StrEnum):
    """Words codes `view.<value>`."""

    PAGE = "page"              # the document's or case file's page was opened
    FILE = "file"              # a file's bytes were read
    PRINT = "print"
    SAVE = "save"              # a copy was saved outside
    EXPORT = "export"


LOOKS = {"DocumentPage": "document", "CaseFilePage": "case_file"}
"""Queries that are a look, and the field that names what is looked at."""


@dataclass(frozen=True, slots=True)
class Look:
    """thing: a document's or case file's identity; empty for a file, whose documents follow from its digest."""

    person: str
    kind: ViewKind
    at: datetime
    document: str | None = None
    case_file: str | None = None
    digest: str | None = None

    @property
    def slot(self) -> int:
        return int(self.at.timestamp()) // SLOT_SECONDS

    @property
    def key(self) -> tuple[object, ...]:
        return (self.person, self.kind, self.document, self.case_file, self.digest, self.slot)


Writing = Callable[[], AbstractContextManager[Connection]]


class ViewLog:
    """Takes looks from any thread and writes them one after the other."""

    def __init__(self, writing: Writing, blobs: Blobs) -> None:
        self._writing, self._blobs = writing, blobs
        self._lock = threading.Lock()
        self._waiting: list[Look] = []
        self._known: set[tuple[object, ...]] = set()
        self._worker: threading.Thread | None = None

    def asked(self, person: str, query: Any) -> None:
        """A query was answered; most are no look at anything."""
        field = LOOKS.get(type(query).__name__)
        if field is not None:
            self.note(Look(person, ViewKind.PAGE, now(), **{field: getattr(query, field)}))

    def read(self, person: str, digest: str) -> None:
        self.note(Look(person, ViewKind.FILE, now(), digest=digest))

    def note(self, look: Look) -> None:
        with self._lock:
            if look.key in self._known:
                return
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known.add(look.key)
            self._waiting.append(look)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="looks")
                self._worker.start()

    def settle(self) -> None:
        """Wait until everything handed in so far is written."""
        while (worker := self._worker) is not None:
            worker.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                looks, self._waiting = self._waiting, []
                if not looks:
                    self._worker = None
                    return
            try:
                with self._writing() as connection:
                    work = Work(connection, self._blobs, entry=0)
                    for look in looks:
                        write_look(work, look)
            except (Trouble, DBAPIError) as error:      # reading went on; the journal of acts is not touched
                log.warning("%d looks were not written down: %s", len(looks), type(error).__name__)


def write_look(work: Work, look: Look) -> None:
    if look.digest is not None and look.document is None and look.case_file is None:
        for document in documents_with(work, look.digest):
            put_down(work, look, document=document)
    else:
        put_down(work, look, document=look.document)


def documents_with(work: Work, digest: str) -> Iterator[str]:
    yield from work.connection.scalars(
        select(tables.file.c.document).join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.file_version.c.digest == digest).distinct()).all()


def put_down(work: Work, look: Look, *, document: str | None, mark: str | None = None, once: str = "") -> bool:
    """One row; `once` makes a use count each time."""
    what = f"{look.person}\n{look.kind}\n{document}\n{look.case_file}\n{look.digest}\n{look.slot}\n{once}"
    return work.insert_once(
        tables.view_log, id=new_id(), person=look.person, kind=look.kind, document=document, case_file=look.case_file,
        digest=look.digest, mark=mark, slot=look.slot, at=look.at, once=hashlib.sha256(what.encode()).hexdigest())
