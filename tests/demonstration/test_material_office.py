"""The sample office's data hang together and say what the decrees say."""

import tomllib
from typing import Any

import pytest

from docclient.demonstration.material import sample_folder, sample_office_file

ROLES = {"clerk", "leader", "head_of_unit", "chief_of_office", "officer", "administrator"}


@pytest.fixture(scope="module")
def office() -> dict[str, Any]:
    return tomllib.loads(sample_office_file().read_text(encoding="utf-8"))


def test_every_post_is_of_a_person_in_a_unit_with_known_roles(office):
    for post in office["posts"].values():
        assert post["person"] in office["persons"]
        assert post["unit"] in office["units"]
        assert set(post["roles"]) <= ROLES and post["roles"]
    assert {role for post in office["posts"].values() for role in post["roles"]} == ROLES
    assert {post["person"] for post in office["posts"].values()} == set(office["persons"])


def test_who_may_sign_holds_a_post_and_signs_types_that_exist(office):
    for grant in office["signing_authority"].values():
        assert grant["post"] in office["posts"]
        assert grant["form"] in {"TM.", "KT.", "TL."}
        assert grant["lines"][0].startswith(grant["form"])
        assert grant["document_types"] == ["*"] or set(grant["document_types"]) <= set(office["document_types"])
    assert {grant["form"] for grant in office["signing_authority"].values()} == {"TM.", "KT.", "TL."}


def test_the_29_types_have_27_distinct_abbreviations(office):
    types = office["document_types"].values()
    abbreviations = [kind["abbreviation"] for kind in types if kind["abbreviation"]]
    assert (len(types), len(abbreviations), len(set(abbreviations))) == (29, 27, 27)
    assert {kind["name"] for kind in types if not kind["abbreviation"]} == {"Công văn", "Thư công"}
    assert sorted(kind["order"] for kind in types) == list(range(1, 30))


def test_symbols_come_out_as_the_decree_writes_them(office):
    symbols, agency = office["symbols"], office["agency"]["symbol"]
    types, units = office["document_types"], office["units"]
    assert symbols["named"].format(type=types["decision"]["abbreviation"], agency=agency) == "QĐ-UBND"
    assert symbols["unnamed"].format(agency=agency, unit=units["economy"]["symbol"]) == "UBND-KT"
    assert symbols["copy"].format(form=office["copy_forms"]["full_copy"]["abbreviation"], agency=agency) == "SY-UBND"


def test_series_registers_and_parents_exist(office):
    series = office["number_series"]
    for entry in (*office["document_types"].values(), *office["copy_forms"].values()):
        assert entry["series"] in series
    assert {register["direction"] for register in office["registers"].values()} == {"incoming", "outgoing", "copies"}
    covered = [name for register in office["registers"].values() for name in register["series"]]
    assert sorted(covered) == sorted(series)                    # each run of numbers is written in exactly one register
    for agency in (office["agency"], *office["agencies"].values()):
        assert agency["parent"] == "" or agency["parent"] in office["agencies"]
    codes = [office["agency"]["code"], *(agency["code"] for agency in office["agencies"].values())]
    assert len(set(codes)) == len(codes)


def test_pictures_named_in_the_data_are_there(office):
    entries = [office["agency"], *office["agencies"].values(), *office["persons"].values()]
    named = [entry[key] for entry in entries for key in ("seal", "signature") if key in entry]
    assert len(named) >= 6
    for path in named:
        assert (sample_folder() / path).is_file(), path


def test_urgency_has_the_decrees_levels_and_stamps_and_secrecy_is_no_choice(office):
    stamps = {entry["level"]: (entry["stamp"], entry["width_mm"], entry["height_mm"])
              for entry in office["urgency"].values()}
    assert stamps == {0: ("", 0, 0), 1: ("KHẨN", 20, 8), 2: ("THƯỢNG KHẨN", 40, 8), 3: ("HỎA TỐC", 30, 8)}
    assert "mật" not in sample_office_file().read_text(encoding="utf-8").lower()
