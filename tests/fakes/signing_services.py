"""Signing services on loopback: real HTTP, real keys, and a person at a phone who does what a test says.

What the CSC API, VNPT SmartCA and Viettel MySign share: a JSON server, and `Phone`. Each service is strict about what
it is sent and says so with the answers its documents describe.
"""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from docclient.demonstration.authority import Issued

HASHES: dict[int, hashes.HashAlgorithm] = {32: hashes.SHA256(), 48: hashes.SHA384(), 64: hashes.SHA512()}


@dataclass(frozen=True)
class Request:
    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @property
    def bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")


class Refuse(Exception):
    """Raised by a service's method: an answer that is a refusal."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(status, body)
        self.status, self.body = status, body


class Lost(Exception):
    """Raised by a service's method: the connection breaks before the answer."""


@dataclass
class Phone:
    """The person at the phone. script: what each question for the state finds, in order: "wait", "confirmed", "yes",
    "no", "late", or "lost" for an answer that never arrives; the last one stays. shown: the documents the phone showed,
    as (id, title)."""

    script: deque[str] = field(default_factory=lambda: deque(["yes"]))
    shown: list[tuple[str, str]] = field(default_factory=list)

    def will(self, *script: str) -> None:
        self.script = deque(script)

    def state(self) -> str:
        found = self.script.popleft() if len(self.script) > 1 else self.script[0]
        if found == "lost":
            raise Lost
        return found


@dataclass
class Service:
    """A running service. requests: everything that came, in order. drop: how many connections to break without an
    answer. garble: the next answer is no JSON. hold: while set to an event, requests wait for it before they are
    answered; `held` tells that one is waiting."""

    answer: Callable[[Request], tuple[int, object]]
    requests: list[Request] = field(default_factory=list)
    drop: int = 0
    garble: bool = False
    statuses: deque[int] = field(default_factory=deque)
    hold: threading.Event | None = None
    held: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                service._handle(self)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def close(self) -> None:
        if self.hold is not None:
            self.hold.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handle(self, connection: BaseHTTPRequestHandler) -> None:
        raw = connection.rfile.read(int(connection.headers.get("Content-Length") or 0))
        form = connection.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        body = {name: values[0] for name, values in parse_qs(raw.decode()).items()} if form else json.loads(raw or "{}")
        request = Request(connection.path, body, dict(connection.headers.items()))
        self.requests.append(request)
        if self.hold is not None:
            self.held.set()
            self.hold.wait(30)
        try:
            if self.drop:
                self.drop -= 1
                raise Lost
            status, told = (self.statuses.popleft(), {"error": "scripted"}) if self.statuses else self.answer(request)
        except Refuse as refusal:
            status, told = refusal.status, refusal.body
        except Lost:
            connection.close_connection = True
            connection.connection.close()
            return
        content = b"<html>maintenance</html>" if self.garble else b"" if told is None else json.dumps(told).encode()
        self.garble = False
        try:
            connection.send_response(status)
            connection.send_header("Content-Type", "application/json")
            connection.send_header("Content-Length", str(len(content)))
            connection.end_headers()
            connection.wfile.write(content)
        except OSError:
            pass      # the caller has hung up: that is what some tests are about


def signature_over(issued: Issued, hashed: bytes, *, pss: bool = False) -> bytes:
    """What the service's key makes of a digest."""
    algorithm = HASHES[len(hashed)]
    key = issued.private_key
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(hashed, ec.ECDSA(Prehashed(algorithm)))
    assert isinstance(key, rsa.RSAPrivateKey)
    how = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size) if pss else padding.PKCS1v15()
    return key.sign(hashed, how, Prehashed(algorithm))


def decoded(text: object) -> bytes:
    """Strict base64. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("not text")
    return b64decode(text, validate=True)
