"""The national document axis, through an adapter in the agency's own network (exchange facts, section 6).

Parameters travel as HTTP headers with a prefix and are signed with an HMAC over the very JSON text that is sent. The
axis knows no idempotency key: what was sent is remembered here under the packet's key. Not tried against a live
adapter; the tests speak with one on this machine that checks every signature.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
from base64 import b64decode
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docclient.exchange.directory import Unit
from docclient.exchange.errors import ItemGone
from docclient.exchange.transports.base import Message, Outcome, Outgoing, Sent, TransportId, Waiting
from docclient.exchange.transports.carried import CarriedMarks
from docclient.exchange.transports.http_line import (
    Answered,
    CarrierEntryRefused,
    CarrierRefused,
    CarrierUnreadable,
    HttpLine,
    shown,
    text_at,
)
from docclient.exchange.transports.mail_account import SecretOf
from docclient.office.model import VIETNAM, now
from signing.tokens.messages import wipe

PREFIX = "XroadVnpt-"
VERSION = "3.0.201608"
AGENT = "JAVASDKAgent/1.0.0 XRoad/VPCP"      # adapters look at it
SENT, CONFIRMED = "sent", "confirmed"
GOOD = "0"
SERVICE = "eDoc"


@dataclass(frozen=True, slots=True)
class AxisAccount:
    """address: of the adapter, with its path. system: the agency's or system's code at the axis. sender: the code
    that packets are sent under."""

    address: str
    system: str
    sender: str
    trusted: ssl.SSLContext | None = field(default=None, compare=False, repr=False)


class AxisTransport:
    """One adapter. marks: the file of what was sent and confirmed; it belongs beside the office."""

    def __init__(self, account: AxisAccount, secret: SecretOf, marks: Path) -> None:
        """Raises: FolderNotWritable."""
        self.account, self._secret = account, secret
        self._line = HttpLine(account.address, trusted=account.trusted)
        self._marks = CarriedMarks(marks)

    def list(self) -> Sequence[Waiting]:
        """Documents and statuses that wait at the axis, oldest first."""
        found = []
        for message in Message:
            answer = self._ask("/getReceivedEdocList", servicetype=SERVICE, messagetype=message.value)
            for each in items_of(answer, self._line.host):
                identity = text_at(each, "docId", "DocId")
                known = self._marks.note(CONFIRMED, identity)
                if identity and known is not None:      # taken in, and the axis has not heard of it
                    self._ask("/updateStatus", docId=identity, status=known)
                elif identity:
                    found.append(Waiting(TransportId(identity), identity, None,
                                         moment(text_at(each, "created_time", "createdTime"))))
        return sorted(found, key=lambda each: (each.since or datetime.max.replace(tzinfo=UTC), each.id))

    def fetch(self, item: TransportId) -> bytes:
        answer = self._ask("/getEdoc", docId=item, filePath="")
        try:
            content = b64decode(text_at(answer, "data"), validate=True)
        except ValueError:
            raise CarrierUnreadable(host=self._line.host, answer=shown(item)) from None
        if not content:
            raise ItemGone(item=str(item))
        return content

    def send(self, packet: Outgoing) -> Sent:
        known = self._marks.note(SENT, str(packet.key))
        if known is not None:
            return Sent(TransportId(known), repeated=True)
        answer = self._ask(
            "/sendEdoc", files={"file_doc": (f"{packet.key}.edxml", packet.content, "application/xml")},
            **{"from": self.account.sender, "to": json.dumps(list(packet.recipients)), "servicetype": SERVICE,
               "messagetype": packet.message.value, "hash-file": hashlib.sha256(packet.content).hexdigest()})
        identity = text_at(answer, "DocId", "docId")
        if not identity:
            raise CarrierUnreadable(host=self._line.host, answer="DocId")
        self._marks.put(SENT, str(packet.key), identity)
        return Sent(TransportId(identity))

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        """Our own mark first: should the line break after it, the item is not taken in again, and the axis is told
        when it lists the item once more."""
        self._marks.put(CONFIRMED, item, outcome.value)
        self._ask("/updateStatus", docId=item, status=outcome.value)

    def round(self) -> AbstractContextManager[None]:
        return self._line.round()

    def directory(self) -> Sequence[Unit]:
        answer = self._ask("/getAgenciesList")
        units = []
        for each in items_of(answer, self._line.host):
            code, name = text_at(each, "code"), text_at(each, "name")
            older = text_at(each, "oldCode", "code102")
            if code and name:
                units.append(Unit(code, name, older if older != code and older else None,
                                  text_at(each, "pcode", "parentCode") or None,
                                  text_at(each, "mail", "email") or None))
        return tuple(units)

    def _ask(self, path: str, *, files: Mapping[str, Any] | None = None, **parameters: str) -> Any:
        """The answer's object. Raises: the line's troubles, CarrierRefused, CarrierEntryRefused."""
        key = self._secret()
        try:
            headers = signed_headers(parameters, self.account.system, bytes(key), now())
        finally:
            wipe(key)
        answer = self._line.call("POST", path, headers=headers, **({"files": files} if files else {}))
        return good(answer)


def good(answer: Answered) -> Any:
    value = answer.json()
    code = text_at(value, "ErrorCode", "errorCode")
    said = shown(f"{code} {text_at(value, 'ErrorDesc', 'errorDesc')}")
    if answer.status >= 400 or not isinstance(value, dict):
        raise CarrierRefused(host=answer.host, answer=said if code else f"HTTP {answer.status}")
    if text_at(value, "status").upper() == "FAIL" or code not in ("", GOOD):
        if code in ENTRY_REFUSED:
            raise CarrierEntryRefused(host=answer.host, answer=said)
        raise CarrierRefused(host=answer.host, answer=said, again=code in AGAIN)
    return value


ENTRY_REFUSED = frozenset({"15"})        # wrong system or secret
AGAIN = frozenset({"20", "21"})          # a fault of theirs; every other code needs a person


def items_of(value: Any, host: str) -> list[Any]:
    """The list an answer holds as `data`, as a list or as the JSON text of one. Raises: CarrierUnreadable."""
    data = value.get("data") if isinstance(value, dict) else value
    if isinstance(data, str):
        try:
            data = json.loads(data) if data.strip() else []
        except (ValueError, RecursionError):
            raise CarrierUnreadable(host=host, answer="data") from None
    if data is None:
        return []
    if not isinstance(data, list):
        raise CarrierUnreadable(host=host, answer="data")
    return data


def signed_headers(parameters: Mapping[str, str], system: str, key: bytes, at: datetime) -> dict[str, str]:
    """The headers of one request. The JSON text that is signed is the one that is sent: its order is free."""
    local = at.astimezone(VIETNAM)
    told = {**parameters, "systemid": system,
            "timestamp": f"{local:%d%m%YT%H%M%S}+{local.microsecond // 1000:04d}"}
    signed = json.dumps({PREFIX + name: value for name, value in told.items()})
    return {
        **{PREFIX + name: value for name, value in told.items()},
        PREFIX + "sign-header-key": ";".join(told), PREFIX + "sign-header": signed,
        PREFIX + "hash-header": hmac.new(key, signed.encode("utf-8"), hashlib.sha256).hexdigest(),
        PREFIX + "version": VERSION, "User-Agent": AGENT,
    }


def moment(text: str) -> datetime | None:
    """A time of the axis, which names no zone: Vietnam's. Milliseconds since 1970 occur too."""
    if text.isdecimal() and len(text) >= 12:
        return datetime.fromtimestamp(int(text[:13]) / 1000, UTC)
    for pattern in ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text[:19], pattern).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    return None
