"""Time-stamps from services (RFC 3161 over HTTP): asked in order, with a long deadline, their real answers kept.

The government's service has been seen to take from 2 to 131 seconds; others count stamps and shut out who asks too
often. A service is asked once per stamp and never just to learn how large its answers are; one that is away is tried
again after a pause; one that refuses, or whose quota is used up, is left alone until its time and the next is asked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from asn1crypto import cms
from pyhanko.sign.timestamps.api import TimeStamper

from signing.errors import ServiceTrouble, WrongUse
from signing.timestamp_answers import NoStamp, ask
from signing.timestamp_record import Clock, Quota, Rest, ServiceRecord

__all__ = ["AddressWrong", "Quota", "ServiceTimeStamper", "TimestampRefused", "TimestampResting", "TimestampService",
           "TimestampUnreachable"]

DEADLINE_S = 180.0
PAUSES_S = (2.0, 6.0)
"""Before each further try of services that are away or in trouble. One that was too slow is not asked again for the
same stamp: it may well have counted the request."""
ROOM = 12_000
"""Octets kept free for a token with its certificates; those seen take 4,000 to 8,000."""
VIETNAM = timezone(timedelta(hours=7))


class AddressWrong(WrongUse):
    """facts: address."""

    code = "timestamp.address_wrong"


class NoTimestamp(ServiceTrouble):
    """No service gave a stamp. What the others said stands in the fact `others`, `address: answer` each."""

    code = "timestamp.none"


class TimestampUnreachable(NoTimestamp):
    """No answer. facts: address, reason (the system's own word), others."""

    code = "timestamp.unreachable"


class TimestampRefused(NoTimestamp):
    """An answer, but no stamp. facts: address, answer (what the service said), failure (what that means), others."""

    code = "timestamp.refused"


class TimestampResting(NoTimestamp):
    """Not asked, because it refused before or its quota is used up. facts: address, until (in Vietnam), answer (what
    it said then, if it did), others."""

    code = "timestamp.resting"


@dataclass(frozen=True, slots=True)
class TimestampService:
    """Where stamps come from.

    addresses: http(s) URLs, tried in order. deadline_s: for each answer. quotas: address and what is known of its
    limit. record: the folder that remembers what was asked of each service; nothing is remembered without it.
    anew_since: seconds since the epoch when a person named these services: rests of our own guessing from before it do
    not hold (what a service itself demanded, and quotas, do).
    """

    addresses: tuple[str, ...]
    deadline_s: float = DEADLINE_S
    quotas: tuple[tuple[str, Quota], ...] = ()
    record: Path | None = None
    anew_since: float | None = None

    def __post_init__(self) -> None:
        """Raises AddressWrong."""
        for address in self.addresses or ("",):
            try:
                parts = urlsplit(address)
                right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
            except ValueError:
                right = False
            if not right:
                raise AddressWrong(address=address)

    def quota_of(self, address: str) -> Quota | None:
        return dict(self.quotas).get(address)

    def as_json(self) -> dict[str, Any]:
        return {"addresses": list(self.addresses), "deadline_s": self.deadline_s,
                "quotas": [[address, quota.stamps, quota.within_s] for address, quota in self.quotas],
                "record": str(self.record) if self.record is not None else None}

    @classmethod
    def from_json(cls, found: Any) -> Self:
        """Also of the older form, [addresses, deadline]. Raises KeyError, ValueError, TypeError, AddressWrong."""
        if isinstance(found, list):
            return cls(tuple(found[0]), float(found[1]))
        return cls(tuple(found["addresses"]), float(found["deadline_s"]),
                   tuple((address, Quota(int(stamps), float(within))) for address, stamps, within in found["quotas"]),
                   Path(found["record"]) if found["record"] is not None else None)


class ServiceTimeStamper(TimeStamper):
    """pyHanko's view of the services."""

    def __init__(self, service: TimestampService, *, clock: Clock = time.time,
                 pause: Callable[[float], None] = time.sleep) -> None:
        super().__init__()   # type: ignore[no-untyped-call]
        self.service, self.pause = service, pause
        self.record = ServiceRecord(service.record, clock)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over the digest. Raises TimestampRefused, TimestampUnreachable, TimestampResting."""
        return await asyncio.to_thread(self.stamp, message_digest, md_algorithm)

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """Something as large as a token, for reckoning the room; the services are not troubled for that."""
        return cms.ContentInfo({"content_type": "data", "content": bytes(ROOM)})

    def stamp(self, digest: bytes, algorithm: str) -> cms.ContentInfo:
        """As `async_timestamp`; blocks for as long as the services take."""
        heard: dict[str, NoStamp | Rest] = {}
        waiting = list(dict.fromkeys(self.service.addresses))
        try:
            for number in range(1 + len(PAUSES_S)):
                if number:
                    self.pause(PAUSES_S[number - 1])
                for address in waiting:
                    found = self._from(address, digest, algorithm)
                    if isinstance(found, cms.ContentInfo):
                        heard.pop(address, None)
                        return found
                    heard[address] = found
                waiting = [address for address in waiting if _worth_another_try(heard[address])]
                if not waiting:
                    break
        finally:
            for address, said in heard.items():
                if isinstance(said, NoStamp):
                    self.record.failed(address, said.answer, refused=said.reached and not said.passing,
                                       demanded_s=said.demanded_s)
        raise _trouble_of(heard)

    def _from(self, address: str, digest: bytes, algorithm: str) -> cms.ContentInfo | NoStamp | Rest:
        rest = self.record.may_ask(address, self.service.quota_of(address), anew_since=self.service.anew_since)
        if rest is not None:
            return rest
        _, request = self.request_cms(digest, algorithm)   # type: ignore[no-untyped-call]
        try:
            token = ask(address, request, self.service.deadline_s)
        except NoStamp as none:
            if not none.sent:
                self.record.not_counted(address)
            return none
        self.record.gave(address)
        return token


def _worth_another_try(said: NoStamp | Rest) -> bool:
    return isinstance(said, NoStamp) and said.passing


def _trouble_of(heard: dict[str, NoStamp | Rest]) -> NoTimestamp:
    """The most telling answer first: a refusal says more than silence, and silence more than not having asked."""
    def weight(pair: tuple[str, NoStamp | Rest]) -> int:
        said = pair[1]
        return 2 if isinstance(said, Rest) else 0 if said.reached else 1

    (address, said), *rest = sorted(heard.items(), key=weight)
    others = "; ".join(f"{other}: {_in_short(what)}" for other, what in rest)
    others = f"({others})" if others else ""
    if isinstance(said, Rest):
        return TimestampResting(address=address, until=_in_vietnam(said.until), answer=said.answer, others=others)
    if said.reached:
        return TimestampRefused(address=address, answer=said.answer, failure=said.failure, others=others)
    return TimestampUnreachable(address=address, reason=said.answer, others=others)


def _in_short(said: NoStamp | Rest) -> str:
    if isinstance(said, Rest):
        return " ".join(part for part in (f"→ {_in_vietnam(said.until)}", f"({said.answer})" if said.answer else "")
                        if part)
    return said.answer


def _in_vietnam(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
