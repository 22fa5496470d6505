"""A revision over the open source: what is appended stays in memory; each byte is read, copied and digested once."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from signing import revision
from signing.keys import Key
from signing.revision import InMemory, OverSource, measure, over, write_behind_copy
from signing.sign import Role, SigningRequest, sign_pdf
from signing.stages import KeyFacts, prepare_signature
from tests.signing.conftest import People, Stages
from tests.signing.test_own_result import large_from

SOURCE = bytes(range(250)) * 40


@pytest.fixture(params=["in memory", "over the source"])
def grown(request: pytest.FixtureRequest) -> InMemory | OverSource:
    source = io.BytesIO(SOURCE)
    return InMemory(source) if request.param == "in memory" else OverSource(source, len(SOURCE))


def test_what_was_appended_is_read_behind_the_source(grown: InMemory | OverSource) -> None:
    assert grown.seek(0, os.SEEK_END) == len(SOURCE)
    grown.write(b"appended")
    grown.seek(-8, os.SEEK_CUR)
    grown.write(b"A")

    assert grown.appended == b"Appended" and b"".join(grown.source()) == SOURCE
    grown.seek(len(SOURCE) - 3)
    assert grown.read(6) == SOURCE[-3:] + b"App" and grown.tell() == len(SOURCE) + 3
    grown.seek(-2, os.SEEK_END)
    assert grown.read() == b"ed" and grown.read(1) == b""
    grown.seek(len(SOURCE) - 1)
    room = bytearray(4)
    assert grown.readinto(room) == 4 and bytes(room) == SOURCE[-1:] + b"App"


def test_the_source_itself_is_never_written_to() -> None:
    grown = OverSource(io.BytesIO(SOURCE), len(SOURCE))
    grown.seek(10)
    with pytest.raises(OSError, match="stays as it is"):
        grown.write(b"x")


def test_only_small_files_are_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "SMALL", len(SOURCE) - 1)
    (tmp_path / "a").write_bytes(SOURCE)
    with (tmp_path / "a").open("rb") as source:
        assert isinstance(over(source), OverSource)
        monkeypatch.setattr(revision, "SMALL", len(SOURCE))
        assert isinstance(over(source), InMemory)


@pytest.mark.parametrize("digest", ["sha256", "sha384"])
@pytest.mark.parametrize("chunk", [100, 4096, 1 << 20])
def test_copying_and_measuring_digest_the_same_bytes(grown: InMemory | OverSource, digest: str, chunk: int,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision, "PIECE", chunk)
    grown.seek(0, os.SEEK_END)
    grown.write(b"before <0000> behind" * 50)
    hole = (len(SOURCE) + 7, len(SOURCE) + 13)
    part = io.BytesIO()
    written = write_behind_copy(grown, part, hole, digest)
    whole = part.getvalue()
    measured = measure(part, len(SOURCE), hole, digest)

    assert whole == SOURCE + b"before <0000> behind" * 50
    assert written.digest == measured.signed == hashlib.new(digest, whole[:hole[0]] + whole[hole[1]:]).digest()
    assert (written.source_size, measured.size) == (len(SOURCE), len(whole))
    assert written.source_sha256 == measured.beginning == hashlib.sha256(SOURCE).hexdigest()
    assert measured.sha256 == hashlib.sha256(whole).hexdigest()


def test_large_files_are_never_read_into_memory(stages: Stages, people: People, leader: Key, tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked a large source for all of it at once would be found out here."""
    large_from(monkeypatch, 1000)
    longest = 0
    real = OverSource.read

    def read(self: OverSource, size: int | None = -1) -> bytes:
        nonlocal longest
        found = real(self, size)
        longest = max(longest, len(found))
        return found

    monkeypatch.setattr(OverSource, "read", read)
    request = SigningRequest(role=Role.PERSONAL, trust=people.trust)
    prepare_signature(stages.prepared, tmp_path / "b.pdf", KeyFacts.of(leader), request).discard()
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", leader, request)

    assert 0 < longest < stages.prepared.stat().st_size / 4
    assert signed.target.read_bytes().startswith(stages.prepared.read_bytes())
