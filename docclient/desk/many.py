"""One act on many documents: what they have in common to be offered, then one command after the other, each with its
own truth. Nothing is told as done before the office has answered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from docclient.desk.drafting import Progress, silent
from docclient.errors import PlaceTrouble, ServiceTrouble, Trouble
from docclient.office.door import Act, Ask, AskKind, Offer, Office
from docclient.office.errors import NotNow
from docclient.office.model import DocumentId, new_id
from docclient.office.queries.document_page import OffersOn
from docclient.office.registry import from_json, rule_for
from docclient.words import Language, words_of

MOST_AT_ONCE = 1_000

OWN_FACTS = frozenset({"subject", "code_number", "code_notation", "issued_date", "issuer_name", "type_name"})
"""Facts that each document has for itself: what the offer proposes for it is given, nobody is asked for all of them."""


class ItemState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    LEFT = "left"              # stopped before it was its turn


@dataclass(frozen=True, slots=True)
class ItemResult:
    """One document's truth. number: that the act gave out. why: of a refusal, in the language asked for."""

    document: DocumentId
    state: ItemState
    number: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class CommonOffer:
    """An act that may be given on `documents` (all or some of those looked at). asks: what a person is asked for once;
    the rest comes from each document's own offer."""

    command: str
    asks: tuple[Ask, ...]
    documents: tuple[DocumentId, ...]
    order: int
    negative: bool

    @property
    def title(self) -> str:
        return f"offer.{self.command}"


def offers_of_many(office: Office, documents: Sequence[DocumentId], *, stop: threading.Event | None = None,
                   ) -> tuple[CommonOffer, ...]:
    """The acts that may be given on at least two of these documents, those for most of them first, refusals last. Acts
    that need a key or a file of their own are not among them: signing and sealing many have rounds of their own."""
    found: dict[str, list[Offer]] = {}
    for each in documents[:MOST_AT_ONCE]:
        if stop is not None and stop.is_set():
            break
        for offer in plain_offers(office, each):
            found.setdefault(offer.command, []).append(offer)
    common = [CommonOffer(name, asked_once(offers), tuple(each.document for each in offers), offers[0].order,
                          offers[0].negative)
              for name, offers in found.items() if len(offers) > 1 or len(documents) == 1]
    return tuple(sorted(common, key=lambda each: (each.negative, -len(each.documents), each.order, each.command)))


def plain_offers(office: Office, document: DocumentId) -> list[Offer]:
    try:
        offers = office.ask(OffersOn(document))
    except Trouble:             # gone, or no longer to be seen
        return []
    return [each for each in offers if each.act is Act.FORM and not each.acting_for]


def asked_once(offers: Sequence[Offer]) -> tuple[Ask, ...]:
    """The fields to ask for: a default is shown only where all documents propose the same."""
    first = offers[0]
    asks = []
    for place, ask in enumerate(first.fields):
        if ask.name in OWN_FACTS or ask.kind is AskKind.PDF:       # a file belongs to one document
            continue
        alike = all(len(each.fields) > place and each.fields[place].default == ask.default for each in offers)
        asks.append(ask if alike else replace(ask, default=None))
    return tuple(asks)


def act_on_many(office: Office, command: str, documents: Sequence[DocumentId], fields: Mapping[str, Any], *,
                run: str = "", language: Language = Language.VIETNAMESE, progress: Progress = silent,
                told: Callable[[ItemResult], None] = lambda _: None, stop: threading.Event | None = None,
                ) -> list[ItemResult]:
    """Give a command on each document in turn, with its own version and facts and these fields.

    Args:
        fields: JSON-ready, what was asked once; they come before what an offer proposes.
        run: names this act: given again with the same name, what is done already is not done twice.
        told: hears each result as it comes.
    Returns: one result per document, in their order. A refusal stops no other document.
    Raises: DiskFull and its like, ServiceTrouble; what came before was told.
    """
    run = run or new_id()
    results: list[ItemResult] = []
    for each in documents:
        if stop is not None and stop.is_set():
            result = ItemResult(each, ItemState.LEFT)
        else:
            progress(len(results), len(documents))
            result = act_on_one(office, command, each, fields, run, language)
        results.append(result)
        told(result)
    progress(sum(each.state is not ItemState.LEFT for each in results), len(documents))
    return results


def act_on_one(office: Office, command: str, document: DocumentId, fields: Mapping[str, Any], run: str,
               language: Language) -> ItemResult:
    try:
        offer = next((each for each in office.ask(OffersOn(document)) if each.command == command), None)
        if offer is None:
            raise NotNow(command=command, state="")
        given = {ask.name: ask.default for ask in offer.fields if ask.default is not None}
        given.update({name: value for name, value in fields.items() if name not in OWN_FACTS or name not in given})
        receipt = office.do(from_json(rule_for(command).command,
                                      {**given, "document": document, "version": offer.version}),
                            key=f"many:{run}:{command}:{document}:{offer.version}")
    except (PlaceTrouble, ServiceTrouble):
        raise
    except Trouble as trouble:
        return ItemResult(document, ItemState.REFUSED, why=words_of(trouble, language).sentence)
    return ItemResult(document, ItemState.DONE, receipt.number or "")
