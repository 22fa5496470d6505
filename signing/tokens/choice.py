"""Which token, and which certificate on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from signing.certificates import CertificateNotUsable, CertificateUnreadable
from signing.errors import Trouble
from signing.tokens.listing import ListedCertificate, ListedToken, newest_first
from signing.tokens.troubles import CertificateNotFound, SeveralCertificates, SeveralTokens, TokenAbsent


@dataclass(frozen=True, slots=True)
class Hidden:
    """A certificate that is not offered, and the trouble that says why (its words explain and advise)."""

    token: ListedToken
    certificate: ListedCertificate
    why: Trouble


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person can choose from; authorities' certificates are in neither list."""

    usable: tuple[tuple[ListedToken, ListedCertificate], ...]
    hidden: tuple[Hidden, ...]


def choices(tokens: Iterable[ListedToken], at: datetime) -> Choices:
    """Every holder's certificate on the tokens, each device once: what may sign at the aware time `at` and what not."""
    usable: list[tuple[ListedToken, ListedCertificate]] = []
    hidden: list[Hidden] = []
    for token in distinct(tokens):
        for one in newest_first(token.certificates):
            if one.facts is None:
                hidden.append(Hidden(token, one, CertificateUnreadable()))
            elif not one.facts.is_authority:
                try:
                    one.facts.require_usable(at)
                    usable.append((token, one))
                except CertificateNotUsable as why:
                    hidden.append(Hidden(token, one, why))
    return Choices(tuple(usable), tuple(hidden))


def choose_token(tokens: Sequence[ListedToken], wanted: str | None, certificate: str | None,
                 at: datetime) -> ListedToken:
    """The token called `wanted` (label or serial); without a name, the only one with a certificate that can be meant.

    Raises: TokenAbsent, SeveralTokens.
    """
    present = [token for token in tokens if token.initialised]
    if wanted is not None:
        meant = [token for token in present if token.answers_to(wanted)]
    elif certificate is not None:
        meant = [token for token in present if any(one.answers_to(certificate) for one in token.certificates)]
    else:
        meant = [token for token in present if token.usable(at)]
        meant = meant or [token for token in present if not token.certificates and not token.hindrance]
    if len(meant) > 1 and certificate is not None:
        meant = [token for token in meant if any(one.answers_to(certificate) for one in token.certificates)] or meant
    if not meant:
        raise TokenAbsent(token=wanted or "")
    if len(meant) > 1:
        raise SeveralTokens(token=wanted or "", serials=", ".join(token.serial for token in meant))
    return meant[0]


def choose_initialised(tokens: Sequence[ListedToken], wanted: str | None) -> ListedToken:
    """The token called `wanted` (label or serial), whatever it holds; without a name, the only one that is set up.

    Raises: TokenAbsent, SeveralTokens.
    """
    present = [token for token in tokens if token.initialised]
    meant = [token for token in present if wanted is None or token.answers_to(wanted)]
    if not meant:
        raise TokenAbsent(token=wanted or "")
    if len(meant) > 1:
        raise SeveralTokens(token=wanted or "", serials=", ".join(token.serial for token in meant))
    return meant[0]


def find_certificate(tokens: Iterable[ListedToken], fingerprint: str,
                     serial: str | None = None) -> tuple[ListedToken, ListedCertificate] | None:
    """Where this very certificate is, in whatever module and slot; on the token `serial` if that has it too.

    Args:
        fingerprint: SHA-256 of the certificate, hexadecimal.
    """
    found = [(token, one) for token in tokens if token.initialised for one in token.certificates
             if one.facts is not None and one.facts.fingerprint == fingerprint]
    return next((pair for pair in found if pair[0].serial == serial), found[0] if found else None)


def distinct(tokens: Iterable[ListedToken]) -> list[ListedToken]:
    """Each device once: re-badged drivers that are installed side by side all show the same token. The first counts."""
    once: dict[tuple[str, ...], ListedToken] = {}
    for token in tokens:
        known = (token.serial, token.label) if token.serial else (token.module, str(token.slot))
        once.setdefault(known, token)
    return list(once.values())


def choose_certificate(certificates: Sequence[ListedCertificate], wanted: str | None, at: datetime,
                       token: str) -> ListedCertificate:
    """The certificate called `wanted` (id, fingerprint or serial, hexadecimal); without a name, the only usable one.

    A renewed certificate that kept the id stands for the old one. A named certificate that may not sign is chosen
    all the same: the caller says why it cannot be used.

    Raises: CertificateNotFound, SeveralCertificates.
    """
    readable = newest_first([one for one in certificates if one.facts is not None])
    if wanted is not None:
        meant = [one for one in readable if one.answers_to(wanted)]
        if not meant:
            raise CertificateNotFound(token=token, certificate=wanted)
        return next((one for one in meant if one.why_not(at) is None), meant[0])
    usable = [one for one in readable if one.why_not(at) is None]
    if len({one.id for one in usable}) > 1:
        raise SeveralCertificates(token=token, ids=", ".join(one.id for one in usable))
    if usable:
        return usable[0]
    own = [one for one in readable if one.facts is not None and not one.facts.is_authority]
    if len(own) != 1:
        raise CertificateNotFound(token=token, certificate="")
    return own[0]
