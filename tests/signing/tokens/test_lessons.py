"""What modules in the field have taught their users: one test per lesson, on a module that behaves so."""

import sys
import threading
from pathlib import Path

import pytest

from docclient.tools.softhsm import SoftHsm
from signing.keys import Scheme
from signing.tokens import known_modules
from signing.tokens.host import ModuleHost
from signing.tokens.listing import list_tokens
from signing.tokens.messages import Done, StoreCertificate
from signing.tokens.pkcs11 import TokenKey, open_token_key
from signing.tokens.private_listing import list_private_certificates
from signing.tokens.probe import Asks, probe
from signing.tokens.troubles import (
    CertificateNotFound,
    LoginLost,
    ModuleHung,
    PinRejected,
    TokenAbsent,
    TokenRefused,
    TokenRemoved,
)
from tests.fakes.token_shim import Shim
from tests.signing.tokens.conftest import OFFICER_PIN, PIN

MESSAGE = b"thuoc tinh da ky"


def opened(shim: Shim, token: str | None = "Lãnh đạo", **more) -> TokenKey:
    return open_token_key(shim.module, token=token, environment=shim.environment, **{"pin": bytearray(PIN), **more})


def sign(key: TokenKey) -> bytes:
    return key.sign(MESSAGE, digest="sha256", scheme=key.schemes[0])


IN_CIRCULATION = """
bit4xpki.dll eTPKCS11.dll IDPrimePKCS1164.dll vnptca_p11_v6.dll vnptca_p11_v7.dll vnptca_p11_v8.dll vnptca_p11_v9.dll
vnptca_p11_v10.dll vnpt-ca_csp11.dll vnpt-ca_v34.dll vnpt-ca_cl_v1.dll viettel-ca.dll viettel-ca_v1.dll
viettel-ca_v2.dll viettel-ca_v3.dll viettel-ca_v4.dll viettel-ca_v5.dll viettel-ca_v6.dll BkavCA.dll BkavCAv2S.dll
st3csp11.dll fpt-ca.dll fptca_v3.dll fptca_v4.dll fptca_v5.dll fptca_v6.dll CA2_csp11.dll ncca_csp11_v1.dll
vina-ca_v1.dll vina-ca_v2.dll vina-ca_v3.dll vina-ca_v4.dll vina-ca_v5.dll nca_v4.dll nca_v5.dll nca_v6.dll nca_v7.dll
nca_v8.dll nca_v9.dll fca_v1.dll Safe-ca_v2.dll efy-ca_v1.dll misaca_csp11_v2.dll eps2003csp11.dll eps2003csp11v2.dll
ShuttleCsp11_3003.dll gclib.dll WDPKCS.dll opensc-pkcs11.dll
"""


def test_every_module_name_in_circulation_is_looked_for(tmp_path, monkeypatch):
    """Lesson 1. A name with _s beside the same without is the shell of a Windows provider and no PKCS#11 module."""
    for name in IN_CIRCULATION.split():
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "viettel-ca_v6_s.dll").write_bytes(b"")
    (tmp_path / "kernel32.dll").write_bytes(b"")
    monkeypatch.setattr(known_modules, "folders", lambda: [tmp_path])
    monkeypatch.setattr(known_modules, "names", lambda: known_modules.WINDOWS)
    assert {path.name for path in known_modules.installed()} == set(IN_CIRCULATION.split())


