"""The report on signatures in the form a file's name asks for: PDF to be filed, JSON for programs, XML for experts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docclient.errors import WrongUse
from docclient.papers.verification import print_verification_report
from docclient.words import Language
from signing.ades_report import validation_report
from signing.files import replacing
from signing.report import FileReport
from signing.trust import TrustStore

KINDS = (".pdf", ".json", ".xml")


class ReportKindUnknown(WrongUse):
    """facts: file, kinds."""

    code = "verify.report_kind"


class OneFileAReport(WrongUse):
    """The XML report describes one file's signatures. facts: count."""

    code = "verify.one_file_a_report"


def check_report_name(target: Path, count: int) -> None:
    """Before the work begins: can a report on `count` files be written there? Raises: ReportKindUnknown,
    OneFileAReport."""
    if target.suffix.lower() not in KINDS:
        raise ReportKindUnknown(file=target.name, kinds=", ".join(KINDS))
    if target.suffix.lower() == ".xml" and count != 1:
        raise OneFileAReport(count=count)


def write_report(target: Path, answers: Sequence[Mapping[str, Any]], made_at: datetime, *,
                 checked: tuple[Path, FileReport, TrustStore] | None = None, agency: str = "",
                 language: Language = Language.VIETNAMESE) -> Path:
    """Write the report to `target`: .pdf (PDF/A-2b, a page per signature), .json (the shape of `docclient verify
    --json`) or .xml (ETSI TS 119 102-2).

    Args:
        answers: one per file. checked: the one file with its report and whom it was judged by; needed for .xml.
        agency: whose report it is, printed at its head.
    Raises: ReportKindUnknown, OneFileAReport, signing.ades_report.NothingToReport, FolderNotWritable, DiskFull.
    """
    check_report_name(target, len(answers))
    kind = target.suffix.lower()
    if kind == ".pdf":
        return print_verification_report(answers, made_at, target, agency=agency, language=language)
    if kind == ".json":
        content = (json.dumps({"files": list(answers)}, ensure_ascii=False, indent=1) + "\n").encode()
    else:
        if checked is None:
            raise OneFileAReport(count=len(answers))
        content = validation_report(*checked)
    with replacing(target) as stream:
        stream.write(content)
    return target
