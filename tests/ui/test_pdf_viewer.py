"""The viewer: pages appear, keys move, broken files say so."""

from __future__ import annotations

import io
import os
import signal
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from docclient.errors import FileNotReadable
from ui.background import Background
from ui.rendering.renderer import Renderer
from ui.state.outlines import Outline
from ui.state.page_layout import Fit
from ui.texts import Texts
from ui.widgets.pdf_viewer import PdfViewer

PATIENCE_MS = 30_000
"""A page is drawn by a process of its own, which a busy machine lets wait."""

pytestmark = pytest.mark.window


@pytest.fixture
def viewer(qtbot, texts: Texts, background: Background, renderer: Renderer) -> PdfViewer:
    made = PdfViewer(texts, background, renderer)
    made.resize(700, 800)
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.canvas.setFocus()
    return made


def test_the_first_page_is_told_once_it_really_stands_there(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS) as shown:
        viewer.show_bytes(three_pages)
        assert not viewer.canvas.is_shown(1)
    assert shown.args == [1]
    assert viewer.canvas.is_shown(1)
    assert not viewer.canvas.is_shown(3)
    assert viewer.canvas.page_count == 3


def test_keys_walk_through_the_pages(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    canvas = viewer.canvas
    held = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown, held)
    assert canvas.current_page == 2
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown, held)
    qtbot.keyClick(canvas, Qt.Key.Key_PageDown, held)
    assert canvas.current_page == 3
    qtbot.keyClick(canvas, Qt.Key.Key_PageUp, held)
    assert canvas.current_page == 2
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.current_page == 1
    qtbot.keyClick(canvas, Qt.Key.Key_End)
    assert canvas.current_page == 3
    with qtbot.waitSignal(viewer.shown, check_params_cb=lambda page: page == 3, timeout=PATIENCE_MS):
        canvas.viewport().update()


def test_a_typed_page_number_goes_there(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    viewer._page.setFocus()
    viewer._page.selectAll()
    qtbot.keyClicks(viewer._page, "3")
    qtbot.keyClick(viewer._page, Qt.Key.Key_Return)
    assert viewer.canvas.current_page == 3
    assert viewer._of.text() == "/ 3"


def test_zoom_keys_and_fits(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    canvas = viewer.canvas
    wide = canvas.zoom
    qtbot.keyClick(canvas, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom > wide and canvas.fit is Fit.FREE
    qtbot.keyClick(canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom == wide and canvas.fit is Fit.WIDTH
    qtbot.keyClick(canvas, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert canvas.fit is Fit.PAGE
    assert viewer._whole.isChecked() and not viewer._width.isChecked()


def test_a_box_is_drawn_where_it_belongs(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    before = viewer.canvas.viewport().grab().toImage()
    viewer.show_outlines([Outline(1, 100, 100, 200, 60, "bad", "Số", "code_number")], "code_number")
    after = viewer.canvas.viewport().grab().toImage()
    place, zoom = viewer.canvas._layout.places[0], viewer.canvas._layout.places[0].width / 595
    inside = (round(place.left + 200 * zoom), round(place.top + 130 * zoom))
    outside = (round(place.left + 400 * zoom), round(place.top + 130 * zoom))
    assert before.pixelColor(*inside) != after.pixelColor(*inside)
    assert before.pixelColor(*outside) == after.pixelColor(*outside)


def test_reveal_scrolls_to_a_box_on_another_page(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    viewer.show_outlines([Outline(3, 100, 700, 100, 20, "doubt", "Người ký", "signer")])
    viewer.reveal("signer")
    assert viewer.canvas.current_page == 3


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"not a pdf at all", b"\x00" * 4096])
def test_a_damaged_file_says_so_and_shows_nothing(qtbot, viewer: PdfViewer, content: bytes, texts: Texts) -> None:
    with qtbot.waitSignal(viewer.not_readable, timeout=PATIENCE_MS) as told:
        viewer.show_bytes(content)
    assert told.args == ["viewer.damaged"]
    assert viewer._empty.text() == texts("viewer.damaged")
    assert viewer._empty.isVisible()


def test_an_encrypted_file_says_so(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(three_pages)))
    writer.encrypt("secret", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    with qtbot.waitSignal(viewer.not_readable, timeout=PATIENCE_MS) as told:
        viewer.show_bytes(made.getvalue())
    assert told.args == ["viewer.encrypted"]


def test_a_file_is_read_off_the_windows_thread(qtbot, viewer: PdfViewer, three_pages: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(three_pages)
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_file(tmp_path / "a.pdf")
    assert viewer.canvas.page_count == 3


def test_a_file_that_is_gone_is_announced(qtbot, viewer: PdfViewer, background: Background, tmp_path: Path) -> None:
    with qtbot.waitSignal(background.failed_unheard) as told:
        viewer.show_file(tmp_path / "gone.pdf")
    assert isinstance(told.args[0], FileNotReadable)


def test_many_documents_one_after_another(qtbot, viewer: PdfViewer, three_pages: bytes) -> None:
    for _ in range(12):
        viewer.show_bytes(three_pages)
        viewer.canvas.go_to(2)
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    viewer.clear()
    assert viewer.canvas.page_count == 0


@pytest.fixture(scope="module")
def filled_form() -> bytes:
    """A page with nothing on it but a text field that says 01, drawn by its appearance."""
    from pypdf import PdfWriter
    from pypdf.generic import (
        ArrayObject,
        DecodedStreamObject,
        DictionaryObject,
        FloatObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    look = DecodedStreamObject()
    look.set_data(b"1 0 0 rg 0 0 200 100 re f")
    look.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
                 NameObject("/BBox"): ArrayObject([FloatObject(n) for n in (0, 0, 200, 100)])})
    field = DictionaryObject({
        NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): TextStringObject("Seal"),
        NameObject("/F"): NumberObject(132),
        NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (100, 600, 300, 700)]),
        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(look)})})
    kept = writer._add_object(field)
    page[NameObject("/Annots")] = ArrayObject([kept])
    writer._root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/Fields"): ArrayObject([kept])})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_signatures_appearance_is_seen(qtbot, viewer: PdfViewer, filled_form: bytes) -> None:
    """Numbers, signatures and seals are form fields; a viewer that leaves them out hides what is being signed."""
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(filled_form)
    picture = viewer.canvas.viewport().grab().toImage()
    place, zoom = viewer.canvas._layout.places[0], viewer.canvas._layout.places[0].width / 595
    seen = picture.pixelColor(round(place.left + 200 * zoom), round(place.top + (842 - 650) * zoom))
    assert (seen.red() > 200, seen.green() < 60) == (True, True)


