"""People, units, agencies and types as things to pick in a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docclient.office.door import Office
from docclient.office.model import Role
from docclient.office.queries.office import (
    Agencies,
    AgencyView,
    DocumentTypes,
    People,
    PersonView,
    TypeView,
    Units,
    UnitView,
)
from ui.state.offers import Choice, Choices

AGENCIES_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Directory:
    """What forms pick from, read once per screen visit."""

    people: tuple[PersonView, ...]
    units: tuple[UnitView, ...]
    agencies: tuple[AgencyView, ...]
    types: tuple[TypeView, ...]

    @classmethod
    def read(cls, office: Office) -> Directory:
        """Off the window's thread."""
        return cls(office.ask(People()), office.ask(Units()), office.ask(Agencies(limit=AGENCIES_AT_ONCE)),
                   office.ask(DocumentTypes()))

    def choices(self) -> Choices:
        """Leaders first where one person is asked for: they are meant most often. Who may is for the office to say."""
        people = tuple(people_choices(self.people))
        handlers = (
            *(Choice({"kind": "unit", "id": unit.id}, unit.name) for unit in self.units),
            *(Choice({"kind": "person", "id": choice.value}, choice.text, choice.detail) for choice in people))
        agencies = tuple(Choice(agency.code, agency.name, agency.code) for agency in self.agencies if not agency.own)
        return Choices(people, handlers, agencies, self.suggestions())

    def suggestions(self) -> Mapping[str, tuple[str, ...]]:
        """By field: the texts that are usual there."""
        return {"type_name": tuple(kind.name for kind in self.types),
                "issuer_name": tuple(agency.name for agency in self.agencies if not agency.own)}


def people_choices(people: Iterable[PersonView]) -> Iterable[Choice]:
    """Each person once, with the first post."""
    seen = set()
    for person in sorted(people, key=lambda person: person.role is not Role.LEADER):
        if person.id not in seen and person.role is not Role.ADMINISTRATOR:
            seen.add(person.id)
            told = [part for part in (person.title, person.unit_name) if part and part not in person.name]
            yield Choice(person.id, person.name, ", ".join(told))
