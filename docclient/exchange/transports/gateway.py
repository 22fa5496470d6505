"""One HTTP transport for every gateway whose habits a profile describes (exchange facts, section 7).

Not tried against a live service; the tests speak with gateways on this machine that check what they are told.
"""

from __future__ import annotations

import ssl
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from docclient.exchange.directory import Unit
from docclient.exchange.errors import ItemGone
from docclient.exchange.transports.axis import CONFIRMED, SENT, moment
from docclient.exchange.transports.base import Message, Outcome, Outgoing, Sent, TransportId, Waiting
from docclient.exchange.transports.carried import CarriedMarks
from docclient.exchange.transports.gateway_profile import Call, GatewayProfile, filled
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

LOOK_BACK = timedelta(days=30)      # lists that ask for a range of days


@dataclass(frozen=True, slots=True)
class GatewayAccount:
    """system: this office's code at the gateway. user, application: where the gateway asks for them."""

    address: str
    system: str
    user: str = ""
    application: str = ""
    trusted: ssl.SSLContext | None = field(default=None, compare=False, repr=False)


class GatewayTransport:
    """One account at one gateway. secret: the password, client secret or token; second_secret: where a gateway wants
    a further one. marks: the file of what was sent and confirmed."""

    def __init__(self, profile: GatewayProfile, account: GatewayAccount, secret: SecretOf, marks: Path,
                 second_secret: SecretOf = bytearray) -> None:
        """Raises: FolderNotWritable."""
        self.profile, self.account = profile, account
        self._secrets = {"secret": secret, "second_secret": second_secret}
        self._line = HttpLine(account.address, trusted=account.trusted)
        self._marks = CarriedMarks(marks)
        self._token = ""
        self._token_until = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def list(self) -> Sequence[Waiting]:
        part, found = self.profile.list, {}
        day = now().astimezone(VIETNAM)
        days = {"from_day": (day - LOOK_BACK).strftime(part.day), "to_day": day.strftime(part.day)}
        for message in Message:
            for each in items_at(self._ask(part, message=message.value, **days), part.items_at, self._line.host):
                identity = each if isinstance(each, str) else text_at(each, *part.id_at)
                known = self._marks.note(CONFIRMED, identity)
                if identity and known is not None:
                    self._tell(identity, Outcome(known))
                elif identity:
                    found[identity] = Waiting(TransportId(identity), identity, None,
                                              moment(text_at(each, *part.at_at)))
        return sorted(found.values(), key=lambda each: (each.since or datetime.max.replace(tzinfo=UTC), each.id))

    def fetch(self, item: TransportId) -> bytes:
        part = self.profile.fetch
        answer = self._call(part, id=item)
        if answer.status == 404:
            raise ItemGone(item=str(item))
        if not part.content_at:
            self._looked_at(answer, whole=False)
            return answer.content
        content = first_at(self._looked_at(answer), part.content_at)
        try:
            return b64decode(content if isinstance(content, str) else "", validate=True) or gone(item)
        except ValueError:
            raise CarrierUnreadable(host=self._line.host, answer=shown(item)) from None

    def send(self, packet: Outgoing) -> Sent:
        known = self._marks.note(SENT, str(packet.key))
        if known is not None:
            return Sent(TransportId(known), repeated=True)
        part, values = self.profile.send, {"message": packet.message.value}
        fields = {name: filled(text, values) for name, text in part.fields.items()}
        request: dict[str, Any]
        if part.form == "multipart":
            request = {"files": {part.part: (f"{packet.key}.edxml", packet.content, "application/xml")},
                       "data": fields}
        elif part.form == "base64":
            request = {"json": {**fields, part.field: b64encode(packet.content).decode("ascii")}}
        else:
            request = {"content": packet.content, "params": fields,
                       "headers": {"Content-Type": "application/octet-stream"}}
        answer = self._looked_at(self._call(part, request, **values))
        identity = first_at(answer, part.id_at)
        if not isinstance(identity, str | int) or not str(identity):
            raise CarrierUnreadable(host=self._line.host, answer=part.id_at[0])
        self._marks.put(SENT, str(packet.key), str(identity))
        return Sent(TransportId(str(identity)))

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        self._marks.put(CONFIRMED, item, outcome.value)
        self._tell(item, outcome)

    def _tell(self, item: str, outcome: Outcome) -> None:
        part = self.profile.confirm
        values = {"id": item, "outcome": part.done if outcome is Outcome.DONE else part.failed}
        body = {name: filled(text, values) for name, text in part.body.items()}
        self._looked_at(self._call(part, {"json": body}, **values), whole=False)

    def round(self) -> AbstractContextManager[None]:
        return self._line.round()

    def directory(self) -> Sequence[Unit]:
        part = self.profile.directory
        units = []
        for each in items_at(self._ask(part), part.items_at, self._line.host):
            code, name = text_at(each, "code", "organId"), text_at(each, "name", "organName")
            older = text_at(each, "oldCode", "code102")
            if code and name:
                units.append(Unit(code, name, older if older and older != code else None,
                                  text_at(each, "parentCode", "pcode") or None,
                                  text_at(each, "mail", "email") or None))
        return tuple(units)

    # --- calls -----------------------------------------------------------------------------------------------------

    def _ask(self, part: Call, **values: str) -> Any:
        return self._looked_at(self._call(part, None, **values))

    def _call(self, part: Call, request: dict[str, Any] | None = None, /, **values: str) -> Answered:
        """One call; entered anew, once, where the gateway forgot the token before its time."""
        for attempt in (1, 2):
            try:
                return self._call_once(part, request or {}, values)
            except CarrierEntryRefused:
                if attempt == 2 or self.profile.entry.kind == "fixed":
                    raise
                self._token_until = datetime.min.replace(tzinfo=UTC)
        raise AssertionError("unreachable")

    def _call_once(self, part: Call, request: dict[str, Any], values: dict[str, str]) -> Answered:
        sent = dict(request)
        sent["headers"] = {**self._entry_headers(), **sent.get("headers", {})}
        query = {name: filled(text, values) for name, text in part.query.items()}
        if query:
            sent["params"] = {**query, **sent.get("params", {})}
        in_path = {name: quote(text, safe="") for name, text in values.items()}
        return self._line.call(part.method, filled(part.path, in_path), **sent)

    def _entry_headers(self) -> dict[str, str]:
        entry = self.profile.entry
        with self._lock:
            if entry.kind != "fixed" and now() >= self._token_until:
                self._token = self._enter()
                self._token_until = now() + timedelta(minutes=entry.minutes)
            values = self._filling()
            return {name: filled(text, values) for name, text in entry.headers.items()}

    def _enter(self) -> str:
        entry, values = self.profile.entry, self._filling()
        if entry.kind == "login":
            request: dict[str, Any] = {"json": {name: filled(text, values) for name, text in entry.body.items()}}
        else:
            request = {"data": {"grant_type": "client_credentials"}, "auth": (self.account.user, values["secret"])}
        answer = self._line.call("POST", entry.path, **request)
        if answer.status >= 400:
            raise CarrierEntryRefused(host=self._line.host, answer=f"HTTP {answer.status}")
        token = first_at(self._looked_at(answer), entry.token_at)
        if not isinstance(token, str) or not token:
            raise CarrierEntryRefused(host=self._line.host, answer=entry.token_at[0])
        return token

    def _filling(self) -> dict[str, str]:
        found = {"user": self.account.user, "system": self.account.system, "application": self.account.application,
                 "token": self._token}
        for name, secret in self._secrets.items():
            kept = secret()
            try:
                found[name] = kept.decode("utf-8")
            finally:
                wipe(kept)
        return found

    def _looked_at(self, answer: Answered, *, whole: bool = True) -> Any:
        """The answer's value when it is a good one. whole: it must be JSON."""
        answers = self.profile.answers
        try:
            value = answer.json() if answer.content else {}
        except CarrierUnreadable:
            if whole or answer.status >= 400:
                raise
            return {}
        code = text_at(value, *answers.code_at)
        said = shown(f"{code or f'HTTP {answer.status}'} {text_at(value, *answers.description_at)}")
        if code in answers.entry_refused and code:
            raise CarrierEntryRefused(host=self._line.host, answer=said)
        if answer.status >= 400 or code not in answers.good:
            raise CarrierRefused(host=self._line.host, answer=said, again=code in answers.again)
        return value


def gone(item: str) -> bytes:
    raise ItemGone(item=item)


def first_at(value: Any, paths: Iterable[str]) -> Any:
    """What stands at the first of these paths (names joined by dots) that leads somewhere; None without one."""
    for path in paths:
        found = value
        for name in path.split(".") if path else ():
            found = found.get(name) if isinstance(found, dict) else None
        if found is not None:
            return found
    return None


def items_at(value: Any, paths: Iterable[str], host: str) -> list[Any]:
    for path in paths:
        found = first_at(value, (path,))
        if isinstance(found, list):
            return found
    if first_at(value, paths) in (None, "", {}) or value == {}:
        return []
    raise CarrierUnreadable(host=host, answer="list")
