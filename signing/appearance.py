"""What a signature, a seal, a number or a note of an agency looks like on the page: NĐ 30/2020 Annex I.

A competent person's signature is the handwritten signature's picture, blue, transparent, no text. An agency's is the
seal, red, transparent, in its real size. On a copy or on an annex in a file of its own no picture is shown, only one
line of text in Times New Roman 10, upright, black. Numbers that identify a person never show.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from signing.look import Align, Block, Look, VerticalAlign
from signing.pictures import picture_for

VIETNAM_TIME = timezone(timedelta(hours=7))
"""Vietnam is UTC+7 without summer time: the fixed offset, never the machine's zone."""

OVERLAP_BY_SIGNATURE, OVERLAP_BY_SEAL = 0.17, 0.25
"""Seal and signature lie over each other; where they are texts, each yields half of that."""

IDENTIFIER = re.compile(
    r"(?:[-–,;:/(]\s*)?(?:\b(?:CCCD|CMND|CMTND|MST|BHXH|UID|SĐT|ĐT|HC|Hộ chiếu|Mã số thuế|Số định danh)\b[\s.:#=-]*)?"
    r"\b[A-Z]{0,3}\d(?:[ .-]?\d){6,}\b\)?", re.IGNORECASE)
"""Numbers of identity papers, tax, insurance and telephones, with the mark before them: certificates carry them in
their subject, and a page goes to everybody."""


def without_identifiers(text: str) -> str:
    """The name without the numbers that identify a person."""
    return " ".join(IDENTIFIER.sub(" ", text).split()).strip(" -–,;:/")


def of_picture(path: Path, *, width: float, height: float) -> Look:
    """A signature or seal picture for a box of this size in points. Raises FileNotReadable, ImageNotUsable."""
    return Look(picture=picture_for(path, width, height))


def of_person(name: str, moment: datetime) -> Look:
    """A personal signature without a picture: who and when, so that the box is never empty."""
    lines = ("Ký bởi:", without_identifiers(name), day_of(moment) + " " + time_of(moment))
    return Look(blocks=(Block(lines, size=9.0, part=(OVERLAP_BY_SIGNATURE, 0, 1, 1)),))


def of_agency(name: str, moment: datetime) -> Look:
    """An agency's signature without a picture of the seal."""
    lines = ("Cơ quan:", without_identifiers(name), day_of(moment), time_of(moment))
    return Look(blocks=(Block(lines, size=9.0, part=(0, 0, 1 - OVERLAP_BY_SEAL, 1)),))


def of_copy(agency: str, moment: datetime, *, form: str = "Sao y") -> Look:
    """`<form of copy>; <copying agency>; <dd/mm/yyyy>; <hh:mm:ss +07:00>` (Annex I, box 14)."""
    return _note(f"{form}; {without_identifiers(agency)}; {day_of(moment)}; {time_of(moment)}")


def of_annex(number_and_symbol: str, moment: datetime) -> Look:
    """`Số: <number/symbol>; <dd/mm/yyyy>; <hh:mm:ss +07:00>` on an annex in a file of its own."""
    return _note(f"Số: {number_and_symbol}; {day_of(moment)}; {time_of(moment)}")


def day_of(moment: datetime) -> str:
    """05/03/2026, in Vietnam's zone."""
    return moment.astimezone(VIETNAM_TIME).strftime("%d/%m/%Y")


def time_of(moment: datetime) -> str:
    """14:30:15 +07:00."""
    return moment.astimezone(VIETNAM_TIME).strftime("%H:%M:%S") + " +07:00"


def _note(line: str) -> Look:
    return Look(blocks=(Block((line,), align=Align.RIGHT, level=VerticalAlign.TOP),))
