"""Freezing documents, closing registers, closing the agency after a merger (K1; records-work 13.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from docclient.office.checking import check_office
from docclient.office.commands.agencies import CloseAgency
from docclient.office.commands.freezing import FreezeDocument, FreezeDocuments, UnfreezeDocument, UnfreezeDocuments
from docclient.office.commands.incoming import AcceptWork
from docclient.office.commands.issuing import NumberOutgoing
from docclient.office.commands.office_closing import CloseRegister, StartNewBody
from docclient.office.commands.outgoing import StartDraft
from docclient.office.commands.people import OpenRegister, RegisterKind
from docclient.office.commands.using import NoteUse, Use
from docclient.office.errors import FieldWrong, Frozen, NotYours, OfficeClosed, RegisterClosed
from docclient.office.model import DocumentId, State, today
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.handling import HandlingOf
from docclient.office.queries.office import AboutOffice, JournalHead, Registers
from docclient.office.queries.organisation import OfficeStanding, RegisterStates
from tests.offices import OfficeToTest, registration

BASIS = "Nghị quyết số 202/2025/QH15"


def offered(office: OfficeToTest, slug: str, document: DocumentId) -> set[str]:
    return {each.command for each in office.door(slug).ask(OffersOn(document))}


def test_nothing_changes_on_a_frozen_document_until_it_is_released(office: OfficeToTest):
    document = office.directed().document
    assert "AcceptWork" in offered(office, "officer_economy", document.id)
    office.door("chief_of_office").do(FreezeDocument(document.id, document.version, "Phục vụ thanh tra"))
    frozen = office.view("officer_economy", document.id).document
    assert frozen.frozen_at is not None and not offered(office, "officer_economy", document.id)
    with pytest.raises(Frozen):
        office.door("officer_economy").do(AcceptWork(document.id, frozen.version))
    assert "UnfreezeDocument" in offered(office, "chairman", document.id)
    with pytest.raises(NotYours):
        office.door("officer_economy").do(UnfreezeDocument(document.id, frozen.version, "Tôi cần"))
    office.door("chairman").do(UnfreezeDocument(document.id, frozen.version, "Thanh tra xong"))
    released = office.view("officer_economy", document.id).document
    office.door("officer_economy").do(AcceptWork(document.id, released.version))
    words = [each.words for each in office.view("clerk", document.id).timeline]
    assert "Phục vụ thanh tra" in words and "Thanh tra xong" in words
    assert not check_office(office.engine).findings


def test_a_frozen_document_is_looked_at_and_copied_as_before(office: OfficeToTest):
    """An inspection asks for copies; whoever had not opened it yet may, and nothing is marked."""
    document = office.directed().document
    office.door("chief_of_office").do(FreezeDocument(document.id, document.version, "Phục vụ thanh tra"))
    officer = office.door("officer_economy")
    assert not officer.ask(HandlingOf(document.id)).unopened_by_me
    officer.do(NoteUse(Use.PRINT, document.id, mark="IN-0009"))
    assert office.view("officer_economy", document.id).document.version == document.version + 1
    assert not check_office(office.engine).findings


def test_a_set_is_frozen_by_the_administrator_who_reads_nothing_of_it(office: OfficeToTest):
    first, second = office.registered("1").document, office.registered("2").document
    administrator = office.door("administrator")
    receipt = administrator.do(FreezeDocuments("Sáp nhập", register=first.register))
    assert (receipt.facts["frozen"], receipt.facts["already"], receipt.facts["in_work"]) == ("2", "0", "2")
    assert office.view("clerk", second.id).document.frozen_at is not None
    assert administrator.do(FreezeDocuments("Lần nữa", (first.id,))).facts["already"] == "1"
    (state,) = [each for each in administrator.ask(RegisterStates()) if each.id == first.register]
    assert (state.frozen, state.documents) == (2, 2)
    administrator.do(UnfreezeDocuments("Xong", (first.id, second.id)))
    assert office.view("clerk", first.id).document.frozen_at is None
    for wrong in (UnfreezeDocuments("Xong", (first.id,)), FreezeDocuments("Không gì cả"),
                  FreezeDocuments(" ", (first.id,))):
        with pytest.raises(FieldWrong):
            administrator.do(wrong)
    with pytest.raises(NotYours):
        office.door("officer_economy").do(FreezeDocuments("Tôi muốn", (first.id,)))
    assert not check_office(office.engine).findings


def test_a_closed_register_takes_no_number_and_keeps_its_closing(office: OfficeToTest):
    office.registered("1")
    waiting = office.received("2")
    administrator = office.door("administrator")
    register = next(each for each in administrator.ask(Registers()) if each.kind == "incoming")
    head = administrator.ask(JournalHead())
    receipt = administrator.do(CloseRegister(register.id, "Hết quyển"))
    assert receipt.facts["last_number"] == "1"
    (state,) = [each for each in administrator.ask(RegisterStates()) if each.id == register.id]
    assert state.closed and state.last_number == 1 and state.closed_why == "Hết quyển"
    assert (state.closed_entry, state.closed_hash) == (head.entries, head.head)
    with pytest.raises(RegisterClosed):
        office.door("clerk").do(registration(waiting, office.person("chairman")))
    with pytest.raises(RegisterClosed):
        administrator.do(CloseRegister(register.id, "Lần nữa"))
    administrator.do(OpenRegister(RegisterKind.INCOMING, today().year, "Sổ văn bản đến - Quyển 2", 1))
    office.door("clerk").do(registration(waiting, office.person("chairman")))
    assert office.view("clerk", waiting.document.id).document.arrival_number == 2
    assert not check_office(office.engine).findings


def test_after_a_merger_the_old_body_is_closed_and_the_new_one_starts_at_01(office: OfficeToTest):
    old = office.issued("1").document
    waiting = office.received("2")
    administrator = office.door("administrator")
    with pytest.raises(FieldWrong):
        administrator.do(StartNewBody("H99.22", "Ủy ban nhân dân xã Tân Phú", "UBND", "Tân Phú", today(), BASIS))
    administrator.do(CloseAgency("H99.21", today() - timedelta(days=1), BASIS))
    assert all(each.closed for each in administrator.ask(Registers()))
    assert administrator.ask(OfficeStanding()) == today() - timedelta(days=1)
    with pytest.raises(OfficeClosed):
        office.received("3")
    with pytest.raises(OfficeClosed):
        office.door("officer_economy").do(StartDraft("Công văn", "V/v", office.person("chairman"), ("H99.07",)))
    with pytest.raises((OfficeClosed, RegisterClosed)):
        office.door("clerk").do(registration(waiting, office.person("chairman")))
    administrator.do(StartNewBody("H99.22", "Ủy ban nhân dân xã Tân Phú", "UBND", "Tân Phú", today(), BASIS,
                                  "ỦY BAN NHÂN DÂN\nXÃ TÂN PHÚ"))
    facts = administrator.ask(AboutOffice())
    assert (facts.agency_code, facts.agency_name, facts.place) == ("H99.22", "Ủy ban nhân dân xã Tân Phú", "Tân Phú")
    assert facts.header == ("ỦY BAN NHÂN DÂN", "XÃ TÂN PHÚ")
    office.door("clerk").do(registration(waiting, office.person("chairman")))
    assert office.view("clerk", waiting.document.id).document.arrival_number == 1
    kept = office.view("clerk", old.id).document
    assert (kept.issuer_code, kept.issuer_name, kept.state) == ("H99.21", "Ủy ban nhân dân xã Tân Hiệp", State.ISSUED)
    new = office.signed("4")
    office.door("clerk").do(NumberOutgoing(new.document.id, new.document.version))
    numbered = office.view("clerk", new.document.id).document
    assert (numbered.code_number, numbered.issuer_code) == ("01", "H99.22")
    assert numbered.number_and_symbol == old.number_and_symbol        # two bodies, each with its own 01
    assert not check_office(office.engine).findings
