"""How a document is handled, as its page shows it: who has it, its time, the tree of directions, what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from docclient.office.handling import Origin
from docclient.office.queries.duplicates import TwinView
from docclient.office.queries.handling import (
    ClosingView,
    DaysView,
    DirectionStep,
    HandlingView,
    PaperView,
    PresentationView,
    RecallView,
    RequestView,
    ShareView,
)
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened or stands. depth: how far it is set in. tone: "news" for who has it, None for a plain
    one. answers: the opinion that an answer to this line would answer."""

    depth: int
    head: str
    meta: str = ""
    words: str = ""
    tone: str | None = None
    answers: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """What must be seen first. twin: of a duplicate."""

    heading: str
    words: str
    tone: str
    twin: TwinView | None = None


@dataclass(frozen=True, slots=True)
class HandlingShown:
    """used, whole: working days used and given, for the bar; whole is None without a deadline."""

    has_it: str
    since: str
    days: str
    days_tone: str | None
    used: int
    whole: int | None
    alarms: tuple[Alarm, ...]
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, view: HandlingView, twins: Iterable[TwinView], texts: Texts) -> Self:
        alarms = [*(recall_alarm(view.recall, texts) if view.recall else ()),
                  *(Alarm(texts("handling.duplicate"), twin_words(twin, texts), "doubt", twin) for twin in twins)]
        told, tone = days_told(view.days, texts)
        whole = view.days.used + view.days.left if view.days.left is not None else None
        return cls(
            "; ".join(view.has_it) or texts("handling.nobody"),
            texts("handling.since", when=texts.moment(view.since)) if view.since else "", told, tone,
            view.days.used, whole, tuple(alarms), tuple(each for each in sections_of(view, texts) if each.lines))


def twin_words(twin: TwinView, texts: Texts) -> str:
    what = f"{twin.type_name} {twin.number_and_symbol}: {twin.subject}"
    if twin.arrival_number is None:
        return texts("twin.told_waiting", what=what, issuer=twin.issuer_name)
    return texts("twin.told", number=twin.arrival_number, date=texts.date(twin.arrival_date), what=what,
                 issuer=twin.issuer_name)


def recall_alarm(recall: RecallView, texts: Texts) -> Iterable[Alarm]:
    told = texts("handling.recalled_more", name=recall.by_name, when=texts.moment(recall.at), reason=recall.reason)
    notice = texts("handling.recalled_notice", notice=recall.notice) if recall.notice else ""
    yield Alarm(texts("handling.recalled"), f"{told} {notice}".strip(), "bad")


def days_told(days: DaysView, texts: Texts) -> tuple[str, str | None]:
    """Days used and days left side by side."""
    if days.ended is not None:
        return texts("handling.days_ended", used=days.used), None
    used, due = texts("handling.days_used", used=days.used), texts.date(days.due_date)
    if days.left is None:
        return f"{used} · {texts('handling.no_limit')}", None
    if days.left < 0:
        return f"{used} · {texts('handling.days_late', left=-days.left, date=due)}", "bad"
    if days.left == 0:
        return f"{used} · {texts('handling.days_today', date=due)}", "bad"
    return f"{used} · {texts('handling.days_left', left=days.left, date=due)}", "doubt" if days.left <= 3 else "good"


def sections_of(view: HandlingView, texts: Texts) -> Iterable[Section]:
    lines: list[Line] = []
    for level in view.levels:
        for step in level.steps:
            lines += step_lines(step, level.depth, texts)
    yield Section(texts("handling.directions"), tuple(lines))
    yield Section(texts("handling.remarks"), tuple(
        Line(each.depth, texts("handling.asks", name=each.by_name, asked=each.asked_name) if each.asked_name
             else each.by_name, texts.moment(each.at), each.words, answers=each.id) for each in view.remarks))
    yield Section(texts("handling.progress"), tuple(
        Line(0, f"{each.by_name}: {texts('handling.percent', percent=each.percent)}" if each.percent is not None
             else each.by_name, texts.moment(each.at), each.words) for each in reversed(view.progress)))
    yield Section(texts("handling.requests"), tuple(request_line(each, texts) for each in reversed(view.requests)))
    yield Section(texts("handling.closings"), tuple(closing_line(each, texts) for each in reversed(view.closings)))
    yield Section(texts("handling.paper"), tuple(paper_line(view.paper, texts)) if view.paper else ())
    yield Section(texts("handling.presentations"), tuple(
        presented_line(each, texts) for each in reversed(view.presentations)))
    earlier: list[Line] = []
    for step in reversed(view.ended):
        earlier += step_lines(step, 0, texts)
    yield Section(texts("handling.before"), tuple(earlier))


