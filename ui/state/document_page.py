"""What a document's page shows, from the office's own view of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from docclient.desk.stamping import SEALED
from docclient.office.commands.stamping import STAMPABLE
from docclient.office.door import Act
from docclient.office.model import Digest, Document, DocumentId, FileKind, Flow, Urgency
from docclient.office.queries.document_page import (
    DeliveryView,
    DocumentFile,
    DocumentView,
    FileVersion,
    LinkView,
    TimelineEntry,
)
from docclient.office.queries.stamps import is_due, lowest_level
from signing.levels import Level
from ui.state.dates import Deadline
from ui.state.offers import OfferButton, buttons_of
from ui.state.rows import numbered
from ui.state.signatures import CheckShown, PanelShown, SignatureShown, panel_of, verdict_of_answer
from ui.state.timeline import Moment
from ui.state.verdicts import VerdictShown
from ui.texts import Texts

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it. tone: for what must be noticed."""

    label: str
    value: str
    tone: str | None = None


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file that can be chosen for viewing. digest: of its newest version."""

    id: str
    name: str
    title: str
    detail: str
    digest: Digest
    viewable: bool
    kind: FileKind


@dataclass(frozen=True, slots=True)
class LinkShown:
    document: DocumentId
    words: str


@dataclass(frozen=True, slots=True)
class DocumentShown:
    """Everything on the page; the widgets only copy it."""

    id: DocumentId
    version: int
    flow: Flow
    title: str
    subject: str
    state: str
    deadline: Deadline
    facts: tuple[Fact, ...]
    handling: tuple[Fact, ...]
    deliveries: tuple[Fact, ...]
    links: tuple[LinkShown, ...]
    files: tuple[FileShown, ...]
    verdict: VerdictShown | None
    panel: PanelShown
    verified: Digest | None         # the file that verdict and panel speak of
    moments: tuple[Moment, ...]
    buttons: tuple[OfferButton, ...]

    @property
    def signatures(self) -> tuple[SignatureShown, ...]:
        return self.panel.signatures

    def panel_with(self, checks: tuple[CheckShown, ...]) -> PanelShown:
        """The panel with the history of checks, once it is known."""
        return replace(self.panel, checks=checks)

    @property
    def first_file(self) -> FileShown | None:
        """What the viewer opens with: the document itself, else the first file that can be shown."""
        viewable = [file for file in self.files if file.viewable]
        return next((file for file in viewable if file.kind is FileKind.MAIN), viewable[0] if viewable else None)

    @classmethod
    def of(cls, view: DocumentView, today: date, texts: Texts, stamps: Level | None = None) -> Self:
        """stamps: the level that signatures of this office should have, where they are stamped."""
        document, main = view.document, view.main_file()
        current = main.current if main else None
        return cls(
            document.id, document.version, document.flow, heading(document, texts), document.subject,
            state_of(view, texts),
            Deadline.of(document.due_date, view.standing, today, texts),
            (*facts_of(view, texts), *stamp_of(view, texts, stamps)), tuple(handling_of(view, texts)),
            tuple(delivery_of(each, texts) for each in view.deliveries),
            tuple(link_of(each, texts) for each in view.links), tuple(files_of(view.files, texts)),
            verdict_of(current, texts),
            panel_of(current.report if current else None, texts, name=main.name if main else "", offers=view.offers,
                     evidence=current.evidence if current else None),
            current.digest if current and current.report is not None else None,
            tuple(moment_of(each, texts) for each in reversed(view.timeline)),
            buttons_of([offer for offer in view.offers if offer.act is not Act.RECHECK], texts))


def state_of(view: DocumentView, texts: Texts) -> str:
    """The state; that it is frozen; for whom this person would act."""
    names = dict.fromkeys(offer.acting_for_name for offer in view.offers if offer.acting_for)
    parts = (texts(f"state.{view.document.state}"), texts("acting.frozen") if view.document.frozen_at else "",
             *(texts("acting.for", name=name) for name in names))
    return " · ".join(part for part in parts if part)


def heading(document: Document, texts: Texts) -> str:
    """`Công văn 15/UBND-VP`, or the type alone while there is no number."""
    flow = texts(f"flow.{document.flow}")
    number = document.number_and_symbol if document.code_number else ""
    return f"{document.type_name} {number}".strip() or flow


def facts_of(view: DocumentView, texts: Texts) -> Iterable[Fact]:
    """Only what is known: an empty line helps nobody."""
    document = view.document
    if document.flow is Flow.INCOMING:
        if document.arrival_number is not None:
            yield Fact(texts("facts.arrival"), texts("facts.arrival_value", number=document.arrival_number,
                                                     date=texts.date(document.arrival_date)))
        yield from known(texts("facts.issuer"), document.issuer_name)
        yield from known(texts("facts.channel"), texts(f"channel.{document.channel}") if document.channel else "")
    yield from known(texts("facts.number"), numbered(document.number_and_symbol))
    yield from known(texts("facts.issued"), texts.date(document.issued_date))
    yield from known(texts("facts.type"), document.type_name)
    if document.urgency is not Urgency.NORMAL:
        yield Fact(texts("facts.urgency"), texts(f"urgency.{document.urgency.name.lower()}"), "bad")
    position, name = document.signer_position or "", document.signer_name or ""
    signer = name if position in name else ", ".join(part for part in (position, name) if part)
    yield from known(texts("facts.signer"), signer)
    yield from known(texts("facts.drafter"), view.drafter_name)
    yield from known(texts("facts.register"), view.register_title)


def stamp_of(view: DocumentView, texts: Texts, wanted: Level | None) -> Iterable[Fact]:
    """That the time-stamp of a document signed here is still to come."""
    main = view.main_file()
    if wanted is None or main is None or main.current.report is None or view.document.state not in STAMPABLE:
        return
    level = lowest_level(dict(main.current.report))
    if level is not None and is_due(level, main.current.step, wanted):
        code = "facts.stamp_due" if view.document.state in SEALED else "facts.stamp_after_seal"
        yield Fact(texts("facts.stamp"), texts(code), "doubt")


def known(label: str, value: str | None) -> Iterable[Fact]:
    if value:
        yield Fact(label, value)


def handling_of(view: DocumentView, texts: Texts) -> Iterable[Fact]:
    """The newest extension and direction first, then who leads, who helps, who is told."""
    for change in reversed(view.deadline_changes):
        before = texts.date(change.previous) if change.previous else texts("deadline.none")
        yield Fact(change.by_name, texts("facts.deadline_changed", before=before, date=texts.date(change.due_date),
                                         reason=change.reason))
    for direction in reversed(view.directions):
        said = direction.words or texts("facts.direction_without_words")
        due = texts("facts.direction_due", date=texts.date(direction.due_date)) if direction.due_date else ""
        by = texts("acting.by", name=direction.hand_name, absent=direction.by_name) if direction.hand_name \
            else direction.by_name
        yield Fact(by, " ".join(part for part in (said, due) if part))
    for handler in view.handlers:
        name = ", ".join(part for part in (handler.name, handler.unit_name) if part)
        if handler.finished_at:
            name = texts("facts.handler_finished", name=name, when=texts.moment(handler.finished_at))
        elif handler.accepted_at:
            name = texts("facts.handler_accepted", name=name, when=texts.moment(handler.accepted_at))
        yield Fact(texts(f"handler_role.{handler.role}"), name)


def delivery_of(delivery: DeliveryView, texts: Texts) -> Fact:
    """The recipient's own status where there is one; else how far the transport got."""
    if delivery.status_code:
        newest = delivery.statuses[-1] if delivery.statuses else None
        words = texts.or_else(f"delivery.{delivery.status_code}", delivery.status_code)
        if newest is not None:
            words = f"{words} ({texts.moment(newest.at)})"
        tone = {"02": "bad", "06": "good", "13": "doubt", "16": "bad"}.get(delivery.status_code)
        return Fact(delivery.agency_name, words, tone)
    return Fact(delivery.agency_name, texts(f"transport.{delivery.transport_state}"),
                "bad" if delivery.transport_state == "failed" else None)


