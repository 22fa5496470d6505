"""Where the window's keys come from: the tokens of this machine, and what a person keeps beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from docclient.key_choices import remembered_choices
from docclient.secrets import Secrets
from docclient.settings import settings_folder
from docclient.signing_accounts import ACCOUNTS_FILE, SigningAccounts
from signing.keys import Key
from signing.tokens.host import ModuleHost, host_of
from signing.tokens.listing import ListedToken
from signing.tokens.modules import ModuleReport, State, discover
from signing.tokens.pkcs11 import PinAsker, open_token_key
from signing.tokens.remembered import RememberedChoices


class KeySource(Protocol):
    """Where tokens come from. Each call may take as long as a device does: on the `token` lane only."""

    @property
    def environment(self) -> Mapping[str, str] | None:
        """What the modules need beside our own environment."""

    def reports(self) -> Sequence[ModuleReport]:
        """Every candidate, what became of it, and its tokens."""

    def open(self, token: ListedToken, fingerprint: str, pin: bytearray | PinAsker | None, *,
             last_try_allowed: bool) -> Key:
        """Log in; `pin` is overwritten. Raises: KeyTrouble."""


class TokenSource:
    """Tokens behind PKCS#11 modules: the one named in the settings first, then whatever this machine has."""

    def __init__(self, given: Sequence[Path] = (), *, search: bool = True,
                 environment: Mapping[str, str] | None = None) -> None:
        """environment: what the modules need beside our own (SOFTHSM2_CONF)."""
        self._given, self._search, self._environment = tuple(given), search, environment

    @property
    def environment(self) -> Mapping[str, str] | None:
        return self._environment

    def reports(self) -> Sequence[ModuleReport]:
        return discover(self._given, search=self._search, environment=self._environment)

    def open(self, token: ListedToken, fingerprint: str, pin: bytearray | PinAsker | None, *,
             last_try_allowed: bool) -> Key:
        return open_token_key(Path(token.module), token=token.serial or token.label, certificate=fingerprint, pin=pin,
                              last_try_allowed=last_try_allowed, environment=self._environment)


def hosts_of(reports: Sequence[ModuleReport], environment: Mapping[str, str] | None) -> list[ModuleHost]:
    """The processes of the modules that work: what can be watched."""
    return [host_of(report.path, environment) for report in reports if report.state is State.OK]


def tokens_of(reports: Sequence[ModuleReport]) -> list[ListedToken]:
    return [token for report in reports for token in report.tokens]


@dataclass(frozen=True)
class KeyShelf:
    """What is kept on this machine about keys: the last choices, key files, accounts and their secrets.

    files: paths of key files, as the settings have them now. keep_files: change them there.
    """

    choices: RememberedChoices
    accounts: SigningAccounts
    secrets: Secrets = field(repr=False)
    files: Callable[[], tuple[str, ...]] = tuple
    keep_files: Callable[[tuple[str, ...]], None] = lambda _files: None

    @classmethod
    def at(cls, folder: Path | None, files: Callable[[], tuple[str, ...]],
           keep_files: Callable[[tuple[str, ...]], None], secrets: Secrets) -> KeyShelf:
        """In `folder`; in the settings' own without it."""
        place = folder or settings_folder()
        return cls(remembered_choices(place), SigningAccounts(place / ACCOUNTS_FILE), secrets, files, keep_files)
