"""What changes the picture after a signature while every rule about objects is kept; each thing named with its page.

    a later signature field so large, or over so much text, that it hides what was signed ("sneaky signature")
    a form field drawn anew with another text than its value ("shadow replace")
    the form's own fonts or defaults exchanged, from which readers draw the fields

Sources: Rohlmann et al., "Breaking the Specification: PDF Certification" (S&P 2021); Mainka et al., "Shadow Attacks"
(NDSS 2021).
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium
from pyhanko.pdf_utils import generic
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pypdfium2 import PdfiumError

from signing.form import FieldOnPage, fields_of
from signing.outside import UpTo, signed_end
from signing.pdf import elements, entry
from signing.pdfium import opened
from signing.report import Change, ChangeKind

LARGEST_PART_OF_PAGE = 0.2
"""Of the page's area. The prepared places are below 4 %; a signature with picture and text seldom reaches a tenth."""
MOST_SIGNS_COVERED = 120
"""Letters of the signed page under a later signature: two lines. A seal set over name and position covers fewer."""
DEEPEST = 12


def display_changes(embedded: EmbeddedPdfSignature) -> Iterator[Change]:
    """Changes to what is seen. Raises what pyHanko raises on odd files."""
    reader = embedded.reader
    then = reader.get_historical_resolver(embedded.signed_revision)
    before, now = fields_of(then), fields_of(reader)
    yield from _covering(embedded, before, now)
    drawn = [field for name, field in now.items() if name in before and _drawn_anew(before[name], field)]
    if drawn:
        shown = _texts_shown(reader.stream, drawn)
        for field, text in zip(drawn, shown, strict=True):
            if text is None or _signs(text) != _signs(_value(field)):
                yield Change(ChangeKind.APPEARANCE_CHANGED, allowed=False, page=field.page, detail=field.name)
    if _defaults_changed(entry(then.root, "/AcroForm"), entry(reader.root, "/AcroForm")):
        yield Change(ChangeKind.FORM_DEFAULTS_CHANGED, allowed=False)


def _covering(embedded: EmbeddedPdfSignature, before: dict[str, FieldOnPage],
              now: dict[str, FieldOnPage]) -> Iterator[Change]:
    came = [field for name, field in now.items() if field.kind == "/Sig" and name not in before]
    came = [field for field in came if field.box.width * field.box.height > 1]
    small = []
    for field in came:
        if field.box.width * field.box.height > LARGEST_PART_OF_PAGE * field.frame.width * field.frame.height:
            yield Change(ChangeKind.PAGE_COVERED, allowed=False, page=field.page, detail=field.name)
        else:
            small.append(field)
    if small:
        for field, text in zip(small, _texts_below(embedded, small), strict=True):
            if len(_signs(text)) > MOST_SIGNS_COVERED:
                yield Change(ChangeKind.PAGE_COVERED, allowed=False, page=field.page, detail=field.name)


def _drawn_anew(before: FieldOnPage, now: FieldOnPage) -> bool:
    """A text field or choice that looks different though its value is the same; anything else keeps its look."""
    if now.kind == "/Sig" or before.kind != now.kind:
        return False
    looks_the_same = same(entry(before.widget, "/AP"), entry(now.widget, "/AP"))
    return not looks_the_same and _value(before) == _value(now)


def _value(field: FieldOnPage) -> str:
    value = entry(field.field, "/V", entry(field.widget, "/V", ""))
    return "" if isinstance(value, generic.NullObject) else str(getattr(value, "data", value))


def _defaults_changed(before: Any, now: Any) -> bool:
    """The default look of fields, or a font or other resource that was there, is another now. New ones may come."""
    if before is None or now is None:
        return False
    if entry(before, "/DA") is not None and entry(before, "/DA") != entry(now, "/DA"):
        return True
    old, new = entry(before, "/DR"), entry(now, "/DR")
    if not isinstance(old, generic.DictionaryObject):
        return False
    for kind in old:
        known, current = old[kind], entry(new, kind) if new is not None else None
        if not isinstance(known, generic.DictionaryObject):
            continue
        if current is None or any(not same(known[name], entry(current, name)) for name in known):
            return bool(len(known))
    return False


def same(one: Any, other: Any, depth: int = 0) -> bool:
    """Whether two objects, of two revisions perhaps, say the same, references followed."""
    if depth > DEEPEST or one is other:
        return True
    if isinstance(one, generic.StreamObject) and isinstance(other, generic.StreamObject) and (
            one.encoded_data != other.encoded_data and one.data != other.data):
        return False
    if isinstance(one, generic.DictionaryObject) and isinstance(other, generic.DictionaryObject):
        left, right = set(one) - {"/Length", "/Parent", "/P"}, set(other) - {"/Length", "/Parent", "/P"}
        return left == right and all(same(one[key], other[key], depth + 1) for key in left)
    if isinstance(one, generic.ArrayObject) and isinstance(other, generic.ArrayObject):
        pairs = zip(elements(one), elements(other), strict=False)
        return len(one) == len(other) and all(same(a, b, depth + 1) for a, b in pairs)
    return bool(one == other)


def _texts_below(embedded: EmbeddedPdfSignature, fields: list[FieldOnPage]) -> list[str]:
    """The text of the signed revision within each field's rectangle."""
    try:
        with opened(UpTo(embedded.reader.stream, signed_end(embedded))) as document:   # type: ignore[arg-type]
            return [_text_in(document[field.page - 1], field) for field in fields]
    except (PdfiumError, OSError, IndexError):
        return ["" for _ in fields]


def _texts_shown(stream: Any, fields: list[FieldOnPage]) -> list[str | None]:
    """What each field adds to the text of its page as readers draw it; None where that cannot be told."""
    length = stream.seek(0, io.SEEK_END)
    try:
        with opened(UpTo(stream, length)) as document:   # type: ignore[arg-type]
            found: list[str | None] = []
            for field in fields:
                page = document[field.page - 1]
                plain = _signs(_text_in(page, field))
                if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_FAIL:
                    found.append(None)
                    continue
                page.close()
                page = document[field.page - 1]
                drawn = _signs(_text_in(page, field))
                for sign in plain:
                    drawn = drawn.replace(sign, "", 1)
                found.append(drawn)
            return found
    except (PdfiumError, OSError, IndexError):
        return [None for _ in fields]


def _text_in(page: Any, field: FieldOnPage) -> str:
    left, bottom, right, top = (float(n) for n in field.widget["/Rect"])
    return str(page.get_textpage().get_text_bounded(
        min(left, right), min(bottom, top), max(left, right), max(bottom, top)))


def _signs(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())
