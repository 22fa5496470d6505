"""A sheet of paper becomes a registered document: digitise, confirm, sign as the agency's copy, register."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docclient.capture.digitise import digitise
from docclient.certificate_care import Checked, check_before
from docclient.desk.drafting import Progress, silent
from docclient.desk.known_senders import known_senders
from docclient.desk.trust import trust_of
from docclient.desk.workplace import fetch_file, put_file, workplace
from docclient.office.commands.arriving import ReceivePaper, RegisterPaper
from docclient.office.door import Office, Receipt
from docclient.office.errors import NotFound
from docclient.office.model import Digest, DocumentId
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.office import AboutOffice
from docclient.office.registry import from_json
from signing.certificate_check import CertificateState
from signing.keys import Key
from signing.sign import Role, SigningRequest, sign_pdf


def take_in_paper(office: Office, inputs: Sequence[Path], *, progress: Progress = silent,
                  stop: threading.Event | None = None, name: str = "") -> Receipt:
    """Digitise scans or images (pages of one letter, in order) and put the result before the clerk to confirm.

    name: of the file that is made; without it, after the first input.
    """
    with workplace() as folder:
        made = digitise(inputs, folder / "paper.pdf", known=known_senders(office), progress=progress, stop=stop)
        pdf = put_file(office, folder / "paper.pdf")
    return office.do(ReceivePaper(name or f"{inputs[0].stem}.pdf", pdf, made.as_json()["fields"]), key=f"paper:{pdf}")


def register_paper(office: Office, document: DocumentId, values: dict[str, Any], key: Key, *,
                   checked: Checked | None = None, online: bool = False,
                   known: CertificateState | None = None) -> Receipt | None:
    """What a person confirmed, the agency's signature at the top right of page 1 (NĐ 30 Annex I, box 14), the register.

    Args:
        values: the fields of the offer `RegisterPaper`, JSON-ready, `document` and `version` among them.
        others: as for `signing_desk.number_and_seal`.
    Returns: None when `checked` did not want to begin; then nothing was signed or registered.
    Raises: CertificateRefused, what the office and the signer raise.
    """
    trust = trust_of(office)
    if check_before(key, trust, online=online, checked=checked, known=known) is None:
        return None
    main = office.ask(DocumentPage(document)).main_file()
    if main is None:
        raise NotFound(what="file", id=document)
    with workplace() as folder:
        source, target = fetch_file(office, main.current.digest, folder / "paper.pdf"), folder / "signed.pdf"
        sign_pdf(source, target, key, SigningRequest(
            role=Role.COPY, agency=short_name(office), trust=trust))
        signed: Digest = put_file(office, target)
    command = from_json(RegisterPaper, {**values, "document": document, "signed": signed})
    return office.do(command, key=f"paper-registered:{document}:{signed}")


def short_name(office: Office) -> str:
    """The agency's name as the copy line shows it."""
    return office.ask(AboutOffice()).agency_name
