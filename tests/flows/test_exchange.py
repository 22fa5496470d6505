"""The exchange screen: ways set up and tried, the outbox and silence acted on by keyboard, directory, groups."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from docclient.carriers import CARRIERS_FILE, AxisSetup, Carriers, GatewaySetup, MailSetup, carriers_folder, setup_of
from docclient.desk.carrying import Round, WayDone
from docclient.desk.packet_files import packets_of
from docclient.desk.post import fetch_post, send_post
from docclient.desk.way_records import records_in
from docclient.desk.ways_care import WaysCare
from docclient.desk.workplace import fetch_bytes
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.packet import DocumentPacket
from docclient.exchange.transports.http_line import CarrierAway, CarrierRefused
from docclient.office.commands.correcting import AddRecipients
from docclient.office.commands.people import SetFact
from docclient.office.model import Digest
from docclient.office.queries.directory import RecipientGroups
from docclient.office.queries.fate import SilenceDays, SilenceDaysView, SilentDeliveries
from docclient.office.queries.office import Outbox
from docclient.office.queries.outbox import CountOutbox
from docclient.office.silence import ARRIVED_DAYS
from docclient.secrets import Secrets
from tests.command_line.test_post import packet_for
from tests.drafts import give, now
from tests.exchange.test_arrival import arrived
from tests.fakes.carrying import MemoryTransport
from tests.fakes.exchange_services import SECRET, SYSTEM, Axis, carrier
from tests.fakes.safe import MemorySafe
from tests.flows.desk import CONTROL, Desk
from tests.flows.rounds import picture
from tests.offices import OfficeToTest
from ui.dialogs.question_dialog import QuestionDialog
from ui.dialogs.way_dialog import FolderLine, ServerLine, WayDialog
from ui.screens.exchange.deliveries import OutboxPanel, SilencePanel
from ui.screens.exchange.directory_panel import DirectoryPanel
from ui.screens.exchange.ways_panel import WaysPanel
from ui.workbench import EXCHANGE, Workbench

pytestmark = pytest.mark.window


def tab(bench: Workbench, desk: Desk, key: str):
    bench.go(EXCHANGE, key)
    desk.settle()
    return bench.exchange.panels[key]


def fill(dialog: WayDialog, **values: str) -> None:
    for name, value in values.items():
        field = dialog.inputs[name]
        line = field.line if isinstance(field, FolderLine) else field.host if isinstance(field, ServerLine) else field
        assert isinstance(line, QLineEdit)
        line.setText(value)


def said(dialog: WayDialog) -> str:
    return dialog._came.text()


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """Takes a call and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server


def test_the_administrator_adds_a_way_tries_it_and_it_is_never_shown_again(desk: Desk, sqlite_office: OfficeToTest,
                                                                           ) -> None:
    bench = desk.sit("administrator")
    panel = tab(bench, desk, "ways")
    assert isinstance(panel, WaysPanel) and panel._empty.isVisible()
    desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    desk.until(lambda: isinstance(panel.dialog, WayDialog) and panel.dialog.isVisible())
    dialog = panel.dialog
    assert isinstance(dialog, WayDialog)
    with carrier(Axis) as pile:
        dialog.kind.setCurrentIndex(dialog.kind.findData("axis"))
        assert "thử với dịch vụ thật" in dialog._note.text() and dialog._note.isVisible()
        dialog.save.click()
        assert "Tên" in said(dialog) and dialog.isVisible()
        fill(dialog, name="Trục", address=f"{pile.address}/adapter", system=SYSTEM, sender=SYSTEM, secret="sai khóa")
        dialog.test.click()
        desk.until(lambda: "không nhận mã hoặc khóa" in said(dialog))
        assert "sai khóa" not in said(dialog)
        fill(dialog, secret=SECRET)
        pile.put(b"<x/>")
        dialog.test.click()
        desk.until(lambda: said(dialog) == "Vào được “Trục”; đang có 1 mục chờ nhận.")
        picture(desk, "exchange-way")
        assert pile.told == {} and not pile.sent             # nothing was taken or sent
        desk.press(Qt.Key.Key_Return, CONTROL, where=dialog)
        desk.until(lambda: [row.name for row in panel.list.rows_model.rows] == ["Trục"])
        desk.settle()
        safe = bench.ways.secrets
        assert bytes(safe.get("carrier: Trục") or b"").decode() == SECRET
        assert SECRET not in (carriers_folder(sqlite_office.place) / CARRIERS_FILE).read_text("utf-8")
        panel.ask_change()
        desk.until(lambda: panel.dialog is not None and panel.dialog.isVisible())
        again = panel.dialog
        assert isinstance(again, WayDialog) and again.secret.text() == "" and not again.name.isEnabled()
        fill(again, sender="H99.03")
        again.save.click()
        desk.settle()
        (kept,) = Carriers(carriers_folder(sqlite_office.place) / CARRIERS_FILE).all()
        assert isinstance(kept, AxisSetup) and kept.sender == "H99.03"
        assert bytes(safe.get("carrier: Trục") or b"").decode() == SECRET       # left empty: as before
        panel.try_chosen()
        desk.until(lambda: "Vào được “Trục”" in desk.notice())
    panel.ask_removal()
    desk.until(lambda: panel.dialog is not None and panel.dialog.isVisible())
    picture(desk, "exchange-way-removal")
    assert isinstance(panel.dialog, QuestionDialog)
    desk.press(Qt.Key.Key_Return, where=panel.dialog.yes)
    desk.until(lambda: not panel.list.rows_model.rows)
    assert safe.get("carrier: Trục") is None


