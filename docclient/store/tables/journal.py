"""The journal and the receipts."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from docclient.store.tables.columns import metadata

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
