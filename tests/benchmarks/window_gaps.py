"""The longest time the window's event loop stands still while a batch runs beside it, and while the module hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from signing.errors import Trouble
from signing.tokens.host import ModuleHost
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.letters import batch_seconds, letter_in, picture_in, token_in
from tests.fakes.token_shim import Shim

TICK_MS = 5


def run(setting: Setting) -> Sequence[Figure]:
    try:
        import PySide6.QtCore  # noqa: F401
    except ImportError:
        return [Figure("event loop, longest gap", None, 100, "PySide6 is not installed", unit="ms")]
    count = 20 if setting.quick else 60
    token, letter, picture = token_in(setting.folder, 20), letter_in(setting.folder), picture_in(setting.folder)
    key = token.key()
    busy = longest_gap_ms(lambda: batch_seconds(
        setting.folder / "ours", key, letter, replace(token.request, image=picture), count))
    key.close()
    shim = token.shim
    hanging = Shim(shim.module, {**shim.environment, "SHIM_MODES": "hang_load"})
    hanging.hurry(3.0)
    hung = longest_gap_ms(lambda: hangs(hanging.host))
    return [Figure("event loop, longest gap in a batch", busy, 100, f"{count} letters", unit="ms"),
            Figure("event loop, longest gap, module hangs", hung, 100, "3 s until it is ended", unit="ms")]


def hangs(host: ModuleHost) -> None:
    try:
        host.load()
    except Trouble as trouble:
        assert trouble.code == "module.hung", trouble.code
    else:
        raise AssertionError("the module did not hang")


def longest_gap_ms(work: Callable[[], object]) -> float:
    """Run `work` in a thread while the event loop ticks; raises what `work` raised."""
    from PySide6.QtCore import QCoreApplication, QTimer

    application = QCoreApplication.instance() or QCoreApplication([])
    raised: list[BaseException] = []

    def do() -> None:
        try:
            work()
        except BaseException as error:   # raised again below, in the thread that measures
            raised.append(error)

    thread = threading.Thread(target=do)
    seen = [time.perf_counter()]

    def tick() -> None:
        seen.append(time.perf_counter())
        if not thread.is_alive():
            application.quit()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(TICK_MS)
    thread.start()
    application.exec()
    timer.stop()
    if raised:
        raise raised[0]
    return 1000 * max(later - earlier for earlier, later in pairwise(seen))
