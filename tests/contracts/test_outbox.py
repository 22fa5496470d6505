"""The outbox: waits between tries, what is refused, a server that is away, silence, an end between any two steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from docclient.desk.post import fetch_post, send_post
from docclient.exchange.transports.base import Outgoing
from docclient.exchange.transports.http_line import CarrierAway, CarrierRefused
from docclient.office.checking import check_office
from docclient.office.commands.correcting import AddRecipients
from docclient.office.commands.exchanging import RecordStatus
from docclient.office.commands.outbox import SendAgain, SetAside, UrgeRecipient
from docclient.office.commands.people import SetFact
from docclient.office.commands.silence import SetSilenceDays
from docclient.office.errors import FieldWrong, NotFound, NotYours
from docclient.office.queries.fate import FateOf, SilenceDays, SilenceDaysView, SilentDeliveries
from docclient.office.queries.office import Outbox, OutboxItem, next_try
from docclient.office.silence import ARRIVED_DAYS
from docclient.store import tables
from tests.drafts import give, now, offered
from tests.exchange.packets import HEADER, document
from tests.fakes.carrying import Breakable, BrokenOff, MemoryTransport, Moments
from tests.offices import OfficeToTest


def away(packet: Outgoing) -> None:
    raise CarrierAway(host="axis.example", reason="HTTP 503")


def waiting(office: OfficeToTest, *states: str) -> tuple[OutboxItem, ...]:
    return office.door("clerk").ask(Outbox(states or ("waiting", "failed", "set_aside")))


def test_minutes_double_up_to_an_hour():
    start = datetime(2026, 3, 5, tzinfo=UTC)
    waits = [(next_try("failed", tries, start) or start) - start for tries in range(1, 10)]
    assert [each.total_seconds() // 60 for each in waits] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert next_try("set_aside", 3, start) is None and next_try("waiting", 0, None) is None


def test_a_refused_item_does_not_hold_up_the_rest_and_is_set_aside_the_third_time(office: OfficeToTest):
    view = office.issued()
    give(office, "clerk", AddRecipients, view.document.id, recipients=("H99.22",))

    def refuse(packet: Outgoing) -> None:
        if packet.recipients == ("H99.22",):
            raise CarrierRefused(host="axis.example", answer="99")

    clerk, transport = office.door("clerk"), MemoryTransport(answers=refuse)
    items = len(waiting(office))
    posted = send_post(clerk, transport)
    assert [each.item.recipient_code for each in posted if not each.sent] == ["H99.22"] and len(posted) == items
    (item,) = waiting(office)
    assert (item.state, item.tries, item.refused) == ("failed", 1, 1) and item.due_at is not None
    assert send_post(clerk, transport) == []                                  # not before its time
    send_post(clerk, transport, at=item.due_at)
    send_post(clerk, transport, at=item.due_at + timedelta(hours=1))
    (item,) = waiting(office)
    assert (item.state, item.tries, item.error) == ("set_aside", 3, "carrier.refused")
    assert send_post(clerk, transport, at=item.at + timedelta(days=30)) == []
    states = {each.agency_code: each.transport_state for each in office.view("clerk", view.document.id).deliveries}
    assert states == {"H99.07": "sent", "H99.22": "set_aside"}
    with pytest.raises(NotYours):
        give(office, "officer_economy", SendAgain, view.document.id)
    with pytest.raises(FieldWrong):
        give(office, "clerk", SendAgain, view.document.id, item="another")
    give(office, "clerk", SendAgain, view.document.id, item=item.id)
    transport.answers = lambda packet: None
    assert [each.sent for each in send_post(clerk, transport)] == [True]
    assert waiting(office) == () and "SendAgain" not in offered(office, "clerk", view.document.id)
    (sending,) = office.door("clerk").ask(FateOf(view.document.id)).recipients[1].sendings
    assert (sending.state, sending.tries) == ("sent", 1)
    assert check_office(office.engine).whole


def test_a_server_that_is_away_ends_the_round_after_one_try(sqlite_office: OfficeToTest):
    office = sqlite_office
    view = office.issued()
    give(office, "clerk", AddRecipients, view.document.id, recipients=("H99.22", "H99.23"))
    clerk, transport = office.door("clerk"), MemoryTransport(answers=away)
    items = len(waiting(office))
    assert items > 3
    (posted,) = send_post(clerk, transport)
    assert posted.trouble is not None and posted.trouble.code == "carrier.away" and len(transport.tried) == 1
    for _ in range(12):
        send_post(clerk, transport, at=datetime.now(UTC) + timedelta(days=1))
    assert {each.state for each in waiting(office)} <= {"failed", "waiting"}  # however long it is away
    stuck = waiting(office, "failed")[0].document
    assert "SetAside" in offered(office, "clerk", stuck)
    with pytest.raises(FieldWrong):
        give(office, "clerk", SetAside, stuck, reason=" ")
    give(office, "clerk", SetAside, stuck, reason="Gửi giấy")
    given_up = {each.id for each in waiting(office, "set_aside")}
    assert given_up
    transport.answers = lambda packet: None
    transport.tried.clear()
    sent = send_post(clerk, transport, at=datetime.now(UTC) + timedelta(hours=2))
    assert all(each.sent for each in sent) and {each.id for each in waiting(office)} == given_up
    assert len(transport.tried) == len(set(transport.tried))
    assert check_office(office.engine).whole


def test_what_waited_only_for_the_server_goes_with_the_first_that_gets_through(sqlite_office: OfficeToTest):
    clerk, transport = sqlite_office.door("clerk"), MemoryTransport(answers=away)
    view = sqlite_office.issued()
    send_post(clerk, transport)
    transport.answers = lambda packet: None
    give(sqlite_office, "clerk", AddRecipients, view.document.id, recipients=("H99.22",))
    assert all(each.sent for each in send_post(clerk, transport))
    assert waiting(sqlite_office) == ()


def test_sending_broken_off_anywhere_loses_and_doubles_nothing(sqlite_office: OfficeToTest):
    """The process ends before or after any call of transport and office; the next one finishes the work."""
    office = sqlite_office
    office.issued()
    give(office, "clerk", AddRecipients, office.issued("2").document.id, recipients=("H99.22",))
    expected, transport, at, broken = {each.id for each in waiting(office)}, MemoryTransport(), 1, 0
    assert len(expected) > 4
    while waiting(office):
        moments = Moments(at)
        try:
            send_post(Breakable(office.door("clerk"), moments), Breakable(transport, moments))
        except BrokenOff:
            broken += 1
        at = at % 30 + 1        # every moment of an item in turn, from the first call to the last
        assert broken < 400
    assert broken > 20
    assert {str(each) for each in transport.sent} == expected                  # same keys, same bytes, none twice
    assert check_office(office.engine).whole


def test_fetching_broken_off_anywhere_loses_and_doubles_nothing(sqlite_office: OfficeToTest):
    office = sqlite_office
    old = office.registered().document
    with office.engine.reading() as work:
        before = work.connection.scalar(select(func.count()).select_from(tables.document)) or 0
    new = document(HEADER.replace("H99.02", "H99.21"))
    at, broken = 1, 0
    while True:
        transport, moments = MemoryTransport({"p": new}), Moments(at)
        try:
            (fetched,) = fetch_post(Breakable(office.door("clerk"), moments), Breakable(transport, moments))
        except BrokenOff:
            broken, at = broken + 1, at + 1
            assert broken < 100
            continue
        break
    assert fetched.trouble is None and "p" in transport.confirmed and broken > 8
    with office.engine.reading() as work:
        assert work.connection.scalar(select(func.count()).select_from(tables.document)) == before + 1
        assert work.connection.scalar(select(func.count()).select_from(tables.inbox)) == 2
    assert now(office, old.id).id == old.id
    assert check_office(office.engine).whole


def test_silence_is_listed_and_a_reminder_noted(office: OfficeToTest):
    view = office.issued()
    clerk = office.door("clerk")
    send_post(clerk, MemoryTransport())
    assert clerk.ask(SilentDeliveries()) == () and "UrgeRecipient" not in offered(office, "clerk", view.document.id)
    office.door("administrator").do(SetFact(ARRIVED_DAYS, "0"))                # at once: no day has to pass
    (silent,) = clerk.ask(SilentDeliveries())
    assert (silent.agency_code, silent.status_code, silent.urged_at) == ("H99.07", None, None)
    with pytest.raises(FieldWrong):
        give(office, "clerk", UrgeRecipient, view.document.id, recipient="H99.22", words="Đã gọi")
    give(office, "clerk", UrgeRecipient, view.document.id, recipient="H99.07", words="Đã gọi văn thư Sở")
    assert clerk.ask(SilentDeliveries())[0].urged_at is not None
    (urging,) = clerk.ask(FateOf(view.document.id)).recipients[0].urgings
    assert urging.words == "Đã gọi văn thư Sở"
    issued = now(office, view.document.id)
    clerk.do(RecordStatus(clerk.put(b"01"), "altered", "H99.07", "01", "", None, issued.number_and_symbol,
                          issued.issued_date))
    assert clerk.ask(SilentDeliveries()) == ()                                 # arrived; two days for accepting
    with pytest.raises(NotFound):
        clerk.do(RecordStatus(clerk.put(b"02"), "altered", "H99.07", "01", "", None, issued.number_and_symbol,
                              date(2001, 1, 1)))
    with pytest.raises(NotYours):
        office.door("officer_economy").ask(SilentDeliveries())
    assert check_office(office.engine).whole



@pytest.mark.parametrize("slug", ["administrator", "chief_of_office"])
def test_how_long_the_office_waits_for_an_answer_is_set(office: OfficeToTest, slug: str):
    door, clerk = office.door(slug), office.door("clerk")
    assert clerk.ask(SilenceDays()) == SilenceDaysView(1, 2)
    door.do(SetSilenceDays(5, 10))
    assert clerk.ask(SilenceDays()) == SilenceDaysView(5, 10)
    for wrong in (SetSilenceDays(0, 10), SetSilenceDays(5, 61)):
        with pytest.raises(FieldWrong) as refused:
            door.do(wrong)
        assert refused.value.facts["name"] in ("arrived_days", "accepted_days")
    with pytest.raises(NotYours):
        clerk.do(SetSilenceDays(1, 1))
    assert clerk.ask(SilenceDays()) == SilenceDaysView(5, 10)
