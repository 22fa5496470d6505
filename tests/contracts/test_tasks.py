"""Tasks without a document, over both databases: give, accept, report, finish, give back, extend, cancel, urge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from docclient.office.checking import check_office
from docclient.office.commands.notices import ReadNotices, TellDeadlines, UrgeTask
from docclient.office.commands.tasks import (
    AcceptTask,
    CancelTask,
    ExtendTask,
    FinishTask,
    GiveTask,
    GiveTaskAnew,
    GiveTaskBack,
    GiveTaskOn,
    NoteTaskProgress,
)
from docclient.office.deadlines import Timeliness
from docclient.office.errors import FieldWrong, NotFound, NotNow, NotYours, StaleDocument
from docclient.office.model import Handler, HandlerRole, today
from docclient.office.notices import NoticeKind
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.notices import MyNotices
from docclient.office.queries.tasks import TaskPage, TasksForMe, TaskSide, TaskView
from docclient.office.tasks import TaskState
from tests.offices import OfficeToTest

OFFICER, OTHER, HEAD = "officer_economy", "officer_culture_society", "head_economy"


def given(office: OfficeToTest, *, days: int | None = 10, by: str = "chairman") -> str:
    due = today() + timedelta(days=days) if days is not None else None
    return office.door(by).do(GiveTask(
        "Chuẩn bị hội nghị", office.person(OFFICER), "Có báo cáo", due, (office.person(OTHER),))).facts["task"]


def page(office: OfficeToTest, slug: str, task: str) -> TaskView:
    return office.door(slug).ask(TaskPage(task))


def offered(office: OfficeToTest, slug: str, task: str) -> list[str]:
    return [each.command for each in page(office, slug, task).offers]


def kinds(office: OfficeToTest, slug: str) -> list[NoticeKind]:
    return [each.kind for each in office.door(slug).ask(MyNotices()).rows if each.task]


def test_a_task_goes_from_giving_to_its_result(office: OfficeToTest):
    task = given(office)
    assert kinds(office, OFFICER) == kinds(office, OTHER) == [NoticeKind.NEW]
    mine = office.door(OFFICER).ask(TasksForMe())
    assert [(row.task.id, row.giver_name != "", row.standing.timeliness) for row in mine.rows] == [
        (task, True, Timeliness.WITHIN)]
    assert mine.open == {TaskSide.MINE: 1, TaskSide.GIVEN: 0}
    assert offered(office, OFFICER, task) == ["AcceptTask", "FinishTask", "NoteTaskProgress", "GiveTaskBack"]
    assert offered(office, OTHER, task) == ["NoteTaskProgress"]
    assert offered(office, "chairman", task) == ["UrgeTask", "ExtendTask", "CancelTask"]
    office.door(OFFICER).do(AcceptTask(task, 1))
    assert page(office, "chairman", task).people[0].accepted_at is not None
    office.door(OTHER).do(NoteTaskProgress(task, 2, 40, "Đã có số liệu"))
    office.door(OFFICER).do(FinishTask(task, 3, "Đã tổ chức xong"))
    view = page(office, "chairman", task)
    assert (view.row.task.state, view.row.task.progress, view.row.task.result) == (
        TaskState.FINISHED, 100, "Đã tổ chức xong")
    assert [(each.command, each.progress) for each in view.steps] == [
        ("GiveTask", 0), ("AcceptTask", None), ("NoteTaskProgress", 40), ("FinishTask", 100)]
    assert kinds(office, "chairman")[0] is NoticeKind.FINISHED
    assert not office.door(OFFICER).ask(TasksForMe()).rows
    assert [row.task.id for row in office.door(OFFICER).ask(TasksForMe(done=True)).rows] == [task]
    assert check_office(office.engine).whole


def test_a_task_given_back_is_given_to_another(office: OfficeToTest):
    task = given(office)
    with pytest.raises(FieldWrong):
        office.door(OFFICER).do(GiveTaskBack(task, 1, " "))
    office.door(OFFICER).do(GiveTaskBack(task, 1, "Không thuộc lĩnh vực"))
    assert kinds(office, "chairman") == [NoticeKind.RETURNED]
    assert [row.task.state for row in office.door("chairman").ask(TasksForMe(TaskSide.GIVEN)).rows] == [
        TaskState.GIVEN_BACK]
    office.door("chairman").do(GiveTaskAnew(task, 2, office.person(HEAD), "Đồng chí làm giúp"))
    view = page(office, HEAD, task)
    assert [(each.person, each.role) for each in view.people if each.role is HandlerRole.LEAD] == [
        (office.person(HEAD), HandlerRole.LEAD)]
    assert "AcceptTask" in [each.command for each in view.offers]
    assert offered(office, OFFICER, task) == ["NoteTaskProgress"]      # helps from now on


def test_who_may_do_what_with_a_task(office: OfficeToTest):
    task = given(office)
    for slug in (HEAD, "clerk", "administrator"):
        with pytest.raises(NotFound):
            page(office, slug, task)
    refused = [("chairman", AcceptTask(task, 1)), (OTHER, FinishTask(task, 1, "x")),
               (OFFICER, CancelTask(task, 1, "x")), (OFFICER, ExtendTask(task, 1, today() + timedelta(days=30), "x"))]
    for slug, command in refused:
        with pytest.raises(NotYours):
            office.door(slug).do(command)
    with pytest.raises(StaleDocument):
        office.door(OFFICER).do(AcceptTask(task, 7))
    with pytest.raises(FieldWrong):             # an officer gives tasks to themselves alone
        office.door(OFFICER).do(GiveTask("Việc", office.person(OTHER)))
    own = office.door(OFFICER).do(GiveTask("Việc của tôi", office.person(OFFICER))).facts["task"]
    office.door(OFFICER).do(FinishTask(own, 1, "Xong"))
    with pytest.raises(NotNow):
        office.door(OFFICER).do(AcceptTask(own, 2))


def test_what_a_task_cannot_be(office: OfficeToTest):
    chairman, officer = office.door("chairman"), office.person(OFFICER)
    for wrong in (GiveTask(" ", officer), GiveTask("Việc", officer, due_date=today() - timedelta(days=1)),
                  GiveTask("Việc", officer, helping=(officer,)), GiveTask("Việc", "nobody"),  # type: ignore[arg-type]
                  GiveTask("Việc", officer, documents=("nothing",))):  # type: ignore[arg-type]
        with pytest.raises(FieldWrong):
            chairman.do(wrong)
    task = given(office)
    for progress in (-1, 101):
        with pytest.raises(FieldWrong):
            office.door(OFFICER).do(NoteTaskProgress(task, 1, progress, "x"))
    with pytest.raises(FieldWrong):
        chairman.do(ExtendTask(task, 1, today() + timedelta(days=1), "x"))


def test_extending_cancelling_and_urging_are_told(office: OfficeToTest):
    task = given(office)
    chairman = office.door("chairman")
    chairman.do(ExtendTask(task, 1, today() + timedelta(days=30), "Chờ kinh phí"))
    chairman.do(UrgeTask(task, 2, "Cần gấp"))
    chairman.do(CancelTask(task, 2, "Không tổ chức nữa"))
    assert kinds(office, OFFICER) == [NoticeKind.TAKEN_BACK, NoticeKind.URGED, NoticeKind.DEADLINE_CHANGED,
                                      NoticeKind.NEW]
    assert kinds(office, OTHER) == [NoticeKind.TAKEN_BACK, NoticeKind.DEADLINE_CHANGED, NoticeKind.NEW]
    assert not office.door(OFFICER).ask(TasksForMe()).rows


def test_a_task_about_a_document_lets_its_lead_see_it(office: OfficeToTest):
    view = office.registered("1")
    office.door("chairman").do(GiveTaskOn(view.document.id, view.document.version, "Rà soát", office.person(OTHER)))
    (row,) = office.door(OTHER).ask(TasksForMe()).rows
    assert row.documents == 1
    assert page(office, OTHER, row.task.id).documents[0].id == view.document.id
    assert office.door(OTHER).ask(DocumentPage(view.document.id)).document.id == view.document.id


NOBODY = "01900000-0000-7000-8000-000000000000"


def test_who_helps_with_a_task_about_a_document_sees_it_too(office: OfficeToTest):
    document, chairman = office.registered("1").document, office.door("chairman")
    economy = Handler("unit", office.door(OFFICER).me.posts[0].unit)             # its head helps
    about = GiveTaskOn(document.id, document.version, "Rà soát", office.person(OTHER), helping=(
        Handler("person", office.person(OFFICER)), economy))
    task = chairman.do(about).facts["task"]
    assert {(each.person, each.role) for each in page(office, OTHER, task).people} == {
        (office.person(OTHER), HandlerRole.LEAD), (office.person(OFFICER), HandlerRole.HELPING),
        (office.person("head_economy"), HandlerRole.HELPING)}
    assert office.door("head_economy").ask(DocumentPage(document.id)).document.id == document.id
    for wrong in ((Handler("person", office.person(OTHER)),), (Handler("unit", NOBODY),)):
        with pytest.raises(FieldWrong):
            chairman.do(replace(about, helping=wrong))


def test_an_overdue_task_is_told_to_who_works_on_it_and_who_gave_it_once(office: OfficeToTest):
    task = given(office, days=0)
    later = given(office, days=60)
    office.door(OFFICER).do(ReadNotices())
    clerk = office.door("clerk")
    clerk.do(TellDeadlines())
    clerk.do(TellDeadlines())
    told = [(each.kind, each.task) for each in office.door(OFFICER).ask(MyNotices(unread_only=True)).rows]
    assert told == [(NoticeKind.TOMORROW, task)] and later != task
