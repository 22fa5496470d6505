"""Keys on real (soft) tokens: every scheme, the right key, and every way to miss it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from docclient.demonstration.authority import Issued, KeyKind, Purpose
from signing.certificates import CertificateExpired, CertificateNotForSigning, certificate_facts
from signing.keys import Key, Scheme
from signing.tokens import pkcs11
from signing.tokens.pkcs11 import TokenKey, open_token_key
from signing.tokens.troubles import (
    CertificateNotFound,
    KeyNotFound,
    LoginLost,
    ModuleMissing,
    SchemeNotOffered,
    SeveralCertificates,
    SeveralTokens,
    TokenAbsent,
    TokenRemoved,
)
from tests.signing.tokens.conftest import OFFICER_PIN, PIN

MESSAGE = b"thuoc tinh da ky" * 50
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def opened(equipped, **wanted) -> TokenKey:
    return open_token_key(equipped.store.module, environment=equipped.store.environment,
                          **{"pin": bytearray(PIN), **wanted})


def holds(issued: Issued, signature: bytes, digest: str, scheme: Scheme) -> None:
    public, algorithm = issued.certificate.public_key(), HASHES[digest]
    match scheme:
        case Scheme.ECDSA:
            public.verify(signature, MESSAGE, ec.ECDSA(algorithm))
        case Scheme.RSA_PKCS1:
            public.verify(signature, MESSAGE, padding.PKCS1v15(), algorithm)
        case Scheme.RSA_PSS:
            public.verify(signature, MESSAGE,
                          padding.PSS(padding.MGF1(algorithm), algorithm.digest_size), algorithm)


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("scheme", [Scheme.RSA_PKCS1, Scheme.RSA_PSS])
def test_an_rsa_key_signs_by_every_scheme_and_digest(equipped, scheme, digest):
    key = opened(equipped, token="Lãnh đạo")
    holds(equipped.leader, key.sign(MESSAGE, digest=digest, scheme=scheme), digest, scheme)
    key.close()


@pytest.mark.parametrize("mechanism", [0x1, 0x3], ids=["raw PKCS#1 with our DigestInfo", "raw RSA with our padding"])
def test_a_token_without_hash_and_sign_gets_our_own_digest_info(equipped, monkeypatch, mechanism):
    key = opened(equipped, token="Lãnh đạo")
    asked = []
    original = pkcs11.TokenKey._ask

    def only(self, way, *more):
        asked.append(way.mechanism)
        return original(self, way, *more)

    monkeypatch.setattr(pkcs11.TokenKey, "_ask", only)
    key._unfit |= {0x40, 0x41, 0x42, 0x1, 0x3} - {mechanism}
    holds(equipped.leader, key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1), "sha256", Scheme.RSA_PKCS1)
    assert asked == [mechanism]
    key.close()


@pytest.mark.parametrize(("kind", "digest"), [(KeyKind.P256, "sha256"), (KeyKind.P256, "sha512"),
                                              (KeyKind.P384, "sha384"), (KeyKind.RSA_3072, "sha256")])
def test_other_kinds_of_keys_sign_too(store, authority, kind, digest):
    issued = authority.issue_person("Khóa khác", key=kind)
    token = store.add_token("Khác", pin=PIN, officer_pin=OFFICER_PIN)
    store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                     identifier=b"\xab\xcd", name="khóa")
    key = open_token_key(store.module, token="Khác", certificate="abcd", pin=bytearray(PIN),
                         environment=store.environment)
    scheme = key.schemes[0]
    holds(issued, key.sign(MESSAGE, digest=digest, scheme=scheme), digest, scheme)
    key.close()


def test_the_key_is_one_and_knows_its_token_and_issuers(equipped):
    key = opened(equipped, token="Văn thư", certificate="01")
    assert isinstance(key, Key)
    assert key.certificate == equipped.clerk.certificate_der
    assert set(key.other_certificates) == set(equipped.clerk.chain_der)
    assert key.token == equipped.clerk_token
    assert key.schemes == (Scheme.RSA_PKCS1, Scheme.RSA_PSS)
    assert not key.own_pin_entry and not key.asks_each_time
    key.close()


@pytest.mark.parametrize("by", ["label", "serial", "decomposed label"])
def test_a_token_is_found_by_label_or_serial(equipped, by):
    import unicodedata
    wanted = {"label": "Lãnh đạo", "serial": equipped.leader_token.serial,
              "decomposed label": unicodedata.normalize("NFD", "Lãnh đạo")}[by]
    key = opened(equipped, token=wanted)
    assert key.certificate == equipped.leader.certificate_der
    key.close()


@pytest.mark.parametrize("by", ["fingerprint", "serial"])
def test_a_certificate_is_found_by_fingerprint_or_serial_and_names_the_token_alone(equipped, by):
    certificate = equipped.clerk.certificate
    wanted = certificate.fingerprint(hashes.SHA256()).hex(":") if by == "fingerprint" else (
        certificate_facts(equipped.clerk.certificate_der).serial.upper())
    key = opened(equipped, certificate=wanted)
    assert key.token == equipped.clerk_token
    key.close()


def test_what_is_not_there_is_named_before_a_pin_is_sent(equipped, logins):
    with pytest.raises(TokenAbsent) as absent:
        opened(equipped, token="Không có")
    assert absent.value.facts["token"] == "Không có"
    with pytest.raises(CertificateNotFound):
        opened(equipped, token="Lãnh đạo", certificate="99")
    with pytest.raises(SeveralTokens):
        opened(equipped)
    with pytest.raises(ModuleMissing):
        open_token_key(equipped.store.module.with_name("missing.so"), pin=bytearray(PIN))
    assert logins == []


def test_the_pin_is_overwritten_whatever_happens(equipped):
    for wanted in ({"token": "Lãnh đạo"}, {"token": "Không có"}, {"token": "Lãnh đạo", "certificate": "99"}):
        pin = bytearray(PIN)
        with suppress(TokenAbsent, CertificateNotFound):
            opened(equipped, pin=pin, **wanted).close()
        assert pin == bytes(len(PIN))


def test_expired_and_encryption_only_certificates_are_left_out_and_explained(store, authority, logins):
    now = datetime.now(UTC)
    token = store.add_token("Nhiều", pin=PIN, officer_pin=OFFICER_PIN)
    kinds = {
        b"\x01": authority.issue_person("Đã hết hạn", not_before=now - timedelta(days=9),
                                        not_after=now - timedelta(days=1)),
        b"\x02": authority.issue_person("Để mã hóa", purpose=Purpose.ENCRYPTION_ONLY),
        b"\x03": authority.issue_person("Dùng được"),
    }
    for identifier, issued in kinds.items():
        store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                         identifier=identifier, name="")
    common = {"token": "Nhiều", "environment": store.environment}
    logins.clear()
    with pytest.raises(CertificateExpired):
        open_token_key(store.module, certificate="01", pin=bytearray(PIN), **common)
    with pytest.raises(CertificateNotForSigning):
        open_token_key(store.module, certificate="02", pin=bytearray(PIN), **common)
    assert logins == []
    key = open_token_key(store.module, pin=bytearray(PIN), **common)
    assert key.certificate == kinds[b"\x03"].certificate_der
    key.close()
    key = open_token_key(store.module, certificate="01", pin=bytearray(PIN), allow_unusable=True, **common)
    assert key.certificate == kinds[b"\x01"].certificate_der
    key.close()


def test_two_usable_certificates_need_a_choice_and_a_renewed_one_does_not(store, authority):
    token = store.add_token("Hai", pin=PIN, officer_pin=OFFICER_PIN)
    now = datetime.now(UTC)
    first, second = authority.issue_person("Một"), authority.issue_person("Hai")
    renewed = authority.issue_person("Một", not_before=now - timedelta(hours=1))
    for issued, identifier in ((first, b"\x01"), (second, b"\x02")):
        store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                         identifier=identifier, name="")
    with pytest.raises(SeveralCertificates) as several:
        open_token_key(store.module, token="Hai", pin=bytearray(PIN), environment=store.environment)
    assert set(several.value.facts["ids"].split(", ")) == {"01", "02"}
    store.import_key(token, pin=PIN, private_key=renewed.private_key, certificates=[renewed.certificate_der],
                     identifier=b"\x02", name="")
    key = open_token_key(store.module, token="Hai", certificate="02", pin=bytearray(PIN),
                         environment=store.environment)
    assert key.certificate == renewed.certificate_der
    assert key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1)   # by the renewed key, though ids are the same
    key.close()


def test_missing_and_odd_ids_do_not_hide_the_key(store, authority):
    token = store.add_token("Lạ", pin=PIN, officer_pin=OFFICER_PIN)
    issued = authority.issue_person("Không mã")
    store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                     identifier=b"", name="")
    key = open_token_key(store.module, token="Lạ", pin=bytearray(PIN), environment=store.environment)
    holds(issued, key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1), "sha256", Scheme.RSA_PKCS1)
    key.close()


def test_a_certificate_without_its_private_key_is_named(store, authority):
    token = store.add_token("Thiếu", pin=PIN, officer_pin=OFFICER_PIN)
    here, elsewhere = authority.issue_person("Ở đây"), authority.issue_person("Ở nơi khác")
    store.import_key(token, pin=PIN, private_key=here.private_key,
                     certificates=[here.certificate_der, elsewhere.certificate_der], identifier=b"\x01", name="")
    fingerprint = elsewhere.certificate.fingerprint(hashes.SHA256()).hex()
    with pytest.raises(KeyNotFound):
        open_token_key(store.module, token="Thiếu", certificate=fingerprint, pin=bytearray(PIN),
                       environment=store.environment)


def test_two_keys_of_one_token_sign_side_by_side_and_closing_one_leaves_the_other(equipped):
    first, second = opened(equipped, token="Lãnh đạo"), opened(equipped, token="Lãnh đạo")
    for key in (first, second, first):
        holds(equipped.leader, key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1), "sha256", Scheme.RSA_PKCS1)
    first.close()
    second.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1)
    second.close()


def test_a_key_that_wants_its_pin_for_every_signature_is_known_before_the_batch(store, authority):
    token = store.add_token("Mỗi lần", pin=PIN, officer_pin=OFFICER_PIN)
    issued = authority.issue_person("Người ký")
    store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                     identifier=b"\x01", name="", asks_each_time=True)
    key = open_token_key(store.module, token="Mỗi lần", pin=bytearray(PIN), environment=store.environment)
    assert key.asks_each_time and not key.own_pin_entry
    for _ in range(3):      # the PIN was typed once; the module's process gives it again
        holds(issued, key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1), "sha256", Scheme.RSA_PKCS1)
    key.close()


def test_a_closed_key_signs_no_more_and_may_be_closed_again(equipped):
    key = opened(equipped, token="Lãnh đạo")
    key.close()
    key.close()
    with pytest.raises(LoginLost):
        key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1)


def test_a_scheme_the_key_cannot_do_is_refused(equipped):
    key = opened(equipped, token="Lãnh đạo")
    with pytest.raises(SchemeNotOffered):
        key.sign(MESSAGE, digest="sha256", scheme=Scheme.ECDSA)
    key.close()


def test_a_token_that_is_taken_away_is_said_to_be_removed(store, authority):
    import shutil
    token = store.add_token("Rút ra", pin=PIN, officer_pin=OFFICER_PIN)
    issued = authority.issue_person("Người ký")
    store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                     identifier=b"\x01", name="")
    key = open_token_key(store.module, token="Rút ra", pin=bytearray(PIN), environment=store.environment)
    key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1)
    shutil.rmtree(store.token_folder(token))
    with pytest.raises(TokenRemoved) as removed:
        key.sign(MESSAGE, digest="sha256", scheme=Scheme.RSA_PKCS1)
    assert removed.value.facts["token"] == "Rút ra" and removed.value.stops_batch
    key.close()
    with pytest.raises(TokenAbsent):
        open_token_key(store.module, token="Rút ra", pin=bytearray(PIN), environment=store.environment)