def test_a_lost_drawing_process_is_started_again(qtbot, viewer: PdfViewer, renderer: Renderer, three_pages: bytes,
                                                 ) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    with qtbot.waitSignal(renderer.process.finished):
        renderer.process.kill()
    viewer.canvas.go_to(3)
    with qtbot.waitSignal(viewer.shown, check_params_cb=lambda page: page == 3, timeout=PATIENCE_MS):
        viewer.canvas.viewport().update()


def test_two_documents_are_kept_apart(qtbot, viewer: PdfViewer, renderer: Renderer, three_pages: bytes,
                                      filled_form: bytes) -> None:
    other = renderer.open(filled_form)
    with qtbot.waitSignals([viewer.shown, other.ready]):
        viewer.show_bytes(three_pages)
    assert (len(other.sizes), viewer.canvas.page_count) == (1, 3)
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a POSIX signal")
def test_a_page_that_hangs_costs_its_picture_and_nothing_else(qtbot, viewer: PdfViewer, renderer: Renderer,
                                                              three_pages: bytes, filled_form: bytes) -> None:
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(three_pages)
    qtbot.waitUntil(lambda: renderer._running is None)
    renderer._deadline.setInterval(300)
    os.kill(renderer.process.processId(), signal.SIGSTOP)
    with qtbot.waitSignal(viewer.not_readable, timeout=PATIENCE_MS) as told:
        viewer.show_bytes(three_pages)
    assert told.args == ["viewer.too_slow"]
    renderer._deadline.setInterval(20_000)
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(filled_form)


@pytest.mark.parametrize("height", range(640, 700, 6))
def test_a_page_that_just_fits_the_view_comes_to_rest(qtbot, viewer: PdfViewer, filled_form: bytes, height: int,
                                                      ) -> None:
    """A scroll bar that comes and goes with the width it takes would fit the page anew for ever."""
    viewer.resize(460, height)
    with qtbot.waitSignal(viewer.shown, timeout=PATIENCE_MS):
        viewer.show_bytes(filled_form)
