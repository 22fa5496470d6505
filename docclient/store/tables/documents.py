"""Documents, their files and who works on them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from docclient.store.tables.columns import Moment, identity, metadata, refers

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
    # since the second shape; all may be empty
    Column("language", Text), Column("page_amount", Integer), Column("note", Text), Column("issued_amount", Integer),
    Column("reply_due_date", Date),                                # hạn trả lời, asked by the sender
    Column("paper_follows", Boolean),                              # the same document is to come on paper too
    Column("series", String(36)),                                  # the number series its number came from
    Column("copy_kind", String(3)), Column("copy_of", String(36)), # SY, SL, TrS: of which document here, if any
    Column("frozen_at", Moment),                                   # nothing may change while it is set
    Column("signed_at", Moment), Column("issued_moment", Moment),   # of an outgoing one (NĐ 30 Art 18.1)
    Column("created_at", Moment, nullable=False), Column("updated_at", Moment, nullable=False),
    UniqueConstraint("register", "arrival_number"), UniqueConstraint("register", "out_number"),
    Index("ix_document_flow_id", "flow", "id"), Index("ix_document_state_id", "state", "id"),
    Index("ix_document_due", "due_date", "id"),
    Index("ix_document_exchange", "exchange_id"),
    Index("ix_document_flow_state_id", "flow", "state", "id"),     # the few of a state among a million
    Index("ix_document_due_date", "due_date"),
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
    Index("ix_verdict_conclusion", "conclusion", "document"),
)

direction = Table(
    "direction", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("words", Text, nullable=False), Column("due_date", Date), Column("at", Moment, nullable=False),
    # since the fifth shape: the handler who passed it on; how it came about; the rule that decided; when it ended
    Column("upper", String(36)), Column("origin", String(10)), Column("routing", String(36)),
    Column("ended_at", Moment),
    Column("hand", String(36)),                                    # who wrote it for `by`, standing in for them
)

deadline_change = Table(                                           # each extension, beside the date before it
    "deadline_change", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("previous", Date), Column("due_date", Date, nullable=False), Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False), Column("level", String(36)),     # of a lower level: its direction
)

handler = Table(
    "handler", metadata, identity(), refers("document", "document", index=True),
    refers("person", "person", optional=True, index=True), refers("unit", "unit", optional=True),
    Column("role", String(10), nullable=False), refers("direction", "direction"),
    Column("accepted_at", Moment), Column("finished_at", Moment),
    # since the fifth shape: role within its level where it differs; a limit of its own; when it was first opened
    Column("level_role", String(10)), Column("limit_date", Date), Column("opened_at", Moment),
    CheckConstraint("person IS NOT NULL OR unit IS NOT NULL", name="somebody"),
)

link = Table(
    "link", metadata,
    Column("source", String(36), ForeignKey("document.id"), primary_key=True),
    Column("target", String(36), ForeignKey("document.id"), primary_key=True, index=True),
    Column("kind", String(20), primary_key=True),
)

NO_DEADLINE = date(9999, 12, 31)
"""Stands last among the deadlines, on every database alike."""

waiting = Table(
    "waiting", metadata, identity(), refers("document", "document", index=True),
    Column("kind", String(20), nullable=False),
    refers("person", "person", optional=True), Column("role", String(20)),
    refers("unit", "unit", optional=True),                         # with a role: only within this unit
    Column("since", Moment, nullable=False),
    # the document's deadline again, NO_DEADLINE where it has none: what waits is listed by it, and looking it up
    # document by document took longer than all the rest (docclient/store/work.py keeps it)
    Column("due", Date, nullable=False, server_default=NO_DEADLINE.isoformat()),
    # a list reads its first lines, and counts all of them, from these alone
    Index("ix_waiting_person", "person", "due", "since", "id", "kind", "document"),
    Index("ix_waiting_role", "role", "unit", "person", "due", "since", "id", "kind", "document"),
    Index("ix_waiting_due", "due"),
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
