"""People, posts, agencies, registers, settings …: each row against the prints that the journal keeps of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from docclient.office.findings import Finding, Lie, row_lies
from docclient.office.watching import every_row, watched
from docclient.store.work import Work

FOUNDED = "FoundOffice"
MIGRATED = "MigrateOffice"


@dataclass(slots=True)
class RowBook:
    """The prints of all rows as the journal tells them, entry after entry.

    complete: the journal has told of every row there was (from the founding on, or since a migration noted them all):
    a row it never spoke of was put in behind its back.
    """

    last: dict[tuple[str, str], tuple[int, str | None]] = field(default_factory=dict)
    complete: bool = False
    findings: list[Finding] = field(default_factory=list)

    def hear(self, number: int, command: str, rows: object) -> None:
        """What entry `number` says of rows: table → key → print before and after."""
        told = pairs(rows)
        if command == MIGRATED:
            self.last = {key: (number, after) for key, (_, after) in told.items()}
            self.complete = True
            return
        self.complete = self.complete or (command == FOUNDED and bool(told))
        for key, (before, after) in told.items():
            entry, known = self.last.get(key, (0, None))
            if (entry or self.complete) and before != known:
                why = "row_changed_before" if before and known else "row_gone_before" if known else "row_came_before"
                kind = Lie.EDITED if before and known else Lie.DELETED if known else Lie.INSERTED
                self.findings.append(row_lies(kind, *key, why, number=number, entry=entry))
            self.last[key] = (number, after)

    def check(self, work: Work, *, whole: bool) -> list[Finding]:
        """Against the rows as they stand now. Not whole: only rows that the entries read spoke of."""
        findings = list(self.findings)
        now = {(table, key): print_ for table, rows in every_row(work.connection).items()
               for key, print_ in rows.items()}
        for key in sorted({*now, *self.last}):
            number, expected = self.last.get(key, (0, None))
            found = now.get(key)
            if key[0] not in watched() or found == expected:
                continue
            if number == 0:
                if whole and self.complete:
                    findings.append(row_lies(Lie.INSERTED, *key, "no_entry"))
            elif expected is None:
                findings.append(row_lies(Lie.INSERTED, *key, "deleted_by_entry", number=number))
            elif found is None:
                findings.append(row_lies(Lie.DELETED, *key, "only_entry", number=number))
            else:
                findings.append(row_lies(Lie.EDITED, *key, "differs_from_entry", number=number))
        return findings


def pairs(rows: object) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    """What an entry says of rows; nothing where it is not of this form (then the entry itself was edited)."""
    found: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    if isinstance(rows, dict):
        for table, keys in rows.items():
            if isinstance(keys, dict):
                for key, pair in keys.items():
                    if isinstance(pair, list) and len(pair) == 2:
                        found[str(table), str(key)] = (pair[0], pair[1])
    return found
