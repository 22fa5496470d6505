"""Verification where people meet it: a file dropped on the window, a document checked again, an authority confirmed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from docclient.demonstration.authority import Authority
from docclient.desk.trust import authorities_of, trust_of
from docclient.office.commands.people import AddTrust, TrustKind
from docclient.office.queries.verdicts import VerdictHistory
from signing.sign import SigningRequest, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import fingerprint
from tests.flows.desk import Desk
from tests.flows.test_signing_many import picture
from tests.offices import Material, OfficeToTest
from tests.papers.reading import assert_archival, pages_of
from ui.screens.trust.confirm import ConfirmDialog
from ui.workbench import TRUST, VERIFY

pytestmark = pytest.mark.window
PASSWORD = b"mat khau"


@pytest.fixture(scope="module")
def stranger() -> Authority:
    return Authority.make("Cơ quan chứng thực khác")


@pytest.fixture(scope="module")
def letter(stranger: Authority, material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signed under an authority that the office does not know."""
    folder = tmp_path_factory.mktemp("letter")
    key = open_key_file(stranger.issue_person("Trần Văn Khách", organisation="Sở Tư pháp").save_pkcs12(
        folder / "k.p12", PASSWORD, with_chain=False), bytearray(PASSWORD))
    return sign_pdf(material.draft, folder / "công văn.pdf", key, SigningRequest()).target