def test_a_trial_that_hangs_is_given_up_at_once(desk: Desk, silent_server: socket.socket) -> None:
    bench = desk.sit("administrator")
    panel = tab(bench, desk, "ways")
    panel.ask_new()
    dialog = panel.dialog
    assert isinstance(dialog, WayDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData("axis"))
    address = f"http://127.0.0.1:{silent_server.getsockname()[1]}"
    fill(dialog, name="Trục", address=address, system=SYSTEM, sender=SYSTEM, secret="khóa")
    silent_server.settimeout(60)
    dialog.test.click()
    assert dialog.test.text() == "Dừng thử"
    line, _ = silent_server.accept()        # it has called, and will not be answered
    dialog.test.click()
    assert (said(dialog), dialog.test.text()) == ("Đã dừng thử.", "Thử kết nối")
    dialog.reject()
    assert dialog.secret.text() == ""
    desk.settle()                           # nobody waits for the call behind it
    assert desk.notice() == "" and bench.session.background.running == 0
    line.close()


@pytest.mark.parametrize(("kind", "fields", "made"), [
    ("mail", {"address": "vt@xa.example", "user": "vt", "incoming": "imap.xa.example", "outgoing": "smtp.xa.example",
              "secret": "x"}, MailSetup),
    ("gateway", {"address": "https://lgsp.example", "system": SYSTEM, "user": "xa", "secret": "x", "second": "y"},
     GatewaySetup)])
def test_the_form_of_each_kind(desk: Desk, kind: str, fields: dict[str, str], made: type) -> None:
    bench = desk.sit("administrator")
    panel = tab(bench, desk, "ways")
    panel.ask_new()
    dialog = panel.dialog
    assert isinstance(dialog, WayDialog)
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    fill(dialog, name="Mới", **fields)
    setup = dialog.setup()
    assert isinstance(setup, made) and set(dialog.typed(setup)) == set(setup.secrets)
    picture(desk, f"exchange-way-{kind}")
    if isinstance(setup, MailSetup):
        assert (setup.incoming_port, setup.outgoing_port, setup.incoming_security.value) == (993, 465, "tls")
        dialog.entry.setCurrentIndex(1)
        fill(dialog, token_address="ftp://x")
        dialog.save.click()
        assert "Địa chỉ cấp token" in said(dialog)
    dialog.reject()


