"""Letters of many kinds for the chairman's queue: distinct subjects and pages, so that a mix-up would be seen."""

from __future__ import annotations

from docclient.desk.drafting import begin_draft
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, StartDraft, SubmitDraft
from docclient.office.model import DocumentId
from tests.offices import OfficeToTest, document_of

SUBJECTS = (
    "V/v nạo vét kênh thủy lợi nội đồng", "V/v rà soát hộ nghèo năm 2026", "V/v tiêm phòng đàn gia súc đợt I",
    "V/v sửa chữa Nhà văn hóa ấp Tân Lập", "V/v báo cáo số hóa tài liệu lưu trữ", "V/v phòng cháy, chữa cháy rừng",
    "V/v cấp giấy xác nhận tạm trú", "V/v trợ cấp người cao tuổi", "V/v đăng ký nghĩa vụ quân sự",
    "V/v vệ sinh môi trường khu dân cư", "V/v hỗ trợ giống lúa vụ hè thu", "V/v tuyển sinh lớp 1",
    "V/v tu bổ nghĩa trang liệt sĩ", "V/v khảo sát đường giao thông nông thôn", "V/v an toàn thực phẩm tại chợ xã",
    "V/v thu thuế đất phi nông nghiệp", "V/v kiểm kê tài sản công", "V/v tổ chức lễ hội đình làng",
    "V/v bảo hiểm y tế hộ gia đình", "V/v phòng, chống hạn mặn")


def queue_letters(office: OfficeToTest, count: int) -> list[DocumentId]:
    """So many letters wait for the chairman's signature, in the order of the list."""
    officer, head, chief = office.door("officer_economy"), office.door("head_economy"), office.door("chief_of_office")
    made = []
    for subject in SUBJECTS[:count]:
        body = f"Ủy ban nhân dân xã báo cáo: {subject.removeprefix('V/v ')}. " * 3
        letter = office.material.folder / f"letter-{len(made)}.pdf"
        if not letter.exists():
            office.material.letter(body, letter)
        document = document_of(begin_draft(officer, StartDraft(
            "Công văn", subject, office.person("chairman"), ("H99.07",)), letter))
        for door, slug, step in ((officer, "officer_economy", SubmitDraft), (head, "head_economy", ApproveContent),
                                 (chief, "chief_of_office", ApproveFormat)):
            door.do(step(document, office.view(slug, document).document.version))
        made.append(document)
    return made
