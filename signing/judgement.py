"""Does the certificate chain hold, and for which moment: ETSI EN 319 102-1, asked through pyHanko, with a reason.

A signature is judged now. When that fails only because time has passed (certificate ended or revoked, list stale) and a
trusted time-stamp proves that the signature existed earlier, it is judged for that moment instead (clause 5.6.2.4,
sliding back to the time of the proof). Revocation that cannot be determined never counts as good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.validation.ades import ades_basic_validation, ades_timestamp_validation
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.utils import CMSAlgorithmUsagePolicy
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.poe import ValidationObject
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    RevocationCheckingPolicy,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from signing.cms_trouble import verdict_on
from signing.pdf import PARSER_ERRORS
from signing.report import Reason, Verdict
from signing.revocation import Knowledge
from signing.trust import TrustStore, is_self_issued

SMALLEST_RSA_BITS = 2048
"""TT 15/2025 Annex I. Shorter keys are outside what a signature may rest on."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Between this machine's clock and an authority's. An OCSP answer a moment "too new" would otherwise be passed over,
and an older list that does not know of a revocation yet would decide."""

SIGNER_KEY_USAGE = frozenset({"digital_signature", "non_repudiation"})

PAST_MAY_HELP = frozenset({
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE,
    AdESIndeterminate.TRY_LATER, AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE,
})


@dataclass(frozen=True)
class Judgement:
    """What the chain says. `reason` PASSED exactly when `verdict` is valid.

    for_moment: the moment the chain was judged for. revoked_at: when the certificate was revoked, if it was.
    objects: what was at hand for judging: certificates of the chain, lists, answers.
    """

    verdict: Verdict
    reason: Reason
    path: Any = None
    revoked_at: datetime | None = None
    for_moment: datetime | None = None
    status: Any = None
    technical: str = ""
    objects: tuple[ValidationObject, ...] = ()

    @property
    def intact(self) -> bool:
        """Digest and signature value are right, whatever the chain says."""
        return bool(self.status is not None and self.status.intact and self.status.valid)


@dataclass(frozen=True)
class Bench:
    """What is needed to judge: whom to believe, what is known, for which moment, and whether the network may be asked.

    moment: aware. historical: the moment was chosen by a person and is not now; evidence issued later counts then.
    """

    trust: TrustStore
    knowledge: Knowledge
    moment: datetime
    historical: bool = False
    online: bool = False

    def at(self, moment: datetime) -> Bench:
        return replace(self, moment=moment, historical=True)

    def knowing(self, more: Knowledge) -> Bench:
        return replace(self, knowledge=self.knowledge.plus(more))

    @property
    def timing(self) -> ValidationTimingInfo:
        return ValidationTimingInfo(self.moment, self.moment, point_in_time_validation=self.historical)

    @cached_property
    def _trust_manager(self) -> SimpleTrustManager:
        return SimpleTrustManager.build(trust_roots=list(self.trust.anchor_certificates))

    def specification(self, certificate: x509.Certificate | None, *,
                      revocation: RevocationCheckingPolicy = REQUIRE_REVINFO) -> SignatureValidationSpec:
        """pyHanko's settings. SHA-1 passes here and is reported as a remark: half of the real signatures carry it."""
        algorithms = DisallowWeakAlgorithmsPolicy(
            weak_hash_algos=frozenset({"md2", "md5"}), rsa_key_size_threshold=SMALLEST_RSA_BITS)
        policy = CertValidationPolicySpec(
            trust_manager=self._trust_manager,
            revinfo_policy=CertRevTrustPolicy(revocation, retroactive_revinfo=self.historical),
            time_tolerance=CLOCK_TOLERANCE,
            algorithm_usage_policy=algorithms,
        )
        restricted = certificate is not None and certificate.key_usage_value is not None
        return SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(
                RevinfoOnlineFetchingRule.ALWAYS_FETCH if self.online else RevinfoOnlineFetchingRule.LOCAL_ONLY),
            local_knowledge=self.knowledge.local(),
            key_usage_settings=KeyUsageConstraints(key_usage=SIGNER_KEY_USAGE if restricted else None),
            signature_algorithm_policy=CMSAlgorithmUsagePolicy.lift_policy(algorithms),
        )


async def judge_signature(embedded: EmbeddedPdfSignature, bench: Bench, *, proven_at: datetime | None,
                          claimed_at: datetime | None) -> Judgement:
    """The chain of an ordinary signature.

    Args:
        proven_at: the earliest trusted proof that the signature existed, aware.
        claimed_at: the signer's own clock; it can only speak against the signature, never for it.
    """
    certificate = embedded.signer_cert

    async def judge(bench: Bench, revocation: RevocationCheckingPolicy = REQUIRE_REVINFO) -> Judgement:
        result = await ades_basic_validation(
            embedded.signed_data, bench.specification(certificate, revocation=revocation), timing_info=bench.timing,
            raw_digest=embedded.compute_digest())
        return _judgement(result, bench)

    now = await _with_revocation_told_apart(judge, bench, embedded.signed_data, certificate)
    within = certificate.not_valid_before <= bench.moment <= certificate.not_valid_after
    if now.reason is Reason.TRY_LATER and not within:
        # no list would help: an authority need not say anything about certificates that have ended
        now = replace(now, reason=Reason.OUT_OF_BOUNDS_NO_POE)
    unknown = is_self_issued(certificate) and certificate.dump() not in bench.trust.anchors
    if now.reason is Reason.CHAIN_CONSTRAINTS_FAILURE and unknown:
        # pyHanko calls a self-signed stranger unfit; what is wrong with it is that nobody vouches for it
        now = replace(now, reason=Reason.NO_CERTIFICATE_CHAIN_FOUND)
    return await _slid_back(now, judge, bench, embedded.signed_data, certificate, proven_at, claimed_at)


