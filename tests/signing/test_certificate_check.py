"""The state of a certificate before it signs, from every side: with lists at hand, and with services on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from asn1crypto import crl, ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from docclient.demonstration.authority import Authority, KeyKind, Purpose
from docclient.words import Language, catalogue, has_words, phrase
from signing import certificate_check
from signing.certificate_check import Aspect, CertificateState, check_certificate
from signing.certificates import CertificateUnreadable
from signing.report import Verdict
from signing.trust import NOBODY, TrustStore
from tests.signing.services import Services, running_services

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.make("Ban Cơ yếu thử nghiệm", key=KeyKind.P256)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as running:
        yield running


def believing(authority: Authority, *, lists: bool = True) -> TrustStore:
    store = TrustStore().with_certificates([authority.anchor_der, authority.issuing_der])
    return store.with_crls(authority.crl()) if lists else store


def codes(state: CertificateState) -> dict[str, str]:
    return {finding.aspect.value: finding.code for finding in state.findings}


def issue(authority: Authority, **how: object) -> bytes:
    return authority.issue_person("Nguyễn Văn An", key=KeyKind.P256, **how).certificate_der


def weak_certificate() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Khóa ngắn")])
    built = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
             .serial_number(1).not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=365)))
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_good_certificate_is_valid_from_every_side_and_its_evidence_is_kept(authority):
    der = issue(authority)
    state = check_certificate(der, believing(authority))
    assert state.verdict is Verdict.VALID
    assert codes(state) == {"dates": "dates_valid", "purpose": "purpose_valid", "key": "key_valid",
                            "chain": "chain_valid", "revocation": "revocation_good"}
    assert state.finding(Aspect.CHAIN).facts == {"anchor": "RootCA Ban Cơ yếu thử nghiệm"}
    assert state.finding(Aspect.REVOCATION).facts["source"] == "CRL"
    assert state.evidence.certificates == (der, authority.issuing_der, authority.anchor_der)
    assert len(state.evidence.crls) == 2
    assert all(crl.CertificateList.load(one)["tbs_cert_list"]["this_update"].native for one in state.evidence.crls)


@pytest.mark.parametrize(("begins", "ends", "code", "verdict"), [
    (-400, -1, "dates_expired", Verdict.INVALID), (1, 400, "dates_not_yet_valid", Verdict.INVALID),
    (-400, 12, "dates_end_soon", Verdict.VALID), (-1, 400, "dates_valid", Verdict.VALID)])
def test_dates(authority, begins, ends, code, verdict):
    der = issue(authority, not_before=NOW + timedelta(days=begins), not_after=NOW + timedelta(days=ends, hours=1))
    state = check_certificate(der, believing(authority))
    assert state.finding(Aspect.DATES).code == code
    assert state.verdict is verdict
    if code == "dates_end_soon":
        assert state.finding(Aspect.DATES).facts["days"] == "12"


def test_an_ended_certificate_keeps_its_chain_and_is_not_called_revoked_or_unknown(authority):
    der = issue(authority, not_before=NOW - timedelta(hours=20), not_after=NOW - timedelta(hours=1))
    state = check_certificate(der, believing(authority))
    assert (state.finding(Aspect.CHAIN).code, state.finding(Aspect.REVOCATION).code) == (
        "chain_valid", "revocation_out_of_dates")
    assert state.verdict is Verdict.INVALID


def test_purpose_and_key(authority):
    state = check_certificate(issue(authority, purpose=Purpose.ENCRYPTION_ONLY), believing(authority))
    assert (state.finding(Aspect.PURPOSE).code, state.verdict) == ("purpose_not_for_signing", Verdict.INVALID)
    state = check_certificate(authority.issuing_der, believing(authority))
    assert state.finding(Aspect.PURPOSE).code == "purpose_of_authority"
    finding = check_certificate(weak_certificate(), NOBODY).finding(Aspect.KEY)
    assert (finding.code, finding.facts) == ("key_too_weak", {"key": "RSA-1024"})


def test_a_missing_authority_is_named(authority):
    der = issue(authority)
    state = check_certificate(der, TrustStore().with_certificates([authority.anchor_der]))
    assert state.finding(Aspect.CHAIN).code == "chain_issuer_unknown"
    assert state.finding(Aspect.CHAIN).facts == {"issuer": "CA phục vụ các cơ quan Nhà nước"}
    assert state.finding(Aspect.REVOCATION).code == "revocation_without_chain"
    assert state.verdict is Verdict.UNDETERMINED and state.evidence.certificates == (der,)
    without_root = check_certificate(der, NOBODY.with_intermediates([authority.issuing_der]))
    assert without_root.finding(Aspect.CHAIN).facts == {"issuer": "RootCA Ban Cơ yếu thử nghiệm"}


def test_a_certificate_beside_it_on_the_token_completes_the_chain_and_is_not_believed(authority):
    der = issue(authority)
    root_only = TrustStore().with_certificates([authority.anchor_der]).with_crls(authority.crl())
    assert check_certificate(der, root_only, others=[authority.issuing_der]).verdict is Verdict.VALID
    stranger = Authority.make("Kẻ lạ", key=KeyKind.P256)
    state = check_certificate(issue(stranger), root_only, others=[stranger.issuing_der, stranger.anchor_der])
    assert (state.finding(Aspect.CHAIN).code, state.verdict) == ("chain_issuer_unknown", Verdict.UNDETERMINED)


def test_a_forged_signature_of_the_authority_breaks_the_chain(authority):
    der = bytearray(issue(authority))
    der[-1] ^= 1
    state = check_certificate(bytes(der), believing(authority))
    assert (state.finding(Aspect.CHAIN).code, state.verdict) == ("chain_broken", Verdict.INVALID)


def test_revocation_is_told_with_its_moment_and_never_assumed():
    authority = Authority.make("Ban Cơ yếu thử nghiệm", key=KeyKind.P256)
    revoked = authority.issue_person("Bị thu hồi", key=KeyKind.P256)
    before = check_certificate(revoked.certificate_der, believing(authority))
    authority.revoke(revoked, at=NOW - timedelta(hours=2))
    state = check_certificate(revoked.certificate_der, believing(authority))
    assert before.verdict is Verdict.VALID and state.verdict is Verdict.INVALID
    finding = state.finding(Aspect.REVOCATION)
    assert finding.code == "revocation_revoked" and re.fullmatch(r"\d\d:\d\d \d\d/\d\d/\d{4}",
                                                                 finding.facts["revoked_at"])
    unknown = check_certificate(issue(authority), believing(authority, lists=False))
    assert (unknown.finding(Aspect.REVOCATION).code, unknown.verdict) == ("revocation_unknown", Verdict.UNDETERMINED)


def test_an_old_list_is_called_old():
    authority = Authority.make("Ban Cơ yếu thử nghiệm", now=NOW - timedelta(days=100), key=KeyKind.P256)
    der = issue(authority)
    trust = believing(authority, lists=False).with_crls(authority.crl(at=NOW - timedelta(days=30)))
    state = check_certificate(der, trust)
    assert state.finding(Aspect.REVOCATION).code == "revocation_stale"
    assert state.verdict is Verdict.UNDETERMINED
    then = check_certificate(der, trust, at=NOW - timedelta(days=29))
    assert then.verdict is Verdict.VALID and then.checked_at == NOW - timedelta(days=29)


def test_a_trusted_root_needs_no_list(authority):
    state = check_certificate(authority.anchor_der, believing(authority))
    assert state.finding(Aspect.REVOCATION).code == "revocation_not_needed"


def test_bytes_that_are_no_certificate_are_refused():
    with pytest.raises(CertificateUnreadable):
        check_certificate(b"no certificate", NOBODY)


def test_missing_authority_list_and_answer_are_fetched_when_allowed(services):
    der = services.certificate("signer").dump()
    offline = check_certificate(der, services.anchors)
    assert (offline.finding(Aspect.CHAIN).code, offline.verdict) == ("chain_issuer_unknown", Verdict.UNDETERMINED)
    online = check_certificate(der, services.anchors, online=True)
    assert online.verdict is Verdict.VALID, codes(online)
    assert online.finding(Aspect.REVOCATION).facts["source"] in {"OCSP", "CRL"}
    assert len(online.evidence.certificates) == 3
    assert online.evidence.ocsps or online.evidence.crls
    assert all(ocsp.OCSPResponse.load(one)["response_status"].native == "successful" for one in online.evidence.ocsps)


def test_the_service_knows_of_a_revocation(services):
    state = check_certificate(services.certificate("revoked").dump(), services.anchors, online=True)
    assert (state.finding(Aspect.REVOCATION).code, state.verdict) == ("revocation_revoked", Verdict.INVALID)


def test_a_service_out_of_reach_is_a_warning(authority):
    """The authority's address can never be reached (RFC 6761): the name does not resolve."""
    state = check_certificate(issue(authority), believing(authority, lists=False), online=True, deadline_s=10)
    assert (state.finding(Aspect.REVOCATION).code, state.verdict) == ("revocation_unreachable", Verdict.UNDETERMINED)


