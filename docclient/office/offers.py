"""What may be done with a document now, from the rules alone."""

from __future__ import annotations

from collections.abc import Iterator

from docclient.office.door import Offer
from docclient.office.errors import NotNow, NotYours
from docclient.office.model import Actor, Document, LoginRole
from docclient.office.registry import Rule, asks_of, registry
from docclient.office.standing import covers, standing_for
from docclient.store.work import Work


def offers_on(work: Work, me: Actor, document: Document) -> tuple[Offer, ...]:
    """Every command this person may give on the document in its present state, most usual first: for themselves, and
    for whom they stand in where they may not give it themselves."""
    if me.login is LoginRole.AUDITOR:
        return ()
    found = {each.name: offer(work, me, document, each) for each in given_by(work, me, document)}
    for stand_in in me.stands_for:
        if covers(work, me, stand_in, document):
            absent = standing_for(me, stand_in)
            for each in given_by(work, absent, document):
                if each.name not in found:
                    found[each.name] = offer(work, absent, document, each)
    return tuple(sorted(found.values(), key=lambda each: (each.order, each.command)))


def given_by(work: Work, actor: Actor, document: Document) -> Iterator[Rule]:
    for each in registry().rules.values():
        if each.offered and document.state in each.states:
            try:
                each.holds(work, actor, document)
            except (NotYours, NotNow):
                continue
            yield each


def offer(work: Work, actor: Actor, document: Document, each: Rule) -> Offer:
    defaults = each.prefill(work, actor, document) if each.prefill else {}
    return Offer(each.name, document.id, document.version, each.act, asks_of(each, defaults), each.order, each.negative,
                 actor.person if actor.hand else None, actor.name if actor.hand else "")
