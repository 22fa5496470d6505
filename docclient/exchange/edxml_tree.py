"""From the skeleton of a packet to a tree: strictly, then with the forgotten prefixes declared, then what can be saved.

Entities, document types, networks and lax limits are off (libxml2 through lxml); the last step uses no parser at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from docclient.exchange.edxml_bytes import Skeleton
from docclient.exchange.edxml_mend import mended
from docclient.exchange.errors import NotXml
from docclient.exchange.problems import Problem, ProblemCode

EDXML = "http://www.mic.gov.vn/TBT/QCVN_102_2016"

_USUAL_PREFIXES = {
    "edxml": EDXML,
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsd": "http://www.w3.org/2001/XMLSchema",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "soap": "http://schemas.xmlsoap.org/soap/envelope/",
    "soapenv": "http://schemas.xmlsoap.org/soap/envelope/",
    "soap-env": "http://schemas.xmlsoap.org/soap/envelope/",
}
_PREFIX = re.compile(r"Namespace prefix (\S+) ")
_OPEN_ROOT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_MOST_ROUNDS = 20


@dataclass(slots=True)
class Tree:
    """salvaged: the structure was broken; elements may stand in wrong places, and prefixes in their names."""

    root: etree._Element
    salvaged: bool
    problems: list[Problem]


def tree_of(skeleton: Skeleton, file: str) -> Tree:
    """Parse a packet's skeleton. Raises NotXml when not even pieces of a structure are there."""
    problems: list[Problem] = []
    root, fault = _strict(skeleton.xml)
    if root is None and fault is None:
        root, fault = _with_prefixes_declared(skeleton.xml, problems)
    if root is not None:
        return Tree(root, False, problems)
    return _salvaged(skeleton.xml, fault or "", file)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(encoding="utf-8", recover=False, resolve_entities=False, load_dtd=False,
                           dtd_validation=False, no_network=True, huge_tree=False, remove_comments=True,
                           remove_pis=True, strip_cdata=True)


def _strict(xml: bytes) -> tuple[etree._Element | None, str | None]:
    """The tree; or None and the structural fault, or None and None when only prefixes are undeclared."""
    parser = _parser()
    try:
        return etree.fromstring(xml, parser), None
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, _structural_fault(parser) or (None if _undeclared(parser) else type(error).__name__)


def _structural_fault(parser: etree.XMLParser) -> str | None:
    """The first fault that is more than an undeclared prefix: its kind and line, without text of the document."""
    for entry in parser.error_log:
        if entry.level >= etree.ErrorLevels.ERROR and entry.type != etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE:
            return f"{entry.type_name}, line {entry.line}"
    return None


def _undeclared(parser: etree.XMLParser) -> list[str]:
    """The prefixes that libxml2 misses; it names them only in its message."""
    found = (_PREFIX.match(entry.message) for entry in parser.error_log
             if entry.type == etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE)
    return sorted({match[1] for match in found if match})


def _with_prefixes_declared(xml: bytes, problems: list[Problem]) -> tuple[etree._Element | None, str | None]:
    """Declare on the root whatever prefix nobody declared, until the strict parse is content.

    The parser reports a limited number of faults at a time, hence the rounds.
    """
    declared: list[str] = []
    for _ in range(_MOST_ROUNDS):
        parser = _parser()
        try:
            root = etree.fromstring(xml, parser)
        except (etree.XMLSyntaxError, ValueError):
            fresh = [prefix for prefix in _undeclared(parser) if prefix not in declared]
            opening = _OPEN_ROOT.search(xml)
            if not fresh or opening is None:
                return None, _structural_fault(parser) or "namespaces"
            declared += fresh
            added = "".join(f' xmlns:{prefix}="{_namespace(prefix)}"' for prefix in fresh).encode()
            xml = xml[:opening.end()] + added + xml[opening.end():]
            continue
        problems.append(Problem(ProblemCode.UNDECLARED_PREFIX, ", ".join(declared)))
        return root, None
    return None, "namespaces"


def _namespace(prefix: str) -> str:
    return _USUAL_PREFIXES.get(prefix.casefold(), f"urn:undeclared:{prefix.encode().hex()}")


def _salvaged(xml: bytes, fault: str, file: str) -> Tree:
    problems = [Problem(ProblemCode.STRUCTURE_DAMAGED, fault)]
    try:
        text = xml.decode("utf-8")
    except UnicodeDecodeError:
        text = xml.decode("utf-8", "replace")
        problems.append(Problem(ProblemCode.ENCODING_DAMAGED))
    root = mended(text, _USUAL_PREFIXES)
    if root is None:
        raise NotXml(file=file)
    return Tree(root, True, problems)
