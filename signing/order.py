"""Who may sign when: the order of signatures in one file. NĐ 30/2020, article 32; ISO 32000-2, 12.8.2.2 (DocMDP)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from signing.form import AGENCY
from signing.report import Conclusion, FileReport, Reason, SignatureKind, SignatureReport, Verdict
from signing.sign_troubles import AfterTheSeal, EarlierSignatureBroken, NoPersonalSignature


class Role(StrEnum):
    """Who signs as what (NĐ 30/2020 Annex I).

    personal: the competent person. agency: the seal, over a personal signature. copy: the agency's signature on a copy
    it makes itself. annex: the agency's on an annex that is a file of its own. plain: none of these.
    """

    PERSONAL = "personal"
    AGENCY = "agency"
    COPY = "copy"
    ANNEX = "annex"
    PLAIN = "plain"


BROKEN = {Reason.FORMAT_FAILURE, Reason.HASH_FAILURE, Reason.SIG_CRYPTO_FAILURE}


def check_order(report: FileReport, role: Role, *, own_certificate_sha256: str, filled: Collection[str],
                strict: bool = False) -> tuple[str, ...]:
    """Whether `role` may sign the file that `report` speaks of; remarks where something stays undetermined.

    Args:
        own_certificate_sha256: of the key about to sign, lower-case hexadecimal: an agency cannot vouch for itself.
        filled: names of the signature fields that hold a signature.
        strict: a personal signature counts for the agency only when its verdict is `valid`; otherwise one that is
            intact and only lacks evidence (chain, revocation) counts too, with a remark.
    Raises: EarlierSignatureBroken, NoPersonalSignature, AfterTheSeal.
    """
    if report.conclusion is Conclusion.INVALID and not report.signatures:
        raise EarlierSignatureBroken(file=report.file, field="", reason=str(report.reason))
    for signature in report.signatures:
        if signature.verdict is Verdict.INVALID and (signature.reason in BROKEN or not signature.intact):
            raise EarlierSignatureBroken(file=report.file, field=signature.field, reason=signature.reason.value)
    if role is Role.PERSONAL and AGENCY in filled:
        raise AfterTheSeal(file=report.file)
    return _agency_remarks(report, own_certificate_sha256, strict) if role is Role.AGENCY else ()


def _agency_remarks(report: FileReport, own: str, strict: bool) -> tuple[str, ...]:
    personal = [s for s in report.signatures if s.kind is not SignatureKind.TIMESTAMP and s.certificate_sha256 != own]
    if not personal:
        raise NoPersonalSignature(file=report.file, reason="")
    if any(s.verdict is Verdict.VALID for s in personal):
        return ()
    undetermined = next((s for s in personal if s.verdict is Verdict.UNDETERMINED and s.intact), None)
    if undetermined is None or strict:
        raise NoPersonalSignature(file=report.file, reason=_worst(personal).reason.value)
    return ("personal_signature_undetermined",)


def _worst(signatures: list[SignatureReport]) -> SignatureReport:
    return next((s for s in signatures if s.verdict is Verdict.INVALID), signatures[0])
