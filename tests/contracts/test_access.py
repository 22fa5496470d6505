"""A walk over the registry: every command × every role × somebody concerned or a stranger.

Whatever is not offered must not succeed, and whatever is offered must not be refused for who asks or when.
"""

from __future__ import annotations

import functools
from dataclasses import MISSING, fields
from datetime import date
from enum import Enum
from typing import Any, get_origin, get_type_hints

import pytest

from docclient.errors import Trouble
from docclient.office.door import Command, Office
from docclient.office.errors import NotFound, NotNow, NotYours
from docclient.office.model import Digest, DocumentId, Handler, today
from docclient.office.queries.document_page import OffersOn
from docclient.office.registry import Rule, registry
from tests.offices import ACCOUNTS, OfficeToTest, Snapshots

NEEDS_ANOTHER_STAGE = {"RegisterPaper", "CorrectWords", "SealOutgoing", "GiveOpinion", "EndOpinions", "RemoveAnnexes",
                       "SealAnnex", "IssueAllTheSame", "CopyOfCopy", "SignCopy", "ReadIssued", "PassOn", "Reopen",
                       "RefuseExtension", "HandOverPaper", "AddToCaseFile", "RemoveFromCaseFile", "UnfreezeDocument",
                       "ClearSecretAlarm", "AgreeToChange", "RefuseChange", "SendAgain", "SetAside", "UrgeRecipient"}
"""Offered in states that no document of this walk is in; other tests give them."""

STAGES = ("received", "unpresented", "registered", "directed_to_head", "directed", "more_time_asked", "finished",
          "drafted", "submitted", "content_checked", "queued", "signed", "sealed", "issued")


@pytest.mark.parametrize("stage", STAGES)
def test_only_what_is_offered_succeeds(sqlite_office: OfficeToTest, stage: str):
    """Each stage in an office of its own: every person tries every command on every document there."""
    rules = about_documents()
    tried = 0
    for document, what in documents_at(sqlite_office, stage).items():
        version = sqlite_office.view("clerk", document).document.version
        for slug in ACCOUNTS:
            door = sqlite_office.door(slug)
            offered = offers(sqlite_office, slug, document)
            for rule in rules:
                if rule.name not in offered:
                    refused = refusal(door, rule, document, version)
                    told = f"{slug}: {rule.name} on a document that is {what}: {refused!r}"
                    assert isinstance(refused, NotYours | NotNow | NotFound), told
                    tried += 1
    assert tried > 300


def test_every_command_is_offered_at_some_stage(snapshots: Snapshots):
    given = set[str]()
    for stage in STAGES:
        office = snapshots.make("sqlite")
        given.update(*(offers(office, slug, document) for document in documents_at(office, stage)
                       for slug in ACCOUNTS))
        snapshots.drop(office)
    assert {each.name for each in about_documents()} - given <= NEEDS_ANOTHER_STAGE


def about_documents() -> list[Rule]:
    rules = [each for each in registry().rules.values() if each.about_a_document]
    assert len(rules) > 60
    return rules


def documents_at(office: OfficeToTest, stage: str) -> dict[DocumentId, str]:
    """A document that is this far, and those that it answers; each with what it is. An answered letter stays as it is
    between the first draft of the answer and its issue."""
    view = getattr(office, stage)()
    answered = view.links if stage in {"drafted", "issued"} else ()
    return {view.document.id: stage, **{link.document: f"{stage}, answered" for link in answered}}


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
    hints = hints_of(rule.command)
    values: dict[str, Any] = {"document": document, "version": version}
    for field in fields(rule.command):
        if field.name not in values and field.default is MISSING and field.default_factory is MISSING:
            values[field.name] = value_for(door, hints[field.name])
    return rule.command(**values)


hints_of = functools.cache(get_type_hints)
put_once = functools.lru_cache(maxsize=1)(lambda door: door.put(b"some file"))


def value_for(door: Office, hint: Any) -> Any:
    if hint is Digest:
        return put_once(door)
    if hint is date:
        return today()
    if hint is Handler:
        return Handler("person", door.me.person)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if hint == tuple[Handler, ...]:
        return (Handler("person", door.me.person),)
    return ("H99",) if get_origin(hint) is tuple else str(door.me.person)
