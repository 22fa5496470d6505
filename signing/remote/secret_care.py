"""Asking a person for what a service wants, with the care of a token's PIN: none empty, no refused one twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from signing.remote.secret import SecretAsker, SecretKind, SecretWanted
from signing.remote.troubles import RemotePinEmpty, RemotePinSentBefore
from signing.tokens.messages import wipe
from signing.tokens.pin_memory import refused_pins


@dataclass(frozen=True, slots=True)
class Needed:
    """A secret that a key asks for. id: as the service calls it. sent_first: it is sent to the person on request."""

    id: str
    kind: SecretKind
    label: str = ""
    sent_first: bool = False
    optional: bool = False


@dataclass(slots=True)
class Asked:
    """What the person gave, by the service's ids. Text, because a request takes nothing else; gone after `forget`."""

    values: dict[str, str] = field(repr=False)
    kinds: frozenset[SecretKind]
    _memory: str
    _digests: tuple[bytes, ...] = field(repr=False)

    def refused(self) -> None:
        """The service refused the PIN: it will not be sent again by this program."""
        for digest in self._digests:
            refused_pins.refused(self._memory, digest)

    def accepted(self) -> None:
        if self._digests:
            refused_pins.accepted(self._memory)

    def forget(self) -> None:
        self.values.clear()


def ask_person(needed: Sequence[Needed], ask: SecretAsker, *, provider: str, credential: str,
               credential_id: str) -> Asked:
    """Ask for each secret in turn.

    Raises: RemotePinEmpty, RemotePinSentBefore before anything is sent; CancelledError when the person gives up.
    """
    memory = f"remote:{provider}:{credential_id}"
    values: dict[str, str] = {}
    digests: list[bytes] = []
    kinds: set[SecretKind] = set()
    for one in needed:
        typed = ask(SecretWanted(one.kind, provider, credential, one.label))
        try:
            if not typed:
                if one.optional:
                    continue
                raise RemotePinEmpty(provider=provider)
            if one.kind is not SecretKind.CODE:      # a one-time code is never the same twice
                if refused_pins.was_refused(memory, typed):
                    raise RemotePinSentBefore(provider=provider)
                digests.append(refused_pins.digest(memory, typed))
            values[one.id] = typed.decode("utf-8")
            kinds.add(one.kind)
        finally:
            wipe(typed)
    return Asked(values, frozenset(kinds), memory, tuple(digests))
