"""Is a file that goes with a document a PDF that can be shown, signed and sent? Found before it comes in: the agency
signs it much later, when nobody can change it any more."""

from __future__ import annotations

from typing import Any

from docclient.office.errors import FieldWrong, PdfTooLarge, PdfTooLong, Why
from docclient.office.model import Digest
from docclient.store.blobs import Blobs
from signing.files import reading
from signing.pdf import PARSER_ERRORS, Damaged, NotAPdf, open_writer, pages_of

MOST_PAGES = 2_000
LARGEST = 200 << 20      # bytes; what one file of a packet may have (docclient/exchange)
MEBIBYTE = 1 << 20
DEEPEST = 64             # levels of a page tree


def must_be_a_whole_pdf(blobs: Blobs, digest: Digest, name: str, field: str = "pdf") -> None:
    """Raises: FieldWrong: no PDF at all; Encrypted, Restricted, Damaged, UsesXfa, UsageRights: one that the agency
    could not sign; PdfTooLong, PdfTooLarge."""
    size = blobs.size(digest)
    if size > LARGEST:
        raise PdfTooLarge(file=name, size=-(-size // MEBIBYTE), limit=LARGEST // MEBIBYTE)
    with reading(blobs.path(digest)) as stream:
        try:
            pages = count_pages(open_writer(stream, name).prev.root, name)
        except NotAPdf as error:
            raise FieldWrong(field, Why.NOT_A_PDF) from error
    if pages > MOST_PAGES:
        raise PdfTooLong(file=name, pages=pages, limit=MOST_PAGES)


def count_pages(root: Any, name: str) -> int:
    """Every page is there with its size. Raises: Damaged."""
    pages = 0
    try:
        for page in pages_of(root):
            if page.raw_get("/Type") != "/Page" or not has_size(page):
                raise Damaged(file=name)
            pages += 1
    except PARSER_ERRORS as error:
        raise Damaged(file=name) from error
    if pages == 0:
        raise Damaged(file=name)
    return pages


def has_size(page: Any) -> bool:
    """Its own, or that of a node above it (ISO 32000-1, 7.7.3.4)."""
    node, level = page, 0
    while level < DEEPEST:
        if "/MediaBox" in node:
            return True
        if "/Parent" not in node:
            return False
        node, level = node["/Parent"], level + 1
    return False
