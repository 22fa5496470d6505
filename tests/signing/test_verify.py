"""Verdicts and their reasons: trust, revocation, time, old and odd signatures, files that are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pypdf import PdfWriter

from docclient.demonstration.authority import Authority, Issued, KeyKind, Purpose
from signing.report import Conclusion, Reason, Remark, SignatureReport, Verdict
from signing.sign import Role, SigningRequest, sign_pdf
from signing.trust import NOBODY, TrustStore
from signing.verify import verify_file
from tests.signing.conftest import LEADER_NAME, People, Stages


def only(path: Path, trust: TrustStore, at: datetime | None = None) -> SignatureReport:
    report = verify_file(path, trust, at=at)
    (signature,) = report.signatures
    assert report.conclusion.value == signature.verdict.value and report.reason is signature.reason
    return signature


def trust_in(authority: Authority, *, at: datetime | None = None) -> TrustStore:
    return TrustStore().with_certificates([authority.anchor_der, authority.issuing_der]).with_crls(authority.crl(at=at))


def test_without_revocation_lists_nothing_is_called_valid(stages: Stages, people: People) -> None:
    found = only(stages.signed, people.trust_without_lists)

    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, Reason.TRY_LATER)
    assert found.intact and found.revocation == "unreachable"
    assert Remark.REVOCATION_UNREACHABLE.value in found.warnings
    assert found.trust_anchor == "RootCA Ban Cơ yếu thử nghiệm"


def test_a_list_that_ended_counts_as_none(stages: Stages, people: People) -> None:
    later = datetime.now(UTC) + timedelta(days=60)

    assert only(stages.signed, people.trust, at=later).reason is Reason.TRY_LATER


def test_an_unknown_authority_is_named(stages: Stages) -> None:
    found = only(stages.signed, NOBODY)

    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, Reason.NO_CERTIFICATE_CHAIN_FOUND)
    assert found.missing_issuer == "RootCA Ban Cơ yếu thử nghiệm"
    assert found.trust_anchor is None and found.intact


def test_a_leaf_alone_names_its_issuer(people: People, stages: Stages, tmp_path: Path) -> None:
    """What real Vietnamese files carry: the signer's certificate and no chain."""
    key = people.key(people.leader)
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", key, SigningRequest(role=Role.PERSONAL))
    found = only(signed.target, TrustStore.standard())

    assert found.reason is Reason.NO_CERTIFICATE_CHAIN_FOUND
    assert found.missing_issuer == "CA phục vụ các cơ quan Nhà nước"
    assert Remark.CHAIN_INCOMPLETE.value in found.warnings


def test_who_signs_its_own_certificate_is_unknown_until_trusted(people: People, stages: Stages, tmp_path: Path) -> None:
    authority = Authority.make("Tự ký", key=KeyKind.P256)
    signed = plain_signature(stages.draft, tmp_path / "a.pdf", people, Issued(
        authority._root_key, authority.root, ()))
    found = only(signed, people.trust)

    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, Reason.NO_CERTIFICATE_CHAIN_FOUND)
    assert found.missing_issuer == "RootCA Tự ký"


def test_names_keep_their_accents(stages: Stages, people: People) -> None:
    found = only(stages.signed, people.trust)

    assert (found.signer, found.signer_organisation) == (LEADER_NAME, "Ủy ban nhân dân xã Tân Hiệp")
    assert found.issuer == "CA phục vụ các cơ quan Nhà nước"


def test_revoked_before_signing_is_invalid(people: People, stages: Stages, tmp_path: Path) -> None:
    authority = Authority.make("Thu hồi", key=KeyKind.P256)
    person = authority.issue_person("Trần Văn Đức", key=KeyKind.P256)
    authority.revoke(person, at=datetime.now(UTC) - timedelta(hours=1))
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", people.key(person), SigningRequest(role=Role.PERSONAL))
    found = only(signed.target, trust_in(authority))

    assert (found.verdict, found.reason, found.revocation) == (Verdict.INVALID, Reason.REVOKED, "revoked")
    assert found.revoked_at is not None


