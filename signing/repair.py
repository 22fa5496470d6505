"""Files that cannot be signed as they are, made signable on a copy, where that can be done honestly.

What is done: cross-references are rebuilt (qpdf reads the objects themselves), hybrid references become plain, and an
owner's restrictions, a static XFA packet and usage rights for Adobe Reader are left out. What is shown must stay the
same: every page of both files is drawn and compared, dot by dot, and its text too; a copy that differs is thrown away.

What is refused: a file that carries signatures (they would not survive) or is certified as final; one that needs a
password; one whose owner allows no changes; one whose pages are only a shell around a dynamic form; one of which parts
are lost. Restrictions are removed only where the file opens without a password *and* its own permissions allow changing
it: then the owner's password protects nothing that the owner has not allowed (ISO 32000-2, 7.6.4.2, table 22, bit 4).
"""

from __future__ import annotations

import logging
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from signing.dictionaries import dictionaries_of
from signing.errors import BadInput, FileNotReadable, NotAllowed, Trouble
from signing.files import SameFile, new_part, reading, same_file, sha256_of, take_name, trouble_of_writing
from signing.pdf import PARSER_ERRORS, Damaged, Encrypted, NotAPdf, Restricted, open_reader, open_writer
from signing.same_pages import differing_page
from signing.sign_troubles import AlreadyFinal

logging.getLogger("pikepdf").setLevel(logging.ERROR)

REFERENCES, HYBRID = "repaired_cross_references", "repaired_hybrid_references"
RESTRICTIONS, XFA, RIGHTS = "repaired_restrictions", "repaired_xfa", "repaired_usage_rights"


class CarriesSignatures(BadInput):
    """A repair would break them. facts: file."""

    code = "repair.signed"


class ChangesNotPermitted(NotAllowed):
    """Its owner does not allow changes. facts: file."""

    code = "repair.not_permitted"


class DynamicForm(BadInput):
    """Without its XFA form the pages would be empty. facts: file."""

    code = "repair.dynamic_form"


class PagesWouldDiffer(BadInput):
    """The copy does not show the same. facts: file, page."""

    code = "repair.pages_differ"


class BeyondRepair(BadInput):
    """Too much of it is lost. facts: file, reason (a technical word)."""

    code = "repair.hopeless"


@dataclass(frozen=True, slots=True)
class Repaired:
    """done: what was repaired, as remarks (`repaired_cross_references`, …); nothing when nothing had to be."""

    source: Path
    target: Path
    done: tuple[str, ...]
    sha256: str


def hindrance(source: Path) -> Trouble | None:
    """Why it cannot be signed as it is: Damaged, Restricted, Encrypted, UsesXfa, UsageRights …; None if it can."""
    try:
        with reading(source) as stream:
            open_writer(stream, str(source))
    except Trouble as trouble:
        return trouble
    return None


def needs_repair(source: Path) -> bool:
    """Whether `repair_copy` has something to do, successfully or not: it cannot be signed as it is, or is hybrid and
    not signed yet."""
    if hindrance(source) is not None:
        return True
    with reading(source) as stream:
        reader = open_reader(stream, str(source))
        return bool(reader.xrefs.hybrid_xrefs_present) and not reader.embedded_signatures


def is_hybrid(source: Path) -> bool:
    """Whether a table and a stream of cross-references stand beside each other, as Word writes them: readers may be led
    to different objects, and strict validators refuse what was signed over it (ISO 32000-2, 7.5.8.4)."""
    try:
        with reading(source) as stream:
            return bool(open_reader(stream, str(source), with_empty_password=True).xrefs.hybrid_xrefs_present)
    except (Trouble, *PARSER_ERRORS):
        return False


