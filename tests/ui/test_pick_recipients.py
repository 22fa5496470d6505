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
from ui.widgets.found_names import FoundNames, PickAgency
from ui.widgets.pick_recipients import PickRecipients
from ui.widgets.pickers import Chip

pytestmark = pytest.mark.window
UNITS = tuple(Choice(f"H41.{number:02}", f"Sở số {number}", "tỉnh Nghệ An") for number in range(30))


@dataclass
class Directory:
    """Answers when it is told to: as an office far away does."""

    waiting: list[Callable[[], None]] = field(default_factory=list)
    kept: list[tuple[str, list[str]]] = field(default_factory=list)

    def find(self, owner: Any, text: str, done: Callable[[tuple[Choice, ...]], None], *, known: bool = False,
             ) -> None:
        found = tuple(each for each in UNITS if holds(f"{each.text} {each.value}", text))
        self.waiting.append(lambda: done(found))

    def named(self, owner: Any, codes: Sequence[str], done: Callable[[tuple[Choice, ...]], None]) -> None:
        done(tuple(each for each in UNITS if each.value in codes))

    def sets(self, owner: Any, done: Callable[[tuple[RecipientSet, ...]], None], type_name: str = "") -> None:
        last = UNITS[3:5] if type_name in ("", "Công văn") else UNITS[5:8]
        done((RecipientSet("Như lần trước", last),
              *(RecipientSet(name, UNITS[:1], f"id {name}", name) for name, _ in self.kept)))

    def keep(self, owner: Any, name: str, codes: Sequence[str], done: Callable[[], None], group: str = "") -> None:
        self.kept = [each for each in self.kept if f"id {each[0]}" != group]
        self.kept.append((name, list(codes)))
        done()

    def remove(self, owner: Any, group: str, name: str, done: Callable[[], None]) -> None:
        self.kept = [each for each in self.kept if each[0] != name]
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


def test_a_group_of_ones_own_is_changed_and_removed(picker: PickRecipients, directory: Directory):
    picker.choose(["H41.09"])
    picker._keep("Các sở")
    assert directory.kept == [("Các sở", ["H41.09"])]
    picker.choose(["H41.10", "H41.11"])
    picker._fill_menu()
    (menu,) = (action.menu() for action in picker.menu.actions() if action.menu() is not None)
    replace, remove = menu.actions()
    replace.trigger()
    assert directory.kept == [("Các sở", ["H41.10", "H41.11"])]
    remove.trigger()
    assert directory.kept == []
    picker._fill_menu()
    assert not [action for action in picker.menu.actions() if action.menu() is not None]


def test_those_of_last_time_follow_the_type_that_the_form_says(qtbot, texts: Texts, directory: Directory):
    asks = (Ask("type_name", AskKind.TEXT, required=True, default="Công văn"),
            Ask("recipients", AskKind.RECIPIENTS, required=True))
    form = FieldsForm(asks, Choices(recipients=directory), texts, date(2026, 3, 5))
    qtbot.addWidget(form)
    picker, kind = form.inputs["recipients"], form.inputs["type_name"]
    assert picker._sets[0].recipients == UNITS[3:5]
    kind.setText("Thông báo")
    kind.editingFinished.emit()
    assert picker._sets[0].recipients == UNITS[5:8]


def test_one_agency_is_found_and_chosen(qtbot, texts: Texts, directory: Directory):
    ask = Ask("sender_code", AskKind.AGENCY, required=False, default="H41.07")
    form = FieldsForm((ask,), Choices(recipients=directory), texts, date(2026, 3, 5))
    qtbot.addWidget(form)
    picker = form.inputs["sender_code"]
    assert isinstance(picker, PickAgency) and form.answers().fields == {"sender_code": "H41.07"}
    picker.line.setText("so 12")
    assert form.answers().fields == {"sender_code": None}            # half a name is nobody; the default was taken away
    picker.names.look()
    directory.answer()
    picker.names._pick(picker.names.shown(picker.names.found[0]))
    assert form.answers().fields == {"sender_code": "H41.12"}
    picker.choose(None)
    assert picker.value() is None


def test_a_line_offers_the_names_that_are_found(qtbot, texts: Texts, directory: Directory):
    form = FieldsForm((Ask("issuer_name", AskKind.TEXT, required=True),), Choices(recipients=directory), texts,
                      date(2026, 3, 5))
    qtbot.addWidget(form)
    line = form.inputs["issuer_name"]
    qtbot.keyClicks(line, "so 2")
    names = line.findChild(FoundNames)
    names.look()
    directory.answer()
    offered = [line.completer().model().index(row, 0).data() for row in range(line.completer().model().rowCount())]
    assert "Sở số 2" in offered
    line.setText("Một nơi không có trong danh bạ")
    assert form.answers().fields == {"issuer_name": "Một nơi không có trong danh bạ"}
