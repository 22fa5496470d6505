"""The trail, over both databases: acts and looks by time, who held it, prints with their mark, counts (E1, F1, F3)."""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from docclient.desk.marked_print import write_marked_copy
from docclient.office.commands.using import NoteUse, Use
from docclient.office.engine import OfficeEngine
from docclient.office.errors import FieldWrong, NotFound, NotYours
from docclient.office.model import WaitKind, today
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.trail import AccessCounts, HeldView, Trail, TrailKind, by_unit
from docclient.office.views import SLOT_SECONDS, Look, ViewKind
from docclient.store import tables
from tests.generators.clock import playing_from
from tests.offices import OfficeToTest

OFFICER = "officer_economy"


def test_e1_acts_and_looks_stand_in_the_order_of_time(office: OfficeToTest):
    view = office.directed("1")
    officer = office.door(OFFICER)
    officer.read(view.files[0].current.digest).close()
    office.engine.views.settle()
    found = office.door("chairman").ask(Trail(view.document.id))
    acts = [each.code for each in found.entries if each.kind is TrailKind.ACT]
    assert acts == ["done.ReceivePacket", "done.RegisterIncoming", "done.DirectIncoming"]
    looks = {(each.person_name, each.code) for each in found.entries if each.kind is TrailKind.LOOK}
    assert (officer.me.name, "view.page") in looks and (officer.me.name, "view.file") in looks
    assert [each.at for each in found.entries] == sorted(each.at for each in found.entries)
    assert found.lookers == 2 and found.looks == len([e for e in found.entries if e.kind is TrailKind.LOOK])
    with pytest.raises(NotFound):
        office.door("administrator").ask(Trail(view.document.id))


def test_the_same_look_counts_once_in_a_quarter_of_an_hour_also_after_a_restart(office: OfficeToTest):
    document = office.directed("1").document.id
    for _ in range(5):
        office.door("clerk").ask(DocumentPage(document))
    office.engine.views.settle()
    again = OfficeEngine.open(office.place)
    try:
        again.enter(office.person("clerk")).ask(DocumentPage(document))
    finally:
        again.close()                       # waits for what was handed in
    with office.engine.reading() as work:
        slots = work.connection.scalars(select(tables.view_log.c.slot).where(
            tables.view_log.c.document == document, tables.view_log.c.person == office.person("clerk"))).all()
    assert len(slots) == len(set(slots)) <= 2      # two where the quarter ended meanwhile
    later = datetime.now(UTC) + timedelta(seconds=SLOT_SECONDS)
    office.engine.views.note(Look(office.person("clerk"), ViewKind.PAGE, later, document=document))
    office.engine.views.settle()
    with office.engine.reading() as work:
        assert len(work.connection.scalars(select(tables.view_log.c.id).where(
            tables.view_log.c.document == document,
            tables.view_log.c.person == office.person("clerk"))).all()) == len(slots) + 1


def test_reading_does_not_wait_while_another_writes(sqlite_office: OfficeToTest):
    office = sqlite_office
    document = office.directed("1").document.id
    office.engine.views.settle()
    entered, leave, answered = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        with office.engine.writing():
            entered.set()
            leave.wait(60)

    def read() -> None:
        office.door("chief_of_office").ask(DocumentPage(document))
        answered.set()

    holder, reader = threading.Thread(target=hold), threading.Thread(target=read)
    holder.start()
    assert entered.wait(30)
    reader.start()
    assert answered.wait(30)                # the answer came although nothing could be written
    leave.set()
    holder.join()
    reader.join()
    office.engine.views.settle()
    found = office.door("clerk").ask(Trail(document))
    assert any(each.person_name == office.door("chief_of_office").me.name for each in found.entries)