def link_of(link: LinkView, texts: Texts) -> LinkShown:
    number = link.number_and_symbol or texts("facts.no_number")
    return LinkShown(link.document, f"{texts(f'link.{link.kind}')} {number}: {link.subject}")


def files_of(files: Iterable[DocumentFile], texts: Texts) -> Iterable[FileShown]:
    for file in files:
        newest = file.current
        detail = " · ".join((texts(f"step.{newest.step}"), newest.by_name, texts.moment(newest.at),
                             texts.size(newest.size)))
        yield FileShown(file.id, file.name, f"{texts(f'file_kind.{file.kind}')}: {file.name}", detail, newest.digest,
                        newest.media_type == PDF, file.kind)


def verdict_of(version: FileVersion | None, texts: Texts) -> VerdictShown | None:
    if version is None or version.conclusion is None:
        return None
    return verdict_of_answer({"conclusion": version.conclusion, **(version.report or {})}, texts)


def moment_of(entry: TimelineEntry, texts: Texts) -> Moment:
    tone = "bad" if entry.command.startswith(("Return", "Cancel")) or entry.command == "MarkSendFailed" else "news"
    who = texts("acting.by", name=entry.actor_name, absent=entry.acting_for_name) if entry.acting_for_name \
        else entry.actor_name
    return Moment(texts.moment(entry.at), texts.or_else(f"done.{entry.command}", entry.command), who, entry.words, tone)
