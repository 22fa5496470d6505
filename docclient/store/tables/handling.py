"""What happens to an incoming document between its arrival and the end of the work, beside direction and handler."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from docclient.store.tables.columns import Moment, identity, metadata, refers

former_handler = Table(                                            # redirected or taken back: `handler` has the present
    "former_handler", metadata, identity(), refers("document", "document", index=True),
    refers("person", "person", optional=True, index=True), refers("unit", "unit", optional=True),
    Column("role", String(10), nullable=False), Column("level_role", String(10)), refers("direction", "direction"),
    Column("limit_date", Date), Column("opened_at", Moment),
    Column("accepted_at", Moment), Column("finished_at", Moment),
    refers("ended_by", "person"), Column("ended_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)

presentation = Table(                                              # to which leader, by whom
    "presentation", metadata, identity(), refers("document", "document", index=True), refers("leader", "person"),
    refers("by", "person"), Column("at", Moment, nullable=False), Column("opened_at", Moment),
    Column("taken_back_at", Moment),
)

remark = Table(                                                    # opinions on an incoming document, threaded
    "remark", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    refers("asked", "person", optional=True),                      # whose answer is wanted
    Column("answers", String(36)),                                 # an earlier opinion
    Column("words", Text, nullable=False), Column("at", Moment, nullable=False),
)

progress_note = Table(
    "progress_note", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("percent", Integer), Column("words", Text, nullable=False), Column("at", Moment, nullable=False),
)

extension_request = Table(
    "extension_request", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    refers("asked", "person"), Column("due_date", Date, nullable=False), Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("granted", Boolean), refers("decided_by", "person", optional=True), Column("decided_at", Moment),
    Column("answer", Text),
)

closing = Table(                                                   # each end of the work, and its reopening
    "closing", metadata, identity(), refers("document", "document", index=True), refers("by", "person"),
    Column("kind", String(20), nullable=False),                    # finished, without_answer, kept
    Column("words", Text, nullable=False), Column("at", Moment, nullable=False),
    refers("reopened_by", "person", optional=True), Column("reopened_at", Moment), Column("reopened_why", Text),
)

recall_notice = Table(                                             # a recall's own data are kept (NĐ 30 Annex VI, H1)
    "recall_notice", metadata,
    Column("document", String(36), ForeignKey("document.id"), primary_key=True),
    refers("by", "person"), Column("at", Moment, nullable=False),
    Column("reason", Text, nullable=False), Column("asked_on", Date),
    Column("notice", Text),                                        # number and symbol of the sender's letter
    Column("packet", String(64), ForeignKey("blob.digest")),
    Column("state_before", String(20), nullable=False),
)

paper_copy = Table(                                                # the same document, come on paper too
    "paper_copy", metadata,
    Column("document", String(36), ForeignKey("document.id"), primary_key=True),
    refers("received_by", "person"), Column("received_at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    refers("handed_to", "person", optional=True), Column("handed_at", Moment),
)

twin_key = Table(                                                  # what a duplicate is found by
    "twin_key", metadata,
    Column("document", String(36), ForeignKey("document.id"), primary_key=True),
    Column("number", Text, nullable=False),                        # number and symbol, folded; the year behind
    Index("ix_twin_key_number", "number"),
)

phrase = Table(                                                    # words at hand; without a person: everybody's
    "phrase", metadata, identity(), refers("person", "person", optional=True, index=True),
    Column("kind", String(20), nullable=False), Column("words", Text, nullable=False),
    Column("position", Integer, nullable=False),
)

phrase_use = Table(
    "phrase_use", metadata,
    Column("phrase", String(36), ForeignKey("phrase.id"), primary_key=True),
    Column("person", String(36), ForeignKey("person.id"), primary_key=True),
    Column("uses", Integer, nullable=False), Column("last_at", Moment, nullable=False),
)

routing_rule = Table(                                              # straight to the handler (NĐ 30 Art 23)
    "routing_rule", metadata, identity(),
    Column("type_name", Text), Column("sender_code", Text), Column("subject_words", Text),
    Column("lead_kind", String(10), nullable=False), Column("lead_id", String(36), nullable=False),
    refers("leader", "person"),                                    # who sees it for information, and may change it
    Column("words", Text, nullable=False), Column("due_days", Integer),
    Column("basis", Text, nullable=False), Column("active", Boolean, nullable=False),
    refers("by", "person"), Column("at", Moment, nullable=False),
)

register_rule = Table(                                             # which incoming register a document belongs into
    "register_rule", metadata, identity(),
    Column("title", Text, nullable=False), Column("type_name", Text), Column("sender_code", Text),
    Column("subject_words", Text),
)

type_deadline = Table(                                             # the working rules' own limits, in working days
    "type_deadline", metadata, Column("type_name", Text, primary_key=True), Column("days", Integer, nullable=False),
)

earlier_choice = Table(                                            # whom leaders chose for the same sender and type
    "earlier_choice", metadata, identity(),
    Column("sender", Text, nullable=False), Column("type_name", Text, nullable=False),
    Column("role", String(10), nullable=False), Column("kind", String(10), nullable=False),
    Column("handler", String(36), nullable=False), Column("uses", Integer, nullable=False),
    UniqueConstraint("sender", "type_name", "role", "kind", "handler"),
)
