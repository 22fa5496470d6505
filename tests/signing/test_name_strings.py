"""The remembered preparing of names gives what asn1crypto's gives, and complains as it does."""

from __future__ import annotations

import pytest
from asn1crypto.x509 import NameTypeAndValue
from hypothesis import example, given
from hypothesis import strategies as st

from signing.name_strings import LONGEST, prepared

THEIRS = NameTypeAndValue._ldap_string_prep


def outcome(prepare, text: str):
    try:
        return prepare(NameTypeAndValue(), text)
    except (ValueError, IndexError) as error:
        return type(error), str(error)


@given(st.text(max_size=60))
@example("Ủy ban  nhân dân\u00a0xã")
@example("\ufffd")
@example("a" * (LONGEST + 1))
def test_any_text_twice(text: str):
    assert outcome(prepared, text) == outcome(prepared, text) == outcome(THEIRS, text)


@pytest.mark.parametrize("text", ["\u0221", "\ue000", "\ufdd0", "\ufffd", "\u0627a"])
def test_what_may_not_stand_in_a_name_is_refused_each_time(text: str):
    for _ in range(2):
        assert outcome(prepared, text)[0] is ValueError
