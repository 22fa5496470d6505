"""From the text of `ContentTransferEncoded` to the file the sender meant.

Real packets disagree about everything but base64, so that the bytes decide (QCVN 102 as found in traffic): a one-
entry ZIP is a wrapper unless the name says that the file is a ZIP itself; declared types are compared, never
believed."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docclient.exchange.archives import entry_names, only_entry
from docclient.exchange.content_types import (
    BYTES,
    PACKET,
    PROGRAM,
    TEXT,
    ZIP,
    ZIP_BASED,
    extension_of,
    known_by_name,
    name_fits,
    type_of,
)
from docclient.exchange.names import is_unsafe
from docclient.exchange.problems import Problem, ProblemCode

UNDECODABLE = "undecodable"
MISSING = "missing"

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_SPACE = b" \t\r\n\x0b\x0c"
_IGNORED = _BASE64 + _SPACE
_DATA_URI = re.compile(rb"\s*data:[\w.+/;=-]{0,100};base64,")
_STEP = 1 << 20
_SHORTEST = 48
_REPLACED = b"\xef\xbf\xbd"
_GENERIC = {"application/octet-stream", "application/binary", "binary/octet-stream", "application/unknown", "unknown",
            "file", "application/x-download", "application/force-download", "multipart/form-data"}
_ZIP_NAMES = {"application/zip", "application/x-zip-compressed", "application/x-zip", "zip", ".zip"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """content: None when nothing could be decoded. wrapped: it came out of a one-entry ZIP."""

    content: bytes | None
    actual_type: str
    wrapped: bool
    problems: tuple[Problem, ...]


def decode(encoded: Sequence[bytes | memoryview], name: str, declared_type: str | None, limit: int) -> Decoded:
    """Decode one payload.

    Args:
        encoded: the element's text in pieces, as it stands in the packet.
        name: the attachment's name; only its extension counts.
        limit: bytes that the file may have.
    """
    payload, problems = decode_base64(encoded)
    if payload is None:
        return Decoded(None, UNDECODABLE, False, problems)
    if 0 < len(payload) < _SHORTEST and type_of(payload) in {BYTES, TEXT} and not _is_plain_text(payload):
        # no office file is so short and means nothing: a word of a template that happens to decode
        return Decoded(None, UNDECODABLE, False, (Problem(ProblemCode.NOT_BASE64),))
    if has_replaced_bytes(payload):
        problems += (Problem(ProblemCode.REPLACEMENT_CHARACTERS),)
    content, wrapped, more = unwrap(payload, name, limit)
    problems += more
    if wrapped and has_replaced_bytes(content):
        problems += (Problem(ProblemCode.REPLACEMENT_CHARACTERS),)
    if len(content) > limit:
        return Decoded(None, UNDECODABLE, False, (*problems, Problem(ProblemCode.CONTENT_TOO_LARGE, str(len(content)))))
    actual = type_of(content)
    return Decoded(content, actual, wrapped, problems + examine(name, content, actual)
                   + compare_types(declared_type, actual, wrapped))


def decode_base64(encoded: Sequence[bytes | memoryview]) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes behind base64 text with white space anywhere; None and a problem when it is something else."""
    pieces = [piece for piece in encoded if len(piece)]
    if not pieces:
        return b"", ()
    problems: tuple[Problem, ...] = ()
    if found := _DATA_URI.match(bytes(pieces[0][:200])):
        pieces[0] = pieces[0][found.end():]
        problems = (Problem(ProblemCode.BASE64_REPAIRED, "data:"),)
    letters, strange, beyond_padding = _survey(pieces)
    if strange:
        return None, (Problem(ProblemCode.NOT_BASE64, f"{strange} characters"),)
    whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
    if beyond_padding:
        return _decode_in_parts(bytes(whole)), (*problems, Problem(ProblemCode.DATA_AFTER_PADDING, str(beyond_padding)))
    try:
        return binascii.a2b_base64(whole), problems
    except binascii.Error:             # the padding is missing, or short, or the text was cut
        if letters * 3 // 4 < _SHORTEST:   # "string", "noidung": a word of a template that nobody replaced
            return None, (Problem(ProblemCode.NOT_BASE64),)
        code = ProblemCode.BASE64_TRUNCATED if letters % 4 == 1 else ProblemCode.BASE64_REPAIRED
        return _decode_in_parts(bytes(whole)), (*problems, Problem(code, f"{letters} characters"))


def _decode_in_parts(text: bytes) -> bytes:
    """Base64 that was padded in the middle (written in blocks) or not at all; a last lone character carries no byte."""
    parts = (part for part in text.translate(None, _SPACE).split(b"=") if part)
    return b"".join(binascii.a2b_base64(part[: len(part) - (len(part) % 4 == 1)] + b"==") for part in parts)


