"""One act on many deliveries, the lists behind it, and packets of one document."""

from __future__ import annotations

import threading

import pytest

from docclient.desk.outbox_acts import send_again, set_aside, urge
from docclient.desk.packet_files import packet_file_name, packets_of, save_packets
from docclient.desk.post import send_post
from docclient.exchange.transports.http_line import CarrierRefused
from docclient.office.commands.correcting import AddRecipients
from docclient.office.commands.people import SetFact
from docclient.office.errors import NotFound, NotYours
from docclient.office.model import DocumentId, new_id
from docclient.office.queries.fate import SilentDeliveries
from docclient.office.queries.office import Outbox
from docclient.office.queries.outbox import CountOutbox, OutboxCounts, OutboxRows, PacketsOf
from docclient.office.silence import ARRIVED_DAYS
from tests.drafts import give
from tests.fakes.carrying import MemoryTransport
from tests.offices import OfficeToTest


def refuse(packet: object) -> None:
    raise CarrierRefused(host="axis.example", answer="99")


def test_many_are_sent_again_given_up_and_reminded(office: OfficeToTest):
    document = office.issued().document.id
    give(office, "clerk", AddRecipients, document, recipients=("H99.22",))
    clerk = office.door("clerk")
    assert send_again(clerk, clerk.ask(OutboxRows())) == []             # what waits is due anyway
    send_post(clerk, MemoryTransport(answers=refuse))
    rows = clerk.ask(OutboxRows())
    assert {row.state for row in rows} == {"failed"} and len(rows) == len(clerk.ask(Outbox()))
    of_document = [row for row in rows if row.document == document]
    assert len(of_document) == 2 and {row.version for row in of_document} == {office.view("clerk", document)
                                                                              .document.version}
    assert all(row.number_and_symbol and row.subject and row.error == "carrier.refused" for row in of_document)
    given_up = set_aside(clerk, of_document, "Gửi bản giấy")            # two of one document: its version moves on
    assert [each.trouble for each in given_up] == [None, None]
    counts = clerk.ask(CountOutbox())
    assert counts == OutboxCounts(0, len(rows) - 2, 2, 0)
    assert [row.state for row in clerk.ask(OutboxRows())][:2] == ["set_aside", "set_aside"]
    done = send_again(clerk, clerk.ask(OutboxRows()))
    assert len(done) == len(rows) and all(each.trouble is None for each in done)
    assert clerk.ask(CountOutbox()) == OutboxCounts(waiting=len(rows))
    send_post(clerk, MemoryTransport())
    office.door("administrator").do(SetFact(ARRIVED_DAYS, "0"))
    silent = clerk.ask(SilentDeliveries())
    assert len(silent) == 2 and clerk.ask(CountOutbox()).silent == 2
    assert [each.trouble for each in urge(clerk, silent, "Đã gọi")] == [None, None]
    assert all(each.urged_at is not None for each in clerk.ask(SilentDeliveries()))


def test_one_that_is_refused_stops_nobody_and_a_stop_leaves_the_rest(sqlite_office: OfficeToTest):
    document = sqlite_office.issued().document.id
    clerk = sqlite_office.door("clerk")
    give(sqlite_office, "clerk", AddRecipients, document, recipients=("H99.22",))
    send_post(clerk, MemoryTransport(answers=refuse))
    rows = [row for row in clerk.ask(OutboxRows()) if row.document == document]
    first, second = set_aside(clerk, [rows[0], rows[0]], "Thử")          # the second time it is not stuck any more
    assert first.trouble is None and second.trouble is not None
    stop = threading.Event()
    stop.set()
    assert send_again(clerk, clerk.ask(OutboxRows()), stop=stop) == []


def test_the_lists_are_the_clerks(sqlite_office: OfficeToTest):
    officer = sqlite_office.door("officer_economy")
    for query in (OutboxRows(), CountOutbox(), PacketsOf(DocumentId(new_id()))):
        with pytest.raises(NotYours):
            officer.ask(query)
    with pytest.raises(NotFound):
        sqlite_office.door("clerk").ask(PacketsOf(DocumentId(new_id())))


def test_the_packets_of_a_document_are_saved_into_a_folder(sqlite_office: OfficeToTest, tmp_path):
    document = sqlite_office.issued().document.id
    give(sqlite_office, "clerk", AddRecipients, document, recipients=("H99.22",))
    clerk = sqlite_office.door("clerk")
    items = packets_of(clerk, document)
    assert {each.recipient_code for each in items} == {"H99.07", "H99.22"}
    saved = save_packets(clerk, items, tmp_path)
    assert [path.name for path in saved] == [packet_file_name(each) for each in items]
    assert len({path.read_bytes() for path in saved}) == 2
    assert packets_of(clerk, document)[0].digest is not None             # the bytes that will be sent