def test_a_file_of_another_machine_or_without_the_entry_is_never_loaded(tmp_path, monkeypatch):
    """Lesson 2: no process is even started for it."""
    from signing.tokens import host as host_module
    from signing.tokens.troubles import ModuleNotPkcs11, ModuleWrongArchitecture
    started = []
    monkeypatch.setattr(host_module, "_Child", lambda environment: started.append(environment))
    for content, trouble in ((b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0\xff\0" + bytes(60), ModuleWrongArchitecture),
                             (b"C_GetFunctionList", ModuleNotPkcs11)):
        path = tmp_path / "module.so"
        path.write_bytes(content)
        with pytest.raises(trouble):
            ModuleHost(path).load()
    assert started == []


def test_the_pin_reaches_only_the_device_that_holds_the_certificate(misbehaving, equipped):
    """Lesson 3: two modules, one certificate; the other device never hears of the PIN."""
    from cryptography.hazmat.primitives import hashes

    from signing.tokens.choice import find_certificate
    first, second = misbehaving("locks"), misbehaving("locks")
    second.unplug(equipped.leader_token.serial)
    fingerprint = equipped.leader.certificate.fingerprint(hashes.SHA256()).hex()
    with pytest.raises(TokenAbsent):
        opened(second, None, certificate=fingerprint)
    tokens = [*list_tokens(second.host), *list_tokens(first.host)]
    token, _ = find_certificate(tokens, fingerprint)
    assert token.module == str(first.module)
    key = opened(first, token.serial, certificate=fingerprint)
    assert (first.counts.logins, second.counts.logins) == (1, 0)
    with pytest.raises(CertificateNotFound):
        opened(first, "Văn thư", certificate=fingerprint)
    assert first.counts.logins == 1
    key.close()


def test_a_module_is_initialised_once_and_never_finalised(misbehaving):
    """Lesson 4: repeated finalising upsets several of them."""
    shim = misbehaving()
    for _ in range(3):
        list_tokens(shim.host)
        key = opened(shim)
        sign(key)
        key.close()
    shim.host.stop()
    assert (shim.counts.initialised, shim.counts.finalised) == (1, 0)


def test_a_module_that_hangs_when_it_is_unloaded_holds_nothing_up(misbehaving):
    """Lesson 4: unloading can take 15 seconds; the process ends without it."""
    from time import monotonic
    shim = misbehaving("hang_unload")
    list_tokens(shim.host)
    process = shim.host._child.process
    begun = monotonic()
    shim.host.stop()
    assert process.returncode == 0 and monotonic() - begun < 2      # ended by itself, not killed after GOODBYE_S


def test_a_token_that_refuses_sessions_for_writing_signs(misbehaving):
    """Lesson 5."""
    key = opened(misbehaving("read_only"))
    assert sign(key)
    key.close()


def test_a_hidden_pin_box_at_the_login_ends_with_the_longer_deadline(misbehaving, monkeypatch):
    """Lesson 5: a token that says it asks by itself is given a person's time, and no more."""
    from signing.tokens.host import Deadlines
    shim = misbehaving("hang_login", "own_entry")
    list_tokens(shim.host)
    shim.host.deadlines = Deadlines(log_in_s=0.1, own_entry_s=0.6)
    with pytest.raises(ModuleHung) as hung:
        opened(shim, pin=None)
    assert hung.value.facts["doing"] == "LogIn" and hung.value.facts["seconds"] == 1


def test_one_operation_at_a_time_however_many_ask(misbehaving):
    """Lesson 6: the module aborts when a second call comes in while it signs."""
    shim = misbehaving("alone", SHIM_SIGN_MS="20")
    keys = [opened(shim), opened(shim, "Văn thư")]
    failed: list[BaseException] = []

    def work(key):
        try:
            for _ in range(4):
                assert sign(key)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(key,)) for key in keys for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == [] and shim.counts.signatures == 16
    for key in keys:
        key.close()


@pytest.mark.parametrize(("mode", "asks"), [("ignores_pin", Asks.AT_FIRST), ("ignores_pin_each", Asks.EACH_TIME)])
def test_a_token_that_ignores_software_pins_is_found_out_before_the_batch(misbehaving, mode, asks):
    """Lesson 7: no flag says so; the time a signature takes does."""
    shim = misbehaving(mode, SHIM_OWN_PIN=PIN.decode(), SHIM_BOX_MS="400")
    key = opened(shim, pin=bytearray(b"whatever was typed"))
    assert not key.own_pin_entry
    manner = probe(key, person_s=0.3)
    assert (manner.asks, manner.certain) == (asks, False)
    assert shim.counts.boxes == (1 if mode == "ignores_pin" else 2)
    assert (manner.signature_s >= 0.4) == (asks is Asks.EACH_TIME)
    key.close()


def test_an_ordinary_token_needs_no_person_and_its_speed_is_known(misbehaving):
    key = opened(misbehaving(SHIM_SIGN_MS="60"))
    manner = probe(key)
    assert (manner.asks, manner.certain) == (Asks.NO_MORE, True) and 0.06 <= manner.signature_s < 1.5
    key.close()


def test_a_pin_pad_whose_login_lasts_for_one_signature_is_found_out_and_lived_with(misbehaving):
    shim = misbehaving("pad_once", "own_entry", SHIM_OWN_PIN=PIN.decode())
    key = opened(shim, pin=None)
    manner = probe(key)
    assert (manner.asks, manner.certain) == (Asks.EACH_TIME, True)
    for _ in range(2):
        assert sign(key)
    assert shim.counts.wrong == 0 and key.asked_again == 3
    key.close()


def test_a_login_that_lasts_for_one_signature_cannot_be_renewed_without_a_person(misbehaving):
    key = opened(misbehaving("pad_once"))
    assert sign(key)
    with pytest.raises(LoginLost):
        sign(key)
    key.reopen(bytearray(PIN))
    assert sign(key)
    key.close()


def test_a_token_that_needs_a_rest_between_two_signatures_gets_it(misbehaving):
    shim = misbehaving("hasty", SHIM_GAP_MS="200")
    key = opened(shim)
    for _ in range(3):
        assert sign(key)
    assert shim.counts.signatures == 3
    key.close()


def test_a_token_that_never_has_enough_rest_is_told_with_its_code(misbehaving):
    key = opened(misbehaving("hasty", SHIM_GAP_MS="60000"))
    assert sign(key)
    with pytest.raises(TokenRefused) as refused:
        sign(key)
    assert refused.value.facts["reason"] == "CKR_DEVICE_ERROR"
    key.close()