def test_f3_prints_are_kept_with_their_mark(office: OfficeToTest):
    view = office.directed("1")
    digest = view.files[0].current.digest
    officer = office.door(OFFICER)
    officer.do(NoteUse(Use.PRINT, view.document.id, digest=digest, mark="IN-0001"))
    officer.do(NoteUse(Use.PRINT, view.document.id, digest=digest, mark="IN-0002"))
    officer.do(NoteUse(Use.EXPORT, paper="Sổ đăng ký văn bản đến 2026"))
    marks = [each.mark for each in office.door("clerk").ask(Trail(view.document.id)).entries if each.mark]
    assert marks == ["IN-0001", "IN-0002"]
    for wrong in (NoteUse(Use.PRINT), NoteUse(Use.PRINT, view.document.id, mark="x" * 41)):
        with pytest.raises(FieldWrong):
            officer.do(wrong)
    other = office.received("2")
    with pytest.raises(NotFound):
        officer.do(NoteUse(Use.SAVE, other.document.id))


def test_f1_accesses_are_counted_and_the_administrator_sees_no_content(office: OfficeToTest):
    with playing_from(datetime.now(UTC)):            # within one quarter of an hour, so that each person counts once
        first, second = office.directed("7").document, office.registered("8").document
        office.door("chairman").ask(DocumentPage(first.id))
        office.engine.views.settle()
    counts = office.door("clerk").ask(AccessCounts(today() - timedelta(days=1), today()))
    items = {each.document: each for each in counts.items}
    assert items[first.id].accesses == 3 and items[first.id].persons == 3 and items[first.id].title == first.subject
    assert items[second.id].accesses == 1 and counts.total == sum(counts.kinds.values()) == 4
    assert sum(number for _, number in counts.days) == counts.total
    blind = office.door("administrator").ask(AccessCounts(today() - timedelta(days=1), today()))
    assert blind.total == counts.total and {each.title for each in blind.items} == {""}
    with pytest.raises(NotYours):
        office.door(OFFICER).ask(AccessCounts(today(), today()))
    assert office.door("clerk").ask(AccessCounts(today() - timedelta(days=9), today() - timedelta(days=8))).total == 0


def test_how_long_each_unit_held_it(office: OfficeToTest):
    view = office.directed("1")
    found = office.door("clerk").ask(Trail(view.document.id))
    assert [(each.kind.value, each.until is None) for each in found.held] == [
        ("receive", False), ("direct", False), ("handle", True)]
    assert found.held[2].holder_name == office.door(OFFICER).me.name
    assert found.held[0].unit_name and found.last_moved == found.held[2].since
    assert {each.unit_name for each in found.units} == {each.unit_name for each in found.held}


def test_stretches_of_one_unit_that_overlap_count_once(office: OfficeToTest):
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)                   # a Monday morning
    held = [HeldView(kind, name, "Phòng Kinh tế", None, start + timedelta(hours=a), start + timedelta(hours=b), 0, 0)
            for kind, name, a, b in (
                (WaitKind.HANDLE, "A", 0, 10), (WaitKind.HELP, "B", 5, 30), (WaitKind.HANDLE, "A", 48, 50))]
    with office.engine.reading() as work:
        (unit,) = by_unit(work, held)
    assert unit.seconds == 32 * 3600 and unit.working_days == 1


def test_f3_a_copy_to_print_carries_its_mark_on_every_page_and_leaves_the_original_alone(office: OfficeToTest,
                                                                                         tmp_path: Path):
    view = office.directed("1")
    officer = office.door(OFFICER)
    copy = PdfReader(write_marked_copy(officer, view.document.id, tmp_path / "copy.pdf"))
    marks = [each.mark for each in officer.ask(Trail(view.document.id)).entries if each.mark]
    (mark,) = marks
    digest = view.files[0].current.digest
    for page in copy.pages:
        text = page.extract_text()
        assert mark in text and officer.me.name in text and digest[:16] in text and "Kính gửi" in text
    with officer.read(digest) as stream:
        original = stream.read()
    assert hashlib.sha256(original).hexdigest() == digest and mark.encode() not in original
    assert office.view(OFFICER, view.document.id).files == view.files
