"""A real S3-speaking server (moto) on loopback, and a way to it that does what a test says: cut, slow down, refuse."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

START_S = 60.0
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing secret", "AWS_REGION": "us-east-1"}


@contextmanager
def running_s3(log: Path) -> Iterator[str]:
    """The server's address. It keeps what it is given in memory."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)],
            stdout=output, stderr=output, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_S
        while not answers(port):
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text(errors="replace"))
        yield address
    finally:
        server.terminate()
        server.wait(10)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        threading.Event().wait(0.05)
        return False


def make_bucket(address: str, name: str) -> None:
    with urlopen(Request(f"{address}/{name}", method="PUT"), timeout=10):
        pass


@dataclass
class FaultyWay:
    """Hands requests on to the server behind. script: what happens to each request of `methods`, in order; when it is
    used up, all is well. words: `good`, `cut` (no answer), `half` (half an answer), `busy` (503), `wrong` (other bytes
    of the same length), `denied` (403), `slow` (held until `release`)."""

    behind: str
    script: deque[str] = field(default_factory=deque)
    methods: tuple[str, ...] = ("GET", "PUT", "HEAD", "POST", "DELETE")
    seen: list[tuple[str, str]] = field(default_factory=list)
    answered: list[tuple[str, int]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    def will(self, *script: str, methods: tuple[str, ...] = ("GET", "PUT", "HEAD", "POST")) -> None:
        self.script, self.methods = deque(script), methods

    def next(self, method: str) -> str:
        return self.script.popleft() if self.script and method in self.methods else "good"


@contextmanager
def faulty_way(behind: str) -> Iterator[FaultyWay]:
    way = FaultyWay(behind)
    host = behind.removeprefix("http://")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            way.seen.append((self.command, self.path))
            what = way.next(self.command)
            if what == "cut":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if what in {"busy", "denied"}:
                self.give(503 if what == "busy" else 403, [], b"<Error><Code>X</Code></Error>")
                return
            if what == "slow":
                way.release.wait(60)
            onward = http.client.HTTPConnection(host, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            onward.request(self.command, self.path, body, headers)
            answer = onward.getresponse()
            content = answer.read()
            way.answered.append((self.command, answer.status))
            if what == "wrong":
                content = bytes(255 - each for each in content[:1]) + content[1:]
            self.give(answer.status, answer.getheaders(), content, half=what == "half")

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_any

        def give(self, status: int, headers: list[tuple[str, str]], content: bytes, *, half: bool = False) -> None:
            self.send_response_only(status)
            length = next((value for name, value in headers if name.lower() == "content-length"), str(len(content)))
            for name, value in headers:
                if name.lower() not in {"content-length", "connection", "transfer-encoding", "server"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", length if self.command == "HEAD" else str(len(content)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else content[:len(content) // 2] if half else content)
            if half:
                self.close_connection = True

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hung up is what some tests want."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    way.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield way
    finally:
        way.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
