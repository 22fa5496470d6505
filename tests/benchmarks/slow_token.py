"""200 letters with a key that takes 185 ms, as the tokens in use do: is the key the only thing waited for?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.letters import batch_seconds, letter_in, picture_in, plain_seconds, raw_seconds, token_in
from tests.benchmarks.pyhanko_command import command_seconds

DELAY_MS = 185
FILES_BY_COMMAND = 10
"""pyHanko's command line starts anew for every file; its time per file does not depend on how many there are."""


def run(setting: Setting) -> Sequence[Figure]:
    count = 40 if setting.quick else 200
    token, letter, picture = token_in(setting.folder, DELAY_MS), letter_in(setting.folder), picture_in(setting.folder)
    key = token.key()
    raw = raw_seconds(key, count)
    ours = batch_seconds(setting.folder / "ours", key, letter, replace(token.request, image=picture), count)
    key.close()
    token.shim.host.stop()
    plain = plain_seconds(token, letter, picture, setting.folder / "plain", count)
    figures = [
        Figure("batch, 185 ms token, to raw key", ours / raw, 1.05,
               f"{count} letters in {ours:.1f} s; the key alone {raw:.1f} s"),
        Figure("  plain pyHanko loop, to raw key", plain / raw, None,
               f"{plain:.1f} s, nothing checked"),
    ]
    by_command = command_seconds(token, letter, picture, setting.folder / "command", FILES_BY_COMMAND)
    if by_command is None:
        return [*figures, Figure("  pyHanko's command per file", None, None, "pyhanko-cli is not installed")]
    each = by_command / FILES_BY_COMMAND
    return [*figures, Figure("  pyHanko's command per file, to raw key", each * count / raw, None,
                             f"{each:.2f} s per file, {FILES_BY_COMMAND} files")]
