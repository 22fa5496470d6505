"""A tree out of a broken structure: what can still be recognised, in the places where it most likely stood.

libxml2's own recovery lets a stray end tag close whatever is open, and half the header falls out of its place. Here
an end tag closes the nearest open element of its name and is ignored when there is none; a tag that is no tag becomes
text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from lxml import etree

DEEPEST = 100
"""Open elements; start tags beyond it are left out."""
MOST_PREFIXES = 50
MOST_COMPARED = 2000
"""End tags whose names are compared letter by letter: more than any real packet has."""

_NAME = r"[A-Za-z_][\w.-]*+(?::[A-Za-z_][\w.-]*+)?"
_END = re.compile(r"</([^<>]*+)>")
_START = re.compile(rf"""<({_NAME})((?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+)>""", re.ASCII)
_LOOSE_START = re.compile(rf"<({_NAME})([^<>]*+)>", re.ASCII)
_ATTRIBUTE = re.compile(rf"""(?<![\w:.-])({_NAME})\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""", re.ASCII)
_CUT_TAG = 200
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(slots=True)
class _Open:
    """An element whose end has not come yet. texts: those before its first child, or after its last one."""

    element: etree._Element
    name: str
    namespaces: Mapping[str, str]
    texts: list[str] = field(default_factory=list)
    last_child: etree._Element | None = None

    def settle(self) -> None:
        text = "".join(self.texts)
        self.texts.clear()
        if self.last_child is None:
            self.element.text = text
        else:
            self.last_child.tail = text


def mended(text: str, usual_prefixes: Mapping[str, str]) -> etree._Element | None:
    """The tree of a text that is no well-formed XML; None when there is no element in it.

    Entities other than XML's own five stay as they are written. usual_prefixes: for prefixes that nothing declares, by
    case-folded prefix.
    """
    root: etree._Element | None = None
    stack: list[_Open] = []
    ends = 0
    for content, found in _tokens(_NOT_XML.sub("", text)):
        if found is None:
            if stack:
                stack[-1].texts.append(content)
        elif found.re is _END:
            ends += 1
            _close(stack, found[1].strip(), similar=ends < MOST_COMPARED)
        elif len(stack) < DEEPEST and (root is None or stack):
            attributes = {name: _text(double or single) for name, double, single in _ATTRIBUTE.findall(found[2])}
            known = _namespaces(stack[-1].namespaces if stack else {}, attributes)
            element = _element(_qualified(found[1], known, usual_prefixes))
            for name, value in attributes.items():
                if name != "xmlns" and not name.startswith("xmlns:"):
                    element.set(name.rpartition(":")[2], value)
            if stack:
                stack[-1].settle()
                stack[-1].element.append(element)
                stack[-1].last_child = element
            else:
                root = element
            if not found[2].rstrip().endswith("/"):
                stack.append(_Open(element, found[1], known))
    while stack:
        stack.pop().settle()
    return root


def _namespaces(outer: Mapping[str, str], attributes: Mapping[str, str]) -> Mapping[str, str]:
    """The prefixes known inside an element; the outer ones themselves when it declares none."""
    declared = {name.removeprefix("xmlns").lstrip(":"): value for name, value in attributes.items()
                if name == "xmlns" or name.startswith("xmlns:")}
    if not declared or len(outer) > MOST_PREFIXES:
        return outer
    return {**outer, **declared}


def _close(stack: list[_Open], name: str, similar: bool) -> None:
    """Close down to the nearest open element of that name; the root stays open for what may still come.

    similar: a garbled name still closes the innermost element when it is nearly its own.
    """
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            while len(stack) > depth:
                stack.pop().settle()
            return
    if similar and len(stack) > 1 and len(name) < 60 and SequenceMatcher(None, name, stack[-1].name).ratio() > 0.7:
        stack.pop().settle()


def _tokens(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Texts (content, None) and tags ("", match); comments and instructions are left out."""
    position, end = 0, len(text)
    closers = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
    while position < end:
        at = text.find("<", position)
        if at < 0:
            yield _text(text[position:]), None
            return
        if at > position:
            yield _text(text[position:at]), None
        opener = next((opener for opener in closers if text.startswith(opener, at)), None)
        if opener is not None:
            close = text.find(closers[opener], at + len(opener))
            if close >= 0:
                if opener == "<![CDATA[":
                    yield text[at + len(opener):close], None
                position = close + len(closers[opener])
                continue
            del closers[opener]            # none closes any more: from here on it is text
        if end - at < _CUT_TAG and text.find(">", at) < 0:
            return                         # the file was cut inside a tag
        found = _END.match(text, at) or _START.match(text, at) or _LOOSE_START.match(text, at)
        yield ("<", None) if found is None else ("", found)
        position = at + 1 if found is None else found.end()


def _qualified(name: str, known: Mapping[str, str], usual: Mapping[str, str]) -> str:
    prefix, _, local = name.rpartition(":")
    namespace = known.get(prefix) or (usual.get(prefix.casefold(), "") if prefix else "")
    return f"{{{namespace}}}{local}" if namespace else local


def _element(name: str) -> etree._Element:
    try:
        return etree.Element(name)
    except ValueError:                     # the namespace is no URI any more
        return etree.Element(name.rpartition("}")[2])


def _text(text: str) -> str:
    return _NOT_XML.sub("", _REFERENCE.sub(_character, text)) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if not name.startswith("#"):
        return _NAMED[name]
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(number) if number < 0x110000 else ""
