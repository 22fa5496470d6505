"""A share as offices print it: with its fraction, and never 100 % while one is missing (records-work 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, slots=True)
class Rate:
    """part of whole. percent: two digits, rounded down; None where there is nothing to count."""

    part: int
    whole: int

    @property
    def percent(self) -> Decimal | None:
        if not self.whole:
            return None
        return (Decimal(self.part) * 100 / Decimal(self.whole)).quantize(Decimal("0.01"), ROUND_DOWN)

    @property
    def text(self) -> str:
        """`98,94 % (6.836/6.909)`; a dash where there is nothing to count."""
        if self.percent is None:
            return "–"
        figure = f"{self.percent:f}".rstrip("0").rstrip(".").replace(".", ",")
        return f"{figure} % ({grouped(self.part)}/{grouped(self.whole)})"


def grouped(number: int) -> str:
    """1.234"""
    return f"{number:,}".replace(",", ".")


class Outcome(StrEnum):
    """How a document with a deadline stands, or stood (words codes `outcome.<value>`)."""

    ON_TIME = "on_time"            # đúng hạn
    LATE_SOLVED = "late_solved"    # quá hạn, đã giải quyết
    LATE_OPEN = "late_open"        # quá hạn, chưa giải quyết
    NOT_DUE = "not_due"            # chưa đến hạn
    OUTSIDE = "outside"            # no deadline, or for information: in no rate


def outcome_of(due: date | None, solved: date | None, day: date) -> Outcome:
    """solved: the day it was finished, None while it is open. day: the day that is asked about."""
    if due is None:
        return Outcome.OUTSIDE
    if solved is not None:
        return Outcome.ON_TIME if solved <= due else Outcome.LATE_SOLVED
    return Outcome.NOT_DUE if day <= due else Outcome.LATE_OPEN


@dataclass(frozen=True, slots=True)
class OnTime:
    """The rate's base is what is on time or late; what is not due yet and what has no deadline stand outside it."""

    on_time: int = 0
    late_solved: int = 0
    late_open: int = 0
    not_due: int = 0
    outside: int = 0

    @property
    def rate(self) -> Rate:
        return Rate(self.on_time, self.on_time + self.late_solved + self.late_open)

    def plus(self, outcome: Outcome) -> Self:
        counts = {name: getattr(self, name) for name in OnTime.__slots__}
        counts[outcome.value] += 1
        return type(self)(**counts)
