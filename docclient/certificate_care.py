"""The look at a certificate before it signs, as TT 15/2025 article 5 (S1, S8, S12) asks for: told in words, an invalid
one refused, an unsure one a warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from docclient.errors import KeyTrouble
from docclient.words import Language, phrase

if TYPE_CHECKING:
    from signing.certificate_check import CertificateState
    from signing.trust import TrustStore


class CertificateRefused(KeyTrouble):
    """The certificate was looked at before the signature and is not valid. facts: certificate, why (in words)."""

    code = "key_care.certificate_invalid"


def looked_at(certificate: bytes, others: Sequence[bytes], trust: TrustStore, language: Language, *,
              online: bool) -> CertificateState:
    """The state of a certificate that is about to sign. others: what lies beside it on the token or in the file.

    Raises: CertificateRefused for one that is not valid; CertificateUnreadable. Unsure ones are given back.
    """
    from signing.certificate_check import check_certificate
    from signing.report import Verdict

    state = check_certificate(certificate, trust, others=others, online=online)
    if state.verdict is Verdict.INVALID:
        wrong = [finding_words(state, n, language) for n, one in enumerate(state.findings)
                 if one.verdict is Verdict.INVALID]
        raise CertificateRefused(certificate=state.certificate.display_name, why=" ".join(wrong))
    return state


def finding_words(state: CertificateState, number: int, language: Language) -> str:
    finding = state.findings[number]
    return phrase(finding.words, language, **finding.facts)


def doubts(state: CertificateState, language: Language) -> list[str]:
    """A sentence for each thing that could not be learnt, and for an end that is near; empty for a good one."""
    from signing.report import Verdict

    return [finding_words(state, n, language) for n, one in enumerate(state.findings)
            if one.verdict is not Verdict.VALID or one.code == "dates_end_soon"]
