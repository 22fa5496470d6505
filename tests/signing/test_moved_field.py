"""A prepared signature field that is put elsewhere before anybody has signed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader, PdfWriter

from signing.form import AGENCY, LEADER, FieldOnPage, fields_of
from signing.keys import Key
from signing.page import MM, Place
from signing.prepare import prepare, propose_places
from signing.report import Verdict
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.sign_troubles import PlaceOutside
from signing.verify import verify_file
from tests.signing.conftest import People, Stages

MOVED_MM = (60.0, 120.0, 45.0, 18.0)


def fields(file: Path) -> dict[str, FieldOnPage]:
    with file.open("rb") as stream:
        return fields_of(PdfFileReader(stream))


def test_the_field_moves_with_its_seal_and_both_signatures_hold(stages: Stages, people: People, leader: Key,
                                                                agency: Key, tmp_path: Path) -> None:
    frame = fields(stages.prepared)[LEADER].frame
    place = Place(1, frame.from_mm(*MOVED_MM))
    request = SigningRequest(role=Role.PERSONAL, place=place, trust=people.trust)
    signed = sign_pdf(stages.prepared, tmp_path / "signed.pdf", leader, request)
    assert (signed.field, signed.page) == (LEADER, 1)
    found = fields(tmp_path / "signed.pdf")
    assert sorted(found) == sorted(fields(stages.prepared))             # no second field, none left behind
    assert frame.to_mm(found[LEADER].box) == pytest.approx(MOVED_MM, abs=0.01)
    seal = found[AGENCY].box
    assert seal.x1 == pytest.approx(found[LEADER].box.x0 + found[LEADER].box.width / 3, abs=0.1)
    assert seal.middle[1] == pytest.approx(found[LEADER].box.middle[1], abs=0.1)
    assert seal.width / MM == pytest.approx(fields(stages.prepared)[AGENCY].box.width / MM, abs=0.01)
    fill_and_seal(tmp_path / "signed.pdf", tmp_path / "sealed.pdf", agency, number="15", issued=date(2026, 3, 5),
                  request=SigningRequest(role=Role.AGENCY, trust=people.trust))
    report = verify_file(tmp_path / "sealed.pdf", people.trust)
    assert [each.verdict for each in report.signatures] == [Verdict.VALID, Verdict.VALID]
    assert all(change.allowed for each in report.signatures for change in each.changes_after)


def test_the_field_goes_to_another_page(people: People, leader: Key, stages: Stages, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=PdfReader(stages.draft))
    writer.add_blank_page(595, 842)
    writer.write(tmp_path / "two.pdf")
    prepare(tmp_path / "two.pdf", tmp_path / "prepared.pdf", propose_places(tmp_path / "two.pdf"))
    frame = fields(tmp_path / "prepared.pdf")[LEADER].frame
    place = Place(2, frame.from_mm(*MOVED_MM))
    sign_pdf(tmp_path / "prepared.pdf", tmp_path / "signed.pdf", leader,
             SigningRequest(role=Role.PERSONAL, place=place, trust=people.trust))
    found = fields(tmp_path / "signed.pdf")
    assert (found[LEADER].page, found[AGENCY].page) == (2, 2)
    (signature,) = verify_file(tmp_path / "signed.pdf", people.trust).signatures
    assert signature.verdict is Verdict.VALID


def test_no_field_is_moved_once_somebody_has_signed(stages: Stages, people: People, leader: Key,
                                                    tmp_path: Path) -> None:
    """The second signer's given place makes a field of its own; what the first signature covers stands still."""
    frame = fields(stages.signed)[LEADER].frame
    before = fields(stages.signed)[AGENCY].box
    signed = sign_pdf(stages.signed, tmp_path / "second.pdf", leader, SigningRequest(
        role=Role.PERSONAL, place=Place(1, frame.from_mm(*MOVED_MM)), trust=people.trust))
    assert signed.field == f"{LEADER}2"
    assert fields(tmp_path / "second.pdf")[AGENCY].box == before


def test_outside_the_page_is_refused_and_nothing_is_written(stages: Stages, leader: Key, tmp_path: Path) -> None:
    frame = fields(stages.prepared)[LEADER].frame
    with pytest.raises(PlaceOutside):
        sign_pdf(stages.prepared, tmp_path / "signed.pdf", leader,
                 SigningRequest(role=Role.PERSONAL, place=Place(1, frame.from_mm(190, 10, 60, 20))))
    assert list(tmp_path.iterdir()) == []
