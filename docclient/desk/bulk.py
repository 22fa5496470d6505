"""Many documents from a spreadsheet: first what each row would do and what stands against it, then row by row.

A row is one command with a key made of the file's digest and the row's number: given again, after a crash or by another
clerk, it takes effect once and answers the same number.
"""

from __future__ import annotations

import mimetypes
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from docclient.desk.bulk_sheet import HEADINGS, NEEDED, Sheet, SheetRow, date_of
from docclient.desk.drafting import Progress, silent
from docclient.desk.workplace import put_file
from docclient.errors import PlaceTrouble, ServiceTrouble, Trouble
from docclient.exchange.secrecy import is_level
from docclient.office.commands.arriving import ReceivedFile
from docclient.office.commands.numbers import RegisterOutgoingPaper
from docclient.office.commands.sheet_rows import EnterAndRegister
from docclient.office.door import Office, Receipt
from docclient.office.model import Channel, DocumentId, Flow, Handler, Urgency
from docclient.office.queries.office import Agencies, DocumentTypes, People, Units
from docclient.office.queries.rehearsal import EarlierReceipts, RehearseRows
from docclient.office.search import words_of
from docclient.words import Language, phrase
from docclient.words import words_of as words_of_trouble

T = TypeVar("T")
Row = EnterAndRegister | RegisterOutgoingPaper
MOST_AGENCIES = 100_000
URGENCIES = {"": Urgency.NORMAL, "thuong": Urgency.NORMAL, "binh thuong": Urgency.NORMAL, "khong": Urgency.NORMAL,
             "khan": Urgency.URGENT, "thuong khan": Urgency.VERY_URGENT, "hoa toc": Urgency.EXPRESS}
CHANNELS = {"": Channel.MAIL, "buu dien": Channel.MAIL, "buu chinh": Channel.MAIL, "thu": Channel.MAIL,
            "email": Channel.MAIL, "thu dien tu": Channel.MAIL, "truc tiep": Channel.HAND, "tan tay": Channel.HAND}


