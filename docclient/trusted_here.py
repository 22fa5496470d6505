"""Whom this person believes on this machine, for the command line: authorities that were compared, or recognised.

An office keeps its own (docclient.desk.trust); this is for files that are checked outside of one. The anchors that come
with the program are believed, and every verdict that rests on one says so until its fingerprint was read back here.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from docclient.errors import WrongUse
from docclient.settings import settings_folder
from signing.authorities import READ_BACK, is_read_back, recognise
from signing.certificates import certificate_facts
from signing.files import replacing
from signing.trust import TrustStore, fingerprint

TRUST_FILE = "trust.json"
VERSION = 1
LIMIT = 16 << 20     # bytes; a certificate has one or two thousand


class ReadBackMissing(WrongUse):
    """An anchor nobody knows is believed only after its fingerprint was compared. facts: name, fingerprint, digits."""

    code = "trust_here.read_back_missing"


class NotReadBack(WrongUse):
    """No certificate in question has a fingerprint that ends so. facts: typed, digits."""

    code = "trust_here.not_read_back"


class NotKnownHere(WrongUse):
    """Nothing that was added or confirmed has a fingerprint that ends so. facts: typed."""

    code = "trust_here.not_known"


class Standing(StrEnum):
    """What is behind an authority here; words: `trust_standing.<value>`."""

    CONFIRMED = "confirmed"         # somebody compared the fingerprint with what the authority publishes
    UNCONFIRMED = "unconfirmed"     # came with the program or is recognised by a known fingerprint; believed, and told
    BETWEEN = "between"             # believed only through an anchor


@dataclass(frozen=True, slots=True)
class Kept:
    """An authority kept here. confirmed_at: aware UTC, with CONFIRMED alone."""

    certificate: bytes
    standing: Standing
    confirmed_at: datetime | None = None


class TrustedHere:
    """The authorities in the file at `path`. A file that cannot be understood is set aside and believed nothing of."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or settings_folder() / TRUST_FILE

    def kept(self) -> tuple[Kept, ...]:
        try:
            with self.path.open("rb") as file:
                content = json.loads(file.read(LIMIT))
            if content["version"] != VERSION:
                return ()
            return tuple(_kept(each) for each in content["authorities"])
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            with suppress(OSError):
                self.path.replace(self.path.with_suffix(".spoiled"))
            return ()

    def store(self) -> TrustStore:
        """What comes with the program, and what is kept here."""
        kept = self.kept()
        return (TrustStore.standard()
                .with_unconfirmed(each.certificate for each in kept if each.standing is Standing.UNCONFIRMED)
                .with_certificates(each.certificate for each in kept if each.standing is Standing.CONFIRMED)
                .with_intermediates(each.certificate for each in kept if each.standing is Standing.BETWEEN))

    def add(self, certificates: Iterable[bytes], read_back: str = "") -> tuple[Kept, ...]:
        """Take in what a certificate file holds.

        An authority in between is kept as such. An anchor is confirmed when `read_back` are the last digits of its
        fingerprint (8 at least, or all); without that, one of the known authorities (signing.authorities) is kept as
        unconfirmed, and any other is refused.
        Raises: ReadBackMissing, NotReadBack (nothing is kept then), FolderNotWritable, DiskFull.
        """
        found = list(dict.fromkeys(certificates))
        anchors = [each for each in found if certificate_facts(each).self_issued]
        meant = [each for each in anchors if is_read_back(read_back, each)]
        if read_back and not meant:
            raise NotReadBack(typed=read_back, digits=READ_BACK)
        new = [Kept(each, Standing.BETWEEN) for each in found if each not in anchors]
        known = {each.certificate: each for each in self.kept()}
        for each in anchors:
            if each in meant:
                new.append(Kept(each, Standing.CONFIRMED, datetime.now(UTC).replace(microsecond=0)))
            elif each in known:
                new.append(known[each])
            elif recognise(each) is not None:
                new.append(Kept(each, Standing.UNCONFIRMED))
            else:
                facts = certificate_facts(each)
                raise ReadBackMissing(name=facts.common_name or facts.subject, fingerprint=_grouped(fingerprint(each)),
                                      digits=READ_BACK)
        self._keep(new)
        return tuple(new)

    def confirm(self, read_back: str) -> Kept:
        """An anchor that came with the program, or is kept here, was compared with what the authority publishes.

        Args:
            read_back: the last digits of its fingerprint: 8 at least, or all.
        Raises: NotReadBack, FolderNotWritable, DiskFull.
        """
        meant = [each for each in self.store().anchors if is_read_back(read_back, each)]
        if len(meant) != 1:
            raise NotReadBack(typed=read_back, digits=READ_BACK)
        (confirmed,) = self.add(meant, read_back)
        return confirmed

    def remove(self, digits: str) -> Kept:
        """Believe it no longer, or, when it came with the program, as something unconfirmed.

        Raises: NotKnownHere, FolderNotWritable, DiskFull.
        """
        kept = self.kept()
        meant = [each for each in kept if is_read_back(digits, each.certificate)]
        if len(meant) != 1:
            raise NotKnownHere(typed=digits)
        self._write([each for each in kept if each not in meant])
        return meant[0]

    def _keep(self, new: Iterable[Kept]) -> None:
        by_certificate = {each.certificate: each for each in self.kept()}
        by_certificate.update({each.certificate: each for each in new})
        self._write(by_certificate.values())

    def _write(self, kept: Iterable[Kept]) -> None:
        entries = [{"sha256": fingerprint(each.certificate), "standing": each.standing.value,
                    "confirmed_at": each.confirmed_at.isoformat() if each.confirmed_at else None,
                    "certificate": b64encode(each.certificate).decode()} for each in kept]
        with replacing(self.path) as file:
            file.write(json.dumps({"version": VERSION, "authorities": entries}, indent=1).encode())


def trust_of_command(trusted: Iterable[Path] = (), crls: Iterable[Path] = ()) -> TrustStore:
    """Whom a command believes: what comes with the program, what is kept here, and what is named with the command.

    Raises: FileNotReadable, NotACertificate, NotARevocationList.
    """
    return TrustStore.load(trusted, crls, base=TrustedHere().store())


def _kept(entry: dict[str, Any]) -> Kept:
    certificate = b64decode(entry["certificate"], validate=True)
    if fingerprint(certificate) != entry["sha256"]:
        raise ValueError("another certificate than the one that was confirmed")
    found = Kept(certificate, Standing(entry["standing"]))
    if found.standing is not Standing.CONFIRMED:
        return found
    return replace(found, confirmed_at=datetime.fromisoformat(entry["confirmed_at"]))


def _grouped(digits: str) -> str:
    return " ".join(digits[start:start + 4] for start in range(0, len(digits), 4))
