"""Case files, tasks, notices, reports and the trail in the real window, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from docclient.office.case_files import CaseFileState, Retention
from docclient.office.commands.case_files import CloseCaseFile, OpenCaseFile
from docclient.office.commands.filing import AddToCaseFile
from docclient.office.commands.notices import TellDeadlines, Urge
from docclient.office.commands.tasks import GiveTask
from docclient.office.model import HandlerRole, today
from docclient.office.queries.case_files import CaseFilePage, CaseFiles, FilePlan
from docclient.office.queries.notices import MyNotices, Urgings
from docclient.office.queries.office import People
from docclient.office.queries.tasks import TaskPage, TasksForMe
from docclient.office.tasks import TaskState, load_task, persons_of
from docclient.papers.case_file_xml import read_case_file_xml
from docclient.words import Language
from tests.flows.desk import Desk
from tests.offices import OfficeToTest
from ui.state.folding import fold
from ui.widgets.pickers import Chip
from ui.workbench import CASE_FILES, DOCUMENT, NOTICES, REPORTS, TASKS

pytestmark = pytest.mark.window

OFFICER = "officer_economy"


@pytest.fixture
def plain_desk(make_desk: Callable[..., Desk], sqlite_office: OfficeToTest) -> Desk:
    """The window without tokens."""
    made = make_desk(sqlite_office.place, office=sqlite_office)
    made.until(lambda: bool(made.program.people))
    return made


def test_a_closed_file_is_taken_in_by_the_archive(plain_desk: Desk, sqlite_office: OfficeToTest):
    desk, office = plain_desk, sqlite_office
    ended, officer = today() - timedelta(days=360), office.door(OFFICER)
    file = officer.do(OpenCaseFile("Rà soát hộ nghèo", Retention.YEARS_20, start_date=ended)).facts["case_file"]
    bench = desk.sit("clerk")
    bench.go(CASE_FILES, file)
    desk.until(lambda: bench.case_files.panel.shown is not None)
    desk.settle()
    assert bench.case_files.panel.take_in.isHidden()                # it is open still
    officer.do(CloseCaseFile(file, 1, ended, warnings_seen=True))
    bench.go(CASE_FILES, file)
    desk.until(lambda: not bench.case_files.panel.take_in.isHidden())
    bench.case_files.panel.take_in.click()
    giver = bench.case_files.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, where=giver.dialog)
    desk.until(lambda: office.door("clerk").ask(CaseFilePage(file)).file.state is CaseFileState.HANDED_IN)
    desk.settle()
    assert bench.case_files.pages.currentIndex() == 0               # back at the list


def test_a_file_is_opened_filled_by_search_and_exported(plain_desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path):
    desk, office = plain_desk, sqlite_office
    document = office.directed("77").document
    bench = desk.sit(OFFICER)
    bench.go(CASE_FILES)
    desk.settle()
    screen = bench.case_files
    QAbstractItemModelTester(screen.list.rows_model)
    screen.new_file.click()
    desk.until(lambda: screen.giver.dialog is not None)
    dialog = screen.giver.dialog
    assert dialog is not None
    desk.type("Theo doi bao cao", where=dialog.form.inputs["title"])
    dialog.form.inputs["retention"].choose("10")
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, where=dialog)
    desk.until(lambda: screen.panel.shown is not None)
    desk.settle()
    assert screen.panel.shown.heading == "Theo doi bao cao"
    desk.type("bao cao", where=screen.panel.search)         # without marks
    desk.until(lambda: bool(screen.panel.found.rows_model.rows))
    desk.press(Qt.Key.Key_Return, where=screen.panel.found)
    desk.until(lambda: bool(screen.panel.shown and screen.panel.shown.inside))
    desk.settle()
    assert [row.id for row in screen.panel.shown.inside] == [document.id]
    file = screen.panel.shown.id
    screen.choose_folder = lambda _heading, then: then(tmp_path / "out")
    screen.panel.export.click()
    desk.until(lambda: (tmp_path / "out" / "ho-so.pdf").exists() and desk.program.idle)
    assert len(read_case_file_xml((tmp_path / "out" / "ho-so.xml").read_bytes()).documents) == 1
    desk.press(Qt.Key.Key_Escape, where=screen.panel)
    desk.until(lambda: screen.pages.currentIndex() == 0)
    assert office.door(OFFICER).ask(CaseFiles()).counts == {CaseFileState.OPEN: 1}
    assert office.door(OFFICER).ask(CaseFilePage(file)).row.documents == 1


@pytest.mark.parametrize("language", list(Language))
def test_the_years_list_is_made_by_keyboard_and_approved(make_desk: Callable[..., Desk], sqlite_office: OfficeToTest,
                                                         tmp_path: Path, language: Language):
    office, year, control = sqlite_office, today().year, Qt.KeyboardModifier.ControlModifier
    keys = {"PlanYear": (Qt.Key.Key_N, control | Qt.KeyboardModifier.ShiftModifier),
            "AddHeading": (Qt.Key.Key_H, control),
            "AddSmallHeading": (Qt.Key.Key_G, control), "PlanCaseFile": (Qt.Key.Key_J, control),
            "Change": (Qt.Key.Key_E, control), "Remove": (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
            "ApproveFilePlan": (Qt.Key.Key_Return, control)}
    desk = make_desk(office.place, office=office, language=language)
    desk.until(lambda: bool(desk.program.people))
    bench = desk.sit("clerk")
    desk.program.window.resize(1280, 800)
    bench.go(CASE_FILES)
    desk.settle()
    screen = bench.case_files
    screen.plan.click()
    desk.settle()
    panel = screen.plan_panel

    def shown() -> list[str]:
        return [name for name, button in panel.buttons.items() if button.isVisible()]

    def answer(button: str, fields: dict[str, str], **picked: object) -> None:
        before = len(panel.list.rows_model.rows)
        desk.press(*keys[button], where=panel)
        desk.until(lambda: screen.giver.dialog is not None and screen.giver.dialog.isVisible())
        dialog = screen.giver.dialog
        assert dialog is not None
        for name, words in fields.items():
            desk.type(words, where=dialog.form.inputs[name])
        for name, value in picked.items():
            dialog.form.inputs[name].choose(value)
        desk.press(Qt.Key.Key_Return, control, where=dialog)
        desk.until(lambda: screen.giver.dialog is None)
        desk.settle()
        more = {"PlanYear": None, "ApproveFilePlan": None, "Change": 0, "Remove": -1}.get(button, 1)
        desk.until(lambda: more is None or len(panel.list.rows_model.rows) == before + more)

    assert panel._empty.isVisible() and shown() == ["PlanYear"]
    answer("PlanYear", {})
    desk.until(lambda: panel.view is not None)
    assert shown() == ["AddHeading"]
    answer("AddHeading", {"name": "To chuc can bo", "abbreviation": "TCCB"})
    assert shown() == ["AddHeading", "AddSmallHeading", "PlanCaseFile", "Change", "Remove"]
    answer("AddSmallHeading", {"name": "Tuyen dung"})               # stands on what was just made
    answer("PlanCaseFile", {"title": "Tuyen dung cong chuc"}, retention="70", owner=office.person(OFFICER))
    answer("PlanCaseFile", {"title": "Thi nang ngach"}, retention="10", owner=office.person(OFFICER))
    plan = office.door("clerk").ask(FilePlan(year))
    assert [(each.name, [row.file.notation for row in each.files]) for each in plan.headings] == [
        ("To chuc can bo", []), ("Tuyen dung", ["01.TCCB", "02.TCCB"])]
    assert [line.symbol.strip() for line in panel.list.rows_model.rows] == ["I", "1", "01.TCCB", "02.TCCB"]
    assert "ApproveFilePlan" not in shown()                         # the head alone approves
    answer("Change", {"title": "Thi nang ngach cong chuc"})                     # of the file that stands chosen
    desk.until(lambda: panel.list.current_row() is not None)
    assert panel.list.current_row().name == "Thi nang ngach cong chuc"
    answer("AddHeading", {"name": "Du thua", "abbreviation": "DT"})
    answer("Change", {"name": "Du thua mai"})
    desk.until(lambda: panel.list.current_row().name == "Du thua mai (DT)")
    answer("Remove", {})
    panel.list.choose(0)
    desk.until(lambda: "Remove" not in shown())                     # files stand under it
    panel.list.choose(2)
    answer("Remove", {})
    assert [line.symbol.strip() for line in panel.list.rows_model.rows] == ["I", "1", "02.TCCB"]
    panel.list.choose(2)
    desk.settle()
    assert desk.program.window.grab().save(str(tmp_path / f"plan-{language}.png"))
    desk.press(Qt.Key.Key_Return, where=panel.list)
    desk.until(lambda: screen.panel.shown is not None and screen.panel.shown.heading == "Thi nang ngach cong chuc")
    desk.press(Qt.Key.Key_Escape, where=screen.panel)               # back to where it was opened from
    desk.until(lambda: screen.pages.currentWidget() is panel)
    desk.settle()
    assert panel.list.current_row().name == "Thi nang ngach cong chuc"
    desk.press(Qt.Key.Key_Escape, where=panel)
    desk.until(lambda: screen.pages.currentIndex() == 0)
    bench = desk.sit("chairman")
    bench.go(CASE_FILES)
    desk.settle()
    screen = bench.case_files
    screen.plan.click()
    desk.settle()
    panel = screen.plan_panel
    assert shown() == ["ApproveFilePlan"]
    answer("ApproveFilePlan", {"decision": "15/QD-UBND"})
    desk.until(lambda: panel.view is not None and panel.view.approved)
    assert shown() == [] and "15/QD-UBND" in panel._state.text()
    assert office.door("clerk").ask(FilePlan(year)).approved


def test_a_task_is_accepted_and_finished(plain_desk: Desk, sqlite_office: OfficeToTest):
    desk, office = plain_desk, sqlite_office
    task = office.door("chairman").do(GiveTask("Chuẩn bị hội nghị", office.person(OFFICER))).facts["task"]
    bench = desk.sit(OFFICER)
    assert [(row.id, row.row.what) for row in bench.home.list.rows_model.rows] == [(task, "Chuẩn bị hội nghị")]
    desk.press(Qt.Key.Key_Return, where=bench.home.list)        # stands among what waits, and leads to its screen
    desk.until(lambda: bench.stack.currentWidget() is bench.tasks)
    desk.settle()
    screen = bench.tasks
    accept = screen.panel.offers.button_for("AcceptTask")
    assert accept is not None
    accept.click()
    desk.until(lambda: desk.program.idle and screen.panel.offers.button_for("AcceptTask") is None)
    finish = screen.panel.offers.button_for("FinishTask")
    assert finish is not None
    finish.click()
    desk.until(lambda: screen.giver.dialog is not None)
    dialog = screen.giver.dialog
    assert dialog is not None
    desk.type("Da xong", where=dialog.form.inputs["result"])
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, where=dialog)
    desk.until(lambda: desk.program.idle and screen.giver.dialog is None)
    with office.engine.reading() as work:
        assert load_task(work, office.door("chairman").me, task).state is TaskState.FINISHED


@pytest.mark.parametrize("language", list(Language))
def test_a_task_is_given_with_helpers_and_documents(make_desk: Callable[..., Desk], sqlite_office: OfficeToTest,
                                                    tmp_path: Path, language: Language):
    office = sqlite_office
    document, other = office.directed("77").document, office.directed("78").document
    desk = make_desk(office.place, office=office, language=language)
    desk.until(lambda: bool(desk.program.people))
    bench = desk.sit("chairman")
    desk.program.window.resize(1280, 800)
    bench.go(TASKS)
    desk.settle()
    screen = bench.tasks
    screen.new_task.click()
    desk.until(lambda: screen.giver.dialog is not None and screen.giver.dialog.isVisible())
    dialog = screen.giver.dialog
    assert dialog is not None
    inputs = dialog.form.inputs
    officer, head, vice = (office.person(slug) for slug in (OFFICER, "head_economy", "vice_chairman"))
    desk.type("Tong hop so lieu", where=inputs["title"])
    inputs["lead"].choose(officer)
    for person in (head, vice):
        name = next(each.name for each in office.door("chairman").ask(People()) if each.id == person)
        desk.type(fold(name), where=inputs["helping"].search.lineEdit())        # without marks
        desk.press(Qt.Key.Key_Return, where=inputs["helping"].search.lineEdit())
        desk.until(lambda: not inputs["helping"].search.currentText())
    assert inputs["helping"].value() == [head, vice]
    picker = inputs["documents"]
    desk.type("77/SNV", where=picker.line)
    desk.until(lambda: [each.value for each in picker.names.found] == [document.id])
    desk.press(Qt.Key.Key_Return, where=picker.line)
    desk.until(lambda: picker.value() == [document.id] and not picker.line.text())
    desk.type("khong co van ban nay", where=picker.line)
    desk.settle()
    desk.press(Qt.Key.Key_Return, where=picker.line)        # nothing is found: nothing is taken
    assert picker.value() == [document.id]
    picker.line.clear()
    desk.type("78/SNV", where=picker.line)
    desk.until(lambda: [each.value for each in picker.names.found] == [other.id])
    desk.press(Qt.Key.Key_Return, where=picker.line)
    desk.until(lambda: picker.value() == [document.id, other.id] and not picker.line.text())
    chip = next(each for each in picker.findChildren(Chip) if each.choice.value == other.id)
    chip.click()
    assert picker.value() == [document.id]
    desk.settle()
    assert dialog.grab().save(str(tmp_path / f"give-task-{language}.png"))
    dialog.activateWindow()         # the offscreen platform has no window manager that does it when a popup closes
    desk.until(dialog.isActiveWindow)
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, where=dialog)
    desk.until(lambda: screen.giver.dialog is None)
    desk.settle()
    (row,) = office.door(OFFICER).ask(TasksForMe()).rows
    with office.engine.reading() as work:
        assert persons_of(work, row.task.id, HandlerRole.LEAD) == [officer]
        assert set(persons_of(work, row.task.id, HandlerRole.HELPING)) == {head, vice}
    view = office.door("vice_chairman").ask(TaskPage(row.task.id))
    assert [each.id for each in view.documents] == [document.id]
    assert screen.list.current_row().id == row.task.id
    # one person twice: the office says so beneath the field, and what was typed stays
    screen.new_task.click()
    desk.until(lambda: screen.giver.dialog is not None and screen.giver.dialog.isVisible())
    dialog = screen.giver.dialog
    assert dialog is not None
    desk.type("Viec khac", where=dialog.form.inputs["title"])
    dialog.form.inputs["lead"].choose(officer)
    dialog.form.inputs["helping"].choose([officer])
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, where=dialog)
    desk.until(lambda: bool(dialog.form._wrong["helping"].text()))
    assert dialog.isVisible() and dialog.form.inputs["helping"].value() == [officer]
    desk.press(Qt.Key.Key_Escape, where=dialog)


def test_an_urging_speaks_up_and_its_receipt_is_noted(plain_desk: Desk, sqlite_office: OfficeToTest):
    desk, office = plain_desk, sqlite_office
    document = office.directed("5").document
    bench = desk.sit(OFFICER)
    version = office.view("chairman", document.id).document.version
    office.door("chairman").do(Urge(document.id, version, "Báo cáo ngay"))
    bench.news.look()
    desk.until(lambda: "Báo cáo ngay" in desk.notice())
    desk.settle()
    assert office.door("chairman").ask(Urgings(document.id)).urgings[0].seen_at is not None
    desk.until(lambda: bench.rail.buttons[NOTICES].count == 2)
    bench.go(NOTICES)
    desk.settle()
    rows = bench.notices.list.rows_model.rows
    assert [row.document for row in rows] == [document.id] * 2
    desk.press(Qt.Key.Key_Return, where=bench.notices.list)
    desk.until(lambda: bench.stack.currentWidget() is bench.document)
    desk.settle()
    assert office.door(OFFICER).ask(MyNotices()).unread == 1


def test_the_page_shows_its_trail_and_the_clerk_a_report(plain_desk: Desk, sqlite_office: OfficeToTest):
    desk, office = plain_desk, sqlite_office
    document = office.directed("5").document.id
    bench = desk.sit("clerk")
    desk.open_document(document)
    bench.document.trail.button.click()
    desk.until(lambda: bench.document.trail.dialog is not None)
    dialog = bench.document.trail.dialog
    assert dialog is not None
    acts = [line.third for line in dialog.acts.rows_model.rows]
    assert "Xem" in acts and dialog.held.rows_model.rows and dialog.tabs.count() == 4
    dialog.reject()
    bench.go(REPORTS)
    desk.settle()
    total = bench.reports.list.rows_model.rows[-1]
    assert total.total and total.figures["registered"] == "1"


@pytest.mark.parametrize("language", list(Language))
def test_every_new_screen_stands_whole_in_both_languages(make_desk: Callable[..., Desk], sqlite_office: OfficeToTest,
                                                         tmp_path: Path, language: Language):
    """Rows, facts, offers and counts of a filled office; a word without a phrase would raise."""
    office, view = sqlite_office, sqlite_office.directed("1")
    officer, chairman = office.door(OFFICER), office.door("chairman")
    file = officer.do(OpenCaseFile("Báo cáo công tác văn thư, lưu trữ của Ủy ban nhân dân xã năm nay",
                                   Retention.YEARS_10)).facts["case_file"]
    officer.do(AddToCaseFile(view.document.id, view.document.version, file))
    officer.do(OpenCaseFile("Đề án nâng cấp chợ trung tâm", Retention.PERMANENT))
    start = today() - timedelta(days=400)
    old = officer.do(OpenCaseFile("Đường liên thôn", Retention.YEARS_20, start_date=start)).facts["case_file"]
    officer.do(CloseCaseFile(old, 1, start + timedelta(days=50), warnings_seen=True))
    for title, days in (("Chuẩn bị hội nghị tổng kết", 10), ("Báo cáo nhanh tình hình mưa bão", 0)):
        chairman.do(GiveTask(title, office.person(OFFICER), "Báo cáo trước 16 giờ", today() + timedelta(days=days),
                             (office.person("head_economy"),)))
    office.door("clerk").do(TellDeadlines())
    desk = make_desk(office.place, office=office, language=language)
    desk.until(lambda: bool(desk.program.people))
    bench = desk.sit(OFFICER)
    desk.program.window.resize(1280, 800)
    for key, name, target in ((CASE_FILES, "case-files", None), (CASE_FILES, "case-file", file),
                              (TASKS, "tasks", None), (NOTICES, "notices", None),
                              (DOCUMENT, "document", view.document.id)):
        bench.go(key, target)
        desk.settle()
        desk.program.window.grab().save(str(tmp_path / f"{name}-{language}.png"))
    assert bench.case_files.list.rows_model.rows and bench.tasks.list.rows_model.rows
    assert bench.notices.list.rows_model.rows
    bench.notices.choices.click()
    bench.go(NOTICES)
    desk.settle()
    desk.program.window.grab().save(str(tmp_path / f"choices-{language}.png"))
    bench.go(DOCUMENT, view.document.id)
    desk.settle()
    bench.document.trail.button.click()
    desk.until(lambda: bench.document.trail.dialog is not None)
    for place in range(4):
        bench.document.trail.dialog.tabs.setCurrentIndex(place)
        bench.document.trail.dialog.grab().save(str(tmp_path / f"trail-{place}-{language}.png"))
    bench.document.trail.dialog.reject()
    bench = desk.sit("clerk")
    bench.go(REPORTS)
    desk.settle()
    desk.program.window.grab().save(str(tmp_path / f"reports-{language}.png"))
    assert len(list(tmp_path.glob("*.png"))) == 11
