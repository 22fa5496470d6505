"""The levels of a PAdES signature."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """ETSI EN 319 142-1, clause 6: signed; and time-stamped; and with its evidence; and all of that time-stamped."""

    B_B = "b-b"
    B_T = "b-t"
    B_LT = "b-lt"
    B_LTA = "b-lta"

    @property
    def rank(self) -> int:
        return list(Level).index(self)
