"""What documents are found by, and what each person keeps for finding them again."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR

from docclient.store.tables.columns import Moment, identity, metadata, refers

finding = Table(                                                   # follows from the document: can be made anew
    "finding", metadata,
    Column("number", Integer, primary_key=True),                   # rises with arrival: newest first without sorting
    Column("document", String(36), ForeignKey("document.id"), nullable=False, unique=True),
    Column("head", Text, nullable=False),                          # number, type, subject
    Column("issuer", Text, nullable=False),
    Column("rest", Text, nullable=False),                          # every other field
    Column("words", Text, nullable=False),                         # the text of its files
    Column("sources", Text, nullable=False),                       # digests of the texts in `words`
    Column("vector", Text().with_variant(TSVECTOR(), "postgresql")),   # SQLite has the table found_words instead
    sqlite_autoincrement=True, info={"derived": "from the documents (docclient.store.finding.rebuild)"},
)

found_term = Table(                                                # each word there is, for what is half typed (SQLite)
    "found_term", metadata, Column("term", Text, primary_key=True), info={"derived": "from finding"},
)

file_text = Table(
    "file_text", metadata,
    Column("digest", String(64), ForeignKey("blob.digest"), primary_key=True),
    Column("text", String(64), ForeignKey("blob.digest")),         # UTF-8; none where there is a problem
    Column("problem", String(20)),                                 # encrypted, damaged, unreadable, secret
    Column("at", Moment, nullable=False), info={"derived": "from the files' bytes"},
)

text_to_read = Table(                                              # files whose text nobody has read yet
    "text_to_read", metadata,
    Column("digest", String(64), ForeignKey("blob.digest"), primary_key=True),
    refers("document", "document", index=True), Column("at", Moment, nullable=False),
    info={"derived": "from the documents' files"},
)

found_secret = Table(                                              # alarms of a secrecy mark; a cleared one stays
    "found_secret", metadata,
    Column("digest", String(64), primary_key=True),                # no reference: the bytes may be taken away
    Column("at", Moment, nullable=False), refers("by", "person"),
    Column("cleared_at", Moment), refers("cleared_by", "person", optional=True), Column("reason", Text),
)

secret_lock = Table(                                               # documents that are frozen for an alarm
    "secret_lock", metadata,
    Column("document", String(36), ForeignKey("document.id"), primary_key=True),
    Column("digest", String(64), ForeignKey("found_secret.digest"), primary_key=True),
)

saved_search = Table(
    "saved_search", metadata, identity(), refers("person", "person"),
    Column("name", Text, nullable=False), Column("text", Text, nullable=False),
    Column("filters", Text, nullable=False),                       # JSON, the fields of queries.finding.Filter
    Column("sort", String(20), nullable=False), Column("pinned", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("person", "name"),
)

list_columns = Table(                                              # which columns a person wants in which list
    "list_columns", metadata,
    Column("person", String(36), ForeignKey("person.id"), primary_key=True),
    Column("list", String(40), primary_key=True), Column("columns", Text, nullable=False),    # JSON
)
