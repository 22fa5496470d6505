"""What makes a signature last: evidence of its validity stored in the file (B-LT), and a stamp over all of it (B-LTA).

Each is a revision of its own behind the signature. A signature without a stamp of its own may get one later, laid over
the whole document. Source: ETSI EN 319 142-1, clauses 5.4.2, 5.4.3, 5.4.4 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy

from signing.errors import ServiceTrouble
from signing.files import CHUNK
from signing.levels import Level
from signing.pdf import open_reader
from signing.revocation import knowledge_in
from signing.signature_facts import has_evidence, store_is_stamped, timestamp_tokens
from signing.timestamps import ROOM, NoTimestamp, ServiceTimeStamper
from signing.trust import TrustStore, readable_name

STAMP_PENDING, EVIDENCE_PENDING = "stamp_pending", "evidence_pending"
"""Remarks on a signature that is kept at a lower level than was wanted."""


class EvidenceMissing(ServiceTrouble):
    """The chain or its revocation state cannot be shown now, so nothing can be stored. facts: file, reason."""

    code = "sign.evidence_missing"


async def add_evidence(part: IO[bytes], name: str, field: str, trust: TrustStore, *, online: bool) -> None:
    """Append certificates and revocation evidence for the signature in `field` and its time-stamp.

    Args:
        online: whether evidence that is not at hand may be fetched from the addresses in the certificates.
    Raises: EvidenceMissing.
    """
    trouble: EvidenceMissing | None = None
    for may_fetch in ((False, True) if online else (False,)):
        embedded = _signature(part, name, field)
        context = _context(trust, may_fetch, knowledge_in(embedded.reader).certificates)
        try:
            await async_add_validation_info(embedded, context, in_place=True)
        except PathBuildingError as error:
            trouble = EvidenceMissing(file=name, reason=readable_name(embedded.signer_cert.issuer))
            trouble.__cause__ = error
        except (PathValidationError, ValidationError) as error:
            trouble = EvidenceMissing(file=name, reason=type(error).__name__)
            trouble.__cause__ = error
        else:
            return
        finally:
            await context.aclose()
    assert trouble is not None
    raise trouble


async def add_stamp(part: IO[bytes], name: str, digest: str, stamper: ServiceTimeStamper) -> None:
    """Append a document time-stamp over everything there is; without a stamp the file is as it was.

    Raises TimestampUnreachable, TimestampRefused, TimestampResting.
    """
    length = part.seek(0, 2)
    writer = IncrementalPdfFileWriter.from_reader(open_reader(part, name))
    writer.IO_CHUNK_SIZE = CHUNK
    try:
        await PdfTimeStamper(stamper, readable_field_name="Dấu thời gian").async_timestamp_pdf(
            writer, digest, in_place=True, bytes_reserved=2 * (ROOM + ROOM // 2), chunk_size=CHUNK)
    except BaseException:
        part.truncate(length)   # the revision is written before the service is asked
        raise


async def add_what_lasts(part: IO[bytes], name: str, field: str, wanted: Level, trust: TrustStore,
                         stamper: ServiceTimeStamper, digest: str, *, online: bool, later: bool) -> tuple[str, ...]:
    """Behind a signature with its stamp: the evidence and the archive stamp that `wanted` asks for.

    Args:
        later: what cannot be had now is left for later and told as remarks instead of raised.
    Raises: EvidenceMissing, TimestampUnreachable, TimestampRefused, TimestampResting.
    """
    try:
        if wanted in {Level.B_LT, Level.B_LTA}:
            await add_evidence(part, name, field, trust, online=online)
        if wanted is Level.B_LTA:
            await add_stamp(part, name, digest, stamper)
    except EvidenceMissing:
        if not later:
            raise
        return (EVIDENCE_PENDING,)
    except NoTimestamp:
        if not later:
            raise
        return (STAMP_PENDING,)
    return ()


def level_reached(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> Level:
    """The level by what is present for this signature, whether it can be trusted or not.

    A document time-stamp made after it counts as its stamp; evidence is its own when the store names it (VRI).
    """
    stamps = [s for s in reader.embedded_timestamp_signatures if s.signed_revision > signature.signed_revision]
    if not stamps and not timestamp_tokens(signature):
        return Level.B_B
    if not has_evidence(reader.root, signature, named=True):
        return Level.B_T
    return Level.B_LTA if store_is_stamped(signature) else Level.B_LT


def without_evidence(reader: PdfFileReader) -> list[str]:
    """The fields of signatures and time-stamps for which the store holds nothing."""
    return [s.field_name for s in reader.embedded_signatures if not has_evidence(reader.root, s, named=True)]


def _signature(part: IO[bytes], name: str, field: str) -> EmbeddedPdfSignature:
    reader = open_reader(part, name)
    signatures: Sequence[EmbeddedPdfSignature] = reader.embedded_signatures
    return next(signature for signature in signatures if signature.field_name == field)


def _context(trust: TrustStore, may_fetch: bool, stored: Sequence[x509.Certificate]) -> ValidationContext:
    """stored: certificates in the file's own store; a time-stamp often comes without its authorities."""
    return ValidationContext(
        trust_roots=list(trust.anchor_certificates), other_certs=[*trust.intermediate_certificates, *stored],
        crls=list(trust.crls), allow_fetching=may_fetch, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))
