"""Folders that machines scan into, and files that are named."""

from __future__ import annotations

import io
import struct
import zlib
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event

import pikepdf
import pytest
from PIL import Image

from docclient.capture.batch import Batch
from docclient.capture.originals import page_count
from docclient.capture.sources.files import REFUSED, TAKEN, FilesSource, WatchedFolder
from docclient.capture.sources.model import Profile
from docclient.capture.sources.taking import take
from docclient.capture.sources.troubles import NoImageFormat
from docclient.errors import FileNotReadable
from tests.fakes.escl_scanner import sheet

NEVER = Event()
ALL = Profile()


@pytest.fixture
def batch(tmp_path: Path):
    made = Batch.begin(tmp_path / "batches")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "may-quet").mkdir()
    return tmp_path / "may-quet"


def watched(folder: Path, *, watch: bool = False) -> WatchedFolder:
    return WatchedFolder(folder, watch=watch, look_every_s=0.005, quiet_s=0.05)


def test_what_lies_there_is_taken_in_order_and_put_by(batch: Batch, folder: Path):
    for number in (1, 2, 3):
        (folder / f"scan{number}.jpg").write_bytes(sheet(number))
    (folder / "readme.txt").write_text("not a page")
    (folder / "scan4.jpg.part").write_bytes(b"half")
    taken = take(watched(folder), ALL, batch, NEVER)
    assert [page.read_bytes() for page in taken.pages] == [sheet(1), sheet(2), sheet(3)]
    assert sorted(file.name for file in (folder / TAKEN).iterdir()) == ["scan1.jpg", "scan2.jpg", "scan3.jpg"]
    assert sorted(file.name for file in folder.iterdir() if file.is_file()) == ["readme.txt", "scan4.jpg.part"]
    assert take(watched(folder), ALL, batch, NEVER).pages == ()


class WritingMachine:
    """Writes a file in small pieces, one at each look of the watcher; says stop when it has been taken."""

    def __init__(self, file: Path, content: bytes) -> None:
        self._file, self._content, self._at = file, content, 0

    def is_set(self) -> bool:
        if self._at < len(self._content):
            with self._file.open("ab") as file:
                file.write(self._content[self._at:self._at + 300])
            self._at += 300
        return self._at >= len(self._content) and not self._file.exists()


def test_a_file_being_written_is_waited_for(batch: Batch, folder: Path):
    machine = WritingMachine(folder / "slow.jpg", sheet(5) + bytes(5_000))
    (folder / "slow.jpg").touch()
    taken = take(watched(folder, watch=True), ALL, batch, machine)
    assert [page.read_bytes() for page in taken.pages] == [sheet(5) + bytes(5_000)]


def test_the_same_name_twice_is_two_pages(batch: Batch, folder: Path):
    for number in (1, 2):
        (folder / "scan.jpg").write_bytes(sheet(number))
        take(watched(folder), ALL, batch, NEVER)
    assert [page.read_bytes() for page in batch.pages()] == [sheet(1), sheet(2)]
    assert sorted(file.name for file in (folder / TAKEN).iterdir()) == ["scan-2.jpg", "scan.jpg"]


def test_stopping_a_wait_for_a_file_that_never_ends(batch: Batch, folder: Path):
    (folder / "empty.jpg").touch()
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        take(watched(folder), ALL, batch, stop)
    assert take(watched(folder, watch=True), ALL, batch, stop).pages == ()


def test_a_folder_that_is_not_there_is_told(batch: Batch, tmp_path: Path):
    with pytest.raises(FileNotReadable):
        take(watched(tmp_path / "khong-co"), ALL, batch, NEVER)


def test_named_files_keep_their_order(batch: Batch, folder: Path):
    for name, number in (("b.jpg", 1), ("a.JPEG", 2)):
        (folder / name).write_bytes(sheet(number))
    taken = take(FilesSource([folder / "b.jpg", folder / "a.JPEG"]), ALL, batch, NEVER)
    assert [(page.suffix, page.read_bytes()) for page in taken.pages] == [(".jpg", sheet(1)), (".jpeg", sheet(2))]


def test_a_telephones_picture_is_refused_with_advice(batch: Batch, folder: Path):
    (folder / "IMG_1.HEIC").write_bytes(b"....ftypheic")
    (refused,) = take(FilesSource([folder / "IMG_1.HEIC"]), ALL, batch, NEVER).refused
    assert refused.file == "IMG_1.HEIC" and isinstance(refused.trouble, NoImageFormat)


def cut_off_before_putting_by(folder: Path, batches: Path) -> Batch:
    """A page was taken and is safe; the power went before its file moved to the others."""
    batch = Batch.begin(batches)
    source = watched(folder)
    source._put_by = lambda _file, _where: None      # type: ignore[method-assign]
    stop = Event()
    take(source, Profile(most=1), batch, stop)
    batch.close()
    return batch


def test_a_file_that_was_taken_before_a_power_cut_is_not_taken_again(folder: Path, tmp_path: Path):
    for number in (1, 2):
        (folder / f"scan{number}.jpg").write_bytes(sheet(number))
    left = cut_off_before_putting_by(folder, tmp_path / "batches")
    again = Batch.reopen(left.folder)
    taken = take(watched(folder), ALL, again, NEVER)
    assert [page.read_bytes() for page in taken.pages] == [sheet(2)]
    assert [page.read_bytes() for page in again.pages()] == [sheet(1), sheet(2)]
    assert sorted(file.name for file in (folder / TAKEN).iterdir()) == ["scan1.jpg", "scan2.jpg"]
    again.close()


