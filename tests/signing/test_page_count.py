"""The number of pages a file states; nothing where it states none."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from signing.page_count import stated_pages
from signing.trust import NOBODY
from signing.verify import verify_file


def pdf(pages: int, *, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(210, 297)
    if password:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("pages", [1, 3, 250])
def test_what_the_page_tree_says(tmp_path: Path, pages: int):
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(pages))
    assert stated_pages(file) == pages


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.7\n%%EOF", pdf(1)[:300], pdf(2, password="x"),
                                     pdf(1).replace(b"/Count 1", b"/Count -"), pdf(0)])
def test_nothing_sensible_is_none(tmp_path: Path, content: bytes):
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    assert stated_pages(file) is None


@given(st.data())
def test_any_bytes_bring_a_number_or_none(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject):
    whole = pdf(2)
    at = data.draw(st.integers(0, len(whole) - 1))
    file = tmp_path_factory.mktemp("bytes") / "a.pdf"
    file.write_bytes(whole[:at] + data.draw(st.binary(max_size=20)) + whole[at + data.draw(st.integers(0, 40)):])
    found = stated_pages(file)
    assert found is None or found > 0


@pytest.mark.parametrize("pages", [1, 3])
def test_a_verification_tells_the_same(tmp_path: Path, pages: int):
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(pages))
    assert verify_file(file, NOBODY).pages == stated_pages(file) == pages


@pytest.mark.parametrize("content", [b"not a PDF", pdf(1).replace(b"/Count 1", b"/Count -"), pdf(0),
                                     pdf(1).replace(b"/Type /Pages", b"/Type /Pagez"),
                                     pdf(1).replace(b"/Pages ", b"/Pagez ")])
def test_a_verification_is_not_troubled_by_a_page_tree_that_says_nothing(tmp_path: Path, content: bytes):
    file = tmp_path / "a.pdf"
    file.write_bytes(content)
    assert verify_file(file, NOBODY).pages == stated_pages(file)
