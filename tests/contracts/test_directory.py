"""The directory of agencies: brought in parts, refreshed, found as it is typed; groups and those of last time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from docclient.desk.directory import DirectoryTooShort, bring_directory
from docclient.exchange.directory import Unit
from docclient.exchange.directory_file import DirectoryFileWrong, read_directory_file
from docclient.office.checking import check_office
from docclient.office.commands.directory import KeepRecipientGroup, RemoveRecipientGroup
from docclient.office.commands.outgoing import StartDraft
from docclient.office.errors import FieldWrong, NotFound, NotYours
from docclient.office.queries.directory import (
    DirectorySources,
    FindRecipients,
    LastRecipients,
    MailAddresses,
    RecipientGroups,
)
from docclient.office.queries.office import AboutOffice, Agencies
from docclient.store import directory, tables
from docclient.store.copying import kept_tables
from tests.offices import OfficeToTest, document_of

AXIS = "Trục liên thông"
UNITS = (
    Unit("H41", "Ủy ban nhân dân tỉnh Nghệ An", "000.00.00.H41"),
    Unit("H41.07", "Sở Xây dựng tỉnh Nghệ An", "000.00.07.H41", "H41", "soxaydung@nghean.example"),
    Unit("H41.52", "Ủy ban nhân dân xã Đại Đồng", "000.52.30.H41", "H41"),
    Unit("H41.52.01", "Phòng Kinh tế", None, "H41.52"),
    Unit("H53.52.01", "Phòng Kinh tế", None, "H53"),
    Unit("H53", "Ủy ban nhân dân tỉnh Tây Ninh", "000.00.00.H53"),
    Unit("00.53.W00", "Trung tâm trao đổi Tây Ninh"),
)


def codes(office: OfficeToTest, text: str) -> list[str]:
    return [each.code for each in office.door("clerk").ask(FindRecipients(text)) if not each.known]


def bring(office: OfficeToTest, units: Sequence[Unit] = UNITS, *, complete: bool = True) -> tuple[int, int, int]:
    found = bring_directory(office.door("clerk"), AXIS, units, complete=complete)
    return found.added, found.changed, found.ended


def test_units_are_found_by_words_codes_and_initials_with_and_without_marks(office: OfficeToTest):
    assert bring(office) == (7, 0, 0)
    for text, wanted in (
            ("so xay dung", ["H41.07"]), ("Sở Xây dựng", ["H41.07"]), ("sxd", ["H41.07"]), ("xay dung ngh", ["H41.07"]),
            ("h41.07", ["H41.07"]), ("000.52.30.H41", ["H41.52"]), ("000.52", ["H41.52"]),
            ("đại đồng ubnd", ["H41.52"]),
            ("ubnd dai d", ["H41.52"]), ("kinh tế đại đồng", ["H41.52.01"]), ("h4 khong co", []), ("trao đổi", []),
            ("00.53.W00", []), ("'\"*", []), ("(", [])):
        assert codes(office, text) == wanted, text
    assert codes(office, "h41")[0] == "H41"
    assert set(codes(office, "ubnd")) == {"H41", "H41.52", "H53"}
    assert codes(office, "ủy ban nhân dân tỉnh t")[0] == "H53"
    assert office.door("clerk").ask(MailAddresses(("H41.07", "H53"))) == {"H41.07": "soxaydung@nghean.example"}
    own = office.door("clerk").ask(AboutOffice()).agency_code
    assert own not in [each.code for each in office.door("clerk").ask(FindRecipients(own))]
    assert not check_office(office.engine).findings


def test_a_refresh_changes_what_changed_and_keeps_what_ended(office: OfficeToTest):
    bring(office)
    assert bring(office) == (0, 0, 0)
    later = (*UNITS[:2], Unit("H41.52", "Ủy ban nhân dân phường Đại Lộc", "000.52.30.H41", "H41"), *UNITS[4:])
    assert bring(office, later) == (0, 1, 1)
    assert codes(office, "dai dong") == [] and codes(office, "dai loc") == ["H41.52"]
    (source,) = office.door("clerk").ask(DirectorySources())
    assert (source.source, source.units, source.ended) == (AXIS, 6, 1)
    assert bring(office, UNITS[3:4], complete=False) == (0, 1, 0)          # back again
    assert "H41.52.01" in codes(office, "phong kinh te")
    with pytest.raises(DirectoryTooShort):
        bring(office, UNITS[:1])
    with office.engine.writing() as connection:
        assert directory.rebuild(connection) == 7
    assert codes(office, "dai loc") == ["H41.52"]


def test_whoever_is_sent_to_is_an_agency_of_the_office_from_then_on(sqlite_office: OfficeToTest):
    office = sqlite_office
    bring(office)
    officer = office.door("officer_economy")
    draft = StartDraft("Công văn", "Đề nghị phối hợp", signer=office.person("chairman"), recipients=("H41.07",))
    document_of(officer.do(draft))
    (agency,) = office.door("clerk").ask(Agencies("xay dung"))
    assert (agency.code, agency.old_code) == ("H41.07", "000.00.07.H41")
    (found,) = officer.ask(FindRecipients("sở xây dựng nghệ"))
    assert found.known
    assert [each.code for each in officer.ask(LastRecipients("Công văn")).last] == ["H41.07"]
    assert officer.ask(LastRecipients("Thông báo")).last == ()
    with pytest.raises(FieldWrong):
        officer.do(StartDraft("Công văn", "Thử", signer=office.person("chairman"), recipients=("00.53.W00",)))
    registered = office.registered()
    before = office.door("clerk").ask(LastRecipients("Công văn", registered.document.id))
    assert [each.code for each in before.answered] == [registered.document.issuer_code]
    assert [each.code for each in before.last] == ["H41.07"]
    second = document_of(officer.do(replace(draft, subject="Đề nghị khác", recipients=("H41.52",))))
    assert [each.code for each in officer.ask(LastRecipients(about=second)).last] == ["H41.07"]     # by its own type
    assert not check_office(office.engine).findings


def test_groups_are_ones_own_or_everybodys(sqlite_office: OfficeToTest):
    office = sqlite_office
    bring(office)
    officer, clerk = office.door("officer_economy"), office.door("clerk")
    mine = officer.do(KeepRecipientGroup("Các tỉnh", ("H41", "H53"))).facts["group"]
    clerk.do(KeepRecipientGroup("Các xã", ("H41.52",), for_all=True))
    assert [(each.name, each.own, [unit.code for unit in each.recipients]) for each in officer.ask(RecipientGroups())] \
        == [("Các tỉnh", True, ["H41", "H53"]), ("Các xã", False, ["H41.52"])]
    assert [each.name for each in clerk.ask(RecipientGroups())] == ["Các xã"]
    officer.do(KeepRecipientGroup("Hai tỉnh", ("H53", "H41"), group=mine))
    assert officer.ask(RecipientGroups())[0].recipients[0].name == "Ủy ban nhân dân tỉnh Tây Ninh"
    for wrong in (KeepRecipientGroup("Hai tỉnh", ("H53",)), KeepRecipientGroup("Trung tâm", ("00.53.W00",)),
                  KeepRecipientGroup(" ", ("H53",)), KeepRecipientGroup("Không ai", ())):
        with pytest.raises(FieldWrong):
            officer.do(wrong)
    with pytest.raises(NotYours):
        officer.do(KeepRecipientGroup("Của chung", ("H53",), for_all=True))
    with pytest.raises(NotFound):
        clerk.do(RemoveRecipientGroup(mine))
    officer.do(RemoveRecipientGroup(mine))
    assert [each.name for each in officer.ask(RecipientGroups())] == ["Các xã"]
    assert not check_office(office.engine).findings


def test_the_directory_is_backed_up_and_its_index_is_not(sqlite_office: OfficeToTest):
    assert tables.directory_unit in kept_tables() and tables.directory_finding not in kept_tables()


@pytest.mark.parametrize("content", [
    "﻿Mã định danh;Tên đơn vị;Mã cũ;Mã cấp trên;Thư điện tử\nH41.07; Sở  Xây dựng ;000.00.07.H41;H41;a@b.example\n;x\n",
    json.dumps({"data": [{"code": "H41.07", "name": "Sở Xây dựng", "oldCode": "000.00.07.H41", "pcode": "H41",
                          "mail": "a@b.example", "id": 7}, {"code": "H1", "name": "Cũ", "deleted": True}]}),
])
def test_files_of_units_are_read(tmp_path: Path, content: str):
    file = tmp_path / "don-vi"
    file.write_text(content, encoding="utf-8")
    assert read_directory_file(file) == (Unit("H41.07", "Sở Xây dựng", "000.00.07.H41", "H41", "a@b.example"),)


@pytest.mark.parametrize("content", [b"", b"a;b\n1;2\n", b"[1, 2]", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_directory_is_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "don-vi.csv"
    file.write_bytes(content)
    with pytest.raises(DirectoryFileWrong):
        read_directory_file(file)
