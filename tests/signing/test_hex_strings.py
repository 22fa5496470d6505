"""The quick reading of hexadecimal strings gives what pyHanko's gives, and complains as it does."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError

from signing.hex_strings import PIECE, read_hex_string

THEIRS = generic.read_hex_string_from_stream


def outcome(read, content: bytes):
    stream = BytesIO(content)
    try:
        value = read(stream)
    except PdfError as error:
        return type(error), str(error)
    return type(value), value, stream.tell()


@given(st.binary(max_size=300).map(lambda middle: b"<" + middle), st.binary(max_size=20))
def test_any_bytes(begin: bytes, rest: bytes):
    assert outcome(read_hex_string, begin + rest) == outcome(THEIRS, begin + rest)


@given(st.text("0123456789abcdefABCDEF \n\r\t\f\0", max_size=300), st.binary(max_size=20))
def test_digits_and_white_space(digits: str, rest: bytes):
    content = b"<" + digits.encode() + b">" + rest
    assert outcome(read_hex_string, content) == outcome(THEIRS, content)


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_over_the_edges_of_pieces(length: int):
    content = b"<" + b"a" * length + b"> endobj"
    assert outcome(read_hex_string, content) == outcome(THEIRS, content)
    assert outcome(read_hex_string, content[:length]) == outcome(THEIRS, content[:length])
