"""A batch seen before the PIN: where each signature goes, what it will look like there, and what speaks against it."""

from __future__ import annotations

import io
import pickle
from concurrent.futures import CancelledError
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from PIL import Image, ImageDraw

from signing.form import AGENCY, LEADER
from signing.keys import Key
from signing.order import Role
from signing.page import MM, Box, Place
from signing.pdf import NotAPdf
from signing.plan import Plan, plan_signature, plan_signatures
from signing.sign import SigningRequest, sign_pdf
from signing.spot_warnings import SpotWarning, warnings_for
from tests.signing.conftest import LEADER_NAME, Stages
from tests.signing.drafts import Draft, write_draft, write_turned
from tests.signing.looking import ink, part_of, picture_of


def shown(plan: Plan) -> Image.Image:
    assert plan.picture is not None
    return Image.open(io.BytesIO(plan.picture)).convert("RGB")


@pytest.mark.parametrize("role", [Role.PERSONAL, Role.COPY, Role.PLAIN])
def test_what_is_planned_is_what_is_signed(stages: Stages, leader: Key, pictures: dict[str, Path], tmp_path: Path,
                                           role: Role) -> None:
    request = SigningRequest(
        role=role, image=pictures["signature"] if role is not Role.COPY else None, signed_at=datetime.now(UTC),
        agency="UBND xã Tân Hiệp", place=Place(1, Box(300, 100, 440, 160)) if role is Role.PLAIN else None)
    plan = plan_signature(stages.draft, request, signer=LEADER_NAME, width_px=1190)
    signed = sign_pdf(stages.draft, tmp_path / "signed.pdf", leader, request)

    assert (plan.trouble, plan.field, plan.page, plan.box) == (None, signed.field, signed.page, signed.box)
    page, planned = picture_of(signed.target), shown(plan)
    scaled = page.resize(planned.size)
    assert plan.box is not None
    scale = planned.width / page.width * 2
    part = tuple(round(n * scale) for n in (plan.box.x0, 842 - plan.box.y1, plan.box.x1, 842 - plan.box.y0))
    there, drawn = ink(scaled.crop(part)), ink(planned.crop(part))   # type: ignore[arg-type]
    assert ink(part_of(page, plan.box)) > 50
    assert abs(drawn - there) < 0.12 * max(there, 100)


def test_the_source_is_left_alone_and_its_digest_told(stages: Stages, pictures: dict[str, Path]) -> None:
    before = stages.prepared.read_bytes()
    plan = plan_signature(stages.prepared, SigningRequest(role=Role.PERSONAL, image=pictures["signature"]))

    assert stages.prepared.read_bytes() == before
    assert (plan.field, plan.warnings, plan.certain) == (LEADER, (), True)
    assert plan.box_mm is not None and plan.box_mm[2:] == pytest.approx((50, 20), abs=0.5)
    assert len(plan.sha256) == 64 and plan.page_mm == pytest.approx((210, 297), abs=0.2)


@pytest.mark.parametrize(("place", "expected"), [
    (Place(1, Box(100, 560, 300, 640)), SpotWarning.COVERS_TEXT),
    (Place(1, Box(100, 100, 106, 104)), SpotWarning.TOO_SMALL),
    (Place(1, Box(100, 60, 240, 116), certain=False), SpotWarning.PLACE_GUESSED)])
def test_what_speaks_against_a_place_is_said(stages: Stages, pictures: dict[str, Path], place: Place,
                                             expected: SpotWarning) -> None:
    plan = plan_signature(stages.draft, SigningRequest(place=place, image=pictures["signature"]), pictures=False)

    assert plan.warnings == (expected,)


