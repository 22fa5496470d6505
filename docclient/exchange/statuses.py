"""What becomes of a sent document: the two-digit codes of status packets, their order, their words.

    01 arrived -> 02 refused
               -> 03 accepted -> 04 assigned -> 05 in work -> 06 finished
    13 taken back (asked by the sender, any time before 06) -> 15 agreed | 16 declined

Steps may be skipped, never taken back; each code is sent once per document (Decision 28/2018/QĐ-TTg as vendors carry
it out)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from docclient.words import Language, phrase


class StatusCode(StrEnum):
    """The codes that have a meaning; 07–12 and 14 were never seen and stay unknown."""

    ARRIVED = "01"
    REFUSED = "02"
    ACCEPTED = "03"
    ASSIGNED = "04"
    IN_WORK = "05"
    FINISHED = "06"
    TAKEN_BACK = "13"
    CHANGE_AGREED = "15"
    CHANGE_DECLINED = "16"

    @classmethod
    def of(cls, code: str | None) -> StatusCode | None:
        """The code behind a text as received (`3` for `03` occurs); None for one without a meaning."""
        text = (code or "").strip()
        two_digits = text.zfill(2) if text.isascii() and text.isdigit() else text
        return next((known for known in cls if known.value == two_digits), None)


class Judgement(StrEnum):
    """Whether a status fits those that were given before."""

    FITS = "fits"
    REPEATED = "repeated"
    OUT_OF_ORDER = "out_of_order"
    UNASKED = "unasked"                # an answer (15, 16) to which there was no question
    UNKNOWN = "unknown"


NEED_REASON = frozenset({StatusCode.REFUSED, StatusCode.TAKEN_BACK, StatusCode.CHANGE_DECLINED})
FROM_SENDER = frozenset({StatusCode.TAKEN_BACK})
"""Codes that the original sender gives; all others come from a receiver."""

_MAIN_ROAD = (StatusCode.ARRIVED, StatusCode.ACCEPTED, StatusCode.ASSIGNED, StatusCode.IN_WORK, StatusCode.FINISHED)
_ANSWERS = frozenset({StatusCode.CHANGE_AGREED, StatusCode.CHANGE_DECLINED})


def judge(given: Collection[str], code: str, *, change_asked: bool = False) -> Judgement:
    """Whether `code` may follow the codes `given` before for one document and one receiver.

    Args:
        change_asked: an update or a revocation came as a packet of its own, which 15 and 16 answer as they answer 13.
    """
    new = StatusCode.of(code)
    if new is None:
        return Judgement.UNKNOWN
    before = {known for known in map(StatusCode.of, given) if known is not None}
    if new in before:
        return Judgement.REPEATED
    if new in _ANSWERS:
        if StatusCode.TAKEN_BACK not in before and not change_asked:
            return Judgement.UNASKED
        return Judgement.OUT_OF_ORDER if before & _ANSWERS else Judgement.FITS
    given_back = {StatusCode.TAKEN_BACK, StatusCode.CHANGE_AGREED} <= before
    if given_back or StatusCode.REFUSED in before or StatusCode.FINISHED in before:
        return Judgement.OUT_OF_ORDER
    if new is StatusCode.TAKEN_BACK:
        return Judgement.FITS
    if new is StatusCode.REFUSED:
        return Judgement.OUT_OF_ORDER if before & set(_MAIN_ROAD[1:]) else Judgement.FITS
    reached = max((_MAIN_ROAD.index(step) for step in before if step in _MAIN_ROAD), default=-1)
    return Judgement.FITS if _MAIN_ROAD.index(new) > reached else Judgement.OUT_OF_ORDER


def may_follow(given: Collection[str], *, change_asked: bool = False) -> tuple[StatusCode, ...]:
    """The codes that may be given next."""
    return tuple(code for code in StatusCode if judge(given, code, change_asked=change_asked) is Judgement.FITS)


def text_of(code: str | None, language: Language = Language.VIETNAMESE) -> str:
    """The words for a code; an unknown one is named as it was received."""
    known = StatusCode.of(code)
    if known is None:
        return phrase("packet_status.unknown", language, received=(code or "")[:20])
    return phrase(f"packet_status.{known.value}", language)
