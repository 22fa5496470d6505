"""Why a draft is used as a repaired copy, and what was done to it, in words. No Qt."""

from __future__ import annotations

from docclient.desk.drafting import RepairOffer
from ui.texts import Texts


def draft_repair_words(offer: RepairOffer, texts: Texts) -> list[str]:
    """The reason, a line for each thing that was done, what stays the same."""
    why = texts.trouble(offer.why).sentence if offer.why is not None else texts("draft_repair.hybrid", file=offer.file)
    return [why, *(f"• {texts(f'draft_repair.{remark}')}" for remark in offer.done), texts("draft_repair.same")]
