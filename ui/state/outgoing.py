"""How an outgoing document stands: what it lacks, its number, opinions, approvals, changes, readers inside, recall."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from docclient.office.model import DocumentId, State
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.outgoing import InsideView, OpinionRound, OpinionView, OutgoingView
from ui.state.handling import Alarm, Line, Section
from ui.texts import Texts

OPINION_TONES = {"agree": "good", "with_remarks": "news", "disagree": "bad"}
BECAME = {State.RECALLED: "bad", State.REPLACED: "doubt", State.CORRECTED: "doubt"}
TELLING_LINKS = ("replaces", "replaced_by", "corrects", "corrected_by")


@dataclass(frozen=True, slots=True)
class OutgoingShown:
    alarms: tuple[Alarm, ...]
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, view: OutgoingView, today: date, texts: Texts, more: Iterable[Section] = ()) -> Self:
        """more: what comes first, of another query."""
        sections = (
            *more,
            Section(texts("outgoing.number"), tuple(number_lines(view, texts))),
            *(Section(texts("outgoing.opinions"), tuple(opinion_lines(each, texts))) for each in reversed(view.rounds)),
            Section(texts("outgoing.approvals"), tuple(approval_lines(view, texts))),
            Section(texts("outgoing.inside"), tuple(inside_line(each, texts) for each in view.inside)),
            Section(texts("outgoing.changes"), tuple(change_lines(view, texts))))
        return cls(tuple(alarms_of(view, today, texts)), tuple(each for each in sections if each.lines))


def alarms_of(view: OutgoingView, today: date, texts: Texts) -> Iterable[Alarm]:
    """What must be seen first."""
    if view.warnings:
        words = "\n".join(texts(f"issue_warning.{each.kind.value}", about=each.about) for each in view.warnings)
        yield Alarm(texts("outgoing.heed"), words, "doubt")
    for recall in view.recalls:
        yield Alarm(texts("outgoing.recalled", name=recall.by_name, when=texts.moment(recall.at)), recall.reason, "bad")
    if view.council_ended:
        yield Alarm(texts("outgoing.council_ended", council=view.council_ended), texts("outgoing.council_run"), "bad")
    if view.lacks:
        yield Alarm(texts("outgoing.lacks"), ", ".join(texts(f"outgoing.lack_{each}") for each in view.lacks), "news")
    if view.issue_due is not None:
        late = today > view.issue_due
        yield Alarm(texts("outgoing.issue_late" if late else "outgoing.issue_due", date=texts.date(view.issue_due)),
                    texts("outgoing.signed_when", when=texts.moment(view.signed_at)), "bad" if late else "news")


def number_lines(view: OutgoingView, texts: Texts) -> Iterable[Line]:
    if view.next_number:
        yield Line(0, texts("outgoing.next_number", number=view.next_number.removeprefix("Số: ")), view.next_register)
    if view.issued_at is not None and view.signed_at is not None:
        yield Line(0, texts("outgoing.signed_when", when=texts.moment(view.signed_at)))
        yield Line(0, texts("outgoing.issued_when", when=texts.moment(view.issued_at)))
    for each in view.cancelled:
        yield Line(0, texts("outgoing.cancelled", number=each.number_and_symbol),
                   f"{each.by_name} · {texts.moment(each.at)}", each.reason, "bad")


def opinion_lines(asked: OpinionRound, texts: Texts) -> Iterable[Line]:
    ways = [texts("outgoing.in_turn" if asked.in_turn else "outgoing.side_by_side"), texts.moment(asked.at)]
    if asked.due_date is not None:
        ways.append(texts("outgoing.by_day", date=texts.date(asked.due_date)))
    answered = sum(each.verdict is not None for each in asked.opinions)
    ways.append(texts("outgoing.answered", count=answered, all=len(asked.opinions)))
    yield Line(0, texts("outgoing.asked_by", name=asked.by_name), " · ".join(ways), asked.question)
    for each in asked.opinions:
        yield opinion_line(each, asked.closed_at is not None, texts)


def opinion_line(each: OpinionView, closed: bool, texts: Texts) -> Line:
    if each.verdict is None:
        if each.awaited:
            return Line(1, texts("outgoing.awaited", name=each.name), tone="doubt")
        return Line(1, texts("outgoing.not_answered" if closed else "outgoing.later", name=each.name))
    when = texts.moment(each.at)
    meta = when if each.on_present_text else texts("outgoing.earlier_text", when=when)
    return Line(1, f"{each.name}: {texts(f'opinionverdict.{each.verdict}')}", meta, each.words,
                OPINION_TONES.get(each.verdict))


def approval_lines(view: OutgoingView, texts: Texts) -> Iterable[Line]:
    """Newest first; one that covers an earlier text says so."""
    for each in reversed(view.approvals):
        when = texts.moment(each.at)
        yield Line(0, f"{texts(f'approval.{each.kind}')}: {each.by_name}",
                   when if each.holds else texts("outgoing.no_longer", when=when), each.words,
                   "good" if each.holds else None)


def inside_line(each: InsideView, texts: Texts) -> Line:
    if each.read_at is not None:
        return Line(0, each.name, texts("outgoing.read", name=each.read_by, when=texts.moment(each.read_at)),
                    tone="good")
    if each.withdrawn_at is not None:
        return Line(0, each.name, texts("outgoing.withdrawn", when=texts.moment(each.withdrawn_at)), tone="bad")
    if each.delivered_at is not None:
        return Line(0, each.name, texts("outgoing.delivered", when=texts.moment(each.delivered_at)))
    return Line(0, each.name, texts("outgoing.when_issued"))


def change_lines(view: OutgoingView, texts: Texts) -> Iterable[Line]:
    for each in reversed(view.changes):
        before, after = (value_words(each.field, value, texts) for value in (each.previous, each.present))
        yield Line(0, texts(f"field.{each.field}"), f"{each.by_name} · {texts.moment(each.at)}",
                   texts("outgoing.from_to", before=before or "–", after=after or "–"))


def value_words(field: str, value: str, texts: Texts) -> str:
    if field == "urgency":
        return texts(f"urgency.{value}")
    return texts.date(date.fromisoformat(value)) if field == "due_date" and value else value


@dataclass(frozen=True, slots=True)
class StateBannerShown:
    """What became of an issued document, or what it is for. links: (words, document)."""

    tone: str
    words: str
    links: tuple[tuple[str, DocumentId], ...]

    @classmethod
    def of(cls, view: DocumentView, texts: Texts) -> Self | None:
        links = tuple((texts("outgoing.link", what=texts(f"link.{link.kind}"),
                             number=link.number_and_symbol or texts("facts.no_number")), link.document)
                      for link in view.links if link.kind in TELLING_LINKS)
        tone = BECAME.get(view.document.state)
        if tone is None and not any(link.kind in TELLING_LINKS for link in view.links):
            return None
        state = view.document.state.value
        words = texts(f"outgoing.became_{state}") if tone is not None else texts("outgoing.belongs")
        return cls(tone or "news", words, links)
