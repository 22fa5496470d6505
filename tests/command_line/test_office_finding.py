"""`docclient office find`, `import-sheet`, `sheet-template`, `index`: their answers hold to their schemas."""

from __future__ import annotations

from pathlib import Path

from tests.contracts.test_answers import holds
from tests.offices import OfficeToTest
from tests.running import docclient

HEADINGS = "Trích yếu,Cơ quan ban hành,Ngày văn bản,Số,Ký hiệu\n"


def test_finding_exporting_and_reading_texts(sqlite_office: OfficeToTest, tmp_path: Path):
    sqlite_office.registered()
    where = ("--office", sqlite_office.place.name, "--as", "vanthu", "--json")
    read = docclient("office", "index", *where, "--anew")
    holds("office-index", read.answer)
    assert (read.code, read.answer["documents"], read.answer["read"]) == (0, 1, 1)
    found = docclient("office", "find", "bao cao", *where)
    holds("office-find", found.answer)
    (row,) = found.answer["answer"]["rows"]
    assert row["document"]["subject"] == "V/v báo cáo công tác văn thư" and row["snippet"]["marks"]
    exported = docclient("office", "find", *where, "--out", str(tmp_path / "found.csv"))
    holds("office-find", exported.answer)
    assert exported.answer["documents"] == 1 and (tmp_path / "found.csv").exists()


def test_registering_from_a_sheet(sqlite_office: OfficeToTest, tmp_path: Path):
    where = ("--office", sqlite_office.place.name, "--as", "vanthu", "--json")
    sheet = tmp_path / "so.csv"
    sheet.write_text(HEADINGS + "V/v rà soát hộ nghèo,Sở Nội vụ tỉnh,05/03/2026,12,SNV-VP\n"
                     ",Sở Nội vụ tỉnh,05/03/2026,13,SNV-VP\nTỐI MẬT: phương án,Sở,05/03/2026,14,X\n", encoding="utf-8")
    planned = docclient("office", "import-sheet", str(sheet), *where, "--dry-run")
    holds("office-import-sheet", planned.answer)
    assert (planned.code, planned.answer["counts"]) == (1, {"ready": 1, "refused": 2})
    done = docclient("office", "import-sheet", str(sheet), *where)
    holds("office-import-sheet", done.answer)
    assert [each["state"] for each in done.answer["rows"]] == ["done", "refused", "refused"]
    again = docclient("office", "import-sheet", str(sheet), *where)
    holds("office-import-sheet", again.answer)
    assert [each["state"] for each in again.answer["rows"]] == ["already", "refused", "refused"]
    template = docclient("office", "sheet-template", str(tmp_path / "mau.xlsx"), "--json")
    holds("office-sheet-template", template.answer)
    assert (tmp_path / "mau.xlsx").stat().st_size > 1_000
