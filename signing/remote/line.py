"""The line to a signing service: JSON by POST over HTTPS, with a deadline per request and a way to stop at once.

Source for the transport: TT 15/2025/TT-BKHCN Annex I (HTTP/1.1, TLS 1.2 and later). Redirects are not followed: a
secret goes to the address that was set and nowhere else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from signing.remote.troubles import AddressNotSecure, RemoteAnswerOdd, RemoteBusy, RemoteUnreachable

REQUEST_S = 30.0
LOOK_S = 0.05            # how often a stop is looked for while a request is on its way
LARGEST_ANSWER = 8 << 20
SHOWN = 200              # characters of a service's own words that are shown
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """body: the JSON value; an empty object where the service sent nothing."""

    status: int
    body: Any

    @property
    def fields(self) -> Mapping[str, Any]:
        return self.body if isinstance(self.body, dict) else {}

    def text(self, *path: str) -> str:
        """The text or number at a path of field names, as text; empty when it is not there."""
        value: Any = self.body
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


class Line:
    """A connection kept open, used by one thread at a time. `close` when done."""

    def __init__(self, address: str, provider: str, *, stop: threading.Event | None = None,
                 request_s: float = REQUEST_S, authorities: str | None = None) -> None:
        """
        Args:
            address: what stands in front of every path. provider: its name, for troubles.
            stop: set by another thread; the request on its way is dropped and CancelledError raised.
            request_s: deadline of one request, in seconds.
            authorities: a file of certificates (PEM) to believe instead of the system's.
        Raises: AddressNotSecure.
        """
        self.address, self.provider, self.request_s = address.rstrip("/"), provider, request_s
        self.stop = stop or threading.Event()
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        if not self._host or (parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(self._host))):
            raise AddressNotSecure(address=address)
        # without TLS nothing has to be believed, and reading the system's authorities takes its time
        self._context = (ssl.create_default_context(cafile=authorities) if parts.scheme == "https"
                         else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: httpx.AsyncClient | None = None

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, form: Mapping[str, str] | None = None,
             token: str | None = None, basic: tuple[str, str] | None = None,
             deadline_s: float | None = None) -> Answer:
        """One request; whatever the status, its answer is given back.

        Args:
            path: behind the address; or a whole https address.
            form: sent instead of JSON (OAuth 2.0). token: for the Authorization header; basic: user and password.
        Raises: RemoteUnreachable, RemoteAnswerOdd (no JSON, too large); RemoteBusy for 429 and 5xx; CancelledError.
        """
        headers = {"Accept": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        target = path if path.startswith("https://") else f"{self.address}/{path.lstrip('/')}"
        sent: dict[str, Any] = {"data": dict(form)} if form is not None else {"json": body or {}}
        if basic is not None:
            sent["auth"] = httpx.BasicAuth(*basic)
        seconds = deadline_s or self.request_s
        try:
            status, content = self._run(lambda: self._send(target, headers, sent), seconds)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise RemoteUnreachable(provider=self.provider, host=self._host, reason=type(error).__name__) from error
        if status == 429 or status >= 500:
            raise RemoteBusy(provider=self.provider, answer=shown(f"HTTP {status} {content[:SHOWN]!r}"))
        if not content.strip():
            return Answer(status, {})
        try:
            return Answer(status, json.loads(content))
        except (ValueError, RecursionError):
            raise RemoteAnswerOdd(provider=self.provider, answer=shown(f"HTTP {status} {content[:SHOWN]!r}")) from None

    def wait(self, seconds: float) -> None:
        """Pause between two questions. Raises CancelledError when stopped meanwhile."""
        if self.stop.wait(seconds):
            raise CancelledError

    def close(self) -> None:
        """Hang up. May be called twice."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        client, self._client = self._client, None
        if client is not None:
            asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(timeout=self.request_s)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join()
        loop.close()

    async def _send(self, target: str, headers: dict[str, str], sent: dict[str, Any]) -> tuple[int, bytes]:
        if self._client is None:
            # a proxy of the environment stands between an office and the world, never between this machine and itself
            self._client = httpx.AsyncClient(verify=self._context, follow_redirects=False,
                                             trust_env=not _is_loopback(self._host))
        async with self._client.stream("POST", target, headers=headers, timeout=None, **sent) as response:
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER:
                    raise RemoteAnswerOdd(provider=self.provider, answer=f"> {LARGEST_ANSWER} B")
            return response.status_code, bytes(content)

    def _run(self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float) -> T:
        """Run `work` on the line's own loop until it is done, its time is over, or somebody says stop."""
        if self.stop.is_set():
            raise CancelledError
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name=f"line to {self._host}", daemon=True)
            self._thread.start()
        future = asyncio.run_coroutine_threadsafe(asyncio.wait_for(work(), seconds), self._loop)
        while True:
            try:
                return future.result(timeout=LOOK_S)
            except NotYet:
                if future.done():
                    raise
                if self.stop.is_set():
                    future.cancel()
                    raise CancelledError from None


def shown(answer: object) -> str:
    """A service's own words for a person: printable, one line, not too long."""
    text = "".join(sign if sign.isprintable() else " " for sign in str(answer))
    return " ".join(text.split())[:SHOWN]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
