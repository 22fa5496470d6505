"""Rights per file and document; a change stays flagged until the competent person confirms it (C1)."""

from __future__ import annotations

import pytest

from docclient.office.checking import check_office
from docclient.office.commands.rights import ConfirmRights, GrantRight, WithdrawRight
from docclient.office.errors import FieldWrong, NotFound, NotYours
from docclient.office.model import Digest, DocumentId, FileKind, Handler
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.documents import ListDocuments
from docclient.office.queries.office import Units
from docclient.office.queries.rights import MyRights, RightsOn, RightsToConfirm
from docclient.office.rights import Right
from tests.offices import OfficeToTest

STRANGER = "officer_culture_society"


def change(office: OfficeToTest, by: str, kind: type[GrantRight] | type[WithdrawRight], document: DocumentId, slug: str,
           right: Right = Right.READ, file: str | None = None, *, holder: Handler | None = None) -> str:
    version = office.view("clerk", document).document.version
    receipt = office.door(by).do(kind(document, version, holder or Handler("person", office.person(slug)), right,
                                      "Phục vụ công việc", file))
    return receipt.facts["change"]


def reads(office: OfficeToTest, slug: str, digest: Digest) -> bool:
    try:
        office.door(slug).read(digest).close()
    except NotFound:
        return False
    return True


def test_c1_a_grant_gives_nothing_until_it_is_confirmed(office: OfficeToTest):
    view = office.registered()
    main = view.main_file()
    assert main is not None
    document, digest = view.document.id, main.current.digest
    door = office.door(STRANGER)
    identity = change(office, "clerk", GrantRight, document, STRANGER)
    with pytest.raises(NotFound):
        door.ask(DocumentPage(document))
    assert not reads(office, STRANGER, digest)
    (flagged,) = office.door("chairman").ask(RightsToConfirm())
    assert (flagged.id, flagged.holder_name, flagged.given) == (identity, "Chuyên viên Phòng Văn hóa - Xã hội", True)
    with pytest.raises(NotYours):
        office.door("officer_economy").do(ConfirmRights((identity,)))
    office.door("chairman").do(ConfirmRights((identity,)))
    assert door.ask(DocumentPage(document)).document.id == document
    assert reads(office, STRANGER, digest)
    assert [each.id for each in door.ask(ListDocuments(view.document.flow)).rows] == [document]
    assert not office.door("chairman").ask(RightsToConfirm())
    with pytest.raises(FieldWrong):
        office.door("chairman").do(ConfirmRights((identity,)))
    assert not check_office(office.engine).findings


def test_c1_a_withdrawal_counts_at_once_and_is_undone_when_refused(office: OfficeToTest):
    view = office.directed()
    main = view.main_file()
    assert main is not None
    document, digest = view.document.id, main.current.digest
    assert reads(office, "head_economy", digest) is False
    change(office, "chairman", GrantRight, document, "head_economy")       # a leader is competent
    assert reads(office, "head_economy", digest)
    identity = change(office, "chief_of_office", WithdrawRight, document, "head_economy")
    assert not reads(office, "head_economy", digest)
    with pytest.raises(FieldWrong):                                        # not one's own change
        office.door("chief_of_office").do(ConfirmRights((identity,)))
    office.door("chairman").do(ConfirmRights((identity,), confirmed=False))
    assert reads(office, "head_economy", digest)
    assert [each.state for each in office.door("clerk").ask(RightsOn(document))] == ["confirmed", "refused"]


def test_one_file_alone_is_granted(office: OfficeToTest):
    view = office.registered()
    packet = next(each for each in view.files if each.kind is FileKind.PACKET)
    main = view.main_file()
    assert main is not None
    change(office, "chairman", GrantRight, view.document.id, STRANGER, file=main.id)
    assert reads(office, STRANGER, main.current.digest)
    assert not reads(office, STRANGER, packet.current.digest)
    rights = {each.file: each for each in office.door(STRANGER).ask(MyRights(view.document.id))}
    assert rights[main.id].read and not rights[packet.id].read and not rights[packet.id].download


def test_one_file_is_withdrawn_from_a_unit_also_from_who_sees_everything(office: OfficeToTest):
    view = office.registered()
    main = view.main_file()
    assert main is not None
    unit = next(each.id for each in office.door("clerk").ask(Units()) if each.abbreviation == "VP")
    assert reads(office, "clerk", main.current.digest)
    change(office, "chairman", WithdrawRight, view.document.id, "", file=main.id, holder=Handler("unit", unit))
    assert not reads(office, "clerk", main.current.digest)
    assert office.view("clerk", view.document.id).document.id == view.document.id
    change(office, "chairman", GrantRight, view.document.id, "clerk", file=main.id)    # the newest word counts
    assert reads(office, "clerk", main.current.digest)


def test_what_a_unit_is_granted_does_not_reach_its_administrator(office: OfficeToTest):
    document, chairman = office.received().document, office.door("chairman")
    for unit in office.door("administrator").me.units:
        chairman.do(GrantRight(document.id, office.view("chairman", document.id).document.version,
                               Handler("unit", unit), Right.READ, "Cả Văn phòng cùng theo dõi"))
    with pytest.raises(NotFound):
        office.door("administrator").ask(DocumentPage(document.id))


def test_downloading_and_printing_are_rights_of_their_own(office: OfficeToTest):
    view = office.directed()
    main = view.main_file()
    assert main is not None
    change(office, "chairman", WithdrawRight, view.document.id, "officer_economy", Right.PRINT)
    found = office.door("officer_economy").ask(MyRights(view.document.id))
    (rights,) = [each for each in found if each.file == main.id]
    assert (rights.read, rights.download, rights.print) == (True, True, False)


def test_who_works_on_it_keeps_reading_and_only_the_competent_change(office: OfficeToTest):
    view = office.directed()
    with pytest.raises(FieldWrong):
        change(office, "clerk", WithdrawRight, view.document.id, "officer_economy")
    with pytest.raises(NotYours):
        change(office, "officer_economy", GrantRight, view.document.id, STRANGER)
    with pytest.raises(FieldWrong):
        change(office, "clerk", GrantRight, view.document.id, STRANGER, file="không có")
