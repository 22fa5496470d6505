"""A new shape of the tables, told in the journal: what every table then held, as the measure for later checks."""

from __future__ import annotations

from sqlalchemy import Connection

from docclient.office.checking_rows import MIGRATED
from docclient.office.engine import append, lock_head
from docclient.office.journal import Entry, canonical
from docclient.office.model import now
from docclient.office.watching import Measure, every_row

PROGRAM = "docclient"
"""Who acts: no person."""


def note_migration(connection: Connection, before: str, after: str) -> None:
    """Write the entry, in the transaction that changed the shape. A shape may fill columns, so every table is measured
    anew: its number of rows and one print over all of them."""
    head = lock_head(connection)
    if head.number == 0:
        return
    measures = {}
    for table, prints in every_row(connection).items():
        measure = Measure.of(prints)
        measures[table] = {"rows": measure.rows, "print": measure.print}
    append(connection, head, Entry(
        head.number + 1, now().isoformat(), PROGRAM, PROGRAM, MIGRATED, None,
        canonical({"before": before, "after": after}), canonical({"tables": measures}), head.hash, ""))
