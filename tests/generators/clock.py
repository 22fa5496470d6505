"""A clock that plays: the office's own time, set from outside, while a year of mail passes in minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo

from docclient.office import model


class Clock:
    """at: the present moment of the office, aware UTC."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def go_to(self, at: datetime) -> None:
        """Forward only, as clocks of offices go; two acts are a microsecond apart at least."""
        self.at = max(at, self.at + timedelta(microseconds=1))


@contextmanager
def playing_from(at: datetime) -> Iterator[Clock]:
    """All of the office's `now()` and `today()` come from the clock while it is open."""
    clock, real = Clock(at), model.datetime

    class Played(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.at.astimezone(tz or UTC)

    model.datetime = Played  # type: ignore[attr-defined, misc]
    try:
        yield clock
    finally:
        model.datetime = real  # type: ignore[attr-defined]
