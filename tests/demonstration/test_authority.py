import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError, PathBuildingError, RevokedError
from pyhanko_certvalidator.path import ValidationPath

from docclient.demonstration.authority import Authority, Issued, KeyKind, Purpose


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make("Cơ quan thử nghiệm")


def validate(authority: Authority, issued: Issued, moment: datetime, *, usage: set[str],
             anchor: Authority | None = None) -> ValidationPath:
    lists = authority.crl(at=moment)
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load((anchor or authority).anchor_der)],
        other_certs=[asn1_x509.Certificate.load(der) for der in issued.chain_der],
        crls=[asn1_crl.CertificateList.load(der) for der in lists],
        moment=moment, allow_fetching=False, revocation_mode="require")
    leaf = asn1_x509.Certificate.load(issued.certificate_der)
    return asyncio.run(CertificateValidator(leaf, validation_context=context).async_validate_usage(usage))


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.mark.parametrize("kind", list(KeyKind))
def test_a_leaf_holds_offline_under_required_revocation(authority, kind):
    issued = authority.issue_person("Chủ tịch Ủy ban nhân dân xã", email="ct@xa.gov.vn", unit="Lãnh đạo",
                                    organisation="Ủy ban nhân dân xã Tân Hiệp", locality="Đồng Tháp", key=kind)
    path = validate(authority, issued, now(), usage={"digital_signature", "non_repudiation"})
    assert len(list(path)) == 3


def test_names_are_full_vietnamese_in_the_official_order(authority):
    issued = authority.issue_agency("Ủy ban nhân dân xã Tân Hiệp", organisation="Ủy ban nhân dân tỉnh Đồng Tháp",
                                    locality="Đồng Tháp")
    assert issued.certificate.subject.rfc4514_string() == (
        "CN=Ủy ban nhân dân xã Tân Hiệp,O=Ủy ban nhân dân tỉnh Đồng Tháp,L=Đồng Tháp,C=VN")


def test_a_revoked_leaf_fails_and_only_from_then_on(authority):
    issued = authority.issue_person("Người bị thu hồi")
    moment = now()
    authority.revoke(issued, at=moment)
    with pytest.raises(RevokedError):
        validate(authority, issued, moment + timedelta(minutes=1), usage={"non_repudiation"})
    validate(authority, issued, moment - timedelta(hours=1), usage={"non_repudiation"})


def test_another_authority_is_not_trusted(authority):
    stranger = Authority.make("Nơi khác")
    issued = stranger.issue_person("Người lạ")
    with pytest.raises(PathBuildingError):
        validate(stranger, issued, now(), anchor=authority, usage={"non_repudiation"})


def test_an_expired_and_an_encryption_only_leaf_can_be_made(authority):
    expired = authority.issue_person("Hết hạn", not_before=now() - timedelta(days=20),
                                     not_after=now() - timedelta(days=10))
    assert expired.certificate.not_valid_after_utc < now()
    encryption = authority.issue_person("Chỉ mã hóa", purpose=Purpose.ENCRYPTION_ONLY)
    usage = encryption.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert not usage.digital_signature and usage.key_encipherment
    with pytest.raises(InvalidCertificateError):
        validate(authority, encryption, now(), usage={"digital_signature"})


def test_the_pkcs12_file_opens_with_its_password_and_holds_the_chain(authority, tmp_path):
    issued = authority.issue_person("Văn thư")
    path = issued.save_pkcs12(tmp_path / "clerk.p12", bytearray("mật khẩu".encode()))
    key, certificate, others = load_key_and_certificates(path.read_bytes(), "mật khẩu".encode())
    assert certificate == issued.certificate
    assert {c.subject for c in others} == {c.subject for c in issued.chain}
    assert key.private_numbers() == issued.private_key.private_numbers()


def test_the_folder_holds_anchor_and_lists(authority, tmp_path):
    names = [path.name for path in authority.save(tmp_path / "authority")]
    assert names == ["root.pem", "issuing.pem", "issuing.crl", "root.crl"]
    assert x509.load_pem_x509_certificate((tmp_path / "authority" / "root.pem").read_bytes()) == authority.root


def test_an_office_name_of_more_than_64_bytes_but_fewer_characters_is_issued(authority):
    name = "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã Tân Hiệp"
    assert len(name) < 64 < len(name.encode())
    issued = authority.issue_agency(name)
    assert asn1_x509.Certificate.load(issued.certificate_der).subject.native["common_name"] == name
    with pytest.raises(ValueError):
        authority.issue_agency("x" * 65)


def test_keys_do_not_show_in_representations(authority):
    issued = authority.issue_person("Kín đáo")
    assert "PrivateKey" not in repr(issued) and "PrivateKey" not in repr(authority)
