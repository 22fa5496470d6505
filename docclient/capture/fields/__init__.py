"""What a page says, as the fields of a register entry (Decree 30/2020, Annexes I and VI)."""

from __future__ import annotations

from collections.abc import Sequence

from docclient.capture.fields.agreement import Look
from docclient.capture.fields.foot import read_foot
from docclient.capture.fields.head import read_head
from docclient.capture.fields.model import NAMES, UNREAD, Field, Fields, fields
from docclient.capture.fields.stamps import read_urgency, secrecy_stamp
from docclient.capture.fields.title import read_title
from docclient.capture.page_text import PageText

__all__ = ["NAMES", "UNREAD", "Field", "Fields", "fields", "read_fields", "secrecy_stamp"]


def read_fields(pages: Sequence[PageText], look: Look | None = None) -> Fields:
    """The fields that a document's pages propose: from its first page with text, and from its last with a signer.

    `look` reads a part of the first page with text again by itself, given its box.
    """
    first = next((index for index, page in enumerate(pages) if page.words), None)
    if first is None:
        return fields()
    head = read_head(pages[first], look)
    type_name, subject = read_title(pages[first], head, look)
    foot = read_foot(list(pages))
    found = {
        "organ_name": head.organ_name, "code_number": head.code_number, "code_notation": head.code_notation,
        "issued_place": head.issued_place, "issued_date": head.issued_date, "type_name": type_name, "subject": subject,
        "urgency": read_urgency(pages[first]),
    }
    found = {name: _on_page(field, first + 1) for name, field in found.items()}
    return fields(**found, signer_name=foot.signer_name, signer_position=foot.signer_position,
                  authority_form=foot.authority_form, recipients=foot.recipients)


def _on_page(field: Field, number: int) -> Field:
    """The same field on another page: the head's readers count their page as 1."""
    if field.page is None or number == 1:
        return field
    return Field(field.value, field.certainty, number, field.box_mm, field.alternatives)
