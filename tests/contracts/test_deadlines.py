"""Deadlines in working days, the office's own calendar, extensions: on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from docclient.errors import Trouble
from docclient.office.checking import check_office
from docclient.office.commands.deadlines import ExtendDeadline, ForgetCalendarDays, SetCalendarDays
from docclient.office.deadlines import Standing, Timeliness
from docclient.office.errors import FieldWrong, NotNow, NotYours
from docclient.office.model import Flow, State, today
from docclient.office.queries.calendar import CalendarOf
from docclient.office.queries.documents import ListDocuments, WaitingForMe
from docclient.office.working_days import CalendarDay, DayKind, WorkingCalendar
from tests.offices import OfficeToTest

COUNTRY = WorkingCalendar()


@pytest.mark.parametrize(("due", "day", "timeliness", "left"), [
    ("2026-03-04", "2026-03-05", Timeliness.OVERDUE, -1), ("2026-03-05", "2026-03-05", Timeliness.SOON, 0),
    ("2026-03-10", "2026-03-05", Timeliness.SOON, 3),        # Thursday to Tuesday: a weekend between
    ("2026-03-11", "2026-03-05", Timeliness.WITHIN, 4),
    ("2026-02-23", "2026-02-13", Timeliness.SOON, 1),        # Tết between
    ("2026-02-13", "2026-02-21", Timeliness.OVERDUE, 0),     # nobody has worked since
])
def test_a_deadline_stands_in_working_days(due: str, day: str, timeliness: Timeliness, left: int):
    standing = Standing.of(State.IN_WORK, date.fromisoformat(due), date.fromisoformat(day), COUNTRY)
    assert standing == Standing(timeliness, left)


def test_what_has_ended_or_has_no_deadline_stands_nowhere():
    day = date(2026, 3, 5)
    assert Standing.of(State.FINISHED, day, day, COUNTRY) == Standing(Timeliness.NONE, None)
    assert Standing.of(State.IN_WORK, None, day, COUNTRY) == Standing(Timeliness.NONE, None)


def test_the_office_sets_its_own_days_and_takes_them_back(office: OfficeToTest):
    administrator = office.door("administrator")
    swapped = (CalendarDay(date(2027, 4, 30), DayKind.SWAP_WORK, "Làm bù", "QĐ 1/2027"),
               CalendarDay(date(2027, 5, 4), DayKind.CLOSED))
    administrator.do(SetCalendarDays(swapped))
    set_days = {each.day: each for each in office.door("clerk").ask(CalendarOf(2027))}
    assert set_days[date(2027, 4, 30)] == swapped[0] and set_days[date(2027, 5, 4)] == swapped[1]
    assert set_days[date(2027, 9, 2)].kind is DayKind.HOLIDAY
    administrator.do(SetCalendarDays((CalendarDay(date(2027, 5, 4), DayKind.SWAP_OFF),)))     # set anew
    administrator.do(ForgetCalendarDays((date(2027, 4, 30),)))
    set_days = {each.day: each for each in office.door("clerk").ask(CalendarOf(2027))}
    assert set_days[date(2027, 4, 30)].kind is DayKind.HOLIDAY
    assert set_days[date(2027, 5, 4)].kind is DayKind.SWAP_OFF


def test_only_whole_and_single_days_are_set_and_only_by_the_administrator(office: OfficeToTest):
    day = CalendarDay(date(2027, 5, 4), DayKind.CLOSED)
    for days in ((), (day, day)):
        with pytest.raises(FieldWrong):
            office.door("administrator").do(SetCalendarDays(days))
    with pytest.raises(FieldWrong):
        office.door("administrator").do(ForgetCalendarDays(()))
    for command in (SetCalendarDays((day,)), ForgetCalendarDays((day.day,))):
        with pytest.raises(NotYours):
            office.door("clerk").do(command)


def test_lists_and_pages_follow_the_offices_calendar(office: OfficeToTest):
    due = COUNTRY.after(today(), 2)
    document = extended(office, "1", due)
    closed = [today() + timedelta(days=n) for n in range(1, (due - today()).days + 1)]
    office.door("administrator").do(SetCalendarDays(tuple(CalendarDay(day, DayKind.CLOSED) for day in closed)))
    view = office.view("chairman", document)
    assert view.standing == Standing(Timeliness.SOON, 0)
    rows = office.door("chairman").ask(ListDocuments(Flow.INCOMING)).rows
    assert next(row for row in rows if row.id == document).standing == view.standing


def extended(office: OfficeToTest, number: str, due: date) -> str:
    view = office.directed(number)
    if view.document.due_date is not None and view.document.due_date >= due:
        due = view.document.due_date + timedelta(days=1)
    office.door("chairman").do(ExtendDeadline(view.document.id, view.document.version, due, "Chờ ý kiến cấp trên"))
    return view.document.id


def test_an_extension_keeps_the_date_before_it_with_who_and_why(office: OfficeToTest):
    first = office.directed("1").document
    later = (first.due_date or today()) + timedelta(days=5)
    office.door("chairman").do(ExtendDeadline(first.id, first.version, later, "Chờ ý kiến cấp trên"))
    latest = later + timedelta(days=5)
    office.door("chairman").do(ExtendDeadline(first.id, first.version + 1, latest, "Thêm số liệu"))
    view = office.view("officer_economy", first.id)
    assert [(each.previous, each.due_date, each.reason) for each in view.deadline_changes] == [
        (first.due_date, later, "Chờ ý kiến cấp trên"), (later, latest, "Thêm số liệu")]
    assert view.document.due_date == latest
    assert view.timeline[-1].words == "Thêm số liệu"
    assert check_office(office.engine).whole


def test_what_waits_moves_down_the_list_when_its_deadline_moves(office: OfficeToTest):
    first, second = (office.directed(number).document for number in "12")
    start = max(first.due_date or today(), second.due_date or today(), today())
    for moved, days, order in ((first, 5, (first, second)), (second, 9, (first, second)), (first, 14, (second, first))):
        version = office.view("chairman", moved.id).document.version
        office.door("chairman").do(ExtendDeadline(moved.id, version, start + timedelta(days), "Chờ ý kiến cấp trên"))
        rows = office.door("officer_economy").ask(WaitingForMe()).rows
        assert days == 5 or [row.document.id for row in rows] == [each.id for each in order]
    assert check_office(office.engine).whole


def test_an_extension_needs_a_later_date_a_reason_and_whoever_directed(office: OfficeToTest):
    view = office.directed("1").document
    later = (view.due_date or today()) + timedelta(days=5)
    refused: list[tuple[str, ExtendDeadline, type[Trouble]]] = [
        ("chairman", ExtendDeadline(view.id, view.version, later, " "), FieldWrong),
        ("chairman", ExtendDeadline(view.id, view.version, view.due_date or today() - timedelta(days=1), "x"),
         FieldWrong),
        ("chairman", ExtendDeadline(view.id, view.version, today() - timedelta(days=1), "x"), FieldWrong),
        ("officer_economy", ExtendDeadline(view.id, view.version, later, "x"), NotYours),
    ]
    for slug, command, trouble in refused:
        with pytest.raises(trouble):
            office.door(slug).do(command)
    registered = office.registered("2").document
    with pytest.raises((NotNow, NotYours)):
        office.door("chairman").do(ExtendDeadline(registered.id, registered.version, later, "x"))
