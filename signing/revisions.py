"""A signed PDF as it was when one of its signatures was made: the bytes up to the end of what that signature covers.

A PDF that only ever grew holds its earlier states whole (ISO 32000-2, 7.5.6): cutting the file where the signed byte
range ends gives the very file that was signed, signature included.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pyhanko.sign.fields import enumerate_sig_fields

from signing.errors import BadInput
from signing.files import CHUNK, reading, replacing
from signing.pdf import PARSER_ERRORS
from signing.signed_reader import open_signed


class NoSignedRevision(BadInput):
    """That signature does not say which bytes it covers. facts: file, field."""

    code = "verify.no_signed_revision"


@dataclass(frozen=True)
class SignedPart:
    """start: offset of the file's header, before which a mail gateway may have put something. length: bytes from there
    on that a signature covers, its own value included."""

    start: int
    length: int


def signed_part(stream: IO[bytes], name: str, field: str) -> SignedPart:
    """Which part of the file the signature in `field` covers.

    Raises: NotAPdf, Encrypted, Damaged, NoSignedRevision (no such signature, or an impossible byte range).
    """
    size = stream.seek(0, 2)
    opening = open_signed(stream, name)
    try:
        for found, value, _ in enumerate_sig_fields(opening.reader, filled_status=True):
            if str(found) == field:
                begins, first, second, length = (int(each) for each in value.get_object()["/ByteRange"])
                if begins == 0 < first <= second <= second + length <= size - opening.before:
                    return SignedPart(opening.before, second + length)
    except (*PARSER_ERRORS, ValueError) as error:
        raise NoSignedRevision(file=name, field=field) from error
    raise NoSignedRevision(file=name, field=field)


def extract_revision(source: Path, field: str, target: Path) -> Path:
    """Write what the signature in `field` was laid over to `target`, byte for byte.

    What stands before the header was not there when it was signed, and is left out.
    Raises: as `signed_part`, FileNotReadable, FolderNotWritable, DiskFull.
    """
    with reading(source) as stream:
        part = signed_part(stream, source.name, field)
        left = part.length
        stream.seek(part.start)
        with replacing(target) as copy:
            while left and (piece := stream.read(min(CHUNK, left))):
                copy.write(piece)
                left -= len(piece)
    return target
