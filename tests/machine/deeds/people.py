"""People, posts, accounts, authority, delegation: mostly the administrator's."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr
from sqlalchemy import Select, func, select

from docclient.office.authority import AuthorityForm
from docclient.office.commands.accounts import ChangeOwnPassword, LockAccount, SetLoginRole, SetPassword, UnlockAccount
from docclient.office.commands.agencies import ChangeUnit, CloseUnit
from docclient.office.commands.delegating import GrantDelegation, RevokeDelegation
from docclient.office.commands.leaving import ChangePost, DeactivatePerson, EndPost, ReactivatePerson
from docclient.office.commands.people import AddPerson, AddPost, AddUnit, RegisterCertificate, SetPicture
from docclient.office.commands.rights import ConfirmRights
from docclient.office.commands.signing_authority import EndSigningAuthority, SetSigningAuthority
from docclient.office.model import LoginRole, PersonId, Role, UnitId, today
from docclient.office.posts import held
from docclient.store import tables
from tests.machine.deeds.scene import GUEST, NOBODY, Deed, Scene, deed

ADMINISTRATOR = "administrator"
GUESTS = 3
PASSWORD = "Mật khẩu đủ dài {}"
MADE_UNIT = "Tổ công tác "


def guests(*columns: object, active: bool = True) -> Select[tuple[object, ...]]:
    person = tables.person.c
    return select(*(columns or (person.id,))).where(person.account.like(f"{GUEST}%"), person.active.is_(active))  # type: ignore[call-overload,no-any-return]


def posts_of_guests() -> Select[tuple[str, str, str]]:
    post = tables.post.c
    return (select(post.id, post.person, post.title).join(tables.person, tables.person.c.id == post.person)
            .where(tables.person.c.account.like(f"{GUEST}%"), tables.person.c.active.is_(True), *held()))


@deed(AddPerson)
def add_person(here: Scene) -> Deed | None:
    if len(here.rows(guests())) >= GUESTS:
        return None
    return Deed(ADMINISTRATOR, AddPerson(here.fresh("Người mới "), here.fresh(GUEST)),
                {"name": " ", "account": "vanthu"})


@deed(AddPost)
def add_post(here: Scene) -> Deed | None:
    person = here.one(guests())
    if person is None:
        return None
    role = here.chance.choice((Role.OFFICER, Role.OFFICER, Role.ARCHIVIST, Role.HEAD_OF_UNIT))
    return Deed(ADMINISTRATOR, AddPost(person, here.unit(), here.fresh("Chức danh "), role),
                {"person": NOBODY, "unit": NOBODY, "title": ""})


@deed(EndPost)
def end_post(here: Scene) -> Deed | None:
    post = here.row(posts_of_guests())
    return None if post is None else Deed(
        ADMINISTRATOR, EndPost(post.id, today() + timedelta(days=here.chance.randrange(0, 30))), {"post": NOBODY})


@deed(ChangePost)
def change_post(here: Scene) -> Deed | None:
    post = here.row(posts_of_guests())
    return None if post is None else Deed(
        ADMINISTRATOR, ChangePost(post.id, today(), here.fresh("Chức danh mới ")),
        {"post": NOBODY, "title": post.title, "unit": NOBODY})


@deed(DeactivatePerson)
def deactivate(here: Scene) -> Deed | None:
    """A leader takes what waits for them: whoever signs needs the authority."""
    person, receiver = here.one(guests()), here.person(here.any_of("chairman", "vice_chairman"))
    return None if person is None else Deed(
        ADMINISTRATOR, DeactivatePerson(person, "chuyển công tác", receiver),
        {"person": NOBODY, "reason": "  ", "hand_over": NOBODY})


@deed(ReactivatePerson)
def reactivate(here: Scene) -> Deed | None:
    person = here.one(guests(active=False))
    return None if person is None else Deed(
        ADMINISTRATOR, ReactivatePerson(person), {"person": here.person("chairman")})


# --- accounts --------------------------------------------------------------------------------------------------------


@deed(SetPassword)
def set_password(here: Scene) -> Deed | None:
    person = here.one(guests())
    return None if person is None else Deed(
        ADMINISTRATOR, SetPassword(person, SecretStr(PASSWORD.format(0))),
        {"person": NOBODY, "password": SecretStr("ngắn")})


@deed(ChangeOwnPassword)
def change_own_password(here: Scene) -> Deed | None:
    """Of one person to whom nobody else gives a password: each is the next in number."""
    slug = "officer_culture_society"
    times = here.one(select(func.count()).select_from(tables.journal).where(
        tables.journal.c.command == "ChangeOwnPassword", tables.journal.c.actor == here.person(slug)))
    present, new = (SecretStr(PASSWORD.format(each)) for each in (times, times + 1))
    return Deed(slug, ChangeOwnPassword(present if times else SecretStr(""), new),
                {"password": SecretStr("ngắn"), **({"present": SecretStr("sai rồi")} if times else {})})


def account_of_guest(here: Scene) -> PersonId | None:
    return here.one(guests(tables.person.c.id).join(tables.account, tables.account.c.person == tables.person.c.id))  # type: ignore[no-any-return]


@deed(LockAccount)
def lock_account(here: Scene) -> Deed | None:
    person = account_of_guest(here)
    return None if person is None else Deed(
        ADMINISTRATOR, LockAccount(person, "nghi lộ mật khẩu"), {"person": NOBODY, "reason": ""})


@deed(UnlockAccount)
def unlock_account(here: Scene) -> Deed | None:
    person = account_of_guest(here)
    return None if person is None else Deed(ADMINISTRATOR, UnlockAccount(person), {"person": NOBODY})


@deed(SetLoginRole)
def set_login_role(here: Scene) -> Deed | None:
    person = here.one(guests())
    return None if person is None else Deed(
        ADMINISTRATOR, SetLoginRole(person, here.chance.choice(list(LoginRole))), {"person": NOBODY})


# --- units -----------------------------------------------------------------------------------------------------------


def made_units(here: Scene) -> UnitId | None:
    return here.one(select(tables.unit.c.id).where(  # type: ignore[no-any-return]
        tables.unit.c.name.like(f"{MADE_UNIT}%"), tables.unit.c.valid_to.is_(None),
        tables.unit.c.id.not_in(select(tables.post.c.unit))))


@deed(AddUnit)
def add_unit(here: Scene) -> Deed | None:
    return Deed(ADMINISTRATOR, AddUnit(here.fresh(MADE_UNIT), here.fresh("TCT")), {"name": "", "abbreviation": " "})


@deed(ChangeUnit)
def change_unit(here: Scene) -> Deed | None:
    unit = made_units(here)
    return None if unit is None else Deed(
        ADMINISTRATOR, ChangeUnit(unit, today(), "Quyết định 12/QĐ-UBND", here.fresh(MADE_UNIT + "mới ")),
        {"unit": NOBODY, "basis": "", "name": ""})


@deed(CloseUnit)
def close_unit(here: Scene) -> Deed | None:
    unit = made_units(here)
    return None if unit is None else Deed(
        ADMINISTRATOR, CloseUnit(unit, today(), "Quyết định 13/QĐ-UBND"),
        {"unit": here.chance.choice(list(here.circle.heads)), "basis": "  "})


# --- authority and absence -------------------------------------------------------------------------------------------


@deed(SetSigningAuthority)
def set_authority(here: Scene) -> Deed | None:
    person = here.person(here.any_of("vice_chairman", "chief_of_office", "head_economy"))
    day, wrong = today(), {"person": NOBODY, "title": "", "basis": "", "types": ("Loại không có",),
                           "units": (NOBODY,), "post": NOBODY}
    if here.chance.random() < 0.5:
        return Deed(ADMINISTRATOR, SetSigningAuthority(
            person, AuthorityForm.KT, "Phó Chủ tịch", "Quy chế làm việc", day),
            {**wrong, "valid_to": day - timedelta(days=1)})
    return Deed(ADMINISTRATOR, SetSigningAuthority(
        person, AuthorityForm.TUQ, "Chánh Văn phòng", "Giấy ủy quyền 5/GUQ", day, day + timedelta(days=90),
        ("Công văn", "Thông báo"), given_by=here.person("chairman")),
        {**wrong, "types": (), "valid_to": None, "given_by": here.person("clerk")})


@deed(EndSigningAuthority)
def end_authority(here: Scene) -> Deed | None:
    authority = here.one(select(tables.signing_authority.c.id).where(tables.signing_authority.c.ended_at.is_(None)))
    return None if authority is None else Deed(
        ADMINISTRATOR, EndSigningAuthority(authority, "hết nhiệm vụ"), {"authority": NOBODY, "reason": ""})


MAY_BE_AWAY = ("vice_chairman", "chief_of_office", "head_economy", "officer_economy", "officer_culture_society")


@deed(GrantDelegation)
def grant_delegation(here: Scene) -> Deed | None:
    day, delegation = today(), tables.delegation.c
    away = {row[0] for row in here.rows(select(delegation.absent).where(delegation.revoked_at.is_(None)))}
    present = [slug for slug in MAY_BE_AWAY if here.person(slug) not in away]
    if len(away) >= 2 or len(present) < 2:
        return None
    absent, substitute = here.chance.sample(present, 2)
    return Deed(here.any_of(absent, "administrator", "chief_of_office"), GrantDelegation(
        here.person(absent), here.person(substitute), day, day + timedelta(days=here.chance.randrange(1, 20)),
        "Giấy nghỉ phép 3/GNP"),
        {"basis": "", "last_day": day - timedelta(days=1), "substitute": here.person(absent),
         "types": ("Loại không có",)})


@deed(RevokeDelegation)
def revoke_delegation(here: Scene) -> Deed | None:
    delegation = here.one(select(tables.delegation.c.id).where(tables.delegation.c.revoked_at.is_(None)))
    return None if delegation is None else Deed(
        ADMINISTRATOR, RevokeDelegation(delegation, "về sớm"), {"delegation": NOBODY, "reason": " "})


@deed(ConfirmRights)
def confirm_rights(here: Scene) -> Deed | None:
    flagged = here.one(select(tables.granted_right.c.id).where(tables.granted_right.c.state == "flagged"))
    return None if flagged is None else Deed(
        here.any_of("chairman", "vice_chairman"), ConfirmRights((flagged,), here.chance.random() < 0.6),
        {"changes": (NOBODY,)}, (ConfirmRights(()),))


# --- what belongs to a person ----------------------------------------------------------------------------------------


@deed(RegisterCertificate)
def register_certificate(here: Scene) -> Deed | None:
    """Any certificate that is nobody's yet."""
    person = here.one(guests())
    known = {row[0] for row in here.rows(select(tables.certificate.c.fingerprint))}
    free = [content for mark, content in here.bench.certificates.items() if mark not in known]
    if person is None or not free:
        return None
    return Deed(ADMINISTRATOR, RegisterCertificate(here.put(ADMINISTRATOR, here.chance.choice(free)), person),
                {"person": NOBODY, "certificate": here.put(ADMINISTRATOR, b"no certificate")})


@deed(SetPicture)
def set_picture(here: Scene) -> Deed | None:
    picture = here.put(ADMINISTRATOR, b"\x89PNG\r\n\x1a\n" + here.fresh("hình ").encode())
    return Deed(ADMINISTRATOR, SetPicture(picture, here.one(guests())),
                {"person": NOBODY, "content": here.put(ADMINISTRATOR, b"GIF89a")})
