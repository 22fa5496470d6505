"""Fields moved about in the window: mouse, arrows, exact millimetres; on turned pages and such of a larger unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from signing.form import AGENCY, LEADER, NUMBER
from signing.places import propose_places
from signing.prepare import prepare
from signing.spot_warnings import SpotWarning
from tests.offices import Material
from ui.background import Background
from ui.dialogs.placement_dialog import PlacementDialog
from ui.rendering.renderer import Renderer
from ui.texts import Texts
from ui.widgets.placement import PlacementEditor, PlacementTask

pytestmark = pytest.mark.window

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Open = Callable[..., PlacementDialog]


@pytest.fixture
def open_dialog(qtbot, texts: Texts, background: Background, renderer: Renderer) -> Open:
    def open_it(file: Path, said: Texts = texts, **more: object) -> PlacementDialog:
        task = PlacementTask(file, propose_places(file).by_field(), **more)
        dialog = PlacementDialog(said, background, renderer, task, about="Công văn", explain="placement.explain_draft")
        dialog.resize(1280, 800)
        qtbot.addWidget(dialog)
        with qtbot.waitActive(dialog), qtbot.waitSignals([dialog.editor.ready, dialog.editor.checked]):
            dialog.show()
            dialog.activateWindow()
        return dialog

    return open_it


def at(editor: PlacementEditor, name: str) -> tuple[float, ...]:
    field = editor.view.field(name)
    assert field is not None
    return tuple(round(length, 1) for length in editor.view.mm(field))


def middle(editor: PlacementEditor, name: str) -> QPoint:
    field = editor.view.field(name)
    assert field is not None
    canvas = editor.canvas
    return (canvas.rectangle(field).center().toPoint()
            - QPoint(canvas.horizontalScrollBar().value(), canvas.verticalScrollBar().value()))


def test_arrows_move_by_millimetres_and_are_taken_back(qtbot, open_dialog: Open, material: Material) -> None:
    dialog = open_dialog(material.draft)
    editor = dialog.editor
    editor.canvas.setFocus()
    editor.canvas.show_view(editor.view.choose(LEADER))
    editor._become(editor.canvas.view)
    x, y, *_ = at(editor, LEADER)
    for key, held, wanted in ((Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (x + 1, y)),
                              (Qt.Key.Key_Right, CONTROL, (x + 1.1, y)), (Qt.Key.Key_Up, SHIFT, (x + 1.1, y - 5))):
        qtbot.keyClick(editor.canvas, key, held)
        assert at(editor, LEADER)[:2] == pytest.approx(wanted, abs=0.11)
    assert editor.panel.measures["x"].value() == pytest.approx(x + 1.1, abs=0.11)
    for _ in range(3):
        qtbot.keyClick(dialog, Qt.Key.Key_Z, CONTROL)
    assert at(editor, LEADER)[:2] == (x, y) and not editor.view.changed
    qtbot.keyClick(dialog, Qt.Key.Key_Y, CONTROL)
    assert at(editor, LEADER)[0] == pytest.approx(x + 1, abs=0.11)
    qtbot.keyClick(dialog, Qt.Key.Key_R, CONTROL)
    assert not editor.view.changed


def test_tab_walks_through_the_fields_and_out(qtbot, open_dialog: Open, material: Material) -> None:
    editor = open_dialog(material.draft).editor
    editor.canvas.setFocus()
    editor._become(editor.view.choose(editor.view.fields[0].name))
    names = [field.name for field in editor.view.fields]
    for name in names[1:]:
        qtbot.keyClick(editor.canvas, Qt.Key.Key_Tab)
        assert editor.view.chosen == name and editor.canvas.hasFocus()
        assert editor.canvas.accessibleDescription()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Tab)
    assert not editor.canvas.hasFocus() and QApplication.focusWidget() is not None


def test_a_dragged_signature_is_put_in_where_it_was_dragged(qtbot, open_dialog: Open, material: Material,
                                                            tmp_path: Path) -> None:
    dialog = open_dialog(material.draft)
    editor, viewport = dialog.editor, dialog.editor.canvas.viewport()
    before = at(editor, LEADER)
    start = middle(editor, LEADER) + QPoint(14, 0)          # right of the seal
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, start + QPoint(-60, -90))
    assert editor.view.chosen == LEADER
    with qtbot.waitSignal(editor.checked):
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(-60, -90))
    after = at(editor, LEADER)
    assert after[0] < before[0] - 5 and after[1] < before[1] - 5 and after[2:] == before[2:]
    assert len(editor.view.past) == 1                       # one drag is one step
    assert SpotWarning.COVERS_TEXT in editor.found.warnings[LEADER]
    assert editor.panel._warning.isVisible() and editor.panel._warning.text()
    with qtbot.waitSignal(dialog.taken) as taken:
        dialog.take.click()
    places = propose_places(material.draft).moved(LEADER, taken.args[0][LEADER])
    prepare(material.draft, tmp_path / "prepared.pdf", places)
    from signing.form import fields_of
    from signing.pdf import open_reader
    with (tmp_path / "prepared.pdf").open("rb") as stream:
        field = fields_of(open_reader(stream, "prepared"))[LEADER]
    assert field.frame.to_mm(field.box) == pytest.approx(after, abs=0.1)


def test_handles_stretch_a_signature_and_no_seal(qtbot, open_dialog: Open, material: Material) -> None:
    editor = open_dialog(material.draft).editor
    viewport = editor.canvas.viewport()
    editor._become(editor.view.choose(LEADER))
    field = editor.view.field(LEADER)
    assert field is not None
    handles = editor.canvas._handles(field)
    scroll = QPoint(editor.canvas.horizontalScrollBar().value(), editor.canvas.verticalScrollBar().value())
    corner = max(handles.values(), key=lambda point: (point.x(), point.y())).toPoint() - scroll
    _, _, width, height = at(editor, LEADER)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.mouseMove(viewport, corner + QPoint(30, 12))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=corner + QPoint(30, 12))
    assert at(editor, LEADER)[2] > width + 2 and at(editor, LEADER)[3] > height + 1
    editor._become(editor.view.choose(AGENCY))
    seal = editor.view.field(AGENCY)
    assert seal is not None and editor.canvas._handles(seal) == {}
    assert not editor.panel.measures["width"].isEnabled()


def test_typed_millimetres_are_exact(qtbot, open_dialog: Open, material: Material) -> None:
    editor = open_dialog(material.draft).editor
    editor._become(editor.view.choose(LEADER))
    spin = editor.panel.measures["x"]
    spin.setFocus()
    spin.selectAll()
    qtbot.keyClicks(spin, "123,4")
    qtbot.keyClick(spin, Qt.Key.Key_Return)
    assert at(editor, LEADER)[0] == 123.4


@pytest.mark.parametrize("changed", ["turned", "cropped", "unit"])
def test_on_odd_pages_a_field_is_drawn_where_it_will_stand(qtbot, open_dialog: Open, material: Material, tmp_path: Path,
                                                           changed: str) -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import FloatObject, NameObject, RectangleObject

    writer = PdfWriter(clone_from=PdfReader(material.draft))
    page = writer.pages[0]
    if changed == "turned":
        page.rotate(90)
    elif changed == "cropped":
        page.cropbox = RectangleObject((30, 40, 560, 810))
    else:
        page[NameObject("/UserUnit")] = FloatObject(2)
    writer.write(tmp_path / "odd.pdf")
    editor = open_dialog(tmp_path / "odd.pdf").editor
    frame = editor.view.frames[0]
    canvas = editor.canvas
    sheet = canvas._layout.places[0]
    assert sheet.width / sheet.height == pytest.approx(frame.width / frame.height, rel=0.01)
    for field in editor.view.fields:
        drawn = canvas.rectangle(field)
        x, y, width, height = editor.view.mm(field)
        per_mm = sheet.width / (frame.width / 72 * 25.4)
        assert (drawn.left() - sheet.left, drawn.top() - sheet.top, drawn.width(), drawn.height()) == pytest.approx(
            (x * per_mm, y * per_mm, width * per_mm, height * per_mm), abs=0.5)


def test_a_guess_is_marked_and_spoken(open_dialog: Open, each_language: Texts, tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(tmp_path / "blank.pdf")
    editor = open_dialog(tmp_path / "blank.pdf", each_language).editor
    assert editor.doubtful
    guess = each_language("placement.guess")
    assert all(guess in editor.panel.list.item(row).text() for row in range(editor.panel.list.count()))
    assert each_language("placement.guessed") in editor.canvas.accessibleDescription()
    assert editor.view.field(NUMBER) is not None


def test_a_damaged_file_is_told_and_nothing_can_be_taken(qtbot, texts: Texts, background: Background,
                                                         renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    dialog = PlacementDialog(texts, background, renderer, PlacementTask(tmp_path / "bad.pdf", {}), about="",
                             explain="placement.explain_draft")
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.editor.failed):
        dialog.show()
    assert dialog._trouble.isVisible() and not dialog.take.isEnabled()
