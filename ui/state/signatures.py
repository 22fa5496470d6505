"""The panel about a file's signatures: each signature's verdict and facts, the checks so far, what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from docclient.office.door import Act, Offer
from docclient.office.model import Digest
from docclient.office.queries.verdicts import VerdictView
from docclient.signature_words import SignatureTold, file_told, grouped, signature_told
from ui.state.verdicts import VerdictShown
from ui.texts import Texts

__all__ = ["CheckShown", "PanelShown", "SignatureShown", "checks_of", "grouped", "panel_of", "signatures_of"]

WANTING_TRUST = frozenset({"NO_CERTIFICATE_CHAIN_FOUND", "CERTIFICATE_CHAIN_GENERAL_FAILURE"})


@dataclass(frozen=True, slots=True)
class SignatureShown:
    """told: everything in words. verdict: of this one signature, with its tone."""

    told: SignatureTold
    verdict: VerdictShown

    @property
    def signer(self) -> str:
        return self.told.signer

    @property
    def changed(self) -> bool:
        """Something came after it: then there is a signed revision to look at beside the current one."""
        return bool(self.told.field) and not self.told.covers_whole_file

    @property
    def spoken(self) -> str:
        """What a screen reader says of the whole card."""
        return ". ".join(part for part in (
            self.signer, *self.told.who, self.told.kind, self.verdict.word, self.verdict.sentence,
            self.told.changes_word) if part)


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One check in the history. how: with which evidence. evidence: the file with it, None where none was kept."""

    number: int
    when: str
    by: str
    verdict: VerdictShown
    how: str
    evidence: Digest | None
    report: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PanelShown:
    """name: what the file is called. report: the newest answer, None before there is one. recheck: the office's offer
    to verify again. wants_trust: an authority is missing or not confirmed; then the trust settings may help."""

    name: str
    report: Mapping[str, Any] | None
    signatures: tuple[SignatureShown, ...]
    recheck: Offer | None = None
    evidence: Digest | None = None
    checks: tuple[CheckShown, ...] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def empty(cls) -> Self:
        return cls("", None, ())

    @property
    def wants_trust(self) -> bool:
        return any(each.get("reason") in WANTING_TRUST for each in (self.report or {}).get("signatures", ()))


def signatures_of(report: Mapping[str, Any] | None, texts: Texts) -> tuple[SignatureShown, ...]:
    """From the answer of `docclient verify` for one file."""
    return tuple(signature_of(each, number, texts)
                 for number, each in enumerate((report or {}).get("signatures") or (), start=1))


def signature_of(signature: Mapping[str, Any], number: int, texts: Texts) -> SignatureShown:
    told = signature_told(signature, number, texts.language)
    return SignatureShown(told, VerdictShown.of(told.verdict, told.sentence, texts))


def panel_of(report: Mapping[str, Any] | None, texts: Texts, *, name: str, offers: Sequence[Offer] = (),
             evidence: Digest | None = None) -> PanelShown:
    warnings = file_told(report, texts.language).warnings if report else ()
    return PanelShown(name, report, signatures_of(report, texts),
                      next((offer for offer in offers if offer.act is Act.RECHECK), None), evidence, (), warnings)


def checks_of(history: Sequence[VerdictView], texts: Texts) -> tuple[CheckShown, ...]:
    """Newest first, as the office answers them."""
    return tuple(CheckShown(
        each.number, texts.moment(each.at), each.by_name or texts("checks.nobody"),
        VerdictShown.of(each.conclusion, file_told(each.report, texts.language).sentence, texts),
        texts("checks.online" if each.online else "checks.first" if each.number == 1 else "checks.offline"),
        each.evidence, each.report) for each in history)


def verdict_of_answer(report: Mapping[str, Any], texts: Texts) -> VerdictShown:
    """The banner's verdict for a file: why in one sentence, and what to do next."""
    told = file_told(report, texts.language)
    return VerdictShown.of(told.conclusion, " ".join(part for part in (told.sentence, told.advice) if part), texts)
