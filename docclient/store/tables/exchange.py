"""What goes out to other offices and comes in; what is trusted."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from docclient.store.tables.columns import Moment, identity, metadata, refers

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
    Column("state", String(10), nullable=False, index=True),       # waiting, sent, failed, set_aside, withdrawn
    Column("digest", String(64), ForeignKey("blob.digest")),
    Column("tries", Integer, nullable=False), Column("error", Text), Column("at", Moment, nullable=False),
    Column("tried_at", Moment),                               # the last try, or when it was sent
    Column("refused", Integer),                               # times that it was refused, not merely not carried
    UniqueConstraint("document", "kind", "recipient_code", "status_code"),   # each status once per document
)

asked_change = Table(                                              # a sender takes back, updates or replaces
    "asked_change", metadata, identity(), refers("document", "document", index=True),
    Column("kind", String(10), nullable=False),                    # revoke, update, replace, take_back
    Column("packet", String(64), ForeignKey("blob.digest"), nullable=False),
    Column("asker_code", Text, nullable=False), Column("asker_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    refers("successor", "document", optional=True),                # what came in its place
    Column("said_at", Moment), Column("at", Moment, nullable=False),
    refers("answered_by", "person", optional=True), Column("answered_at", Moment), Column("agreed", Boolean),
    Column("answer", Text),
    UniqueConstraint("document", "packet"),                        # each packet asks once
)

recipient_urging = Table(                                          # a silent recipient was reminded
    "recipient_urging", metadata, identity(), refers("document", "document", index=True),
    Column("agency_code", Text, nullable=False), refers("by", "person"),
    Column("words", Text, nullable=False), Column("at", Moment, nullable=False),
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
