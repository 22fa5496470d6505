"""A time-stamp service on loopback that does what a test says; real stamps come from a real service behind it."""

from __future__ import annotations

import threading
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import core, tsp

from signing.timestamp_answers import Answer

Reply = tuple[int, str, dict[str, str], bytes]
STAMP = "application/timestamp-reply"


@dataclass
class FakeService:
    """behind: the real service's address. script: what each request gets, in order; the last one stays."""

    behind: str
    script: deque[str] = field(default_factory=lambda: deque(["good"]))
    asked: int = 0
    address: str = ""
    release: threading.Event = field(default_factory=threading.Event)

    def will(self, *script: str) -> None:
        self.script = deque(script)

    def reply(self, body: bytes) -> Reply | None:
        """None: the connection is cut without a word."""
        self.asked += 1
        what, _, detail = (self.script.popleft() if len(self.script) > 1 else self.script[0]).partition(" ")
        return getattr(self, f"_{what}")(body, detail)   # type: ignore[no-any-return]

    def _good(self, body: bytes, _: str) -> Reply:
        return 200, "OK", {"Content-Type": STAMP}, self._ask(body)

    def _odd_type(self, body: bytes, _: str) -> Reply:
        return 200, "OK", {"Content-Type": "application/octet-stream"}, self._ask(body)

    def _http(self, _: bytes, detail: str) -> Reply:
        """`http 403 Quota used up`, `http 429;3600 Too Many Requests`."""
        status, _, phrase = detail.partition(" ")
        status, _, after = status.partition(";")
        return int(status), phrase, {"Retry-After": after} if after else {}, b""

    def _words(self, _: bytes, detail: str) -> Reply:
        return 403, "Forbidden", {"Content-Type": "text/plain; charset=utf-8"}, detail.encode()

    def _garbage(self, _: bytes, __: str) -> Reply:
        return 200, "OK", {"Content-Type": "text/html"}, b"<html>Dang nhap mang</html>"

    def _rejection(self, _: bytes, detail: str) -> Reply:
        """`rejection badAlg Hết hạn mức`: failInfo and statusString."""
        failure, _, said = detail.partition(" ")
        answer = Answer({"status": {"status": "rejection", "status_string": [said], "fail_info": {failure}}})
        return 200, "OK", {"Content-Type": STAMP}, answer.dump()

    def _other_nonce(self, body: bytes, _: str) -> Reply:
        request = tsp.TimeStampReq.load(body)
        request["nonce"] = core.Integer(int(request["nonce"]) + 1)
        return 200, "OK", {"Content-Type": STAMP}, self._ask(request.dump(force=True))

    def _other_digest(self, body: bytes, _: str) -> Reply:
        request = tsp.TimeStampReq.load(body)
        request["message_imprint"]["hashed_message"] = bytes(32)
        return 200, "OK", {"Content-Type": STAMP}, self._ask(request.dump(force=True))

    def _cut(self, _: bytes, __: str) -> None:
        return None

    def _hang(self, _: bytes, __: str) -> None:
        self.release.wait(30)

    def _ask(self, body: bytes) -> bytes:
        request = urllib.request.Request(self.behind, body, {"Content-Type": "application/timestamp-query"})
        with urllib.request.urlopen(request, timeout=20) as response:
            return bytes(response.read())


@contextmanager
def running(behind: str) -> Iterator[Callable[[], FakeService]]:
    """A maker of services, all ended with the block."""
    made: list[tuple[FakeService, ThreadingHTTPServer]] = []

    def new() -> FakeService:
        service = FakeService(behind)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                reply = service.reply(self.rfile.read(int(self.headers["Content-Length"])))
                if reply is None:
                    self.close_connection = True
                    return
                status, phrase, headers, content = reply
                self.send_response(status, phrase)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        service.address = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        made.append((service, server))
        return service

    try:
        yield new
    finally:
        for service, server in made:
            service.release.set()
            server.shutdown()
            server.server_close()
