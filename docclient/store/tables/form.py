"""The form check of drafts: what was found in which version, and why somebody let it pass."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from docclient.store.tables.columns import Moment, identity, metadata, refers

form_check = Table(                                                # kiểm tra thể thức
    "form_check", metadata, identity(), refers("document", "document", index=True),
    Column("digest", String(64), nullable=False),                  # of the prepared PDF
    Column("verdict", String(12), nullable=False), Column("report", Text, nullable=False),
    refers("by", "person"), Column("at", Moment, nullable=False),
)

form_excuse = Table(                                               # this version may pass as it is, and why
    "form_excuse", metadata, identity(), refers("document", "document", index=True),
    Column("digest", String(64), nullable=False), Column("words", Text, nullable=False),
    Column("role", String(10), nullable=False),                    # drafter, checker
    refers("by", "person"), Column("at", Moment, nullable=False),
)
