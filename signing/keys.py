"""What the signer asks of a key, wherever it lives: a token's process, a PKCS#12 file, a remote service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Scheme(StrEnum):
    """How a signature value is computed (TT 15/2025 Annex I; files in circulation use PKCS#1 v1.5)."""

    RSA_PKCS1 = "rsassa_pkcs1v15"
    RSA_PSS = "rsassa_pss"
    ECDSA = "ecdsa"


@dataclass(frozen=True, slots=True)
class TokenIdentity:
    """Which device holds the key: enough to know it again after it was unplugged."""

    label: str
    serial: str
    module: str


@runtime_checkable
class Key(Protocol):
    """An unlocked private key with its certificate.

    `sign` blocks for as long as the device takes: keep it off the window's thread. One operation at a time per key.
    """

    @property
    def certificate(self) -> bytes:
        """The signer's certificate, DER."""

    @property
    def other_certificates(self) -> Sequence[bytes]:
        """Further certificates stored beside the key (issuers), DER; often empty on Vietnamese tokens."""

    @property
    def token(self) -> TokenIdentity | None:
        """The device, or None for a key file."""

    @property
    def schemes(self) -> Sequence[Scheme]:
        """What the key really offers, best first; PKCS#1 v1.5 before PSS."""

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        """The raw signature value over `message`.

        Args:
            message: the bytes to be signed, not their digest (the CMS signed attributes, DER).
            digest: "sha256", "sha384" or "sha512".
            scheme: one of `schemes`.
        Returns: PKCS#1 octets for RSA; the DER-encoded (r, s) of X9.62 for ECDSA.
        Raises: KeyTrouble and its children: token gone, module dead, time over, login lost.
        """

    def close(self) -> None:
        """Log out and let the device go. May be called twice."""
