"""Forgeries of the signature value itself: exchanged, stripped, confused. Sources: RFC 5652; ETSI EN 319 122-1."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from asn1crypto import algos, cms, core, x509
from cryptography import x509 as crypto_x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from docclient.demonstration.authority import Authority, Issued, KeyKind, Purpose
from tests.attacks import raw
from tests.attacks.cases import Collection
from tests.attacks.material import DAY, Material

cases = Collection()
forgery = cases.forgery
CMS = "signature value"


def _cms(data: bytes) -> cms.ContentInfo:
    return cms.ContentInfo.load(raw.contents_of(data))


def _changed(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The CMS taken apart, changed, and put back; every parsed part encoded anew."""
    content = _cms(data).copy()
    change(content["content"])
    return raw.with_contents(data, content.dump(force=True))


def _info(signed: Any) -> Any:
    return signed["signer_infos"][0]


@forgery(CMS, "the CMS of another file by the same signer")
def cms_from_another_file(m: Material) -> bytes:
    other = m.signed(m.long_draft)
    return raw.with_contents(m.signed(m.draft), cms.ContentInfo.load(raw.contents_of(other)).dump())


@forgery(CMS, "the same attributes, the signature value of another file")
def cms_value_of_another(m: Material) -> bytes:
    other = _info(_cms(m.signed(m.long_draft))["content"])["signature"].native
    return _changed(m.approval, lambda s: _info(s).__setitem__("signature", other))


@forgery(CMS, "the digest in the attributes exchanged to fit a changed page")
def cms_digest_adjusted(m: Material) -> bytes:
    data = bytearray(m.approval)
    data[data.index(b"stream\n") + 40] ^= 1
    _, _, (_, first, second, length) = raw.byte_range_of(bytes(data))
    digest = sha256(data[:first] + data[second:second + length]).digest()

    def change(signed: Any) -> None:
        for attribute in _info(signed)["signed_attrs"]:
            if attribute["type"].native == "message_digest":
                attribute["values"] = [digest]
    return _changed(bytes(data), change)


@forgery(CMS, "the message digest attribute missing")
def cms_no_message_digest(m: Material) -> bytes:
    def change(signed: Any) -> None:
        _info(signed)["signed_attrs"] = cms.CMSAttributes(
            [a for a in _info(signed)["signed_attrs"] if a["type"].native != "message_digest"])
    return _changed(m.approval, change)


