"""From the office's offers to buttons and forms. The office decides what is offered; here is only how it looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from docclient.office.door import Offer
from docclient.office.working_days import WorkingCalendar
from ui.texts import Texts

FIRST_KEYS = "Ctrl+Return"


@dataclass(frozen=True, slots=True)
class OfferButton:
    """One button: its words, its shortcut, how it stands out ("first", "plain", "against"), its icon."""

    offer: Offer
    title: str
    hint: str
    keys: str
    rank: str
    picture: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to pick. value: JSON-ready, as the command's field wants it. detail: a second line, searched too."""

    value: Any
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RecipientSet:
    """Several recipients to take at once: a group, those of last time. words: what the menu says. group, name: of a
    group that this person may change."""

    words: str
    recipients: tuple[Choice, ...]
    group: str = ""
    name: str = ""


class RecipientSearch(Protocol):
    """Finds recipients off the window's thread; `done` is called in it while `owner` is there."""

    def find(self, owner: Any, text: str, done: Callable[[tuple[Choice, ...]], None], *, known: bool = False,
             ) -> None:
        """known: only agencies that the office itself lists, none of the directory's."""
        ...

    def named(self, owner: Any, codes: Sequence[str], done: Callable[[tuple[Choice, ...]], None]) -> None: ...

    def sets(self, owner: Any, done: Callable[[tuple[RecipientSet, ...]], None], type_name: str = "") -> None:
        """type_name: of the document, where its form asks for it: those of last time go by it."""
        ...

    def keep(self, owner: Any, name: str, codes: Sequence[str], done: Callable[[], None], group: str = "") -> None:
        """group: the one that is changed."""
        ...

    def remove(self, owner: Any, group: str, name: str, done: Callable[[], None]) -> None: ...


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of forms pick from. suggestions: usual texts by the field's name. phrases: words at hand for this
    form. registers: incoming ones by title. calendar: the office's own, for limits in working days. recipients: finds
    them while they are typed, where a form has a screen behind it."""

    people: tuple[Choice, ...] = ()
    handlers: tuple[Choice, ...] = ()
    agencies: tuple[Choice, ...] = ()
    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    registers: tuple[Choice, ...] = ()
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    recipients: RecipientSearch | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What a form holds: JSON-ready fields, and a words code for each field that is not right yet."""

    fields: dict[str, Any]
    wrong: dict[str, str] = field(default_factory=dict)


PICTURES = {
    "sign": "sign", "number_and_seal": "seal", "sign_copy": "seal", "draft": "draft", "issue": "send",
}


def buttons_of(offers: Sequence[Offer], texts: Texts) -> tuple[OfferButton, ...]:
    """Buttons in the office's order: the first positive offer stands out and takes Ctrl+Enter, refusals come last.

    The others take Alt and their place, so that a shortcut is always the one printed on the button.
    """
    ordered = sorted(offers, key=lambda offer: (offer.negative, offer.order, offer.command))
    buttons = []
    for place, offer in enumerate(ordered, start=1):
        first = place == 1 and not offer.negative
        hint = texts.or_else(f"offer_hint.{offer.command}", "")
        if offer.acting_for:
            hint = " ".join(part for part in (texts("acting.for", name=offer.acting_for_name) + ".", hint) if part)
        buttons.append(OfferButton(
            offer,
            texts.or_else(offer.title, offer.command),
            hint,
            FIRST_KEYS if first else f"Alt+{place}" if place <= 9 else "",
            "first" if first else "against" if offer.negative else "plain",
            "return" if offer.negative else PICTURES.get(offer.act, ""),
        ))
    return tuple(buttons)
