"""What others may do to a signed file: harmless things, and things that must be found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from signing.form import NUMBER, fields_of, fill_text


def updated(source: Path, target: Path, change: Any) -> Path:
    """`source` with an incremental update that `change(writer)` puts into it."""
    with source.open("rb") as file:
        writer = IncrementalPdfFileWriter(file)
        change(writer)
        with target.open("wb") as out:
            writer.write(out)
    return target


def write_over_page(writer: IncrementalPdfFileWriter) -> None:
    """Another content stream on page 1: a payment order nobody signed."""
    text = generic.StreamObject(stream_data=b"BT /F1 24 Tf 100 500 Td (1.000.000.000) Tj ET")
    writer.add_stream_to_page(0, writer.add_object(text))


def add_note(writer: IncrementalPdfFileWriter) -> None:
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    note = writer.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/FreeText"),
        pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 300, 200)]),
        pdf_name("/Contents"): generic.pdf_string("Đã sửa"), pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf")}))
    writer.register_annotation(page, note)


def change_number(writer: IncrementalPdfFileWriter) -> None:
    fill_text(writer, fields_of(writer)[NUMBER], "99")


def change_title(writer: IncrementalPdfFileWriter) -> None:
    information = writer.trailer_view["/Info"] if "/Info" in writer.trailer_view else generic.DictionaryObject()
    information = generic.DictionaryObject({**information, pdf_name("/Title"): generic.pdf_string("Khác")})
    writer.set_info(writer.add_object(information))


def add_page_twice(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    kids = pages["/Kids"]
    kids.append(kids.raw_get(0))
    pages[pdf_name("/Count")] = generic.NumberObject(int(pages["/Count"]) + 1)
    writer.update_container(pages)


def add_empty_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Overlay", box=(80, 300, 520, 500), empty_field_appearance=True))


def with_byte_changed(source: Path, target: Path, at: int, mask: int = 1) -> Path:
    data = bytearray(source.read_bytes())
    data[at] ^= mask
    target.write_bytes(data)
    return target


def with_bytes_replaced(source: Path, target: Path, old: bytes, new: bytes, *, last: bool = False) -> Path:
    data = source.read_bytes()
    at = data.rfind(old) if last else data.find(old)
    assert at >= 0
    target.write_bytes(data[:at] + new + data[at + len(old):])
    return target
