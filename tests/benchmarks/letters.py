"""A token behind the shim and prepared one-page letters; the raw key, and pyHanko alone, for comparison."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image, ImageDraw

from signing.batch import Item, State, sign_batch
from signing.keys import Key, Scheme
from signing.prepare import prepare, propose_places
from signing.request import SigningRequest
from tests.benchmarks.bench import require_signed
from tests.fakes.token_shim import compile_shim
from tests.signing.batch_token import LeadersToken, make_token
from tests.signing.drafts import write_draft


def token_in(folder: Path, delay_ms: int) -> LeadersToken:
    return make_token(folder, compile_shim(folder), SHIM_SIGN_MS=str(delay_ms))


def letter_in(folder: Path) -> Path:
    """One page, with the empty fields that a letter has when it comes into the queue."""
    draft = write_draft(folder / "draft.pdf")
    return prepare(draft, folder / "letter.pdf", propose_places(draft)).target


def picture_in(folder: Path) -> Path:
    """A handwritten signature as scanned: 600 × 240, transparent around."""
    picture = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(20, 200), (150, 30), (260, 210), (400, 60), (580, 150)], (20, 40, 160, 255), 12)
    picture.save(folder / "signature.png")
    return folder / "signature.png"


def raw_seconds(key: Key, count: int) -> float:
    """`count` operations of the key and nothing else."""
    message = bytes(200)
    begun = time.perf_counter()
    for _ in range(count):
        key.sign(message, digest="sha256", scheme=Scheme.RSA_PKCS1)
    return time.perf_counter() - begun


def batch_seconds(folder: Path, key: Key, letter: Path, request: SigningRequest, count: int) -> float:
    """`count` letters through `sign_batch`, the start of its children included; every one must come out sound."""
    sources = folder / "in"
    sources.mkdir(parents=True)
    items = []
    for number in range(count):
        source = sources / f"{number}.pdf"
        source.write_bytes(letter.read_bytes())
        items.append(Item(source, folder / "out" / source.name))
    begun = time.perf_counter()
    finished = sign_batch(items, key, request)
    taken = time.perf_counter() - begun
    assert {item.state for item in finished} == {State.VERIFIED}
    return taken


def plain_seconds(token: LeadersToken, letter: Path, picture: Path, folder: Path, count: int) -> float:
    """`count` letters through pyHanko alone, in one process that is up already."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.plain_pyhanko", str(token.shim.module), str(letter), str(picture),
         str(folder), str(count)], env={**os.environ, **token.shim.environment}, stdout=subprocess.PIPE, check=True)
    require_signed(folder, count)
    return float(finished.stdout)
