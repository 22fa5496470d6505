"""The main flow through the door, over every engine: from a received packet to an issued, sealed answer."""

from __future__ import annotations

from docclient.office.checking import check_office
from docclient.office.commands.incoming import FinishIncoming
from docclient.office.model import State, Step
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.office import Outbox, RegisterPage, Registers
from tests.offices import OfficeToTest


def test_a_document_goes_all_the_way(office: OfficeToTest):
    issued = office.issued()
    document = issued.document
    assert document.state is State.ISSUED
    assert document.number_and_symbol == "01/UBND-KT"
    main = issued.main_file()
    assert main is not None
    assert [each.step for each in main.versions] == [Step.CONVERTED, Step.PREPARED, Step.SIGNED, Step.SEALED]
    assert main.current.conclusion == "valid"
    assert main.current.report is not None
    leader, agency = main.current.report["signatures"]
    assert (leader["verdict"], agency["verdict"]) == ("valid", "valid")
    assert "form_filling" in {each["kind"] for each in leader["changes_after"]}
    assert all(each["allowed"] for each in leader["changes_after"])

    (link,) = issued.links
    incoming = office.view("officer_economy", link.document).document
    assert incoming.state is State.IN_WORK
    (finish,) = (each for each in office.door("officer_economy").ask(OffersOn(incoming.id))
                 if each.command == "FinishIncoming")
    assert not finish.fields[0].required                    # the answer says it; without one the offer asks for words
    office.door("officer_economy").do(FinishIncoming(incoming.id, incoming.version))
    assert office.view("clerk", incoming.id).document.state is State.FINISHED

    clerk = office.door("clerk")
    waiting = clerk.ask(Outbox())
    assert [(each.kind, each.status_code, each.recipient_code) for each in waiting] == [
        ("status", "01", "H99.07"), ("status", "03", "H99.07"), ("status", "04", "H99.07"), ("status", "05", "H99.07"),
        ("document", "", "H99.07"), ("status", "06", "H99.07")]
    registers = {each.kind: each for each in clerk.ask(Registers())}
    (row,) = clerk.ask(RegisterPage(registers["outgoing"].id)).rows
    assert row.columns[0] == "01/UBND-KT"
    (row,) = clerk.ask(RegisterPage(registers["incoming"].id)).rows
    assert row.columns[1:4] == ("1", "Sở Nội vụ tỉnh", "123/SNV-VP")
    assert check_office(office.engine).findings == ()
