"""People, delegations, authority, agencies, registers and rights as lines of lists; which acts go with a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from docclient.office.door import Office, Query
from docclient.office.model import Actor, LoginRole, Role
from docclient.office.queries.authority import (
    AuthorityView,
    Delegations,
    DelegationView,
    Holds,
    Rehearsal,
    SigningAuthorities,
)
from docclient.office.queries.office import Agencies, AgencyView, Units, UnitView
from docclient.office.queries.organisation import PostView, RegisterState, RegisterStates, Staff, StaffView
from docclient.office.queries.rights import RightChange, RightsToConfirm
from docclient.office.registry import rule_for
from ui.screens.organisation.office_rules import (
    DEADLINE,
    REMOVES,
    OfficeRule,
    phrase_kinds,
    read_rules,
    rule_columns,
)
from ui.tables.rows import Column
from ui.texts import Texts
from ui.theme import Tone

Known = Callable[[Any], Mapping[str, Any]]
AGENCIES_SHOWN = 200
"""At once; what is typed in the search narrows them down."""


def always(_row: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class RowAct:
    """A command with what the chosen line says of it. known: fields that nobody is asked for; None: it needs no line.
    label: a words code, the command's own by default. first: first values that hang on no line."""

    command: str
    known: Known | None = None
    defaults: Known | None = None
    when: Callable[[Any], bool] = always
    fixed: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    negative: bool = False
    first: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.label or f"offer.{self.command}"


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the screen. query: what is asked, or what reads it where one question is not enough. rows: what the
    answer is shown as. searched: what of a line is searched, where all lines are there; find: the question for what is
    typed, where only some are."""

    key: str
    query: Query[Any] | Callable[[Office], Any]
    columns: tuple[Column, ...]
    acts: tuple[RowAct, ...]
    picture: str
    rows: Callable[[Any], Sequence[Any]] = tuple
    searched: Callable[[Any], str] | None = None
    find: Callable[[str], Query[Any]] | None = None


@dataclass(frozen=True, slots=True)
class PersonPost:
    """One post of a person, or a person without any."""

    person: StaffView
    post: PostView | None

    @property
    def id(self) -> str:
        return self.post.id if self.post else self.person.id


def posts_of(found: Sequence[StaffView]) -> list[PersonPost]:
    return [PersonPost(person, post) for person in found for post in person.posts or (None,)]


def sections_for(me: Actor, texts: Texts) -> tuple[Section, ...]:
    """Absence for everybody; the rest for whom the office answers."""
    absence = (delegation_section(me, texts),)
    managers = {Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE, Role.LEADER}
    if not me.roles & managers or me.login is LoginRole.AUDITOR:
        return absence
    rest = (people_section(texts), authority_section(texts), unit_section(texts), agency_section(texts),
            register_section(texts), rules_section(texts))
    confirming = (rights_section(texts),) if me.roles & rule_for("ConfirmRights").by else ()
    return tuple(with_own_acts(each, me) for each in (*absence, *rest, *confirming))


def with_own_acts(section: Section, me: Actor) -> Section:
    """Without the commands that the office would not take from this person."""
    acts = tuple(act for act in section.acts if not rule_for(act.command).by or rule_for(act.command).by & me.roles)
    return replace(section, acts=acts)


def holds_column(texts: Texts) -> Column:
    tones = {Holds.HOLDS: Tone.GOOD, Holds.COMING: Tone.NEWS}
    return Column(texts("organisation.holds"), lambda row: texts(f"holds.{row.holds}"), 14,
                  tone=lambda row: tones.get(row.holds))


def days(first: Any, last: Any, texts: Texts) -> str:
    return " – ".join((texts.date(first) if first else "…", texts.date(last) if last else "…"))


# --- the sections --------------------------------------------------------------------------------------------------


def delegation_section(me: Actor, texts: Texts) -> Section:
    def scope(row: DelegationView) -> str:
        parts = (*row.types, *(texts(f"wait.{kind}") for kind in row.kinds))
        return ", ".join(parts) or texts("organisation.everything")

    manages = bool(me.roles & {Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE})
    grants = (RowAct("GrantDelegation", fixed={"absent": me.person}, label="organisation.my_absence"),
              *([RowAct("GrantDelegation")] if manages else []))
    revoke = RowAct("RevokeDelegation", lambda row: {"delegation": row.id}, negative=True,
                    when=lambda row: row.holds in {Holds.HOLDS, Holds.COMING} and (manages or row.absent == me.person))
    return Section("absence", Delegations(), (
        Column(texts("field.absent"), lambda row: row.absent_name, 20, strong=always),
        Column(texts("field.substitute"), lambda row: row.substitute_name, 20),
        Column(texts("organisation.days"), lambda row: days(row.first_day, row.last_day, texts), 23),
        Column(texts("organisation.scope"), scope),
        Column(texts("field.basis"), lambda row: row.basis, 22, may_go=1), holds_column(texts),
    ), (*grants, revoke), "people")


def people_section(texts: Texts) -> Section:
    def standing(row: PersonPost) -> str:
        if not row.person.active:
            return texts("organisation.left")
        if row.post is not None and row.post.holds is not Holds.HOLDS:
            return f"{texts(f'holds.{row.post.holds}')} {days(row.post.valid_from, row.post.valid_to, texts)}"
        locked = texts("organisation.locked") if row.person.locked else ""
        return " · ".join(part for part in (texts(f"loginrole.{row.person.login_role}"), locked) if part)

    def person(row: PersonPost) -> dict[str, Any]:
        return {"person": row.person.id}

    def post(row: PersonPost) -> dict[str, Any]:
        return {"post": row.post.id if row.post else ""}

    def active(row: PersonPost) -> bool:
        return row.person.active

    def holding(row: PersonPost) -> bool:
        return active(row) and row.post is not None and row.post.holds is not Holds.OVER

    return Section("people", Staff(), (
        Column(texts("start.person"), lambda row: row.person.name, 26, strong=always),
        Column(texts("organisation.post"), lambda row: row.post.title if row.post else "—", 20),
        Column(texts("start.unit"), lambda row: row.post.unit_name if row.post else ""),
        Column(texts("start.roles"), lambda row: texts(f"role.{row.post.role}") if row.post else "", 18, may_go=2),
        Column(texts("field.authority_form"), lambda row: row.post.authority_form if row.post else "", 6, may_go=1),
        Column(texts("organisation.waiting"), lambda row: str(row.person.waiting or ""), 5, may_go=3),
        Column(texts("organisation.account"), standing, 18,
               tone=lambda row: Tone.DOUBT if row.person.locked and row.person.active else None),
    ), (
        RowAct("AddPerson"), RowAct("AddPost", person, when=active),
        RowAct("SetSigningAuthority", person, lambda row: {"title": row.post.title if row.post else ""}, when=active,
               fixed={"units": [], "fields": [], "post": None}),
        RowAct("ChangePost", post, lambda row: {"title": row.post.title, "unit": row.post.unit}, when=holding),
        RowAct("SetLoginRole", person, when=active), RowAct("SetPassword", person, when=active),
        RowAct("UnlockAccount", person, when=lambda row: row.person.locked),
        RowAct("ReactivatePerson", person, when=lambda row: not row.person.active),
        RowAct("EndPost", post, when=holding, negative=True),
        RowAct("LockAccount", person, negative=True,
               when=lambda row: row.person.has_password and not row.person.locked),
        RowAct("DeactivatePerson", person, when=active, negative=True),
    ), "person", posts_of, lambda row: f"{row.person.name} {row.person.account} {row.post.title if row.post else ''}")


def authority_section(texts: Texts) -> Section:
    def reach(row: AuthorityView) -> str:
        return ", ".join((*row.types, *row.units, *row.fields)) or texts("organisation.all_types")

    return Section("authority", SigningAuthorities(), (
        Column(texts("start.person"), lambda row: row.person_name, 24, strong=always),
        Column(texts("organisation.lines"), lambda row: "\n".join(row.lines), 26),
        Column(texts("organisation.reach"), reach),
        Column(texts("organisation.days"), lambda row: days(row.valid_from, row.valid_to, texts) if row.id else "", 23,
               may_go=2),
        Column(texts("field.basis"), lambda row: row.basis or texts("organisation.by_post"), 24, may_go=1),
        holds_column(texts),
    ), (RowAct("SetSigningAuthority", fixed={"units": [], "fields": [], "post": None}),
        RowAct("EndSigningAuthority", lambda row: {"authority": row.id}, negative=True,
               when=lambda row: bool(row.id) and row.holds in {Holds.HOLDS, Holds.COMING})), "sign")


def unit_section(texts: Texts) -> Section:
    def unit(row: UnitView) -> dict[str, Any]:
        return {"unit": row.id}

    return Section("units", Units(), (
        Column(texts("field.name"), lambda row: row.name, strong=always),
        Column(texts("field.abbreviation"), lambda row: row.abbreviation, 16),
    ), (RowAct("AddUnit"),
        RowAct("ChangeUnit", unit, lambda row: {"name": row.name, "abbreviation": row.abbreviation}),
        RowAct("CloseUnit", unit, negative=True)), "people")


def agency_section(texts: Texts) -> Section:
    def standing(row: AgencyView) -> str:
        if row.valid_to is None:
            return texts("organisation.own") if row.own else ""
        ended = texts("organisation.ended", day=texts.date(row.valid_to))
        return f"{ended} → {row.successor}" if row.successor else ended

    def there(row: AgencyView) -> bool:
        return row.valid_to is None

    def code(row: AgencyView) -> dict[str, Any]:
        return {"code": row.code}

    return Section("agencies", Agencies(limit=AGENCIES_SHOWN, ended=True), (
        Column(texts("field.name"), lambda row: row.name, strong=lambda row: row.own),
        Column(texts("field.code"), lambda row: row.code, 16),
        Column(texts("field.old_code"), lambda row: row.old_code, 16, may_go=2),
        Column(texts("organisation.former"), lambda row: "; ".join(row.former), 28, may_go=1),
        Column(texts("organisation.standing"), standing, 26,
               tone=lambda row: None if row.valid_to is None else Tone.QUIET),
    ), (
        RowAct("AddAgency"), RowAct("ChangeAgency", code, lambda row: {"name": row.name}, when=there),
        RowAct("MergeAgencies"), RowAct("StartNewBody"), RowAct("CloseAgency", code, when=there, negative=True),
    ), "office", find=lambda text: Agencies(text, limit=AGENCIES_SHOWN, ended=True))


def register_section(texts: Texts) -> Section:
    def standing(row: RegisterState) -> str:
        if not row.closed:
            return texts("organisation.open")
        head = f" · {row.closed_entry}: {row.closed_hash[:12]}" if row.closed_entry is not None else ""
        return texts("organisation.closed", when=texts.moment(row.closed_at)) + head

    def known(row: RegisterState) -> dict[str, Any]:
        return {"register": row.id}

    def with_documents(row: RegisterState) -> dict[str, Any]:
        return {"register": row.id, "documents": []}

    return Section("registers", RegisterStates(), (
        Column(texts("organisation.register"), lambda row: row.title, strong=always),
        Column(texts("field.year"), lambda row: str(row.year), 6),
        Column(texts("organisation.last_number"), lambda row: str(row.last_number), 8),
        Column(texts("organisation.frozen"), lambda row: f"{row.frozen}/{row.documents}", 12),
        Column(texts("organisation.standing"), standing, 40, tone=lambda row: Tone.QUIET if row.closed else None),
    ), (
        RowAct("OpenRegister"), RowAct("UnfreezeDocuments", with_documents, when=lambda row: row.frozen > 0),
        RowAct("FreezeDocuments", with_documents, negative=True, when=lambda row: row.frozen < row.documents),
        RowAct("CloseRegister", known, negative=True, when=lambda row: not row.closed),
    ), "register")


def rules_section(texts: Texts) -> Section:
    """What the office has laid down. A rule is changed by taking it away and laying down another."""

    def of_kind(kind: str) -> Callable[[OfficeRule], bool]:
        return lambda row: row.kind == kind and not row.ended

    def known(field_name: str) -> Known:
        return lambda row: {field_name: row.id}

    ends = tuple(RowAct(command, known(name), when=of_kind(kind), negative=True)
                 for kind, (command, name) in REMOVES.items())
    return Section("rules", lambda office: read_rules(office, texts), rule_columns(texts), (
        RowAct("AddRoutingRule"), RowAct("AddRegisterRule"), RowAct("SetTypeDeadline"), RowAct("SetNumberSeries"),
        RowAct("AddPhrase", fixed={"everybody": True}, first=phrase_kinds(), label="rules.add_phrase"),
        RowAct("SetFormCheck"), RowAct("SetScanProfile"), *ends,
        RowAct("SetTypeDeadline", lambda row: {"type_name": row.id, "days": 0}, when=of_kind(DEADLINE), negative=True,
               label="rules.no_deadline"),
    ), "register", searched=lambda row: f"{texts(f'rules.kind_{row.kind}')} {row.name} {row.basis}")


def rights_section(texts: Texts) -> Section:
    def what(row: RightChange) -> str:
        return texts("organisation.given" if row.given else "organisation.withdrawn", right=texts(f"right.{row.right}"))

    return Section("rights", RightsToConfirm(), (
        Column(texts("field.holder"), lambda row: row.holder_name, 24, strong=always),
        Column(texts("field.right"), what, 20, tone=lambda row: Tone.NEWS if row.given else Tone.DOUBT),
        Column(texts("column.subject"), lambda row: " · ".join(
            part for part in (row.number_and_symbol, row.subject, row.file_name) if part)),
        Column(texts("field.reason"), lambda row: row.reason, 24, may_go=1),
        Column(texts("organisation.by"), lambda row: f"{row.by_name}, {texts.moment(row.at)}", 26),
    ), (
        RowAct("ConfirmRights", lambda row: {"changes": [row.id], "confirmed": True}, when=lambda row: not row.mine,
               label="organisation.confirm"),
        RowAct("ConfirmRights", lambda row: {"changes": [row.id], "confirmed": False}, when=lambda row: not row.mine,
               label="organisation.refuse", negative=True),
    ), "lock")


# --- the rehearsal -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RehearsalShown:
    """lines: what would go wrong, worst first; empty where nothing would. rows: what waits, with who gets it."""

    headline: str
    tone: Tone
    lines: tuple[str, ...]
    rows: tuple[ArrivingShown, ...]

    @classmethod
    def of(cls, found: Rehearsal, texts: Texts) -> RehearsalShown:
        lines = []
        if found.nobody_gets:
            lines.append(texts("rehearsal.nobody_gets", count=len(found.nobody_gets)))
        if found.nobody_signs:
            lines.append(texts("rehearsal.nobody_signs", count=len(found.nobody_signs)))
        if found.uncovered_days:
            lines.append(texts("rehearsal.uncovered", count=len(found.uncovered_days),
                               day=texts.date(found.uncovered_days[0])))
        if found.unsigned_types:
            shown = ", ".join(found.unsigned_types[:4]) + ("…" if len(found.unsigned_types) > 4 else "")
            lines.append(texts("rehearsal.unsigned_types", types=shown))
        lines += [texts("rehearsal.role_alone", role=texts(f"role.{role}")) for role in found.roles_alone]
        headline = texts("rehearsal.headline", name=found.person_name, count=len(found.arriving),
                         days=days(found.first_day, found.last_day, texts))
        rows = tuple(ArrivingShown(
            texts(f"wait.{each.kind}"),
            f"{each.document.type_name}: {each.document.subject}" if each.document else each.type_name,
            texts.date(each.due) if each.due else "",
            "; ".join(f"{name} ({basis})" for name, basis in each.substitutes) or texts("rehearsal.nobody"),
            ", ".join(each.signers) or (texts("rehearsal.nobody") if each in found.nobody_signs else ""),
            bool(each.substitutes) and each not in found.nobody_signs) for each in found.arriving)
        return cls(headline, Tone.DOUBT if lines else Tone.GOOD, tuple(lines) or (texts("rehearsal.all_well"),), rows)


@dataclass(frozen=True, slots=True)
class ArrivingShown:
    kind: str
    what: str
    due: str
    gets: str
    signs: str
    well: bool


def rehearsal_columns(texts: Texts) -> tuple[Column, ...]:
    return (
        Column(texts("column.waits_for"), lambda row: row.kind, 14, strong=always),
        Column(texts("column.what"), lambda row: row.what),
        Column(texts("column.deadline"), lambda row: row.due, 10, may_go=1),
        Column(texts("rehearsal.gets"), lambda row: row.gets, 24, tone=lambda row: None if row.well else Tone.DOUBT),
        Column(texts("rehearsal.signs"), lambda row: row.signs, 16),
    )
