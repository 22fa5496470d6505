"""Reading an office document's page: number, date, authority, name, recipients. NĐ 30/2020 Annex I (boxes 3, 4, 7, 9b).

Found by what the lines say and how they lie to each other, not by fixed millimetres: real pages shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signing.layout_head import read_head
from signing.layout_parts import Gap
from signing.layout_signers import SignerBlock, read_foot
from signing.page import Box
from signing.page_text import PageText

__all__ = ["Gap", "Layout", "SignerBlock", "read_layout"]


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


def read_layout(pages: Sequence[PageText]) -> Layout:
    if not pages:
        return Layout(None, "", None, None, None, None, (), None)
    head, foot = read_head(pages), read_foot(pages)
    return Layout(head.number, head.symbol, head.day, head.month, head.year, head.date_line, foot.signers,
                  foot.recipients, head.page)
