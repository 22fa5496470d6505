"""Dates and times as packets write them.

Dates are `yyyy/MM/dd`, times `yyyy/MM/dd HH:mm:ss` without a zone: Vietnamese time, UTC+7 all year. Other orders
occur in real traffic and are read; only the usual form is written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

LONGEST = 60
"""Characters of a time; a longer text is none, however it begins."""

_YEAR_FIRST = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?!\d)")
_CLOCK = re.compile(r"[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,](\d{1,6})\d*)?\s*(Z|[+-]\d{2}:?\d{2})?\s*$")


def parse_date(text: str | None) -> date | None:
    """The day that `text` begins with; None when there is none, or the calendar has no such day (30 February)."""
    if not text:
        return None
    if found := _YEAR_FIRST.match(text):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.match(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def parse_time(text: str | None) -> datetime | None:
    """The moment `text` names, aware, in UTC; Vietnamese time where no zone is given, midnight where no hour is."""
    day = parse_date(text)
    if text is None or day is None or len(text) > LONGEST:
        return None
    clock = _CLOCK.search(text)
    if clock is None:
        return _in_utc(datetime(day.year, day.month, day.day, tzinfo=VIETNAM)) if len(text.strip()) <= 10 else None
    hour, minute, second, fraction, zone = clock.groups()
    try:
        moment = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0),
                          int((fraction or "0").ljust(6, "0")), tzinfo=_zone(zone))
    except ValueError:
        return None
    return _in_utc(moment)


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except OverflowError:            # the first or last day that the calendar knows
        return None


def _zone(text: str | None) -> timezone:
    if text is None:
        return VIETNAM
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def write_date(day: date) -> str:
    """yyyy/MM/dd."""
    return f"{day.year:04d}/{day.month:02d}/{day.day:02d}"


def write_time(moment: datetime) -> str:
    """yyyy/MM/dd HH:mm:ss in Vietnamese time. `moment` must be aware."""
    local = moment.astimezone(VIETNAM)
    return f"{write_date(local.date())} {local.hour:02d}:{local.minute:02d}:{local.second:02d}"


def rfc3339(moment: datetime) -> str:
    """The moment with the Vietnamese offset, as answers to other programs carry it."""
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
