"""The office's rules and one's own phrases in the real window: laid down, seen, taken away; and the rail's keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut

from docclient.office.form import FormSetting
from docclient.office.queries.form import FormCheckSetting
from docclient.office.queries.routing import MyPhrases, RegisterRules, RoutingRules, TypeDeadlines
from docclient.office.queries.scan_profiles import ScanProfiles
from tests.flows.desk import CONTROL, Desk
from tests.offices import OfficeToTest
from ui.screens.organisation.office_rules import DEADLINE, PHRASE, REGISTER, ROUTING, SCAN, SERIES
from ui.screens.organisation.panels import SectionPanel
from ui.workbench import CASE_FILES, ORGANISATION, PAPER, TASKS

pytestmark = pytest.mark.window


def lay_down(desk: Desk, giver: Any, panel: SectionPanel, act: str, **typed: Any) -> None:
    """Press the button, fill the fields, confirm by keyboard."""
    panel.buttons[act].click()
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    for name, value in typed.items():
        field = giver.dialog.form.inputs[name]
        if hasattr(field, "choose"):
            field.choose(value)
        elif hasattr(field, "setPlainText"):
            field.setPlainText(value)
        else:
            field.setText(value)
    desk.press(Qt.Key.Key_Return, CONTROL, where=giver.dialog)
    desk.until(lambda: giver.dialog is None)
    desk.settle()


def take_away(desk: Desk, giver: Any, panel: SectionPanel, act: str, row: int) -> None:
    panel.list.setCurrentIndex(panel.list.model().index(row, 0))
    panel.buttons[act].click()
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    desk.press(Qt.Key.Key_Return, CONTROL, where=giver.dialog)
    desk.until(lambda: giver.dialog is None)
    desk.settle()


def test_the_office_s_rules_are_laid_down_and_taken_away(desk: Desk, sqlite_office: OfficeToTest) -> None:
    bench = desk.sit("administrator")
    bench.go(ORGANISATION, "rules")
    desk.settle()
    screen, panel = bench.organisation, bench.organisation.panels["rules"]
    door = bench.session.office
    lead = {"kind": "person", "id": sqlite_office.person("officer_economy")}
    lay_down(desk, screen.giver, panel, "offer.AddRoutingRule", lead=lead, leader=sqlite_office.person("chairman"),
             type_name="Công văn", due_days="3", words="Giải quyết theo thẩm quyền")
    (route,) = door.ask(RoutingRules())
    assert (route.type_name, route.due_days, route.words) == ("Công văn", 3, "Giải quyết theo thẩm quyền")
    lay_down(desk, screen.giver, panel, "offer.AddRegisterRule", subject_words="khiếu nại")
    lay_down(desk, screen.giver, panel, "offer.SetTypeDeadline", type_name="Báo cáo", days="5")
    lay_down(desk, screen.giver, panel, "offer.SetNumberSeries", name="Quyết định", types=["Quyết định"])
    lay_down(desk, screen.giver, panel, "offer.SetFormCheck", setting=FormSetting.BLOCKING.value)
    lay_down(desk, screen.giver, panel, "offer.SetScanProfile", profile="Văn bản đến", feed="duplex",
             locked=["resolution", "colour"])
    (scanning,) = door.ask(ScanProfiles())
    assert (scanning.feed, scanning.resolution, sorted(scanning.locked)) == ("duplex", 300, ["colour", "resolution"])
    lay_down(desk, screen.giver, panel, "rules.add_phrase", words="Trả lại để bổ sung", kind="return_draft")
    assert door.ask(FormCheckSetting()) is FormSetting.BLOCKING
    (deadline,) = door.ask(TypeDeadlines())
    assert (deadline.type_name, deadline.days) == ("Báo cáo", 5)
    (register,) = door.ask(RegisterRules())
    assert register.subject_words == "khiếu nại"

    def row_of(kind: str) -> int:
        return next(place for place, row in enumerate(panel.list.rows_model.rows)
                    if row.kind == kind and (kind != PHRASE or row.then == "Trả lại để bổ sung"))

    for kind, act in ((ROUTING, "offer.RemoveRoutingRule"), (REGISTER, "offer.RemoveRegisterRule"),
                      (DEADLINE, "rules.no_deadline"), (SCAN, "offer.RemoveScanProfile"),
                      (PHRASE, "offer.RemovePhrase")):
        take_away(desk, screen.giver, panel, act, row_of(kind))
        with pytest.raises(StopIteration):
            row_of(kind)
    take_away(desk, screen.giver, panel, "offer.EndNumberSeries", row_of(SERIES))
    assert panel.list.rows_model.rows[row_of(SERIES)].ended
    assert not (door.ask(RoutingRules()) or door.ask(RegisterRules()) or door.ask(TypeDeadlines()) or
                door.ask(ScanProfiles()))


def test_one_s_own_phrases_come_and_go(desk: Desk) -> None:
    bench = desk.sit("chairman")
    desk.press(Qt.Key.Key_M, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    desk.until(lambda: bench.phrases is not None and bench.phrases.isVisible())
    desk.settle()
    dialog = bench.phrases
    page = dialog.phrases
    before = {each.id for each in bench.session.office.ask(MyPhrases())}
    lay_down(desk, page.giver, page.panel, "offer.AddPhrase", words="Phòng Kinh tế chủ trì, báo cáo tôi")
    (mine,) = [each for each in bench.session.office.ask(MyPhrases()) if each.id not in before]
    assert (mine.words, mine.everybody, mine.kind) == ("Phòng Kinh tế chủ trì, báo cáo tôi", False, "direction")
    place = next(n for n, row in enumerate(page.panel.list.rows_model.rows) if row.id == mine.id)
    take_away(desk, page.giver, page.panel, "offer.RemovePhrase", place)
    assert {each.id for each in bench.session.office.ask(MyPhrases())} == before
    desk.press(Qt.Key.Key_Escape, where=dialog)
    desk.until(lambda: bench.phrases is None)


@pytest.mark.parametrize("slug", ["clerk", "chairman", "administrator"])
def test_no_two_keys_on_a_screen_are_the_same(desk: Desk, slug: str) -> None:
    """Two buttons with one key: neither works. The rail goes with every screen."""
    bench = desk.sit(slug)
    for name in {*bench.rail.buttons, TASKS, CASE_FILES} | ({PAPER} & set(bench.rail.buttons)):
        bench.go(name)
        desk.settle()
        keys = [shortcut.key().toString() for shortcut in bench.findChildren(QShortcut)
                if shortcut.isEnabled() and shortcut.parent().isVisible() and not shortcut.key().isEmpty()]
        assert sorted(keys) == sorted(set(keys)), name
