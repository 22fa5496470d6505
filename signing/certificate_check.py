"""The state of a certificate before it signs: dates, purpose, key, chain, revocation; and what was found, to be kept.

TT 15/2025/TT-BKHCN article 5 asks for it before the signature (S1), along the path to the trusted root (S8), told in
Vietnamese (S12), with the certificate, the list of that time and the result kept with the document (S10); NĐ 68/2024
articles 29, 31 and 32 ask the same of official-use certificates. Revocation that cannot be learnt is a warning and
undetermined, never good (TT 15/2025 Annex II).

Words for every finding: `certificate_check.<code>` in resources/words/*/tokens.toml.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    StaleRevinfoError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    RevocationCheckingPolicy,
)

from signing.certificates import VIETNAM, CertificateFacts, WhyNot, certificate_facts, day_shown
from signing.judgement import CLOCK_TOLERANCE, SMALLEST_RSA_BITS
from signing.pdf import PARSER_ERRORS
from signing.report import Verdict
from signing.trust import TrustStore, readable_name

DEADLINE_S = 20.0
ENDS_SOON = timedelta(days=30)
"""Long enough to ask for a renewal and to receive it."""


class Aspect(StrEnum):
    """What is looked at, in the order it is shown."""

    DATES = "dates"
    PURPOSE = "purpose"
    KEY = "key"
    CHAIN = "chain"
    REVOCATION = "revocation"


@dataclass(frozen=True, slots=True)
class Finding:
    """One aspect. code: of the words; facts: what fills their blanks, all text."""

    aspect: Aspect
    verdict: Verdict
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return f"certificate_check.{self.code}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the findings rest on, DER: to be kept with the document and deleted with it (S10).

    certificates: the signer's first, then up to the anchor as far as known. crls, ocsps: those of the authorities in
    that chain, OCSP answers as whole responses.
    """

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateState:
    """checked_at: the moment the findings hold for, aware UTC. findings: one per aspect, in the order of `Aspect`."""

    certificate: CertificateFacts
    checked_at: datetime
    findings: tuple[Finding, ...]
    evidence: Evidence

    @property
    def verdict(self) -> Verdict:
        """The worst of all: invalid, undetermined, valid."""
        found = {finding.verdict for finding in self.findings}
        return next(verdict for verdict in (Verdict.INVALID, Verdict.UNDETERMINED, Verdict.VALID) if verdict in found)

    @property
    def words(self) -> str:
        """The code of the sentence over the findings."""
        return f"certificate_check.verdict_{self.verdict.value}"

    def finding(self, aspect: Aspect) -> Finding:
        return next(finding for finding in self.findings if finding.aspect is aspect)

    def as_json(self) -> dict[str, Any]:
        """The result without the evidence, for the journal and for programs."""
        return {
            "certificate": {"name": self.certificate.display_name, "subject": self.certificate.subject,
                            "issuer": self.certificate.issuer, "serial": self.certificate.serial,
                            "fingerprint_sha256": self.certificate.fingerprint},
            "checked_at": self.checked_at.isoformat(timespec="seconds"),
            "verdict": self.verdict.value,
            "findings": [{"aspect": one.aspect.value, "verdict": one.verdict.value, "code": one.code,
                          **({"facts": dict(one.facts)} if one.facts else {})} for one in self.findings],
        }


