"""A round: several documents signed or sealed with one PIN. Runs it, tells each step, ends with the truth about each.

One round at a time at a desk: a second one would want the same token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.certificate_care import Checked
from docclient.desk.kept_batches import BatchAct, UnfinishedBatch, give_up, go_on, unfinished_batches
from docclient.desk.signing_desk import seal_many, sign_queued
from docclient.desk.signing_results import Outcome, SigningResult
from docclient.desk.trust import asks_network
from docclient.errors import KeyTrouble, Trouble
from docclient.office.model import DocumentId
from docclient.office.queries.documents import QueuedForSigning
from docclient.office.queries.office import AboutOffice
from docclient.papers.batch_result import print_batch_result, write_batch_result
from docclient.time_stamping import wish_of
from signing.certificate_check import CertificateState
from signing.errors import PinTrouble
from signing.keys import Key
from signing.page import Place
from signing.tokens.probe import Asks, Manner
from ui.background import Lane, Report
from ui.dialogs.batch_result_dialog import BatchResultDialog
from ui.dialogs.question_dialog import QuestionDialog
from ui.questions import Questions, Reply
from ui.session import Session
from ui.state.batch_result import BatchShown, Earlier, Named
from ui.state.keys import Purpose

PURPOSE = {BatchAct.SIGN: Purpose.PERSONAL, BatchAct.SEAL: Purpose.AGENCY}


@dataclass(frozen=True, slots=True)
class Care:
    """What the desk tells and asks while a round runs; the same for each kind of round."""

    progress: Callable[[int, int, SigningResult], None]
    stop: Event
    revive: Callable[[Trouble], Key | None]
    manner: Callable[[Manner], bool]
    checked: Checked
    known: CertificateState | None


Run = Callable[[Key, Care], list[SigningResult]]


@dataclass(frozen=True, slots=True)
class Round:
    """What runs. names: what each document is called in lists. earlier: what it found done, where it goes on."""

    act: BatchAct
    names: Mapping[DocumentId, Named]
    what: str
    run: Run
    earlier: Earlier = field(default_factory=Earlier)

    @property
    def several(self) -> bool:
        return len(self.names) > 1


class Rounds(QObject):
    """Lives as long as one person's desk."""

    began = Signal(object)              # Round
    told = Signal(int, int, object)     # done, total, SigningResult
    ended = Signal(object, object)      # Round, list of SigningResult
    failed = Signal(object, object)     # Round, the exception: nothing is known to be done
    document_wanted = Signal(object)    # DocumentId

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._questions = Questions(self)
        self._stop = Event()            # the person ends the round: what is not at the key stays in the queue
        self._leaving = Event()         # the window goes: the round stays on the disk as far as it came
        self._last: tuple[Round, list[SigningResult], datetime] | None = None
        self.running: Round | None = None
        self.dialog: BatchResultDialog | QuestionDialog | None = None

    # what can be begun

    def sign(self, queued: Sequence[QueuedForSigning], names: Mapping[DocumentId, Named], what: str,
             places: Mapping[DocumentId, Place] | None = None) -> None:
        """Sign with one's own key. places: where a person moved signatures."""
        office, chosen, settings = self._session.office, tuple(queued), self._session.settings

        def run(key: Key, care: Care) -> list[SigningResult]:
            return sign_queued(office, chosen, key, progress=care.progress, stop=care.stop, revive=care.revive,
                               manner=care.manner, checked=care.checked, online=asks_network(office),
                               known=care.known, places=places, wish=wish_of(settings))

        self._begin(Round(BatchAct.SIGN, names, what, run))

    def seal(self, names: Mapping[DocumentId, Named], what: str) -> None:
        """Number and seal with the agency's key, in the order given: that is the order of the numbers."""
        office, documents, settings = self._session.office, tuple(names), self._session.settings

        def run(key: Key, care: Care) -> list[SigningResult]:
            return seal_many(office, documents, key, progress=care.progress, stop=care.stop, revive=care.revive,
                             manner=care.manner, checked=care.checked, online=asks_network(office),
                             known=care.known, wish=wish_of(settings))

        self._begin(Round(BatchAct.SEAL, names, what, run))

    def go_on(self, batch: UnfinishedBatch) -> None:
        """Go on with what was broken off; what the key has signed already needs no PIN."""
        office, texts = self._session.office, self._session.texts
        code = "unfinished.what" if batch.act is BatchAct.SIGN else "unfinished.what_seal"
        names = {each.document: Named(each.title) for each in batch.documents}

        def run(key: Key | None, care: Care) -> list[SigningResult]:
            return go_on(office, batch, key, progress=care.progress, stop=care.stop, revive=care.revive,
                         manner=care.manner, checked=care.checked, online=asks_network(office), known=care.known)

        round_ = Round(batch.act, names, texts(code, count=batch.left), run, Earlier.of(batch))
        if batch.left:
            self._begin(round_)
        elif self.running is None:
            self._work(round_, None)

    def give_up(self, batch: UnfinishedBatch) -> None:
        """Throw away what was broken off; its documents stay in the queue."""
        session = self._session
        session.background.run(self, Lane.STORE, lambda _report, _stop: give_up(batch),
                               done=lambda _: session.tell.news("unfinished.given_up"), failed=session.tell.trouble)

    def close(self) -> None:
        """The person leaves: the round stays on the disk as far as it came, and is offered again."""
        self._leaving.set()
        self._questions.close()

    # running

    def _begin(self, round_: Round) -> None:
        if self.running is None and round_.names:
            self._session.keys.with_key(PURPOSE[round_.act], round_.what, lambda key: self._work(round_, key),
                                        self._window)

    def _work(self, round_: Round, key: Key | None) -> None:
        if self.running is not None:
            return
        session, revive = self._session, self._reviver(round_)
        looks = session.keys.looks
        checked, known = looks.checked(self._window), looks.known(key.certificate) if key is not None else None
        stop = self._stop = Event()

        def work(report: Report, leaving: Event) -> list[SigningResult]:
            def told(done: int, total: int, result: SigningResult) -> None:
                if leaving.is_set():            # every step is written down: the next start goes on from here
                    raise CancelledError
                report(done, total, result)

            return round_.run(key, Care(told, stop, revive, self._manner, checked, known))

        self.running = round_
        self._leaving = session.background.run(
            self, Lane.TOKEN, work, progress=self._told, done=self._ended, failed=self._failed,
            stopped=lambda: self._ended([]))
        session.progress.begin(self._progress_words(round_, 0, len(round_.names)), stop)
        self.began.emit(round_)

    def _reviver(self, round_: Round) -> Callable[[Trouble], Key | None]:
        bring_back = self._session.keys.reviver(PURPOSE[round_.act], self._window)

        def revive(trouble: Trouble) -> Key | None:
            try:
                return bring_back(trouble)
            except PinTrouble:
                raise               # the batch ends at once: no second wrong PIN by itself
            except (Trouble, CancelledError):
                return None

        return revive

    def _told(self, done: int, total: int, result: SigningResult) -> None:
        if self.running is None:
            return
        words = self._session.texts("paused.token") if result.outcome is Outcome.PAUSED else \
            self._progress_words(self.running, done, total)
        self._session.progress.progress(done, total, words)
        self.told.emit(done, total, result)

    def _progress_words(self, round_: Round, done: int, total: int) -> str:
        code = "queue.signing_of" if round_.act is BatchAct.SIGN else "seal_many.of"
        return self._session.texts(code, done=done, total=total)

    def _ended(self, results: list[SigningResult]) -> None:
        round_ = self._over()
        if round_ is None:
            return
        session, good = self._session, sum(each.outcome is Outcome.RETURNED for each in results)
        troubles = [each.trouble for each in results if each.trouble is not None]
        if any(isinstance(trouble, KeyTrouble) for trouble in troubles):
            session.keys.drop(PURPOSE[round_.act])
        if results:
            self._last = round_, results, datetime.now(UTC)
        if good and good == len(results):
            self._tell_all_done(round_, results)
        elif troubles and not round_.several:
            session.tell.trouble(troubles[0])
        elif results:
            self.show_result()
        self.ended.emit(round_, results)

    def _tell_all_done(self, round_: Round, results: list[SigningResult]) -> None:
        signs, before = round_.act is BatchAct.SIGN, round_.earlier.given | round_.earlier.signed
        earlier = sum(each.document in before for each in results)
        if earlier:
            self._session.tell.good("unfinished.done" if signs else "unfinished.done_seal", total=len(results),
                                    count=len(results) - earlier, earlier=earlier)
        else:
            self._session.tell.good("queue.signed_count" if signs else "seal_many.done", count=len(results))

    def _failed(self, error: Exception) -> None:
        round_ = self._over()
        if round_ is None:
            return
        if isinstance(error, KeyTrouble):
            self._session.keys.drop(PURPOSE[round_.act])
        self._session.tell.trouble(error)
        self.failed.emit(round_, error)

    def _over(self) -> Round | None:
        round_, self.running = self.running, None
        self._session.progress.end()
        return round_

    # questions of the batch, from its own thread

    def _manner(self, manner: Manner) -> bool:
        """How the token asks for its PIN, where that means more than one PIN: known before the batch begins."""
        if manner.asks is Asks.NO_MORE:
            return True
        texts = self._session.texts
        heading = texts("manner.heading" if manner.certain else "manner.heading_perhaps")

        def show(reply: Reply) -> None:
            dialog = self.dialog = QuestionDialog(texts, heading, texts(manner.words), texts("manner.go_on"),
                                                  self._window)
            dialog.answered.connect(reply.give)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        return bool(self._questions.ask(show))

    # the result

    @property
    def has_result(self) -> bool:
        return self._last is not None

    def shown(self) -> BatchShown | None:
        """The last round, as it is told."""
        if self._last is None:
            return None
        round_, results, at = self._last
        return BatchShown.of(results, round_.names, at, self._session.texts, round_.earlier)

    def show_result(self) -> None:
        """The last round's result, document by document."""
        shown = self.shown()
        if shown is None:
            return
        dialog = self.dialog = BatchResultDialog(self._session.texts, shown, lambda path: self.save_result(shown, path),
                                                 parent=self._window)
        dialog.document_wanted.connect(self.document_wanted)
        dialog.go_on_wanted.connect(self.go_on)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        if shown.signed < len(shown.rows) and self.running is None:
            self._offer_the_rest(dialog, shown)

    def _offer_the_rest(self, dialog: BatchResultDialog, shown: BatchShown) -> None:
        """The button to go on stands there only where the disk still holds this very round."""
        office, wanted = self._session.office, {row.document for row in shown.rows}

        def offer(found: list[UnfinishedBatch]) -> None:
            batch = next((each for each in found if {entry.document for entry in each.entries} == wanted), None)
            if batch is not None and self.dialog is dialog and self.running is None:
                dialog.offer_to_go_on(batch)

        self._session.background.run(self, Lane.STORE, lambda _report, _stop: unfinished_batches(office), done=offer,
                                     failed=self._session.tell.trouble)

    def save_result(self, shown: BatchShown, target: Path) -> None:
        """As a table or as a sheet, by the file's ending."""
        session = self._session
        office, texts = session.office, session.texts

        def save(_report: Report, _stop: Event) -> Path:
            facts = office.ask(AboutOffice())
            paper = shown.paper(facts.header, facts.parent_name.upper(), office.me.name, texts)
            write = write_batch_result if target.suffix.lower() == ".csv" else print_batch_result
            return write(paper, target, texts.language)

        session.background.run(self, Lane.NET, save,
                               done=lambda _: session.tell.good("batch_result.saved", file=target.name),
                               failed=session.tell.trouble)
