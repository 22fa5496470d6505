"""One PDF in, one appended revision out: personal, agency, copy, annex and plain signatures.

The result is written beside the target, opened again, and every signature in it checked before it takes its name; the
bytes that were there before stay as they are. PAdES (ETSI EN 319 142-1), SHA-256 and up, never SHA-1.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from signing.keys import Key
from signing.order import Role
from signing.request import Filling, Level, SignedFile, SigningRequest
from signing.stages import KeyFacts, complete_signature, prepare_signature

__all__ = ["Level", "Role", "SignedFile", "SigningRequest", "fill_and_seal", "sign_pdf"]


def sign_pdf(source: Path, target: Path, key: Key, request: SigningRequest) -> SignedFile:
    """Sign `source` and write the result to `target`. Blocks for as long as the key takes.

    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted, UsesXfa (the input); AlreadyFinal, EarlierSignatureBroken,
        NoPersonalSignature, AfterTheSeal, FieldFilled (the rules); FieldMissing, PlaceOutside, TextMissing, SameFile
        (the request); ImageNotUsable; CertificateNotUsable, SchemeNotOffered and what the key raises;
        FolderNotWritable, DiskFull; StampsMissing, TimestampUnreachable, TimestampRefused, EvidenceMissing;
        ResultNotSound.
    """
    return _sign(source, target, key, request, None)


def fill_and_seal(source: Path, target: Path, key: Key, *, number: str, issued: date,
                  request: SigningRequest | None = None) -> SignedFile:
    """The clerk's step: number and date written into their fields and the agency's signature added, in one revision.

    Args:
        number: as it is printed, `15`; the symbol stands on the page already.
        request: role agency without it.
    Raises: as `sign_pdf`, and NumberFieldsMissing.
    """
    return _sign(source, target, key, request or SigningRequest(role=Role.AGENCY), Filling(number, issued))


def _sign(source: Path, target: Path, key: Key, request: SigningRequest, filling: Filling | None) -> SignedFile:
    prepared = prepare_signature(source, target, KeyFacts.of(key), request, filling=filling)
    try:
        value = key.sign(prepared.message, digest=prepared.digest, scheme=prepared.scheme)
    except BaseException:
        prepared.discard()
        raise
    return complete_signature(prepared, value, request)
