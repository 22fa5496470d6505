"""The certificate looked at before it signs: beside the PIN dialog, so that nobody waits for a slow issuer in order to
type; and the one road by which what was found reaches the person, whatever way a key was opened.

What cannot be learnt about it is shown with its reason, beside the PIN or as a question, and can be gone on with; what
is invalid is refused in words (docclient.certificate_care). A person is asked once about the same findings for as long
as the key stays open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.certificate_care import Checked, doubts, is_fresh, looked_at
from ui.background import Background, Lane, Report
from ui.dialogs.question_dialog import QuestionDialog
from ui.questions import Questions, Reply
from ui.texts import Texts
from ui.theme import Tone

if TYPE_CHECKING:
    from signing.certificate_check import CertificateState
    from signing.trust import TrustStore


class Look:
    """One certificate's look: under way, or ended with a state or an error."""

    def __init__(self) -> None:
        self.state: CertificateState | None = None
        self.error: Exception | None = None
        self.ended = False
        self._waiting: list[Callable[[Look], None]] = []

    def when_ended(self, told: Callable[[Look], None]) -> None:
        """Call `told` at the end; at once if it has ended."""
        if self.ended:
            told(self)
        else:
            self._waiting.append(told)

    def end(self, state: CertificateState | None, error: Exception | None) -> None:
        self.state, self.error, self.ended = state, error, True
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

    doubt = Signal(str)             # what is to be known about a certificate that signs all the same

    def __init__(self, background: Background, texts: Texts, trust: Callable[[], TrustStore],
                 online: Callable[[], bool], asking: Questions, parent: QObject | None = None) -> None:
        """trust: whom to believe; online: whether the network may be asked. Both called in a lane."""
        super().__init__(parent)
        self._background, self._texts, self._trust, self._online = background, texts, trust, online
        self._asking = asking
        self._known: dict[bytes, Look] = {}
        self._agreed: set[tuple[str, ...]] = set()
        self.dialog: QuestionDialog | None = None

    def look(self, certificate: bytes, others: Sequence[bytes]) -> Look:
        """others: what lies beside it on the token or in the file."""
        known = self._known.get(certificate)
        if known is not None and (not known.ended or self.known(certificate) is not None):
            return known
        look = self._known[certificate] = Look()
        trust, online = self._trust, self._online

        def work(_report: Report, _stop: Event) -> CertificateState:
            return looked_at(certificate, others, trust(), online=online())

        self._background.run(self, Lane.NET, work, done=lambda state: look.end(state, None),
                             failed=lambda error: look.end(None, error))
        return look

    def known(self, certificate: bytes) -> CertificateState | None:
        """What was found a moment ago, to be handed on to the desk instead of being looked for twice."""
        look = self._known.get(certificate)
        state = look.state if look is not None else None
        return state if state is not None and is_fresh(state, certificate) else None

    def agree(self, state: CertificateState) -> None:
        """The person saw this and went on."""
        self._agreed.add(what_is_unsure(state))

    def forget(self, certificate: bytes) -> None:
        """The key is closed: what its owner agreed to is asked again with the next."""
        self._known.pop(certificate, None)
        self._agreed = {each for each in self._agreed if each[0] != fingerprint_of(certificate)}

    def checked(self, window: QWidget) -> Checked:
        """For the desk, called in its lane with what was found: is it to be gone on with? Raises CancelledError."""
        def told(state: CertificateState) -> bool:
            from signing.report import Verdict

            if state.verdict is Verdict.INVALID:
                return True         # the desk refuses it, and says why
            unsure = doubts(state, self._texts.language)
            if not unsure or what_is_unsure(state) in self._agreed:
                return True
            show = self._mention(unsure) if state.verdict is Verdict.VALID else self._ask(state, unsure, window)
            agreed = bool(self._asking.ask(show))
            if agreed:
                self.agree(state)
            return agreed

        return told

    def _mention(self, unsure: Sequence[str]) -> Callable[[Reply], None]:
        def show(reply: Reply) -> None:
            self.doubt.emit(" ".join([self._texts("key_look.unsure"), *unsure]))
            reply.give(True)

        return show

    def _ask(self, state: CertificateState, unsure: Sequence[str], window: QWidget) -> Callable[[Reply], None]:
        texts, name = self._texts, state.certificate.display_name

        def show(reply: Reply) -> None:
            sentences = "\n".join([texts("key_look.of", name=name), *(f"• {one}" for one in unsure)])
            dialog = self.dialog = QuestionDialog(texts, texts("key_look.heading"), sentences, texts("key_look.go_on"),
                                                  window)
            dialog.answered.connect(reply.give)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        return show


def what_is_unsure(state: CertificateState) -> tuple[str, ...]:
    """The certificate and each finding that is not plainly good: what a person agrees to."""
    from signing.report import Verdict

    return (state.certificate.fingerprint, *(one.code for one in state.findings
                                             if one.verdict is not Verdict.VALID or one.code == "dates_end_soon"))


def fingerprint_of(certificate: bytes) -> str:
    from signing.certificates import certificate_facts

    return certificate_facts(certificate).fingerprint
