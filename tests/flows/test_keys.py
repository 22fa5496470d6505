"""Keys beside tokens, and tokens with manners of their own: files, services, a PIN box, a pulled token."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel

from docclient import certificate_care
from docclient.office.model import State
from docclient.signing_accounts import Kind, SigningAccount
from docclient.words import phrase
from signing import certificate_check
from signing.certificate_check import CertificateState
from signing.errors import KeyTrouble
from signing.keys import Key
from signing.remote.csc import Version
from signing.report import Verdict
from signing.tokens.pin_memory import refused_pins
from signing.tokens.remembered import Purpose
from signing.tokens.troubles import PinRejected, TokenRemoved
from tests.fakes.csc_service import CscKey, CscService
from tests.fakes.token_shim import Shim, compile_shim, shim
from tests.fakes.vietnamese_services import MySignService
from tests.flows.desk import CONTROL, PIN, Desk
from tests.offices import Material, OfficeToTest
from ui.dialogs.key_dialog import KeyDialog
from ui.dialogs.pin_dialog import PinDialog
from ui.dialogs.waiting_dialogs import OwnEntryDialog, PhoneDialog, PlugInDialog
from ui.key_sources import TokenSource
from ui.keys import KeyCare

pytestmark = pytest.mark.window
PASSWORD = "mat khau tep"


@pytest.fixture(autouse=True)
def nothing_refused_before() -> None:
    refused_pins._refused.clear()


def signable(desk: Desk, office: OfficeToTest, number: str = "201", *, sits: bool = False) -> str:
    """A document in the chairman's queue, its page shown. sits: the chairman sits there already, keys and all."""
    document = office.queued(number).document.id
    bench = desk.bench if sits else desk.sit("chairman")
    bench.go("home")
    desk.settle()
    bench.go("signing")
    desk.until(lambda: bench.signing._current == document and bench.signing.sign.isEnabled())
    return document


def care(desk: Desk) -> KeyCare:
    return desk.bench.session.keys


def is_signed(office: OfficeToTest, document: str) -> bool:
    return office.view("chairman", document).document.state is State.SIGNED


def said(dialog: object) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


# ---- a key file

def test_a_key_file_signs_after_its_password(make_desk, sqlite_office: OfficeToTest, material: Material,
                                             tmp_path: Path) -> None:
    path = material.issued["chairman"].save_pkcs12(tmp_path / "chủ tịch.p12", PASSWORD.encode())
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    document = signable(desk, sqlite_office)
    care(desk).shelf.keep_files((str(path),))
    desk.press(Qt.Key.Key_Return, CONTROL)
    dialog = desk.pin_dialog()
    assert "chủ tịch.p12" in said(dialog)
    desk.type("sai", dialog.pin)
    desk.press(Qt.Key.Key_Return, where=dialog.pin)
    desk.until(lambda: isinstance(care(desk).dialog, PinDialog) and care(desk).dialog is not dialog)
    again = desk.pin_dialog()
    assert again._refused.isVisible()
    desk.type(PASSWORD, again.pin)
    desk.press(Qt.Key.Key_Return, where=again.pin)
    desk.until(lambda: is_signed(sqlite_office, document))
    desk.settle()
    assert care(desk).shelf.choices.get(Purpose.PERSONAL).place == str(path)


# ---- signing services

@pytest.fixture
def mine(material: Material) -> Iterator[MySignService]:
    service = MySignService(material.issued["chairman"])
    yield service
    service.close()


@pytest.fixture
def csc(material: Material) -> Iterator[CscService]:
    service = CscService({"khoa-1": CscKey(material.issued["chairman"], pin="2468")}, Version.V2.value)
    yield service
    service.close()


def with_account(desk: Desk, account: SigningAccount, secret: str | None) -> None:
    """Added as the screen of devices adds it; without a secret the person is asked."""
    shelf = care(desk).shelf
    shelf.accounts.add(account)
    if secret is not None:
        shelf.secrets.put(account.secret_name, bytearray(secret.encode()))


def my_sign(service: MySignService) -> SigningAccount:
    return SigningAccount("MySign", Kind.MYSIGN, service.address, service.user, service.client_id, service.profile)


