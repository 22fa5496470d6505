"""What a page says, as the fields of a register entry (Decree 30/2020, Annexes I and VI)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from docclient.capture.fields import kinds
from docclient.capture.fields.addressees import read_addressees
from docclient.capture.fields.agreement import Look
from docclient.capture.fields.calibration import calibrated
from docclient.capture.fields.foot import read_foot
from docclient.capture.fields.handwriting import Crop
from docclient.capture.fields.head import read_head
from docclient.capture.fields.known import NOTHING_KNOWN, Known, with_known
from docclient.capture.fields.model import FURTHER_NAMES, NAMES, SURE, UNREAD, Field, Fields, fields, further
from docclient.capture.fields.stamps import read_urgency, secrecy_stamp
from docclient.capture.fields.title import read_title
from docclient.capture.page_text import PageText

__all__ = ["FURTHER_NAMES", "NAMES", "NOTHING_KNOWN", "SURE", "UNREAD", "Crop", "Field", "Fields", "Known",
           "PageReading", "fields", "read_fields", "read_page", "secrecy_stamp"]


NO_LOOKS: Mapping[int, Look] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PageReading:
    """fields: of the register entry; further: the rest that a page says (`FURTHER_NAMES`)."""

    fields: Fields
    further: Fields


def read_fields(pages: Sequence[PageText], look: Look | None = None, crop: Crop | None = None,
                known: Known = NOTHING_KNOWN) -> Fields:
    """The fields that a document's pages propose; see `read_page`."""
    return read_page(pages, look, crop, known).fields


def read_page(pages: Sequence[PageText], look: Look | None = None, crop: Crop | None = None,
              known: Known = NOTHING_KNOWN, later_looks: Mapping[int, Look] = NO_LOOKS) -> PageReading:
    """What a document's pages propose: its first page with text for the head, its last with a signer for the foot.

    Args:
        pages: all there are so far. With the first alone the form can be filled while the rest is still being scanned;
            where the foot stands on a later page, its fields are unread until then.
        look: reads a part of the first page with text again by itself, given its box.
        crop: shows a part of that page, so that pen is told from print. Without it nothing is known of pens.
        later_looks: the same for later pages, by their index: the foot may stand on one of them.
        known: what the office knows of its senders. Names are compared with it; numbers, symbols and dates never.
    """
    first = next((index for index, page in enumerate(pages) if page.words), None)
    if first is None:
        return PageReading(fields(), further())
    head = read_head(pages[first], look, crop=crop)
    type_name, subject = read_title(pages[first], head, look)
    foot = read_foot(list(pages), {**later_looks, **({first: look} if look is not None else {})})
    notation = _told_by_type(head.code_notation, type_name)
    found = {
        "organ_name": head.organ_name, "code_number": head.code_number, "code_notation": notation,
        "issued_place": head.issued_place, "issued_date": head.issued_date, "type_name": type_name, "subject": subject,
        "urgency": read_urgency(pages[first]),
    }
    found = {name: _on_page(field, first + 1) for name, field in found.items()}
    found |= {"signer_name": foot.signer_name, "signer_position": foot.signer_position,
              "authority_form": foot.authority_form, "recipients": foot.recipients}
    more = {"parent_name": _on_page(head.parent_name, first + 1),
            "addressees": _on_page(read_addressees(pages[first], look), first + 1)}
    if any(word.certainty < 1 for word in pages[first].words):      # read, not a PDF's own letters
        found = {name: calibrated(name, field) for name, field in found.items()}
        more = {name: calibrated(name, field) for name, field in more.items()}
    amount = sum(1 for page in pages if page.words)
    return PageReading(with_known(fields(**found), known),
                       further(**more, page_amount=Field(str(amount), 1.0, first + 1)))


def _told_by_type(notation: Field, kind: Field) -> Field:
    """The printed type is a second witness of the symbol's first group: never its corrector."""
    if not isinstance(notation.value, str) or not isinstance(kind.value, str) or kind.certainty < 0.6:
        return notation
    expected = kinds.ALL.get(kind.value)
    if expected is None or not kind.box_mm:
        return notation
    if kinds.code_of_notation(notation.value) == expected:
        # where readings differ, or the grammar mended one, the type's word alone makes nothing sure
        return notation if notation.alternatives else replace(notation, certainty=1 - (1 - notation.certainty) * 0.5)
    fitting = next((other for other in notation.alternatives if kinds.code_of_notation(other) == expected), None)
    if fitting is not None:         # one of the readings agrees with the type
        others = (notation.value, *(other for other in notation.alternatives if other != fitting))
        return replace(notation, value=fitting, certainty=min(max(notation.certainty, 0.6), 0.8), alternatives=others)
    return replace(notation, certainty=min(notation.certainty, 0.5))


def _on_page(field: Field, number: int) -> Field:
    """The same field on another page: the head's readers count their page as 1."""
    return field if field.page is None or number == 1 else replace(field, page=number)