@forgery(CMS, "no signed attributes at all")
def cms_no_attributes(m: Material) -> bytes:
    def change(signed: Any) -> None:
        info = _info(signed)
        signed["signer_infos"] = cms.SignerInfos([cms.SignerInfo({
            name: info[name] for name in ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")})])
    return _changed(m.approval, change)


@forgery(CMS, "the digest algorithm renamed to SHA-1 (confusion)")
def cms_digest_renamed(m: Material) -> bytes:
    return _changed(m.approval, lambda s: _info(s).__setitem__(
        "digest_algorithm", algos.DigestAlgorithm({"algorithm": "sha1"})))


@forgery(CMS, "a digest algorithm that does not exist")
def cms_digest_unknown(m: Material) -> bytes:
    return _changed(m.approval, lambda s: _info(s).__setitem__(
        "digest_algorithm", algos.DigestAlgorithm({"algorithm": "1.2.3.4.5"})))


@forgery(CMS, "the signature algorithm renamed to RSA")
def cms_signature_renamed(m: Material) -> bytes:
    return _changed(m.approval, lambda s: _info(s).__setitem__(
        "signature_algorithm", algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})))


@forgery(CMS, "two signer infos, the second a stranger's")
def cms_two_signers(m: Material) -> bytes:
    other = _cms(m.signed(m.draft, m.stranger))["content"]

    def change(signed: Any) -> None:
        signed["signer_infos"] = cms.SignerInfos([_info(signed).copy(), _info(other).copy()])
    return _changed(m.approval, change)


@forgery(CMS, "no signer info")
def cms_no_signer(m: Material) -> bytes:
    return _changed(m.approval, lambda s: s.__setitem__("signer_infos", cms.SignerInfos([])))


@forgery(CMS, "no certificate inside")
def cms_no_certificate(m: Material) -> bytes:
    return _changed(m.approval, lambda s: s.__setitem__("certificates", cms.CertificateSet([])))


@forgery(CMS, "the signer's certificate exchanged for a trusted one with the same name")
def cms_certificate_swapped(m: Material) -> bytes:
    """A stranger signed; the leader's certificate, which is trusted, is put in place of his."""
    leader = x509.Certificate.load(m.people.leader.certificate_der)

    def change(signed: Any) -> None:
        signed["certificates"] = cms.CertificateSet([cms.CertificateChoices("certificate", leader)])
        _info(signed)["sid"] = cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(
            {"issuer": leader.issuer, "serial_number": leader.serial_number}))
    return _changed(m.signed(m.draft, m.stranger), change)


@forgery(CMS, "a self-signed certificate under the leader's name")
def cms_stranger(m: Material) -> bytes:
    return m.signed(m.draft, m.stranger)


@forgery(CMS, "a leaf certificate that acts as an authority")
def cms_leaf_as_authority(m: Material) -> bytes:
    key = KeyKind.P256.make()
    now = datetime.now(UTC)
    certificate = (
        crypto_x509.CertificateBuilder()
        .subject_name(crypto_x509.Name([crypto_x509.NameAttribute(NameOID.COMMON_NAME, "Giả danh")]))
        .issuer_name(m.people.leader.certificate.subject).public_key(key.public_key())
        .serial_number(crypto_x509.random_serial_number())
        .not_valid_before(now - DAY).not_valid_after(now + DAY)
        .sign(m.people.leader.private_key, hashes.SHA256()))
    return m.signed(m.draft, Issued(key, certificate, (m.people.leader.certificate, *m.people.leader.chain)))


@forgery(CMS, "signed with a revoked certificate, the claimed time set back")
def cms_revoked(m: Material) -> bytes:
    return m.signed(m.draft, m.revoked)


@forgery(CMS, "a certificate for encryption only")
def cms_wrong_usage(m: Material) -> bytes:
    return m.signed(m.draft, m.authority.issue_person("Mã hóa", key=KeyKind.P256, purpose=Purpose.ENCRYPTION_ONLY))


@forgery(CMS, "the content is enveloped data, not signed data")
def cms_other_type(m: Material) -> bytes:
    other = cms.ContentInfo({"content_type": "data", "content": core.OctetString(b"x")})
    return raw.with_contents(m.approval, other.dump())


@forgery(CMS, "random bytes")
def cms_noise(m: Material) -> bytes:
    return raw.with_contents(m.approval, bytes(range(256)) * 4)


@forgery(CMS, "an ASN.1 length that reaches behind the contents")
def cms_length_too_long(m: Material) -> bytes:
    found = bytearray(raw.contents_of(m.approval))
    found[2:4] = b"\xff\xff"
    return raw.with_contents(m.approval, bytes(found))


@forgery(CMS, "content inside the CMS that is not the file's")
def cms_content_inside(m: Material) -> bytes:
    return _changed(m.approval, lambda s: s.__setitem__("encap_content_info", cms.ContentInfo(
        {"content_type": "data", "content": core.OctetString(b"khac")})))


@forgery(CMS, "a time-stamp over other bytes")
def stamp_over_other(m: Material) -> bytes:
    other = _info(_cms(m.signed(m.long_draft, stamp=m.time_stamper()))["content"])["unsigned_attrs"].copy()
    return _changed(m.stamped, lambda s: _info(s).__setitem__("unsigned_attrs", other))


@forgery(CMS, "a document time-stamp over another file")
def document_stamp_over_other(m: Material) -> bytes:
    other = m.document_stamped(m.signed(m.long_draft))
    return raw.with_contents(m.document_stamp, cms.ContentInfo.load(raw.contents_of(other)).dump())


@forgery(CMS, "a time-stamp typed as the leader's signature")
def stamp_as_signature(m: Material) -> bytes:
    token = cms.ContentInfo.load(raw.contents_of(m.document_stamp)).dump()
    return raw.with_contents(m.stamped, token)


@forgery(CMS, "an ended certificate and a time-stamp by somebody unknown that says it was in force")
def stamp_by_stranger(m: Material) -> bytes:
    unknown = Authority.make("Dấu lạ", key=KeyKind.P256).issue_time_stamp_service()
    return m.signed(m.draft, m.ended, stamp=m.time_stamper(m.long_ago, who=unknown))

