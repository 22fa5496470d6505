"""Case files (hồ sơ), the year's plan of them, and which documents lie in which (NĐ 30/2020 Arts 28–31, Annex V)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from docclient.store.tables.columns import Moment, identity, metadata, refers

file_plan = Table(                                                 # danh mục hồ sơ: one per year
    "file_plan", metadata, identity(),
    Column("year", Integer, nullable=False, unique=True),
    Column("per_heading", Boolean, nullable=False),                # symbols count per large heading, else over all
    Column("approved_at", Moment), refers("approved_by", "person", optional=True),
    Column("decision", Text),                                      # number and symbol of the decision that issued it
)

file_plan_heading = Table(                                         # large (Roman) headings; small (Arabic) ones in them
    "file_plan_heading", metadata, identity(), refers("plan", "file_plan", index=True),
    Column("parent", String(36), ForeignKey("file_plan_heading.id")),
    Column("position", Integer, nullable=False), Column("name", Text, nullable=False),
    Column("abbreviation", Text, nullable=False),                  # of a large heading: the symbol's second half
)

case_file = Table(
    "case_file", metadata, identity(), Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),                   # planned, open, closed, handed_in, removed
    Column("organ_id", Text, nullable=False), Column("year", Integer, nullable=False),
    Column("notation", Text, nullable=False),                      # `01.TCCB`
    refers("heading", "file_plan_heading", optional=True), Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("retention_code", String(2), nullable=False),           # of the archive metadata (records-work 8.2)
    Column("retention_years", Integer),                            # empty: permanent
    Column("rights", String(12), nullable=False),                  # chế độ sử dụng
    refers("owner", "person", index=True), refers("unit", "unit", optional=True, index=True),
    Column("language", Text, nullable=False), Column("note", Text, nullable=False),
    Column("construction", Boolean, nullable=False),               # handed in 3 months after settlement
    Column("start_date", Date), Column("end_date", Date),
    Column("ended_on", Date),                                      # the day the work ended: said when it is closed
    Column("hand_in_due", Date, index=True), Column("kept_until", Date), Column("kept_basis", Text),
    Column("handed_in_at", Moment), Column("handed_in_late", Boolean),
    Column("last_ordinal", Integer, nullable=False),
    Column("opened_at", Moment), Column("closed_at", Moment),
    Column("folded", Text, nullable=False), Column("last_entry", Integer, nullable=False),
    Column("created_at", Moment, nullable=False), Column("updated_at", Moment, nullable=False),
    UniqueConstraint("organ_id", "year", "notation"),              # the file's code is given once
)

case_file_document = Table(                                        # one document may lie in many files
    "case_file_document", metadata,
    Column("case_file", String(36), ForeignKey("case_file.id"), primary_key=True),
    Column("document", String(36), ForeignKey("document.id"), primary_key=True, index=True),
    Column("ordinal", Integer, nullable=False), refers("by", "person"), Column("at", Moment, nullable=False),
    UniqueConstraint("case_file", "ordinal"),
)

case_file_act = Table(                                             # which journal entries speak of the file
    "case_file_act", metadata,
    Column("case_file", String(36), ForeignKey("case_file.id"), primary_key=True),
    Column("entry", Integer, primary_key=True, autoincrement=False),
)
