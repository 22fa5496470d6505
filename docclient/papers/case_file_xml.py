"""A case file as XML: the element names of NĐ 30/2020, Annex VI; schema in resources/papers/case_file.xsd.

The decree names the fields and prescribes no file; this form is ours, and says so in its namespace.
"""

from __future__ import annotations

from datetime import date, datetime
from importlib import resources
from pathlib import Path

from lxml import etree

from docclient.papers.case_file_model import CaseFileFacts, DocumentFacts, FileFacts, Recipient, TraceHeader
from signing.files import replacing

NAMESPACE = "urn:docclient:case-file:1"


def case_file_xml(file: CaseFileFacts) -> bytes:
    root = etree.Element(f"{{{NAMESPACE}}}CaseFile", nsmap={None: NAMESPACE})   # type: ignore[dict-item]
    code = put(root, "FileCode")
    put(code, "OrganId", file.organ_id)
    put(code, "FileCatalog", file.file_catalog)
    put(code, "FileNotation", file.file_notation)
    for name, value in (
            ("Title", file.title), ("Maintenance", file.maintenance), ("Rights", file.rights),
            ("Creator", file.creator), ("Language", file.language), ("StartDate", file.start_date),
            ("EndDate", file.end_date), ("DocTotal", file.doc_total), ("PageTotal", file.page_total),
            ("Description", file.description)):
        put(root, name, value)
    documents = put(root, "Documents")
    for document in file.documents:
        put_document(documents, document)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def write_case_file_xml(file: CaseFileFacts, target: Path) -> Path:
    """Raises: FolderNotWritable, DiskFull."""
    with replacing(target) as stream:
        stream.write(case_file_xml(file))
    return target


def put_document(parent: etree._Element, document: DocumentFacts) -> None:
    made = put(parent, "Document")
    made.set("flow", document.flow)
    for name, value in (
            ("DocOrdinal", document.doc_ordinal), ("TypeName", document.type_name),
            ("CodeNumber", document.code_number), ("CodeNotation", document.code_notation),
            ("IssuedDate", document.issued_date), ("OrganName", document.organ_name), ("Subject", document.subject),
            ("Language", document.language), ("PageAmount", document.page_amount),
            ("Description", document.description)):
        put(made, name, value)
    signer = put(made, "SignerInfo")
    put(signer, "Position", document.position)
    put(signer, "FullName", document.full_name)
    put(made, "Priority", document.priority)
    put(made, "DueDate", document.due_date)
    if document.flow == "outgoing":
        for recipient in document.to:
            to = put(made, "To")
            put(to, "OrganId", recipient.organ_id)
            put(to, "OrganName", recipient.organ_name)
        put(made, "IssuedAmount", document.issued_amount)
    else:
        put(made, "ArrivalDate", document.arrival_date)
        put(made, "ArrivalNumber", document.arrival_number)
        put(made, "ToPlaces", document.to_places)
        trace = put(made, "TraceHeaderList")
        for step in document.trace:
            header = put(trace, "TraceHeader", step.words)
            header.set("at", step.at.isoformat())
            header.set("name", plain(step.name))
            header.set("act", plain(step.act))
    files = put(made, "Files")
    for each in document.files:
        entry = put(files, "File", each.name)
        for name, said in (("kind", each.kind), ("mediaType", each.media_type), ("size", str(each.size)),
                           ("sha256", each.sha256), ("path", each.path), ("signed", str(each.signed).lower())):
            entry.set(name, plain(said))


def put(parent: etree._Element, name: str, value: object = None) -> etree._Element:
    """An element; without a text where nothing is known."""
    made = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if isinstance(value, date):
        made.text = value.isoformat()
    elif value is not None and value != "":
        made.text = plain(str(value))
    return made


def plain(text: str) -> str:
    """Without what XML 1.0 cannot hold; letters that only our typeface lacks stay."""
    return "".join(c for c in text if c in "\t\n" or ("\x20" <= c <= "\ud7ff") or ("\ue000" <= c <= "\ufffd")
                   or c >= "\U00010000")


# --- reading -------------------------------------------------------------------------------------------------------

def schema() -> etree.XMLSchema:
    with (resources.files("resources") / "papers" / "case_file.xsd").open("rb") as stream:
        return etree.XMLSchema(etree.parse(stream, reader()))


def reader() -> etree.XMLParser:
    """Entities, document types and networks are off."""
    return etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
                           remove_comments=True, remove_pis=True, remove_blank_text=True)


def read_case_file_xml(content: bytes) -> CaseFileFacts:
    """Raises: ValueError: it is no such file, or does not fit the schema."""
    try:
        root = etree.fromstring(content, reader())
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    known = schema()
    if not known.validate(root):
        raise ValueError(str(known.error_log))
    return CaseFileFacts(
        organ_id=said(root, "FileCode/OrganId"), file_catalog=int(said(root, "FileCode/FileCatalog")),
        file_notation=said(root, "FileCode/FileNotation"), title=said(root, "Title"),
        maintenance=said(root, "Maintenance"), rights=said(root, "Rights"), creator=said(root, "Creator"),
        language=said(root, "Language"), start_date=day(root, "StartDate"), end_date=day(root, "EndDate"),
        description=said(root, "Description"),
        documents=tuple(document_of(each) for each in all_of(root, "Documents/Document")))


def document_of(element: etree._Element) -> DocumentFacts:
    return DocumentFacts(
        doc_ordinal=int(said(element, "DocOrdinal")), flow=element.get("flow", ""), type_name=said(element, "TypeName"),
        code_number=said(element, "CodeNumber"), code_notation=said(element, "CodeNotation"),
        issued_date=day(element, "IssuedDate"), organ_name=said(element, "OrganName"), subject=said(element, "Subject"),
        language=said(element, "Language"), page_amount=number(element, "PageAmount"),
        description=said(element, "Description"), position=said(element, "SignerInfo/Position"),
        full_name=said(element, "SignerInfo/FullName"), priority=int(said(element, "Priority")),
        due_date=day(element, "DueDate"), issued_amount=number(element, "IssuedAmount"),
        to=tuple(Recipient(organ_id=said(each, "OrganId"), organ_name=said(each, "OrganName"))
                 for each in all_of(element, "To")),
        arrival_date=day(element, "ArrivalDate"), arrival_number=number(element, "ArrivalNumber"),
        to_places=said(element, "ToPlaces"),
        trace=tuple(TraceHeader(at=datetime.fromisoformat(each.get("at", "")), name=each.get("name", ""),
                                act=each.get("act", ""), words=each.text or "")
                    for each in all_of(element, "TraceHeaderList/TraceHeader")),
        files=tuple(FileFacts(name=each.text or "", kind=each.get("kind", ""), media_type=each.get("mediaType", ""),
                              size=int(each.get("size", "0")), sha256=each.get("sha256", ""),
                              path=each.get("path", ""), signed=each.get("signed") == "true")
                    for each in all_of(element, "Files/File")))


def all_of(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall("/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/")))


def said(element: etree._Element, path: str) -> str:
    found = all_of(element, path)
    return (found[0].text or "") if found else ""


def day(element: etree._Element, path: str) -> date | None:
    text = said(element, path)
    return date.fromisoformat(text) if text else None


def number(element: etree._Element, path: str) -> int | None:
    text = said(element, path)
    return int(text) if text else None


__all__ = ["NAMESPACE", "case_file_xml", "read_case_file_xml", "schema", "write_case_file_xml"]
