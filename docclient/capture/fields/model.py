"""What a field is: a value read from the page, how sure that is, where it stood, what else it could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres from the page's top left."""

NAMES = ("organ_name", "code_number", "code_notation", "issued_place", "issued_date", "type_name", "subject",
         "signer_name", "signer_position", "authority_form", "recipients", "urgency")
"""The fields, named after Decree 30/2020, Annex VI (input data)."""

FURTHER_NAMES = ("parent_name", "addressees", "page_amount")
"""What the page says beside: the body above the issuer, whom a letter is for ("Kính gửi"), how many pages there are."""

SURE = 0.97
"""From here on a field is shown as certain (green): of a hundred such at most a few are wrong, measured far fewer."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as read.

    value: text as printed (dates ISO 8601; type and urgency by their usual names; recipients a list), None when nothing
    was read; certainty: 0..1, the share of such readings that would be right, low on purpose where grammar or letters
    are poor; page: from 1; box_mm: where it stands; alternatives: other readings, the likelier first.
    """

    value: str | tuple[str, ...] | None = None
    certainty: float = 0.0
    page: int | None = None
    box_mm: Box | None = None
    alternatives: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "value": list(self.value) if isinstance(self.value, tuple) else self.value,
            "certainty": round(self.certainty, 3),
            "page": self.page,
            "box_mm": None if self.box_mm is None else [round(side, 1) for side in self.box_mm],
            "alternatives": list(self.alternatives),
        }


UNREAD = Field()

Fields = Mapping[str, Field]
"""Every name of NAMES to its field."""


def further(**found: Field) -> Fields:
    """The further fields; those not given were not read. Raises KeyError for a name that is none."""
    for name in found:
        if name not in FURTHER_NAMES:
            raise KeyError(name)
    return MappingProxyType({name: found.get(name, UNREAD) for name in FURTHER_NAMES})


def fields(**found: Field) -> Fields:
    """All fields; those not given were not read. Raises KeyError for a name that is none."""
    for name in found:
        if name not in NAMES:
            raise KeyError(name)
    return MappingProxyType({name: found.get(name, UNREAD) for name in NAMES})
