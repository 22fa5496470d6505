"""Signing by role: what is put where, what is refused, and that nothing else changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from docclient.demonstration.authority import KeyKind, Purpose
from signing.certificates import CertificateExpired, CertificateNotForSigning
from signing.errors import FileNotReadable, FolderNotWritable, Trouble
from signing.files import SameFile
from signing.form import AGENCY, LEADER, fields_of
from signing.keys import Key, Scheme
from signing.page import Box, Place
from signing.pdf import Damaged, Encrypted, NotAPdf, UsesXfa, open_reader
from signing.report import Conclusion, Remark, SignatureKind, Verdict
from signing.sign import Level, Role, SignedFile, SigningRequest, fill_and_seal, sign_pdf
from signing.sign_troubles import (
    AfterTheSeal,
    AlreadyFinal,
    EarlierSignatureBroken,
    FieldFilled,
    FieldMissing,
    NoPersonalSignature,
    NumberFieldsMissing,
    NumberNotFilled,
    PlaceOutside,
    TextMissing,
)
from signing.timestamps import TimestampService
from signing.trust import NOBODY
from signing.verify import verify_file
from tests.signing import altering
from tests.signing.conftest import AGENCY_NAME, LEADER_NAME, PASSWORD, People, Stages
from tests.signing.drafts import Draft, typeset, write_draft, write_turned
from tests.signing.looking import ink, part_of, picture_of, rows_with_fields

AT = datetime(2026, 12, 5, 7, 30, 15, tzinfo=UTC)


def test_the_first_personal_signature_certifies_and_allows_form_filling(stages: Stages, people: People) -> None:
    (first,) = verify_file(stages.signed, people.trust).signatures
    with stages.signed.open("rb") as file:
        reader = open_reader(file, "")
        level = reader.embedded_signatures[0].docmdp_level

    assert first.kind is SignatureKind.CERTIFICATION
    assert level == MDPPerm.FILL_FORMS


def test_a_second_person_signs_beside_the_first(stages: Stages, people: People, leader: Key, tmp_path: Path) -> None:
    other = people.key(people.authority.issue_person("Lê Văn Ý", key=KeyKind.P256))
    signed = sign_pdf(stages.signed, tmp_path / "a.pdf", other, SigningRequest(
        role=Role.PERSONAL, place=Place(1, Box(100, 100, 250, 160)), trust=people.trust))

    first, second = signed.report.signatures
    assert (first.kind, second.kind) == (SignatureKind.CERTIFICATION, SignatureKind.APPROVAL)
    assert signed.report.conclusion is Conclusion.VALID
    assert Remark.FIELD_ADDED_AFTER_CERTIFICATION.value in first.warnings
    assert (signed.page, signed.box) == (1, Box(100, 100, 250, 160))


def test_an_unprepared_file_still_takes_the_seal_after_the_leader(stages: Stages, people: People, leader: Key,
                                                                  agency: Key, tmp_path: Path) -> None:
    """The seal's field goes in together with the leader's signature, at its left third."""
    signed = sign_pdf(stages.draft, tmp_path / "s.pdf", leader, SigningRequest(role=Role.PERSONAL, trust=people.trust))
    sealed = sign_pdf(signed.target, tmp_path / "a.pdf", agency, SigningRequest(role=Role.AGENCY, trust=people.trust))

    assert sealed.field == AGENCY and sealed.report.conclusion is Conclusion.VALID
    first, _ = sealed.report.signatures
    assert first.kind is SignatureKind.CERTIFICATION
    assert Remark.FIELD_ADDED_AFTER_CERTIFICATION.value not in first.warnings
    assert sealed.box is not None and signed.box is not None
    assert sealed.box.x1 - signed.box.x0 == pytest.approx(signed.box.width / 3, abs=0.5)


def test_a_field_without_a_signature_after_the_leaders_is_not_allowed(stages: Stages, people: People,
                                                                      tmp_path: Path) -> None:
    altered = altering.updated(stages.signed, tmp_path / "a.pdf", altering.add_empty_field)

    assert verify_file(altered, people.trust).conclusion is Conclusion.INVALID


def test_a_signature_without_a_picture_says_who_and_when(stages: Stages, people: People, leader: Key,
                                                         tmp_path: Path) -> None:
    signed = sign_pdf(stages.prepared, tmp_path / "a.pdf", leader, SigningRequest(role=Role.PERSONAL, signed_at=AT))

    rows = " ".join(rows_with_fields(signed.target))
    assert LEADER_NAME in rows and "05/12/2026 14:30:15 +07:00" in rows
    assert signed.report.signatures[0].signing_time == AT


def test_a_copy_shows_only_its_line_at_the_top_right(stages: Stages, agency: Key, pictures: dict[str, Path],
                                                     tmp_path: Path) -> None:
    signed = sign_pdf(stages.draft, tmp_path / "a.pdf", agency, SigningRequest(
        role=Role.COPY, agency="UBND xã Tân Hiệp", signed_at=AT, image=pictures["seal"]))

    assert rows_with_fields(signed.target)[0] == "Sao y; UBND xã Tân Hiệp; 05/12/2026; 14:30:15 +07:00"
    assert signed.box is not None and signed.page == 1
    assert signed.box.x0 > 200 and signed.box.y0 > 780
    assert ink(part_of(picture_of(signed.target), signed.box), red=True) == 0


def test_a_copy_of_a_narrow_slip_shows_its_line_within_the_page(agency: Key, tmp_path: Path) -> None:
    slip = PdfWriter()
    slip.add_blank_page(width=72 / 25.4 * 80, height=72 / 25.4 * 200)
    slip.write(tmp_path / "slip.pdf")
    signed = sign_pdf(tmp_path / "slip.pdf", tmp_path / "a.pdf", agency, SigningRequest(
        role=Role.COPY, agency="UBND xã Tân Hiệp", signed_at=AT))

    assert "".join(rows_with_fields(signed.target)).replace(" ", "") == \
        "Saoy;UBNDxãTânHiệp;05/12/2026;14:30:15+07:00"
    assert signed.box is not None and signed.box.x0 > 20 and signed.box.x1 < 72 / 25.4 * 80
    assert ink(part_of(picture_of(signed.target), signed.box)) > 0


def test_an_annex_shows_number_and_symbol(stages: Stages, agency: Key, tmp_path: Path) -> None:
    signed = sign_pdf(stages.draft, tmp_path / "a.pdf", agency, SigningRequest(
        role=Role.ANNEX, number_and_symbol="15/QĐ-UBND", signed_at=AT))

    assert rows_with_fields(signed.target)[0] == "Số: 15/QĐ-UBND; 05/12/2026; 14:30:15 +07:00"


def test_a_plain_signature_without_a_place_is_invisible(stages: Stages, leader: Key, tmp_path: Path) -> None:
    signed = sign_pdf(stages.draft, tmp_path / "a.pdf", leader, SigningRequest())

    assert (signed.page, signed.box) == (None, None)
    assert signed.report.signatures[0].kind is SignatureKind.APPROVAL
    assert picture_of(signed.target).tobytes() == picture_of(stages.draft).tobytes()


@pytest.mark.parametrize(("angle", "offset", "unit"), [(90, (0, 0), 1), (180, (13, 7), 1), (270, (40, 20), 1),
                                                       (0, (30, 50), 1)])
def test_a_box_is_where_the_page_is_shown_however_it_lies(stages: Stages, leader: Key, pictures: dict[str, Path],
                                                          tmp_path: Path, angle: int, offset: tuple[float, float],
                                                          unit: float) -> None:
    """The same box on the same shown page gives the same picture."""
    box = Box(60, 60, 210, 120)
    request = SigningRequest(place=Place(1, box), image=pictures["signature"])
    plain = sign_pdf(stages.draft, tmp_path / "plain.pdf", leader, request)
    turned = sign_pdf(write_turned(stages.draft, tmp_path / "t.pdf", angle=angle, offset=offset, unit=unit),
                      tmp_path / "turned.pdf", leader, request)

    expected, found = (part_of(picture_of(one.target), box) for one in (plain, turned))
    assert ink(found, blue=True) == pytest.approx(ink(expected, blue=True), rel=0.1)
    assert ink(picture_of(turned.target), blue=True) == pytest.approx(ink(found, blue=True), rel=0.02)


def test_the_whole_recipe_on_a_turned_page(stages: Stages, people: People, leader: Key, agency: Key,
                                           tmp_path: Path) -> None:
    from signing.prepare import prepare, propose_places

    turned = write_turned(stages.draft, tmp_path / "t.pdf", angle=270, offset=(40, 20))
    prepared = prepare(turned, tmp_path / "p.pdf", propose_places(turned)).target
    signed = sign_pdf(prepared, tmp_path / "s.pdf", leader, SigningRequest(role=Role.PERSONAL, trust=people.trust))
    sealed = fill_and_seal(signed.target, tmp_path / "f.pdf", agency, number="07", issued=date(2026, 11, 9),
                           request=SigningRequest(role=Role.AGENCY, trust=people.trust))

    assert sealed.report.conclusion is Conclusion.VALID
    rows = rows_with_fields(sealed.target)
    assert any(row.startswith("Số: 07 /UBND-VP") and row.endswith("ngày 09 tháng 11 năm 2026") for row in rows), rows


@pytest.mark.parametrize("scheme", [Scheme.RSA_PKCS1, Scheme.RSA_PSS])
@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_schemes_and_digests(stages: Stages, people: People, leader: Key, tmp_path: Path, scheme: Scheme,
                             digest: str) -> None:
    signed = sign_pdf(stages.draft, tmp_path / "a.pdf", leader, SigningRequest(
        scheme=scheme, digest=digest, trust=people.trust))

    (found,) = signed.report.signatures
    assert found.verdict is Verdict.VALID
    assert found.algorithms[:2] == (digest, scheme.value)


def test_the_chain_goes_into_the_signature_when_it_is_known(stages: Stages, people: People, tmp_path: Path) -> None:
    signed = sign_pdf(stages.draft, tmp_path / "a.pdf", people.key(people.leader), SigningRequest(trust=people.trust))
    root_only = NOBODY.with_certificates([people.authority.anchor_der]).with_crls(people.authority.crl())

    assert verify_file(signed.target, root_only).conclusion is Conclusion.VALID


def test_the_marks_of_an_archival_file_stay(leader: Key, tmp_path: Path) -> None:
    """PDF/A-2b before, PDF/A-2b after: its part and conformance, its output intent, its embedded fonts."""
    from signing.prepare import prepare, propose_places

    archival = tmp_path / "a.pdf"
    archival.write_bytes(typeset(Draft(), archival=True))
    prepared = prepare(archival, tmp_path / "p.pdf", propose_places(archival)).target
    signed = sign_pdf(prepared, tmp_path / "s.pdf", leader, SigningRequest(role=Role.PERSONAL)).target

    with signed.open("rb") as file:
        root = open_reader(file, "").root
        packet = root["/Metadata"].data
        assert b'pdfaid:part="2"' in packet and b'pdfaid:conformance="B"' in packet
        assert "/OutputIntents" in root


# what is refused


def refused(trouble: type[Trouble], source: Path, target: Path, key: Key, request: SigningRequest) -> Trouble:
    before = source.read_bytes() if source.is_file() else b""
    with pytest.raises(trouble) as raised:
        sign_pdf(source, target, key, request)
    assert not target.exists()
    if source.is_file():
        assert source.read_bytes() == before
    if target.parent.is_dir():
        assert not list(target.parent.glob(".*.part"))
    return raised.value


def test_the_agency_does_not_sign_what_nobody_signed(stages: Stages, agency: Key, tmp_path: Path) -> None:
    request = SigningRequest(role=Role.AGENCY)
    trouble = refused(NoPersonalSignature, stages.prepared, tmp_path / "a.pdf", agency, request)

    assert trouble.exit_code == 6


def test_the_agency_cannot_vouch_for_itself(stages: Stages, agency: Key, tmp_path: Path) -> None:
    own = sign_pdf(stages.prepared, tmp_path / "own.pdf", agency, SigningRequest(role=Role.PERSONAL)).target

    refused(NoPersonalSignature, own, tmp_path / "a.pdf", agency, SigningRequest(role=Role.AGENCY))


def test_an_undetermined_personal_signature_is_enough_unless_strict(stages: Stages, agency: Key, people: People,
                                                                    tmp_path: Path) -> None:
    sealed = sign_pdf(stages.signed, tmp_path / "a.pdf", agency, SigningRequest(
        role=Role.AGENCY, trust=people.trust_without_lists))

    assert sealed.warnings == ("personal_signature_undetermined",)
    refused(NoPersonalSignature, stages.signed, tmp_path / "b.pdf", agency, SigningRequest(
        role=Role.AGENCY, trust=people.trust_without_lists, strict_order=True))


@pytest.mark.parametrize("level", [Level.B_LT, Level.B_LTA])
def test_no_seal_with_evidence_over_empty_number_and_date(stages: Stages, agency: Key, people: People, tmp_path: Path,
                                                          level: Level) -> None:
    """Told before the key is used or a service is asked: there is none at that address."""
    trouble = refused(NumberNotFilled, stages.signed, tmp_path / "a.pdf", agency, SigningRequest(
        role=Role.AGENCY, trust=people.trust, level=level, stamps=TimestampService(("http://127.0.0.1:9/",))))

    assert "DocNumber" in str(trouble.facts["fields"])


def test_the_leader_does_not_sign_after_the_seal(stages: Stages, leader: Key, tmp_path: Path) -> None:
    refused(AfterTheSeal, stages.sealed, tmp_path / "a.pdf", leader, SigningRequest(role=Role.PERSONAL))


def test_nothing_is_signed_on_top_of_a_changed_document(stages: Stages, agency: Key, tmp_path: Path) -> None:
    altered = altering.updated(stages.signed, tmp_path / "altered.pdf", altering.write_over_page)

    trouble = refused(EarlierSignatureBroken, altered, tmp_path / "a.pdf", agency, SigningRequest(role=Role.AGENCY))
    assert trouble.facts["field"] == LEADER


def test_a_file_closed_for_changes_is_named(stages: Stages, people: People, leader: Key, tmp_path: Path) -> None:
    path = people.folder / "final.p12"
    people.leader.save_pkcs12(path, PASSWORD)
    final = tmp_path / "final.pdf"
    with stages.draft.open("rb") as file, final.open("wb") as out:
        signers.sign_pdf(IncrementalPdfFileWriter(file), signers.PdfSignatureMetadata(
            field_name="S", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES),
            signer=signers.SimpleSigner.load_pkcs12(str(path), passphrase=PASSWORD), output=out)

    trouble = refused(AlreadyFinal, final, tmp_path / "a.pdf", leader, SigningRequest())
    assert trouble.exit_code == 3


def test_a_filled_field_is_not_filled_again(stages: Stages, leader: Key, tmp_path: Path) -> None:
    refused(FieldFilled, stages.signed, tmp_path / "a.pdf", leader, SigningRequest(field=LEADER))


def test_a_field_that_is_not_there_is_named_with_those_that_are(stages: Stages, leader: Key, tmp_path: Path) -> None:
    trouble = refused(FieldMissing, stages.prepared, tmp_path / "a.pdf", leader, SigningRequest(field="Khác"))

    assert trouble.facts["fields"] == f"{LEADER}, {AGENCY}"


@pytest.mark.parametrize("place", [Place(9, Box(0, 0, 50, 50)), Place(0, Box(0, 0, 50, 50)),
                                   Place(1, Box(500, 0, 700, 50)), Place(1, Box(10, 10, 10.5, 60))])
def test_a_place_outside_the_page(stages: Stages, leader: Key, tmp_path: Path, place: Place) -> None:
    refused(PlaceOutside, stages.draft, tmp_path / "a.pdf", leader, SigningRequest(place=place))


def test_an_annex_needs_its_number(stages: Stages, agency: Key, tmp_path: Path) -> None:
    refused(TextMissing, stages.draft, tmp_path / "a.pdf", agency, SigningRequest(role=Role.ANNEX))


def test_number_and_date_need_their_fields(stages: Stages, leader: Key, agency: Key, tmp_path: Path) -> None:
    signed = sign_pdf(stages.draft, tmp_path / "s.pdf", leader, SigningRequest(role=Role.PERSONAL)).target

    with pytest.raises(NumberFieldsMissing):
        fill_and_seal(signed, tmp_path / "a.pdf", agency, number="1", issued=date(2026, 1, 2))
    assert not (tmp_path / "a.pdf").exists()


def test_inputs_that_cannot_be_signed_are_named(stages: Stages, leader: Key, tmp_path: Path) -> None:
    damaged, empty, words = tmp_path / "damaged.pdf", tmp_path / "empty.pdf", tmp_path / "words.pdf"
    damaged.write_bytes(stages.draft.read_bytes()[:3000])
    empty.write_bytes(b"")
    words.write_text("Kính gửi")
    locked, dynamic = tmp_path / "locked.pdf", tmp_path / "dynamic.pdf"
    writer = PdfWriter(clone_from=stages.draft)
    writer.encrypt("mật khẩu", algorithm="AES-256")
    writer.write(locked)
    writer = PdfWriter(clone_from=stages.draft)
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    writer.write(dynamic)

    for source, trouble in {damaged: Damaged, empty: NotAPdf, words: NotAPdf, locked: Encrypted, dynamic: UsesXfa,
                            tmp_path / "none.pdf": FileNotReadable}.items():
        found = refused(trouble, source, tmp_path / "out" / "a.pdf", leader, SigningRequest())
        assert found.exit_code == 3, source


def test_a_folder_that_takes_nothing(stages: Stages, leader: Key, tmp_path: Path) -> None:
    wall = tmp_path / "wall"
    wall.write_text("a file, not a folder")

    refused(FolderNotWritable, stages.draft, wall / "a.pdf", leader, SigningRequest())


def test_the_result_never_takes_the_sources_place(stages: Stages, leader: Key, tmp_path: Path) -> None:
    source = write_draft(tmp_path / "a.pdf")
    before = source.read_bytes()
    (tmp_path / "same.pdf").symlink_to(source)

    for target in (source, tmp_path / "same.pdf"):
        with pytest.raises(SameFile):
            sign_pdf(source, target, leader, SigningRequest())
    assert source.read_bytes() == before


def test_certificates_that_may_not_sign_now(stages: Stages, people: People, tmp_path: Path) -> None:
    expired = people.authority.issue_person("Hết hạn", key=KeyKind.P256, not_before=datetime(2020, 1, 1, tzinfo=UTC),
                                            not_after=datetime(2025, 1, 1, tzinfo=UTC))
    other = people.authority.issue_person("Mã hóa", key=KeyKind.P256, purpose=Purpose.ENCRYPTION_ONLY)

    refused(CertificateExpired, stages.draft, tmp_path / "a.pdf", people.key(expired), SigningRequest())
    refused(CertificateNotForSigning, stages.draft, tmp_path / "a.pdf", people.key(other), SigningRequest())


class LyingKey:
    """A key whose signatures do not fit its certificate, as a broken token gives them."""

    def __init__(self, honest: Key) -> None:
        self.certificate, self.other_certificates = honest.certificate, honest.other_certificates
        self.token, self.schemes = None, honest.schemes

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        return b"\x5a" * 256

    def close(self) -> None: ...


def test_a_result_that_does_not_hold_is_thrown_away(stages: Stages, leader: Key, tmp_path: Path) -> None:
    from signing.sign_troubles import ResultNotSound

    trouble = refused(ResultNotSound, stages.draft, tmp_path / "a.pdf", LyingKey(leader), SigningRequest())
    assert trouble.facts["reason"] == "SIG_CRYPTO_FAILURE"


def test_the_answer_says_what_was_done(stages: Stages, people: People, leader: Key, tmp_path: Path) -> None:
    signed: SignedFile = sign_pdf(stages.prepared, tmp_path / "a.pdf", leader, SigningRequest(
        role=Role.PERSONAL, trust=people.trust))

    assert signed.field == LEADER and signed.page == 1 and signed.level.value == "b-b"
    assert signed.certificate.common_name == LEADER_NAME
    assert signed.sha256 == signed.report.sha256
    with signed.target.open("rb") as file:
        assert fields_of(open_reader(file, ""))[LEADER].box.as_tuple() == pytest.approx(signed.box.as_tuple(), abs=0.01)
    assert AGENCY_NAME not in signed.certificate.common_name
