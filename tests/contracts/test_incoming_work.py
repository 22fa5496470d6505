"""While and after the work: opinions, progress, ends and reopening, recall by the sender, the paper that follows."""

from __future__ import annotations

import pytest

from docclient.office.checking import check_office
from docclient.office.commands.closing import FinishWithoutAnswer, Reopen
from docclient.office.commands.incoming import AcceptWork, FinishIncoming, KeepForReference, MarkRead
from docclient.office.commands.recalling import HandOverPaper, MarkPaperReceived, MarkRecalled
from docclient.office.commands.remarks import AddRemark, NoteProgress
from docclient.office.errors import FieldWrong, NotFound, NotNow, NotYours
from docclient.office.model import DocumentId, PersonId, State, WaitKind
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.office import Outbox
from tests.contracts.test_incoming_levels import Case, directed, passed_on
from tests.offices import OfficeToTest


def test_opinions_are_a_thread_that_asks_and_answers(office: OfficeToTest):
    case = passed_on(office)
    with pytest.raises(NotFound):                           # a stranger to it
        case.do("officer_culture_society", lambda d, v: AddRemark(d, v, "Ý kiến"))
    case.do("officer_economy", lambda d, v: AddRemark(d, v, "Xin số liệu", office.person("officer_culture_society")))
    assert case.waits("officer_culture_society") == {WaitKind.READ}
    (asked,) = case.view.remarks
    case.do("officer_culture_society", lambda d, v: AddRemark(d, v, "Có 12 hộ", answers=asked.id))
    assert case.waits("officer_culture_society") == set()
    case.do("chairman", lambda d, v: AddRemark(d, v, "Nhanh lên"))
    assert [(each.by_name, each.asked_name, each.words, each.depth) for each in case.view.remarks] == [
        ("Chuyên viên Phòng Kinh tế", "Chuyên viên Phòng Văn hóa - Xã hội", "Xin số liệu", 0),
        ("Chuyên viên Phòng Văn hóa - Xã hội", "", "Có 12 hộ", 1), ("Chủ tịch UBND xã", "", "Nhanh lên", 0)]
    other = directed(office, "2")
    for wrong in (lambda d, v: AddRemark(d, v, " "), lambda d, v: AddRemark(d, v, "x", answers=asked.id),
                  lambda d, v: AddRemark(d, v, "x", office.person("administrator"))):
        with pytest.raises(FieldWrong):
            other.do("chairman", wrong)
    with pytest.raises(NotFound):                           # told by the office, and not by the database
        other.do("chairman", lambda d, v: AddRemark(d, v, "x", PersonId("nobody")))
    with pytest.raises(NotYours):
        other.do("clerk", lambda d, v: AddRemark(d, v, "Văn thư không xử lý"))
    assert check_office(office.engine).whole


def test_progress_in_words_or_per_cent_by_those_who_work_on_it(office: OfficeToTest):
    case = passed_on(office)
    case.do("officer_economy", lambda d, v: NoteProgress(d, v, "Đã có số liệu", 40))
    case.do("head_economy", lambda d, v: NoteProgress(d, v, percent=60))
    assert [(each.by_name, each.percent, each.words) for each in case.view.progress] == [
        ("Chuyên viên Phòng Kinh tế", 40, "Đã có số liệu"), ("Trưởng phòng Kinh tế", 60, "")]
    offer = next(each for each in office.door("officer_economy").ask(OffersOn(case.document))
                 if each.command == "NoteProgress")
    assert {each.name: each.default for each in offer.fields}["percent"] == 40
    for percent, words in ((101, ""), (-1, ""), (None, " ")):
        with pytest.raises(FieldWrong):
            case.do("officer_economy", lambda d, v, p=percent, w=words: NoteProgress(d, v, w, p))
    with pytest.raises(NotYours):
        case.do("chairman", lambda d, v: NoteProgress(d, v, "x"))


