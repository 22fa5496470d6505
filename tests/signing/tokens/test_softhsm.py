"""The soft store is made through PKCS#11 alone; another PKCS#11 library then finds what we put there."""

import os
import subprocess
import sys

import pytest

from docclient.tools import softhsm
from docclient.tools.softhsm import SoftHsm
from signing.tokens.troubles import TokenRefused
from tests.signing.tokens.conftest import OFFICER_PIN, PIN

SECOND_OPINION = """
import sys, pkcs11
from pkcs11 import Attribute, KeyType, ObjectClass, Mechanism
token = pkcs11.lib(sys.argv[1]).get_token(token_label=sys.argv[2])
with token.open(user_pin=sys.stdin.readline().strip()) as session:
    key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=b"\\x01")
    certificates = list(session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}))
    print(key.key_type.name, key.label, len(certificates), key[Attribute.EXTRACTABLE], key[Attribute.SENSITIVE])
    print(key.sign(b"noi dung", mechanism=Mechanism.SHA256_RSA_PKCS).hex())
"""


def test_another_library_finds_token_key_and_certificates(equipped):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    done = subprocess.run([sys.executable, "-c", SECOND_OPINION, str(equipped.store.module), "Văn thư"],
                          input=PIN.decode() + "\n", capture_output=True, text=True, check=True, timeout=60,
                          env={**os.environ, **equipped.store.environment})
    facts, signature = done.stdout.splitlines()
    assert facts == "RSA Con dấu 3 False True"
    equipped.clerk.certificate.public_key().verify(
        bytes.fromhex(signature), b"noi dung", padding.PKCS1v15(), hashes.SHA256())


def test_our_own_environment_is_left_alone(equipped):
    assert "SOFTHSM2_CONF" not in os.environ
    assert equipped.store.environment["SOFTHSM2_CONF"].startswith(str(equipped.store.folder))


def test_tokens_keep_their_vietnamese_labels_and_have_different_serials(equipped):
    assert {token.label for token in equipped.store.tokens()} == {"Lãnh đạo", "Văn thư"}
    assert equipped.leader_token.serial != equipped.clerk_token.serial
    assert equipped.store.token_folder(equipped.leader_token).is_dir()


def test_a_label_that_does_not_fit_is_refused_before_anything_happens(store):
    with pytest.raises(ValueError):
        store.add_token("Ủy ban nhân dân xã Tân Hiệp", pin=PIN, officer_pin=OFFICER_PIN)
    assert store.tokens() == []


def test_a_pin_too_short_is_refused_by_number(store):
    with pytest.raises(TokenRefused) as refused:
        store.add_token("Ngắn", pin=b"1", officer_pin=OFFICER_PIN)
    assert refused.value.facts["reason"] == "CKR_PIN_LEN_RANGE"


def test_the_callers_pin_is_not_overwritten(store):
    pin = bytearray(PIN)
    store.add_token("Một", pin=pin, officer_pin=OFFICER_PIN)
    assert pin == PIN


def test_an_existing_store_is_opened_again(tmp_path, store):
    token = store.add_token("Còn đây", pin=PIN, officer_pin=OFFICER_PIN)
    store.host.stop()
    assert [found.serial for found in SoftHsm.at(tmp_path / "hsm").tokens()] == [token.serial]


def test_the_machine_says_which_version_it_has():
    assert softhsm.library() is not None
    assert softhsm.version().startswith("2.")
