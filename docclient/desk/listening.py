"""Between two rounds of the post: mailboxes say by themselves that something new has come (IMAP IDLE, RFC 2177)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, wait

from docclient.desk.carrying import Way
from docclient.desk.way_trial import LOOK_SECONDS, begun, must_go_on
from docclient.exchange.transports.mail import MailTransport


def wait_for_news(ways: Sequence[Way], stop: threading.Event) -> bool:
    """Until a mailbox tells of something new: True; or none of them listens any longer: False, at once where no way can
    tell. Looks at `stop` all the time, also while a server does not answer.

    Raises: why the last of them could not listen; CancelledError.
    """
    leave = threading.Event()
    listening = {begun(lambda mailbox=each.transport: mailbox.wait(leave)) for each in ways  # type: ignore[misc]
                 if isinstance(each.transport, MailTransport)}
    error: BaseException | None = None
    try:
        while listening:
            for each in wait(listening, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED).done:
                listening.discard(each)
                error = each.exception()
                if error is None and each.result():
                    return True
            must_go_on(stop)
    finally:
        leave.set()
    if error is not None:
        raise error
    return False
