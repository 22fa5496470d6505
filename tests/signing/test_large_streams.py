"""Large contents stay in the file: nothing else is read for it, and a scan's second signature costs no memory."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import large_streams
from signing.keys import Key
from signing.large_streams import LARGE, SparingReader, StoredStream
from signing.report import Conclusion
from signing.sign import Role, SigningRequest, sign_pdf
from signing.verify import verify_file
from tests.signing.conftest import People, Stages
from tests.signing.odd_files import locked

MEGABYTE = 1 << 20


def scan(target: Path, pages: int) -> Path:
    """Pages of one image each, a megabyte that does not compress."""
    with pikepdf.new() as pdf:
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            image = pikepdf.Stream(pdf, bytes([number]) * MEGABYTE, Type=pikepdf.Name.XObject,
                                   Subtype=pikepdf.Name.Image, Width=1024, Height=1024, BitsPerComponent=8,
                                   ColorSpace=pikepdf.Name.DeviceGray)
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
            page.Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im Do Q")
        pdf.save(target, compress_streams=False)
    return target


def streams_in(reader: PdfFileReader, handler: Any) -> dict[int, tuple[bytes, bytes]]:
    """Encoded and decoded contents by object number, as `handler` sees them."""
    found = {}
    for number in range(1, int(reader.trailer["/Size"])):
        held = handler.get_object(generic.Reference(number, 0, reader))
        if isinstance(held, generic.StreamObject) and "/Length" in held and held.get("/Type") != "/XRef":
            found[number] = held.encoded_data, held.data
    return found


def test_verifying_a_scan_with_two_signatures_holds_none_of_its_images(
        people: People, leader: Key, agency: Key, tmp_path: Path) -> None:
    request = SigningRequest(role=Role.PLAIN, trust=people.trust)
    once = sign_pdf(scan(tmp_path / "scan.pdf", 24), tmp_path / "once.pdf", leader, request).target
    twice = sign_pdf(once, tmp_path / "twice.pdf", agency, request).target
    verify_file(once, people.trust)   # what is loaded once for all files
    for path in (once, twice):
        tracemalloc.start()
        try:
            report = verify_file(path, people.trust)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert report.conclusion is Conclusion.VALID
        assert peak < 8 * MEGABYTE


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("tail", "conclusion"), [
    (bytes(12 * MEGABYTE), Conclusion.VALID), (b"gateway " * (MEGABYTE + MEGABYTE // 2), Conclusion.VALID),
    (bytes(12 * MEGABYTE) + b"\n1 0 obj\n<<>>\nendobj\n", Conclusion.INVALID),
    (bytes(12 * MEGABYTE) + b"\n%%EOF\n", Conclusion.INVALID)], ids=["zeros", "text", "object", "end mark"])
def test_what_stands_behind_the_end_is_looked_through_in_pieces(
        stages: Stages, people: People, tmp_path: Path, tail: bytes, conclusion: Conclusion) -> None:
    """Megabytes without a line end neither hold anything up nor hide anything."""
    path = tmp_path / "mailed.pdf"
    path.write_bytes(stages.sealed.read_bytes() + tail)
    begun = time.process_time()
    tracemalloc.start()
    try:
        report = verify_file(path, people.trust)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.conclusion is conclusion and peak < 8 * MEGABYTE
    assert time.process_time() - begun < 20
    if conclusion is Conclusion.VALID:
        assert report.warnings == ("bytes_after_end",)
        assert not any(signature.covers_whole_file for signature in report.signatures)


@pytest.mark.parametrize("kind", ["plain", "encrypted"])
def test_every_stream_reads_as_pyhankos_own_reader_has_it(kind: str, stages: Stages, tmp_path: Path,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    source = stages.sealed if kind == "plain" else locked(scan(tmp_path / "scan.pdf", 2), tmp_path / "locked.pdf")
    monkeypatch.setattr(large_streams, "LARGE", 40)
    monkeypatch.setattr(large_streams, "SMALL_FILE", 0)
    with source.open("rb") as stream:
        plain, sparing = PdfFileReader(stream, strict=False), SparingReader(stream, strict=False)
        for reader in (plain, sparing):
            if reader.encrypted:
                reader.decrypt("")
        expected = streams_in(plain, plain)
        assert expected and streams_in(sparing, sparing) == expected
        for revision in range(plain.total_revisions):
            then = plain.get_historical_resolver(revision)
            assert streams_in(sparing, sparing.get_historical_resolver(revision)) == streams_in(plain, then)


def test_the_position_in_the_file_is_kept_and_contents_are_not(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf", 5)
    with path.open("rb") as stream:
        reader = SparingReader(stream)
        page = reader.root["/Pages"]["/Kids"][0]
        image = page["/Resources"]["/XObject"]["/Im"]
        assert isinstance(image, StoredStream) and not isinstance(page["/Contents"], StoredStream)
        stream.seek(17)
        assert image.encoded_data == bytes(MEGABYTE) and stream.tell() == 17
        assert image.encoded_data is not image.encoded_data


def test_what_was_put_in_its_place_is_what_is_written(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf", 5)
    with path.open("rb") as stream:
        writer = IncrementalPdfFileWriter.from_reader(SparingReader(stream))
        image = writer.root["/Pages"]["/Kids"][0]["/Resources"]["/XObject"]["/Im"]
        image.compress()
        writer.mark_update(image.container_ref)
        with (tmp_path / "small.pdf").open("wb") as out:
            writer.write(out)
    added = (tmp_path / "small.pdf").stat().st_size - path.stat().st_size
    assert 0 < added < MEGABYTE / 10
    with pikepdf.open(tmp_path / "small.pdf") as pdf:
        assert pdf.pages[0].Resources.XObject.Im.read_bytes() == bytes(MEGABYTE)


def test_a_length_that_leads_beyond_the_file_is_an_error(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf", 5)
    long = path.read_bytes().replace(b"/Length %d" % MEGABYTE, b"/Length %d" % (9 * MEGABYTE))
    assert long != path.read_bytes() and LARGE < MEGABYTE
    (tmp_path / "long.pdf").write_bytes(long)
    with (tmp_path / "long.pdf").open("rb") as stream:
        reader = SparingReader(stream)
        with pytest.raises(PdfError, match="ended"):
            reader.root["/Pages"]["/Kids"][0]["/Resources"]["/XObject"]["/Im"]
