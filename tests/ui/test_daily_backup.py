"""The window backs up the embedded office once a day by itself, and the settings tell when it last did."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from docclient.backup_record import last_backup
from docclient.settings import Settings
from docclient.store.backup import backups_in
from docclient.words import Language
from tests.offices import OfficeToTest
from ui.app import Program
from ui.dialogs.settings_dialog import SettingsDialog
from ui.texts import Texts

pytestmark = pytest.mark.window


def opened(qtbot, office: OfficeToTest, tmp_path: Path, settings: Settings) -> Program:
    office.engine.close()
    program = Program(office.place, settings, settings_folder=tmp_path / "settings", with_post=False)
    qtbot.addWidget(program.window)
    program.start()
    qtbot.waitUntil(lambda: bool(program.people) and program.idle, timeout=60_000)
    return program


def test_once_a_day(qtbot, sqlite_office: OfficeToTest, tmp_path: Path):
    folder = tmp_path / "backups"
    program = opened(qtbot, sqlite_office, tmp_path, Settings(backup_folder=str(folder)))
    for _ in range(2):
        program.back_up()
        qtbot.waitUntil(lambda: program.idle, timeout=60_000)
    assert len(backups_in(folder)) == 1
    last = last_backup(sqlite_office.place.name)
    assert last is not None and last.whole
    program.close()


def test_not_without_a_folder_and_a_failure_costs_nothing(qtbot, sqlite_office: OfficeToTest, tmp_path: Path):
    program = opened(qtbot, sqlite_office, tmp_path, Settings())
    program.back_up()
    assert program.idle
    (tmp_path / "file").write_text("no folder")
    program.settings = Settings(backup_folder=str(tmp_path / "file"))
    program.back_up()
    qtbot.waitUntil(lambda: program.idle, timeout=60_000)
    assert last_backup(sqlite_office.place.name) is None and program.engine is not None
    program.close()


def test_the_settings_tell(qtbot):
    dialog = SettingsDialog(Texts(Language.VIETNAMESE), Settings(backup_folder="/mnt/sao-luu"),
                            last_backup=datetime(2026, 3, 5, 1, 2, tzinfo=UTC))
    qtbot.addWidget(dialog)
    assert "/03/2026" in dialog.backed_up.text()
    dialog.backups.setText("/mnt/khac")
    with qtbot.waitSignal(dialog.chosen) as heard:
        dialog.save.click()
    assert heard.args[0].backup_folder == "/mnt/khac"
