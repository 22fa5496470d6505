"""What a certificate says, in plain values, and why it may not sign."""

from datetime import UTC, datetime, timedelta

import pytest

from docclient.demonstration.authority import Authority, KeyKind, Purpose
from signing.certificates import (
    CertificateExpired,
    CertificateNotForSigning,
    CertificateNotYetValid,
    CertificateOfAuthority,
    CertificateUnreadable,
    WhyNot,
    certificate_facts,
    serial_hex,
)

NOW = datetime(2026, 11, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make("Cơ quan chứng thực thử nghiệm", now=NOW)


def test_a_persons_certificate_in_plain_values(authority):
    issued = authority.issue_person("Nguyễn Văn Ánh", email="anh@tanhiep.gov.vn", unit="Văn phòng",
                                    organisation="Ủy ban nhân dân xã Tân Hiệp", locality="Đồng Tháp")
    facts = certificate_facts(issued.certificate_der)
    assert facts.subject == ("E=anh@tanhiep.gov.vn, CN=Nguyễn Văn Ánh, OU=Văn phòng, "
                             "O=Ủy ban nhân dân xã Tân Hiệp, L=Đồng Tháp, C=VN")
    assert facts.issuer.startswith("CN=CA phục vụ các cơ quan Nhà nước, O=Cơ quan")
    assert facts.display_name == "Nguyễn Văn Ánh (Ủy ban nhân dân xã Tân Hiệp)"
    assert (facts.common_name, facts.unit, facts.locality, facts.email) == (
        "Nguyễn Văn Ánh", "Văn phòng", "Đồng Tháp", "anh@tanhiep.gov.vn")
    assert facts.serial == serial_hex(issued.certificate.serial_number)
    assert facts.key_name == "RSA-2048"
    assert facts.key_usage == {"digital_signature", "non_repudiation"}
    assert facts.not_before == NOW - timedelta(days=1) and facts.not_before.tzinfo is UTC
    assert not facts.is_authority and not facts.self_issued
    assert facts.why_not(NOW) is None
    facts.require_usable(NOW)


def test_dates_decide_at_the_second(authority):
    issued = authority.issue_agency("Cơ quan", not_before=NOW, not_after=NOW + timedelta(days=1))
    facts = certificate_facts(issued.certificate_der)
    assert facts.why_not(NOW - timedelta(seconds=1)) is WhyNot.NOT_YET_VALID
    assert facts.why_not(NOW) is None
    assert facts.why_not(facts.not_after) is None
    assert facts.why_not(facts.not_after + timedelta(seconds=1)) is WhyNot.EXPIRED
    with pytest.raises(CertificateExpired) as expired:
        facts.require_usable(NOW + timedelta(days=2))
    assert expired.value.facts["not_after"] == "03/11/2026"
    with pytest.raises(CertificateNotYetValid):
        facts.require_usable(NOW - timedelta(days=2))


def test_encryption_time_stamps_and_authorities_do_not_sign_documents(authority):
    encryption = authority.issue_person("Mã hóa", purpose=Purpose.ENCRYPTION_ONLY)
    for der in (encryption.certificate_der, authority.issue_time_stamp_service().certificate_der):
        with pytest.raises(CertificateNotForSigning):
            certificate_facts(der).require_usable(NOW)
    with pytest.raises(CertificateOfAuthority):
        certificate_facts(authority.issuing_der).require_usable(NOW)
    assert certificate_facts(authority.anchor_der).self_issued


def test_short_keys_are_below_the_rules(authority):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding

    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ngắn")])
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(10).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
            .sign(key, hashes.SHA256()))
    facts = certificate_facts(made.public_bytes(Encoding.DER))
    assert facts.why_not(NOW) is WhyNot.KEY_TOO_WEAK
    assert facts.key_usage is None and facts.serial == "0a"


def test_elliptic_curve_keys_count_by_their_own_length(authority):
    facts = certificate_facts(authority.issue_person("Đường cong", key=KeyKind.P256).certificate_der)
    assert facts.key_name == "EC-256" and facts.why_not(NOW) is None


def test_padding_behind_a_certificate_is_left_off(authority):
    der = authority.issue_person("Độn").certificate_der
    facts = certificate_facts(der + bytes(100))
    assert facts.der == der and facts.fingerprint == certificate_facts(der).fingerprint


def test_a_long_vietnamese_name_is_read_without_complaint(authority):
    name = "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã Tân Hiệp"
    assert certificate_facts(authority.issue_agency(name).certificate_der).common_name == name


def test_signs_with_a_meaning_are_escaped(authority):
    facts = certificate_facts(authority.issue_agency("Trạm Y tế, xã #1").certificate_der)
    assert facts.subject == "CN=Trạm Y tế\\, xã #1, C=VN"


@pytest.mark.parametrize("content", [b"", b"no certificate", b"0\x82\xff\xff", b"\x30\x00"])
def test_other_bytes_are_unreadable(content):
    with pytest.raises(CertificateUnreadable):
        certificate_facts(content)


@pytest.mark.parametrize(("number", "expected"), [(1, "01"), (0xABC, "0abc"), (0x10, "10"), (-1, "-01")])
def test_serial_numbers_have_even_digits(number, expected):
    assert serial_hex(number) == expected
