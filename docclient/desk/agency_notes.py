"""What the agency signs without a picture, with a line at the top right of page 1: annexes in files of their own, and
electronic copies (NĐ 30 Annex I)."""

from __future__ import annotations

from pathlib import Path

from docclient.desk.trust import trust_of
from docclient.desk.workplace import fetch_file, put_file
from docclient.office.commands.copying import COPY_FORMS, SignCopy
from docclient.office.commands.issuing import SealAnnex
from docclient.office.door import Office, Receipt
from docclient.office.model import Digest, DocumentId, FileKind, Step
from docclient.office.queries.document_page import DocumentFile, DocumentPage, DocumentView
from docclient.office.queries.office import AboutOffice
from signing.keys import Key
from signing.sign import Role, SigningRequest, sign_pdf

PDF = "application/pdf"


def open_annexes(view: DocumentView) -> list[DocumentFile]:
    """Annexes that the agency has not signed yet."""
    return [file for file in view.files if file.kind is FileKind.ANNEX and file.current.media_type == PDF
            and file.current.step is not Step.SEALED]


def seal_annexes(office: Office, document: DocumentId, key: Key, folder: Path) -> DocumentView:
    """Sign every annex that is not signed yet, each accepted by the office by itself; begun again it goes on with the
    rest. The document has its number. Returns the document as it is then. Raises: what the office and the signer raise.
    """
    view = office.ask(DocumentPage(document))
    for place, annex in enumerate(open_annexes(view)):
        source = fetch_file(office, annex.current.digest, folder / f"annex-{place}.pdf")
        target = folder / f"annex-{place}-sealed.pdf"
        sign_pdf(source, target, key, annex_request(office, view))
        give_annex(office, view, annex.id, annex.current.digest, put_file(office, target))
        view = office.ask(DocumentPage(document))
    return view


def annex_request(office: Office, view: DocumentView) -> SigningRequest:
    """How the agency signs an annex of this document, which has its number: with that and the moment."""
    return SigningRequest(role=Role.ANNEX, number_and_symbol=view.document.number_and_symbol, trust=trust_of(office))


def give_annex(office: Office, view: DocumentView, annex: str, seen: Digest, sealed: Digest) -> Receipt:
    document = view.document
    return office.do(SealAnnex(document.id, document.version, annex, seen, sealed),
                     key=f"annex:{document.id}:{annex}:{sealed}")


def copy_request(office: Office, view: DocumentView) -> SigningRequest:
    """How the agency signs this copy: `Sao y; UBND xã Tân Hiệp; 05/03/2026; 14:30:15 +07:00`."""
    return SigningRequest(role=Role.COPY, agency=office.ask(AboutOffice()).agency_name,
                          copy_form=COPY_FORMS[view.document.copy_kind or ""], trust=trust_of(office))


def sign_copy(office: Office, view: DocumentView, key: Key, folder: Path, proof: bytes | None = None) -> Receipt:
    """proof: what was found about the certificate, to be kept with the document."""
    main = view.main_file()
    assert main is not None
    source, target = fetch_file(office, main.current.digest, folder / "copied.pdf"), folder / "copy.pdf"
    sign_pdf(source, target, key, copy_request(office, view))
    sealed: Digest = put_file(office, target)
    return office.do(SignCopy(view.document.id, view.document.version, main.current.digest, sealed,
                              office.put(proof) if proof is not None else None),
                     key=f"copy:{view.document.id}:{view.document.version}:{sealed}")
