"""The form of a draft on its page, and two versions side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from docclient.desk.drafting import put_draft
from docclient.desk.form import document_form
from docclient.form import check_form
from docclient.office.model import DocumentId
from tests.flows.desk import Desk
from tests.form.letters import LETTER, write
from tests.offices import OfficeToTest
from ui.screens.document.screen import DocumentScreen
from ui.state.form import FormShown

pytestmark = pytest.mark.window


def open_form_of(desk: Desk, slug: str, document: DocumentId) -> DocumentScreen:
    bench = desk.sit(slug)
    desk.open_document(document)
    desk.settle()
    details = bench.document.details
    assert details.isTabVisible(details.indexOf(details.form))
    details.setCurrentWidget(details.form)
    desk.until(lambda: details.form.shown is not None and bool(details.form.shown.findings))
    return bench.document


def test_choosing_a_finding_shows_its_place_on_the_page(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.content_checked().document.id
    screen = open_form_of(desk, "chief_of_office", document)
    panel, canvas = screen.details.form, screen.viewer.canvas
    assert "điểm sai quy định" in panel.words.text()
    rows = panel.rows.rows_model.rows
    panel.rows.setFocus()
    panel.rows.choose(0)
    for number in range(2):
        desk.until(lambda row=rows[number]: [each.key for each in canvas._outlines] == [row.key])
        assert canvas._outlines[0].label == rows[number].rule
        desk.press(Qt.Key.Key_Down, where=panel.rows)
    desk.press(Qt.Key.Key_Up, where=panel.rows)
    assert panel.rows.current_row() == rows[1]


def test_a_signed_document_has_no_form_tab(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.signed().document.id
    bench = desk.sit("clerk")
    desk.open_document(document)
    desk.settle()
    details = bench.document.details
    assert not details.isTabVisible(details.indexOf(details.form))


def test_two_versions_side_by_side(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    document = sqlite_office.drafted().document.id
    view = sqlite_office.view("officer_economy", document)
    pdf = sqlite_office.material.letter("Thực hiện yêu cầu của Sở Nội vụ, Ủy ban nhân dân xã báo cáo số liệu như sau.",
                                        tmp_path / "second.pdf")
    put_draft(sqlite_office.door("officer_economy"), document, view.document.version, pdf)
    screen = open_form_of(desk, "officer_economy", document)
    screen.details.form.compare.click()
    desk.until(lambda: screen.form.dialog is not None and screen.form.dialog.shown is not None)
    dialog = screen.form.dialog
    # the newest is the prepared form of the one before it: fields came; compare the texts of both drafts
    dialog.choices[0].setCurrentIndex(0)
    dialog.choices[1].setCurrentIndex(2)
    desk.until(lambda: any("số liệu" in row.words for row in dialog.shown.rows))
    assert [(row.what, row.words) for row in dialog.shown.rows] == [("Chữ: sửa", "kết quả → số liệu")]
    assert "không có thay đổi nào khác" in dialog.words.text()
    assert [each.key for each in dialog.viewers[1].canvas._outlines] == ["0"]
    dialog.reject()


def test_a_right_draft_says_so_in_one_line(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    document = sqlite_office.drafted().document.id
    looked = document_form(sqlite_office.door("officer_economy"), document)
    bench = desk.sit("officer_economy")
    report = check_form(write(LETTER, tmp_path / "right.pdf"))
    shown = FormShown.of(replace(looked, report=report), bench.session.texts)
    assert (shown.words, shown.findings, shown.tone) == ("Không phát hiện lỗi thể thức.", (), "good")
