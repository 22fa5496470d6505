"""What a printed paper says and whether it claims, and keeps, the archival standard."""

from pathlib import Path

import pikepdf
import pypdfium2


def pages_of(pdf: Path) -> list[str]:
    """Each page's text, runs of white space as one space."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def assert_archival(pdf: Path) -> None:
    """PDF/A-2b as far as can be seen without a validator: the claim, the colour intent, every font embedded."""
    with pikepdf.open(pdf) as opened:
        with opened.open_metadata() as told:
            assert told["pdfaid:part"] == "2"
            assert told["pdfaid:conformance"] == "B"
        assert [str(intent.S) for intent in opened.Root.OutputIntents] == ["/GTS_PDFA1"]
        assert "/Encrypt" not in opened.trailer
        fonts = [thing for thing in opened.objects
                 if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
        assert all("LiberationSerif" in str(font.FontName) for font in fonts)
