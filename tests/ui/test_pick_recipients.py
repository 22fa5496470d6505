"""Recipients found through the office as they are typed; groups and those of last time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt

from docclient.office.door import Ask, AskKind
from ui.state.folding import holds
from ui.state.offers import Choice, Choices, RecipientSet
from ui.texts import Texts
from ui.widgets.fields_form import FieldsForm
from ui.widgets.pick_recipients import PickRecipients
from ui.widgets.pickers import Chip

pytestmark = pytest.mark.window
UNITS = tuple(Choice(f"H41.{number:02}", f"Sở số {number}", "tỉnh Nghệ An") for number in range(30))


@dataclass
class Directory:
    """Answers when it is told to: as an office far away does."""

    waiting: list[Callable[[], None]] = field(default_factory=list)
    kept: list[tuple[str, list[str]]] = field(default_factory=list)

    def find(self, owner: Any, text: str, done: Callable[[tuple[Choice, ...]], None]) -> None:
        found = tuple(each for each in UNITS if holds(f"{each.text} {each.value}", text))
        self.waiting.append(lambda: done(found))

    def named(self, owner: Any, codes: Sequence[str], done: Callable[[tuple[Choice, ...]], None]) -> None:
        done(tuple(each for each in UNITS if each.value in codes))

    def sets(self, owner: Any, done: Callable[[tuple[RecipientSet, ...]], None]) -> None:
        done((RecipientSet("Như lần trước", UNITS[3:5]), *(RecipientSet(name, UNITS[:1]) for name, _ in self.kept)))

    def keep(self, owner: Any, name: str, codes: Sequence[str], done: Callable[[], None]) -> None:
        self.kept.append((name, list(codes)))
        done()

    def answer(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@pytest.fixture
def directory() -> Directory:
    return Directory()


@pytest.fixture
def picker(qtbot, texts: Texts, directory: Directory) -> Iterator[PickRecipients]:
    ask = Ask("recipients", AskKind.RECIPIENTS, required=True, default=["H41.07"])
    form = FieldsForm((ask,), Choices(recipients=directory), texts, date(2026, 3, 5))
    qtbot.addWidget(form)
    form.show()
    found = form.inputs["recipients"]
    assert isinstance(found, PickRecipients)
    yield found          # the form lives as long


def test_what_stood_there_has_its_name(picker: PickRecipients) -> None:
    assert picker.value() == ["H41.07"]
    assert [chip.text() for chip in picker.findChildren(Chip) if chip.isVisible()] == ["Sở số 7"]


def test_enter_before_the_answer_takes_the_best_of_what_was_typed(qtbot, picker: PickRecipients,
                                                                  directory: Directory) -> None:
    line = picker.search.lineEdit()
    qtbot.keyClicks(line, "so so 12")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert picker.value() == ["H41.07"]
    directory.answer()
    assert picker.value() == ["H41.07", "H41.12"]
    qtbot.waitUntil(lambda: line.text() == "")


def test_an_answer_to_what_no_longer_stands_there_is_let_go(qtbot, picker: PickRecipients,
                                                            directory: Directory) -> None:
    line = picker.search.lineEdit()
    qtbot.keyClicks(line, "h41.1")
    qtbot.waitUntil(lambda: bool(directory.waiting))
    qtbot.keyClicks(line, "9")
    directory.answer()
    qtbot.waitUntil(lambda: bool(directory.waiting))
    directory.answer()
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert picker.value() == ["H41.07", "H41.19"]


def test_those_of_last_time_and_groups_come_at_a_click(picker: PickRecipients, directory: Directory) -> None:
    picker._fill_menu()
    last, _line, keep = picker.menu.actions()
    last.trigger()
    assert picker.value() == ["H41.07", "H41.03", "H41.04"]
    keep.trigger()
    assert picker.naming is not None
    picker.naming.setTextValue("Ba sở")
    picker.naming.accept()
    assert directory.kept == [("Ba sở", ["H41.07", "H41.03", "H41.04"])]
    picker._fill_menu()
    assert [action.text() for action in picker.menu.actions()][:2] == ["Như lần trước", "Ba sở"]
