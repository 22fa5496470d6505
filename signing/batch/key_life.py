"""The key's part in a batch: how it is used, what it is told beforehand, when it is away, and how it comes back.

A document's own trouble never comes from the key: it sees attributes, not files. What it raises is about the device or
the service, and the next document would meet the same. So the batch waits for the key instead of failing the rest,
unless a PIN was refused (another try may lock the token) or a person said no.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Protocol, runtime_checkable

from signing.errors import KeyTrouble, PinTrouble, Trouble
from signing.keys import Key, Scheme
from signing.remote.troubles import RemoteRefusedByPerson, RemoteServiceTrouble
from signing.stages import Prepared
from signing.tokens.pkcs11 import TokenKey
from signing.tokens.probe import Manner, probe
from signing.tokens.troubles import LoginRefused, SchemeNotOffered

Revive = Callable[[Trouble], Key | None]
"""Asked for the key when it is gone in mid-batch, in the key's own thread; may take as long as a person takes. Gives
the key of the same certificate, unlocked again, or None: then the batch ends with the rest unfinished. It may raise the
Trouble that keeps the key away, a refused PIN among them. Whoever can stop the batch ends this waiting too."""

AT_ONCE = 50
"""Most documents gathered for one confirmation, however many the service would take: more would lie ready on disk."""


class OtherKey(KeyTrouble):
    """What came back is another certificate's key; nothing was signed with it. facts: wanted, given (fingerprints)."""

    code = "batch.other_key"
    stops_batch = True


class KeyGone(KeyTrouble):
    """The rest of a batch waits for its key: what is signed was handed on without one."""

    code = "batch.without_key"


@runtime_checkable
class ForesightedKey(Protocol):
    """A key whose person is shown, somewhere else, what is about to be signed and how much is still to come."""

    title: str

    def expect(self, count: int) -> None: ...


@runtime_checkable
class KeyForMany(Protocol):
    """A key that gives several signatures for one confirmation."""

    @property
    def at_once(self) -> int: ...

    def sign_many(self, messages: Sequence[bytes], *, digest: str, scheme: Scheme,
                  titles: Sequence[str] = ()) -> tuple[bytes, ...]: ...


def pauses(trouble: Exception) -> bool:
    """Whether the batch waits for the key to come back: device or service is away, and no document is at fault."""
    if isinstance(trouble, PinTrouble | LoginRefused | RemoteRefusedByPerson | OtherKey):
        return False
    return isinstance(trouble, KeyTrouble | RemoteServiceTrouble) and trouble.stops_batch


def same_twice(before: Exception | None, now: Exception) -> bool:
    """Whether the device refused two documents running for one reason: then it is the device."""
    if not isinstance(before, KeyTrouble) or not isinstance(now, KeyTrouble) or isinstance(now, SchemeNotOffered):
        return False
    return type(before) is type(now) and before.facts.get("reason") == now.facts.get("reason")


def takes_at_once(key: Key) -> int:
    """How many documents the key signs with one confirmation."""
    return max(1, min(key.at_once, AT_ONCE)) if isinstance(key, KeyForMany) else 1


def expect(key: Key, count: int) -> None:
    """Tell a key that wants to know how many signatures will follow."""
    if isinstance(key, ForesightedKey):
        key.expect(count)


def sign_all(key: Key, documents: Sequence[Prepared], titles: Sequence[str]) -> list[bytes]:
    """The signatures over documents that lie ready, in order. Raises what the key raises."""
    values: list[bytes] = []
    pairs = list(zip(documents, titles, strict=True))
    for (digest, scheme), group in groupby(pairs, key=lambda pair: (pair[0].digest, pair[0].scheme)):
        part = list(group)
        if len(part) > 1 and isinstance(key, KeyForMany):
            values += key.sign_many([one.message for one, _ in part], digest=digest, scheme=scheme,
                                    titles=[title for _, title in part])
            continue
        for one, title in part:
            if isinstance(key, ForesightedKey):
                key.title = title
            values.append(key.sign(one.message, digest=digest, scheme=scheme))
    return values


_known: dict[tuple[str, str], Manner] = {}


def manner_of(key: Key) -> Manner | None:
    """How the token will ask for its PIN during a batch, found out by two trial signatures before the first document.

    Once per device while the program runs; None for keys that are on no token. Keep it off the window's thread.
    Raises: what `TokenKey.sign` raises.
    """
    if not isinstance(key, TokenKey):
        return None
    device = key.token.module, key.token.serial
    if device not in _known:
        _known[device] = probe(key)
    return _known[device]