def step_lines(step: DirectionStep, depth: int, texts: Texts) -> Iterable[Line]:
    """Who asked, then everybody asked, set in by one."""
    heads = {Origin.PASS_ON: "handling.passed_on", Origin.ADDED: "handling.added", Origin.FORWARD: "handling.forwarded"}
    if step.origin is Origin.RULE:
        head = texts("handling.by_rule_basis", basis=step.rule_basis) if step.rule_basis else texts("handling.by_rule")
    else:
        head = texts(heads[step.origin], name=step.by_name) if step.origin in heads else step.by_name
    due = texts("handling.due", date=texts.date(step.due_date)) if step.due_date else ""
    yield Line(depth, head, " · ".join(part for part in (texts.moment(step.at), due) if part), step.words)
    for share in step.shares:
        yield Line(depth + 1, f"{texts(f'handler_role.{share.role}')}: {name_of(share)}", share_state(share, texts),
                   share.ended_why, "news" if share.has_it else None)


def name_of(share: ShareView) -> str:
    return f"{share.unit_name} ({share.name})" if share.unit_name else share.name


def share_state(share: ShareView, texts: Texts) -> str:
    if share.ended_at:
        return texts("handling.ended", when=texts.moment(share.ended_at))
    if share.finished_at:
        state = texts("handling.finished", when=texts.moment(share.finished_at))
    elif share.accepted_at:
        state = texts("handling.accepted", when=texts.moment(share.accepted_at))
    elif share.opened_at:
        state = texts("handling.opened", when=texts.moment(share.opened_at))
    else:
        state = texts("handling.unopened")
    parts = [texts("handling.has_it_now") if share.has_it else "", state,
             texts("handling.due", date=texts.date(share.limit)) if share.limit else ""]
    return " · ".join(part for part in parts if part)


def request_line(request: RequestView, texts: Texts) -> Line:
    head = texts("handling.request", name=request.by_name, date=texts.date(request.due_date))
    if request.granted is None:
        return Line(0, head, f"{texts.moment(request.at)} · {texts('handling.request_open', asked=request.asked_name)}",
                    request.reason, "doubt")
    answer = texts("handling.request_granted" if request.granted else "handling.request_refused")
    return Line(0, head, f"{texts.moment(request.at)} · {request.asked_name}: {answer}", request.reason)


def closing_line(closing: ClosingView, texts: Texts) -> Line:
    head = texts(f"handling.closed_{closing.kind}", name=closing.by_name)
    if closing.reopened_at is None:
        return Line(0, head, texts.moment(closing.at), closing.words)
    again = texts("handling.reopened", name=closing.reopened_name, when=texts.moment(closing.reopened_at))
    return Line(0, head, f"{texts.moment(closing.at)} · {again}",
                " — ".join(part for part in (closing.words, closing.reopened_why) if part))


def presented_line(presented: PresentationView, texts: Texts) -> Line:
    head = texts("handling.presented", by=presented.by_name, leader=presented.leader_name)
    if presented.taken_back_at:
        more = texts("handling.taken_back", when=texts.moment(presented.taken_back_at))
    elif presented.opened_at:
        more = texts("handling.opened", when=texts.moment(presented.opened_at))
    else:
        more = texts("handling.unopened")
    return Line(0, head, f"{texts.moment(presented.at)} · {more}")


def paper_line(paper: PaperView, texts: Texts) -> Iterable[Line]:
    if paper.handed_at is not None:
        head = texts("handling.paper_handed", name=paper.handed_to_name, when=texts.moment(paper.handed_at))
    else:
        head = texts("handling.paper_here", when=texts.moment(paper.received_at))
    yield Line(0, head, "", paper.note)
