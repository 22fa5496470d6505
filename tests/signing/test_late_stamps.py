"""Sign now, stamp later: the signature is kept, the stamp comes in a revision of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm

from signing.errors import FileNotReadable
from signing.late_stamps import NothingSigned, add_document_stamp, lowest_level
from signing.longterm import EvidenceMissing
from signing.report import ChangeKind, Conclusion, SignatureKind, Verdict
from signing.sign import Level, Role, SignedFile, SigningRequest, sign_pdf
from signing.sign_troubles import EarlierSignatureBroken
from signing.stages import KeyFacts, complete_signature, prepare_signature, result_of
from signing.timestamps import TimestampRefused, TimestampService
from signing.verify import verify_file
from tests.fakes.time_stamp_service import FakeService, running
from tests.signing import altering
from tests.signing.conftest import PASSWORD, People, Stages
from tests.signing.services import Services, running_services

New = Callable[[], FakeService]


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as found:
        yield found


@pytest.fixture
def new(services: Services) -> Iterator[New]:
    with running(services.tsa) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.timestamps.PAUSES_S", (0, 0))


def request(services: Services, level: Level, service: FakeService, *, later: bool = True,
            online: bool = True) -> SigningRequest:
    return SigningRequest(role=Role.PERSONAL, level=level, trust=services.anchors, online=online, stamp_later=later,
                          stamps=TimestampService((service.address,), deadline_s=20))


@pytest.fixture
def unstamped(services: Services, stages: Stages, new: New, tmp_path: Path) -> SignedFile:
    service = new()
    service.will("http 503 Busy")
    return sign_pdf(stages.prepared, tmp_path / "unstamped.pdf", services.key(), request(services, Level.B_LT, service))


@pytest.mark.parametrize("level", [Level.B_T, Level.B_LT, Level.B_LTA])
def test_the_signature_is_kept_when_no_stamp_comes(services: Services, stages: Stages, new: New, tmp_path: Path,
                                                   level: Level) -> None:
    service = new()
    service.will("rejection system_failure Bảo trì")
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", services.key(), request(services, level, service))

    assert (signed.level, signed.warnings) == (Level.B_B, ("stamp_pending",))
    found = verify_file(signed.target, services.anchors, online=True)
    assert (found.conclusion, found.signatures[0].level) == (Conclusion.VALID, "b-b")


def test_without_the_wish_the_signature_is_dropped_as_before(services: Services, stages: Stages, new: New,
                                                             tmp_path: Path) -> None:
    service = new()
    service.will("http 403 No")
    with pytest.raises(TimestampRefused):
        sign_pdf(stages.prepared, tmp_path / "a.pdf", services.key(),
                 request(services, Level.B_T, service, later=False))
    assert not list(tmp_path.iterdir())


def test_what_was_had_is_kept_level_by_level(services: Services, stages: Stages, new: New, tmp_path: Path) -> None:
    """The evidence fails: b-t. The archive stamp fails: b-lt, and no half-written revision."""
    service = new()
    no_evidence = sign_pdf(stages.prepared, tmp_path / "a.pdf", services.key(),
                           request(services, Level.B_LT, service, online=False))
    service.will("good", "http 500 Broken")
    no_archive = sign_pdf(stages.prepared, tmp_path / "b.pdf", services.key(), request(services, Level.B_LTA, service))

    assert (no_evidence.level, no_evidence.warnings) == (Level.B_T, ("evidence_pending",))
    assert (no_archive.level, no_archive.warnings) == (Level.B_LT, ("stamp_pending",))
    for signed in (no_evidence, no_archive):
        assert verify_file(signed.target, services.anchors, online=True).conclusion is Conclusion.VALID
        assert checked_by_qpdf(signed.target)


def test_a_resumed_result_knows_its_true_level(services: Services, stages: Stages, new: New, tmp_path: Path) -> None:
    service, key = new(), services.key()
    service.will("http 503 Busy")
    wanted = request(services, Level.B_T, service)
    prepared = prepare_signature(stages.prepared, tmp_path / "a.pdf", KeyFacts.of(key), wanted)
    complete_signature(prepared, key.sign(prepared.message, digest=prepared.digest, scheme=prepared.scheme), wanted)

    found = result_of(prepared, wanted)
    assert found is not None and (found.level, found.warnings) == (Level.B_B, ("stamp_pending",))


@pytest.mark.parametrize(("level", "added"), [
    (Level.B_T, ("stamp",)), (Level.B_LT, ("stamp", "evidence")),
    (Level.B_LTA, ("stamp", "evidence", "archive_stamp"))])
def test_a_stamp_comes_later_in_its_own_revision(services: Services, unstamped: SignedFile, tmp_path: Path,
                                                 level: Level, added: tuple[str, ...]) -> None:
    before = unstamped.target.read_bytes()
    stamped = add_document_stamp(unstamped.target, tmp_path / "out.pdf", TimestampService((services.tsa,)),
                                 services.anchors, level=level)

    assert (stamped.level, stamped.added, stamped.warnings) == (level, added, ())
    assert unstamped.target.read_bytes() == before
    assert stamped.target.read_bytes().startswith(before)
    known = services.anchors.with_intermediates([services.certificate("issuing").dump()])
    report = verify_file(stamped.target, known, online=level is Level.B_T)
    assert report.conclusion is Conclusion.VALID
    first, *stamps = report.signatures
    assert first.level == level.value       # evidence that came after the last stamp is not covered by it: b-lt
    assert first.verdict is Verdict.VALID and all(change.allowed for change in first.changes_after)
    assert ChangeKind.TIMESTAMP_ADDED in {change.kind for change in first.changes_after}
    assert first.proven_at is not None and abs(datetime.now(UTC) - first.proven_at) < timedelta(minutes=5)
    assert {s.kind for s in stamps} == {SignatureKind.TIMESTAMP} and len(stamps) == sum("stamp" in a for a in added)
    assert stamped.stamped_at is not None
    assert checked_by_qpdf(stamped.target)
    shown = subprocess.run(["pdfsig", "-nocert", str(stamped.target)], capture_output=True, text=True, check=True)
    assert shown.stdout.count("Signature is Valid.") == 1, shown   # it does not judge document time-stamps


def test_the_file_itself_is_replaced_in_one_step(services: Services, unstamped: SignedFile) -> None:
    before = unstamped.target.read_bytes()
    add_document_stamp(unstamped.target, unstamped.target, TimestampService((services.tsa,)), services.anchors)

    assert unstamped.target.read_bytes().startswith(before) and len(unstamped.target.read_bytes()) > len(before)
    assert not list(unstamped.target.parent.glob(".*"))


def test_a_second_call_asks_for_nothing_again(services: Services, unstamped: SignedFile, tmp_path: Path,
                                              new: New) -> None:
    service = new()
    stamps = TimestampService((service.address,))
    once = add_document_stamp(unstamped.target, tmp_path / "once.pdf", stamps, services.anchors, level=Level.B_LTA)
    again = add_document_stamp(once.target, tmp_path / "again.pdf", stamps, services.anchors, level=Level.B_LTA)

    assert service.asked == 2 and again.added == ()
    assert again.target.read_bytes() == once.target.read_bytes()
    assert lowest_level(once.target) is Level.B_LTA


def test_what_could_be_had_is_kept_and_gone_on_with(services: Services, unstamped: SignedFile, tmp_path: Path,
                                                    new: New) -> None:
    service = new()
    stamps = TimestampService((service.address,))
    half = add_document_stamp(unstamped.target, tmp_path / "half.pdf", stamps, services.anchors, level=Level.B_LTA,
                              online=False)
    assert (half.level, half.added, half.warnings) == (Level.B_T, ("stamp",), ("evidence_pending",))

    with pytest.raises(EvidenceMissing):
        add_document_stamp(half.target, tmp_path / "no.pdf", stamps, services.anchors, level=Level.B_LTA, online=False)
    whole = add_document_stamp(half.target, tmp_path / "whole.pdf", stamps, services.anchors, level=Level.B_LTA)
    assert (whole.level, whole.added, service.asked) == (Level.B_LTA, ("evidence", "archive_stamp"), 2)
    assert not (tmp_path / "no.pdf").exists() and not list(tmp_path.glob(".*"))


def test_several_signatures_are_stamped_at_once(stages: Stages, services: Services, people: People,
                                                tmp_path: Path) -> None:
    trust = people.trust.with_certificates([services.certificate(name).dump() for name in ("root", "issuing")])
    stamped = add_document_stamp(stages.sealed, tmp_path / "a.pdf", TimestampService((services.tsa,)), trust,
                                 level=Level.B_LT)

    assert stamped.level is Level.B_LT
    report = verify_file(stamped.target, trust)
    assert report.conclusion is Conclusion.VALID, [(s.field, s.reason, s.technical) for s in report.signatures]
    assert [s.kind for s in report.signatures] == [SignatureKind.CERTIFICATION, SignatureKind.APPROVAL,
                                                   SignatureKind.TIMESTAMP]


def test_a_final_certification_allows_a_stamp(people: People, services: Services, stages: Stages,
                                              tmp_path: Path) -> None:
    path, final = people.folder / "final-stamp.p12", tmp_path / "final.pdf"
    people.leader.save_pkcs12(path, PASSWORD)
    with stages.draft.open("rb") as file, final.open("wb") as out:
        signers.sign_pdf(IncrementalPdfFileWriter(file), signers.PdfSignatureMetadata(
            field_name="S", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, md_algorithm="sha256"),
            signer=signers.SimpleSigner.load_pkcs12(str(path), passphrase=PASSWORD), output=out)
    stamped = add_document_stamp(final, tmp_path / "a.pdf", TimestampService((services.tsa,)), people.trust)

    first = stamped.report.signatures[0]
    assert first.verdict is Verdict.VALID and all(change.allowed for change in first.changes_after)


def test_nothing_is_stamped_that_does_not_hold(stages: Stages, services: Services, tmp_path: Path, new: New) -> None:
    service = new()
    altered = altering.updated(stages.signed, tmp_path / "altered.pdf", altering.write_over_page)
    for source, trouble in {altered: EarlierSignatureBroken, stages.draft: NothingSigned,
                            tmp_path / "none.pdf": FileNotReadable}.items():
        with pytest.raises(trouble):
            add_document_stamp(source, tmp_path / "out.pdf", TimestampService((service.address,)), services.anchors)
    assert service.asked == 0 and not (tmp_path / "out.pdf").exists() and not list(tmp_path.glob(".*"))


def checked_by_qpdf(path: Path) -> bool:
    return subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=False).returncode == 0
