"""What a finished round is told as: a row per document, a heading that claims no more than is true. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

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
class ResultRow:
    """reason, advice: why it is not signed, and what to do; empty for a signed one."""

    document: DocumentId
    what: str
    number: str
    outcome: Outcome
    word: str
    reason: str = ""
    advice: str = ""

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
           texts: Texts) -> Self:
        return cls(tuple(row_of(result, names.get(result.document, Named("")), texts) for result in results), at)

    @property
    def signed(self) -> int:
        return sum(row.outcome is Outcome.RETURNED for row in self.rows)

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
        return summary_of(len(self.rows), self.signed, self.failed, texts.language)

    def paper(self, agency: Sequence[str], parent: str, signer: str, texts: Texts) -> BatchResultPaper:
        """For printing and for a table."""
        return BatchResultPaper(
            tuple(agency), parent, signer, self.at, self.summary(texts),
            tuple(BatchResultRow(row.what, row.number, row.word, row.said) for row in self.rows))


def row_of(result: SigningResult, named: Named, texts: Texts) -> ResultRow:
    word = texts(WORD_OF_OUTCOME.get(result.outcome, "queue.not_begun"))
    if result.outcome is Outcome.RETURNED:
        return ResultRow(result.document, named.what, named.number, result.outcome, word)
    if result.trouble is not None:
        words = texts.trouble(result.trouble)
        return ResultRow(result.document, named.what, named.number, result.outcome, word, words.sentence, words.advice)
    return ResultRow(result.document, named.what, named.number, result.outcome, word, texts("batch_result.not_done"))
