"""Names in certificates compared without preparing the same words again and again.

asn1crypto 1.5 prepares every value of a name letter by letter each time it is compared (RFC 4518, 2), and a signature's
authorities are compared dozens of times: a quarter of the time that verifying a letter takes. What is prepared depends
on the text alone. Installed in the verifying process; a text that may not stand in a name raises as ever.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from asn1crypto.x509 import NameTypeAndValue

MOST = 1_024
"""Texts that are kept."""
LONGEST = 256
"""Letters of a text that is kept; a file from outside cannot fill the memory with its own."""

_own_preparing = NameTypeAndValue._ldap_string_prep
_prepared = lru_cache(maxsize=MOST)(lambda text: _own_preparing(NameTypeAndValue(), text))


def prepared(value: Any, text: str) -> str:
    """As `NameTypeAndValue._ldap_string_prep`. Raises: ValueError."""
    found: str = _prepared(text) if len(text) <= LONGEST else _own_preparing(value, text)
    return found


def install() -> None:
    """From now on names are compared so, in this process."""
    NameTypeAndValue._ldap_string_prep = prepared
