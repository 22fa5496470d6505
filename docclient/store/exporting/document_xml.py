"""One document as XML: the fields of NĐ 30 Annex VI under their names there, its files and versions, and every row that
any table has about it. The shape is `schema/document.xsd`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from sqlalchemy import Column, Connection, Table, or_, select

from docclient.store import tables
from docclient.store.copying import kept_tables
from docclient.store.exporting.names import Names, Row
from docclient.store.exporting.tables_csv import written

NAMESPACE = "urn:docclient:export:1"
BY_ITSELF = frozenset({"document", "file", "file_version"})
"""Told in parts of their own."""

NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry: they become U+FFFD here; the CSV of the table has them."""

FIELDS = (("TypeName", "type_name"), ("CodeNumber", "code_number"), ("CodeNotation", "code_notation"),
          ("IssuedDate", "issued_date"), ("OrganId", "issuer_code"), ("OrganName", "issuer_name"),
          ("Subject", "subject"), ("Language", "language"), ("PageAmount", "page_amount"), ("Description", "note"),
          ("Priority", "urgency"))
"""Annex VI, part IV: fields that outgoing and incoming documents share, with our columns."""


def document_xml(connection: Connection, document: Row, files: Sequence[tuple[Row, Sequence[tuple[Row, str]]]],
                 names: Names) -> bytes:
    """files: each file with its versions and where each lies in the export."""
    root = ET.Element("document", {"xmlns": NAMESPACE, "id": document["id"], "flow": document["flow"],
                                   "state": document["state"], "version": str(document["version"])})
    annex_vi(ET.SubElement(root, "metadata"), connection, document, names)
    files_part(ET.SubElement(root, "files"), files, names)
    rows_part(ET.SubElement(root, "record"), "document", [document], tables.document, names)
    for table, columns in about_documents():
        rows = connection.execute(select(table).where(or_(*(column == document["id"] for column in columns)))
                                  .order_by(*table.primary_key.columns)).mappings().all()
        if rows:
            rows_part(root.find("record"), table.name, rows, table, names)   # type: ignore[arg-type]
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


@cache
def about_documents() -> tuple[tuple[Table, tuple[Column[Any], ...]], ...]:
    """Every table that refers to documents, with the columns that do."""
    found = []
    for table in kept_tables():
        columns = tuple(column for column in table.columns if table.name not in BY_ITSELF and (
            column.name == "document" or any(key.column.table.name == "document" for key in column.foreign_keys)))
        if columns and table.name != "journal":
            found.append((table, columns))
    return tuple(found)


def annex_vi(part: ET.Element, connection: Connection, document: Row, names: Names) -> None:
    for code, ordinal in case_files_of(connection, document["id"]):
        add(part, "FileCode", code, ordinal=str(ordinal))
    for name, column in FIELDS:
        add(part, name, document[column])
    signer = ET.SubElement(part, "SignerInfo")
    add(signer, "Position", document["signer_position"])
    add(signer, "FullName", document["signer_name"])
    if document["flow"] == "incoming":
        add(part, "ArrivalDate", document["arrival_date"])
        add(part, "ArrivalNumber", document["arrival_number"])
        add(part, "ToPlaces", "; ".join(handlers_of(connection, document["id"], names)))
        for row in connection.execute(select(tables.direction).where(
                tables.direction.c.document == document["id"]).order_by(tables.direction.c.id)).mappings():
            add(part, "TraceHeaderList", row["words"], by=names.get("person", row["by"]), at=written(row["at"]))
        add(part, "DueDate", document["due_date"])
    else:
        for row in connection.execute(select(tables.delivery).where(
                tables.delivery.c.document == document["id"]).order_by(tables.delivery.c.id)).mappings():
            to = ET.SubElement(part, "To")
            add(to, "OrganId", row["agency_code"])
            add(to, "OrganName", row["agency_name"])
        add(part, "IssuedAmount", document["issued_amount"])
        add(part, "DueDate", document["reply_due_date"])


def case_files_of(connection: Connection, document: str) -> list[tuple[str, int]]:
    """Code (agency, year, notation: 1.1 to 1.3 of the list), and the document's number in it, of each case file."""
    inside, file = tables.case_file_document, tables.case_file
    rows = connection.execute(
        select(file.c.organ_id, file.c.year, file.c.notation, inside.c.ordinal)
        .join(inside, file.c.id == inside.c.case_file)
        .where(inside.c.document == document).order_by(file.c.year, file.c.notation)).all()
    return [(f"{row.organ_id}.{row.year}.{row.notation}", row.ordinal) for row in rows]


