"""A new shape of the tables, told in the journal: what every row then was, as the measure for later checks."""

from __future__ import annotations

from sqlalchemy import Connection

from docclient.office.checking_rows import MIGRATED
from docclient.office.engine import append, lock_head
from docclient.office.journal import Entry, canonical
from docclient.office.model import now
from docclient.office.watching import every_row

PROGRAM = "docclient"
"""Who acts: no person."""


def note_migration(connection: Connection, before: str, after: str) -> None:
    """Write the entry, in the transaction that changed the shape. A shape may fill columns, so all rows are noted."""
    head = lock_head(connection)
    if head.number == 0:
        return
    rows = {table: {key: (print_, print_) for key, print_ in prints.items()}
            for table, prints in every_row(connection).items() if prints}
    append(connection, head, Entry(
        head.number + 1, now().isoformat(), PROGRAM, PROGRAM, MIGRATED, None,
        canonical({"before": before, "after": after}), canonical({"rows": rows}), head.hash, ""))
