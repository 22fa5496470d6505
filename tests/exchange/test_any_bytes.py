"""Whatever the bytes: a packet or a trouble."""

from __future__ import annotations

import base64
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docclient.errors import Trouble
from docclient.exchange.attachments import decode
from docclient.words import Language, has_words
from tests.exchange.mutations import SLOWEST_S, TOKENS, mutated, survive
from tests.exchange.packets import LETTER, SAMPLES, document, docx, sample, zip_of, zipped

soup = st.lists(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=20)), max_size=40).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=2000), soup, soup.map(lambda middle: document("%%").replace(b"%%", middle))))
def test_any_bytes_end_in_a_packet_or_a_trouble(data: bytes) -> None:
    survive(data)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.edxml")))
def test_broken_samples_end_in_a_packet_or_a_trouble(name: str) -> None:
    seed, other = sample(name), sample("replace.edxml")
    for number in range(60 if len(seed) < 20_000 else 15):
        began = time.process_time()
        ended = survive(mutated(seed, other, random.Random(f"{name} {number}")))
        assert time.process_time() - began < SLOWEST_S
        if isinstance(ended, Trouble):
            assert all(has_words(ended.code, language) for language in Language)


@pytest.mark.parametrize("name", ["a.pdf", "a.zip", "a.docx", "a"])
@pytest.mark.parametrize("archive", [zipped(LETTER), docx(), zip_of({"a": b"", "b/": b"", "c": LETTER})],
                         ids=["wrapper", "office", "archive"])
def test_broken_archives_end_in_a_file_or_a_problem(archive: bytes, name: str) -> None:
    for number in range(150):
        dice = random.Random(number)
        data = bytearray(archive)
        for _ in range(dice.randint(1, 6)):
            data[dice.randrange(len(data))] = dice.choice((0, 1, 0xFF, dice.randrange(256)))
        if dice.random() < 0.2:
            del data[dice.randrange(len(data)):]
        decoded = decode([base64.b64encode(data)], name, "application/zip", 1 << 20)
        assert decoded.content is not None
        assert decoded.content == bytes(data) or decoded.wrapped
