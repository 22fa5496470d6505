"""One moment of a random office: who stands where, and what somebody is about to do."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, select

from docclient.office.door import Command, Office
from docclient.office.engine import OfficeEngine
from docclient.office.model import Actor, Digest, LoginRole, PersonId, UnitId
from docclient.store import tables
from docclient.store.work import Work
from tests.machine.choosing import Circle

if TYPE_CHECKING:
    from tests.machine.giving import Bench

NOBODY = "01900000-0000-7000-8000-000000000000"
GUEST = "nguoi"
"""How the accounts begin of those who join the office while it runs; only they leave it again."""


@dataclass(frozen=True, slots=True)
class Deed:
    """slug: who gives the command. wrong: field → what it can never take. refused: whole commands that cannot be given
    in the place of this one. first: what is done just before."""

    slug: str
    command: Command
    wrong: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[Command, ...] = ()
    first: tuple[Command, ...] = ()


@dataclass(slots=True)
class Scene:
    """doors: by slug. count: rises with everything that needs a name of its own."""

    engine: OfficeEngine
    doors: Mapping[str, Office]
    circle: Circle
    bench: Bench
    chance: random.Random
    count: int

    def rows(self, query: Select[Any]) -> list[Row[Any]]:
        """In an order that does not hang on the database: a run can be played again."""
        with self.engine.reading() as work:
            return sorted(work.connection.execute(query).all(), key=repr)

    def row(self, query: Select[Any]) -> Row[Any] | None:
        found = self.rows(query)
        return self.chance.choice(found) if found else None

    def one(self, query: Select[Any]) -> Any:
        """The first column of some row, or None."""
        found = self.row(query)
        return None if found is None else found[0]

    def read(self, look: Callable[[Work], Any]) -> Any:
        with self.engine.reading() as work:
            return look(work)

    def fresh(self, stem: str) -> str:
        return f"{stem}{self.count}"

    def put(self, slug: str, content: bytes) -> Digest:
        return self.doors[slug].put(content)

    def any_of(self, *slugs: str) -> str:
        return self.chance.choice(slugs)

    def anybody(self) -> str:
        """One of the sample's people who reads documents."""
        return self.chance.choice([slug for slug in self.doors
                                   if slug != "administrator" and not slug.startswith(GUEST)])

    def me(self, slug: str) -> Actor:
        """As this person stands here now."""
        return self.read(lambda work: work.actor(self.doors[slug].me.person))

    def person(self, slug: str) -> PersonId:
        return self.doors[slug].me.person

    def slug_of(self, person: str) -> str | None:
        """None for who cannot enter any more, and for auditors, who change nothing."""
        auditors = {row[0] for row in self.rows(select(tables.account.c.person).where(
            tables.account.c.login_role == LoginRole.AUDITOR))}
        return next((slug for slug, door in self.doors.items()
                     if door.me.person == person and person not in auditors), None)

    def unit(self) -> UnitId:
        return self.chance.choice(list(self.circle.heads))


Maker = Callable[[Scene], Deed | None]
DEEDS: dict[str, Maker] = {}


def deed(command: type[Command]) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        assert command.__name__ not in DEEDS, command
        DEEDS[command.__name__] = maker
        return maker

    return keep
