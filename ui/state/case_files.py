"""What the screen of case files shows, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from docclient.office.case_files import CaseFileState
from docclient.office.queries.case_files import CaseFileRow, CaseFileView, InsideRow
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class FileShown:
    """One line of the list of files. due: when it must be in the archive, with its tone."""

    id: str
    notation: str
    title: str
    owner: str
    retention: str
    documents: str
    state: str
    due: str
    due_tone: str | None

    @classmethod
    def of(cls, row: CaseFileRow, texts: Texts) -> Self:
        file = row.file
        due = texts.date(file.due) if file.state is CaseFileState.CLOSED and file.due else ""
        return cls(file.id, f"{file.notation}/{file.year}", file.title,
                   ", ".join(part for part in (row.owner_name, row.unit_name) if part),
                   texts(f"retention.{file.retention.name.lower()}"), str(row.documents),
                   texts(f"case_file_state.{file.state}"), due,
                   "bad" if row.overdue else "doubt" if row.near_due else None)


@dataclass(frozen=True, slots=True)
class InsideShown:
    """One document of a file; one that this person may not see has no id."""

    ordinal: str
    id: str | None
    number: str
    issued: str
    what: str
    issuer: str
    state: str

    @classmethod
    def of(cls, row: InsideRow, texts: Texts) -> Self:
        document = row.document
        if document is None:
            return cls(str(row.ordinal), None, "", "", texts("case_window.hidden"), "", "")
        return cls(str(row.ordinal), document.id, document.number_and_symbol or "—", texts.date(document.issued_date),
                   f"{document.type_name}: {document.subject}", document.issuer_name, texts(f"state.{document.state}"))


@dataclass(frozen=True, slots=True)
class FilePageShown:
    """One file. facts: (label, value) pairs. findings: what to put right before it is closed. may_hand_in: the archive
    may take it in."""

    id: str
    heading: str
    code: str
    facts: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]
    inside: tuple[InsideShown, ...]
    may_add: bool
    may_hand_in: bool = False

    @classmethod
    def of(cls, view: CaseFileView, texts: Texts) -> Self:
        file, row = view.file, FileShown.of(view.row, texts)
        period = ""
        if file.kept_from is not None:
            last = texts.date(file.kept_to) if file.kept_to else texts("retention.permanent")
            period = f"{texts.date(file.kept_from)} – {last}"
        pairs = (
            ("case_window.state", row.state), ("field.owner", row.owner), ("field.retention", row.retention),
            ("field.rights", texts(f"rights.{file.rights}")), ("field.start_date", texts.date(file.start_date)),
            ("field.ended_on", texts.date(file.ended_on)), ("case_window.kept", period),
            ("case_window.due", row.due), ("case_window.heading", view.heading_name), ("field.note", file.note))
        about = {each.document: each.about for each in view.findings}
        findings = tuple(f"{about[each.document]}: {texts(f'review.{each.kind}')}" if each.document
                         else texts(f"review.{each.kind}") for each in view.findings)
        return cls(file.id, file.title, file.code, tuple((texts(code), value) for code, value in pairs if value),
                   findings, tuple(InsideShown.of(each, texts) for each in view.inside),
                   file.state is CaseFileState.OPEN,
                   file.state is CaseFileState.CLOSED and file.hand_in_due is not None)
