"""`docclient office separators`, `print-label`, `find-label`: papers for the scanner, from a sheet to its record."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.command_line.office_places import As, Where, opened_as_anybody
from docclient.desk.labels import document_on, print_label_of
from docclient.office.model import DocumentId, now
from docclient.papers.scan_sheets import print_separators
from docclient.words import phrase

Out = Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Tệp PDF để in.")]


def register(office: typer.Typer) -> None:
    office.command("separators")(separators)
    office.command("print-label")(print_label)
    office.command("find-label")(find_label)


@answering
def separators(
    out: Out, sheets: Annotated[int, typer.Option("--sheets", min=1, max=100, help="Số tờ.")] = 1,
    as_json: Json = False,
) -> None:
    """Tờ phân cách đặt giữa hai văn bản của một tập giấy: phần mềm tự tách khi quét."""
    print_separators(out, now(), sheets, language())
    answer({"file": str(out), "sheets": sheets}, as_json=as_json,
           text=lambda: phrase("scan_sheets.written", language(), file=str(out)))


@answering
def print_label(
    as_: As, out: Out,
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Định danh của văn bản đã vào sổ.")],
    office: Where = "", as_json: Json = False,
) -> None:
    """Nhãn dán lên tờ giấy, có mã QR của văn bản trong sổ."""
    with closing(opened_as_anybody(office)) as engine:
        print_label_of(engine.enter(engine.person(as_)), DocumentId(document), out)
    answer({"file": str(out), "document": document}, as_json=as_json,
           text=lambda: phrase("scan_sheets.written", language(), file=str(out)))


@answering
def find_label(
    as_: As, file: Annotated[Path, typer.Argument(metavar="FILE", help="Ảnh chụp hoặc bản quét của tờ có nhãn.")],
    office: Where = "", as_json: Json = False,
) -> None:
    """Tìm văn bản trong sổ từ ảnh chụp hoặc bản quét của tờ giấy có nhãn."""
    with closing(opened_as_anybody(office)) as engine:
        found = document_on(engine.enter(engine.person(as_)), file)
    answer({"file": str(file), "document": found}, as_json=as_json,
           text=lambda: phrase("scan_sheets.found", language(), document=found))
