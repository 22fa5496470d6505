"""What the PIN dialog may do in each state of the token. Never holds a PIN."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from signing.tokens.listing import PinState
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class PinQuestion:
    """What stands in the dialog.

    may_type: a PIN can be of use. needs_consent: the last try asks for a second yes. tone, words: the line about the
    tries left (a words code; empty where tries are not counted). refused: what was typed before was wrong. label,
    button, refused_words: codes of what is asked for, of the button, and of the line about the refusal.
    """

    state: PinState
    may_type: bool
    needs_consent: bool
    tone: str
    words: str
    refused: bool = False
    label: str = "pin_dialog.label"
    button: str = "pin_dialog.sign"
    refused_words: str = "pin_dialog.refused"
    own_entry: bool = False

    @classmethod
    def for_password(cls, label: str, *, refused: bool = False, button: str = "pin_dialog.sign") -> Self:
        """A password whose tries are not counted here. label: the code of its name."""
        return cls(PinState.OK, may_type=True, needs_consent=False, tone="quiet", words="", refused=refused,
                   label=label, button=button, refused_words="pin_dialog.password_refused")

    @classmethod
    def for_officer(cls, state: PinState, *, refused: bool = False) -> Self:
        """The administrator's PIN (SO PIN), which has tries of its own."""
        return replace(cls.of(state.value, refused=refused), label="pin_dialog.officer_label",
                       words=f"officer_tries.{state.value}")

    @classmethod
    def of(cls, state: str, *, refused: bool = False, own_entry: bool = False) -> Self:
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
            own_entry=own_entry,
        )

    @property
    def warning(self) -> str:
        """The code of the line about the tries left where it is a warning; empty where all is well."""
        return self.words if self.tone != "quiet" else ""

    def may_sign(self, length: int, consent: bool) -> bool:
        """An empty PIN is never sent; the last try only with the second yes."""
        return self.may_type and (length > 0 or self.own_entry) and (consent or not self.needs_consent)


def tries_words(state: PinState, texts: Texts) -> str:
    """A warning about the tries left; empty where all is well."""
    code = PinQuestion.of(state.value).warning
    return texts(code) if code else ""
