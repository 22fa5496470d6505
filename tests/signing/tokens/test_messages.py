"""The pipe between host and child: what goes in comes out, and nothing else is believed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.tokens.messages import (
    HEAD,
    MARK,
    CertificateFound,
    CertificatesListed,
    Done,
    Garbled,
    KeyFound,
    LogIn,
    MakeSignature,
    Refused,
    SlotFound,
    SlotsListed,
    TokenFound,
    frame,
    read_frame,
    wipe,
)

texts = st.text(max_size=20)
numbers = st.integers(0, 2**64 - 1)
tokens = st.builds(TokenFound, numbers, texts, texts, texts, texts, numbers)
certificates = st.builds(CertificateFound, st.binary(max_size=40), st.none() | texts, st.binary(max_size=40))
messages = st.one_of(
    st.builds(SlotsListed, st.lists(st.builds(SlotFound, numbers, texts, st.none() | tokens, st.none() | numbers),
                                    max_size=3).map(tuple)),
    st.builds(CertificatesListed, st.lists(certificates, max_size=3).map(tuple)),
    st.builds(MakeSignature, numbers, numbers, numbers, st.lists(numbers, max_size=3).map(tuple), st.binary(), numbers),
    st.builds(KeyFound, numbers, st.booleans(), st.lists(numbers, max_size=3).map(tuple)),
    st.builds(Refused, texts, numbers, st.none() | tokens, st.booleans()),
)


def read(data: bytes):
    rest = bytearray(data)

    def exactly(length):
        if len(rest) < length:
            raise EOFError
        taken = rest[:length]
        del rest[:length]
        return taken

    return read_frame(exactly)


@given(messages, st.binary(max_size=30))
def test_every_message_comes_out_as_it_went_in(message, secret):
    assert read(frame(message, bytearray(secret)) + secret) == (message, bytearray(secret))


def test_the_secret_is_not_in_the_json():
    assert b"1234" not in frame(LogIn(1), bytearray(b"1234"))


def raw(content: object) -> bytes:
    body = json.dumps(content).encode()
    return HEAD.pack(MARK, len(body), 0) + body


@pytest.mark.parametrize("data", [
    b"warning: driver\n" * 4,
    HEAD.pack(MARK, 1 << 30, 0),
    HEAD.pack(MARK, 2, 1 << 30) + b"{}",
    HEAD.pack(MARK, 3, 0) + b"\xff\xff\xff",
    raw([]), raw({}), raw({"kind": "Path"}), raw({"kind": "Done", "more": 1}), raw({"kind": ["Done"]}),
    raw({"kind": "KeyFound", "key": "1", "asks_each_time": False, "mechanisms": []}),
    raw({"kind": "KeyFound", "key": True, "asks_each_time": False, "mechanisms": []}),
    raw({"kind": "KeyFound", "key": 1, "asks_each_time": False, "mechanisms": 5}),
    raw({"kind": "SignatureMade", "value": "not base64!"}),
    raw({"kind": "SlotsListed", "slots": [{"kind": "Done"}]}),
], ids=range(14))
def test_anything_else_is_garbled(data):
    with pytest.raises(Garbled):
        read(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_end_or_garble(data):
    with pytest.raises((Garbled, EOFError)):
        read(HEAD.pack(MARK, len(data), 0) + data)


def test_wiping_keeps_the_buffer_and_loses_its_content():
    secret = bytearray(b"123456")
    view = memoryview(secret)
    wipe(secret)
    assert view == bytes(6)
    wipe(None)


def test_a_done_is_a_done():
    assert read(frame(Done())) == (Done(), bytearray())