class RowState(StrEnum):
    READY = "ready"            # would be registered
    REFUSED = "refused"        # would not, and why
    DONE = "done"              # is registered now
    ALREADY = "already"        # was registered before from this very row
    FAILED = "failed"          # was tried, and refused
    LEFT = "left"              # not come to


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row's truth. number: given, or to be given. why: in the language asked for; empty where all is well."""

    row: int
    subject: str
    state: RowState
    number: str = ""
    why: str = ""
    document: DocumentId | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet would do. commands: of the rows that can be tried, by row number; files: what lies beside them."""

    sheet: Sheet
    results: tuple[RowResult, ...]
    commands: Mapping[int, Row]
    files: Mapping[int, tuple[Path, ...]] = field(default_factory=dict)

    @property
    def ready(self) -> tuple[RowResult, ...]:
        return tuple(each for each in self.results if each.state is RowState.READY)

    @property
    def refused(self) -> tuple[RowResult, ...]:
        return tuple(each for each in self.results if each.state is RowState.REFUSED)

    @property
    def numbers(self) -> tuple[str, str] | None:
        """The first and the last number that would be given."""
        given = [each.number for each in self.ready if each.number]
        return (given[0], given[-1]) if given else None


def key_of(sheet: Sheet, row: int) -> str:
    return f"sheet:{sheet.flow}:{sheet.digest}:{row}"


def plan_sheet(office: Office, sheet: Sheet, *, folder: Path | None = None,
               language: Language = Language.VIETNAMESE) -> Plan:
    """What each row would do, as the office's own rules say it; nothing is changed. folder: where the files lie that
    rows name; without it, beside the sheet. Raises: NotYours."""
    reader = Reader(office, sheet.flow, folder or sheet.file.parent, language)
    earlier = office.ask(EarlierReceipts(tuple(key_of(sheet, row.number) for row in sheet.rows)))
    results: dict[int, RowResult] = {}
    commands: dict[int, Row] = {}
    files: dict[int, tuple[Path, ...]] = {}
    for row in sheet.rows:
        subject = str(row.cells.get("subject", ""))
        before = earlier.get(key_of(sheet, row.number))
        if before is not None:
            results[row.number] = done(row.number, subject, before, RowState.ALREADY)
            continue
        command, found, wrong = reader.read(row)
        if wrong or command is None:
            shown = "" if reader.secret(row) else subject
            results[row.number] = RowResult(row.number, shown, RowState.REFUSED, why="; ".join(wrong))
            continue
        commands[row.number], files[row.number] = command, found
    told = office.ask(RehearseRows(tuple(commands.values()), language))
    for number, each in zip(list(commands), told, strict=True):
        state = RowState.REFUSED if each.refused else RowState.READY
        results[number] = RowResult(number, commands[number].subject, state, each.number or "", each.why)
        if each.refused:
            del commands[number]
    return Plan(sheet, tuple(results[row.number] for row in sheet.rows), commands, files)


def run_sheet(office: Office, plan: Plan, *, language: Language = Language.VIETNAMESE, progress: Progress = silent,
              stop: threading.Event | None = None) -> list[RowResult]:
    """Register the rows that can be, one after the other in the sheet's order; each has its own result. A row that is
    refused stops no other. Stopped, the rest is LEFT, and a later run goes on there.

    Raises: DiskFull and its like, ServiceTrouble: the place or the line is at fault, not a row.
    """
    results: list[RowResult] = []
    todo = sum(each.state is RowState.READY for each in plan.results)
    tried = 0
    for each in plan.results:
        command = plan.commands.get(each.row)
        if command is None:
            results.append(each)
        elif stop is not None and stop.is_set():
            results.append(replace(each, state=RowState.LEFT, number=""))
        else:
            progress(tried, todo)
            results.append(run_row(office, plan, each, command, language))
            tried += 1
    progress(tried, todo)
    return results


def run_row(office: Office, plan: Plan, each: RowResult, command: Row, language: Language) -> RowResult:
    key = key_of(plan.sheet, each.row)
    before = office.ask(EarlierReceipts((key,)))
    if before:
        return done(each.row, each.subject, before[key], RowState.ALREADY)
    try:
        if isinstance(command, EnterAndRegister):
            command = replace(command, files=tuple(received(office, file) for file in plan.files.get(each.row, ())))
        receipt = office.do(command, key=key)
    except (PlaceTrouble, ServiceTrouble):
        raise
    except Trouble as trouble:
        return RowResult(each.row, each.subject, RowState.FAILED, why=words_of_trouble(trouble, language).sentence)
    return done(each.row, each.subject, receipt, RowState.DONE)


def done(row: int, subject: str, receipt: Receipt, state: RowState) -> RowResult:
    return RowResult(row, subject, state, receipt.number or "", document=receipt.document)


def received(office: Office, file: Path) -> ReceivedFile:
    return ReceivedFile(file.name, put_file(office, file), media_type_of(file))


def media_type_of(file: Path) -> str:
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


class Reader:
    """Reads rows with what the office knows: its types, people, units and the directory."""

    def __init__(self, office: Office, flow: Flow, folder: Path, language: Language) -> None:
        self.flow, self.folder, self.language = flow, folder, language
        self.types = folded((each.name, each.name) for each in office.ask(DocumentTypes()))
        people = office.ask(People())
        self.people = folded((each.name, each.id) for each in people)
        units = office.ask(Units())
        self.units = folded([*((each.name, each.id) for each in units),
                             *((each.abbreviation, each.id) for each in units)])
        agencies = office.ask(Agencies(limit=MOST_AGENCIES)) if flow is Flow.OUTGOING else ()
        self.agencies = folded([*((each.name, each.code) for each in agencies),
                                *((each.code, each.code) for each in agencies)])

    def read(self, row: SheetRow) -> tuple[Row | None, tuple[Path, ...], list[str]]:
        """The row's command, its files, and everything that is wrong with it."""
        if self.secret(row):
            return None, (), [self.say("secret")]
        wrong = [self.say("missing", name) for name in NEEDED[self.flow] if name not in row.cells]
        if self.flow is Flow.INCOMING:
            return self.incoming(row, wrong)
        return self.outgoing(row, wrong)

    def secret(self, row: SheetRow) -> bool:
        """Does any cell declare a secrecy level? Such a document is not registered here at all (records-work 13.4)."""
        return any(is_level("domat" if name == "secrecy" else name, str(cell)) for name, cell in row.cells.items())

    def incoming(self, row: SheetRow, wrong: list[str]) -> tuple[Row | None, tuple[Path, ...], list[str]]:
        cells = row.cells
        number, notation = str(cells.get("code_number", "")), str(cells.get("code_notation", ""))
        if not number and not notation and "number" in cells:
            number, notation = parted(str(cells["number"]))
        issued, due = self.day(row, "issued_date", wrong), self.day(row, "due_date", wrong)
        files = self.files(row, wrong)
        type_name = self.one_of(row, "type_name", self.types, wrong) or "Công văn"
        urgency = self.one_of(row, "urgency", URGENCIES, wrong) or Urgency.NORMAL
        channel = self.one_of(row, "channel", CHANNELS, wrong) or Channel.MAIL
        leader = self.one_of(row, "leader", self.people, wrong)
        if wrong or issued is None:
            return None, files, wrong
        note = str(cells.get("note", "")) or ("" if files else self.say("on_paper", row=row.number))
        return EnterAndRegister(
            channel=channel, issuer_name=str(cells["issuer_name"]), subject=str(cells["subject"]),
            issued_date=issued, type_name=type_name, code_number=number, code_notation=notation,
            issuer_code=str(cells.get("issuer_code", "")), urgency=urgency, due_date=due, note=note,
            leader=leader,
            register_title=str(cells.get("register_title", ""))), files, wrong

    def outgoing(self, row: SheetRow, wrong: list[str]) -> tuple[Row | None, tuple[Path, ...], list[str]]:
        cells = row.cells
        signer, unit = (self.one_of(row, "signer", self.people, wrong), self.one_of(row, "unit", self.units, wrong))
        type_name = self.one_of(row, "type_name", self.types, wrong) or "Công văn"
        urgency = self.one_of(row, "urgency", URGENCIES, wrong) or Urgency.NORMAL
        recipients: list[str] = []
        for name in re.split(r"[;\n]", str(cells.get("recipients", ""))):
            if words_of(name):
                code = self.agencies.get(" ".join(words_of(name)))
                if code:
                    recipients.append(code)
                else:
                    wrong.append(self.say("unknown", "recipients", value=name.strip()))
        copies = str(cells.get("copies", ""))
        if copies and not (copies.isascii() and copies.isdigit() and len(copies) < 7):
            wrong.append(self.say("no_number", "copies", value=copies))
        if wrong or not signer or not unit:
            return None, (), wrong
        return RegisterOutgoingPaper(
            type_name=type_name, subject=str(cells["subject"]), signer=signer, unit=Handler("unit", unit),
            recipients=tuple(recipients), copies=int(copies) if copies else None, urgency=urgency,
            note=str(cells.get("note", ""))), (), wrong

    def day(self, row: SheetRow, name: str, wrong: list[str]) -> date | None:
        if name not in row.cells:
            return None
        found = date_of(row.cells[name])
        if found is None:
            wrong.append(self.say("no_date", name, value=str(row.cells[name])))
        return found

    def one_of(self, row: SheetRow, name: str, known: Mapping[str, T], wrong: list[str]) -> T | None:
        said = str(row.cells.get(name, ""))
        if not said:
            return None
        found = known.get(" ".join(words_of(said)))
        if found is None:
            wrong.append(self.say("unknown", name, value=said))
        return found

    def files(self, row: SheetRow, wrong: list[str]) -> tuple[Path, ...]:
        found = []
        root = self.folder.resolve()
        for name in re.split(r"[;\n]", str(row.cells.get("files", ""))):
            if not name.strip():
                continue
            file = (root / name.strip()).resolve()
            if not file.is_relative_to(root) or not file.is_file():
                wrong.append(self.say("no_file", "files", value=name.strip()))
            else:
                found.append(file)
        return tuple(found)

    def say(self, code: str, name: str = "", **blanks: object) -> str:
        heading = HEADINGS[self.flow][name][0] if name else ""
        return phrase(f"sheet_row.{code}", self.language, field=heading, **blanks)


def folded(names: Iterable[tuple[str | None, T]]) -> dict[str, T]:
    """By folded name; a name that several bear names nobody."""
    found: dict[str, set[T]] = {}
    for name, value in names:
        if name:
            found.setdefault(" ".join(words_of(name)), set()).add(value)
    return {name: next(iter(values)) for name, values in found.items() if len(values) == 1}


def parted(said: str) -> tuple[str, str]:
    """`15/QĐ-UBND` → number and symbol; what begins with no number is a symbol alone."""
    number, slash, notation = said.partition("/")
    if not slash:
        return (said, "") if said[:1].isdigit() else ("", said)
    return number.strip(), notation.strip()


def counted(results: Sequence[RowResult]) -> dict[RowState, int]:
    return {state: sum(each.state is state for each in results) for state in RowState
            if any(each.state is state for each in results)}
