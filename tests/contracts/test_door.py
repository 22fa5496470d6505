"""What every engine promises at the door: once per key, versions, roles, news, bytes."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from docclient.office.commands.incoming import (
    AcceptWork,
    DirectIncoming,
    FinishIncoming,
    KeepForReference,
    MarkRead,
    PresentIncoming,
    ReturnIncoming,
)
from docclient.office.commands.outgoing import CancelDraft, ReturnDraft, SignOutgoing, StartDraft, SubmitDraft
from docclient.office.door import Act, Command, Office, Receipt
from docclient.office.errors import (
    BlobChanged,
    FieldWrong,
    KeyReused,
    NotFound,
    NotNow,
    NotYours,
    OriginalChanged,
    SignatureMissing,
    StaleDocument,
)
from docclient.office.model import Digest, Flow, Handler, State, WaitKind
from docclient.office.queries.document_page import DocumentPage, OffersOn
from docclient.office.queries.documents import ListDocuments, SigningQueue, WaitingForMe
from docclient.office.queries.office import JournalHead, Outbox, RegisterPage, Registers
from tests.offices import OfficeToTest, registration


def commands(offers) -> list[str]:
    return [each.command for each in offers]


def test_the_same_key_takes_effect_once(office: OfficeToTest):
    view = office.received()
    clerk = office.door("clerk")
    command = registration(view, office.person("chairman"))
    first = clerk.do(command, key="k1")
    assert clerk.do(command, key="k1") == first
    assert office.door("clerk").do(command, key="k1") == first
    (register,) = [each for each in clerk.ask(Registers()) if each.kind == "incoming"]
    assert register.last_number == 1


def test_a_key_with_another_command_is_refused(office: OfficeToTest):
    clerk = office.door("clerk")
    view = office.received()
    clerk.do(registration(view, None), key="k1")
    with pytest.raises(KeyReused):
        clerk.do(ReturnIncoming(view.document.id, view.document.version, "sai địa chỉ"), key="k1")


def test_the_second_writer_is_told(office: OfficeToTest):
    view = office.registered()
    lead = Handler("person", office.person("officer_economy"))
    with pytest.raises(StaleDocument):
        office.door("chairman").do(DirectIncoming(view.document.id, view.document.version - 1, lead))
    assert office.view("chairman", view.document.id).document.state is State.WAITING_DIRECTION


def test_what_the_rules_refuse_leaves_no_trace(office: OfficeToTest):
    view = office.received()
    before = office.door("clerk").ask(JournalHead())
    with pytest.raises(FieldWrong):
        office.door("clerk").do(ReturnIncoming(view.document.id, view.document.version, "  "))
    with pytest.raises(NotYours):
        office.door("chairman").do(registration(view, None))
    with pytest.raises(NotNow):
        office.door("clerk").do(PresentIncoming(view.document.id, view.document.version, office.person("chairman")))
    assert office.door("clerk").ask(JournalHead()) == before
    assert office.view("clerk", view.document.id).document == view.document


def test_a_stranger_does_not_even_learn_that_it_exists(office: OfficeToTest):
    view = office.directed()
    stranger = office.door("officer_culture_society")
    with pytest.raises(NotFound):
        stranger.ask(DocumentPage(view.document.id))
    with pytest.raises(NotFound):
        stranger.do(AcceptWork(view.document.id, view.document.version))
    main = view.main_file()
    assert main is not None
    with pytest.raises(NotFound):
        stranger.read(main.current.digest)
    assert stranger.ask(ListDocuments(Flow.INCOMING)).rows == ()
    assert office.door("administrator").ask(ListDocuments(Flow.INCOMING)).rows == ()
    with pytest.raises(NotYours):
        stranger.ask(Outbox())
    (register, *_) = stranger.ask(Registers())
    with pytest.raises(NotYours):
        stranger.ask(RegisterPage(register.id))


def test_numbers_run_without_gap_even_when_twenty_register_at_once(office: OfficeToTest):
    views = [office.received(str(number)) for number in range(20)]
    door = office.door("clerk")

    def enter(view) -> int:
        number = door.do(registration(view, None)).number
        assert number is not None
        return int(number)

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(enter, views))
    assert sorted(numbers) == list(range(1, 21))


def test_twenty_commands_of_three_kinds_at_once_leave_one_order(office: OfficeToTest):
    """Registering, directing and returning, all at the same moment: numbers rise with the entries, none is missing."""
    arrived = [office.received(str(number)) for number in range(10)]
    presented = [office.registered(str(number)) for number in range(10, 15)]
    refused = [office.received(str(number)) for number in range(15, 20)]
    clerk, leader, officer = office.door("clerk"), office.door("chairman"), office.person("officer_economy")
    before = int(presented[-1].document.arrival_number or 0)
    gate = threading.Barrier(20)

    def give(door: Office, command: Command) -> Receipt:
        gate.wait()
        return door.do(command)

    with ThreadPoolExecutor(20) as pool:
        given = [pool.submit(give, clerk, registration(view, None)) for view in arrived]
        given += [pool.submit(give, leader, DirectIncoming(
        view.document.id, view.document.version, Handler("person", officer)))
                  for view in presented]
        given += [pool.submit(give, clerk, ReturnIncoming(
        view.document.id, view.document.version, "Gửi nhầm nơi nhận"))
                  for view in refused]
        receipts = sorted((each.result() for each in given), key=lambda receipt: receipt.entry)
    assert [receipt.entry for receipt in receipts] == list(range(receipts[0].entry, receipts[0].entry + 20))
    numbers = [int(receipt.number) for receipt in receipts if receipt.number is not None]
    assert numbers == list(range(before + 1, before + 11))


def test_a_year_begins_at_one_again(office: OfficeToTest, monkeypatch: pytest.MonkeyPatch):
    from datetime import date

    from docclient.office.commands import incoming

    numbers = []
    for day in (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 1)):
        monkeypatch.setattr(incoming, "today", lambda day=day: day)
        view = office.received(day.isoformat() + str(len(numbers)))
        numbers.append(office.door("clerk").do(registration(view, None)).number)
    assert numbers[1] == str(int(numbers[0] or 0) + 1)
    assert numbers[2] == "1"


def test_the_same_packet_twice_is_one_document(office: OfficeToTest):
    first = office.received("77")
    again = office.received("77")      # another envelope, the same document of the same sender
    assert again.document.id == first.document.id


def test_other_files_under_a_known_identifier_wait_for_the_clerk(office: OfficeToTest, tmp_path: Path):
    first = office.received("77")
    other = office.received("77", file=office.material.letter("Nội dung khác.", tmp_path / "other.pdf"))
    assert other.document.id != first.document.id
    assert [(each.kind, each.document) for each in other.links] == [("same_identifier", first.document.id)]
    assert "RegisterIncoming" in commands(other.offers)


def test_what_was_returned_may_come_again(office: OfficeToTest):
    first = office.received("77")
    office.door("clerk").do(ReturnIncoming(first.document.id, first.document.version, "Thiếu chữ ký"))
    again = office.received("77")
    assert again.document.id != first.document.id
    assert again.document.state is State.WAITING_RECEIPT


def test_returned_to_the_sender_with_a_reason(office: OfficeToTest):
    view = office.received()
    clerk = office.door("clerk")
    clerk.do(ReturnIncoming(view.document.id, view.document.version, "Gửi nhầm địa chỉ"))
    found = office.view("clerk", view.document.id)
    assert found.document.state is State.RETURNED
    assert commands(found.offers) == ["GrantRight", "WithdrawRight"]      # nothing more can be done with it
    assert [(each.status_code, each.description) for each in clerk.ask(Outbox())][-1] == ("02", "Gửi nhầm địa chỉ")
    assert found.timeline[-1].words == "Gửi nhầm địa chỉ"


def test_directed_to_lead_helpers_and_informed(office: OfficeToTest):
    view = office.registered()
    economy = office.view("clerk", view.document.id)
    offered = commands(office.door("chairman").ask(OffersOn(economy.document.id)))
    assert offered[0] == "DirectIncoming" and "KeepForReference" in offered
    units = {each.unit_name: each.unit for each in office.door("clerk").me.posts}
    assert units
    head = office.door("head_economy").me
    office.door("chairman").do(DirectIncoming(
        view.document.id, view.document.version, Handler("unit", head.posts[0].unit),
        helping=(Handler("person", office.person("officer_economy")),),
        informed=(Handler("person", office.person("officer_culture_society")),), words="Xử lý trong tuần"))
    found = office.view("head_economy", view.document.id)
    assert [(each.role.value, each.name) for each in found.handlers] == [
        ("lead", "Trưởng phòng Kinh tế"), ("helping", "Chuyên viên Phòng Kinh tế"),
        ("informed", "Chuyên viên Phòng Văn hóa - Xã hội")]
    assert found.directions[0].words == "Xử lý trong tuần"
    waits = {slug: [each.kind for each in office.door(slug).ask(WaitingForMe()).rows]
             for slug in ("head_economy", "officer_economy", "officer_culture_society", "chairman")}
    assert waits == {"head_economy": [WaitKind.HANDLE], "officer_economy": [WaitKind.HELP],
                     "officer_culture_society": [WaitKind.READ], "chairman": []}
    informed = office.door("officer_culture_society")
    informed.do(MarkRead(found.document.id, found.document.version))
    assert informed.ask(WaitingForMe()).rows == ()


def test_somebody_named_twice_is_refused(office: OfficeToTest):
    view = office.registered()
    lead = Handler("person", office.person("officer_economy"))
    with pytest.raises(FieldWrong):
        office.door("chairman").do(DirectIncoming(view.document.id, view.document.version, lead, helping=(lead,)))


def test_kept_for_reference_ends_it(office: OfficeToTest):
    view = office.registered()
    office.door("chairman").do(KeepForReference(view.document.id, view.document.version))
    assert office.view("clerk", view.document.id).document.state is State.KEPT


def test_finishing_without_an_answer_needs_a_result(office: OfficeToTest):
    view = office.directed()
    officer = office.door("officer_economy")
    with pytest.raises(FieldWrong):
        officer.do(FinishIncoming(view.document.id, view.document.version))
    officer.do(FinishIncoming(view.document.id, view.document.version, "Đã trả lời bằng điện thoại"))
    assert office.view("clerk", view.document.id).document.state is State.FINISHED


@pytest.mark.parametrize("step", ["content", "format", "signature"])
def test_each_check_can_send_a_draft_back(sqlite_office: OfficeToTest, step: str):
    office = sqlite_office
    view = office.drafted()
    identity, version = view.document.id, view.document.version
    from docclient.office.commands.outgoing import ApproveContent, ApproveFormat

    office.door("officer_economy").do(SubmitDraft(identity, version))
    if step != "content":
        office.door("head_economy").do(ApproveContent(identity, version + 1))
    if step == "signature":
        office.door("chief_of_office").do(ApproveFormat(identity, version + 2))
    who = {"content": "head_economy", "format": "chief_of_office", "signature": "chairman"}[step]
    seen = office.view(who, identity)
    assert "ReturnDraft" in commands(seen.offers)
    office.door(who).do(ReturnDraft(identity, seen.document.version, "Sửa lại phần kết quả"))
    again = office.view("officer_economy", identity)
    assert again.document.state is State.DRAFT
    assert again.timeline[-1].words == "Sửa lại phần kết quả"
    assert "SubmitDraft" in commands(again.offers)
    assert office.door("chairman").ask(SigningQueue()) == ()


def test_a_draft_can_be_given_up(sqlite_office: OfficeToTest):
    view = sqlite_office.drafted()
    sqlite_office.door("officer_economy").do(CancelDraft(view.document.id, view.document.version))
    assert sqlite_office.view("officer_economy", view.document.id).document.state is State.CANCELLED


def test_a_draft_needs_recipients_and_a_known_type(office: OfficeToTest):
    officer = office.door("officer_economy")
    signer = office.person("chairman")
    for command in (StartDraft("Công văn", "V/v thử", signer, ()), StartDraft("Sắc lệnh", "V/v thử", signer, ("H99",)),
                    StartDraft("Công văn", "", signer, ("H99",)), StartDraft("Công văn", "V/v thử", signer, ("X1",))):
        with pytest.raises(FieldWrong):
            officer.do(command)
    receipt = officer.do(StartDraft("Quyết định", "Thử nghiệm", signer, ("H99",)))
    assert receipt.document is not None
    assert office.view("officer_economy", receipt.document).document.code_notation == "QĐ-UBND"


def test_a_file_that_is_not_the_queued_one_signed_is_refused(office: OfficeToTest):
    view = office.queued()
    chairman = office.door("chairman")
    main = view.main_file()
    assert main is not None
    with office.material.draft.open("rb") as other:
        foreign = chairman.put(other)
    with pytest.raises(OriginalChanged):
        chairman.do(SignOutgoing(view.document.id, view.document.version, main.current.digest, foreign))
    with chairman.read(main.current.digest) as stream:
        unsigned = chairman.put(stream.read() + b"\n% nothing was signed\n")
    with pytest.raises(SignatureMissing):
        chairman.do(SignOutgoing(view.document.id, view.document.version, main.current.digest, unsigned))
    assert office.view("chairman", view.document.id).document.state is State.WAITING_SIGNATURE


def test_the_offers_of_the_signer_and_the_clerk(office: OfficeToTest):
    view = office.queued()
    assert [(each.command, each.act, each.negative) for each in view.offers] == [
        ("SignOutgoing", Act.SIGN, False), ("AskOpinions", Act.FORM, False), ("GiveTaskOn", Act.FORM, False),
        ("ReturnDraft", Act.FORM, True), ("RefuseDraft", Act.FORM, True), ("GrantRight", Act.FORM, False),
        ("WithdrawRight", Act.FORM, True), ("FreezeDocument", Act.FORM, True)]
    assert view.offers[0].fields == ()
    assert commands(office.view("clerk", view.document.id).offers) == ["Urge", "GrantRight", "WithdrawRight"]


def test_news_come_in_order(office: OfficeToTest):
    clerk = office.door("clerk")
    start = clerk.ask(JournalHead()).entries
    view = office.registered()
    news = clerk.changes(start)
    assert [each.command for each in news] == ["ReceivePacket", "RegisterIncoming"]
    assert [each.entry for each in news] == [start + 1, start + 2]
    assert news[-1].document == view.document.id
    assert clerk.changes(start + 2) == ()


def test_bytes_come_back_and_are_checked(office: OfficeToTest):
    clerk = office.door("clerk")
    digest = clerk.put(io.BytesIO(b"content"))
    with clerk.read(digest) as stream:
        assert stream.read() == b"content"
    with pytest.raises(NotFound):
        office.door("chairman").read(digest)      # put by another, named by no document
    office.engine.blobs.path(digest).write_bytes(b"Content")
    with pytest.raises(BlobChanged):
        clerk.read(digest)
    with pytest.raises(NotFound):
        clerk.read(Digest("0" * 64))


def test_search_without_marks(office: OfficeToTest):
    view = office.registered("4321")
    clerk = office.door("clerk")
    for words in ("bao cao cong tac", "BÁO CÁO", "4321/snv", "so noi vu"):
        assert [row.id for row in clerk.ask(ListDocuments(Flow.INCOMING, words)).rows] == [view.document.id], words
    assert clerk.ask(ListDocuments(Flow.INCOMING, "khong co")).rows == ()
    assert clerk.ask(ListDocuments(Flow.INCOMING, "100%")).rows == ()


def test_lists_go_on_where_they_ended(office: OfficeToTest):
    made = [office.received(str(number)).document.id for number in range(5)]
    clerk = office.door("clerk")
    first = clerk.ask(ListDocuments(Flow.INCOMING, limit=3))
    rest = clerk.ask(ListDocuments(Flow.INCOMING, limit=3, after=first.next))
    assert [row.id for row in first.rows + rest.rows] == made[::-1]
    assert rest.next is None



def test_a_transaction_that_fails_leaves_everything_as_it_was(office: OfficeToTest, monkeypatch: pytest.MonkeyPatch):
    from docclient.office import engine

    view = office.received()
    head = office.door("clerk").ask(JournalHead())

    def fails(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(engine, "append", fails)
        with pytest.raises(OSError, match="power cut"):
            office.door("clerk").do(registration(view, None))
    assert office.door("clerk").ask(JournalHead()) == head
    assert office.view("clerk", view.document.id).document == view.document
    with office.engine.reading() as work:
        assert work.connection.scalar(text("SELECT last_number FROM register WHERE kind = 'incoming'")) == 0
