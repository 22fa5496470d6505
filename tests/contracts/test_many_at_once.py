"""One act on many documents: what they have in common is offered, each has its own truth."""

from __future__ import annotations

import threading

import pytest

from docclient.desk.many import ItemResult, ItemState, act_on_many, offers_of_many
from docclient.office.checking import check_office
from docclient.office.commands.incoming import RegisterIncoming
from docclient.office.door import Act
from docclient.office.model import DocumentId, State
from docclient.office.queries.document_page import OffersOn
from tests.offices import OfficeToTest, registration


def test_what_all_have_in_common_is_offered(office: OfficeToTest):
    arrived = [office.received(str(n)).document.id for n in range(3)]
    registered = office.registered("9").document.id
    clerk = office.door("clerk")
    common = {each.command: each for each in offers_of_many(clerk, [*arrived, registered])}
    assert set(common["RegisterIncoming"].documents) == set(arrived)
    assert "ReturnIncoming" in common
    asks = {ask.name for ask in common["RegisterIncoming"].asks}
    assert "subject" not in asks and "code_number" not in asks and "leader" in asks
    for each in common.values():
        assert len(each.documents) > 1
        for document in each.documents:
            offer = next(o for o in clerk.ask(OffersOn(document)) if o.command == each.command)
            assert offer.act is Act.FORM
    assert offers_of_many(office.door("administrator"), arrived) == ()
    assert offers_of_many(clerk, []) == ()


def test_each_document_has_its_own_truth(office: OfficeToTest):
    documents = [office.received(str(n)).document.id for n in range(4)]
    clerk = office.door("clerk")
    clerk.do(registration(office.view("clerk", documents[1]), None))          # somebody was quicker
    documents.append(DocumentId("no such"))
    told: list[ItemResult] = []
    leader = office.person("chairman")
    results = act_on_many(clerk, "RegisterIncoming", documents, {"leader": leader}, told=told.append)
    assert results == told
    assert [each.state for each in results] == [
        ItemState.DONE, ItemState.REFUSED, ItemState.DONE, ItemState.DONE, ItemState.REFUSED]
    assert [each.number for each in results] == ["2", "", "3", "4", ""]
    assert all(bool(each.why) is (each.state is ItemState.REFUSED) for each in results)
    for place in (0, 2, 3):
        document = office.view("clerk", documents[place]).document
        assert document.state is State.WAITING_DIRECTION and document.code_number == str(place)
    assert check_office(office.engine).whole


def test_one_may_be_asked_for_all(office: OfficeToTest):
    documents = [office.received(str(n)).document.id for n in range(2)]
    clerk = office.door("clerk")
    results = act_on_many(clerk, "ReturnIncoming", documents, {"reason": "Gửi nhầm nơi"})
    assert {each.state for each in results} == {ItemState.DONE}
    refused = act_on_many(clerk, "ReturnIncoming", documents, {"reason": "Gửi nhầm nơi"})
    assert {each.state for each in refused} == {ItemState.REFUSED}


def test_a_wrong_field_is_refused_item_by_item(sqlite_office: OfficeToTest):
    documents = [sqlite_office.received(str(n)).document.id for n in range(2)]
    results = act_on_many(sqlite_office.door("clerk"), "ReturnIncoming", documents, {"reason": " "})
    assert [each.state for each in results] == [ItemState.REFUSED] * 2
    assert all(sqlite_office.view("clerk", each).document.state is State.WAITING_RECEIPT for each in documents)


def test_stopped_the_rest_is_left_and_can_be_gone_on_with(office: OfficeToTest):
    documents = [office.received(str(n)).document.id for n in range(4)]
    clerk, stop = office.door("clerk"), threading.Event()
    results = act_on_many(clerk, "RegisterIncoming", documents, {}, run="one",
                          progress=lambda done, _: stop.set() if done == 1 else None, stop=stop)
    assert [each.state for each in results] == [ItemState.DONE] * 2 + [ItemState.LEFT] * 2
    left = [each.document for each in results if each.state is not ItemState.DONE]
    again = act_on_many(clerk, "RegisterIncoming", left, {}, run="one")
    assert [each.number for each in again] == ["3", "4"]


def test_given_again_from_two_windows_nothing_is_done_twice(office: OfficeToTest):
    documents = [office.received(str(n)).document.id for n in range(6)]
    outcomes: list[list[ItemResult]] = []

    def give() -> None:
        outcomes.append(act_on_many(office.door("clerk"), "RegisterIncoming", documents, {}, run="same"))

    both = [threading.Thread(target=give) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    numbers = {office.view("clerk", each).document.arrival_number for each in documents}
    assert numbers == set(range(1, 7))
    assert check_office(office.engine).whole


@pytest.mark.parametrize("command", [RegisterIncoming.__name__])
def test_a_command_not_offered_is_refused(sqlite_office: OfficeToTest, command: str):
    document = sqlite_office.received("1").document.id
    (result,) = act_on_many(sqlite_office.door("officer_economy"), command, [document], {})
    assert result.state is ItemState.REFUSED
