"""A clerk's day: register what came, number and seal what is signed, issue it, take in paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from docclient.demonstration.material import sample_letters
from docclient.demonstration.neighbours import Sender
from docclient.office.commands.arriving import ReceivePaper
from docclient.office.model import DocumentId, State, Step
from signing.trust import TrustStore
from tests.flows.desk import CONTROL, Desk
from tests.offices import OfficeToTest
from ui.session import Session

pytestmark = pytest.mark.window


def test_registers_what_came_and_lands_on_the_next(desk: Desk, sqlite_office: OfficeToTest) -> None:
    first, second = (sqlite_office.received(number).document.id for number in ("101", "102"))
    bench = desk.sit("clerk")
    assert [row.id for row in bench.home.list.rows_model.rows] == [first, second]
    desk.press(Qt.Key.Key_Return, where=bench.home.list)
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == first)
    desk.settle()
    assert bench.document.banner.shown.word == "Không có chữ ký số"
    desk.press(Qt.Key.Key_Return, CONTROL)
    giver = bench.document.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    form = giver.dialog.form
    assert form.inputs["code_number"].text() == "101"                   # from the packet, to be confirmed
    assert form.inputs["issued_date"].line.text() == "05/03/2026"
    assert form.inputs["leader"].currentText().startswith("Chủ tịch")
    form.inputs["urgency"].setCurrentIndex(form.inputs["urgency"].findText("Khẩn"))
    desk.press(Qt.Key.Key_Return, CONTROL, form.inputs["subject"])
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == second)
    registered = sqlite_office.view("clerk", first).document
    assert (registered.state, registered.arrival_number) == (State.WAITING_DIRECTION, 1)
    assert registered.urgency.name == "URGENT"
    assert "Số: 1" in desk.notice()


def test_returns_what_was_misaddressed_with_a_reason(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.received("101").document.id
    bench = desk.sit("clerk")
    desk.open_document(document)
    bench.document.offers.button_for("ReturnIncoming").click()
    giver = bench.document.giver
    desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
    giver.dialog.confirm.click()
    assert giver.dialog.form._wrong["reason"].isVisible()               # not without a reason
    giver.dialog.form.inputs["reason"].setPlainText("Gửi nhầm cơ quan")
    giver.dialog.confirm.click()
    desk.until(lambda: sqlite_office.view("clerk", document).document.state is State.RETURNED)


def test_numbers_seals_and_issues(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.signed("105").document.id
    bench = desk.sit("clerk")
    desk.open_document(document)
    assert bench.document.offers.buttons[0].property("command") == "NumberOutgoing"
    assert bench.document.offers.button_for("ReturnDraft") is not None
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.choose_key("Ủy ban nhân dân")
    desk.enter_pin()
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.title == "Công văn 01/UBND-KT")
    desk.settle()
    assert bench.document.banner.shown.word == "Chữ ký hợp lệ"
    assert [each.signer for each in bench.document.shown.signatures] == [
        "Chủ tịch UBND xã", "Ủy ban nhân dân xã Tân Hiệp"]
    desk.press(Qt.Key.Key_Return, CONTROL)                              # issue
    desk.until(lambda: sqlite_office.view("clerk", document).document.state is State.ISSUED)


def paper(office: OfficeToTest) -> DocumentId:
    """A digitised letter whose number was read badly."""
    clerk = office.door("clerk")
    pdf = clerk.put(office.material.draft.read_bytes())

    def read(value: str, certainty: float, box: list[float] | None = None) -> dict[str, object]:
        return {"value": value, "certainty": certainty, "page": 1, "box_mm": box or [40, 40, 80, 46],
                "alternatives": ["487"] if value == "437" else []}

    receipt = clerk.do(ReceivePaper("thu.pdf", pdf, {
        "type_name": read("Công văn", 0.97), "code_number": read("437", 0.41), "code_notation": read("UBND-KT", 0.98),
        "issued_date": read("2026-03-05", 0.72), "organ_name": read("Ủy ban nhân dân xã Tân Bình", 0.98),
        "subject": read("V/v nạo vét kênh", 0.98)}))
    assert receipt.document is not None
    return receipt.document


def test_paper_is_checked_doubtful_first_signed_and_registered(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = paper(sqlite_office)
    bench = desk.sit("clerk")
    desk.press(Qt.Key.Key_5, CONTROL)
    panel = bench.paper.confirm
    desk.until(lambda: panel.form is not None and bench.paper.viewer.canvas.is_shown(1))
    desk.settle()
    assert list(panel.form.inputs)[:3] == ["code_number", "issued_date", "type_name"]
    assert panel._summary.text() == "2 mục cần kiểm tra, xếp lên đầu"
    assert not panel.form.pictures["code_number"].pixmap().isNull()     # the place on the page, enlarged
    number = panel.form.inputs["code_number"]
    assert number.hasFocus()
    other = next(button for button in panel.form.findChildren(QPushButton) if button.text() == "487")
    other.click()
    desk.press(Qt.Key.Key_Return, where=number)
    assert panel.form.inputs["issued_date"].line.hasFocus()             # on to the next doubtful one
    assert bench.paper.viewer.canvas._marked == "issued_date"           # and its place on the page stands out
    desk.press(Qt.Key.Key_Return, where=panel.form.inputs["issued_date"].line)
    assert panel.confirm.hasFocus()                                     # what is sure is taken as it is
    assert panel.next_number.text() == "Số đến tiếp theo: 1" and panel.watch.text().startswith("0:")
    assert not panel.twin_bar.isVisible()
    desk.press(Qt.Key.Key_Return, where=panel.confirm)
    desk.choose_key("Ủy ban nhân dân")
    with desk.qtbot.waitSignal(bench.paper.registered, timeout=30_000):
        desk.enter_pin()
    assert "số 1 (" in desk.notice() and "giây" in desk.notice()
    view = sqlite_office.view("clerk", document)
    assert (view.document.code_number, view.document.arrival_number) == ("487", 1)
    assert view.document.state is State.WAITING_DIRECTION               # on to the leader at once
    assert view.main_file().current.step is Step.COPY_SIGNED
    assert view.main_file().current.conclusion == "valid"
    desk.until(lambda: bench.paper._empty.isVisible())


def test_a_paper_that_is_here_already_stands_beside_its_form(desk: Desk, sqlite_office: OfficeToTest) -> None:
    twin = sqlite_office.registered("301").document
    clerk = sqlite_office.door("clerk")
    pdf = clerk.put(sqlite_office.material.draft.read_bytes())
    sure = {name: {"value": value, "certainty": 0.97, "page": 1, "box_mm": [40, 40, 80, 46], "alternatives": []}
            for name, value in (("type_name", twin.type_name), ("code_number", twin.code_number or ""),
                                ("code_notation", twin.code_notation or ""), ("subject", twin.subject),
                                ("issued_date", twin.issued_date.isoformat() if twin.issued_date else ""),
                                ("organ_name", twin.issuer_name or ""))}
    receipt = clerk.do(ReceivePaper("thu.pdf", pdf, sure))
    bench = desk.sit("clerk")
    desk.press(Qt.Key.Key_5, CONTROL)
    panel = bench.paper.confirm
    desk.until(panel.twin_bar.isVisible)
    assert "301" in panel.twin_bar._told.text() and panel.confirm.hasFocus()
    panel.twin_bar.seen.setChecked(True)
    desk.press(Qt.Key.Key_Return, where=panel.confirm)
    desk.choose_key("Ủy ban nhân dân")
    with desk.qtbot.waitSignal(bench.paper.registered, timeout=30_000):
        desk.enter_pin()
    assert [each.kind for each in sqlite_office.view("clerk", receipt.document).links] == ["same_number"]


def test_a_bad_scan_is_told_and_nothing_is_made(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    (tmp_path / "hong.png").write_bytes(b"\x89PNG\r\n\x1a\n nothing more")
    bench = desk.sit("clerk")
    bench.go("paper")
    bench.paper.take_in([tmp_path / "hong.png"])
    desk.until(lambda: bench.session.tell.newest is not None)
    assert bench.session.tell.newest.tone == "bad" and "hong.png" in bench.session.tell.newest.spoken
    assert not bench.session.progress.isVisible()
    assert bench.paper.choose.isEnabled()


def test_reading_paper_can_be_stopped(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    from PIL import Image

    pages = []
    for number in range(6):
        pages.append(tmp_path / f"{number}.png")
        Image.new("RGB", (1654, 2339), "white").save(pages[-1], dpi=(200, 200))
    bench = desk.sit("clerk")
    bench.go("paper")
    session: Session = bench.session
    bench.paper.take_in(pages)
    assert session.progress.isVisible()
    session.progress.cancel.click()
    desk.until(lambda: not session.progress.isVisible())
    assert session.tell.newest is None          # stopped is not failed
    assert not bench.paper.list.rows_model.rows


def test_the_list_finds_without_marks_and_narrows_by_state(desk: Desk, sqlite_office: OfficeToTest) -> None:
    received = sqlite_office.received("777").document.id
    registered = sqlite_office.registered("778").document.id
    bench = desk.sit("clerk")
    desk.press(Qt.Key.Key_2, CONTROL)
    desk.settle()
    rows = bench.incoming.list.rows_model
    assert {row.id for row in rows.rows} == {received, registered}
    desk.press(Qt.Key.Key_F, CONTROL)
    assert bench.incoming.search.hasFocus()
    desk.type("bao cao 778")
    desk.until(lambda: [row.id for row in rows.rows] == [registered])
    desk.press(Qt.Key.Key_Escape)
    desk.until(lambda: len(rows.rows) == 2)
    bench.incoming.states.setCurrentIndex(bench.incoming.states.findText("Chờ tiếp nhận"))
    desk.until(lambda: [row.id for row in rows.rows] == [received])
    bench.incoming.search.setText("khong co gi nhu vay")
    desk.until(lambda: bench.incoming._empty.isVisible())


def test_news_arrive_by_themselves(desk: Desk, sqlite_office: OfficeToTest) -> None:
    bench = desk.sit("clerk")
    desk.until(lambda: bench.home._empty.isVisible())
    document = sqlite_office.received("101").document.id
    bench.news.look()
    desk.until(lambda: [row.id for row in bench.home.list.rows_model.rows] == [document])
    desk.until(lambda: bench.rail.buttons["home"].count == 1)


def test_the_post_brings_a_packet_and_takes_the_answer_away(make_desk, sqlite_office: OfficeToTest, tmp_path: Path,
                                                            ) -> None:
    letter = sample_letters().incoming_request
    office_folder = sqlite_office.place.blobs.parent
    desk: Desk = make_desk(sqlite_office.place, office=sqlite_office, with_post=True)
    bench = desk.sit("clerk")
    assert bench.post is not None
    desk.until(lambda: not bench.post._busy)
    sender = Sender(letter.issuer_code, letter.issuer_name, tmp_path, TrustStore())
    sender.send(letter, sqlite_office.material.draft, office_folder / "exchange" / "inbox")
    for _ in range(2):                  # a file counts when two looks find it unchanged
        with desk.qtbot.waitSignal(bench.post.ended, timeout=30_000):
            desk.press(Qt.Key.Key_F9)
    desk.until(lambda: [row.waits_for for row in bench.home.list.rows_model.rows] == ["Chờ tiếp nhận"])
    sent = sorted(file.suffix for file in (office_folder / "exchange" / "outbox").iterdir())
    assert sent == [".edxml"]           # status 01: it has arrived
