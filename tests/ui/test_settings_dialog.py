"""The settings' page of time-stamps: services in order, their quotas, the level wanted; by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from docclient.settings import Settings, TimeStampSetting
from docclient.words import Language
from ui.dialogs.settings_dialog import SettingsDialog
from ui.texts import Texts

pytestmark = pytest.mark.window
GOVERNMENT, OTHER = "http://tsa.example.vn/stamp", "https://stamps.example.com"


def shown(qtbot, settings: Settings, language: Language = Language.VIETNAMESE) -> SettingsDialog:
    dialog = SettingsDialog(Texts(language), settings)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    return dialog


def settings(*services: TimeStampSetting, level: str = "b-b") -> Settings:
    return Settings(language=Language.VIETNAMESE, time_stamp_services=services, signature_level=level)


def typed(qtbot, dialog: SettingsDialog, text: str) -> None:
    """Into the cell that is open for typing."""
    editor = next(each for each in dialog.services.table.findChildren(QLineEdit) if each.isVisible())
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)


def test_a_service_is_typed_with_its_quota_and_saved(qtbot) -> None:
    dialog = shown(qtbot, settings())
    told: list[Settings] = []
    dialog.chosen.connect(told.append)
    dialog.tabs.setCurrentIndex(1)
    dialog.level.setCurrentIndex(dialog.level.findData("b-lt"))
    dialog.services.buttons["add"].click()
    for text in (GOVERNMENT, "20", "60"):
        typed(qtbot, dialog, text)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (saved,) = told
    assert saved.time_stamp_services == (TimeStampSetting(address=GOVERNMENT, stamps=20, within_minutes=60),)
    assert saved.signature_level == "b-lt"


def test_the_order_is_changed_and_a_service_taken_out(qtbot) -> None:
    dialog = shown(qtbot, settings(TimeStampSetting(address=GOVERNMENT, stamps=5, within_minutes=1),
                                   TimeStampSetting(address=OTHER), level="b-t"))
    dialog.services.table.setCurrentCell(1, 0)
    dialog.services.buttons["up"].click()
    assert [each.address for each in dialog.services.services()[0]] == [OTHER, GOVERNMENT]
    assert dialog.services.services()[0][1].stamps == 5
    dialog.services.buttons["up"].click()       # it is the first already
    dialog.services.buttons["remove"].click()
    assert [each.address for each in dialog.services.services()[0]] == [GOVERNMENT]


@pytest.mark.parametrize(("service", "level", "says"), [
    (TimeStampSetting(address="tsa.example.vn"), "b-t", "tsa.example.vn"),
    (TimeStampSetting(address=OTHER, stamps=5), "b-t", "Dòng 1"),
    (TimeStampSetting(address=""), "b-lta", "B-LTA")])
def test_what_cannot_be_saved_is_said_and_nothing_is_lost(qtbot, service: TimeStampSetting, level: str,
                                                          says: str) -> None:
    dialog = shown(qtbot, settings(service, level=level))
    told: list[Settings] = []
    dialog.chosen.connect(told.append)
    dialog.save.click()
    assert told == [] and dialog.isVisible() and dialog.tabs.currentIndex() == 1
    assert dialog._wrong.isVisible() and says in dialog._wrong.text()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("points", [11, 16])
def test_everything_has_a_name_and_fits_a_small_screen(qtbot, qapp: QApplication, language: Language,
                                                       points: int) -> None:
    from ui import theme

    theme.apply(qapp, text_points=points)
    try:
        dialog = shown(qtbot, settings(TimeStampSetting(address=GOVERNMENT)), language)
        size = dialog.sizeHint().expandedTo(dialog.minimumSizeHint())
        assert size.width() <= 1280 and size.height() <= 800
        for field in (dialog.level, dialog.services.table, dialog.tabs, dialog.language, dialog.module):
            assert isinstance(field, QWidget) and field.accessibleName()
    finally:
        theme.apply(qapp)