def test_a_place_over_a_picture_or_an_existing_signature_is_warned_of(stages: Stages, tmp_path: Path) -> None:
    scan = Image.new("RGB", (1654, 2339), "white")
    ImageDraw.Draw(scan).rectangle([200, 200, 900, 900], fill=(120, 120, 140))
    scan.save(tmp_path / "scan.pdf", resolution=200)
    over = Box.centred((200, 640), 140, 56)

    assert warnings_for(tmp_path / "scan.pdf", {"Signature": Place(1, over)})["Signature"] == (
        SpotWarning.LIES_ON_INK,)
    assert warnings_for(tmp_path / "scan.pdf", {"Signature": Place(1, Box(400, 100, 540, 156))})["Signature"] == ()
    assert warnings_for(tmp_path / "scan.pdf", {"Signature": Place(2, over)})["Signature"] == (SpotWarning.LEAVES_PAGE,)
    leader = plan_signature(stages.prepared, SigningRequest(role=Role.PERSONAL), pictures=False).box
    assert leader is not None
    found = warnings_for(stages.signed, {"Signature": Place(1, leader)})
    assert SpotWarning.COVERS_SIGNATURE in found["Signature"]


def test_the_seal_may_lie_over_a_third_of_the_signature_and_no_more(stages: Stages, pictures: dict[str, Path]) -> None:
    request = SigningRequest(role=Role.AGENCY, image=pictures["seal"])
    plan = plan_signature(stages.signed, request)
    assert (plan.field, plan.warnings) == (AGENCY, ())

    leader = plan_signature(stages.prepared, SigningRequest(role=Role.PERSONAL), pictures=False).box
    assert leader is not None
    over = warnings_for(stages.signed, {AGENCY: Place(1, Box.centred(leader.middle, 36 * MM, 36 * MM))})
    assert SpotWarning.COVERS_SIGNATURE in over[AGENCY]


def test_a_turned_page_is_told_and_drawn_upright(stages: Stages, pictures: dict[str, Path], tmp_path: Path) -> None:
    turned = write_turned(stages.draft, tmp_path / "t.pdf", angle=270, unit=2, offset=(40, 20))
    request = SigningRequest(role=Role.PERSONAL, image=pictures["signature"])
    plain, plan = plan_signature(stages.draft, request), plan_signature(turned, request)

    assert plan.warnings == (SpotWarning.PAGE_TURNED,)
    assert plan.box_mm == pytest.approx(plain.box_mm, abs=0.3)
    assert ink(shown(plan), blue=True) == pytest.approx(ink(shown(plain), blue=True), rel=0.3)


def test_many_documents_are_planned_in_order_each_with_its_own_place(tmp_path: Path, pictures: dict[str, Path]) -> None:
    sources = [write_draft(tmp_path / f"{number}.pdf", replace(Draft(), paragraphs=1 + number)) for number in range(4)]
    (tmp_path / "no.pdf").write_bytes(b"no PDF")
    sources.insert(2, tmp_path / "no.pdf")
    seen: list[int] = []
    plans = plan_signatures(sources, SigningRequest(role=Role.PERSONAL, image=pictures["signature"]), processes=2,
                            width_px=120, places={sources[0]: Place(1, Box(300, 200, 440, 256))},
                            progress=lambda done, total, _: seen.append(done * 10 + total))

    assert [plan.source for plan in plans] == sources
    assert seen == [15, 25, 35, 45, 55]
    assert plans[0].box == Box(300, 200, 440, 256)
    assert isinstance(plans[2].trouble, NotAPdf) and plans[2].picture is None
    assert all(plan.trouble is None and plan.picture for plan in plans if plan is not plans[2])
    assert pickle.loads(pickle.dumps(plans[2])).trouble.facts == plans[2].trouble.facts


def test_planning_stops_when_asked(tmp_path: Path) -> None:
    stop = Event()
    stop.set()

    with pytest.raises(CancelledError):
        plan_signatures([write_draft(tmp_path / "a.pdf")], SigningRequest(), stop=stop)


def test_signing_tells_what_its_appearance_covers(stages: Stages, leader: Key, pictures: dict[str, Path],
                                                  tmp_path: Path) -> None:
    request = SigningRequest(place=Place(1, Box(100, 560, 300, 640)), image=pictures["signature"], look_first=True)
    signed = sign_pdf(stages.draft, tmp_path / "s.pdf", leader, request)
    quiet = sign_pdf(stages.draft, tmp_path / "q.pdf", leader, replace(request, place=Place(1, Box(300, 60, 440, 116))))

    assert signed.warnings == ("covers_text",)
    assert quiet.warnings == ()
