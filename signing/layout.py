"""Reading an office document's page: number, date, authority, name, recipients. NĐ 30/2020 Annex I (boxes 3, 4, 7, 9b).

Found by what the lines say and how they lie to each other, not by fixed millimetres: real pages shift.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from signing.layout_head import HEAD_PAGES, read_head
from signing.layout_parts import Gap, folded
from signing.layout_signers import SignerBlock, read_foot
from signing.page import Box
from signing.page_text import PageText

__all__ = ["Gap", "Layout", "SignerBlock", "pages_to_read", "read_layout"]


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found; None for what was not. day, month, year: gaps of the date line.

    signers: the principal signer first, co-signers after. head: the page where number and date stand, or would stand.
    """

    number: Gap | None
    symbol: str
    day: Gap | None
    month: Gap | None
    year: Gap | None
    date_line: tuple[int, Box] | None
    signers: tuple[SignerBlock, ...]
    recipients: tuple[int, Box] | None
    head: int = 1

    @property
    def signer(self) -> SignerBlock | None:
        return self.signers[0] if self.signers else None


SHORT = 8
"""Up to so many pages are all read."""


def pages_to_read(texts: Sequence[str]) -> set[int]:
    """Of a long document: its head, where it names its receivers, its end and the pages before its annexes."""
    count = len(texts)
    if count <= SHORT:
        return set(range(1, count + 1))
    plain = [folded(text) for text in texts]
    annex = next((index for index in range(1, count) if "phu luc" in plain[index][:60]), count)
    receivers = [index for index in range(count) if re.search(r"noi\s*nhan", plain[index])]
    wanted = {*range(HEAD_PAGES), *range(max(annex - 3, 0), min(annex + 1, count)), count - 2, count - 1}
    for index in (receivers[:2] + receivers[-1:]):
        wanted |= {index - 1, index, index + 1}
    return {index + 1 for index in wanted if 0 <= index < count}


def read_layout(pages: Sequence[PageText]) -> Layout:
    if not pages:
        return Layout(None, "", None, None, None, None, (), None)
    head, foot = read_head(pages), read_foot(pages)
    return Layout(head.number, head.symbol, head.day, head.month, head.year, head.date_line, foot.signers,
                  foot.recipients, head.page)
