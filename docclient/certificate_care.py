"""The look at a certificate before it signs, as TT 15/2025 article 5 (S1, S8, S12) asks for: told in words, an invalid
one refused, an unsure one left to the person.

What judges chains is loaded only when a certificate is looked at: a window that opens needs none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from docclient.errors import KeyTrouble
from docclient.words import Language, Phrase, Phrases, phrase
from signing.keys import Key

if TYPE_CHECKING:
    from signing.certificate_check import CertificateState
    from signing.trust import TrustStore

Checked = Callable[["CertificateState"], bool]
"""Shown what was found; False: do not begin. What is invalid is refused whatever is answered."""

FRESH = timedelta(minutes=10)
"""So long what was found counts again: from the PIN dialog to the signature, and for the next few documents."""


class CertificateRefused(KeyTrouble):
    """A revoked, expired or unfit certificate signs nothing. facts: certificate, finding (in words).

    state: everything that was found, where it was refused in this process."""

    code = "certificate.refused"
    stops_batch = True
    state: CertificateState | None = None

    @classmethod
    def of(cls, state: CertificateState) -> Self:
        from signing.report import Verdict

        wrong = tuple(Phrase(one.words, dict(one.facts)) for one in state.findings if one.verdict is Verdict.INVALID)
        refused = cls(certificate=state.certificate.display_name, finding=Phrases(wrong))
        refused.state = state
        return refused


def looked_at(certificate: bytes, others: Sequence[bytes], trust: TrustStore, *, online: bool,
              known: CertificateState | None = None) -> CertificateState:
    """The state of a certificate that is about to sign.

    Takes up to `signing.certificate_check.DEADLINE_S` where the network is asked: keep it off the window's thread.

    Args:
        others: what lies beside it on the token or in the file.
        online: whether the network may be asked.
        known: what was found a moment ago; it counts again if it is of this certificate and fresh.
    Raises: CertificateRefused for one that is not valid; CertificateUnreadable. Unsure ones are given back.
    """
    from signing.certificate_check import check_certificate
    from signing.report import Verdict

    state = known if known is not None and is_fresh(known, certificate) else \
        check_certificate(certificate, trust, others=others, online=online)
    if state.verdict is Verdict.INVALID:
        raise CertificateRefused.of(state)
    return state


def check_before(key: Key, trust: TrustStore, *, online: bool, checked: Checked | None,
                 known: CertificateState | None = None) -> CertificateState | None:
    """What is found about the key's certificate; None when the person would not begin with that. `checked` is told of
    an invalid one too, before it is refused. Others, raises: as `looked_at`."""
    try:
        state = looked_at(key.certificate, key.other_certificates, trust, online=online, known=known)
    except CertificateRefused as refused:
        if checked is not None and refused.state is not None:
            checked(refused.state)
        raise
    return state if checked is None or checked(state) else None


def is_fresh(state: CertificateState, certificate: bytes) -> bool:
    """Whether this was found about that certificate (DER) a moment ago."""
    age = datetime.now(UTC) - state.checked_at
    return certificate.startswith(state.certificate.der) and timedelta(0) <= age < FRESH


def finding_words(state: CertificateState, number: int, language: Language) -> str:
    finding = state.findings[number]
    return phrase(finding.words, language, **finding.facts)


def doubts(state: CertificateState, language: Language) -> list[str]:
    """A sentence for each thing that could not be learnt, and for an end that is near; empty for a good one."""
    from signing.report import Verdict

    return [finding_words(state, n, language) for n, one in enumerate(state.findings)
            if one.verdict is not Verdict.VALID or one.code == "dates_end_soon"]