def _survey(pieces: Sequence[bytes | memoryview]) -> tuple[int, int, int]:
    """Base64 letters, strange characters, and the letters that come after a padding."""
    letters = strange = beyond = 0
    padded = False
    for step in _steps(pieces):
        strange += len(step.translate(None, _IGNORED))
        clean = step.translate(None, _SPACE)
        in_step = len(clean) - clean.count(b"=")
        if padded:
            beyond += in_step
        elif (at := clean.find(b"=")) >= 0:
            padded = True
            beyond += in_step - at
        letters += in_step
    return letters, strange, beyond


def _steps(pieces: Sequence[bytes | memoryview]) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), _STEP):
            yield bytes(piece[start:start + _STEP])


def _is_plain_text(payload: bytes) -> bool:
    try:
        return payload.decode("utf-8").replace("\n", "").replace("\r", "").replace("\t", "").isprintable()
    except UnicodeDecodeError:
        return False


def has_replaced_bytes(content: bytes) -> bool:
    """Whether bytes were lost to U+FFFD on the way (a file that somebody's program treated as text).

    One such character is no proof: a text may quote it, and chance makes one in 16 MiB of a compressed file. A run of
    them, or one in a thousand bytes, is.
    """
    if content.find(_REPLACED * 2) >= 0:
        return True
    return content.count(_REPLACED) >= max(3, len(content) / 1000) if len(content) < _STEP else False


def unwrap(payload: bytes, name: str, limit: int) -> tuple[bytes, bool, tuple[Problem, ...]]:
    """The file inside a one-entry ZIP; the payload itself, False, where it is no wrapper or cannot be opened."""
    if not payload.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return payload, False, ()
    extension = extension_of(name)
    entry = only_entry(payload, limit)
    if entry is None:
        return payload, False, () if extension in ZIP_BASED and entry_names(payload) else _why_not_one(payload)
    if extension in ZIP_BASED and entry.extension != extension:
        return payload, False, ()      # a ZIP, or an Office file, that happens to hold one entry
    if entry.content is None:
        return payload, False, (Problem(entry.problem or ProblemCode.ZIP_DAMAGED),)
    return entry.content, True, ()


def _why_not_one(payload: bytes) -> tuple[Problem, ...]:
    names = entry_names(payload)
    if names is None:
        return (Problem(ProblemCode.ZIP_DAMAGED),)
    if not names:
        return (Problem(ProblemCode.ZIP_EMPTY),)
    return () if type_of(payload) != ZIP else (Problem(ProblemCode.ZIP_MANY_ENTRIES, str(len(names))),)


def examine(name: str, content: bytes, actual: str) -> tuple[Problem, ...]:
    """What a person should know before opening a file of this name."""
    found: list[Problem] = []
    if not content:
        found.append(Problem(ProblemCode.CONTENT_EMPTY))
    if is_unsafe(name):
        found.append(Problem(ProblemCode.NAME_UNSAFE))
    if actual == PACKET:
        found.append(Problem(ProblemCode.NESTED_PACKET))
    if actual == PROGRAM:
        found.append(Problem(ProblemCode.PROGRAM_INSIDE))
    if content and known_by_name(name) and not name_fits(name, actual) and actual != PROGRAM:
        found.append(Problem(ProblemCode.NAME_AND_TYPE_DIFFER, f"{extension_of(name)}: {actual}"))
    return tuple(found)


def compare_types(declared: str | None, actual: str, wrapped: bool) -> tuple[Problem, ...]:
    """Where the declared type says something else than the bytes."""
    said = (declared or "").partition(";")[0].strip().lower()
    if not said or said in _GENERIC:
        return ()
    if said in _ZIP_NAMES:
        fits = wrapped or actual == ZIP or "openxmlformats" in actual or "opendocument" in actual
        return () if fits else (Problem(ProblemCode.DECLARED_TYPE_DIFFERS, f"{said}: {actual}"),)
    found: tuple[Problem, ...] = (Problem(ProblemCode.ZIP_NOT_DECLARED, said),) if wrapped else ()
    if said != actual and not _same_family(said, actual):
        found += (Problem(ProblemCode.DECLARED_TYPE_DIFFERS, f"{said}: {actual}"),)
    return found


def _same_family(said: str, actual: str) -> bool:
    """Types that mean the same file, or are too vague to contradict (vnd.ms-word for msword)."""
    if actual == BYTES or "/" not in said:
        return said.strip(".") in actual or actual == BYTES or name_fits(f"x.{said.strip('.')}", actual)
    if actual == TEXT:
        return said.startswith("text/") or said in {"application/json", "application/xml"}
    aliases = {"application/x-pdf": "application/pdf", "application/vnd.ms-word": "application/msword",
               "application/doc": "application/msword", "image/jpg": "image/jpeg", "image/tif": "image/tiff",
               "application/x-rar-compressed": "application/vnd.rar", "application/excel": "application/vnd.ms-excel",
               "application/xml": "text/xml", "text/rtf": "application/rtf"}
    return aliases.get(said) == actual or (said == "application/xml" and actual == PACKET)
