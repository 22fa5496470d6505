"""Within a round of the post one line serves call after call; outside it, and after trouble, each call has its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from docclient.exchange.errors import ItemGone
from docclient.exchange.transports.kept import KeptLine
from docclient.exchange.transports.mail_account import MailServerAway


@dataclass
class Lines:
    """opened, closed: how many so far."""

    opened: int = 0
    closed: int = 0
    away: bool = False
    users: list[int] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator[int]:
        if self.away:
            raise MailServerAway(host="h", reason="r")
        self.opened += 1
        try:
            yield self.opened
        except OSError as error:
            raise MailServerAway(host="h", reason="broken") from error
        finally:
            self.closed += 1


def test_one_line_for_a_round_and_one_a_call_outside() -> None:
    lines = Lines()
    kept = KeptLine(lines.open)
    with kept.round():
        for _ in range(3):
            with kept.at_hand() as line:
                assert line == 1
        assert (lines.opened, lines.closed) == (1, 0)
    assert lines.closed == 1
    for number in (2, 3):
        with kept.at_hand() as line:
            assert line == number
    assert lines.closed == 3


def test_a_broken_line_is_told_as_it_tells_and_opened_anew() -> None:
    lines = Lines()
    kept = KeptLine(lines.open)
    with kept.round():
        with pytest.raises(MailServerAway) as broken, kept.at_hand():
            raise ConnectionResetError
        assert broken.value.facts["reason"] == "broken" and lines.closed == 1
        with kept.at_hand() as line:
            assert line == 2


def test_what_says_nothing_of_the_line_leaves_it_open() -> None:
    lines = Lines()
    kept = KeptLine(lines.open, harmless=(ItemGone,))
    with kept.round():
        with pytest.raises(ItemGone), kept.at_hand():
            raise ItemGone(item="1")
        with kept.at_hand() as line:
            assert line == 1


def test_a_line_serves_only_so_often() -> None:
    lines = Lines()
    kept = KeptLine(lines.open, uses=2)
    with kept.round():
        served = []
        for _ in range(5):
            with kept.at_hand() as line:
                served.append(line)
    assert served == [1, 1, 2, 2, 3] and lines.closed == 3


def test_a_server_away_at_the_beginning_may_be_there_later() -> None:
    lines = Lines(away=True)
    kept = KeptLine(lines.open)
    with kept.round():
        with pytest.raises(MailServerAway), kept.at_hand():
            raise AssertionError
        lines.away = False
        with kept.at_hand() as line:
            assert line == 1


def test_one_caller_at_a_time() -> None:
    lines, together = Lines(), []
    kept = KeptLine(lines.open)

    def use() -> None:
        for _ in range(50):
            with kept.at_hand():
                lines.users.append(1)
                together.append(len(lines.users))
                lines.users.pop()

    with kept.round():
        threads = [threading.Thread(target=use) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert set(together) == {1} and lines.opened == lines.closed == 1
