"""After the issue, on both databases: recall, replacement, correction, further recipients, readers inside, warnings."""

from __future__ import annotations

import pytest

from docclient.desk.post import packet_for
from docclient.desk.signing_desk import number_and_seal
from docclient.exchange.packet import DocumentPacket
from docclient.office.checking import check_office
from docclient.office.commands.correcting import (
    AddRecipients,
    CorrectIssued,
    ReadIssued,
    RecallIssued,
    ReplaceIssued,
)
from docclient.office.commands.exchanging import MarkSent, RecordStatus
from docclient.office.commands.issuing import IssueAllTheSame, IssueOutgoing
from docclient.office.errors import FieldWrong, NotNow, NotYours
from docclient.office.model import DocumentId, Handler, State, WaitKind
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.office import Outbox
from tests.drafts import draft, give, new_file, now, offered, page, person, sign, to_signer
from tests.offices import OfficeToTest, document_of


def sealed(office: OfficeToTest, document: DocumentId) -> DocumentId:
    to_signer(office, document)
    sign(office, document)
    number_and_seal(office.door("clerk"), document, office.material.key("agency"))
    return document


def issued(office: OfficeToTest, subject: str, **more: object) -> DocumentId:
    document = sealed(office, draft(office, subject, **more))
    give(office, "clerk", IssueOutgoing, document)
    return document


def sent(office: OfficeToTest, document: DocumentId) -> None:
    for item in office.door("clerk").ask(Outbox()):
        if item.document == document:
            office.door("clerk").do(MarkSent(item.id))


def reported(office: OfficeToTest, document: DocumentId, code: str) -> None:
    clerk = office.door("clerk")
    clerk.do(RecordStatus(clerk.put(f"status {code} {document}".encode()), now(office, document).exchange_id, "H99.07",
                          code, ""))


def test_a_recall_freezes_asks_every_recipient_and_keeps_its_own_data(office: OfficeToTest):
    document = issued(office, "V/v thu thuế", inside=(person(office, "officer_culture_society"),))
    sent(office, document)
    give(office, "clerk", AddRecipients, document, recipients=("H99.22",))      # its packet is still in the outbox
    with pytest.raises(FieldWrong):
        give(office, "chairman", RecallIssued, document, reason=" ")
    give(office, "chairman", RecallIssued, document, reason="Sai căn cứ pháp lý")
    at = now(office, document)
    assert at.state is State.RECALLED and at.frozen_at is not None
    items = [each for each in office.door("clerk").ask(Outbox()) if each.document == document]
    assert [(each.kind, each.recipient_code) for each in items] == [("recall", "H99.07")]    # the other got nothing
    packet = packet_for(office.door("clerk"), items[0])
    assert isinstance(packet, DocumentPacket)
    assert packet.business.operation.value == "revoke"
    assert packet.business.business_doc_reason == "Sai căn cứ pháp lý"
    assert packet.header.response_for[0].document_id == at.exchange_id
    (recall,) = page(office, document).recalls
    assert (recall.reason, recall.by_name) == ("Sai căn cứ pháp lý", office.door("chairman").me.name)
    assert page(office, document).inside[0].withdrawn_at is not None
    assert not [row for row in office.door("officer_culture_society").ask(WaitingForMe()).rows
                if row.document.id == document]
    with pytest.raises(NotNow):
        give(office, "clerk", AddRecipients, document, recipients=("H99.23",))
    reported(office, document, "15")                    # who has cancelled shows at the recipient
    states = {each.agency_code: (each.transport_state, each.status_code)
              for each in office.view("clerk", document).deliveries}
    assert states == {"H99.07": ("sent", "15"), "H99.22": ("withdrawn", None)}
    assert check_office(office.engine).whole


def test_a_packet_on_its_way_during_the_recall_is_recalled_too(sqlite_office: OfficeToTest):
    document = issued(sqlite_office, "V/v thu thuế")
    clerk = sqlite_office.door("clerk")
    (item,) = clerk.ask(Outbox())
    give(sqlite_office, "clerk", RecallIssued, document, reason="Sai")
    assert clerk.ask(Outbox()) == ()
    clerk.do(MarkSent(item.id))                         # the transport had it in hand already
    assert [(each.kind, each.recipient_code) for each in clerk.ask(Outbox())] == [("recall", "H99.07")]
    assert check_office(sqlite_office.engine).whole


