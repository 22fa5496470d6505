"""Directories of units as files: CSV or JSON, under the names that carriers and people give to the columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docclient.errors import BadInput
from docclient.exchange.directory import Unit
from docclient.office.search import fold

LARGEST = 100 << 20      # bytes; 120,000 units have about 20 MB
NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "ma", "ma dinh danh", "organid", "ma dinh danh moi", "ma don vi"),
    "name": ("name", "ten", "ten don vi", "organname", "ten co quan"),
    "old_code": ("oldcode", "old_code", "code102", "ma cu", "ma dinh danh cu"),
    "parent_code": ("parentcode", "parent_code", "pcode", "ma cap tren", "ma don vi cap tren"),
    "email": ("email", "mail", "thu dien tu", "thu dien tu cong vu"),
}
"""What a column may be called, folded; the first names are those of the axis (exchange, 6.4)."""


class DirectoryFileWrong(BadInput):
    """Neither a table with the columns of code and name nor a JSON list. facts: file."""

    code = "directory.file_wrong"


class DirectoryFileLarge(BadInput):
    """facts: file, size, limit (bytes)."""

    code = "directory.file_large"


def read_directory_file(path: Path) -> tuple[Unit, ...]:
    """The units of a file, in its order; lines without a code or a name are left out.

    CSV: UTF-8 (with or without BOM), separated by comma, semicolon or tab, names of columns in the first line. JSON: a
    list of objects, or an object that holds one. Raises: DirectoryFileWrong, DirectoryFileLarge, OSError.
    """
    size = path.stat().st_size
    if size > LARGEST:
        raise DirectoryFileLarge(file=path.name, size=size, limit=LARGEST)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(rows_of_json(text) if text.lstrip()[:1] in {"[", "{"} else rows_of_csv(text))
    except (ValueError, csv.Error, RecursionError):
        raise DirectoryFileWrong(file=path.name) from None
    units = tuple(unit for row in rows if (unit := unit_of(row)) is not None)
    if not units:
        raise DirectoryFileWrong(file=path.name)
    return units


def rows_of_json(text: str) -> Iterable[Mapping[str, Any]]:
    found = json.loads(text)
    if isinstance(found, dict):
        found = next((each for each in found.values() if isinstance(each, list)), [])
    return (each for each in found if isinstance(each, dict))


def rows_of_csv(text: str) -> Iterable[Mapping[str, Any]]:
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    return csv.DictReader(io.StringIO(text), delimiter=separator)


def unit_of(row: Mapping[str, Any]) -> Unit | None:
    named = {fold(str(key)): str(value).strip() for key, value in row.items()
             if key is not None and value is not None and not isinstance(value, list | dict)}

    def at(field: str) -> str:
        return next((named[each] for each in NAMES[field] if named.get(each)), "")

    code, name = at("code"), " ".join(at("name").split())
    if not code or not name or named.get("deleted") in {"1", "true", "True"}:
        return None
    old = at("old_code")
    return Unit(code, name, old if old and old != code else None, at("parent_code") or None, at("email") or None)


def with_parents(units: Sequence[Unit]) -> Mapping[str, str]:
    """The names by code, for saying which body is above."""
    return {code: unit.name for unit in reversed(units) for code in reversed(unit.codes)}
