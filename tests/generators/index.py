"""The search index of documents that were put in in bulk: the store's own words and shapes, many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, text

from docclient.store import tables
from docclient.store.finding import COLUMNS, Texts, composed, head_of, vector_of
from tests.generators.bulk import put_in

DATES = ("issued_date", "arrival_date", "due_date", "reply_due_date")
FIELDS = ("recipients_text", "signer_name", "signer_position", "issued_place", "language", "note", "exchange_id")


def texts_of(row: Mapping[str, Any], people: Sequence[str], directions: Sequence[str], files: Sequence[str],
             recipients: Sequence[str]) -> Texts:
    """What docclient.store.finding would read back from the tables for a document whose files nobody has read yet."""
    days: list[str] = []
    for day in (row[name] for name in DATES if row[name] is not None):
        days.append(f"{day:%d/%m/%Y}")
        if day.day < 10 or day.month < 10:
            days.append(f"{day.day}/{day.month}/{day.year}")
    return Texts(composed(head_of(row)), composed([row["issuer_name"], row["issuer_code"]]), composed(  # type: ignore[arg-type]
        [*(row[name] for name in FIELDS), *days, *people, *directions, *files, *recipients]), "", "")


def put_in_index(connection: Connection, texts: Sequence[tuple[str, Texts]]) -> None:
    last = connection.scalar(select(func.coalesce(func.max(tables.finding.c.number), 0))) or 0
    rows, words, terms = [], [], set[str]()
    postgresql = connection.dialect.name == "postgresql"
    for number, (document, each) in enumerate(texts, start=last + 1):
        folded = each.folded()
        rows.append({"number": number, "document": document, "sources": "", "vector": None,
                     **{name: getattr(each, name) for name in COLUMNS}})
        if postgresql:
            rows[-1]["vector"] = vector_of(folded)
        else:
            words.append((number, *(" ".join(folded[name]) for name in COLUMNS)))
            terms.update(word for found in folded.values() for word in found)
    put_in(connection, tables.finding, rows)
    if postgresql:
        connection.execute(text("SELECT setval(pg_get_serial_sequence('finding', 'number'), :last)"),
                           {"last": last + len(rows)})
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.executemany("INSERT INTO found_words(rowid, head, issuer, rest, words) VALUES(?, ?, ?, ?, ?)", words)
    raw.executemany("INSERT OR IGNORE INTO found_term(term) VALUES(?)", [(each,) for each in sorted(terms)])
