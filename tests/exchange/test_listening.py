"""Mailboxes tell of news between rounds; a server that does not answer holds up nobody."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from docclient.desk.carrying import Way
from docclient.desk.listening import wait_for_news
from docclient.exchange.transports.folder import FolderTransport
from docclient.exchange.transports.mail import MailTransport
from docclient.exchange.transports.mail_account import MailAccount, MailServer, MailServerAway, Security
from tests.mail_servers import free_port


class Mailbox(MailTransport):
    """Says what it is told to say, once `tell` is set."""

    def __init__(self, folder: Path, answer: bool | Exception, tell: threading.Event) -> None:
        here = MailServer("127.0.0.1", free_port(), Security.NONE)
        super().__init__(MailAccount("a@b.example", "a", here, here), bytearray, folder / "marks.txt", lambda _: None)
        self.answer, self.tell, self.left = answer, tell, threading.Event()

    def wait(self, stop: threading.Event, seconds: float = 0) -> bool:
        while not self.tell.wait(0.02):
            if stop.is_set():
                self.left.set()
                return False
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def now() -> threading.Event:
    told = threading.Event()
    told.set()
    return told


def ways(*transports: MailTransport | FolderTransport) -> list[Way]:
    return [Way("đường", each) for each in (*transports, None)]


def test_the_first_news_ends_it_and_the_others_are_left(tmp_path: Path) -> None:
    quiet, away = Mailbox(tmp_path, False, threading.Event()), MailServerAway(host="h", reason="r")
    assert wait_for_news(ways(quiet, Mailbox(tmp_path, away, now()), Mailbox(tmp_path, True, now())),
                         threading.Event())
    assert quiet.left.wait(10)


def test_who_cannot_tell_is_not_waited_for(tmp_path: Path) -> None:
    assert not wait_for_news(ways(FolderTransport(tmp_path / "in", tmp_path / "out")), threading.Event())
    assert not wait_for_news(ways(Mailbox(tmp_path, False, now())), threading.Event())
    with pytest.raises(MailServerAway):
        wait_for_news(ways(Mailbox(tmp_path, MailServerAway(host="h", reason="r"), now())), threading.Event())


def test_a_server_that_does_not_answer_is_left_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        silent = MailServer("127.0.0.1", listening.getsockname()[1])
        mailbox = MailTransport(MailAccount("a@b.example", "a", silent, silent), bytearray, tmp_path / "marks.txt",
                                lambda _: None)
        stop, ended = threading.Event(), []

        def listen() -> None:
            with pytest.raises(CancelledError):
                wait_for_news(ways(mailbox), stop)
            ended.append(True)

        thread = threading.Thread(target=listen)
        thread.start()
        line, _ = listening.accept()
        with line:
            stop.set()
            thread.join(timeout=10)
            assert ended == [True]
