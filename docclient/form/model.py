"""What a form check is given and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from signing.page import Box


class Severity(StrEnum):
    """WRONG: against the letter of the decree. DOUBTFUL: a person should look; the program may be mistaken."""

    WRONG = "wrong"
    DOUBTFUL = "doubtful"


class Verdict(StrEnum):
    """Of a whole file. UNREADABLE: pages without text (scans): nothing can be said of their form."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Expected:
    """Facts that the document must agree with. What is empty is not known and is not compared.

    type_name: `Quyết định`; `Công văn` for an official letter. abbreviation: of the type, `QĐ`. agency: the lines of
    the issuing agency's name as its head prints them. parent: the body above it, where its head prints one. place: as
    in the date line. symbol: the agency's abbreviation, `UBND`. notation: the whole symbol, `UBND-VP`. signer: the full
    name. authority: the ways in which the signer may sign, each the lines that stand over the name. recipients: names
    of those the office will send it to. urgency: `KHẨN`, `THƯỢNG KHẨN`, `HỎA TỐC`; empty: not known. not_urgent: no
    such stamp. numbered: number and date must be written there; before that their places may be blank.
    """

    type_name: str = ""
    abbreviation: str | None = None
    agency: tuple[str, ...] = ()
    parent: str = ""
    place: str = ""
    symbol: str = ""
    notation: str = ""
    signer: str = ""
    authority: tuple[tuple[str, ...], ...] = ()
    recipients: tuple[str, ...] = ()
    urgency: str = ""
    not_urgent: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that one place does not keep.

    code: of the rule (`docclient.form.rules`). page: from 1; None where a Word document could not be shown as pages.
    box: points from the bottom left of the page as shown. box_mm: x, y, width, height from its top left, millimetres.
    found, expected: text of the document, a measure with its unit, or empty where the rule says it all.
    source: where the decree says it.
    """

    code: str
    severity: Severity
    page: int | None
    box: Box | None
    box_mm: tuple[float, float, float, float] | None
    found: str
    expected: str
    source: str

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code, "severity": self.severity.value, "page": self.page,
            "box": [round(each, 2) for each in self.box.as_tuple()] if self.box else None,
            "box_mm": [round(each, 2) for each in self.box_mm] if self.box_mm else None,
            "found": self.found, "expected": self.expected, "source": self.source,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Finding:
        box, box_mm = kept["box"], kept["box_mm"]
        return cls(kept["code"], Severity(kept["severity"]), kept["page"], Box(*box) if box else None,
                   tuple(box_mm) if box_mm else None, kept["found"], kept["expected"], kept["source"])


@dataclass(frozen=True, slots=True)
class FormReport:
    """pages: how many. type_name: as expected, or as read. fonts: families that carry the text. notes: codes of what a
    reader of the report should know (`metric_compatible_font`, `not_rendered`, `structure_read`)."""

    findings: tuple[Finding, ...]
    pages: int
    type_name: str
    fonts: tuple[str, ...]
    notes: tuple[str, ...] = ()
    readable: bool = True

    @property
    def verdict(self) -> Verdict:
        if not self.readable:
            return Verdict.UNREADABLE
        severities = {finding.severity for finding in self.findings}
        return (Verdict.WRONG if Severity.WRONG in severities else
                Verdict.DOUBTFUL if severities else Verdict.GOOD)

    def as_json(self) -> dict[str, Any]:
        return {"verdict": self.verdict.value, "type_name": self.type_name, "pages": self.pages,
                "fonts": list(self.fonts), "notes": list(self.notes),
                "findings": [finding.as_json() for finding in self.findings]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> FormReport:
        return cls(tuple(Finding.from_json(each) for each in kept["findings"]), kept["pages"], kept["type_name"],
                   tuple(kept["fonts"]), tuple(kept["notes"]), kept["verdict"] != Verdict.UNREADABLE.value)