def test_the_clerk_sees_the_ways_and_may_try_them(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    office, folder = sqlite_office, carriers_folder(sqlite_office.place)
    Carriers(folder / CARRIERS_FILE).put(setup_of({"kind": "folder", "name": "Thư mục", "inbox": str(tmp_path / "a"),
                                                   "outbox": str(tmp_path / "b")}))
    carriers = Carriers(folder / CARRIERS_FILE)
    for name, address in (("Trục liên thông", "https://adapter.tanhiep.example"), ("Trục dự phòng", "https://b.example")):
        carriers.put(setup_of({"kind": "axis", "name": name, "address": address, "system": SYSTEM, "sender": SYSTEM}))
    carriers.put(setup_of({"kind": "mail", "name": "Thư công vụ", "address": "vt@tanhiep.example", "user": "vt",
                           "incoming_host": "imap.tanhiep.example", "outgoing_host": "smtp.tanhiep.example"}))
    away = CarrierAway(host="adapter.tanhiep.example", reason="ConnectTimeout")
    office.issued()
    bench = desk.sit("clerk")
    for name in ("Trục liên thông", "Thư công vụ"):
        bench.ways.secrets.put(f"carrier: {name}", bytearray(b"x"))
    records_in(folder).note(Round((WayDone("Trục liên thông"), WayDone("Thư công vụ", sent=2)), ()),
                            datetime.now(UTC) - timedelta(minutes=40))
    records_in(folder).note(Round((WayDone("Trục liên thông", trouble=away), WayDone("Thư công vụ", sent=1)), ()),
                            datetime.now(UTC))
    panel = tab(bench, desk, "ways")
    assert isinstance(panel, WaysPanel) and set(panel.buttons) == {"ways.try"}
    rows = {row.name: row for row in panel.list.rows_model.rows}
    assert rows["Thư mục"].state == "Chưa gửi nhận lần nào" and int(rows["Thư mục"].waiting) > 0
    assert "adapter.tanhiep.example" in rows["Trục liên thông"].state and "Lần cuối vào được" in \
        rows["Trục liên thông"].state
    assert rows["Trục dự phòng"].state == "Chưa có mật khẩu hoặc khóa"
    assert (rows["Thư công vụ"].state, rows["Thư công vụ"].tone) == ("Đang hoạt động", "good")
    panel.list.choose(1)
    assert panel._lines[2][1].text().startswith("Chưa được thử với dịch vụ thật")
    picture(desk, "exchange-ways")
    panel.list.choose(0)
    panel.try_chosen()
    desk.until(lambda: "Không xem được thư mục nhận" in desk.notice())
    assert not (tmp_path / "a").exists()


def test_a_shared_office_says_where_its_ways_are(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    bench = desk.sit("administrator")
    care = WaysCare(False, tmp_path, Carriers(tmp_path / CARRIERS_FILE), Secrets(MemorySafe()), records_in(tmp_path))
    panel = WaysPanel(bench.exchange, care)
    panel.refresh()
    desk.settle()
    assert set(panel.buttons) == {"ways.try"} and "nằm trên máy chủ" in panel._empty.words.text()


def refused(desk: Desk, office: OfficeToTest) -> None:
    """An issued document whose packets a service has refused."""

    def refuse(packet: object) -> None:
        raise CarrierRefused(host="axis.example", answer="18 receiver not found")

    office.issued()
    send_post(office.door("clerk"), MemoryTransport(answers=refuse))


def test_what_did_not_leave_is_sent_again_or_given_up(desk: Desk, sqlite_office: OfficeToTest) -> None:
    office = sqlite_office
    refused(desk, office)
    clerk = office.door("clerk")
    stuck = clerk.ask(Outbox(("failed",)))
    assert len(stuck) >= 2
    bench = desk.sit("clerk")
    desk.until(lambda: bench.home.deliveries["home_outbox"].isVisible())
    assert bench.home.deliveries["home_outbox"].text() == f"Chưa gửi được: {len(stuck)}"
    assert bench.rail.buttons[EXCHANGE].count == len(stuck)
    picture(desk, "exchange-home")
    bench.home.deliveries["home_outbox"].click()
    desk.settle()
    panel = bench.exchange.current
    assert isinstance(panel, OutboxPanel) and panel.list.hasFocus()
    row = panel.list.current_row()
    assert row.state == "failed" and "axis" not in row.recipient_name
    picture(desk, "exchange-outbox")
    panel.list.mark(lambda each: each.item == stuck[0].id)
    panel.ask_reason()
    desk.until(lambda: panel.dialog is not None and panel.dialog.isVisible())
    panel.dialog.confirm.click()
    assert panel.dialog.wrong.isVisible()                   # a reason is asked for
    panel.dialog.words.setPlainText("Cơ quan này đã giải thể")
    panel.dialog.confirm.click()
    desk.until(lambda: clerk.ask(CountOutbox()).set_aside == 1)
    desk.settle()
    assert panel.list.rows_model.rows[0].state == "set_aside"
    panel.list.setFocus()
    desk.press(Qt.Key.Key_A, CONTROL)
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: clerk.ask(CountOutbox()).failed + clerk.ask(CountOutbox()).set_aside == 0)
    desk.settle()
    assert desk.notice() == f"Đã đưa {len(stuck)} gói tin vào lượt gửi tới."
    desk.press(Qt.Key.Key_Return, where=panel.list)
    desk.until(lambda: bench._at == "document")


def test_all_silent_ones_are_reminded_at_once(desk: Desk, sqlite_office: OfficeToTest) -> None:
    office = sqlite_office
    document = office.issued().document.id
    clerk = office.door("clerk")
    give(office, "clerk", AddRecipients, document, recipients=("H99.22",))
    send_post(clerk, MemoryTransport())
    office.door("administrator").do(SetFact(ARRIVED_DAYS, "0"))
    bench = desk.sit("clerk")
    desk.until(lambda: bench.home.deliveries["home_silence"].isVisible())
    panel = tab(bench, desk, "silence")
    assert isinstance(panel, SilencePanel) and len(panel.list.rows_model.rows) == 2
    desk.press(Qt.Key.Key_A, CONTROL, where=panel.list)
    picture(desk, "exchange-silence")
    desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: panel.dialog is not None and panel.dialog.isVisible())
    picture(desk, "exchange-urge")
    panel.dialog.confirm.click()
    desk.until(lambda: all(each.urged_at is not None for each in clerk.ask(SilentDeliveries())))
    desk.settle()
    assert desk.notice() == "Đã ghi đôn đốc 2 nơi nhận."


