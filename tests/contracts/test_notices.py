"""Notices and urging, over both databases: told with the act, told once, tunable, with proof of receipt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from docclient.office.checking import check_office
from docclient.office.commands.deadlines import ExtendDeadline
from docclient.office.commands.incoming import DirectIncoming
from docclient.office.commands.notices import ChooseNotices, ReadNotices, SeeNotices, TellDeadlines, Urge
from docclient.office.commands.outgoing import ReturnDraft
from docclient.office.deadline_notices import stage
from docclient.office.engine import OfficeEngine
from docclient.office.errors import FieldWrong, NotFound, NotYours
from docclient.office.model import DocumentId, Handler, today
from docclient.office.notices import ALWAYS, Manner, NoticeKind
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.notices import DeadlinesToTell, MyNoticeChoices, MyNotices, NoticeView, Urgings
from docclient.office.working_days import WorkingCalendar
from tests.offices import OfficeToTest

OFFICER, HEAD = "officer_economy", "head_economy"


def told(office: OfficeToTest, slug: str, *, unread: bool = False) -> tuple[NoticeView, ...]:
    return office.door(slug).ask(MyNotices(unread_only=unread)).rows


def directed(office: OfficeToTest, due: date | None, number: str = "1") -> DocumentId:
    view = office.registered(number)
    office.door("chairman").do(DirectIncoming(
        view.document.id, view.document.version, Handler("person", office.person(OFFICER)), words="Tham mưu",
        due_date=due))
    return view.document.id


def test_what_comes_is_told_to_whom_it_waits_for_and_not_to_who_acts(office: OfficeToTest):
    view = office.registered("1")
    assert [(each.kind, each.document, each.by_name) for each in told(office, "chairman")] == [
        (NoticeKind.NEW, view.document.id, office.door("clerk").me.name)]
    assert all(each.kind is not NoticeKind.NEW or each.by_name != office.door("clerk").me.name
               for each in told(office, "clerk"))
    assert told(office, OFFICER) == ()
    office.door("chairman").do(DirectIncoming(
        view.document.id, view.document.version, Handler("person", office.person(OFFICER))))
    (row,) = told(office, OFFICER)
    assert row.title == view.document.subject and row.number_and_symbol == view.document.number_and_symbol
    assert check_office(office.engine).whole


def test_a_draft_that_comes_back_is_told_as_returned(office: OfficeToTest):
    view = office.submitted("1")
    office.door(HEAD).do(ReturnDraft(view.document.id, view.document.version, "Bổ sung số liệu"))
    assert told(office, OFFICER)[0].kind is NoticeKind.RETURNED


@pytest.mark.parametrize(("due", "kind"), [
    ("2026-03-04", NoticeKind.OVERDUE), ("2026-03-05", NoticeKind.TOMORROW), ("2026-03-06", NoticeKind.TOMORROW),
    ("2026-03-07", NoticeKind.TOMORROW),       # a Saturday: nobody works on it
    ("2026-03-10", NoticeKind.SOON), ("2026-03-11", None),
    ("2026-02-23", NoticeKind.OVERDUE)])
def test_the_stages_count_working_days(due: str, kind: NoticeKind | None):
    assert stage(date.fromisoformat(due), date(2026, 3, 5), WorkingCalendar()) is kind


def test_deadlines_are_told_once_each_also_after_a_restart(office: OfficeToTest):
    calendar = WorkingCalendar()
    soon = directed(office, calendar.after(today(), 3))
    office.door(OFFICER).do(ReadNotices())
    assert office.door("clerk").ask(DeadlinesToTell()) >= 1
    office.door("clerk").do(TellDeadlines())
    office.door(OFFICER).do(TellDeadlines())
    assert [(each.kind, each.document, each.by_name) for each in told(office, OFFICER, unread=True)] == [
        (NoticeKind.SOON, soon, "")]
    again = OfficeEngine.open(office.place)
    try:
        again.enter(office.person("clerk")).do(TellDeadlines())
        assert again.enter(office.person("clerk")).ask(DeadlinesToTell()) == 0
    finally:
        again.close()
    assert len(told(office, OFFICER, unread=True)) == 1
    view = office.view("chairman", soon).document                   # a later date begins anew
    office.door("chairman").do(ExtendDeadline(soon, view.version, calendar.after(today(), 30), "Chờ"))
    assert office.door("clerk").ask(DeadlinesToTell()) == 0


def test_a_person_chooses_what_to_hear_but_not_to_miss_an_urging(office: OfficeToTest):
    officer = office.door(OFFICER)
    officer.do(ChooseNotices(NoticeKind.NEW, Manner.NEVER))
    officer.do(ChooseNotices(NoticeKind.URGED, Manner.QUIET))
    for kind in ALWAYS:
        with pytest.raises(FieldWrong):
            officer.do(ChooseNotices(kind, Manner.NEVER))
    document = directed(office, None)
    assert told(office, OFFICER) == ()
    version = office.view("chairman", document).document.version
    office.door("chairman").do(Urge(document, version, "Gấp"))
    shown = officer.ask(MyNotices())
    assert [each.kind for each in shown.rows] == [NoticeKind.URGED] and shown.unread == 0 and shown.untold == ()
    choices = {each.kind: each for each in officer.ask(MyNoticeChoices())}
    assert set(choices) == set(NoticeKind) and choices[NoticeKind.NEW].manner is Manner.NEVER
    officer.do(ChooseNotices(NoticeKind.URGED, Manner.TELL))
    assert officer.ask(MyNotices()).unread == 1


def test_what_was_seen_and_read_is_kept_and_only_ones_own(office: OfficeToTest):
    directed(office, None, "1")
    directed(office, None, "2")
    officer = office.door(OFFICER)
    first = officer.ask(MyNotices())
    assert first.unread == 2 and len(first.untold) == 2
    office.door(HEAD).do(ReadNotices(first.untold))                 # somebody else's: passed over
    office.door(HEAD).do(SeeNotices(first.untold))
    assert officer.ask(MyNotices()).untold == first.untold
    officer.do(SeeNotices(first.untold[:1]))
    assert officer.ask(MyNotices()).untold == first.untold[1:] and officer.ask(MyNotices()).unread == 2
    officer.do(ReadNotices(first.untold[:1]))
    assert officer.ask(MyNotices()).unread == 1
    officer.do(ReadNotices())
    assert officer.ask(MyNotices()).unread == 0
    page = officer.ask(MyNotices(limit=1))
    assert page.next and len(officer.ask(MyNotices(limit=1, after=page.next)).rows) == 1


def test_urging_is_counted_and_its_receipt_is_proved(office: OfficeToTest):
    document = directed(office, None)
    version = office.view("chairman", document).document.version
    chairman = office.door("chairman")
    assert "Urge" in {each.command for each in chairman.ask(OffersOn(document))}
    assert "Urge" not in {each.command for each in office.door(OFFICER).ask(OffersOn(document))}
    chairman.do(Urge(document, version, "Báo cáo trước 16 giờ"))
    chairman.do(Urge(document, version, "Lần hai", (office.person(OFFICER),)))
    with pytest.raises(FieldWrong):
        chairman.do(Urge(document, version, persons=(office.person(HEAD),)))
    with pytest.raises(NotYours):
        office.door(OFFICER).do(Urge(document, version))
    found = chairman.ask(Urgings(document))
    assert [(each.words, each.seen_at) for each in found.urgings] == [("Báo cáo trước 16 giờ", None), ("Lần hai", None)]
    assert [(each.person, each.urged) for each in found.waits_for] == [(office.person(OFFICER), 2)]
    officer = office.door(OFFICER)
    officer.do(SeeNotices(officer.ask(MyNotices()).untold))
    found = chairman.ask(Urgings(document))
    assert all(each.seen_at is not None and each.seen_at >= each.at for each in found.urgings)
    with pytest.raises(NotFound):
        office.door("administrator").ask(Urgings(document))
    assert office.view("chairman", document).document.version == version      # nothing became stale
    assert check_office(office.engine).whole


def test_an_overdue_document_is_told_to_its_handler_and_to_who_directed_it(office: OfficeToTest):
    document = directed(office, today() - timedelta(days=4))
    for slug in (OFFICER, "chairman"):
        office.door(slug).do(ReadNotices())
    office.door("administrator").do(TellDeadlines())
    for slug in (OFFICER, "chairman"):
        assert [(each.kind, each.document) for each in told(office, slug, unread=True)] == [
            (NoticeKind.OVERDUE, document)], slug
