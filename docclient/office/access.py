"""Who may see which document. Every query that names documents passes through `visible`.

Clerks, leaders and the chief of office see the office's documents; everybody else sees those they were given
(handler, drafter, signer, head of the unit concerned) and those that wait for somebody they stand in for. The
administrator reads no content (records-work, 13.1). Over all this lie the rights of single documents and files.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, false, or_, select, true

from docclient.office.model import Actor, LoginRole, Role
from docclient.office.waiting import through
from docclient.store import tables

SEES_ALL = frozenset({Role.CLERK, Role.LEADER, Role.CHIEF_OF_OFFICE})
READ, FLAGGED, CONFIRMED = "read", "flagged", "confirmed"


def sees_all(me: Actor) -> bool:
    return bool(me.roles & SEES_ALL) or me.login is LoginRole.AUDITOR


def visible(me: Actor) -> ColumnElement[bool]:
    """The condition on `document` for what this person may see, if only because one of its files was granted."""
    if not me.marked:
        return seen_by_place(me)
    return case((newest_change(me).is_not(None), newest_change(me)), else_=or_(seen_by_place(me), one_file_granted(me)))


def whole(me: Actor) -> ColumnElement[bool]:
    """The condition on `document` for what this person may see with all its files."""
    if not me.marked:
        return seen_by_place(me)
    return case((newest_change(me).is_not(None), newest_change(me)), else_=seen_by_place(me))


def every_file(me: Actor) -> ColumnElement[bool]:
    """The condition on `document` for what this person may read every file of: only there do the words of files answer
    them, and what carries all files at once (packets, evidence)."""
    if not me.marked:
        return seen_by_place(me)
    rights = tables.granted_right
    taken = exists(select(1).where(rights.c.document == tables.document.c.id, rights.c.file.is_not(None),
                                   rights.c.name == READ, rights.c.given.is_(False), speaks_of(me)))
    return and_(whole(me), ~taken)


def seen_by_place(me: Actor) -> ColumnElement[bool]:
    """By post, or because it was given to the person, or waits for somebody they stand in for. Whoever holds no post
    any more sees nothing this way: what was given was given to the post's holder (records-work, 13.1)."""
    if sees_all(me):
        return true()
    if not me.posts:
        return false()
    ways: list[ColumnElement[bool]] = [exists(select(1).where(
        tables.access.c.document == tables.document.c.id, tables.access.c.person == me.person))]
    ways += [exists(select(1).where(tables.waiting.c.document == tables.document.c.id, through(each)))
             for each in me.stands_for]
    return or_(*ways)


def speaks_of(me: Actor) -> ColumnElement[bool]:
    """The condition on `granted_right` for changes in force that speak of this person: a grant once it is confirmed, a
    withdrawal at once (docclient/office/rights.py). What a unit is granted does not reach the administrator who sits in
    it: that post reads no content (records-work, 13.1)."""
    rights = tables.granted_right
    units = {post.unit for post in me.posts if post.role is not Role.ADMINISTRATOR}
    return and_(or_(rights.c.person == me.person, rights.c.unit.in_(units) if units else false()),
                or_(rights.c.state == CONFIRMED, and_(rights.c.given.is_(False), rights.c.state == FLAGGED)))


def newest_change(me: Actor) -> ScalarSelect[bool]:
    """What the newest change in force says about reading the document as a whole; NULL where there is none."""
    rights = tables.granted_right
    return (select(rights.c.given).where(
        rights.c.document == tables.document.c.id, rights.c.file.is_(None), rights.c.name == READ, speaks_of(me))
        .order_by(rights.c.at.desc(), rights.c.id.desc()).limit(1).correlate(tables.document).scalar_subquery())


def one_file_granted(me: Actor) -> ColumnElement[bool]:
    rights = tables.granted_right
    return exists(select(1).where(rights.c.document == tables.document.c.id, rights.c.file.is_not(None),
                                  rights.c.name == READ, rights.c.given.is_(True), speaks_of(me)))
