"""What a process of its own does that opens an office: a module that needs little, for each such process imports it."""

from __future__ import annotations

from typing import Any

from docclient.office.engine import OfficeEngine
from docclient.store.place import place


def open_it(url: str, gate: Any) -> None:
    gate.wait(60)
    OfficeEngine.open(place(url)).close()
