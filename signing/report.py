"""What a check of signatures found: a verdict and a named reason per signature, a conclusion per file. Never a bool.

Nothing here knows how it was found; `as_json` gives the answer of `docclient verify --json`. Reasons carry the names of
the sub-indications of ETSI EN 319 102-1, clause 5.1.3; the words for them lie in `resources/words/*/signing.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    VALID = "valid"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"


class Conclusion(StrEnum):
    """Of a whole file: `valid` only when every signature in it is."""

    VALID = "valid"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


class Reason(StrEnum):
    """Why; the names of ETSI EN 319 102-1, and four of our own for files that no signature was read from."""

    PASSED = "PASSED"
    # TOTAL-FAILED
    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    NOT_YET_VALID = "NOT_YET_VALID"
    EXPIRED = "EXPIRED"
    # INDETERMINATE
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    POLICY_PROCESSING_ERROR = "POLICY_PROCESSING_ERROR"
    SIGNATURE_POLICY_NOT_AVAILABLE = "SIGNATURE_POLICY_NOT_AVAILABLE"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    REVOKED_CA_NO_POE = "REVOKED_CA_NO_POE"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    REVOCATION_OUT_OF_BOUNDS_NO_POE = "REVOCATION_OUT_OF_BOUNDS_NO_POE"
    OUT_OF_BOUNDS_NOT_REVOKED = "OUT_OF_BOUNDS_NOT_REVOKED"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    NO_POE = "NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    GENERIC = "GENERIC"
    # a file's own
    NOT_READABLE = "NOT_READABLE"
    NOT_PDF = "NOT_PDF"
    ENCRYPTED = "ENCRYPTED"
    DAMAGED = "DAMAGED"
    TIME_OVER = "TIME_OVER"


class SignatureKind(StrEnum):
    """ISO 32000-2, 12.8.1: approval, certification (author), document time-stamp."""

    APPROVAL = "approval"
    CERTIFICATION = "certification"
    TIMESTAMP = "timestamp"


class ChangeKind(StrEnum):
    """What was appended to the file after a signature."""

    FORM_FILLING = "form_filling"
    SIGNATURE_ADDED = "signature_added"
    SIGNATURE_FIELD_ADDED = "signature_field_added"
    TIMESTAMP_ADDED = "timestamp_added"
    VALIDATION_DATA_ADDED = "validation_data_added"
    METADATA_CHANGED = "metadata_changed"
    ANNOTATION_CHANGED = "annotation_changed"
    PAGE_CONTENT_CHANGED = "page_content_changed"
    PAGES_CHANGED = "pages_changed"
    STRUCTURE_CHANGED = "structure_changed"
    BYTES_NOT_COVERED = "bytes_not_covered"
    COMMENT_ADDED = "comment_added"
    PAGE_COVERED = "page_covered"
    APPEARANCE_CHANGED = "appearance_changed"
    FORM_DEFAULTS_CHANGED = "form_defaults_changed"
    SIGNATURE_REMOVED = "signature_removed"


class Remark(StrEnum):
    """What does not decide the verdict but should be known; codes of `warning.*` in the words."""

    SHA1_USED = "sha1_used"
    REVOCATION_UNREACHABLE = "revocation_unreachable"
    SIGNING_TIME_LOCAL_AS_UTC = "signing_time_local_as_utc"
    SIGNING_TIME_OUTSIDE_CERTIFICATE = "signing_time_outside_certificate"
    NO_TRUSTED_TIME = "no_trusted_time"
    TIMESTAMP_NOT_TRUSTED = "timestamp_not_trusted"
    VALIDATION_DATA_BROKEN = "validation_data_broken"
    CHAIN_INCOMPLETE = "chain_incomplete"
    STRUCTURE_IRREGULAR = "structure_irregular"
    ODD_SUBFILTER = "odd_subfilter"
    FIELD_ADDED_AFTER_CERTIFICATION = "field_added_after_certification"
    BYTES_BEFORE_HEADER = "bytes_before_header"
    BYTES_AFTER_END = "bytes_after_end"
    NO_TRUST_ANCHOR = "no_trust_anchor"
    ANCHOR_UNCONFIRMED = "anchor_unconfirmed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done to the file after a signature.

    page: counted from 1, or None when it belongs to no page. detail: a field's name or what was touched; no text of
    the document.
    """

    kind: ChangeKind
    allowed: bool
    page: int | None = None
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "allowed": self.allowed, "page": self.page, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature: who, what, when, and whether it holds.

    signer, issuer: the readable name (common name, else organisation). serial: hexadecimal, lower case.
    signing_time: the signer's own clock, proof of nothing. timestamp_time: a trusted service's, aware UTC.
    level: b-b, b-t, b-lt, b-lta (ETSI EN 319 142-1), or cms for a signature of the older kind; None for a time-stamp.
    trust_anchor_confirmed: whether somebody here compared the anchor's fingerprint; None where no anchor was reached.
    missing_issuer: the authority whose certificate would be needed to go on, when the chain ends too early.
    revocation_source: given, embedded or online; from, until: how fresh the list or answer is. timestamp_authority: who
    stamped. proven_at: the earliest time by which the signature certainly existed; None without a trusted time-stamp.
    """

    field: str
    signer: str
    issuer: str
    serial: str
    verdict: Verdict
    reason: Reason
    kind: SignatureKind
    covers_whole_file: bool
    changes_after: tuple[Change, ...] = ()
    signing_time: datetime | None = None
    timestamp_time: datetime | None = None
    level: str | None = None
    algorithms: tuple[str, ...] = ()
    trust_anchor: str | None = None
    trust_anchor_sha256: str | None = None
    trust_anchor_confirmed: bool | None = None
    certificate_valid_from: datetime | None = None
    certificate_valid_to: datetime | None = None
    revocation: str | None = None
    revoked_at: datetime | None = None
    revocation_source: str | None = None
    revocation_from: datetime | None = None
    revocation_until: datetime | None = None
    warnings: tuple[str, ...] = ()
    missing_issuer: str | None = None
    signer_organisation: str | None = None
    signer_title: str | None = None
    timestamp_authority: str | None = None
    certificate_sha256: str | None = None
    proven_at: datetime | None = None
    intact: bool = False
    page: int | None = None
    revision: int | None = None
    technical: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "field": self.field,
            "signer": self.signer,
            "signer_organisation": self.signer_organisation,
            "signer_title": self.signer_title,
            "issuer": self.issuer,
            "serial": self.serial,
            "certificate_sha256": self.certificate_sha256,
            "verdict": self.verdict.value,
            "reason": self.reason.value,
            "kind": self.kind.value,
            "intact": self.intact,
            "covers_whole_file": self.covers_whole_file,
            "changes_after": [change.as_json() for change in self.changes_after],
            "signing_time": _stamp(self.signing_time),
            "timestamp_time": _stamp(self.timestamp_time),
            "timestamp_authority": self.timestamp_authority,
            "proven_at": _stamp(self.proven_at),
            "level": self.level,
            "algorithms": list(self.algorithms),
            "trust_anchor": self.trust_anchor,
            "trust_anchor_sha256": self.trust_anchor_sha256,
            "trust_anchor_confirmed": self.trust_anchor_confirmed,
            "missing_issuer": self.missing_issuer,
            "certificate_valid_from": _stamp(self.certificate_valid_from),
            "certificate_valid_to": _stamp(self.certificate_valid_to),
            "revocation": self.revocation,
            "revoked_at": _stamp(self.revoked_at),
            "revocation_source": self.revocation_source,
            "revocation_from": _stamp(self.revocation_from),
            "revocation_until": _stamp(self.revocation_until),
            "page": self.page,
            "revision": self.revision,
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class EvidenceUsed:
    """What the verdicts of a file rest on, DER: the certificates of every chain, the revocation lists, the OCSP answers
    (TT 15/2025 S10, V5: kept with the result)."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class FileReport:
    """A file and every signature in it, oldest first. checked_at: the moment the verdicts hold for, aware UTC.
    evidence: what they rest on; pages: how many the file's page tree states, None where that is nothing sensible or was
    not looked at; neither is a part of the answer in JSON."""

    file: str
    conclusion: Conclusion
    reason: Reason | None
    signatures: tuple[SignatureReport, ...] = ()
    warnings: tuple[str, ...] = ()
    checked_at: datetime | None = None
    sha256: str | None = None
    evidence: EvidenceUsed | None = None
    pages: int | None = None

    @classmethod
    def unreadable(cls, file: str, reason: Reason, *, checked_at: datetime | None = None) -> FileReport:
        return cls(file, Conclusion.UNREADABLE, reason, checked_at=checked_at)

    @classmethod
    def of(cls, file: str, signatures: tuple[SignatureReport, ...], *, checked_at: datetime,
           warnings: tuple[str, ...] = (), sha256: str | None = None,
           evidence: EvidenceUsed | None = None, pages: int | None = None) -> FileReport:
        """The conclusion that follows from the signatures: the worst verdict, and its reason."""
        conclusion, reason = Conclusion.UNSIGNED, None
        for verdict in (Verdict.INVALID, Verdict.UNDETERMINED, Verdict.VALID):
            first = next((s for s in signatures if s.verdict is verdict), None)
            if first is not None:
                conclusion, reason = Conclusion(verdict.value), first.reason
                break
        return cls(file, conclusion, reason, signatures, warnings, checked_at, sha256, evidence, pages)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "conclusion": self.conclusion.value,
            "reason": self.reason.value if self.reason else None,
            "sha256": self.sha256,
            "checked_at": _stamp(self.checked_at),
            "warnings": list(self.warnings),
            "signatures": [signature.as_json() for signature in self.signatures],
        }


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
