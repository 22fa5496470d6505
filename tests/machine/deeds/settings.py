"""What the office lays down for everybody: numbers and registers, calendar, limits, routes, freezing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from docclient.office import series
from docclient.office.commands.agencies import CloseAgency
from docclient.office.commands.deadlines import ForgetCalendarDays, SetCalendarDays, SetTypeDeadline
from docclient.office.commands.form import SetFormCheck
from docclient.office.commands.freezing import FreezeDocuments, UnfreezeDocuments
from docclient.office.commands.numbers import EndNumberSeries, SetNumberSeries
from docclient.office.commands.office_closing import CloseRegister, StartNewBody
from docclient.office.commands.people import OpenRegister, RegisterKind, SetFact
from docclient.office.commands.routing import AddRegisterRule, AddRoutingRule, RemoveRegisterRule, RemoveRoutingRule
from docclient.office.commands.scan_profiles import RemoveScanProfile, SetScanProfile
from docclient.office.commands.silence import SetSilenceDays
from docclient.office.form import FormSetting
from docclient.office.model import Handler, State, today
from docclient.office.registering import register_titles
from docclient.office.scan_profiles import ProfilePart, profiles_of
from docclient.office.silence import ACCEPTED_DAYS, ARRIVED_DAYS
from docclient.office.working_days import CalendarDay, DayKind
from docclient.store import tables
from tests.machine.choosing import TYPES
from tests.machine.deeds.people import ADMINISTRATOR
from tests.machine.deeds.scene import NOBODY, Deed, Scene, deed

SUB_REGISTER, NEW_BODY = "Sổ phụ ", "H99.9."
CHIEFS = (ADMINISTRATOR, "chief_of_office")


@deed(SetFact)
def set_fact(here: Scene) -> Deed | None:
    """With no day of waiting, recipients are silent from the first moment: somebody can be reminded."""
    waits = here.read(lambda work: work.fact(ARRIVED_DAYS))
    if waits == "0" and here.chance.random() < 0.8:
        return Deed(ADMINISTRATOR, SetFact("seal_diameter_mm", str(here.chance.randrange(34, 40))), {"value": "lớn"})
    return Deed(ADMINISTRATOR, SetFact(ARRIVED_DAYS if waits != "0" else ACCEPTED_DAYS, "0"),
                refused=(SetFact("seal_diameter_mm", "900"),))


@deed(SetFormCheck)
def set_form_check(here: Scene) -> Deed | None:
    return Deed(ADMINISTRATOR, SetFormCheck(here.chance.choice((FormSetting.ADVICE, FormSetting.BLOCKING,
                                                                FormSetting.ADVICE, FormSetting.OFF))))


@deed(SetScanProfile)
def set_scan_profile(here: Scene) -> Deed | None:
    if len(here.read(profiles_of)) >= 5:
        return None
    locked = here.chance.choice(((), (ProfilePart.RESOLUTION,)))
    return Deed(ADMINISTRATOR, SetScanProfile(here.fresh("Quét "), locked=locked),
                {"profile": here.chance.choice(("  ", "x" * 61)), "locked": (ProfilePart.SOURCE,)})


@deed(RemoveScanProfile)
def remove_scan_profile(here: Scene) -> Deed | None:
    names = sorted(each.profile for each in here.read(profiles_of))
    return None if not names else Deed(
        ADMINISTRATOR, RemoveScanProfile(here.chance.choice(names)), {"profile": "Quét không có"})


# --- numbers and registers -------------------------------------------------------------------------------------------


@deed(OpenRegister)
def open_register(here: Scene) -> Deed | None:
    kind = here.chance.choice((RegisterKind.INCOMING, RegisterKind.OUTGOING))
    return Deed(ADMINISTRATOR, OpenRegister(kind, today().year, here.fresh(SUB_REGISTER)),
                {"title": " ", "last_number": -1, "year": 1066})


@deed(CloseRegister)
def close_register(here: Scene) -> Deed | None:
    register = tables.register.c
    found = here.one(select(register.id).where(register.title.like(f"{SUB_REGISTER}%"), register.closed.is_(False)))
    return None if found is None else Deed(
        here.any_of(*CHIEFS), CloseRegister(found, "hết năm"), {"register": NOBODY, "reason": ""})


@deed(StartNewBody)
def start_new_body(here: Scene) -> Deed | None:
    """The agency is merged away, and the body that takes its place works on in this office. Once in an office's life:
    everything begins at 01."""
    code = here.one(select(tables.agency.c.code).where(tables.agency.c.own.is_(True)))
    if code.startswith(NEW_BODY):
        return None
    return Deed(ADMINISTRATOR, StartNewBody(
        here.fresh(NEW_BODY), here.fresh("Ủy ban nhân dân xã Mới "), here.fresh("UBM"), "Phú An", today(), "NQ 4"),
        {"code": "", "basis": " ", "symbol": ""}, first=(CloseAgency(code, today(), "Nghị quyết 4/NQ-HĐND"),))


@deed(SetNumberSeries)
def set_series(here: Scene) -> Deed | None:
    year = today().year
    known = here.read(series.all_series)
    if len(known) > 5:
        return None
    wrong = {"name": " ", "from_year": year - 1, "types": ("Loại không có",)}
    if here.chance.random() < 0.3:
        return Deed(ADMINISTRATOR, SetNumberSeries(here.fresh("Hội đồng "), council=here.fresh("HD")),
                    {**wrong, "council": ""})
    served = {name for each in known for name in each.types}
    alone = select(tables.document_type.c.abbreviation).group_by(tables.document_type.c.abbreviation).having(
        func.count() == 1)
    name = here.one(select(tables.document_type.c.name).where(
        tables.document_type.c.abbreviation.in_(alone), tables.document_type.c.name.not_in(served)))
    if name is None:
        return None
    given = here.read(lambda work: series.given_to_types(work, (name,), year))
    return Deed(ADMINISTRATOR, SetNumberSeries(here.fresh("Sổ riêng "), (name,), here.chance.random() < 0.3,
                                               from_year=year + 1 if given else None),
                {**wrong, "council": "HĐ"}, (SetNumberSeries("Sổ không loại"),))


@deed(EndNumberSeries)
def end_series(here: Scene) -> Deed | None:
    found = here.one(select(tables.number_series.c.id).where(tables.number_series.c.to_year.is_(None)))
    return None if found is None else Deed(ADMINISTRATOR, EndNumberSeries(found), {"series": NOBODY})


# --- days ------------------------------------------------------------------------------------------------------------


@deed(SetCalendarDays)
def set_days(here: Scene) -> Deed | None:
    day = CalendarDay(today() + timedelta(days=here.chance.randrange(1, 200)), here.chance.choice(list(DayKind)),
                      "nghỉ bù", "Thông báo 6/TB")
    return Deed(ADMINISTRATOR, SetCalendarDays((day,)), {"days": (day, day)}, (SetCalendarDays(()),))


@deed(ForgetCalendarDays)
def forget_days(here: Scene) -> Deed | None:
    day = here.one(select(tables.calendar_day.c.day))
    return None if day is None else Deed(ADMINISTRATOR, ForgetCalendarDays((day,)), {"days": ()})


@deed(SetSilenceDays)
def set_silence_days(here: Scene) -> Deed | None:
    return Deed(here.any_of(*CHIEFS), SetSilenceDays(here.chance.randrange(1, 3), here.chance.randrange(1, 4)),
                {"arrived_days": 0, "accepted_days": here.chance.choice((-1, 61))})


@deed(SetTypeDeadline)
def set_type_deadline(here: Scene) -> Deed | None:
    return Deed(here.any_of(*CHIEFS), SetTypeDeadline(here.chance.choice(TYPES), here.chance.randrange(0, 60)),
                {"type_name": "Loại không có", "days": here.chance.choice((-1, 9_999))})


# --- routes ----------------------------------------------------------------------------------------------------------


@deed(AddRoutingRule)
def add_route(here: Scene) -> Deed | None:
    if len(here.rows(select(tables.routing_rule.c.id).where(tables.routing_rule.c.active.is_(True)))) >= 3:
        return None
    lead = here.chance.choice(here.circle.people).person
    return Deed(here.any_of(*CHIEFS), AddRoutingRule(
        Handler("person", lead), here.person(here.any_of("chairman", "vice_chairman")), here.chance.choice(TYPES),
        subject_words=here.chance.choice(("", "báo cáo")), due_days=here.chance.randrange(0, 20)),
        {"leader": here.person("officer_economy"), "type_name": "Loại không có", "due_days": -3,
         "lead": Handler("person", NOBODY)})


@deed(RemoveRoutingRule)
def remove_route(here: Scene) -> Deed | None:
    found = here.one(select(tables.routing_rule.c.id).where(tables.routing_rule.c.active.is_(True)))
    return None if found is None else Deed(here.any_of(*CHIEFS), RemoveRoutingRule(found), {"routing": NOBODY})


@deed(AddRegisterRule)
def add_register_rule(here: Scene) -> Deed | None:
    if len(here.rows(select(tables.register_rule.c.id))) >= 2:
        return None
    title = here.chance.choice(here.read(lambda work: register_titles(work, today().year)))
    return Deed(here.any_of(*CHIEFS), AddRegisterRule(title, here.chance.choice(TYPES)),
                {"title": "Sổ không có", "type_name": "Loại không có"}, (AddRegisterRule(title),))


@deed(RemoveRegisterRule)
def remove_register_rule(here: Scene) -> Deed | None:
    found = here.one(select(tables.register_rule.c.id))
    return None if found is None else Deed(here.any_of(*CHIEFS), RemoveRegisterRule(found), {"rule": NOBODY})


# --- sets of documents -----------------------------------------------------------------------------------------------


@deed(FreezeDocuments)
def freeze(here: Scene) -> Deed | None:
    found = here.one(select(tables.document.c.id).where(tables.document.c.frozen_at.is_(None)))
    return None if found is None else Deed(
        here.any_of(*CHIEFS, "chairman"), FreezeDocuments("theo yêu cầu thanh tra", (found,)),
        {"reason": "", "documents": (NOBODY,)}, (FreezeDocuments("không có gì"),))


@deed(UnfreezeDocuments)
def unfreeze(here: Scene) -> Deed | None:
    document = tables.document.c
    found = here.one(select(document.id).where(document.frozen_at.is_not(None), document.state != State.RECALLED))
    return None if found is None else Deed(
        here.any_of(*CHIEFS, "chairman"), UnfreezeDocuments("đã xong", (found,)),
        {"reason": "", "documents": (NOBODY,)})
