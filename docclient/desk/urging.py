"""Urging chosen persons about many documents at once: whom each waits for, then one command per document, each with its
own truth (đôn đốc)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from docclient.desk.many import MOST_AT_ONCE, ItemResult, ItemState, act_on_one, plain_offers
from docclient.errors import Trouble
from docclient.office.commands.notices import Urge
from docclient.office.door import Office
from docclient.office.model import DocumentId, PersonId, new_id
from docclient.office.queries.notices import Urgings
from docclient.words import Language


@dataclass(frozen=True, slots=True)
class Waited:
    """A person for whom a document waits. urged: how often they were urged about it already."""

    document: DocumentId
    person: PersonId
    name: str
    urged: int


def waited_for_of(office: Office, documents: Sequence[DocumentId], *, stop: threading.Event | None = None,
                  ) -> tuple[Waited, ...]:
    """Whom this person may urge about these documents, in their order; nobody for a document that they may not urge
    about. At most the first MOST_AT_ONCE documents are looked at."""
    found: list[Waited] = []
    for each in documents[:MOST_AT_ONCE]:
        if stop is not None and stop.is_set():
            break
        if not any(offer.command == Urge.__name__ for offer in plain_offers(office, each)):
            continue
        try:
            waits = office.ask(Urgings(each)).waits_for
        except Trouble:         # gone, or no longer to be seen whole
            continue
        found += [Waited(each, who.person, who.name, who.urged) for who in waits if who.person != office.me.person]
    return tuple(found)


def urge_chosen(office: Office, chosen: Iterable[Waited], words: str, *, run: str = "",
                language: Language = Language.VIETNAMESE, told: Callable[[ItemResult], None] = lambda _: None,
                stop: threading.Event | None = None) -> list[ItemResult]:
    """Urge these persons, document by document.

    Args:
        run: names this act: given again with the same name, who was urged by it already is not urged twice.
        told: hears each document's result as it comes.
    Returns: one result per document. A refusal (they wait for somebody else by now, say) stops no other.
    Raises: DiskFull and its like, ServiceTrouble; what came before was told.
    """
    run = run or new_id()
    by_document: dict[DocumentId, list[PersonId]] = {}
    for each in chosen:
        by_document.setdefault(each.document, []).append(each.person)
    results = []
    for document, persons in by_document.items():
        if stop is not None and stop.is_set():
            result = ItemResult(document, ItemState.LEFT)
        else:
            result = act_on_one(office, Urge.__name__, document, {"words": words, "persons": persons}, run, language)
        results.append(result)
        told(result)
    return results
