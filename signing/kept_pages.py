"""Whether a file that was signed still shows and says what it did: what signing may rewrite, and nothing else.

The bytes of the earlier revisions are compared elsewhere; here it is about what the appended objects put in the place
of earlier ones. Source: ISO 32000-2, 7.5.6 (incremental updates); what pyHanko's writer touches when it signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.description import described_by
from signing.form import fields_of
from signing.pdf import entry, references

CATALOG = frozenset({"/AcroForm", "/Perms", "/DSS", "/Extensions", "/Version", "/Metadata"})
FORM = frozenset({"/Fields", "/SigFlags", "/DR", "/DA", "/NeedAppearances"})
FIELD = frozenset({"/V", "/AP", "/AS", "/F", "/Kids"})
PAGE = frozenset({"/Annots"})
MOVED = frozenset({"/Rect", "/P"})
"""What a signature field's widget changes beside, when it is put elsewhere before anybody has signed."""
FREE = ("/DSS", "/Perms", "/Extensions")
"""Parts of the catalogue that hold nothing but evidence, permissions and version marks."""

ARCHIVAL = ("part", "conformance", "amd", "rev")


def changed_besides(reader: PdfFileReader, source_size: int) -> str | None:
    """What the revisions behind the first `source_size` bytes rewrote that signing leaves alone; None when nothing.

    Raises: PARSER_ERRORS where an object cannot be read.
    """
    xrefs = reader.xrefs
    earlier = sum(xrefs.get_startxref_for_revision(number) < source_size for number in range(xrefs.total_revisions))
    if earlier == 0:
        return "/Prev"
    then = reader.get_historical_resolver(earlier - 1)
    later = range(earlier, xrefs.total_revisions)
    if any(xrefs.refs_freed_in_revision(number) for number in later):
        return "freed"
    root = reader.trailer.raw_get("/Root").reference
    if then.trailer_view.raw_get("/Root").reference != root:
        return "/Root"
    free, movable = set(_free(then)), _movable(then)
    for reference in {ref for number in later for ref in xrefs.explicit_refs_in_revision(number)}:
        if xrefs.get_historical_ref(reference, earlier - 1) is None or reference in free:
            continue
        before, now = then.get_object(reference), reader.get_object(reference)
        found = _catalogue(before, now) if reference == root else _object(before, now, reference, then, movable)
        if found is not None:
            return found
    if _archival(then) != _archival(reader):
        return "/Metadata"
    return None


def _catalogue(before: Any, now: Any) -> str | None:
    if "/Metadata" in before and not _same(before.raw_get("/Metadata"), _raw(now, "/Metadata")):
        return "/Metadata"
    form, form_now = _raw(before, "/AcroForm"), _raw(now, "/AcroForm")
    if isinstance(form, generic.DictionaryObject) and isinstance(form_now, generic.DictionaryObject):
        found = _dictionary(form, form_now, FORM)
        if found is not None:
            return found
    elif isinstance(form, generic.IndirectObject) and not _same(form, form_now):
        return "/AcroForm"
    return _dictionary(before, now, CATALOG)


def _movable(then: Any) -> frozenset[Any]:
    """The widgets of empty signature fields, while nothing is signed: what nobody's signature covers may be moved."""
    fields = [one for one in fields_of(then).values() if one.kind == "/Sig"]
    if any(one.filled for one in fields):
        return frozenset()
    return frozenset(one.widget_ref.reference for one in fields if isinstance(one.widget_ref, generic.IndirectObject))


