"""What the command line shows while a person confirms on a phone, and where it gets a signature's PIN or code."""

from __future__ import annotations

from datetime import UTC, datetime

from docclient.command_line.answer import language, notes
from docclient.command_line.pin import PinSource
from docclient.words import phrase
from signing.remote.key import Waiting
from signing.remote.provider import Stage
from signing.remote.secret import SecretAsker, SecretWanted


class Teller:
    """Called by a remote key while it waits: the documents' ids, the stage and the time left, on standard error."""

    def __init__(self) -> None:
        self._documents: tuple[tuple[str, str], ...] = ()

    def __call__(self, waiting: Waiting) -> None:
        if waiting.stage is Stage.OVER:
            return
        if waiting.documents != self._documents:
            self._documents = waiting.documents
            self._say("remote_wait.open_phone", provider=waiting.provider)
            for identifier, title in waiting.documents:
                self._say("remote_wait.document", id=identifier, title=title)
        minutes, seconds = divmod(int(waiting.remaining(datetime.now(UTC)).total_seconds()), 60)
        notes.print(phrase(waiting.words, language()) + ". "
                    + phrase("remote_wait.remaining", language(), minutes=minutes, seconds=seconds), markup=False)

    @staticmethod
    def _say(code: str, **blanks: object) -> None:
        notes.print(phrase(code, language(), **blanks), markup=False)


def asker_from(pin: PinSource) -> SecretAsker:
    """Asks for a signature's PIN, password or code where the token's PIN comes from. Two of them from one descriptor
    are two lines."""

    def ask(wanted: SecretWanted) -> bytearray:
        if pin.asks_a_person:
            notes.print(f"{wanted.provider}: {wanted.credential}", markup=False)
        return pin.read(f"pin_prompt.service_{wanted.kind.value}")

    return ask
