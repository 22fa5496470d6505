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
PAGES = 483
"""Letters that were counted."""

TABLES: dict[str, tuple[tuple[float, float], ...]] = {
    "code_number": ((0.55, 0.998),),
    "issued_date": ((0.55, 0.998),),
    "code_notation": ((0.163, 0.461), (0.233, 0.615), (0.274, 0.944), (0.75, 0.998),),
    "organ_name": ((0.487, 0.307), (0.639, 0.969), (0.833, 0.998),),
    "parent_name": ((0.695, 0.521), (0.752, 0.998),),
    "issued_place": ((0.288, 0.307), (0.57, 0.666), (0.7, 0.888), (0.74, 0.918), (0.833, 0.998),),
    "type_name": ((0.402, 0.461), (0.57, 0.727), (0.7, 0.909), (0.774, 0.999),),
    "signer_position": ((0.402, 0.461), (0.57, 0.727), (0.7, 0.909), (0.774, 0.999),),
    "authority_form": ((0.402, 0.461), (0.57, 0.727), (0.7, 0.909), (0.774, 0.999),),
    "urgency": ((0.402, 0.461), (0.57, 0.727), (0.7, 0.909), (0.774, 0.999),),
    "signer_name": ((0.127, 0.38), (0.252, 0.47), (0.313, 0.689), (0.535, 0.8), (0.74, 0.8), (0.8, 0.998),),
    "subject": ((0.493, 0.133), (0.7, 0.796), (0.734, 0.909), (0.834, 0.995),),
    "addressees": ((0.493, 0.133), (0.7, 0.796), (0.734, 0.909), (0.834, 0.995),),
    "recipients": ((0.512, 0.448), (0.569, 0.448), (0.651, 0.736), (0.69, 0.825), (0.801, 0.998),),
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
