"""How the program proves to a CSC service on whose behalf it asks: a token for every request.

Source: CSC API 1.0.4 and 2, chapter 8 and `auth/login`; RFC 6749 (OAuth 2.0) 4.4.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol

from signing.remote.line import Answer, Line, shown
from signing.remote.secret import Secret
from signing.remote.troubles import RemoteAccountRefused, RemoteAnswerOdd

EARLY_S = 60.0       # a token is renewed this long before it ends
USUAL_S = 3600.0     # how long one is good when the service does not say


class Access(Protocol):
    """Gives the token for the Authorization header; asks for a new one when the old one has ended."""

    def token(self, line: Line) -> str:
        """Raises: RemoteAccountRefused, RemoteServiceTrouble."""

    def forget(self) -> None:
        """The service did not take the token: the next is a new one."""

    def close(self) -> None:
        """Overwrite the secrets."""


@dataclass(slots=True)
class Kept:
    """A token and until when it is good (the monotonic clock, in seconds)."""

    _token: str | None = field(default=None, repr=False)
    _until: float = 0.0

    def good(self) -> str | None:
        if self._token is not None and time.monotonic() >= self._until:
            self._token = None
        return self._token

    def keep(self, line: Line, answer: Answer) -> str:
        """Raises: RemoteAccountRefused, RemoteAnswerOdd."""
        if answer.status >= 400:
            raise RemoteAccountRefused(provider=line.provider, answer=shown(
                answer.text("error_description") or answer.text("error") or f"HTTP {answer.status}"))
        token = answer.text("access_token")
        if not token:
            raise RemoteAnswerOdd(provider=line.provider, answer="access_token")
        seconds = answer.text("expires_in")
        lives = float(seconds) if seconds.isdecimal() else USUAL_S
        self._until = time.monotonic() + max(lives - EARLY_S, lives / 2)
        self._token = token
        return token

    def forget(self) -> None:
        self._token = None


@dataclass(slots=True)
class GivenToken:
    """A token somebody else obtained. It cannot be renewed here."""

    secret: Secret
    _refused: bool = False

    def token(self, line: Line) -> str:
        if self._refused:
            raise RemoteAccountRefused(provider=line.provider, answer="401")
        return self.secret.reveal()

    def forget(self) -> None:
        self._refused = True

    def close(self) -> None:
        self.secret.close()


@dataclass(slots=True)
class Login:
    """`auth/login` with user and password (HTTP Basic). `path`: behind the service's address."""

    user: str
    password: Secret
    path: str = "auth/login"
    _kept: Kept = field(default_factory=Kept, repr=False)

    def token(self, line: Line) -> str:
        return self._kept.good() or self._kept.keep(line, line.post(
            self.path, {"rememberMe": False}, basic=(self.user, self.password.reveal())))

    def forget(self) -> None:
        self._kept.forget()

    def close(self) -> None:
        self._kept.forget()
        self.password.close()


@dataclass(slots=True)
class ClientCredentials:
    """OAuth 2.0 for a program that has an account of its own. `path`: of the token endpoint, or its whole address."""

    client: str
    secret: Secret
    path: str = "oauth2/token"
    scope: str = "service"
    _kept: Kept = field(default_factory=Kept, repr=False)

    def token(self, line: Line) -> str:
        return self._kept.good() or self._kept.keep(line, line.post(self.path, form={
            "grant_type": "client_credentials", "client_id": self.client, "client_secret": self.secret.reveal(),
            "scope": self.scope}))

    def forget(self) -> None:
        self._kept.forget()

    def close(self) -> None:
        self._kept.forget()
        self.secret.close()
