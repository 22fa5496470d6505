"""`docclient tokens check` and `docclient tokens try`: before anything depends on a token.

`check` looks at a certificate from every side and needs no PIN; `try` logs in and makes two signatures over nothing, to
find out how fast the token is and how it asks for its PIN.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.command_line.pin import LastTry, PinDescriptor, PinVariable, pin_source
from docclient.command_line.token_pins import Module, Token
from docclient.errors import ExitCode
from docclient.words import phrase
from signing.certificates import certificate_facts
from signing.tokens.choice import choose_certificate, choose_initialised
from signing.tokens.host import close_hosts, host_of
from signing.tokens.known_modules import resolve
from signing.tokens.listing import ListedToken, list_tokens
from signing.tokens.pkcs11 import open_token_key
from signing.tokens.probe import Manner, probe

if TYPE_CHECKING:
    from signing.certificate_check import CertificateState

Certificate = Annotated[str | None, typer.Option(
    "--cert", metavar="MÃ", help="Mã, số sê-ri hoặc vân tay SHA-256 của chứng thư số.")]
Trust = Annotated[list[Path] | None, typer.Option(
    "--trust", metavar="PATH", help="Chứng thư được tin cậy thêm (tệp hoặc thư mục); lặp lại được.")]
Lists = Annotated[list[Path] | None, typer.Option("--crl", metavar="PATH", help="Danh sách thu hồi; lặp lại được.")]
Offline = Annotated[bool, typer.Option("--offline", help="Không tra cứu qua mạng.")]


def register(area: typer.Typer) -> None:
    area.command("check")(check)
    area.command("try")(try_out)


@answering
def check(module: Module, token: Token = None, cert: Certificate = None, trust: Trust = None, crl: Lists = None,
          offline: Offline = False, as_json: Json = False) -> None:
    """Kiểm tra chứng thư số trước khi ký: thời hạn, mục đích, khóa, đường dẫn tin cậy, thu hồi. Không hỏi PIN."""
    # only here: what judges chains takes long to load, and the list of tokens needs none of it
    from docclient.trusted_here import trust_of_command
    from signing.certificate_check import check_certificate
    from signing.report import Verdict

    store = trust_of_command(trust or (), crl or ())
    try:
        listed = choose_initialised(list_tokens(host_of(resolve(module))), token)
    finally:
        close_hosts()
    chosen = choose_certificate(listed.certificates, cert, datetime.now(UTC), listed.name)
    others = [one.facts.der for one in listed.certificates if one.facts is not None and one.facts.is_authority]
    assert chosen.facts is not None
    state = check_certificate(chosen.facts.der, store, others=others, online=not offline)
    good = state.verdict is Verdict.VALID
    answer({"token": _token(listed), **state.as_json()}, as_json=as_json,
           text=lambda: "\n".join(_check_lines(state)), exit_code=ExitCode.GOOD if good else ExitCode.ANSWER_IS_NO)


@answering
def try_out(module: Module, token: Token = None, cert: Certificate = None, pin_fd: PinDescriptor = None,
            pin_env: PinVariable = None, last_try: LastTry = False, as_json: Json = False) -> None:
    """Ký thử hai lần (không phải văn bản nào) để biết thiết bị nhanh chậm và hỏi mã PIN ra sao."""
    pin = pin_source(pin_fd, pin_env)
    try:
        key = open_token_key(module, token=token, certificate=cert, pin=pin.for_token, last_try_allowed=last_try)
        try:
            manner = probe(key)
        finally:
            key.close()
    finally:
        close_hosts()
    facts, identity = certificate_facts(key.certificate), key.token
    document: dict[str, Any] = {
        "token": {"label": identity.label, "serial": identity.serial}, "certificate": facts.display_name,
        "asks": manner.asks.value, "certain": manner.certain, "signature_s": manner.signature_s,
        "schemes": [scheme.value for scheme in key.schemes],
    }
    answer(document, as_json=as_json, text=lambda: "\n".join([
        phrase("tokens.trial", language(), label=identity.label, serial=identity.serial, name=facts.display_name),
        *_manner_lines(manner)]))


def _token(token: ListedToken) -> dict[str, Any]:
    return {"label": token.label, "serial": token.serial, "slot": token.slot, "pin": token.pin.value}


def _check_lines(state: CertificateState) -> Iterator[str]:
    yield f"{state.certificate.display_name}: {phrase(state.words, language())}"
    for finding in state.findings:
        yield "  " + phrase(finding.words, language(), **finding.facts)


def _manner_lines(manner: Manner) -> Iterator[str]:
    if manner.signature_s is not None:
        yield phrase("tokens.trial_speed", language(), seconds=f"{manner.signature_s:.2f}")
    yield phrase(manner.words, language())
