"""The axis and the gateways: one behaviour over four ways of speaking, with everything that goes wrong on the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from docclient.exchange.errors import ItemGone
from docclient.exchange.transports.axis import AxisAccount, AxisTransport, signed_headers
from docclient.exchange.transports.base import Message, Outcome, Outgoing, Transport, TransportId
from docclient.exchange.transports.gateway import GatewayAccount, GatewayTransport
from docclient.exchange.transports.gateway_profile import ProfileWrong, families, profile_of, read_profile
from docclient.exchange.transports.http_line import (
    CarrierAway,
    CarrierEntryRefused,
    CarrierRefused,
    CarrierUnreadable,
)
from docclient.office.model import now
from tests.exchange.packets import document
from tests.fakes.exchange_services import (
    SECOND,
    SECRET,
    SYSTEM,
    USER,
    Axis,
    Bkav,
    LangSon,
    Pile,
    QuangNam,
    carrier,
)

DOCUMENT = document()
SERVICES = {"axis": Axis, "lang-son": LangSon, "quang-nam": QuangNam, "bkav-edoc": Bkav}


@pytest.fixture(params=sorted(SERVICES))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def pile(kind: str) -> Iterator[Pile]:
    with carrier(SERVICES[kind]) as found:
        yield found


def line_to(kind: str, pile: Pile, folder: Path, *, secret: str = SECRET, second: str = SECOND) -> Transport:
    marks = folder / "marks.txt"
    if kind == "axis":
        return AxisTransport(AxisAccount(pile.address + "/adapter", SYSTEM, SYSTEM),
                             lambda: bytearray(secret.encode()), marks)
    first = second if kind == "bkav-edoc" else secret
    return GatewayTransport(profile_of(kind), GatewayAccount(pile.address, SYSTEM, USER, "docclient"),
                            lambda: bytearray(first.encode()), marks, lambda: bytearray(second.encode()))


@pytest.fixture
def transport(kind: str, pile: Pile, tmp_path: Path) -> Transport:
    return line_to(kind, pile, tmp_path)


def packet(*recipients: str, message: Message = Message.DOCUMENT) -> Outgoing:
    return Outgoing(uuid.uuid4(), DOCUMENT, message, recipients)


def test_what_waits_comes_until_it_is_confirmed(pile: Pile, transport: Transport):
    first, second = pile.put(DOCUMENT), pile.put(b"<other/>")
    assert [each.id for each in transport.list()] == [first, second] or len(transport.list()) == 2
    assert transport.fetch(TransportId(first)) == DOCUMENT
    assert transport.fetch(TransportId(first)) == DOCUMENT
    transport.confirm(TransportId(first), Outcome.DONE)
    transport.confirm(TransportId(first), Outcome.DONE)
    transport.confirm(TransportId(second), Outcome.FAILED, "post.for_others")
    assert pile.told == {first: "done", second: "fail"} and list(transport.list()) == []


def test_an_item_listed_twice_waits_once(pile: Pile, transport: Transport, kind: str):
    pile.repeats = True
    identity = pile.put(DOCUMENT)
    assert {each.id for each in transport.list()} == {identity}


def test_a_confirmation_that_was_lost_is_told_again(pile: Pile, transport: Transport, kind: str, tmp_path: Path):
    identity = TransportId(pile.put(DOCUMENT))
    transport.list()                            # enters
    pile.faults = [503]
    with pytest.raises(CarrierAway):
        transport.confirm(identity, Outcome.DONE)
    assert pile.told == {}
    assert list(line_to(kind, pile, tmp_path).list()) == [] and pile.told == {identity: "done"}


def test_what_is_not_there(transport: Transport, pile: Pile):
    with pytest.raises(ItemGone):
        transport.fetch(TransportId("none"))


@pytest.mark.parametrize("message", list(Message))
def test_a_packet_is_sent_once_under_its_key(pile: Pile, transport: Transport, kind: str, tmp_path: Path,
                                             message: Message):
    sent = packet("H99.01", "H99.03", message=message)
    first = transport.send(sent)
    again = line_to(kind, pile, tmp_path).send(sent)
    assert not first.repeated and again.repeated and again.id == first.id
    (identity, of_kind, content, recipients), = pile.sent
    assert (identity, of_kind, content) == (first.id, message.value, sent.content)
    assert recipients in ([], ["H99.01", "H99.03"])


def test_a_line_cut_after_sending_sends_the_same_bytes_again(pile: Pile, transport: Transport):
    transport.list()
    sent = packet("H99.01")
    pile.faults = ["cut"]
    with pytest.raises(CarrierAway):
        transport.send(sent)
    transport.send(sent)
    assert [content for _, _, content, _ in pile.sent] == [sent.content] * 2


def test_a_refusal_says_what_the_service_said(pile: Pile, transport: Transport):
    pile.refuse = "18"
    with pytest.raises(CarrierRefused) as refused:
        transport.send(packet("H99.77"))
    assert "18" in refused.value.facts["answer"] and "receiver not found" in refused.value.facts["answer"]
    assert not refused.value.again
    pile.refuse = ""
    assert not transport.send(packet("H99.01")).repeated


@pytest.mark.parametrize("fault", [500, 503, "cut"])
def test_a_service_that_is_away_loses_nothing(pile: Pile, transport: Transport, fault: int | str):
    identity = pile.put(DOCUMENT)
    transport.list()
    pile.faults = [fault]
    with pytest.raises(CarrierAway):
        transport.list()
    assert [each.id for each in transport.list()] == [identity]


def test_an_answer_that_is_none(pile: Pile, transport: Transport):
    transport.list()
    pile.faults = ["nonsense"]
    with pytest.raises(CarrierUnreadable):
        transport.list()


def test_a_wrong_key_is_told_without_the_key(pile: Pile, kind: str, tmp_path: Path):
    wrong = line_to(kind, pile, tmp_path, secret="not the key", second="nor this")
    with pytest.raises(CarrierEntryRefused) as refused:
        wrong.list()
    assert "not the key" not in str(refused.value) and "nor this" not in str(refused.value)


def test_a_token_that_was_forgotten_is_asked_for_anew(pile: Pile, transport: Transport, kind: str):
    identity = pile.put(DOCUMENT)
    transport.list()
    pile.token = "another"
    if kind in ("axis", "bkav-edoc"):
        assert not any("login" in path or "token" in path for path in pile.asked)
    assert [each.id for each in transport.list()] == [identity]


def test_the_units_by_both_codes(transport: Transport):
    found = {unit.name: unit.codes for unit in transport.directory()}
    assert found == {"Sở Nội vụ": ("H99.01", "000.00.01.H99"), "UBND xã Tân Hiệp": ("H99.02",)}


def test_the_axis_may_give_its_list_as_text(tmp_path: Path):
    with carrier(Axis) as pile:
        pile.list_as_text = True
        identity = pile.put(DOCUMENT)
        assert [each.id for each in line_to("axis", pile, tmp_path).list()] == [identity]


def test_the_time_of_a_request_is_vietnams():
    at = now().replace(year=2026, month=1, day=31, hour=20, minute=5, second=9, microsecond=7_000)
    headers = signed_headers({}, SYSTEM, b"key", at)
    assert headers["XroadVnpt-timestamp"] == "01022026T030509+0007"


def test_every_profile_is_readable_and_a_slip_is_named():
    assert set(families()) == set(SERVICES) - {"axis"}
    for family in families():
        assert profile_of(family).name
    text = Path("resources/gateways/quang-nam.toml").read_text("utf-8")
    for wrong in (text.replace("{token}", "{tokens}"), text.replace('kind = "client"', 'kind = "magic"'),
                  text.replace("[fetch]", "[fetched]"), "not toml ["):
        with pytest.raises(ProfileWrong):
            read_profile(wrong, "own")
    with pytest.raises(ProfileWrong):
        profile_of("../secrets")
