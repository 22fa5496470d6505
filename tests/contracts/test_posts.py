"""Posts that have ended or not begun give nothing: no name, notice, check or title comes of them (both databases)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from docclient.office.authority import head_title
from docclient.office.commands.incoming import first_leader
from docclient.office.commands.leaving import ChangePost, EndPost
from docclient.office.commands.people import AddPost
from docclient.office.drafting import checks_format
from docclient.office.errors import NotFound
from docclient.office.model import Flow, Role, UnitId, today
from docclient.office.posts import HeldPost, ever_with, has_role, persons_with, post_on
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.documents import ListDocuments
from docclient.office.queries.handling import HandlingOf
from docclient.office.queries.notices import MyNotices
from docclient.office.queries.trail import Trail
from docclient.store import tables
from tests.drafts import draft, now
from tests.offices import OfficeToTest

DAY = timedelta(days=1)


def give_former_posts(office: OfficeToTest, slug: str, *roles: Role) -> list[str]:
    """Posts in the officer's own unit that ended yesterday."""
    administrator, unit = office.door("administrator"), office.door("officer_economy").me.posts[0].unit
    given = [administrator.do(AddPost(office.person(slug), unit, "Chức danh cũ", role, "TM." if role is Role.LEADER
                                      else "")).facts["post"] for role in roles]
    for post in given:
        administrator.do(EndPost(post, today() - DAY))
    return given


def test_a_post_that_has_ended_gives_nothing(office: OfficeToTest):
    slug = "officer_culture_society"
    give_former_posts(office, slug, Role.CLERK, Role.LEADER, Role.CHIEF_OF_OFFICE, Role.HEAD_OF_UNIT)
    former, name = office.person(slug), office.door(slug).me.name
    unit = office.door("officer_economy").me.posts[0].unit
    received = office.received("901").document.id
    has_it = office.door("clerk").ask(HandlingOf(received)).has_it
    assert has_it and name not in has_it
    assert not [each for each in office.door(slug).ask(MyNotices()).rows if each.document == received]
    with office.engine.reading() as work:
        for role in (Role.CLERK, Role.LEADER, Role.CHIEF_OF_OFFICE):
            assert former not in persons_with(work.connection, role)
            assert not has_role(work.connection, former, role)
        assert former not in work.heads_of(unit)
        assert former in ever_with(work.connection, Role.CLERK)
        assert first_leader(work) == office.person("chairman")
        assert head_title(work) != "Chức danh cũ"
        assert checks_format(work, now(office, draft(office, slug=slug, file=False), slug)) is Role.CHIEF_OF_OFFICE


def test_whoever_holds_no_post_any_more_sees_nothing_of_what_was_given(office: OfficeToTest):
    document = office.finished("902").document.id
    slug = "officer_economy"
    assert [row.id for row in office.door(slug).ask(ListDocuments(Flow.INCOMING)).rows] == [document]
    with office.engine.reading() as work:
        (post,) = work.connection.scalars(select(tables.post.c.id).where(tables.post.c.person == office.person(slug)))
    office.door("administrator").do(EndPost(post, today() - DAY))
    former = office.door(slug)
    assert former.me.posts == ()
    assert former.ask(ListDocuments(Flow.INCOMING)).rows == ()
    with pytest.raises(NotFound):
        former.ask(DocumentPage(document))


def test_a_post_that_has_not_begun_gives_nothing_either(office: OfficeToTest):
    administrator, slug = office.door("administrator"), "officer_culture_society"
    person, unit = office.person(slug), office.door("officer_economy").me.posts[0].unit
    post = administrator.do(AddPost(person, unit, "Văn thư", Role.CLERK)).facts["post"]
    later = administrator.do(ChangePost(post, today() + DAY, title="Văn thư kiêm nhiệm")).facts["post"]
    administrator.do(EndPost(post, today() - DAY))
    assert later != post
    with office.engine.reading() as work:
        assert person not in persons_with(work.connection, Role.CLERK)
    received = office.received("902").document.id
    assert office.door(slug).me.name not in office.door("clerk").ask(HandlingOf(received)).has_it


def test_who_held_it_then_is_shown_with_the_unit_of_then(office: OfficeToTest):
    """Moved to another unit since: what was held before stays with the unit that held it."""
    administrator = office.door("administrator")
    view = office.directed("903")
    before = [each.unit_name for each in office.door("chairman").ask(Trail(view.document.id)).held]
    other = office.door("chief_of_office").me.posts[0].unit
    with office.engine.reading() as work:
        post = work.connection.exec_driver_sql(
            f"SELECT id FROM post WHERE person = '{office.person('officer_economy')}'").scalar()
    administrator.do(ChangePost(str(post), today() + DAY, unit=other))
    assert [each.unit_name for each in office.door("chairman").ask(Trail(view.document.id)).held] == before


def test_the_post_of_a_day() -> None:
    day = today()
    old = HeldPost("a", UnitId("1"), "Phòng cũ", None, day - 10 * DAY)
    new = HeldPost("a", UnitId("2"), "Phòng mới", day - 9 * DAY, day - DAY)
    future = HeldPost("a", UnitId("3"), "Phòng sau", day + DAY, None)
    posts = (old, new, future)
    assert post_on(posts, day - 20 * DAY) is old and post_on(posts, day - 5 * DAY) is new
    assert post_on(posts, day) is new                                  # nobody's today: where they were last
    assert post_on(posts, day + 2 * DAY) is future
    assert post_on((future,), day) is None
