"""The office and its people."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from docclient.store.tables.columns import Moment, identity, metadata, refers

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
    Column("valid_from", Date), Column("valid_to", Date),
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
    Column("position", Integer, nullable=False), Column("valid_to", Date),
)

register = Table(
    "register", metadata, identity(),
    Column("kind", String(10), nullable=False),                    # incoming, outgoing, copies
    Column("year", Integer, nullable=False), Column("title", Text, nullable=False),
    Column("last_number", Integer, nullable=False), Column("closed", Boolean, nullable=False),
    # the state that is printed at its closing: when, why, and the journal's head then
    Column("closed_at", Moment), Column("closed_why", Text),
    Column("closed_entry", Integer), Column("closed_hash", String(64)),
    Column("series", String(36)),                                  # of a run beside the common one
    UniqueConstraint("kind", "year", "title"),
)

calendar_day = Table(                                              # over the country's calendar
    "calendar_day", metadata,
    Column("day", Date, primary_key=True), Column("kind", String(12), nullable=False),
    Column("note", Text, nullable=False), Column("basis", Text, nullable=False),
)
