"""Tasks without a document, notices, urging, and the trail of who held and who looked at what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from docclient.store.tables.columns import Moment, identity, metadata, refers

task = Table(
    "task", metadata, identity(), Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),                   # given, in_work, finished, given_back, cancelled
    Column("title", Text, nullable=False), Column("words", Text, nullable=False),
    refers("given_by", "person", index=True), Column("due_date", Date),
    Column("progress", Integer, nullable=False),                   # percent
    Column("result", Text, nullable=False), Column("finished_at", Moment),
    Column("created_at", Moment, nullable=False), Column("updated_at", Moment, nullable=False),
)

task_person = Table(
    "task_person", metadata,
    Column("task", String(36), ForeignKey("task.id"), primary_key=True),
    Column("person", String(36), ForeignKey("person.id"), primary_key=True, index=True),
    Column("role", String(10), nullable=False),                    # lead, helping
    Column("accepted_at", Moment),
)

task_document = Table(
    "task_document", metadata,
    Column("task", String(36), ForeignKey("task.id"), primary_key=True),
    Column("document", String(36), ForeignKey("document.id"), primary_key=True, index=True),
)

task_step = Table(                                                 # what happened to a task, in order
    "task_step", metadata, identity(), refers("task", "task", index=True), refers("by", "person"),
    Column("command", Text, nullable=False), Column("entry", Integer, nullable=False),
    Column("words", Text, nullable=False), Column("progress", Integer), Column("due_date", Date),
    Column("at", Moment, nullable=False),
)

notice = Table(
    "notice", metadata, identity(), refers("person", "person"),
    Column("kind", String(20), nullable=False),
    refers("document", "document", optional=True, index=True), refers("task", "task", optional=True, index=True),
    Column("case_file", String(36), ForeignKey("case_file.id")),
    refers("by", "person", optional=True),                         # whose act it tells of; empty: the calendar's
    Column("words", Text, nullable=False),
    Column("about", Text, nullable=False),                         # with person, kind and thing: told once
    Column("at", Moment, nullable=False), Column("told_at", Moment), Column("read_at", Moment),
    UniqueConstraint("person", "about"),
    Index("ix_notice_person_id", "person", "id"),
    Index("ix_notice_person_read", "person", "read_at"),
    info={"apart": "what was told; the acts that it tells of stand in the journal"},
)

notice_choice = Table(                                             # what a person wants to hear; absent: the usual
    "notice_choice", metadata,
    Column("person", String(36), ForeignKey("person.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("manner", String(8), nullable=False),                   # tell, quiet, never
)

urging = Table(                                                    # đôn đốc, with the proof that it was received
    "urging", metadata, identity(), refers("document", "document", optional=True, index=True),
    refers("task", "task", optional=True, index=True), refers("by", "person"), refers("person", "person", index=True),
    Column("words", Text, nullable=False), Column("at", Moment, nullable=False), Column("seen_at", Moment),
)

holding = Table(                                                   # who held a document from when to when
    "holding", metadata, identity(), refers("document", "document", index=True),
    Column("kind", String(20), nullable=False),
    refers("person", "person", optional=True), Column("role", String(20)), refers("unit", "unit", optional=True),
    Column("since", Moment, nullable=False), Column("until", Moment),
    info={"apart": "follows from the acts in the journal"},
)

view_log = Table(                                                  # each look at a document, once per quarter hour
    "view_log", metadata, identity(), refers("person", "person"),
    Column("kind", String(10), nullable=False),                    # page, file, print, save, export
    refers("document", "document", optional=True), Column("case_file", String(36), ForeignKey("case_file.id")),
    Column("digest", String(64)),                                  # of the file that was read, printed or saved
    Column("mark", String(40)),                                    # what a print carries, so that it can be found again
    Column("slot", BigInteger, nullable=False),                    # quarters of an hour since 1970
    Column("at", Moment, nullable=False),
    Column("once", String(64), nullable=False, unique=True),       # SHA-256 of person, kind, thing, file and slot
    Index("ix_view_log_document", "document", "at"), Index("ix_view_log_case_file", "case_file", "at"),
    Index("ix_view_log_at", "at"),
    info={"apart": "looks are written down beside the journal: reading must not wait for it"},
)
