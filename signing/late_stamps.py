"""A stamp for what was signed without one: a document time-stamp in a revision of its own, then the evidence.

Whatever was in the file stays byte for byte; every signature is checked again before the result takes its name in one
step. A stamp over the whole document proves that all signatures in it existed by then.
Source: ETSI EN 319 142-1, clauses 5.4.3, 5.5 and 6; ISO 32000-2, 12.8.2.2 (whatever a certification forbids, document
time-stamps and validation data are no changes).
"""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pyhanko.pdf_utils.misc import PdfWriteError
from pyhanko.sign.general import SigningError

from signing.errors import BadInput, Trouble
from signing.files import (
    CHUNK,
    SameFile,
    begins_with,
    digest_of,
    new_part,
    reading,
    same_file,
    take_name,
    trouble_of_writing,
)
from signing.levels import Level
from signing.longterm import (
    EVIDENCE_PENDING,
    STAMP_PENDING,
    EvidenceMissing,
    add_evidence,
    add_stamp,
    level_reached,
    without_evidence,
)
from signing.order import BROKEN
from signing.pdf import open_reader
from signing.report import FileReport, SignatureKind, Verdict
from signing.sign_troubles import CannotBeSigned, EarlierSignatureBroken, ResultNotSound
from signing.timestamps import NoTimestamp, ServiceTimeStamper, TimestampService
from signing.trust import TrustStore
from signing.verify import verify_stream


class NothingSigned(BadInput):
    """There is no signature that a stamp could be for. facts: file."""

    code = "stamp.nothing_signed"


@dataclass(frozen=True, slots=True)
class StampedFile:
    """level: the lowest that a signature in the result has. added: what was appended, in order (`stamp`, `evidence`,
    `archive_stamp`); nothing when all was there already. stamped_at: the newest stamp's time, aware UTC. warnings:
    `stamp_pending`, `evidence_pending` when the wanted level is not reached yet."""

    source: Path
    target: Path
    level: Level
    added: tuple[str, ...]
    sha256: str
    report: FileReport
    stamped_at: datetime | None = None
    warnings: tuple[str, ...] = ()


def add_document_stamp(source: Path, target: Path, stamps: TimestampService, trust: TrustStore, *,
                       level: Level = Level.B_T, online: bool = True, digest: str = "sha256",
                       renew: bool = False) -> StampedFile:
    """Bring every signature in `source` up to `level` and write the result to `target`.

    Stamps and evidence that are there already are not asked for again, so that a second call goes on where the first
    was left. What could be had is kept even when the rest cannot be had now (`warnings`); nothing at all is an error.

    Args:
        target: may be `source` itself, which is then replaced in one step.
        online: whether evidence may be fetched from the addresses in the certificates.
        renew: with level b-lta, another archive stamp also where there is one: before its service's certificate ends
            or its algorithms weaken, the evidence for it and a fresh stamp are laid over it (EN 319 142-1, 5.5).
    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted, NothingSigned, EarlierSignatureBroken (the input);
        TimestampUnreachable, TimestampRefused, TimestampResting, EvidenceMissing; CannotBeSigned, ResultNotSound;
        SameFile (another name of the source), FolderNotWritable, DiskFull.
    """
    name = str(source)
    in_place = source.absolute() == target.absolute()
    if not in_place and same_file(source, target):
        raise SameFile(file=str(target))
    part = new_part(target)
    try:
        with reading(source) as original:
            before = verify_stream(original, name, trust, datetime.now(UTC), sha256="")
            _require_sound(before)
            try:
                with part.open("r+b") as output:
                    original.seek(0)
                    shutil.copyfileobj(original, output, CHUNK)
                    added, warnings = asyncio.run(_raised(output, name, level, trust, ServiceTimeStamper(stamps),
                                                          digest, online=online, renew=renew))
                    output.flush()
                    os.fsync(output.fileno())
                    after = _checked(output, original, before, trust, name)
                    sha256, reached = digest_of(output), _lowest(output, name)
            except OSError as error:
                raise trouble_of_writing(error, target.parent) from error
        if added or not in_place:
            take_name(part, target)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    times = [s.timestamp_time for s in after.signatures if s.timestamp_time is not None]
    return StampedFile(source, target, reached, added, sha256, replace(after, file=str(target), sha256=sha256),
                       max(times, default=None), warnings)


