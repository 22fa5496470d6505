"""A packet's header often lacks what its page says: number, date, issuer's place, signer. What the page says plainly is
proposed in its place; the clerk confirms all of it when registering."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

from docclient.desk.page_facts import facts_on
from docclient.desk.workplace import workplace
from docclient.office.commands.arriving import ReceivePacket

PDF = "application/pdf"
FROM_THE_PAGE = ("code_number", "code_notation", "issued_date", "issued_place", "type_name", "signer_name",
                 "signer_position")
NEEDED = ("code_number", "code_notation", "issued_date")
"""Only for want of one of these the page is looked at: it takes longer than all the rest of a packet."""


def filled_from_page(command: ReceivePacket, content: bytes | None, media_type: str,
                     stop: threading.Event | None = None) -> ReceivePacket:
    """content: of the document itself. A subject is never taken from the page: the header's always counts.

    Raises: SecretRefused where the page that was looked at carries a secrecy stamp; CancelledError.
    """
    if content is None or media_type != PDF or all(getattr(command, name) for name in NEEDED):
        return command
    with workplace() as folder:
        main = folder / "main.pdf"
        main.write_bytes(content)
        page = facts_on(main, stop)
    found: dict[str, str | date] = {name: getattr(page, name) for name in FROM_THE_PAGE
                                    if not getattr(command, name) and getattr(page, name)}
    return replace(command, **found) if found else command      # type: ignore[arg-type]
