"""Moves with drafts that the tests of outgoing documents share: one line per act, by whoever does it in the office."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf

from docclient.desk.drafting import begin_draft, put_draft
from docclient.desk.signing_desk import sign_queued
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, StartDraft, SubmitDraft
from docclient.office.door import Command, Receipt
from docclient.office.model import Document, DocumentId, Handler
from docclient.office.queries.document_page import OffersOn
from docclient.office.queries.documents import SigningQueue
from docclient.office.queries.outgoing import OutgoingPage, OutgoingView
from tests.offices import OfficeToTest, document_of


def draft(office: OfficeToTest, subject: str = "V/v rà soát hộ nghèo", *, slug: str = "officer_economy",
          type_name: str = "Công văn", recipients: tuple[str, ...] = ("H99.07",), inside: tuple[Handler, ...] = (),
          council: str = "", file: bool = True) -> DocumentId:
    """A draft with its file, at the drafter's."""
    command = StartDraft(type_name, subject, office.person("chairman"), recipients, inside, council=council)
    if not file:
        return document_of(office.door(slug).do(command))
    return document_of(begin_draft(office.door(slug), command, office.material.draft))


def small_pdf(pages: int = 1) -> bytes:
    """A PDF of so many empty pages."""
    made = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(made)
    return made.getvalue()


def now(office: OfficeToTest, document: DocumentId, slug: str = "clerk") -> Document:
    return office.view(slug, document).document


def give(office: OfficeToTest, slug: str, command: type[Command], document: DocumentId, **fields: Any) -> Receipt:
    """A command on the document as it is now."""
    return office.door(slug).do(command(document=document, version=now(office, document).version, **fields))


def offered(office: OfficeToTest, slug: str, document: DocumentId) -> set[str]:
    return {each.command for each in office.door(slug).ask(OffersOn(document))}


def page(office: OfficeToTest, document: DocumentId, slug: str = "clerk") -> OutgoingView:
    return office.door(slug).ask(OutgoingPage(document))


def new_file(office: OfficeToTest, slug: str, document: DocumentId) -> None:
    """Other words on the page than before."""
    letter = office.material.folder / "changed.pdf"
    if not letter.exists():
        office.material.letter("Ủy ban nhân dân xã báo cáo lại với số liệu đã sửa.", letter)
    put_draft(office.door(slug), document, now(office, document).version, letter)


def to_signer(office: OfficeToTest, document: DocumentId) -> None:
    give(office, "officer_economy", SubmitDraft, document)
    give(office, "head_economy", ApproveContent, document)
    give(office, "chief_of_office", ApproveFormat, document)


def sign(office: OfficeToTest, document: DocumentId) -> None:
    chairman = office.door("chairman")
    queue = [each for each in chairman.ask(SigningQueue()) if each.document.id == document]
    (result,) = sign_queued(chairman, queue, office.material.key("chairman"))
    if result.trouble is not None:
        raise result.trouble


def person(office: OfficeToTest, slug: str) -> Handler:
    return Handler("person", office.person(slug))
