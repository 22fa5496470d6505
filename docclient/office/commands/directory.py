"""The directory of agencies is brought from a carrier or a file, part by part; groups of recipients are kept.

Whoever is sent to for the first time is entered among the office's agencies (docclient.office.drafting.add_outside):
what was sent keeps the name and code of its day, whatever a later list says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, NotYours, Why
from docclient.office.model import Actor, Digest, Role, new_id
from docclient.office.registry import rule
from docclient.store import directory, tables
from docclient.store.blobs import Blobs
from docclient.store.directory import Listed
from docclient.store.work import Work

MOST_IN_A_PART = 20_000
MOST_IN_A_GROUP = 1_000
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class ImportUnits(Command):
    """One part of the list that `source` has (a carrier's or a file's name). units: put through the door, JSON: a list
    of [code, name, old code, parent's code, parent's name, e-mail, is an exchange centre]. complete: units of this part
    that are not in the list any more have ended."""

    source: str
    part: int
    units: Digest
    complete: bool = True


def examine_units(blobs: Blobs, work: Work, c: ImportUnits) -> tuple[Listed, ...]:
    """Raises: FieldWrong, BlobMissing."""
    with blobs.open(c.units) as stream:
        content = stream.read()
    try:
        rows = json.loads(content)
        listed = tuple(listed_of(row) for row in rows)
    except (ValueError, TypeError, IndexError, KeyError):
        raise FieldWrong("units", Why.NO_CONTENT) from None
    if len(listed) > MOST_IN_A_PART:
        raise FieldWrong("units", Why.TOO_MANY)
    if not all(each.code and each.name for each in listed):
        raise FieldWrong("units", Why.EMPTY)
    return listed


def listed_of(row: list[Any]) -> Listed:
    """Raises: ValueError for a row of another shape."""
    code, name, old_code, parent_code, parent_name, email, centre = row
    return Listed(told(code), told(name), told(old_code), told(parent_code), told(parent_name), told(email),
                  bool(centre))


def told(value: object) -> str:
    return str(value).strip()


@rule(ImportUnits, by={Role.CLERK, Role.ADMINISTRATOR}, examine=examine_units)
def import_units(work: Work, me: Actor, c: ImportUnits, units: tuple[Listed, ...]) -> Receipt:
    if not c.source.strip():
        raise FieldWrong("source", Why.EMPTY)
    work.name_blob(c.units)
    brought = directory.bring(work.connection, c.source.strip(), c.part, units, work.at, complete=c.complete)
    return Receipt("ImportUnits", work.entry, facts={
        "added": str(brought.added), "changed": str(brought.changed), "ended": str(brought.ended)})


@dataclass(frozen=True, slots=True)
class KeepRecipientGroup(Command):
    """A named list of recipients. group: the one that is changed; None makes one. for_all: everybody's; the clerks keep
    those. recipients: codes of agencies or of the directory."""

    name: str
    recipients: tuple[str, ...]
    group: str | None = None
    for_all: bool = False


@rule(KeepRecipientGroup, kinds={"recipients": AskKind.RECIPIENTS}, hidden=("group",))
def keep_recipient_group(work: Work, me: Actor, c: KeepRecipientGroup) -> Receipt:
    name = c.name.strip()
    codes = tuple(dict.fromkeys(code.strip() for code in c.recipients if code.strip()))
    if not name or not codes:
        raise FieldWrong("name" if not name else "recipients", Why.EMPTY)
    if len(name) > LONGEST_NAME:
        raise FieldWrong("name", Why.TOO_LONG)
    if len(codes) > MOST_IN_A_GROUP:
        raise FieldWrong("recipients", Why.TOO_MANY)
    if c.for_all:
        must_keep_common_ones(me, "KeepRecipientGroup")
    group, owner = tables.recipient_group, None if c.for_all else me.person
    before = own_group(work, me, c.group, "KeepRecipientGroup") if c.group is not None else None
    taken = select(group.c.id).where(group.c.name == name,
                                     group.c.owner.is_(None) if owner is None else group.c.owner == owner)
    if work.connection.scalar(taken if before is None else taken.where(group.c.id != before["id"])) is not None:
        raise FieldWrong("name", Why.TAKEN)
    members = [(code, name_of(work, code)) for code in codes]
    identity = new_id() if before is None else before["id"]
    if before is None:
        work.connection.execute(insert(group).values(id=identity, name=name, owner=owner))
    else:
        work.connection.execute(update(group).where(group.c.id == identity).values(name=name, owner=owner))
        take_members_away(work, identity)
    work.connection.execute(insert(tables.recipient_group_member), [
        {"group": identity, "code": code, "name": found, "position": position}
        for position, (code, found) in enumerate(members)])
    return Receipt("KeepRecipientGroup", work.entry, facts={"group": identity})


@dataclass(frozen=True, slots=True)
class RemoveRecipientGroup(Command):
    group: str


@rule(RemoveRecipientGroup, hidden=("group",))
def remove_recipient_group(work: Work, me: Actor, c: RemoveRecipientGroup) -> Receipt:
    own_group(work, me, c.group, "RemoveRecipientGroup")
    take_members_away(work, c.group)
    work.connection.execute(delete(tables.recipient_group).where(tables.recipient_group.c.id == c.group))
    return Receipt("RemoveRecipientGroup", work.entry)


def own_group(work: Work, me: Actor, group: str, command: str) -> RowMapping:
    """Raises: NotFound, NotYours."""
    row = work.connection.execute(select(tables.recipient_group).where(
        tables.recipient_group.c.id == group)).mappings().first()
    if row is None or row["owner"] not in (None, me.person):
        raise NotFound(what="recipient_group", id=group)
    if row["owner"] is None:
        must_keep_common_ones(me, command)
    return row


def must_keep_common_ones(me: Actor, command: str) -> None:
    if not me.roles & {Role.CLERK, Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE}:
        raise NotYours(command=command)


def take_members_away(work: Work, group: str) -> None:
    work.connection.execute(delete(tables.recipient_group_member).where(
        tables.recipient_group_member.c.group == group))


def name_of(work: Work, code: str) -> str:
    """Of an agency or a unit of the directory. Raises: FieldWrong."""
    known = work.connection.scalar(select(tables.agency.c.name).where(tables.agency.c.code == code))
    if known is not None:
        return str(known)
    unit = directory.by_code(work.connection, code)
    if unit is None or unit["centre"]:
        raise FieldWrong("recipients", Why.UNKNOWN, code)
    return str(unit["name"])
