"""Who may see which document. Every query that names documents passes through `visible`.

Clerks, leaders and the chief of office see the office's documents; everybody else sees those they were given
(handler, drafter, signer, head of the unit concerned). The administrator reads no content (records-work, 13.1).
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select, true

from docclient.office.model import Actor, Role
from docclient.store import tables

SEES_ALL = frozenset({Role.CLERK, Role.LEADER, Role.CHIEF_OF_OFFICE})


def sees_all(me: Actor) -> bool:
    return bool(me.roles & SEES_ALL)


def visible(me: Actor) -> ColumnElement[bool]:
    """The condition on `document` for what this person may see."""
    if sees_all(me):
        return true()
    return exists(
        select(1).where(tables.access.c.document == tables.document.c.id, tables.access.c.person == me.person)
    )
