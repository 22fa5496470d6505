"""A new PIN, by its owner or by the officer: with the care of a login, and never a doubt about which PIN holds."""

import pytest

from signing.keys import Scheme
from signing.tokens.listing import PinLengths, list_tokens
from signing.tokens.pin_change import change_pin, unblock_pin
from signing.tokens.pkcs11 import TokenKey, open_token_key
from signing.tokens.troubles import (
    LastTryNeedsConsent,
    NewPinEmpty,
    NewPinLength,
    NewPinNotAccepted,
    NewPinSame,
    OfficerLastTryNeedsConsent,
    OfficerPinEmpty,
    OfficerPinLocked,
    OfficerPinRejected,
    OfficerPinRejectedOneLeft,
    OfficerPinSentBefore,
    PinChangeNotOffered,
    PinChangeUnsure,
    PinEmpty,
    PinLocked,
    PinRejected,
    PinRejectedOneLeft,
    PinSentBefore,
    PinUnblockNotOffered,
    SeveralTokens,
    TokenAbsent,
    TokenInUse,
)
from tests.fakes.token_shim import Shim
from tests.signing.tokens.conftest import OFFICER_PIN, PIN

NEW = b"864202"


def change(shim: Shim, old: bytes = PIN, new: bytes = NEW, **more):
    return change_pin(shim.module, pin=bytearray(old), new_pin=bytearray(new), environment=shim.environment, **more)


def unblock(shim: Shim, officer: bytes = OFFICER_PIN, new: bytes = NEW, **more):
    return unblock_pin(shim.module, officer_pin=bytearray(officer), new_pin=bytearray(new),
                       environment=shim.environment, **more)


def opened(shim: Shim, pin: bytes) -> TokenKey:
    return open_token_key(shim.module, token="Của tôi", pin=bytearray(pin), environment=shim.environment)


def sign(key: TokenKey) -> bytes:
    return key.sign(b"noi dung", digest="sha256", scheme=Scheme.RSA_PKCS1)


def test_the_new_pin_holds_and_the_old_one_does_not(own_token):
    shim = own_token()
    token = change(shim, token="Của tôi")
    assert (token.label, token.pin) == ("Của tôi", "ok")
    key = opened(shim, NEW)
    assert sign(key)
    key.close()
    with pytest.raises(PinRejected):
        opened(shim, PIN)


def test_all_pins_are_overwritten_whatever_happens(own_token):
    shim = own_token()
    for token in ("Không có", "Của tôi"):
        old, new = bytearray(PIN), bytearray(NEW)
        try:
            change_pin(shim.module, token=token, pin=old, new_pin=new, environment=shim.environment)
        except TokenAbsent:
            assert token == "Không có"
        assert old == bytes(len(PIN)) and new == bytes(len(NEW))


def test_what_cannot_succeed_is_not_sent(own_token):
    shim = own_token("locks")
    for trouble, old, new in ((PinEmpty, b"", NEW), (NewPinEmpty, PIN, b""), (NewPinSame, PIN, PIN),
                              (NewPinLength, PIN, b"123"), (NewPinLength, PIN, b"9" * 300)):
        with pytest.raises(trouble):
            change(shim, old, new)
    with pytest.raises(NewPinLength) as wrong:
        unblock(shim, new=b"12")
    assert wrong.value.facts == {"token": "Của tôi", "least": 4, "greatest": 255}
    assert (shim.counts.logins, shim.counts.officer_logins, shim.counts.set_pins) == (0, 0, 0)


def test_a_wrong_old_pin_costs_one_try_and_is_not_sent_again_by_any_way(own_token):
    shim = own_token("locks")
    with pytest.raises(PinRejected):
        change(shim, b"000000")
    for again in (lambda: change(shim, b"000000"), lambda: opened(shim, b"000000")):
        with pytest.raises(PinSentBefore):
            again()
    assert (shim.counts.wrong, shim.counts.logins, shim.counts.set_pins) == (1, 1, 0)


def test_the_last_try_of_the_old_pin_needs_consent_before_anybody_is_asked(own_token):
    shim = own_token("locks")
    with pytest.raises(PinRejected):
        change(shim, b"000001")
    with pytest.raises(PinRejectedOneLeft):
        change(shim, b"000002")
    asked = []
    with pytest.raises(LastTryNeedsConsent):
        change_pin(shim.module, pin=lambda token: asked.append(token) or bytearray(PIN),
                   new_pin=lambda token: bytearray(NEW), environment=shim.environment)
    assert asked == [] and shim.counts.logins == 2
    assert change(shim, last_try_allowed=True).pin == "ok"


def test_a_pin_refused_once_may_be_the_new_one_and_is_right_then(own_token):
    shim = own_token("locks")
    with pytest.raises(PinRejected):
        opened(shim, NEW)
    change(shim)
    opened(shim, NEW).close()


def test_an_open_key_goes_on_signing_after_the_change(own_token):
    shim = own_token()
    key = opened(shim, PIN)
    assert sign(key)
    change(shim)
    assert sign(key)
    key.close()


