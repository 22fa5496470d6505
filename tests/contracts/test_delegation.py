"""Acting for an absent person: scope and dates, own certificate and own authority, journal and trail, rehearsal."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from docclient.desk.signing_desk import sign_queued
from docclient.office.checking import check_office
from docclient.office.commands.delegating import GrantDelegation, RevokeDelegation
from docclient.office.commands.incoming import AcceptWork, DirectIncoming
from docclient.office.commands.outgoing import ReturnDraft, SignOutgoing
from docclient.office.commands.people import SetFact
from docclient.office.door import for_whom
from docclient.office.errors import FieldWrong, NoAuthority, NotForAnother, NotFound, NotYours, WrongSigner
from docclient.office.model import DocumentId, Handler, Role, State, WaitKind, today
from docclient.office.queries.authority import AbsenceRehearsal, Delegations, Holds
from docclient.office.queries.document_page import DocumentPage, OffersOn
from docclient.office.queries.documents import SigningQueue, WaitingForMe
from docclient.store import tables
from tests.offices import OfficeToTest

WEEK = timedelta(days=7)
BASIS = "Giấy ủy quyền số 01/GUQ-UBND"


def grant(office: OfficeToTest, absent: str, substitute: str, *, by: str = "", first: date | None = None,
          last: date | None = None, types: tuple[str, ...] = (), kinds: tuple[WaitKind, ...] = ()) -> str:
    receipt = office.door(by or absent).do(GrantDelegation(
        office.person(absent), office.person(substitute), first or today(), last or today() + WEEK, BASIS, types,
        kinds))
    return receipt.facts["delegation"]


def test_what_waits_for_the_absent_waits_for_the_substitute_marked(office: OfficeToTest):
    document = office.directed().document.id
    substitute = office.door("officer_culture_society")
    assert not substitute.ask(WaitingForMe()).rows
    with pytest.raises(NotFound):
        substitute.ask(DocumentPage(document))
    grant(office, "officer_economy", "officer_culture_society")
    (row,) = substitute.ask(WaitingForMe()).rows       # the door that was open before sees it too
    assert (row.document.id, row.kind) == (document, WaitKind.HANDLE)
    assert row.acting_for == office.person("officer_economy")
    assert row.acting_for_name == "Chuyên viên Phòng Kinh tế"
    offers = {each.command: each for each in substitute.ask(OffersOn(document))}
    assert offers["AcceptWork"].acting_for == office.person("officer_economy")
    accept = AcceptWork(document, offers["AcceptWork"].version)
    with pytest.raises(NotYours):
        substitute.do(accept)                          # in one's own name it is not one's own
    receipt = for_whom(substitute, offers["AcceptWork"].acting_for).do(accept, key="once")
    assert receipt == for_whom(substitute, offers["AcceptWork"].acting_for).do(accept, key="once")
    assert receipt.state is State.IN_WORK
    last = office.view("clerk", document).timeline[-1]
    assert (last.actor_name, last.acting_for_name) == ("Chuyên viên Phòng Văn hóa - Xã hội",
                                                       "Chuyên viên Phòng Kinh tế")
    entry = journalled(office, last.entry)
    assert entry["actor"] == office.person("officer_culture_society")
    assert json.loads(entry["effect"])["acting_for"]["person"] == office.person("officer_economy")
    assert not check_office(office.engine).findings


def journalled(office: OfficeToTest, number: int) -> dict[str, str]:
    with office.engine.reading() as work:
        return dict(work.connection.execute(
            select(tables.journal).where(tables.journal.c.number == number)).mappings().one())


def test_a_delegation_goes_as_far_as_its_types_and_kinds(office: OfficeToTest):
    document = office.directed().document.id
    substitute = office.door("officer_culture_society")
    other_type = grant(office, "officer_economy", "officer_culture_society", types=("Quyết định",))
    other_kind = grant(office, "officer_economy", "officer_culture_society", kinds=(WaitKind.SIGN,))
    assert not substitute.ask(WaitingForMe()).rows
    with pytest.raises(NotFound):
        for_whom(substitute, office.person("officer_economy")).do(AcceptWork(document, 4))
    for each in (other_type, other_kind):
        office.door("officer_economy").do(RevokeDelegation(each, "Đã đi làm lại"))
    grant(office, "officer_economy", "officer_culture_society", types=("Công văn",), kinds=(WaitKind.HANDLE,))
    assert [row.document.id for row in substitute.ask(WaitingForMe()).rows] == [document]


def test_it_begins_and_ends_with_its_days(office: OfficeToTest):
    office.directed()
    tomorrow = today() + timedelta(days=1)
    identity = grant(office, "officer_economy", "officer_culture_society", first=tomorrow)
    substitute = office.door("officer_culture_society")
    assert not substitute.ask(WaitingForMe()).rows
    assert [each.holds for each in substitute.ask(Delegations())] == [Holds.COMING]
    with office.engine.writing() as connection:        # a week goes by
        connection.execute(update(tables.delegation).where(tables.delegation.c.id == identity).values(
            first_day=today() - WEEK, last_day=today() - timedelta(days=1)))
    assert not office.door("officer_culture_society").ask(WaitingForMe()).rows


def test_revoked_it_gives_nothing_any_more(office: OfficeToTest):
    document = office.directed().document
    identity = grant(office, "officer_economy", "officer_culture_society")
    substitute = office.door("officer_culture_society")
    assert substitute.ask(WaitingForMe()).rows
    with pytest.raises(NotYours):
        office.door("head_economy").do(RevokeDelegation(identity, "Không phải việc của tôi"))
    office.door("officer_economy").do(RevokeDelegation(identity, "Đã đi làm lại"))
    assert not substitute.ask(WaitingForMe()).rows
    with pytest.raises((NotForAnother, NotFound)):
        for_whom(substitute, office.person("officer_economy")).do(AcceptWork(document.id, document.version))
    with pytest.raises(FieldWrong):
        office.door("officer_economy").do(RevokeDelegation(identity, "Lần nữa"))


def test_who_grants_it_and_what_is_refused(office: OfficeToTest):
    with pytest.raises(NotYours):
        grant(office, "officer_economy", "officer_culture_society", by="head_economy")
    for by in ("administrator", "chief_of_office"):
        grant(office, "officer_economy", "officer_culture_society", by=by)
    for wrong in ({"last": today() - timedelta(days=1)}, {"first": today() + WEEK, "last": today()},
                  {"types": ("Không có",)}):
        with pytest.raises(FieldWrong):
            grant(office, "chairman", "vice_chairman", **wrong)
    with pytest.raises(FieldWrong):
        grant(office, "chairman", "chairman")
    with pytest.raises(FieldWrong):                    # is absent too
        grant(office, "chairman", "officer_economy")
    with pytest.raises(FieldWrong):
        office.door("chairman").do(GrantDelegation(
            office.person("chairman"), office.person("vice_chairman"), today(), today(), " "))


def test_nothing_is_passed_on_and_nothing_beyond_documents_is_given(office: OfficeToTest):
    document = office.directed().document
    grant(office, "officer_economy", "officer_culture_society")
    office.directed("124", lead="officer_culture_society")
    third = office.door("head_economy")
    with office.engine.writing() as connection:        # an older grant of the substitute's own, still in force
        connection.execute(update(tables.delegation).values(last_day=today() + WEEK))
    office.door("chief_of_office").do(GrantDelegation(
        office.person("officer_culture_society"), office.person("head_economy"), today(), today() + WEEK, BASIS))
    waiting = {row.document.id: row.acting_for for row in third.ask(WaitingForMe()).rows}
    assert document.id not in waiting and office.person("officer_culture_society") in waiting.values()
    with pytest.raises((NotForAnother, NotFound)):
        for_whom(third, office.person("officer_economy")).do(AcceptWork(document.id, document.version))
    grant(office, "administrator", "clerk")
    with pytest.raises(NotForAnother):
        for_whom(office.door("clerk"), office.person("administrator")).do(SetFact("symbol", "X"))


def test_directing_for_the_absent_leader(office: OfficeToTest):
    document = office.registered().document
    grant(office, "chairman", "head_economy", kinds=(WaitKind.DIRECT,))
    head = office.door("head_economy")
    (row,) = [each for each in head.ask(WaitingForMe()).rows if each.kind is WaitKind.DIRECT]
    assert row.acting_for_name == "Chủ tịch UBND xã"
    for_whom(head, row.acting_for).do(DirectIncoming(
        document.id, document.version, Handler("person", office.person("officer_economy")), words="Tham mưu"))
    view = office.view("head_economy", document.id)    # what was done for another can be followed afterwards
    assert (view.directions[0].by_name, view.directions[0].hand_name) == ("Chủ tịch UBND xã", "Trưởng phòng Kinh tế")
    assert view.timeline[-1].acting_for_name == "Chủ tịch UBND xã"


def test_signing_for_the_absent_is_by_ones_own_authority_and_certificate(office: OfficeToTest):
    document = office.queued().document
    grant(office, "chairman", "vice_chairman")
    vice = office.door("vice_chairman")
    (item,) = vice.ask(SigningQueue())
    assert item.acting_for_name == "Chủ tịch UBND xã"
    (result,) = sign_queued(vice, [item], office.material.key("chairman"))      # the absent person's token
    assert isinstance(result.trouble, WrongSigner)
    (result,) = sign_queued(vice, vice.ask(SigningQueue()), office.material.key("vice_chairman"))
    assert result.trouble is None
    view = office.view("clerk", document.id)
    assert view.document.state is State.SIGNED
    assert (view.document.signer_name, view.document.signer_position) == ("Phó Chủ tịch UBND xã", "Phó Chủ tịch")
    main = view.main_file()
    assert main is not None and main.current.by_name == "Phó Chủ tịch UBND xã"
    assert view.timeline[-1].acting_for_name == "Chủ tịch UBND xã"
    assert not check_office(office.engine).findings


def test_who_has_no_authority_may_return_but_not_sign(office: OfficeToTest):
    document = office.queued().document
    grant(office, "chairman", "officer_culture_society")
    substitute = office.door("officer_culture_society")
    assert not substitute.ask(SigningQueue())
    offers = {each.command for each in substitute.ask(OffersOn(document.id))}
    assert "ReturnDraft" in offers and "SignOutgoing" not in offers
    with pytest.raises(NoAuthority) as refused:
        give_signature(office, document.id)
    assert refused.value.facts["person"] == "Chuyên viên Phòng Văn hóa - Xã hội"
    assert refused.value.facts["type"] == "Công văn"
    for_whom(substitute, office.person("chairman")).do(ReturnDraft(document.id, document.version, "Bổ sung số liệu"))
    assert office.view("clerk", document.id).document.state is State.DRAFT


def give_signature(office: OfficeToTest, document: DocumentId) -> None:
    view = office.view("chairman", document)
    main = view.main_file()
    assert main is not None
    substitute = office.door("officer_culture_society")
    for_whom(substitute, office.person("chairman")).do(SignOutgoing(
        document, view.document.version, main.current.digest, substitute.put(b"anything")))


def test_a_rehearsal_tells_what_arrives_who_gets_it_and_what_nobody_signs(office: OfficeToTest):
    office.queued()
    ask = AbsenceRehearsal(office.person("chairman"), today(), today() + timedelta(days=2))
    with pytest.raises(NotYours):
        office.door("officer_economy").ask(ask)
    alone = office.door("chairman").ask(ask)
    assert len(alone.uncovered_days) == 3 and alone.nobody_gets == alone.arriving
    assert [each.kind for each in alone.nobody_signs] == [WaitKind.SIGN]
    assert "Công văn" in alone.unsigned_types
    grant(office, "chairman", "officer_culture_society", last=today() + timedelta(days=1))
    partly = office.door("chairman").ask(ask)
    assert partly.uncovered_days == (today() + timedelta(days=2),)
    assert not partly.nobody_gets and len(partly.nobody_signs) == 1
    assert partly.arriving[0].substitutes == (("Chuyên viên Phòng Văn hóa - Xã hội", BASIS),)
    grant(office, "chairman", "vice_chairman")
    covered = office.door("chairman").ask(ask)
    assert not covered.nobody_signs and not covered.uncovered_days and not covered.unsigned_types
    assert covered.arriving[0].signers == ("Phó Chủ tịch UBND xã",)
    clerk = office.door("administrator").ask(AbsenceRehearsal(office.person("clerk"), today(), today()))
    assert clerk.roles_alone == (Role.CLERK,)
