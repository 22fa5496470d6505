"""Exchange in the window: a sender's question in a banner, answered by the clerk; what became of each recipient."""

from __future__ import annotations

import pytest

from docclient.desk.post import fetch_post, send_post
from docclient.exchange.transports.http_line import CarrierRefused
from docclient.office.model import State
from docclient.office.queries.office import Outbox
from tests.contracts.test_asked_changes import status_13
from tests.drafts import now
from tests.fakes.carrying import MemoryTransport
from tests.flows.desk import Desk
from tests.flows.rounds import picture
from tests.flows.test_outgoing import said, take
from tests.offices import OfficeToTest

pytestmark = pytest.mark.window


def test_a_sender_who_takes_back_is_seen_and_answered(desk: Desk, sqlite_office: OfficeToTest) -> None:
    old = sqlite_office.directed().document
    fetch_post(sqlite_office.door("clerk"), MemoryTransport({"p": status_13(old)}))
    bench = desk.sit("clerk")
    assert "Nơi gửi yêu cầu thu hồi, thay đổi" in [row.waits_for for row in bench.home.list.rows_model.rows]
    desk.open_document(old.id)
    banner = bench.document.state_banner
    desk.until(banner.isVisible)
    assert "Sở Nội vụ tỉnh yêu cầu: Lấy lại văn bản – Gửi nhầm nơi nhận" in banner.shown.words
    picture(desk, "exchange-asked")
    form = take(desk, "AgreeToChange")
    form.confirm.click()
    desk.until(lambda: now(sqlite_office, old.id).state is State.RECALLED)
    desk.settle()
    desk.open_document(old.id)
    desk.until(lambda: banner.shown is not None and banner.shown.words.startswith("Đã đồng ý: Lấy lại văn bản"))


def test_each_recipient_has_its_line_and_what_failed_is_sent_again(desk: Desk, sqlite_office: OfficeToTest) -> None:
    issued = sqlite_office.issued("107").document

    def refuse(packet: object) -> None:
        raise CarrierRefused(host="axis.example", answer="99")

    clerk = sqlite_office.door("clerk")
    send_post(clerk, MemoryTransport(answers=refuse))
    bench = desk.sit("clerk")
    desk.open_document(issued.id)
    desk.until(lambda: "Văn bản: Gửi lỗi" in said(desk))
    assert "đã thử 1 lần" in said(desk) and "thử lại lúc" in said(desk)
    bench.document.details.setCurrentWidget(bench.document.details.outgoing)
    picture(desk, "exchange-recipients")
    form = take(desk, "SendAgain")
    form.confirm.click()
    desk.until(lambda: all(each.state == "waiting" for each in clerk.ask(Outbox())
                           if each.document == issued.id))
    desk.settle()
    desk.open_document(issued.id)
    desk.until(lambda: "Văn bản: Chờ gửi" in said(desk))
    assert bench.document.shown is not None
