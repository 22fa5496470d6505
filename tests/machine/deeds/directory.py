"""Agencies outside, document types, the national directory, groups of recipients, what is trusted."""

from __future__ import annotations

import json

from sqlalchemy import select

from docclient.office.commands.agencies import (
    ChangeAgency,
    ChangeDocumentType,
    CloseAgency,
    MergeAgencies,
    RetireDocumentType,
)
from docclient.office.commands.directory import ImportUnits, KeepRecipientGroup, RemoveRecipientGroup
from docclient.office.commands.people import AddAgency, AddDocumentType, AddTrust, TrustKind
from docclient.office.commands.trust import ConfirmAuthority, RemoveTrust
from docclient.office.model import today
from docclient.store import tables
from signing.authorities import READ_BACK
from signing.trust import fingerprint
from tests.machine.choosing import RECIPIENTS
from tests.machine.deeds.people import ADMINISTRATOR
from tests.machine.deeds.scene import NOBODY, Deed, Scene, deed

CODE, TYPE = "H99.3.", "Loại riêng "
"""How the codes of agencies and the names of types begin that came while the office runs."""


def made_agencies(here: Scene) -> list[str]:
    agency = tables.agency.c
    return [row[0] for row in here.rows(select(agency.code).where(
        agency.code.like(f"{CODE}%"), agency.valid_to.is_(None), agency.own.is_(False)).order_by(agency.id))]


@deed(AddAgency)
def add_agency(here: Scene) -> Deed | None:
    return Deed(here.any_of(ADMINISTRATOR, "clerk"), AddAgency(here.fresh(CODE), here.fresh("Trung tâm số ")),
                {"code": "H99.07", "name": "  "})


@deed(ChangeAgency)
def change_agency(here: Scene) -> Deed | None:
    codes = made_agencies(here)
    if not codes:
        return None
    return Deed(here.any_of(ADMINISTRATOR, "clerk"), ChangeAgency(
        here.chance.choice(codes), today(), "Quyết định 20/QĐ-UBND", name=here.fresh("Trung tâm mang tên ")),
        {"code": "H00.9", "basis": "", "name": "", "new_code": "H99.07"})


@deed(CloseAgency)
def close_agency(here: Scene) -> Deed | None:
    codes = made_agencies(here)
    if len(codes) < 3:          # some are left to be merged
        return None
    code = here.chance.choice(codes)
    return Deed(ADMINISTRATOR, CloseAgency(code, today(), "Nghị quyết 2/NQ-HĐND", "H99.22"),
                {"code": "H00.9", "basis": " ", "successor": code})


@deed(MergeAgencies)
def merge_agencies(here: Scene) -> Deed | None:
    codes = made_agencies(here)
    if len(codes) < 2:
        return None
    return Deed(ADMINISTRATOR, MergeAgencies(tuple(here.chance.sample(codes, 2)), "H99.23", today(), "Nghị quyết 3"),
                {"codes": (), "into": "H00.9", "basis": ""})


# --- document types --------------------------------------------------------------------------------------------------


@deed(AddDocumentType)
def add_type(here: Scene) -> Deed | None:
    return Deed(ADMINISTRATOR, AddDocumentType(here.fresh(TYPE), here.fresh("LR")), {"name": "Công văn"},
                (AddDocumentType(" "),))


def made_type(here: Scene) -> str | None:
    return here.one(select(tables.document_type.c.name).where(  # type: ignore[no-any-return]
        tables.document_type.c.name.like(f"{TYPE}%")))


@deed(ChangeDocumentType)
def change_type(here: Scene) -> Deed | None:
    name = made_type(here)
    if name is None:
        return None
    present = here.one(select(tables.document_type.c.abbreviation).where(tables.document_type.c.name == name))
    return Deed(ADMINISTRATOR, ChangeDocumentType(name, here.fresh("LM")),
                {"name": "Loại không có", "abbreviation": present or ""})


@deed(RetireDocumentType)
def retire_type(here: Scene) -> Deed | None:
    name = made_type(here)
    return None if name is None else Deed(ADMINISTRATOR, RetireDocumentType(name, today()), {"name": "Loại không có"})


# --- the directory and groups of recipients --------------------------------------------------------------------------


@deed(ImportUnits)
def import_units(here: Scene) -> Deed | None:
    slug = here.any_of(ADMINISTRATOR, "clerk")
    rows = [[f"G{part}.{here.count % 5}", here.fresh("Đơn vị "), "", "", "", "", False] for part in range(3)]
    return Deed(slug, ImportUnits("danh bạ thử", here.count % 2, here.put(slug, json.dumps(rows).encode())),
                {"source": "  ", "units": here.put(slug, b"[[1]]")})


@deed(KeepRecipientGroup)
def keep_group(here: Scene) -> Deed | None:
    slug = here.anybody()
    return Deed(slug, KeepRecipientGroup(here.fresh("Nhóm "), RECIPIENTS[:here.chance.randrange(1, 4)]),
                {"name": "x" * 101, "recipients": ("H00.9",)})


@deed(RemoveRecipientGroup)
def remove_group(here: Scene) -> Deed | None:
    group = here.row(select(tables.recipient_group.c.id, tables.recipient_group.c.owner))
    slug = here.slug_of(group.owner) if group is not None and group.owner else None
    return None if slug is None else Deed(slug, RemoveRecipientGroup(group.id), {"group": NOBODY})


# --- trust -----------------------------------------------------------------------------------------------------------


@deed(AddTrust)
def add_trust(here: Scene) -> Deed | None:
    """A signer's certificate among those between: it proves nothing, and its going takes nothing away."""
    content = here.put(ADMINISTRATOR, here.bench.material.issued["chairman"].certificate_der)
    return Deed(ADMINISTRATOR, AddTrust(TrustKind.INTERMEDIATE, content, "chứng thư đưa thêm"),
                {"name": "", "content": here.put(ADMINISTRATOR, b"no certificate")})


@deed(RemoveTrust)
def remove_trust(here: Scene) -> Deed | None:
    item = here.one(select(tables.trust_item.c.digest).where(tables.trust_item.c.name == "chứng thư đưa thêm"))
    return None if item is None else Deed(
        ADMINISTRATOR, RemoveTrust(TrustKind.INTERMEDIATE, item), {"content": here.put(ADMINISTRATOR, b"unknown")})


@deed(ConfirmAuthority)
def confirm_authority(here: Scene) -> Deed | None:
    content = here.bench.material.authority.anchor_der
    digits = fingerprint(content).replace(":", "").replace(" ", "")[-READ_BACK:]
    return Deed(ADMINISTRATOR, ConfirmAuthority(here.put(ADMINISTRATOR, content), digits),
                {"read_back": "0" * READ_BACK, "certificate": here.put(ADMINISTRATOR, b"no certificate")})
