"""The certificates of a token that shows them only to its owner."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from signing.tokens.choice import choose_initialised
from signing.tokens.host import host_of
from signing.tokens.known_modules import resolve
from signing.tokens.listing import ListedCertificate, list_tokens, read_certificates
from signing.tokens.login import PinAsker, given_pin, log_in, session_with
from signing.tokens.messages import wipe
from signing.tokens.refusals import trouble_of
from signing.tokens.troubles import TokenRefused


def list_private_certificates(module: Path, *, token: str | None = None, pin: bytearray | PinAsker | None,
                              last_try_allowed: bool = False,
                              environment: Mapping[str, str] | None = None) -> tuple[ListedCertificate, ...]:
    """Log in, read every certificate, log out. For tokens whose list is empty without a login.

    Args:
        token: label or serial; without it the only one there is. pin: overwritten; or who to ask for it.
    Raises: as `signing.tokens.pkcs11.open_token_key`, but for certificates.
    """
    try:
        host = host_of(resolve(module), environment)
        host.load()
        generation = host.generation
        listed = choose_initialised(list_tokens(host), token)
        try:
            with session_with(host, listed, generation) as session:
                given = given_pin(pin, listed)
                log_in(host, listed, session, given, last_try_allowed=last_try_allowed, generation=generation)
                return read_certificates(host, listed.slot, session, generation)
        except TokenRefused as refusal:
            raise trouble_of(refusal, listed) from None
    finally:
        if isinstance(pin, bytearray):
            wipe(pin)
