"""The office in this process, over SQLite or PostgreSQL: carries out commands, answers queries, keeps the journal."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, BinaryIO, TypeVar, cast

from sqlalchemy import Connection, Engine, Integer, RowMapping, String, bindparam, case, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from docclient.office.access import every_file, sees_all, visible, whole
from docclient.office.door import Change, Command, Query, Receipt
from docclient.office.errors import (
    FieldWrong,
    Frozen,
    KeyReused,
    NotForAnother,
    NotFound,
    NotYours,
    PasswordMustChange,
    SecretRefused,
    SecretTitle,
    StaleDocument,
    Why,
)
from docclient.office.fingerprint import document_print
from docclient.office.journal import FIRST, Entry, Head, canonical
from docclient.office.model import Actor, Digest, Document, DocumentId, LoginRole, PersonId, Role, new_id, today
from docclient.office.registry import Rule, digests_of, from_json, registry, rule_for, titles_of, to_json
from docclient.office.rights import Right, may
from docclient.office.standing import actor_at_the_door, covers, mark_of, standing_for
from docclient.office.views import ViewLog
from docclient.office.watching import Watch, watching
from docclient.secrecy_words import bears_secrecy_mark, name_bears_secrecy_mark
from docclient.store import tables
from docclient.store.blobs import Blobs, blobs_of
from docclient.store.database import WRITES, open_database, trouble_of
from docclient.store.finding import note_changed
from docclient.store.place import Place
from docclient.store.prepared import Prepared
from docclient.store.work import Work, prepared_insert

T = TypeVar("T")
NEWS_AT_ONCE = 1_000
TRIES = 3      # PostgreSQL may ask for a transaction again (deadlock, serialisation)


@dataclass(frozen=True, slots=True)
class Entrant:
    """account: the short name to enter by, or empty."""

    person: PersonId
    account: str
    actor: Actor


@dataclass(slots=True)
class OfficeEngine:
    """An open office. `enter` gives the door of one person; safe to use from several threads."""

    database: Engine
    blobs: Blobs
    place: Place
    views: ViewLog = field(init=False)

    def __post_init__(self) -> None:
        self.views = ViewLog(self.writing, self.blobs)

    @classmethod
    def open(cls, place: Place) -> OfficeEngine:
        """Raises: OfficeMissing, OfficeNewer, OfficeUnreadable."""
        from docclient.office.migrating import note_migration  # which needs this module

        return cls(open_database(place, note_migration), blobs_of(place), place)

    def enter(self, person: PersonId, *, must_change_password: bool = False) -> EmbeddedOffice:
        """Raises: NotFound: no such active person."""
        with self.reading() as work:
            return EmbeddedOffice(self, actor_at_the_door(work, person), must_change_password=must_change_password)

    def persons(self) -> tuple[Entrant, ...]:
        """Everybody who may enter: for choosing who one is in an embedded office."""
        with self.reading() as work:
            rows = work.connection.execute(
                select(tables.person).where(tables.person.c.active.is_(True)).order_by(tables.person.c.id)).mappings()
            return tuple(Entrant(row["id"], row["account"] or "", work.actor(row["id"])) for row in rows)

    def person(self, name: str) -> PersonId:
        """The person with this account, identity or full name. Raises: NotFound."""
        for each in self.persons():
            if name in {each.account, each.person, each.actor.name}:
                return each.person
        raise NotFound(what="person", id=name)

    def close(self) -> None:
        self.views.settle()
        self.database.dispose()

    @contextmanager
    def reading(self) -> Iterator[Work]:
        with self._connection(writes=False) as connection:
            yield Work(connection, self.blobs, entry=0)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._connection(writes=True) as connection:
            yield connection

    @contextmanager
    def _connection(self, *, writes: bool) -> Iterator[Connection]:
        options: dict[str, Any] = {WRITES: writes}
        if not writes and not self.place.embedded:
            # several statements, one picture: SQLite gives it by itself, PostgreSQL when asked
            options["isolation_level"] = "REPEATABLE READ"
        try:
            with self.database.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            if writes and may_try_again(error):
                raise
            raise trouble_of(error, self.place) from error


class EmbeddedOffice:
    """One person's door to an `OfficeEngine`; implements `door.Office`."""

    def __init__(self, engine: OfficeEngine, me: Actor, *, must_change_password: bool = False) -> None:
        """must_change_password: nothing but that is done before."""
        self.engine = engine
        self.must_change_password = must_change_password
        self._me = me
        self._seen = ("", today())
        self._put: set[str] = set()
        self._put_lock = threading.Lock()

    @property
    def me(self) -> Actor:
        return self._me

    def _present(self, work: Work) -> Actor:
        """Who stands here, as the office has it at this moment: posts end, delegations begin. Raises: NotFound."""
        present = (mark_of(work), today())
        if present != self._seen:
            self._me, self._seen = actor_at_the_door(work, self._me.person), present
        return self._me

    def do(self, command: Command, *, key: str | None = None, acting_for: PersonId | None = None) -> Receipt:
        found = rule_for(type(command))
        if self.must_change_password and not found.about_oneself:
            raise PasswordMustChange()
        self._check_digests(command)
        # the key is this person's own: another who gives the same one gives another
        whose = f"{self.me.person}\n{acting_for}" if acting_for else self.me.person
        given = Given(found, command, hashlib.sha256(f"{whose}\n{key or new_id()}".encode()).hexdigest(), acting_for)
        for attempt in range(1, TRIES + 1):
            try:
                return self._carry_out(given)
            except DBAPIError as error:
                if attempt == TRIES:
                    raise trouble_of(error, self.engine.place) from error
        raise AssertionError("unreachable")

    def _check_digests(self, command: Command) -> None:
        """Every file that a command names was put through this door, or may be read by this person.
        Raises: FieldWrong."""
        unknown = [(name, digest) for name, digest in digests_of(command) if digest not in self._put]
        for name, digest in unknown:
            if re.fullmatch("[0-9a-f]{64}", digest) is None:
                raise FieldWrong(name, Why.NOT_A_DIGEST)
        if unknown:
            with self.engine.reading() as work:
                me = self._present(work)
                for name, digest in unknown:
                    if not may_read(work, me, digest):
                        raise FieldWrong(name, Why.NOT_YOURS)

    def _carry_out(self, given: Given) -> Receipt:
        evidence = None
        if given.rule.examine is not None:
            with self.engine.reading() as work:
                earlier = given.earlier_receipt(work.connection)
                if earlier is not None:
                    return earlier
                given.check(work, self._present(work), lock=False)
                evidence = given.rule.examine(self.engine.blobs, work, given.command)
        with self.engine.writing() as connection, watching(connection) as watch:
            earlier = given.earlier_receipt(connection)
            if earlier is not None:
                return earlier
            # Locked before the head: two commands on one document wait here, in this order, and cannot deadlock.
            document_lock = Work(connection, self.engine.blobs, entry=0)
            me = given.check(document_lock, self._present(document_lock), lock=True)
            if not given.rule.on_secret:
                must_not_be_secret(document_lock, given.command)
            head = lock_head(connection)
            work = Work(connection, self.engine.blobs, entry=head.number + 1, by=me.by)
            found = (evidence,) if given.rule.examine is not None else ()
            receipt = given.rule.carry_out(work, me, given.command, *found)
            if me.hand is not None and receipt.document is not None:
                work.let_see(receipt.document, [me.by])      # what was done for another can be followed afterwards
            note_changed(work, {*work.touched, *([receipt.document] if receipt.document else [])})
            write_entry(work, head, me, given, receipt, watch)
            prepared_insert(tables.receipt).run(connection, {
                "key": given.key, "command": given.digest, "receipt": canonical(to_json(receipt))})
        return receipt

    def ask(self, query: Query[T]) -> T:
        _, function = registry().queries[type(query).__name__]
        if self.must_change_password:
            raise PasswordMustChange()
        with self.engine.reading() as work:
            answer = cast(T, function(work, self._present(work), query))
        self.engine.views.asked(self.me.person, query)
        return answer

    def read(self, digest: Digest) -> BinaryIO:
        with self.engine.reading() as work:       # also one's own: a secrecy mark may have been found in it since
            known = digest in self._put and not shut_for_secrecy(work, [digest])
            if not known and not may_read(work, self._present(work), digest):
                raise NotFound(what="file", id=digest)
        if not known:
            self.engine.views.read(self.me.person, digest)
        return self.engine.blobs.open(digest)

    def put(self, content: BinaryIO | bytes) -> Digest:
        digest = self.engine.blobs.put(content)
        with self._put_lock:
            self._put.add(digest)
        return digest

    def changes(self, since: int) -> tuple[Change, ...]:
        with self.engine.reading() as work:
            mine = tables.document.c.id.is_not(None) & visible(self._present(work))
            seen = case((mine, tables.journal.c.document), else_=None)
            rows = work.connection.execute(
                select(tables.journal.c.number, tables.journal.c.command, seen)
                .outerjoin(tables.document, tables.document.c.id == tables.journal.c.document)
                .where(tables.journal.c.number > since).order_by(tables.journal.c.number).limit(NEWS_AT_ONCE))
            return tuple(Change(*row) for row in rows)

    def close(self) -> None:
        self._put.clear()