def test_the_chief_of_office_sets_how_long_is_waited(desk: Desk, sqlite_office: OfficeToTest) -> None:
    bench = desk.sit("chief_of_office")
    panel, screen = tab(bench, desk, "silence"), bench.exchange
    assert isinstance(panel, SilencePanel) and screen is not None
    desk.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    desk.until(lambda: screen.giver.dialog is not None and screen.giver.dialog.isVisible())
    dialog = screen.giver.dialog
    arrived = dialog.form.inputs["arrived_days"]
    assert (arrived.text(), dialog.form.inputs["accepted_days"].text()) == ("1", "2")
    picture(desk, "exchange-silence-days")
    arrived.setText("5")
    desk.press(Qt.Key.Key_Return, CONTROL, where=arrived)
    desk.until(lambda: sqlite_office.door("clerk").ask(SilenceDays()) == SilenceDaysView(5, 2))
    desk.settle()
    assert desk.notice() == "Đã đặt thời gian chờ phản hồi."


def test_the_directory_is_brought_from_a_file_and_searched(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "danh-ba.json"
    file.write_text(json.dumps([{"code": f"H41.{number:02}", "name": f"Trường Tiểu học số {number}"}
                                for number in range(40)]), encoding="utf-8")
    bench = desk.sit("clerk")
    panel = tab(bench, desk, "directory")
    assert isinstance(panel, DirectoryPanel)
    panel.bring_file(file)
    desk.until(lambda: "mới 40, thay đổi 0, ngừng 0" in desk.notice())
    desk.settle()
    assert [(row.source, row.units) for row in panel.sources.rows_model.rows] == [("danh-ba.json", 40)]
    panel.search.setText("truong so 39")
    desk.until(lambda: [row.code for row in panel.found.rows_model.rows] == ["H41.39"])
    picture(desk, "exchange-directory")
    panel.bring_file(tmp_path / "không có.csv")
    desk.until(lambda: "không có.csv" in (bench.session.tell.newest.spoken if bench.session.tell.newest else ""))


def test_groups_are_made_changed_and_removed(desk: Desk, sqlite_office: OfficeToTest) -> None:
    bench = desk.sit("clerk")
    clerk = sqlite_office.door("clerk")
    panel = tab(bench, desk, "groups")
    giver = bench.exchange.giver

    def dialog_for(label: str):
        panel.buttons[label].click()
        desk.until(lambda: giver.dialog is not None and giver.dialog.isVisible())
        desk.settle()
        return giver.dialog

    dialog = dialog_for("exchange.new_group")
    dialog.form.inputs["name"].setText("Các xã")
    dialog.form.inputs["recipients"].choose(["H99.22", "H99.23"])
    desk.settle()
    picture(desk, "exchange-group")
    dialog.confirm.click()
    desk.until(lambda: [row.name for row in panel.list.rows_model.rows] == ["Các xã"])
    desk.settle()
    (group,) = clerk.ask(RecipientGroups())
    assert not group.own and [each.code for each in group.recipients] == ["H99.22", "H99.23"]
    dialog = dialog_for("exchange.change_group")
    assert dialog.form.inputs["name"].text() == "Các xã"
    dialog.form.inputs["name"].setText("Các xã phía nam")
    dialog.confirm.click()
    desk.until(lambda: [each.name for each in clerk.ask(RecipientGroups())] == ["Các xã phía nam"])
    desk.settle()
    picture(desk, "exchange-groups")
    dialog_for("exchange.remove_group").confirm.click()
    desk.until(lambda: not clerk.ask(RecipientGroups()))


def test_packets_are_taken_in_from_the_menu(make_desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    desk: Desk = make_desk(sqlite_office.place, office=sqlite_office, with_post=True)
    bench = desk.sit("clerk")
    bench.go(EXCHANGE)
    desk.settle()
    file = tmp_path / "đến.edxml"
    file.write_bytes(packet_for(sqlite_office))
    bench.exchange.import_files.click()
    dialog = bench.exchange.dialog
    assert dialog is not None and dialog.isVisible()
    dialog.filesSelected.emit([str(file)])
    dialog.reject()
    desk.until(lambda: "Đã tiếp nhận 1 gói tin" in desk.notice())
    bench.go("home")
    desk.until(lambda: [row.waits_for for row in bench.home.list.rows_model.rows] == ["Chờ tiếp nhận"])
    document = bench.home.list.rows_model.rows[0].id
    assert now(sqlite_office, document).id == document


def test_an_officer_has_no_exchange_screen(desk: Desk) -> None:
    assert EXCHANGE not in desk.sit("officer_economy").rail.buttons


def test_packets_are_saved_from_the_documents_page(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    office = sqlite_office
    document = office.issued().document.id
    give(office, "clerk", AddRecipients, document, recipients=("H99.22",))
    bench = desk.sit("clerk")
    desk.open_document(document)
    care = bench.document.packets
    assert care.button.isVisible()
    care.begin()
    desk.settle()
    words = [action.text() for action in care.menu.actions() if action.text()]
    assert words[0] == "Gói tin gửi nơi nào?" and words[-1] == "Mọi nơi nhận (2 tệp vào một thư mục)"
    care.menu.close()
    items = packets_of(office.door("clerk"), document)
    care.save_one(items[0], tmp_path / "một.edxml")
    desk.until(lambda: "một.edxml" in desk.notice())
    packet = read_packet((tmp_path / "một.edxml").read_bytes())
    assert isinstance(packet, DocumentPacket) and packet.header.to[0].organ_id == items[0].recipient_code
    care.save_all(items, tmp_path)
    desk.until(lambda: "Đã lưu 2 gói tin" in desk.notice())
    picture(desk, "exchange-save-packet")


def test_a_received_packet_is_saved_as_it_came(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    came = packet_for(sqlite_office)
    fetch_post(sqlite_office.door("clerk"), MemoryTransport({"p": came}))
    bench = desk.sit("clerk")
    desk.open_document(bench.home.list.rows_model.rows[0].id)
    care = bench.document.packets
    assert care.button.isVisible()
    digest = care._received()
    assert digest is not None
    care.save_received(bench.document.document, digest, tmp_path / "đến.edxml")
    desk.until(lambda: "đến.edxml" in desk.notice())
    assert (tmp_path / "đến.edxml").read_bytes() == came


def test_an_arrival_shows_signatures_sender_and_twin(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    office = sqlite_office
    main = office.issued().main_file()
    assert main is not None
    signed = fetch_bytes(office.door("clerk"), Digest(main.current.digest))
    first = arrived(office, office.material.draft.read_bytes())
    second = arrived(office, signed, more=("bang-ke.pdf", office.material.draft.read_bytes()))
    bench = desk.sit("clerk")
    desk.open_document(second.document.id)
    card = bench.document.arrival
    desk.until(card.isVisible)
    words = "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())
    assert "12-QD-VP.pdf: " in words and "bang-ke.pdf: " in words and "nhưng chứng thư số của" in words
    assert [each.document for each in card.twins] == [first.document.id] and "12/QĐ-VP" in card.buttons[0].text()
    picture(desk, "exchange-arrival")
    card.buttons[0].click()
    giver = bench.document.giver
    desk.until(lambda: giver.comparison is not None and giver.comparison.isVisible())
    picture(desk, "exchange-arrival-twin")
    giver.comparison.reject()
