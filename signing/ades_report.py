"""The validation report of ETSI TS 119 102-2 (XML), as far as pyHanko can write it.

pyHanko describes one signature: identifier, times, attributes, the signer's certificate, the validation objects used.
Here those of one file are put together, and the indications are ours: pyHanko's own would leave out what was changed
after signing and proofs from other time-stamps. Not in it, for pyHanko has no words for them: validation constraints,
sub-reports of time-stamps, proofs of existence of single objects. A signature that pyHanko cannot describe (it cannot
be read, or it is a document time-stamp) has its indication alone.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.ades import ades_basic_validation
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.report.tools import NAMESPACES, generate_report

from signing.errors import BadInput
from signing.files import reading
from signing.judgement import Bench
from signing.pdf import PARSER_ERRORS, Damaged
from signing.report import FileReport, Reason, SignatureKind, SignatureReport, Verdict
from signing.revocation import knowledge_in, knowledge_inside, knowledge_of
from signing.signature_facts import is_document_stamp
from signing.signed_reader import open_signed
from signing.trust import TrustStore

VR = NAMESPACES["vr"]
MAIN = {
    Verdict.VALID: "urn:etsi:019102:mainindication:total-passed",
    Verdict.INVALID: "urn:etsi:019102:mainindication:total-failed",
    Verdict.UNDETERMINED: "urn:etsi:019102:mainindication:indeterminate",
}
OURS = frozenset({Reason.PASSED, Reason.NOT_READABLE, Reason.NOT_PDF, Reason.ENCRYPTED, Reason.DAMAGED,
                  Reason.TIME_OVER})
"""Reasons that are no sub-indication of the standard."""

CANNOT_DESCRIBE = (SignatureValidationError, NotImplementedError, AssertionError, *PARSER_ERRORS)
"""pyHanko's report is marked as incubating: whatever it stumbles over costs the details, never the indication."""


class NothingToReport(BadInput):
    """A report of this kind needs a signature. facts: file."""

    code = "verify.nothing_to_report"


def validation_report(path: Path, report: FileReport, trust: TrustStore) -> bytes:
    """The XML for the signatures of `report`, which was made of the file at `path` with `trust`. Asks no network.

    Raises: NothingToReport, FileNotReadable.
    """
    if not report.signatures:
        raise NothingToReport(file=path.name)
    moment = report.checked_at or datetime.now(UTC)
    root = etree.Element(f"{{{VR}}}ValidationReport", nsmap=NAMESPACES)
    objects: dict[str, Any] = {}
    described = _described(path, trust, moment)
    for signature in report.signatures:
        single = described.get(signature.field)
        if single is None:
            root.append(_bare(signature, moment))
            continue
        entry, found = single
        _set_indications(entry, signature)
        root.append(entry)
        objects |= found
    if objects:
        held = etree.SubElement(root, f"{{{VR}}}SignatureValidationObjects")
        held.extend(objects.values())
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(NAMESPACES))
    etree.indent(root, "  ")
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


def _described(path: Path, trust: TrustStore, moment: datetime) -> dict[str, tuple[Any, dict[str, Any]]]:
    """What pyHanko says of each signature by its field's name: the entry, and the objects by identifier."""
    with reading(path) as stream:
        try:
            reader = open_signed(stream, path.name).reader
            return asyncio.run(_each(reader, Bench(trust, knowledge_of(trust).plus(knowledge_in(reader)), moment)))
        except (Damaged, *PARSER_ERRORS):
            return {}


async def _each(reader: PdfFileReader, bench: Bench) -> dict[str, tuple[Any, dict[str, Any]]]:
    found = {}
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        try:
            embedded = EmbeddedPdfSignature(reader, field, name)
            if is_document_stamp(embedded.sig_object):
                continue
            knowing = bench.knowing(knowledge_inside(embedded))
            result = await ades_basic_validation(
                embedded.signed_data, knowing.specification(embedded.signer_cert), timing_info=bench.timing,
                raw_digest=embedded.compute_digest())
            parsed = etree.fromstring(generate_report(embedded, result).encode())
        except CANNOT_DESCRIBE:
            continue
        objects = {each.get("id", ""): each for each in parsed.iter(f"{{{VR}}}ValidationObject")}
        for reference in parsed.iter(f"{{{VR}}}SignerCertificate"):
            name_of_object = reference.get("VOReference", "")
            if name_of_object not in objects:       # pyHanko lists certificates of a chain that was built, and no other
                objects[name_of_object] = _certificate_object(name_of_object, embedded.signer_cert.dump())
        found[str(name)] = parsed.find(f"{{{VR}}}SignatureValidationReport"), objects
    return found


def _certificate_object(identifier: str, certificate: bytes) -> Any:
    entry = etree.Element(f"{{{VR}}}ValidationObject", id=identifier)
    etree.SubElement(entry, f"{{{VR}}}ObjectType").text = "urn:etsi:019102:validationObject:certificate"
    held = etree.SubElement(entry, f"{{{VR}}}ValidationObjectRepresentation")
    etree.SubElement(held, f"{{{VR}}}base64").text = b64encode(certificate).decode()
    return entry


def _set_indications(entry: Any, signature: SignatureReport) -> None:
    status = entry.find(f"{{{VR}}}SignatureValidationStatus")
    for child in list(status):
        if child.tag in {f"{{{VR}}}MainIndication", f"{{{VR}}}SubIndication"}:
            status.remove(child)
    for place, child in enumerate(_indications(signature)):
        status.insert(place, child)


def _indications(signature: SignatureReport) -> list[Any]:
    main = etree.Element(f"{{{VR}}}MainIndication")
    main.text = MAIN[signature.verdict]
    if signature.reason in OURS:
        return [main]
    sub = etree.Element(f"{{{VR}}}SubIndication")
    sub.text = f"urn:etsi:019102:subindication:{signature.reason.value}"
    return [main, sub]


def _bare(signature: SignatureReport, moment: datetime) -> Any:
    """The indication alone: the standard asks for no more than process and status of every signature (clause 4.3)."""
    entry = etree.Element(f"{{{VR}}}SignatureValidationReport")
    times = etree.SubElement(entry, f"{{{VR}}}ValidationTimeInfo")
    etree.SubElement(times, f"{{{VR}}}ValidationTime").text = moment.astimezone(UTC).isoformat(
        timespec="seconds").replace("+00:00", "Z")
    if signature.kind is SignatureKind.TIMESTAMP and signature.timestamp_time is not None:
        best = etree.SubElement(times, f"{{{VR}}}BestSignatureTime")
        etree.SubElement(best, f"{{{VR}}}POETime").text = signature.timestamp_time.astimezone(UTC).isoformat(
            timespec="seconds").replace("+00:00", "Z")
        etree.SubElement(best, f"{{{VR}}}TypeOfProof").text = "urn:etsi:019102:poetype:validation"
    process = etree.SubElement(entry, f"{{{VR}}}SignatureValidationProcess")
    etree.SubElement(process, f"{{{VR}}}SignatureValidationProcessID").text = (
        "urn:etsi:019102:validationprocess:Basic")
    status = etree.SubElement(entry, f"{{{VR}}}SignatureValidationStatus")
    status.extend(_indications(signature))
    return entry
