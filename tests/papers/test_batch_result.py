import csv
from datetime import UTC, datetime

from docclient.papers.batch_result import (
    BatchResultPaper,
    BatchResultRow,
    print_batch_result,
    summary_of,
    write_batch_result,
)
from docclient.words import Language
from tests.papers.reading import assert_archival, pages_of

PAPER = BatchResultPaper(
    agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"), parent="UBND tỉnh", signer="Nguyễn Văn Ánh",
    made_at=datetime(2026, 3, 5, 2, 30, tzinfo=UTC), summary=summary_of(3, 1, 1),
    rows=(BatchResultRow("Công văn: V/v nạo vét kênh", "15/UBND-KT", "Đã ký"),
          BatchResultRow("- V/v bắt đầu bằng gạch ngang", "", "Chưa ký được", "Tệp bị hỏng. Xuất lại tệp từ bản gốc."),
          BatchResultRow('=cmd|"x"', "", "Chưa thực hiện", "")))


def test_the_sheet_names_every_document_with_its_reason(tmp_path):
    target = print_batch_result(PAPER, tmp_path / "result.pdf")
    (page,) = pages_of(target)
    for words in ("KẾT QUẢ KÝ SỐ NHIỀU VĂN BẢN", "Lập lúc 09:30 05/03/2026 — người ký: Nguyễn Văn Ánh",
                  "3 văn bản: 1 đã ký, 1 chưa ký được, 1 chưa thực hiện.", "Công văn: V/v nạo vét kênh",
                  "Tệp bị hỏng. Xuất lại tệp từ bản gốc."):
        assert words in page
    assert_archival(target)


def test_two_hundred_documents_take_several_numbered_pages(tmp_path):
    many = BatchResultPaper(PAPER.agency, PAPER.parent, PAPER.signer, PAPER.made_at, summary_of(200, 200, 0),
                            tuple(BatchResultRow(f"Công văn {n}", f"{n}/UBND", "Đã ký") for n in range(1, 201)))
    pages = pages_of(print_batch_result(many, tmp_path / "result.pdf"))
    assert len(pages) > 3 and "Công văn 200" in pages[-1]
    assert all("Kết quả" in page for page in pages)         # the head of the table stands on each


def test_the_table_is_utf8_for_spreadsheets_and_no_cell_acts(tmp_path):
    content = write_batch_result(PAPER, tmp_path / "result.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["TT", "Văn bản", "Số, ký hiệu", "Kết quả", "Lý do và cách xử lý"]
    assert rows[1] == ["1", "Công văn: V/v nạo vét kênh", "15/UBND-KT", "Đã ký", ""]
    assert not any(cell.startswith(("=", "-", "+", "@")) for row in rows for cell in row)


def test_in_english(tmp_path):
    (page,) = pages_of(print_batch_result(PAPER, tmp_path / "result.pdf", Language.ENGLISH))
    assert "RESULT OF SIGNING" in page and "signed by Nguyễn Văn Ánh" in page
