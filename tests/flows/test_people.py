"""People and authority in the window: absences, acting for somebody, rehearsing, managing, entering with a password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import SecretStr
from PySide6.QtCore import Qt

from docclient.office.commands.accounts import SetPassword
from docclient.office.commands.delegating import GrantDelegation
from docclient.office.commands.people import AddPerson
from docclient.office.commands.rights import GrantRight
from docclient.office.entering import enter_with_password
from docclient.office.model import Handler, State, today
from docclient.office.queries.authority import Delegations, SigningAuthorities
from docclient.office.queries.rights import RightsOn
from docclient.office.rights import Right
from tests.flows.desk import CONTROL, Desk
from tests.offices import OfficeToTest
from ui.screens.organisation.screen import OrganisationScreen
from ui.screens.start.login import Login

pytestmark = pytest.mark.window
WEEK = timedelta(days=7)
PASSWORD = "mot cau dai de nho"


def organisation(desk: Desk, slug: str, section: str = "absence") -> OrganisationScreen:
    bench = desk.sit(slug)
    bench.go("organisation", section)
    desk.settle()
    return bench.organisation


def answer(desk: Desk, screen: OrganisationScreen, **fields: object) -> None:
    """Fill the open form and confirm it with Ctrl+Enter."""
    desk.until(lambda: screen.giver.dialog is not None)
    dialog = screen.giver.dialog
    assert dialog is not None
    for name, value in fields.items():
        field = dialog.form.inputs[name]
        if hasattr(field, "choose"):
            field.choose(value)
        else:
            field.setText(str(value)) if hasattr(field, "setText") else field.setPlainText(str(value))
    desk.press(Qt.Key.Key_Return, CONTROL, dialog)
    desk.until(lambda: screen.giver.dialog is None)
    desk.settle()


def test_everybody_delegates_their_own_absence_and_nothing_more(desk: Desk, sqlite_office: OfficeToTest) -> None:
    sqlite_office.directed()
    screen = organisation(desk, "officer_economy")
    assert not screen.manages and list(screen.panels) == ["absence"]
    assert [act.title for act in screen.current.section.acts] == ["organisation.my_absence", "offer.RevokeDelegation"]
    screen.current.buttons["organisation.my_absence"].click()
    answer(desk, screen, substitute=sqlite_office.person("officer_culture_society"), first_day=today(),
           last_day=today() + WEEK, basis="Đơn xin nghỉ phép")
    (row,) = screen.current.list.rows_model.rows
    assert row.absent == sqlite_office.person("officer_economy") and row.kinds == ()
    screen.current.list.choose(0)
    screen.current.buttons["offer.RevokeDelegation"].click()
    answer(desk, screen, reason="Đã đi làm lại")
    (given,) = sqlite_office.door("officer_economy").ask(Delegations())
    assert given.revoked_at is not None
    assert not screen.current.buttons["offer.RevokeDelegation"].isEnabled()


def test_what_waits_for_the_absent_is_marked_and_done_for_them(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.directed().document.id
    sqlite_office.door("officer_economy").do(GrantDelegation(
        sqlite_office.person("officer_economy"), sqlite_office.person("officer_culture_society"), today(),
        today() + WEEK, "Đơn xin nghỉ phép"))
    bench = desk.sit("officer_culture_society")
    (row,) = bench.home.list.rows_model.rows
    assert row.waits_for.endswith("Xử lý thay Chuyên viên Phòng Kinh tế")
    desk.open_document(document)
    shown = bench.document.shown
    assert shown is not None and "Xử lý thay Chuyên viên Phòng Kinh tế" in shown.state
    accept = next(button for button in shown.buttons if button.offer.command == "AcceptWork")
    bench.document.take(accept.offer)
    desk.until(lambda: sqlite_office.view("clerk", document).document.state is State.IN_WORK)
    desk.settle()
    assert bench.document.shown is not None
    assert bench.document.shown.moments[0].who == (
        "Chuyên viên Phòng Văn hóa - Xã hội (thay Chuyên viên Phòng Kinh tế)")


def test_an_absence_is_rehearsed(desk: Desk, sqlite_office: OfficeToTest) -> None:
    sqlite_office.queued()
    screen = organisation(desk, "chairman")
    desk.press(Qt.Key.Key_R, CONTROL, screen)
    desk.until(lambda: screen.absence.shown is not None)
    shown = screen.absence.shown
    assert shown is not None and len(shown.rows) == 1 and not shown.rows[0].well
    assert "1 văn bản chờ ký không ai được ký thay." in shown.lines
    sqlite_office.door("chairman").do(GrantDelegation(
        sqlite_office.person("chairman"), sqlite_office.person("vice_chairman"), today(), today() + WEEK,
        "Phân công số 5"))
    screen.absence.shown = None
    desk.press(Qt.Key.Key_R, CONTROL, screen)
    desk.until(lambda: screen.absence.shown is not None)
    assert screen.absence.shown is not None and screen.absence.shown.rows[0].well
    assert screen.absence.shown.rows[0].signs == "Phó Chủ tịch UBND xã"


def test_the_administrator_gives_signing_authority_and_closes_a_register(desk: Desk, sqlite_office: OfficeToTest,
                                                                         ) -> None:
    screen = organisation(desk, "administrator", "people")
    assert "rights" not in screen.panels
    panel = screen.current
    panel.list.choose(panel.list.rows_model.place_of(
        lambda row: row.person.id == sqlite_office.person("officer_economy")))
    panel.buttons["offer.SetSigningAuthority"].click()
    answer(desk, screen, form="TL.", title="Chuyên viên", basis="Quy chế", valid_from=today(), types=["Thông báo"])
    found = [each for each in sqlite_office.door("clerk").ask(SigningAuthorities()) if each.id]
    assert [(each.person_name, each.types) for each in found] == [("Chuyên viên Phòng Kinh tế", ("Thông báo",))]
    screen.enter("registers")
    desk.settle()
    panel = screen.current
    panel.list.choose(panel.list.rows_model.place_of(lambda row: row.kind == "copies"))
    assert not panel.buttons["offer.UnfreezeDocuments"].isEnabled()
    panel.buttons["offer.CloseRegister"].click()
    answer(desk, screen, reason="Hết quyển")
    row = next(each for each in panel.list.rows_model.rows if each.kind == "copies")
    assert row.closed and row.closed_hash
    assert not panel.buttons["offer.CloseRegister"].isEnabled()


def test_a_leader_confirms_a_change_of_rights(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.registered().document
    sqlite_office.door("clerk").do(GrantRight(
        document.id, document.version, Handler("person", sqlite_office.person("officer_culture_society")), Right.READ,
        "Phối hợp tham mưu"))
    screen = organisation(desk, "chairman", "rights")
    (row,) = screen.current.list.rows_model.rows
    assert row.holder_name == "Chuyên viên Phòng Văn hóa - Xã hội"
    screen.current.buttons["organisation.confirm"].click()
    desk.until(lambda: not screen.current.list.rows_model.rows)
    (change,) = sqlite_office.door("clerk").ask(RightsOn(document.id))
    assert change.state == "confirmed"


def login(desk: Desk, office: OfficeToTest, slug: str) -> tuple[Login, list[object]]:
    desk.until(lambda: bool(desk.program.people))
    entrant = next(each for each in desk.program.people if each.person == office.person(slug))
    made = Login(desk.program.texts, desk.program.background, office.engine, entrant, desk.program.window)
    entered: list[object] = []
    made.entered.connect(entered.append)
    made.begin()
    desk.until(lambda: made.dialog is not None)
    return made, entered


def typed(desk: Desk, made: Login, **lines: str) -> None:
    assert made.dialog is not None
    for name, text in lines.items():
        desk.type(text, made.dialog.lines[name])
    made.dialog.confirm.click()


def test_the_first_password_of_a_shared_office_and_one_given_by_somebody(desk: Desk, sqlite_office: OfficeToTest,
                                                                         ) -> None:
    made, entered = login(desk, sqlite_office, "administrator")
    typed(desk, made, new=PASSWORD, again=PASSWORD + "?")
    assert made.dialog is not None and not made.dialog.lines["new"].length      # they differ: typed anew
    typed(desk, made, new=PASSWORD, again=PASSWORD)
    desk.until(lambda: bool(entered))
    sqlite_office.door("administrator").do(SetPassword(sqlite_office.person("clerk"), SecretStr("cho van thu 123")))
    made, entered = login(desk, sqlite_office, "clerk")
    desk.until(lambda: made.dialog is not None and "present" in made.dialog.lines)
    typed(desk, made, present="sai mat khau 1")
    desk.until(lambda: made.dialog is not None and made.dialog.confirm.isEnabled())
    assert not entered
    typed(desk, made, present="cho van thu 123")
    desk.until(lambda: made.dialog is not None and "new" in made.dialog.lines)      # given by somebody: change it first
    typed(desk, made, new=PASSWORD, again=PASSWORD)
    desk.until(lambda: bool(entered))
    assert enter_with_password(sqlite_office.engine, "vanthu", SecretStr(PASSWORD)).me.name == "Văn thư"


def test_a_password_is_given_in_the_window(desk: Desk, sqlite_office: OfficeToTest) -> None:
    sqlite_office.door("administrator").do(AddPerson("Nguyễn Văn Mẫu", "mau"))
    screen = organisation(desk, "administrator", "people")
    panel = screen.current
    desk.type("van mau", panel.search)
    assert [row.person.name for row in panel.list.rows_model.rows] == ["Nguyễn Văn Mẫu"]
    panel.buttons["offer.SetPassword"].click()
    dialog = screen.password
    assert dialog is not None
    for name in ("new", "again"):
        desk.type(PASSWORD, dialog.lines[name])
    dialog.confirm.click()
    desk.until(lambda: bool(panel.list.rows_model.rows) and panel.list.rows_model.rows[0].person.has_password)
    assert enter_with_password(sqlite_office.engine, "mau", SecretStr(PASSWORD)).must_change_password
