"""One PDF in, one appended revision out: personal, agency, copy, annex and plain signatures.

The result is written beside the target, opened again, and every signature in it checked before it takes its name; the
bytes that were there before stay as they are. PAdES (ETSI EN 319 142-1), SHA-256 and up, never SHA-1.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfWriteError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation.pdf_embedded import read_certification_data

from signing.appearance import VIETNAM_TIME, DrawnStyle
from signing.certificates import CertificateFacts, certificate_facts
from signing.errors import Trouble
from signing.files import begins_with, digest_of, reading, replacing
from signing.form import AGENCY, SPOKEN, fields_of, fill_text, issued_values
from signing.keys import Key, Scheme
from signing.longterm import add_archive_stamp, add_evidence
from signing.order import Role, check_order
from signing.page import Box, Place, frame_of
from signing.pdf import PARSER_ERRORS, open_writer
from signing.pyhanko_signer import KeySigner
from signing.report import FileReport, Verdict
from signing.sign_troubles import AlreadyFinal, CannotBeSigned, NumberFieldsMissing, ResultNotSound, StampsMissing
from signing.spot import Spot, choose_spot, look_of, seal_place
from signing.timestamps import ServiceTimeStamper, TimestampService
from signing.trust import NOBODY, TrustStore
from signing.verify import verify_stream

__all__ = ["Level", "Role", "SignedFile", "SigningRequest", "fill_and_seal", "sign_pdf"]


class Level(StrEnum):
    """ETSI EN 319 142-1, clause 6: signed; and time-stamped; and with its evidence; and all of that time-stamped."""

    B_B = "b-b"
    B_T = "b-t"
    B_LT = "b-lt"
    B_LTA = "b-lta"


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """How to sign; the same for every file of a batch, but for `field` and `place`.

    field: an existing empty signature field, or the name of the one to make at `place`. place: where to make one.
    Without both, the role's own place is taken: the prepared field, or where it belongs on the page.
    image: the picture of signature or seal (PNG); copies and annexes never show one.
    agency: its name for the text of a copy. number_and_symbol: `15/QĐ-UBND` for the text of an annex.
    signed_at: the moment shown and claimed, aware; now without it.
    stamps: the time-stamp service, for every level but b-b. online: whether evidence for b-lt and b-lta that `trust`
    does not hold may be fetched from the addresses in the certificates.
    trust: for checking what is in the file before and after; certificates in it also complete the signature's chain.
    strict_order: see `check_order`.
    """

    role: Role = Role.PLAIN
    field: str | None = None
    place: Place | None = None
    image: Path | None = None
    level: Level = Level.B_B
    stamps: TimestampService | None = None
    online: bool = True
    scheme: Scheme | None = None
    digest: str = "sha256"
    agency: str | None = None
    copy_form: str = "Sao y"
    number_and_symbol: str | None = None
    reason: str | None = None
    signed_at: datetime | None = None
    trust: TrustStore = NOBODY
    strict_order: bool = False


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A finished result. page, box: of the new signature, None for an invisible one. report: of the finished file."""

    source: Path
    target: Path
    field: str
    level: Level
    page: int | None
    box: Box | None
    certificate: CertificateFacts
    sha256: str
    report: FileReport
    warnings: tuple[str, ...] = ()


def sign_pdf(source: Path, target: Path, key: Key, request: SigningRequest) -> SignedFile:
    """Sign `source` and write the result to `target`. Blocks for as long as the key takes.

    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted, UsesXfa (the input); AlreadyFinal, EarlierSignatureBroken,
        NoPersonalSignature, AfterTheSeal, FieldFilled (the rules); FieldMissing, PlaceOutside, TextMissing, SameFile
        (the request); ImageNotUsable; CertificateNotUsable, SchemeNotOffered and what the key raises;
        FolderNotWritable, DiskFull; StampsMissing, TimestampUnreachable, TimestampRefused, EvidenceMissing;
        ResultNotSound.
    """
    return _append(source, target, key, request, None)


def fill_and_seal(source: Path, target: Path, key: Key, *, number: str, issued: date,
                  request: SigningRequest | None = None) -> SignedFile:
    """The clerk's step: number and date written into their fields and the agency's signature added, in one revision.

    Args:
        number: as it is printed, `15`; the symbol stands on the page already.
        request: role agency without it.
    Raises: as `sign_pdf`, and NumberFieldsMissing.
    """
    wanted = request or SigningRequest(role=Role.AGENCY)

    def fill(writer: IncrementalPdfFileWriter) -> None:
        values = issued_values(number, issued)
        present = {name: field for name, field in fields_of(writer).items() if name in values and field.kind == "/Tx"}
        if not present:
            raise NumberFieldsMissing(file=str(source))
        for name, field in present.items():
            fill_text(writer, field, values[name])

    return _append(source, target, key, wanted, fill)


