"""A document as one line of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from docclient.office.model import VIETNAM, DocumentId, Flow, State, Urgency, WaitKind
from docclient.office.queries.documents import DocumentRow, WaitingRow
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
TONE_OF_URGENCY = {Urgency.NORMAL: None, Urgency.URGENT: "doubt", Urgency.VERY_URGENT: "bad", Urgency.EXPRESS: "bad"}


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
            *signatures_told(row.conclusion, texts))


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One thing that waits for this person."""

    wait: WaitKind
    waits_for: str
    since: str
    row: ListRow

    @property
    def id(self) -> DocumentId:
        return self.row.id

    @classmethod
    def of(cls, waiting: WaitingRow, today: date, texts: Texts) -> Self:
        return cls(waiting.kind, texts(f"wait.{waiting.kind}"), ago(waiting.since, today, texts),
                   ListRow.of(waiting.document, today, texts))


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