@dataclass(slots=True)
class Given:
    """A command as it was given. key: SHA-256 of its idempotency key, of whatever length that was. acting_for: the
    absent person for whom it was given."""

    rule: Rule
    command: Command
    key: str
    acting_for: PersonId | None = None
    fields: str = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        self.fields = canonical(to_json(self.command))
        self.digest = hashlib.sha256(f"{self.rule.name}\n{self.fields}".encode()).hexdigest()

    def earlier_receipt(self, connection: Connection) -> Receipt | None:
        """The receipt that this key brought before. Raises: KeyReused."""
        row = one_receipt().first(connection, {"given": self.key})
        if row is None:
            return None
        if row["command"] != self.digest:
            raise KeyReused()
        return from_json(Receipt, json.loads(row["receipt"]))

    def check(self, work: Work, me: Actor, *, lock: bool) -> Actor:
        """May the command be given now? Returns as whom: oneself, or the absent person with oneself as the hand.
        Raises: NotFound, NotNow, Frozen, StaleDocument, NotYours, NotForAnother."""
        if me.login is LoginRole.AUDITOR and not self.rule.about_oneself:
            raise NotYours(command=self.rule.name)
        identity = getattr(self.command, "document", None)
        if not self.rule.about_a_document:
            if self.acting_for is not None:
                raise NotForAnother(command=self.rule.name)
            if self.rule.by and not self.rule.by & me.roles:
                raise NotYours(command=self.rule.name)
            if identity is not None and not self.rule.on_frozen:
                must_not_be_frozen(work, identity, self.rule.name)
            return me
        assert identity is not None
        document = work.document(identity, lock=lock)
        if not may_see(work, me, document):
            raise NotFound(what="document", id=identity)
        actor = me if self.acting_for is None else self.actor_for(work, me, document)
        if self.rule.by and not self.rule.by & actor.roles:
            raise NotYours(command=self.rule.name)
        seen = getattr(self.command, "version", None)
        if seen is not None and seen != document.version:
            raise StaleDocument(seen=seen, current=document.version)
        self.rule.holds(work, actor, document)
        return actor

    def actor_for(self, work: Work, me: Actor, document: Document) -> Actor:
        """Raises: NotForAnother."""
        for each in me.stands_for:
            if each.actor.person == self.acting_for and covers(work, me, each, document):
                return standing_for(me, each)
        raise NotForAnother(command=self.rule.name)


