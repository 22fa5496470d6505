"""`docclient sign --stamp-later` and `docclient stamp`: what is put off is known, told and made good."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from docclient.settings import Settings, TimeStampSetting, load_settings, save_settings
from docclient.time_stamping import queue_of_files, record_folder, services_of, wish_of
from signing.levels import Level
from signing.stamp_queue import DueState
from signing.timestamps import Quota
from tests.fakes.time_stamp_service import FakeService, running
from tests.running import docclient
from tests.signing.drafts import write_draft
from tests.signing.services import Services, running_services

New = Callable[[], FakeService]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as found:
        found.key()
        folder = found.folder / "trust"
        folder.mkdir()
        for name in ("root", "issuing"):
            (folder / f"{name}.crt").write_bytes(found.certificate(name).dump())
        yield found


@pytest.fixture
def new(services: Services) -> Iterator[New]:
    with running(services.tsa) as made:
        yield made


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("signing.timestamps.PAUSES_S", (0, 0))
    monkeypatch.setattr("docclient.time_stamping.user_data_path", lambda *_, **__: tmp_path / "data" / "docclient")


class Desk:
    def __init__(self, folder: Path, services: Services) -> None:
        self.folder, self.services = folder, services
        self.trust = ("--trust", services.folder / "trust")
        self.draft = write_draft(folder / "công văn.pdf")

    def sign(self, *arguments: object) -> tuple[int, Any]:
        os.environ["TEST_PIN"] = "x"   # taken out again by the program
        ran = docclient("sign", self.draft, "--out", self.folder / "out", "--p12", self.services.folder / "signer.p12",
                        "--pin-env", "TEST_PIN", *self.trust, *arguments, "--json")
        return ran.code, ran.answer

    def stamp(self, *arguments: object) -> tuple[int, Any]:
        ran = docclient("stamp", *arguments, *self.trust, "--json")
        return ran.code, ran.answer

    @property
    def result(self) -> Path:
        return self.folder / "out" / self.draft.name


@pytest.fixture
def desk(tmp_path: Path, services: Services) -> Desk:
    return Desk(tmp_path, services)


def test_several_services_are_tried_in_order(desk: Desk, new: New) -> None:
    first, second = new(), new()
    first.will("http 403 Quota used up")
    code, found = desk.sign("--level", "b-t", "--tsa", first.address, "--tsa", second.address)

    assert (code, found["items"][0]["level"]) == (0, "b-t")
    assert (first.asked, second.asked) == (1, 1)


def test_the_services_own_answer_stands_in_the_error(desk: Desk, new: New) -> None:
    service = new()
    service.will("rejection bad_alg Thuật toán không hỗ trợ")
    code, found = desk.sign("--level", "b-t", "--tsa", service.address)

    (item,) = found["items"]
    assert (code, item["error"]["code"]) == (5, "timestamp.refused")
    assert "PKIStatus 2 (rejection), “Thuật toán không hỗ trợ”, failInfo badAlg" in item["error"]["message"]
    assert not desk.result.exists()


def test_what_was_put_off_is_stamped_when_asked_for(desk: Desk, new: New) -> None:
    service = new()
    service.will("http 503 Busy")
    code, found = desk.sign("--level", "b-lt", "--tsa", service.address, "--stamp-later")
    (item,) = found["items"]
    assert (code, item["state"], item["level"], item["warnings"]) == (0, "signed", "b-b", ["stamp_pending"])
    before = desk.result.read_bytes()

    code, found = desk.stamp("--pending", "--tsa", service.address)
    assert (code, found["waiting"]) == (5, 1)
    assert "HTTP 503 Busy" in found["items"][0]["error"]["message"]
    assert desk.result.read_bytes() == before

    service.will("good")
    code, found = desk.stamp("--pending", "--tsa", service.address)
    (item,) = found["items"]
    assert (code, found["stamped"], item["level"], item["added"]) == (0, 1, "b-lt", ["stamp", "evidence"])
    assert item["stamped_at"].endswith("+07:00") and item["input"] == str(desk.result)
    assert desk.result.read_bytes().startswith(before)
    assert desk.stamp("--pending")[1]["items"] == []


def test_the_queue_remembers_services_and_trust_by_itself(desk: Desk, new: New) -> None:
    service = new()
    service.will("http 429;1 Too Many", "good")
    assert desk.sign("--level", "b-t", "--tsa", service.address, "--stamp-later")[0] == 0
    for file in record_folder().glob("*.json"):
        file.unlink()   # the second that it asked for is over

    ran = docclient("stamp", "--pending", "--json")
    assert (ran.code, ran.answer["items"][0]["level"]) == (0, "b-t")


def test_an_entry_that_can_never_be_stamped_is_set_aside_with_its_reason(desk: Desk, new: New) -> None:
    service = new()
    service.will("http 503 Busy")
    desk.sign("--level", "b-t", "--tsa", service.address, "--stamp-later")
    desk.result.write_bytes(desk.draft.read_bytes())

    for _ in range(2):
        code, found = desk.stamp("--pending", "--tsa", service.address)
        (item,) = found["items"]
        assert (code, item["state"], item["error"]["code"]) == (3, "set_aside", "stamp.nothing_signed")
    (due,) = queue_of_files().entries()
    assert due.state is DueState.SET_ASIDE


def test_files_are_stamped_into_a_folder(desk: Desk, new: New) -> None:
    service = new()
    assert desk.sign()[0] == 0
    code, found = desk.stamp(desk.result, desk.draft, "--out", desk.folder / "stamped", "--tsa", service.address,
                             "--level", "b-lta")

    good, bad = found["items"]
    assert (good["state"], good["level"]) == ("stamped", "b-lta")
    assert good["added"] == ["stamp", "evidence", "archive_stamp"] and service.asked == 2
    assert (bad["state"], bad["error"]["code"], code) == ("failed", "sign.name_taken", 2)
    ran = docclient("stamp", good["output"], "--out", desk.folder / "again", "--tsa", service.address, *desk.trust)
    assert ran.code == 0 and "không cần thêm" in ran.output and service.asked == 2


@pytest.mark.parametrize("arguments", [(), ("a.pdf",), ("--out", "x"), ("a.pdf", "--pending"),
                                       ("a.pdf", "--out", "x")])
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    ran = docclient("stamp", *arguments, "--json")

    assert ran.code == 2 and ran.answer["error"]["code"] in {"stamp.nothing_named", "sign.stamps_missing"}


def test_settings_name_services_quotas_and_the_level(tmp_path: Path, desk: Desk, new: New,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    first = new()
    saved = Settings(time_stamp_services=(TimeStampSetting(address=first.address, stamps=1, within_minutes=20),),
                     signature_level="b-t")
    save_settings(saved, tmp_path / "config")
    settings = load_settings(tmp_path / "config")
    assert settings == saved and json.loads((tmp_path / "config" / "settings.json").read_text())

    wish = wish_of(settings)
    assert wish.level is Level.B_T and wish.services is not None
    assert wish.services.quota_of(first.address) == Quota(1, 1200.0) and wish.services.anew_since is None
    assert wish_of(Settings(signature_level="b-lta")).level is Level.B_B, "no service, no stamp"
    assert services_of(Settings()) is None

    monkeypatch.setattr("docclient.command_line.sign.load_settings", lambda: settings)
    assert desk.sign("--level", "b-t")[1]["items"][0]["level"] == "b-t"
    code, found = desk.sign("--level", "b-t")
    assert (code, found["items"][0]["error"]["code"], first.asked) == (5, "timestamp.resting", 1)
