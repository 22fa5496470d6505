"""Numbers, symbols and dates as they are written (NĐ 30 Annex I, part II; Annex III)."""

from __future__ import annotations

from datetime import date


def written_number(number: int) -> str:
    """Below 10 with a leading zero: 5 → `05`."""
    return f"{number:02d}"


def symbol(type_abbreviation: str | None, agency: str, unit: str | None, normative_year: int | None = None) -> str:
    """The symbol of a document.

    A named type gives `QĐ-UBND`; an official letter (no abbreviation) gives `UBND-VP`, the unit or field behind. A
    normative text (normative_year) has the year in front: `2026/QĐ-UBND`, so that its number reads `15/2026/QĐ-UBND`.
    """
    if normative_year is not None:
        return f"{normative_year}/{symbol(type_abbreviation, agency, unit)}"
    if type_abbreviation:
        return f"{type_abbreviation}-{agency}"
    return f"{agency}-{unit}" if unit else agency


def number_line(number: int, symbol_text: str) -> str:
    """`Số: 05/QĐ-UBND`."""
    return f"Số: {written_number(number)}/{symbol_text}"


def copy_symbol(kind: str, agency: str) -> str:
    """Of a copy: `SY-UBND`, `SL-UBND`, `TrS-UBND` (NĐ 30 Annex I, part II)."""
    return f"{kind}-{agency}"


def written_day(day: date) -> str:
    return f"{day.day:02d}"


def written_month(day: date) -> str:
    """Months 1 and 2 have a leading zero, 3 to 9 have none (NĐ 30 Annex I)."""
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)


def date_line(day: date) -> str:
    """`ngày 05 tháng 3 năm 2026`."""
    return f"ngày {written_day(day)} tháng {written_month(day)} năm {day.year}"


def short_date(day: date | None) -> str:
    """`05/03/2026`, as the registers' columns have it."""
    return day.strftime("%d/%m/%Y") if day else ""