def test_the_phone_is_waited_for_with_the_documents_id_shown(make_desk, sqlite_office: OfficeToTest,
                                                             mine: MySignService) -> None:
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    document = signable(desk, sqlite_office)
    with_account(desk, my_sign(mine), mine.client_secret)
    mine.phone.will("wait")
    desk.press(Qt.Key.Key_Return, CONTROL)
    remote = care(desk)._remote
    desk.until(lambda: isinstance(remote.dialog, PhoneDialog) and remote.dialog.isVisible())
    desk.until(lambda: bool(mine.phone.shown))
    dialog = remote.dialog
    identifier = mine.phone.shown[0][0]
    assert identifier in said(dialog) and phrase("remote_stage.person") == dialog.stage.text()
    assert phrase("remote_provider.not_tried") in said(dialog)
    assert "phút" in dialog.left.text() and dialog.bar.value() > 0
    mine.phone.will("confirmed", "yes")
    desk.until(lambda: is_signed(sqlite_office, document))
    desk.until(lambda: remote.dialog is None)


def test_cancelling_leaves_the_document_as_it_was(make_desk, sqlite_office: OfficeToTest, mine: MySignService) -> None:
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    document = signable(desk, sqlite_office)
    with_account(desk, my_sign(mine), mine.client_secret)
    mine.phone.will("wait")
    desk.press(Qt.Key.Key_Return, CONTROL)
    remote = care(desk)._remote
    desk.until(lambda: isinstance(remote.dialog, PhoneDialog) and remote.dialog.isVisible())
    desk.press(Qt.Key.Key_Escape, where=remote.dialog)
    desk.settle()
    assert not is_signed(sqlite_office, document)
    assert sqlite_office.view("chairman", document).document.state is State.WAITING_SIGNATURE
    for told in desk.program.window.findChildren(QDialog):          # what became of the round
        told.close()
    desk.until(lambda: desk.bench.signing.sign.isEnabled())
    mine.phone.will("yes")                          # asked again, and confirmed this time
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: is_signed(sqlite_office, document))


@pytest.mark.parametrize(("does", "code"), [("no", "remote.refused_by_person"), ("late", "remote.timed_out")])
def test_what_the_person_did_is_told_in_words(make_desk, sqlite_office: OfficeToTest, mine: MySignService, does: str,
                                              code: str) -> None:
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    document = signable(desk, sqlite_office)
    with_account(desk, my_sign(mine), mine.client_secret)
    mine.phone.will("wait", does)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: desk.bench.session.tell.newest is not None)
    assert code in desk.bench.session.tell.newest.details
    assert desk.bench.session.tell.devices.isVisible()
    assert not is_signed(sqlite_office, document)


def test_the_accounts_password_and_the_keys_pin_are_asked_and_the_password_kept(make_desk, csc: CscService,
                                                                                sqlite_office: OfficeToTest) -> None:
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    document = signable(desk, sqlite_office)
    with_account(desk, SigningAccount("Sở", Kind.CSC_V2, csc.address, csc.user), None)
    desk.press(Qt.Key.Key_Return, CONTROL)

    def asked() -> PinDialog | None:
        return next((each for each in desk.program.window.findChildren(PinDialog) if each.isVisible()), None)

    desk.until(lambda: asked() is not None)
    assert "Sở" in said(asked())
    first = asked()
    desk.type(csc.password, first.pin)
    desk.press(Qt.Key.Key_Return, where=first.pin)
    desk.until(lambda: asked() is not None and asked() is not first)
    second = asked()
    assert phrase("remote_secret.pin") in said(second)
    desk.type("2468", second.pin)
    desk.press(Qt.Key.Key_Return, where=second.pin)
    desk.until(lambda: is_signed(sqlite_office, document))
    shelf = care(desk).shelf
    assert shelf.secrets.get(shelf.accounts.get("Sở").secret_name) == bytearray(csc.password.encode())


# ---- tokens

@pytest.fixture
def misbehaving(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, token_store):
    library = tmp_path_factory.getbasetemp() / "libtoken-shim.so"
    if not library.exists():
        compile_shim(library.parent)

    def make(*modes: str, **more: str) -> Shim:
        return shim(library, token_store, tmp_path / "counts", *modes, **more)

    return make


def desk_with(make_desk, office: OfficeToTest, token: Shim) -> Desk:
    return make_desk(office.place, office=office, keys=TokenSource([token.module], search=False,
                                                                   environment=token.environment))


def test_a_token_with_its_own_box_says_where_to_type(make_desk, sqlite_office: OfficeToTest, misbehaving) -> None:
    token = misbehaving("own_entry", SHIM_OWN_PIN=PIN.decode(), SHIM_BOX_MS="300")
    desk = desk_with(make_desk, sqlite_office, token)
    document = signable(desk, sqlite_office)
    seen: list[str] = []
    care(desk).searching.connect(lambda _on: None)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.choose_key("Chủ tịch")

    def note() -> bool:
        if isinstance(care(desk).dialog, OwnEntryDialog):
            seen.append(said(care(desk).dialog))
        return is_signed(sqlite_office, document)

    desk.until(note)
    assert seen and phrase("own_entry.do") in seen[0]
    assert token.counts.wrong == 0


