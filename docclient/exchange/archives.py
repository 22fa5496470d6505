"""Looking into a ZIP without being harmed by it.

Only stored and deflated entries are opened (LZMA may ask for gigabytes of dictionary), names inside are never used as
paths, and what comes out is counted while it comes. Source: PKWARE APPNOTE 6.3 sections 4.3.16 and 4.4."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from docclient.exchange.problems import ProblemCode

CHUNK = 1 << 20
MAX_DIRECTORY = 1 << 18
"""Bytes of the central directory that is still opened: some 3,000 entries, more than any office file has."""
BOMB_SIZE = 16 << 20
BOMB_RATIO = 100
"""A file that grows more than hundredfold and past 16 MiB is a bomb; scans and texts stay far below."""

_END = struct.Struct("<4sHHHHIIH")
_ZIP64_LOCATOR = b"PK\x06\x07"
_FAULTS = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError,
           ValueError, OverflowError, struct.error, KeyError, IndexError, UnicodeError)


@dataclass(frozen=True, slots=True)
class OneEntry:
    """The only file of a ZIP: its extension (lower case, no dot); its bytes, or the problem that kept them inside."""

    extension: str
    content: bytes | None
    problem: ProblemCode | None = None


def entry_names(content: bytes) -> Sequence[str] | None:
    """The names of the files in a ZIP, folders left out; None when its directory is damaged or absurdly long."""
    infos = _infos(content)
    return None if infos is None else [info.filename for info in infos]


def only_entry(content: bytes, limit: int) -> OneEntry | None:
    """Open a ZIP that holds exactly one file; None when it holds another number of files or has no readable directory.

    Args:
        limit: bytes that may come out.
    """
    infos = _infos(content)
    if infos is None or len(infos) != 1:
        return None
    info = infos[0]
    extension = info.filename.replace("\\", "/").rpartition("/")[2]
    extension = extension.rpartition(".")[2].lower() if "." in extension else ""
    if info.flag_bits & 0x1:
        return OneEntry(extension, None, ProblemCode.ZIP_ENCRYPTED)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return OneEntry(extension, None, ProblemCode.ZIP_METHOD_UNKNOWN)
    return _read(content, info, extension, limit)


def _read(content: bytes, info: zipfile.ZipInfo, extension: str, limit: int) -> OneEntry:
    out = BytesIO()                    # grows in place and hands its bytes out without another copy
    size = 0
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(info) as stream:
            while piece := stream.read(CHUNK):
                size += len(piece)
                if is_bomb(len(content), size):
                    return OneEntry(extension, None, ProblemCode.ZIP_BOMB)
                if size > limit:
                    return OneEntry(extension, None, ProblemCode.CONTENT_TOO_LARGE)
                out.write(piece)
    except _FAULTS:
        return OneEntry(extension, None, ProblemCode.ZIP_DAMAGED)
    return OneEntry(extension, out.getvalue())


def is_bomb(packed: int, unpacked: int) -> bool:
    """Whether a file of `unpacked` bytes may not come out of `packed` ones."""
    return unpacked > BOMB_SIZE and unpacked > BOMB_RATIO * packed


def _infos(content: bytes) -> list[zipfile.ZipInfo] | None:
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 66_000))
    if end < 0 or len(content) < end + _END.size:
        return None
    directory_size = _END.unpack_from(content, end)[5]
    if directory_size > MAX_DIRECTORY or content[max(0, end - 20):end].startswith(_ZIP64_LOCATOR):
        return None                    # ZIP64 states a directory size of its own, and no office file needs it
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return [info for info in archive.infolist() if not info.is_dir()]
    except _FAULTS:
        return None
