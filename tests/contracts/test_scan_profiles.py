"""How the office scans is laid down by an administrator, kept with the office, and locked where it says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from docclient.capture.sources.model import Colour, Feed
from docclient.command_line.scan import OfficeNeeded, ProfileUnknown, profile_named
from docclient.desk.scan_profiles import ScanChoice, kept_to, usual
from docclient.office.commands.people import SetFact
from docclient.office.commands.scan_profiles import RemoveScanProfile, SetScanProfile
from docclient.office.errors import FieldWrong, NotYours
from docclient.office.queries.scan_profiles import ScanProfiles
from docclient.office.registry import from_json
from docclient.office.scan_profiles import PaperFeed, ProfilePart, ScanColour, ScanProfile, ScanResolution
from tests.offices import OfficeToTest

LETTERS = SetScanProfile("Văn bản đến", "escl://may-quet", PaperFeed.DUPLEX, ScanColour.COLOUR, ScanResolution.DPI_300,
                         (ProfilePart.RESOLUTION, ProfilePart.COLOUR))


def test_profiles_are_laid_down_changed_and_taken_away(office: OfficeToTest) -> None:
    administrator, clerk = office.door("administrator"), office.door("clerk")
    assert clerk.ask(ScanProfiles()) == ()
    administrator.do(LETTERS)
    administrator.do(SetScanProfile("Bản vẽ", resolution=ScanResolution.DPI_400))
    drawing, letters = clerk.ask(ScanProfiles())
    assert letters == ScanProfile("Văn bản đến", "escl://may-quet", PaperFeed.DUPLEX, ScanColour.COLOUR, 300,
                                  frozenset({ProfilePart.RESOLUTION, ProfilePart.COLOUR}))
    assert (drawing.profile, drawing.resolution, drawing.locked) == ("Bản vẽ", 400, frozenset())
    administrator.do(SetScanProfile("Bản vẽ", resolution=ScanResolution.DPI_600))
    assert [each.resolution for each in clerk.ask(ScanProfiles())] == [600, 300]
    administrator.do(RemoveScanProfile("Bản vẽ"))
    assert [each.profile for each in clerk.ask(ScanProfiles())] == ["Văn bản đến"]
    with pytest.raises(FieldWrong):
        administrator.do(RemoveScanProfile("Bản vẽ"))


def test_who_may_and_what_is_refused(sqlite_office: OfficeToTest) -> None:
    administrator = sqlite_office.door("administrator")
    for slug in ("clerk", "chairman", "officer_economy"):
        for command in (LETTERS, RemoveScanProfile("Văn bản đến")):
            with pytest.raises(NotYours):
                sqlite_office.door(slug).do(command)
    with pytest.raises(FieldWrong):
        administrator.do(SetScanProfile(" "))
    with pytest.raises(FieldWrong):
        administrator.do(SetScanProfile("Khóa máy", locked=(ProfilePart.SOURCE,)))
    with pytest.raises(FieldWrong):
        from_json(SetScanProfile, {"profile": "Thấp", "resolution": "150"})
    administrator.do(SetFact("scan_profiles", "không phải danh sách"))
    assert administrator.ask(ScanProfiles()) == ()


def test_what_is_locked_stays_as_the_office_has_it() -> None:
    profile = ScanProfile("Văn bản đến", "escl://may-quet", PaperFeed.DUPLEX, ScanColour.COLOUR, 300,
                          frozenset({ProfilePart.RESOLUTION, ProfilePart.SOURCE}))
    wanted = ScanChoice("escl://khac", Feed.GLASS, Colour.GREY, 200)
    assert kept_to(profile, wanted) == ScanChoice("escl://may-quet", Feed.GLASS, Colour.GREY, 300, "Văn bản đến")
    assert usual(profile, wanted) == ScanChoice("escl://may-quet", Feed.DUPLEX, Colour.COLOUR, 300, "Văn bản đến")


def test_the_command_line_keeps_to_a_profile_s_locks(sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    folder = tmp_path / "may-quet"
    folder.mkdir()
    sqlite_office.door("administrator").do(SetScanProfile(
        "Thư mục", f"folder:{folder}", locked=(ProfilePart.RESOLUTION, ProfilePart.SOURCE)))

    def scan(*arguments: str) -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "docclient", "scan", "--out", str(tmp_path / "out"), "--json", *arguments],
            capture_output=True, text=True, check=False, env={**os.environ, "DOCCLIENT_LANGUAGE": "vi"})
        return done.returncode, json.loads(done.stdout)

    at = ("--office", str(sqlite_office.place.name), "--as", "vanthu")
    code, said = scan("--profile", "Thư mục", "--resolution", "600", *at)
    assert (code, said["error"]["code"]) == (6, "scan_use.profile_locks")
    with pytest.raises(ProfileUnknown):
        profile_named("Không có", sqlite_office.place.name, "vanthu")
    with pytest.raises(OfficeNeeded):
        profile_named("Thư mục", sqlite_office.place.name, "")
    code, said = scan("--profile", "Thư mục", "--feed", "glass", *at)
    assert (code, said["source"], said["state"], said["pages"]) == (0, f"folder:{folder}", "complete", [])
