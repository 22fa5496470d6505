"""Who may act for whom, sign what and read what; what agencies and units were called before; login accounts."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text

from docclient.store.tables.columns import Moment, identity, metadata, refers

delegation = Table(                                                # ủy quyền xử lý: dated, with its basis
    "delegation", metadata, identity(),
    refers("absent", "person", index=True), refers("substitute", "person", index=True),
    Column("first_day", Date, nullable=False), Column("last_day", Date, nullable=False),
    Column("types", Text, nullable=False),                         # JSON list of document types; empty: all
    Column("kinds", Text, nullable=False),                         # JSON list of kinds of waiting; empty: all
    Column("basis", Text, nullable=False),
    refers("granted_by", "person"), Column("granted_at", Moment, nullable=False),
    refers("revoked_by", "person", optional=True), Column("revoked_at", Moment), Column("revoked_why", Text),
)

signing_authority = Table(                                         # quyền hạn ký (NĐ 30 Art 13)
    "signing_authority", metadata, identity(), refers("person", "person", index=True),
    refers("post", "post", optional=True, index=True),             # then the post's own form counts no longer
    Column("form", String(10), nullable=False), Column("title", Text, nullable=False),
    Column("types", Text, nullable=False), Column("units", Text, nullable=False),   # JSON lists; empty: all
    Column("fields", Text, nullable=False),                        # JSON list of fields of work, as words
    Column("valid_from", Date, nullable=False), Column("valid_to", Date),
    refers("given_by", "person", optional=True),                   # TUQ.: who authorised
    Column("basis", Text, nullable=False), refers("set_by", "person"), Column("set_at", Moment, nullable=False),
    Column("ended_at", Moment), Column("ended_why", Text),
)

granted_right = Table(                                             # each change of a right, the newest one counts
    "granted_right", metadata, identity(), refers("document", "document", index=True),
    refers("file", "file", optional=True),                         # none: the whole document
    refers("person", "person", optional=True, index=True), refers("unit", "unit", optional=True, index=True),
    Column("name", String(10), nullable=False),                    # read, download, print
    Column("given", Boolean, nullable=False),                      # or withdrawn
    Column("reason", Text, nullable=False), refers("by", "person"), Column("at", Moment, nullable=False),
    Column("state", String(10), nullable=False, index=True),       # flagged, confirmed, refused
    refers("decided_by", "person", optional=True), Column("decided_at", Moment),
)

former_name = Table(                                               # of an agency or a unit, as it was until a day
    "former_name", metadata, identity(),
    refers("agency", "agency", optional=True, index=True), refers("unit", "unit", optional=True, index=True),
    Column("name", Text, nullable=False), Column("code", Text, nullable=False),    # of a unit: its abbreviation
    Column("until", Date, nullable=False), Column("basis", Text, nullable=False),
)

account = Table(                                                   # how a person logs in; not what their posts are
    "account", metadata,
    Column("person", String(36), ForeignKey("person.id"), primary_key=True),
    Column("login_role", String(20), nullable=False),              # user, administrator, auditor
    Column("password", Text),                                      # argon2id, never the password
    Column("must_change", Boolean, nullable=False), Column("failed", Integer, nullable=False),
    Column("locked", Boolean, nullable=False), Column("locked_until", Moment),
    Column("changed_at", Moment),
    info={"apart": "wrong tries are counted at the door, before there is a command"},
)
