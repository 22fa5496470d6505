"""Login accounts: apart from posts (users of the system, its administrators, auditors), with passwords.

A password is never in the journal, a log or an error: commands carry it as a secret that shows as stars. What is kept
is its argon2id hash (docclient/office/passwords.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy import RowMapping, select, update

from docclient.office.commands.leaving import must_have_an_administrator
from docclient.office.commands.people import made, needed
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, LoginRole, PersonId, Role
from docclient.office.passwords import hash_of, holds, must_be_long_enough
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work


def account_of(work: Work, person: PersonId) -> RowMapping:
    row = work.connection.execute(select(tables.account).where(tables.account.c.person == person)).mappings().first()
    if row is None:
        raise FieldWrong("person", Why.NO_ACCOUNT)
    return row


def change_account(work: Work, person: PersonId, **values: object) -> None:
    """Change the account, which is made where there was none."""
    work.insert_once(tables.account, person=person, login_role=LoginRole.USER, password=None, must_change=False,
                     failed=0, locked=False)
    work.connection.execute(update(tables.account).where(tables.account.c.person == person).values(**values))
    work.people_changed()


@dataclass(frozen=True, slots=True)
class SetPassword(Command):
    """A first or a new password, given by the administrator: the person must change it before doing anything else. It
    also opens a locked account."""

    person: PersonId
    password: SecretStr


@rule(SetPassword, by=Role.ADMINISTRATOR)
def set_password(work: Work, me: Actor, c: SetPassword) -> Receipt:
    work.actor(c.person)
    must_be_long_enough(c.password, "password")
    change_account(work, c.person, password=hash_of(c.password), must_change=c.person != me.person, failed=0,
                   locked=False, locked_until=None, changed_at=work.at)
    return made(work, c, person=c.person)


@dataclass(frozen=True, slots=True)
class ChangeOwnPassword(Command):
    """present: empty where none was set yet."""

    present: SecretStr
    password: SecretStr


@rule(ChangeOwnPassword, about_oneself=True)
def change_own_password(work: Work, me: Actor, c: ChangeOwnPassword) -> Receipt:
    must_be_long_enough(c.password, "password")
    known = work.connection.scalar(select(tables.account.c.password).where(tables.account.c.person == me.person))
    if known is not None and not holds(known, c.present):
        raise FieldWrong("present", Why.PASSWORD_WRONG)
    if c.present.get_secret_value() == c.password.get_secret_value():
        raise FieldWrong("password", Why.PASSWORD_USED)
    change_account(work, me.person, password=hash_of(c.password), must_change=False, failed=0, changed_at=work.at)
    return made(work, c)


@dataclass(frozen=True, slots=True)
class LockAccount(Command):
    """Nobody enters by this account until it is opened again."""

    person: PersonId
    reason: str


@rule(LockAccount, by=Role.ADMINISTRATOR)
def lock_account(work: Work, me: Actor, c: LockAccount) -> Receipt:
    needed(reason=c.reason)
    account_of(work, c.person)
    if c.person == me.person:
        raise FieldWrong("person", Why.LAST_ADMINISTRATOR)
    change_account(work, c.person, locked=True)
    return made(work, c, person=c.person)


@dataclass(frozen=True, slots=True)
class UnlockAccount(Command):
    """Open a locked account; wrong tries are forgotten."""

    person: PersonId


@rule(UnlockAccount, by=Role.ADMINISTRATOR)
def unlock_account(work: Work, me: Actor, c: UnlockAccount) -> Receipt:
    account_of(work, c.person)
    change_account(work, c.person, locked=False, locked_until=None, failed=0)
    return made(work, c, person=c.person)


@dataclass(frozen=True, slots=True)
class SetLoginRole(Command):
    """What the account may do in the system, whatever posts its person has."""

    person: PersonId
    login_role: LoginRole


@rule(SetLoginRole, by=Role.ADMINISTRATOR)
def set_login_role(work: Work, me: Actor, c: SetLoginRole) -> Receipt:
    work.actor(c.person)
    change_account(work, c.person, login_role=c.login_role)
    must_have_an_administrator(work)
    return made(work, c, person=c.person)
