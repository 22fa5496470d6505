"""The one door of the office: commands change it, queries read it, bytes and news have their own two calls.

A command is a frozen dataclass; `rule(...)` in `registry.py` says once who may give it, in which states, and what it
asks for. Engines behind the door: in-process over SQLite or PostgreSQL (`engine.py`); a server speaks the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, BinaryIO, Generic, Protocol, TypeVar

from docclient.office.model import Actor, Digest, DocumentId, PersonId, State

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Command:
    """Whatever changes the office. Subclasses are registered with `rule`."""


@dataclass(frozen=True, slots=True)
class Query(Generic[T]):
    """Whatever reads the office; `T` is the type of the answer. Subclasses are registered with `answers`."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did. The same key given again brings the same receipt.

    entry: the journal entry's number. document, version, state: what was touched, as it is now. number: a number
    that was given out. facts: further results by name (identities of what was made).
    """

    command: str
    entry: int
    document: DocumentId | None = None
    version: int | None = None
    state: State | None = None
    number: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


class AskKind(StrEnum):
    """What kind of input a field of an offer wants; a screen chooses the widget."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    PHRASED = "phrased"              # long text, with the person's own phrases at hand
    NUMBER = "number"
    DATE = "date"
    DEADLINE = "deadline"            # a date, best given in working days from today
    YES_NO = "yes_no"
    CHOICE = "choice"
    PERSON = "person"
    HANDLER = "handler"              # one person or unit
    HANDLERS = "handlers"            # several
    RECIPIENTS = "recipients"        # outside agencies
    REGISTER = "register"            # an incoming register, by its title
    SEVERAL = "several"              # several of the field's choices
    TYPES = "types"                  # document types, several
    AGENCY = "agency"                # one agency, by its code
    UNIT = "unit"                    # one unit, by its identity
    PDF = "pdf"                      # a file; the desk puts it into the office and gives its digest and its name


@dataclass(frozen=True, slots=True)
class NeededWith:
    """An answer is needed where another field of the same form has one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One input of an offer.

    name: the command's field. required: an empty answer is refused. default: what to show first (JSON-ready).
    choices: (value, text) pairs for CHOICE. needed_with: when an answer that may stay empty otherwise is refused empty.
    Its label is the words code `field.<name>`.
    """

    name: str
    kind: AskKind
    required: bool
    default: Any = None
    choices: tuple[tuple[str, str], ...] = ()
    needed_with: NeededWith | None = None


class Act(StrEnum):
    """What giving an offered command takes beside its fields; the desk knows how (docclient/desk.py)."""

    FORM = "form"                # the fields are enough
    SIGN = "sign"                # the person's key
    NUMBER_AND_SEAL = "number_and_seal"   # number, fill, seal with the agency's key
    SIGN_COPY = "sign_copy"      # the agency's key, top right of a digitised paper, then register
    DRAFT = "draft"              # opens the drafting dialog
    ANNEX = "annex"              # chooses a file that goes with the draft
    ISSUE = "issue"              # issue, then hand the packets to the transports
    RECHECK = "recheck"          # verify again: nothing to fill in, drawn beside the signatures


@dataclass(frozen=True, slots=True)
class Offer:
    """A command this person may give on this document now.

    Title and hint are the words codes `offer.<command>` and `offer_hint.<command>`. order: smaller comes first; the
    first is what people mostly do. negative: a refusal or return, drawn apart. acting_for: the absent person it would
    be given for (with `office.do(..., acting_for=...)`); None where it is one's own.
    """

    command: str
    document: DocumentId
    version: int
    act: Act
    fields: tuple[Ask, ...]
    order: int
    negative: bool
    acting_for: PersonId | None = None
    acting_for_name: str = ""

    @property
    def title(self) -> str:
        return f"offer.{self.command}"


@dataclass(frozen=True, slots=True)
class Change:
    """News: a command took effect. entry counts up without gaps. document: None where this person may not see it."""

    entry: int
    command: str
    document: DocumentId | None


class Office(Protocol):
    """The office as one person sees it."""

    @property
    def me(self) -> Actor:
        """Who stands at the door."""

    def do(self, command: Command, *, key: str | None = None, acting_for: PersonId | None = None) -> Receipt:
        """Give a command. `key`: an idempotency key; with the same key it takes effect once. `acting_for`: the absent
        person for whom it is given, by a delegation that holds today; only commands about a document.

        Raises: NotYours, NotNow, StaleDocument, FieldWrong, KeyReused and what the command itself names.
        """

    def ask(self, query: Query[T]) -> T:
        """Read. Only what this person may see comes back. Raises: NotFound."""

    def read(self, digest: Digest) -> BinaryIO:
        """The bytes of a file this person may see, checked against their digest. The caller closes it.

        Raises: NotFound, BlobMissing, BlobChanged.
        """

    def put(self, content: BinaryIO | bytes) -> Digest:
        """Store bytes under their SHA-256, safely on disk on return. A command must then name them."""

    def changes(self, since: int) -> tuple[Change, ...]:
        """What took effect after journal entry `since`, oldest first, at most 1,000."""

    def close(self) -> None:
        """Leave. May be called twice."""


@dataclass(frozen=True, slots=True)
class ForAnother:
    """The same office, where every command about a document is given for an absent person; implements `Office`."""

    office: Office
    acting_for: PersonId

    @property
    def me(self) -> Actor:
        return self.office.me

    def do(self, command: Command, *, key: str | None = None, acting_for: PersonId | None = None) -> Receipt:
        return self.office.do(command, key=key, acting_for=acting_for or self.acting_for)

    def ask(self, query: Query[T]) -> T:
        return self.office.ask(query)

    def read(self, digest: Digest) -> BinaryIO:
        return self.office.read(digest)

    def put(self, content: BinaryIO | bytes) -> Digest:
        return self.office.put(content)

    def changes(self, since: int) -> tuple[Change, ...]:
        return self.office.changes(since)

    def close(self) -> None:
        self.office.close()


def for_whom(office: Office, acting_for: PersonId | None) -> Office:
    """The door to give an offer's command through: one's own, or for the absent person that the offer names."""
    return office if acting_for is None else ForAnother(office, acting_for)
