"""Sign what is queued, number and seal what is signed: the office's documents and a person's or the agency's key.

Each batch is kept on this machine's disk until the office has its last document (docclient.desk.batch_records), so that
a killed program or a pulled token leaves something to go on with (docclient.desk.kept_batches).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from docclient.certificate_care import CertificateRefused, Checked, check_before
from docclient.desk.agency_notes import open_annexes, seal_annexes, sign_copy
from docclient.desk.batch_records import BatchAct, Entry, batches_folder
from docclient.desk.batch_run import Care, MannerTold, begin, numbered, picture
from docclient.desk.signing_results import Outcome, SigningProgress, SigningResult, unwatched
from docclient.desk.stamping import with_stamps
from docclient.desk.trust import trust_of
from docclient.desk.workplace import fetch_file, put_file, workplace
from docclient.office.certificate_proof import certificate_proof
from docclient.office.commands.issuing import SealOutgoing
from docclient.office.door import Office, Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.office.queries.documents import QueuedForSigning
from docclient.office.queries.office import SealPicture
from docclient.time_stamping import StampWish
from signing.batch import Revive
from signing.certificate_check import CertificateState
from signing.keys import Key
from signing.page import Place
from signing.sign import Role, SigningRequest, fill_and_seal

__all__ = ["CertificateRefused", "Outcome", "SigningProgress", "SigningResult", "number_and_seal", "picture",
           "seal_many", "seal_numbered", "sign_queued", "unwatched"]

NO_STAMPS = StampWish()


def sign_queued(office: Office, queued: Sequence[QueuedForSigning], key: Key, *, progress: SigningProgress = unwatched,
                stop: threading.Event | None = None, revive: Revive | None = None, manner: MannerTold | None = None,
                checked: Checked | None = None, online: bool = False, known: CertificateState | None = None,
                keep: Path | None = None, places: Mapping[DocumentId, Place] | None = None,
                wish: StampWish = NO_STAMPS) -> list[SigningResult]:
    """Sign queued documents with one key, each for itself: one that fails does not hold up the others, unless the
    trouble says so (a refused PIN). What is signed is the digest that was queued, and nothing else.

    Args:
        progress: told of every step of every document, in this thread.
        stop: set by another thread: the document at the key is finished, the rest stays in the queue.
        revive: brings the key back when it is gone in mid-batch; without it the rest is kept as an unfinished batch.
        manner: told how the token asks for its PIN, before the first of several documents. checked: shown what was
            found about the certificate, before anything is signed. Either may answer False: nothing is begun.
        online: whether the certificate's state may be asked for over the network.
        known: what was found about it beside the PIN dialog; it counts again while it is fresh.
        keep: the folder that batches lie in; this person's own on this machine without it.
        places: where a person moved the signatures of single documents.
        wish: the level of the signatures; one that cannot be stamped now is kept, and stamped later.
    Returns: one result per document; empty when the person did not want to begin.
    Raises: CertificateRefused (expired, revoked, not for signing); FolderNotWritable, DiskFull.
    """
    entries = [Entry(each.document.id, each.document.subject, each.document.version, each.file, each.acting_for)
               for each in queued]
    care = Care(progress, stop or threading.Event(), revive, manner, checked, online, known, wish)
    return begin(office, BatchAct.SIGN, entries, key, care, keep or batches_folder(office), places) or []


def seal_many(office: Office, documents: Sequence[DocumentId], key: Key, *, progress: SigningProgress = unwatched,
              stop: threading.Event | None = None, revive: Revive | None = None, manner: MannerTold | None = None,
              checked: Checked | None = None, online: bool = False, known: CertificateState | None = None,
              keep: Path | None = None, wish: StampWish = NO_STAMPS) -> list[SigningResult]:
    """Number and seal signed documents with the agency's key, in this order, each for itself. Annexes in files of their
    own are signed just before their document; where one of them fails, its document fails for the same reason.

    A document takes its number when its turn comes to be made ready; if its sealing fails afterwards, the number stays
    with it, and sealing it again uses that same number. Arguments, result, raises: as `sign_queued`.
    """
    entries = [entry for each in documents for entry in entries_to_seal(office.ask(DocumentPage(each)))]
    care = Care(progress, stop or threading.Event(), revive, manner, checked, online, known, wish)
    return begin(office, BatchAct.SEAL, entries, key, care, keep or batches_folder(office)) or []


def entries_to_seal(view: DocumentView) -> list[Entry]:
    """The document behind the annexes that the agency has not signed yet."""
    document = view.document
    annexes = [] if document.copy_kind else open_annexes(view)
    return [*(Entry(document.id, f"{document.subject} ({each.name})", annex=each.id) for each in annexes),
            Entry(document.id, document.subject)]


def number_and_seal(office: Office, document: DocumentId, key: Key, *, checked: Checked | None = None,
                    online: bool = False, known: CertificateState | None = None,
                    wish: StampWish = NO_STAMPS) -> Receipt | None:
    """Take the number, sign every annex that is a file of its own, write number and date into their fields and seal, in
    one revision. A copy has its number already: the agency signs it at the top right.

    If sealing fails, the number stays with the document; giving this act again seals it under that same number.
    Returns: None when `checked` did not want to begin; then no number was taken.
    Raises: CertificateRefused, NotNow, what the office and the signer raise.
    """
    state = check_before(key, trust_of(office), online=online, checked=checked, known=known)
    if state is None:
        return None
    view = numbered(office, document)
    with workplace() as folder:
        if view.document.copy_kind:
            return sign_copy(office, view, key, folder, certificate_proof(state))
        view = seal_annexes(office, document, key, folder)
        return seal_numbered(office, view, key, folder, certificate_proof(state), wish)


def seal_numbered(office: Office, view: DocumentView, key: Key, folder: Path, proof: bytes | None = None,
                  wish: StampWish = NO_STAMPS) -> Receipt:
    """proof: what was found about the certificate, to be kept with the document."""
    document, main = view.document, view.main_file()
    assert main is not None and document.code_number is not None and document.issued_date is not None
    source = fetch_file(office, main.current.digest, folder / "signed.pdf")
    target = folder / "sealed.pdf"
    request = SigningRequest(role=Role.AGENCY, image=picture(office, office.ask(SealPicture()), folder),
                             trust=trust_of(office))
    fill_and_seal(source, target, key, number=document.code_number, issued=document.issued_date,
                  request=with_stamps(request, wish))
    sealed = put_file(office, target)
    return office.do(SealOutgoing(document.id, document.version, main.current.digest, sealed,
                                  office.put(proof) if proof is not None else None),
                     key=f"seal:{document.id}:{document.version}:{sealed}")
