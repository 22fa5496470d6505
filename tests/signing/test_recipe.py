"""The proven recipe: the leader certifies, form filling allowed; the clerk numbers, dates, seals in one revision."""

from __future__ import annotations

import subprocess

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.form import AGENCY, DAY, LEADER, MONTH, NUMBER, fields_of
from signing.report import ChangeKind, Conclusion, Reason, SignatureKind, Verdict
from signing.verify import verify_file
from tests.signing.conftest import AGENCY_NAME, LEADER_NAME, People, Stages
from tests.signing.looking import ink, part_of, picture_of, rows_with_fields


def test_both_signatures_are_valid_and_the_leaders_saw_form_filling_only(stages: Stages, people: People) -> None:
    report = verify_file(stages.sealed, people.trust)
    first, second = report.signatures

    assert report.conclusion is Conclusion.VALID
    assert (first.field, first.kind, first.signer) == (LEADER, SignatureKind.CERTIFICATION, LEADER_NAME)
    assert (second.field, second.kind, second.signer) == (AGENCY, SignatureKind.APPROVAL, AGENCY_NAME)
    assert first.verdict is second.verdict is Verdict.VALID
    assert first.reason is second.reason is Reason.PASSED
    assert not first.covers_whole_file and second.covers_whole_file
    assert {(change.kind, change.detail, change.page) for change in first.changes_after} == {
        (ChangeKind.SIGNATURE_ADDED, AGENCY, 1), (ChangeKind.FORM_FILLING, NUMBER, 1),
        (ChangeKind.FORM_FILLING, DAY, 1), (ChangeKind.FORM_FILLING, MONTH, 1)}
    assert all(change.allowed for change in first.changes_after)
    assert first.level == second.level == "b-b"
    assert first.algorithms[0] == "sha256"


def test_number_date_and_seal_are_one_revision_on_top_of_the_signed_file(stages: Stages) -> None:
    signed, sealed = stages.signed.read_bytes(), stages.sealed.read_bytes()

    assert sealed.startswith(signed)
    with stages.sealed.open("rb") as file, stages.signed.open("rb") as before:
        assert PdfFileReader(file).xrefs.total_revisions == PdfFileReader(before).xrefs.total_revisions + 1


def test_the_values_are_on_the_page_and_in_the_fields(stages: Stages) -> None:
    rows = rows_with_fields(stages.sealed)

    assert "Số: 15 /UBND-VP Tân Hiệp, ngày 05 tháng 3 năm 2026" in rows
    with stages.sealed.open("rb") as file:
        fields = fields_of(PdfFileReader(file))
        assert str(fields[NUMBER].field["/V"]) == "15"
        assert all(str(fields[name].field["/TU"]) for name in (NUMBER, DAY, MONTH, LEADER, AGENCY))


def test_signature_is_blue_seal_is_red_and_covers_a_third_of_it(stages: Stages) -> None:
    with stages.sealed.open("rb") as file:
        fields = fields_of(PdfFileReader(file))
        signature, seal = fields[LEADER].box, fields[AGENCY].box
    picture = picture_of(stages.sealed)

    assert ink(part_of(picture, signature), blue=True) > 500
    assert ink(part_of(picture, seal), red=True) > 500
    assert seal.x1 - signature.x0 == pytest.approx(signature.width / 3, abs=0.5)
    assert (seal.width, seal.height) == pytest.approx((36 * 72 / 25.4,) * 2, abs=0.1)
    assert seal.middle[1] == pytest.approx(signature.middle[1], abs=0.5)


def test_pdfsig_and_qpdf_agree(stages: Stages) -> None:
    found = subprocess.run(["pdfsig", "-nocert", str(stages.sealed)], capture_output=True, text=True,
                           check=True).stdout
    checked = subprocess.run(["qpdf", "--check", str(stages.sealed)], capture_output=True, text=True, check=False)

    assert found.count("Signature is Valid.") == 2
    assert "Total document signed" in found
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_sources_are_untouched(stages: Stages) -> None:
    """Every stage reads its source; the bytes stay those that were written."""
    assert stages.prepared.read_bytes().startswith(stages.draft.read_bytes())
    assert stages.signed.read_bytes().startswith(stages.prepared.read_bytes())
    assert not list(stages.draft.parent.glob(".*.part"))
