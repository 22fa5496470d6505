"""Stamps that are still to come, in the window: told on the page, fetched in the background, told once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest

from docclient.desk.signing_desk import number_and_seal
from docclient.desk.stamping import queue_of_office
from docclient.office.commands.people import AddTrust, TrustKind
from docclient.office.queries.stamps import StampsDue
from docclient.settings import TimeStampSetting, changed
from docclient.time_stamping import record_folder
from docclient.words import phrase
from signing.levels import Level
from tests.fakes.time_stamp_service import FakeService, running
from tests.flows.desk import Desk
from tests.offices import OfficeToTest
from tests.signing.services import Services, running_services

pytestmark = pytest.mark.window
New = Callable[[], FakeService]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as found:
        yield found


@pytest.fixture
def service(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    monkeypatch.setattr("signing.timestamps.PAUSES_S", (0, 0))
    with running(services.tsa) as made:
        yield made()


def wanting_stamps(make_desk, office: OfficeToTest, services: Services, address: str) -> Desk:
    door = office.door("administrator")
    for kind, name in ((TrustKind.ANCHOR, "root"), (TrustKind.INTERMEDIATE, "issuing")):
        door.do(AddTrust(kind, door.put(services.certificate(name).dump()), "cơ quan dấu thời gian"))
    desk = make_desk(office.place, office=office)
    desk.program.settings = changed(desk.program.settings, signature_level="b-t",
                                    time_stamp_services=(TimeStampSetting(address=address),))
    return desk


def facts(desk: Desk) -> dict[str, str]:
    assert desk.bench.document.shown is not None
    return {each.label: each.value for each in desk.bench.document.shown.facts}


def test_what_waits_is_said_and_stamped_by_itself(make_desk, sqlite_office: OfficeToTest, services: Services,
                                                  service: FakeService) -> None:
    document = sqlite_office.signed("301").document.id
    desk = wanting_stamps(make_desk, sqlite_office, services, service.address)
    desk.sit("clerk")
    desk.open_document(document)
    label = phrase("facts.stamp")
    assert facts(desk)[label] == phrase("facts.stamp_after_seal") and service.asked == 0
    service.will("http 503")                                # away in the beginning
    number_and_seal(sqlite_office.door("clerk"), document, sqlite_office.material.key("agency"))
    desk.bench.stamping.run()
    desk.settle()
    desk.open_document(document)
    assert facts(desk)[label] == phrase("facts.stamp_due")
    assert desk.bench.session.tell.newest is None           # a service that is away is no news
    stamping = desk.bench.stamping
    service.will("good")
    for file in _queue(stamping).entries():
        _queue(stamping).again(file.key)                    # the time of its next try has come
    shutil.rmtree(record_folder())                          # … and of the service's
    stamping.run()
    desk.until(lambda: phrase("stamping.done", count=1) == desk.notice())
    desk.settle()
    desk.open_document(document)
    assert label not in facts(desk)
    assert sqlite_office.door("clerk").ask(StampsDue(Level.B_T)) == ()


def test_without_a_service_nothing_is_asked_or_said(make_desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.sealed("302").document.id
    desk = make_desk(sqlite_office.place, office=sqlite_office)
    desk.sit("clerk")
    ended: list[object] = []
    desk.bench.stamping.ended.connect(ended.append)
    desk.bench.stamping.run()
    desk.settle()
    desk.open_document(document)
    assert phrase("facts.stamp") not in facts(desk) and ended == []


def _queue(stamping):
    return queue_of_office(stamping._session.office)
