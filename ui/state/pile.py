"""A pile of scanned pages as the screen shows it: one card a page, what is wrong with it, what can be done. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from docclient.capture.arranging import Arrangement, Aside, Leaf
from docclient.capture.looking import PageLook, bad_pages, small_picture
from docclient.capture.sources.model import Refused
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class PageCard:
    """One page. title: its number, or why it stands aside. letter: the heading above the first page of a letter, where
    the pile holds several. notes: what was seen, the worst first. place: among the pages, None for one aside."""

    name: str
    title: str
    letter: str
    tone: str
    notes: tuple[str, ...]
    place: int | None
    turn: int
    picture: Path
    bad: bool
    label: str = ""

    @property
    def spoken(self) -> str:
        return ". ".join(part for part in (self.letter, self.title, *self.notes) if part)


@dataclass(frozen=True, slots=True)
class PileShown:
    """tone, summary: of the whole pile. refused: one sentence for each file that was not taken."""

    cards: tuple[PageCard, ...]
    headline: str
    tone: str
    summary: str
    bad: tuple[str, ...]
    refused: tuple[str, ...]
    can_undo: bool
    can_redo: bool
    plain: bool
    """Nothing here needs a person's eye: one letter, no fault, nothing aside."""

    @classmethod
    def of(cls, folder: Path, arrangement: Arrangement, looks: Mapping[str, PageLook], texts: Texts, *,
           refused: Sequence[Refused] = (), can_undo: bool = False, can_redo: bool = False) -> Self:
        letters = arrangement.documents()
        cards, place = [], 0
        for number, leaves in enumerate(letters, 1):
            for within, leaf in enumerate(leaves, 1):
                heading = texts("pile.letter", number=number, pages=len(leaves)) if within == 1 and len(letters) > 1 \
                    else ""
                cards.append(_card(folder, leaf, looks.get(leaf.name), texts("pile.page", number=within), heading,
                                   place, texts))
                place += 1
        for leaf, why in arrangement.aside:
            cards.append(_aside(folder, leaf, why, looks.get(leaf.name), texts))
        bad, aside = tuple(bad_pages(arrangement, looks)), len(arrangement.aside)
        told = tuple(texts("pile.refused", file=each.file, sentence=texts.trouble(each.trouble).sentence)
                     for each in refused)
        waiting = len(arrangement.leaves) - sum(leaf.name in looks for leaf in arrangement.leaves)
        if waiting:
            tone, summary = "quiet", texts("pile.looking", count=waiting)
        elif bad:
            tone, summary = "doubt", texts("pile.bad", count=len(bad))
        elif aside:
            tone, summary = "news", texts("pile.aside", count=aside)
        else:
            tone, summary = "good", texts("pile.good")
        return cls(tuple(cards), texts("pile.headline", pages=len(arrangement.leaves), letters=len(letters)), tone,
                   summary, bad, told, can_undo, can_redo,
                   not (bad or aside or told or waiting or len(letters) > 1
                        or any(card.label for card in cards)))


def _card(folder: Path, leaf: Leaf, look: PageLook | None, title: str, letter: str, place: int,
          texts: Texts) -> PageCard:
    notes = _notes(look, texts)
    tone = "quiet" if look is None else "doubt" if look.bad else "good" if not notes else "quiet"
    return PageCard(leaf.name, title, letter, tone, notes, place, leaf.turn, small_picture(folder / leaf.name),
                    look is not None and bool(look.bad), (look.document or "") if look is not None else "")


def _aside(folder: Path, leaf: Leaf, why: Aside, look: PageLook | None, texts: Texts) -> PageCard:
    return PageCard(leaf.name, texts("pile.set_aside", why=texts(f"page_aside.{why.value}")), "", "quiet", (), None,
                    leaf.turn, small_picture(folder / leaf.name), False)


def _notes(look: PageLook | None, texts: Texts) -> tuple[str, ...]:
    if look is None:
        return ()
    told = [texts(code) for code in (*look.bad, *(code for code in look.warnings if code not in look.bad))]
    if look.trouble:
        told = [texts("pile.unreadable")]
    if look.blank:
        told.append(texts("page_aside.blank"))
    if look.pages > 1:
        told.append(texts("pile.whole", pages=look.pages))
    if look.document:
        told.append(texts("pile.labelled"))
    return tuple(told)
