"""Directions on several levels: exactly one lead per level, who asked whom when, redirected, forwarded, taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from docclient.office.checking import check_office
from docclient.office.commands.deadlines import AskForExtension, ExtendDeadline, RefuseExtension
from docclient.office.commands.incoming import AcceptWork, DirectIncoming, FinishIncoming, MarkRead, PresentIncoming
from docclient.office.commands.passing_on import AddHandlers, Forward, PassOn, Redirect, TakeBack
from docclient.office.commands.remarks import MarkOpened
from docclient.office.door import Command
from docclient.office.errors import FieldWrong, NotFound, NotYours
from docclient.office.handling import Origin
from docclient.office.model import DocumentId, Handler, HandlerRole, Role, State, WaitKind, today
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.handling import HandlingOf, HandlingView
from docclient.office.queries.office import Outbox, Units
from docclient.office.working_days import WorkingCalendar
from tests.offices import OfficeToTest

LATER = WorkingCalendar().after(today(), 10)
SOONER = WorkingCalendar().after(today(), 5)


@dataclass
class Case:
    """A document of an office, acted on by whoever; every command carries the version as it is."""

    office: OfficeToTest
    document: DocumentId

    def do(self, slug: str, make: Callable[[DocumentId, int], Command]) -> State:
        version = self.office.view("clerk", self.document).document.version
        self.office.door(slug).do(make(self.document, version))
        return self.state

    def who(self, slug: str) -> Handler:
        return Handler("person", self.office.person(slug))

    @property
    def state(self) -> State:
        return self.office.view("clerk", self.document).document.state

    @property
    def view(self) -> HandlingView:
        return self.office.door("clerk").ask(HandlingOf(self.document))

    def waits(self, slug: str) -> set[WaitKind]:
        rows = self.office.door(slug).ask(WaitingForMe()).rows
        return {row.kind for row in rows if row.document.id == self.document}

    def offered(self, slug: str) -> set[str]:
        return {each.command for each in self.office.door(slug).ask(OffersOn(self.document))}

    def tree(self) -> list[tuple[int, str, dict[str, str]]]:
        """depth, by whom, name → role: of every level."""
        return [(level.depth, level.steps[0].by_name,
                 {share.name: share.role.value for step in level.steps for share in step.shares})
                for level in self.view.levels]


def directed(office: OfficeToTest, number: str = "1", **more: Any) -> Case:
    """The chairman has directed it to the head of Kinh tế."""
    case = Case(office, office.registered(number).document.id)
    values: dict[str, Any] = {"lead": case.who("head_economy"), "due_date": LATER, **more}
    case.do("chairman", lambda d, v: DirectIncoming(d, v, **values))
    return case


def economy(office: OfficeToTest) -> Handler:
    return Handler("unit", next(each.id for each in office.door("clerk").ask(Units()) if each.abbreviation == "KT"))


def passed_on(office: OfficeToTest, number: str = "1", **more: Any) -> Case:
    case = directed(office, number, **more)
    case.do("head_economy", lambda d, v: PassOn(d, v, case.who("officer_economy"), words="Đồng chí xử lý"))
    return case


def test_from_the_leader_through_the_unit_to_the_officer(office: OfficeToTest):
    case = directed(office, lead=economy(office),
                    helping=(Handler("person", office.person("officer_culture_society")),),
                    informed=(Handler("person", office.person("vice_chairman")),),
                    following=(Handler("person", office.person("chief_of_office")),), words="Tham mưu trả lời",
                    helping_due_date=SOONER)
    assert case.waits("head_economy") == {WaitKind.HANDLE}
    assert case.waits("officer_culture_society") == {WaitKind.HELP}
    assert case.waits("vice_chairman") == {WaitKind.READ}
    assert case.waits("chief_of_office") == {WaitKind.FOLLOW}
    case.do("head_economy", lambda d, v: PassOn(d, v, case.who("officer_economy"), words="Đồng chí xử lý",
                                                due_date=SOONER))
    assert case.tree() == [
        (0, "Chủ tịch UBND xã", {"Trưởng phòng Kinh tế": "lead", "Chuyên viên Phòng Văn hóa - Xã hội": "helping",
                                 "Phó Chủ tịch UBND xã": "informed", "Chánh Văn phòng": "follower"}),
        (1, "Trưởng phòng Kinh tế", {"Chuyên viên Phòng Kinh tế": "lead"})]
    level = case.view.levels[1]
    assert level.below == "Trưởng phòng Kinh tế" and level.steps[0].origin is Origin.PASS_ON
    assert level.steps[0].shares[0].has_it and level.steps[0].shares[0].limit == SOONER
    helper = next(s for s in case.view.levels[0].steps[0].shares if s.role is HandlerRole.HELPING)
    assert helper.limit == SOONER
    assert case.view.has_it == ("Chuyên viên Phòng Kinh tế",)
    assert case.waits("head_economy") == {WaitKind.FOLLOW}
    assert case.waits("officer_economy") == {WaitKind.HANDLE}
    assert "PassOn" not in case.offered("head_economy") and "AcceptWork" not in case.offered("head_economy")
    assert case.do("officer_economy", AcceptWork) is State.IN_WORK
    case.do("vice_chairman", MarkRead)
    assert case.waits("vice_chairman") == set()
    assert case.do("officer_economy", lambda d, v: FinishIncoming(d, v, "Đã trả lời")) is State.FINISHED
    assert [case.waits(slug) for slug in ("head_economy", "officer_economy", "chief_of_office")] == [set()] * 3
    assert check_office(office.engine).whole


def test_below_a_helper_everybody_helps(office: OfficeToTest):
    case = directed(office, lead=Handler("person", office.person("officer_culture_society")),
                    helping=(Handler("person", office.person("head_economy")),))
    case.do("head_economy", lambda d, v: PassOn(d, v, case.who("officer_economy")))
    assert case.tree()[1] == (1, "Trưởng phòng Kinh tế", {"Chuyên viên Phòng Kinh tế": "lead"})
    roles = {each.name: each.role for each in office.view("clerk", case.document).handlers}
    assert roles["Chuyên viên Phòng Kinh tế"] is HandlerRole.HELPING
    assert case.waits("officer_economy") == {WaitKind.HELP}
    assert not {"FinishIncoming", "AcceptWork"} & case.offered("officer_economy")
    assert case.view.has_it == ("Chuyên viên Phòng Văn hóa - Xã hội",)


@pytest.mark.parametrize(("slug", "lead", "due", "trouble"), [
    ("head_economy", "officer_culture_society", None, FieldWrong),     # another unit's
    ("head_economy", "head_economy", None, FieldWrong),
    ("head_economy", "administrator", None, FieldWrong),
    ("head_economy", "officer_economy", LATER + timedelta(days=1), FieldWrong),
    ("officer_economy", "officer_economy", None, (NotYours, NotFound)),
    ("chief_of_office", "officer_economy", None, NotYours),
])
def test_passing_on_stays_inside_the_unit_and_the_limit(office: OfficeToTest, slug: str, lead: str, due: Any,
                                                        trouble: Any):
    case = directed(office)
    with pytest.raises(trouble):
        case.do(slug, lambda d, v: PassOn(d, v, case.who(lead), due_date=due))
    assert len(case.tree()) == 1


def test_more_help_joins_the_level_of_whoever_asked_for_it(office: OfficeToTest):
    case = passed_on(office)
    case.do("chairman", lambda d, v: AddHandlers(d, v, (case.who("officer_culture_society"),)))
    case.do("officer_economy", lambda d, v: Forward(d, v, (case.who("chief_of_office"),), words="Xin ý kiến"))
    top, below = case.tree()
    assert top[2]["Chuyên viên Phòng Văn hóa - Xã hội"] == "helping"
    assert below[2] == {"Chuyên viên Phòng Kinh tế": "lead", "Chánh Văn phòng": "informed"}
    with pytest.raises(FieldWrong):                         # handles it already
        case.do("chairman", lambda d, v: AddHandlers(d, v, (case.who("officer_economy"),)))
    with pytest.raises(FieldWrong):
        case.do("chairman", lambda d, v: AddHandlers(d, v))
    with pytest.raises(NotYours):
        case.do("officer_culture_society", lambda d, v: AddHandlers(d, v, informed=(case.who("vice_chairman"),)))
    # whoever was only informed may be asked for more
    case.do("officer_economy", lambda d, v: Forward(d, v, (case.who("chief_of_office"),), to_help=True))
    assert case.waits("chief_of_office") == {WaitKind.HELP}
    assert check_office(office.engine).whole


def test_whoever_directed_decides_anew_and_what_was_is_kept(office: OfficeToTest):
    case = passed_on(office)
    case.do("officer_economy", AcceptWork)
    with pytest.raises(FieldWrong):
        case.do("chairman", lambda d, v: Redirect(d, v, case.who("officer_culture_society"), " "))
    with pytest.raises(NotYours):
        case.do("vice_chairman", lambda d, v: Redirect(d, v, case.who("officer_culture_society"), "x"))
    state = case.do("chairman", lambda d, v: Redirect(d, v, case.who("officer_culture_society"), "Đúng lĩnh vực hơn",
                                                      words="Chủ trì trả lời"))
    assert state is State.ASSIGNED
    assert case.tree() == [(0, "Chủ tịch UBND xã", {"Chuyên viên Phòng Văn hóa - Xã hội": "lead"})]
    assert case.waits("officer_economy") == case.waits("head_economy") == set()
    assert {(step.by_name, share.name) for step in case.view.ended for share in step.shares} == {
        ("Chủ tịch UBND xã", "Trưởng phòng Kinh tế"), ("Trưởng phòng Kinh tế", "Chuyên viên Phòng Kinh tế")}
    assert {share.ended_why for step in case.view.ended for share in step.shares} == {"Đúng lĩnh vực hơn"}
    assert not {"FinishIncoming", "AcceptWork"} & case.offered("officer_economy")
    assert check_office(office.engine).whole


def test_a_head_redirects_the_own_level_alone(office: OfficeToTest):
    case = passed_on(office)
    head = office.door("head_economy").me
    assert head.roles == {Role.HEAD_OF_UNIT}
    with pytest.raises(FieldWrong):                         # of another unit
        case.do("head_economy", lambda d, v: Redirect(d, v, case.who("officer_culture_society"), "Ốm"))
    assert len(case.tree()) == 2
    case.do("head_economy", lambda d, v: Redirect(d, v, case.who("officer_economy"), "Giao lại"))
    assert [each[0] for each in case.tree()] == [0, 1]
    assert case.view.levels[0].steps[0].shares[0].name == "Trưởng phòng Kinh tế"


def test_what_was_just_sent_is_taken_back_until_somebody_opens_it(office: OfficeToTest):
    case = passed_on(office)
    assert "TakeBack" not in case.offered("chairman")       # the head has passed it on
    case.do("head_economy", TakeBack)
    assert case.waits("head_economy") == {WaitKind.HANDLE} and case.waits("officer_economy") == set()
    assert case.do("head_economy", AcceptWork) is State.IN_WORK
    case.do("head_economy", lambda d, v: PassOn(d, v, case.who("officer_economy")))
    office.door("officer_economy").do(MarkOpened(case.document))
    with pytest.raises(NotYours):
        case.do("head_economy", TakeBack)
    with pytest.raises(NotYours):                           # once is enough
        office.door("officer_economy").do(MarkOpened(case.document))
    assert check_office(office.engine).whole


def test_a_direction_and_a_presentation_are_taken_back(office: OfficeToTest):
    case = directed(office, helping=(Handler("person", office.person("officer_culture_society")),))
    assert case.do("chairman", TakeBack) is State.WAITING_DIRECTION
    assert case.waits("chairman") == {WaitKind.DIRECT} and case.tree() == []
    assert case.waits("officer_culture_society") == set()
    assert "TakeBack" not in case.offered("clerk")          # the chairman has opened it: he directed it
    case.do("chairman", lambda d, v: DirectIncoming(d, v, case.who("officer_economy")))
    assert case.tree()[0][2] == {"Chuyên viên Phòng Kinh tế": "lead"}

    presented = Case(office, office.registered("2", leader="vice_chairman").document.id)
    assert presented.do("clerk", TakeBack) is State.REGISTERED
    assert presented.waits("vice_chairman") == set()
    presented.do("clerk", lambda d, v: PresentIncoming(d, v, office.person("chairman")))
    office.door("chairman").do(MarkOpened(presented.document))
    with pytest.raises(NotYours):
        presented.do("clerk", TakeBack)
    codes = [each.status_code for each in office.door("clerk").ask(Outbox()) if each.document == case.document]
    assert codes == ["01", "03", "04"]                      # each once, however often it was directed
    assert check_office(office.engine).whole


def test_what_was_added_is_taken_back_alone(office: OfficeToTest):
    case = directed(office)
    case.do("chairman", lambda d, v: AddHandlers(d, v, informed=(case.who("officer_culture_society"),)))
    case.do("chairman", TakeBack)
    assert case.tree() == [(0, "Chủ tịch UBND xã", {"Trưởng phòng Kinh tế": "lead"})]
    assert case.state is State.ASSIGNED


def test_more_time_is_asked_for_given_and_refused_where_the_work_was_directed(office: OfficeToTest):
    case = directed(office)
    case.do("head_economy", lambda d, v: PassOn(d, v, case.who("officer_economy"), due_date=SOONER))
    later = WorkingCalendar().after(SOONER, 2)
    case.do("officer_economy", lambda d, v: AskForExtension(d, v, later, "Chờ số liệu"))
    assert WaitKind.EXTEND in case.waits("head_economy")
    assert "AskForExtension" not in case.offered("officer_economy")
    case.do("head_economy", lambda d, v: RefuseExtension(d, v, "Không kịp báo cáo"))
    assert case.waits("head_economy") == {WaitKind.FOLLOW}
    case.do("officer_economy", lambda d, v: AskForExtension(d, v, later, "Vẫn chờ"))
    with pytest.raises(FieldWrong):                         # never past the date above
        case.do("head_economy", lambda d, v: ExtendDeadline(d, v, LATER + timedelta(days=5), "Được"))
    case.do("head_economy", lambda d, v: ExtendDeadline(d, v, later, "Được"))
    assert case.view.levels[1].steps[0].shares[0].limit == later
    assert office.view("clerk", case.document).document.due_date == LATER       # the document's own date stays
    assert [(each.granted, each.answer) for each in case.view.requests] == [
        (False, "Không kịp báo cáo"), (True, "Được")]
    case.do("head_economy", lambda d, v: AskForExtension(d, v, LATER + timedelta(days=7), "Cả đơn vị chờ"))
    case.do("chairman", lambda d, v: ExtendDeadline(d, v, LATER + timedelta(days=7), "Đồng ý"))
    assert office.view("clerk", case.document).document.due_date == LATER + timedelta(days=7)
    assert case.waits("chairman") == set()
    assert check_office(office.engine).whole
