"""What says of itself that it is secret enters by no typed way either (records-work 13.4), on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from docclient.office.case_files import Retention
from docclient.office.checking import check_office
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.case_files import OpenCaseFile
from docclient.office.commands.entering import EnterIncoming
from docclient.office.commands.incoming import RegisterIncoming, ReturnIncoming
from docclient.office.commands.outgoing import StartDraft
from docclient.office.commands.tasks import GiveTask
from docclient.office.door import Command, Office
from docclient.office.errors import SecretTitle
from docclient.office.model import Channel, State
from docclient.words import Language, words_of
from tests.drafts import give, now
from tests.offices import OfficeToTest

SECRET = "Phương án phòng thủ (TỐI MẬT)"


def commands(office: OfficeToTest, clerk: Office) -> list[tuple[str, Command]]:
    officer = office.person("officer_economy")
    file = ReceivedFile("Kế hoạch (MẬT).docx", clerk.put(b"x"), "application/octet-stream")
    return [
        ("clerk", EnterIncoming(Channel.HAND, "Ban Chỉ huy quân sự", SECRET, note="một bì")),
        ("clerk", EnterIncoming(Channel.HAND, "Ban Chỉ huy quân sự", "Kế hoạch", files=(file,))),
        ("clerk", ReceivePacket("t1", clerk.put(b"p"), "H99.07", "Sở Nội vụ tỉnh", "H99.07,1", "Công văn", SECRET,
                                (ReceivedFile("van-ban.docx", clerk.put(b"x"), "application/octet-stream"),))),
        ("officer_economy", StartDraft("Công văn", "MẬT: trả lời", office.person("chairman"), ("H99.07",))),
        ("officer_economy", OpenCaseFile("Hồ sơ phòng thủ - MẬT", Retention.YEARS_10)),
        ("chairman", GiveTask("[Mật] Chuẩn bị phương án", officer)),
    ]


def test_no_subject_title_or_file_name_brings_a_secret_in(office: OfficeToTest):
    before = check_office(office.engine).entries
    doors: dict[str, Office] = {"clerk": office.door("clerk")}
    for slug, command in commands(office, doors["clerk"]):
        with pytest.raises(SecretTitle) as refused:
            doors.setdefault(slug, office.door(slug)).do(command)
        for language in Language:
            said = words_of(refused.value, language)
            assert not any("phòng thủ" in part or "phương án" in part for part in (
                said.heading, said.explanation, said.advice))
    checked = check_office(office.engine)
    assert checked.entries == before and checked.findings == ()


def test_a_document_is_returned_with_words_that_name_its_secrecy(office: OfficeToTest):
    """Only what names a thing is looked at: a reason may well be that it is secret."""
    view = office.received("17")
    office.door("clerk").do(ReturnIncoming(view.document.id, view.document.version, "Mật"))
    assert now(office, view.document.id).state is State.RETURNED


def test_registering_under_a_secret_subject_is_refused_and_under_an_innocent_one_is_not(office: OfficeToTest):
    document = office.received("18").document.id
    facts = {"type_name": "Công văn", "code_number": "18", "code_notation": "SNV-VP", "issued_date": date(2026, 3, 5),
             "issuer_name": "Sở Nội vụ tỉnh"}
    with pytest.raises(SecretTitle):
        give(office, "clerk", RegisterIncoming, document, subject="MẬT", **facts)
    give(office, "clerk", RegisterIncoming, document, subject="V/v bảo đảm bảo mật thông tin, mật khẩu", **facts)
    assert now(office, document).arrival_number == 1
