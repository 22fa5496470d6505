"""Each signature of a file: who, the verdict, when, and what was changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ui.state.verdicts import VerdictShown
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class SignatureShown:
    """lines: label and value, only what is known. verdict: of this one signature."""

    signer: str
    verdict: VerdictShown
    lines: tuple[tuple[str, str], ...]


def signatures_of(report: Mapping[str, Any] | None, texts: Texts) -> tuple[SignatureShown, ...]:
    """From the answer of `docclient verify` for one file."""
    return tuple(signature_of(each, texts) for each in (report or {}).get("signatures", ()))


def signature_of(signature: Mapping[str, Any], texts: Texts) -> SignatureShown:
    reason = str(signature.get("reason") or "")
    sentence = "" if signature.get("verdict") == "valid" else texts.sentences(f"reason.{reason}") or reason
    verdict = VerdictShown.of(str(signature.get("verdict")), sentence or texts("signature_line.holds"), texts)
    moment = signature.get("timestamp_time") or signature.get("signing_time")
    when = texts.moment(datetime.fromisoformat(moment)) if moment else ""
    if when and not signature.get("timestamp_time"):
        when = texts("signature_line.own_clock", when=when)
    candidates = (
        (texts("signature_line.when"), when),
        (texts("signature_line.issuer"), str(signature.get("issuer") or "")),
        (texts("signature_line.serial"), grouped(str(signature.get("serial") or ""))),
        (texts("signature_line.level"), str(signature.get("level") or "").upper()),
        (texts("signature_line.changes"), changes(signature, texts)),
        (texts("signature_line.warnings"), "; ".join(
            texts.or_else(f"remark.{code}", code) for code in signature.get("warnings") or ())),
    )
    return SignatureShown(str(signature.get("signer") or texts("signature_line.unknown_signer")), verdict,
                          tuple((label, value) for label, value in candidates if value))


def grouped(serial: str) -> str:
    """Hexadecimal in fours, so that it can be read aloud and broken into lines."""
    return " ".join(serial[start:start + 4] for start in range(0, len(serial), 4))


def changes(signature: Mapping[str, Any], texts: Texts) -> str:
    """What came after this signature, allowed or not, each kind told once."""
    after = signature.get("changes_after") or ()
    if not after:
        return texts("signature_line.unchanged") if signature.get("covers_whole_file") else ""
    told = dict.fromkeys(
        texts("signature_line.change_allowed" if change.get("allowed") else "signature_line.change_forbidden",
              change=texts.or_else(f"change.{change.get('kind')}", str(change.get("kind"))))
        for change in after)
    return "; ".join(told)
