"""Registers of made-up rows, the same for the same numbers."""

from dataclasses import replace
from datetime import UTC, date, datetime

from docclient.papers.model import (
    FollowUpRow,
    HandOverRow,
    IncomingRow,
    JournalHead,
    OutgoingRow,
    RegisterCover,
    RegisterKind,
    RegisterPaper,
    RegisterRow,
)

HEAD = JournalHead(4821, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
PRINTED_AT = datetime(2026, 11, 21, 7, 30, 15, tzinfo=UTC)
COVER = RegisterCover(agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"), year=2026, first_day=date(2026, 1, 2),
                      last_day=date(2026, 11, 21), first_number="01", last_number="812", volume="2")


def row(kind: RegisterKind, number: int) -> RegisterRow:
    if kind is RegisterKind.INCOMING:
        return IncomingRow(
            arrived_on="21/11/2026", arrival_number=f"{number:02}", issuer="Sở Nội vụ tỉnh",
            number_and_symbol=f"{5000 + number}/SNV-VTLT", issued_on="05/10/2026",
            type_and_subject=f"Công văn về việc báo cáo kết quả số hóa, đợt {number}", handled_by="Phòng Kinh tế",
            passed_on="22/11/2026", received_by="Đã nhận", note="Điện tử")
    if kind is RegisterKind.OUTGOING:
        return OutgoingRow(
            number_and_symbol=f"{number:02}/UBND-KT", issued_on="21/11/2026",
            type_and_subject=f"Công văn về việc trả lời, lần {number}", signer="Chủ tịch UBND xã",
            recipients="Sở Nội vụ tỉnh", copy_kept_by="Văn thư", copies="03", passed_on="22/11/2026",
            received_by="Đã nhận", note="Điện tử")
    if kind is RegisterKind.HAND_OVER:
        return HandOverRow(
            arrival_number=f"{number:02}", number_and_symbol=f"{5000 + number}/SNV-VTLT",
            type_and_subject=f"Công văn về việc báo cáo kết quả số hóa, đợt {number}", receiver="Phòng Kinh tế",
            passed_on="22/11/2026", copies="03", received_by="Đã nhận", note="Điện tử")
    return FollowUpRow(
        arrival_number=f"{number:02}", document=f"Công văn {5000 + number}/SNV-VTLT ngày 05/10/2026 của Sở Nội vụ tỉnh",
        handled_by="Phòng Kinh tế", due="27/11/2026", progress="Đang xử lý", answer=f"{number:02}/UBND-KT", note="Gấp")


def register(kind: RegisterKind = RegisterKind.OUTGOING, rows: int = 40) -> RegisterPaper:
    return RegisterPaper(kind=kind, cover=COVER, rows=tuple(row(kind, number) for number in range(1, rows + 1)),
                         journal_head=HEAD, printed_at=PRINTED_AT, printed_by="Văn thư")


def outgoing_with(**facts: str) -> RegisterPaper:
    """An outgoing register of one row that has these facts."""
    one = row(RegisterKind.OUTGOING, 1)
    assert isinstance(one, OutgoingRow)
    return replace(register(rows=0), rows=(replace(one, **facts),))
