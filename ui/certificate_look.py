"""The certificate looked at before it signs, beside the PIN dialog: nobody waits for a slow issuer in order to type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from docclient.certificate_care import doubts, looked_at
from ui.background import Background, Lane, Report
from ui.texts import Texts
from ui.theme import Tone

if TYPE_CHECKING:
    from signing.certificate_check import CertificateState
    from signing.trust import TrustStore

FRESH_S = 600.0     # so long the same look counts again


class Look:
    """One certificate's look: under way, or ended with a state or an error."""

    def __init__(self) -> None:
        self.state: CertificateState | None = None
        self.error: Exception | None = None
        self.ended_at: float | None = None
        self._waiting: list[Callable[[Look], None]] = []

    def when_ended(self, told: Callable[[Look], None]) -> None:
        """Call `told` at the end; at once if it has ended."""
        if self.ended_at is not None:
            told(self)
        else:
            self._waiting.append(told)

    def end(self, state: CertificateState | None, error: Exception | None) -> None:
        self.state, self.error, self.ended_at = state, error, monotonic()
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            told(self)

    def line(self, texts: Texts) -> tuple[Tone, str]:
        """A quiet line for a good certificate, a warning that says why for an unsure one."""
        if self.error is not None:
            words = texts.trouble(self.error)
            return Tone.BAD, f"{words.heading} {words.explanation} {words.advice}"
        if self.state is None:
            return Tone.QUIET, texts("key_look.looking")
        unsure = doubts(self.state, texts.language)
        if not unsure:
            return Tone.GOOD, texts("certificate_check.verdict_valid")
        return Tone.DOUBT, " ".join([texts("key_look.unsure"), *unsure])


class CertificateLooks(QObject):
    """Looks off the window's thread; what was found a moment ago counts again."""

    def __init__(self, background: Background, texts: Texts, trust: Callable[[], TrustStore], *, online: bool = True,
                 parent: QObject | None = None) -> None:
        """trust: whom to believe; called in a lane. online: whether issuers may be asked."""
        super().__init__(parent)
        self._background, self._texts, self._trust, self._online = background, texts, trust, online
        self._known: dict[bytes, Look] = {}

    def look(self, certificate: bytes, others: Sequence[bytes]) -> Look:
        known = self._known.get(certificate)
        if known is not None and (known.ended_at is None or (
                known.error is None and monotonic() - known.ended_at < FRESH_S)):
            return known
        look = self._known[certificate] = Look()
        trust, online, language = self._trust, self._online, self._texts.language

        def work(_report: Report, _stop: Event) -> CertificateState:
            return looked_at(certificate, others, trust(), language, online=online)

        self._background.run(self, Lane.NET, work, done=lambda state: look.end(state, None),
                             failed=lambda error: look.end(None, error))
        return look
