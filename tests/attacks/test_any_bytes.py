"""Signed files with bytes flipped, cut, doubled or put in: never valid with other signed bytes, never an exception."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signing.outside import padding_is_plain
from signing.report import Conclusion, Reason
from signing.verify import verify_file
from tests.attacks import raw
from tests.attacks.material import Material

DEADLINE_S = 20.0
"""Processor seconds; a tenth of a second on an idle machine."""

PIECES = st.one_of(st.binary(min_size=1, max_size=40), st.sampled_from([
    b"endobj", b" 0 R", b"<<", b">>", b"startxref\n0\n%%EOF\n", b"/ByteRange [0 0 0 0]", b"xref\n0 1\n", b"stream\n",
    b"null", b"trailer\n<</Root 1 0 R>>\n", b"/Prev 0", b"[[[[[[[[", b"((((((", b"/V null", b"/Contents <>"]))


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, float, float, bytes, int]:
    return (draw(st.sampled_from(["flip", "cut", "double", "insert", "overwrite"])), draw(st.floats(0, 0.99999)),
            draw(st.floats(0, 0.2)), draw(PIECES), draw(st.integers(1, 255)))


def changed(data: bytes, change: tuple[str, float, float, bytes, int]) -> bytes:
    kind, where, length, piece, mask = change
    at = int(where * len(data))
    end = min(len(data), at + 1 + int(length * len(data)))
    match kind:
        case "flip":
            return data[:at] + bytes([data[at] ^ mask]) + data[at + 1:]
        case "cut":
            return data[:at] + data[end:]
        case "double":
            return data[:end] + data[at:end] + data[end:]
        case "insert":
            return data[:at] + piece + data[at:]
        case _:
            return data[:at] + piece + data[at + len(piece):]


def signed_parts(data: bytes) -> list[tuple[tuple[int, ...], bytes]]:
    """What the file's byte ranges cover, oldest first."""
    found = []
    for text in re.findall(rb"/ByteRange\s*\[([\d\s]+)\]", data):
        begin, first, second, length = numbers = tuple(int(n) for n in text.split())
        found.append((numbers, data[begin:first] + data[second:second + length]))
    return sorted(found, key=lambda one: one[0][-2] + one[0][-1])


def check(material: Material, original: bytes, change: tuple[str, float, float, bytes, int]) -> None:
    data = changed(original, change)
    path = material.folder / "any.pdf"
    path.write_bytes(data)
    begun = time.process_time()
    report = verify_file(path, material.trust)

    assert time.process_time() - begun < DEADLINE_S
    assert report.reason is not Reason.TIME_OVER
    if report.conclusion is Conclusion.VALID:
        # then every signature that is told covers bytes that its signer did sign; what a gateway puts before is outside
        data = data[data.index(b"%PDF-"):]
        known = {content for _, content in signed_parts(original)}
        assert report.signatures
        assert {content for _, content in signed_parts(data)} <= known
        assert padding_is_plain(raw.contents_of(data))


QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LONG = settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(change=changes())
def test_a_sealed_file(material: Material, change: tuple[str, float, float, bytes, int]) -> None:
    check(material, material.sealed, change)


@QUICK
@given(change=changes())
def test_a_file_with_a_document_time_stamp(material: Material, change: tuple[str, float, float, bytes, int]) -> None:
    check(material, material.document_stamp, change)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@LONG
@given(change=changes())
def test_many(material: Material, change: tuple[str, float, float, bytes, int]) -> None:
    check(material, material.sealed, change)


@pytest.mark.parametrize("wrong", [b"1+1", b"--1", b"1-1.", b"+.+"])
def test_numbers_that_are_none(material: Material, wrong: bytes) -> None:
    """In the rectangle of a field, which is read before anything is known of a signature."""
    at = material.sealed.index(b"/Rect [") + len(b"/Rect [")
    for place in (at, material.sealed.rindex(b"/Rect [") + len(b"/Rect [")):
        check(material, material.sealed, ("overwrite", (place + 0.5) / len(material.sealed), 0.0, wrong, 1))


def test_a_file_of_nothing_but_brackets_ends(material: Material, tmp_path: Path) -> None:
    for filling in (b"[" * 200_000, b"<<" * 100_000, b"(" * 200_000, b"1 0 obj\n" * 20_000):
        path = tmp_path / "deep.pdf"
        end = b"\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
        path.write_bytes(b"%PDF-1.7\n1 0 obj\n" + filling + end)
        assert verify_file(path, material.trust).conclusion in {Conclusion.UNREADABLE, Conclusion.UNSIGNED}
