"""One request to one time-stamp service (RFC 3161 over HTTP), and what its answer really says.

Whatever is no stamp becomes `NoStamp` with the service's own words: HTTP status and reason phrase, or PKIStatus,
statusString and failInfo (RFC 3161, 2.4.2). A refusal is never told as trouble with the network.
"""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urlsplit

from asn1crypto import cms, core, tsp

from signing.errors import reason_of_os_error

LARGEST_ANSWER = 1 << 20
LONGEST_WORDS = 200
"""Of a service's own words that are repeated to a person, in characters."""

STATUSES = ("granted", "grantedWithMods", "rejection", "waiting", "revocationWarning", "revocationNotification")
FAILURES = {0: "badAlg", 2: "badRequest", 5: "badDataFormat", 14: "timeNotAvailable", 15: "unacceptedPolicy",
            16: "unacceptedExtension", 17: "addInfoNotAvailable", 25: "systemFailure"}
"""PKIFailureInfo by bit (RFC 3161, 2.4.2)."""
PASSING = {"timeNotAvailable", "systemFailure"}
BUSY = {500, 502, 503, 504}
TOO_MANY = 429


class Answer(core.Sequence):   # type: ignore[misc]
    """TimeStampResp; asn1crypto's own wants a token in every answer and so cannot read a refusal."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]   # noqa: RUF012


class NoStamp(Exception):
    """answer: in the service's own words. failure: the words `timestamp_failure.<failure>` say what it means.

    reached: the service has answered. sent: it may have counted the request. passing: worth another try soon.
    demanded_s: how long it asked to be left alone, in seconds.
    """

    def __init__(self, answer: str, failure: str, *, reached: bool = True, sent: bool = True, passing: bool = False,
                 demanded_s: float | None = None) -> None:
        super().__init__(answer, failure)
        self.answer, self.failure, self.demanded_s = answer, failure, demanded_s
        self.reached, self.sent, self.passing = reached, sent, passing


def ask(address: str, request: tsp.TimeStampReq, deadline_s: float) -> cms.ContentInfo:
    """The token that the service gives for `request`. Raises NoStamp."""
    status, kind, body = _post(address, request.dump(), deadline_s)
    try:
        response = Answer.load(body, strict=True)
        granted = _granted(response)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise NoStamp(f"HTTP {status}, {kind}, {len(body)} byte", "not_understood") from None
    if granted is not None:
        raise granted
    try:
        token: cms.ContentInfo = response["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
        nonce, imprint = info["nonce"].native, info["message_imprint"].dump()
    except (ValueError, TypeError, KeyError, AttributeError, IndexError):
        raise NoStamp(f"HTTP {status}, {kind}, {len(body)} byte", "not_understood") from None
    if nonce != request["nonce"].native:
        raise NoStamp(f"nonce {nonce}", "other_nonce")
    if info["message_imprint"]["hashed_message"].native != request["message_imprint"]["hashed_message"].native:
        raise NoStamp(f"messageImprint {imprint.hex()[-16:]}", "other_digest")
    return token


def _granted(response: Answer) -> NoStamp | None:
    """None when there is a stamp; otherwise what the service says instead."""
    info = response["status"]
    status = int(info["status"])
    if status in {0, 1}:
        return None
    said = "; ".join(info["status_string"].native or ())
    failed = [name for bit, name in FAILURES.items() if bit in _bits(info["fail_info"])]
    name = STATUSES[status] if status < len(STATUSES) else "?"
    parts = [f"PKIStatus {status} ({name})", f"“{_short(said)}”" if said else "", f"failInfo {', '.join(failed)}"
             if failed else ""]
    return NoStamp(", ".join(part for part in parts if part), failed[0] if failed else "refused",
                   passing=bool(PASSING.intersection(failed)))


def _bits(value: Any) -> set[int]:
    """The bits set in an ASN.1 BIT STRING, counted from its first."""
    octets = value.contents or b"\0"
    return {index for index in range((len(octets) - 1) * 8) if octets[1 + index // 8] >> (7 - index % 8) & 1}


def _post(address: str, body: bytes, deadline_s: float) -> tuple[int, str, bytes]:
    request = urllib.request.Request(address, data=body, method="POST", headers={
        "Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"})
    over = time.monotonic() + deadline_s
    try:
        with urllib.request.urlopen(request, timeout=deadline_s) as response:
            return response.status, response.headers.get_content_type(), _read(response, over)
    except urllib.error.HTTPError as error:
        with error:
            raise _of_http(error) from error
    except urllib.error.URLError as error:
        raise _of_network(error.reason, address) from error
    except (OSError, http.client.HTTPException) as error:
        raise _of_network(error, address) from error


def _read(response: IO[bytes], over: float) -> bytes:
    """All of an answer, which may come in drops but not for ever."""
    content = b""
    while chunk := getattr(response, "read1", response.read)(1 << 16):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise NoStamp(f"> {LARGEST_ANSWER} byte", "not_understood")
        if time.monotonic() > over:
            raise TimeoutError
    return content


def _of_http(error: urllib.error.HTTPError) -> NoStamp:
    answer = f"HTTP {error.code} {_short(str(error.reason or ''))}".strip()
    if error.headers.get_content_type() == "text/plain":
        try:
            first = error.read(LONGEST_WORDS * 4).decode("utf-8", "replace").strip().partition("\n")[0]
        except (OSError, http.client.HTTPException):
            first = ""
        answer += f": “{_short(first)}”" if first else ""
    after = _retry_after(error.headers.get("Retry-After"))
    failure = "too_many" if error.code == TOO_MANY else "busy" if error.code in BUSY else "http"
    return NoStamp(answer, failure, passing=error.code in BUSY and after is None, demanded_s=after)


def _of_network(reason: object, address: str) -> NoStamp:
    """No answer: too slow, or the way to it is broken. The system's symbol goes into the sentence."""
    if isinstance(reason, TimeoutError | socket.timeout):
        return NoStamp("ETIMEDOUT", "too_slow", reached=False)
    if isinstance(reason, socket.gaierror):
        return NoStamp(f"DNS: {urlsplit(address).hostname}", "name_unknown", reached=False, sent=False, passing=True)
    if isinstance(reason, ConnectionRefusedError):
        return NoStamp("ECONNREFUSED", "unreachable", reached=False, sent=False, passing=True)
    if isinstance(reason, OSError) and reason.errno:
        return NoStamp(reason_of_os_error(reason), "unreachable", reached=False, passing=True)
    return NoStamp(_short(str(reason) or type(reason).__name__), "unreachable", reached=False, passing=True)


def _retry_after(value: str | None) -> float | None:
    """Seconds from now; the header gives seconds or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _short(text: str) -> str:
    """Printable and not long: these are a stranger's words."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()[:LONGEST_WORDS]
