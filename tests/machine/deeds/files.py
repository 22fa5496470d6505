"""The year's list of case files, case files, tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from docclient.office.case_files import CaseFileState, Retention, load_case_file, may_keep
from docclient.office.commands.case_files import HandIn, HandOverCaseFiles, OpenCaseFile
from docclient.office.commands.file_plan import (
    AddHeading,
    ApproveFilePlan,
    ChangeHeading,
    PlanCaseFile,
    PlanYear,
    RemoveHeading,
)
from docclient.office.commands.tasks import GiveTask
from docclient.office.model import today
from docclient.store import tables
from tests.machine.deeds.scene import NOBODY, Deed, Scene, deed

PLANNERS = ("clerk", "chief_of_office")
KEEPERS = ("clerk", "chief_of_office", "head_economy", "officer_economy", "officer_culture_society", "chairman")


def open_plan_year(here: Scene, *, with_files: bool = False) -> int | None:
    plan = tables.file_plan.c
    query = select(plan.year).where(plan.approved_at.is_(None))
    if with_files:
        query = query.where(plan.id.in_(select(tables.file_plan_heading.c.plan).join(
            tables.case_file, tables.case_file.c.heading == tables.file_plan_heading.c.id)))
    return here.one(query)  # type: ignore[no-any-return]


@deed(PlanYear)
def plan_year(here: Scene) -> Deed | None:
    taken = {row[0] for row in here.rows(select(tables.file_plan.c.year))}
    free = [year for year in range(today().year, today().year + 6) if year not in taken]
    if not free or open_plan_year(here) is not None:
        return None
    earlier = here.chance.choice([None, *sorted(taken)])
    return Deed(here.any_of(*PLANNERS), PlanYear(here.chance.choice(free), here.chance.random() < 0.5, earlier),
                {"year": here.chance.choice((1000, *taken)), "copy_of": 1950})


@deed(AddHeading)
def add_heading(here: Scene) -> Deed | None:
    year = open_plan_year(here)
    if year is None:
        return None
    heading = tables.file_plan_heading.c
    large = here.one(select(heading.id).join(tables.file_plan, tables.file_plan.c.id == heading.plan).where(
        tables.file_plan.c.year == year, heading.parent.is_(None)))
    if large is not None and here.chance.random() < 0.5:
        return Deed(here.any_of(*PLANNERS), AddHeading(year, here.fresh("Đề mục nhỏ "), parent=large),
                    {"name": "", "year": 1950, "parent": NOBODY})
    return Deed(here.any_of(*PLANNERS), AddHeading(year, here.fresh("Đề mục "), here.fresh("DM")),
                {"name": "  ", "year": 1950, "abbreviation": ""})


@deed(PlanCaseFile)
def plan_case_file(here: Scene) -> Deed | None:
    year = open_plan_year(here)
    heading = tables.file_plan_heading.c
    found = here.one(select(heading.id).join(tables.file_plan, tables.file_plan.c.id == heading.plan).where(
        tables.file_plan.c.year == year)) if year is not None else None
    return None if found is None else Deed(here.any_of(*PLANNERS), PlanCaseFile(
        found, here.fresh("Hồ sơ dự kiến "), here.chance.choice(list(Retention)), here.person(here.any_of(*KEEPERS))),
        {"heading": NOBODY, "title": "", "owner": NOBODY})


def heading_being_made(here: Scene, *, empty: bool = False) -> Any:
    heading, small = tables.file_plan_heading.c, tables.file_plan_heading.alias().c
    query = select(heading.id, heading.parent, heading.abbreviation).join(
        tables.file_plan, tables.file_plan.c.id == heading.plan).where(tables.file_plan.c.approved_at.is_(None))
    if empty:
        query = query.where(
            heading.id.not_in(select(tables.case_file.c.heading).where(tables.case_file.c.heading.is_not(None))),
            heading.id.not_in(select(small.parent).where(small.parent.is_not(None))))
    return here.row(query)


@deed(ChangeHeading)
def change_heading(here: Scene) -> Deed | None:
    found = heading_being_made(here)
    return None if found is None else Deed(
        here.any_of(*PLANNERS), ChangeHeading(found.id, here.fresh("Đề mục đổi tên "), found.abbreviation),
        {"heading": NOBODY, "name": " ", **({} if found.parent else {"abbreviation": ""})})


@deed(RemoveHeading)
def remove_heading(here: Scene) -> Deed | None:
    found = heading_being_made(here, empty=True)
    return None if found is None else Deed(here.any_of(*PLANNERS), RemoveHeading(found.id), {"heading": NOBODY})


@deed(ApproveFilePlan)
def approve_plan(here: Scene) -> Deed | None:
    year = open_plan_year(here, with_files=True)
    return None if year is None else Deed(
        here.any_of("chairman", "vice_chairman"), ApproveFilePlan(year, "Quyết định 1/QĐ-UBND"),
        {"year": 1950, "decision": ""})


# --- case files ------------------------------------------------------------------------------------------------------


@deed(OpenCaseFile)
def open_case_file(here: Scene) -> Deed | None:
    taken = here.one(select(tables.case_file.c.notation).where(tables.case_file.c.year == today().year))
    return Deed(here.any_of(*KEEPERS), OpenCaseFile(
        here.fresh("Hồ sơ công việc "), here.chance.choice(list(Retention))),
                {"title": " ", "owner": NOBODY, **({"notation": taken} if taken else {})})


@deed(HandOverCaseFiles)
def hand_over(here: Scene) -> Deed | None:
    slug = here.any_of(*KEEPERS)
    me = here.me(slug)

    def mine(work: object) -> list[tuple[str, str]]:
        files = tables.case_file.c
        rows = work.connection.execute(  # type: ignore[attr-defined]
            select(files.id, files.owner).where(files.state != CaseFileState.HANDED_IN, files.owner == me.person)).all()
        return [(row.id, row.owner) for row in rows
                if may_keep(work, me, load_case_file(work, me, row.id))]  # type: ignore[arg-type]

    found = here.read(mine)
    others = [here.person(each) for each in KEEPERS if each != slug]
    return None if not found else Deed(slug, HandOverCaseFiles(
        (here.chance.choice(found)[0],), here.chance.choice(others), "đi học dài hạn"),
        {"case_files": (), "reason": " ", "to": me.person})


@deed(HandIn)
def hand_in(here: Scene) -> Deed | None:
    files = tables.case_file.c
    found = here.one(select(files.id).where(files.state == CaseFileState.CLOSED, files.hand_in_due.is_not(None)))
    return None if found is None else Deed("clerk", HandIn((found,)), {"case_files": (NOBODY,)}, (HandIn(()),))


@deed(GiveTask)
def give_task(here: Scene) -> Deed | None:
    giver = here.any_of("chairman", "chief_of_office", "head_economy", "officer_economy")
    if giver == "officer_economy":
        lead, helping = here.person(giver), ()
    else:
        lead, *rest = here.chance.sample([each.person for each in here.circle.people], 3)
        helping = tuple(rest[:here.chance.randrange(0, 3)])
    return Deed(giver, GiveTask(here.fresh("Việc số "), lead, "Làm ngay", today() + timedelta(days=10), helping),
                {"title": "", "lead": NOBODY, "due_date": today() - timedelta(days=1), "helping": (lead,),
                 "documents": (NOBODY,)})
