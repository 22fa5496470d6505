"""The statistics of a period on paper and as a spreadsheet (records-work 15)."""

from __future__ import annotations

from pathlib import Path

from docclient.desk.case_file_lists import paper_of, write_paper
from docclient.office.door import Office
from docclient.office.queries.reports import GroupBy, OfficeReport, OfficeReportView, ReportRow
from docclient.office.rates import Rate, grouped
from docclient.papers.columns import Column
from docclient.papers.layout import day_text
from docclient.papers.listing import TablePaper, TableRow
from docclient.words import Language, has_words, phrase

FIGURES = ("registered", "finished", "on_time", "late_solved", "late_open", "not_due", "outside", "on_time_rate",
           "electronic_in", "issued", "both", "agency_only", "unsigned", "signed_rate", "electronic_out", "same_day",
           "next_day")
"""The figures of a row in their order; words codes `report.<name>`."""


def figures_of(row: ReportRow) -> dict[str, str]:
    """The figures of one row as text, rates with their fraction."""
    ins, outs, handling = row.incoming, row.outgoing, row.incoming.handling
    return {
        "registered": grouped(ins.registered), "finished": grouped(ins.finished),
        "on_time": grouped(handling.on_time), "late_solved": grouped(handling.late_solved),
        "late_open": grouped(handling.late_open), "not_due": grouped(handling.not_due),
        "outside": grouped(handling.outside), "on_time_rate": handling.rate.text,
        "electronic_in": ins.electronic.text, "issued": grouped(outs.issued), "both": grouped(outs.both),
        "agency_only": grouped(outs.agency_only), "unsigned": grouped(outs.unsigned), "signed_rate": outs.signed.text,
        "electronic_out": outs.electronic.text, "same_day": Rate(outs.same_day, outs.timed).text,
        "next_day": Rate(outs.next_day, outs.timed).text}


def others_of(view: OfficeReportView) -> dict[str, str]:
    """What is counted for the whole period only; words codes `report.<name>`."""
    moved, files = view.movements, view.case_files
    return {
        "returned": grouped(moved.returned), "recalled_by_sender": grouped(moved.recalled_by_sender),
        "drafts_returned": grouped(moved.drafts_returned), "recalled": grouped(moved.recalled),
        "refused": grouped(moved.refused), "acknowledged": moved.acknowledged.text,
        "files_opened": grouped(files.opened), "files_closed": grouped(files.closed), "files_due": grouped(files.due),
        "files_handed_in": grouped(files.handed_in), "files_late": grouped(files.late),
        "accesses": grouped(view.accesses)}


def group_name(group: GroupBy, name: str, language: Language = Language.VIETNAMESE) -> str:
    """Of one row: words where the name is a code, `03/2026` for a month."""
    if not name:
        return phrase("report.without", language)
    if group is GroupBy.MONTH:
        year, _, month = name.partition("-")
        return f"{month}/{year}"
    code = f"{group.value}.{name}"
    return phrase(code, language) if has_words(code, language) else name


SHOWN = ("registered", "on_time", "late_solved", "late_open", "not_due", "on_time_rate", "issued", "signed_rate",
         "electronic_out")
"""What the printed table shows per group; all figures stand beneath it for the whole period."""

RATES = frozenset({"on_time_rate", "signed_rate", "electronic_out"})


def report_paper(office: Office, query: OfficeReport) -> TablePaper:
    """Raises: NotYours, FieldWrong."""
    view = office.ask(query)
    columns = (Column("name", say(f"by_{query.group.value}"), 46, "left"),
               *(Column(name, say(name), 32 if name in RATES else 20, "center") for name in SHOWN))
    rows = [TableRow((group_name(query.group, row.name), *(figures_of(row)[name] for name in SHOWN)))
            for row in view.rows]
    total = figures_of(view.total)
    rows.append(TableRow((say("all"), *(total[name] for name in SHOWN)), heading=True))
    notes = [f"{say(name)}: {total[name]}" for name in FIGURES if name not in SHOWN]
    notes += [f"{say(name)}: {value}" for name, value in others_of(view).items()]
    lines = [say("period", first=day_text(view.first), last=day_text(view.last))]
    if view.unit_name:
        lines.append(view.unit_name)
    return paper_of(office, title=say("title"), lines=tuple(lines), sheet="Báo cáo", columns=columns, rows=tuple(rows),
                    notes=("; ".join(notes) + ".", say("base")), signers=(say("maker"), say("head")), landscape=True)


def write_report(office: Office, query: OfficeReport, target: Path) -> Path:
    """PDF, or a spreadsheet where the name ends in .xlsx. Raises as `report_paper`, and FolderNotWritable, DiskFull."""
    return write_paper(office, report_paper(office, query), target)


def say(name: str, **blanks: object) -> str:
    return phrase(f"report.{name}", Language.VIETNAMESE, **blanks)
