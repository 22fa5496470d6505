"""What was appended to a file after a signature, each thing named: allowed by the signer or not.

The judgement whether an update is harmless is pyHanko's (its difference policy knows which objects a form filling, a
further signature or validation data may touch); the naming is ours, by comparing the signed revision with the file.
One thing is judged as Acrobat does, not as pyHanko by itself: a new visible signature field after an author's signature
that permits signing, if it is signed at once. It is told as a remark; a field without a signature stays forbidden.
Source: ISO 32000-2, 12.8.2.2 (DocMDP), 12.8.2.4 (FieldMDP).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    ModificationLevel,
)
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.description import described_by
from signing.display_changes import display_changes
from signing.outside import Tail, range_trouble, signed_end, tail_of, unlisted_objects
from signing.pdf import PARSER_ERRORS, elements, entry, pages_of, references
from signing.report import Change, ChangeKind
from signing.signature_facts import is_document_stamp
from signing.update_policy import WITH_FIELDS_AND_COMMENTS, is_harmless_comment

NEEDS = {
    ChangeKind.TIMESTAMP_ADDED: ModificationLevel.LTA_UPDATES,
    ChangeKind.VALIDATION_DATA_ADDED: ModificationLevel.LTA_UPDATES,
    ChangeKind.METADATA_CHANGED: ModificationLevel.LTA_UPDATES,
    ChangeKind.SIGNATURE_FIELD_ADDED: ModificationLevel.LTA_UPDATES,
    ChangeKind.SIGNATURE_ADDED: ModificationLevel.FORM_FILLING,
    ChangeKind.FORM_FILLING: ModificationLevel.FORM_FILLING,
}
"""The freedom each kind needs; what is not here is never allowed after a signature."""


PAGE_ENTRIES = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate")


@dataclass(frozen=True)
class Review:
    """coverage: how far the signed bytes reach. allowed: whether everything added since is allowed by the signer.

    structure_sound: the byte range is whole: it begins at the file's start and leaves out the signature value alone.
    fields_came: allowed, with a signature field that was not there when the author certified.
    objections: what pyHanko's policy lets pass and we do not, each named.
    """

    coverage: SignatureCoverageLevel
    allowed: bool
    structure_sound: bool
    covers_whole_file: bool
    technical: str = ""
    fields_came: bool = False
    objections: tuple[Change, ...] = ()


def review(embedded: EmbeddedPdfSignature, signatures: Sequence[EmbeddedPdfSignature] = ()) -> Review:
    """Coverage and the judgement of what came later. An update the policy cannot follow counts as not allowed.

    Args:
        signatures: all of the file, for what must be covered by a later one.
    """
    trouble = _or_text(lambda: range_trouble(embedded))
    try:
        embedded.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)
        found = embedded.summarise_integrity_info()
    except (SignatureValidationError, *PARSER_ERRORS) as error:
        coverage = _coverage(embedded)
        whole = coverage is SignatureCoverageLevel.ENTIRE_FILE and not trouble
        sound = coverage >= SignatureCoverageLevel.ENTIRE_REVISION and not trouble
        return Review(coverage, whole, sound, whole, trouble or repr(error))
    coverage, result = found["coverage"], found["diff_result"]
    whole = coverage is SignatureCoverageLevel.ENTIRE_FILE and not trouble
    sound = coverage >= SignatureCoverageLevel.ENTIRE_REVISION and not trouble
    allowed = bool(found["docmdp_ok"])
    came = False
    if not allowed:
        allowed, came = _fields_or_comments_came(embedded, signatures)
    technical = trouble or ("" if isinstance(result, DiffResult) else str(result))
    objections: tuple[Change, ...] = ()
    if allowed and sound and not whole:
        try:
            objections = tuple(dict.fromkeys(_objections(embedded)))
        except PARSER_ERRORS as error:
            return Review(coverage, False, sound, whole, repr(error))
    return Review(coverage, allowed and not objections, sound, whole, technical, came, objections)


def _objections(embedded: EmbeddedPdfSignature) -> Iterator[Change]:
    reader = embedded.reader
    if tail_of(reader) is Tail.FOREIGN or unlisted_objects(reader, signed_end(embedded)):
        yield Change(ChangeKind.BYTES_NOT_COVERED, allowed=False)
    if reader.xrefs.total_revisions - 1 > embedded.signed_revision:
        yield from display_changes(embedded)


def _or_text(look: Callable[[], str]) -> str:
    try:
        return look()
    except PARSER_ERRORS as error:
        return repr(error)


def changes_after(embedded: EmbeddedPdfSignature, reviewed: Review,
                  signatures: Sequence[EmbeddedPdfSignature]) -> tuple[Change, ...]:
    """Everything added after `embedded`, named. `signatures`: all of the file."""
    if not reviewed.structure_sound:
        return (Change(ChangeKind.BYTES_NOT_COVERED, allowed=False),)
    if reviewed.covers_whole_file:
        return ()
    try:
        found = list(dict.fromkeys(_named(embedded, signatures)))
    except PARSER_ERRORS:
        found = []
    objected = {(change.kind, change.page, change.detail) for change in reviewed.objections}
    changes = (*(_judged(kind, page, detail, embedded, reviewed) for kind, page, detail in found
                 if (kind, page, detail) not in objected), *reviewed.objections)
    if not reviewed.allowed and all(change.allowed for change in changes):
        return (*changes, Change(ChangeKind.STRUCTURE_CHANGED, allowed=False))
    return changes


def _coverage(embedded: EmbeddedPdfSignature) -> SignatureCoverageLevel:
    try:
        return embedded.evaluate_signature_coverage()
    except PARSER_ERRORS:
        return SignatureCoverageLevel.UNCLEAR


def _fields_or_comments_came(embedded: EmbeddedPdfSignature,
                             signatures: Sequence[EmbeddedPdfSignature]) -> tuple[bool, bool]:
    """Whether nothing came but signed fields and comments that a later signature covers; and whether fields came."""
    permission = embedded.docmdp_level
    if permission is not None and permission < MDPPerm.FILL_FORMS:
        return False, False
    try:
        result = embedded.evaluate_modifications(WITH_FIELDS_AND_COMMENTS)
        if not isinstance(result, DiffResult):
            return False, False
        needed = result.modification_level.value
        if needed > (MDPPerm.ANNOTATE if permission is None else permission).value:
            return False, False
        if needed >= ModificationLevel.ANNOTATIONS.value and not _comments_are_signed(embedded, signatures):
            return False, False
        reader = embedded.reader
        before = dict(_fields(reader.get_historical_resolver(embedded.signed_revision).root))
        came = {name: field for name, field in _fields(reader.root) if name not in before}
        signed = all(entry(field, "/V") is not None for field in came.values())
        return signed, permission is not None and any(not _is_stamp(field) for field in came.values())
    except (SignatureValidationError, *PARSER_ERRORS):
        return False, False


def _is_stamp(field: Any) -> bool:
    return is_document_stamp(entry(field, "/V"))


def _comments_are_signed(embedded: EmbeddedPdfSignature, signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Whether the annotations are the same now as when the newest signature (not a time-stamp) was made."""
    newest = max((s.signed_revision for s in signatures if not is_document_stamp(s.sig_object)), default=-1)
    if newest <= embedded.signed_revision:
        return False
    then = embedded.reader.get_historical_resolver(newest)
    pairs = zip(pages_of(then.root), pages_of(embedded.reader.root), strict=False)
    return all(_other_annotations(before) == _other_annotations(now) for before, now in pairs)


