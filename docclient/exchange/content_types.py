"""What a file is, told by its bytes: names and declared types of attachments are often wrong.

Sources of the marks: ISO 32000-1 7.5.2 (PDF), PKWARE APPNOTE 4.3 (ZIP), ECMA-376 part 2 (Office Open XML), OASIS
OpenDocument 1.2 part 3 (mimetype entry), MS-CFB 2.2 (older Office files).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from docclient.exchange.archives import entry_names

PDF = "application/pdf"
ZIP = "application/zip"
PACKET = "application/edxml+xml"
TEXT = "text/plain"
BYTES = "application/octet-stream"
PROGRAM = "application/x-executable"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
_PROGRAMS = (b"MZ", b"\x7fELF")
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_COMPOUND_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__substg1.0_", "application/vnd.ms-outlook"),
)
_PACKET_NAMESPACES = (b"http://www.mic.gov.vn/TBT/QCVN_102_2016", b"http://www.e-doc.vn/Schema/",
                      b"http://www.inetcloud.vn/ns/edxml", b"http://www.go.vn/eDoc")
_MARKUP = re.compile(rb"<(\?xml|[a-z_][\w:.-]*[\s>/])")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

EXTENSIONS: dict[str, frozenset[str]] = {
    PDF: frozenset({"pdf"}),
    ZIP: frozenset({"zip", "jar", "kmz"}),
    PACKET: frozenset({"edxml", "xml"}),
    "text/xml": frozenset({"xml", "edxml", "xsd", "xsl", "svg", "html", "htm"}),
    "text/html": frozenset({"html", "htm", "xls", "doc"}),     # report generators save HTML under Office names
    WORD: frozenset({"docx", "docm", "dotx", "dotm"}),
    SHEET: frozenset({"xlsx", "xlsm", "xltx", "xlsb"}),
    SLIDES: frozenset({"pptx", "pptm", "ppsx"}),
    "application/vnd.oasis.opendocument.text": frozenset({"odt", "ott"}),
    "application/vnd.oasis.opendocument.spreadsheet": frozenset({"ods", "ots"}),
    "application/vnd.oasis.opendocument.presentation": frozenset({"odp"}),
    "application/msword": frozenset({"doc", "dot"}),
    "application/vnd.ms-excel": frozenset({"xls", "xlt"}),
    "application/vnd.ms-powerpoint": frozenset({"ppt", "pps"}),
    "application/vnd.ms-outlook": frozenset({"msg"}),
    "application/x-cfb": frozenset({"doc", "xls", "ppt", "msg"}),
    "image/jpeg": frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    "image/png": frozenset({"png"}),
    "image/gif": frozenset({"gif"}),
    "image/tiff": frozenset({"tif", "tiff"}),
    "image/bmp": frozenset({"bmp"}),
    "application/rtf": frozenset({"rtf", "doc"}),              # Word opens RTF under .doc, and many save it so
    "application/vnd.rar": frozenset({"rar"}),
    "application/x-7z-compressed": frozenset({"7z"}),
    "application/gzip": frozenset({"gz", "tgz"}),
    PROGRAM: frozenset({"exe", "dll", "msi", "com", "scr", "sys"}),
}
"""Extensions under which each type usually travels."""

ZIP_BASED = frozenset({
    "zip", "docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xlsb", "pptx", "pptm", "ppsx", "odt", "ods", "odp",
    "odg", "ott", "ots", "epub", "jar", "kmz", "xps", "oxps", "vsdx", "asice", "asics", "bdoc",
})
"""Extensions of files that are ZIPs themselves: a one-entry ZIP under such a name need not be a wrapper."""


def extension_of(name: str) -> str:
    """The lower-case extension without the dot; empty when the name has none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lstrip(".").strip().lower()


def type_of(content: bytes) -> str:
    """The media type of a file, from its bytes alone; `application/octet-stream` when nothing tells. A program that is
    a PDF as well is a program: a PDF has no business beginning like one."""
    if content.startswith(_PROGRAMS):
        return PROGRAM
    if content[:1024].find(b"%PDF-") >= 0:          # readers accept the mark within the first kilobyte
        return PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _type_of_zip(content)
    if content.startswith(_COMPOUND_FILE):
        return _type_of_compound(content)
    for mark, media_type in _MARKS:
        if content.startswith(mark):
            return media_type
    if content.startswith(b"BM") and len(content) > 26 and int.from_bytes(content[2:6], "little") == len(content):
        return "image/bmp"
    return _type_of_text(content)


def known_by_name(name: str) -> bool:
    """Whether the extension promises a type that `type_of` can tell."""
    extension = extension_of(name)
    return extension == "txt" or any(extension in extensions for extensions in EXTENSIONS.values())


def name_fits(name: str, media_type: str) -> bool:
    """Whether a file of this type may carry this name; names without a telling extension fit everything."""
    if not known_by_name(name):
        return media_type != PROGRAM
    extension = extension_of(name)
    if media_type == TEXT:
        return extension == "txt"
    return extension in EXTENSIONS.get(media_type, frozenset())


def _type_of_zip(content: bytes) -> str:
    names: Sequence[str] = entry_names(content) or ()
    if "[Content_Types].xml" in names:
        for folder, media_type in (("word/", WORD), ("xl/", SHEET), ("ppt/", SLIDES)):
            if any(name.startswith(folder) for name in names):
                return media_type
    if names and names[0] == "mimetype" and content[30:38] == b"mimetype":
        for media_type in EXTENSIONS:
            if media_type.startswith("application/vnd.oasis.") and content[38:].startswith(media_type.encode()):
                return media_type
    return ZIP


def _type_of_compound(content: bytes) -> str:
    for stream, media_type in _COMPOUND_STREAMS:
        if content.find(stream.encode("utf-16-le")) >= 0:
            return media_type
    return "application/x-cfb"


def _type_of_text(content: bytes) -> str:
    if not content:
        return BYTES
    beginning = content[:65536]
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = beginning[: len(beginning) // 2 * 2].decode("utf-16")
        except UnicodeDecodeError:
            return BYTES
        beginning = text.encode("utf-8", "replace")
    if _CONTROL.search(beginning) or not _is_text(beginning):
        return BYTES
    stripped = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")
    head = stripped[:512].lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return "text/html"
    if head.startswith(b"<"):
        if any(namespace in stripped for namespace in _PACKET_NAMESPACES):
            return PACKET
        if _MARKUP.match(head):
            return "text/xml"
    return TEXT


def _is_text(beginning: bytes) -> bool:
    """UTF-8, or a one-byte Vietnamese encoding (TCVN3, VNI, Windows-1258): mostly letters, no control bytes."""
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_at_the_end = error.start >= len(beginning) - 3 and len(beginning) == 65536
        plain = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in beginning[:4096])
        return cut_at_the_end or plain > 0.6 * len(beginning[:4096])
    return True