def handlers_of(connection: Connection, document: str, names: Names) -> list[str]:
    rows = connection.execute(select(tables.handler.c.person, tables.handler.c.unit).where(
        tables.handler.c.document == document).order_by(tables.handler.c.id)).all()
    return [names.get("person", row.person) or names.get("unit", row.unit) for row in rows]


def files_part(part: ET.Element, files: Sequence[tuple[Row, Sequence[tuple[Row, str]]]], names: Names) -> None:
    for file, versions in files:
        each = ET.SubElement(part, "file", {"id": file["id"], "kind": file["kind"], "name": clean(file["name"])})
        for version, where in versions:
            ET.SubElement(each, "version", {
                "number": str(version["number"]), "step": version["step"], "sha256": version["digest"],
                "media_type": clean(version["media_type"]), "at": written(version["at"]),
                "by": names.get("person", version["by"]), "path": where})


def rows_part(part: ET.Element, name: str, rows: Sequence[Row], table: Table, names: Names) -> None:
    for row in rows:
        each = ET.SubElement(part, "row", {"table": name})
        for column in table.columns:
            value = row[column.name]
            if value is not None:
                named = names.of(column, value)
                add(each, "column", value, name=column.name, **({"means": named} if named else {}))


def add(part: ET.Element, element: str, value: object, /, **attributes: str) -> None:
    """An element, unless there is nothing to say."""
    if value is None or value == "":
        return
    text = written(value) if isinstance(value, bool | date | datetime | bytes) else str(value)
    ET.SubElement(part, element, {key: clean(each) for key, each in attributes.items()}).text = clean(text)


def clean(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


SCHEMA = f"""<?xml version="1.0" encoding="utf-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"
           elementFormDefault="qualified">
  <xs:element name="document"><xs:complexType><xs:sequence>
    <xs:element name="metadata"><xs:complexType><xs:sequence>
      <xs:element name="FileCode" type="Ordered" minOccurs="0" maxOccurs="unbounded"/>
""" + "".join(f'      <xs:element name="{name}" type="xs:string" minOccurs="0"/>\n' for name, _ in FIELDS) + """\
      <xs:element name="SignerInfo"><xs:complexType><xs:sequence>
        <xs:element name="Position" type="xs:string" minOccurs="0"/>
        <xs:element name="FullName" type="xs:string" minOccurs="0"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="ArrivalDate" type="xs:date" minOccurs="0"/>
      <xs:element name="ArrivalNumber" type="xs:integer" minOccurs="0"/>
      <xs:element name="ToPlaces" type="xs:string" minOccurs="0"/>
      <xs:element name="TraceHeaderList" type="Traced" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="To" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="OrganId" type="xs:string" minOccurs="0"/>
        <xs:element name="OrganName" type="xs:string" minOccurs="0"/>
      </xs:sequence></xs:complexType></xs:element>
      <xs:element name="IssuedAmount" type="xs:integer" minOccurs="0"/>
      <xs:element name="DueDate" type="xs:date" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="files"><xs:complexType><xs:sequence>
      <xs:element name="file" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="version" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
          <xs:attribute name="number" type="xs:integer" use="required"/>
          <xs:attribute name="step" type="xs:string" use="required"/>
          <xs:attribute name="sha256" type="xs:string" use="required"/>
          <xs:attribute name="media_type" type="xs:string" use="required"/>
          <xs:attribute name="at" type="xs:dateTime" use="required"/>
          <xs:attribute name="by" type="xs:string" use="required"/>
          <xs:attribute name="path" type="xs:string" use="required"/>
        </xs:complexType></xs:element>
      </xs:sequence>
        <xs:attribute name="id" type="xs:string" use="required"/>
        <xs:attribute name="kind" type="xs:string" use="required"/>
        <xs:attribute name="name" type="xs:string" use="required"/>
      </xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="record"><xs:complexType><xs:sequence>
      <xs:element name="row" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="column" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:simpleContent>
          <xs:extension base="xs:string">
            <xs:attribute name="name" type="xs:string" use="required"/>
            <xs:attribute name="means" type="xs:string"/>
          </xs:extension></xs:simpleContent></xs:complexType></xs:element>
      </xs:sequence><xs:attribute name="table" type="xs:string" use="required"/></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence>
    <xs:attribute name="id" type="xs:string" use="required"/>
    <xs:attribute name="flow" type="xs:string" use="required"/>
    <xs:attribute name="state" type="xs:string" use="required"/>
    <xs:attribute name="version" type="xs:integer" use="required"/>
  </xs:complexType></xs:element>
  <xs:complexType name="Ordered"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="ordinal" type="xs:string"/></xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="Traced"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="by" type="xs:string"/><xs:attribute name="at" type="xs:dateTime"/>
  </xs:extension></xs:simpleContent></xs:complexType>
</xs:schema>
"""
