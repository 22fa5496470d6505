"""A mailbox that tells of something new begins a round of the post; the window closes while it listens."""

from __future__ import annotations

from concurrent.futures import CancelledError
from typing import Any

import pytest

from docclient.desk.carrying import Round
from tests.offices import OfficeToTest

pytestmark = pytest.mark.window


def test_news_begins_a_round_and_listening_holds_up_nothing(
        make_desk: Any, sqlite_office: OfficeToTest, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    listened: list[int] = []
    left: list[int] = []

    def carry(*_: Any, **__: Any) -> Round:
        rounds.append(1)
        return Round((), ())

    def listen(_ways: Any, stop: Any) -> bool:
        listened.append(1)
        if len(listened) == 1:
            return True
        stop.wait(60)
        left.append(1)
        raise CancelledError

    monkeypatch.setattr("ui.post.carry_round", carry)
    monkeypatch.setattr("ui.post.wait_for_news", listen)
    desk = make_desk(sqlite_office.place, office=sqlite_office, with_post=True)
    bench = desk.sit("clerk")                  # it settles: whoever listens is not waited for
    desk.until(lambda: len(listened) == 2)
    assert len(rounds) == 2 and not left       # one at the start, one for the news
    bench.post.run_now()
    desk.until(lambda: len(rounds) == 3)
    desk.settle()
    assert len(listened) == 2                  # it listens still
    desk.program.stand_up()
    desk.until(lambda: bool(left))
