"""The report on a file's signatures: one page per signature, to be filed (TT 15/2025 V5 to V7).

Takes the answer of `docclient verify`, fresh or as the office kept it, so that the paper says what the screen says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from docclient.papers.layout import VIETNAM
from docclient.papers.typeset import typeset
from docclient.signature_words import FileTold, LineTold, SignatureTold, file_told, grouped
from docclient.words import Language, phrase

LABELS = ("title", "file", "digest", "checked", "conclusion", "facts", "changes", "allowed", "forbidden", "warnings",
          "advice", "technical", "page", "no_signature")


def print_verification_report(answers: Sequence[Mapping[str, Any]], made_at: datetime, target: Path, *,
                              agency: str = "", language: Language = Language.VIETNAMESE) -> Path:
    """Write the report on one or several files to `target` as PDF/A-2b, A4 portrait; a file without signatures gets one
    page that says so.

    Args:
        answers: of `docclient verify`, one per file. made_at: aware. agency: whose report it is, if anybody's.
    Raises: FolderNotWritable, DiskFull.
    """
    files = [file_told(each, language) for each in answers]
    at = f"{made_at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"
    return typeset("verification", {
        "agency": agency,
        "language": language.value,
        "words": {name: phrase(f"verification_paper.{name}", language) for name in LABELS},
        "foot": phrase("verification_paper.foot", language, version=version("docclient"), at=at),
        "sheets": [sheet for each in files for sheet in _sheets(each, language)],
    }, made_at, target)


def _sheets(file: FileTold, language: Language) -> list[dict[str, object]]:
    head = {
        "file": file.name, "digest": grouped(file.sha256.upper()), "checked": file.checked_at,
        "conclusion": file.conclusion, "conclusion_word": file.word, "conclusion_sentence": file.sentence,
        "file_warnings": list(file.warnings),
    }
    if not file.signatures:
        return [{**head, "signature": None, "place": "", "advice": file.advice}]
    return [{**head, "advice": each.advice, "signature": _signature(each),
             "place": phrase("verification_paper.signature_of", language, number=each.number,
                             count=len(file.signatures))} for each in file.signatures]


def _signature(signature: SignatureTold) -> dict[str, object]:
    return {
        "kind": signature.kind, "signer": signature.signer, "who": list(signature.who),
        "verdict": signature.verdict, "word": signature.word, "sentence": signature.sentence,
        "lines": _pairs(signature.lines), "technical": _pairs(signature.technical),
        "changes_word": signature.changes_word,
        "changes": [{"words": each.words, "allowed": each.allowed} for each in signature.changes],
        "warnings": list(signature.warnings),
    }


def _pairs(lines: Sequence[LineTold]) -> list[list[str]]:
    return [[line.label, line.value] for line in lines]
