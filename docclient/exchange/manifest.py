"""The files of a packet: what the manifest lists and what is attached, brought together by content id.

Where the two disagree the attachment is right; a listed file that is not attached is shown as missing.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from docclient.exchange.attachments import MISSING, UNDECODABLE, decode
from docclient.exchange.block_reader import BlockReader
from docclient.exchange.blocks import OtherElement, tidy_text
from docclient.exchange.content_types import EXTENSIONS
from docclient.exchange.header_checks import LONGEST_FILE_NAME
from docclient.exchange.packet import Attachment
from docclient.exchange.problems import Problem, ProblemCode

_PAYLOAD = ("contenttransferencoded", "contenttransferencoding")
_MANIFESTS = frozenset({"edxmlmanifest", "manifest"})
_FIELDS = ("contentid", "contenttype", "description", "attachmentname", "fieldname", "mimetype", "format")


@dataclass(frozen=True, slots=True)
class _Described:
    """The describing elements of a Reference or an Attachment; payload: of an Attachment, None without one."""

    content_id: str
    values: dict[str, str]
    others: tuple[OtherElement, ...]
    payload: etree._Element | None = None

    def get(self, field: str) -> str | None:
        return self.values.get(field)


def attachments_of(root: etree._Element, reader: BlockReader, file_limit: int,
                   total_limit: int) -> tuple[Attachment, ...]:
    """Every file that is attached or listed, attached ones first, in the packet's order.

    Args:
        file_limit, total_limit: bytes of one file and of all of them; what goes beyond is named, not unpacked.
    """
    references = [_described(element, reader) for element in _references(root, reader)]
    attached = [_described(element, reader) for element in _attached(root, reader)]
    partner = _pairs(references, attached)
    found: list[Attachment] = []
    seen: set[str] = set()
    left = total_limit
    for number, one in enumerate(attached):
        reference = references[partner[number]] if number in partner else None
        file = _attachment(one, reference, number + 1, reader, min(file_limit, left))
        odd: list[Problem] = []
        if references and reference is None:
            odd.append(Problem(ProblemCode.NOT_IN_MANIFEST))
        if one.content_id and one.content_id in seen:
            odd.append(Problem(ProblemCode.CONTENT_ID_REPEATED))
        seen.add(one.content_id)
        left = max(0, left - file.size)
        found.append(replace(file, problems=(*file.problems, *odd)))
    for index, reference in enumerate(references):
        if index not in partner.values():
            reader.note(ProblemCode.REFERENCE_UNMATCHED)
            found.append(_missing(reference, len(found) + 1))
    return tuple(found)


def _references(root: etree._Element, reader: BlockReader) -> Iterator[etree._Element]:
    """References of the manifest; a Signature has elements of that name too."""
    for element in reader.named(root, "reference"):
        parent = element.getparent()
        if parent is not None and (reader.local(parent) in _MANIFESTS or (
                reader.salvaged and any(reader.local(further) in _MANIFESTS for further in parent.iterancestors()))):
            yield element


def _attached(root: etree._Element, reader: BlockReader) -> Iterator[etree._Element]:
    """Attachments wherever they stand: by name, or because they carry a payload."""
    held: etree._Element | None = None
    for element in reader.named(root, "attachment", _PAYLOAD[0]):
        parent = element.getparent()
        if parent is None:
            continue
        if reader.local(element) == "attachment":
            if reader.salvaged or reader.local(parent) == "attachmentencoded" or any(
                    reader.local(child) == _PAYLOAD[0] for child in element):
                yield element
        elif parent is not held and not any(reader.local(one) == "attachment" for one in element.iterancestors()):
            held = parent
            yield parent


def _described(element: etree._Element, reader: BlockReader) -> _Described:
    values: dict[str, str] = {}
    others: list[OtherElement] = []
    payload: etree._Element | None = None
    for child in _inside(element, reader) if reader.salvaged else element:
        name = reader.local(child)
        if name == _PAYLOAD[0] or (name == _PAYLOAD[1] and payload is None):
            payload = child
        elif name in _FIELDS:
            if text := tidy_text(reader.text(child)):
                values.setdefault(name, text)
        elif isinstance(child.tag, str) and not reader.salvaged and (kept := reader.other(child)) is not None:
            others.append(kept)
    link = next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == "href"), "")
    return _Described(_bare_id(values.get("contentid") or link), values, tuple(others), payload)


def _inside(element: etree._Element, reader: BlockReader) -> Iterator[etree._Element]:
    """Everything in an element of a salvaged tree, down to the next file that it has swallowed."""
    for child in element:
        if reader.local(child) not in {"attachment", "reference", "attachmentencoded"}:
            yield child
            yield from _inside(child, reader)


def _bare_id(text: str) -> str:
    bare = text.strip().strip("<>").strip()
    return bare[4:].strip() if bare[:4].casefold() == "cid:" else bare


def _pairs(references: Sequence[_Described], attached: Sequence[_Described]) -> dict[int, int]:
    """Attachment number to reference number: by content id, then by name."""
    pairs: dict[int, int] = {}
    for key in (lambda item: item.content_id, lambda item: _folded_name(item.get("attachmentname"))):
        free: defaultdict[str, deque[int]] = defaultdict(deque)
        for index, reference in enumerate(references):
            if key(reference) and index not in pairs.values():
                free[key(reference)].append(index)
        for number, one in enumerate(attached):
            if number not in pairs and key(one) and free[key(one)]:
                pairs[number] = free[key(one)].popleft()
    return pairs


def _folded_name(name: str | None) -> str:
    return unicodedata.normalize("NFC", name or "").casefold()


def _attachment(one: _Described, reference: _Described | None, number: int, reader: BlockReader,
                limit: int) -> Attachment:
    problems: list[Problem] = []
    declared = one.get("contenttype") or one.get("mimetype") or (reference.get("contenttype") if reference else None)
    name = one.get("attachmentname") or (reference.get("attachmentname") if reference else None)
    name = name or one.get("description") or (reference.get("description") if reference else None)
    if one.payload is None:
        content, actual = None, UNDECODABLE
        problems.append(Problem(ProblemCode.CONTENT_MISSING))
    else:
        text = "".join(piece for piece in one.payload.itertext() if isinstance(piece, str)) if not reader.salvaged \
            else (one.payload.text or "")
        decoded = decode(tuple(reader.skeleton.pieces(text)), name or "", declared, limit)
        content, actual = decoded.content, decoded.actual_type
        problems += decoded.problems
        if reader.salvaged and reader.skeleton.reaches_end(text):
            problems.append(Problem(ProblemCode.BASE64_TRUNCATED))
    if name is None:
        problems.append(Problem(ProblemCode.NAME_MISSING))
    elif len(name) > LONGEST_FILE_NAME:
        problems.append(Problem(ProblemCode.VALUE_TOO_LONG, f"AttachmentName: {len(name)} > {LONGEST_FILE_NAME}"))
    if reference is not None:
        problems += _disagreements(one, reference)
    return Attachment(
        name=name or _made_up_name(number, actual), content=content, content_id=one.content_id or f"file-{number}",
        actual_type=actual, declared_type=declared, description=one.get("description")
        or (reference.get("description") if reference else None), field_name=one.get("fieldname"),
        mime_type=one.get("mimetype"), format=one.get("format"),
        others=one.others + (reference.others if reference else ()), problems=tuple(dict.fromkeys(problems)))


def _disagreements(one: _Described, reference: _Described) -> Iterator[Problem]:
    ours, theirs = one.get("contenttype"), reference.get("contenttype")
    if ours and theirs and ours.casefold() != theirs.casefold():
        yield Problem(ProblemCode.MANIFEST_TYPE_DIFFERS, f"{theirs}: {ours}")
    names = _folded_name(one.get("attachmentname")), _folded_name(reference.get("attachmentname"))
    if all(names) and names[0] != names[1]:
        yield Problem(ProblemCode.MANIFEST_NAME_DIFFERS)


def _missing(reference: _Described, number: int) -> Attachment:
    return Attachment(
        name=reference.get("attachmentname") or reference.get("description") or _made_up_name(number, ""), content=None,
        content_id=reference.content_id or f"file-{number}", actual_type=MISSING,
        declared_type=reference.get("contenttype"), description=reference.get("description"), others=reference.others,
        problems=(Problem(ProblemCode.MISSING),))


def _made_up_name(number: int, media_type: str) -> str:
    known = EXTENSIONS.get(media_type)
    extension = sorted(known, key=lambda text: (len(text), text))[0] if known else ""
    return f"tep-{number}.{extension}" if extension else f"tep-{number}"
