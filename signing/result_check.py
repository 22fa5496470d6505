"""What must hold of a written result before it takes its name.

It is opened again and read through once: it begins with every byte of the source, all its signatures are verified, and
what was appended leaves the pages and the marks of an archival file as they were.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pyhanko.pdf_utils.reader import PdfFileReader

from signing import own_result
from signing.cms_form import CmsForm
from signing.errors import Trouble
from signing.files import CHUNK
from signing.kept_pages import changed_besides
from signing.own_result import Made
from signing.pdf import PARSER_ERRORS, Damaged, open_reader
from signing.report import FileReport, Reason, Verdict
from signing.revision import SMALL, Measured, measure
from signing.sign_troubles import ResultNotSound
from signing.trust import TrustStore
from signing.verify import Digests, verify_stream


def report_before(source: IO[bytes], name: str, trust: TrustStore) -> FileReport:
    """What is found in the source. Raises NotAPdf, Damaged, Encrypted."""
    return verify_stream(source, name, trust, datetime.now(UTC), sha256="")


def check_result(path: Path, name: str, made: Made, before: FileReport, source: tuple[int, str], trust: TrustStore,
                 form: CmsForm | None) -> FileReport:
    """The report of the written file.

    Args:
        path: the file; it is opened anew. name: of the source, for reports and troubles.
        before: of the source. source: its size in bytes and its SHA-256.
        form: what all signatures of this kind have in common; None where there is no such thing.
    Raises: ResultNotSound, OSError.
    """
    with _opened(path) as (file, content), ThreadPoolExecutor(1) as beside:
        # a large file is read through beside the parser; for a small one a thread would cost more than it brings
        small = content is not None
        reading = _now(file, source[0], made) if small else beside.submit(_elsewhere, path, source[0], made)
        try:
            reader = _reader(file, content, made, name)
            if changed_besides(reader, source[0]) is not None:
                raise ResultNotSound(file=name, field="", reason="pages_changed")
            alone = form if not before.signatures else None
            known = alone is not None and own_result.knows(alone, trust)
            digests = _AsCopied(made, path.stat().st_size)
            found = None if known else _examined(file, made, before, name, trust, digests)
            measured = reading.result()
            if measured.beginning != source[1]:
                raise ResultNotSound(file=name, field="", reason="earlier_bytes_changed")
            if known and alone is not None:
                quickly = own_result.report_of(file, measured, made, alone, trust, name, reader)
                if quickly is not None:
                    return quickly
            found = replace(found or _examined(file, made, before, name, trust, digests), sha256=measured.sha256)
            if digests.asked and (measured.size, measured.signed) != (digests.size, made.signed):
                raise ResultNotSound(file=name, field=made.field, reason=Reason.HASH_FAILURE.value)
            if alone is not None:
                own_result.remember(alone, trust, made.certificate, found)
            return found
        except ResultNotSound:
            raise
        except Trouble as error:
            raise ResultNotSound(file=name, field=made.field, reason=error.code) from error
        except PARSER_ERRORS as error:
            if isinstance(error, OSError):
                raise
            raise ResultNotSound(file=name, field=made.field, reason=Damaged.code) from error


def source_facts(source: IO[bytes]) -> tuple[int, str]:
    """Size in bytes and SHA-256."""
    digest = hashlib.sha256()
    source.seek(0)
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    return source.tell(), digest.hexdigest()


class _AsCopied:
    """The digest that the copy had while it was written, for the examination that goes on beside the reading back.

    It stands for what lies on the disk only until that is read: then both must be the same. Any other digest is
    computed by whoever asks.
    """

    def __init__(self, made: Made, size: int) -> None:
        """size: of the result, in bytes."""
        self.size, self.asked, self._made = size, False, made

    def __call__(self, byte_range: tuple[int, ...], algorithm: str) -> bytes | None:
        first, behind = self._made.hole
        if byte_range != (0, first, behind, self.size - behind) or algorithm != self._made.digest:
            return None
        self.asked = True
        return self._made.signed


def _examined(file: IO[bytes], made: Made, before: FileReport, name: str, trust: TrustStore,
              digests: Digests) -> FileReport:
    """Every signature, each for itself; none may be worse than it was in the source."""
    after = verify_stream(file, name, trust, datetime.now(UTC), sha256="", digests=digests)
    found = {signature.field: signature for signature in after.signatures}
    if made.field not in found:
        raise ResultNotSound(file=name, field=made.field, reason="missing")
    for earlier in before.signatures:
        now = found.get(earlier.field)
        worse = now is None or (now.verdict is Verdict.INVALID and earlier.verdict is not Verdict.INVALID)
        if now is None or worse or now.intact != earlier.intact:
            raise ResultNotSound(file=name, field=earlier.field, reason=now.reason.value if now else "missing")
    own = found[made.field]
    if not own.intact or own.verdict is Verdict.INVALID:
        raise ResultNotSound(file=name, field=made.field, reason=own.reason.value)
    if made.last and not own.covers_whole_file:
        raise ResultNotSound(file=name, field=made.field, reason="bytes_not_covered")
    return after


def _reader(file: IO[bytes], content: bytes | None, made: Made, name: str) -> PdfFileReader:
    parsed = file
    if content is not None:
        with suppress(ValueError):
            parsed = own_result.without_hole(content, made.hole)
    try:
        return open_reader(parsed, name, strict=True)
    except Damaged:
        return open_reader(parsed, name)


def _now(file: IO[bytes], beginning: int, made: Made) -> Future[Measured]:
    done: Future[Measured] = Future()
    done.set_result(measure(file, beginning, made.hole, made.digest))
    return done


def _elsewhere(path: Path, beginning: int, made: Made) -> Measured:
    with path.open("rb") as file:
        return measure(file, beginning, made.hole, made.digest)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], bytes | None]]:
    """The file, and all it holds where that is little."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > SMALL:
            yield file, None
        else:
            content = file.read()
            yield io.BytesIO(content), content
