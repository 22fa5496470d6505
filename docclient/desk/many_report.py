"""What became of each document of one act on many, as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docclient.desk.exporting import kind_of
from docclient.desk.many import ItemResult
from docclient.office.door import Office
from docclient.office.model import now
from docclient.office.queries.office import AboutOffice, JournalHead
from docclient.papers.model import JournalHead as PrintedHead
from docclient.papers.table import TableColumn, TablePaper, write_table
from docclient.words import Language, phrase


def write_results(office: Office, act: str, results: Sequence[tuple[str, ItemResult]], target: Path,
                  language: Language = Language.VIETNAMESE) -> Path:
    """act: its words. results: each with what the document is called. The kind of file follows from its ending.

    Raises: KindUnknown, TooLongToPrint, FolderNotWritable, DiskFull."""
    facts, head = office.ask(AboutOffice()), office.ask(JournalHead())

    def say(name: str) -> str:
        return phrase(f"sheet_report.{name}", language)

    write_table(TablePaper(
        agency=facts.header or (facts.agency_name,), title=say("title_many"), about=(act,),
        columns=(TableColumn(say("subject"), 120), TableColumn(say("state"), 30), TableColumn(say("number"), 25),
                 TableColumn(say("why"), 90)),
        rows=((name, phrase(f"item_state.{each.state}", language), each.number, each.why) for name, each in results),
        made_at=now(), journal_head=PrintedHead(head.entries, head.head)), target, kind_of(target))
    return target
