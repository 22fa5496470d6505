"""Load the sample office: a commune's people, types, registers and neighbours, through the same door as any other."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docclient.demonstration.authority import Authority
from docclient.demonstration.material import sample_folder, sample_office_file
from docclient.office.commands.people import (
    AddAgency,
    AddDocumentType,
    AddPerson,
    AddPost,
    AddTrust,
    AddUnit,
    OpenRegister,
    RegisterKind,
    SetFact,
    SetPicture,
    TrustKind,
)
from docclient.office.commands.phrases import AddPhrase
from docclient.office.door import Office
from docclient.office.engine import OfficeEngine
from docclient.office.founding import FoundOffice, found_office
from docclient.office.model import PersonId, Role, UnitId, today
from docclient.store.place import Place


@dataclass(frozen=True, slots=True)
class SampleOffice:
    """engine: the open office. people: slug of the sample file → person. administrator: a door of theirs."""

    engine: OfficeEngine
    people: Mapping[str, PersonId]
    administrator: Office

    def door(self, slug: str) -> Office:
        return self.engine.enter(self.people[slug])


def load_sample_office(place: Place) -> SampleOffice:
    """Found the sample office at `place`. Raises: OfficeExists and what founding raises."""
    content = tomllib.loads(sample_office_file().read_text(encoding="utf-8"))
    founded = found_office(place, founding_of(content))
    office = founded.engine.enter(founded.administrator)
    units = add_units(office, content, founded.unit)
    people = add_people(office, content, units, founded.administrator)
    for entry in ordered(content["document_types"]):
        office.do(AddDocumentType(entry["name"], entry["abbreviation"]))
    for entry in content["registers"].values():
        office.do(OpenRegister(RegisterKind(entry["direction"]), today().year, entry["name"],
                               entry["first_number"] - 1))
    add_agencies(office, content)
    add_pictures(office, content, people)
    add_phrases(office, content)
    return SampleOffice(founded.engine, people, founded.engine.enter(founded.administrator))


def founding_of(content: Mapping[str, Any]) -> FoundOffice:
    agency, unit = content["agency"], content["units"]["office"]
    administrator = content["persons"]["administrator"]
    return FoundOffice(
        code=agency["code"], name=agency["name"], symbol=agency["symbol"], place=agency["place"],
        parent_name=content["agencies"][agency["parent"]]["name"], office_unit=unit["name"],
        office_unit_abbreviation=unit["symbol"], administrator=administrator["name"], account=administrator["account"])


def add_units(office: Office, content: Mapping[str, Any], office_unit: str) -> dict[str, UnitId]:
    units = {"office": UnitId(office_unit)}
    for slug, unit in content["units"].items():
        if slug not in units:
            units[slug] = UnitId(office.do(AddUnit(unit["name"], unit["symbol"])).facts["unit"])
    return units


def add_people(office: Office, content: Mapping[str, Any], units: Mapping[str, UnitId],
               administrator: PersonId) -> dict[str, PersonId]:
    people = {"administrator": administrator}
    for slug, person in content["persons"].items():
        if slug not in people:
            receipt = office.do(AddPerson(person["name"], person.get("account", "")))
            people[slug] = PersonId(receipt.facts["person"])
    forms = {entry["post"]: entry["form"] for entry in content["signing_authority"].values()}
    for slug, post in content["posts"].items():
        for role in post["roles"]:
            if (post["person"], role) != ("administrator", "administrator"):     # was given at the founding
                office.do(AddPost(people[post["person"]], units[post["unit"]], post["title"], Role(role),
                                  forms.get(slug, "")))
    return people


def add_agencies(office: Office, content: Mapping[str, Any]) -> None:
    for entry in content["agencies"].values():
        parent = content["agencies"].get(entry["parent"], {})
        office.do(AddAgency(entry["code"], entry["name"], entry["old_code"], parent.get("name", ""), entry["place"]))


def add_pictures(office: Office, content: Mapping[str, Any], people: Mapping[str, PersonId]) -> None:
    office.do(SetFact("header", "\n".join(content["agency"]["header"])))
    office.do(SetFact("seal_diameter_mm", str(content["agency"]["seal_diameter_mm"])))
    office.do(SetPicture(office.put((sample_folder() / content["agency"]["seal"]).read_bytes())))
    for slug, person in content["persons"].items():
        if "signature" in person:
            picture = office.put((sample_folder() / person["signature"]).read_bytes())
            office.do(SetPicture(picture, people[slug]))


def add_phrases(office: Office, content: Mapping[str, Any]) -> None:
    """Words at hand for everybody."""
    for kind, phrases in content["phrases"].items():
        for entry in ordered(phrases):
            office.do(AddPhrase(entry["text"], kind, everybody=True))


def trust_authority(administrator: Office, authority: Authority) -> None:
    """Trust a demonstration's own authority, and use its revocation lists."""
    issuing_list, root_list = authority.crl()
    for kind, name, content in (
            (TrustKind.ANCHOR, "root", authority.anchor_der),
            (TrustKind.INTERMEDIATE, "issuing", authority.issuing_der),
            (TrustKind.CRL, "root.crl", root_list), (TrustKind.CRL, "issuing.crl", issuing_list)):
        administrator.do(AddTrust(kind, administrator.put(content), f"{authority.name}: {name}"))


def ordered(entries: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(entries.values(), key=lambda entry: int(entry["order"]))