def test_revoked_after_the_claimed_time_is_undetermined_without_a_proof(people: People, stages: Stages,
                                                                        tmp_path: Path) -> None:
    authority = Authority.make("Thu hồi sau", key=KeyKind.P256)
    person = authority.issue_person("Trần Văn Đức", key=KeyKind.P256)
    claimed = datetime.now(UTC) - timedelta(hours=2)
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", people.key(person),
                      SigningRequest(role=Role.PERSONAL, signed_at=claimed))
    authority.revoke(person, at=datetime.now(UTC) - timedelta(hours=1))
    found = only(signed.target, trust_in(authority))

    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, Reason.REVOKED_NO_POE)


def test_before_its_revocation_it_was_valid(people: People, stages: Stages, tmp_path: Path) -> None:
    authority = Authority.make("Thu hồi", key=KeyKind.P256)
    person = authority.issue_person("Trần Văn Đức", key=KeyKind.P256)
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", people.key(person), SigningRequest(role=Role.PERSONAL))
    authority.revoke(person, at=datetime.now(UTC) + timedelta(hours=1))
    trust = trust_in(authority, at=datetime.now(UTC) + timedelta(hours=2))

    assert only(signed.target, trust, at=datetime.now(UTC)).verdict is Verdict.VALID
    assert only(signed.target, trust, at=datetime.now(UTC) + timedelta(hours=3)).reason is Reason.REVOKED_NO_POE


def test_an_expired_certificate_is_undetermined_without_a_proof_of_time(people: People, stages: Stages) -> None:
    found = only(stages.signed, people.trust, at=datetime.now(UTC) + timedelta(days=6 * 365))

    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, Reason.OUT_OF_BOUNDS_NO_POE)


def test_a_claimed_time_outside_the_certificate_is_remarked(people: People, stages: Stages, tmp_path: Path) -> None:
    authority = Authority.make("Hết hạn", key=KeyKind.P256, now=datetime.now(UTC) - timedelta(days=400))
    person = authority.issue_person("Trần Văn Đức", key=KeyKind.P256, not_after=datetime.now(UTC) - timedelta(days=30))
    claimed = datetime.now(UTC) - timedelta(days=31)
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", people.key(person),
                      SigningRequest(role=Role.PERSONAL, signed_at=claimed))
    found = only(signed.target, trust_in(authority))

    assert found.reason is Reason.OUT_OF_BOUNDS_NO_POE
    assert Remark.SIGNING_TIME_OUTSIDE_CERTIFICATE.value not in found.warnings


def test_a_certificate_not_made_for_signing(people: People, stages: Stages, tmp_path: Path) -> None:
    person = people.authority.issue_person("Khóa mã hóa", purpose=Purpose.ENCRYPTION_ONLY)
    signed = plain_signature(stages.draft, tmp_path / "a.pdf", people, person)
    found = only(signed, people.trust)

    assert (found.verdict, found.reason) == (Verdict.UNDETERMINED, Reason.CHAIN_CONSTRAINTS_FAILURE)


@pytest.mark.parametrize("kind", list(KeyKind))
def test_every_kind_of_key_verifies(people: People, stages: Stages, tmp_path: Path, kind: KeyKind) -> None:
    person = people.authority.issue_person("Lê Thị Ánh", key=kind)
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", people.key(person), SigningRequest(role=Role.PERSONAL))

    assert only(signed.target, people.trust).verdict is Verdict.VALID


def plain_signature(source: Path, target: Path, people: People, issued: object, *, digest: str = "sha256",
                    subfilter: SigSeedSubFilter = SigSeedSubFilter.ADOBE_PKCS7_DETACHED) -> Path:
    """As another program signs: pyHanko's own signer, the older kind of signature."""
    path = people.folder / "other.p12"
    issued.save_pkcs12(path, b"x")   # type: ignore[attr-defined]
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=b"x")
    with source.open("rb") as file, target.open("wb") as out:
        signers.sign_pdf(IncrementalPdfFileWriter(file), signers.PdfSignatureMetadata(
            field_name="Sig1", md_algorithm=digest, subfilter=subfilter), signer=signer, output=out)
    return target


def test_a_signature_of_the_older_kind_is_valid_and_called_cms(people: People, stages: Stages, tmp_path: Path) -> None:
    found = only(plain_signature(stages.draft, tmp_path / "a.pdf", people, people.leader), people.trust)

    assert (found.verdict, found.level) == (Verdict.VALID, "cms")


