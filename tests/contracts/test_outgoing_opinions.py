"""Opinions on a draft, in turn and side by side: who answered, who is awaited, and how it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from docclient.office.checking import check_office
from docclient.office.commands.opinions import AskOpinions, EndOpinions, GiveOpinion, OpinionVerdict
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, SubmitDraft
from docclient.office.door import NeededWith
from docclient.office.errors import FieldWrong, NotNow, NotYours
from docclient.office.model import DocumentId, FileKind, Handler, WaitKind, today
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.documents import SigningQueue, WaitingForMe
from tests.drafts import draft, give, new_file, now, offered, page, person, small_pdf, to_signer
from tests.offices import OfficeToTest

MOVES = {"SubmitDraft", "PutDraftFile", "EditDraft", "CancelDraft", "AskOpinions", "PassDraft", "ApproveContent",
         "ApproveFormat", "SignOutgoing", "ReturnDraft", "TakeBackDraft", "TakeOverDraft"}


def waits(office: OfficeToTest, slug: str, document: DocumentId) -> set[WaitKind]:
    return {row.kind for row in office.door(slug).ask(WaitingForMe()).rows if row.document.id == document}


def test_side_by_side_goes_on_when_all_have_answered(office: OfficeToTest):
    document = draft(office)
    give(office, "officer_economy", AskOpinions, document, question="Số liệu đã đúng chưa?",
         due_date=today() + timedelta(days=3),
         advisers=(person(office, "officer_culture_society"), person(office, "chief_of_office")))
    for slug in ("officer_culture_society", "chief_of_office"):
        assert waits(office, slug, document) == {WaitKind.OPINION}
    assert waits(office, "officer_economy", document) == set()
    assert not MOVES & offered(office, "officer_economy", document)         # it stands still while it is asked about
    door = office.door("officer_culture_society")
    shown = door.put(small_pdf())
    door.do(GiveOpinion(document, now(office, document).version, OpinionVerdict.WITH_REMARKS, "Bổ sung biểu 2", shown,
                        "gop-y.pdf"))
    (asked,) = page(office, document).rounds
    assert [(each.verdict, each.awaited, each.words) for each in asked.opinions] == [
        ("with_remarks", False, "Bổ sung biểu 2"), (None, True, "")]
    assert asked.opinions[0].on_present_text and asked.opinions[0].file is not None
    with pytest.raises(NotYours):
        give(office, "officer_culture_society", GiveOpinion, document, verdict=OpinionVerdict.AGREE)
    with pytest.raises(FieldWrong):
        give(office, "chief_of_office", GiveOpinion, document, verdict=OpinionVerdict.DISAGREE)
    give(office, "chief_of_office", GiveOpinion, document, verdict=OpinionVerdict.DISAGREE, opinion="Chưa đủ căn cứ")
    assert page(office, document).rounds[0].closed_at is not None
    assert waits(office, "officer_economy", document) == {WaitKind.DRAFT}
    new_file(office, "officer_economy", document)
    assert not page(office, document).rounds[0].opinions[0].on_present_text
    kinds = {file.kind for file in office.view("officer_economy", document).files}
    assert FileKind.OPINION in kinds
    give(office, "officer_economy", SubmitDraft, document)
    assert check_office(office.engine).whole


def test_the_form_says_when_an_opinion_needs_words(office: OfficeToTest):
    document = draft(office)
    give(office, "officer_economy", AskOpinions, document, advisers=(person(office, "officer_culture_society"),))
    (offer,) = [each for each in office.door("officer_culture_society").ask(OffersOn(document))
                if each.command == "GiveOpinion"]
    needed = {each.name: each.needed_with for each in offer.fields if each.needed_with is not None}
    assert needed == {"opinion": NeededWith("verdict", ("with_remarks", "disagree"))}
    for verdict in OpinionVerdict:              # as the office itself has it
        if verdict in needed["opinion"].values:
            with pytest.raises(FieldWrong):
                give(office, "officer_culture_society", GiveOpinion, document, verdict=verdict)
    give(office, "officer_culture_society", GiveOpinion, document, verdict=OpinionVerdict.AGREE)


def test_in_turn_each_is_awaited_after_the_one_before(office: OfficeToTest):
    document = draft(office)
    give(office, "officer_economy", AskOpinions, document, in_turn=True,
         advisers=(person(office, "chief_of_office"), person(office, "officer_culture_society")))
    assert waits(office, "chief_of_office", document) == {WaitKind.OPINION}
    assert waits(office, "officer_culture_society", document) == set()
    assert "GiveOpinion" not in offered(office, "chairman", document)
    give(office, "chief_of_office", GiveOpinion, document, verdict=OpinionVerdict.AGREE)
    assert waits(office, "officer_culture_society", document) == {WaitKind.OPINION}
    assert [each.awaited for each in page(office, document).rounds[0].opinions] == [False, True]
    give(office, "officer_culture_society", GiveOpinion, document, verdict=OpinionVerdict.AGREE)
    assert waits(office, "officer_economy", document) == {WaitKind.DRAFT}
    assert check_office(office.engine).whole


def test_whoever_asked_may_end_it_and_each_checker_may_ask(office: OfficeToTest):
    document = draft(office)
    give(office, "officer_economy", SubmitDraft, document)
    give(office, "head_economy", AskOpinions, document, advisers=(person(office, "officer_culture_society"),))
    assert waits(office, "head_economy", document) == set()
    assert not MOVES & offered(office, "head_economy", document)
    give(office, "head_economy", EndOpinions, document)
    assert waits(office, "head_economy", document) == {WaitKind.CHECK_CONTENT}
    assert waits(office, "officer_culture_society", document) == set()
    give(office, "head_economy", ApproveContent, document)
    give(office, "chief_of_office", ApproveFormat, document)
    give(office, "chairman", AskOpinions, document, advisers=(person(office, "vice_chairman"),))
    assert office.door("chairman").ask(SigningQueue()) == ()                # not signed while an opinion is awaited
    give(office, "vice_chairman", GiveOpinion, document, verdict=OpinionVerdict.AGREE)
    assert [each.document.id for each in office.door("chairman").ask(SigningQueue())] == [document]
    assert check_office(office.engine).whole


def test_somebody_else_must_be_asked_and_not_for_yesterday(office: OfficeToTest):
    document = draft(office)
    for wrong in ({"advisers": (person(office, "officer_economy"),)}, {"advisers": ()},
                  {"advisers": (person(office, "chief_of_office"),), "due_date": today() - timedelta(days=1)}):
        with pytest.raises(FieldWrong):
            give(office, "officer_economy", AskOpinions, document, **wrong)
    unit = office.door("head_economy").me.posts[0].unit
    give(office, "officer_economy", AskOpinions, document, advisers=(Handler("unit", unit),))
    assert waits(office, "head_economy", document) == {WaitKind.OPINION}    # a unit answers by its head
    to_sign = draft(office)
    to_signer(office, to_sign)
    with pytest.raises((NotYours, NotNow)):
        give(office, "officer_economy", AskOpinions, to_sign, advisers=(person(office, "chief_of_office"),))
