"""Bytes in a bucket: a real server that speaks S3, and everything that can go wrong on the way to it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from docclient.errors import Trouble
from docclient.office.errors import BlobChanged, BlobMissing, BlobsRefused, BlobsUnreachable, FieldWrong
from docclient.office.model import Digest
from docclient.secrets import Secrets
from docclient.store import s3_blobs
from docclient.store.place import place
from docclient.store.s3_blobs import S3Blobs, bucket_of, secret_name
from docclient.words import words_of
from tests.fakes.s3_server import KEYS, FaultyWay, faulty_way, make_bucket, running_s3
from tests.fakes.safe import MemorySafe

LARGE = os.urandom(1 << 20) * 11          # three parts


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_s3(tmp_path_factory.mktemp("s3") / "server.log") as address:
        yield address


@pytest.fixture(scope="module")
def way(server: str) -> Iterator[FaultyWay]:
    with faulty_way(server) as made:
        yield made


@pytest.fixture
def bucket(way: FaultyWay, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(s3_blobs, "IN_PARTS_FROM", 6 << 20)
    way.will()
    way.seen.clear()
    name = f"office-{uuid.uuid4().hex}"
    make_bucket(way.behind, name)
    return name


def store_of(way: FaultyWay, bucket: str, *, retries: int = 2, timeout: float = 20.0) -> S3Store:
    return S3Store(bucket, prefix="kho", config={"endpoint": way.address, "region": "us-east-1"},
                   client_options={"allow_http": True, "timeout": timedelta(seconds=timeout)},
                   retry_config={"max_retries": retries, "retry_timeout": timedelta(seconds=20),
                                 "backoff": {"init_backoff": timedelta(milliseconds=1), "base": 2,
                                             "max_backoff": timedelta(milliseconds=10)}})


@pytest.fixture
def blobs(way: FaultyWay, bucket: str, tmp_path: Path) -> S3Blobs:
    return S3Blobs(store_of(way, bucket), tmp_path / "near", f"s3://{bucket}/kho")


def objects(blobs: S3Blobs) -> dict[str, int]:
    return {each["path"]: each["size"] for page in obstore.list(blobs.store) for each in page}


@pytest.mark.parametrize("content", [b"", b"short", LARGE], ids=["empty", "short", "in parts"])
def test_what_was_put_is_read_again(blobs: S3Blobs, content: bytes):
    digest = blobs.put(io.BytesIO(content))
    assert digest == hashlib.sha256(content).hexdigest()
    assert objects(blobs) == {f"{digest[:2]}/{digest[2:]}": len(content)}
    assert blobs.size(digest) == blobs.prove(digest) == len(content)
    with blobs.open(digest) as stream:
        assert stream.read() == content
    assert blobs.path(digest).read_bytes() == content


def test_it_is_written_once(blobs: S3Blobs, way: FaultyWay):
    blobs.put(b"once")
    way.seen.clear()
    blobs.put(b"once")
    assert [method for method, _ in way.seen] == ["HEAD"]


def test_two_at_once_leave_one(blobs: S3Blobs, way: FaultyWay, monkeypatch: pytest.MonkeyPatch):
    """The second finds it absent when it asks, and there when it writes: the condition says so."""
    digest = Digest(hashlib.sha256(b"both").hexdigest())
    obstore.put(blobs.store, f"{digest[:2]}/{digest[2:]}", b"both", mode="create")
    seen = iter([None, 4])
    monkeypatch.setattr(blobs, "_size_there", lambda _digest: next(seen))
    assert blobs.put(b"both") == digest
    assert ("PUT", 412) in way.answered
    assert len(objects(blobs)) == 1


@pytest.mark.parametrize("fault", ["cut", "busy"])
@pytest.mark.parametrize("content", [b"short", LARGE], ids=["short", "in parts"])
def test_a_passing_fault_is_passed_over(blobs: S3Blobs, way: FaultyWay, fault: str, content: bytes):
    way.will(fault, "good", fault, methods=("PUT", "HEAD", "GET"))
    digest = blobs.put(content)
    near = blobs.path(digest)
    near.unlink()
    way.will(fault, methods=("GET",))
    assert blobs.path(digest).read_bytes() == content


@pytest.mark.parametrize("content", [b"short", LARGE], ids=["short", "in parts"])
def test_a_lasting_fault_leaves_nothing_behind(blobs: S3Blobs, way: FaultyWay, content: bytes):
    way.will("good", *["busy"] * 200, methods=("HEAD", "PUT"))
    with pytest.raises(BlobsUnreachable):
        blobs.put(content)
    way.will()
    assert objects(blobs) == {}
    assert [each for each in blobs.near.rglob("*") if each.is_file()] == []
    assert blobs.put(content) in {key.replace("/", "") for key in objects(blobs)}


def test_half_an_answer_is_no_answer(blobs: S3Blobs, way: FaultyWay):
    digest = blobs.put(LARGE)
    blobs.path(digest).unlink()
    way.will(*["half"] * 20, methods=("GET",))
    with pytest.raises(BlobsUnreachable):
        blobs.path(digest)
    assert [each for each in blobs.near.rglob("*") if each.is_file()] == []
    way.will("half", methods=("GET",))
    with suppress(BlobsUnreachable):                 # whether it is asked again for the rest is the library's choice
        assert blobs.path(digest).read_bytes() == LARGE
    way.will()
    assert blobs.path(digest).read_bytes() == LARGE


def test_wrong_bytes_are_never_handed_out(blobs: S3Blobs, way: FaultyWay):
    digest = blobs.put(b"the real ones")
    blobs.path(digest).unlink()
    way.will(*["wrong"] * 3, methods=("GET",))
    for read in (blobs.path, blobs.open, blobs.prove):
        with pytest.raises(BlobChanged):
            read(digest)
    assert [each for each in blobs.near.rglob("*") if each.is_file()] == []
    way.will()
    assert blobs.prove(digest) == 13


def test_a_slow_server_is_given_up(way: FaultyWay, bucket: str, tmp_path: Path):
    blobs = S3Blobs(store_of(way, bucket, retries=0, timeout=0.5), tmp_path / "near", "s3://b")
    way.release.clear()
    way.will("slow", methods=("HEAD",))
    begun = time.monotonic()
    with pytest.raises(BlobsUnreachable):
        blobs.size(Digest("ab" * 32))
    way.release.set()
    assert time.monotonic() - begun < 15


def test_no_right_is_told_as_such(blobs: S3Blobs, way: FaultyWay):
    way.will("denied", methods=("HEAD",))
    with pytest.raises(BlobsRefused) as refused:
        blobs.put(b"x")
    said = words_of(refused.value)
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in f"{said} {refused.value.facts}"


def test_what_is_not_there(blobs: S3Blobs):
    for read in (blobs.path, blobs.open, blobs.prove, blobs.size):
        with pytest.raises(BlobMissing):
            read(Digest("cd" * 32))


def test_a_changed_object_shows_though_the_copy_near_by_is_good(blobs: S3Blobs):
    digest = blobs.put(b"what was put")
    obstore.put(blobs.store, f"{digest[:2]}/{digest[2:]}", b"what was PUT")
    with pytest.raises(BlobChanged):
        blobs.prove(digest)
    with blobs.open(digest) as stream:
        assert stream.read() == b"what was put"


def test_a_changed_copy_near_by_is_brought_anew(blobs: S3Blobs):
    digest = blobs.put(b"what was put")
    blobs.path(digest).write_bytes(b"changed here")
    assert blobs.path(digest).read_bytes() == b"what was put"


def test_copies_near_by_have_a_limit(way: FaultyWay, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    blobs = S3Blobs(store_of(way, bucket), tmp_path / "near", "s3://b", near_bytes=250)
    first, second = blobs.put(b"1" * 100), blobs.put(b"2" * 100)
    old = time.time() - 10_000
    for digest in (first, second):
        os.utime(blobs.path(digest), (old, old))
    os.utime(blobs.path(second))                      # used a moment ago
    third = blobs.put(b"3" * 100)
    here = {file.parent.name + file.name for file in blobs.near.glob("??/*")}
    assert here == {second, third}
    assert blobs.path(first).read_bytes() == b"1" * 100
    monkeypatch.setattr(s3_blobs, "IN_USE_S", -1.0)
    blobs.put(b"4" * 300)
    assert sum(file.stat().st_size for file in blobs.near.glob("??/*")) <= 300


def test_the_place_names_no_key(way: FaultyWay, bucket: str, monkeypatch: pytest.MonkeyPatch):
    url = f"postgresql://user@host/office?blobs=s3://{bucket}/kho&endpoint={way.address}&region=us-east-1"
    at = place(url)
    assert (at.bucket, at.endpoint) == (f"s3://{bucket}/kho", way.address)
    assert "blobs" not in at.database.query and "endpoint" not in at.database.query
    for wrong in (f"postgresql://h/o?blobs=s3://key:secret@{bucket}", "postgresql://h/o?blobs=s3://",
                  f"postgresql://h/o?blobs=s3://{bucket}&endpoint=http://key:secret@host"):
        with pytest.raises(FieldWrong) as refused:
            place(wrong)
        assert "secret" not in str(words_of(refused.value))
    for name in KEYS:
        monkeypatch.delenv(name)
    secrets = Secrets(MemorySafe())
    secrets.put(secret_name(bucket), bytearray(json.dumps({
        "access_key_id": "kept", "secret_access_key": "kept secret"}).encode()))
    blobs = bucket_of(at, secrets)
    digest = blobs.put(b"with a kept key")
    assert blobs.prove(digest) == 15
    assert "kept secret" not in f"{at} {blobs.name}"
    secrets.put(secret_name(bucket), bytearray(b"not json"))
    with pytest.raises(Trouble) as spoiled:
        bucket_of(at, secrets)
    assert spoiled.value.code == "office.blobs_refused"
