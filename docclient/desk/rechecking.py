"""Verifying at the desk: any file with the office's trust, the office's documents again, what is taken away of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docclient.desk.trust import asks_network, trust_of
from docclient.desk.workplace import fetch_file, workplace
from docclient.errors import Trouble
from docclient.office.commands.rechecking import RecheckSignatures
from docclient.office.door import Office, Receipt
from docclient.office.model import Digest, DocumentId, now
from docclient.office.proof import proof_file
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.office import AboutOffice
from docclient.office.queries.verdicts import DocumentsInDoubt
from docclient.papers.verification_files import write_report
from docclient.words import Language
from signing.files import reading, replacing
from signing.form import fields_of
from signing.pdf import PARSER_ERRORS, open_reader
from signing.report import FileReport, Reason
from signing.revisions import extract_revision
from signing.trust import TrustStore
from signing.verifier import Verifier

NETWORK_MAY_HELP = frozenset({Reason.TRY_LATER, Reason.NO_CERTIFICATE_CHAIN_FOUND,
                              Reason.CERTIFICATE_CHAIN_GENERAL_FAILURE})


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was verified at this desk, without the office taking it in. trust: whom it was judged by."""

    file: Path
    report: FileReport
    trust: TrustStore

    @property
    def answer(self) -> Mapping[str, Any]:
        return self.report.as_json()


def check_file(office: Office, file: Path, verifier: Verifier, grown: Callable[[Checked], None]) -> Checked:
    """Verify any file with the office's trust; it is not registered and not kept.

    What is known here decides first and is told at once (`grown`); the network is asked afterwards, where the
    administrator allows it and it may help. Returns the last word. Never raises for what the file contains.
    """
    trust = trust_of(office)
    first = Checked(file, verifier.verify(file, trust), trust)
    helps = any(each.reason in NETWORK_MAY_HELP for each in first.report.signatures)
    if not helps or not asks_network(office):
        return first
    grown(first)
    second = verifier.verify(file, trust, online=True)
    return Checked(file, second, trust) if second.signatures else first


def save_file_report(office: Office, checked: Checked, target: Path, language: Language) -> Path:
    """A report on a file that was verified here. Raises as `write_report`."""
    return write_report(target, [checked.answer], now(), checked=(checked.file, checked.report, checked.trust),
                        agency=office.ask(AboutOffice()).agency_name, language=language)


def save_file_evidence(checked: Checked, target: Path) -> Path:
    """What the verdict on a file rests on, as one file. Raises: FolderNotWritable, DiskFull."""
    with replacing(target) as stream:
        stream.write(proof_file(checked.report) or b"")
    return target


def save_report(office: Office, answer: Mapping[str, Any], digest: Digest, name: str, target: Path,
                language: Language) -> Path:
    """A report on one check of a document's file, as the office kept it. The XML describes the file's signatures anew,
    for it holds more than is kept, with the verdict of now. Raises as `write_report`; NotFound."""
    agency = office.ask(AboutOffice()).agency_name
    named = {**answer, "file": name}
    if target.suffix.lower() != ".xml":
        return write_report(target, [named], now(), agency=agency, language=language)
    trust = trust_of(office)
    with workplace() as folder, Verifier() as verifier:
        file = fetch_file(office, digest, folder / "document.pdf")
        return write_report(target, [named], now(), checked=(file, verifier.verify(file, trust), trust), agency=agency,
                            language=language)


def save_signed_revision(office: Office, digest: Digest, field: str, target: Path) -> Path:
    """The document's file as it was when `field` was signed. Raises: NotFound, what `extract_revision` raises."""
    with workplace() as folder:
        return extract_revision(fetch_file(office, digest, folder / "document.pdf"), field, target)


@dataclass(frozen=True, slots=True)
class Revisions:
    """A file as it was signed and as it is. fields: where the form fields stand in it now: page from 1, and left, top,
    width and height as parts of the page as shown."""

    before: bytes
    after: bytes
    fields: Mapping[str, tuple[int, tuple[float, float, float, float]]]


def revisions_of(file: Path, field: str) -> Revisions:
    """What was signed in `field` and what is there now. Raises: as `extract_revision`."""
    with workplace() as folder:
        before = extract_revision(file, field, folder / "signed.pdf").read_bytes()
    return Revisions(before, file.read_bytes(), _places_of_fields(file))


def document_revisions(office: Office, digest: Digest, field: str) -> Revisions:
    """The same of a file that the office keeps. Raises: NotFound, as `revisions_of`."""
    with workplace() as folder:
        return revisions_of(fetch_file(office, digest, folder / "document.pdf"), field)


def _places_of_fields(file: Path) -> dict[str, tuple[int, tuple[float, float, float, float]]]:
    """Nothing for a file whose form cannot be read: then a difference is seen and not named."""
    try:
        with reading(file) as stream:
            found = fields_of(open_reader(stream, file.name, with_empty_password=True)).values()
            return {each.name: (each.page, (
                each.box.x0 / each.frame.width, 1 - each.box.y1 / each.frame.height,
                each.box.width / each.frame.width, each.box.height / each.frame.height)) for each in found}
    except (Trouble, *PARSER_ERRORS):
        return {}


def recheck(office: Office, document: DocumentId, version: int, *, key: str | None = None) -> Receipt:
    """Verify a document's files again; adds a verdict. Waits for the network where the administrator allows it.
    Raises: StaleDocument, NotFound, NotYours."""
    return office.do(RecheckSignatures(document, version), key=key)


@dataclass(frozen=True, slots=True)
class Rechecked:
    """done: documents verified again. settled: those that are no longer in doubt. troubles: why one could not be."""

    done: int
    settled: int
    troubles: tuple[Trouble, ...]


def recheck_all_in_doubt(office: Office, progress: Callable[[int, int], None], stop: threading.Event) -> Rechecked:
    """Verify again whatever is undetermined and may be seen: after an authority was added or a list came. A document
    that could not be verified is passed over and told."""
    waiting = office.ask(DocumentsInDoubt())
    done, settled, troubles = 0, 0, list[Trouble]()
    for number, each in enumerate(waiting):
        if stop.is_set():
            break
        progress(number, len(waiting))
        try:
            recheck(office, each.document, each.version)
            main = office.ask(DocumentPage(each.document)).main_file()
            done += 1
            settled += main is not None and main.current.conclusion != "undetermined"
        except Trouble as trouble:
            troubles.append(trouble)
    progress(len(waiting), len(waiting))
    return Rechecked(done, settled, tuple(troubles))
