"""Which certificate was chosen last, for each purpose: a small file without secrets.

    remembered = RememberedChoices(folder / "certificates.json")
    remembered.keep(Purpose.PERSONAL, token, certificate)
    found = remembered.find(Purpose.PERSONAL, tokens, at)        # where it is now, or None

A file that cannot be read or understood counts as empty: the person chooses once more, and it is written anew.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from signing.files import replacing
from signing.tokens.choice import find_certificate
from signing.tokens.listing import ListedCertificate, ListedToken, newest_first

VERSION = 1
LIMIT = 1 << 20     # bytes; the file has a few hundred


class Purpose(StrEnum):
    """Whose signature."""

    PERSONAL = "personal"
    AGENCY = "agency"


class Home(StrEnum):
    """Where the key of a choice lives."""

    TOKEN = "token"
    FILE = "file"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class RememberedChoice:
    """fingerprint: SHA-256 of the certificate, hexadecimal. subject: as `CertificateFacts.subject`.

    token_label: for telling a person which token to plug in. home, place: for a key elsewhere, the key file's path or
    the name of the account at a signing service.
    """

    fingerprint: str
    subject: str = ""
    certificate_id: str = ""
    token_serial: str = ""
    token_label: str = ""
    module: str = ""
    home: str = Home.TOKEN.value
    place: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """renewed: not the remembered certificate itself, but its successor: a younger one of the same holder on
    the same token."""

    token: ListedToken
    certificate: ListedCertificate
    renewed: bool


class RememberedChoices:
    """The last choice per purpose, in the file at `path`. May be used from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def get(self, purpose: Purpose) -> RememberedChoice | None:
        with self._lock:
            return self._read().get(purpose)

    def keep(self, purpose: Purpose, token: ListedToken, certificate: ListedCertificate) -> None:
        """Remember a choice. Raises FolderNotWritable, DiskFull; ValueError for a certificate that is unreadable."""
        if certificate.facts is None:
            raise ValueError("an unreadable certificate cannot be chosen")
        choice = RememberedChoice(certificate.facts.fingerprint, certificate.facts.subject, certificate.id,
                                  token.serial, token.label, token.module)
        self.put(purpose, choice)

    def put(self, purpose: Purpose, choice: RememberedChoice) -> None:
        """Remember a choice made elsewhere than on a token. Raises FolderNotWritable, DiskFull."""
        with self._lock:
            self._write({**self._read(), purpose: choice})

    def forget(self, purpose: Purpose) -> None:
        """Raises FolderNotWritable, DiskFull."""
        with self._lock:
            rest = {known: choice for known, choice in self._read().items() if known is not purpose}
            if self._path.exists():
                self._write(rest)

    def find(self, purpose: Purpose, tokens: Sequence[ListedToken], at: datetime) -> Found | None:
        """Where the remembered certificate is now: on any token, in any slot, behind any module.

        When it cannot sign any more at the aware time `at` and its token holds a younger one of the same holder that
        can, that one is meant. Whether the certificate found may sign is for the caller to ask.
        """
        choice = self.get(purpose)
        if choice is None or choice.home != Home.TOKEN:
            return None
        exact = find_certificate(tokens, choice.fingerprint, choice.token_serial)
        if exact is not None and exact[1].why_not(at) is None:
            return Found(*exact, renewed=False)
        for token in tokens:
            if token.serial and token.serial == choice.token_serial:
                for one in newest_first(token.usable(at)):
                    if one.facts is not None and one.facts.subject == choice.subject:
                        return Found(token, one, renewed=True)
        return Found(*exact, renewed=False) if exact is not None else None

    def _read(self) -> dict[Purpose, RememberedChoice]:
        try:
            with self._path.open("rb") as file:
                content = json.loads(file.read(LIMIT))
            if content["version"] != VERSION:
                return {}
            return {Purpose(name): _choice(entry) for name, entry in content["choices"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def _write(self, choices: dict[Purpose, RememberedChoice]) -> None:
        content = {"version": VERSION, "choices": {purpose.value: asdict(one) for purpose, one in choices.items()}}
        with replacing(self._path) as file:
            file.write(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))


def _choice(entry: dict[str, Any]) -> RememberedChoice:
    choice = RememberedChoice(**entry)
    if not all(isinstance(value, str) for value in entry.values()):
        raise TypeError("not text")
    return choice