async def judge_timestamp(token: cms.SignedData, bench: Bench, expected_imprint: Callable[[str], bytes], *,
                          proven_at: datetime | None = None) -> Judgement:
    """The chain of a time-stamp token (RFC 3161), inside a signature or standing for itself.

    Args:
        expected_imprint: the digest of what was stamped, by name of the hash algorithm.
        proven_at: a trusted proof, from a later stamp, that this one existed.
    """

    async def judge(bench: Bench, revocation: RevocationCheckingPolicy = REQUIRE_REVINFO) -> Judgement:
        result = await ades_timestamp_validation(
            token, bench.specification(None, revocation=revocation), expected_imprint, timing_info=bench.timing)
        return _judgement(result, bench)

    now = await _with_revocation_told_apart(judge, bench, token, None)
    return await _slid_back(now, judge, bench, token, None, proven_at, None)


async def _with_revocation_told_apart(judge: Callable[..., Any], bench: Bench, signed: cms.SignedData,
                                      certificate: x509.Certificate | None) -> Judgement:
    """Judge; a chain that fails for want of revocation evidence alone is TRY_LATER, not "the chain failed"."""
    problem: Exception | None = None
    try:
        found: Judgement = await judge(bench)
    except SignatureValidationError as error:
        problem, found = error, _of(error.ades_subindication, technical=error.failure_message)
    except (InvalidSignature, UnsupportedAlgorithm, *PARSER_ERRORS) as error:
        problem, found = error, Judgement(Verdict.UNDETERMINED, Reason.GENERIC, technical=repr(error))
    if found.reason is Reason.GENERIC:
        known = verdict_on(signed, certificate, problem)
        return found if known is None else replace(found, verdict=known[0], reason=known[1])
    if found.reason is Reason.CERTIFICATE_CHAIN_GENERAL_FAILURE and found.intact:
        try:
            without = await judge(bench, NO_REVOCATION)
        except (SignatureValidationError, *PARSER_ERRORS):
            return found
        if without.verdict is Verdict.VALID:
            return replace(found, reason=Reason.TRY_LATER, path=found.path or without.path)
        if without.reason is Reason.OUT_OF_BOUNDS_NO_POE:
            return replace(found, reason=without.reason, path=found.path or without.path)
    return found


async def _slid_back(now: Judgement, judge: Callable[..., Any], bench: Bench, signed: cms.SignedData,
                     certificate: x509.Certificate | None, proven_at: datetime | None,
                     claimed_at: datetime | None) -> Judgement:
    if now.verdict is not Verdict.UNDETERMINED or not now.intact:
        return now
    if now.reason.value not in {indication.name for indication in PAST_MAY_HELP}:
        return now
    if proven_at is not None and proven_at < bench.moment:
        if certificate is not None and proven_at < certificate.not_valid_before:
            return replace(now, verdict=Verdict.INVALID, reason=Reason.NOT_YET_VALID, for_moment=proven_at)
        then = await _with_revocation_told_apart(judge, bench.at(proven_at), signed, certificate)
        if then.verdict is Verdict.VALID:
            return then
        # a stamp made after the revocation proves only that the signature is not younger than the stamp
        now = now if now.revoked_at else then
    if now.revoked_at and claimed_at and claimed_at >= now.revoked_at:
        # not even the signer's own clock puts the signature before the revocation
        return replace(now, verdict=Verdict.INVALID, reason=Reason.REVOKED)
    return now


def _judgement(result: Any, bench: Bench) -> Judgement:
    status = result.api_status
    found = _of(result.ades_subindic, technical=result.failure_msg or "")
    details = getattr(status, "revocation_details", None)
    return replace(found, status=status, path=getattr(status, "validation_path", None), for_moment=bench.moment,
                   objects=tuple(result.validation_objects),
                   revoked_at=details.revocation_date if details else None)


def _of(indication: AdESSubIndic, *, technical: str = "") -> Judgement:
    if isinstance(indication, AdESPassed):
        return Judgement(Verdict.VALID, Reason.PASSED)
    verdict = Verdict.INVALID if isinstance(indication, AdESFailure) else Verdict.UNDETERMINED
    try:
        reason = Reason(indication.standard_name)
    except ValueError:
        reason = Reason.GENERIC
    return Judgement(verdict, reason, technical=technical)