def lowest_level(path: Path) -> Level | None:
    """The lowest level that a signature in the file has; None when nothing is signed. Raises as `open_reader`."""
    with reading(path) as stream:
        reader = open_reader(stream, str(path), with_empty_password=True)
        return _lowest(stream, str(path)) if reader.embedded_regular_signatures else None


async def _raised(output: IO[bytes], name: str, level: Level, trust: TrustStore, stamper: ServiceTimeStamper,
                  digest: str, *, online: bool, renew: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was appended, and what is still to come."""
    added: list[str] = []
    if _lowest(output, name) is Level.B_LTA and not renew:
        return (), ()   # the last stamp never has evidence of its own: the next one, years later, brings it
    try:
        if _lowest(output, name) is Level.B_B and level is not Level.B_B:
            await add_stamp(output, name, digest, stamper)
            added.append("stamp")
        if level.rank >= Level.B_LT.rank:
            for field in without_evidence(open_reader(output, name)):
                await add_evidence(output, name, field, trust, online=online)
                added = [*added, "evidence"] if "evidence" not in added else added
        if level is Level.B_LTA and (renew or _lowest(output, name) is not Level.B_LTA):
            await add_stamp(output, name, digest, stamper)
            added.append("archive_stamp")
    except EvidenceMissing:
        if not added:
            raise
        return tuple(added), (EVIDENCE_PENDING,)
    except NoTimestamp:
        if not added:
            raise
        return tuple(added), (STAMP_PENDING,)
    except (SigningError, PdfWriteError) as error:
        raise CannotBeSigned(file=name, reason=type(error).__name__) from error
    return tuple(added), ()


def _lowest(stream: IO[bytes], name: str) -> Level:
    reader = open_reader(stream, name)
    return min((level_reached(reader, s) for s in reader.embedded_regular_signatures), key=lambda found: found.rank)


def _require_sound(before: FileReport) -> None:
    """A stamp would lend a changed document a date that it does not deserve."""
    if not any(s.kind is not SignatureKind.TIMESTAMP for s in before.signatures):
        raise NothingSigned(file=before.file)
    for signature in before.signatures:
        if signature.verdict is Verdict.INVALID and (signature.reason in BROKEN or not signature.intact):
            raise EarlierSignatureBroken(file=before.file, field=signature.field, reason=signature.reason.value)


def _checked(output: IO[bytes], original: IO[bytes], before: FileReport, trust: TrustStore, name: str) -> FileReport:
    """The report of the result. Raises ResultNotSound unless the old bytes begin it and no signature is worse."""
    if not begins_with(output, original):
        raise ResultNotSound(file=name, field="", reason="earlier_bytes_changed")
    try:
        after = verify_stream(output, name, trust, datetime.now(UTC), sha256="")
    except Trouble as error:
        raise ResultNotSound(file=name, field="", reason=error.code) from error
    made = {signature.field: signature for signature in after.signatures}
    for earlier in before.signatures:
        now = made.pop(earlier.field, None)
        worse = now is None or (now.verdict is Verdict.INVALID and earlier.verdict is not Verdict.INVALID)
        if now is None or worse or now.intact != earlier.intact:
            raise ResultNotSound(file=name, field=earlier.field, reason=now.reason.value if now else "missing")
    for new in made.values():
        if new.kind is not SignatureKind.TIMESTAMP or not new.intact or new.verdict is Verdict.INVALID:
            raise ResultNotSound(file=name, field=new.field, reason=new.reason.value)
    return after
