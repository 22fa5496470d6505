"""Places that a person moves: millimetres from the top left, undo and redo, what each kind of field keeps."""

from __future__ import annotations

import pytest

from docclient.words import Language
from signing.form import AGENCY, DAY, LEADER, NUMBER
from signing.page import MM, PageFrame, Place
from signing.placement import Edge
from signing.places import TextPlace
from ui.state.placement import Kind, PlacementView, name_of, spoken
from ui.texts import Texts

pytestmark = pytest.mark.window

A4 = PageFrame((0, 0, 210 * MM, 297 * MM), 0)


def place(x: float, y: float, width: float = 50, height: float = 20, *, frame: PageFrame = A4, page: int = 1,
          certain: bool = True) -> Place:
    return Place(page, frame.from_mm(x, y, width, height), certain)


def view(**more: object) -> PlacementView:
    return PlacementView.of([A4, A4], {
        NUMBER: TextPlace(1, A4.from_mm(30, 20, 20, 6), size=13), LEADER: place(120, 220, certain=False),
        AGENCY: place(100, 210, 36, 36)}, **more)


def at(shown: PlacementView, name: str) -> tuple[float, ...]:
    field = shown.field(name)
    assert field is not None
    return tuple(round(length, 2) for length in shown.mm(field))


def test_the_guessed_place_is_looked_at_first() -> None:
    shown = view()
    assert shown.chosen == LEADER and shown.current is not None and shown.current.guessed


def test_fields_come_in_reading_order_and_the_keyboard_leaves_at_both_ends() -> None:
    shown = view().choose(NUMBER)
    assert [field.name for field in shown.fields] == [NUMBER, AGENCY, LEADER]
    assert shown.neighbour(1) == AGENCY and shown.neighbour(-1) is None
    assert shown.choose(LEADER).neighbour(1) is None


def test_millimetres_move_and_a_moved_place_is_no_guess() -> None:
    shown = view().shifted(1.0, -5.0)
    assert at(shown, LEADER) == (121.0, 215.0, 50.0, 20.0)
    assert shown.current is not None and not shown.current.guessed and shown.current.moved


def test_nothing_leaves_its_page() -> None:
    assert at(view().shifted(500, 500), LEADER) == (160.0, 277.0, 50.0, 20.0)
    assert at(view().typed(1, 1_000, 0, 50, 20), LEADER) == (160.0, 0.0, 50.0, 20.0)


def test_undo_redo_and_back_to_the_proposal() -> None:
    first, start = view().shifted(1, 0), view()
    second = first.choose(NUMBER).shifted(0, 2)
    assert at(second.undone(), NUMBER) == at(start, NUMBER) and at(second.undone(), LEADER) == at(first, LEADER)
    assert second.undone().undone().places == start.places
    assert second.undone().undone().undone().places == start.places
    assert second.undone().redone().places == second.places
    assert not second.undone().shifted(1, 0).future                      # another way was taken
    back = second.proposed_again()
    assert back.places == start.places and back.undone().places == second.places
    field = back.field(LEADER)
    assert field is not None and field.guessed                          # a guess again, and told as one


def test_a_movement_too_small_to_see_is_none() -> None:
    shown = view()
    assert shown.shifted(0.001, 0) is shown


def test_the_seal_keeps_its_real_size_and_a_text_the_height_of_its_type() -> None:
    seal = view().choose(AGENCY)
    assert seal.stretched(Edge.RIGHT, 40, 0) is seal
    assert at(seal.typed(1, 90, 200, 50, 10), AGENCY) == (90.0, 200.0, 36.0, 36.0)
    number = view().choose(NUMBER).typed(1, 30, 20, 25, 40)
    assert at(number, NUMBER) == (30.0, 20.0, 25.0, 6.0)
    assert isinstance(number.places[NUMBER], TextPlace) and number.places[NUMBER].size == 13
    assert at(view().stretched(Edge.BOTTOM_RIGHT, 10 * MM, -5 * MM), LEADER) == (120.0, 220.0, 60.0, 25.0)


def test_a_field_goes_to_another_page() -> None:
    assert view().typed(2, 10, 10, 50, 20).places[LEADER].page == 2
    assert view().typed(3, 10, 10, 50, 20).places[LEADER].page == 1     # there is none


@pytest.mark.parametrize("frame", [
    PageFrame((0, 0, 595, 842), 90), PageFrame((50, 60, 545, 782), 180), PageFrame((0, 0, 595, 842), 270),
    PageFrame((0, 0, 297.5, 421), 0, 2.0)], ids=["turned", "upside down and cropped", "turned back", "user unit 2"])
def test_right_is_right_as_the_reader_sees_the_page(frame: PageFrame) -> None:
    """Whatever the page's own user space is, arrows and millimetres are those of the page as shown."""
    shown = PlacementView.of([frame], {LEADER: place(40, 50, frame=frame)}).shifted(3, 4)
    assert at(shown, LEADER) == (43.0, 54.0, 50.0, 20.0)
    rect = frame.to_user(shown.places[LEADER].box)
    assert frame.to_mm(frame.from_user(rect)) == pytest.approx((43.0, 54.0, 50.0, 20.0))


def test_a_place_on_a_page_that_is_not_there_is_left_alone() -> None:
    assert PlacementView.of([A4], {LEADER: place(1, 1, page=7)}).fields == ()


def test_names_and_what_is_spoken(each_language: Texts) -> None:
    shown = view()
    assert name_of("LeaderSignature2", each_language).endswith(" 2")
    assert name_of("Of another program", each_language) == "Of another program"
    assert shown.current is not None
    said = spoken(shown, shown.current, ["!"], each_language)
    assert ("120,0" if each_language.language is Language.VIETNAMESE else "120.0") in said and said.endswith("!")


def test_kinds() -> None:
    assert [Kind.of(name) for name in (DAY, LEADER, "LeaderSignature2", AGENCY)] == [
        Kind.TEXT, Kind.SIGNATURE, Kind.SIGNATURE, Kind.SEAL]
