"""What is asked of a signature, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from signing.certificates import CertificateFacts
from signing.keys import Scheme
from signing.levels import Level
from signing.order import Role
from signing.page import Box, Place
from signing.places import SEAL_DIAMETER_MM
from signing.report import FileReport
from signing.templates import Template
from signing.timestamps import TimestampService
from signing.trust import NOBODY, TrustStore

__all__ = ["Filling", "Level", "SignedFile", "SigningRequest"]


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """How to sign; the same for every file of a batch, but for `field` and `place`.

    field: an existing empty signature field, or the name of the one to make at `place`. place: where to make one.
    Without both, the role's own place is taken: the prepared field, or where it belongs on the page.
    image: the picture of signature or seal (PNG); copies and annexes never show one.
    agency: its name for the text of a copy. number_and_symbol: `15/QĐ-UBND` for the text of an annex.
    signed_at: the moment shown and claimed, aware; now without it.
    stamps: the time-stamp services, for every level but b-b. stamp_later: when none of them gives a stamp, or evidence
    cannot be had, the signature is kept at the level it reached, with a remark (`stamp_pending`, `evidence_pending`).
    online: whether evidence for b-lt and b-lta that `trust` does not hold may be fetched from the addresses in the
    certificates.
    trust: for checking what is in the file before and after; certificates in it also complete the signature's chain.
    strict_order: see `check_order`.
    template: shown instead of the role's own form; position, reason and `blanks` (name and value) fill it.
    seal_diameter_mm: of the seal whose place has to be made. look_first: what is drawn where is looked at first, and
    the result's warnings tell when it covers something.
    """

    role: Role = Role.PLAIN
    field: str | None = None
    place: Place | None = None
    image: Path | None = None
    level: Level = Level.B_B
    stamps: TimestampService | None = None
    stamp_later: bool = False
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
    template: Template | None = None
    position: str | None = None
    blanks: tuple[tuple[str, str], ...] = ()
    seal_diameter_mm: float = SEAL_DIAMETER_MM
    look_first: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """What the clerk's revision writes into its fields. number: as it is printed, `15`, without the symbol."""

    number: str
    issued: date


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A finished result. level: the one it has, which is below the one wanted while stamp or evidence are pending.
    page, box: of the new signature, None for an invisible one. report: of the finished file."""

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
