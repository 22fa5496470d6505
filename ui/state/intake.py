"""What was read from a sheet of paper, put before the clerk: the doubtful first, each with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from docclient.office.door import Ask
from ui.state.outlines import Outline
from ui.texts import Texts

SURE = 0.97         # shown as certain: docclient.capture.fields.SURE, on which docs/reading-score.md is counted
LIKELY = 0.6

# what the page calls it → what the register's form calls it
FORM_NAME = {"organ_name": "issuer_name"}

LOOKED_FOR = frozenset({"code_number", "code_notation"})
"""Only letters of citizens bear none: where none was read, somebody looks at the page, and may leave it empty."""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beneath a field: a tone's name and a sentence. alternatives: other readings, the likelier first."""

    tone: str
    words: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """asks: the office's own, doubtful first. notes, outlines: by the form's field name."""

    asks: tuple[Ask, ...]
    notes: Mapping[str, Note]
    outlines: tuple[Outline, ...]
    doubtful: tuple[str, ...]

    @classmethod
    def of(cls, asks: Sequence[Ask], proposed: Mapping[str, Any] | None, texts: Texts,
           said: Mapping[str, Any] | None = None) -> Self:
        """Order the office's questions by how doubtful the page's answer is; what the page cannot know comes last.

        said: what the person typed or looked at already, by the form's field name: it stands, and is no longer doubted.
        """
        said = said or {}
        read = {FORM_NAME.get(name, name): field for name, field in (proposed or {}).items()
                if isinstance(field, Mapping)}
        notes: dict[str, Note] = {}
        outlines: list[Outline] = []
        for ask in asks:
            field = read.get(ask.name)
            if field is None or (not ask.required and ask.name not in LOOKED_FOR and not field.get("value")):
                continue        # what need not be there and was not seen is no cause for alarm
            notes[ask.name] = note_of(field, texts) if ask.name not in said else Note("good", texts("certainty.seen"))
            box, page = field.get("box_mm"), field.get("page")
            if box and page:
                label = texts.or_else(f"field.{ask.name}", ask.name)
                outlines.append(Outline.from_mm(int(page), tuple(box), notes[ask.name].tone, label, ask.name))
        doubtful = tuple(sorted((name for name, note in notes.items() if note.tone != "good"),
                                key=lambda name: certainty_of(read[name])))
        by_name = {ask.name: ask for ask in asks}
        ordered = (*(by_name[name] for name in doubtful),
                   *(ask for ask in asks if ask.name not in doubtful and ask.name in notes),
                   *(ask for ask in asks if ask.name not in notes))
        filled = (replace(ask, default=said[ask.name]) if ask.name in said else with_default(ask, read.get(ask.name))
                  for ask in ordered)
        return cls(tuple(filled), notes, tuple(outlines), doubtful)


def certainty_of(field: Mapping[str, Any]) -> float:
    """0 for what was not read at all."""
    return float(field.get("certainty") or 0.0) if field.get("value") else 0.0


def note_of(field: Mapping[str, Any], texts: Texts) -> Note:
    certainty, others = certainty_of(field), tuple(str(other) for other in field.get("alternatives") or ())
    percent = int(certainty * 100)          # never rounded up: 99.7 % sure is not 100 %
    if certainty >= SURE:
        return Note("good", texts("certainty.sure", percent=percent), others)
    if certainty >= LIKELY:
        return Note("doubt", texts("certainty.likely", percent=percent), others)
    if certainty > 0:
        return Note("bad", texts("certainty.doubtful", percent=percent), others)
    return Note("bad", texts("certainty.unread"), others)


def with_default(ask: Ask, field: Mapping[str, Any] | None) -> Ask:
    """The office's own first value; the page's reading only where the office has none."""
    if field is None or ask.default not in (None, ""):
        return ask
    value = field.get("value")
    return replace(ask, default=value) if isinstance(value, str) and value else ask
