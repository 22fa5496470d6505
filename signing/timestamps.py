"""Time-stamps from a service (RFC 3161 over HTTP): asked in order, with a long deadline, its real answer kept.

The government's service has been seen to take from 2 to 131 seconds; it is asked once per stamp and never just to learn
how large its answers are.
"""

from __future__ import annotations

import asyncio
import http.client
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response

from signing.errors import ServiceTrouble, WrongUse

DEADLINE_S = 180.0
TRIES = 2
PAUSE_S = 2.0
LARGEST_ANSWER = 1 << 20
ROOM = 12_000
"""Octets kept free for a token with its certificates; those seen take 4,000 to 8,000."""


class AddressWrong(WrongUse):
    """facts: address."""

    code = "timestamp.address_wrong"


class TimestampUnreachable(ServiceTrouble):
    """No answer. facts: address, reason (the system's own word)."""

    code = "timestamp.unreachable"


class TimestampRefused(ServiceTrouble):
    """An answer, but no stamp. facts: address, answer (what the service said)."""

    code = "timestamp.refused"


@dataclass(frozen=True, slots=True)
class TimestampService:
    """Where stamps come from. addresses: http(s) URLs, tried in order. deadline_s: for each answer."""

    addresses: tuple[str, ...]
    deadline_s: float = DEADLINE_S

    def __post_init__(self) -> None:
        """Raises AddressWrong."""
        for address in self.addresses or ("",):
            if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname:
                raise AddressWrong(address=address)


class ServiceTimeStamper(TimeStamper):
    """pyHanko's view of a service."""

    def __init__(self, service: TimestampService) -> None:
        super().__init__()   # type: ignore[no-untyped-call]
        self.service = service

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over the digest. Raises TimestampUnreachable, TimestampRefused: of the last service asked."""
        trouble: ServiceTrouble | None = None
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(PAUSE_S)
            for address in self.service.addresses:
                try:
                    return await asyncio.to_thread(self._ask, address, message_digest, md_algorithm)
                except TimestampUnreachable as unreachable:
                    trouble = unreachable
                except TimestampRefused as refused:
                    trouble = refused
            if isinstance(trouble, TimestampRefused):
                break   # asked again it would say the same, and quotas are short
        assert trouble is not None
        raise trouble

    async def async_dummy_response(self, md_algorithm: str) -> cms.ContentInfo:
        """Something as large as a token, for reckoning the room; the service is not troubled for that."""
        return cms.ContentInfo({"content_type": "data", "content": bytes(ROOM)})

    def _ask(self, address: str, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        nonce, request = self.request_cms(message_digest, md_algorithm)   # type: ignore[no-untyped-call]
        answer = self._post(address, request.dump())
        try:
            return handle_tsp_response(tsp.TimeStampResp.load(answer, strict=True), nonce)
        except TimestampRequestError as error:
            raise TimestampRefused(address=address, answer=str(error)) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRefused(address=address, answer="?") from error

    def _post(self, address: str, body: bytes) -> bytes:
        request = urllib.request.Request(address, data=body, method="POST", headers={
            "Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"})
        try:
            with urllib.request.urlopen(request, timeout=self.service.deadline_s) as response:
                kind = response.headers.get_content_type()
                answer: bytes = response.read(LARGEST_ANSWER)
        except urllib.error.HTTPError as error:
            with error:
                raise TimestampRefused(address=address, answer=f"HTTP {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            reason = getattr(error.reason, "strerror", None) or str(error.reason)
            raise TimestampUnreachable(address=address, reason=reason) from error
        except (TimeoutError, OSError, http.client.HTTPException) as error:
            raise TimestampUnreachable(address=address, reason=type(error).__name__) from error
        if kind != "application/timestamp-reply":
            raise TimestampRefused(address=address, answer=kind)
        return answer
