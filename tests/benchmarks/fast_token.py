"""200 letters with a key that takes no time: how much the program itself does in a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.letters import batch_seconds, letter_in, picture_in, plain_seconds, raw_seconds, token_in


def run(setting: Setting) -> Sequence[Figure]:
    count, rounds = (40, 1) if setting.quick else (200, 3)
    token, letter, picture = token_in(setting.folder, 0), letter_in(setting.folder), picture_in(setting.folder)
    request = replace(token.request, image=picture)
    key = token.key()
    found = []
    for number in range(rounds):
        folder = setting.folder / str(number)
        plain = plain_seconds(token, letter, picture, folder / "plain", count)
        ours = batch_seconds(folder / "ours", key, letter, request, count)
        raw = raw_seconds(key, count)
        found.append((plain / ours, ours, plain, raw))
    key.close()
    ratio, ours, plain, raw = sorted(found)[len(found) // 2]
    assert ratio == median(one[0] for one in found)
    spread = f"{min(found)[0]:.2f}…{max(found)[0]:.2f}"
    return [Figure("batch, no delay, to plain loop", ratio, 1.8,
                   f"{count / ours:.1f} documents/s, each checked, to {count / plain:.1f} of a plain pyHanko loop "
                   f"that checks nothing; the key alone {1000 * raw / count:.1f} ms each; {rounds} rounds {spread}",
                   at_most=False)]
