"""Before anybody decides: entered by hand, duplicates (A6), registers of one year, straight to the handler."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from docclient.errors import Trouble
from docclient.office.checking import check_office
from docclient.office.commands.arriving import ReceivedFile
from docclient.office.commands.deadlines import SetTypeDeadline
from docclient.office.commands.entering import EnterIncoming
from docclient.office.commands.incoming import DirectIncoming, RegisterIncoming
from docclient.office.commands.office_closing import CloseRegister
from docclient.office.commands.passing_on import Redirect, TakeBack
from docclient.office.commands.people import AddAgency, OpenRegister, RegisterKind
from docclient.office.commands.phrases import AddPhrase, RemovePhrase
from docclient.office.commands.routing import AddRegisterRule, AddRoutingRule, RemoveRegisterRule, RemoveRoutingRule
from docclient.office.door import Ask, Office
from docclient.office.errors import DuplicateFound, FieldWrong, NotFound, NotYours, RegisterClosed
from docclient.office.handling import Origin
from docclient.office.model import Channel, DocumentId, Handler, RegisterId, State, WaitKind, today
from docclient.office.queries.document_page import DocumentView, OffersOn
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.duplicates import Duplicates
from docclient.office.queries.handling import HandlingOf
from docclient.office.queries.office import Outbox
from docclient.office.queries.routing import (
    IncomingRegisters,
    MyPhrases,
    RegisterRules,
    RouteFor,
    RoutingRules,
)
from docclient.office.twins import TwinBy, number_key
from docclient.office.working_days import WorkingCalendar
from docclient.store import tables
from tests.offices import OfficeToTest, document_of, registration

CITIZENS = "Sổ đơn thư"


def entered(office: OfficeToTest, *, door: Office | None = None, **more: object) -> DocumentView:
    values = {"channel": Channel.HAND, "issuer_name": "Sở Nội vụ tỉnh", "subject": "V/v báo cáo", "code_number": "7",
              "code_notation": "SNV-VP", "issued_date": date(2026, 3, 5), "note": "Bì gửi đích danh", **more}
    receipt = (door or office.door("clerk")).do(EnterIncoming(**values))  # type: ignore[arg-type]
    return office.view("clerk", document_of(receipt))


def asks(office: OfficeToTest, slug: str, document: DocumentId, command: str) -> dict[str, Ask]:
    offer = next(each for each in office.door(slug).ask(OffersOn(document)) if each.command == command)
    return {each.name: each for each in offer.fields}


# --- entered by hand ------------------------------------------------------------------------------------------------


def test_what_came_by_post_or_by_hand_is_entered_with_its_files_or_as_an_envelope(office: OfficeToTest):
    clerk = office.door("clerk")
    pdf = clerk.put(office.material.draft.read_bytes())
    opened = entered(office, door=clerk, channel=Channel.MAIL, note="",
                     files=(ReceivedFile("don.pdf", pdf, "application/pdf"),))
    main = opened.main_file()
    assert main is not None and main.current.conclusion == "unsigned"
    envelope = entered(office, code_number="8")
    assert envelope.files == () and envelope.document.note == "Bì gửi đích danh"
    assert envelope.document.state is State.WAITING_RECEIPT
    with pytest.raises(FieldWrong):                         # no file and no reason why
        entered(office, note="", code_number="9")
    with pytest.raises(FieldWrong):
        entered(office, channel=Channel.PACKET, code_number="9")
    with pytest.raises(NotYours):
        office.door("officer_economy").do(EnterIncoming(Channel.HAND, "a", "b", note="c"))
    clerk.do(registration(envelope, office.person("chairman")))
    assert office.view("clerk", envelope.document.id).document.arrival_number == 1
    assert clerk.ask(Outbox()) == ()                        # nobody to tell: it came on paper
    assert check_office(office.engine).whole


# --- duplicates -----------------------------------------------------------------------------------------------------


def test_the_same_number_symbol_and_issuer_is_refused_until_the_twin_was_seen(office: OfficeToTest):
    """A6, by hand and by packet alike; marks, case, spaces and leading zeros do not matter."""
    first = office.registered("7")
    again = entered(office, code_number="07", code_notation="snv - VP")
    (twin,) = office.door("clerk").ask(Duplicates(again.document.id))
    assert (twin.document, twin.by, twin.arrival_number) == (first.document.id, TwinBy.NUMBER, 1)
    command = registration(again, None)
    with pytest.raises(DuplicateFound) as refused:
        office.door("clerk").do(command)
    assert refused.value.facts["twin"] == first.document.id
    with pytest.raises(FieldWrong):                         # not that one
        office.door("clerk").do(replace(command, duplicate_seen=again.document.id))
    office.door("clerk").do(replace(command, duplicate_seen=first.document.id))
    view = office.view("clerk", again.document.id)
    assert view.document.arrival_number == 2
    assert [(each.kind, each.document) for each in view.links] == [("same_number", first.document.id)]
    assert check_office(office.engine).whole


@pytest.mark.parametrize("changed", [
    {"code_number": "8"}, {"code_notation": "SNV-TCCC"}, {"issued_date": date(2025, 3, 5)},
    {"issuer_name": "Ủy ban nhân dân xã Tân Bình"}])
def test_another_number_symbol_year_or_issuer_is_another_document(office: OfficeToTest, changed: dict[str, object]):
    office.registered("7")
    view = entered(office, **changed)
    assert office.door("clerk").ask(Duplicates(view.document.id)) == ()
    office.door("clerk").do(registration(view, None))


def test_an_agency_is_the_same_under_its_old_code(office: OfficeToTest):
    office.door("administrator").do(AddAgency("H99.50", "Trung tâm Lưu trữ tỉnh", old_code="000.07.99.H99"))
    first = entered(office, issuer_name="Trung tâm Lưu trữ tỉnh", issuer_code="000.07.99.H99")
    office.door("clerk").do(registration(first, None))
    second = entered(office, issuer_name="Trung tâm lưu trữ", issuer_code="H99.50")
    (twin,) = office.door("clerk").ask(Duplicates(second.document.id))
    assert twin.document == first.document.id
    with pytest.raises(DuplicateFound):
        office.door("clerk").do(registration(second, None))


def test_one_identifier_with_other_files_is_a_duplicate(office: OfficeToTest):
    first = office.registered("7")
    other = office.material.letter("Bản khác của cùng văn bản.", office.engine.place.blobs.parent / "other.pdf")
    second = office.received("7", file=other)
    assert second.document.id != first.document.id
    (twin,) = office.door("clerk").ask(Duplicates(second.document.id))
    assert twin.by is TwinBy.IDENTIFIER
    with pytest.raises(DuplicateFound):
        office.door("clerk").do(registration(second, None))


def test_of_two_clerks_at_once_one_is_told_of_the_other(office: OfficeToTest):
    commands = [registration(entered(office), None) for _ in range(2)]

    def register(command: RegisterIncoming) -> str:
        try:
            return str(office.door("clerk").do(command).number)
        except DuplicateFound:
            return "duplicate"

    with ThreadPoolExecutor(2) as clerks:
        answers = sorted(clerks.map(register, commands))
    assert answers == ["1", "duplicate"]
    assert check_office(office.engine).whole


def test_only_clerks_ask_for_duplicates(office: OfficeToTest):
    with pytest.raises(NotYours):
        office.door("officer_economy").ask(Duplicates(code_number="7", code_notation="SNV-VP"))


def test_a_number_is_compared_without_what_does_not_matter():
    assert number_key("05", "QĐ-UBND", date(2026, 1, 1)) == number_key("5", " qd - ubnd", date(2026, 12, 31))
    assert number_key("5", "", None) is None and number_key("", "QĐ-UBND", None) is None


# --- registers of one year ------------------------------------------------------------------------------------------


def test_the_form_asks_for_number_and_symbol_where_the_letter_bears_them(office: OfficeToTest):
    brought = asks(office, "clerk", office.received("7").document.id, "RegisterIncoming")
    bare = entered(office, subject="Đơn đề nghị của công dân", code_number="", code_notation="")
    of_a_citizen = asks(office, "clerk", bare.document.id, "RegisterIncoming")
    for name in ("code_number", "code_notation"):
        assert brought[name].required and not of_a_citizen[name].required and of_a_citizen[name].default == ""
    assert office.door("clerk").do(registration(bare, None)).number == "1"


def test_sub_registers_run_on_their_own_and_are_chosen_by_rule_or_by_the_clerk(office: OfficeToTest):
    administrator, clerk = office.door("administrator"), office.door("clerk")
    administrator.do(OpenRegister(RegisterKind.INCOMING, today().year, CITIZENS))
    rule = office.door("chief_of_office").do(AddRegisterRule(CITIZENS, subject_words="don thu")).facts["rule"]
    petition = entered(office, subject="Đơn thư của công dân", code_number="", code_notation="")
    assert asks(office, "clerk", petition.document.id, "RegisterIncoming")["register_title"].default == CITIZENS
    numbers = [clerk.do(registration(view, None)).number for view in (
        entered(office, code_number="1"), petition, entered(office, code_number="2"))]
    assert numbers == ["1", "1", "2"]
    by_hand = entered(office, code_number="3")
    assert clerk.do(replace(registration(by_hand, None), register_title=CITIZENS)).number == "2"
    with pytest.raises(FieldWrong):
        clerk.do(replace(registration(entered(office, code_number="4"), None), register_title="Sổ không có"))
    standing = {each.title: (each.next_number, each.missing) for each in clerk.ask(IncomingRegisters())}
    assert standing[CITIZENS] == (3, ()) and (3, ()) in standing.values()
    office.door("chief_of_office").do(RemoveRegisterRule(rule))
    assert clerk.ask(RegisterRules()) == ()
    assert check_office(office.engine).whole


def test_a_new_year_opens_each_register_at_one_and_a_closed_one_takes_nothing(office: OfficeToTest):
    administrator, clerk = office.door("administrator"), office.door("clerk")
    administrator.do(OpenRegister(RegisterKind.INCOMING, today().year - 1, CITIZENS, 812))
    (view,) = [each for each in clerk.ask(IncomingRegisters()) if each.title == CITIZENS]
    assert (view.next_number, view.opens) == (1, True)
    document = entered(office)
    assert clerk.do(replace(registration(document, None), register_title=CITIZENS)).number == "1"
    with office.engine.writing() as connection:
        connection.execute(update(tables.register).where(
            tables.register.c.title == CITIZENS, tables.register.c.year == today().year).values(closed=True))
    with pytest.raises(RegisterClosed):
        clerk.do(replace(registration(entered(office, code_number="9"), None), register_title=CITIZENS))


def test_a_rule_that_names_a_closed_register_decides_nothing(office: OfficeToTest):
    administrator, clerk, chief = (office.door(slug) for slug in ("administrator", "clerk", "chief_of_office"))
    opened = administrator.do(OpenRegister(RegisterKind.INCOMING, today().year, CITIZENS))
    chief.do(AddRegisterRule(CITIZENS, subject_words="don thu"))
    administrator.do(CloseRegister(RegisterId(opened.facts["register"]), "nhập sổ"))
    petition = entered(office, subject="Đơn thư của công dân", code_number="", code_notation="")
    assert asks(office, "clerk", petition.document.id, "RegisterIncoming")["register_title"].default == ""
    assert clerk.do(registration(petition, None)).number == "1"        # in the office's own


def test_a_hole_in_a_register_is_told_before_the_next_number(office: OfficeToTest):
    clerk = office.door("clerk")
    first = office.registered("1").document
    office.registered("2")
    with office.engine.writing() as connection:             # behind the office's back
        connection.execute(update(tables.document).where(tables.document.c.id == first.id)
                           .values(arrival_number=None, register=None))
        connection.execute(update(tables.register).where(tables.register.c.kind == "incoming")
                           .values(last_number=4))
    (view,) = clerk.ask(IncomingRegisters())
    assert (view.next_number, view.missing) == (5, (3, 4))
    assert not check_office(office.engine).whole


# --- straight to the handler ----------------------------------------------------------------------------------------


def test_where_the_rules_say_so_it_goes_straight_to_the_handler(office: OfficeToTest):
    head = Handler("person", office.person("head_economy"))
    chief, clerk = office.door("chief_of_office"), office.door("clerk")
    wide = chief.do(AddRoutingRule(Handler("person", office.person("officer_culture_society")),
                                   office.person("chairman"), sender_code="H99.07")).facts["routing"]
    chief.do(AddRoutingRule(head, office.person("vice_chairman"), type_name="Công văn", sender_code="H99.07",
                            subject_words="bao cao", words="Theo Quy chế làm việc", due_days=5, basis="QĐ 12/QĐ-UBND"))
    view = office.received("1")
    assert asks(office, "clerk", view.document.id, "RegisterIncoming")["leader"].default is None
    told = clerk.ask(RouteFor("Công văn", "V/v báo cáo công tác", "H99.07"))
    assert (told.lead_name, told.leader_name) == ("Trưởng phòng Kinh tế", "Phó Chủ tịch UBND xã")
    receipt = clerk.do(registration(view, None))
    assert receipt.state is State.ASSIGNED and receipt.facts["routing"] != wide
    handled = clerk.ask(HandlingOf(view.document.id))
    (level,) = handled.levels
    assert level.steps[0].origin is Origin.RULE and level.steps[0].rule_basis == "QĐ 12/QĐ-UBND"
    assert handled.has_it[0].startswith("Trưởng phòng Kinh tế")
    assert office.view("clerk", view.document.id).document.due_date == WorkingCalendar().after(today(), 5)
    codes = [each.status_code for each in clerk.ask(Outbox())]
    assert codes == ["01", "03", "04"]
    waits = [(row.kind, row.document.id) for row in office.door("vice_chairman").ask(WaitingForMe()).rows]
    assert waits == [(WaitKind.READ, view.document.id)]
    # the leader who sees it for information may decide otherwise; nobody else of the leaders
    version = office.view("clerk", view.document.id).document.version
    again = Redirect(view.document.id, version, Handler("person", office.person("officer_economy")), "Việc gấp")
    with pytest.raises(NotYours):
        office.door("chairman").do(again)
    office.door("vice_chairman").do(again)
    assert clerk.ask(HandlingOf(view.document.id)).levels[0].steps[0].origin is Origin.LEADER
    assert check_office(office.engine).whole


def test_a_leader_named_by_the_clerk_comes_before_the_rule_and_a_removed_rule_decides_nothing(office: OfficeToTest):
    chief = office.door("chief_of_office")
    rule = chief.do(AddRoutingRule(Handler("person", office.person("head_economy")), office.person("chairman"),
                                   sender_code="H99.07")).facts["routing"]
    assert office.registered("1").document.state is State.WAITING_DIRECTION
    straight = office.received("2")
    office.door("clerk").do(registration(straight, None))
    taken = office.view("clerk", straight.document.id)
    office.door("clerk").do(TakeBack(taken.document.id, taken.document.version))
    assert office.view("clerk", straight.document.id).document.state is State.REGISTERED
    chief.do(RemoveRoutingRule(rule))
    assert chief.ask(RoutingRules()) == ()
    view = office.received("3")
    assert office.door("clerk").do(registration(view, None)).state is State.REGISTERED
    with pytest.raises(NotFound):
        chief.do(RemoveRoutingRule(rule))


@pytest.mark.parametrize(("slug", "changed", "trouble"), [
    ("clerk", {}, NotYours), ("chief_of_office", {"sender_code": ""}, FieldWrong),
    ("chief_of_office", {"leader": "head_economy"}, FieldWrong), ("administrator", {"due_days": -1}, FieldWrong),
    ("administrator", {"type_name": "Không có"}, FieldWrong)])
def test_rules_are_laid_down_by_the_chief_or_the_administrator_and_say_something(
        office: OfficeToTest, slug: str, changed: dict[str, object], trouble: type[Trouble]):
    leader = office.person(str(changed.get("leader", "chairman")))
    values = {"sender_code": "H99.07", **{name: value for name, value in changed.items() if name != "leader"}}
    with pytest.raises(trouble):
        office.door(slug).do(AddRoutingRule(Handler("person", office.person("head_economy")), leader,
                                            **values))  # type: ignore[arg-type]


def test_a_type_has_its_own_limit_behind_the_senders_date(office: OfficeToTest):
    office.door("chief_of_office").do(SetTypeDeadline("Công văn", 15))
    document = office.registered("1").document
    assert document.due_date == WorkingCalendar().after(today(), 15)
    asked = office.received("2")
    day = WorkingCalendar().after(today(), 3)
    office.door("clerk").do(replace(registration(asked, None), due_date=day))
    assert office.view("clerk", asked.document.id).document.due_date == day
    office.door("chief_of_office").do(SetTypeDeadline("Công văn", 0))
    assert office.registered("3").document.due_date is None
    for type_name, days in (("Không có", 5), ("Công văn", 999)):
        with pytest.raises(FieldWrong):
            office.door("chief_of_office").do(SetTypeDeadline(type_name, days))


# --- words and names at hand ----------------------------------------------------------------------------------------


def test_earlier_choices_are_proposed_for_the_same_sender_and_type(office: OfficeToTest):
    head, helper = (Handler("person", office.person(slug)) for slug in ("head_economy", "officer_culture_society"))
    chairman = office.door("chairman")
    assert asks(office, "chairman", office.registered("1").document.id, "DirectIncoming")["lead"].default is None
    for number in ("2", "3"):
        view = office.registered(number)
        chairman.do(DirectIncoming(view.document.id, view.document.version, head, (helper,)))
    proposed = asks(office, "chairman", office.registered("4").document.id, "DirectIncoming")
    assert proposed["lead"].default == {"kind": "person", "id": head.id}
    assert proposed["helping"].default == [{"kind": "person", "id": helper.id}]


def test_a_leaders_phrases_are_ones_own_and_the_most_used_comes_first(office: OfficeToTest):
    chairman = office.door("chairman")
    office.door("chief_of_office").do(AddPhrase("Phối hợp thực hiện.", everybody=True))
    mine = chairman.do(AddPhrase("Tham mưu trả lời.")).facts["phrase"]
    chairman.do(AddPhrase("Trao đổi với tôi."))
    view = office.registered("1")
    head = Handler("person", office.person("head_economy"))
    chairman.do(DirectIncoming(view.document.id, view.document.version, head,
                               words="Trao đổi với tôi. Trước thứ Sáu."))
    said = [(each.words, each.everybody, each.uses) for each in chairman.ask(MyPhrases("direction"))]
    assert said[:2] == [("Trao đổi với tôi.", False, 1), ("Tham mưu trả lời.", False, 0)]
    assert ("Phối hợp thực hiện.", True, 0) in said
    assert "Tham mưu trả lời." not in {each.words for each in office.door("vice_chairman").ask(MyPhrases())}
    with pytest.raises(NotFound):
        office.door("vice_chairman").do(RemovePhrase(mine))
    with pytest.raises(NotYours):
        chairman.do(AddPhrase("Của mọi người", everybody=True))
    for wrong in (AddPhrase(" "), AddPhrase("Tham mưu trả lời."), AddPhrase("x", kind="song")):
        with pytest.raises(FieldWrong):
            chairman.do(wrong)
    chairman.do(RemovePhrase(mine))
    assert mine not in {each.id for each in chairman.ask(MyPhrases())}