def test_the_last_choice_that_is_not_plugged_in_is_named_and_another_is_not_taken_silently(
        make_desk, sqlite_office: OfficeToTest, misbehaving) -> None:
    token = misbehaving()
    desk = desk_with(make_desk, sqlite_office, token)
    signable(desk, sqlite_office)
    tokens = {each.label: each for report in care(desk).source.reports() for each in report.tokens}
    chairman = tokens["Chủ tịch UBND xã"]
    care(desk).shelf.choices.keep(Purpose.PERSONAL, chairman, chairman.certificates[0])
    token.unplug(chairman.serial)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: isinstance(care(desk).dialog, KeyDialog) and care(desk).dialog.isVisible())
    assert phrase("key_choice.missing", name="Chủ tịch UBND xã") in said(care(desk).dialog)
    assert care(desk).dialog.list.count() == 1
    desk.press(Qt.Key.Key_Escape, where=care(desk).dialog)


@pytest.fixture
def opened(make_desk, sqlite_office: OfficeToTest, misbehaving) -> Iterator[tuple[Desk, Shim, Key]]:
    """An unlocked key of the chairman's token, for the window to lose and find again."""
    token = misbehaving("locks")
    desk = desk_with(make_desk, sqlite_office, token)
    desk.sit("chairman")
    got: list[Key] = []
    care(desk).with_key(Purpose.PERSONAL, "Sẽ ký 3 văn bản.", got.append, desk.program.window)
    desk.choose_key("Chủ tịch")
    desk.enter_pin()
    desk.until(lambda: bool(got))
    yield desk, token, got[0]


def revived(desk: Desk, trouble: KeyTrouble):
    """The reviver at work in a lane of its own, as a batch calls it."""
    revive = care(desk).reviver(Purpose.PERSONAL, desk.program.window)
    pool = ThreadPoolExecutor(1)
    future = pool.submit(revive, trouble)
    pool.shutdown(wait=False)
    return future


def test_a_pulled_token_is_waited_for_and_goes_on_after_one_pin(opened) -> None:
    desk, token, key = opened
    token.unplug()
    with pytest.raises(KeyTrouble) as lost:
        key.sign(b"x", digest="sha256", scheme=key.schemes[0])
    future = revived(desk, lost.value)
    revival = care(desk)._revival
    desk.until(lambda: isinstance(revival.dialog, PlugInDialog) and revival.dialog.isVisible())
    assert key.token.serial in said(revival.dialog)
    token.plug(shifted=2)                                   # in another slot
    desk.until(lambda: isinstance(revival.dialog, PinDialog) and revival.dialog.isVisible())
    logins = token.counts.logins
    desk.type(PIN.decode(), revival.dialog.pin)
    desk.press(Qt.Key.Key_Return, where=revival.dialog.pin)
    desk.until(future.done)
    assert future.result() is key and token.counts.logins == logins + 1
    assert key.sign(b"x", digest="sha256", scheme=key.schemes[0])


def test_a_wrong_pin_at_the_revival_is_sent_once_and_ends_it(opened) -> None:
    desk, token, key = opened
    token.unplug()
    token.plug()
    future = revived(desk, TokenRemoved(token=key.token.label))
    revival = care(desk)._revival
    desk.until(lambda: isinstance(revival.dialog, PinDialog) and revival.dialog.isVisible())
    desk.type("000000", revival.dialog.pin)
    desk.press(Qt.Key.Key_Return, where=revival.dialog.pin)
    desk.until(future.done)
    assert isinstance(future.exception(), PinRejected)
    assert token.counts.wrong == 1


def test_whoever_stops_waiting_for_the_token_stops_the_batch(opened) -> None:
    desk, token, key = opened
    token.unplug()
    future = revived(desk, TokenRemoved(token=key.token.label))
    revival = care(desk)._revival
    desk.until(lambda: isinstance(revival.dialog, PlugInDialog) and revival.dialog.isVisible())
    desk.press(Qt.Key.Key_Escape, where=revival.dialog)
    desk.until(future.done)
    assert future.cancelled() or future.exception() is not None
    assert threading.active_count() < 60


