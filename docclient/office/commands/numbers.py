"""Series of numbers, as the agency's head decides them (NĐ 30 Art 15.1), and documents that were signed on paper."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from docclient.office import series
from docclient.office.authority import must_have_authority
from docclient.office.commands.assigning import drafter_in
from docclient.office.commands.issuing import number_document
from docclient.office.commands.outgoing import new_draft
from docclient.office.delivering import ON_PAPER, deliver_inside, exchange_identity
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.drafting import set_recipients
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import (
    Actor,
    Channel,
    Handler,
    PersonId,
    Role,
    State,
    UnitId,
    Urgency,
    new_id,
    today,
)
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class SetNumberSeries(Command):
    """A run of numbers of its own, from a year on: for some types, for one type of normative texts
    (`nn/yyyy/TYPE-AGENCY`), or for a council that uses the agency's seal (council: its abbreviation in symbols). Every
    run begins at 01 on 1 January. In a year in which such a document has its number already, a run can begin no more:
    the same number and symbol would come twice."""

    name: str
    types: tuple[str, ...] = ()
    normative: bool = False
    council: str = ""
    from_year: int | None = None


@rule(SetNumberSeries, by=Role.ADMINISTRATOR, kinds={"types": AskKind.TYPES})
def set_number_series(work: Work, me: Actor, c: SetNumberSeries) -> Receipt:
    if not c.name.strip():
        raise FieldWrong("name", Why.EMPTY)
    year, types, council = c.from_year or today().year, tuple(dict.fromkeys(c.types)), c.council.strip()
    if year < today().year:
        raise FieldWrong("from_year", Why.IN_THE_PAST)
    if bool(types) == bool(council):
        raise FieldWrong("types", Why.EMPTY if not types else Why.TAKEN)
    others = [each for each in series.all_series(work) if each.to_year is None or each.to_year >= year]
    if c.name.strip() in {each.name for each in series.all_series(work)} | common_titles(work):
        raise FieldWrong("name", Why.TAKEN)
    if council:
        if council == work.fact("symbol") or council in {each.council for each in others}:
            raise FieldWrong("council", Why.SAME_SYMBOL, council)
    else:
        types_may_have_it(work, c, types, others, year)
    identity = new_id()
    work.connection.execute(insert(tables.number_series).values(
        id=identity, name=c.name.strip(), types=json.dumps(list(types), ensure_ascii=False), normative=c.normative,
        council=council or None, from_year=year, to_year=None))
    return Receipt(type(c).__name__, work.entry, facts={"series": identity})


def common_titles(work: Work) -> set[str]:
    return set(work.connection.scalars(select(tables.register.c.title).where(
        tables.register.c.kind == series.OUTGOING, tables.register.c.series.is_(None))))


def types_may_have_it(work: Work, c: SetNumberSeries, types: tuple[str, ...], others: list[series.Series],
                      year: int) -> None:
    """Raises: FieldWrong: a type is unknown, in a series already, would share its symbol with another run, or has
    numbers of that year."""
    abbreviations = {row.name: row.abbreviation for row in work.connection.execute(select(
        tables.document_type.c.name, tables.document_type.c.abbreviation))}
    for each in types:
        if each not in abbreviations:
            raise FieldWrong("types", Why.UNKNOWN, each)
        if any(each in other.types for other in others):
            raise FieldWrong("types", Why.TWICE, each)
    if c.normative and len(types) != 1:
        raise FieldWrong("types", Why.ONE_TYPE)
    if not c.normative:
        mine = {abbreviations[each] for each in types}
        apart = {each for other in others if other.normative for each in other.types}      # their symbols have a year
        shared = [name for name, abbreviation in abbreviations.items()
                  if abbreviation in mine and name not in types and name not in apart]
        if shared:
            raise FieldWrong("types", Why.SAME_SYMBOL, ", ".join(shared))
    if series.given_to_types(work, types, year):
        raise FieldWrong("from_year", Why.NUMBERS_GIVEN)


@dataclass(frozen=True, slots=True)
class EndNumberSeries(Command):
    """A run ends with this year: from the next its types draw from the common run again."""

    series: str


@rule(EndNumberSeries, by=Role.ADMINISTRATOR)
def end_number_series(work: Work, me: Actor, c: EndNumberSeries) -> Receipt:
    found = next((each for each in series.all_series(work) if each.id == c.series), None)
    if found is None:
        raise FieldWrong("series", Why.UNKNOWN)
    if found.to_year is not None:               # said once; later years may have another run by now
        raise FieldWrong("series", Why.ALREADY_ENDED)
    work.connection.execute(update(tables.number_series).where(tables.number_series.c.id == c.series)
                            .values(to_year=max(today().year, found.from_year)))
    return Receipt(type(c).__name__, work.entry)


@dataclass(frozen=True, slots=True)
class RegisterOutgoingPaper(Command):
    """Enter a document that was signed on paper under the next number of its run, which paper and electronic documents
    share (NĐ 30 Art 15.1). Its day is today: nothing is entered with an earlier date. unit: that drafted it, or who in
    it did. recipients get it on paper."""

    type_name: str
    subject: str
    signer: PersonId
    unit: Handler
    recipients: tuple[str, ...] = ()
    inside: tuple[Handler, ...] = ()
    copies: int | None = None
    urgency: Urgency = Urgency.NORMAL
    note: str = ""


@rule(RegisterOutgoingPaper, by=Role.CLERK,
      kinds={"subject": AskKind.LONG_TEXT, "signer": AskKind.PERSON})
def register_outgoing_paper(work: Work, me: Actor, c: RegisterOutgoingPaper) -> Receipt:
    if not c.subject.strip():
        raise FieldWrong("subject", Why.EMPTY)
    if c.copies is not None and not 0 < c.copies < 1_000_000:
        raise FieldWrong("copies", Why.NEGATIVE)
    if c.unit.kind == "unit" and not work.heads_of(UnitId(c.unit.id)):      # the leaders' own, say
        drafter, unit = me.person, known_unit(work, c.unit.id)
    else:
        drafter, unit = drafter_in(work, c.unit, "unit")
    must_have_authority(work, c.signer, c.type_name, unit)
    signer, day = work.actor(c.signer), today()
    document = new_draft(work, drafter, unit, type_name=c.type_name, subject=c.subject, urgency=c.urgency,
                         signer_person=c.signer, signer_name=signer.name, signer_position=signer.title,
                         channel=Channel.PAPER, issued_amount=c.copies, note=c.note or None)
    work.nobody_waits(document.id)
    set_recipients(work, document.id, c.recipients, c.inside)
    work.connection.execute(update(tables.delivery).where(tables.delivery.c.document == document.id)
                            .values(transport_state=ON_PAPER))
    given = number_document(work, document, day)
    changed = work.change(document, state=State.ISSUED, register=given.register, out_number=given.number,
                          code_number=given.written, issued_date=day, signed_at=work.at, issued_moment=work.at)
    changed = work.change(changed, exchange_id=exchange_identity(changed))
    deliver_inside(work, document.id, c.inside)
    return receipt_for(work, c, changed, number=changed.number_and_symbol)


def known_unit(work: Work, unit: str) -> UnitId:
    """Raises: FieldWrong."""
    if work.connection.scalar(select(tables.unit.c.id).where(tables.unit.c.id == unit)) is None:
        raise FieldWrong("unit", Why.UNKNOWN)
    return UnitId(unit)
