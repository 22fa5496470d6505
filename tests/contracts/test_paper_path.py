"""From each source of pages to a registered document; cut off after the office has it, it is not made twice."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pikepdf
import pytest
from PIL import Image

from docclient.capture.batch import Batch, BatchLocked
from docclient.capture.errors import SecretPile, SecretPileUnlocked
from docclient.capture.sources import escl
from docclient.capture.sources.escl import EsclSource
from docclient.capture.sources.files import WatchedFolder
from docclient.capture.sources.model import Feed, Profile, Source
from docclient.capture.sources.sane import SaneSource
from docclient.desk.paper import register_paper
from docclient.desk.scanning import OpenPile, letters_of, look_over, piles_left, throw_away
from docclient.errors import DiskFull
from docclient.office.model import State, WaitKind
from docclient.office.queries.documents import WaitingForMe
from docclient.words import Language, words_of
from tests.capture.letters import COMMUNE_LETTER, render, render_pdf
from tests.fakes import escl_scanner
from tests.fakes.escl_scanner import EsclScanner
from tests.offices import OfficeToTest

CONFIRMED = {"type_name": "Công văn", "code_number": "127", "code_notation": "UBND-VP", "issued_date": "2026-03-05",
             "issuer_name": "Ủy ban nhân dân xã Tân Lập", "subject": "V/v báo cáo công tác văn thư"}


@pytest.fixture(scope="module")
def page(sheets: list[bytes]) -> bytes:
    return sheets[0]


@pytest.fixture(scope="module")
def sheets() -> list[bytes]:
    """Three pages of few words, which are read quickly, each with words of its own: the letter's upper part and lines
    of its body."""
    whole = render(COMMUNE_LETTER, 200)[0].convert("RGB")
    made = []
    for above, below in ((0.0, 0.24), (0.32, 0.37), (0.42, 0.47)):
        sheet = Image.new("RGB", whole.size, "white")
        top, bottom = round(above * whole.height), round(below * whole.height)
        sheet.paste(whole.crop((0, top, whole.width, bottom)), (0, min(top, round(0.3 * whole.height))))
        made.append(jpeg(sheet))
    return made


def jpeg(page: Image.Image) -> bytes:
    content = io.BytesIO()
    page.convert("RGB").save(content, "JPEG", dpi=(200, 200), quality=80)
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
                   Profile(dots_per_inch=200, width_mm=200, height_mm=80, most=1))


@pytest.mark.parametrize("come", [from_folder, from_network, from_sane])
def test_from_paper_to_the_register(sqlite_office: OfficeToTest, tmp_path: Path, page: bytes,
                                    come: Callable[[Path, bytes], OpenPile], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escl_scanner, "sheet", lambda _number: page)
    registered(sqlite_office, come(tmp_path / "scans", page), 1)


def registered(office: OfficeToTest, pile: OpenPile, pages: int) -> None:
    """The pile becomes one letter of so many pages, which goes into the register and on to the leader."""
    clerk = office.door("clerk")
    (receipt,) = letters_of(clerk, pile)
    assert piles_left(pile.batch.folder.parent) == []
    assert receipt.document is not None and receipt.version is not None
    values = {**CONFIRMED, "version": receipt.version, "leader": office.person("chairman")}
    done = register_paper(clerk, receipt.document, values, office.material.key("agency"))
    assert done is not None and done.number == "1"
    view = office.view("clerk", receipt.document)
    assert view.document.state is State.WAITING_DIRECTION and view.document.code_number == "127"
    with clerk.read(view.main_file().current.digest) as stream, pikepdf.open(io.BytesIO(stream.read())) as pdf:
        assert len(pdf.pages) == pages


@pytest.mark.parametrize(("feed", "fails", "code"), [
    (Feed.DUPLEX, "", ""), (Feed.FEEDER, "ScannerAdfJam", "scanner.jam"), (Feed.FEEDER, "cut", "scanner.offline"),
    (Feed.FEEDER, "busy", "scanner.busy")])
def test_both_sides_a_jam_a_cut_line_and_a_busy_scanner_end_in_the_register(
        sqlite_office: OfficeToTest, tmp_path: Path, sheets: list[bytes], monkeypatch: pytest.MonkeyPatch, feed: Feed,
        fails: str, code: str) -> None:
    monkeypatch.setattr(escl_scanner, "sheet", lambda number: sheets[number - 1])
    monkeypatch.setattr(escl, "BUSY_TRIES", 3)
    pile = OpenPile.begin(tmp_path / "scans")
    with EsclScanner(sheets=3, fails_at=3 if fails not in ("", "busy") else None, trouble=fails,
                     busy_after=2 if fails == "busy" else None).on() as scanner:
        source = EsclSource(scanner.address, pause_s=0.005)
        taken = pile.take(source, Profile(feed), Event())
        assert (taken.trouble.code if taken.trouble else "") == code and taken.pages == (2 if code else 3)
        scanner.fails_at = scanner.busy_after = None
        if code:                                # mended: what is left in the feeder goes behind
            assert pile.take(source, Profile(feed), Event()).trouble is None
    pile.arrived()
    look_over(pile)
    pile.sort_out()
    assert [page.read_bytes() for page in pile.batch.pages()] == sheets
    registered(sqlite_office, pile, 3)


def test_a_letter_with_a_secrecy_mark_locks_its_pile_and_is_never_opened_again(sqlite_office: OfficeToTest,
                                                                              tmp_path: Path) -> None:
    batch = Batch.begin(tmp_path)
    for secrecy in ("", "MẬT", ""):
        batch.add(render_pdf(replace(COMMUNE_LETTER, secrecy=secrecy)), ".pdf")
    batch.arrange(batch.arrangement.split(1).split(2))
    pile, clerk = OpenPile(batch), sqlite_office.door("clerk")
    look_over(pile)
    with pytest.raises(SecretPile) as secret:
        letters_of(clerk, pile)
    assert clerk.ask(WaitingForMe()).counts[WaitKind.CONFIRM_PAPER] == 1, "the letter before it is there"
    for language, said in ((Language.VIETNAMESE, "không có gì của văn bản này vào cơ sở dữ liệu"),
                           (Language.ENGLISH, "nothing of this letter went into the database")):
        assert said in words_of(secret.value, language).explanation
    (left,) = piles_left(tmp_path)
    assert left.locked and left.pages == 2
    assert sorted(file.name for file in left.folder.iterdir()) == [
        "index.json", "lock", "page-0002.pdf", "page-0003.pdf"], "no picture of it, nothing made of it"
    with pytest.raises(BatchLocked):
        OpenPile.reopen(left.folder)
    throw_away(left.folder)
    assert piles_left(tmp_path) == [] and not left.folder.exists()


def test_a_secrecy_mark_is_told_and_the_pile_let_go_of_also_where_the_disk_does_not_take_the_lock(
        sqlite_office: OfficeToTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_batch: Batch) -> None:
        raise DiskFull(folder=str(tmp_path))

    batch = Batch.begin(tmp_path)
    batch.add(render_pdf(replace(COMMUNE_LETTER, secrecy="MẬT")), ".pdf")
    (batch.folder / "small-page-0001.jpg").touch()
    monkeypatch.setattr(Batch, "lock", full)
    with pytest.raises(SecretPileUnlocked) as secret:
        letters_of(sqlite_office.door("clerk"), OpenPile(batch))
    assert isinstance(secret.value, SecretPile) and secret.value.facts == {"reason": DiskFull.code}
    (left,) = piles_left(tmp_path)          # nobody holds it
    assert not left.locked
    assert sorted(file.name for file in left.folder.iterdir()) == ["index.json", "lock", "page-0001.pdf"]


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
