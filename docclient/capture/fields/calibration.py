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
LETTER_FOR_LETTER = (*MAY_BE_BY_HAND, "code_notation", "signer_name")
MENDED = 0.8
"""Figures, symbols and people's names of less raw certainty were mended or are disputed: none of them is called sure,
whatever the count says."""

PAGES = 309
"""Letters that were counted."""

TABLES: dict[str, tuple[tuple[float, float], ...]] = {
    "code_number": ((0.55, 0.998),),
    "issued_date": ((0.55, 0.998),),
    "code_notation": ((0.192, 0.588), (0.274, 0.932), (0.75, 0.997),),
    "organ_name": ((0.487, 0.461), (0.7, 0.705), (0.795, 0.918), (0.845, 0.998),),
    "parent_name": ((0.7, 0.4), (0.752, 0.996),),
    "issued_place": ((0.288, 0.615), (0.59, 0.727), (0.773, 0.871), (0.816, 0.998),),
    "type_name": ((0.48, 0.615), (0.6, 0.736), (0.729, 0.842), (0.804, 0.999),),
    "signer_position": ((0.48, 0.615), (0.6, 0.736), (0.729, 0.842), (0.804, 0.999),),
    "authority_form": ((0.48, 0.615), (0.6, 0.736), (0.729, 0.842), (0.804, 0.999),),
    "urgency": ((0.48, 0.615), (0.6, 0.736), (0.729, 0.842), (0.804, 0.999),),
    "signer_name": ((0.127, 0.38), (0.294, 0.588), (0.404, 0.877), (0.74, 0.992), (0.974, 0.993),),
    "subject": ((0.565, 0.763), (0.734, 0.994),),
    "addressees": ((0.565, 0.763), (0.734, 0.994),),
    "recipients": ((0.523, 0.4), (0.61, 0.526), (0.659, 0.761), (0.802, 0.997),),
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
    if name in LETTER_FOR_LETTER and field.certainty < MENDED:
        counted = min(counted, UNCOUNTED)
    return replace(field, certainty=counted)