def repair_copy(source: Path, target: Path) -> Repaired:
    """Write a signable copy of `source` that shows the same. `source` is not touched.

    Raises: FileNotReadable, NotAPdf, EmptyFile, Encrypted (a password is needed), SameFile; CarriesSignatures,
        AlreadyFinal, ChangesNotPermitted, DynamicForm, PagesWouldDiffer, BeyondRepair; FolderNotWritable, DiskFull.
    """
    name = str(source)
    if same_file(source, target):
        raise SameFile(file=str(target))
    hindered = hindrance(source)
    if isinstance(hindered, NotAPdf | FileNotReadable):
        raise hindered
    if isinstance(hindered, Encrypted) and not isinstance(hindered, Restricted):
        raise hindered
    try:
        pdf = pikepdf.open(source, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Encrypted(file=name) from error
    except (pikepdf.PdfError, OSError, ValueError) as error:
        raise BeyondRepair(file=name, reason=type(error).__name__) from error
    part = new_part(target)
    try:
        with pdf:
            try:
                done = _mended(pdf, source, damaged=isinstance(hindered, Damaged))
                _require_whole(pdf, name)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")   # of odd forms; what is shown is compared below
                    pdf.save(part, encryption=False, fix_metadata_version=False)
            except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise BeyondRepair(file=name, reason=type(error).__name__) from error
            except OSError as error:
                raise trouble_of_writing(error, target.parent) from error
        _require_the_same(source, part)
        left = hindrance(part)
        if left is not None:
            raise BeyondRepair(file=name, reason=left.code)
        take_name(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Repaired(source, target, done, sha256_of(target))


def _mended(pdf: pikepdf.Pdf, source: Path, *, damaged: bool) -> tuple[str, ...]:
    """Take out of `pdf` what hinders; what was done. Saving does the rest: a plain table, no encryption."""
    name, root = str(source), pdf.Root
    _require_unsigned(pdf, name)
    done = []
    if damaged:
        if not _has_its_end(source):
            raise BeyondRepair(file=name, reason="end_missing")
        done.append(REFERENCES)
    elif is_hybrid(source):
        done.append(HYBRID)
    if pdf.is_encrypted:
        if not pdf.allow.modify_other:
            raise ChangesNotPermitted(file=name)
        done.append(RESTRICTIONS)
    form = root.get("/AcroForm")
    if form is not None and "/XFA" in form:
        if bool(root.get("/NeedsRendering", False)) or not _has_fields_on_pages(pdf):
            raise DynamicForm(file=name)
        del form["/XFA"]
        done.append(XFA)
    rights = root.get("/Perms")
    if rights is not None and ("/UR3" in rights or "/UR" in rights):
        for key in ("/UR3", "/UR"):
            if key in rights:
                del rights[key]
        if not rights.keys():
            del root["/Perms"]
        done.append(RIGHTS)
    return tuple(done)


def _has_its_end(source: Path) -> bool:
    """The last thing in the file is a trailer or a cross-reference stream. Where it is not, an update was cut off, and
    what is left would be an earlier state of the document mixed with parts of a later one."""
    with reading(source) as stream:
        stream.seek(max(0, stream.seek(0, 2) - TAIL))
        tail = stream.read()
    last = tail.rfind(b"endobj")
    return tail.rfind(b"trailer") > last or b"/XRef" in tail[max(0, tail.rfind(b"endobj", 0, max(last, 0))):]


TAIL = 1 << 20


def _require_unsigned(pdf: pikepdf.Pdf, name: str) -> None:
    """Every object is looked at, also those that nothing leads to any more: a damaged file may have lost its form."""
    rights = pdf.Root.get("/Perms", pikepdf.Dictionary())
    extended = [rights[key] for key in ("/UR3", "/UR") if key in rights]
    for found in dictionaries_of(pdf):
        if "/ByteRange" not in found or any(found == each for each in extended):
            continue
        raise AlreadyFinal(file=name) if _forbids_changes(found) else CarriesSignatures(file=name)


def _forbids_changes(signature: Any) -> bool:
    """DocMDP 1 (ISO 32000-2, 12.8.2.2)."""
    return any(str(reference.get("/TransformMethod", "")) == "/DocMDP"
               and int(reference.get("/TransformParams", pikepdf.Dictionary()).get("/P", 2)) == 1
               for reference in signature.get("/Reference", pikepdf.Array()))


def _has_fields_on_pages(pdf: pikepdf.Pdf) -> bool:
    return any(str(annotation.get("/Subtype", "")) == "/Widget" for page in pdf.pages
               for annotation in page.obj.get("/Annots", pikepdf.Array()))


def _require_whole(pdf: pikepdf.Pdf, name: str) -> None:
    """The page tree has as many pages as it says, and everything the pages are drawn with can be read to its end."""
    if int(pdf.Root.Pages.get("/Count", -1)) != len(pdf.pages) or not len(pdf.pages):
        raise BeyondRepair(file=name, reason="pages_missing")
    for page in pdf.pages:
        contents = page.obj.get("/Contents")
        for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
            if stream is not None:
                stream.read_bytes()
    lost = [str(warning) for warning in pdf.get_warnings() if LOST.search(str(warning))]
    if lost:
        raise BeyondRepair(file=name, reason="objects_lost")


LOST = re.compile(r"EOF|unexpected end|truncated|expected endstream|stream length|object has offset 0", re.IGNORECASE)
"""In qpdf's warnings: parts are gone, not just their addresses."""


def _require_the_same(source: Path, copy: Path) -> None:
    try:
        page = differing_page(source, copy)
    except ValueError as error:
        raise BeyondRepair(file=str(source), reason=str(error)) from error
    if page is not None:
        raise PagesWouldDiffer(file=str(source), page=page)
