"""The words of a digitised letter, those read with doubt and any other; putting them right beneath its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docclient.capture.fields.slips import plain
from docclient.capture.hidden_text import Place, ReadWord, correct, read_words, without_signs
from docclient.desk.workplace import fetch_file, put_file, workplace
from docclient.office.commands.paper_words import MOST_LEARNED, CorrectWords, LearnedWord, may_be_learned
from docclient.office.door import Office, Receipt
from docclient.office.errors import NotFound
from docclient.office.model import Digest, DocumentId
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.office.queries.senders_read import SendersRead

NEVER_LEARNED = ("code_number", "code_notation", "issued_date")


@dataclass(frozen=True, slots=True)
class WordToLook:
    """A word of a letter. proposal: how a person put the same word right on an earlier letter of this sender; else as
    it was read. fixed: it stands where a number, a symbol or a date does: it may be put right, and teaches nothing."""

    word: ReadWord
    proposal: str
    fixed: bool


def words_to_look(office: Office, view: DocumentView) -> tuple[WordToLook, ...]:
    """As `words_of`, those alone that are doubted."""
    return tuple(each for each in words_of(office, view) if each.word.doubted)


def words_of(office: Office, view: DocumentView) -> tuple[WordToLook, ...]:
    """In reading order; none for a letter made of a PDF's own letters. Raises: what the office and the reader raise."""
    main = view.main_file()
    if main is None:
        return ()
    wanted = plain(view.document.issuer_name or "")
    known = next((dict(each.words) for each in office.ask(SendersRead()) if plain(each.name) == wanted), {})
    with workplace() as folder:
        found = read_words(fetch_file(office, main.current.digest, folder / "paper.pdf"), known)
    places = fixed_places(view.proposed_fields or {})
    return tuple(WordToLook(each, proposed(each.text, known), stands_in(each, places)) for each in found)


def proposed(text: str, known: Mapping[str, str]) -> str:
    """The word as it was read, or as it was put right before, with the signs around it."""
    word = without_signs(text)
    return text.replace(word, known[word], 1) if word in known else text


def correct_words(office: Office, document: DocumentId, version: int, words: Sequence[WordToLook],
                  said: Mapping[Place, str]) -> Receipt:
    """Put these under the letter's pages and keep what its sender's next letter can use.

    Args:
        said: by place, the word as the person sees it; as it was read where it was right; empty where none is.
    Raises: NotFound, what the office raises; DiskFull.
    """
    main = office.ask(DocumentPage(document)).main_file()
    if main is None:
        raise NotFound(what="file", id=document)
    with workplace() as folder:
        source, target = fetch_file(office, main.current.digest, folder / "paper.pdf"), folder / "corrected.pdf"
        correct(source, target, said)
        corrected: Digest = put_file(office, target)
    return office.do(CorrectWords(document, version, corrected, learned_from(words, said)),
                     key=f"paper-words:{document}:{corrected}")


def learned_from(words: Sequence[WordToLook], said: Mapping[Place, str]) -> tuple[LearnedWord, ...]:
    """Pairs of the bare words, without the signs around them; of the same reading put right in two ways, none."""
    found: dict[str, set[str]] = {}
    for each in words:
        if each.fixed or each.word.place not in said:
            continue
        read, meant = without_signs(each.word.text), without_signs(said[each.word.place])
        if may_be_learned(read, meant):
            found.setdefault(read, set()).add(meant)
    return tuple(LearnedWord(read, *meant) for read, meant in found.items() if len(meant) == 1)[:MOST_LEARNED]


def fixed_places(fields: Mapping[str, Any]) -> list[tuple[int, tuple[float, ...]]]:
    """Where the number, the symbol and the date stand: (page, box in millimetres)."""
    read = [fields.get(name) for name in NEVER_LEARNED]
    return [(each["page"], tuple(each["box_mm"])) for each in read
            if isinstance(each, Mapping) and each.get("box_mm") and each.get("page")]


def stands_in(word: ReadWord, places: Sequence[tuple[int, tuple[float, ...]]]) -> bool:
    left, top, right, bottom = word.box_mm
    return any(word.place[0] == page and left < box[2] and right > box[0] and top < box[3] and bottom > box[1]
               for page, box in places)
