"""Batches that were broken off: by a pulled token, a killed program, a power cut, an office out of reach."""

from __future__ import annotations

import threading

from docclient.certificate_care import Checked
from docclient.desk.batch_records import (
    BatchAct,
    DeskBatch,
    KeptDocument,
    UnfinishedBatch,
    batches_folder,
    give_up,
    unfinished_batches,
)
from docclient.desk.batch_run import Care, MannerTold, go_on_with
from docclient.desk.signing_results import SigningProgress, SigningResult, unwatched
from docclient.office.door import Office
from signing.batch import Revive
from signing.certificate_check import CertificateState
from signing.keys import Key

__all__ = ["BatchAct", "KeptDocument", "UnfinishedBatch", "batches_folder", "give_up", "go_on", "unfinished_batches"]


def go_on(office: Office, batch: UnfinishedBatch, key: Key | None, *, progress: SigningProgress = unwatched,
          stop: threading.Event | None = None, revive: Revive | None = None, manner: MannerTold | None = None,
          checked: Checked | None = None, online: bool = False, known: CertificateState | None = None,
          ) -> list[SigningResult]:
    """Go on with a batch. What is signed already goes to the office first, and needs no key; nothing is signed twice.

    A document that was changed, recalled or signed elsewhere meanwhile fails for itself (StaleDocument, NotNow).

    Args:
        key: None only hands over what is signed; the rest stays paused, and the batch stays.
        others: as for `signing_desk.sign_queued`.
    Returns: one result per document, in the batch's order; empty when the person did not want to go on.
    Raises: CertificateRefused, BatchBusy, BatchUnreadable, FolderNotWritable, DiskFull.
    """
    care = Care(progress, stop or threading.Event(), revive, manner, checked, online, known)
    return go_on_with(office, DeskBatch.of(batch), key, care) or []
