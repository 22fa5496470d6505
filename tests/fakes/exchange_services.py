"""Carriers of packets on loopback: the axis's adapter and three families of gateways, over one pile of packets.

They check what they are told (signatures of requests, keys, tokens, codes) and fail when asked to: `faults` holds what
the next calls do instead: an HTTP status, "cut" (the line breaks after the work was done), "nonsense".
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse

SYSTEM, SECRET, SECOND, USER = "H99.02", "khóa thử", "second-key", "tanhiep"
AGENCIES = [{"id": 1, "code": "H99.01", "name": "Sở Nội vụ", "oldCode": "000.00.01.H99"},
            {"id": 2, "code": "H99.02", "name": "UBND xã Tân Hiệp"}, {"id": 3, "name": "không mã"}]
PREFIX = "XroadVnpt-"


@dataclass
class Pile:
    """waiting: transport id → (kind, packet). sent: (transport id, kind, packet, recipients). told: id → outcome."""

    waiting: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    sent: list[tuple[str, str, bytes, list[str]]] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    faults: list[int | str] = field(default_factory=list)
    failed: int = 0                  # how many of them it has met calls with
    asked: list[str] = field(default_factory=list)
    refuse: str = ""                 # the code that sending is answered with
    token: str = ""
    list_as_text: bool = False
    repeats: bool = False            # lists everything twice
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, packet: bytes, kind: str = "edoc") -> str:
        identity = uuid.uuid4().hex
        self.waiting[identity] = (kind, packet)
        return identity

    def listed(self, kind: str) -> list[dict[str, str]]:
        found = [{"docId": identity, "messageType": kind, "created_time": f"2026/03/05 08:00:{number % 60:02d}"}
                 for number, (identity, (of_kind, _)) in enumerate(self.waiting.items())
                 if of_kind == kind and self.told.get(identity) is None]
        return found * 2 if self.repeats else found

    def take(self, kind: str, packet: bytes, recipients: list[str]) -> str:
        identity = uuid.uuid4().hex
        self.sent.append((identity, kind, packet, recipients))
        return identity


class Handler(BaseHTTPRequestHandler):
    """What the four have in common."""

    pile: Pile
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.url = urlparse(self.path)
        self.query = {name: values[0] for name, values in parse_qs(self.url.query).items()}
        self.pile.asked.append(self.url.path)
        fault = self.pile.faults.pop(0) if self.pile.faults else None
        self.pile.failed += fault is not None
        if isinstance(fault, int):
            self.answer(fault, {"message": "try later"})
            return
        status, value = self.work()
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
            return
        self.answer(status, b"<html>" if fault == "nonsense" else value)

    do_POST = do_PUT = do_GET

    def work(self) -> tuple[int, Any]:
        raise AssertionError(self.url.path)

    def answer(self, status: int, value: Any) -> None:
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def part(self, name: str) -> bytes:
        """A part of a multipart body."""
        message = message_from_bytes(b"Content-Type: " + self.headers["Content-Type"].encode() + b"\n\n" + self.body,
                                     policy=policy.HTTP)
        for each in message.iter_parts():      # type: ignore[attr-defined]
            if f'name="{name}"' in each["Content-Disposition"]:
                return bytes(each.get_payload(decode=True))
        raise AssertionError(f"no part {name}")

    def log_message(self, *_: object) -> None:
        pass


class Axis(Handler):
    def work(self) -> tuple[int, Any]:
        told = {name[len(PREFIX):]: value for name, value in self.headers.items() if name.startswith(PREFIX)}
        signed = told["sign-header"]
        expected = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
        named = told["sign-header-key"].split(";")
        if told["hash-header"] != expected or told["systemid"] != SYSTEM or {
                PREFIX + name: told[name] for name in named} != json.loads(signed):
            return 200, {"status": "FAIL", "ErrorCode": "15", "ErrorDesc": "wrong SystemId or SecretKey"}
        assert {"timestamp", "systemid"} <= set(named) and told["version"] == "3.0.201608"
        path = self.url.path.removeprefix("/adapter")
        if path == "/getReceivedEdocList":
            found: Any = self.pile.listed(told["messagetype"])
            return 200, self.good(data=json.dumps(found) if self.pile.list_as_text else found)
        if path == "/getEdoc":
            kept = self.pile.waiting.get(told["docId"])
            return 200, self.good(data=b64encode(kept[1]).decode() if kept else "")
        if path == "/updateStatus":
            self.pile.told[told["docId"]] = told["status"]
            return 200, self.good()
        if path == "/getAgenciesList":
            return 200, self.good(data=AGENCIES)
        if path == "/sendEdoc":
            packet = self.part("file_doc")
            assert told["hash-file"] == hashlib.sha256(packet).hexdigest() and told["from"] == SYSTEM
            if self.pile.refuse:
                return 200, {"status": "FAIL", "ErrorCode": self.pile.refuse, "ErrorDesc": "receiver not found"}
            return 200, self.good(DocId=self.pile.take(told["messagetype"], packet, json.loads(told["to"])))
        return 404, {}

    def good(self, **more: Any) -> dict[str, Any]:
        return {"status": "OK", "ErrorCode": "0", "ErrorDesc": "", **more}


class LangSon(Handler):
    def work(self) -> tuple[int, Any]:
        path = self.url.path
        if path == "/v1/auth/login":
            given = json.loads(self.body)
            if (given["username"], given["password"]) != (USER, SECRET):
                return 401, {}
            self.pile.token = uuid.uuid4().hex
            return 200, {"data": {"token": self.pile.token}}
        if self.headers["Authorization"] != f"Bearer {self.pile.token}" or not self.pile.token:
            return 401, {}
        if (self.headers["X-SystemId"], self.headers["X-SecretKey"]) != (SYSTEM, SECOND):
            return 200, {"ErrorCode": "15", "ErrorDesc": "wrong SystemId"}
        if path == "/v1/syncReceivedEdocList":
            assert self.query["fromDate"] < self.query["toDate"]
            return 200, {"ErrorCode": "0", "data": self.pile.listed(self.query["messageType"])}
        if path == "/v1/getEdoc":
            kept = self.pile.waiting.get(self.query["docId"])
            return (200, {"data": b64encode(kept[1]).decode()}) if kept else (404, {})
        if path == "/v1/sendEdoc":
            if self.pile.refuse:
                return 200, {"ErrorCode": self.pile.refuse, "ErrorDesc": "receiver not found"}
            return 200, {"docId": self.pile.take(self.part("messageType").decode(), self.part("edocFile"), [])}
        if path == "/v1/updateStatus":
            given = json.loads(self.body)
            self.pile.told[given["docId"]] = given["status"]
            return 200, {"ErrorCode": "0"}
        return 200, {"data": AGENCIES}


class QuangNam(Handler):
    def work(self) -> tuple[int, Any]:
        path = self.url.path.removeprefix("/truclienthong/v1.0.0")
        if path == "/token":
            expected = b64encode(f"{USER}:{SECRET}".encode()).decode()
            if self.headers["Authorization"] != f"Basic {expected}":
                return 401, {}
            self.pile.token = uuid.uuid4().hex
            return 200, {"access_token": self.pile.token}
        if self.headers["Authorization"] != f"Bearer {self.pile.token}" or not self.pile.token:
            return 401, {}
        if path == "/vanbans" and self.command == "GET":
            return 200, self.pile.listed("edoc")
        if path == "/vanbans":
            if self.pile.refuse:
                return 422, {"code": self.pile.refuse, "message": "receiver not found"}
            given = json.loads(self.body)
            return 201, {"docId": self.pile.take(given["messageType"], b64decode(given["data"]), [])}
        if path == "/donvilienthongs":
            return 200, AGENCIES
        identity = unquote(path.removeprefix("/vanbans/"))
        if self.command == "PUT":
            self.pile.told[identity] = json.loads(self.body)["status"].lower()
            return 200, {}
        kept = self.pile.waiting.get(identity)
        return (200, {"data": b64encode(kept[1]).decode()}) if kept else (404, {})


class Bkav(Handler):
    def work(self) -> tuple[int, Any]:
        if (self.headers["OrganId"], self.headers["Token"]) != (SYSTEM, SECOND):
            return 401, {}
        path = self.url.path.removeprefix("/EdocService")
        if path == "/getPendingDocIds":
            return 200, [each["docId"] for each in self.pile.listed(self.query["messageType"])]
        if path == "/getDocument":
            kept = self.pile.waiting.get(self.query["docId"])
            return (200, kept[1]) if kept else (404, {})
        if path == "/sendDocument":
            if self.pile.refuse:
                return 200, {"code": self.pile.refuse, "message": "receiver not found"}
            return 200, {"docId": self.pile.take(self.query["messageType"], self.body, [])}
        if path == "/confirmReceived":
            given = json.loads(self.body)
            self.pile.told[given["docId"]] = given["status"]
            return 200, {"code": 0}
        return 200, AGENCIES


@contextmanager
def carrier(handler: type[Handler]) -> Iterator[Pile]:
    pile = Pile()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Serving", (handler,), {"pile": pile}))
    server.handle_error = lambda *_: None      # type: ignore[method-assign]      # cut lines are asked for
    pile.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield pile
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
