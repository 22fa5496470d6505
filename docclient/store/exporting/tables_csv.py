"""A table as CSV, exactly: UTF-8, a heading line, `\\N` for nothing, a backslash before a value that begins with one.

Moments are ISO 8601 in UTC, dates `yyyy-mm-dd`, truth `true`/`false`, bytes base64. What each column is stands in
`schema/tables.json`, so that a later program, with other tables, still knows.
"""

from __future__ import annotations

import base64
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, Table, TypeDecorator
from sqlalchemy.types import TypeEngine

NOTHING = "\\N"
LONGEST = min(sys.maxsize, 2**31 - 1)      # of a field, in characters: reports and journal entries may be long


def kind_of(kind: TypeEngine[Any]) -> str:
    """What a column holds: text, integer, number, boolean, date, moment or bytes."""
    plain = kind.impl_instance if isinstance(kind, TypeDecorator) else kind
    if isinstance(plain, JSON):
        raise TypeError("a column of JSON has no exact text: keep JSON as Text")
    for found, name in ((Boolean, "boolean"), (Integer, "integer"), (DateTime, "moment"), (Date, "date"),
                        (LargeBinary, "bytes"), (Float, "number")):
        if isinstance(plain, found):
            return name
    return "text"


def described(table: Table) -> list[dict[str, Any]]:
    """Each column for `schema/tables.json`."""
    return [{"name": column.name, "kind": kind_of(column.type), "may_be_empty": bool(column.nullable),
             "key": column.primary_key, "refers_to": refers_to(column)} for column in table.columns]


def refers_to(column: Column[Any]) -> str | None:
    return next((f"{key.column.table.name}.{key.column.name}" for key in column.foreign_keys), None)


def written(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    text = repr(value) if isinstance(value, float) else str(value)
    return f"\\{text}" if text.startswith("\\") else text


def read_as(kind: str, text: str) -> Any:
    """Raises: ValueError."""
    if text == NOTHING:
        return None
    if text.startswith("\\"):
        text = text[1:]
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise ValueError(text)
        return text == "true"
    readers = {"integer": int, "number": float, "date": date.fromisoformat, "moment": datetime.fromisoformat,
               "bytes": lambda each: base64.b64decode(each, validate=True)}
    return readers.get(kind, str)(text)     # type: ignore[operator]


def write_table(file: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> int:
    """Returns how many rows. Raises: OSError."""
    names = [column.name for column in table.columns]
    count = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for row in rows:
            writer.writerow([written(row[name]) for name in names])
            count += 1
    return count


def read_table(file: Path, columns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of a file. Raises: OSError, ValueError."""
    csv.field_size_limit(LONGEST)
    kinds = {each["name"]: each["kind"] for each in columns}
    with file.open("r", encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        names = next(reader, [])
        if set(names) != set(kinds):
            raise ValueError(file.name)
        for row in reader:
            if len(row) != len(names):
                raise ValueError(f"{file.name}:{reader.line_num}")
            yield {name: read_as(kinds[name], text) for name, text in zip(names, row, strict=True)}
