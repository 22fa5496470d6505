"""A stamp that comes afterwards: which documents are due, what the office accepts as a stamp, and the desk's pass."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from docclient.desk.signing_desk import number_and_seal, sign_queued
from docclient.desk.stamping import SEALED, stamp_due_documents
from docclient.desk.trust import trust_of
from docclient.desk.workplace import fetch_file, put_file
from docclient.errors import Trouble
from docclient.office.checking import check_office
from docclient.office.commands.people import AddTrust, TrustKind
from docclient.office.commands.stamping import AddStamp
from docclient.office.errors import FieldWrong, NotNow, NotYours, OriginalChanged, StaleDocument
from docclient.office.model import Digest, State, Step
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.documents import SigningQueue
from docclient.office.queries.stamps import StampsDue
from docclient.time_stamping import StampWish
from signing.late_stamps import add_document_stamp
from signing.levels import Level
from signing.stamp_queue import StampQueue
from signing.timestamps import TimestampService
from tests.fakes.time_stamp_service import FakeService, running
from tests.offices import OfficeToTest
from tests.running import docclient
from tests.signing import altering
from tests.signing.services import Services, running_services

New = Callable[[], FakeService]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as found:
        yield found


@pytest.fixture
def new(services: Services) -> Iterator[New]:
    # not by `monkeypatch`, after which every step is gone anew (tests/offices.py): no step asks a service
    with patch("signing.timestamps.PAUSES_S", (0, 0)), running(services.tsa) as made:
        yield made


def trusted(office: OfficeToTest, services: Services) -> OfficeToTest:
    door = office.door("administrator")
    for kind, name in ((TrustKind.ANCHOR, "root"), (TrustKind.INTERMEDIATE, "issuing")):
        door.do(AddTrust(kind, door.put(services.certificate(name).dump()), "cơ quan dấu thời gian"))
    return office


def current(view: DocumentView) -> Digest:
    main = view.main_file()
    assert main is not None
    return main.current.digest


def stamped_file(office: OfficeToTest, view: DocumentView, services: Services, folder: Path) -> Path:
    source = fetch_file(office.door("clerk"), current(view), folder / "source.pdf")
    return add_document_stamp(source, folder / "stamped.pdf", TimestampService((services.tsa,)),
                              trust_of(office.door("clerk"))).target


def test_a_stamp_becomes_a_version_and_nothing_else_changes(office: OfficeToTest, services: Services,
                                                            tmp_path: Path) -> None:
    view = office.sealed("1")
    trusted(office, services)
    clerk = office.door("clerk")
    (due,) = clerk.ask(StampsDue(Level.B_T))
    assert (due.document, due.file, due.level, due.state) == (
        view.document.id, current(view), Level.B_B, State.SEALED)
    digest = put_file(clerk, stamped_file(office, view, services, tmp_path))
    receipt = clerk.do(AddStamp(view.document.id, view.document.version, current(view), digest), key="a")
    assert clerk.do(AddStamp(view.document.id, view.document.version, current(view), digest), key="a") == receipt

    now = office.view("clerk", view.document.id)
    main = now.main_file()
    assert main is not None and [each.step for each in main.versions][-2:] == [Step.SEALED, Step.STAMPED]
    assert main.current.digest == digest and main.current.report is not None
    assert [each["kind"] for each in main.current.report["signatures"]][-1] == "timestamp"
    assert dataclasses.replace(now.document, version=0, updated_at=view.document.updated_at) == dataclasses.replace(
        view.document, version=0)
    assert office.engine is not None and check_office(office.engine).findings == ()
    assert clerk.ask(StampsDue(Level.B_T)) == ()


def test_only_a_stamp_counts_as_one(sqlite_office: OfficeToTest, services: Services, tmp_path: Path) -> None:
    office = sqlite_office
    view, draft = office.sealed("1"), office.queued("2")
    trusted(office, services)
    clerk, seen, version = office.door("clerk"), current(view), view.document.version
    source = fetch_file(clerk, seen, tmp_path / "sealed.pdf")
    good = put_file(clerk, stamped_file(office, view, services, tmp_path))
    changed = put_file(clerk, altering.updated(source, tmp_path / "altered.pdf", altering.write_over_page))
    shorter = clerk.put(source.read_bytes()[:-10])

    def refused(kind: type[Trouble], who: str = "clerk", **fields: Any) -> None:
        command = dataclasses.replace(AddStamp(view.document.id, version, seen, good), **fields)
        door = office.door(who)
        door.put(stamped_bytes)
        with pytest.raises(kind):
            door.do(command)

    stamped_bytes = (tmp_path / "stamped.pdf").read_bytes()
    refused(StaleDocument, version=version + 1)
    refused(FieldWrong, seen=good)
    refused(NotNow, document=draft.document.id, version=draft.document.version)
    refused(NotYours, who="officer_economy")
    refused(FieldWrong, who="administrator")      # who may not even name the file
    with pytest.raises(OriginalChanged):
        clerk.do(AddStamp(view.document.id, version, seen, shorter))
    with pytest.raises(Trouble) as raised:
        clerk.do(AddStamp(view.document.id, version, seen, changed))
    assert raised.value.code in {"office.signature_missing", "office.field_wrong"}
    assert current(office.view("clerk", view.document.id)) == seen


def test_the_desk_stamps_what_is_due(sqlite_office: OfficeToTest, services: Services, new: New,
                                     tmp_path: Path) -> None:
    office, service = sqlite_office, new()
    sealed, issued, signed = office.sealed("1"), office.issued("2"), office.signed("3")
    trusted(office, services)
    wish = StampWish(Level.B_T, TimestampService((service.address,), record=tmp_path / "record"))
    queue = StampQueue(tmp_path / "queue")
    clerk = office.door("clerk")
    service.will("http 503 Busy")

    (away,) = stamp_due_documents(clerk, wish, queue)
    assert away.trouble is not None and away.trouble.facts["answer"] == "HTTP 503 Busy"
    assert service.asked == 3, "one document was tried; the rest waits, for the next would hear the same"

    service.will("good")
    for file in (tmp_path / "record").glob("*.json"):
        file.unlink()
    seen: list[tuple[int, int]] = []
    done = stamp_due_documents(clerk, wish, queue, all_now=True, progress=lambda *at: seen.append(at))
    assert {each.document for each in done} == {sealed.document.id, issued.document.id}
    assert all(each.level is Level.B_T and each.trouble is None for each in done) and seen == [(1, 2), (2, 2)]
    assert queue.entries() == () and stamp_due_documents(clerk, wish, queue, all_now=True) == ()
    (left,) = clerk.ask(StampsDue(Level.B_T))
    assert left.document == signed.document.id and left.state not in SEALED
    assert [each.document for each in stamp_due_documents(clerk, wish, queue, unsealed_too=True)] == [left.document]
    assert office.view("clerk", issued.document.id).document.state is State.ISSUED


def test_what_was_stamped_while_waiting_to_be_sealed_can_be_sealed(sqlite_office: OfficeToTest, services: Services,
                                                                   tmp_path: Path) -> None:
    office = sqlite_office
    view = office.signed("1")
    trusted(office, services)
    wish = StampWish(Level.B_LT, TimestampService((services.tsa,)))
    (done,) = stamp_due_documents(office.door("clerk"), wish, StampQueue(tmp_path), unsealed_too=True)
    assert done.document == view.document.id and done.level is not None
    number_and_seal(office.door("clerk"), view.document.id, office.material.key("agency"))

    assert office.view("clerk", view.document.id).document.state is State.SEALED


def test_without_a_service_nothing_is_due(sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    sqlite_office.sealed("1")

    assert stamp_due_documents(sqlite_office.door("clerk"), StampWish(), StampQueue(tmp_path)) == ()


@pytest.mark.parametrize("there", [True, False])
def test_office_signatures_have_the_level_wanted_or_are_kept(sqlite_office: OfficeToTest, services: Services, new: New,
                                                            tmp_path: Path, there: bool) -> None:
    office, service = sqlite_office, new()
    view = office.queued("1")
    trusted(office, services)
    service.will("good" if there else "http 503 Busy")
    wish = StampWish(Level.B_T, TimestampService((service.address,)))
    chairman, clerk = office.door("chairman"), office.door("clerk")
    (result,) = sign_queued(chairman, chairman.ask(SigningQueue()), office.material.key("chairman"), wish=wish,
                            keep=tmp_path / "batches")
    assert result.trouble is None
    number_and_seal(clerk, view.document.id, office.material.key("agency"), wish=wish)

    sealed = office.view("clerk", view.document.id).main_file()
    assert sealed is not None and sealed.current.report is not None
    level = "b-t" if there else "b-b"
    assert [each["level"] for each in sealed.current.report["signatures"]] == [level, level]
    assert len(clerk.ask(StampsDue(Level.B_T))) == (0 if there else 1)


def test_the_command_line_stamps_an_office(sqlite_office: OfficeToTest, services: Services, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    view = sqlite_office.sealed("1")
    trusted(sqlite_office, services)
    arguments = ("stamp", "--office", sqlite_office.place.name, "--as", "vanthu", "--tsa", services.tsa, "--json")
    first, second = docclient(*arguments), docclient(*arguments)

    (item,) = first.answer["items"]
    assert (first.code, item["input"], item["state"], item["level"]) == (0, view.document.id, "stamped", "b-t")
    assert (second.code, second.answer["items"]) == (0, [])
