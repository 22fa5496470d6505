"""What is known of senders makes names surer or mends them; it never touches numbers, symbols and dates."""

from __future__ import annotations

import pytest

from docclient.capture.fields.known import NAMES_KNOWN, NOTHING_KNOWN, Known, Sender, with_known
from docclient.capture.fields.model import SURE, Field, fields

COMMUNE = Sender("Ủy ban nhân dân xã Tân Hiệp", {
    "signer_name": {"Trần Thị Hương": 4}, "signer_position": {"Chủ tịch": 4}})
KNOWN = Known({"uy ban nhan dan xa tan hiep": COMMUNE})


def test_a_known_name_is_surer():
    page = fields(organ_name=Field("ỦY BAN NHÂN DÂN XÃ TÂN HIỆP", 0.9, 1), signer_name=Field("Trần Thị Hương", 0.9, 1))
    read = with_known(page, KNOWN)
    assert read["organ_name"].value == "ỦY BAN NHÂN DÂN XÃ TÂN HIỆP"
    assert read["organ_name"].certainty > 0.96 > page["organ_name"].certainty
    assert read["signer_name"].certainty > 0.96


def test_a_mended_name_is_never_shown_as_certain_and_keeps_what_was_read():
    read = with_known(fields(organ_name=Field("ỦY BAN NHÂN DÂN XÃ TÂN HIẾP", 0.99, 1)), KNOWN)["organ_name"]
    assert (read.value, read.alternatives) == ("ỦY BAN NHÂN DÂN XÃ TÂN HIỆP", ("ỦY BAN NHÂN DÂN XÃ TÂN HIẾP",))
    assert read.certainty < SURE


def test_two_names_equally_near_decide_nothing():
    known = Known({}, frozenset({"XÃ TÂN HIỆP A", "XÃ TÂN HIỆP B"}))
    page = fields(organ_name=Field("XÃ TÂN HIỆP C", 0.7, 1))
    assert with_known(page, known) == page


def test_a_signer_known_at_another_sender_is_left_alone():
    page = fields(organ_name=Field("SỞ TÀI CHÍNH", 0.9, 1), signer_name=Field("Trần Thị Hường", 0.9, 1))
    assert with_known(page, KNOWN) == page


@pytest.mark.parametrize("name", ["code_number", "code_notation", "issued_date", "type_name", "subject"])
def test_what_is_new_on_each_letter_is_never_compared(name):
    assert name not in NAMES_KNOWN
    sender = Sender(COMMUNE.name, {name: {"127": 9}}, {(name, "121"): "127"})
    page = fields(organ_name=Field(COMMUNE.name.upper(), 0.9, 1), **{name: Field("121", 0.5, 1)})
    assert with_known(page, Known({"uy ban nhan dan xa tan hiep": sender}))[name] == page[name]


def test_nothing_known_changes_nothing():
    page = fields(organ_name=Field("SỞ TÀI CHÍNH", 0.9, 1))
    assert with_known(page, NOTHING_KNOWN) is page