def must_not_be_frozen(work: Work, document: DocumentId, command: str) -> None:
    row = work.connection.execute(select(tables.document.c.frozen_at, tables.document.c.state).where(
        tables.document.c.id == document)).first()
    if row is not None and row.frozen_at is not None:
        raise Frozen(command=command, state=row.state)


def shut_for_secrecy(work: Work, digests: list[str]) -> bool:
    """Was a secrecy mark found in one of these files, and nobody has decided that it is none?"""
    found = tables.found_secret.c
    return work.connection.scalar(
        select(found.digest).where(found.digest.in_(digests), found.cleared_at.is_(None)).limit(1)) is not None


def must_not_be_secret(work: Work, command: Command) -> None:
    """A file that was shut away comes in by no other way, and from there to no other document; a subject, a title or a
    file's name that says of itself that it is secret comes in by none. Raises: SecretRefused."""
    named = [digest for _, digest in digests_of(command)]
    if named and shut_for_secrecy(work, named):
        raise SecretRefused()
    for field_name, text in titles_of(command):
        if (name_bears_secrecy_mark if field_name == "name" else bears_secrecy_mark)(text):
            raise SecretTitle(field=field_name)


def may_see(work: Work, me: Actor, document: Document) -> bool:
    """Whoever was granted one file alone reads it, and does nothing with the document."""
    if sees_all(me) and not me.marked:
        return True
    return work.connection.scalar(
        select(tables.document.c.id).where(tables.document.c.id == document.id, whole(me))) is not None