def check_certificate(certificate: bytes, trust: TrustStore, *, at: datetime | None = None,
                      others: Sequence[bytes] = (), online: bool = False,
                      deadline_s: float = DEADLINE_S) -> CertificateState:
    """Look at a certificate (DER) from every side. Never raises for what it, the lists or a server say.

    Args:
        trust: whom to believe, and the revocation lists at hand; nothing else is believed.
        at: the moment to judge for, aware; now without it.
        others: further certificates that may help to build the chain (those beside it on the token), not believed.
        online: whether issuers, lists and OCSP answers may be fetched from the addresses in the certificates, where
            what is at hand does not suffice. Not for a moment in the past: servers speak of now.
        deadline_s: for all fetching together, in seconds.
    Raises: CertificateUnreadable.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    facts = certificate_facts(certificate)
    look = _Look(facts, trust.with_intermediates(others), moment, historical=at is not None, deadline_s=deadline_s)
    chain, revocation, evidence = asyncio.run(look.chain_and_revocation(online=online and at is None))
    findings = (_dates(facts, moment), _purpose(facts), _key(facts), chain, revocation)
    return CertificateState(facts, moment, findings, evidence)


def _dates(facts: CertificateFacts, at: datetime) -> Finding:
    known = {"not_before": day_shown(facts.not_before), "not_after": day_shown(facts.not_after)}
    if at > facts.not_after:
        return Finding(Aspect.DATES, Verdict.INVALID, "dates_expired", known)
    if at < facts.not_before:
        return Finding(Aspect.DATES, Verdict.INVALID, "dates_not_yet_valid", known)
    if facts.not_after - at <= ENDS_SOON:
        return Finding(Aspect.DATES, Verdict.VALID, "dates_end_soon",
                       {**known, "days": str((facts.not_after - at).days)})
    return Finding(Aspect.DATES, Verdict.VALID, "dates_valid", known)


def _purpose(facts: CertificateFacts) -> Finding:
    reason = facts.why_not(facts.not_before)      # at that moment dates are no reason
    if reason in {WhyNot.NOT_FOR_SIGNING, WhyNot.OF_AUTHORITY}:
        return Finding(Aspect.PURPOSE, Verdict.INVALID, f"purpose_{reason.value}")
    return Finding(Aspect.PURPOSE, Verdict.VALID, "purpose_valid")


def _key(facts: CertificateFacts) -> Finding:
    known = {"key": facts.key_name}
    if facts.why_not(facts.not_before) is WhyNot.KEY_TOO_WEAK:
        return Finding(Aspect.KEY, Verdict.INVALID, "key_too_weak", known)
    return Finding(Aspect.KEY, Verdict.VALID, "key_valid", known)


@dataclass(frozen=True)
class _Look:
    facts: CertificateFacts
    trust: TrustStore
    moment: datetime
    historical: bool
    deadline_s: float

    async def chain_and_revocation(self, *, online: bool) -> tuple[Finding, Finding, Evidence]:
        # the dates have their own finding: an ended certificate still has a chain, as of its last day
        within = min(max(self.moment, self.facts.not_before), self.facts.not_after)
        chain, path = await self._chain(within, fetch=False)
        if path is None and online:
            chain, path = await self._chain(within, fetch=True)
        if path is None:
            return chain, Finding(Aspect.REVOCATION, Verdict.UNDETERMINED, "revocation_without_chain"), Evidence(
                certificates=(self.facts.der,))
        certificates = tuple(one.dump() for one in reversed(list(path)))
        if len(certificates) == 1:
            return chain, Finding(Aspect.REVOCATION, Verdict.VALID, "revocation_not_needed"), Evidence(certificates)
        if within != self.moment:
            return chain, Finding(Aspect.REVOCATION, Verdict.UNDETERMINED, "revocation_out_of_dates"), Evidence(
                certificates)
        finding, crls, ocsps = await self._revocation(path, fetch=False)
        if finding.verdict is Verdict.UNDETERMINED and online:
            finding, crls, ocsps = await self._revocation(path, fetch=True)
        return chain, finding, Evidence(certificates, crls, ocsps)

    async def _chain(self, at: datetime, *, fetch: bool) -> tuple[Finding, ValidationPath | None]:
        context = self._context(NO_REVOCATION, fetch=fetch, at=at)
        try:
            path = await self._validated(context)
        except PathBuildingError:
            return Finding(Aspect.CHAIN, Verdict.UNDETERMINED, "chain_issuer_unknown",
                           {"issuer": self._missing_issuer()}), None
        except (ExpiredError, NotYetValidError):
            return Finding(Aspect.CHAIN, Verdict.INVALID, "chain_out_of_dates"), None
        except (PathValidationError, ValidationError) as error:
            return Finding(Aspect.CHAIN, Verdict.INVALID, "chain_broken", {"reason": type(error).__name__}), None
        except (TimeoutError, OSError, *PARSER_ERRORS):
            return Finding(Aspect.CHAIN, Verdict.UNDETERMINED, "chain_unreadable"), None
        finally:
            await context.aclose()
        anchor = readable_name(path.first.subject)
        return Finding(Aspect.CHAIN, Verdict.VALID, "chain_valid", {"anchor": anchor}), path

    async def _revocation(self, path: ValidationPath, *, fetch: bool) -> tuple[Finding, tuple[bytes, ...],
                                                                               tuple[bytes, ...]]:
        context = self._context(REQUIRE_REVINFO, fetch=fetch, at=self.moment if self.historical else None)
        try:
            await self._validated(context, others=list(path))
            finding = self._good(context, path)
        except RevokedError as error:
            finding = self._revoked(error)
        except StaleRevinfoError as error:
            finding = self._unknown("revocation_stale", as_of=moment_shown(error.time_cutoff))
        except (InsufficientRevinfoError, TimeoutError, OSError):
            finding = self._unknown("revocation_unreachable" if fetch else "revocation_unknown")
        except (PathBuildingError, PathValidationError, ValidationError, *PARSER_ERRORS):
            finding = self._unknown("revocation_unreadable")
        finally:
            crls, ocsps = _used(context, path)
            await context.aclose()
        return finding, crls, ocsps

    async def _validated(self, context: ValidationContext, others: Sequence[x509.Certificate] = ()) -> ValidationPath:
        certificate = x509.Certificate.load(self.facts.der)
        validator = CertificateValidator(certificate, intermediate_certs=list(others), validation_context=context)
        return await asyncio.wait_for(validator.async_validate_path(), self.deadline_s)

    def _context(self, policy: RevocationCheckingPolicy, *, fetch: bool, at: datetime | None) -> ValidationContext:
        weak = DisallowWeakAlgorithmsPolicy(weak_hash_algos=frozenset({"md2", "md5"}),
                                            rsa_key_size_threshold=SMALLEST_RSA_BITS)
        return ValidationContext(
            trust_roots=list(self.trust.anchor_certificates), other_certs=list(self.trust.intermediate_certificates),
            moment=at, allow_fetching=fetch, crls=list(self.trust.crls), time_tolerance=CLOCK_TOLERANCE,
            revinfo_policy=CertRevTrustPolicy(policy, retroactive_revinfo=self.historical),
            algorithm_usage_policy=weak)

    def _good(self, context: ValidationContext, path: ValidationPath) -> Finding:
        """By which kind of evidence, and of what moment, its issuer said so."""
        crls, ocsps = _used(context, path, issuer_of_signer_only=True)
        stated = [("OCSP", _stated_by_answer(one)) for one in ocsps] + [("CRL", _stated_by_list(one)) for one in crls]
        source, moment = max(stated, key=lambda pair: pair[1], default=("CRL", self.moment))
        return Finding(Aspect.REVOCATION, Verdict.VALID, "revocation_good",
                       {"source": source, "as_of": moment_shown(moment)})

    def _revoked(self, error: RevokedError) -> Finding:
        own = error.is_ee_cert and not error.is_side_validation
        return Finding(Aspect.REVOCATION, Verdict.INVALID, "revocation_revoked" if own else "revocation_of_authority",
                       {"revoked_at": moment_shown(error.revocation_dt), "reason": str(error.reason.native)})

    def _unknown(self, code: str, **facts: str) -> Finding:
        return Finding(Aspect.REVOCATION, Verdict.UNDETERMINED, code, facts)

    def _missing_issuer(self) -> str:
        """The authority whose certificate would be needed to go on."""
        known = self.trust.chain_of(self.facts.der)
        return readable_name(x509.Certificate.load(known[-1] if known else self.facts.der).issuer)


def moment_shown(moment: datetime) -> str:
    """In Vietnam's time (UTC+7), as officials write it: 14:30 05/03/2026."""
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _used(context: ValidationContext, path: ValidationPath, *,
          issuer_of_signer_only: bool = False) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The lists and answers that speak of the certificates in the path, out of everything the context holds."""
    certificates = list(path)
    told = certificates[-1:] if issuer_of_signer_only else certificates[1:]
    issuers = {one.issuer.hashable for one in told}
    serials = {one.serial_number for one in told}
    crls = [one for one in context.crls if one.issuer.hashable in issuers]
    ocsps = [one for one in context.ocsps if _serials_in(one) & serials]
    return (tuple(dict.fromkeys(one.dump() for one in crls)), tuple(dict.fromkeys(one.dump() for one in ocsps)))


def _serials_in(response: ocsp.OCSPResponse) -> set[int]:
    try:
        return {one["cert_id"]["serial_number"].native for one in response.response_data["responses"]}
    except PARSER_ERRORS:
        return set()


def _stated_by_list(der: bytes) -> datetime:
    moment: datetime = crl.CertificateList.load(der)["tbs_cert_list"]["this_update"].native
    return moment


def _stated_by_answer(der: bytes) -> datetime:
    answers = ocsp.OCSPResponse.load(der).response_data["responses"]
    moment: datetime = max(one["this_update"].native for one in answers)
    return moment
