"""What is asked of a signature, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from signing.certificates import CertificateFacts
from signing.keys import Scheme
from signing.order import Role
from signing.page import Box, Place
from signing.report import FileReport
from signing.timestamps import TimestampService
from signing.trust import NOBODY, TrustStore


class Level(StrEnum):
    """ETSI EN 319 142-1, clause 6: signed; and time-stamped; and with its evidence; and all of that time-stamped."""

    B_B = "b-b"
    B_T = "b-t"
    B_LT = "b-lt"
    B_LTA = "b-lta"


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """How to sign; the same for every file of a batch, but for `field` and `place`.

    field: an existing empty signature field, or the name of the one to make at `place`. place: where to make one.
    Without both, the role's own place is taken: the prepared field, or where it belongs on the page.
    image: the picture of signature or seal (PNG); copies and annexes never show one.
    agency: its name for the text of a copy. number_and_symbol: `15/QĐ-UBND` for the text of an annex.
    signed_at: the moment shown and claimed, aware; now without it.
    stamps: the time-stamp service, for every level but b-b. online: whether evidence for b-lt and b-lta that `trust`
    does not hold may be fetched from the addresses in the certificates.
    trust: for checking what is in the file before and after; certificates in it also complete the signature's chain.
    strict_order: see `check_order`.
    """

    role: Role = Role.PLAIN
    field: str | None = None
    place: Place | None = None
    image: Path | None = None
    level: Level = Level.B_B
    stamps: TimestampService | None = None
    online: bool = True
    scheme: Scheme | None = None
    digest: str = "sha256"
    agency: str | None = None
    copy_form: str = "Sao y"
    number_and_symbol: str | None = None
    reason: str | None = None
    signed_at: datetime | None = None
    trust: TrustStore = NOBODY
    strict_order: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """What the clerk's revision writes into its fields. number: as it is printed, `15`, without the symbol."""

    number: str
    issued: date


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A finished result. page, box: of the new signature, None for an invisible one. report: of the finished file."""

    source: Path
    target: Path
    field: str
    level: Level
    page: int | None
    box: Box | None
    certificate: CertificateFacts
    sha256: str
    report: FileReport
    warnings: tuple[str, ...] = ()
