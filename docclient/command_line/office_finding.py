"""`docclient office find`, `import-sheet`, `sheet-template`, `index`: find, export, register from a spreadsheet."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.command_line.office_places import As, Where, opened_as_anybody, where
from docclient.desk.bulk import Plan, RowResult, RowState, counted, plan_sheet, run_sheet
from docclient.desk.bulk_report import write_report, write_template
from docclient.desk.bulk_sheet import read_sheet
from docclient.desk.exporting import export_found
from docclient.desk.list_columns import EVERYWHERE
from docclient.desk.reading_text import read_texts
from docclient.errors import ExitCode
from docclient.office.engine import OfficeEngine
from docclient.office.model import Flow
from docclient.office.queries.finding import Filter, FindDocuments, FoundList, Sort
from docclient.office.registry import to_json
from docclient.store.database import WRITES
from docclient.store.finding import rebuild
from docclient.words import phrase


class Direction(StrEnum):
    """As a person types it."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


SheetFlow = Annotated[Direction, typer.Option("--flow", help="Văn bản đến (incoming) hay đi (outgoing).")]


def register(office: typer.Typer) -> None:
    office.command("find")(find)
    office.command("import-sheet")(import_sheet)
    office.command("sheet-template")(sheet_template)
    office.command("index")(index)


@answering
def find(
    as_: As, text: Annotated[str, typer.Argument(help="Từ cần tìm, có dấu hoặc không dấu.")] = "", office: Where = "",
    flow: Annotated[Direction | None, typer.Option("--flow", help="Chỉ văn bản đến hoặc đi.")] = None,
    sort: Annotated[Sort, typer.Option(help="Thứ tự.")] = Sort.NEWEST,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="Số văn bản trong câu trả lời.")] = 50,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE",
                                             help="Ghi toàn bộ kết quả ra .xlsx, .csv, .pdf hoặc .docx.")] = None,
    column: Annotated[list[str] | None, typer.Option("--column", help="Cột của tệp xuất ra, theo thứ tự.")] = None,
    as_json: Json = False,
) -> None:
    """Tìm văn bản theo mọi trường và chữ trong tệp; có thể xuất toàn bộ kết quả ra tệp."""
    query = FindDocuments(text, Filter(flow=Flow(flow) if flow else None), sort, limit=limit)
    with closing(opened_as_anybody(office)) as engine:
        door = engine.enter(engine.person(as_))
        if out is not None:
            count = export_found(door, query, tuple(column or EVERYWHERE), out, language=language())
            answer({"file": str(out), "documents": count}, as_json=as_json,
                   text=lambda: phrase("sheet_line.exported", language(), count=count, file=str(out)))
        found = door.ask(query)
    answer({"answer": to_json(found)}, as_json=as_json, text=lambda: found_text(found))


def found_text(found: FoundList) -> str:
    lines = []
    for each in found.rows:
        row = each.document
        lines.append(f"{row.id}  {row.number_and_symbol:18} {row.type_name}: {row.subject}")
        if each.snippet is not None and each.snippet.in_file:
            lines.append(f"    … {each.snippet.text} …")
    return "\n".join(lines) or phrase("sheet_line.nothing", language())


@answering
def import_sheet(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Bảng tính .xlsx hoặc .csv.")], as_: As,
    flow: SheetFlow = Direction.INCOMING, office: Where = "",
    dry_run: Annotated[bool, typer.Option(
        "--dry-run", help="Chỉ cho biết từng dòng sẽ ra sao, không thay đổi gì.")] = False,
    folder: Annotated[Path | None, typer.Option(
        "--files", metavar="DIR", help="Thư mục có các tệp nêu trong cột Tệp; bỏ trống: cạnh bảng tính.")] = None,
    report: Annotated[Path | None, typer.Option(
        "--report", metavar="FILE", help="Ghi kết quả từng dòng ra .xlsx.")] = None,
    as_json: Json = False,
) -> None:
    """Đăng ký nhiều văn bản từ bảng tính. Mỗi dòng chỉ vào sổ một lần, kể cả khi chạy lại.

    Thoát 1 nếu có dòng không được."""
    sheet = read_sheet(file, Flow(flow))
    with closing(opened_as_anybody(office)) as engine:
        door = engine.enter(engine.person(as_))
        plan = plan_sheet(door, sheet, folder=folder, language=language())
        results = list(plan.results) if dry_run else run_sheet(door, plan, language=language())
        if report is not None:
            write_report(door, results, report, file.name, language())
    bad = any(each.state in (RowState.REFUSED, RowState.FAILED) for each in results)
    answer({"dry_run": dry_run, "sheet": file.name, "digest": sheet.digest, "ignored": list(sheet.ignored),
            "numbers": list(plan.numbers or ()),
            "counts": {str(key): number for key, number in counted(results).items()},
            "rows": [row_answer(each) for each in results]}, as_json=as_json,
           text=lambda: sheet_text(plan, results, dry_run=dry_run),
           exit_code=ExitCode.ANSWER_IS_NO if bad else ExitCode.GOOD)


def row_answer(each: RowResult) -> dict[str, Any]:
    return {"row": each.row, "state": each.state.value, "number": each.number, "subject": each.subject, "why": each.why,
            "document": each.document}


def sheet_text(plan: Plan, results: list[RowResult], *, dry_run: bool) -> str:
    counts = {state.value: 0 for state in RowState} | {str(key): number for key, number in counted(results).items()}
    lines = [phrase("sheet_line.plan" if dry_run else "sheet_line.done", language(), **counts)]
    if dry_run and plan.numbers:
        lines.append(phrase("sheet_line.numbers", language(), first=plan.numbers[0], last=plan.numbers[1]))
    if plan.sheet.ignored:
        lines.append(phrase("sheet_line.ignored", language(), names=", ".join(plan.sheet.ignored)))
    lines += [phrase("sheet_line.row", language(), row=each.row, state=phrase(f"row_state.{each.state}", language()),
                     number=f" {each.number}" if each.number else "", why=f": {each.why}" if each.why else "")
              for each in results]
    return "\n".join(lines)


@answering
def sheet_template(target: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp .xlsx sẽ ghi.")],
                   flow: SheetFlow = Direction.INCOMING, as_json: Json = False) -> None:
    """Ghi bảng tính mẫu có sẵn tiêu đề các cột."""
    write_template(Flow(flow), target, language())
    answer({"file": str(target)}, as_json=as_json, text=str(target))


@answering
def index(
    as_: Annotated[str, typer.Option(
        "--as", metavar="PERSON", help="Văn thư hoặc lãnh đạo, để đọc chữ trong tệp.")] = "",
    office: Where = "",
    anew: Annotated[bool, typer.Option("--anew", help="Lập lại toàn bộ chỉ mục tìm kiếm.")] = False,
    as_json: Json = False,
) -> None:
    """Đọc chữ trong các tệp chưa đọc để tìm kiếm được; có thể lập lại toàn bộ chỉ mục."""
    facts: dict[str, Any] = {}
    if anew:
        with closing(OfficeEngine.open(where(office))) as engine, \
                engine.database.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            facts["documents"] = rebuild(connection, engine.blobs)
    if as_:
        with closing(opened_as_anybody(office)) as engine:
            told = read_texts(engine.enter(engine.person(as_)))
        facts |= {"read": told.read, "without_text": told.without, "secret": told.secret}
    answer(facts, as_json=as_json, text=lambda: ", ".join(f"{name}: {number}" for name, number in facts.items()))
