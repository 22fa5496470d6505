"""What the PIN dialog may do in each state of the token. Never holds a PIN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from signing.tokens.listing import PinState


@dataclass(frozen=True, slots=True)
class PinQuestion:
    """What stands in the dialog.

    may_type: a PIN can be of use. needs_consent: the last try asks for a second yes. tone, words: the line about the
    tries left (a words code). refused: the PIN typed before was wrong.
    """

    state: PinState
    may_type: bool
    needs_consent: bool
    tone: str
    words: str
    refused: bool = False

    @classmethod
    def of(cls, state: str, *, refused: bool = False) -> Self:
        """A state we do not know is told as unknown; nobody is told that tries remain when that is not known."""
        known = {s.value for s in PinState}
        which = PinState(state) if state in known else PinState.UNKNOWN
        return cls(
            which,
            may_type=which not in (PinState.LOCKED, PinState.NOT_SET),
            needs_consent=which is PinState.LAST_TRY,
            tone={PinState.OK: "quiet", PinState.UNKNOWN: "quiet", PinState.TRIES_LOW: "doubt"}.get(which, "bad"),
            words=f"pin_tries.{which}",
            refused=refused,
        )

    def may_sign(self, length: int, consent: bool) -> bool:
        """An empty PIN is never sent; the last try only with the second yes."""
        return self.may_type and length > 0 and (consent or not self.needs_consent)
