"""`docclient tokens`: the PKCS#11 modules of this machine, what became of each, and what is on the tokens.

Below it: `change-pin` and `unblock-pin` (token_pins.py), `check` and `try` (token_trials.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line import token_pins, token_trials
from docclient.command_line.answer import Json, answer, answering, language
from docclient.errors import WrongUse
from docclient.words import phrase, words_of
from signing.certificates import CertificateFacts, CertificateNotUsable, day_shown
from signing.tokens.host import close_hosts
from signing.tokens.listing import ListedCertificate, ListedToken
from signing.tokens.modules import ModuleReport, discover
from signing.tokens.surroundings import hints

Modules = Annotated[list[Path] | None, typer.Option(
    "--module", metavar="TỆP", help="Chỉ thử thư viện PKCS#11 này; dùng được nhiều lần.")]


class OptionsBefore(WrongUse):
    """Options of the list were given in front of another command of this area."""

    code = "pin.options_before"


def register(app: typer.Typer) -> None:
    area = typer.Typer(invoke_without_command=True, pretty_exceptions_enable=False)
    area.callback()(tokens)
    token_pins.register(area)
    token_trials.register(area)
    app.add_typer(area, name="tokens")


@answering
def tokens(context: typer.Context, module: Modules = None, as_json: Json = False) -> None:
    """Các thiết bị ký số trên máy: thư viện, thiết bị, chứng thư số, trạng thái mã PIN. Không hỏi PIN."""
    if context.invoked_subcommand is not None:
        if module or as_json:
            raise OptionsBefore
        return
    try:
        reports = discover(module or (), search=not module)
    finally:
        close_hosts()
    now = datetime.now(UTC)
    answer({"modules": [module_object(report, now) for report in reports]}, as_json=as_json,
           text=lambda: as_text(reports, now))


def module_object(report: ModuleReport, now: datetime) -> dict[str, Any]:
    """A module as the answers of `tokens` and `doctor` carry it. `advice_code` names the sentence in `advice`."""
    return {
        "path": str(report.path),
        "source": report.source.value,
        "state": report.state.value,
        "tried": phrase(f"module_tried.{report.state.value}", language()),
        "detail": report.detail,
        "advice": advice_text(report),
        "advice_code": report.advice,
        "tokens": [token_object(token, now) for token in report.tokens],
    }


def token_object(token: ListedToken, now: datetime) -> dict[str, Any]:
    """`initialised` is false for a blank token, and for a slot that could not be read (`hindrance` says by what)."""
    return {
        "label": token.label,
        "serial": token.serial,
        "model": token.model,
        "manufacturer": token.manufacturer,
        "slot": token.slot,
        "initialised": token.initialised,
        "pin": token.pin.value,
        "tries_left": token.pin.tries_left,
        "own_pin_entry": token.own_pin_entry,
        "hindrance": token.hindrance,
        "advice": phrase(f"module_advice.{token.advice}", language()) if token.advice else None,
        "advice_code": token.advice,
        "certificates": [certificate_object(one, now) for one in token.certificates if one.facts is not None],
    }


def certificate_object(certificate: ListedCertificate, now: datetime) -> dict[str, Any]:
    facts = certificate.facts
    assert facts is not None
    reason = facts.why_not(now)
    return {
        "id": certificate.id,
        "label": certificate.label,
        "name": facts.display_name,
        "subject": facts.subject,
        "issuer": facts.issuer,
        "serial": facts.serial,
        "fingerprint_sha256": facts.fingerprint,
        "key": facts.key_name,
        "not_before": facts.not_before.isoformat(),
        "not_after": facts.not_after.isoformat(),
        "usable": reason is None,
        "why_not": reason.value if reason else None,
        "why_not_words": explained(facts, now) if reason else None,
    }


def explained(facts: CertificateFacts, now: datetime) -> str:
    """Why it may not sign and what to do, in a sentence or two."""
    try:
        facts.require_usable(now)
    except CertificateNotUsable as trouble:
        words = words_of(trouble, language())
        return f"{words.sentence} {words.advice}"
    return ""


def advice_text(report: ModuleReport) -> str | None:
    return phrase(f"module_advice.{report.advice}", language()) if report.advice else None


def as_text(reports: Sequence[ModuleReport], now: datetime) -> str:
    """Calm lines: a module, its tokens below it, their certificates below them."""
    if not reports:
        return "\n".join([phrase("tokens.none", language()), *_hints()])
    lines: list[str] = []
    for report in reports:
        state = phrase(f"module_state.{report.state.value}", language())
        lines.append(phrase("tokens.module", language(), path=report.path, state=state))
        lines.append("  " + phrase("tokens.tried", language(),
                                   tried=phrase(f"module_tried.{report.state.value}", language())))
        if report.detail:
            lines.append("  " + phrase("tokens.detail", language(), detail=report.detail))
        if (advice := advice_text(report)) is not None:
            lines.append("  " + phrase("tokens.advice", language(), advice=advice))
        for token in report.tokens:
            lines += [f"  {line}" for line in _token_lines(token, now)]
            if token.initialised and token.advice is not None and token.advice != report.advice:
                lines.append("    " + phrase("tokens.advice", language(),
                                             advice=phrase(f"module_advice.{token.advice}", language())))
    if not any(token.initialised for report in reports for token in report.tokens):
        lines += _hints()
    return "\n".join(lines)


def _hints() -> list[str]:
    return [phrase("tokens.hint", language(), hint=phrase(hint.words, language())) for hint in hints()]


def _token_lines(token: ListedToken, now: datetime) -> list[str]:
    if not token.initialised:
        if token.hindrance:
            return [phrase("tokens.unreadable", language(), slot=token.slot, reason=token.hindrance)]
        return [phrase("tokens.blank", language(), slot=token.slot)]
    pin = phrase(f"pin_state.{token.pin.value}", language())
    if token.own_pin_entry:
        pin += "; " + phrase("tokens.own_entry", language())
    lines = [phrase("tokens.token", language(), label=token.label, serial=token.serial, pin=pin)]
    if token.hindrance:
        lines.append("  " + phrase("tokens.unreadable", language(), slot=token.slot, reason=token.hindrance))
    for one in token.certificates:
        if one.facts is None or one.facts.is_authority:     # authorities' certificates are only in the JSON answer
            continue
        reason = one.facts.why_not(now)
        code = "tokens.unusable" if reason else "tokens.usable"
        lines.append("  " + phrase(code, language(), name=one.facts.display_name, id=one.id,
                                   until=day_shown(one.facts.not_after),
                                   why=phrase(reason.words, language()) if reason else ""))
        if reason:
            lines.append("    " + explained(one.facts, now))
    return lines
