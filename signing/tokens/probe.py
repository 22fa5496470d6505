"""How a token asks for its PIN, found out before a batch instead of at its second document.

Flags tell only half of it. Some middleware ignores the PIN that software gives and opens a box of its own at the first
signature or at every one; some PIN pads forget the login after each signature. A module that does so says nothing
about it, so two trial signatures are made and their time is taken. What they sign is no document and is thrown away.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from signing.tokens.pkcs11 import TokenKey

PERSON_S = 1.5
"""Nobody reads a box and types a PIN in less; the slowest measured card signs in 0.7 s on its chip (RSA-2048)."""


class Asks(StrEnum):
    """What a person has to do during a batch; words: `pin_manner.<value>`."""

    NO_MORE = "no_more"
    AT_FIRST = "at_first"
    EACH_TIME = "each_time"


@dataclass(frozen=True, slots=True)
class Manner:
    """asks: when the token asks again after the login. certain: the token says so itself; otherwise it was inferred
    from the time a signature takes, and a very slow token looks the same. signature_s: how long one signature takes,
    in seconds, a person's typing included where the token asks each time; None when no trial was made.
    """

    asks: Asks
    certain: bool
    signature_s: float | None

    @property
    def words(self) -> str:
        return f"pin_manner.{self.asks.value}" + ("" if self.certain else "_perhaps")


def probe(key: TokenKey, *, person_s: float = PERSON_S, clock: Callable[[], float] = time.monotonic) -> Manner:
    """Make two trial signatures and see what a batch has to expect. Keep it off the window's thread.

    A key that is known to ask a person for every signature is not tried: that would cost two PINs for nothing.

    Args:
        person_s: a signature that takes longer had a person in it.
    Raises: what `TokenKey.sign` raises, ModuleHung for a hidden box that nobody answers among it.
    """
    if key.own_pin_entry and key.asks_each_time:
        return Manner(Asks.EACH_TIME, certain=True, signature_s=None)
    first, second = _trial(key, clock), _trial(key, clock)
    if key.asked_again:
        return Manner(Asks.EACH_TIME, certain=True, signature_s=second)
    if second >= person_s:
        return Manner(Asks.EACH_TIME, certain=False, signature_s=second)
    if first >= person_s:
        return Manner(Asks.AT_FIRST, certain=False, signature_s=second)
    return Manner(Asks.NO_MORE, certain=True, signature_s=second)


def _trial(key: TokenKey, clock: Callable[[], float]) -> float:
    begun = clock()
    key.sign(b"docclient: trial of the key, no document\n" + secrets.token_bytes(32), digest="sha256",
             scheme=key.schemes[0], person_may_be_asked=True)
    return clock() - begun
