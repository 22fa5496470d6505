"""`docclient compare`: what changed between two versions of a document."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.comparison import Change, Changes
from docclient.desk.comparing import compare_files
from docclient.errors import ExitCode
from docclient.words import phrase


def register(app: typer.Typer) -> None:
    app.command()(compare)


@answering
def compare(
    earlier: Annotated[Path, typer.Argument(metavar="A", help="Bản trước: PDF hoặc .docx.")],
    later: Annotated[Path, typer.Argument(metavar="B", help="Bản sau: PDF hoặc .docx.")],
    as_json: Json = False,
) -> None:
    """So sánh hai bản: thay đổi những gì, và chứng tỏ phần còn lại không đổi. Mã thoát 1: có thay đổi."""
    found = compare_files(earlier, later)
    answer(found.as_json(), as_json=as_json, text=lambda: in_words(found),
           exit_code=ExitCode.GOOD if found.same else ExitCode.ANSWER_IS_NO)


def in_words(found: Changes) -> str:
    lines = [change_in_words(each) for each in found.changes]
    proof = found.proof
    lines.append(phrase("comparison_line.same" if found.same else "comparison_line.rest", language(), words=proof.words,
                        pages=proof.pages, dpi=proof.dpi, tolerance=proof.tolerance))
    return "\n".join(lines)


def change_in_words(change: Change) -> str:
    spots = change.spots_after or change.spots_before
    return phrase(
        f"comparison_line.{change.action.value}", language(), page=spots[0].page if spots else "–",
        kind=phrase(f"change_kind.{change.kind.value}", language()), before=change.before, after=change.after)
