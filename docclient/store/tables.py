"""The office's tables, in SQLAlchemy Core; `migrations/` brings a database to this shape.

Identities are UUIDv7 text; moments are aware UTC; what came from outside is Text, for its length is not ours to choose.
What the office decides lives in `docclient/office`, not here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
})


def identity() -> Column[str]:
    return Column("id", String(36), primary_key=True)


def refers(name: str, target: str, *, optional: bool = False, index: bool = False) -> Column[Any]:
    return Column(name, String(36), ForeignKey(f"{target}.id"), nullable=optional, index=index)


# --- the office and its people -------------------------------------------------------------------------------------

office_fact = Table(
    "office_fact", metadata,
    Column("name", Text, primary_key=True), Column("value", Text, nullable=False),
)

agency = Table(
    "agency", metadata, identity(),
    Column("code", Text, nullable=False, unique=True),      # QĐ 20/2020: up to 35 characters
    Column("old_code", Text),
    Column("name", Text, nullable=False),
    Column("parent_name", Text),
    Column("place", Text),
    Column("email", Text),
    Column("own", Boolean, nullable=False),
    Column("valid_from", Date), Column("valid_to", Date),
    refers("successor", "agency", optional=True),
)

unit = Table(
    "unit", metadata, identity(),
    Column("name", Text, nullable=False), Column("abbreviation", Text, nullable=False),
    Column("position", Integer, nullable=False),
)

person = Table(
    "person", metadata, identity(),
    Column("name", Text, nullable=False), Column("account", Text, unique=True),
    Column("active", Boolean, nullable=False),
)

picture = Table(                                                   # seal (owner: agency), signatures (owner: a person)
    "picture", metadata,
    Column("owner", String(36), primary_key=True),
    Column("digest", String(64), ForeignKey("blob.digest"), nullable=False),
)

post = Table(
    "post", metadata, identity(), refers("person", "person", index=True), refers("unit", "unit", index=True),
    Column("title", Text, nullable=False), Column("role", String(20), nullable=False, index=True),
    Column("authority_form", String(10)),                          # TM., KT., TL., TUQ., Q. (NĐ 30 Art 13)
    Column("valid_from", Date), Column("valid_to", Date),
)

certificate = Table(                                               # whose it is (owner: agency, or a person)
    "certificate", metadata,
    Column("fingerprint", String(64), primary_key=True), Column("owner", String(36), nullable=False, index=True),
    Column("subject", Text, nullable=False), Column("added_at", Moment, nullable=False),
)

document_type = Table(
    "document_type", metadata,
    Column("name", Text, primary_key=True), Column("abbreviation", Text),
    Column("position", Integer, nullable=False),
)

register = Table(
    "register", metadata, identity(),
    Column("kind", String(10), nullable=False),                    # incoming, outgoing, copies
    Column("year", Integer, nullable=False), Column("title", Text, nullable=False),
    Column("last_number", Integer, nullable=False), Column("closed", Boolean, nullable=False),
    UniqueConstraint("kind", "year", "title"),
)

calendar_day = Table(                                              # over the country's calendar
    "calendar_day", metadata,
    Column("day", Date, primary_key=True), Column("kind", String(12), nullable=False),
    Column("note", Text, nullable=False), Column("basis", Text, nullable=False),
)

# --- documents -----------------------------------------------------------------------------------------------------

document = Table(
    "document", metadata, identity(),
    Column("flow", String(10), nullable=False), Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("type_name", Text, nullable=False),
    Column("code_number", Text), Column("code_notation", Text),
    Column("issued_date", Date), Column("issued_place", Text),
    Column("issuer_code", Text), Column("issuer_name", Text),
    Column("subject", Text, nullable=False), Column("urgency", Integer, nullable=False),
    Column("due_date", Date),
    Column("signer_name", Text), Column("signer_position", Text),
    refers("signer_person", "person", optional=True), refers("drafter", "person", optional=True),
    refers("unit", "unit", optional=True),
    Column("recipients_text", Text),
    Column("channel", String(10)), Column("exchange_id", Text),
    refers("register", "register", optional=True),
    Column("arrival_number", Integer), Column("arrival_date", Date),
    Column("out_number", Integer),                                 # the number the outgoing register gave
    Column("folded", Text, nullable=False),                        # number, subject, issuer without marks, for search
    Column("last_entry", Integer, nullable=False),                 # the journal entry that touched it last
    Column("created_at", Moment, nullable=False), Column("updated_at", Moment, nullable=False),
    UniqueConstraint("register", "arrival_number"), UniqueConstraint("register", "out_number"),
    Index("ix_document_flow_id", "flow", "id"),
    Index("ix_document_exchange", "exchange_id"),
)

file = Table(
    "file", metadata, identity(), refers("document", "document", index=True),
    Column("kind", String(10), nullable=False), Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
)

blob = Table(
    "blob", metadata,
    Column("digest", String(64), primary_key=True), Column("size", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)

file_version = Table(
    "file_version", metadata, identity(), refers("file", "file"),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), ForeignKey("blob.digest"), nullable=False, index=True),
    Column("step", String(20), nullable=False), Column("media_type", Text, nullable=False),
    refers("by", "person"), Column("at", Moment, nullable=False),
    UniqueConstraint("file", "number"),
)

verdict = Table(                                                   # each check of a file; none is overwritten
    "verdict", metadata,
    Column("document", String(36), ForeignKey("document.id"), primary_key=True),
    Column("digest", String(64), ForeignKey("blob.digest"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),   # 1: when the file came
    Column("conclusion", String(20), nullable=False), Column("report", Text, nullable=False),
    Column("evidence", String(64), ForeignKey("blob.digest")),     # what it rests on (docclient.office.proof)
    Column("online", Boolean, nullable=False),                     # the network was asked
    refers("by", "person", optional=True), Column("at", Moment, nullable=False),
)

direction = Table(
    "direction", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("words", Text, nullable=False), Column("due_date", Date), Column("at", Moment, nullable=False),
)

deadline_change = Table(                                           # each extension, beside the date before it
    "deadline_change", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("previous", Date), Column("due_date", Date, nullable=False), Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

handler = Table(
    "handler", metadata, identity(), refers("document", "document", index=True),
    refers("person", "person", optional=True, index=True), refers("unit", "unit", optional=True),
    Column("role", String(10), nullable=False), refers("direction", "direction"),
    Column("accepted_at", Moment), Column("finished_at", Moment),
    CheckConstraint("person IS NOT NULL OR unit IS NOT NULL", name="somebody"),
)

link = Table(
    "link", metadata,
    Column("source", String(36), ForeignKey("document.id"), primary_key=True),
    Column("target", String(36), ForeignKey("document.id"), primary_key=True, index=True),
    Column("kind", String(20), primary_key=True),
)

waiting = Table(
    "waiting", metadata, identity(), refers("document", "document", index=True),
    Column("kind", String(20), nullable=False),
    refers("person", "person", optional=True, index=True), Column("role", String(20), index=True),
    refers("unit", "unit", optional=True),                         # with a role: only within this unit
    Column("since", Moment, nullable=False),
)

access = Table(
    "access", metadata,
    Column("document", String(36), ForeignKey("document.id"), primary_key=True),
    Column("person", String(36), ForeignKey("person.id"), primary_key=True, index=True),
)

proposal = Table(
    "proposal", metadata,
    Column("document", String(36), ForeignKey("document.id"), primary_key=True), Column("fields", Text, nullable=False),
)

# --- exchange ------------------------------------------------------------------------------------------------------

delivery = Table(
    "delivery", metadata, identity(), refers("document", "document", index=True),
    Column("agency_code", Text, nullable=False), Column("agency_name", Text, nullable=False),
    Column("transport_state", String(10), nullable=False),         # waiting, sent, failed
    Column("status_code", Text), Column("status_at", Moment),
    UniqueConstraint("document", "agency_code"),
)

delivery_status = Table(
    "delivery_status", metadata, identity(), refers("delivery", "delivery", index=True),
    Column("code", Text, nullable=False), Column("description", Text, nullable=False),
    Column("at", Moment, nullable=False),
    UniqueConstraint("delivery", "code", "at"),
)

outbox = Table(
    "outbox", metadata, identity(), refers("document", "document", index=True),
    Column("kind", String(10), nullable=False),                    # document, status
    Column("recipient_code", Text, nullable=False), Column("recipient_name", Text, nullable=False),
    Column("status_code", Text, nullable=False),              # empty for a document
    Column("description", Text, nullable=False),
    Column("state", String(10), nullable=False, index=True),       # waiting, sent, failed
    Column("digest", String(64), ForeignKey("blob.digest")),
    Column("tries", Integer, nullable=False), Column("error", Text), Column("at", Moment, nullable=False),
    UniqueConstraint("document", "kind", "recipient_code", "status_code"),   # each status once per document
)

inbox = Table(
    "inbox", metadata,
    Column("packet", String(64), ForeignKey("blob.digest"), primary_key=True),
    Column("transport_id", Text, nullable=False), refers("document", "document", optional=True),
    Column("at", Moment, nullable=False),
)

trust_item = Table(
    "trust_item", metadata,
    Column("kind", String(12), primary_key=True),                  # anchor, intermediate, crl
    Column("digest", String(64), ForeignKey("blob.digest"), primary_key=True),
    Column("name", Text, nullable=False), Column("added_at", Moment, nullable=False),
)

# --- the journal ---------------------------------------------------------------------------------------------------

journal = Table(
    "journal", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),                      # text: hashed exactly as written
    Column("actor", String(36), nullable=False), Column("actor_name", Text, nullable=False),
    Column("command", Text, nullable=False), Column("document", String(36), index=True),
    Column("fields", Text, nullable=False), Column("effect", Text, nullable=False),
    Column("previous", String(64), nullable=False), Column("hash", String(64), nullable=False),
)

journal_head = Table(
    "journal_head", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False), Column("hash", String(64), nullable=False),
)

receipt = Table(
    "receipt", metadata,
    Column("key", String(64), primary_key=True),                   # SHA-256 of the idempotency key
    Column("command", String(64), nullable=False),
    Column("receipt", Text, nullable=False),
)
