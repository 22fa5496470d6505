"""Which family a packet belongs to, and the header of the older ones.

Official letter 2803/BTTTT (SOAP, namespace of e-doc.vn), an older library of another vendor (inetcloud.vn), and
variants seen once (go.vn, one province's SOAP service) are recognised and shown with their header; their files are
not read."""

from __future__ import annotations

from lxml import etree

from docclient.exchange.edxml_tree import EDXML
from docclient.exchange.packet import Format

_OURS = frozenset({"edxml", "edxmlenvelope", "edxmlheader", "messageheader", "attachmentencoded"})
_CV2803_SIGNS = frozenset({"author", "contactinfo"})
_RENAMED = {"author": "SignerInfo", "function": "Position", "signer": "FullName"}


def recognise(root: etree._Element) -> Format | None:
    """The family by namespaces and element names; None when nothing of a packet is in the tree."""
    seen: set[tuple[str, str]] = set()
    for element in root.iter():
        if isinstance(element.tag, str):
            seen.add(_parts(element.tag))
    names = {name for _, name in seen}
    if any(namespace == EDXML and name in _OURS for namespace, name in seen):
        return Format.QCVN102
    for namespace, _ in seen:
        if "e-doc.vn" in namespace:
            return Format.CV2803
        if "inetcloud.vn" in namespace:
            return Format.INETCLOUD
    if any(not namespace and name in _OURS for namespace, name in seen):
        return Format.CV2803 if names & _CV2803_SIGNS and "envelope" in names else Format.QCVN102
    if names & (_OURS | {"sendmessage", "van-ban-qua-mang"}):
        return Format.OTHER
    return None


def with_usual_names(header: etree._Element) -> None:
    """Rename the elements of an older header to those that took their place, inside `header`."""
    for element in header.iter():
        if isinstance(element.tag, str) and (usual := _RENAMED.get(_parts(element.tag)[1])):
            element.tag = usual


def _parts(tag: str) -> tuple[str, str]:
    """Namespace and case-folded local name; a prefix left over in a salvaged name is dropped."""
    namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    if namespace.startswith("urn:undeclared:"):
        namespace = ""
    return namespace, name.rpartition(":")[2].casefold()
