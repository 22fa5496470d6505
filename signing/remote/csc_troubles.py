"""What a CSC service's refusal means, decided by its `error` word and the status, never by its description.

Source: CSC API 1.0.4.0 and 2, chapter 10 (error handling) and the error tables of chapter 11; RFC 6749 5.2.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Collection

from signing.errors import Trouble
from signing.remote.line import Answer, shown
from signing.remote.secret import SecretKind
from signing.remote.troubles import (
    RemoteAccountRefused,
    RemoteAnswerOdd,
    RemoteCodeRejected,
    RemotePinRejected,
    RemoteRefusedByPerson,
    RemoteRequestRefused,
)

_ACCOUNT = {"invalid_token", "invalid_client", "unauthorized_client", "authentication_error", "invalid_grant",
            "insufficient_scope"}


def trouble_of(answer: Answer, provider: str, typed: Collection[SecretKind] = ()) -> Trouble:
    """The trouble to raise for an answer of status 400 or more.

    Args:
        typed: what a person had typed for the request that was refused.
    """
    error = answer.text("error")
    said = shown(answer.text("error_description") or error or f"HTTP {answer.status}")
    if error == "access_denied":
        return RemoteRefusedByPerson(provider=provider)
    if error == "invalid_pin":
        return RemotePinRejected(provider=provider, answer=said)
    if error == "invalid_otp":
        return RemoteCodeRejected(provider=provider, answer=said)
    if error == "invalid_authentication_data" and typed:
        # which of the two was wrong is not said; a PIN counts as refused, so that it is not sent again unchanged
        only_code = set(typed) == {SecretKind.CODE}
        return (RemoteCodeRejected if only_code else RemotePinRejected)(provider=provider, answer=said)
    if answer.status == 401 or error in _ACCOUNT:
        return RemoteAccountRefused(provider=provider, answer=said)
    return RemoteRequestRefused(provider=provider, answer=said)


def raw_signatures(answer: Answer, count: int, provider: str) -> tuple[bytes, ...]:
    """The signature values of an answer. Raises RemoteAnswerOdd unless there are `count` of them in base64."""
    values = answer.fields.get("signatures")
    if not isinstance(values, list) or len(values) != count:
        raise RemoteAnswerOdd(provider=provider, answer="signatures")
    try:
        return tuple(b64decode("".join(str(one).split()), validate=True) for one in values)
    except (binascii.Error, ValueError):
        raise RemoteAnswerOdd(provider=provider, answer="signatures") from None