def _append(source: Path, target: Path, key: Key, request: SigningRequest,
            fill: Callable[[IncrementalPdfFileWriter], None] | None) -> SignedFile:
    name = str(source)
    if request.level is not Level.B_B and request.stamps is None:
        raise StampsMissing(level=request.level.value)
    moment = (request.signed_at or datetime.now(UTC)).astimezone(VIETNAM_TIME).replace(microsecond=0)
    facts = certificate_facts(key.certificate)
    facts.require_usable(moment)
    with reading(source) as stream:
        writer = open_writer(stream, name)
        _refuse_final(writer, name)
        before = verify_stream(stream, name, request.trust, datetime.now(UTC))
        filled = {field.name for field in fields_of(writer.prev).values() if field.kind == "/Sig" and field.filled}
        remarks = check_order(before, request.role, own_certificate_sha256=facts.fingerprint, filled=filled,
                              strict=request.strict_order)
        spot = choose_spot(writer, source, request.role, field=request.field, place=request.place)
        if fill is not None:
            fill(writer)
        with replacing(target, source=source) as part:
            _write(writer, part, key, request, spot, facts, moment, first=not before.signatures)
            after = _checked(part, stream, name, spot.field, before, request.trust)
            digest = digest_of(part)
    return SignedFile(source, target, spot.field, request.level, spot.page, spot.box, facts, digest,
                      replace(after, file=str(target)), (*remarks, *spot.notes))


def _write(writer: IncrementalPdfFileWriter, part: IO[bytes], key: Key, request: SigningRequest, spot: Spot,
           facts: CertificateFacts, moment: datetime, *, first: bool) -> None:
    certifies = request.role is Role.PERSONAL and first
    if certifies:
        _leave_room_for_seal(writer, spot)
    signer = KeySigner(key, digest=request.digest, scheme=request.scheme,
                       further_certificates=request.trust.chain_of(key.certificate))
    metadata = PdfSignatureMetadata(
        field_name=spot.field, md_algorithm=request.digest, subfilter=SigSeedSubFilter.PADES, reason=request.reason,
        name=facts.common_name or None, certify=certifies, docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    look = look_of(spot, request.role, image=request.image, signer=facts.common_name, moment=moment,
                   agency=request.agency, copy_form=request.copy_form, number_and_symbol=request.number_and_symbol)
    style = DrawnStyle(look=look, width=spot.box.width if spot.box else 0, height=spot.box.height if spot.box else 0,
                       rotation=spot.rotation)
    stamper = ServiceTimeStamper(request.stamps) if request.stamps and request.level is not Level.B_B else None
    pdf_signer = PdfSigner(metadata, signer, timestamper=stamper, stamp_style=style, new_field_spec=spot.new_field)
    try:
        asyncio.run(_sign(pdf_signer, writer, part, moment))
        if stamper is not None and request.level in {Level.B_LT, Level.B_LTA}:
            asyncio.run(add_evidence(part, str(spot.file), spot.field, request.trust, online=request.online))
        if stamper is not None and request.level is Level.B_LTA:
            asyncio.run(add_archive_stamp(part, str(spot.file), request.digest, stamper))
    except (SigningError, PdfWriteError) as error:
        raise CannotBeSigned(file=str(spot.file), reason=type(error).__name__) from error


def _leave_room_for_seal(writer: IncrementalPdfFileWriter, spot: Spot) -> None:
    """Strict readers take no new visible field after an author's signature: the seal's goes in with it."""
    if spot.box is None or spot.page is None or AGENCY in fields_of(writer):
        return
    frame = frame_of(writer.find_page_for_modification(spot.page - 1)[0].get_object())
    place = seal_place(spot, frame)
    append_signature_field(writer, SigFieldSpec(
        AGENCY, on_page=place.page - 1, box=frame.to_user(place.box),   # type: ignore[arg-type]
        readable_field_name=SPOKEN[AGENCY]))


async def _sign(pdf_signer: PdfSigner, writer: IncrementalPdfFileWriter, part: IO[bytes], moment: datetime) -> None:
    """pyHanko's stages one by one, so that the claimed time is the one shown on the page."""
    session = pdf_signer.init_signing_session(writer)
    session.system_time = moment
    validation: Any = await session.perform_presign_validation(writer)
    room = await session.estimate_signature_container_size(validation)
    document = session.prepare_tbs_document(validation_info=validation, bytes_reserved=room)
    digest, output = document.digest_tbs_document(output=part)
    finished = await document.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=session.system_time))
    await finished.post_signature_processing(output)


def _checked(part: IO[bytes], source: IO[bytes], name: str, field: str, before: FileReport,
             trust: TrustStore) -> FileReport:
    """The report of the written result. Raises ResultNotSound unless it is the old bytes and sound signatures."""
    part.flush()
    if not begins_with(part, source):
        raise ResultNotSound(file=name, field="", reason="earlier_bytes_changed")
    try:
        after = verify_stream(part, name, trust, datetime.now(UTC))
    except Trouble as error:
        raise ResultNotSound(file=name, field=field, reason=error.code) from error
    made = {signature.field: signature for signature in after.signatures}
    if field not in made:
        raise ResultNotSound(file=name, field=field, reason="missing")
    for earlier in before.signatures:
        now = made.get(earlier.field)
        worse = now is None or (now.verdict is Verdict.INVALID and earlier.verdict is not Verdict.INVALID)
        if now is None or worse or now.intact != earlier.intact:
            raise ResultNotSound(file=name, field=earlier.field, reason=now.reason.value if now else "missing")
    own = made[field]
    if not own.intact or own.verdict is Verdict.INVALID:
        raise ResultNotSound(file=name, field=field, reason=own.reason.value)
    return after


def _refuse_final(writer: IncrementalPdfFileWriter, name: str) -> None:
    try:
        certification = read_certification_data(writer.prev)
    except PARSER_ERRORS:
        return
    if certification is not None and certification.permission == MDPPerm.NO_CHANGES:
        raise AlreadyFinal(file=name)
