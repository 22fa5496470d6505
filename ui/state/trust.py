"""The trust settings: each authority with its fingerprint, purpose and what speaks for it; what is still to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from docclient.desk.trust import Authority
from docclient.office.queries.trust import MissingAuthority, TrustChoices
from docclient.signature_words import grouped
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class AuthorityShown:
    """tone and word: whether it is believed. speaks: what speaks for it. confirmable: an anchor not believed yet."""

    authority: Authority
    name: str
    purpose: str
    life: str
    fingerprint: str
    tone: str
    word: str
    speaks: str
    confirmable: bool
    removable: bool

    @classmethod
    def of(cls, authority: Authority, texts: Texts) -> Self:
        pinned = authority.pinned
        state = "between" if not authority.is_anchor else "believed" if authority.confirmed else "waiting"
        speaks = texts("trust.speaks_compared" if pinned and pinned.compared else
                       "trust.speaks_pinned" if pinned else "trust.speaks_nothing")
        purpose = texts(f"authority_purpose.{pinned.purpose}") if pinned else texts("authority_purpose.unknown")
        return cls(authority, authority.name, purpose,
                   texts("trust.life", begins=texts.date(authority.valid_from.date()),
                         ends=texts.date(authority.valid_to.date())),
                   grouped(authority.fingerprint), {"believed": "good", "waiting": "doubt", "between": "quiet"}[state],
                   texts(f"trust.state_{state}"), speaks, authority.is_anchor and not authority.confirmed,
                   authority.digest is not None)


@dataclass(frozen=True, slots=True)
class TrustShown:
    """first_run: no anchor is believed yet, which is how every office begins. missing: the authorities that verdicts
    wait for."""

    authorities: tuple[AuthorityShown, ...]
    choices: TrustChoices
    first_run: bool
    headline: str
    explanation: str
    missing: tuple[str, ...] = ()

    @classmethod
    def of(cls, authorities: Sequence[Authority], choices: TrustChoices, missing: Sequence[MissingAuthority],
           texts: Texts) -> Self:
        believed = [each for each in authorities if each.is_anchor and each.confirmed]
        name = "some" if believed else "none"
        return cls(tuple(AuthorityShown.of(each, texts) for each in authorities), choices, not believed,
                   texts(f"trust.{name}_headline", count=len(believed)), texts(f"trust.{name}_explanation"),
                   tuple(texts("trust.missing_line", name=each.name, count=each.documents) for each in missing))
