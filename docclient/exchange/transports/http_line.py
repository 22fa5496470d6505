"""One careful HTTP call: a deadline, a limit of size, no redirects, and troubles that say what happened.

Used by the axis adapter and the gateways. Nothing of a request (it may carry a key) stands in a trouble; of an answer,
only a code and one short line of what the service says of itself.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from docclient.errors import ServiceTrouble

SECONDS = 60.0
LIMIT = 120 << 20          # bytes of an answer: a packet of 50 MB in base64, with room
SHOWN = 200                # letters of what a service says


class CarrierAway(ServiceTrouble):
    """The service cannot be reached, or the line broke. facts: host, reason."""

    code = "carrier.away"


class CarrierNotTrusted(ServiceTrouble):
    """The service's certificate does not hold. facts: host, reason."""

    code = "carrier.not_trusted"


class CarrierEntryRefused(ServiceTrouble):
    """The service does not accept this office's identity or key. facts: host, answer."""

    code = "carrier.entry_refused"


class CarrierRefused(ServiceTrouble):
    """The service took the question and says no. facts: host, answer. again: whether asking later may help."""

    code = "carrier.refused"

    def __init__(self, *, host: str, answer: str, again: bool = False) -> None:
        super().__init__(host=host, answer=answer)
        self.again = again


class CarrierUnreadable(ServiceTrouble):
    """The answer is not what such a service answers. facts: host, answer."""

    code = "carrier.unreadable"


@dataclass(frozen=True, slots=True)
class Answered:
    """status: HTTP's. content: the whole body, at most LIMIT bytes."""

    host: str
    status: int
    content: bytes

    def json(self) -> Any:
        """Raises: CarrierUnreadable."""
        import json

        try:
            return json.loads(self.content.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise CarrierUnreadable(host=self.host, answer=f"HTTP {self.status}") from None


class HttpLine:
    """Calls to one service. May be used from several threads."""

    def __init__(self, address: str, *, trusted: ssl.SSLContext | None = None, seconds: float = SECONDS) -> None:
        """address: the beginning of every path. trusted: the authorities to believe; the system's without it."""
        self.address = address.rstrip("/")
        self.host = urlsplit(self.address).netloc or self.address
        self._trusted, self._seconds = trusted, seconds
        self._lock = threading.Lock()
        self._rounds = 0
        self._kept: httpx.Client | None = None

    @contextmanager
    def round(self) -> Iterator[None]:
        """Calls within it share their lines; when it ends, all are closed."""
        with self._lock:
            self._rounds += 1
            self._kept = self._kept or self._made()
        try:
            yield
        finally:
            with self._lock:
                self._rounds -= 1
                kept, self._kept = (None, self._kept) if self._rounds else (self._kept, None)
            if kept is not None:
                kept.close()

    def _client(self) -> AbstractContextManager[httpx.Client]:
        with self._lock:
            return nullcontext(self._kept) if self._kept is not None else self._made()

    def _made(self) -> httpx.Client:
        return httpx.Client(verify=self._trusted or system_authorities(), timeout=self._seconds,
                            follow_redirects=False)

    def call(self, method: str, path: str, **request: Any) -> Answered:
        """One request. Answers of 401 and 403 and of 500 upwards are troubles; the rest is for the caller.

        Raises: CarrierAway, CarrierNotTrusted, CarrierEntryRefused, CarrierUnreadable.
        """
        try:
            with self._client() as client, client.stream(method, self.address + path, **request) as response:
                content = bytearray()
                for piece in response.iter_bytes():
                    content += piece
                    if len(content) > LIMIT:
                        raise CarrierUnreadable(host=self.host, answer=f"> {LIMIT} byte")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise trouble_of_call(error, self.host) from error
        if response.status_code in (401, 403):
            raise CarrierEntryRefused(host=self.host, answer=f"HTTP {response.status_code}")
        if response.status_code >= 500:
            raise CarrierAway(host=self.host, reason=f"HTTP {response.status_code}")
        return Answered(self.host, response.status_code, bytes(content))


@cache
def system_authorities() -> ssl.SSLContext:
    """Read once: it takes longer than a call."""
    return ssl.create_default_context()


def trouble_of_call(error: BaseException, host: str) -> ServiceTrouble:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CarrierNotTrusted(host=host, reason=cause.verify_message or "certificate")
        cause = cause.__cause__ or cause.__context__
    return CarrierAway(host=host, reason=type(error).__name__)


def shown(text: object) -> str:
    """What a service says, on one line and not too long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return " ".join(plain.split())[:SHOWN]


def text_at(value: Any, *names: str) -> str:
    """The text or number under the first of these names that an object has; empty without one."""
    if isinstance(value, dict):
        for name in names:
            found = value.get(name)
            if isinstance(found, str) or (isinstance(found, int) and not isinstance(found, bool)):
                return str(found)
    return ""
