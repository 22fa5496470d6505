"""Posts end and change, people leave; nothing is left that waits for nobody (records-work 9.1 K1, 13.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import RowMapping, and_, func, or_, select, update

from docclient.office.authority import authority_of
from docclient.office.commands.people import AddPost, add_post, made, needed
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.drafting import text_changed
from docclient.office.errors import FieldWrong, NotFound, StillWaiting, Why
from docclient.office.model import Actor, Document, DocumentId, PersonId, Role, State, UnitId, WaitKind, today
from docclient.office.posts import held, persons_with
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work


def post_of(work: Work, post: str) -> RowMapping:
    row = work.connection.execute(select(tables.post).where(tables.post.c.id == post)).mappings().first()
    if row is None:
        raise FieldWrong("post", Why.UNKNOWN)
    return row


@dataclass(frozen=True, slots=True)
class EndPost(Command):
    """The person has this post until last_day. Refused where it would end before today's end while something waits for
    its role and nobody else has that role."""

    post: str
    last_day: date


@rule(EndPost, by=Role.ADMINISTRATOR)
def end_post(work: Work, me: Actor, c: EndPost) -> Receipt:
    row = post_of(work, c.post)
    work.connection.execute(update(tables.post).where(tables.post.c.id == c.post).values(valid_to=c.last_day))
    if c.last_day < today():
        must_not_be_left_alone(work, Role(row["role"]), row["unit"], work.person_name(row["person"]))
        must_have_an_administrator(work)
    work.people_changed()
    return made(work, c, post=c.post)


def must_not_be_left_alone(work: Work, role: Role, unit: UnitId, name: str) -> None:
    """Something that waits for a role has somebody with that role. Raises: StillWaiting."""
    waiting = tables.waiting
    for_role = select(func.count()).select_from(waiting).where(waiting.c.person.is_(None), waiting.c.role == role)
    if role in {Role.HEAD_OF_UNIT, Role.CHIEF_OF_OFFICE} and not work.heads_of(unit):
        left = work.connection.scalar(select(func.count()).select_from(waiting).where(
            waiting.c.person.is_(None), waiting.c.unit == unit)) or 0
        if left:
            raise StillWaiting(person=name, count=left)
    left = work.connection.scalar(for_role.where(waiting.c.unit.is_(None))) or 0
    if left and not persons_with(work.connection, role):
        raise StillWaiting(person=name, count=left)


def must_have_an_administrator(work: Work) -> None:
    """Raises: FieldWrong: whoever administers the office cannot lock everybody out of it."""
    by_account = work.connection.scalar(
        select(tables.account.c.person).join(tables.person, tables.person.c.id == tables.account.c.person)
        .where(tables.account.c.login_role == "administrator", tables.person.c.active.is_(True)).limit(1))
    if by_account is None and not persons_with(work.connection, Role.ADMINISTRATOR):
        raise FieldWrong("person", Why.LAST_ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class ChangePost(Command):
    """From a day on the post has another title, unit or simple form of signing: the present one ends the day before, a
    new one begins. title, unit: empty for as before; authority_form: None for as before, empty for none."""

    post: str
    from_day: date
    title: str = ""
    unit: UnitId | None = None
    authority_form: str | None = None


@rule(ChangePost, by=Role.ADMINISTRATOR)
def change_post(work: Work, me: Actor, c: ChangePost) -> Receipt:
    row = post_of(work, c.post)
    form = (row["authority_form"] or "") if c.authority_form is None else c.authority_form
    new = AddPost(row["person"], c.unit or row["unit"], c.title.strip() or row["title"], Role(row["role"]), form)
    if (new.unit, new.title, form) == (row["unit"], row["title"], row["authority_form"] or ""):
        raise FieldWrong("title", Why.UNCHANGED)
    begun = add_post(work, me, new).facts["post"]
    work.connection.execute(update(tables.post).where(tables.post.c.id == begun).values(
        valid_from=c.from_day, valid_to=row["valid_to"]))
    work.connection.execute(update(tables.post).where(tables.post.c.id == c.post).values(
        valid_to=c.from_day - timedelta(days=1)))
    work.people_changed()
    return made(work, c, post=begun)


# --- leaving -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeactivatePerson(Command):
    """The person leaves the office: their posts end, their delegations and authority too, and they can no longer enter.

    Refused while something waits for them by name, unless hand_over names who takes it; what only the person could sign
    goes back to be checked for the new signer, who needs the authority.
    """

    person: PersonId
    reason: str
    hand_over: PersonId | None = None


@rule(DeactivatePerson, by=Role.ADMINISTRATOR, kinds={"person": AskKind.PERSON, "hand_over": AskKind.PERSON})
def deactivate_person(work: Work, me: Actor, c: DeactivatePerson) -> Receipt:
    needed(reason=c.reason)
    name = work.actor(c.person).name
    waiting = work.connection.execute(select(tables.waiting.c.document, tables.waiting.c.kind).where(
        tables.waiting.c.person == c.person).order_by(tables.waiting.c.document)).all()
    on_the_way = drafts_of(work, c.person)
    count = len({row.document for row in waiting} | set(on_the_way))
    if count and c.hand_over is None:
        raise StillWaiting(person=name, count=count)
    if c.hand_over is not None:
        must_be_able(work, c.person, c.hand_over)
        for row in waiting:
            hand_over(work, work.document(row.document, lock=True), WaitKind(row.kind), c.person, c.hand_over)
        for identity in on_the_way:
            hand_over_draft(work, work.document(identity, lock=True), c.person, c.hand_over)
    posts = work.connection.execute(select(tables.post.c.role, tables.post.c.unit).where(
        tables.post.c.person == c.person, *held())).all()
    work.connection.execute(update(tables.person).where(tables.person.c.id == c.person).values(active=False))
    for post in posts:
        must_not_be_left_alone(work, Role(post.role), post.unit, name)
    must_have_an_administrator(work)
    end_everything(work, me, c)
    work.people_changed()
    return made(work, c, handed_over=str(count))


def must_be_able(work: Work, person: PersonId, receiver: PersonId) -> None:
    """Raises: FieldWrong."""
    try:
        if person == receiver or not work.actor(receiver).posts:
            raise FieldWrong("hand_over", Why.NO_POST)
    except NotFound:
        raise FieldWrong("hand_over", Why.UNKNOWN) from None


def end_everything(work: Work, me: Actor, c: DeactivatePerson) -> None:
    before, t = today() - timedelta(days=1), tables
    work.connection.execute(update(t.post).where(
        t.post.c.person == c.person, or_(t.post.c.valid_to.is_(None), t.post.c.valid_to > before))
        .values(valid_to=before))
    work.connection.execute(update(t.delegation).where(
        or_(t.delegation.c.absent == c.person, t.delegation.c.substitute == c.person),
        t.delegation.c.revoked_at.is_(None)).values(revoked_at=work.at, revoked_by=me.person, revoked_why=c.reason))
    work.connection.execute(update(t.signing_authority).where(
        t.signing_authority.c.person == c.person, t.signing_authority.c.ended_at.is_(None))
        .values(ended_at=work.at, ended_why=c.reason))


def hand_over(work: Work, document: Document, kind: WaitKind, person: PersonId, receiver: PersonId) -> None:
    """One thing that waits for a person is the other's from now on, with what the rules look at: the handler, the
    drafter, the signer."""
    if kind is WaitKind.SIGN:
        hand_over_signing(work, document, receiver)
        return
    work.connection.execute(update(tables.handler).where(
        tables.handler.c.document == document.id, tables.handler.c.person == person,
        tables.handler.c.finished_at.is_(None)).values(person=receiver))
    drafter = {"drafter": receiver} if document.drafter == person else {}
    work.change(document, **drafter)
    work.nobody_waits(document.id, kind, person=person)
    work.wait_for(document.id, kind, person=receiver)


BEFORE_NUMBER = (State.DRAFT, State.CONTENT_CHECK, State.FORMAT_CHECK, State.WAITING_SIGNATURE, State.SIGNED)


def drafts_of(work: Work, person: PersonId) -> list[DocumentId]:
    """Drafts on their way that the person wrote or is to sign, whoever has them now: they may come back."""
    document = tables.document
    return [DocumentId(each) for each in work.connection.scalars(select(document.c.id).where(
        document.c.state.in_(BEFORE_NUMBER), or_(document.c.drafter == person, and_(
            document.c.signer_person == person, document.c.state != State.SIGNED))).order_by(document.c.id))]


def hand_over_draft(work: Work, document: Document, person: PersonId, receiver: PersonId) -> None:
    if document.drafter == person:
        document = work.change(document, drafter=receiver)
        work.let_see(document.id, [receiver])
    if document.signer_person == person and document.state is not State.SIGNED:
        hand_over_signing(work, document, receiver)


def hand_over_signing(work: Work, document: Document, receiver: PersonId) -> None:
    """Another signer is another text: name, title and authority line change, so it is checked again."""
    authority = authority_of(work, receiver, document.type_name, document.unit)
    if authority is None:
        raise FieldWrong("hand_over", Why.NO_AUTHORITY, document.type_name)
    signer = work.actor(receiver)
    changed = work.change(document, signer_person=receiver, signer_name=signer.name, signer_position=authority.title)
    work.let_see(document.id, [receiver])
    text_changed(work, changed)


@dataclass(frozen=True, slots=True)
class ReactivatePerson(Command):
    """The person comes back; posts are given anew."""

    person: PersonId


@rule(ReactivatePerson, by=Role.ADMINISTRATOR, kinds={"person": AskKind.PERSON})
def reactivate_person(work: Work, me: Actor, c: ReactivatePerson) -> Receipt:
    if work.connection.scalar(select(tables.person.c.active).where(tables.person.c.id == c.person)) is not False:
        raise FieldWrong("person", Why.UNKNOWN)
    work.connection.execute(update(tables.person).where(tables.person.c.id == c.person).values(active=True))
    work.people_changed()
    return made(work, c, person=c.person)


