"""Accounts at signing services: which service, where, on whose behalf. The secrets lie elsewhere (docclient.secrets).

    accounts = SigningAccounts(folder / ACCOUNTS_FILE)
    provider = provider_of(accounts.get("VNPT"), secret, ask=ask, stop=stop)      # signing.remote takes over
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from docclient.errors import WrongUse
from docclient.settings import settings_folder
from docclient.words import Phrase
from signing.files import replacing
from signing.remote.provider import Provider
from signing.remote.secret import Secret, SecretAsker, nobody_to_ask

ACCOUNTS_FILE = "signing-accounts.json"
VERSION = 1
LIMIT = 1 << 20     # bytes; the file has a few hundred
NOT_TRIED = "remote_provider.not_tried"


class Kind(StrEnum):
    """What a service speaks; words: `account_kind.<value>`."""

    CSC_V1 = "csc-v1"
    CSC_V2 = "csc-v2"
    SMARTCA = "smartca"
    MYSIGN = "mysign"

    @property
    def note(self) -> str | None:
        """The code of a sentence that a person should know about it."""
        return NOT_TRIED if self in {Kind.SMARTCA, Kind.MYSIGN} else None

    @property
    def usual_address(self) -> str:
        """The provider's own; empty where every provider has another."""
        from signing.remote import mysign, smartca

        return {Kind.SMARTCA: smartca.PRODUCTION, Kind.MYSIGN: mysign.PRODUCTION}.get(self, "")


class Entry(StrEnum):
    """How the account proves itself to a CSC service; words: `account_entry.<value>`."""

    LOGIN = "login"         # user and password
    CLIENT = "client"       # OAuth 2.0 client credentials: client and its secret


class Confirmation(StrEnum):
    """Who confirms a signature at SmartCA; words: `account_confirmation.<value>`."""

    PHONE = "phone"
    TYPED = "typed"


class AccountMissing(WrongUse):
    """facts: account, known (the names there are)."""

    code = "account.missing"


class AccountIncomplete(WrongUse):
    """facts: account, field (the code of the missing field's name)."""

    code = "account.incomplete"


class AccountTaken(WrongUse):
    """facts: account."""

    code = "account.taken"


@dataclass(frozen=True, slots=True)
class SigningAccount:
    """name: what a person calls it. user: the person's or agency's name at the service (CSC login, citizen number, tax
    code, CMT_…). client: the program's own name there (OAuth client, sp_id, client_id). profile: MySign alone."""

    name: str
    kind: Kind
    address: str
    user: str = ""
    client: str = ""
    profile: str = ""
    entry: Entry = Entry.LOGIN
    confirmation: Confirmation = Confirmation.PHONE

    @property
    def secret_name(self) -> str:
        """Under which name its secret is kept."""
        return f"signing account: {self.name}"

    def missing(self) -> str | None:
        """The first field that is needed and empty: `name`, `address`, `user`, `client`, `profile`."""
        needed = {"name", "address"}
        if self.kind in {Kind.SMARTCA, Kind.MYSIGN}:
            needed |= {"user", "client"}
        elif self.entry is Entry.LOGIN:
            needed.add("user")
        else:
            needed.add("client")
        if self.kind is Kind.MYSIGN:
            needed.add("profile")
        return next((each for each in ("name", "address", "user", "client", "profile")
                     if each in needed and not getattr(self, each).strip()), None)

    def checked(self) -> SigningAccount:
        """Itself. Raises: AccountIncomplete; AddressNotSecure for an address that secrets must not go to."""
        missing = self.missing()
        if missing is not None:
            raise AccountIncomplete(account=self.name, field=Phrase(f"account_field.{missing}"))
        from signing.remote.line import Line

        Line(self.address, self.name).close()
        return self


class SigningAccounts:
    """The accounts in the file at `path`. A file that cannot be understood counts as empty. For several threads."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings_folder() / ACCOUNTS_FILE
        self._lock = threading.Lock()

    def all(self) -> tuple[SigningAccount, ...]:
        with self._lock:
            return self._read()

    def get(self, name: str) -> SigningAccount:
        """Raises: AccountMissing."""
        known = self.all()
        found = next((each for each in known if each.name.casefold() == name.strip().casefold()), None)
        if found is None:
            raise AccountMissing(account=name, known=", ".join(each.name for each in known) or "–")
        return found

    def add(self, account: SigningAccount, *, replace: bool = False) -> None:
        """Raises: AccountIncomplete, AddressNotSecure, AccountTaken, FolderNotWritable, DiskFull."""
        account.checked()
        with self._lock:
            known = self._read()
            others = [each for each in known if each.name.casefold() != account.name.casefold()]
            if len(others) < len(known) and not replace:
                raise AccountTaken(account=account.name)
            self._write((*others, account))

    def remove(self, name: str) -> SigningAccount:
        """Raises: AccountMissing, FolderNotWritable, DiskFull."""
        found = self.get(name)
        with self._lock:
            self._write(tuple(each for each in self._read() if each.name != found.name))
        return found

    def _read(self) -> tuple[SigningAccount, ...]:
        try:
            with self._path.open("rb") as file:
                content = json.loads(file.read(LIMIT))
            if content["version"] != VERSION:
                return ()
            return tuple(_account(each) for each in content["accounts"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return ()

    def _write(self, accounts: tuple[SigningAccount, ...]) -> None:
        content = {"version": VERSION, "accounts": [asdict(each) for each in accounts]}
        with replacing(self._path) as file:
            file.write(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))


def _account(entry: Mapping[str, Any]) -> SigningAccount:
    if not all(isinstance(value, str) for value in entry.values()):
        raise TypeError("not text")
    return SigningAccount(**{**entry, "kind": Kind(entry["kind"]), "entry": Entry(entry["entry"]),
                             "confirmation": Confirmation(entry["confirmation"])})


def provider_of(account: SigningAccount, secret: bytearray, *, ask: SecretAsker = nobody_to_ask,
                stop: threading.Event | None = None) -> Provider:
    """The service behind `account`. The provider keeps its own copy of `secret` until it is closed; `secret` itself is
    overwritten. ask: who gives PIN and one-time code. stop: ends a request on its way. Raises: AddressNotSecure."""
    from signing.remote import csc, mysign, smartca
    from signing.remote.access import Access, ClientCredentials, Login
    from signing.remote.line import Line
    from signing.tokens.messages import wipe

    try:
        line, kept = Line(account.address, account.name, stop=stop), Secret(secret)
    finally:
        wipe(secret)
    match account.kind:
        case Kind.SMARTCA:
            return smartca.SmartCa(line, account.client, kept, account.user,
                                   smartca.Confirmation(account.confirmation.value), ask=ask, name=account.name)
        case Kind.MYSIGN:
            return mysign.MySign(line, account.client, kept, account.profile, account.user, name=account.name)
    version = csc.Version.V1 if account.kind is Kind.CSC_V1 else csc.Version.V2
    access: Access
    if account.entry is Entry.CLIENT:
        access, user = ClientCredentials(account.client, kept), account.user or None
    else:
        access, user = Login(account.user, kept, f"csc/{version.value}/auth/login"), None
    return csc.Csc(line, access, version, user, ask=ask, name=account.name)
