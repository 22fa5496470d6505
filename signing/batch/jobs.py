"""The work on one document that needs no key; it may be done in another process."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from signing.request import Filling, SignedFile, SigningRequest
from signing.sign_troubles import CannotBeSigned, ResultNotSound
from signing.stages import KeyFacts, Prepared, complete_signature, prepare_signature, result_of


@dataclass(frozen=True, slots=True)
class Prepare:
    source: Path
    target: Path
    key: KeyFacts
    part_name: str
    durable: bool
    filling: Filling | None = None

    def run(self, request: SigningRequest) -> Prepared:
        return prepare_signature(self.source, self.target, self.key, request, filling=self.filling,
                                 part_name=self.part_name, durable=self.durable)


@dataclass(frozen=True, slots=True)
class Complete:
    prepared: Prepared
    value: bytes

    def run(self, request: SigningRequest) -> SignedFile:
        return complete_signature(self.prepared, self.value, request)


@dataclass(frozen=True, slots=True)
class TakeUp:
    """An item left behind by an earlier run: its result if there is one or one can be made of what the key gave."""

    prepared: Prepared
    value: bytes | None

    def run(self, request: SigningRequest) -> SignedFile | None:
        found = result_of(self.prepared, request)
        if found is None and self.value is not None and self.prepared.part.exists():
            with suppress(ResultNotSound, CannotBeSigned):   # the part did not survive: it is made anew
                return complete_signature(self.prepared, self.value, request)
        self.prepared.discard()
        return found


Job = Prepare | Complete | TakeUp