def test_a_new_document_replaces_and_both_say_so(office: OfficeToTest):
    old = issued(office, "V/v lịch tiêm phòng")
    new = document_of(give(office, "officer_economy", ReplaceIssued, old, subject="V/v lịch tiêm phòng (sửa ngày)",
                           signer=office.person("chairman"), reason="Sai ngày"))
    assert "ReplaceIssued" not in offered(office, "officer_economy", old)       # one successor at a time
    assert now(office, old).state is State.ISSUED                               # until the new one is issued
    assert now(office, new).type_name == now(office, old).type_name             # of equal form
    new_file(office, "officer_economy", new)
    sealed(office, new)
    give(office, "clerk", IssueOutgoing, new)
    assert now(office, old).state is State.REPLACED
    assert {(link.kind, link.document) for link in office.view("clerk", old).links} == {("replaced_by", new)}
    assert {(link.kind, link.document) for link in office.view("clerk", new).links} == {("replaces", old)}
    (item,) = [each for each in office.door("clerk").ask(Outbox()) if each.document == new]
    packet = packet_for(office.door("clerk"), item)
    assert isinstance(packet, DocumentPacket) and packet.business.operation.value == "replace"
    assert packet.business.replacements[0].document_id == now(office, old).exchange_id
    assert check_office(office.engine).whole


def test_a_letter_corrects_and_the_document_stays_in_force(office: OfficeToTest):
    old = issued(office, "V/v tổ chức lễ hội", type_name="Quyết định")
    letter = document_of(give(office, "officer_economy", CorrectIssued, old, subject="Đính chính ngày ký",
                              signer=office.person("chairman")))
    assert now(office, letter).type_name == "Công văn"
    new_file(office, "officer_economy", letter)
    sealed(office, letter)
    give(office, "clerk", IssueOutgoing, letter)
    assert now(office, old).state is State.CORRECTED
    assert "AddRecipients" in offered(office, "clerk", old)
    assert {(link.kind, link.document) for link in office.view("clerk", old).links} == {("corrected_by", letter)}
    give(office, "clerk", RecallIssued, old, reason="Vẫn sai")
    assert now(office, old).state is State.RECALLED
    assert check_office(office.engine).whole


def test_those_inside_find_it_to_read(office: OfficeToTest):
    unit = office.door("head_economy").me.posts[0].unit
    document = issued(office, "V/v nghỉ lễ", recipients=(),
                      inside=(person(office, "officer_culture_society"), Handler("unit", unit)))
    for slug in ("officer_culture_society", "head_economy"):
        assert {row.kind for row in office.door(slug).ask(WaitingForMe()).rows if row.document.id == document} == {
            WaitKind.READ}
    give(office, "head_economy", ReadIssued, document)
    assert [(each.name != "", each.delivered_at is not None, each.read_by) for each in page(office, document).inside] \
        == [(True, True, ""), (True, True, office.door("head_economy").me.name)]
    with pytest.raises(NotYours):
        give(office, "head_economy", ReadIssued, document)
    with pytest.raises(FieldWrong):
        give(office, "clerk", AddRecipients, document, inside=(Handler("unit", unit),))     # has it already
    give(office, "clerk", AddRecipients, document, inside=(person(office, "vice_chairman"),))
    assert WaitKind.READ in {row.kind for row in office.door("vice_chairman").ask(WaitingForMe()).rows
                             if row.document.id == document}
    assert check_office(office.engine).whole


def test_a_second_answer_and_a_running_one_are_stopped_before_they_go_out(sqlite_office: OfficeToTest):
    office = sqlite_office
    first = issued(office, "V/v cấp giấy xác nhận")
    again = sealed(office, draft(office, "V/v cấp giấy xác nhận"))
    assert [each.kind.value for each in page(office, again).warnings] == ["sent_already"]
    assert "IssueOutgoing" not in offered(office, "clerk", again)
    with pytest.raises(NotYours):
        give(office, "clerk", IssueOutgoing, again)
    with pytest.raises(FieldWrong):
        give(office, "clerk", IssueAllTheSame, again, reason=" ")
    give(office, "clerk", IssueAllTheSame, again, reason="Bản đầu gửi nhầm phụ lục")
    assert now(office, again).state is State.ISSUED
    with pytest.raises(NotNow):
        give(office, "clerk", IssueAllTheSame, again, reason="lần nữa")
    sent(office, first)
    reported(office, first, "05")                       # a recipient works on it
    new = document_of(give(office, "officer_economy", ReplaceIssued, first, subject="V/v cấp giấy (thay)",
                           signer=office.person("chairman")))
    new_file(office, "officer_economy", new)
    sealed(office, new)
    (warning,) = page(office, new).warnings
    assert warning.kind.value == "replaces_running" and warning.about.startswith("Sở Nội vụ")
    assert "IssueOutgoing" not in offered(office, "clerk", new)


def test_not_everybody_recalls_replaces_or_sends_on(sqlite_office: OfficeToTest):
    document = issued(sqlite_office, "V/v tuyển sinh")
    for command, fields in ((RecallIssued, {"reason": "x"}), (AddRecipients, {"recipients": ("H99.22",)})):
        with pytest.raises(NotYours):
            give(sqlite_office, "officer_economy", command, document, **fields)
    with pytest.raises(NotYours):
        give(sqlite_office, "chairman", ReplaceIssued, document, subject="x", signer=sqlite_office.person("chairman"))