def test_what_no_plugging_can_help_is_raised_as_it_is(opened) -> None:
    desk, _token, key = opened
    trouble = PinRejected(token=key.token.label)
    future = revived(desk, trouble)
    desk.until(future.done)
    assert future.exception() is trouble


# ---- the certificate before it signs

@pytest.fixture
def key_file(make_desk, sqlite_office: OfficeToTest, material: Material, tmp_path: Path,
             monkeypatch: pytest.MonkeyPatch):
    """The chairman's desk with a key file: its certificate is known only once it is open. No list of revocation is at
    hand."""
    honest = certificate_check.check_certificate
    monkeypatch.setattr(certificate_check, "check_certificate", lambda *a, **k: unsure(honest(*a, **k)))
    path = material.issued["chairman"].save_pkcs12(tmp_path / "chủ tịch.p12", PASSWORD.encode())
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    document = signable(desk, sqlite_office)
    care(desk).shelf.keep_files((str(path),))

    def sign() -> str:
        desk.press(Qt.Key.Key_Return, CONTROL)
        dialog = desk.pin_dialog()
        desk.type(PASSWORD, dialog.pin)
        desk.press(Qt.Key.Key_Return, where=dialog.pin)
        return document

    return desk, sign


def test_what_is_not_certain_is_asked_and_may_be_declined(key_file, sqlite_office: OfficeToTest) -> None:
    desk, sign = key_file
    document = sign()
    looks = care(desk).looks
    desk.until(lambda: looks.dialog is not None and looks.dialog.isVisible())
    assert phrase("certificate_check.revocation_unknown") in said(looks.dialog)
    assert looks.dialog.yes.text() == phrase("key_look.go_on") and looks.dialog.windowTitle()
    desk.press(Qt.Key.Key_Escape, where=looks.dialog)
    desk.settle()
    assert sqlite_office.view("chairman", document).document.state is State.WAITING_SIGNATURE
    desk.until(lambda: desk.bench.signing.sign.isEnabled())
    looks.dialog = None
    desk.press(Qt.Key.Key_Return, CONTROL)          # the key is open: no password, and the question again
    desk.sign_all_the_same()
    desk.until(lambda: is_signed(sqlite_office, document))


def test_an_invalid_certificate_is_refused_with_its_reason(key_file, sqlite_office: OfficeToTest,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    desk, sign = key_file
    honest = certificate_check.check_certificate
    monkeypatch.setattr(certificate_check, "check_certificate", lambda *a, **k: revoked(honest(*a, **k)))
    document = sign()
    desk.until(lambda: desk.bench.session.tell.newest is not None)
    newest = desk.bench.session.tell.newest
    assert "certificate.refused" in newest.details and "thu hồi" in newest.explanation
    assert not is_signed(sqlite_office, document) and not care(desk).is_open(Purpose.PERSONAL)


def test_an_open_key_is_looked_at_again_later_and_only_news_is_asked(key_file, sqlite_office: OfficeToTest,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    desk, sign = key_file
    first = sign()
    desk.sign_all_the_same()
    desk.until(lambda: is_signed(sqlite_office, first))
    desk.settle()
    looked: list[bool] = []
    honest = certificate_check.check_certificate

    def counting(*given: object, online: bool, **more: object) -> CertificateState:
        looked.append(online)
        return honest(*given, online=online, **more)

    monkeypatch.setattr(certificate_check, "check_certificate", counting)
    monkeypatch.setattr(certificate_care, "FRESH", timedelta(0))
    second = signable(desk, sqlite_office, "202", sits=True)
    care(desk).looks.dialog = None
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: is_signed(sqlite_office, second))
    assert looked == [False] and care(desk).looks.dialog is None        # nothing new: nothing asked
    desk.settle()
    monkeypatch.setattr(certificate_check, "check_certificate", lambda *a, **k: revoked(honest(*a, **k)))
    third = signable(desk, sqlite_office, "203", sits=True)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: desk.bench.session.tell.newest is not None
               and "certificate.refused" in desk.bench.session.tell.newest.details)
    assert not is_signed(sqlite_office, third)


def revoked(state: CertificateState) -> CertificateState:
    return with_revocation(state, Verdict.INVALID, "revocation_revoked", revoked_at="10:00 01/02/2026")


def unsure(state: CertificateState) -> CertificateState:
    return with_revocation(state, Verdict.UNDETERMINED, "revocation_unknown")


def with_revocation(state: CertificateState, verdict: Verdict, code: str, **facts: str) -> CertificateState:
    last = replace(state.findings[-1], verdict=verdict, code=code, facts=facts)
    return replace(state, findings=(*state.findings[:-1], last))
