"""Documents are found by any field and by their files' text, with or without marks, by whoever may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from docclient.office.checking import check_office
from docclient.office.errors import FieldWrong
from docclient.office.model import Channel, Flow, State, Urgency, today
from docclient.office.queries import finding
from docclient.office.queries.documents import ListDocuments
from docclient.office.queries.finding import CountFound, Filter, FindDocuments, FoundList, PersonAs, Sort
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.database import WRITES
from docclient.store.finding import note_changed, rebuild
from docclient.store.work import Work
from tests.offices import OfficeToTest, registration


def add(office: OfficeToTest, subject: str, **values: object) -> str:
    """A document put in as the engine does it: by the unit of work, with its entry in the index."""
    with office.engine.writing() as connection:
        work = Work(connection, office.engine.blobs, entry=0)
        facts = {"flow": Flow.INCOMING, "state": State.WAITING_RECEIPT, "type_name": "Công văn", **values}
        made = work.new_document(subject=subject, **facts)
        note_changed(work, work.touched)
    return made.id


def ids(found: FoundList) -> list[str]:
    return [each.document.id for each in found.rows]


def find(office: OfficeToTest, text: str = "", slug: str = "clerk", **fields: object) -> list[str]:
    return ids(office.door(slug).ask(FindDocuments(text, **fields)))


def test_words_are_found_with_and_without_marks(office: OfficeToTest):
    one = add(office, "V/v đăng ký đất đai", code_number="15", code_notation="QĐ-UBND", issuer_name="Sở Nội vụ tỉnh")
    other = add(office, "Báo cáo kết quả", code_number="05", code_notation="BC-VP", note="Gửi kèm đĩa CD")
    for words in ("dang ky dat dai", "ĐĂNG KÝ", "đất", "15/QĐ-UBND", "15/qd", "15/qd-ub", "qd-ubnd", "so noi v",
                  '"đất đai"', "dat -bao", "-bao dat", "cong van dat"):
        assert find(office, words) == [one], words
    for words in ("5/bc", "05/BC-VP", "dia cd", "kết quả -đất"):
        assert find(office, words) == [other], words
    for words in ('"dai dat"', "dat -noi", "15/bc", "a dat", "khongco", "?!", "qdu"):
        assert find(office, words) == [] or words == "?!", words
    assert find(office, "công") == [other, one] and find(office, "") == [other, one]


def test_every_field_is_searched(office: OfficeToTest):
    view = office.directed("77", words="Tham mưu gấp cho Chủ tịch")
    document = view.document.id
    for words in ("77/snv-vp", "phu an", "05/03/2026", "5/3/2026", "tham muu gap", "cong-van.pdf", "bao cao cong tac",
                  office.door("officer_economy").me.name, "h99.07"):
        assert find(office, words, "chairman") == [document], words


def test_marks_that_were_typed_come_first(office: OfficeToTest):
    with_marks = add(office, "Quyết định về đất")
    without = add(office, "Quyet dinh ve dat")
    folded_alike = add(office, "Quyệt đỉnh vẽ đạt")
    assert find(office, "quyết định", sort=Sort.RELEVANCE) == [with_marks, folded_alike, without]
    assert find(office, "quyet dinh", sort=Sort.RELEVANCE) == [folded_alike, without, with_marks]     # alike: newest


def test_the_subject_weighs_more_than_the_rest(office: OfficeToTest):
    in_subject = add(office, "V/v phòng chống lụt bão")
    in_note = add(office, "V/v khác", note="phòng chống lụt bão")
    assert find(office, "lut bao", sort=Sort.RELEVANCE) == [in_subject, in_note]
    assert find(office, "lut bao") == [in_note, in_subject]


def test_only_what_may_be_seen_is_found_and_counted(office: OfficeToTest):
    view = office.directed("5", lead="officer_economy")
    add(office, "Báo cáo công tác khác")
    for slug, sees in (("clerk", 2), ("officer_economy", 1), ("officer_culture_society", 0), ("administrator", 0)):
        door = office.door(slug)
        assert len(door.ask(FindDocuments("bao cao")).rows) == sees, slug
        assert door.ask(CountFound("bao cao")).number == sees, slug
    assert find(office, "bao cao", "officer_economy") == [view.document.id]


def test_filters_combine(office: OfficeToTest):
    day = date(2026, 3, 5)
    one = add(office, "V/v một", type_name="Báo cáo", issued_date=day, due_date=day, urgency=Urgency.URGENT,
              issuer_name="Sở Nội vụ", issuer_code="H99.07", channel=Channel.PACKET, arrival_date=day)
    two = add(office, "V/v hai", flow=Flow.OUTGOING, state=State.ISSUED, issued_date=day + timedelta(days=1),
              due_date=day)
    cases: list[tuple[Filter, list[str]]] = [
        (Filter(), [two, one]), (Filter(flow=Flow.INCOMING), [one]), (Filter(states=(State.ISSUED,)), [two]),
        (Filter(states=(State.ISSUED, State.WAITING_RECEIPT)), [two, one]), (Filter(types=("Báo cáo",)), [one]),
        (Filter(issued_from=day, issued_to=day), [one]), (Filter(issued_from=day + timedelta(days=1)), [two]),
        (Filter(arrived_to=day), [one]), (Filter(due_from=day, due_to=day), [two, one]),
        (Filter(created_from=today(), created_to=today()), [two, one]),
        (Filter(created_to=today() - timedelta(days=1)), []), (Filter(urgencies=(Urgency.URGENT,)), [one]),
        (Filter(overdue=True), [one]), (Filter(issuer="so noi"), [one]), (Filter(issuer="h99.07"), [one]),
        (Filter(issuer="noi so"), [one]), (Filter(issuer="một"), []), (Filter(channels=(Channel.PACKET,)), [one]),
        (Filter(waiting_for_me=True), []), (Filter(flow=Flow.OUTGOING, types=("Báo cáo",)), []),
        (Filter(case_file="no such"), []), (Filter(recipient="H99.08"), []), (Filter(register="no such"), []),
    ]
    for where, wanted in cases:
        for words in ("", "v/v"):
            assert find(office, words, where=where) == wanted, (where, words)
        assert office.door("clerk").ask(CountFound("", where)).number == len(wanted)


def test_filters_by_people_waiting_number_and_recipients(office: OfficeToTest):
    view = office.drafted("9")
    drafter, signer = office.person("officer_economy"), office.person("chairman")
    (answer,) = [view.document.id]
    (incoming,) = [each.document for each in view.links]

    def found(where: Filter, slug: str = "clerk") -> set[str]:
        return set(find(office, where=where, slug=slug))

    assert found(Filter(persons=(drafter,), persons_as=(PersonAs.DRAFTER,))) == {answer}
    assert found(Filter(persons=(signer,), persons_as=(PersonAs.SIGNER,))) == {answer}
    assert found(Filter(persons=(drafter,), persons_as=(PersonAs.LEAD,))) == {incoming}
    assert found(Filter(persons=(drafter,))) == {incoming, answer}
    assert found(Filter(number="9/snv")) == {incoming}
    assert answer in found(Filter(waiting_for_me=True), "officer_economy")
    assert found(Filter(recipient="H99.07")) <= {answer}


def test_page_after_page_without_a_gap(office: OfficeToTest):
    made = [add(office, f"V/v việc {n}", due_date=date(2026, 5, 28 - n)) for n in range(7)]
    for words, sort, wanted in (("viec", Sort.NEWEST, made[::-1]), ("", Sort.NEWEST, made[::-1]),
                                ("", Sort.DUE, made[::-1]), ("viec", Sort.DUE, made[::-1]),
                                ("viec", Sort.RELEVANCE, made[::-1])):
        rows, after = [], None
        while True:
            page = office.door("clerk").ask(FindDocuments(words, sort=sort, after=after, limit=3))
            rows += ids(page)
            after = page.next
            if after is None:
                break
        assert rows == wanted, (words, sort)


def test_by_number_the_newest_register_first(office: OfficeToTest):
    made = [office.registered(str(n)).document.id for n in range(4)]
    add(office, "V/v chưa vào sổ")
    first = office.door("clerk").ask(FindDocuments(sort=Sort.NUMBER, limit=3, where=Filter(flow=Flow.INCOMING)))
    rest = office.door("clerk").ask(FindDocuments(sort=Sort.NUMBER, limit=3, after=first.next))
    assert ids(first) + ids(rest) == made[::-1]
    assert find(office, "bao cao", sort=Sort.NUMBER) == made[::-1]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("words", ["", "viec"])
def test_an_after_that_is_none_is_refused(sqlite_office: OfficeToTest, sort: Sort, words: str):
    add(sqlite_office, "V/v việc")
    for after in ("x", "-1", "٣"):
        if words or sort in (Sort.DUE, Sort.NUMBER):
            with pytest.raises(FieldWrong):
                sqlite_office.door("clerk").ask(FindDocuments(words, sort=sort, after=after))


def test_the_place_of_the_words_is_shown(office: OfficeToTest):
    add(office, "V/v đăng ký biến động Đất đai tại địa bàn xã")
    (row,) = office.door("clerk").ask(FindDocuments("dat dai dia")).rows
    assert row.snippet is not None and not row.snippet.in_file
    assert [row.snippet.text[start:end] for start, end in row.snippet.marks] == ["Đất", "đai", "địa"]
    (row,) = office.door("clerk").ask(FindDocuments("")).rows
    assert row.snippet is None


def test_a_change_is_found_at_once_and_what_was_is_not(office: OfficeToTest):
    view = office.received("31")
    document = view.document
    office.door("clerk").do(replace(registration(view, None), subject="V/v lũ quét"))
    assert find(office, "lu quet") == [document.id]
    assert find(office, "van thu") == []
    assert ids_of_list(office, "lũ quét") == [document.id]


def ids_of_list(office: OfficeToTest, words: str) -> list[str]:
    return [row.id for row in office.door("clerk").ask(ListDocuments(Flow.INCOMING, words)).rows]


def test_a_refused_command_leaves_the_index_as_it_was(office: OfficeToTest):
    view = office.received("31")
    with pytest.raises(FieldWrong):
        office.door("clerk").do(replace(registration(view, None), subject="V/v lũ quét", issuer_name=" "))
    assert find(office, "lu quet") == [] and find(office, "van thu") == [view.document.id]


def test_the_index_can_be_made_anew(office: OfficeToTest):
    made = [office.received(str(n)).document.id for n in range(3)]
    with office.engine.database.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        assert rebuild(connection, office.engine.blobs) == 3
    assert find(office, "bao cao") == made[::-1]
    assert check_office(office.engine).whole


def test_the_newest_are_ranked_and_that_is_told(office: OfficeToTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(finding, "SLICE", 3)
    made = [add(office, f"V/v việc {n}") for n in range(5)]
    answer = office.door("clerk").ask(FindDocuments("viec", sort=Sort.RELEVANCE))
    assert ids(answer) == made[:1:-1] and answer.sliced
    monkeypatch.setattr(finding, "COUNTED", 3)
    count = office.door("clerk").ask(CountFound("viec"))
    assert (count.number, count.more) == (3, True)


def test_long_words_half_typed(office: OfficeToTest):
    """More endings than are looked up one by one, and a few."""
    many = add(office, " ".join(f"nghie{n}x" for n in range(80)))
    few = add(office, "nghieng ngả")
    assert find(office, "nghie") == [few, many]
    assert find(office, "nghien") == [few]
    assert find(office, "ngả nghie") == [few]
    assert find(office, "nghiex") == []


LINE = st.text(st.one_of(st.sampled_from('"\'-+*()^:&|!<>~\\% AND OR NOT NEAR đĐẤ15/\n\x00;@#{}[]'),
                         st.characters(codec="utf-8")), max_size=40)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINE, st.sampled_from(list(Sort)))
def test_no_text_is_ever_an_error(office: OfficeToTest, line: str, sort: Sort):
    with office.engine.reading() as work:
        empty = work.connection.scalar(select(tables.document.c.id).limit(1)) is None
    if empty:
        add(office, "V/v thử mọi câu hỏi 15/QĐ")
    found = office.door("clerk").ask(FindDocuments(line, Filter(issuer=line[:5], number=line[-5:]), sort))
    assert len(found.rows) <= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("aăâbcdđeêghioôơpquưxyạấệỗựÁĐẶ /-."), min_size=1, max_size=30))
def test_whatever_stands_in_a_subject_is_found_by_it(office: OfficeToTest, subject: str):
    made = add(office, subject)
    for words in (subject, fold(subject), subject.upper()):
        if any(c.isalnum() for c in words) and not any(part.startswith("-") for part in words.split()):
            assert made in find(office, words, limit=1_000), words


