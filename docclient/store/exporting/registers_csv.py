"""Registers for people and spreadsheets: UTF-8 with a mark, Vietnamese headings of NĐ 30 Annex IV, one line a document.

A value that a spreadsheet would take for a formula gets an apostrophe before it; the exact values are in `tables/`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, RowMapping, select

from docclient.store import tables
from docclient.store.exporting.names import Names

INCOMING = ("Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung",
            "Đơn vị hoặc người nhận", "Thời hạn giải quyết", "Trạng thái", "Ghi chú", "Mã trong bản xuất")
OUTGOING = ("Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung", "Người ký", "Nơi nhận", "Số lượng bản",
            "Trạng thái", "Ghi chú", "Mã trong bản xuất")


def write_registers(folder: Path, connection: Connection, names: Names) -> int:
    """One file per register. Returns how many. Raises: OSError."""
    registers = connection.execute(select(tables.register).order_by(tables.register.c.year, tables.register.c.id))
    count = 0
    for register in registers.mappings().all():
        incoming = register["kind"] == "incoming"
        number = tables.document.c.arrival_number if incoming else tables.document.c.out_number
        rows = connection.execution_options(yield_per=500).execute(
            select(tables.document).where(tables.document.c.register == register["id"]).order_by(number)).mappings()
        file = folder / f"{register['year']}-{register['kind']}-{safe(register['title'])}-{register['id'][-6:]}.csv"
        with file.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(INCOMING if incoming else OUTGOING)
            for row in rows.partitions(500):
                for each in row:
                    writer.writerow([shown(value) for value in (
                        incoming_line if incoming else outgoing_line)(connection, each, names)])
        count += 1
    return count


def incoming_line(connection: Connection, row: RowMapping, names: Names) -> Sequence[object]:
    handlers = connection.execute(select(tables.handler.c.person, tables.handler.c.unit).where(
        tables.handler.c.document == row["id"]).order_by(tables.handler.c.id)).all()
    who = "; ".join(names.get("person", each.person) or names.get("unit", each.unit) for each in handlers)
    return (row["arrival_date"], row["arrival_number"], row["issuer_name"], symbol(row), row["issued_date"],
            f"{row['type_name']}: {row['subject']}", who, row["due_date"], row["state"], row["note"], row["id"])


def outgoing_line(connection: Connection, row: RowMapping, names: Names) -> Sequence[object]:
    recipients = connection.scalars(select(tables.delivery.c.agency_name).where(
        tables.delivery.c.document == row["id"]).order_by(tables.delivery.c.id)).all()
    return (symbol(row), row["issued_date"], f"{row['type_name']}: {row['subject']}",
            row["signer_name"] or names.get("person", row["signer_person"]),
            "; ".join(recipients) or row["recipients_text"], row["issued_amount"], row["state"], row["note"], row["id"])


def symbol(row: RowMapping) -> str:
    return "/".join(part for part in (row["code_number"], row["code_notation"]) if part)


def shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    text = str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def safe(text: str) -> str:
    """A part of a file's name that every system takes."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f. ]+', "-", text).strip("-")[:60] or "-"
