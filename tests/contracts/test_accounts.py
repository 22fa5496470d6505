"""Login accounts apart from posts: passwords, wrong tries, locks, auditors; never a password where it can be read."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from docclient.office.commands.accounts import ChangeOwnPassword, LockAccount, SetLoginRole, SetPassword, UnlockAccount
from docclient.office.commands.incoming import AcceptWork
from docclient.office.commands.people import AddPerson
from docclient.office.entering import (
    FREE_TRIES,
    LOCKED_AFTER,
    AccountLocked,
    AccountWaits,
    PasswordWrong,
    enter_to_set_first_password,
    enter_with_password,
    has_passwords,
    wait_after,
)
from docclient.office.errors import FieldWrong, NotYours, PasswordMustChange
from docclient.office.model import LoginRole, PersonId, Role, now
from docclient.office.queries.document_page import DocumentPage, OffersOn
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.organisation import Staff
from docclient.store import tables
from tests.offices import OfficeToTest

FIRST, OWN = SecretStr("mat khau ban dau 1"), SecretStr("mat khau cua rieng toi 2")


def with_password(office: OfficeToTest, slug: str = "clerk") -> PersonId:
    person = office.person(slug)
    office.door("administrator").do(SetPassword(person, FIRST))
    return person


def test_a_given_password_opens_only_for_changing_it(office: OfficeToTest):
    person = with_password(office)
    door = enter_with_password(office.engine, "VanThu ", FIRST)
    assert door.me.person == person
    with pytest.raises(PasswordMustChange):
        door.ask(WaitingForMe())
    for present, new in ((OWN, OWN), (FIRST, FIRST), (FIRST, SecretStr("ngan"))):
        with pytest.raises(FieldWrong):
            door.do(ChangeOwnPassword(present, new))
    door.do(ChangeOwnPassword(FIRST, OWN))
    with pytest.raises(PasswordWrong):
        enter_with_password(office.engine, "vanthu", FIRST)
    assert enter_with_password(office.engine, "vanthu", OWN).ask(WaitingForMe()).rows == ()


def test_the_password_stands_nowhere(office: OfficeToTest):
    with_password(office)
    enter_with_password(office.engine, "vanthu", FIRST).do(ChangeOwnPassword(FIRST, OWN))
    with office.engine.reading() as work:
        rows = [dict(row) for row in work.connection.execute(select(tables.journal)).mappings()]
        kept = work.connection.scalar(select(tables.account.c.password))
    text = json.dumps(rows, default=str) + str(kept) + repr(SetPassword(office.person("clerk"), FIRST))
    assert FIRST.get_secret_value() not in text and OWN.get_secret_value() not in text
    assert str(kept).startswith("$argon2id$")


def test_wrong_tries_wait_longer_and_longer_then_lock(office: OfficeToTest):
    person = with_password(office)
    for _ in range(FREE_TRIES):
        with pytest.raises(PasswordWrong):
            enter_with_password(office.engine, "vanthu", OWN)
    with pytest.raises(AccountWaits):
        enter_with_password(office.engine, "vanthu", FIRST)        # even the right one waits
    set_account(office, person, locked_until=now() - timedelta(seconds=1))
    with pytest.raises(PasswordWrong):
        enter_with_password(office.engine, "vanthu", OWN)
    set_account(office, person, locked_until=None, failed=LOCKED_AFTER - 1)
    with pytest.raises(PasswordWrong):
        enter_with_password(office.engine, "vanthu", OWN)
    set_account(office, person, locked_until=None)
    with pytest.raises(AccountLocked):
        enter_with_password(office.engine, "vanthu", FIRST)
    office.door("administrator").do(UnlockAccount(person))
    assert enter_with_password(office.engine, "vanthu", FIRST).me.person == person


def set_account(office: OfficeToTest, person: PersonId, **values: object) -> None:
    with office.engine.writing() as connection:
        connection.execute(update(tables.account).where(tables.account.c.person == person).values(**values))


def test_waits_double_up_to_a_quarter_of_an_hour():
    present = now()
    assert wait_after(FREE_TRIES - 1) is None
    waits = [wait_after(FREE_TRIES + more) for more in range(9)]
    lengths = [round((each - present).total_seconds()) for each in waits if each is not None]
    assert lengths[:4] == [5, 10, 20, 40] and lengths[-1] == 900


def test_nothing_tells_whether_the_account_or_the_password_was_wrong(office: OfficeToTest):
    with_password(office)
    for account in ("khong.co", "chutich", "vanthu"):
        with pytest.raises(PasswordWrong) as refused:
            enter_with_password(office.engine, account, OWN)
        assert not refused.value.facts


def test_the_administrator_locks_and_opens(office: OfficeToTest):
    person, administrator = with_password(office), office.door("administrator")
    with pytest.raises(NotYours):
        office.door("chairman").do(LockAccount(person, "Không"))
    administrator.do(LockAccount(person, "Nghỉ phép dài ngày"))
    with pytest.raises(AccountLocked):
        enter_with_password(office.engine, "vanthu", FIRST)
    assert next(each for each in administrator.ask(Staff()) if each.id == person).locked
    administrator.do(UnlockAccount(person))
    enter_with_password(office.engine, "vanthu", FIRST)
    with pytest.raises(FieldWrong):                    # not oneself, not who has none
        administrator.do(LockAccount(administrator.me.person, "Thử"))
    with pytest.raises(FieldWrong):
        administrator.do(UnlockAccount(office.person("chairman")))


def test_where_nobody_has_a_password_the_first_administrator_sets_theirs(office: OfficeToTest):
    assert not has_passwords(office.engine)
    with pytest.raises(PasswordWrong):
        enter_to_set_first_password(office.engine, office.person("clerk"))
    door = enter_to_set_first_password(office.engine, office.person("administrator"))
    with pytest.raises(PasswordMustChange):
        door.ask(Staff())
    door.do(ChangeOwnPassword(SecretStr(""), OWN))
    assert enter_with_password(office.engine, "quantri", OWN).ask(Staff())
    with pytest.raises(PasswordWrong):
        enter_to_set_first_password(office.engine, office.person("administrator"))


def test_login_roles_are_apart_from_posts(office: OfficeToTest):
    administrator = office.door("administrator")
    technician = PersonId(administrator.do(AddPerson("Kỹ thuật viên", "kythuat")).facts["person"])
    administrator.do(SetLoginRole(technician, LoginRole.ADMINISTRATOR))
    door = office.engine.enter(technician)
    assert door.me.posts == () and door.me.roles == {Role.ADMINISTRATOR}
    door.do(AddPerson("Người mới", "nguoimoi"))


def test_an_auditor_reads_everything_and_changes_nothing(office: OfficeToTest):
    document = office.directed().document
    administrator = office.door("administrator")
    inspector = PersonId(administrator.do(AddPerson("Thanh tra", "thanhtra")).facts["person"])
    administrator.do(SetLoginRole(inspector, LoginRole.AUDITOR))
    door = office.engine.enter(inspector)
    assert door.ask(DocumentPage(document.id)).document.id == document.id
    assert door.ask(OffersOn(document.id)) == ()
    with pytest.raises(NotYours):
        door.do(AcceptWork(document.id, document.version))
    door.do(ChangeOwnPassword(SecretStr(""), OWN))
    administrator.do(SetLoginRole(office.person("officer_economy"), LoginRole.AUDITOR))
    with pytest.raises(NotYours):                      # whatever their posts
        office.door("officer_economy").do(AcceptWork(document.id, document.version))
