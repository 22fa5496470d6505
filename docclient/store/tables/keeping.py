"""What proves the journal's age: time-stamps over its head (RFC 3161)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from docclient.store.tables.columns import Moment, metadata

journal_stamp = Table(
    "journal_stamp", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),   # the journal entry that was the head
    Column("hash", String(64), nullable=False),                         # its hash, which the token covers
    Column("token", String(64), ForeignKey("blob.digest"), nullable=False),
    Column("service", Text, nullable=False),
    Column("at", Moment, nullable=False),                               # the time that the token states
)
