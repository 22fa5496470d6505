"""Deliveries and ways of carrying as lines of lists: words and tones, without Qt."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.desk.outbox_acts import ActDone
from docclient.desk.way_states import WayState
from docclient.office.model import Flow
from docclient.office.queries.directory import DirectorySource
from docclient.office.queries.outbox import OutboxRow
from docclient.office.silence import Silent
from docclient.secrets import Kept
from ui.state.fate import reason_of, status_words
from ui.texts import Texts

STATE_TONES = {"waiting": "quiet", "failed": "doubt", "set_aside": "bad"}


def what_leaves(row: OutboxRow, texts: Texts) -> str:
    """`Văn bản 12/QĐ-UBND: về việc …`, `Trạng thái 03: …`."""
    kind = status_words(row.status_code, texts) if row.kind == "status" else texts(f"fate.{row.kind}")
    number = row.number_and_symbol or (texts("facts.no_number") if row.flow is Flow.OUTGOING else "")
    return ": ".join(part for part in (" ".join(part for part in (kind, number) if part), row.subject) if part)


def state_of(row: OutboxRow, texts: Texts) -> str:
    return texts(f"transport.{row.state}")


def why(row: OutboxRow, texts: Texts) -> str:
    """Why it did not leave, and what is to come."""
    reason = reason_of(row.error, texts) if row.error else ""
    tries = texts("fate.tries", tries=row.tries) if row.tries else ""
    following = texts("fate.next", when=texts.moment(row.next_try)) if row.next_try is not None else ""
    return " · ".join(part for part in (reason, tries, following) if part)


def heard(row: Silent, texts: Texts) -> str:
    return status_words(row.status_code, texts) if row.status_code else texts("exchange.heard_nothing")


def silence(row: Silent, texts: Texts) -> str:
    return texts("exchange.silent_days", days=row.working_days)


@dataclass(frozen=True, slots=True)
class WayShown:
    """One way. state: one sentence; tone of it. note: what was never tried; secret: where what opens it is."""

    name: str
    kind: str
    state: str
    tone: str
    last: str
    waiting: str
    note: str
    secret: str
    secret_tone: str
    setup: object

    @property
    def id(self) -> str:
        return self.name

    @classmethod
    def of(cls, way: WayState, texts: Texts) -> WayShown:
        last, missing = way.last, way.kept is Kept.NOWHERE
        if missing:
            state, tone = texts("ways.state_no_secret"), "bad"
        elif last is None:
            state, tone = texts("ways.state_new"), "quiet"
        elif last.error is not None:
            since = texts("ways.since_good", at=texts.moment(last.good_at)) if last.good_at else ""
            state, tone = " · ".join(part for part in (last.sentence(texts.language), since) if part), "bad"
        elif last.refused:
            state, tone = texts("ways.state_refused", count=last.refused), "doubt"
        else:
            state, tone = texts("ways.state_good"), "good"
        told = texts("ways.last", at=texts.moment(last.at), taken=last.taken, sent=last.sent) if last else "–"
        return cls(way.name, texts(f"way_kind.{way.setup.kind}"), state, tone, told,
                   "–" if way.waiting is None else str(way.waiting),
                   texts(way.setup.note) if way.setup.note else "",
                   texts(f"secret_kept.{way.kept.value}") if way.kept is not None else "",
                   "bad" if missing else "quiet", way.setup)


def outcome(done: list[ActDone], code: str, texts: Texts) -> tuple[str, str]:
    """(tone, words) of an act on several: how many it reached, and each that it did not, with its reason."""
    good = sum(each.trouble is None for each in done)
    bad = [texts("exchange.refused", name=each.name, reason=texts.trouble(each.trouble).sentence)
           for each in done if each.trouble is not None]
    lines = [texts(code, count=good)] if good or not bad else []
    return "good" if not bad else "doubt" if good else "bad", "\n".join([*lines, *bad])


def source_told(row: DirectorySource, texts: Texts) -> str:
    return texts.moment(row.changed_at) if row.changed_at is not None else "–"
