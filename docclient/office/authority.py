"""Who may sign what, in which form, and how that is printed above the signature (NĐ 30 Art 13; Annex I, II.7).

A post has a simple form of its own (`authority_form`); once an authority is set for that post, only what was set counts
for it, with its types, units, dates and basis. Everybody signs by their own authority: standing in for an absent person
gives none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import RowMapping, select

from docclient.office.errors import FieldWrong, NoAuthority, Why
from docclient.office.model import Actor, Document, PersonId, Role, UnitId, today
from docclient.office.numbering import short_date
from docclient.office.posts import held
from docclient.store import tables
from docclient.store.work import Work


class AuthorityForm(StrEnum):
    """thay mặt, quyền, ký thay, thừa lệnh, thừa ủy quyền; DIRECT: a head who signs with the title alone."""

    TM = "TM."
    Q = "Q."
    KT = "KT."
    TL = "TL."
    TUQ = "TUQ."
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Authority:
    """title: the signer's own, as printed. types, units: what it is limited to; empty for all. fields: of work, as
    words. id, basis: empty for a post's simple form."""

    id: str
    person: PersonId
    form: AuthorityForm
    title: str
    types: tuple[str, ...] = ()
    units: tuple[UnitId, ...] = ()
    fields: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    basis: str = ""

    def reaches(self, type_name: str, unit: UnitId | None) -> bool:
        return (not self.types or type_name in self.types) and (not self.units or unit is None or unit in self.units)


STRENGTH = (AuthorityForm.TM, AuthorityForm.DIRECT, AuthorityForm.Q, AuthorityForm.KT, AuthorityForm.TL,
            AuthorityForm.TUQ)
"""Where a person has several for one document, the first of these is meant."""


def authorities_of(work: Work, person: PersonId, day: date | None = None) -> tuple[Authority, ...]:
    """What the person may sign with on that day (today), the strongest first."""
    day = day or today()
    set_rows = work.connection.execute(select(tables.signing_authority).where(
        tables.signing_authority.c.person == person).order_by(tables.signing_authority.c.id)).mappings().all()
    posts = work.connection.execute(select(tables.post).where(tables.post.c.person == person, *held(day))
                                    .order_by(tables.post.c.id)).mappings().all()
    holding, ruled = {row["id"] for row in posts}, {row["post"] for row in set_rows if row["post"]}
    found = [authority_from(row) for row in set_rows
             if row["ended_at"] is None and row["valid_from"] <= day
             and (row["valid_to"] is None or day <= row["valid_to"])
             and (row["post"] is None or row["post"] in holding)]
    found += [Authority("", person, AuthorityForm(row["authority_form"]), row["title"]) for row in posts
              if row["authority_form"] in set(AuthorityForm) and row["id"] not in ruled]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: STRENGTH.index(each.form)))


def authority_from(row: RowMapping) -> Authority:
    types, units, fields = (tuple(json.loads(row[name])) for name in ("types", "units", "fields"))
    return Authority(row["id"], row["person"], AuthorityForm(row["form"]), row["title"], types, units, fields,
                     row["valid_from"], row["valid_to"], row["basis"])


def authority_of(work: Work, person: PersonId, type_name: str, unit: UnitId | None = None,
                 day: date | None = None) -> Authority | None:
    """With which authority the person may sign a document of this type, drafted by this unit, on that day."""
    return next((each for each in authorities_of(work, person, day) if each.reaches(type_name, unit)), None)


def must_have_authority(work: Work, person: PersonId, type_name: str, unit: UnitId | None = None,
                        field: str = "signer") -> Authority:
    """Raises: FieldWrong: the person may not sign this type today."""
    found = authority_of(work, person, type_name, unit)
    if found is None:
        raise FieldWrong(field, Why.NO_AUTHORITY, type_name)
    return found


def must_sign_by_own_authority(work: Work, me: Actor, document: Document) -> Authority:
    """Whoever really signs needs an authority of their own for this document today. Raises: NoAuthority."""
    found = authority_of(work, me.by, document.type_name, document.unit)
    if found is None:
        raise NoAuthority(person=me.acting.name, type=document.type_name, day=short_date(today()))
    return found


def has_authority_to_sign(work: Work, document: Document) -> bool:
    """May the person who is to sign it still do so? Raises: NoAuthority, which tells who may not sign what."""
    signer = document.signer_person
    if signer is not None and authority_of(work, signer, document.type_name, document.unit) is None:
        raise NoAuthority(person=work.person_name(signer), type=document.type_name, day=short_date(today()))
    return signer is not None


def signed_by_the_hand(work: Work, me: Actor, document: Document) -> dict[str, str]:
    """What the document's row says of its signer where somebody stood in: the name and title of who really signed."""
    if me.hand is None:
        return {}
    found = must_sign_by_own_authority(work, me, document)
    return {"signer_name": me.hand.name, "signer_position": found.title}


def authority_lines(form: AuthorityForm | str, title: str, *, collective: str, head_title: str,
                    through: Sequence[str] = ()) -> tuple[str, ...]:
    """The lines above the signature. title: the signer's own. collective: the body's name (Ủy ban nhân dân).
    head_title: the head's. through: titles between the head and the signer, where a deputy signs for the head of a unit
    who signs by order.

    `TM. ỦY BAN NHÂN DÂN` / `CHỦ TỊCH`; `KT. CHỦ TỊCH` / `PHÓ CHỦ TỊCH`; `TL. CHỦ TỊCH` / `KT. CHÁNH VĂN PHÒNG` /
    `PHÓ CHÁNH VĂN PHÒNG`; `Q. CHỦ TỊCH`.
    """
    between = [f"{AuthorityForm.KT} {each}" for each in through]
    match AuthorityForm(form):
        case AuthorityForm.TM:
            lines = [f"TM. {collective}", title]
        case AuthorityForm.Q:
            lines = [f"Q. {title or head_title}"]
        case AuthorityForm.DIRECT:
            lines = [title]
        case AuthorityForm.KT:
            lines = [f"KT. {head_title}", title]
        case by_order:
            lines = [f"{by_order} {head_title}", *between, title]
    return tuple(line.upper() for line in lines)


def lines_for(work: Work, person: PersonId, type_name: str, unit: UnitId | None = None,
              day: date | None = None) -> tuple[str, ...]:
    """The lines above this person's signature on such a document; empty when they may not sign it."""
    found = authority_of(work, person, type_name, unit, day)
    if found is None:
        return ()
    return authority_lines(found.form, found.title, collective=collective_name(work), head_title=head_title(work))


def collective_name(work: Work) -> str:
    """The body that TM. speaks for: the first line of the printed name (`ỦY BAN NHÂN DÂN`), or what an administrator
    set as the fact `collective`."""
    return work.fact("collective") or work.fact("header", work.own_agency()["name"]).split("\n")[0]


def head_title(work: Work) -> str:
    """The head's title: of the leader who signs in the collective's name, else of the first leader; or the fact
    `head_title`."""
    set_title = work.fact("head_title")
    if set_title:
        return set_title
    rows = work.connection.execute(
        select(tables.post.c.title, tables.post.c.authority_form)
        .join(tables.person, tables.person.c.id == tables.post.c.person)
        .where(tables.post.c.role == Role.LEADER, tables.person.c.active.is_(True), *held())
        .order_by(tables.post.c.id)).all()
    heads = [row.title for row in rows if row.authority_form in {"TM.", "Q.", "direct"}] or [row.title for row in rows]
    return heads[0] if heads else ""
