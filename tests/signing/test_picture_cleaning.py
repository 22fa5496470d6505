"""A signature photographed on paper under a lamp becomes ink on nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from signing.errors import FileNotReadable
from signing.picture_cleaning import BLUE, RED, ImageEmpty, InkColour, clean_picture
from signing.pictures import ImageNotUsable

STROKES = [(120, 320), (260, 120), (360, 340), (520, 160), (700, 300), (880, 200)]


def photograph(path: Path, *, shadow: float, ink: tuple[int, int, int] = (30, 34, 60)) -> Path:
    """A signature on yellowish paper with grain; a shadow falls from the right, `shadow` dark (0 to 1)."""
    paper = Image.new("RGB", (1000, 450), (236, 230, 214))
    ImageDraw.Draw(paper).line(STROKES, ink, 9, joint="curve")
    paper = paper.filter(ImageFilter.GaussianBlur(1))
    light = np.linspace(1, 1 - shadow, 1000)[None, :, None]
    grain = np.random.default_rng(7).normal(0, 3, (450, 1000, 1))
    Image.fromarray((np.asarray(paper) * light + grain).clip(0, 255).astype(np.uint8)).save(path)
    return path


@pytest.mark.parametrize("shadow", [0.0, 0.35, 0.6])
def test_paper_and_shadow_go_and_the_strokes_stay(tmp_path: Path, shadow: float) -> None:
    cleaned = clean_picture(photograph(tmp_path / "photo.png", shadow=shadow), trim=False)
    alpha = np.asarray(cleaned.after.getchannel("A"))
    truth = Image.new("L", (1000, 450))
    ImageDraw.Draw(truth).line(STROKES, 255, 9, joint="curve")
    near = np.asarray(truth.filter(ImageFilter.MaxFilter(9))) > 0
    core = np.asarray(truth.filter(ImageFilter.MinFilter(5))) > 0

    assert alpha[~near].max() == 0
    assert alpha[core].mean() > 230
    assert ("picture_shadow" in cleaned.notes) == (shadow > 0.3)


def test_it_is_trimmed_to_its_ink_and_shown_before_and_after(tmp_path: Path) -> None:
    cleaned = clean_picture(photograph(tmp_path / "photo.png", shadow=0.3))

    assert 760 < cleaned.after.width < 840 and 220 < cleaned.after.height < 290
    assert cleaned.before.size == (1000, 450) and cleaned.before.mode == "RGB"
    assert cleaned.on_paper().getpixel((0, 0)) == (255, 255, 255)
    assert cleaned.comparison().width > cleaned.before.width


@pytest.mark.parametrize(("ink", "colour"), [(InkColour.BLUE, BLUE), (InkColour.RED, RED)])
def test_ink_takes_the_colour_that_is_asked_for(tmp_path: Path, ink: InkColour, colour: tuple[int, int, int]) -> None:
    cleaned = clean_picture(photograph(tmp_path / "photo.png", shadow=0.2), ink)
    array = np.asarray(cleaned.after)

    assert {tuple(pixel) for pixel in array[array[..., 3] > 0][:, :3].tolist()} == {colour}


def test_ink_keeps_its_own_colour_otherwise(tmp_path: Path) -> None:
    cleaned = clean_picture(photograph(tmp_path / "photo.png", shadow=0.0, ink=(190, 20, 30)))
    array = np.asarray(cleaned.after).astype(int)
    strong = array[array[..., 3] > 240]

    assert strong[:, 0].mean() > 150 > 90 > strong[:, 1].mean()


def test_a_transparent_picture_stays_as_it_is(tmp_path: Path, pictures: dict[str, Path]) -> None:
    cleaned = clean_picture(pictures["signature"], trim=False)

    assert cleaned.was_transparent
    assert cleaned.after.tobytes() == Image.open(pictures["signature"]).tobytes()


def test_what_cannot_be_cleaned_is_named(tmp_path: Path) -> None:
    Image.new("RGB", (400, 200), (250, 250, 248)).save(tmp_path / "empty.png")
    (tmp_path / "wrong.png").write_bytes(b"no picture")

    with pytest.raises(ImageEmpty):
        clean_picture(tmp_path / "empty.png")
    with pytest.raises(ImageNotUsable):
        clean_picture(tmp_path / "wrong.png")
    with pytest.raises(FileNotReadable):
        clean_picture(tmp_path / "none.png")
