"""What may be done with a document now, from the rules alone."""

from __future__ import annotations

from docclient.office.door import Offer
from docclient.office.model import Actor, Document
from docclient.office.registry import asks_of, registry
from docclient.store.work import Work


def offers_on(work: Work, me: Actor, document: Document) -> tuple[Offer, ...]:
    """Every command this person may give on the document in its present state, most usual first."""
    found = []
    for each in registry().rules.values():
        if document.state not in each.states or (each.by and not each.by & me.roles):
            continue
        if each.when is not None and not each.when(work, me, document):
            continue
        defaults = each.prefill(work, me, document) if each.prefill else {}
        found.append(Offer(each.name, document.id, document.version, each.act, asks_of(each, defaults), each.order,
                           each.negative))
    return tuple(sorted(found, key=lambda offer: (offer.order, offer.command)))
