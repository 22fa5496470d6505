"""Devices and certificates in the window: what is plugged in, what cannot sign and why, a new PIN, live plugging."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from docclient.demonstration.authority import Authority, KeyKind, Purpose
from docclient.tools.softhsm import SoftHsm
from docclient.words import phrase
from signing.tokens.remembered import Purpose as For
from tests.fakes.token_shim import Shim, compile_shim, shim
from tests.flows.desk import CONTROL, Desk
from tests.offices import OfficeToTest
from tests.signing.tokens.test_modules import elf
from ui.dialogs.new_pin_dialog import NewPinDialog
from ui.key_sources import TokenSource
from ui.screens.devices.screen import DevicesScreen

pytestmark = pytest.mark.window
PIN, OFFICER_PIN, NEW = b"246810", b"13579135", b"975310"
NOW = datetime.now(UTC)


@pytest.fixture
def token(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Shim:
    """One token behind the counting module: a certificate that signs, an ended one, one for encryption."""
    library = tmp_path_factory.getbasetemp() / "libtoken-shim.so"
    if not library.exists():
        compile_shim(library.parent)
    store = SoftHsm.at(tmp_path / "store")
    made = store.add_token("Chủ tịch UBND xã", pin=PIN, officer_pin=OFFICER_PIN)
    authority = Authority.make("Cơ quan chứng thực thử nghiệm", key=KeyKind.P256)
    for number, issued in enumerate((
            authority.issue_person("Nguyễn Văn An", key=KeyKind.P256),
            authority.issue_person("Nguyễn Văn An (cũ)", key=KeyKind.P256, not_before=NOW - timedelta(days=90),
                                   not_after=NOW - timedelta(days=2)),
            authority.issue_person("Nguyễn Văn An (mã hóa)", key=KeyKind.P256, purpose=Purpose.ENCRYPTION_ONLY))):
        store.import_key(made, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                         identifier=bytes([number + 1]), name="")
    store.host.stop()
    return shim(library, store, tmp_path / "state", "locks")


@pytest.fixture
def wrong_driver(tmp_path: Path) -> Path:
    path = tmp_path / "bit4xpki-32.so"
    path.write_bytes(elf(3, wide=False))
    return path


@pytest.fixture
def sat(make_desk, sqlite_office: OfficeToTest, token: Shim, wrong_driver: Path) -> Desk:
    desk = make_desk(sqlite_office.place, office=sqlite_office, keys=TokenSource(
        [token.module, wrong_driver], search=False, environment=token.environment))
    desk.sit("chairman")
    return desk


def opened(desk: Desk) -> DevicesScreen:
    desk.press(Qt.Key.Key_6, CONTROL)
    screen = desk.bench.devices
    desk.until(lambda: screen.view is not None)
    desk.settle()
    return screen


def words_on(screen: DevicesScreen) -> str:
    return "\n".join(label.text() for label in screen.findChildren(QLabel))


def type_pins(desk: Desk, screen: DevicesScreen, *pins: bytes) -> NewPinDialog:
    desk.until(lambda: isinstance(screen.dialog, NewPinDialog) and screen.dialog.isVisible())
    dialog = screen.dialog
    for line, pin in zip((dialog.known, dialog.new, dialog.again), pins, strict=True):
        desk.type(pin.decode(), line)
    return dialog


def test_what_is_there_and_what_is_hidden_is_explained(sat: Desk, wrong_driver: Path) -> None:
    screen = opened(sat)
    said = words_on(screen)
    assert "Chủ tịch UBND xã" in said and "Nguyễn Văn An: dùng để ký được" in said
    assert "Nguyễn Văn An (cũ)" in said and "đã hết hạn" in said and "gia hạn" in said
    assert "Nguyễn Văn An (mã hóa)" in said and "thường là chứng thư số để mã hóa" in said
    assert str(wrong_driver) in said and phrase("module_advice.wrong_architecture") in said
    assert phrase("module_tried.wrong_architecture") in said
    assert all(button.accessibleName() for button in (screen.tokens[0].change, screen.tokens[0].unblock, screen.again))


def test_plugging_shows_by_itself_and_the_watching_ends_with_the_visit(sat: Desk, token: Shim) -> None:
    screen = opened(sat)
    sat.until(lambda: screen.news.watching)
    token.unplug()
    sat.until(lambda: phrase("devices.no_token") in words_on(screen) or not screen.tokens)
    token.plug()
    sat.until(lambda: len(screen.tokens) == 1)
    sat.bench.go("home")
    assert not screen.news.watching


def test_the_pin_is_changed_and_one_typed_pin_costs_one_try(sat: Desk, token: Shim) -> None:
    screen = opened(sat)
    screen.tokens[0].change.click()
    dialog = type_pins(sat, screen, b"000000", NEW, NEW)
    sat.press(Qt.Key.Key_Return, where=dialog.again)
    sat.until(lambda: token.counts.wrong == 1)
    sat.settle()
    assert "không đúng" in sat.notice() and sat.bench.session.tell.devices.isVisible()

    screen.tokens[0].change.click()         # the same wrong one again: nothing is sent
    dialog = type_pins(sat, screen, b"000000", NEW, NEW)
    sat.press(Qt.Key.Key_Return, where=dialog.again)
    sat.settle()
    assert (token.counts.wrong, token.counts.logins) == (1, 1)

    screen.tokens[0].change.click()
    dialog = type_pins(sat, screen, b"111111", NEW, NEW)
    sat.press(Qt.Key.Key_Return, where=dialog.again)
    sat.until(lambda: token.counts.wrong == 2)
    sat.settle()
    sat.until(lambda: phrase("pin_tries.last_try") in words_on(screen))

    screen.tokens[0].change.click()         # the last try: the second yes is asked for
    dialog = type_pins(sat, screen, PIN, NEW, NEW)
    assert dialog.consent.isVisible() and not dialog.save.isEnabled()
    sat.press(Qt.Key.Key_Return, where=dialog.again)
    assert dialog.isVisible() and token.counts.logins == 2
    dialog.consent.click()
    sat.press(Qt.Key.Key_Return, where=dialog.again)
    sat.until(lambda: token.counts.set_pins == 1)
    sat.settle()
    assert token.counts.wrong == 0
    assert phrase("tokens.pin_changed", label="Chủ tịch UBND xã", serial=screen.tokens[0].shown.token.serial) == \
        sat.notice()


def test_two_different_new_pins_never_leave_the_dialog(sat: Desk, token: Shim) -> None:
    screen = opened(sat)
    screen.tokens[0].change.click()
    dialog = type_pins(sat, screen, PIN, NEW, b"975311")
    sat.press(Qt.Key.Key_Return, where=dialog.again)
    assert dialog.isVisible() and phrase("new_pin.differ") == dialog.wrong.text()
    assert token.counts.logins == 0
    sat.press(Qt.Key.Key_Escape, where=dialog.known)
    assert dialog.known.length == 0


def test_a_locked_pin_is_unblocked_with_the_administrators(sat: Desk, token: Shim) -> None:
    token.set_counts(wrong=3, logins=3)
    screen = opened(sat)
    assert phrase("pin_tries.locked") in words_on(screen)
    assert not screen.tokens[0].change.isEnabled() and screen.tokens[0].unblock.isEnabled()
    screen.tokens[0].unblock.click()
    dialog = type_pins(sat, screen, OFFICER_PIN, NEW, NEW)
    sat.press(Qt.Key.Key_Return, where=dialog.again)
    sat.until(lambda: token.counts.set_pins == 1)
    sat.until(lambda: screen.tokens[0].change.isEnabled())
    assert (token.counts.officer_wrong, token.counts.officer_logins) == (0, 1)


def test_a_remembered_choice_is_forgotten_and_a_key_file_added_and_removed(sat: Desk, tmp_path: Path) -> None:
    keys = sat.bench.session.keys
    screen = opened(sat)
    listed = screen.tokens[0].shown.token
    keys.shelf.choices.keep(For.PERSONAL, listed, listed.usable(NOW)[0])
    screen.take_file(str(tmp_path / "khóa.p12"))
    sat.until(lambda: len(screen.elsewhere) == 1 and len(screen.chosen) == 1)
    assert sat.program.settings.key_files == (str(tmp_path / "khóa.p12"),)
    screen.chosen[0].forget.click()
    screen.elsewhere[0].remove.click()
    sat.until(lambda: not screen.elsewhere and not screen.chosen)
    assert keys.shelf.choices.get(For.PERSONAL) is None and sat.program.settings.key_files == ()
