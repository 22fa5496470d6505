"""Who may not take a file away has no button for it, and what is taken away is written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QToolButton

from docclient.desk.saved_copy import save_copy
from docclient.office.commands.rights import WithdrawRight
from docclient.office.errors import NotYours
from docclient.office.model import Handler
from docclient.office.queries.trail import Trail, TrailKind
from docclient.office.rights import Right
from tests.flows.desk import Desk
from tests.offices import OfficeToTest

pytestmark = pytest.mark.window
OFFICER = "officer_economy"


def save_buttons(desk: Desk) -> list[QToolButton]:
    return list(desk.bench.document.details._saves.values())


def test_the_button_goes_with_the_right(make_desk: Callable[..., Desk], sqlite_office: OfficeToTest, tmp_path: Path):
    office = sqlite_office
    view = office.directed("1")
    main = view.main_file()
    assert main is not None
    desk = make_desk(office.place, office=office)
    desk.sit(OFFICER)
    desk.open_document(view.document.id)
    desk.until(lambda: any(each.isVisibleTo(desk.bench.document.details) for each in save_buttons(desk)))
    copy = save_copy(office.door(OFFICER), view.document.id, main.current.digest, tmp_path / "copy.pdf")
    assert copy.read_bytes()[:5] == b"%PDF-"
    office.engine.views.settle()
    trail = office.door("chairman").ask(Trail(view.document.id))
    assert any(each.kind is TrailKind.LOOK and each.code == "view.save" for each in trail.entries)
    now = office.view("chairman", view.document.id).document
    office.door("chairman").do(WithdrawRight(
        now.id, now.version, Handler("person", office.person(OFFICER)), Right.DOWNLOAD, "Chỉ xem tại chỗ"))
    with pytest.raises(NotYours):
        save_copy(office.door(OFFICER), view.document.id, main.current.digest, tmp_path / "again.pdf")
    assert not (tmp_path / "again.pdf").exists()
    desk.bench.document.refresh()
    desk.until(lambda: save_buttons(desk) != [] and not any(
        each.isVisibleTo(desk.bench.document.details) for each in save_buttons(desk)))
