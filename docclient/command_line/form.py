"""`docclient form`: is a draft laid out as NĐ 30/2020 says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, error_object, language, notes
from docclient.desk.form import check_file
from docclient.errors import ExitCode, Trouble
from docclient.form import Expected, FormReport, Verdict
from docclient.form.kinds import TYPES
from docclient.words import phrase


def register(app: typer.Typer) -> None:
    app.command()(form)


@answering
def form(
    inputs: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Dự thảo: PDF hoặc .docx.")],
    type_name: Annotated[str, typer.Option("--type", help="Loại văn bản, ví dụ “Quyết định”.")] = "",
    agency: Annotated[str, typer.Option("--agency", help="Tên cơ quan ban hành.")] = "",
    parent: Annotated[str, typer.Option("--parent", help="Cơ quan chủ quản.")] = "",
    place: Annotated[str, typer.Option("--place", help="Địa danh.")] = "",
    symbol: Annotated[str, typer.Option("--symbol", help="Ký hiệu phải có, ví dụ QĐ-UBND.")] = "",
    signer: Annotated[str, typer.Option("--signer", help="Họ tên người ký.")] = "",
    authority: Annotated[list[str] | None, typer.Option(
        "--authority", help="Từng dòng quyền hạn, chức vụ trên chữ ký; lặp lại cho mỗi dòng.")] = None,
    recipients: Annotated[list[str] | None, typer.Option("--recipient", help="Nơi nhận; lặp lại được.")] = None,
    as_json: Json = False,
) -> None:
    """Kiểm tra thể thức dự thảo theo Nghị định 30/2020/NĐ-CP."""
    expected = Expected(
        type_name=type_name, abbreviation=TYPES.get(type_name), agency=(agency,) if agency else (), parent=parent,
        place=place, notation=symbol, signer=signer, authority=(tuple(authority),) if authority else (),
        recipients=tuple(recipients or ()))
    items: list[dict[str, Any]] = []
    said: list[str] = []
    worst = ExitCode.GOOD
    for file in inputs:
        try:
            report = check_file(file, expected)
        except Trouble as trouble:
            items.append({"file": str(file), "error": error_object(trouble)})
            notes.print(f"{file}: {error_object(trouble)['message']}", markup=False)
            worst = max(worst, trouble.exit_code)
            continue
        items.append({"file": str(file), **report.as_json()})
        said.append(in_words(file, report))
        passes = report.verdict in (Verdict.GOOD, Verdict.DOUBTFUL)
        worst = max(worst, ExitCode.GOOD if passes else ExitCode.ANSWER_IS_NO)
    answer({"files": items}, as_json=as_json, text="\n".join(said), exit_code=worst)


def in_words(file: Path, report: FormReport) -> str:
    lines = [phrase("form_line.file", language(), file=file, verdict=phrase(f"form_verdict.{report.verdict.value}",
                                                                             language()))]
    for each in report.findings:
        code = "form_line.finding" if each.page else "form_line.finding_nowhere"
        lines.append(phrase(code, language(), severity=phrase(f"form_severity.{each.severity.value}", language()),
                            page=each.page, rule=phrase(f"form_rule.{each.code}", language())))
        lines += [phrase(f"form_line.{name}", language(), **{name: value}) for name, value in (
            ("found", each.found), ("expected", each.expected), ("source", each.source)) if value]
    return "\n".join([*lines, *("  " + phrase(f"form_note.{note}", language()) for note in report.notes)])
