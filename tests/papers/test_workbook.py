from dataclasses import fields

import openpyxl
import pytest

from docclient.papers.columns import form_of
from docclient.papers.model import RegisterKind
from docclient.papers.workbook import HEADER_ROW, LONGEST_TEXT, write_register_workbook
from tests.papers.sample import outgoing_with, register


@pytest.mark.parametrize("kind", list(RegisterKind))
def test_every_column_and_row_as_text(kind, tmp_path):
    paper = register(kind, rows=25)
    sheet = openpyxl.load_workbook(write_register_workbook(paper, tmp_path / "register.xlsx")).active
    lines = list(sheet.iter_rows(min_row=HEADER_ROW))
    assert [cell.value for cell in lines[0]] == [column.heading for column in form_of(kind).columns]
    assert len(lines) == 26
    for line, row in zip(lines[1:], paper.rows, strict=True):
        assert [cell.value for cell in line] == [getattr(row, field.name) for field in fields(row)]
        assert {cell.data_type for cell in line} == {"s"}         # "01" stays "01"


def test_the_head_stays_in_sight_and_the_journal_at_the_foot(tmp_path):
    sheet = openpyxl.load_workbook(write_register_workbook(register(), tmp_path / "register.xlsx")).active
    said = [sheet.cell(row, 1).value for row in range(1, HEADER_ROW)]
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐI" in said
    assert "Từ số 01 đến số 812" in said
    assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert "mục 4.821" in sheet.oddFooter.left.text


def test_a_formula_in_a_subject_is_text_and_letters_the_format_forbids_go(tmp_path):
    paper = outgoing_with(type_and_subject='=HYPERLINK("http://x.example";"y")', note="a\x00b\x0bc",
                          recipients="Đ" * 40_000)
    sheet = openpyxl.load_workbook(write_register_workbook(paper, tmp_path / "register.xlsx")).active
    line = {field.name: cell for field, cell in zip(
        fields(paper.rows[0]), next(sheet.iter_rows(min_row=HEADER_ROW + 1)), strict=True)}
    assert (line["type_and_subject"].data_type, line["type_and_subject"].value) == (
        "s", '=HYPERLINK("http://x.example";"y")')
    assert line["note"].value == "abc"
    assert len(line["recipients"].value) == LONGEST_TEXT
