"""What a clerk should see before an arrived document is registered: every attached PDF's signatures, and whether the
certificates belong to the agency that the packet names as its sender (exchange, section 2.6: the packet's own signature
proves nothing, the one inside the PDF does)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from docclient.office.model import Channel, FileKind, Flow, State
from docclient.office.queries.document_page import DocumentView
from docclient.office.twins import pressed

PDF = "application/pdf"
OF_FILES = (FileKind.MAIN, FileKind.ANNEX)


class SenderMatch(StrEnum):
    """The sender beside the certificates' organisations; words: `sender_match.<value>`."""

    SAME = "same"
    PARTLY = "partly"              # one name holds the other: a unit of it, or a name with its province
    OTHER = "other"
    UNSIGNED = "unsigned"          # no signature that could say whose it is


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """conclusion: of `docclient verify` (valid, invalid, undetermined, unsigned …); None where it is no PDF or was not
    looked at. signatures: how many."""

    name: str
    conclusion: str | None
    report: Mapping[str, Any] | None
    signatures: int


@dataclass(frozen=True, slots=True)
class ArrivalCheck:
    """organisations: that the certificates name, in their order."""

    files: tuple[ArrivedFile, ...]
    sender: str
    organisations: tuple[str, ...]
    match: SenderMatch


def waits_at_arrival(view: DocumentView) -> bool:
    return (view.document.flow is Flow.INCOMING and view.document.state is State.WAITING_RECEIPT
            and view.document.channel is not Channel.PAPER)


def arrival_check(view: DocumentView, other_names: Collection[str] = ()) -> ArrivalCheck:
    """other_names: under which the office knows the sender beside the name that the packet says."""
    files = tuple(ArrivedFile(file.name, file.current.conclusion, file.current.report,
                              len((file.current.report or {}).get("signatures") or ()))
                  for file in view.files if file.kind in OF_FILES)
    main = view.main_file()
    organisations = tuple(dict.fromkeys(organisations_in(main.current.report if main is not None else None)))
    names = [name for name in (view.document.issuer_name or "", *other_names) if name]
    return ArrivalCheck(files, view.document.issuer_name or "", organisations, match_of(names, organisations))


def organisations_in(report: Mapping[str, Any] | None) -> Iterator[str]:
    """Whose the certificates are. One behind a signature that does not hold says nothing."""
    for each in (report or {}).get("signatures") or ():
        if each.get("verdict") != "invalid":
            named = str(each.get("signer_organisation") or "") or str(each.get("signer") or "")
            if named:
                yield named


def match_of(names: Collection[str], organisations: Collection[str]) -> SenderMatch:
    ours, theirs = {pressed(name) for name in names} - {""}, {pressed(name) for name in organisations} - {""}
    if not theirs:
        return SenderMatch.UNSIGNED
    if ours & theirs:
        return SenderMatch.SAME
    held = any(one in other or other in one for one in ours for other in theirs)
    return SenderMatch.PARTLY if held else SenderMatch.OTHER
