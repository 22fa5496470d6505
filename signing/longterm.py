"""What makes a signature last: evidence of its validity stored in the file (B-LT), and a stamp over all of it (B-LTA).

Each is a revision of its own behind the signature. Source: ETSI EN 319 142-1, clauses 5.4.2, 5.4.3 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy

from signing.errors import ServiceTrouble
from signing.pdf import open_reader
from signing.timestamps import ROOM, ServiceTimeStamper
from signing.trust import TrustStore, readable_name


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
        context = _context(trust, may_fetch)
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


async def add_archive_stamp(part: IO[bytes], name: str, digest: str, stamper: ServiceTimeStamper) -> None:
    """Append a document time-stamp over everything there is. Raises TimestampUnreachable, TimestampRefused."""
    writer = IncrementalPdfFileWriter.from_reader(open_reader(part, name))
    await PdfTimeStamper(stamper, readable_field_name="Dấu thời gian").async_timestamp_pdf(
        writer, digest, in_place=True, bytes_reserved=2 * (ROOM + ROOM // 2))


def _signature(part: IO[bytes], name: str, field: str) -> EmbeddedPdfSignature:
    reader = open_reader(part, name)
    signatures: Sequence[EmbeddedPdfSignature] = reader.embedded_signatures
    return next(signature for signature in signatures if signature.field_name == field)


def _context(trust: TrustStore, may_fetch: bool) -> ValidationContext:
    return ValidationContext(
        trust_roots=list(trust.anchor_certificates), other_certs=list(trust.intermediate_certificates),
        crls=list(trust.crls), allow_fetching=may_fetch, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO))
