"""A walk over the registry: every command × every role × somebody concerned or a stranger.

Whatever is not offered must not succeed, and whatever is offered must not be refused for who asks or when.
"""

from __future__ import annotations

from docclient.errors import NotAllowed, Trouble
from docclient.office.errors import NotFound, NotNow, NotYours
from docclient.office.model import DocumentId
from docclient.office.queries.document_page import OffersOn
from docclient.office.registry import registry
from tests.offices import ACCOUNTS, OfficeToTest

STAGES = ("received", "registered", "directed", "drafted", "queued", "signed", "sealed", "issued")


def test_only_what_is_offered_succeeds(sqlite_office: OfficeToTest):
    office = sqlite_office
    documents: dict[DocumentId, str] = {}
    for number, stage in enumerate(STAGES):
        view = getattr(office, stage)(str(number))
        documents[view.document.id] = stage
        documents.update({link.document: f"{stage}, answered" for link in view.links})
    rules = [each for each in registry().rules.values() if each.about_a_document]
    assert len(rules) > 15
    for slug in ACCOUNTS:
        door = office.door(slug)
        for document, stage in documents.items():
            offered = offers(office, slug, document)
            version = office.view("clerk", document).document.version
            for rule in rules:
                refused = refusal(door, rule, document, version)
                told = f"{slug}: {rule.name} on a document that is {stage}: {refused!r}"
                if rule.name in offered:
                    assert not isinstance(refused, NotYours | NotNow | NotFound), told
                else:
                    assert isinstance(refused, NotYours | NotNow | NotFound), told


def offers(office: OfficeToTest, slug: str, document: DocumentId) -> set[str]:
    try:
        return {each.command for each in office.door(slug).ask(OffersOn(document))}
    except NotFound:
        return set()


def refusal(door, rule, document: DocumentId, version: int) -> Trouble | None:
    """What stops the command before it is carried out; None when it would be. Nothing is changed."""
    from docclient.office.engine import Given

    class Shell:
        """As much of the command as the door looks at."""

        def __init__(self) -> None:
            self.document, self.version = document, version

    if rule.by and not rule.by & door.me.roles:
        return NotYours(command=rule.name)
    try:
        with door.engine.reading() as work:
            Given(rule, Shell(), "k").check(work, door.me, lock=False)      # type: ignore[arg-type]
    except NotAllowed as refused:
        return refused
    except NotFound as refused:
        return refused
    return None
