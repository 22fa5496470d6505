"""The directory of agencies that packets can go to, and lists of recipients that people keep."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR

from docclient.store.tables.columns import Moment, identity, metadata, refers


def compared() -> Text:
    """Folded text, compared letter by letter: beginnings are looked up as a range."""
    return Text().with_variant(Text(collation="C"), "postgresql")


directory_unit = Table(                                            # as a carrier or a file lists them
    "directory_unit", metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),                        # which carrier or file
    Column("part", Integer, nullable=False),                       # of the list: it is brought in parts
    Column("code", Text, nullable=False), Column("code_folded", compared(), nullable=False),
    Column("old_code", Text), Column("old_folded", compared()),
    Column("name", Text, nullable=False), Column("name_folded", compared(), nullable=False),
    Column("parent_code", Text), Column("parent_name", Text), Column("email", Text),
    Column("centre", Boolean, nullable=False),                     # an exchange centre: carries, receives nothing
    Column("added_at", Moment, nullable=False), Column("ended_at", Moment),
    UniqueConstraint("source", "code_folded"),
    Index("ix_directory_unit_part", "source", "part"), Index("ix_directory_unit_code", "code_folded"),
    Index("ix_directory_unit_old_code", "old_folded"), Index("ix_directory_unit_name", "name_folded"),
    info={"apart": "the country's list, refreshed from outside; an agency that is sent to is entered in `agency`"},
)

directory_finding = Table(
    "directory_finding", metadata,
    Column("number", Integer, ForeignKey("directory_unit.number"), primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),                         # folded, of name, codes, parent; initials
    Column("vector", Text().with_variant(TSVECTOR(), "postgresql")),   # SQLite has the table unit_words instead
    info={"derived": "from directory_unit (docclient.store.directory.rebuild)"},
)

recipient_group = Table(
    "recipient_group", metadata, identity(),
    Column("name", Text, nullable=False),
    refers("owner", "person", optional=True, index=True),          # none: everybody's
)

recipient_group_member = Table(
    "recipient_group_member", metadata,
    Column("group", String(36), ForeignKey("recipient_group.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False), Column("position", Integer, nullable=False),
)
