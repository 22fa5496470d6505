"""People, units, agencies and types as things to pick in a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from docclient.office.door import Office
from docclient.office.model import Role, today
from docclient.office.queries.calendar import CalendarOf
from docclient.office.queries.office import (
    AgencyView,
    DocumentTypes,
    People,
    PersonView,
    TypeView,
    Units,
    UnitView,
)
from docclient.office.queries.routing import IncomingRegisters, IncomingRegisterView, MyPhrases, PhraseView
from docclient.office.working_days import WorkingCalendar
from ui.state.offers import Choice, Choices
from ui.texts import Texts

PHRASES_OF = {"ReturnIncoming": "return_incoming", "ReturnDraft": "return_draft", "FinishIncoming": "finish",
              "FinishWithoutAnswer": "finish", "KeepForReference": "finish"}
"""Which phrases are usual in which form; elsewhere those of directions."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What forms pick from, read once per screen visit. agencies: none when it is read: those are found as they are
    typed (ui.recipients)."""

    people: tuple[PersonView, ...]
    units: tuple[UnitView, ...]
    agencies: tuple[AgencyView, ...]
    types: tuple[TypeView, ...]
    phrases: tuple[PhraseView, ...] = ()
    registers: tuple[IncomingRegisterView, ...] = ()
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    @classmethod
    def read(cls, office: Office) -> Directory:
        """Off the window's thread."""
        year = today().year
        return cls(office.ask(People()), office.ask(Units()), (), office.ask(DocumentTypes()), office.ask(MyPhrases()),
                   office.ask(IncomingRegisters()),
                   WorkingCalendar.of(each for n in (year, year + 1) for each in office.ask(CalendarOf(n))))

    def choices(self, command: str = "", texts: Texts | None = None) -> Choices:
        """Leaders first where one person is asked for: they are meant most often. Who may is for the office to say.

        command: whose form it is, for the phrases that are usual there. texts: to say the next number of a register.
        """
        people = tuple(people_choices(self.people))
        handlers = (
            *(Choice({"kind": "unit", "id": unit.id}, unit.name) for unit in self.units),
            *(Choice({"kind": "person", "id": choice.value}, choice.text, choice.detail) for choice in people))
        agencies = tuple(Choice(agency.code, agency.name, agency.code) for agency in self.agencies if not agency.own)
        wanted = PHRASES_OF.get(command, "direction")
        registers = tuple(Choice(each.title, each.title, register_told(each, texts) if texts else "")
                          for each in self.registers if not each.closed)
        return Choices(people, handlers, agencies, self.suggestions(),
                       tuple(each.words for each in self.phrases if each.kind == wanted), registers, self.calendar)

    def suggestions(self) -> Mapping[str, tuple[str, ...]]:
        """By field: the texts that are usual there."""
        return {"type_name": tuple(kind.name for kind in self.types),
                "issuer_name": tuple(agency.name for agency in self.agencies if not agency.own)}


def register_told(register: IncomingRegisterView, texts: Texts) -> str:
    """The number it will give next; a hole in its numbers before that."""
    told = texts("registers.next", number=register.next_number)
    if register.missing:
        missing = ", ".join(str(number) for number in register.missing[:3])
        told = f"{told}, {texts('registers.missing', numbers=missing)}"
    return told


def people_choices(people: Iterable[PersonView]) -> Iterable[Choice]:
    """Each person once, with the first post."""
    seen = set()
    for person in sorted(people, key=lambda person: person.role is not Role.LEADER):
        if person.id not in seen and person.role is not Role.ADMINISTRATOR:
            seen.add(person.id)
            told = [part for part in (person.title, person.unit_name) if part and part not in person.name]
            yield Choice(person.id, person.name, ", ".join(told))
