"""Key files: opened with their password, and each way in which one is not right is told apart."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from docclient.demonstration.authority import KeyKind
from signing.certificates import CertificateExpired
from signing.errors import FileNotReadable
from signing.keys import Key, Scheme
from signing.tokens.pkcs12 import open_key_file
from signing.tokens.troubles import (
    KeyFileDamaged,
    KeyFilePasswordRejected,
    KeyFileWithoutKey,
    LoginLost,
    SchemeNotOffered,
)

PASSWORD = "mật khẩu".encode()


@pytest.fixture(scope="module")
def issued(authority):
    return authority.issue_person("Văn thư cơ quan", organisation="Ủy ban nhân dân xã Tân Hiệp")


@pytest.fixture
def key_file(issued, tmp_path):
    return issued.save_pkcs12(tmp_path / "khóa.p12", PASSWORD)


def test_a_key_file_signs_by_both_schemes_and_brings_its_issuers(issued, key_file):
    password = bytearray(PASSWORD)
    key = open_key_file(key_file, password)
    assert password == bytes(len(PASSWORD))
    assert isinstance(key, Key) and key.token is None
    assert key.certificate == issued.certificate_der
    assert set(key.other_certificates) == set(issued.chain_der)
    public = issued.certificate.public_key()
    public.verify(key.sign(b"m", digest="sha384", scheme=Scheme.RSA_PKCS1), b"m", padding.PKCS1v15(), hashes.SHA384())
    public.verify(key.sign(b"m", digest="sha256", scheme=Scheme.RSA_PSS), b"m",
                  padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    with pytest.raises(SchemeNotOffered):
        key.sign(b"m", digest="sha256", scheme=Scheme.ECDSA)
    key.close()
    key.close()
    with pytest.raises(LoginLost):
        key.sign(b"m", digest="sha256", scheme=Scheme.RSA_PKCS1)


def test_an_elliptic_curve_key_file_signs(authority, tmp_path):
    issued = authority.issue_person("Đường cong", key=KeyKind.P256)
    key = open_key_file(issued.save_pkcs12(tmp_path / "k.p12", PASSWORD), bytearray(PASSWORD))
    assert key.schemes == (Scheme.ECDSA,)
    issued.certificate.public_key().verify(key.sign(b"m", digest="sha256", scheme=Scheme.ECDSA), b"m",
                                           ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("password", [b"", b"sai", b"mat khau", b"\xff\xfe"])
def test_a_wrong_password_is_called_one(key_file, password):
    given = bytearray(password)
    with pytest.raises(KeyFilePasswordRejected) as rejected:
        open_key_file(key_file, given)
    assert given == bytes(len(password))
    assert rejected.value.facts == {"file": str(key_file)} and rejected.value.stops_batch


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"0\x80", b"\x30\x03\x02\x01\x03"])
def test_another_kind_of_file_is_not_the_passwords_fault(tmp_path, content):
    path = tmp_path / "k.p12"
    path.write_bytes(content)
    with pytest.raises(KeyFileDamaged):
        open_key_file(path, bytearray(PASSWORD))


def test_a_cut_file_is_damaged(key_file):
    key_file.write_bytes(key_file.read_bytes()[:-100])
    with pytest.raises(KeyFileDamaged):
        open_key_file(key_file, bytearray(PASSWORD))


def test_a_file_that_is_not_there_is_not_readable(tmp_path):
    with pytest.raises(FileNotReadable):
        open_key_file(tmp_path / "none.p12", bytearray(PASSWORD))


def test_a_file_without_password_opens_without_one(issued, tmp_path):
    path = tmp_path / "k.p12"
    path.write_bytes(serialize_key_and_certificates(None, issued.private_key, issued.certificate, None, NoEncryption()))
    assert open_key_file(path, bytearray()).certificate == issued.certificate_der


def test_certificates_alone_hold_no_key(issued, tmp_path):
    path = tmp_path / "k.p12"
    path.write_bytes(serialize_key_and_certificates(None, None, None, [issued.certificate], NoEncryption()))
    with pytest.raises(KeyFileWithoutKey):
        open_key_file(path, bytearray())


def test_an_expired_certificate_is_refused_unless_wanted(authority, tmp_path):
    now = datetime.now(UTC)
    issued = authority.issue_person("Cũ", not_before=now - timedelta(days=9), not_after=now - timedelta(days=1))
    path = issued.save_pkcs12(tmp_path / "k.p12", PASSWORD)
    with pytest.raises(CertificateExpired):
        open_key_file(path, bytearray(PASSWORD))
    assert open_key_file(path, bytearray(PASSWORD), allow_unusable=True).certificate == issued.certificate_der
    assert open_key_file(path, bytearray(PASSWORD), at=now - timedelta(days=5)).certificate == issued.certificate_der
