"""The form is ready with page 1, while the rest is still to come; the same from a PDF's own letters."""

from __future__ import annotations

import pytest

from docclient.capture.digitise import digitise, read_first_page
from docclient.capture.errors import SecretFound
from docclient.capture.fields import FURTHER_NAMES, NAMES, PageReading
from tests.capture.letters import COMMUNE_LETTER, DEPARTMENT_NOTICE, Wear, render, render_pdf, wear


def test_the_first_page_is_told_before_any_other_is_done(tmp_path):
    files = [tmp_path / f"{number}.png" for number in (1, 2)]
    for file in files:
        wear(render(COMMUNE_LETTER, 200)[0], Wear(noise=4)).save(file, dpi=(200, 200))
    told: list[PageReading] = []
    seen: list[object] = []

    def first(reading: PageReading) -> None:
        told.append(reading)
        seen.append("first")

    made = digitise(files, tmp_path / "out.pdf", first_read=first, progress=lambda done, total: seen.append(done))
    assert seen == ["first", 1, 2]
    (reading,) = told
    assert reading.fields["code_notation"].value == made.fields["code_notation"].value == COMMUNE_LETTER.notation
    assert (tuple(reading.fields), tuple(reading.further)) == (NAMES, FURTHER_NAMES)
    assert made.further["page_amount"].value == "2"
    answer = made.as_json()
    assert set(answer["fields"]) == set(NAMES) and set(answer["further_fields"]) == set(FURTHER_NAMES)


def test_a_pdfs_own_letters_need_no_reader(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))           # there is no Tesseract to be found
    file = tmp_path / "letter.pdf"
    file.write_bytes(render_pdf(DEPARTMENT_NOTICE))
    reading = read_first_page(file)
    assert reading.fields["organ_name"].value == "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"
    assert reading.further["parent_name"].value == "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG"
    assert reading.further["addressees"].value is None

    file.write_bytes(render_pdf(COMMUNE_LETTER))
    assert read_first_page(file).further["addressees"].value == tuple(
        name.rstrip(";.") for name in COMMUNE_LETTER.addressees)


def test_a_secret_first_page_stops_at_once(tmp_path):
    from dataclasses import replace

    file = tmp_path / "letter.pdf"
    file.write_bytes(render_pdf(replace(COMMUNE_LETTER, secrecy="TỐI MẬT")))
    with pytest.raises(SecretFound):
        read_first_page(file)
