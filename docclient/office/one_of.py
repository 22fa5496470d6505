"""First values with what may stand in their place: for a field whose choices, or whose being needed, depend on the
person and the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """What a `prefill` gives for such a field. choices: (value, text) pairs; the input becomes a choice among them."""

    choices: tuple[tuple[str, str], ...]
    first: str | None = None


@dataclass(frozen=True, slots=True)
class First:
    """What a `prefill` gives where the document decides whether the field may stay empty, and not the command alone."""

    value: Any
    needed: bool
