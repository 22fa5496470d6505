"""How tests of rules say what they found: lines or a box, what stands there, what belongs there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docclient.form.elements import Elements
from docclient.form.model import Expected, Finding, Severity
from docclient.form.rules import RULES
from docclient.form.type import TypedLine
from signing.page import Box

SIZE_SLACK = 0.3
"""Points by which a size may differ: word processors round to half points, converters to tenths."""

MOST_OF_A_KIND = 12
"""So many findings of one rule are listed; the reader has understood."""

LONGEST = 120
"""Letters of the document's text that a finding repeats."""


@dataclass(slots=True)
class Judgement:
    elements: Elements
    expected: Expected
    type_name: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, where: TypedLine | Sequence[TypedLine] | tuple[int, Box], found: str = "",
            expected: str = "", *, severity: Severity | None = None) -> None:
        """where: the lines of the place (on one page), or page and box."""
        if isinstance(where, TypedLine):
            page, box = where.page, where.box
        elif isinstance(where, tuple) and len(where) == 2 and isinstance(where[0], int):
            page, box = where[0], where[1]
        else:
            lines: Sequence[TypedLine] = where
            page, box = lines[0].page, Box.around(line.box for line in lines)
        rule = RULES[code]
        if sum(each.code == code for each in self.findings) >= MOST_OF_A_KIND:
            return
        frame = self.elements.page_of(page).frame
        self.findings.append(Finding(code, severity or rule.severity, page, box, frame.to_mm(box), found[:LONGEST],
                                     expected[:LONGEST], rule.source))

    def size(self, code: str, lines: Sequence[TypedLine], least: float, most: float) -> None:
        """Each line's size lies between the two, in points."""
        off = [line for line in lines if not least - SIZE_SLACK <= line.size <= most + SIZE_SLACK]
        if off:
            self.add(code, off, points(off[0].size),
                     f"{points(least).removesuffix(' pt')}–{points(most)}" if least != most else points(least))

    def bold(self, code: str, lines: Sequence[TypedLine]) -> None:
        off = [line for line in lines if line.manners_of() and line.bold < 0.7]
        if off:
            self.add(code, off, text_of(off))

    def regular(self, code: str, lines: Sequence[TypedLine]) -> None:
        """Neither bold nor italic."""
        off = [line for line in lines if line.bold > 0.6 or line.italic > 0.6]
        if off:
            self.add(code, off, text_of(off))

    def upright(self, code: str, lines: Sequence[TypedLine]) -> None:
        off = [line for line in lines if line.italic > 0.6]
        if off:
            self.add(code, off, text_of(off))

    def upper(self, code: str, lines: Sequence[TypedLine]) -> None:
        off = [line for line in lines if any(c.islower() for c in line.text)]
        if off:
            self.add(code, off, text_of(off), text_of(off).upper())


def points(size: float) -> str:
    """As a Vietnamese reader writes it: `12,5 pt`."""
    return f"{size:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " pt"


def millimetres(length: float) -> str:
    return f"{length:.1f}".rstrip("0").rstrip(".").replace(".", ",") + " mm"


def text_of(lines: Sequence[TypedLine]) -> str:
    return " ".join(line.text for line in lines)