def _object(before: Any, now: Any, reference: Any, then: Any, movable: frozenset[Any]) -> str | None:
    """Every kind of object that signing may rewrite; any other is a page's, or nobody knows whose."""
    if isinstance(before, generic.ArrayObject):
        return None if _grown(_without(before, movable), _without(now, movable)) else "array"
    if not isinstance(before, generic.DictionaryObject) or not isinstance(now, generic.DictionaryObject):
        return "object"
    if reference == _reference(then.trailer_view, "/Info"):
        return None
    if reference == _reference(then.root, "/Metadata"):
        return None   # its statements are compared
    if isinstance(before, generic.StreamObject) or isinstance(now, generic.StreamObject):
        return "stream"
    if reference == _reference(then.root, "/AcroForm"):
        return _dictionary(before, now, FORM)
    if entry(before, "/Type") == "/Page":
        return _dictionary(before, now, PAGE, movable)
    if "/FT" in before or "/T" in before or entry(before, "/Subtype") == "/Widget":
        return _dictionary(before, now, FIELD | MOVED if reference in movable else FIELD)
    return str(entry(before, "/Type", "object"))


def _without(array: Any, movable: frozenset[Any]) -> Any:
    """An array without the references to what may be moved."""
    if not movable or not isinstance(array, generic.ArrayObject):
        return array
    return generic.ArrayObject([each for each in references(array) if getattr(each, "reference", None) not in movable])


def _dictionary(before: Any, now: Any, may_change: frozenset[str],
                movable: frozenset[Any] = frozenset()) -> str | None:
    for key in before.keys() | now.keys():
        one, other = _without(_raw(before, key), movable), _without(_raw(now, key), movable)
        if key in {"/Annots", "/Fields", "/Kids"}:
            if isinstance(one, generic.ArrayObject) and not _grown(one, other):
                return str(key)
            if isinstance(one, generic.IndirectObject) and not _same(one, other):
                return str(key)
        if key not in may_change and not _same(one, other):
            return str(key)
    return None


def _grown(before: Any, now: Any) -> bool:
    """Whether an array still begins with all it had."""
    return (isinstance(now, generic.ArrayObject) and len(now) >= len(before)
            and all(_same(before.raw_get(index), now.raw_get(index)) for index in range(len(before))))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, generic.IndirectObject) or isinstance(other, generic.IndirectObject):
        return bool(getattr(one, "reference", one) == getattr(other, "reference", other))
    if isinstance(one, generic.DictionaryObject):
        if not isinstance(other, generic.DictionaryObject) or one.keys() != other.keys():
            return False
        if isinstance(one, generic.StreamObject) and one.encoded_data != getattr(other, "encoded_data", None):
            return False
        return all(_same(one.raw_get(key), other.raw_get(key)) for key in one)
    if isinstance(one, generic.ArrayObject):
        return isinstance(other, generic.ArrayObject) and len(one) == len(other) and _grown(one, other)
    return bool(one == other)


def _raw(dictionary: Any, key: str) -> Any:
    return dictionary.raw_get(key) if key in dictionary else None


def _reference(dictionary: Any, key: str) -> Any:
    return getattr(_raw(dictionary, key), "reference", None)


def _free(then: Any) -> Iterator[Any]:
    """References to the catalogue's free parts and to what they hold in dictionaries and arrays."""
    waiting = [_raw(then.root, key) for key in FREE]
    seen = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, generic.IndirectObject):
            if found.reference in seen:
                continue
            seen.add(found.reference)
            target = found.get_object()
            if isinstance(target, generic.StreamObject):
                continue   # evidence itself is never rewritten
            yield found.reference
            found = target
        if isinstance(found, generic.DictionaryObject) and entry(found, "/Type") not in {"/Sig", "/DocTimeStamp"}:
            waiting += [found.raw_get(key) for key in found]
        elif isinstance(found, generic.ArrayObject):
            waiting += [found.raw_get(index) for index in range(len(found))]


def _archival(handler: Any) -> frozenset[tuple[str, str]]:
    """The marks of PDF/A (ISO 19005): part, conformance, amendment, revision."""
    if "/Metadata" not in handler.root:
        return frozenset()
    return frozenset((name, text) for name, text in described_by(handler)
                     if "pdfa/ns/id" in name and name.rsplit("}", 1)[-1] in ARCHIVAL)
