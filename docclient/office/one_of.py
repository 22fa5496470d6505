"""A first value with what it may be: for a field whose choices depend on the person and the document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OneOf:
    """What a `prefill` gives for such a field. choices: (value, text) pairs; the input becomes a choice among them."""

    choices: tuple[tuple[str, str], ...]
    first: str | None = None
