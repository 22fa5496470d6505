"""The columns a list of documents may have: what each says of a document, for the window and for files alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from docclient.office.model import VIETNAM, Flow
from docclient.office.queries.finding import MORE_FIELDS, FoundRow
from docclient.papers.layout import day_text
from docclient.words import Language, phrase

Text = Callable[[FoundRow, Language], str]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """name: as kept for a person. width_mm: on paper. Its heading is the words code `column.<heading>`."""

    name: str
    heading: str
    width_mm: float
    text: Text
    centred: bool = False

    @property
    def field(self) -> str | None:
        """The further field it needs, if any."""
        return self.name if self.name in MORE_FIELDS else None

    def title(self, language: Language) -> str:
        return phrase(f"column.{self.heading}", language)


def day(value: date | None) -> str:
    return day_text(value)


def more(name: str) -> Text:
    return lambda row, _: row.more.get(name, "")


def more_day(name: str) -> Text:
    return lambda row, _: day_text(date.fromisoformat(row.more[name])) if name in row.more else ""


def moment(text: str) -> str:
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone(VIETNAM)
    return f"{at:%H:%M} {day_text(at.date())}"


def number_of(row: FoundRow) -> str:
    """`…/UBND-VP` while only the symbol is known."""
    said = row.document.number_and_symbol
    return said if not said or "/" in said else f"…/{said}"


def channel(row: FoundRow, language: Language) -> str:
    came = row.document.channel
    return phrase(f"channel.{came.name.lower()}", language) if came else ""


ALL: tuple[ListColumn, ...] = (
    ListColumn("arrival_number", "arrival", 14,
               lambda r, _: "" if r.document.arrival_number is None else str(r.document.arrival_number), centred=True),
    ListColumn("arrival_date", "arrival_date", 22, more_day("arrival_date"), centred=True),
    ListColumn("number", "number", 30, lambda r, _: number_of(r)),
    ListColumn("issued", "issued", 22, lambda r, _: day(r.document.issued_date), centred=True),
    ListColumn("type", "type", 26, lambda r, _: r.document.type_name),
    ListColumn("subject", "subject", 80, lambda r, _: r.document.subject),
    ListColumn("issuer", "issuer", 44, lambda r, _: r.document.issuer_name),
    ListColumn("recipients_text", "recipients", 44, more("recipients_text")),
    ListColumn("signer_name", "signer", 34, more("signer_name")),
    ListColumn("signer_position", "signer_position", 34, more("signer_position")),
    ListColumn("lead", "lead", 34, lambda r, _: r.document.lead_name),
    ListColumn("drafter", "drafter", 34, more("drafter")),
    ListColumn("unit", "unit", 34, more("unit")),
    ListColumn("urgency", "urgency", 22, lambda r, lang: phrase(f"urgency.{r.document.urgency.name.lower()}", lang)),
    ListColumn("deadline", "deadline", 22, lambda r, _: day(r.document.due_date), centred=True),
    ListColumn("reply_due_date", "reply_due", 22, more_day("reply_due_date"), centred=True),
    ListColumn("state", "state", 28, lambda r, lang: phrase(f"state.{r.document.state}", lang)),
    ListColumn("channel", "channel", 24, channel),
    ListColumn("page_amount", "pages", 14, more("page_amount"), centred=True),
    ListColumn("issued_amount", "copies", 14, more("issued_amount"), centred=True),
    ListColumn("language", "language", 20, more("language")),
    ListColumn("issued_place", "place", 26, more("issued_place")),
    ListColumn("note", "note", 44, more("note")),
    ListColumn("created_at", "created", 30, lambda r, _: moment(r.more.get("created_at", ""))),
    ListColumn("updated_at", "updated", 30, lambda r, _: moment(r.document.updated_at.isoformat())),
)
COLUMNS: Mapping[str, ListColumn] = {each.name: each for each in ALL}

USUAL: Mapping[Flow, tuple[str, ...]] = {
    Flow.INCOMING: ("arrival_number", "number", "issued", "type", "subject", "issuer", "lead", "deadline", "state"),
    Flow.OUTGOING: ("number", "issued", "type", "subject", "signer_name", "recipients_text", "state"),
}
"""Where a person has chosen nothing."""
EVERYWHERE = ("arrival_number", "number", "issued", "type", "subject", "issuer", "deadline", "state")
