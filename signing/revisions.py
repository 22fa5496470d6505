"""A signed PDF as it was when one of its signatures was made: the bytes up to the end of what that signature covers.

A PDF that only ever grew holds its earlier states whole (ISO 32000-2, 7.5.6): cutting the file where the signed byte
range ends gives the very file that was signed, signature included.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

from pyhanko.sign.fields import enumerate_sig_fields

from signing.errors import BadInput
from signing.files import CHUNK, reading, replacing
from signing.pdf import PARSER_ERRORS, Damaged, open_reader


class NoSignedRevision(BadInput):
    """That signature does not say which bytes it covers. facts: file, field."""

    code = "verify.no_signed_revision"


def signed_length(stream: IO[bytes], name: str, field: str) -> int:
    """How many bytes from the file's beginning the signature in `field` covers, its own value included.

    Raises: NotAPdf, Encrypted, Damaged, NoSignedRevision (no such signature, or an impossible byte range).
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    try:
        reader = open_reader(stream, name, strict=True, with_empty_password=True)
    except Damaged:
        reader = open_reader(stream, name, with_empty_password=True)
    try:
        for found, value, _ in enumerate_sig_fields(reader, filled_status=True):
            if str(found) == field:
                begins, first, second, length = (int(each) for each in value.get_object()["/ByteRange"])
                if begins == 0 < first <= second <= second + length <= size:
                    return second + length
    except (*PARSER_ERRORS, ValueError) as error:
        raise NoSignedRevision(file=name, field=field) from error
    raise NoSignedRevision(file=name, field=field)


def extract_revision(source: Path, field: str, target: Path) -> Path:
    """Write what the signature in `field` was laid over to `target`, byte for byte.

    Raises: as `signed_length`, FileNotReadable, FolderNotWritable, DiskFull.
    """
    with reading(source) as stream:
        left = signed_length(stream, source.name, field)
        stream.seek(0)
        with replacing(target) as copy:
            while left and (piece := stream.read(min(CHUNK, left))):
                copy.write(piece)
                left -= len(piece)
    return target