@pytest.fixture(scope="module")
def changed(letter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a black bar laid over it afterwards: 100 to 300 points from the left, 300 to 340 from below."""
    target = tmp_path_factory.mktemp("changed") / "đã sửa.pdf"
    writer = PdfWriter(str(letter), incremental=True)
    bar = DecodedStreamObject()
    bar.set_data(b"q 0 g 100 300 200 40 re f Q")
    page = writer.pages[0]
    page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), writer._add_object(bar)])
    writer.write(str(target))
    return target


def know(office: OfficeToTest, stranger: Authority) -> None:
    door = office.door("administrator")
    for kind, content in ((TrustKind.ANCHOR, stranger.anchor_der), (TrustKind.INTERMEDIATE, stranger.issuing_der),
                          *((TrustKind.CRL, each) for each in stranger.crl())):
        door.do(AddTrust(kind, door.put(content), "cơ quan khác"))


def drop(desk: Desk, file: Path) -> None:
    """As from a folder: over the window, then let go."""
    dragged, where = QMimeData(), QPoint(300, 300)
    dragged.setUrls([QUrl.fromLocalFile(str(file))])
    entered = QDragEnterEvent(where, Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton,
                              Qt.KeyboardModifier.NoModifier)
    desk.bench.dragEnterEvent(entered)
    assert entered.isAccepted() == (file.suffix == ".pdf")
    desk.bench.dropEvent(QDropEvent(where, Qt.DropAction.CopyAction, dragged, Qt.MouseButton.LeftButton,
                                    Qt.KeyboardModifier.NoModifier))


def test_a_dropped_file_is_verified_and_not_registered(desk: Desk, sqlite_office: OfficeToTest, letter: Path,
                                                       stranger: Authority, tmp_path: Path) -> None:
    bench = desk.sit("clerk")
    before = [row.id for row in bench.home.list.rows_model.rows]
    screen = bench.verification
    drop(desk, letter)
    assert bench.current is screen and screen.banner.shown.word == "Đang kiểm tra chữ ký"    # never blocks
    desk.until(lambda: screen.checked is not None)
    desk.settle()
    assert screen.banner.shown.word == "Chưa xác định được"
    (card,) = screen.panel.cards
    assert "Trần Văn Khách" in card.accessibleName() and "Sở Tư pháp" in card.accessibleName()
    assert not screen.panel.trust.isHidden()            # what to do next: the authority that is missing
    know(sqlite_office, stranger)
    screen.open_file(letter)
    desk.until(lambda: screen.checked is not None)
    desk.settle()
    assert screen.banner.shown.word == "Chữ ký hợp lệ"
    picture(desk, "verify-file")
    screen.save_report(tmp_path / "báo cáo.pdf")
    screen.save_evidence(tmp_path / "bằng chứng.zip")
    desk.settle()
    screen.save_report(tmp_path / "báo cáo.xml")
    desk.settle()
    assert_archival(tmp_path / "báo cáo.pdf")
    (page,) = pages_of(tmp_path / "báo cáo.pdf")
    assert "ỦY BAN NHÂN DÂN XÃ TÂN HIỆP" in page and "HỢP LỆ" in page and "Trần Văn Khách" in page
    assert b"total-passed" in (tmp_path / "báo cáo.xml").read_bytes()
    with zipfile.ZipFile(tmp_path / "bằng chứng.zip") as archive:
        assert stranger.anchor_der in {archive.read(name) for name in archive.namelist()}
    bench.go("home")
    desk.settle()
    assert [row.id for row in bench.home.list.rows_model.rows] == before


def test_what_is_no_pdf_is_not_taken(desk: Desk, tmp_path: Path) -> None:
    bench = desk.sit("clerk")
    (tmp_path / "a.docx").write_bytes(b"PK")
    drop(desk, tmp_path / "a.docx")
    assert bench.current is bench.home


def test_the_signed_version_beside_what_became_of_it(desk: Desk, letter: Path, changed: Path, tmp_path: Path) -> None:
    bench = desk.sit("clerk")
    screen = bench.verification
    bench.go(VERIFY, changed)
    desk.until(lambda: screen.checked is not None)
    desk.settle()
    assert screen.banner.shown.word == "Chữ ký không hợp lệ"
    (card,) = screen.panel.cards
    assert any(link.text().startswith("KHÔNG được phép") for link in card.changes)
    card.changes[0].click()
    assert screen.viewer.canvas.current_page == 1
    card.save_revision.setFocus()
    screen.save_revision(card.signature.told.field, tmp_path / "bản đã ký.pdf")
    desk.settle()
    assert (tmp_path / "bản đã ký.pdf").read_bytes() == letter.read_bytes()
    card.compare.click()
    desk.until(lambda: screen.comparison is not None)
    dialog = screen.comparison
    desk.until(lambda: dialog.is_done)
    for viewer in dialog.viewers:
        (box, *_) = dialog.outlines_of(viewer)
        assert (box.page, box.tone) == (1, "bad")
        assert 90 < box.left < 310 and 495 < box.top < 545           # points from the top of an A4 page
    assert "trang 1" in dialog._summary.text()
    picture(desk, "comparison")
    dialog.reject()
    desk.settle()


def test_a_document_is_verified_again_with_what_is_known_now(desk: Desk, sqlite_office: OfficeToTest, letter: Path,
                                                             stranger: Authority, tmp_path: Path) -> None:
    view = sqlite_office.received("31", file=letter)
    bench = desk.sit("clerk")
    desk.open_document(view.document.id)
    page, panel = bench.document, bench.document.details.signatures
    assert page.banner.shown.word == "Chưa xác định được"
    assert page.offers.button_for("RecheckSignatures") is None          # it stands beside the signatures
    desk.until(lambda: len(panel.shown.checks) == 1)
    know(sqlite_office, stranger)
    panel.recheck.click()
    desk.until(lambda: len(panel.shown.checks) == 2)
    desk.settle()
    assert page.banner.shown.word == "Chữ ký hợp lệ"
    newest, first = panel.shown.checks
    assert (newest.verdict.word, first.verdict.word) == ("Chữ ký hợp lệ", "Chưa xác định được")
    assert newest.by == sqlite_office.door("clerk").me.name and newest.evidence is not None
    page.details.setCurrentWidget(panel)
    desk.settle()
    bar = panel._scrolled.verticalScrollBar()
    bar.setValue(bar.maximum())
    picture(desk, "verdict-history")
    page.signatures.save_evidence(newest.evidence, tmp_path / "bằng chứng.zip")
    desk.settle()
    with zipfile.ZipFile(tmp_path / "bằng chứng.zip") as archive:
        assert json.loads(archive.read("result.json"))["conclusion"] == "valid"
    page.signatures.save_report(tmp_path / "báo cáo.pdf")
    desk.settle()
    assert "cong-van.pdf" in pages_of(tmp_path / "báo cáo.pdf")[0]
    digest = sqlite_office.view("clerk", view.document.id).main_file().current.digest
    assert len(sqlite_office.door("clerk").ask(VerdictHistory(view.document.id, digest))) == 2
    bench.go("incoming")
    desk.settle()
    (row,) = [each for each in bench.incoming.list.rows_model.rows if each.id == view.document.id]
    assert (row.signatures, row.signatures_tone) == ("Hợp lệ", "good")


def test_everything_in_doubt_is_verified_again_at_once(desk: Desk, sqlite_office: OfficeToTest, letter: Path,
                                                       stranger: Authority) -> None:
    for number in ("41", "42"):
        sqlite_office.received(number, file=letter)
    bench = desk.sit("clerk")
    bench.go(VERIFY)
    desk.until(lambda: not bench.verification.again.isHidden())
    assert "2" in bench.verification.again.text()
    know(sqlite_office, stranger)
    bench.verification.again.click()
    desk.until(lambda: bench.verification.again.isHidden())
    assert "2 văn bản" in desk.notice()


def test_the_administrator_confirms_an_authority_once(desk: Desk, sqlite_office: OfficeToTest, letter: Path) -> None:
    office = sqlite_office.door("administrator")
    sqlite_office.received("51", file=letter)
    bench = desk.sit("administrator")
    bench.go(TRUST)
    desk.until(lambda: bench.trust.shown is not None)
    waiting = [each for each in bench.trust.shown.authorities if each.confirmable]
    assert {each.authority.pinned.purpose.value for each in waiting} == {"government", "public"}
    assert any("RootCA Cơ quan chứng thực khác" in each or "CA phục vụ" in each for each in bench.trust.shown.missing)
    root = next(each for each in waiting if each.authority.pinned.purpose.value == "government")
    assert root.authority.der not in trust_of(office).anchors           # shipped, and not believed yet
    picture(desk, "trust")
    bench.trust.buttons[f"confirm {root.authority.fingerprint}"].click()
    dialog = bench.trust.dialog
    assert isinstance(dialog, ConfirmDialog) and root.authority.fingerprint[:4] in dialog.fingerprint.text()
    assert not dialog.believe.isEnabled()
    picture(desk, "trust-confirm")
    desk.type("00000000", dialog.line)
    desk.press(Qt.Key.Key_Return, where=dialog.line)
    desk.until(lambda: not dialog._wrong.isHidden())
    assert root.authority.der not in trust_of(office).anchors
    dialog.line.clear()
    desk.type(f"{root.fingerprint[-9:]}".lower(), dialog.line)          # as it is printed, with its space
    desk.press(Qt.Key.Key_Return, where=dialog.line)
    desk.until(lambda: root.authority.der in trust_of(office).anchors)
    desk.settle()
    bench.trust.buttons[f"remove {root.authority.fingerprint}"].click()
    desk.until(lambda: root.authority.der not in trust_of(office).anchors)
    desk.settle()


def test_certificates_from_a_file(desk: Desk, sqlite_office: OfficeToTest, stranger: Authority, tmp_path: Path) -> None:
    office = sqlite_office.door("administrator")
    (tmp_path / "between.cer").write_bytes(stranger.issuing_der)
    (tmp_path / "root.cer").write_bytes(stranger.anchor_der)
    (tmp_path / "none.cer").write_bytes(b"no certificate")
    bench = desk.sit("administrator")
    bench.go(TRUST)
    desk.until(lambda: bench.trust.shown is not None)
    bench.trust.take_file(tmp_path / "between.cer")
    desk.until(lambda: stranger.issuing_der in {each.der for each in authorities_of(office)})
    assert stranger.issuing_der in trust_of(office).intermediates
    bench.trust.take_file(tmp_path / "root.cer")
    desk.until(lambda: bench.trust.dialog is not None)
    desk.type(fingerprint(stranger.anchor_der)[-8:], bench.trust.dialog.line)
    desk.press(Qt.Key.Key_Return, where=bench.trust.dialog.line)
    desk.until(lambda: stranger.anchor_der in trust_of(office).anchors)
    desk.settle()
    bench.trust.take_file(tmp_path / "none.cer")
    desk.until(lambda: "none.cer" in desk.notice())


def test_the_network_is_off_until_the_administrator_allows_it(desk: Desk, sqlite_office: OfficeToTest) -> None:
    from docclient.desk.trust import asks_network

    office = sqlite_office.door("administrator")
    assert not asks_network(office)
    bench = desk.sit("clerk")
    bench.go(TRUST)
    desk.settle()
    assert not bench.trust.network.isEnabled() and bench.trust.add.isHidden()      # to look, not to change
    bench = desk.sit("administrator")
    bench.go(TRUST)
    desk.settle()
    bench.trust.network.click()
    desk.until(lambda: asks_network(office))
    desk.settle()
