"""Names that a seal cut: each syllable from the reading that has a name there; what is read alike stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docclient.capture.fields.name_syllables import USUAL, is_written_like_a_name, mended_name
from docclient.capture.fields.names import SURNAMES
from tests.generators.pages import TUNING, invent


@pytest.mark.parametrize(("readings", "name"), [
    (("Huỳnh Mừah Trường", "Huỳu¡h Minh Trường"), "Huỳnh Minh Trường"),
    (("Ciàng Hữa Nhung", "Ciàng Hữu Nhung"), "Giàng Hữu Nhung"),
    (("Võ 1hị Hà+g Quỳnh", "Võ +hị Hồxg Quỳnh"), "Võ Thị Hồng Quỳnh"),
    (("Đặng tông Thủy", "Đặng Công Thủy", "Đặng tông Thủy"), "Đặng Công Thủy"),
    (("Huàng Anh Dũng",), "Hoàng Anh Dũng"),
    (("YQuang Ân",), "Y Quang Ân"),
])
def test_each_syllable_is_taken_where_it_is_a_name(readings: tuple[str, ...], name: str) -> None:
    assert mended_name(readings) == name


@pytest.mark.parametrize("name", ["Rơ Châm Yến", "Ksor Phước", "Khuất Văn Ô", "Nguyễn Thị Hạnh", "MAU N"])
def test_what_is_read_alike_and_may_be_a_name_stays(name: str) -> None:
    assert mended_name((name,)) == mended_name((name, name)) == name


def test_readings_of_another_length_are_not_asked() -> None:
    assert mended_name(("Lê Văn Tám", "Lê Tám")) == "Lê Văn Tám"


def test_no_name_that_was_read_rightly_is_changed() -> None:
    for seed in TUNING[:400]:
        name = str(invent(seed).truth()["signer_name"])
        assert mended_name((name,)) == name


@given(st.lists(st.sampled_from(sorted(USUAL)), min_size=1, max_size=3), st.sampled_from(sorted(SURNAMES)))
def test_usual_names_stay(given_names: list[str], surname: str) -> None:
    name = " ".join((surname, *given_names))
    assert mended_name((name,)) == name
    assert all(map(is_written_like_a_name, given_names))


@pytest.mark.parametrize("syllable", ["Đì=n", "tông", "Ciàng", "1hị", "Mừah", "XN", ""])
def test_what_no_name_is_written_like(syllable: str) -> None:
    assert not is_written_like_a_name(syllable)
