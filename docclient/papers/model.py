"""The facts of each printed paper: plain text, as it stands on the page. Whoever prints fills these from the office.

Column names and order: Nghị định 30/2020/NĐ-CP, Annex IV. Dates in rows are texts (`docclient.papers.layout.day_text`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class RegisterKind(StrEnum):
    """Which register; the value names its table in resources/papers/registers.toml."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"
    FOLLOW_UP = "follow_up"
    HAND_OVER = "hand_over"    # no register of the decree: an extra print of columns 7 to 9


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingRow:
    """One line of the incoming register (Sổ đăng ký văn bản đến): 10 columns."""

    arrived_on: str
    arrival_number: str
    issuer: str
    number_and_symbol: str
    issued_on: str
    type_and_subject: str
    handled_by: str = ""
    passed_on: str = ""
    received_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRow:
    """One line of the outgoing register (Sổ đăng ký văn bản đi): 10 columns."""

    number_and_symbol: str
    issued_on: str
    type_and_subject: str
    signer: str
    recipients: str
    copy_kept_by: str = ""
    copies: str = ""
    passed_on: str = ""
    received_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRow:
    """One line of the follow-up register (Sổ theo dõi giải quyết văn bản đến): 7 columns."""

    arrival_number: str
    document: str
    handled_by: str
    due: str = ""
    progress: str = ""
    answer: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverRow:
    """One line of the hand-over list: what goes to whom, signed for on paper (columns 7 to 9 of the incoming
    register)."""

    arrival_number: str
    number_and_symbol: str
    type_and_subject: str
    receiver: str
    passed_on: str
    copies: str = ""
    received_by: str = ""
    note: str = ""


RegisterRow = IncomingRow | OutgoingRow | FollowUpRow | HandOverRow

ROW_OF: dict[RegisterKind, type[RegisterRow]] = {
    RegisterKind.INCOMING: IncomingRow,
    RegisterKind.OUTGOING: OutgoingRow,
    RegisterKind.FOLLOW_UP: FollowUpRow,
    RegisterKind.HAND_OVER: HandOverRow,
}


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The last entry of the office's journal when the paper was printed: its number and SHA-256 (hexadecimal)."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCover:
    """What stands on the cover of a register (NĐ 30, Annex IV).

    agency: the printed lines of the agency's name, e.g. ("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"); parent: "" where none is
    printed. Days and numbers not known yet are left as dots to write on; the follow-up register has no numbers.
    """

    agency: tuple[str, ...]
    parent: str = ""
    year: int
    first_day: date | None = None
    last_day: date | None = None
    first_number: str = ""
    last_number: str = ""
    volume: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPaper:
    """A register ready to print. `printed_at` is aware; `printed_by` is the person's name as the office writes it.

    Raises: ValueError when a row is of another register.
    """

    kind: RegisterKind
    cover: RegisterCover
    rows: tuple[RegisterRow, ...]
    journal_head: JournalHead
    printed_at: datetime
    printed_by: str = ""

    def __post_init__(self) -> None:
        wanted = ROW_OF[self.kind]
        if not all(isinstance(row, wanted) for row in self.rows):
            raise ValueError(f"the {self.kind} register takes {wanted.__name__} alone")
        if self.printed_at.tzinfo is None:
            raise ValueError("printed_at has no zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadersOpinion:
    """Part 1 of the slip: one of the agency's leaders. helping_due: the limit of those who help, where it differs."""

    lead: str = ""
    helping: str = ""
    informed: str = ""
    following: str = ""
    due: str = ""
    helping_due: str = ""
    words: str = ""
    given_by: str = ""
    given_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOpinion:
    """Part 2 of the slip: one level of a unit, by whoever passed the work on."""

    handler: str = ""
    helping: str = ""
    due: str = ""
    words: str = ""
    given_by: str = ""
    given_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlersProposal:
    """Part 3 of the slip: what the handler proposes."""

    words: str = ""
    given_by: str = ""
    given_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingSlip:
    """A handling slip (Phiếu giải quyết văn bản đến). `place` and `made_on` make its date line.

    leaders, units, proposals: what stands in parts 1 to 3, in the order of time; an empty part becomes lines to
    write on.
    """

    agency: tuple[str, ...]
    parent: str = ""
    place: str
    made_on: date
    arrival_number: str
    arrived_on: str
    type_name: str
    number_and_symbol: str
    issued_on: str
    issuer: str
    subject: str
    leaders: tuple[LeadersOpinion, ...] = ()
    units: tuple[UnitOpinion, ...] = ()
    proposals: tuple[HandlersProposal, ...] = ()
    journal_head: JournalHead
    printed_at: datetime

    def __post_init__(self) -> None:
        if self.printed_at.tzinfo is None:
            raise ValueError("printed_at has no zone")
