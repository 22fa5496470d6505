"""Two offices exchange documents over every road, with everything going wrong on it; their books agree at the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from docclient.store.place import place
from tests.exchange.roads import KINDS, A, B, copied, road_of
from tests.exchange.two_offices import Side, Told, books_agree, exchange, found_receiver, found_sender
from tests.offices import Material

FEW, MANY = 6, 200
Founded = Callable[[int], tuple[Path, Path]]


@pytest.fixture(scope="session")
def founded(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """Both offices as they are before anything was sent, made once for each number of documents."""
    made: dict[int, tuple[Path, Path]] = {}

    def of(count: int) -> tuple[Path, Path]:
        if count not in made:
            folder = tmp_path_factory.mktemp("two-offices")
            found_sender(folder / "sender", material, count)
            found_receiver(folder / "receiver", material.authority)
            made[count] = folder / "sender", folder / "receiver"
        return made[count]

    return of


def exchanged(kind: str, founded: tuple[Path, Path], folder: Path, count: int, seed: int, rounds: int) -> Told:
    for name in (A, B):
        (folder / name).mkdir()
    with road_of(kind, folder / "road") as road:
        places = [place(str(copied(office, folder / name / "office")))
                  for office, name in zip(founded, (A, B), strict=True)]
        sender, receiver = (Side(name, at, folder / name, road) for name, at in zip((A, B), places, strict=True))
        try:
            told = exchange(sender, receiver, road, random.Random(f"{kind} {seed}"), rounds=rounds)
            books_agree(sender, receiver, count)
            return told
        finally:
            sender.engine.close()
            receiver.engine.close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", [pytest.param(each, marks=pytest.mark.slow) if each == "mail" else each
                                  for each in KINDS])
def test_both_books_agree_whatever_went_wrong_on_the_way(kind: str, founded: Founded, tmp_path: Path) -> None:
    told = exchanged(kind, founded(FEW), tmp_path, FEW, seed=1, rounds=8)
    assert sum(told.met.values()) > 3, told


@pytest.mark.slow
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("kind", KINDS)
def test_two_hundred_documents_over_each_road(kind: str, founded: Founded, tmp_path: Path) -> None:
    told = exchanged(kind, founded(MANY), tmp_path, MANY, seed=200, rounds=30)
    assert told.met["broken off"] > 3 and sum(told.met.values()) > 100, told
