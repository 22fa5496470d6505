"""The screen of devices and certificates: each token, what lies on it, what was tried to find it. No Qt, no PIN."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docclient.secrets import Kept
from docclient.signing_accounts import SigningAccount
from signing.certificates import day_shown
from signing.tokens.choice import choices, distinct
from signing.tokens.listing import ListedToken, PinState
from signing.tokens.modules import ModuleReport, State
from signing.tokens.remembered import Purpose, RememberedChoices
from signing.tokens.surroundings import Hint
from ui.state.keys import hidden_words
from ui.texts import Texts

ENDS_SOON_DAYS = 30
TONE_OF_PIN = {PinState.OK: "good", PinState.TRIES_LOW: "doubt", PinState.LAST_TRY: "bad", PinState.LOCKED: "bad",
               PinState.NOT_SET: "doubt", PinState.UNKNOWN: "quiet"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its tone."""

    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token as a card. may_change, may_unblock: the buttons; whether the token really allows it shows when tried."""

    token: ListedToken
    heading: str
    about: str
    pin: Line
    advice: str
    certificates: tuple[Line, ...]
    may_change: bool
    may_unblock: bool


@dataclass(frozen=True, slots=True)
class ModuleShown:
    """A candidate: what was tried, what happened, what to do."""

    path: str
    state: Line
    tried: str
    advice: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A key file or an account. key: its path or name."""

    key: str
    is_file: bool
    heading: str
    about: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ChosenShown:
    purpose: Purpose
    words: str


@dataclass(frozen=True, slots=True)
class DevicesView:
    headline: str
    tokens: tuple[TokenShown, ...]
    modules: tuple[ModuleShown, ...]
    elsewhere: tuple[Elsewhere, ...]
    chosen: tuple[ChosenShown, ...]
    hints: tuple[str, ...] = ()

    @classmethod
    def of(cls, reports: Sequence[ModuleReport], files: Iterable[str],
           accounts: Iterable[tuple[SigningAccount, Kept]], kept: RememberedChoices, hints: Iterable[Hint],
           now: datetime, texts: Texts) -> DevicesView:
        found = [token for report in reports for token in report.tokens]
        shown = [token for token in distinct(found) if token.initialised or token.hindrance]
        usable = len(choices(shown, now).usable)
        if not shown:      # a token without contents; a slot that software tokens keep free says nothing
            shown = distinct(found)[:1]
        return cls(
            headline=texts("devices.headline", tokens=sum(token.initialised for token in shown), usable=usable),
            tokens=tuple(token_shown(token, now, texts) for token in shown),
            modules=tuple(module_shown(report, texts) for report in reports),
            elsewhere=(*(file_shown(file, texts) for file in files),
                       *(account_shown(account, where, texts) for account, where in accounts)),
            chosen=tuple(chosen_shown(kept, texts)),
            hints=tuple(texts(hint.words) for hint in hints) if not any(token.initialised for token in shown) else ())


def token_shown(token: ListedToken, now: datetime, texts: Texts) -> TokenShown:
    here = choices([token], now)
    lines = []
    for _, one in here.usable:
        assert one.facts is not None
        days = (one.facts.not_after - now).days
        tone = "doubt" if days <= ENDS_SOON_DAYS else "good"
        lines.append(Line(tone, texts("devices.usable_soon" if tone == "doubt" else "devices.usable",
                                      name=one.facts.display_name, until=day_shown(one.facts.not_after), days=days)))
    lines += [Line("quiet", hidden_words(each, texts)) for each in here.hidden]
    pin = texts(f"pin_tries.{token.pin.value}") if token.pin is not PinState.OK else texts("devices.pin_ok")
    if token.own_pin_entry:
        pin = f"{pin} {texts('devices.own_entry')}"
    about = [part for part in (token.manufacturer, token.model) if part]
    if token.serial:
        about.append(texts("devices.serial", serial=token.serial))
    advice = texts(f"module_advice.{token.advice}") if token.advice else ""
    return TokenShown(
        token, token.label or texts("devices.nameless", slot=token.slot), " · ".join(about),
        Line(TONE_OF_PIN[token.pin] if token.initialised else "quiet", pin if token.initialised else ""), advice,
        tuple(lines), may_change=token.initialised and token.pin not in {PinState.LOCKED, PinState.NOT_SET},
        may_unblock=token.initialised and token.officer_pin is not PinState.LOCKED)


def module_shown(report: ModuleReport, texts: Texts) -> ModuleShown:
    good = report.state is State.OK
    words = texts(f"module_state.{report.state.value}")
    state = Line("bad" if not good else "good" if report.advice is None else "doubt",
                 f"{words} ({report.detail})" if report.detail else words)
    return ModuleShown(str(report.path), state, texts(f"module_tried.{report.state.value}"),
                       texts(f"module_advice.{report.advice}") if report.advice else "")


def file_shown(file: str, texts: Texts) -> Elsewhere:
    there = Path(file).is_file()
    return Elsewhere(file, True, Path(file).name, file, "" if there else texts("devices.file_gone"))


def account_shown(account: SigningAccount, where: Kept, texts: Texts) -> Elsewhere:
    kind = texts(f"account_kind.{account.kind.value}")
    note = " ".join(texts(code) for code in (account.kind.note, f"secret_kept.{where.value}") if code)
    return Elsewhere(account.name, False, f"{account.name} — {kind}", account.address, note)


def chosen_shown(kept: RememberedChoices, texts: Texts) -> Iterable[ChosenShown]:
    for purpose in Purpose:
        choice = kept.get(purpose)
        if choice is not None:
            name = common_name(choice.subject) or choice.place or f"{choice.fingerprint[:16]}…"
            where = choice.token_label or choice.place
            yield ChosenShown(purpose, texts(f"devices.chosen_{purpose.value}", name=name, where=where))


def common_name(subject: str) -> str:
    """The name in a subject as RFC 4514 writes it; the text itself where it is no such subject."""
    parts = re.split(r"(?<!\\), ?", subject)
    return next((part.removeprefix("CN=").replace("\\", "") for part in parts if part.startswith("CN=")), subject)
