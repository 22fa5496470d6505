"""`check_form`: all rules over one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docclient.form import kinds
from docclient.form.body_rules import judge_body
from docclient.form.capitals import judge_capitals
from docclient.form.elements import find_elements
from docclient.form.foot_rules import judge_foot
from docclient.form.head_rules import judge_head
from docclient.form.judging import Judgement
from docclient.form.model import Expected, Finding, FormReport, Severity
from docclient.form.page_rules import judge_pages
from docclient.form.type import TypedPage, family_kind, read_typed_pages
from docclient.form.word_file import judge_word_file

METRIC_COMPATIBLE_FONT, NOT_RENDERED, STRUCTURE_READ = "metric_compatible_font", "not_rendered", "structure_read"

WORD_FILES = frozenset({".docx"})


def check_form(path: Path, expected: Expected | None = None, *, rendering: Path | None = None) -> FormReport:
    """The form of a PDF, or of a .docx with the PDF made of it.

    rendering: that PDF; without it a .docx is checked on its own structure alone (paper, margins, fonts, page numbers)
    and findings have no place.
    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted; WordFileDamaged.
    """
    facts = expected or Expected()
    if path.suffix.lower() not in WORD_FILES:
        return judge(read_typed_pages(path), facts)
    pages = read_typed_pages(rendering) if rendering is not None else ()
    structure, families = judge_word_file(path, pages)
    if not pages:
        return FormReport(tuple(structure), 0, facts.type_name, families, (STRUCTURE_READ, NOT_RENDERED))
    shown = judge(pages, facts, fonts=False)
    told = {finding.code for finding in structure}
    # the structure knows margins to the hair; what the pages show of the same is not said twice
    kept = [finding for finding in shown.findings if finding.code not in told]
    return FormReport(ordered([*structure, *kept]), shown.pages, shown.type_name, families,
                      (STRUCTURE_READ, *(note for note in shown.notes if note != METRIC_COMPATIBLE_FONT)),
                      shown.readable)


def judge(pages: tuple[TypedPage, ...], expected: Expected, *, fonts: bool = True) -> FormReport:
    """The rules over pages that were read. fonts: False leaves the families to the Word document's own words."""
    if not any(page.text.rows for page in pages):
        return FormReport((), len(pages), expected.type_name, (), readable=False)
    elements = find_elements(pages)
    type_name = expected.type_name or elements.type_name or (kinds.OFFICIAL_LETTER if elements.addressee else "")
    to = Judgement(elements, expected, type_name)
    families = judge_pages(to, fonts=fonts)
    judge_head(to)
    body = judge_body(to)
    judge_capitals(to, [paragraph for page in body for paragraph in page.paragraphs])
    judge_foot(to)
    notes = (METRIC_COMPATIBLE_FONT,) if any(family_kind(each) == "compatible" for each in families) else ()
    return FormReport(ordered(to.findings), len(pages), type_name, families, notes)


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """As one reads: by page, from the top; the wrong before the doubtful at one place."""
    return tuple(sorted(findings, key=lambda each: (
        each.page or 0, -(round(each.box.y1) if each.box else 0), each.severity is Severity.DOUBTFUL, each.code)))