def test_a_moment_in_the_past_asks_no_server(services):
    asked = len(services.requests)
    check_certificate(services.certificate("signer").dump(), services.anchors, online=True, at=NOW)
    assert len(services.requests) == asked


def test_the_answer_for_programs_carries_everything_but_the_evidence(authority):
    answer = check_certificate(issue(authority), believing(authority)).as_json()
    assert answer["verdict"] == "valid" and [one["aspect"] for one in answer["findings"]] == [
        aspect.value for aspect in Aspect]
    assert datetime.fromisoformat(answer["checked_at"]).utcoffset() is not None


@pytest.mark.parametrize("language", list(Language))
def test_every_finding_has_words_whose_blanks_are_facts(language):
    source = Path(certificate_check.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r'"((?:dates|purpose|key|chain|revocation)_\w+)"', source))
    used |= {"purpose_not_for_signing", "purpose_of_authority"}
    assert len(used) > 20
    assert {code for code in used if not has_words(f"certificate_check.{code}", language)} == set()
    for verdict in Verdict:
        assert phrase(f"certificate_check.verdict_{verdict.value}", language)
    blanks = {name for code, text in catalogue(language).items() if code.startswith("certificate_check.")
              for _, name, _, _ in Formatter().parse(text) if name}
    assert blanks == {"not_before", "not_after", "days", "key", "anchor", "issuer", "reason", "source", "as_of",
                      "revoked_at"}


def test_the_words_of_a_state_read_well_in_vietnamese(authority):
    state = check_certificate(issue(authority), believing(authority))
    said = [phrase(finding.words, **finding.facts) for finding in state.findings]
    assert said[3] == "Đường dẫn tin cậy đầy đủ đến RootCA Ban Cơ yếu thử nghiệm."
    assert re.fullmatch(r"Không bị thu hồi, theo CRL lúc \d\d:\d\d \d\d/\d\d/\d{4}\.", said[4])
    assert phrase(state.words) == "Chứng thư số hợp lệ, dùng để ký được."