def test_nor_is_it_taken_into_another_pile_while_its_own_waits(folder: Path, tmp_path: Path):
    (folder / "scan1.jpg").write_bytes(sheet(1))
    cut_off_before_putting_by(folder, tmp_path / "batches")
    other = Batch.begin(tmp_path / "batches")
    assert take(watched(folder), ALL, other, NEVER).pages == ()
    assert [file.name for file in (folder / TAKEN).iterdir()] == ["scan1.jpg"]
    other.close()


def test_the_same_content_laid_there_once_more_is_another_page(batch: Batch, folder: Path):
    for _ in range(2):
        (folder / "scan.jpg").write_bytes(sheet(1))
        take(watched(folder), ALL, batch, NEVER)
    assert len(batch.pages()) == 2


def a_pdf(pages: int, target: Path, *, password: str = "") -> None:
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        for _ in range(pages - 1):
            pdf.pages.append(pdf.pages[0])
        encryption = pikepdf.Encryption(owner=password, user=password) if password else None
        pdf.save(target, encryption=encryption) if encryption else pdf.save(target)


def spoiled(folder: Path) -> dict[str, str]:
    """Files that are no pages, and what is said of each."""
    (folder / "a-note.jpg").write_text("không phải ảnh")
    (folder / "b-half.jpg").write_bytes(big_sheet()[:9_000])
    (folder / "c-huge.png").write_bytes(huge_png(30_000))
    a_pdf(2_000, folder / "d-thousands.pdf")
    a_pdf(1, folder / "e-locked.pdf", password="kín")
    (folder / "f-phone.heic").write_bytes(b"....ftypheic")
    return {"a-note.jpg": "capture.not_an_image", "b-half.jpg": "capture.image_damaged",
            "c-huge.png": "capture.image_too_large", "d-thousands.pdf": "capture.too_many_pages",
            "e-locked.pdf": "capture.pdf_encrypted", "f-phone.heic": "scanner.heic"}


def huge_png(side: int) -> bytes:
    """A whole PNG of one bit a pixel, made line by line."""
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer, line = zlib.compressobj(1), bytes(1 + side // 8)
    packed = b"".join(packer.compress(line * 100) for _ in range(side // 100)) + packer.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
            + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def big_sheet() -> bytes:
    content = io.BytesIO()
    Image.effect_noise((700, 900), 80).convert("RGB").save(content, "JPEG", quality=90)
    return content.getvalue()


def test_each_file_that_is_no_page_is_told_and_the_rest_go_on(batch: Batch, folder: Path):
    wrong = spoiled(folder)
    for number in (1, 2):
        (folder / f"g-good{number}.jpg").write_bytes(sheet(number))
    taken = take(FilesSource(sorted(folder.iterdir())), ALL, batch, NEVER)
    assert {each.file: each.trouble.code for each in taken.refused} == wrong
    assert all(each.trouble.facts["file"] == each.file for each in taken.refused)
    assert [page.read_bytes() for page in taken.pages] == [sheet(1), sheet(2)] and taken.trouble is None


def test_a_watched_folder_lays_them_apart(batch: Batch, folder: Path):
    (folder / "a-note.jpg").write_text("không phải ảnh")
    (folder / "b-good.jpg").write_bytes(sheet(1))
    taken = take(watched(folder), ALL, batch, NEVER)
    assert [each.file for each in taken.refused] == ["a-note.jpg"] and len(taken.pages) == 1
    assert [file.name for file in (folder / REFUSED).iterdir()] == ["a-note.jpg"]
    assert [file.name for file in (folder / TAKEN).iterdir()] == ["b-good.jpg"]


def test_a_file_of_many_scans_becomes_as_many_pages(batch: Batch, folder: Path):
    frames = [Image.open(io.BytesIO(sheet(number))).copy() for number in (1, 2, 3)]
    frames[0].save(folder / "a.tif", save_all=True, append_images=frames[1:], dpi=(200, 200), compression="tiff_lzw")
    frames[0].save(folder / "b.pdf", save_all=True, append_images=frames[1:], resolution=200)
    taken = take(FilesSource([folder / "a.tif", folder / "b.pdf"]), ALL, batch, NEVER)
    assert [page.suffix for page in taken.pages] == [".tif"] * 3 + [".pdf"] * 3
    for page, frame in zip(taken.pages, frames, strict=False):
        with Image.open(page) as image:
            assert image.tobytes() == frame.tobytes() and image.info["dpi"] == (200, 200)
    assert [page_count(page) for page in taken.pages] == [1] * 6


def test_a_signed_pdf_is_never_taken_apart(batch: Batch, folder: Path):
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Thing = pdf.make_indirect(pikepdf.Dictionary(
            ByteRange=pikepdf.Array([0, 1, 2, 3]), Contents=pikepdf.String("x")))
        pdf.save(folder / "signed.pdf")
    before = (folder / "signed.pdf").read_bytes()
    (refused,) = take(FilesSource([folder / "signed.pdf"]), ALL, batch, NEVER).refused
    assert refused.trouble.code == "capture.pdf_signed" and (folder / "signed.pdf").read_bytes() == before