def test_a_token_that_can_only_do_pss_signs_with_it(misbehaving):
    key = opened(misbehaving("pss_only"))
    assert key.schemes == (Scheme.RSA_PSS,) and sign(key)
    key.close()


@pytest.mark.parametrize("position", range(3))
def test_a_token_pulled_at_any_position_goes_on_where_it_stopped(misbehaving, position):
    """What a batch builds on: the signatures made so far count, the rest follow after `reopen`; none is made twice."""
    shim = misbehaving()
    shim.unplug_after(position)
    key = opened(shim) if position else None
    if key is None:
        with pytest.raises(TokenAbsent):
            opened(shim)
        shim.plug()
        key = opened(shim)
    made = 0
    while made < 3:
        try:
            sign(key)
            made += 1
        except TokenRemoved:
            with pytest.raises(TokenAbsent):
                key.reopen(bytearray(PIN))
            shim.plug(shifted=7)
            key.reopen(bytearray(PIN))
    assert shim.counts.signatures == 3
    key.close()


def test_a_key_opens_again_after_its_modules_process_died(misbehaving):
    import os
    import signal
    shim = misbehaving()
    key = opened(shim)
    process = shim.host._child.process
    os.kill(process.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    process.wait(30)
    with pytest.raises(LoginLost):
        sign(key)
    key.reopen(bytearray(PIN))
    assert sign(key)
    key.close()


def test_reopening_takes_the_same_care_of_the_pin(misbehaving):
    shim = misbehaving("locks")
    key = opened(shim)
    pin = bytearray(b"000000")
    with pytest.raises(PinRejected):
        key.reopen(pin)
    assert pin == bytes(6)
    with pytest.raises(LoginLost):
        sign(key)
    key.reopen(lambda token: bytearray(PIN))
    assert sign(key) and shim.counts.logins == 3
    key.close()


def test_a_token_of_the_same_label_is_not_the_same_token(store, someone):
    import shutil
    first = store.add_token("Lãnh đạo", pin=PIN, officer_pin=OFFICER_PIN)
    store.import_key(first, pin=PIN, private_key=someone.private_key, certificates=[someone.certificate_der],
                     identifier=b"\x01", name="")
    key = open_token_key(store.module, token="Lãnh đạo", pin=bytearray(PIN), environment=store.environment)
    store.host.stop()
    shutil.rmtree(store.token_folder(first))
    second = SoftHsm.at(store.folder).add_token("Lãnh đạo", pin=PIN, officer_pin=OFFICER_PIN)
    store.import_key(second, pin=PIN, private_key=someone.private_key, certificates=[someone.certificate_der],
                     identifier=b"\x01", name="")
    with pytest.raises(TokenAbsent):
        key.reopen(bytearray(PIN))


@pytest.fixture
def shy(store, someone) -> SoftHsm:
    """A token that shows its certificate only after a login."""
    token = store.add_token("Kín", pin=PIN, officer_pin=OFFICER_PIN)
    store.import_key(token, pin=PIN, private_key=someone.private_key, certificates=[], identifier=b"\x01", name="")
    (found,) = store.tokens()
    with store._session(found, PIN) as session:
        store.host.ask(StoreCertificate(session, b"\x01", "", someone.certificate_der, private=True), Done)
    return store


def test_certificates_behind_a_login_are_read_after_it(shy):
    (listed,) = (token for token in list_tokens(shy.host) if token.initialised)
    assert listed.certificates == ()
    pin = bytearray(PIN)
    (certificate,) = list_private_certificates(shy.module, pin=pin, environment=shy.environment)
    assert certificate.facts.display_name == "Người ký" and pin == bytes(len(PIN))
    (listed,) = (token for token in list_tokens(shy.host) if token.initialised)
    assert listed.certificates == ()        # logged out again
    key = open_token_key(shy.module, token="Kín", pin=bytearray(PIN), environment=shy.environment)
    assert sign(key)
    key.close()
    key.reopen(bytearray(PIN))
    assert sign(key)
    key.close()


def test_a_wrong_pin_for_the_list_counts_like_any_other(shy):
    with pytest.raises(PinRejected):
        list_private_certificates(shy.module, pin=bytearray(b"000000"), environment=shy.environment)
    from signing.tokens.troubles import PinSentBefore
    with pytest.raises(PinSentBefore):
        list_private_certificates(shy.module, pin=lambda token: bytearray(b"000000"), environment=shy.environment)


def test_the_header_of_the_shim_lists_every_mode_the_tests_use():
    """The shim's own manual is complete."""
    import re
    here = Path(__file__).parent
    source = (here.parents[1] / "fakes" / "token_shim.c").read_text(encoding="utf-8")
    manual, code = source.split("*/", 1)
    used = set(re.findall(r'mode\("(\w+)"\)', code))
    assert {word for word in used if not re.search(rf"\b{word}\b", manual)} == {"hang_unload"}
