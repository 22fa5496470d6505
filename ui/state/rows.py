"""A document as one line of a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from docclient.office.model import VIETNAM, DocumentId, Flow, State, Urgency, WaitKind
from docclient.office.queries.documents import DocumentRow, WaitingRow
from docclient.office.queries.finding import FoundRow
from docclient.office.queries.tasks import TaskRow
from ui.state.dates import Deadline
from ui.state.verdicts import VerdictShown
from ui.texts import Texts

# what a list can be narrowed to, in the order of a document's life
STATES_OF = {
    Flow.INCOMING: (State.WAITING_RECEIPT, State.REGISTERED, State.WAITING_DIRECTION, State.ASSIGNED, State.IN_WORK,
                    State.FINISHED, State.KEPT, State.RETURNED),
    Flow.OUTGOING: (State.DRAFT, State.CONTENT_CHECK, State.FORMAT_CHECK, State.WAITING_SIGNATURE, State.SIGNED,
                    State.NUMBERED, State.SEALED, State.ISSUED, State.CORRECTED, State.REPLACED,
                    State.RECALLED, State.CANCELLED),
}
TONE_OF_STATE = {State.FINISHED: "good", State.ISSUED: "good", State.RETURNED: "bad", State.RECALLED: "bad",
                 State.CANCELLED: "bad", State.WAITING_RECEIPT: "news", State.WAITING_DIRECTION: "news",
                 State.WAITING_SIGNATURE: "news"}
TONE_OF_URGENCY = {Urgency.NORMAL: None, Urgency.URGENT: "doubt", Urgency.VERY_URGENT: "bad", Urgency.EXPRESS: "bad"}


TASK = "task"       # in the place of a WaitKind


@dataclass(frozen=True, slots=True)
class ListRow:
    """What a list says about one document; everything as text, ready to be drawn."""

    id: DocumentId
    flow: Flow
    arrival_number: str
    number: str
    issued: str
    kind: str
    subject: str
    issuer: str
    lead: str
    deadline: Deadline
    state: str
    urgency: str
    urgency_tone: str | None
    signatures: str = ""
    signatures_tone: str | None = None
    state_tone: str | None = None
    found: FoundRow | None = None       # what it was found by, and further fields

    @property
    def what(self) -> str:
        """Type and subject, urgency first where there is one."""
        title = f"{self.kind}: {self.subject}" if self.kind else self.subject
        return f"[{self.urgency}] {title}" if self.urgency_tone else title

    @classmethod
    def of(cls, row: DocumentRow, today: date, texts: Texts) -> Self:
        return cls(
            row.id, row.flow, str(row.arrival_number) if row.arrival_number is not None else "—",
            numbered(row.number_and_symbol), texts.date(row.issued_date), row.type_name, row.subject, row.issuer_name,
            row.lead_name, Deadline.of(row.due_date, row.standing, today, texts),
            texts(f"state.{row.state}"), texts(f"urgency.{row.urgency.name.lower()}"), TONE_OF_URGENCY[row.urgency],
            *signatures_told(row.conclusion, texts), TONE_OF_STATE.get(row.state))

    @classmethod
    def of_found(cls, found: FoundRow, today: date, texts: Texts) -> Self:
        return replace(cls.of(found.document, today, texts), found=found)

    @property
    def snippet(self) -> str:
        """The words around what was looked for, where they stand in a file and not in what the list shows."""
        found = self.found.snippet if self.found is not None else None
        return f"… {found.text.strip()} …" if found is not None and found.in_file else ""


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One thing that waits for this person."""

    wait: WaitKind | str            # TASK: a task without a document, whose identity `id` is
    waits_for: str
    since: str
    row: ListRow

    @property
    def id(self) -> DocumentId:
        return self.row.id

    @classmethod
    def of(cls, waiting: WaitingRow, today: date, texts: Texts) -> Self:
        waits_for = texts(f"wait.{waiting.kind}")
        if waiting.acting_for:
            waits_for = f"{waits_for} · {texts('acting.for', name=waiting.acting_for_name)}"
        return cls(waiting.kind, waits_for, ago(waiting.since, today, texts),
                   ListRow.of(waiting.document, today, texts))

    @classmethod
    def of_task(cls, row: TaskRow, today: date, texts: Texts) -> Self:
        """A task among the documents: its title, who gave it, its deadline."""
        task = row.task
        line = ListRow(DocumentId(task.id), Flow.INCOMING, "", "—", "", "", task.title, row.giver_name, row.lead_name,
                       Deadline.of(task.due_date, row.standing, today, texts), texts(f"task_state.{task.state}"), "",
                       None)
        return cls(TASK, f"{texts('task_window.what')} · {texts(f'task_state.{task.state}')}",
                   ago(task.created_at, today, texts), line)


def signatures_told(conclusion: str | None, texts: Texts) -> tuple[str, str | None]:
    """The newest verdict on the document's signatures in a word, and its tone; nothing where there is no signature to
    speak of."""
    if conclusion is None or conclusion == "unsigned":
        return texts("verdict_short.unsigned") if conclusion else "", None
    shown = VerdictShown.of(conclusion, "", texts)
    return texts(f"verdict_short.{shown.conclusion}"), shown.tone


def numbered(number_and_symbol: str) -> str:
    """`15/UBND-VP`; `…/UBND-VP` while only the symbol is known; a dash for neither."""
    if not number_and_symbol:
        return "—"
    return number_and_symbol if "/" in number_and_symbol else f"…/{number_and_symbol}"


def ago(since: datetime, today: date, texts: Texts) -> str:
    """How long it has waited, in the words people use; the day itself from a week on."""
    day = since.astimezone(VIETNAM).date()
    days = (today - day).days
    if days <= 0:
        return texts("since.today")
    if days == 1:
        return texts("since.yesterday")
    return texts("since.days", days=days) if days < 7 else texts.date(day)
