"""Which updates after a signature are harmless, where pyHanko's own policy is too strict or says nothing.

Stricter than Acrobat, milder than pyHanko: new signature fields may come after a certification when they are signed at
once; a comment may come when a later signature covers it and it can hide nothing. Stricter than both: what is shown
must not change while the values stay. Sources: ISO 32000-2, 12.8.2.2 (DocMDP), 12.5.6 (annotations); Rohlmann et al.,
"Breaking the Specification: PDF Certification" (S&P 2021); Mainka et al., "Shadow Attacks" (NDSS 2021).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffPolicy,
    DiffResult,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from signing.pdf import elements, entry, pages_of, references

LARGEST_NOTE = 60.0
"""Points. A note is drawn as an icon; a larger one with a look of its own could cover text."""

NOTE_ENTRIES = frozenset({
    "/Type", "/Subtype", "/Rect", "/Contents", "/P", "/NM", "/M", "/F", "/C", "/T", "/Popup", "/CA", "/CreationDate",
    "/Subj", "/Open", "/Name", "/State", "/StateModel", "/IRT", "/RT", "/Parent", "/Lang", "/BM"})
"""What a comment may consist of (ISO 32000-2, tables 166, 172, 175): words, never a drawing, action or rich text."""


class CommentRule(QualifiedWhitelistRule):
    """Clears pages that differ in nothing but comments added at the end of their annotations."""

    def apply_qualified(self, old: HistoricalResolver,
                        new: HistoricalResolver) -> Iterator[tuple[ModificationLevel, ReferenceUpdate]]:
        pages = zip(_page_references(old), _page_references(new), strict=False)
        for before, now in pages:
            if before != now:
                return
            cleared = _cleared(old(before), new(now))
            if cleared:
                for reference in {before, *cleared}:
                    yield ModificationLevel.ANNOTATIONS, ReferenceUpdate(reference)


_FIELDS = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(field_rules=[
        SigFieldCreationRule(allow_new_visible_after_certify=True), SigFieldModificationRule(),
        GenericFieldModificationRule()]),
)
_COMMENTS = StandardDiffPolicy(global_rules=[*DEFAULT_DIFF_POLICY.global_rules, CommentRule()], form_rule=None)


class FieldsAndComments(DiffPolicy):
    """New signature fields anywhere; comments in revisions of their own. What follows is compared with them."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver, field_mdp_spec: FieldMDPSpec | None = None,
              doc_mdp: MDPPerm | None = None) -> DiffResult:
        return _FIELDS.apply(old, new, field_mdp_spec=field_mdp_spec, doc_mdp=doc_mdp)

    def review_file(self, reader: PdfFileReader, base_revision: int | HistoricalResolver,
                    field_mdp_spec: FieldMDPSpec | None = None,
                    doc_mdp: MDPPerm | None = None) -> DiffResult | SuspiciousModification:
        base = reader.get_historical_resolver(base_revision) if isinstance(base_revision, int) else base_revision
        previous, level, fields = base, ModificationLevel.NONE, set()
        for revision in range(base.revision + 1, reader.xrefs.total_revisions):
            new = reader.get_historical_resolver(revision)
            try:
                found = self.apply(base, new, field_mdp_spec, doc_mdp)
            except SuspiciousModification as refused:
                try:
                    found = _COMMENTS.apply(previous, new, doc_mdp=doc_mdp)
                except SuspiciousModification:
                    return refused
                base = new
            level, previous = max(level, found.modification_level), new
            fields |= found.changed_form_fields
        return DiffResult(level, fields)


WITH_FIELDS_AND_COMMENTS = FieldsAndComments()


def is_harmless_comment(note: Any) -> bool:
    """A note or its pop-up: words beside the page, small, without a look of its own."""
    if not isinstance(note, generic.DictionaryObject) or not set(note) <= NOTE_ENTRIES:
        return False
    kind = entry(note, "/Subtype")
    if kind == "/Popup":
        return True
    left, bottom, right, top = (float(n) for n in note["/Rect"])
    return kind == "/Text" and abs(right - left) <= LARGEST_NOTE and abs(top - bottom) <= LARGEST_NOTE


def _page_references(resolver: HistoricalResolver) -> list[generic.Reference]:
    return [page.container_ref for page in pages_of(resolver.root)
            if isinstance(page.container_ref, generic.Reference)]


def _cleared(before: Any, now: Any) -> set[generic.Reference]:
    """The references that a page's new comments explain; nothing when anything else about the page is new."""
    if {key for key in now if key != "/Annots"} != {key for key in before if key != "/Annots"}:
        return set()
    if any(before.raw_get(key) != now.raw_get(key) for key in before if key != "/Annots"):
        return set()
    kept, there = references(entry(before, "/Annots")), references(entry(now, "/Annots"))
    if there[:len(kept)] != kept:
        return set()
    added = list(zip(there, elements(entry(now, "/Annots")), strict=True))[len(kept):]
    if not added:
        return set()
    if not all(is_harmless_comment(note) or entry(note, "/Subtype") == "/Widget" for _, note in added):
        return set()
    found = {reference.reference for reference, note in added
             if isinstance(reference, generic.IndirectObject) and entry(note, "/Subtype") != "/Widget"}
    array = now.raw_get("/Annots")
    if isinstance(array, generic.IndirectObject) and found:
        found.add(array.reference)
    return found
