"""From a rule's own certainty to the share of such readings that are right, as counted on the tuning pages.

Counted by `python -m tests.capture.reading.calibrate`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from docclient.capture.fields.handwriting import PERHAPS_PEN
from docclient.capture.fields.model import Field

UNCOUNTED = 0.8
MAY_BE_BY_HAND = ("code_number", "issued_date")
FIGURES = (*MAY_BE_BY_HAND, "code_notation")
MENDED = 0.8
"""Figures and symbols of less raw certainty were mended or are disputed: few were counted, and none of them is called
sure, whatever the count says."""

PAGES = 156
"""Letters that were counted."""

TABLES: dict[str, tuple[tuple[float, float], ...]] = {
    "code_number": ((0.621, 0.996),),
    "issued_date": ((0.621, 0.996),),
    "code_notation": ((0.175, 0.461), (0.309, 0.8), (0.517, 0.996),),
    "organ_name": ((0.7, 0.769), (0.754, 0.996),),
    "parent_name": ((0.651, 0.4), (0.833, 0.8), (0.901, 0.993),),
    "issued_place": ((0.46, 0.533), (0.752, 0.72), (0.916, 0.996),),
    "type_name": ((0.408, 0.769), (0.72, 0.8), (0.808, 0.998),),
    "signer_position": ((0.408, 0.769), (0.72, 0.8), (0.808, 0.998),),
    "authority_form": ((0.408, 0.769), (0.72, 0.8), (0.808, 0.998),),
    "urgency": ((0.408, 0.769), (0.72, 0.8), (0.808, 0.998),),
    "signer_name": ((0.359, 0.4), (0.488, 0.521), (0.74, 0.933), (0.946, 0.982), (0.974, 0.984),),
    "subject": ((0.577, 0.561), (0.778, 0.933), (0.862, 0.955), (0.935, 0.99),),
    "addressees": ((0.577, 0.561), (0.778, 0.933), (0.862, 0.955), (0.935, 0.99),),
    "recipients": ((0.507, 0.38), (0.567, 0.451), (0.656, 0.787), (0.729, 0.988),),
}
"""Field → (raw certainty from here on, share right), rising."""


def calibrated(name: str, field: Field) -> Field:
    """The field with its counted certainty; as it was where nothing was counted or nothing was read."""
    table = TABLES.get(name)
    if table is None or field.value is None:
        return field
    if name in MAY_BE_BY_HAND and field.certainty <= PERHAPS_PEN:
        return field                    # what was counted was print
    at = bisect_right([start for start, _ in table], field.certainty) - 1
    if at < 0:                          # lower than nearly all that were counted: nothing vouches for it
        return replace(field, certainty=min(field.certainty, table[0][1], UNCOUNTED))
    counted = table[at][1]
    if name in FIGURES and field.certainty < MENDED:
        counted = min(counted, UNCOUNTED)
    return replace(field, certainty=counted)
