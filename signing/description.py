"""What a file says of itself (title, author, PDF/A part …), in its information dictionary and its XMP packet.

The date of change and the program's name move with every save and say nothing: they are left out.
"""

from __future__ import annotations

from typing import Any

from lxml import etree
from pyhanko.pdf_utils import generic

from signing.pdf import PARSER_ERRORS, entry

SAYS_NOTHING = {"ModDate", "Producer", "ModifyDate", "MetadataDate", "InstanceID", "about"}
MOST_XMP = 4 << 20


def described_by(handler: Any) -> frozenset[tuple[str, str]]:
    """Name and value of every statement; `handler` is a reader or one of its earlier revisions."""
    return frozenset(_information(handler)) | frozenset(_xmp(handler))


def _information(handler: Any) -> list[tuple[str, str]]:
    information = entry(handler.trailer_view, "/Info")
    if not isinstance(information, generic.DictionaryObject):
        return []
    return [(key[1:], str(information[key])) for key in information if key[1:] not in SAYS_NOTHING]


def _xmp(handler: Any) -> list[tuple[str, str]]:
    packet = entry(handler.root, "/Metadata")
    try:
        data = packet.data if isinstance(packet, generic.StreamObject) else b""
        if not data or len(data) > MOST_XMP:
            return []
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, *PARSER_ERRORS):
        return [("unreadable", str(getattr(packet, "encoded_data", b""))[:200])]
    found = []
    for element in tree.iter(tag=etree.Element):
        pairs = [(element.tag, element.text or ""), *element.attrib.items()]
        found += [(name, text.strip()) for name, text in ((str(n), str(t)) for n, t in pairs)
                  if text.strip() and name.rsplit("}", 1)[-1] not in SAYS_NOTHING]
    return found