Named = tuple[ChangeKind, int | None, str]


def _judged(kind: ChangeKind, page: int | None, detail: str, embedded: EmbeddedPdfSignature,
            reviewed: Review) -> Change:
    needed = NEEDS.get(kind)
    allowed = needed is not None
    permission, lock = embedded.docmdp_level, embedded.fieldmdp
    if needed is not None and permission is not None and needed.value > permission.value:
        allowed = False
    if allowed and kind is ChangeKind.FORM_FILLING and lock is not None and lock.is_locked(detail):
        allowed = False
    return Change(kind, allowed or reviewed.allowed or (kind is ChangeKind.COMMENT_ADDED and bool(reviewed.objections)),
                  page, detail)


def _named(embedded: EmbeddedPdfSignature, signatures: Sequence[EmbeddedPdfSignature]) -> Iterator[Named]:
    reader: PdfFileReader = embedded.reader
    then = reader.get_historical_resolver(embedded.signed_revision)
    touched = {ref for revision in range(embedded.signed_revision + 1, reader.xrefs.total_revisions)
               for ref in reader.xrefs.explicit_refs_in_revision(revision)}
    later = {s.fq_name: s for s in signatures if s.signed_revision > embedded.signed_revision}
    pages_now, pages_then = list(pages_of(reader.root)), list(pages_of(then.root))
    where = _widget_pages(pages_now)

    fields_now, fields_then = dict(_fields(reader.root)), dict(_fields(then.root))
    for name, signature in later.items():
        stamp = is_document_stamp(signature.sig_object)
        yield (ChangeKind.TIMESTAMP_ADDED if stamp else ChangeKind.SIGNATURE_ADDED), where.get(name), name
    for name, now in fields_now.items():
        if name in later:
            continue
        before = fields_then.get(name)
        is_signature = entry(now, "/FT") == "/Sig"
        if before is None:
            kind = ChangeKind.SIGNATURE_FIELD_ADDED if is_signature else ChangeKind.STRUCTURE_CHANGED
            yield kind, where.get(name), name
        elif not is_signature and _value(before) != _value(now):
            yield ChangeKind.FORM_FILLING, where.get(name), name
    for name in fields_then.keys() - fields_now.keys():
        yield ChangeKind.STRUCTURE_CHANGED, None, name

    if _touches(reader.root, "/DSS", then.root, touched):
        yield ChangeKind.VALIDATION_DATA_ADDED, None, ""
    if described_by(reader) != described_by(then):
        yield ChangeKind.METADATA_CHANGED, None, ""
    if len(pages_now) != len(pages_then):
        yield ChangeKind.PAGES_CHANGED, None, ""
    for number, (now, before) in enumerate(zip(pages_now, pages_then, strict=False), start=1):
        if any(_touches(now, key, before, touched) for key in PAGE_ENTRIES):
            yield ChangeKind.PAGE_CONTENT_CHANGED, number, ""
        old, new = _other_annotations(before), _other_annotations(now)
        if old != new or any(ref in touched for ref in new):
            kept = new[:len(old)] == old and not any(ref in touched for ref in old)
            notes = all(is_harmless_comment(_followed(ref)) for ref in new[len(old):])
            yield (ChangeKind.COMMENT_ADDED if kept and notes else ChangeKind.ANNOTATION_CHANGED), number, ""


