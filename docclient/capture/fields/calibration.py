"""From a rule's own certainty to the share of such readings that are right, as counted on the tuning pages.

Counted by `python -m tests.capture.reading.calibrate`. The first steps of organ_name, code_number and type_name were
then raised by hand (to 0.85, 0.9, 0.85): too few readings lay below to vouch for so low a beginning.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from docclient.capture.fields.handwriting import PERHAPS_PEN
from docclient.capture.fields.model import Field

UNCOUNTED = 0.8
MAY_BE_BY_HAND = ("code_number", "issued_date")

PAGES = 30
"""Letters that were counted."""

TABLES: dict[str, tuple[tuple[float, float], ...]] = {
    "organ_name": ((0.85, 0.984),),
    "code_number": ((0.9, 0.97),),
    "code_notation": ((0.26, 0.632), (0.855, 0.977),),
    "issued_place": ((0.553, 0.842), (0.936, 0.979),),
    "issued_date": ((0.984, 0.97),),
    "type_name": ((0.85, 0.984),),
    "signer_name": ((0.7, 0.842), (0.961, 0.974),),
    "signer_position": ((0.861, 0.982),),
    "parent_name": ((0.779, 0.737), (0.93, 0.952),),
    "authority_form": ((0.918, 0.977),),
    "recipients": ((0.521, 0.645), (0.801, 0.957),),
    "subject": ((0.7, 0.632), (0.903, 0.842), (0.947, 0.947),),
    "urgency": ((0.746, 0.947),),
    "addressees": ((0.822, 0.889),),
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
    return replace(field, certainty=table[at][1])