def test_a_key_that_wants_its_pin_each_time_gets_the_new_one(store, someone):
    token = store.add_token("Mỗi lần", pin=PIN, officer_pin=OFFICER_PIN)
    store.import_key(token, pin=PIN, private_key=someone.private_key, certificates=[someone.certificate_der],
                     identifier=b"\x01", name="", asks_each_time=True)
    key = open_token_key(store.module, token="Mỗi lần", pin=bytearray(PIN), environment=store.environment)
    assert sign(key)
    change_pin(store.module, pin=bytearray(PIN), new_pin=bytearray(NEW), environment=store.environment)
    assert sign(key) and sign(key)
    key.close()


def test_an_expired_pin_is_good_for_being_changed(own_token):
    shim = own_token("expired_pin")
    change(shim)
    opened(shim, NEW).close()
    assert shim.counts.set_pins == 1


@pytest.mark.parametrize(("mode", "trouble"), [
    ("weak_pin", NewPinNotAccepted), ("no_set_pin", PinChangeNotOffered), ("read_only", PinChangeNotOffered),
    ("crash_set_pin", PinChangeUnsure)])
def test_what_the_token_says_of_the_new_pin_is_no_wrong_pin(own_token, mode, trouble):
    shim = own_token(mode, "locks")
    with pytest.raises(trouble):
        change(shim)
    assert shim.counts.wrong == 0
    opened(shim, PIN).close()       # the old PIN still holds, and was not taken for a refused one


def test_a_module_that_hangs_over_the_change_leaves_the_matter_open(own_token):
    shim = own_token("hang_set_pin")
    list_tokens(shim.host)
    shim.hurry(1.0)
    with pytest.raises(PinChangeUnsure):
        change(shim)


def test_a_token_that_asks_by_itself_is_left_to_do_so(own_token):
    shim = own_token("own_entry", SHIM_OWN_PIN=PIN.decode(), SHIM_OWN_NEW_PIN=NEW.decode())

    def never(token):
        raise AssertionError("nobody is asked in our own box")

    assert change_pin(shim.module, pin=never, new_pin=never, environment=shim.environment).own_pin_entry
    assert (shim.counts.wrong, shim.counts.set_pins, shim.counts.logins) == (0, 1, 0)


def test_the_officer_unblocks_a_locked_token(own_token):
    shim = own_token("locks")
    for pin in (b"000001", b"000002"):
        with pytest.raises(PinRejected):
            opened(shim, pin)
    with pytest.raises(PinLocked):
        open_token_key(shim.module, pin=bytearray(b"000003"), last_try_allowed=True, environment=shim.environment)
    with pytest.raises(PinLocked):
        change(shim)
    assert unblock(shim).pin == "ok"
    key = opened(shim, NEW)
    assert sign(key)
    key.close()


def test_the_officers_pin_is_treated_with_the_same_care(own_token):
    shim = own_token("locks")
    with pytest.raises(OfficerPinEmpty):
        unblock(shim, b"")
    with pytest.raises(OfficerPinRejected):
        unblock(shim, b"00000001")
    with pytest.raises(OfficerPinSentBefore):
        unblock(shim, b"00000001")
    with pytest.raises(OfficerPinRejectedOneLeft):
        unblock(shim, b"00000002")
    with pytest.raises(OfficerLastTryNeedsConsent):
        unblock(shim)
    assert (shim.counts.officer_wrong, shim.counts.officer_logins, shim.counts.logins) == (2, 2, 0)
    with pytest.raises(OfficerPinLocked):
        unblock(shim, b"00000003", last_try_allowed=True)
    with pytest.raises(OfficerPinLocked):
        unblock(shim, last_try_allowed=True)
    assert shim.counts.officer_logins == 3
    opened(shim, PIN).close()       # the user's PIN is another matter


def test_the_users_refused_pin_may_be_the_officers_and_is_still_sent(own_token):
    shim = own_token("locks")
    with pytest.raises(PinRejected):
        opened(shim, OFFICER_PIN)
    unblock(shim)
    assert shim.counts.officer_wrong == 0


@pytest.mark.parametrize("mode", ["no_set_pin", "read_only"])
def test_a_token_that_does_not_let_itself_be_unblocked_says_so(own_token, mode):
    with pytest.raises(PinUnblockNotOffered):
        unblock(own_token(mode))


def test_a_new_pin_the_token_does_not_take_is_told_to_the_officer_too(own_token):
    with pytest.raises(NewPinNotAccepted):
        unblock(own_token("weak_pin"))


def test_unblocking_while_a_key_is_open_is_refused_and_the_key_goes_on(own_token):
    shim = own_token()
    key = opened(shim, PIN)
    with pytest.raises(TokenInUse):
        unblock(shim)
    assert sign(key)
    key.close()
    unblock(shim)


def test_without_a_name_the_token_must_be_the_only_one(misbehaving):
    shim = misbehaving()
    with pytest.raises(SeveralTokens):
        change(shim)
    assert shim.counts.logins == 0


@pytest.mark.parametrize(("least", "greatest", "expected"), [
    (4, 16, (4, 16)), (0, 8, (None, 8)), (0, 0, (None, None)), (8, 4, (None, None)),
    (2**64 - 1, 2**64 - 1, (None, None)), (4, 2**32 - 1, (None, None))])
def test_pin_lengths_a_token_cannot_mean_count_as_not_said(least, greatest, expected):
    lengths = PinLengths.of(least, greatest)
    assert (lengths.least, lengths.greatest) == expected
    assert lengths.take(6)
