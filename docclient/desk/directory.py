"""Bring the directory of agencies into the office: from a carrier or a file, in parts, none of which is long enough to
keep others waiting. Broken off, it is begun again; what is there already costs nothing then."""

from __future__ import annotations

import io
import json
import threading
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass

from docclient.errors import BadInput
from docclient.exchange.directory import Unit, folded
from docclient.exchange.directory_file import with_parents
from docclient.office.commands.directory import ImportUnits
from docclient.office.door import Office
from docclient.office.queries.directory import DirectorySources

PARTS = 32
LEAST_SHARE = 0.5
"""A complete list with fewer units than this share of those known is taken for a broken one."""


class DirectoryTooShort(BadInput):
    """A carrier's list lost most of its units since last time. facts: source, found, known."""

    code = "directory.too_short"


@dataclass(frozen=True, slots=True)
class DirectoryBrought:
    """units: in the list. centres: of them, carriers that nobody sends to."""

    source: str
    units: int
    centres: int
    added: int
    changed: int
    ended: int


def bring_directory(office: Office, source: str, units: Sequence[Unit], *, complete: bool = True, shorter: bool = False,
                    progress: Callable[[int, int], None] | None = None,
                    stop: threading.Event | None = None) -> DirectoryBrought:
    """Make what `source` lists the directory's part of it. complete: what is not in the list has ended. shorter: the
    list may have lost most of its units.

    Raises: DirectoryTooShort, NotYours, CancelledError between two parts.
    """
    listed = {folded(unit.code): unit for unit in reversed(units)}
    known = next((each.units for each in office.ask(DirectorySources()) if each.source == source), 0)
    if complete and not shorter and len(listed) < known * LEAST_SHARE:
        raise DirectoryTooShort(source=source, found=len(listed), known=known)
    parents = with_parents(units)
    parts: list[list[list[object]]] = [[] for _ in range(PARTS)]
    for code, unit in listed.items():
        parts[zlib.crc32(code.encode()) % PARTS].append([
            unit.code, unit.name, unit.old_code or "", unit.parent_code or "",
            parents.get(unit.parent_code or "", ""), unit.email or "", unit.is_exchange_centre])
    counted = dict.fromkeys(("added", "changed", "ended"), 0)
    for number, part in enumerate(parts):
        if stop is not None and stop.is_set():
            raise CancelledError
        if progress is not None:
            progress(number, PARTS)
        if not part and not complete:
            continue
        content = json.dumps(sorted(part, key=lambda row: str(row[0])), ensure_ascii=False).encode()
        receipt = office.do(ImportUnits(source, number, office.put(io.BytesIO(content)), complete))
        for name in counted:
            counted[name] += int(receipt.facts[name])
    if progress is not None:
        progress(PARTS, PARTS)
    return DirectoryBrought(source, len(listed), sum(unit.is_exchange_centre for unit in listed.values()), **counted)
