"""What was added after a signature: named, and judged by what the signer allows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing.form import AGENCY, LEADER, NUMBER
from signing.report import ChangeKind, Conclusion, Reason, SignatureReport, Verdict
from signing.verify import verify_file
from tests.signing import altering
from tests.signing.conftest import People, Stages


def by_field(path: Path, people: People) -> dict[str, SignatureReport]:
    return {signature.field: signature for signature in verify_file(path, people.trust).signatures}


@pytest.mark.parametrize(("change", "kind", "page"), [
    (altering.write_over_page, ChangeKind.PAGE_CONTENT_CHANGED, 1),
    (altering.add_note, ChangeKind.ANNOTATION_CHANGED, 1),
    (altering.add_page_twice, ChangeKind.PAGES_CHANGED, None),
])
def test_a_change_nobody_allowed_makes_every_signature_invalid_and_is_named(
        stages: Stages, people: People, tmp_path: Path, change: object, kind: ChangeKind, page: int | None) -> None:
    altered = altering.updated(stages.sealed, tmp_path / "altered.pdf", change)
    report = verify_file(altered, people.trust)

    assert report.conclusion is Conclusion.INVALID and report.reason is Reason.FORMAT_FAILURE
    for signature in report.signatures:
        assert signature.verdict is Verdict.INVALID and signature.intact
        found = [one for one in signature.changes_after if not one.allowed]
        assert (kind, page) in {(one.kind, one.page) for one in found}


def test_a_number_changed_after_the_seal_is_found(stages: Stages, people: People, tmp_path: Path) -> None:
    """The leader allowed form filling; the seal locked number and date."""
    found = by_field(altering.updated(stages.sealed, tmp_path / "a.pdf", altering.change_number), people)

    assert found[AGENCY].verdict is Verdict.INVALID and found[AGENCY].reason is Reason.FORMAT_FAILURE
    assert [(c.kind, c.detail, c.allowed) for c in found[AGENCY].changes_after] == [
        (ChangeKind.FORM_FILLING, NUMBER, False)]


def test_a_number_filled_before_the_seal_leaves_the_leaders_signature_valid(
        stages: Stages, people: People, tmp_path: Path) -> None:
    found = by_field(altering.updated(stages.signed, tmp_path / "a.pdf", altering.change_number), people)

    assert found[LEADER].verdict is Verdict.VALID
    assert [(c.kind, c.detail, c.allowed) for c in found[LEADER].changes_after] == [
        (ChangeKind.FORM_FILLING, NUMBER, True)]


def test_a_changed_title_is_told(stages: Stages, people: People, tmp_path: Path) -> None:
    found = by_field(altering.updated(stages.signed, tmp_path / "a.pdf", altering.change_title), people)

    assert ChangeKind.METADATA_CHANGED in {c.kind for c in found[LEADER].changes_after}


def test_one_changed_byte_in_the_signed_part_breaks_the_digest(stages: Stages, people: People, tmp_path: Path) -> None:
    data = stages.signed.read_bytes()
    within = data.index(b"stream") + 40
    report = verify_file(altering.with_byte_changed(stages.signed, tmp_path / "a.pdf", within), people.trust)

    assert report.conclusion is Conclusion.INVALID
    assert report.signatures[0].reason is Reason.HASH_FAILURE and not report.signatures[0].intact


def test_an_exchanged_signature_value_does_not_fit_the_certificate(stages: Stages, people: People,
                                                                   tmp_path: Path) -> None:
    """The last bytes of the CMS are the signature value."""
    data = stages.signed.read_bytes()
    contents = data.rindex(b"/Contents <") + len(b"/Contents <")
    end = contents + len(data[contents:data.index(b">", contents)].rstrip(b"0"))
    digit = data[end - 9:end - 8]
    other = b"1" if digit != b"1" else b"2"
    altered = tmp_path / "a.pdf"
    altered.write_bytes(data[:end - 9] + other + data[end - 8:])
    report = verify_file(altered, people.trust)

    assert report.conclusion is Conclusion.INVALID
    assert report.signatures[0].reason is Reason.SIG_CRYPTO_FAILURE


@pytest.mark.parametrize("name", [b"/ByteRange", b"/Contents <"])
def test_a_signature_without_byte_range_or_contents_is_invalid_not_a_crash(
        stages: Stages, people: People, tmp_path: Path, name: bytes) -> None:
    altered = altering.with_bytes_replaced(stages.signed, tmp_path / "a.pdf", name, name.replace(b"t", b"x"), last=True)
    report = verify_file(altered, people.trust)

    assert report.conclusion is Conclusion.INVALID
    assert report.reason is Reason.FORMAT_FAILURE


def test_cutting_the_seal_off_leaves_the_file_the_leader_signed(stages: Stages, people: People, tmp_path: Path) -> None:
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(stages.sealed.read_bytes()[:stages.signed.stat().st_size])
    report = verify_file(cut, people.trust)

    assert report.conclusion is Conclusion.VALID
    assert [s.field for s in report.signatures] == [LEADER] and report.signatures[0].covers_whole_file


def test_a_file_that_ends_in_the_middle_is_never_valid(stages: Stages, people: People, tmp_path: Path) -> None:
    data = stages.sealed.read_bytes()
    for part in (0.3, 0.6, 0.9, 0.999):
        cut = tmp_path / f"{part}.pdf"
        cut.write_bytes(data[:int(len(data) * part)])
        assert verify_file(cut, people.trust).conclusion is not Conclusion.VALID


@settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.floats(0, 0.9999), mask=st.integers(1, 255))
def test_no_flipped_byte_is_ever_valid_and_none_raises(stages: Stages, people: People, tmp_path: Path, position: float,
                                                       mask: int) -> None:
    """Bytes in the padding behind the CMS are the only ones outside both digest and meaning."""
    data = stages.sealed.read_bytes()
    at = int(position * len(data))
    report = verify_file(altering.with_byte_changed(stages.sealed, tmp_path / "a.pdf", at, mask), people.trust)

    start, end = data.rindex(b"/Contents <"), data.rindex(b"/ByteRange")
    if not start <= at < max(end, data.index(b">", start)):
        assert report.conclusion is not Conclusion.VALID
