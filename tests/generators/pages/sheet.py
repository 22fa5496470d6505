"""A page before it is drawn: what is printed where, and what a reader should find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Sheet:
    """parent, agency, authority, position: a printed line each. title "" is an official letter; number "" has no line
    "Số:" at all. by_hand: number and day are written with a pen. maker: "typst" or "LibreOffice"."""

    seed: int
    kind: str
    title: str
    agency: tuple[str, ...]
    parent: tuple[str, ...]
    number: str
    notation: str
    place: str
    day: date
    subject: str
    authority: tuple[str, ...]
    form: str
    position: str
    signer: str
    addressees: tuple[str, ...]
    recipients: tuple[str, ...]
    body: tuple[str, ...]
    deciding: str                       # "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ …" of a decision
    other_signer: tuple[str, ...]       # of minutes and contracts: the lines at the left
    urgency: str
    limit: str                          # circulation limit
    address: str                        # box 13
    drafter: str                        # box 12
    by_hand: bool
    maker: str
    size: float                         # of the text, in points
    margins: tuple[float, float]        # left and right, millimetres
    left_share: float                   # of the text's width that the left column of the head takes
    gap_mm: tuple[float, float]         # left empty for a hand-written number and day
    dots: bool                          # those places are dotted

    @property
    def date_words(self) -> tuple[str, str]:
        """Day, and the rest: 05 / tháng 3 năm 2026 (NĐ 30: days below 10 and months 1, 2 with a zero)."""
        month = f"{self.day.month:02d}" if self.day.month < 3 else str(self.day.month)
        return f"{self.day.day:02d}", f"tháng {month} năm {self.day.year}"

    @property
    def printed_subject(self) -> str:
        return self.subject if self.title or not self.subject else f"V/v {self.subject}"

    def truth(self) -> dict[str, str | tuple[str, ...] | None]:
        """What a reader should find, by the fields' names. Number and day written by hand are known here as well."""
        return {
            "organ_name": " ".join(self.agency), "parent_name": " ".join(self.parent) or None,
            "code_number": self.number or None, "code_notation": self.notation or None,
            "issued_place": self.place, "issued_date": self.day.isoformat(), "type_name": self.kind,
            "subject": self.printed_subject or None, "addressees": self.addressees or None,
            "signer_name": self.signer, "signer_position": self.position, "authority_form": self.form or None,
            "recipients": self.recipients or None, "urgency": self.urgency.capitalize() or None,
        }
