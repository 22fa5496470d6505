"""Rounds of the post of one office until nothing is left to do, over folders or e-mail; it is there to be killed.

    python -m tests.kills.posting OFFICE '{"folder": …}' | '{"marks": …, "imap": …, "smtp": …, "certificate": …}'
"""

from __future__ import annotations

import json
import ssl
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from docclient.desk.post import fetch_post, send_post
from docclient.exchange.transports.base import Transport
from docclient.exchange.transports.folder import FolderTransport
from docclient.exchange.transports.mail import MailTransport
from docclient.exchange.transports.mail_account import MailAccount, MailServer
from docclient.office.engine import OfficeEngine
from docclient.office.queries.office import Outbox
from docclient.store.place import place
from tests.kills.flow import BEGINS

OURS, USER, PASSWORD = "vanthu@tanhiep.example", "vanthu@tanhiep.example", "mật khẩu thử"
THEIRS = "vanthu@sonoivu.example"


def transport_of(about: dict[str, Any]) -> Transport:
    if "folder" in about:
        return FolderTransport(Path(about["folder"]) / "in", Path(about["folder"]) / "out")
    account = MailAccount(OURS, USER, MailServer("127.0.0.1", about["imap"]), MailServer("127.0.0.1", about["smtp"]),
                          trusted=ssl.create_default_context(cafile=about["certificate"]))
    return MailTransport(account, lambda: bytearray(PASSWORD.encode()), Path(about["marks"]), lambda _: THEIRS)


def main() -> None:
    engine = OfficeEngine.open(place(sys.argv[1]))
    clerk, transport = engine.enter(engine.person("vanthu")), transport_of(json.loads(sys.argv[2]))
    sys.stdout.write(f"{BEGINS}\n")
    sys.stdout.flush()
    idle = 0
    while idle < 2:           # a folder's file counts from its second look on
        fetched = fetch_post(clerk, transport)
        posted = send_post(clerk, transport, at=datetime.now(UTC) + timedelta(days=1))
        troubles = [each.trouble for each in (*fetched, *posted) if each.trouble is not None]
        assert not troubles, troubles
        idle = 0 if fetched or posted or clerk.ask(Outbox()) else idle + 1
    engine.close()


if __name__ == "__main__":
    main()
