"""The findings about a draft's form as a screen shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from docclient.desk.form import DocumentForm
from docclient.form import Finding, FormReport, Severity, Verdict
from ui.state.outlines import Outline
from ui.texts import Texts

TONES = {Severity.WRONG: "bad", Severity.DOUBTFUL: "doubt"}
CLOSER = 3.0
"""Points that the outline keeps from the place."""


@dataclass(frozen=True, slots=True)
class FindingShown:
    """rule: the sentence. detail: what is there and what should be. key: of its outline."""

    key: str
    rule: str
    detail: str
    source: str
    page: int | None
    tone: str
    severity: str


@dataclass(frozen=True, slots=True)
class FormShown:
    """words: one line that says it all; tone: of that line. blocking: what the office does about it, if it must be
    told. excuse: who explained this version."""

    words: str
    tone: str
    findings: tuple[FindingShown, ...] = ()
    outlines: tuple[Outline, ...] = ()
    blocking: str = ""
    excuse: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, looked: DocumentForm, texts: Texts) -> Self:
        report = looked.report
        if report is None:
            return cls(texts("form_panel.nothing"), "quiet")
        findings = tuple(_shown(number, each, texts) for number, each in enumerate(report.findings))
        wrong = sum(each.severity is Severity.WRONG for each in report.findings)
        excuse = next((each for each in looked.facts.excuses if each.digest == looked.facts.digest), None)
        return cls(
            _words(report, wrong, texts), _tone(report), findings, outlines_of(report.findings, texts),
            texts("form_panel.blocking") if wrong and looked.facts.setting == "blocking" else "",
            texts("form_panel.excused", name=excuse.by_name, words=excuse.words) if excuse else "",
            tuple(texts(f"form_note.{note}") for note in report.notes if note != "metric_compatible_font"))


def outlines_of(findings: Sequence[Finding], texts: Texts) -> tuple[Outline, ...]:
    made = []
    for number, each in enumerate(findings):
        if each.page is not None and each.box is not None and each.box_mm is not None:
            x, y, wide, high = (length * 72 / 25.4 for length in each.box_mm)
            made.append(Outline(each.page, x - CLOSER, y - CLOSER, wide + 2 * CLOSER, high + 2 * CLOSER,
                                TONES[each.severity], texts(f"form_rule.{each.code}"), str(number)))
    return tuple(made)


def _shown(number: int, each: Finding, texts: Texts) -> FindingShown:
    parts = [texts(f"form_panel.{name}", **{name: value}) for name, value in (
        ("found", each.found), ("expected", each.expected)) if value]
    return FindingShown(str(number), texts(f"form_rule.{each.code}"), " · ".join(parts),
                        texts("form_panel.source", source=each.source), each.page, TONES[each.severity],
                        texts(f"form_severity.{each.severity.value}"))


def _words(report: FormReport, wrong: int, texts: Texts) -> str:
    if report.verdict is Verdict.UNREADABLE:
        return texts("form_panel.unreadable")
    if not report.findings:
        return texts("form_panel.good")
    return texts("form_panel.count", wrong=wrong, doubtful=len(report.findings) - wrong)


def _tone(report: FormReport) -> str:
    return {Verdict.GOOD: "good", Verdict.DOUBTFUL: "doubt", Verdict.WRONG: "bad", Verdict.UNREADABLE: "doubt"}[
        report.verdict]