@pytest.mark.parametrize("subfilter", [SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES])
def test_old_sha1_signatures_verify_with_a_remark(people: People, stages: Stages, tmp_path: Path,
                                                  subfilter: SigSeedSubFilter) -> None:
    signed = plain_signature(stages.draft, tmp_path / "a.pdf", people, people.leader, digest="sha1",
                             subfilter=subfilter)
    found = only(signed, people.trust)

    assert found.verdict is Verdict.VALID
    assert Remark.SHA1_USED.value in found.warnings and found.algorithms[0] == "sha1"


def test_a_file_without_signatures(stages: Stages, people: People) -> None:
    report = verify_file(stages.draft, people.trust)

    assert (report.conclusion, report.reason, report.signatures) == (Conclusion.UNSIGNED, None, ())


def encrypted(source: Path, target: Path) -> Path:
    writer = PdfWriter(clone_from=source)
    writer.encrypt("mật khẩu", algorithm="AES-256")
    writer.write(target)
    return target


def test_what_no_tool_could_read_is_unreadable_and_says_why(stages: Stages, people: People, tmp_path: Path) -> None:
    damaged, empty, words = tmp_path / "damaged.pdf", tmp_path / "empty.pdf", tmp_path / "words.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    empty.write_bytes(b"")
    words.write_text("Kính gửi")
    expected = {
        damaged: Reason.DAMAGED, empty: Reason.NOT_PDF, words: Reason.NOT_PDF,
        tmp_path / "none.pdf": Reason.NOT_READABLE, tmp_path: Reason.NOT_READABLE,
        encrypted(stages.draft, tmp_path / "locked.pdf"): Reason.ENCRYPTED,
    }

    for path, reason in expected.items():
        report = verify_file(path, people.trust)
        assert (report.conclusion, report.reason) == (Conclusion.UNREADABLE, reason), path


def test_bytes_from_a_mail_gateway_do_not_hide_the_signature(stages: Stages, people: People, tmp_path: Path) -> None:
    """A line end behind the last marker is no revision: the signature still covers every one."""
    longer = tmp_path / "a.pdf"
    longer.write_bytes(stages.signed.read_bytes() + b"\r\n")
    found = only(longer, people.trust)

    assert found.verdict is Verdict.VALID and not found.covers_whole_file


def test_whatever_goes_wrong_is_a_verdict_and_the_log_keeps_the_text_out(
        stages: Stages, people: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("Kính gửi: ông Nguyễn Văn A")

    monkeypatch.setattr("signing.verify.knowledge_in", broken)
    report = verify_file(stages.sealed, people.trust)

    assert (report.conclusion, report.reason) == (Conclusion.UNDETERMINED, Reason.GENERIC)
    assert "RuntimeError" in caplog.text and "Nguyễn" not in caplog.text


def test_a_moment_without_a_zone_is_refused(stages: Stages, people: People) -> None:
    with pytest.raises(ValueError, match="zone"):
        verify_file(stages.signed, people.trust, at=datetime(2026, 3, 5))   # noqa: DTZ001


def test_past_its_deadline_a_signature_stays_undetermined(stages: Stages, people: People) -> None:
    report = verify_file(stages.sealed, people.trust, deadline_s=-1)

    assert {(s.verdict, s.reason) for s in report.signatures} == {(Verdict.UNDETERMINED, Reason.TIME_OVER)}
    assert report.conclusion is Conclusion.UNDETERMINED


def test_the_report_as_json_names_everything(stages: Stages, people: People) -> None:
    document = verify_file(stages.sealed, people.trust).as_json()

    assert document["conclusion"] == "valid" and document["reason"] == "PASSED"
    assert len(document["sha256"]) == 64
    first = document["signatures"][0]
    assert first["verdict"] == "valid" and first["kind"] == "certification"
    assert first["signing_time"].endswith("+00:00") and first["timestamp_time"] is None
    assert first["changes_after"][0] == {"kind": "signature_added", "allowed": True, "page": 1, "detail": "AgencySeal"}


def test_without_any_anchor_the_answer_says_so(stages: Stages, people: People) -> None:
    """The first run: nothing is wrong with the file, somebody has to say whom to believe."""
    nobody, somebody = verify_file(stages.sealed, NOBODY), verify_file(stages.sealed, people.trust)

    assert nobody.conclusion is Conclusion.UNDETERMINED and all(s.intact for s in nobody.signatures)
    assert Remark.NO_TRUST_ANCHOR.value in nobody.warnings
    assert Remark.NO_TRUST_ANCHOR.value not in somebody.warnings
