"""A token locks after three wrong PINs and stays locked for weeks: no try is ever spent without need."""

import pytest

from signing.errors import PinTrouble
from signing.keys import Scheme
from signing.tokens.pkcs11 import TokenKey, open_token_key
from signing.tokens.troubles import (
    LastTryNeedsConsent,
    LoginRefused,
    PinEmpty,
    PinLocked,
    PinRejected,
    PinRejectedFewLeft,
    PinRejectedOneLeft,
    PinSentBefore,
)
from tests.fakes.token_shim import Shim
from tests.signing.tokens.conftest import PIN


def opened(shim: Shim, pin: bytes = PIN, **more) -> TokenKey:
    return open_token_key(shim.module, token="Lãnh đạo", pin=bytearray(pin), environment=shim.environment, **more)


def test_an_empty_pin_is_never_sent(misbehaving):
    shim = misbehaving("locks")
    for pin in (bytearray(), None):
        with pytest.raises(PinEmpty):
            open_token_key(shim.module, token="Lãnh đạo", pin=pin, environment=shim.environment)
    assert shim.counts.logins == 0


def test_the_same_wrong_pin_is_sent_once(misbehaving):
    shim = misbehaving("locks")
    with pytest.raises(PinRejected):
        opened(shim, b"000000")
    for _ in range(3):
        with pytest.raises(PinSentBefore):
            opened(shim, b"000000")
    assert shim.counts.logins == 1 and shim.counts.wrong == 1


def test_the_guard_holds_across_a_restart_of_the_modules_process(misbehaving):
    shim = misbehaving("locks")
    with pytest.raises(PinRejected):
        opened(shim, b"000000")
    shim.host.stop()
    with pytest.raises(PinSentBefore):
        opened(shim, b"000000")
    assert shim.counts.logins == 1


def test_a_pin_refused_by_one_token_may_be_right_for_another(misbehaving):
    shim = misbehaving()
    with pytest.raises(PinRejected):
        opened(shim, b"000000")
    with pytest.raises(PinRejected):      # sent, because this token has not refused it yet
        open_token_key(shim.module, token="Văn thư", pin=bytearray(b"000000"), environment=shim.environment)
    assert shim.counts.logins == 2


def test_a_right_pin_lets_earlier_wrong_ones_be_forgotten(misbehaving):
    shim = misbehaving("locks")
    with pytest.raises(PinRejected):
        opened(shim, b"000000")
    opened(shim).close()
    with pytest.raises(PinRejected):
        opened(shim, b"000000")
    assert shim.counts.logins == 3


def test_each_refusal_says_how_many_tries_are_left_and_the_last_needs_consent(misbehaving):
    shim = misbehaving("locks")
    with pytest.raises(PinRejectedFewLeft) as first:
        opened(shim, b"000001")
    assert first.value.tries_left is None
    with pytest.raises(PinRejectedOneLeft) as second:
        opened(shim, b"000002")
    assert second.value.tries_left == 1
    with pytest.raises(LastTryNeedsConsent):
        opened(shim)
    assert shim.counts.logins == 2
    opened(shim, last_try_allowed=True).close()
    assert (shim.counts.wrong, shim.counts.logins, shim.counts.signatures) == (0, 3, 0)


def test_a_last_try_that_fails_says_locked_and_nothing_is_sent_afterwards(misbehaving):
    shim = misbehaving("locks")
    for pin in (b"000001", b"000002"):
        with pytest.raises(PinRejected):
            opened(shim, pin)
    with pytest.raises(PinLocked):
        opened(shim, b"000003", last_try_allowed=True)
    with pytest.raises(PinLocked):
        opened(shim, last_try_allowed=True)
    assert shim.counts.logins == 3


def test_another_program_spending_a_try_meanwhile_is_noticed_in_the_last_moment(misbehaving, monkeypatch):
    """The flags are read again in the module's process, directly before C_Login."""
    from signing.tokens import pkcs11
    shim = misbehaving("locks")
    original = pkcs11.log_in

    def slowly(*arguments, **keywords):
        shim.set_counts(wrong=2)
        return original(*arguments, **keywords)

    monkeypatch.setattr(pkcs11, "log_in", slowly)
    with pytest.raises(LastTryNeedsConsent):
        opened(shim)
    assert shim.counts.logins == 0


def test_a_token_whose_flags_never_tell_still_gets_each_wrong_pin_once(misbehaving):
    shim = misbehaving("silent_locks")
    for pin in (b"000001", b"000001", b"000002", b"000002"):
        with pytest.raises(PinTrouble):
            opened(shim, pin)
    assert shim.counts.wrong == 2
    opened(shim).close()


def test_an_unknown_code_is_not_called_a_wrong_pin(misbehaving):
    shim = misbehaving("odd_login")
    with pytest.raises(LoginRefused) as refused:
        opened(shim)
    assert not isinstance(refused.value, PinTrouble) and refused.value.stops_batch
    assert refused.value.facts["reason"] == "0x80000123"


def test_a_token_that_asks_by_itself_gets_no_pin_from_us(misbehaving):
    shim = misbehaving("own_entry", SHIM_OWN_PIN=PIN.decode())
    key = opened(shim, b"something typed in our own box")
    assert key.own_pin_entry
    assert key.sign(b"x", digest="sha256", scheme=Scheme.RSA_PKCS1)
    assert shim.counts.wrong == 0
    key.close()


def test_a_second_key_with_a_wrong_pin_is_refused_though_the_token_is_logged_in(misbehaving):
    shim = misbehaving()
    first = opened(shim)
    with pytest.raises(PinRejected):
        opened(shim, b"000000")
    first.close()


def test_only_digests_of_refused_pins_are_kept():
    from signing.tokens.pin_memory import PinMemory
    memory = PinMemory()
    memory.refused("serial", memory.digest("serial", bytearray(b"123456")))
    assert memory.was_refused("serial", bytearray(b"123456")) and not memory.was_refused("other", bytearray(b"123456"))
    assert b"123456" not in repr(vars(memory)).encode()
    assert PinMemory().digest("serial", bytearray(b"123456")) != memory.digest("serial", bytearray(b"123456"))
