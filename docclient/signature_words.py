"""What a check of signatures found, said in words: the same sentences on the screen, on paper and beside each other.

Takes the answer of `docclient verify` for one file (fresh from the engine, or as the office kept it) and gives back
texts in order; decides nothing about verdicts. What TT 15/2025 V7 asks to show is here: issuing authority, signer, the
body that the certificate belongs to, time of signing or time-stamp, integrity, validity when signed, certificate life.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import PurePath
from typing import Any

from docclient.words import ErrorWords, Language, catalogue, has_words, phrase

VIETNAM = timezone(timedelta(hours=7))
NOT_IN_FORCE = {"REVOKED": "revoked", "EXPIRED": "expired", "NOT_YET_VALID": "not_yet"}


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """One change after a signature. page: from 1, None when it belongs to none. detail: a form field's name, mostly."""

    words: str
    allowed: bool
    page: int | None
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LineTold:
    """A label with what stands beside it. name: which fact it is, the same in every language."""

    name: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SignatureTold:
    """One signature. verdict: valid, invalid or undetermined. who: what people look for first. lines: the facts
    that V7 asks for; technical: what a specialist wants beside them. advice: what to do next, if anything."""

    number: int
    field: str
    kind: str
    signer: str
    who: tuple[str, ...]
    verdict: str
    word: str
    sentence: str
    advice: str
    lines: tuple[LineTold, ...]
    changes: tuple[ChangeTold, ...]
    changes_word: str
    warnings: tuple[str, ...]
    technical: tuple[LineTold, ...]
    page: int | None
    covers_whole_file: bool
    missing_issuer: str


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file and its signatures, oldest first. conclusion: as `docclient verify` names it."""

    name: str
    conclusion: str
    word: str
    sentence: str
    advice: str
    sha256: str
    checked_at: str
    warnings: tuple[str, ...]
    signatures: tuple[SignatureTold, ...]


def file_told(answer: Mapping[str, Any], language: Language = Language.VIETNAMESE, *, name: str = "") -> FileTold:
    """answer: of one file. name: what the file is called, where the answer names only where it lay."""
    say = Speech(language)
    conclusion = str(answer.get("conclusion") or "undetermined")
    reason = say.reason(answer.get("reason"))
    passed = conclusion == "valid" or not answer.get("reason")
    sentence = say.told(f"says_{conclusion}") if passed else f"{reason.heading} {reason.explanation}"
    signatures = tuple(signature_told(each, number, language)
                       for number, each in enumerate(answer.get("signatures") or (), start=1))
    if conclusion == "valid" and len(signatures) > 1:
        sentence = say.told("says_all_valid", count=len(signatures))
    return FileTold(
        name or PurePath(str(answer.get("file") or "")).name, conclusion,
        say.words(f"verdict.{conclusion}", conclusion), sentence, "" if passed else reason.advice,
        str(answer.get("sha256") or ""), say.moment(answer.get("checked_at")),
        tuple(say.remark(each) for each in answer.get("warnings") or ()), signatures)


def signature_told(signature: Mapping[str, Any], number: int, language: Language = Language.VIETNAMESE,
                   ) -> SignatureTold:
    """One entry of `signatures`."""
    say = Speech(language)
    verdict = str(signature.get("verdict") or "undetermined")
    reason = say.reason(signature.get("reason"))
    changes = tuple(change_told(each, say) for each in signature.get("changes_after") or ())
    organisation = str(signature.get("signer_organisation") or "")
    signer = str(signature.get("signer") or "") or say.told("unknown_signer")
    return SignatureTold(
        number, str(signature.get("field") or ""),
        say.words(f"signature_kind.{signature.get('kind')}", str(signature.get("kind"))), signer,
        tuple(each for each in (str(signature.get("signer_title") or ""), organisation) if each and each != signer),
        verdict, say.words(f"verdict.{verdict}", verdict), f"{reason.heading} {reason.explanation}".strip(),
        "" if verdict == "valid" else reason.advice, tuple(lines_of(signature, say)), changes,
        changes_word(signature, changes, say), tuple(say.remark(each) for each in signature.get("warnings") or ()),
        tuple(technical_of(signature, say)), signature.get("page"), bool(signature.get("covers_whole_file")),
        str(signature.get("missing_issuer") or ""))


def lines_of(signature: Mapping[str, Any], say: Speech) -> Iterator[LineTold]:
    """What V7 asks to show, in the order in which a person asks."""
    claimed, stamped = say.moment(signature.get("signing_time")), say.moment(signature.get("timestamp_time"))
    if stamped:
        authority = str(signature.get("timestamp_authority") or "")
        yield say.line("timestamp", say.told("stamped_by" if authority else "stamped", when=stamped, who=authority))
    if claimed:
        yield say.line("own_clock", say.told("by_own_clock", when=claimed))
    yield say.line("integrity", say.told("intact" if signature.get("intact") else "not_intact"
                                         if signature.get("verdict") == "invalid" else "integrity_unknown"))
    yield say.line("in_force", say.told(in_force(signature)))
    yield from say.known("issuer", signature.get("issuer"))
    yield from say.known("organisation", signature.get("signer_organisation"))
    begins, ends = say.day(signature.get("certificate_valid_from")), say.day(signature.get("certificate_valid_to"))
    if begins and ends:
        yield say.line("life", say.told("from_to", begins=begins, ends=ends))
    yield say.line("revocation", revocation_of(signature, say))
    yield say.line("anchor", anchor_of(signature, say))
    if signature.get("missing_issuer"):
        yield say.line("missing", str(signature["missing_issuer"]))


def technical_of(signature: Mapping[str, Any], say: Speech) -> Iterator[LineTold]:
    level = signature.get("level")
    if level:
        yield say.line("level", say.words(f"told.level_{str(level).replace('-', '_')}", str(level).upper()))
    yield from say.known("algorithms", ", ".join(str(each) for each in signature.get("algorithms") or ()))
    yield from say.known("serial", grouped(str(signature.get("serial") or "").upper()))
    yield from say.known("fingerprint", grouped(str(signature.get("certificate_sha256") or "").upper()))
    yield from say.known("field", signature.get("field"))
    if signature.get("page"):
        yield say.line("page", str(signature["page"]))


def in_force(signature: Mapping[str, Any]) -> str:
    """Was the certificate in force when the signature was made? (V7: validity at signing time)."""
    reason = str(signature.get("reason") or "")
    if signature.get("verdict") == "valid" or signature.get("revocation") == "good":
        return "force_yes"
    if reason in NOT_IN_FORCE:
        return f"force_{NOT_IN_FORCE[reason]}"
    return "force_unknown"


def revocation_of(signature: Mapping[str, Any], say: Speech) -> str:
    """The state, where it was found, and how fresh that is."""
    state = signature.get("revocation")
    words = say.words(f"revocation_state.{state}", say.told("revocation_not_asked")) if state else say.told(
        "revocation_not_asked")
    revoked = say.moment(signature.get("revoked_at"))
    if revoked:
        words = say.told("revoked_on", state=words, when=revoked)
    source = signature.get("revocation_source")
    if source:
        words = f"{words}; {say.words(f'told.source_{source}', str(source))}"
    begins, ends = say.moment(signature.get("revocation_from")), say.moment(signature.get("revocation_until"))
    if begins:
        words = f"{words}; {say.told('fresh_until' if ends else 'fresh_from', begins=begins, ends=ends)}"
    return words


def anchor_of(signature: Mapping[str, Any], say: Speech) -> str:
    """Every verdict names its anchor, or says that none was reached."""
    anchor = signature.get("trust_anchor")
    if not anchor:
        return say.told("anchor_none")
    mark = grouped(str(signature.get("trust_anchor_sha256") or "").upper()[-8:])
    named = say.told("anchor_named", anchor=anchor, mark=mark) if mark else str(anchor)
    return f"{named}; {say.told('anchor_unconfirmed')}" if signature.get("trust_anchor_confirmed") is False else named


def change_told(change: Mapping[str, Any], say: Speech) -> ChangeTold:
    kind, page = str(change.get("kind")), change.get("page")
    words = say.words(f"change.{kind}", kind)
    detail = str(change.get("detail") or "")
    if detail:
        words = f"{words} ({detail})"
    if page:
        words = say.told("change_on_page", change=words, page=page)
    return ChangeTold(words, bool(change.get("allowed")), page, kind, detail)


def changes_word(signature: Mapping[str, Any], changes: tuple[ChangeTold, ...], say: Speech) -> str:
    """What came after the signature, in one sentence."""
    if not changes:
        return say.told("unchanged" if signature.get("covers_whole_file") else "changes_unknown")
    if all(each.allowed for each in changes):
        return say.told("changes_allowed", count=len(changes))
    return say.told("changes_forbidden", count=sum(not each.allowed for each in changes))


def grouped(digits: str) -> str:
    """Hexadecimal in fours, so that it can be read aloud and broken into lines."""
    return " ".join(digits[start:start + 4] for start in range(0, len(digits), 4))


@dataclass(frozen=True, slots=True)
class Speech:
    """Words in one language; a code of a newer program is shown as it is rather than not at all."""

    language: Language

    def told(self, name: str, **blanks: object) -> str:
        return phrase(f"told.{name}", self.language, **blanks)

    def words(self, code: str, otherwise: str) -> str:
        return phrase(code, self.language) if has_words(code, self.language) else otherwise

    def remark(self, code: str) -> str:
        return self.words(f"remark.{code}", code)

    def reason(self, code: object) -> ErrorWords:
        words = catalogue(self.language).get(f"reason.{code}")
        return words if isinstance(words, ErrorWords) else ErrorWords(str(code or ""), "", "")

    def line(self, name: str, value: str) -> LineTold:
        return LineTold(name, self.told(f"label_{name}"), value)

    def known(self, name: str, value: object) -> Iterator[LineTold]:
        """The line, if there is something to say."""
        if value:
            yield self.line(name, str(value))

    def moment(self, text: object) -> str:
        """`05/03/2026 14:30:15` in Vietnam's time, from RFC 3339."""
        return f"{datetime.fromisoformat(str(text)).astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}" if text else ""

    def day(self, text: object) -> str:
        return f"{datetime.fromisoformat(str(text)).astimezone(VIETNAM):%d/%m/%Y}" if text else ""
