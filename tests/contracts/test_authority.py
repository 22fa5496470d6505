"""Authority to sign: forms, types, units, dates, written basis; the lines above the signature (NĐ 30 Art 13)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from docclient.desk.signing_desk import sign_queued
from docclient.office.authority import AuthorityForm, authority_lines, lines_for
from docclient.office.commands.outgoing import ReturnDraft, StartDraft, SubmitDraft
from docclient.office.commands.signing_authority import EndSigningAuthority, SetSigningAuthority
from docclient.office.errors import FieldWrong, NoAuthority, NotYours
from docclient.office.model import PersonId, State, UnitId, today
from docclient.office.queries.authority import AuthorityLines, Holds, SigningAuthorities
from docclient.office.queries.documents import SigningQueue
from docclient.office.queries.office import Units
from docclient.store import tables
from tests.offices import OfficeToTest

BASIS = "Quy chế làm việc số 01/QC-UBND"
DAY = timedelta(days=1)


@pytest.mark.parametrize(("form", "title", "expected"), [
    ("TM.", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    ("KT.", "Phó Chủ tịch", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    ("TL.", "Chánh Văn phòng", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
    ("TUQ.", "Trưởng phòng Kinh tế", ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG KINH TẾ")),
    ("Q.", "Chủ tịch", ("Q. CHỦ TỊCH",)),
    ("direct", "Giám đốc", ("GIÁM ĐỐC",)),
])
def test_the_lines_above_a_signature(form: str, title: str, expected: tuple[str, ...]):
    assert authority_lines(form, title, collective="Ủy ban nhân dân", head_title="Chủ tịch") == expected


def test_a_deputy_signs_for_the_head_of_a_unit_who_signs_by_order():
    assert authority_lines("TL.", "Phó Chánh Văn phòng", collective="Ủy ban nhân dân", head_title="Chủ tịch",
                           through=("Chánh Văn phòng",)) == (
        "TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")


def test_posts_sign_in_their_simple_form(office: OfficeToTest):
    with office.engine.reading() as work:
        lines = {slug: lines_for(work, office.person(slug), "Công văn")
                 for slug in ("chairman", "vice_chairman", "chief_of_office", "officer_economy")}
    assert lines == {
        "chairman": ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "vice_chairman": ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        "chief_of_office": ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "officer_economy": ()}


def set_authority(office: OfficeToTest, slug: str, form: AuthorityForm, title: str, **rest: object) -> str:
    command = SetSigningAuthority(office.person(slug), form, title, BASIS,
                                  **{"valid_from": today(), **rest})     # type: ignore[arg-type]
    return office.door("administrator").do(command).facts["authority"]


def draft(office: OfficeToTest, type_name: str, signer: PersonId) -> str:
    receipt = office.door("officer_economy").do(StartDraft(type_name, "V/v thử thẩm quyền", signer, ("H99.07",)))
    assert receipt.document is not None
    return receipt.document


def test_outside_the_types_no_draft_is_started_for_a_signer(office: OfficeToTest):
    chief = office.person("chief_of_office")
    with office.engine.reading() as work:
        post = work.connection.scalar(select(tables.post.c.id).where(
            tables.post.c.person == chief, tables.post.c.role == "chief_of_office"))
        second = work.connection.scalar(select(tables.post.c.id).where(
            tables.post.c.person == chief, tables.post.c.role == "head_of_unit"))
    for each in (post, second):
        set_authority(office, "chief_of_office", AuthorityForm.TL, "Chánh Văn phòng", types=("Thông báo",), post=each)
    with pytest.raises(FieldWrong) as refused:
        draft(office, "Quyết định", chief)
    assert refused.value.facts["name"] == "signer" and refused.value.facts["about"] == "Quyết định"
    draft(office, "Thông báo", chief)
    clerk = office.door("clerk")
    assert clerk.ask(AuthorityLines(chief, "Thông báo")) == ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")
    assert clerk.ask(AuthorityLines(chief, "Quyết định")) == ()


def test_outside_the_units_and_the_days_there_is_none(office: OfficeToTest):
    head = office.person("head_economy")
    units = {each.abbreviation: each.id for each in office.door("clerk").ask(Units())}
    economy = next(each.id for each in office.door("clerk").ask(Units()) if "Kinh tế" in each.name)
    set_authority(office, "officer_culture_society", AuthorityForm.TL, "Chuyên viên", units=(units["VP"],))
    with office.engine.reading() as work:
        person = office.person("officer_culture_society")
        assert lines_for(work, person, "Công văn", UnitId(units["VP"]))
        assert not lines_for(work, person, "Công văn", UnitId(economy))
    coming = set_authority(office, "officer_economy", AuthorityForm.TL, "Chuyên viên", valid_from=today() + DAY)
    views = {each.id: each for each in office.door("clerk").ask(SigningAuthorities())}
    assert views[coming].holds is Holds.COMING
    with pytest.raises(FieldWrong):
        draft(office, "Công văn", office.person("officer_economy"))
    assert head in {each.person for each in views.values() if not each.id}


def test_an_authorisation_is_written_limited_and_not_passed_on(office: OfficeToTest):
    chairman, vice = office.person("chairman"), office.person("vice_chairman")
    good = {"valid_to": today() + DAY, "types": ("Công văn",), "given_by": chairman}
    for missing in ("valid_to", "types", "given_by"):
        with pytest.raises(FieldWrong):
            set_authority(office, "officer_economy", AuthorityForm.TUQ, "Chuyên viên",
                          **{name: value for name, value in good.items() if name != missing})
    with pytest.raises(FieldWrong):
        office.door("administrator").do(SetSigningAuthority(
            vice, AuthorityForm.TUQ, "Phó Chủ tịch", " ", today(), today() + DAY, ("Công văn",), given_by=chairman))
    set_authority(office, "officer_economy", AuthorityForm.TUQ, "Chuyên viên", **good)
    with pytest.raises(FieldWrong) as refused:      # who holds by authorisation does not authorise
        set_authority(office, "officer_culture_society", AuthorityForm.TUQ, "Chuyên viên",
                      **{**good, "given_by": office.person("officer_economy")})
    assert str(refused.value.facts["reason"].code) == "why.no_sub_delegation"    # type: ignore[attr-defined]
    assert office.door("clerk").ask(AuthorityLines(office.person("officer_economy"), "Công văn")) == (
        "TUQ. CHỦ TỊCH", "CHUYÊN VIÊN")


def test_submitting_to_and_signing_by_who_may_no_longer_is_refused(office: OfficeToTest):
    queued = office.queued().document
    drafted = office.drafted("124").document
    chairman = office.person("chairman")
    with office.engine.reading() as work:
        post = work.connection.scalar(select(tables.post.c.id).where(tables.post.c.person == chairman))
    identity = set_authority(office, "chairman", AuthorityForm.TM, "Chủ tịch", post=post, types=("Công văn",))
    assert office.door("chairman").ask(AuthorityLines(chairman, "Công văn"))
    office.door("administrator").do(EndSigningAuthority(identity, "Thôi giữ chức vụ"))
    with pytest.raises(NoAuthority) as refused:
        office.door("officer_economy").do(SubmitDraft(drafted.id, drafted.version))
    assert (refused.value.facts["type"], refused.value.facts["day"]) == ("Công văn", today().strftime("%d/%m/%Y"))
    (result,) = sign_queued(office.door("chairman"), office.door("chairman").ask(SigningQueue()),
                            office.material.key("chairman"))
    assert isinstance(result.trouble, NoAuthority)
    office.door("chairman").do(ReturnDraft(queued.id, queued.version, "Không còn thẩm quyền"))
    assert office.view("clerk", queued.id).document.state is State.DRAFT


def test_only_the_administrator_sets_it(office: OfficeToTest):
    with pytest.raises(NotYours):
        office.door("chairman").do(SetSigningAuthority(
            office.person("vice_chairman"), AuthorityForm.KT, "Phó Chủ tịch", BASIS, today()))
    with pytest.raises(FieldWrong):
        office.door("administrator").do(EndSigningAuthority("không có", "x"))