def _fields(root: Any) -> Iterator[tuple[str, Any]]:
    """Terminal form fields by full name, with inherited type and value filled in."""
    form = entry(root, "/AcroForm")
    if form is None:
        return
    waiting = [(field, "", None) for field in elements(entry(form, "/Fields"))]
    seen = 0
    while waiting and seen < 100_000:
        seen += 1
        field, prefix, kind = waiting.pop(0)
        name = f"{prefix}.{field['/T']}" if prefix and "/T" in field else str(entry(field, "/T", prefix))
        kind = entry(field, "/FT", kind)
        kids = elements(entry(field, "/Kids"))
        below = [kid for kid in kids if "/T" in kid]
        if below:
            waiting += [(kid, name, kind) for kid in below]
        else:
            yield name, generic.DictionaryObject({**field, "/FT": kind or generic.NullObject()})


def _value(field: Any) -> Any:
    value = entry(field, "/V")
    return getattr(value, "data", value)


def _widget_pages(pages: Sequence[Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, page in enumerate(pages, start=1):
        for annotation in elements(entry(page, "/Annots")):
            if entry(annotation, "/Subtype") == "/Widget":
                holder, names = annotation, []
                for _ in range(20):
                    if "/T" in holder:
                        names.append(str(holder["/T"]))
                    if "/Parent" not in holder:
                        break
                    holder = holder["/Parent"]
                found.setdefault(".".join(reversed(names)), number)
    return found


def _other_annotations(page: Any) -> list[Any]:
    """What marks the annotations that are no form fields: their references, or themselves when written in place."""
    annotations = entry(page, "/Annots")
    pairs = zip(references(annotations), elements(annotations), strict=True)
    return [getattr(ref, "reference", ref) for ref, found in pairs if entry(found, "/Subtype") != "/Widget"]


def _followed(found: Any) -> Any:
    return found.get_object() if isinstance(found, generic.Reference) else found


def _touches(now: Any, key: str, before: Any, touched: set[Any]) -> bool:
    """Whether the entry `key` differs between two revisions, or the object directly behind it was rewritten."""
    def entry(holder: Any) -> Any:
        return holder.raw_get(key) if key in holder else None

    one, other = entry(now), entry(before)
    ref, other_ref = getattr(one, "reference", None), getattr(other, "reference", None)
    if ref != other_ref or ref in touched:
        return True
    if isinstance(one, generic.ArrayObject):
        refs = [getattr(element, "reference", None) for element in references(one)]
        return one != other or any(r in touched for r in refs if r is not None)
    return ref is None and one != other


def widget_page(reader: PdfFileReader, field: str) -> int | None:
    """The page, counted from 1, that shows the field; None when none does."""
    try:
        return _widget_pages(list(pages_of(reader.root))).get(field)
    except PARSER_ERRORS:
        return None
