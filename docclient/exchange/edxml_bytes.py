"""The bytes of a packet before any XML parser sees them: find the document, name its encoding, lift the long texts out.

A packet is a few kilobytes of header around megabytes of base64. The long texts are lifted out first and a short
token is left in their place, so that the parser works on the small rest with all its safety limits on, a damaged
structure cannot take the files with it, and a payload is decoded straight from the bytes that were read, without a
copy."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from docclient.exchange.errors import NotXml, PacketTooComplex
from docclient.exchange.problems import Problem, ProblemCode

LONG_TEXT = 2048
"""Bytes of a text from which on it is lifted out."""
MOST_TAGS = 100_000
LARGEST_SKELETON = 8 << 20
_STRAY_LIMIT = 4096

_DECLARATION = re.compile(rb"<\?xml(?=\s)([^<>]*?)\?>", re.I)
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.I)
_FIRST_TAG = re.compile(rb"<(?:\?xml\b|!--|!DOCTYPE\b|[A-Za-z_])", re.I)
_TAG_REST = re.compile(rb"""[^<>"']*+(?:"[^"<]*+"[^<>"']*+|'[^'<]*+'[^<>"']*+)*+>""")
_OTHER_FILES = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"Rar!",
                b"7z\xbc\xaf")
_PAIRS = {b"<!--": b"-->", b"<?": b"?>", b'"': b'"', b"'": b"'"}
_DOCTYPE_MARK = re.compile(rb"<!--|<\?|[\"'\[\]>]")
_ROOT_TAG = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_SPACE = re.compile(rb"\s*")
_REFERENCE = re.compile(rb"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);")
_NAMED = {b"amp": b"&", b"lt": b"<", b"gt": b">", b"quot": b'"', b"apos": b"'"}
_ONE_BYTE_ENCODINGS = {"windows-1258": "cp1258", "windows-1252": "cp1252", "iso-8859-1": "latin-1", "us-ascii": "ascii",
                       "ascii": "ascii", "latin1": "latin-1"}


@dataclass(slots=True)
class Lifted:
    """One long text: where it stands in the source, and whether it stood in a CDATA section (no references inside)."""

    start: int
    end: int
    literal: bool


@dataclass(slots=True)
class Skeleton:
    """xml: the document without its declaration and its long texts. source: the bytes that `lifted` points into."""

    xml: bytes
    source: bytes = field(repr=False)
    lifted: list[Lifted]
    mark: str
    problems: list[Problem]

    def pieces(self, text: str) -> Iterator[bytes | memoryview]:
        """`text` of an element as bytes, its tokens replaced by what was lifted out; without a copy where possible."""
        position = 0
        for found in re.finditer(f"{self.mark}:(\\d+);", text):
            if between := text[position:found.start()]:
                yield between.encode("utf-8", "surrogatepass")
            position = found.end()
            if (number := int(found[1])) < len(self.lifted):
                yield self._lifted(self.lifted[number])
        if rest := text[position:]:
            yield rest.encode("utf-8", "surrogatepass")

    def whole(self, text: str, longest: int) -> tuple[str, ProblemCode | None]:
        """`text` with its tokens replaced; and what is wrong when it was cut at `longest` bytes or is no UTF-8."""
        if self.mark not in text:
            return (text, None) if len(text) <= longest else (text[:longest], ProblemCode.VALUE_CUT)
        kept = bytearray()
        for piece in self.pieces(text):
            kept += piece[: longest + 1 - len(kept)]
            if len(kept) > longest:
                return bytes(kept[:longest]).decode("utf-8", "ignore"), ProblemCode.VALUE_CUT
        try:
            return kept.decode("utf-8"), None
        except UnicodeDecodeError:
            return kept.decode("utf-8", "replace"), ProblemCode.ENCODING_DAMAGED

    def reaches_end(self, text: str) -> bool:
        """Whether a lifted part of `text` runs to the very end of the source: the file was cut there."""
        return any(self.lifted[int(found[1])].end >= len(self.source)
                   for found in re.finditer(f"{self.mark}:(\\d+);", text) if int(found[1]) < len(self.lifted))

    def _lifted(self, where: Lifted) -> bytes | memoryview:
        view = memoryview(self.source)[where.start:where.end]
        if where.literal or self.source.find(b"&", where.start, where.end) < 0:
            return view
        return _REFERENCE.sub(_character, bytes(view))


def skeleton_of(data: bytes, file: str) -> Skeleton:
    """Prepare the bytes of a packet for parsing.

    Raises: NotXml, PacketTooComplex (`file` names it in their facts).
    """
    problems: list[Problem] = []
    text = _as_utf8(data)
    start = _start(text, file, problems)
    declaration = _DECLARATION.match(text, start)
    if declaration:
        start = declaration.end()
    text, start = _transcoded(text, start, declaration[1] if declaration else b"", problems)
    end = _end(text, start, problems)
    start = _skip_doctype(text, start, problems)
    if text.count(b"<", start, end) > MOST_TAGS:
        raise PacketTooComplex(file=file, limit=MOST_TAGS)
    mark = f"text-{uuid.uuid4().hex}"
    parts: list[bytes] = []
    lifted: list[Lifted] = []
    _lift(text, start, end, mark.encode(), parts, lifted)
    if sum(map(len, parts)) > LARGEST_SKELETON:
        raise PacketTooComplex(file=file, limit=LARGEST_SKELETON)
    return Skeleton(b"".join(parts), text, lifted, mark, problems)


def _as_utf8(data: bytes) -> bytes:
    """UTF-16 turned into UTF-8; everything else as it is, without its byte order mark (kept by offset, not copied)."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[2:].decode(encoding, "replace").encode()
    for beginning, encoding in ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be")):
        if data.startswith(beginning):
            return data.decode(encoding, "replace").encode()
    return data


def _start(text: bytes, file: str, problems: list[Problem]) -> int:
    """Where the document begins: `<?xml` within the first kilobytes, otherwise the first tag."""
    if text.startswith(_OTHER_FILES):
        raise NotXml(file=file)
    found = _FIRST_TAG.search(text, 0, _STRAY_LIMIT)
    if found is None:
        raise NotXml(file=file)
    at = found.start()
    if text[:at].removeprefix(b"\xef\xbb\xbf").strip():
        # among stray text a "<word" may be anything (a MIME part's id); the declaration is sure
        declaration = text.find(b"<?xml", 0, _STRAY_LIMIT)
        at = declaration if declaration >= 0 else at
    stray = text[:at].removeprefix(b"\xef\xbb\xbf")
    if stray:
        problems.append(Problem(ProblemCode.STRAY_BYTES_BEFORE, str(len(stray))))
    return at


def _transcoded(text: bytes, start: int, declaration: bytes, problems: list[Problem]) -> tuple[bytes, int]:
    """The text as UTF-8. A declared one-byte encoding counts only where the bytes are not UTF-8 already."""
    found = _ENCODING.search(declaration)
    declared = found[1].decode("ascii", "replace").lower() if found else "utf-8"
    if declared in {"utf-8", "utf8"} or declared.startswith(("utf-16", "unicode")):
        return text, start
    if text.isascii():
        return text, start
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        codec = _ONE_BYTE_ENCODINGS.get(declared)
        if codec is None:
            return text, start
        return text[start:].decode(codec, "replace").encode(), 0
    problems.append(Problem(ProblemCode.ENCODING_MISLABELLED, declared))
    return text, start


def _end(text: bytes, start: int, problems: list[Problem]) -> int:
    """Where the document ends: after the last tag. What follows is stray; white space and NULs after it are nothing."""
    end = text.rfind(b">", start) + 1
    if end <= start:
        return len(text)
    root = _ROOT_TAG.search(text, start)
    if root:
        closing = text.rfind(b"</" + root[1], start)
        after = text.find(b">", closing) + 1 if closing >= 0 else 0
        if after and not text[closing + 2 + len(root[1]):after - 1].strip():
            end = after
        elif text[end:].strip(b" \t\r\n\x00"):
            return len(text)           # no closing tag, text up to the end: a cut file; the parser shall see all of it
    stray = text[end:].strip(b" \t\r\n\x00")
    if stray:
        problems.append(Problem(ProblemCode.STRAY_BYTES_AFTER, str(len(stray))))
    return end


def _skip_doctype(text: bytes, start: int, problems: list[Problem]) -> int:
    """The place after a document type declaration, which is never read: entities and outside files come through it."""
    position = _skip_prolog(text, start)
    if text[position:position + 9].upper() != b"<!DOCTYPE":
        return start
    problems.append(Problem(ProblemCode.DOCTYPE_IGNORED))
    depth = 0
    while found := _DOCTYPE_MARK.search(text, position):
        mark, position = found[0], found.end()
        if mark in _PAIRS:
            close = text.find(_PAIRS[mark], position)
            if close < 0:
                break
            position = close + len(_PAIRS[mark])
        elif mark == b">" and depth <= 0:
            return position
        else:
            depth += (mark == b"[") - (mark == b"]")
    root = _ROOT_TAG.search(text, start + 9)
    return root.start() if root else start


def _skip_prolog(text: bytes, start: int) -> int:
    """The place after white space, comments and processing instructions."""
    position = start
    while found := _SPACE.match(text, position):
        position = found.end()
        pair = next((pair for pair in (b"<!--", b"<?") if text.startswith(pair, position)), None)
        close = text.find(_PAIRS[pair], position) if pair else -1
        if pair is None or close < 0:
            break
        position = close + len(_PAIRS[pair])
    return position


def _lift(text: bytes, start: int, end: int, mark: bytes, parts: list[bytes], lifted: list[Lifted]) -> None:
    """Split text[start:end] into `parts` with a token for each long text, whose place goes to `lifted`."""
    copied = start

    def lift(begin: int, stop: int, resume: int, literal: bool) -> None:
        nonlocal copied
        parts.append(text[copied:begin])
        parts.append(b"%b:%d;" % (mark, len(lifted)))
        lifted.append(Lifted(begin, stop, literal))
        copied = resume

    last_comment = text.rfind(b"-->", start, end)
    tag = text.find(b"<", start, end)
    while tag >= 0:
        if text.startswith(b"<![CDATA[", tag):
            close = text.find(b"]]>", tag + 9, end)
            stop = close if close >= 0 else end
            after = close + 3 if close >= 0 else end
            if stop - tag > LONG_TEXT:
                parts.append(text[copied:tag])
                copied = tag + 9
                lift(tag + 9, stop, after, literal=True)
            begin = after
        elif text.startswith(b"<!--", tag) and last_comment >= tag + 4:
            begin = text.find(b"-->", tag + 4, end) + 3
        else:
            begin = _after_tag(text, tag, end)
        following = text.find(b"<", begin, end)
        stop = following if following >= 0 else end
        if stop - begin > LONG_TEXT:
            lift(begin, stop, stop, literal=False)
        tag = following
    parts.append(text[copied:end])


def _after_tag(text: bytes, tag: int, end: int) -> int:
    """The place after the tag that opens at `tag`: behind its ">" outside quotes, or the first if quotes are broken."""
    if found := _TAG_REST.match(text, tag + 1, end):
        return found.end()
    following = text.find(b"<", tag + 1, end)
    close = text.find(b">", tag + 1, following if following >= 0 else end)
    return close + 1 if close >= 0 else tag + 1


def _character(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if not name.startswith(b"#"):
        return _NAMED[name]
    number = int(name[2:], 16) if name[1:2] in b"xX" else int(name[1:])
    return chr(number).encode("utf-8", "replace") if number < 0x110000 else b""
