"""The real packets, field by field."""

from __future__ import annotations

import pytest

from docclient.exchange.content_types import PACKET, TEXT
from docclient.exchange.edxml_read import read_packet, read_packet_file
from docclient.exchange.packet import DocumentPacket, Format, Operation, StatusPacket
from docclient.exchange.problems import ProblemCode
from tests.exchange.packets import SAMPLES, sample

NESTED = "8385739ec4a4ed36d71eabcaead629641ffc5ffff3d487ff5c34d2f821c9f36e"


def document(name: str) -> DocumentPacket:
    packet = read_packet_file(SAMPLES / name)
    assert isinstance(packet, DocumentPacket)
    assert packet.format is Format.QCVN102
    assert not packet.damaged
    assert not packet.refused
    return packet


def test_a_new_document() -> None:
    packet = document("new.edxml")
    header = packet.header
    assert header.sender is not None
    assert (header.sender.organ_id, header.sender.website) == ("000.00.00.A80", "vpcp.vn")
    assert [to.organ_id for to in header.to] == ["28.22.H17"]
    assert header.document_id == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"
    assert header.code is not None
    assert header.code.text == "74fass22/VPCP-TTĐT"
    assert header.promulgation_info is not None
    assert (header.promulgation_info.place, header.promulgation_info.promulgation_date) == ("Hà Nội", "2019/01/16")
    assert header.document_type is not None
    assert (header.document_type.type, header.document_type.type_detail, header.document_type.type_name) == (
        "1", "0", "Công văn")
    assert header.subject == "V/v kết nối, liên thông phần mềm quản lý văn bản"
    assert header.signer_info is not None
    assert header.signer_info.competence == "TL. BO TRUONG"
    assert header.due_date == "2018/09/28"
    assert header.other_info is not None
    assert (header.other_info.priority, header.other_info.page_amount, header.other_info.direction) == (
        "0", "22", "false")
    assert header.other_info.appendixes == ("Công văn về việc kết nối, liên thông phần mềm quản lý văn bản",)
    assert header.steering_type == "1"
    assert header.to_places == ("Cac bo va co quan ngang bo", "Uy ban nhan dan cac tinh, TP")
    assert [(hop.organ_id, hop.timestamp) for hop in packet.trace.trace_headers] == [
        ("000.00.00.G22", "2018/09/28 00:00:00")]
    assert packet.business.operation is Operation.NEW
    assert packet.business.document_id == "000.00.00.G22,2014/02/30,7806/VPCP-TTĐT"
    assert packet.business.staff_info is not None
    assert packet.business.staff_info.department == "Văn thư văn phòng"
    assert packet.problems == ()
    assert packet.signed


def test_the_file_of_a_new_document_is_a_packet_under_the_name_of_a_letter() -> None:
    [file] = document("new.edxml").attachments
    assert (file.name, file.content_id, file.declared_type) == ("1896_QD-TTg_m_294779.doc", "209", "application/zip")
    assert (file.actual_type, file.size, file.sha256) == (PACKET, 388347, NESTED)
    assert [problem.code for problem in file.problems] == [
        ProblemCode.NESTED_PACKET, ProblemCode.NAME_AND_TYPE_DIFFER]


def test_a_packet_inside_a_packet_is_read_only_when_somebody_asks() -> None:
    [file] = document("new.edxml").attachments
    assert file.content is not None
    assert isinstance(read_packet(file.content), DocumentPacket)


def test_a_replacement_for_three_receivers() -> None:
    packet = document("replace.edxml")
    assert [to.organ_id for to in packet.header.to] == ["000.00.00.H41", "000.00.00.H14", "000.00.00.G17"]
    assert packet.business.operation is Operation.REPLACE
    assert packet.business.business_doc_reason == "Văn bản thay thế"
    [replaced] = packet.business.replacements
    assert replaced.document_id == "000.00.00.G22,2014/01/30,7806/VPCP-TTĐT"
    assert replaced.organ_ids == ("000.00.00.H41", "000.00.00.H14")
    assert [(problem.code, problem.detail) for problem in packet.problems] == [(ProblemCode.REPLACEMENT_REPEATED, "1")]
    assert [file.sha256 for file in packet.attachments] == [NESTED]


def test_three_files_of_a_gateway() -> None:
    packet = document("new-three-files.edxml")
    assert packet.header.document_id == "1da394ba-2117-4354-a23f-6ec3e47ba81b"
    assert packet.header.signer_info is not None
    assert packet.header.signer_info.competence is None
    assert packet.business.operation is Operation.NEW
    assert [(hop.organ_id, hop.timestamp) for hop in packet.trace.trace_headers] == [
        ("vxp.saas.03", "2025/10/20 10:48:03")]
    assert [(file.name, file.actual_type, file.size, file.sha256) for file in packet.attachments] == [
        ("localA.txt", TEXT, 11, "388b4f926bfcd3ebc84f757e24c2a7e9391ba02b01b2ccf6708cbe2c85d384fa"),
        ("localB.txt", TEXT, 11, "8eb0308470dfc0e93ccab4cdc4e3cc744def4ee6626dc7ca64feb071d85ddf68"),
        ("localC.txt", TEXT, 11, "c0b3d502f92e8b2aeab277e46586d30375cbf24dae6b3ecc9b2b4bf10933b9a7")]
    assert {problem.code for file in packet.attachments for problem in file.problems} == {ProblemCode.ZIP_NOT_DECLARED}
    assert packet.problems == ()
    assert not packet.signed


@pytest.mark.parametrize(("name", "code", "description"), [
    ("status-01-arrived.edxml", "01",
     "Văn thư - Phòng Văn thư - Lưu trữ: Đã đến - Phần mềm QLVB đã nhận nhưng văn thư chưa xử lý"),
    ("status-03-accepted.edxml", "03",
     "Văn thư cơ - Phòng Văn thư - Lưu trữ: Tiếp nhận văn bản điện tử, vào sổ văn bản đến của đơn vị"),
])
def test_statuses(name: str, code: str, description: str) -> None:
    packet = read_packet(sample(name))
    assert isinstance(packet, StatusPacket)
    assert packet.header.status_code == code
    assert packet.header.description == description
    assert packet.header.timestamp == "2015/09/20 11:08:36"
    assert packet.header.sender is not None
    assert packet.header.sender.organ_id == "000.00.00.H41"
    answered = packet.response_for
    assert (answered.organ_id, answered.code, answered.promulgation_date, answered.document_id) == (
        "000.00.00.G22", "7816/VPCP-TTĐT", "2015/09/30", "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT")
    assert packet.header.staff_info is not None
    assert packet.header.staff_info.department == "Phong hanh chinh"
    assert packet.problems == ()
    assert not packet.damaged
