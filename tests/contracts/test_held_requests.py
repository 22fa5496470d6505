"""What a sender asks of a document that has not come yet, on both databases: held, and asked when the document comes,
rounds later too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from docclient.exchange.packet import Business, Organization, Replacement, ResponseFor
from docclient.office import held
from docclient.office.changes import ChangeKind
from docclient.office.checking import check_office
from docclient.office.commands.changes import AgreeToChange
from docclient.office.commands.people import SetFact
from docclient.office.held import HELD
from docclient.office.model import Document, State
from tests.contracts.test_asked_changes import arrive, fate, now, packet, told, waits
from tests.drafts import give
from tests.offices import OfficeToTest

IDENTITY = "H99.07,2026/03/05,124/SNV-VP"
PLAIN = Business(business_doc_type="0")


def letter(office: OfficeToTest, words: str) -> bytes:
    return office.material.letter(words, office.material.folder / "held.pdf").read_bytes()


def original(office: OfficeToTest) -> Document:
    (fetched,) = arrive(office, packet(PLAIN, IDENTITY, letter(office, "Bản đầu.")))
    document = office.view("clerk", fetched.receipt.document).document
    assert fetched.receipt.version == document.version
    return document


@pytest.mark.parametrize("about", [
    ResponseFor(organ_id="H99.07", document_id=IDENTITY),
    ResponseFor(organ_id="H99.07", document_id="altered", code="124/SNV-VP", promulgation_date="2026/03/05")])
def test_a_revocation_that_is_faster_than_its_document(office: OfficeToTest, about: ResponseFor):
    asking = packet(Business(business_doc_type="1", business_doc_reason="Ban hành nhầm"), "r", number="9",
                    about=(about,))
    (first,) = arrive(office, asking)
    assert first.receipt.document is None and first.receipt.facts["held"] == "yes"
    arrive(office, asking)                                                   # once more: still one request
    arrive(office, packet(PLAIN, "another", letter(office, "Văn bản khác."), number="125"))     # a round between
    document = original(office)
    (asked,) = fate(office, document).asked
    assert (asked.kind, asked.reason, asked.agreed) == (ChangeKind.REVOKE, "Ban hành nhầm", None)
    assert document.state is State.WAITING_RECEIPT and waits(office, document)
    give(office, "clerk", AgreeToChange, document.id)
    assert now(office, document.id).state is State.RECALLED and told(office, document) == [("15", "")]
    arrive(office, asking)                                                   # known since
    assert len(fate(office, document).asked) == 1
    assert check_office(office.engine).whole


@pytest.mark.parametrize(("kind", "link"), [("2", "updates"), ("3", "replaces")])
def test_an_update_or_replacement_that_is_faster_than_what_it_is_about(office: OfficeToTest, kind: str, link: str):
    business = Business(business_doc_type=kind, document_id=IDENTITY, replacements=(Replacement(document_id=IDENTITY),),
                        business_doc_reason="Sửa thời hạn")
    own = IDENTITY if kind == "2" else "H99.07,2026/03/06,126/SNV-VP"
    number = "124" if kind == "2" else "126"
    (fetched,) = arrive(office, packet(business, own, letter(office, "Bản sau."), number=number))
    newer = fetched.receipt.document
    assert newer is not None and fetched.receipt.facts["earlier"] == ""      # worked on like any other meanwhile
    document = original(office)
    (asked,) = fate(office, document).asked
    assert (asked.successor, asked.reason) == (newer, "Sửa thời hạn") and waits(office, document)
    assert {(each.kind, each.document) for each in office.view("clerk", newer).links} == {(link, document.id)}
    give(office, "clerk", AgreeToChange, document.id)
    assert now(office, document.id).state is (State.REPLACED if kind == "3" else State.WAITING_RECEIPT)
    assert check_office(office.engine).whole


def test_in_one_round_in_any_order(office: OfficeToTest):
    asking = packet(Business(business_doc_type="1"), "r", about=(ResponseFor(document_id=IDENTITY),))
    first, second = arrive(office, asking, packet(PLAIN, IDENTITY, letter(office, "Bản đầu.")))
    assert first.receipt.facts["held"] == "yes" and second.receipt.document is not None
    assert len(fate(office, office.view("clerk", second.receipt.document).document).asked) == 1


def test_a_stranger_asks_nothing_of_anothers_document_and_time_ends_the_waiting(
        sqlite_office: OfficeToTest, monkeypatch: pytest.MonkeyPatch):
    office = sqlite_office
    asking = packet(Business(business_doc_type="1"), "r", about=(ResponseFor(document_id=IDENTITY),))
    stranger = packet(Business(business_doc_type="1"), "s", about=(ResponseFor(document_id=IDENTITY),),
                      sender=Organization(organ_id="H99.08", organ_name="Sở khác"))
    arrive(office, stranger, asking)
    with office.engine.reading() as work:
        assert [each.asking.asker_code for each in held.held_requests(work)] == ["H99.08", "H99.07"]
        work.at = datetime.now(UTC) + timedelta(days=held.DAYS + 1)
        assert held.held_requests(work) == ()
    monkeypatch.setattr(held, "DAYS", -1)
    assert fate(office, original(office)).asked == ()


def test_an_unreadable_fact_holds_up_nothing(sqlite_office: OfficeToTest):
    office = sqlite_office
    for value in ("nonsense", "{}", '["x", 1, 2]'):
        office.door("administrator").do(SetFact(HELD, value))
        arrive(office, packet(PLAIN, value, letter(office, "Bản đầu."), number=str(len(value))))
