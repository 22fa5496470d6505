"""A disk that is full in the middle of a batch: what is signed stays, and the rest goes on when there is room again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.batch import FolderStore, Item, State, resume, sign_batch
from signing.errors import DiskFull
from signing.sign import Role, SigningRequest
from signing.trust import TrustStore
from signing.verify import verify_file
from tests.offices import Material
from tests.signing.test_batch import CountingKey

COUNT = 12


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB. Mounting one needs root on Linux, which the test machines give."""
    folder = tmp_path / "small"
    folder.mkdir()
    if sys.platform != "linux" or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=False).returncode != 0:
        pytest.skip("no right to mount a small file system here")
    yield folder
    subprocess.run(["umount", str(folder)], check=False)


@pytest.mark.parametrize("room", [300_000, 700_000])
def test_it_goes_on_when_there_is_room_again(small_disk: Path, tmp_path: Path, material: Material, room: int) -> None:
    source, key = tmp_path / "letter.pdf", CountingKey(material.key("chairman"))
    shutil.copyfile(material.draft, source)
    trust = TrustStore().with_certificates([material.authority.anchor_der, material.authority.issuing_der])
    request = SigningRequest(role=Role.PLAIN, trust=trust)
    items = [Item(source, small_disk / "out" / f"{number}.pdf") for number in range(COUNT)]
    with FolderStore.create(small_disk / "batch", items, request) as store:
        filler = small_disk / "filler"
        filler.write_bytes(b"\1" * (shutil.disk_usage(small_disk).free - room))
        finished = sign_batch(items, key, request, store=store)
    states = [item.state for item in finished]
    assert set(states) <= {State.VERIFIED, State.FAILED, State.PAUSED} and State.VERIFIED in states
    assert len(set(states)) > 1
    assert all(isinstance(item.trouble, DiskFull) for item in finished if item.state is not State.VERIFIED)
    assert sorted(path.name for path in (small_disk / "out").iterdir()) == sorted(
        item.target.name for item in finished if item.state is State.VERIFIED)      # nothing half-written

    filler.unlink()
    assert [item.state for item in resume(small_disk / "batch", key)] == [State.VERIFIED] * COUNT
    assert key.asked == COUNT
    assert all(len(verify_file(item.target, trust).signatures) == 1 for item in items)