def test_an_end_without_an_answer_says_why_and_may_be_reopened(office: OfficeToTest):
    case = passed_on(office)
    with pytest.raises(FieldWrong):
        case.do("officer_economy", lambda d, v: FinishWithoutAnswer(d, v, ""))
    assert case.do("officer_economy", lambda d, v: FinishWithoutAnswer(d, v, "Đã trao đổi trực tiếp")) is State.FINISHED
    with pytest.raises(NotYours):
        case.do("clerk", lambda d, v: Reopen(d, v, "x"))
    with pytest.raises(FieldWrong):
        case.do("chairman", lambda d, v: Reopen(d, v, " "))
    assert case.do("chairman", lambda d, v: Reopen(d, v, "Còn thiếu báo cáo")) is State.IN_WORK
    assert (case.waits("officer_economy"), case.waits("head_economy")) == ({WaitKind.HANDLE}, {WaitKind.FOLLOW})
    (closing,) = case.view.closings
    assert (closing.kind, closing.words, closing.reopened_why) == (
        "without_answer", "Đã trao đổi trực tiếp", "Còn thiếu báo cáo")
    (finish,) = (each for each in office.door("officer_economy").ask(OffersOn(case.document))
                 if each.command == "FinishIncoming")
    assert finish.fields[0].required                        # nothing was answered: the form asks before the office does
    case.do("officer_economy", lambda d, v: FinishIncoming(d, v, "Đã gửi báo cáo"))
    case.do("officer_economy", lambda d, v: Reopen(d, v, "Gửi nhầm"))      # whoever led may go on too
    codes = [each.status_code for each in office.door("clerk").ask(Outbox())]
    assert codes == ["01", "03", "04", "06"]
    assert check_office(office.engine).whole


def test_whoever_is_to_be_informed_still_is_after_the_end(office: OfficeToTest):
    case = directed(office, informed=(Case(office, DocumentId("")).who("vice_chairman"),))
    case.do("head_economy", lambda d, v: FinishIncoming(d, v, "Xong"))
    assert case.waits("vice_chairman") == {WaitKind.READ}
    case.do("vice_chairman", MarkRead)
    assert case.waits("vice_chairman") == set()


def test_kept_for_reference_by_a_handler_says_why_and_goes_on_when_reopened(office: OfficeToTest):
    case = directed(office)
    with pytest.raises(FieldWrong):
        case.do("head_economy", KeepForReference)
    assert case.do("head_economy", lambda d, v: KeepForReference(d, v, "Chỉ để biết")) is State.KEPT
    assert case.do("head_economy", lambda d, v: Reopen(d, v, "Cần trả lời")) is State.IN_WORK

    undirected = Case(office, office.registered("2").document.id)
    assert undirected.do("chairman", KeepForReference) is State.KEPT
    assert undirected.do("vice_chairman", lambda d, v: Reopen(d, v, "Cần làm")) is State.WAITING_DIRECTION
    assert undirected.waits("vice_chairman") == {WaitKind.DIRECT}


def test_a_recall_freezes_the_document_and_keeps_its_own_data(office: OfficeToTest):
    case = passed_on(office)
    case.do("officer_economy", AcceptWork)
    clerk = office.door("clerk")
    packet = clerk.put(b"<recall/>")
    with pytest.raises(NotYours):
        case.do("chairman", lambda d, v: MarkRecalled(d, v, "x"))
    with pytest.raises(FieldWrong):
        case.do("clerk", lambda d, v: MarkRecalled(d, v, " "))
    before = office.view("clerk", case.document).document
    clerk.do(MarkRecalled(case.document, before.version, "Ban hành nhầm", "15/SNV-VP", packet=packet))
    assert case.state is State.RECALLED
    recall, document = case.view.recall, office.view("clerk", case.document).document
    assert recall is not None and (recall.reason, recall.notice, recall.state_before) == (
        "Ban hành nhầm", "15/SNV-VP", State.IN_WORK)
    assert document.frozen_at is not None and document.arrival_number == before.arrival_number
    assert case.waits("officer_economy") == case.waits("head_economy") == set()
    assert case.view.levels[0].steps[0].by_name == "Chủ tịch UBND xã"     # the handling before stays to be read
    for slug in ("officer_economy", "head_economy", "chairman", "clerk"):
        version = document.version
        for command in (FinishIncoming(case.document, version, "x"), AddRemark(case.document, version, "x"),
                        Reopen(case.document, version, "x"), MarkRecalled(case.document, version, "x")):
            with pytest.raises((NotNow, NotYours)):
                office.door(slug).do(command)
    assert check_office(office.engine).whole


def test_the_paper_that_follows_goes_to_the_lead(office: OfficeToTest):
    case = passed_on(office)
    offer = next(each for each in office.door("clerk").ask(OffersOn(case.document))
                 if each.command == "MarkPaperReceived")
    assert {each.name: each.default for each in offer.fields}["handed_to"] == office.person("officer_economy")
    case.do("clerk", MarkPaperReceived)
    assert case.view.paper is not None and case.view.paper.handed_to_name == ""
    assert "MarkPaperReceived" not in case.offered("clerk")
    with pytest.raises(FieldWrong):
        case.do("clerk", lambda d, v: HandOverPaper(d, v, office.person("administrator")))
    case.do("clerk", lambda d, v: HandOverPaper(d, v, office.person("officer_economy")))
    assert case.view.paper.handed_to_name == "Chuyên viên Phòng Kinh tế" and case.view.paper.handed_at is not None
    assert "HandOverPaper" not in case.offered("clerk")
    assert check_office(office.engine).whole
