"""A whole case file as one PDF and XML in the order of time, read back; its lists on paper and as spreadsheets (D4)."""

from __future__ import annotations

import csv
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from docclient.desk.case_file_export import export_case_file
from docclient.desk.case_file_facts import case_file_facts, safe_name
from docclient.desk.case_file_lists import (
    due_for_hand_in,
    write_contents_list,
    write_file_plan,
    write_hand_in_list,
    write_hand_over_minutes,
    write_trail,
)
from docclient.office.case_files import Retention, months_later
from docclient.office.commands.case_files import CloseCaseFile, OpenCaseFile
from docclient.office.commands.file_plan import AddHeading, ApproveFilePlan, PlanCaseFile, PlanYear
from docclient.office.commands.filing import AddToCaseFile
from docclient.office.errors import NotFound
from docclient.office.model import today
from docclient.office.queries.case_files import CaseFilePage
from docclient.office.queries.trail import CaseFileTrail
from docclient.papers.case_file_xml import case_file_xml, read_case_file_xml, schema
from tests.offices import OfficeToTest

OFFICER = "officer_economy"


def filed(office: OfficeToTest) -> str:
    """An answer that was issued, and what it answers, put in the wrong way round."""
    view = office.issued("1")
    file = office.door(OFFICER).do(OpenCaseFile("Báo cáo công tác văn thư", Retention.YEARS_10)).facts["case_file"]
    for document in (view.document.id, view.links[0].document):
        version = office.view("clerk", document).document.version
        office.door(OFFICER).do(AddToCaseFile(document, version, file))
    return file


def text_of(file: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(file).pages)


def test_d4_a_whole_file_is_one_pdf_and_xml_in_the_order_of_time(office: OfficeToTest, tmp_path: Path):
    file = filed(office)
    made = export_case_file(office.door(OFFICER), file, tmp_path / "out")
    read = read_case_file_xml(made.xml.read_bytes())
    _, facts, _ = case_file_facts(office.door(OFFICER), file)
    assert read == facts and case_file_xml(read) == made.xml.read_bytes()
    assert [each.flow for each in read.documents] == ["incoming", "outgoing"]       # by time, not as they were put in
    assert [each.doc_ordinal for each in read.documents] == [2, 1]
    incoming, outgoing = read.documents
    assert incoming.trace and incoming.arrival_number and outgoing.to and outgoing.full_name
    assert schema().validate(etree.parse(made.xml))
    originals = {path.relative_to(made.folder).as_posix(): path for path in made.originals}
    for each in (one for document in read.documents for one in document.files):
        content = originals[each.path].read_bytes()
        assert hashlib.sha256(content).hexdigest() == each.sha256 and len(content) == each.size
    assert outgoing.files[0].signed and not incoming.files[0].signed


def test_the_one_pdf_holds_pages_to_read_and_every_original_bit_by_bit(office: OfficeToTest, tmp_path: Path):
    file = filed(office)
    made = export_case_file(office.door(OFFICER), file, tmp_path / "out")
    whole = PdfReader(made.pdf)
    originals = [PdfReader(path) for path in made.originals]
    front = len(whole.pages) - sum(len(each.pages) for each in originals)
    assert front == 2
    contents = whole.pages[1].extract_text()
    assert contents.index("123/SNV-VP" if "123/SNV" in contents else "1/SNV-VP") < contents.index("/UBND-")
    starts = [whole.get_destination_page_number(each) for each in whole.outline]  # type: ignore[arg-type]
    assert starts == [front, front + len(originals[0].pages)]
    for start in starts:
        assert str(start + 1) in contents
    attached = {name: data[0] for name, data in whole.attachments.items()}
    for path in made.originals:
        assert attached[path.name] == path.read_bytes()
    assert attached["ho-so.xml"] == made.xml.read_bytes()
    # what the signatures draw is page content now: nothing pretends to be signed
    assert "/AcroForm" not in whole.trailer["/Root"] or not whole.get_fields()
    assert "Văn thư" in text_of(made.pdf) or "TM. ỦY BAN NHÂN DÂN" in text_of(made.pdf)
    acts = [each.code for each in office.door(OFFICER).ask(CaseFileTrail(file))]
    assert "view.export" in acts and acts[0] == "done.OpenCaseFile"


