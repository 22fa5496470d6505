from dataclasses import replace
from datetime import date

import pypdfium2

from docclient.papers.model import HandlersProposal, HandlingSlip, LeadersOpinion, UnitOpinion
from docclient.papers.slips import print_handling_slip
from tests.papers.reading import assert_archival, pages_of
from tests.papers.sample import HEAD, PRINTED_AT

BLANK = HandlingSlip(
    agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"), place="Tân Hiệp", made_on=date(2026, 3, 5), arrival_number="128",
    arrived_on="05/03/2026", type_name="Công văn", number_and_symbol="1245/SNV-VTLT", issued_on="02/03/2026",
    issuer="Sở Nội vụ tỉnh", subject="V/v báo cáo kết quả số hóa tài liệu", journal_head=HEAD, printed_at=PRINTED_AT)

DECIDED = replace(
    BLANK,
    leaders=(LeadersOpinion(lead="Phòng Kinh tế", helping="Văn phòng", informed="Phó Chủ tịch UBND xã",
                            due="13/03/2026", words="Tham mưu văn bản trả lời.", given_by="Chủ tịch UBND xã",
                            given_on=date(2026, 3, 5)),),
    units=(UnitOpinion(handler="Chuyên viên Phòng Kinh tế", due="11/03/2026", given_by="Trưởng phòng Kinh tế",
                       given_on=date(2026, 3, 6)),),
    proposals=(HandlersProposal(words="Đề xuất gửi báo cáo.", given_by="Chuyên viên Phòng Kinh tế",
                                given_on=date(2026, 3, 10)),))


def test_a_blank_slip_is_one_portrait_page_with_head_document_and_three_parts(tmp_path):
    target = print_handling_slip(BLANK, tmp_path / "slip.pdf")
    (page,) = pages_of(target)
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc", "ỦY BAN NHÂN DÂN XÃ TÂN HIỆP",
                  "Tân Hiệp, ngày 05 tháng 3 năm 2026", "PHIẾU GIẢI QUYẾT VĂN BẢN ĐẾN",
                  "Số đến: 128 - Ngày đến: 05/03/2026",
                  "Công văn; 1245/SNV-VTLT; 02/03/2026; Sở Nội vụ tỉnh; V/v báo cáo kết quả số hóa tài liệu",
                  "1. Ý kiến của lãnh đạo cơ quan, tổ chức", "2. Ý kiến của lãnh đạo đơn vị",
                  "3. Ý kiến đề xuất của người giải quyết", "9f86d081 884c7d65"):
        assert words in page
    assert page.count("Ngày …… tháng …… năm ……") == 3
    document = pypdfium2.PdfDocument(target)
    width, height = document[0].get_size()
    document.close()
    assert (round(width), round(height)) == (595, 842)
    assert_archival(target)


def test_what_was_decided_stands_in_its_part(tmp_path):
    (page,) = pages_of(print_handling_slip(DECIDED, tmp_path / "slip.pdf"))
    leaders, rest = page.split("2. Ý kiến của lãnh đạo đơn vị")
    unit, proposal = rest.split("3. Ý kiến đề xuất")
    for words in ("Chủ trì: Phòng Kinh tế", "Phối hợp: Văn phòng", "Nhận để biết: Phó Chủ tịch UBND xã",
                  "Thời hạn: 13/03/2026", "Tham mưu văn bản trả lời.", "Ngày 05 tháng 3 năm 2026", "Chủ tịch UBND xã"):
        assert words in leaders
    for words in ("Người giải quyết: Chuyên viên Phòng Kinh tế", "Thời hạn: 11/03/2026", "Trưởng phòng Kinh tế"):
        assert words in unit
    assert "Đề xuất gửi báo cáo." in proposal
    assert "Ngày 10 tháng 3 năm 2026" in proposal


def test_long_words_run_on_to_a_numbered_second_page(tmp_path):
    long = replace(DECIDED, proposals=(HandlersProposal(words="Nội dung đề xuất chi tiết. " * 220),))
    pages = pages_of(print_handling_slip(long, tmp_path / "slip.pdf"))
    assert len(pages) > 1
    assert f"Trang 2 / {len(pages)}" in pages[1]
    assert " ".join(pages).count("tiết.") == 220            # a page may end between two words


def test_each_level_stands_under_the_one_above(tmp_path):
    several = replace(DECIDED, leaders=(*DECIDED.leaders, LeadersOpinion(
        lead="Văn phòng", following="Chánh Văn phòng", helping_due="10/03/2026", given_by="Phó Chủ tịch UBND xã",
        given_on=date(2026, 3, 6))))
    page = " ".join(pages_of(print_handling_slip(several, tmp_path / "slip.pdf")))
    leaders, _ = page.split("2. Ý kiến của lãnh đạo đơn vị")
    assert leaders.index("Chủ tịch UBND xã") < leaders.index("Chủ trì: Văn phòng") < leaders.rindex("Phó Chủ tịch")
    assert "Theo dõi: Chánh Văn phòng" in leaders and "Thời hạn phối hợp: 10/03/2026" in leaders
