"""The order of statuses, each at most once; codes, dates, agencies, names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docclient.exchange.dates import parse_date, parse_time, rfc3339, write_date, write_time
from docclient.exchange.directory import Directory, Unit, our_line, same_code
from docclient.exchange.names import LONGEST, is_unsafe, safe_file_name, unique_file_name
from docclient.exchange.packet import DocumentHeader, DocumentPacket, Organization
from docclient.exchange.problems import ProblemCode
from docclient.exchange.statuses import Judgement, StatusCode, judge, may_follow, text_of
from docclient.words import Language, has_words


@pytest.mark.parametrize(("given_before", "code", "judgement"), [
    ([], "01", Judgement.FITS), (["01"], "01", Judgement.REPEATED), (["1"], "01", Judgement.REPEATED),
    (["01"], "02", Judgement.FITS), (["01", "03"], "02", Judgement.OUT_OF_ORDER),
    (["01", "02"], "03", Judgement.OUT_OF_ORDER), ([], "06", Judgement.FITS),
    (["01", "05"], "04", Judgement.OUT_OF_ORDER), (["01", "03", "06"], "05", Judgement.OUT_OF_ORDER),
    (["01", "03"], "13", Judgement.FITS), (["01", "03", "06"], "13", Judgement.OUT_OF_ORDER),
    (["01"], "15", Judgement.UNASKED), (["01", "13"], "15", Judgement.FITS),
    (["01", "13", "16"], "15", Judgement.OUT_OF_ORDER), (["01", "13", "15"], "04", Judgement.OUT_OF_ORDER),
    (["01", "13", "16"], "04", Judgement.FITS),
    (["01", "03", "06", "13"], "16", Judgement.FITS), (["01"], "09", Judgement.UNKNOWN), (["09"], "03", Judgement.FITS),
])
def test_what_may_follow_what(given_before: list[str], code: str, judgement: Judgement) -> None:
    assert judge(given_before, code) is judgement


def test_an_update_that_came_as_a_packet_is_answered_too() -> None:
    assert judge(["01"], "15", change_asked=True) is Judgement.FITS
    assert judge(["01", "15"], "04", change_asked=True) is Judgement.FITS


@given(st.lists(st.sampled_from(list(StatusCode)), max_size=12))
def test_no_way_through_repeats_a_code_or_goes_back(tries: list[StatusCode]) -> None:
    given_before: list[str] = []
    for code in tries:
        if judge(given_before, code) is Judgement.FITS:
            assert code in may_follow(given_before)
            given_before.append(code)
    assert len(set(given_before)) == len(given_before)
    steps = [code for code in given_before if code <= "06"]
    assert steps == sorted(steps)
    assert not {"02", "03"} <= set(given_before)


def test_every_code_has_words() -> None:
    assert text_of("03") == "Đã tiếp nhận"
    assert text_of("3") == "Đã tiếp nhận"
    assert text_of("13", Language.ENGLISH) == "Taken back"
    assert text_of("09") == "Trạng thái không xác định 09"
    assert text_of(None).startswith("Trạng thái không xác định")
    for language in Language:
        assert all(text_of(code, language) for code in StatusCode)
        assert [code for code in ProblemCode if not has_words(f"packet_problem.{code.value}", language)] == []


@pytest.mark.parametrize(("text", "day"), [
    ("2026/01/31", date(2026, 1, 31)), ("2026-1-5", date(2026, 1, 5)), ("31/01/2026", date(2026, 1, 31)),
    ("2014/02/30", None), ("", None), (None, None), ("hôm nay", None), ("20260131", None), ("2026/01/311", None),
    ("2026-05-20T00:00:00Z", date(2026, 5, 20)),
])
def test_dates(text: str | None, day: date | None) -> None:
    assert parse_date(text) == day


@pytest.mark.parametrize(("text", "moment"), [
    ("2026/02/01 08:30:00", datetime(2026, 2, 1, 1, 30, tzinfo=UTC)),
    ("01/02/2026 08:30:00", datetime(2026, 2, 1, 1, 30, tzinfo=UTC)),
    ("2026/02/01 08:30", datetime(2026, 2, 1, 1, 30, tzinfo=UTC)),
    ("2026-02-01T08:30:00.5Z", datetime(2026, 2, 1, 8, 30, 0, 500_000, tzinfo=UTC)),
    ("2026-02-01T08:30:00+0200", datetime(2026, 2, 1, 6, 30, tzinfo=UTC)),
    ("2026/02/01", datetime(2026, 1, 31, 17, 0, tzinfo=UTC)),
    ("2026/02/01 25:00:00", None), ("2026/02/01 chiều", None), ("0001/01/01 00:00:00", None), ("null", None),
    ("2026-02-01T08:30:00+99:00", None), ("2026/02/01" + " " * 60_000 + "x", None),
])
def test_times(text: str, moment: datetime | None) -> None:
    assert parse_time(text) == moment


@given(st.integers(-2_000_000_000, 250_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_what_is_written_reads_back(moment: datetime) -> None:
    assert parse_time(write_time(moment)) == moment
    assert parse_date(write_date(moment.date())) == moment.date()
    assert datetime.fromisoformat(rfc3339(moment)) == moment


def test_codes_are_opaque() -> None:
    assert same_code(" 000.00.00.h41", "000.00.00.H41 ")
    assert not same_code("000.00.00.H41", "H41.00.00.000")
    assert not same_code(None, None)
    assert not same_code("", "")


def test_units_are_found_by_old_and_new_code() -> None:
    unit = Unit("H37.DN.001", "Sở A", old_code="000.00.16.H37")
    directory = Directory([unit, Unit("00.53.W00", "Trung tâm"), Unit("vxp.saas.03", "Thử")])
    assert directory.find("h37.dn.001") is unit
    assert directory.find("000.00.16.h37") is unit
    assert directory.find("H37") is None
    assert [found.name for found in directory.recipients()] == ["Sở A", "Thử"]


def test_our_line_among_the_recipients() -> None:
    to = (Organization(organ_id="A"), Organization(organ_id="b", organ_name="Ta"))
    packet = DocumentPacket(header=DocumentHeader(to=to))
    found = our_line(packet, ["", "H1", "B"])
    assert found is not None
    assert found.organ_name == "Ta"
    assert our_line(packet, ["", "C"]) is None


@pytest.mark.parametrize(("name", "safe"), [
    ("12/QĐ-VP.pdf", "12_QĐ-VP.pdf"), ("../../etc/passwd", "_.._etc_passwd"), ("C:\\a\\b.doc", "C__a_b.doc"),
    ("con.pdf", "_con.pdf"), ("NUL", "_NUL"), ("", "tep-dinh-kem"), ("...", "tep-dinh-kem"),
    ("a\u202efdp.exe", "afdp.exe"), ("a\x00b\n.pdf", "ab.pdf"), (" a. ", "a"),
    ("Công văn số 5.signed.pdf", "Công văn số 5.signed.pdf"), ("///", "tep-dinh-kem"),
])
def test_safe_names(name: str, safe: str) -> None:
    assert safe_file_name(name) == safe


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder(name: str) -> None:
    safe = safe_file_name(name)
    assert safe not in {"", ".", ".."}
    assert not set(safe) & set('/\\:*?"<>|\0')
    assert safe == safe.strip(" .")
    assert len(safe.encode()) <= LONGEST
    assert not is_unsafe(safe)
    assert safe_file_name(safe) == safe


def test_long_names_keep_their_extension() -> None:
    safe = safe_file_name("Văn bản " * 60 + ".signed.pdf")
    assert safe.endswith(".pdf")
    assert LONGEST - 4 < len(safe.encode()) <= LONGEST


def test_unique_names() -> None:
    assert unique_file_name("a.pdf", set()) == "a.pdf"
    assert unique_file_name("A.pdf", {"a.pdf", "a (2).pdf"}) == "A (3).pdf"
    assert unique_file_name("a", {"a"}) == "a (2)"
