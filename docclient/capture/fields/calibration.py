"""From a rule's own certainty to the share of such readings that are right, as counted on the tuning pages.

Counted by `python -m tests.capture.reading.calibrate`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from docclient.capture.fields.agreement import OUTVOTED
from docclient.capture.fields.handwriting import PERHAPS_PEN
from docclient.capture.fields.model import Field

UNCOUNTED = 0.8
MAY_BE_BY_HAND = ("code_number", "issued_date")
PAGES = 396
"""Letters that were counted."""

TABLES: dict[str, tuple[tuple[float, float], ...]] = {
    "code_number": ((0.55, 0.998),),
    "issued_date": ((0.55, 0.998),),
    "code_notation": ((0.163, 0.461), (0.233, 0.615), (0.274, 0.948), (0.75, 0.998),),
    "organ_name": ((0.487, 0.307), (0.639, 0.956), (0.833, 0.998),),
    "parent_name": ((0.695, 0.526), (0.752, 0.997),),
    "issued_place": ((0.288, 0.307), (0.57, 0.705), (0.7, 0.872), (0.769, 0.897), (0.834, 0.998),),
    "type_name": ((0.48, 0.615), (0.6, 0.782), (0.703, 0.88), (0.774, 0.999),),
    "signer_position": ((0.48, 0.615), (0.6, 0.782), (0.703, 0.88), (0.774, 0.999),),
    "authority_form": ((0.48, 0.615), (0.6, 0.782), (0.703, 0.88), (0.774, 0.999),),
    "urgency": ((0.48, 0.615), (0.6, 0.782), (0.703, 0.88), (0.774, 0.999),),
    "signer_name": ((0.127, 0.38), (0.252, 0.526), (0.363, 0.79), (0.74, 0.998),),
    "subject": ((0.565, 0.707), (0.734, 0.918), (0.834, 0.995),),
    "addressees": ((0.565, 0.707), (0.734, 0.918), (0.834, 0.995),),
    "recipients": ((0.512, 0.424), (0.61, 0.444), (0.651, 0.83), (0.802, 0.997),),
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
    if field.certainty <= OUTVOTED:     # disputed or mended: not called sure, whatever the count says
        counted = min(counted, UNCOUNTED)
    return replace(field, certainty=counted)
