"""The words under a digitised letter's pages, put right by the person who has the sheet before them."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from docclient.office.beneath_pictures import must_show_the_same
from docclient.office.commands.arriving import came_on_paper
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.evidence import Evidence, examine_files
from docclient.office.model import Actor, Digest, DocumentId, Role, State, Step
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work

LEARNED = "corrected_words"
"""Beside the proposed fields: [as read, as a person saw it], of this letter."""

MOST_LEARNED, LONGEST = 500, 60


@dataclass(frozen=True, slots=True)
class LearnedWord:
    """A word as it was read, and as it stands on the paper."""

    read: str
    meant: str


@dataclass(frozen=True, slots=True)
class CorrectWords(Command):
    """Put right what was read of a digitised letter before it is registered. The new file shows the very same pictures;
    only the unseen words beneath them differ. learned: what helps to read this sender's next letter; words of letters
    only, for a number or a symbol is new on each."""

    document: DocumentId
    version: int
    corrected: Digest
    learned: tuple[LearnedWord, ...] = ()


def examine_corrected(blobs: Blobs, work: Work, c: CorrectWords) -> Evidence:
    newest = work.latest(c.document)
    if newest is None:
        raise FieldWrong("document", Why.NO_FILE)
    must_show_the_same(blobs.path(Digest(newest["digest"])), blobs.path(c.corrected))
    return examine_files(blobs, work, [c.corrected])


@rule(CorrectWords, by=Role.CLERK, in_states={State.WAITING_RECEIPT}, when=came_on_paper, offered=False,
      hidden={"corrected", "learned"}, examine=examine_corrected)
def correct_words(work: Work, me: Actor, c: CorrectWords, evidence: Evidence) -> Receipt:
    file = work.main_file(c.document)
    if file is None:
        raise FieldWrong("document", Why.NO_FILE)
    if len(c.learned) > MOST_LEARNED:
        raise FieldWrong("learned", Why.TOO_MANY)
    work.add_version(file, c.corrected, Step.TEXT_CORRECTED, me.person, "application/pdf")
    evidence.keep(work, c.document, me.person)
    learn(work, c.document, c.learned)
    return receipt_for(work, c, work.change(work.document(c.document)))


def learn(work: Work, document: DocumentId, words: tuple[LearnedWord, ...]) -> None:
    """Keep them beside what was read of this letter."""
    found = [[each.read, each.meant] for each in words if may_be_learned(each.read, each.meant)]
    if not found:
        return
    table = tables.proposal
    said = work.connection.scalar(select(table.c.fields).where(table.c.document == document))
    fields = json.loads(said) if said else {}
    fields[LEARNED] = [*fields.get(LEARNED, []), *found]
    content = json.dumps(fields, ensure_ascii=False)
    if said is None:
        work.connection.execute(insert(table).values(document=document, fields=content))
    else:
        work.connection.execute(update(table).where(table.c.document == document).values(fields=content))


def may_be_learned(read: str, meant: str) -> bool:
    """Words with a letter or a mark wrong. Whatever has a digit or a sign in it is not; nor are capitals that make no
    syllable, for symbols are made of such abbreviations (UBND, HĐND)."""
    return (read != meant and all(2 <= len(text) <= LONGEST and text.isalpha() for text in (read, meant))
            and (not meant.isupper() or SYLLABLE.fullmatch(bare(meant)) is not None))


SYLLABLE = re.compile("[^AEIOUY]{0,3}[AEIOUY]{1,3}[^AEIOUY]{0,2}")
"""A Vietnamese syllable in capitals without marks."""


def bare(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