def may_read(work: Work, me: Actor, digest: str) -> bool:
    """Is the file part of a document this person may see (or trust material, which everybody may)? Nobody reads a file
    in which a secrecy mark was found."""
    if shut_for_secrecy(work, [digest]):
        return False
    versions = (
        select(tables.document.c.id, tables.file.c.id.label("file"))
        .join(tables.file, tables.file.c.document == tables.document.c.id)
        .join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .where(tables.file_version.c.digest == digest, visible(me)))
    if not me.marked:
        if work.connection.execute(versions.limit(1)).first() is not None:
            return True
    elif any(may(work, me, Right.READ, row.id, row.file) for row in work.connection.execute(versions)):
        return True
    proofs = (select(tables.document.c.id).join(tables.verdict, tables.verdict.c.document == tables.document.c.id)
              .where(tables.verdict.c.evidence == digest, every_file(me)).limit(1))
    packets = (select(tables.document.c.id).join(tables.outbox, tables.outbox.c.document == tables.document.c.id)
               .where(tables.outbox.c.digest == digest, every_file(me)).limit(1))
    mine = [me.person, *(["agency"] if Role.CLERK in me.roles else [])]
    pictures = select(tables.picture.c.digest).where(
        tables.picture.c.digest == digest, tables.picture.c.owner.in_(mine)).limit(1)
    trust = select(tables.trust_item.c.digest).where(tables.trust_item.c.digest == digest).limit(1)
    return any(work.connection.scalar(each) is not None for each in (proofs, packets, pictures, trust))


def may_try_again(error: DBAPIError) -> bool:
    """Deadlock, serialisation failure, or a row that another put in first (two workers with one key): a second look
    finds what the other did."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def lock_head(connection: Connection) -> Head:
    """The journal's head, locked until the transaction ends: entries are written one after the other."""
    row = locked_head().rows(connection)[0]
    return Head(row["number"], row["hash"])


def write_entry(work: Work, head: Head, me: Actor, given: Given, receipt: Receipt, watch: Watch) -> None:
    effect = {key: value for key, value in to_json(receipt).items() if key not in {"command", "entry"} and value}
    touched = {*work.touched, *watch.documents, *([receipt.document] if receipt.document else [])}
    if touched:
        effect["documents"] = {each: document_print(work, each) for each in sorted(touched)}
    rows = watch.changes()
    if rows:
        effect["rows"] = rows
    if me.hand is not None:
        effect["acting_for"] = {"person": me.person, "name": me.name}
    append(work.connection, head, Entry(
        work.entry, work.at.isoformat(), me.by, me.acting.name, given.rule.name, receipt.document, given.fields,
        canonical(effect), head.hash, ""))


def append(connection: Connection, head: Head, entry: Entry) -> None:
    sealed = entry.sealed()
    prepared_insert(tables.journal).run(connection, {name: getattr(sealed, name) for name in Entry.__slots__})
    moved_head().run(connection, {"before": head.number, "number": sealed.number, "hash": sealed.hash})


@cache
def one_receipt() -> Prepared:
    return Prepared(select(tables.receipt).where(tables.receipt.c.key == bindparam("given", type_=String)))


@cache
def locked_head() -> Prepared:
    return Prepared(select(tables.journal_head).with_for_update())


@cache
def moved_head() -> Prepared:
    return Prepared(
        update(tables.journal_head).where(tables.journal_head.c.number == bindparam("before", type_=Integer)))


def entry_of(row: RowMapping) -> Entry:
    return Entry(**{name: row[name] for name in Entry.__slots__})


FIRST_HEAD = Head(0, FIRST)
