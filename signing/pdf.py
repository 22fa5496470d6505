"""Opening a PDF: what can go wrong before anything is read from it, each under its own name."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Iterator
from typing import IO, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import long_lines
from signing.errors import BadInput
from signing.large_streams import SparingReader

# What pyHanko finds reaches people as a verdict with a reason; its log lines would name certificates and frighten.
for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL)
# It also tells of every table it leaves out of a font.
logging.getLogger("fontTools.subset").setLevel(logging.ERROR)

long_lines.install()

HEADER_WITHIN = 1024
"""Readers accept bytes before the header (mail gateways add them) when it begins within the first 1,024."""

PARSER_ERRORS = (PdfError, ValueError, TypeError, LookupError, AttributeError,
                 AssertionError, NotImplementedError, RecursionError, OSError, ArithmeticError, SyntaxError,
                 zlib.error, struct.error)
"""What pyHanko 0.38 lets through on odd files: damaged cross-reference tables, broken dictionaries, deep nesting,
numbers that are none (decimal.InvalidOperation), descriptions that are no XML."""


class NotAPdf(BadInput):
    """facts: file."""

    code = "pdf.not_pdf"


class EmptyFile(NotAPdf):
    """facts: file."""

    code = "pdf.empty"


class Damaged(BadInput):
    """facts: file."""

    code = "pdf.damaged"


class Encrypted(BadInput):
    """facts: file."""

    code = "pdf.encrypted"


class Restricted(Encrypted):
    """Anybody may open it; its owner's password keeps back what may be done with it. facts: file."""

    code = "pdf.restricted"


class UsageRights(BadInput):
    """Extended for Adobe Reader by a form server: any change makes Reader warn of it. facts: file."""

    code = "pdf.usage_rights"


class UsesXfa(BadInput):
    """A form of the XFA kind: what a reader shows does not stand in the pages. facts: file."""

    code = "pdf.xfa"


def open_reader(stream: IO[bytes], name: str, *, strict: bool = False,
                with_empty_password: bool = False) -> PdfFileReader:
    """A reader over `stream`; what large streams hold stays in the file until it is asked for.

    Args:
        name: the file's name for the error.
        strict: refuse what a tolerant reader would repair silently (pyHanko's sense of the word).
        with_empty_password: accept a file that anybody may open and only some may change.
    Raises: EmptyFile, NotAPdf, Damaged, Encrypted.
    """
    stream.seek(0)
    head = stream.read(HEADER_WITHIN)
    if not head.strip(b"\0 \t\r\n"):
        raise EmptyFile(file=name)
    if b"%PDF-" not in head:
        raise NotAPdf(file=name)
    try:
        reader = SparingReader(stream, strict=strict)
        if reader.encrypted and not (with_empty_password and _opens_without_password(reader)):
            raise Restricted(file=name) if _opens_without_password(reader) else Encrypted(file=name)
        reader.root["/Pages"].get_object()
    except PARSER_ERRORS as error:
        raise Damaged(file=name) from error
    return reader


def open_writer(stream: IO[bytes], name: str) -> IncrementalPdfFileWriter:
    """A writer that will append to what is in `stream`. Raises as `open_reader`, and UsesXfa, UsageRights."""
    reader = open_reader(stream, name)
    try:
        form = entry(reader.root, "/AcroForm")
        if form is not None and "/XFA" in form:
            raise UsesXfa(file=name)
        if has_usage_rights(reader.root) and not reader.embedded_signatures:
            raise UsageRights(file=name)
        return IncrementalPdfFileWriter.from_reader(reader)
    except PARSER_ERRORS as error:
        raise Damaged(file=name) from error


def entry(dictionary: Any, key: str, default: Any = None) -> Any:
    """The object behind an entry; pyHanko's own `get` would hand out the bare reference."""
    return dictionary[key] if key in dictionary else default   # noqa: SIM401 - get() would not follow references


def has_usage_rights(root: Any) -> bool:
    """ISO 32000-1, 12.8.2.3 (deprecated since)."""
    rights = entry(root, "/Perms")
    return rights is not None and ("/UR3" in rights or "/UR" in rights)


def elements(array: Any) -> list[Any]:
    """The objects of an array, references followed; nothing for what is no array."""
    return [array[index] for index in range(len(array))] if isinstance(array, generic.ArrayObject) else []


def references(array: Any) -> list[Any]:
    """The elements of an array as they stand: references stay references."""
    return [array.raw_get(index) for index in range(len(array))] if isinstance(array, generic.ArrayObject) else []


def pages_of(root: Any) -> Iterator[Any]:
    """The page dictionaries of a document catalogue, in order. A page tree that bites its own tail ends."""
    waiting, seen = [root.raw_get("/Pages")], set()
    while waiting:
        reference = waiting.pop(0)
        node = reference.get_object()
        if "/Kids" in node:
            key = getattr(reference, "reference", None)
            if key not in seen or key is None:
                seen.add(key)
                waiting[:0] = references(node["/Kids"])
        else:
            yield node


def _opens_without_password(reader: PdfFileReader) -> bool:
    try:
        return reader.decrypt("").status.name != "FAILED"
    except PARSER_ERRORS:
        return False