def test_an_export_is_whole_or_is_not_made(office: OfficeToTest, tmp_path: Path):
    file = filed(office)
    with pytest.raises(NotFound):
        export_case_file(office.door("officer_culture_society"), file, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_lists_on_paper_and_as_spreadsheets(office: OfficeToTest, tmp_path: Path):
    file, officer, clerk = filed(office), office.door(OFFICER), office.door("clerk")
    clerk.do(PlanYear(today().year))
    heading = clerk.do(AddHeading(today().year, "Tổ chức cán bộ", "TCCB")).facts["heading"]
    clerk.do(PlanCaseFile(heading, "Bổ nhiệm", Retention.PERMANENT, office.person(OFFICER)))
    office.door("chairman").do(ApproveFilePlan(today().year, "15/QĐ-UBND"))
    plan = text_of(write_file_plan(clerk, today().year, tmp_path / "plan.pdf"))
    for said in ("I. Tổ chức cán bộ", ".TCCB", "Vĩnh viễn", "15/QĐ-UBND", "Báo cáo công tác văn thư"):
        assert said in plan, said
    sheet = load_workbook(write_file_plan(clerk, today().year, tmp_path / "plan.xlsx")).active
    assert sheet is not None
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=7)]
    assert values[0] == ["Số và ký hiệu hồ sơ", "Tên đề mục và tiêu đề hồ sơ", "Thời hạn bảo quản", "Người lập hồ sơ",
                         "Ghi chú"]
    contents = text_of(write_contents_list(officer, file, tmp_path / "contents.pdf"))
    assert "MỤC LỤC VĂN BẢN TRONG HỒ SƠ" in contents and "gồm 2 văn bản" in contents
    ended = months_later(today() + timedelta(days=10), -12)
    due = officer.do(OpenCaseFile("Cần nộp lưu", Retention.YEARS_20, start_date=ended)).facts["case_file"]
    officer.do(CloseCaseFile(due, 1, ended, warnings_seen=True))
    rows = due_for_hand_in(officer)
    assert [row.file.id for row in rows] == [due]
    listed = text_of(write_hand_in_list(officer, rows, tmp_path / "hand-in.pdf"))
    assert "Cần nộp lưu" in listed and "20 năm" in listed and "gồm 1 hồ sơ" in listed
    minutes = text_of(write_hand_over_minutes(officer, rows, tmp_path / "minutes.pdf"))
    for said in ("BIÊN BẢN GIAO NHẬN", "Bên giao", "Bên nhận", "Cần nộp lưu", "Số hồ sơ điện tử", "lập thành hai bản"):
        assert said in minutes, said


def test_the_trail_leaves_as_pdf_and_csv(office: OfficeToTest, tmp_path: Path):
    document = office.directed("1").document.id
    officer = office.door(OFFICER)
    assert "LỊCH SỬ XỬ LÝ VĂN BẢN" in text_of(write_trail(officer, document, tmp_path / "trail.pdf"))
    with write_trail(officer, document, tmp_path / "trail.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["Lúc", "Người", "Việc", "Nội dung"]
    assert any("Tham mưu trả lời" in row[3] for row in rows[1:])


def test_names_of_exported_files_are_plain():
    assert safe_name("Công văn số 15/QĐ-UBND.pdf") == "Cong-van-so-15-QD-UBND.pdf"
    assert safe_name("../../etc/passwd") == "etc-passwd" or "/" not in safe_name("../../etc/passwd")
    assert safe_name("đ") == "d" and safe_name(".pdf") == "pdf"


def test_an_xml_of_another_form_is_refused(office: OfficeToTest, tmp_path: Path):
    _, facts, _ = case_file_facts(office.door(OFFICER), filed(office))
    whole = case_file_xml(facts)
    for wrong in (b"no xml", whole.replace(b"DocOrdinal", b"Ordinal"), whole.replace(b"urn:docclient", b"urn:other")):
        with pytest.raises(ValueError, match=r"."):
            read_case_file_xml(wrong)
    assert office.door(OFFICER).ask(CaseFilePage(office.door(OFFICER).do(OpenCaseFile(
        "Rỗng", Retention.YEARS_5)).facts["case_file"])).inside == ()
