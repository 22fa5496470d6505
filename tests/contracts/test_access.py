"""A walk over the registry: every command × every role × somebody concerned or a stranger.

Whatever is not offered must not succeed, and whatever is offered must not be refused for who asks or when.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import date
from typing import Any, get_origin, get_type_hints

from docclient.errors import Trouble
from docclient.office.door import Command, Office
from docclient.office.errors import NotFound, NotNow, NotYours
from docclient.office.model import Digest, DocumentId, Handler, today
from docclient.office.queries.document_page import OffersOn
from docclient.office.registry import Rule, registry
from tests.offices import ACCOUNTS, OfficeToTest

NEEDS_ANOTHER_STAGE = {"RegisterPaper", "SealOutgoing", "GiveOpinion", "EndOpinions", "RemoveAnnexes", "SealAnnex",
                       "IssueAllTheSame", "CopyOfCopy", "SignCopy", "ReadIssued", "PassOn", "Reopen",
                       "RefuseExtension", "HandOverPaper", "AddToCaseFile", "RemoveFromCaseFile", "UnfreezeDocument",
                       "ClearSecretAlarm"}
"""Offered in states that no document of this walk is in; other tests give them."""

STAGES = ("received", "unpresented", "registered", "directed_to_head", "directed", "more_time_asked", "finished",
          "drafted", "submitted", "content_checked", "queued", "signed", "sealed", "issued")


def test_only_what_is_offered_succeeds(sqlite_office: OfficeToTest):
    office = sqlite_office
    documents: dict[DocumentId, str] = {}
    for number, stage in enumerate(STAGES):
        view = getattr(office, stage)(str(number))
        documents[view.document.id] = stage
        documents.update({link.document: f"{stage}, answered" for link in view.links})
    rules = [each for each in registry().rules.values() if each.about_a_document]
    assert len(rules) > 15
    tried, given = 0, set[str]()
    for slug in ACCOUNTS:
        door = office.door(slug)
        for document, stage in documents.items():
            offered = offers(office, slug, document)
            version = office.view("clerk", document).document.version
            for rule in rules:
                if rule.name not in offered:
                    refused = refusal(door, rule, document, version)
                    told = f"{slug}: {rule.name} on a document that is {stage}: {refused!r}"
                    assert isinstance(refused, NotYours | NotNow | NotFound), told
                    tried += 1
                else:
                    given.add(rule.name)
    assert tried > 1_000
    assert {each.name for each in rules} - given <= NEEDS_ANOTHER_STAGE


def offers(office: OfficeToTest, slug: str, document: DocumentId) -> set[str]:
    try:
        return {each.command for each in office.door(slug).ask(OffersOn(document))}
    except NotFound:
        return set()


def refusal(door: Office, rule: Rule, document: DocumentId, version: int) -> Trouble | None:
    """What the door itself answers to a command that was not offered. An offered one is not given: the rest of the
    walk needs the document as it is; that it may be given is what the offer says."""
    try:
        door.do(dummy(door, rule, document, version))
    except Trouble as refused:
        return refused
    return None


def dummy(door: Office, rule: Rule, document: DocumentId, version: int) -> Command:
    """A command with something in every field that needs it."""
    hints = get_type_hints(rule.command)
    values: dict[str, Any] = {"document": document, "version": version}
    for field in fields(rule.command):
        if field.name not in values and field.default is MISSING and field.default_factory is MISSING:
            values[field.name] = value_for(door, hints[field.name])
    return rule.command(**values)


def value_for(door: Office, hint: Any) -> Any:
    if hint is Digest:
        return door.put(b"some file")
    if hint is date:
        return today()
    if hint is Handler:
        return Handler("person", door.me.person)
    return ("H99",) if get_origin(hint) is tuple else str(door.me.person)
