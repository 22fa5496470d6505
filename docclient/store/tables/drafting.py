"""Outgoing documents: series of numbers, opinions, approvals, what was changed, recipients inside the office."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text, UniqueConstraint

from docclient.store.tables.columns import Moment, identity, metadata, refers

number_series = Table(                                             # a run of numbers beside the common one
    "number_series", metadata, identity(),
    Column("name", Text, nullable=False, unique=True),
    Column("types", Text, nullable=False),                         # JSON list of document types; empty: a council's
    Column("normative", Boolean, nullable=False),                  # nn/yyyy/TYPE-AGENCY
    Column("council", Text),                                       # its abbreviation in symbols, in the agency's place
    Column("from_year", Integer, nullable=False), Column("to_year", Integer),
)

given_number = Table(                                              # each number of an outgoing document, for ever
    "given_number", metadata, identity(), refers("document", "document", index=True),
    refers("register", "register"),
    Column("number", Integer, nullable=False), Column("year", Integer, nullable=False),
    Column("issuer_code", Text, nullable=False),                   # a body that takes another's place begins at 01
    Column("code_number", Text, nullable=False), Column("code_notation", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("cancelled_at", Moment), refers("cancelled_by", "person", optional=True), Column("reason", Text),
    Column("subject", Text), Column("type_name", Text),            # as they were when it was cancelled
    UniqueConstraint("register", "number"),
    UniqueConstraint("issuer_code", "year", "code_number", "code_notation"),
)

opinion_round = Table(                                             # lấy ý kiến
    "opinion_round", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("question", Text, nullable=False), Column("due_date", Date), Column("in_turn", Boolean, nullable=False),
    Column("resume", Text, nullable=False),                        # JSON: who waited when it began
    Column("at", Moment, nullable=False), Column("closed_at", Moment),
)

opinion = Table(
    "opinion", metadata, identity(), refers("document", "document", index=True),
    Column("round", String(36), nullable=False, index=True), refers("person", "person"),
    Column("position", Integer, nullable=False), Column("verdict", String(20)), Column("words", Text),
    Column("digest", String(64)),                                  # the text it speaks of
    Column("file", String(36)),                                    # what was shown beside the words
    refers("by", "person", optional=True), Column("answered_at", Moment),
    UniqueConstraint("round", "person"),
)

approval = Table(                                                  # who answers for which text
    "approval", metadata, identity(), refers("document", "document", index=True),
    Column("kind", String(10), nullable=False),                    # content, format, initial, signed
    refers("by", "person"), Column("covers", String(64), nullable=False),   # print of the approved text
    Column("words", Text, nullable=False), Column("at", Moment, nullable=False), Column("void_at", Moment),
)

draft_change = Table(                                              # every earlier value, with who and when
    "draft_change", metadata, identity(), refers("document", "document", index=True),
    Column("field", String(20), nullable=False), Column("previous", Text, nullable=False),
    Column("present", Text, nullable=False), refers("by", "person"), Column("at", Moment, nullable=False),
)

inside_recipient = Table(                                          # persons and units of the office itself
    "inside_recipient", metadata, identity(), refers("document", "document", index=True),
    refers("person", "person", optional=True), refers("unit", "unit", optional=True),
    Column("delivered_at", Moment), Column("read_at", Moment), refers("read_by", "person", optional=True),
    Column("withdrawn_at", Moment),
)

recall = Table(                                                    # data of the recall itself (Annex VI)
    "recall", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("reason", Text, nullable=False), Column("at", Moment, nullable=False),
)
