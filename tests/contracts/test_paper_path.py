"""From each source of pages to a registered document; cut off after the office has it, it is not made twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from docclient.capture.batch import Batch
from docclient.capture.sources.escl import EsclSource
from docclient.capture.sources.files import WatchedFolder
from docclient.capture.sources.model import Profile, Source
from docclient.capture.sources.sane import SaneSource
from docclient.desk.paper import register_paper
from docclient.desk.scanning import OpenPile, letters_of, look_over, piles_left
from docclient.office.model import State, WaitKind
from docclient.office.queries.documents import WaitingForMe
from tests.capture.letters import COMMUNE_LETTER, render
from tests.fakes import escl_scanner
from tests.fakes.escl_scanner import EsclScanner
from tests.offices import OfficeToTest

CONFIRMED = {"type_name": "Công văn", "code_number": "127", "code_notation": "UBND-VP", "issued_date": "2026-03-05",
             "issuer_name": "Ủy ban nhân dân xã Tân Lập", "subject": "V/v báo cáo công tác văn thư"}


@pytest.fixture(scope="module")
def page() -> bytes:
    content = io.BytesIO()
    render(COMMUNE_LETTER, 200)[0].convert("RGB").save(content, "JPEG", dpi=(200, 200), quality=80)
    return content.getvalue()


class SlowWriter(Event):
    """A machine that writes into the folder: a piece at each look of the watcher, who asks whether to stop."""

    def __init__(self, file: Path, content: bytes) -> None:
        super().__init__()
        self._file, self._rest = file, content
        file.touch()

    def is_set(self) -> bool:
        if self._rest:
            with self._file.open("ab") as file:
                file.write(self._rest[:60_000])
            self._rest = self._rest[60_000:]
        return False


def scanned(root: Path, source: Source, stop: Event, profile: Profile | None = None) -> OpenPile:
    pile = OpenPile.begin(root)
    pile.take(source, profile or Profile(), stop)
    pile.arrived()
    look_over(pile)
    pile.sort_out()
    return pile


def from_folder(root: Path, page: bytes) -> OpenPile:
    folder = root.parent / "may-quet"
    folder.mkdir()
    return scanned(root, WatchedFolder(folder, look_every_s=0.005, quiet_s=0.05),
                   SlowWriter(folder / "scan.jpg", page))


def from_network(root: Path, page: bytes) -> OpenPile:
    with EsclScanner(sheets=1, busy=1).on() as scanner:
        return scanned(root, EsclSource(scanner.address, pause_s=0.005), Event())


def from_sane(root: Path, page: bytes) -> OpenPile:
    return scanned(root, SaneSource("test:0?test-picture=Grid"), Event(),
                   Profile(dots_per_inch=200, width_mm=200, height_mm=200, most=1))


@pytest.mark.parametrize("come", [from_folder, from_network, from_sane])
def test_from_paper_to_the_register(sqlite_office: OfficeToTest, tmp_path: Path, page: bytes,
                                    come: Callable[[Path, bytes], OpenPile], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escl_scanner, "sheet", lambda _number: page)
    clerk = sqlite_office.door("clerk")
    (receipt,) = letters_of(clerk, come(tmp_path / "scans", page))
    assert piles_left(tmp_path / "scans") == []
    assert receipt.document is not None and receipt.version is not None
    values = {**CONFIRMED, "version": receipt.version, "leader": sqlite_office.person("chairman")}
    done = register_paper(clerk, receipt.document, values, sqlite_office.material.key("agency"))
    assert done is not None and done.number == "1"
    view = sqlite_office.view("clerk", receipt.document)
    assert view.document.state is State.WAITING_DIRECTION and view.document.code_number == "127"


def test_cut_off_after_the_office_has_the_letter_it_is_not_made_twice(
        sqlite_office: OfficeToTest, tmp_path: Path, page: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = Batch.begin(tmp_path)
    batch.add(page, ".jpg")
    clerk = sqlite_office.door("clerk")

    class Cut(BaseException):
        """The power."""

    def cut(*_anything: object) -> None:
        raise Cut

    pile = OpenPile(batch)
    monkeypatch.setattr(Batch, "became", cut)
    with pytest.raises(Cut):
        letters_of(clerk, pile)
    batch.close()
    monkeypatch.undo()
    (left,) = piles_left(tmp_path)
    again = OpenPile.reopen(left.folder)
    letters_of(clerk, again)
    assert clerk.ask(WaitingForMe()).counts[WaitKind.CONFIRM_PAPER] == 1 and piles_left(tmp_path) == []
