"""Agencies by code: old and new codes side by side, compared as opaque texts.

Decision 20/2020/QĐ-TTg gave every agency a new code while the old ones travel on; a packet may name us by either.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from docclient.exchange.packet import DocumentPacket, Organization


def folded(code: str | None) -> str:
    """A code as it is compared: trimmed, without regard to case. Its shape is nobody's business."""
    return unicodedata.normalize("NFC", code or "").strip().casefold()


def same_code(one: str | None, other: str | None) -> bool:
    """Whether two codes are the same; nothing equals a missing code."""
    return bool(folded(one)) and folded(one) == folded(other)


@dataclass(frozen=True, slots=True)
class Unit:
    """An agency as a directory lists it. code: in use now; old_code: before Decision 20/2020."""

    code: str
    name: str
    old_code: str | None = None
    parent_code: str | None = None
    email: str | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.code, self.old_code) if self.old_code else (self.code,)

    @property
    def is_exchange_centre(self) -> bool:
        """Centres carry packets and receive none: not to be offered as recipients."""
        return any("w00" in folded(code).split(".") for code in self.codes)


class Directory:
    """Units found by any of their codes."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = tuple(units)
        self._by_code = {folded(code): unit for unit in reversed(self._units) for code in reversed(unit.codes)
                         if folded(code)}

    def find(self, code: str | None) -> Unit | None:
        return self._by_code.get(folded(code))

    def recipients(self) -> Iterator[Unit]:
        """The units that can receive, in the directory's order."""
        return (unit for unit in self._units if not unit.is_exchange_centre)


def our_line(packet: DocumentPacket, our_codes: Collection[str]) -> Organization | None:
    """The `To` that names us by any of our codes; None when the packet is for others."""
    ours = {folded(code) for code in our_codes if folded(code)}
    return next((organization for organization in packet.header.to if folded(organization.organ_id) in ours), None)
