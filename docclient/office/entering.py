"""Entering with a password: wrong tries slow down and lock, nothing tells which of the two was wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import RowMapping, Update, func, select, update

from docclient.errors import NotAllowed
from docclient.office.engine import EmbeddedOffice, OfficeEngine
from docclient.office.model import VIETNAM, PersonId, Role, now
from docclient.office.passwords import holds, nobodys_hash
from docclient.store import tables
from docclient.store.work import Work

FREE_TRIES = 3            # wrong ones before waiting begins
FIRST_WAIT = timedelta(seconds=5)      # doubles with each further wrong try
LONGEST_WAIT = timedelta(minutes=15)
LOCKED_AFTER = 12         # wrong tries in a row: an administrator opens the account again


class PasswordWrong(NotAllowed):
    """Account or password is not right: which of the two is not told."""

    code = "office.password_wrong"


class AccountWaits(NotAllowed):
    """Too many wrong tries: the next counts only from a moment on. facts: until."""

    code = "office.account_waits"


class AccountLocked(NotAllowed):
    """Locked by an administrator, or by too many wrong tries."""

    code = "office.account_locked"


def asks_password(engine: OfficeEngine) -> bool:
    """A shared office asks for passwords; one in a file on this machine is as safe as the machine."""
    return not engine.place.embedded


def has_passwords(engine: OfficeEngine) -> bool:
    """Has anybody a password yet? Until then the first administrator sets theirs (`set_first_password`)."""
    with engine.reading() as work:
        return any_password(work)


def any_password(work: Work) -> bool:
    return work.connection.scalar(select(tables.account.c.person).where(
        tables.account.c.password.is_not(None)).limit(1)) is not None


def enter_with_password(engine: OfficeEngine, account: str, password: SecretStr) -> EmbeddedOffice:
    """The door of whoever has this account. A door whose password was given by somebody else opens for nothing but
    changing it (`must_change_password`). Wrong tries are counted, slow down, then lock.

    Raises: PasswordWrong, AccountWaits, AccountLocked.
    """
    with engine.reading() as work:
        found = account_row(work, account)
    if found is None or found["password"] is None:
        holds(nobodys_hash(), password)
        raise PasswordWrong()
    must_not_wait(found)
    right = holds(found["password"], password)
    with engine.writing() as connection:
        present = connection.execute(select(tables.account).where(
            tables.account.c.person == found["person"]).with_for_update()).mappings().one()
        must_not_wait(present)
        connection.execute(forgotten(found["person"]) if right else counted(present))
    if not right:
        raise PasswordWrong()
    return engine.enter(found["person"], must_change_password=bool(found["must_change"]))


def account_row(work: Work, account: str) -> RowMapping | None:
    """By the short name people enter with; of active people."""
    return work.connection.execute(
        select(tables.account).join(tables.person, tables.person.c.id == tables.account.c.person)
        .where(func.lower(tables.person.c.account) == account.strip().lower(), tables.person.c.active.is_(True))
    ).mappings().first()


def must_not_wait(row: RowMapping) -> None:
    """Raises: AccountWaits, AccountLocked."""
    if row["locked"]:
        raise AccountLocked()
    if row["locked_until"] is not None and row["locked_until"] > now():
        raise AccountWaits(until=row["locked_until"].astimezone(VIETNAM).strftime("%H:%M:%S"))


def counted(row: RowMapping) -> Update:
    """One more wrong try."""
    failed = row["failed"] + 1
    return update(tables.account).where(tables.account.c.person == row["person"]).values(
        failed=failed, locked=failed >= LOCKED_AFTER, locked_until=wait_after(failed))


def wait_after(failed: int) -> datetime | None:
    """Until when the next try does not count; None after the first few."""
    if failed < FREE_TRIES:
        return None
    return now() + min(FIRST_WAIT * (1 << min(failed - FREE_TRIES, 16)), LONGEST_WAIT)


def forgotten(person: str) -> Update:
    return update(tables.account).where(tables.account.c.person == person).values(failed=0, locked_until=None)


def enter_to_set_first_password(engine: OfficeEngine, person: PersonId) -> EmbeddedOffice:
    """Where nobody has a password yet: an administrator's door, open for nothing but setting theirs.

    Raises: PasswordWrong: somebody has one, or the person is no administrator.
    """
    door = engine.enter(person, must_change_password=True)
    if has_passwords(engine) or Role.ADMINISTRATOR not in door.me.roles:
        raise PasswordWrong()
    return door
