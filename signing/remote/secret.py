"""Secrets of an account or a person: kept in one place, never shown, overwritten at the end.

They must become text for the moment of a request: an HTTP client takes nothing else. Fewer copies are not to be had.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Secret:
    """A password or client secret, UTF-8."""

    __slots__ = ("_buffer",)

    def __init__(self, value: bytes | bytearray) -> None:
        self._buffer = bytearray(value)

    def reveal(self) -> str:
        return self._buffer.decode("utf-8")

    def close(self) -> None:
        self._buffer[:] = bytes(len(self._buffer))

    def __repr__(self) -> str:
        return "Secret(…)"


class SecretKind(StrEnum):
    """What a person is asked for; words: `remote_secret.<value>`."""

    PIN = "pin"
    PASSWORD = "password"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class SecretWanted:
    """label: as the service names it ("Mobile OTP"), empty if it does not. credential: the certificate's name."""

    kind: SecretKind
    provider: str
    credential: str
    label: str = ""


SecretAsker = Callable[[SecretWanted], bytearray]
"""Asks a person; the answer (UTF-8, empty for "none") is overwritten by who asked. CancelledError: they gave up."""


def nobody_to_ask(wanted: SecretWanted) -> bytearray:
    """Where no person is at hand: whatever needs a secret fails with RemotePinEmpty."""
    return bytearray()
