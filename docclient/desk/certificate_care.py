"""The certificate is looked at before it signs, once per batch (TT 15/2025 art. 5, S1, S8, S12)."""

from __future__ import annotations

from collections.abc import Callable

from docclient.errors import KeyTrouble
from docclient.words import Phrase
from signing.certificate_check import CertificateState, check_certificate
from signing.keys import Key
from signing.report import Verdict
from signing.trust import TrustStore

Checked = Callable[[CertificateState], bool]
"""Shown what was found; False: do not begin. What is invalid is refused whatever is answered."""


class CertificateRefused(KeyTrouble):
    """A revoked, expired or unfit certificate signs nothing. facts: certificate, finding (in words).

    `state`: everything that was found."""

    code = "certificate.refused"
    stops_batch = True

    def __init__(self, state: CertificateState) -> None:
        worst = next(one for one in state.findings if one.verdict is Verdict.INVALID)
        super().__init__(certificate=state.certificate.display_name, finding=Phrase(worst.words, dict(worst.facts)))
        self.state = state


def check_before(key: Key, trust: TrustStore, *, online: bool, checked: Checked | None) -> CertificateState | None:
    """What is found about the key's certificate now; None when the person would not begin with that.

    Takes up to `signing.certificate_check.DEADLINE_S` where the network is asked: keep it off the window's thread.
    Raises: CertificateRefused.
    """
    state = check_certificate(key.certificate, trust, others=key.other_certificates, online=online)
    agreed = checked is None or checked(state)
    if state.verdict is Verdict.INVALID:
        raise CertificateRefused(state)
    return state if agreed else None
