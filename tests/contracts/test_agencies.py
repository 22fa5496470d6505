"""Agencies with codes old and new, names of before, mergers; units, posts and people that end (records-work 13.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from docclient.office.checking import check_office
from docclient.office.commands.agencies import (
    ChangeAgency,
    ChangeDocumentType,
    ChangeUnit,
    CloseAgency,
    CloseUnit,
    MergeAgencies,
    RetireDocumentType,
)
from docclient.office.commands.leaving import ChangePost, DeactivatePerson, EndPost, ReactivatePerson
from docclient.office.commands.outgoing import StartDraft
from docclient.office.commands.people import AddAgency, AddPost
from docclient.office.errors import FieldWrong, NotFound, NotYours, StillWaiting
from docclient.office.model import Role, State, WaitKind, today
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.office import Agencies, AgencyView, DocumentTypes, People, Units
from docclient.office.queries.organisation import Staff
from docclient.store import tables
from tests.offices import OfficeToTest

BASIS = "Nghị quyết về sắp xếp đơn vị hành chính"
MERGED = date(2025, 7, 1)
DAY = timedelta(days=1)


def found(office: OfficeToTest, text: str) -> list[AgencyView]:
    return list(office.door("clerk").ask(Agencies(text)))


def test_an_agency_is_found_by_both_codes_and_by_its_former_name(office: OfficeToTest):
    clerk = office.door("clerk")
    clerk.do(AddAgency("H99.30", "Ủy ban nhân dân xã Phú Lâm", old_code="000.05.30.H99"))
    clerk.do(ChangeAgency("H99.30", MERGED, BASIS, new_code="H99.31", name="Ủy ban nhân dân phường Phú Lâm Mới"))
    for text in ("H99.31", "H99.30", "phuong phu lam moi", "xã Phú Lâm"):
        (agency,) = found(office, text)
        assert (agency.code, agency.old_code) == ("H99.31", "H99.30")
    assert agency.former == ("Ủy ban nhân dân xã Phú Lâm (H99.30)",)
    with pytest.raises(FieldWrong):
        clerk.do(ChangeAgency("H99.31", MERGED, BASIS, new_code="H99.07"))      # another's
    with pytest.raises(FieldWrong):
        clerk.do(ChangeAgency("H99.31", MERGED, BASIS))                         # nothing changes
    with pytest.raises(FieldWrong):
        clerk.do(ChangeAgency("H99.21", MERGED, BASIS, name="Tên khác"))        # the own one: the administrator
    assert not check_office(office.engine).findings


def test_old_documents_keep_the_old_issuers_name(office: OfficeToTest):
    before = office.registered()
    issued = office.issued("124")
    office.door("administrator").do(ChangeAgency("H99.07", today(), BASIS, name="Sở Nội vụ và Lao động"))
    office.door("administrator").do(ChangeAgency("H99.21", today(), BASIS, name="Ủy ban nhân dân xã Tân Hiệp Đông"))
    assert office.view("clerk", before.document.id).document.issuer_name == "Sở Nội vụ tỉnh"
    after = office.view("clerk", issued.document.id)
    assert after.document.issuer_name == "Ủy ban nhân dân xã Tân Hiệp"
    assert after.deliveries[0].agency_name == issued.deliveries[0].agency_name


def test_merged_agencies_have_ended_and_name_their_successor(office: OfficeToTest):
    clerk, administrator = office.door("clerk"), office.door("administrator")
    for code, name in (("H99.40", "UBND xã Một"), ("H99.41", "UBND xã Hai"), ("H99.42", "UBND xã Một Hai")):
        clerk.do(AddAgency(code, name))
    with pytest.raises(NotYours):
        clerk.do(MergeAgencies(("H99.40",), "H99.42", MERGED - DAY, BASIS))
    administrator.do(MergeAgencies(("H99.40", "H99.41"), "H99.42", MERGED - DAY, BASIS))
    ended = next(each for each in found(office, "H99.40") if each.code == "H99.40")
    assert (ended.valid_to, ended.successor) == (MERGED - DAY, "H99.42")
    chosen_from = {each.code for each in office.door("clerk").ask(Agencies())}
    assert "H99.42" in chosen_from and not {"H99.40", "H99.41"} & chosen_from
    assert {"H99.40", "H99.41"} <= {each.code for each in office.door("clerk").ask(Agencies(ended=True))}
    with pytest.raises(FieldWrong):                    # nothing is sent to what is not there any more
        office.door("officer_economy").do(StartDraft("Công văn", "V/v", office.person("chairman"), ("H99.40",)))
    for codes, into in ((("H99.40",), "H99.42"), (("H99.42",), "H99.42"), (("H99.21",), "H99.42"), ((), "H99.42")):
        with pytest.raises(FieldWrong):
            administrator.do(MergeAgencies(codes, into, MERGED, BASIS))
    administrator.do(CloseAgency("H99.42", MERGED, BASIS))
    assert not check_office(office.engine).findings


def test_units_are_renamed_and_closed_when_nobody_is_left(office: OfficeToTest):
    administrator = office.door("administrator")
    unit = next(each for each in administrator.ask(Units()) if "Kinh tế" in each.name)
    administrator.do(ChangeUnit(unit.id, today(), BASIS, "Phòng Kinh tế, Hạ tầng và Đô thị", "KTHTĐT"))
    names = {each.id: each for each in administrator.ask(Units())}
    assert names[unit.id].name == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert office.door("head_economy").me.posts[0].unit_name == "Phòng Kinh tế, Hạ tầng và Đô thị"
    with pytest.raises(FieldWrong):
        administrator.do(CloseUnit(unit.id, today() - DAY, BASIS))
    for person in administrator.ask(Staff()):
        for post in person.posts:
            if post.unit == unit.id:
                administrator.do(EndPost(post.id, today() - DAY))
    administrator.do(CloseUnit(unit.id, today() - DAY, BASIS))
    assert unit.id not in {each.id for each in administrator.ask(Units())}
    with office.engine.reading() as work:
        former = work.connection.execute(select(tables.former_name.c.name).where(
            tables.former_name.c.unit == unit.id)).scalar()
    assert former == unit.name


def test_a_person_has_several_posts_and_a_post_changes_on_a_day(office: OfficeToTest):
    administrator = office.door("administrator")
    person = office.person("officer_economy")
    unit = office.door("chief_of_office").me.posts[0].unit
    second = administrator.do(AddPost(person, unit, "Thường trực", Role.CLERK)).facts["post"]
    door = office.door("officer_economy")
    assert door.me.roles == {Role.OFFICER, Role.CLERK}
    changed = administrator.do(ChangePost(second, today() + DAY, title="Văn thư kiêm nhiệm")).facts["post"]
    staff = next(each for each in administrator.ask(Staff()) if each.id == person)
    days = {each.id: (each.title, each.valid_from, each.valid_to) for each in staff.posts}
    assert days[second] == ("Thường trực", None, today()) and days[changed][:2] == ("Văn thư kiêm nhiệm", today() + DAY)
    administrator.do(EndPost(second, today() - DAY))
    door.ask(People())                                 # an open door follows the change of post
    assert door.me.roles == {Role.OFFICER}


def test_a_post_does_not_end_while_its_role_is_waited_for(office: OfficeToTest):
    office.received()                                  # waits for a clerk
    administrator = office.door("administrator")
    clerk = next(each for each in administrator.ask(Staff()) if each.id == office.person("clerk"))
    with pytest.raises(StillWaiting):
        administrator.do(EndPost(clerk.posts[0].id, today() - DAY))
    with pytest.raises(FieldWrong):                    # the last administrator
        admin = next(each for each in administrator.ask(Staff()) if each.id == administrator.me.person)
        administrator.do(EndPost(admin.posts[0].id, today() - DAY))


def test_who_leaves_hands_over_what_waits(office: OfficeToTest):
    directed, queued = office.directed().document, office.queued("124").document
    administrator = office.door("administrator")
    officer, chairman = office.person("officer_economy"), office.person("chairman")
    with pytest.raises(StillWaiting) as refused:
        administrator.do(DeactivatePerson(officer, "Chuyển công tác"))
    assert int(refused.value.facts["count"]) >= 1
    receipt = administrator.do(DeactivatePerson(officer, "Chuyển công tác", office.person("officer_culture_society")))
    assert int(receipt.facts["handed_over"]) >= 1
    waiting = office.door("officer_culture_society").ask(WaitingForMe()).rows
    assert (directed.id, WaitKind.HANDLE) in {(row.document.id, row.kind) for row in waiting}
    with pytest.raises(NotFound):
        office.engine.enter(officer)
    with pytest.raises(FieldWrong):                    # no authority of their own
        administrator.do(DeactivatePerson(chairman, "Nghỉ hưu", office.person("officer_culture_society")))
    administrator.do(DeactivatePerson(chairman, "Nghỉ hưu", office.person("vice_chairman")))
    view = office.view("clerk", queued.id)             # another signer is another text: checked again
    assert (view.document.state, view.document.signer_name) == (State.CONTENT_CHECK, "Phó Chủ tịch UBND xã")
    administrator.do(ReactivatePerson(officer))
    assert office.engine.enter(officer).me.posts == ()
    assert not check_office(office.engine).findings


def test_types_change_and_retire(office: OfficeToTest):
    administrator = office.door("administrator")
    administrator.do(ChangeDocumentType("Thông báo", "TBAO"))
    assert {each.name: each.abbreviation for each in administrator.ask(DocumentTypes())}["Thông báo"] == "TBAO"
    administrator.do(RetireDocumentType("Thông báo", today() - DAY))
    assert "Thông báo" not in {each.name for each in administrator.ask(DocumentTypes())}
    with pytest.raises(FieldWrong):
        office.door("officer_economy").do(StartDraft("Thông báo", "V/v", office.person("chairman"), ("H99.07",)))
