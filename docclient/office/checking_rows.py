"""People, posts, agencies, registers, settings …: each row against the prints that the journal keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docclient.office.findings import Finding, Lie, row_lies
from docclient.office.watching import Measure, every_row, watched
from docclient.store.work import Work

FOUNDED = "FoundOffice"
MIGRATED = "MigrateOffice"


Key = tuple[str, str]     # table, primary key as text


@dataclass(slots=True)
class RowBook:
    """The prints of all rows as the journal tells them, entry after entry.

    complete: the journal has told of every row there was (from the founding on, or since a migration measured them
    all): a row it never spoke of was put in behind its back.

    Older entries of migrations list every row's print; newer ones have one print over all rows of a table (`Measure`).
    Where that is what the journal told before, every row goes on as it was known. Where it is not (the migration filled
    a column, or nothing was told before), what the table held then follows from what it holds now and the print
    *before* in the first later entry of each row: held against the measure, that proves every row, without telling
    which one lies. measures, first: of such tables, and of such rows.
    """

    last: dict[Key, tuple[int, str | None]] = field(default_factory=dict)
    complete: bool = False
    findings: list[Finding] = field(default_factory=list)
    measures: dict[str, tuple[int, Measure]] = field(default_factory=dict)
    first: dict[Key, str | None] = field(default_factory=dict)

    def hear(self, number: int, command: str, effect: Mapping[str, object]) -> None:
        """What entry `number` says of rows: table → key → print before and after; or table → measure."""
        told = pairs(effect.get("rows"))
        if command == MIGRATED:
            self.last = {**self.carried_over(number, measures_of(effect.get("tables"))),
                         **{key: (number, after) for key, (_, after) in told.items()}}
            self.complete = True
            return
        self.complete = self.complete or (command == FOUNDED and bool(told))
        for key, (before, after) in told.items():
            entry, known = self.last.get(key, (0, None))
            if entry == 0 and key[0] in self.measures:
                self.first[key] = before                # held against the measure in the end
            elif (entry or self.complete) and before != known:
                why = "row_changed_before" if before and known else "row_gone_before" if known else "row_came_before"
                kind = Lie.EDITED if before and known else Lie.DELETED if known else Lie.INSERTED
                self.findings.append(row_lies(kind, *key, why, number=number, entry=entry))
            self.last[key] = (number, after)

    def carried_over(self, number: int, measured: Mapping[str, Measure]) -> dict[Key, tuple[int, str | None]]:
        """The rows of tables that a migration left as they were known. The other tables are measured from now on."""
        self.first, self.measures = {}, {}
        known: dict[str, dict[str, str | None]] = {table: {} for table in measured}
        for (table, key), (_, print_) in self.last.items():
            known.setdefault(table, {})[key] = print_
        same = {table for table, measure in measured.items() if self.complete and Measure.of(known[table]) == measure}
        self.measures = {table: (number, measure) for table, measure in measured.items() if table not in same}
        return {key: told for key, told in self.last.items() if key[0] in same}

    def check(self, work: Work, *, whole: bool) -> list[Finding]:
        """Against the rows as they stand now. Not whole: only rows that the entries read spoke of."""
        now = {(table, key): print_ for table, rows in every_row(work.connection).items()
               for key, print_ in rows.items()}
        findings = [*self.findings, *self.unmet(now)]
        for key in sorted({*now, *self.last}):
            number, expected = self.last.get(key, (0, None))
            found = now.get(key)
            if key[0] not in watched() or found == expected:
                continue
            if number == 0:
                if whole and self.complete and key[0] not in self.measures:
                    findings.append(row_lies(Lie.INSERTED, *key, "no_entry"))
            elif expected is None:
                findings.append(row_lies(Lie.INSERTED, *key, "deleted_by_entry", number=number))
            elif found is None:
                findings.append(row_lies(Lie.DELETED, *key, "only_entry", number=number))
            else:
                findings.append(row_lies(Lie.EDITED, *key, "differs_from_entry", number=number))
        return findings

    def unmet(self, now: Mapping[Key, str]) -> list[Finding]:
        """Tables that did not hold at the migration what its entry measured."""
        then: dict[str, dict[str, str | None]] = {table: {} for table in self.measures if table in watched()}
        for (table, key), print_ in {**now, **self.first}.items():
            if table in then:
                then[table][key] = print_
        findings = []
        for table, prints in sorted(then.items()):
            (number, measure), found = self.measures[table], Measure.of(prints)
            if found != measure:
                kind = (Lie.INSERTED if found.rows > measure.rows else
                        Lie.DELETED if found.rows < measure.rows else Lie.EDITED)
                findings.append(row_lies(kind, table, "…", "differs_from_measure", number=number))
        return findings


def measures_of(told: object) -> dict[str, Measure]:
    """What an entry measures; nothing where it is not of this form."""
    found: dict[str, Measure] = {}
    if isinstance(told, dict):
        for table, measure in told.items():
            if isinstance(measure, dict) and isinstance(measure.get("rows"), int):
                found[str(table)] = Measure(measure["rows"], str(measure.get("print")))
    return found


def pairs(rows: object) -> dict[Key, tuple[str | None, str | None]]:
    """What an entry says of rows; nothing where it is not of this form (then the entry itself was edited)."""
    found: dict[Key, tuple[str | None, str | None]] = {}
    if isinstance(rows, dict):
        for table, keys in rows.items():
            if isinstance(keys, dict):
                for key, pair in keys.items():
                    if isinstance(pair, list) and len(pair) == 2:
                        found[str(table), str(key)] = (pair[0], pair[1])
    return found
