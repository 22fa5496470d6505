"""What a finished round is told as: a row per document, a heading that claims no more than is true. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from docclient.desk.kept_batches import UnfinishedBatch
from docclient.desk.signing_results import Outcome, SigningResult
from docclient.office.model import DocumentId
from docclient.papers.batch_result import BatchResultPaper, BatchResultRow, summary_of
from ui.texts import Texts

TONE_OF_OUTCOME = {Outcome.RETURNED: "good", Outcome.FAILED: "bad", Outcome.PAUSED: "doubt"}
WORD_OF_OUTCOME = {Outcome.RETURNED: "queue.signed", Outcome.FAILED: "queue.failed", Outcome.PAUSED: "queue.paused"}


@dataclass(frozen=True, slots=True)
class Named:
    """What a document is called. what: kind and subject."""

    what: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run of a round had done. given: the office has it. signed: the key has signed it, the office has
    yet to get it. Of either this run asks the key for nothing."""

    given: frozenset[DocumentId] = frozenset()
    signed: frozenset[DocumentId] = frozenset()

    @classmethod
    def of(cls, batch: UnfinishedBatch) -> Self:
        outcomes = {each.document: each.outcome for each in batch.documents}
        given = frozenset(document for document, outcome in outcomes.items() if outcome is Outcome.RETURNED)
        return cls(given, frozenset(batch.signed_documents) - given)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """reason, advice: why it is not signed, and what to do; empty for a signed one. earlier: the signature is of an
    earlier run."""

    document: DocumentId
    what: str
    number: str
    outcome: Outcome
    word: str
    reason: str = ""
    advice: str = ""
    earlier: bool = False

    @property
    def tone(self) -> str:
        return TONE_OF_OUTCOME.get(self.outcome, "quiet")

    @property
    def said(self) -> str:
        return f"{self.reason} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class BatchShown:
    """One round, told at `at`."""

    rows: tuple[ResultRow, ...]
    at: datetime

    @classmethod
    def of(cls, results: Sequence[SigningResult], names: Mapping[DocumentId, Named], at: datetime,
           texts: Texts, earlier: Earlier | None = None) -> Self:
        """earlier: what this run found done when it went on with a round."""
        before = earlier or Earlier()
        return cls(tuple(row_of(result, names.get(result.document, Named("")), texts, before) for result in results),
                   at)

    @property
    def signed(self) -> int:
        """By whichever run."""
        return sum(row.outcome is Outcome.RETURNED for row in self.rows)

    @property
    def earlier(self) -> int:
        """How many of the signed ones an earlier run had signed."""
        return sum(row.outcome is Outcome.RETURNED and row.earlier for row in self.rows)

    @property
    def failed(self) -> int:
        return sum(row.outcome is Outcome.FAILED for row in self.rows)

    @property
    def left(self) -> int:
        """Neither signed nor failed: it waits still."""
        return len(self.rows) - self.signed - self.failed

    def heading(self, texts: Texts) -> str:
        if self.signed == len(self.rows):
            return texts("batch_result.heading_good", count=self.signed)
        if not self.signed:
            return texts("batch_result.heading_none")
        return texts("batch_result.heading_some", signed=self.signed, total=len(self.rows))

    def summary(self, texts: Texts) -> str:
        return summary_of(len(self.rows), self.signed, self.failed, texts.language, earlier=self.earlier)

    def paper(self, agency: Sequence[str], parent: str, signer: str, texts: Texts) -> BatchResultPaper:
        """For printing and for a table."""
        return BatchResultPaper(
            tuple(agency), parent, signer, self.at, self.summary(texts),
            tuple(BatchResultRow(row.what, row.number, row.word, row.said) for row in self.rows))


def row_of(result: SigningResult, named: Named, texts: Texts, earlier: Earlier) -> ResultRow:
    word = texts(WORD_OF_OUTCOME.get(result.outcome, "queue.not_begun"))
    if result.outcome is Outcome.RETURNED and result.document in earlier.given | earlier.signed:
        return ResultRow(result.document, named.what, named.number, result.outcome, texts("batch_result.earlier"),
                         texts("batch_result.handed_over") if result.document in earlier.signed else "", earlier=True)
    if result.outcome is Outcome.RETURNED:
        return ResultRow(result.document, named.what, named.number, result.outcome, word)
    if result.trouble is not None:
        words = texts.trouble(result.trouble)
        return ResultRow(result.document, named.what, named.number, result.outcome, word, words.sentence, words.advice)
    return ResultRow(result.document, named.what, named.number, result.outcome, word, texts("batch_result.not_done"))
