"""What the screens show, decided without a window."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from docclient.desk.signing_desk import Outcome, SigningResult
from docclient.office.deadlines import Standing
from docclient.office.door import Ask, AskKind, Receipt
from docclient.office.errors import StaleDocument
from docclient.office.model import Channel, Digest, DocumentId, Flow, Role, State, Urgency, WaitKind
from docclient.office.queries.documents import (
    DocumentRow,
    QueuedForSigning,
    WaitingList,
    WaitingRow,
)
from docclient.office.queries.office import AgencyView, PersonView, TypeView, UnitView
from docclient.office.working_days import WorkingCalendar
from ui.state.directory import Directory
from ui.state.home import HomeView
from ui.state.intake import IntakeForm
from ui.state.next_item import next_after
from ui.state.queue import QueueView, Truth
from ui.state.rows import STATES_OF, ListRow, ago, numbered
from ui.state.signatures import grouped, signatures_of
from ui.texts import Texts

pytestmark = pytest.mark.window
TODAY = date(2026, 3, 5)
NOW = datetime(2026, 3, 5, 3, 0, tzinfo=UTC)
TEXTS = Texts()


def row(name: str, *, due: date | None = None, urgency: Urgency = Urgency.NORMAL,
        state: State = State.WAITING_SIGNATURE) -> DocumentRow:
    standing = Standing.of(state, due, TODAY, WorkingCalendar())
    return DocumentRow(DocumentId(name), 1, Flow.OUTGOING, state, "UBND-KT", None, "Công văn", f"V/v {name}", "UBND xã",
                       None, urgency, due, standing, Channel.PACKET, "", NOW)


def queued(name: str, file: str = "") -> QueuedForSigning:
    return QueuedForSigning(row(name), Digest(file or f"digest of {name}"), "a.pdf", NOW)


def queue(*names: str, before: QueueView | None = None) -> QueueView:
    return QueueView.of([queued(name) for name in names], before or QueueView(), TODAY, TEXTS)


def signed(name: str) -> SigningResult:
    return SigningResult(DocumentId(name), Outcome.RETURNED, Receipt("SignOutgoing", 1))


def see(view: QueueView, *names: str) -> QueueView:
    for name in names:
        view = view.seen(DocumentId(name), Digest(f"digest of {name}"))
    return view


def test_only_what_was_seen_may_be_signed_together() -> None:
    view = see(queue("a", "b", "c"), "a", "c")
    assert [item.id for item in view.to_sign] == ["a", "c"]


def test_seeing_other_bytes_does_not_count() -> None:
    view = queue("a").seen(DocumentId("a"), Digest("an older version"))
    assert view.to_sign == ()


def test_a_new_version_must_be_seen_again() -> None:
    view = see(queue("a"), "a")
    renewed = QueueView.of([queued("a", "another digest")], view, TODAY, TEXTS)
    assert renewed.to_sign == ()
    assert queue("a", before=view).to_sign[0].id == "a", "the same bytes stay seen"


def test_each_document_keeps_its_own_truth() -> None:
    view = see(queue("a", "b", "c"), "a", "b", "c")
    view = view.told(signed("a"), TEXTS)
    view = view.told(SigningResult(DocumentId("b"), Outcome.FAILED, trouble=StaleDocument(seen=1, current=2)), TEXTS)
    view = view.told(SigningResult(DocumentId("c"), Outcome.CANCELLED), TEXTS)
    assert [item.truth for item in view.items] == [Truth.SIGNED, Truth.FAILED, Truth.WAITING]
    assert "cập nhật" in view.items[1].why
    assert [item.id for item in view.waiting] == ["b", "c"], "what failed may be tried again"


def test_what_was_dealt_with_stays_to_be_read() -> None:
    view = see(queue("a", "b"), "a").told(signed("a"), TEXTS)
    later = queue("b", "c", before=view)
    assert [(item.id, item.truth) for item in later.items] == [
        ("b", Truth.WAITING), ("c", Truth.WAITING), ("a", Truth.SIGNED)]
    assert later.headline(TEXTS) == "2 văn bản chờ ký, đã ký 1"


def test_a_document_that_came_back_waits_again() -> None:
    view = see(queue("a"), "a").returned(DocumentId("a"))
    assert queue("a", before=view).items[0].truth is Truth.WAITING


@pytest.mark.parametrize(("done", "at", "expected"), [
    ((), "a", "b"), (("b",), "a", "c"), (("b", "c"), "a", "a"), ((), "c", "a"), (("a", "b", "c"), "c", None),
    ((), None, "a"),
])
def test_where_to_land_after_a_decision(done: tuple[str, ...], at: str | None, expected: str | None) -> None:
    view = queue("a", "b", "c")
    for name in done:
        view = view.told(signed(name), TEXTS)
    assert view.next_after(DocumentId(at) if at else None) == expected


def waiting(*rows: tuple[WaitKind, str]) -> WaitingList:
    found = tuple(WaitingRow(kind, NOW, row(name)) for kind, name in rows)
    return WaitingList(found, {kind: sum(each.kind is kind for each in found) for kind, _ in rows})


@pytest.mark.parametrize(("left", "why", "expected"), [
    ([(WaitKind.HANDLE, "a"), (WaitKind.DIRECT, "b")], WaitKind.DIRECT, "a"),     # still waits for me: stay
    ([(WaitKind.READ, "c"), (WaitKind.DIRECT, "b")], WaitKind.DIRECT, "b"),       # the next of the same kind
    ([(WaitKind.READ, "c")], WaitKind.DIRECT, None),                              # none left: home
    ([(WaitKind.READ, "c")], None, None),                                         # came only to look
])
def test_the_next_item_after_an_act(left: list[tuple[WaitKind, str]], why: WaitKind | None, expected: str | None,
                                    ) -> None:
    assert next_after(waiting(*left), DocumentId("a"), why) == expected


def test_home_counts_everything_and_says_how_the_day_stands() -> None:
    rows = (WaitingRow(WaitKind.DIRECT, NOW, row("a", due=TODAY - timedelta(days=2))),
            WaitingRow(WaitKind.DIRECT, NOW, row("b", due=TODAY + timedelta(days=2))),
            WaitingRow(WaitKind.SIGN, NOW, row("c", urgency=Urgency.EXPRESS)))
    view = HomeView.of(WaitingList(rows, {WaitKind.DIRECT: 2, WaitKind.SIGN: 1}), TODAY, TEXTS)
    assert [(group.kind, group.count) for group in view.groups] == [(None, 3), (WaitKind.DIRECT, 2), (WaitKind.SIGN, 1)]
    assert view.headline == "3 việc đang chờ bạn, trong đó 1 việc đã quá hạn."
    assert [each.id for each in view.rows_of(WaitKind.SIGN)] == ["c"]
    assert view.rows[2].row.what == "[Hỏa tốc] Công văn: V/v c"
    assert HomeView.of(WaitingList((), {}), TODAY, TEXTS).headline == "Không có việc nào đang chờ bạn."


def test_a_finished_matter_raises_no_alarm_in_a_list() -> None:
    late = ListRow.of(row("a", due=date(2026, 1, 1), state=State.FINISHED), TODAY, TEXTS)
    assert (late.deadline.tone, late.deadline.words) == (None, "01/01/2026")


def test_every_state_can_be_narrowed_to_in_exactly_one_list() -> None:
    listed = [state for states in STATES_OF.values() for state in states]
    assert sorted(listed) == sorted(State)


@pytest.mark.parametrize(("written", "shown"), [("15/UBND-VP", "15/UBND-VP"), ("UBND-VP", "…/UBND-VP"), ("", "—")])
def test_a_symbol_without_a_number_says_so(written: str, shown: str) -> None:
    assert numbered(written) == shown


@pytest.mark.parametrize(("hours", "words"), [(0, "hôm nay"), (30, "hôm qua"), (76, "3 ngày"), (24 * 20, "13/02/2026")])
def test_how_long_something_has_waited(hours: int, words: str) -> None:
    assert ago(NOW - timedelta(hours=hours), TODAY, TEXTS) == words


def asks() -> tuple[Ask, ...]:
    return (Ask("type_name", AskKind.TEXT, True, "Công văn"), Ask("code_number", AskKind.TEXT, True),
            Ask("issuer_name", AskKind.TEXT, True), Ask("urgency", AskKind.CHOICE, False, 0),
            Ask("leader", AskKind.PERSON, False))


def read(value: object, certainty: float) -> dict[str, object]:
    return {"value": value, "certainty": certainty, "page": 1, "box_mm": [10, 20, 30, 25], "alternatives": ["x"]}


def test_the_doubtful_comes_first_and_the_sure_is_never_rounded_up() -> None:
    form = IntakeForm.of(asks(), {"type_name": read("Công văn", 0.999), "code_number": read("15", 0.4),
                                  "organ_name": read("Sở Nội vụ", 0.7), "urgency": read(None, 0.0)}, TEXTS)
    assert [ask.name for ask in form.asks] == ["code_number", "issuer_name", "type_name", "urgency", "leader"]
    assert form.doubtful == ("code_number", "issuer_name")
    assert {name: note.tone for name, note in form.notes.items()} == {
        "code_number": "bad", "issuer_name": "doubt", "type_name": "good"}
    assert "99 %" in form.notes["type_name"].words
    assert form.asks[0].default == "15"
    assert {outline.key for outline in form.outlines} == {"code_number", "issuer_name", "type_name"}


def test_what_was_not_read_is_asked_for_first() -> None:
    form = IntakeForm.of(asks(), {"code_number": read(None, 0.0), "type_name": read("Công văn", 0.5)}, TEXTS)
    assert form.doubtful == ("code_number", "type_name")
    assert form.notes["code_number"].words == "Chưa đọc được, cần điền"


def test_without_a_reading_the_offices_own_order_holds() -> None:
    form = IntakeForm.of(asks(), None, TEXTS)
    assert (form.asks, form.doubtful, form.outlines) == (asks(), (), ())


def test_leaders_come_first_and_each_person_once() -> None:
    def person(name: str, role: Role, title: str = "") -> PersonView:
        return PersonView(name, name, title, "u", "Văn phòng", role)

    choices = Directory(
        (person("Chánh Văn phòng", Role.CHIEF_OF_OFFICE), person("Chánh Văn phòng", Role.HEAD_OF_UNIT),
         person("Quản trị", Role.ADMINISTRATOR), person("Chủ tịch", Role.LEADER)),
        (UnitView("u", "Văn phòng", "VP"),),
        (AgencyView("H1", "Cơ quan mình", True), AgencyView("H2", "Sở Nội vụ", False)),
        (TypeView("Công văn", None),)).choices()
    assert [choice.value for choice in choices.people] == ["Chủ tịch", "Chánh Văn phòng"]
    assert [choice.value for choice in choices.agencies] == ["H2"]
    assert choices.handlers[0].value == {"kind": "unit", "id": "u"}
    assert choices.suggestions["type_name"] == ("Công văn",)


def test_a_signature_tells_its_verdict_time_and_changes() -> None:
    (shown,) = signatures_of({"signatures": [{
        "signer": "Chủ tịch", "verdict": "undetermined", "reason": "TRY_LATER", "serial": "7e286db1", "field": "F",
        "signing_time": "2026-03-05T10:00:00+07:00", "timestamp_time": None, "covers_whole_file": False, "intact": True,
        "changes_after": [{"kind": "form_filling", "allowed": True, "page": 2, "detail": "DocNumber"},
                          {"kind": "page_content_changed", "allowed": False}],
        "warnings": ["no_trusted_time"]}]}, TEXTS)
    lines = {line.name: line.value for line in (*shown.told.lines, *shown.told.technical)}
    assert (shown.verdict.tone, "thu hồi" in shown.verdict.sentence) == ("doubt", True)
    assert lines["own_clock"] == "05/03/2026 10:00:00 theo đồng hồ máy người ký (không phải bằng chứng)"
    assert "timestamp" not in lines                                     # nothing is proven, nothing is said to be
    assert lines["anchor"].startswith("Chưa nối được")
    assert [(each.words, each.allowed, each.page) for each in shown.told.changes] == [
        ("điền biểu mẫu (DocNumber), trang 2", True, 2), ("sửa nội dung trang", False, None)]
    assert "1 thay đổi KHÔNG được phép" in shown.told.changes_word and shown.changed
    assert lines["serial"] == grouped("7E286DB1") == "7E28 6DB1"
    assert shown.told.warnings == (TEXTS("remark.no_trusted_time"),)    # apart from the verdict
    assert shown.told.advice


def test_freshness_and_source_of_revocation_stand_beside_it() -> None:
    (shown,) = signatures_of({"signatures": [{
        "signer": "A", "verdict": "valid", "reason": "PASSED", "revocation": "good", "revocation_source": "online",
        "revocation_from": "2026-03-05T10:00:00+07:00", "revocation_until": "2026-03-06T10:00:00+07:00",
        "timestamp_time": "2026-03-05T09:00:00+07:00", "timestamp_authority": "TSA", "trust_anchor": "Root",
        "trust_anchor_sha256": "ab" * 32, "covers_whole_file": True}]}, TEXTS)
    lines = {line.name: line.value for line in shown.told.lines}
    assert lines["revocation"] == ("không bị thu hồi; theo trả lời trực tuyến; lập lúc 05/03/2026 10:00:00, có giá trị "
                                   "đến 06/03/2026 10:00:00")
    assert lines["timestamp"] == "05/03/2026 09:00:00, do TSA cấp (được chứng minh)"
    assert lines["anchor"] == "Root (mã …ABAB ABAB)"
    assert not shown.changed and not shown.told.advice


def test_what_is_shown_as_certain_is_what_the_score_counts_as_certain():
    from docclient.capture.fields import SURE as COUNTED
    from ui.state.intake import SURE

    assert SURE == COUNTED
