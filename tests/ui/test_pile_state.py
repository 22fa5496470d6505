"""What the screen shows of a pile."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from docclient.capture.arranging import Arrangement, Aside, Leaf
from docclient.capture.batch import Batch
from docclient.capture.errors import NotAnImage
from docclient.capture.looking import PageLook
from docclient.capture.quality import BLURRED
from docclient.capture.sources.model import Refused
from docclient.desk.scanning import OpenPile, piles_left
from docclient.errors import DiskFull
from ui.screens.paper.on_desk import PileOnDesk
from ui.state.pile import PileShown
from ui.texts import Texts

pytestmark = pytest.mark.window


def shown(arrangement: Arrangement, *looks: PageLook, refused: tuple[Refused, ...] = ()) -> PileShown:
    return PileShown.of(Path("/piles/one"), arrangement, {look.name: look for look in looks}, Texts(), refused=refused)


def test_a_faultless_letter_needs_no_eye() -> None:
    made = shown(Arrangement((Leaf("page-0001.jpg"), Leaf("page-0002.jpg"))), PageLook("page-0001.jpg"),
                 PageLook("page-0002.jpg", number=2))
    assert made.plain and made.tone == "good" and [card.letter for card in made.cards] == ["", ""]


def test_what_a_person_must_see_keeps_it_from_going_on() -> None:
    one = Arrangement((Leaf("page-0001.jpg"),))
    good = PageLook("page-0001.jpg")
    aside = Arrangement(one.leaves, ((Leaf("page-0002.jpg"), Aside.BLANK),))
    two = Arrangement((*one.leaves, Leaf("page-0002.jpg", begins=True)))
    for made in (shown(one), shown(one, PageLook("page-0001.jpg", warnings=(BLURRED,))), shown(aside, good),
                 shown(two, good, PageLook("page-0002.jpg")),
                 shown(one, good, refused=(Refused("a.jpg", NotAnImage(file="a.jpg")),)),
                 shown(one, PageLook("page-0001.jpg", document="0198f4a2-1111-7abc-8def-0123456789ab"))):
        assert not made.plain


def test_grey_pages_are_told_and_ask_for_nothing() -> None:
    made = shown(Arrangement((Leaf("page-0001.jpg"),)),
                 PageLook("page-0001.jpg", warnings=("capture_warning.not_colour",)))
    assert made.plain and made.bad == () and made.cards[0].notes == ("không phải ảnh màu",)


def test_the_window_closes_also_where_the_disk_does_not_take_the_lock(qapp: QApplication, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_batch: Batch) -> None:
        raise DiskFull(folder=str(tmp_path))

    monkeypatch.setattr(Batch, "lock", full)
    desk = PileOnDesk(Texts(), qapp)
    desk.pile, desk.secret = OpenPile.begin(tmp_path), True
    desk.pile.batch.add(b"page", ".jpg")
    desk.close()
    assert desk.pile is None and [left.pages for left in piles_left(tmp_path)] == [1], "nobody holds it"
