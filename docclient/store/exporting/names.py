"""Who and what the rows refer to, by name: for readers of an export, who should not have to look identities up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, RowMapping, select

from docclient.store import tables

NAMED = {"person": "name", "unit": "name", "agency": "name", "register": "title", "case_file": "title"}


@dataclass(slots=True)
class Names:
    """Names by table and identity."""

    known: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: Connection) -> Names:
        found = cls()
        for name, column in NAMED.items():
            table = tables.metadata.tables[name]
            if column in table.c:
                found.known[name] = {row[0]: str(row[1]) for row in connection.execute(
                    select(table.c.id, table.c[column]))}
        return found

    def of(self, column: Column[Any], value: Any) -> str | None:
        """The name behind a reference; None where the column refers to nothing that has one."""
        target = next((key.column.table.name for key in column.foreign_keys), None)
        return self.known.get(target or "", {}).get(str(value)) if value is not None else None

    def get(self, table: str, identity: object) -> str:
        return self.known.get(table, {}).get(str(identity), "") if identity is not None else ""


Row = Mapping[str, Any] | RowMapping
