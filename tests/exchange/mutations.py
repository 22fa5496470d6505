"""Packets broken at random: what the reader must survive. Run as a module for a long fuzz.

    python -m tests.exchange.mutations --seconds 300 [--seed N] [--keep DIR]

Every input must end in a Packet or a Trouble, within two seconds; inputs that do not are kept in DIR.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from docclient.errors import Trouble
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.packet import Packet
from docclient.exchange.packet_json import packet_as_json
from tests.exchange.packets import SAMPLES, attachment, document, reference

SLOWEST_S = 2.0
TOKENS = (
    b"<", b">", b"</", b"/>", b"&", b"&amp;",
    b"&#0;", b"&#x1F;", b"&lol9;", b"<![CDATA[", b"]]>", b"<!--", b"-->",
    b"<?", b"?>",
    b"\"", b"'", b"=", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xef\xbf\xbd\xef\xbf\xbd", b"\xed\xa0\x80",
    b"PK\x03\x04", b"<!DOCTYPE edXML [<!ENTITY a \"b\">]>", b"xmlns=\"\"", b" xlink:href=\"a\"", b"edXML:", b"zz:",
    b"<Secret>1</Secret>", b"<StatusCode>03</StatusCode>", b"<Attachment>", b"</Attachment>", b"<edXML:Reference>",
    b"</edXML:To>", b"cid:", b"====", b"</edXML>", b"<a>" * 300, b"A" * 5000, b" " * 5000, b"\xe1\xba\xa3" * 2000,
)


def mutated(seed: bytes, other: bytes, dice: random.Random) -> bytes:
    """A few random changes to a packet; `other` lends pieces."""
    data = bytearray(seed)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 5, 10, 40))):
        if not data:
            break
        # the header is where structure lies: most changes go there
        zone = min(len(data), 6000) if dice.random() < 0.8 else len(data)
        at = dice.randrange(zone)
        _CHANGES[dice.randrange(len(_CHANGES))](data, at, other, dice)
    return bytes(data)


def _flip(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    data[at] ^= 1 << dice.randrange(8)


def _any_byte(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    data[at] = dice.randrange(256)


def _insert_token(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    data[at:at] = dice.choice(TOKENS)


def _delete(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    del data[at:at + dice.choice((1, 2, 5, 20, 100, 1000))]


def _duplicate(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    data[at:at] = data[at:at + dice.choice((10, 100, 1000))]


def _splice(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    start = dice.randrange(len(other))
    data[at:at + dice.choice((0, 50))] = other[start:start + dice.choice((10, 200, 2000))]


def _cut(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    if dice.random() < 0.3:
        del data[dice.randrange(len(data)):]


def _swap_tag(data: bytearray, at: int, other: bytes, dice: random.Random) -> None:
    opening = data.find(b"<", at)
    closing = data.find(b">", opening)
    if 0 <= opening < closing < opening + 200:
        data[opening:closing + 1] = dice.choice((b"", b"</x>", b"<x>", bytes(data[opening:closing + 1]) * 2,
                                                 bytes(data[opening:closing + 1]).upper()))


_CHANGES: tuple[Callable[[bytearray, int, bytes, random.Random], None], ...] = (
    _flip, _any_byte, _insert_token, _insert_token, _delete, _duplicate, _splice, _cut, _swap_tag, _swap_tag)


def survive(data: bytes) -> Packet | Trouble:
    """Read, and turn into an answer, as every caller would."""
    try:
        packet = read_packet(data, file="fuzz")
    except Trouble as trouble:
        return trouble
    packet_as_json(packet)
    return packet


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    given = options.parse_args()
    corpus = [path.read_bytes() for path in sorted(SAMPLES.glob("*.edxml"))]
    corpus += [document(), document(trace="<edXML:Bussiness/>", references=reference() * 3,
                                    attachments=attachment() * 2)]
    small = [seed for seed in corpus if len(seed) < 20_000]
    ends: Counter[str] = Counter()
    slowest, faults, number = 0.0, 0, given.seed
    stop = time.monotonic() + given.seconds
    while time.monotonic() < stop:
        number += 1
        dice = random.Random(number)
        data = mutated(dice.choice(corpus if number % 10 == 0 else small), dice.choice(corpus), dice)
        began = time.process_time()
        try:
            result = survive(data)
            ends[result.code if isinstance(result, Trouble) else f"damaged={result.damaged}"] += 1
        except Exception:
            faults += 1
            traceback.print_exc()
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"{number}.edxml").write_bytes(data)
        took = time.process_time() - began
        slowest = max(slowest, took)
        if took > SLOWEST_S:
            faults += 1
            given.keep.mkdir(parents=True, exist_ok=True)
            (given.keep / f"slow-{number}.edxml").write_bytes(data)
    sys.stdout.write(f"{sum(ends.values())} inputs, {faults} faults, slowest {slowest:.3f} s\n{ends}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
