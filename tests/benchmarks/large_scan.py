"""A scan of 300 MB: memory above the idle program, and time against reading, hashing and writing it once."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.letters import letter_in, picture_in, token_in
from tests.signing.batch_token import PIN

CHUNK = 1 << 20


def run(setting: Setting) -> Sequence[Figure]:
    megabytes, rounds = (60, 1) if setting.quick else (300, 3)
    token = token_in(setting.folder, 0)
    scan, picture = scan_in(setting.folder, megabytes), picture_in(setting.folder)
    folder = setting.folder / "out"
    folder.mkdir()
    found = []
    for number in range(rounds):
        about = {"module": str(token.shim.module), "environment": dict(token.shim.environment), "scan": str(scan),
                 "target": str(folder / f"{number}.pdf"), "picture": str(picture)}
        finished = subprocess.run([sys.executable, "-m", "tests.benchmarks.large_scan"], input=json.dumps(about),
                                  text=True, stdout=subprocess.PIPE, check=True)
        taken, base, above = json.loads(finished.stdout)
        found.append((taken / base, taken, base, above))
        (folder / f"{number}.pdf").unlink()
    ratio, taken, base, _ = sorted(found)[len(found) // 2]
    spread = f"{min(found)[0]:.2f}…{max(found)[0]:.2f}"
    return [
        Figure(f"{megabytes} MB scan, to read+hash+write", ratio, 1.3,
               f"{taken:.2f} s to {base:.2f} s, both flushed to the disk; {rounds} rounds {spread}"),
        Figure(f"{megabytes} MB scan, peak above idle", max(one[3] for one in found), 96, "", unit="MB"),
    ]


def scan_in(folder: Path, megabytes: int) -> Path:
    """The letter with page images that do not compress, in pieces of 4 MB as a scanner makes them."""
    chance, writer = random.Random(1), PdfWriter(clone_from=PdfReader(letter_in(folder)))
    for number in range(megabytes // 4):
        image = DecodedStreamObject()
        image.set_data(chance.randbytes(4 << 20))
        writer.root_object[NameObject(f"/Scan{number}")] = writer._add_object(image)
    with (folder / "scan.pdf").open("wb") as file:
        writer.write(file)
    return folder / "scan.pdf"


def raw_seconds(source: Path, target: Path) -> float:
    begun, digest = time.perf_counter(), hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as written:
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    taken = time.perf_counter() - begun
    target.unlink()
    return taken


def sign_alone() -> None:
    """In a process of its own: the idle program is up and logged in before anything is measured."""
    from signing.batch import Item, State, sign_batch
    from signing.sign import Role, SigningRequest
    from signing.tokens.pkcs11 import open_token_key

    about = json.load(sys.stdin)
    key = open_token_key(Path(about["module"]), pin=bytearray(PIN), environment=about["environment"])
    target = Path(about["target"])
    # The first of these counts for nothing. A virtual machine hands memory back to its host while a program starts, and
    # whoever writes first then waits for it: three times as long as the writing takes.
    _, base = (raw_seconds(Path(about["scan"]), target.with_suffix(".copy")) for _ in range(2))
    idle = peak_megabytes()
    begun = time.perf_counter()
    request = SigningRequest(role=Role.PERSONAL, image=Path(about["picture"]))
    (item,) = sign_batch([Item(Path(about["scan"]), target)], key, request)
    taken = time.perf_counter() - begun
    assert item.state is State.VERIFIED, item.trouble
    key.close()
    json.dump([taken, base, peak_megabytes() - idle], sys.stdout)


def peak_megabytes() -> float:
    """The most memory this process has had so far; it starts no other one but the token's. Linux counts it per program;
    getrusage would begin with what the parent had."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    sign_alone()
