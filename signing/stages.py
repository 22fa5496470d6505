"""One signature in three stages: made ready, the key's operation, finished. Each may run in a process of its own.

    prepare_signature   reads the source, writes the new revision with an empty place for the signature
    Key.sign            over `Prepared.message`; the only stage that needs the key
    complete_signature  puts the signature in, reads everything again, checks it, and gives the file its name

What lies between the stages (`Prepared`, a signature value) can be stored: neither is secret.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Self, TypeVar, cast

from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfWriteError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation.pdf_embedded import read_certification_data

from signing.appearance import VIETNAM_TIME
from signing.certificates import certificate_facts
from signing.cms_form import CmsForm, cms_form
from signing.drawing import DrawnStyle
from signing.errors import Trouble
from signing.files import SameFile, new_part, reading, same_file, take_name, trouble_of_writing
from signing.form import AGENCY, SPOKEN, TEXT_FIELDS, fields_of, fill_text, issued_values
from signing.keys import Key, Scheme, TokenIdentity
from signing.longterm import STAMP_PENDING, add_what_lasts, level_reached
from signing.order import Role, check_order
from signing.own_result import Made
from signing.page import Box, frame_of
from signing.pdf import PARSER_ERRORS, entry, open_reader, open_writer
from signing.pyhanko_signer import ValueSigner
from signing.report import FileReport
from signing.request import Filling, Level, SignedFile, SigningRequest
from signing.result_check import check_result, report_before, source_facts
from signing.revision import InMemory, OverSource, append_signature, over, write_behind_copy
from signing.sign_troubles import AlreadyFinal, CannotBeSigned, NumberFieldsMissing, NumberNotFilled, StampsMissing
from signing.spot import Spot, choose_spot, look_of, seal_place
from signing.timestamps import NoTimestamp, ServiceTimeStamper
from signing.trust import TrustStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is known of a key without using it; as `signing.keys.Key`."""

    certificate: bytes
    other_certificates: Sequence[bytes]
    token: TokenIdentity | None
    schemes: Sequence[Scheme]

    @classmethod
    def of(cls, key: Key) -> Self:
        return cls(key.certificate, tuple(key.other_certificates), key.token, tuple(key.schemes))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that lacks nothing but the key's operation over `message`.

    part: the file beside the target that holds everything else; it takes the target's name in the end.
    message: the CMS signed attributes, DER. digest, scheme: as `Key.sign` wants them.
    hole: offsets of the first and behind the last byte that the signature leaves out, in `part`.
    before: what was found in the source; None when it has to be looked up again (after a restart).
    source_facts: size in bytes and SHA-256 of the source as it was copied; None likewise.
    """

    source: Path
    target: Path
    part: Path
    field: str
    page: int | None
    box: Box | None
    key: KeyFacts
    message: bytes
    digest: str
    scheme: Scheme
    hole: tuple[int, int]
    before: FileReport | None = None
    warnings: tuple[str, ...] = ()
    source_facts: tuple[int, str] | None = None

    def discard(self) -> None:
        """Throw away what was made ready; the source is untouched."""
        with suppress(OSError):
            self.part.unlink(missing_ok=True)


def prepare_signature(source: Path, target: Path, key: KeyFacts, request: SigningRequest, *,
                      filling: Filling | None = None, part_name: str | None = None, durable: bool = False) -> Prepared:
    """Everything before the key: the checks, the page, the new revision, the attributes to be signed.

    Args:
        filling: number and date to be written into their fields in the same revision.
        part_name: see `signing.files.new_part`. durable: the part survives a power cut from here on.
    Raises: as `signing.sign.sign_pdf`, without what the key, the services and the last check raise.
    """
    name = str(source)
    if request.level is not Level.B_B and request.stamps is None:
        raise StampsMissing(level=request.level.value)
    moment = (request.signed_at or datetime.now(UTC)).astimezone(VIETNAM_TIME).replace(microsecond=0)
    facts = _facts_of(key.certificate)
    facts.require_usable(moment)
    with reading(source) as stream:
        grown = over(stream)
        writer = open_writer(cast(IO[bytes], grown), name)
        _refuse_final(writer, name)
        before = _before(writer, stream, name, request.trust)
        filled = {field.name for field in fields_of(writer.prev).values() if field.kind == "/Sig" and field.filled}
        remarks = check_order(before, request.role, own_certificate_sha256=facts.fingerprint, filled=filled,
                              strict=request.strict_order)
        if not filled and writer.prev.xrefs.hybrid_xrefs_present:
            remarks = (*remarks, "hybrid_references")
        spot = choose_spot(writer, source, request)
        if filling is not None:
            _fill(writer, name, filling)
        elif request.role is Role.AGENCY and request.level.rank >= Level.B_LT.rank:
            _must_be_filled(writer.prev, name)
        if same_file(source, target):
            raise SameFile(file=str(target))
        pdf_signer = _pdf_signer(writer, key, request, spot, facts.common_name, moment, first=not before.signatures)
        form = _form(key, request)
        hole, stamper = _run(_appended(pdf_signer, writer, grown, moment, name, form), form)
        part = new_part(target, part_name)
        try:
            with part.open("r+b") as output:
                written = write_behind_copy(grown, output, hole, request.digest)
                output.flush()
                if durable:
                    os.fsync(output.fileno())
        except BaseException as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise trouble_of_writing(error, target.parent) from error
            raise
    message = (form.attributes_for(written.digest) if form is not None else
               asyncio.run(_attributes(pdf_signer, written.digest, request.digest, stamper, moment)))
    signer = pdf_signer.signer
    assert isinstance(signer, ValueSigner) and signer.scheme is not None
    seen = _looked_at(source, spot, request, facts.common_name, moment)
    return Prepared(source, target, part, spot.field, spot.page, spot.box, key, message, request.digest, signer.scheme,
                    hole, before, (*remarks, *spot.notes, *seen), (written.source_size, written.source_sha256))


def complete_signature(prepared: Prepared, value: bytes, request: SigningRequest) -> SignedFile:
    """Put the key's signature in, add what the level wants, check the whole, and let it take its name.

    Whatever fails, the part is thrown away and the target stays as it was.
    Raises: TimestampUnreachable, TimestampRefused, EvidenceMissing, CannotBeSigned, ResultNotSound, FileNotReadable,
        FolderNotWritable, DiskFull.
    """
    name, target = str(prepared.source), prepared.target
    form = _form(prepared.key, replace(request, scheme=prepared.scheme, digest=prepared.digest))
    try:
        with reading(prepared.source) as source:
            before = prepared.before or report_before(source, name, request.trust)
            facts = prepared.source_facts or source_facts(source)
        try:
            with prepared.part.open("r+b") as part:
                pending = _run(_signed(prepared, part, value, request, form), form)
                part.flush()
                with ThreadPoolExecutor(1) as beside:
                    flushed = beside.submit(os.fsync, part.fileno())
                    after = check_result(prepared.part, name, _made(prepared, value, request), before, facts,
                                         request.trust, form)
                flushed.result()
                level = _level(part, prepared) if pending else request.level
        except OSError as error:
            raise trouble_of_writing(error, target.parent) from error
        take_name(prepared.part, target)
    finally:
        prepared.discard()
    return _result(prepared, level, after, pending)


def result_of(prepared: Prepared, request: SigningRequest) -> SignedFile | None:
    """The finished result of exactly this preparation, when it lies under its name already and is sound; else None."""
    name = str(prepared.source)
    try:
        with reading(prepared.source) as source, reading(prepared.target) as made:
            signatures = open_reader(made, str(prepared.target)).embedded_signatures
            own = next((s for s in signatures if s.field_name == prepared.field), None)
            if own is None or own.signer_info["signed_attrs"].untag().dump() != prepared.message:
                return None
            before = report_before(source, name, request.trust)
            value = own.signer_info["signature"].native
            after = check_result(prepared.target, name, _made(prepared, value, request), before, source_facts(source),
                                 request.trust, None)
            level = _level(made, prepared) if request.stamp_later else request.level
            return _result(prepared, level, after, () if level is request.level else (STAMP_PENDING,))
    except (Trouble, *PARSER_ERRORS):
        return None


def _made(prepared: Prepared, value: bytes, request: SigningRequest) -> Made:
    return Made(prepared.field, prepared.key.certificate, prepared.message, value, prepared.digest, prepared.scheme,
                prepared.hole, last=request.level is Level.B_B)


def _level(made: IO[bytes], prepared: Prepared) -> Level:
    reader = open_reader(made, str(prepared.source))
    return level_reached(reader, next(s for s in reader.embedded_signatures if s.field_name == prepared.field))


def _result(prepared: Prepared, level: Level, after: FileReport, pending: tuple[str, ...]) -> SignedFile:
    assert after.sha256 is not None
    return SignedFile(prepared.source, prepared.target, prepared.field, level, prepared.page, prepared.box,
                      _facts_of(prepared.key.certificate), after.sha256,
                      replace(after, file=str(prepared.target)), (*prepared.warnings, *pending))


def _fill(writer: IncrementalPdfFileWriter, name: str, filling: Filling) -> None:
    values = issued_values(filling.number, filling.issued)
    present = {field: one for field, one in fields_of(writer).items() if field in values and one.kind == "/Tx"}
    if not present:
        raise NumberFieldsMissing(file=name)
    for field, one in present.items():
        fill_text(writer, one, values[field])


def _must_be_filled(reader: PdfFileReader, name: str) -> None:
    """Of a prepared page, number and date come with the seal at the latest: with evidence to follow, an update behind
    the seal, the file would not be sound. Raises NumberNotFilled."""
    empty = sorted(field for field, one in fields_of(reader).items()
                   if field in TEXT_FIELDS and one.kind == "/Tx"
                   and not str(entry(one.field, "/V", "")).strip())
    if empty:
        raise NumberNotFilled(file=name, fields=", ".join(empty))


def _pdf_signer(writer: IncrementalPdfFileWriter, key: KeyFacts, request: SigningRequest, spot: Spot, signer_name: str,
                moment: datetime, *, first: bool) -> PdfSigner:
    certifies = request.role is Role.PERSONAL and first
    if certifies:
        _leave_room_for_seal(writer, spot, request.seal_diameter_mm)
    metadata = PdfSignatureMetadata(
        field_name=spot.field, md_algorithm=request.digest, subfilter=SigSeedSubFilter.PADES, reason=request.reason,
        name=signer_name or None, certify=certifies, docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    look = look_of(spot, request, signer=signer_name, moment=moment)
    style = DrawnStyle(look=look, width=spot.box.width if spot.box else 0, height=spot.box.height if spot.box else 0,
                       rotation=spot.rotation)
    signer = _valueless_signer(key, request.digest, request.scheme, _chain(request.trust, key.certificate))
    return PdfSigner(metadata, signer, timestamper=_stamper(request), stamp_style=style,
                     new_field_spec=spot.new_field)


def _looked_at(source: Path, spot: Spot, request: SigningRequest, signer_name: str, moment: datetime) -> list[str]:
    """What the appearance would cover, for the result's warnings."""
    if not request.look_first or spot.box is None:
        return []
    from signing.spot_warnings import SpotWarning, look_at  # rendering and numpy load only where they are asked for

    look = look_of(spot, request, signer=signer_name, moment=moment)
    with reading(source) as stream:
        _, found = look_at(stream, str(source), spot, look)
    return [warning.value for warning in found if warning is not SpotWarning.PLACE_GUESSED or not spot.notes]


def _signer(key: KeyFacts, request: SigningRequest, value: bytes | None = None) -> ValueSigner:
    return ValueSigner(key, value, digest=request.digest, scheme=request.scheme,
                       further_certificates=_chain(request.trust, key.certificate))


@lru_cache(maxsize=8)
def _valueless_signer(key: KeyFacts, digest: str, scheme: Scheme | None, chain: tuple[bytes, ...]) -> ValueSigner:
    return ValueSigner(key, digest=digest, scheme=scheme, further_certificates=chain)


@lru_cache(maxsize=8)
def _chain(trust: TrustStore, certificate: bytes) -> tuple[bytes, ...]:
    return trust.chain_of(certificate)


_facts_of = lru_cache(maxsize=8)(certificate_facts)


def _stamper(request: SigningRequest) -> ServiceTimeStamper | None:
    return ServiceTimeStamper(request.stamps) if request.stamps and request.level is not Level.B_B else None


def _leave_room_for_seal(writer: IncrementalPdfFileWriter, spot: Spot, seal_diameter_mm: float) -> None:
    """Strict readers take no new visible field after an author's signature: the seal's goes in with it."""
    if spot.box is None or spot.page is None or AGENCY in fields_of(writer):
        return
    frame = frame_of(writer.find_page_for_modification(spot.page - 1)[0].get_object())
    place = seal_place(spot, frame, seal_diameter_mm)
    append_signature_field(writer, SigFieldSpec(
        AGENCY, on_page=place.page - 1, box=frame.to_user(place.box),   # type: ignore[arg-type]
        readable_field_name=SPOKEN[AGENCY]))


def _form(key: KeyFacts, request: SigningRequest) -> CmsForm | None:
    """What all signatures of this key have in common; None where each is encoded for itself."""
    if request.level is not Level.B_B:
        return None
    return cms_form(key, _chain(request.trust, key.certificate), request.digest, request.scheme)


async def _appended(pdf_signer: PdfSigner, writer: IncrementalPdfFileWriter, grown: OverSource | InMemory,
                    moment: datetime, name: str, form: CmsForm | None) -> tuple[tuple[int, int], TimeStamper | None]:
    """The revision, appended to `grown`: where its hole is, and who is to stamp.

    pyHanko's stages one by one, so that the claimed time is the one shown on the page.
    """
    try:
        session = pdf_signer.init_signing_session(writer)
        session.system_time = moment
        validation: Any = await session.perform_presign_validation(writer)
        if form is not None:
            room = 2 * len(form.container)   # as hexadecimal digits, and not one too many
        else:
            room = await session.estimate_signature_container_size(validation)
        session.prepare_tbs_document(validation_info=validation, bytes_reserved=room)
        return append_signature(writer, grown), session.timestamper
    except (SigningError, PdfWriteError) as error:
        raise CannotBeSigned(file=name, reason=type(error).__name__) from error


async def _attributes(pdf_signer: PdfSigner, digest: bytes, algorithm: str, stamper: TimeStamper | None,
                      moment: datetime) -> bytes:
    attributes = await pdf_signer.signer.signed_attrs(
        digest, algorithm, use_pades=True, timestamper=stamper,
        attr_settings=PdfCMSSignedAttributes(signing_time=moment))
    return bytes(attributes.dump())


async def _signed(prepared: Prepared, part: IO[bytes], value: bytes, request: SigningRequest,
                  form: CmsForm | None) -> tuple[str, ...]:
    """Returns: what is left for later, when the request allows that (`stamp_pending`, `evidence_pending`)."""
    stamper, name = _stamper(request), str(prepared.source)
    pending: tuple[str, ...] = ()
    try:
        signature = form.container_for(prepared.message, value) if form is not None else None
        if signature is None:
            signer = _signer(prepared.key, replace(request, scheme=prepared.scheme), value)
            attributes = cms.CMSAttributes.load(prepared.message)
            try:
                found = await signer.async_sign_prescribed_attributes(prepared.digest, attributes, timestamper=stamper)
            except NoTimestamp:
                if not request.stamp_later:
                    raise
                pending = (STAMP_PENDING,)   # what the key gave is kept: it may have cost a person a PIN
                found = await signer.async_sign_prescribed_attributes(prepared.digest, attributes)
            signature = found.dump()
        PreparedByteRangeDigest(b"", *prepared.hole).fill_with_cms(part, signature)
        if stamper is not None and not pending:
            pending = await add_what_lasts(part, name, prepared.field, request.level, request.trust, stamper,
                                           prepared.digest, online=request.online, later=request.stamp_later)
    except (SigningError, PdfWriteError) as error:
        raise CannotBeSigned(file=name, reason=type(error).__name__) from error
    return pending


def _before(writer: IncrementalPdfFileWriter, source: IO[bytes], name: str, trust: TrustStore) -> FileReport:
    """A file without a filled signature field needs no examination."""
    try:
        signed = next(enumerate_sig_fields(writer.prev, filled_status=True), None) is not None
    except PARSER_ERRORS:
        signed = True   # what is wrong there, the examination tells
    if signed:
        return report_before(source, name, trust)
    return FileReport.of(name, (), checked_at=datetime.now(UTC), sha256="")


def _run(coroutine: Coroutine[Any, Any, T], form: CmsForm | None) -> T:
    """With a form nothing is waited for, and an event loop of its own would take a good part of the time."""
    if form is None:
        return asyncio.run(coroutine)
    try:
        coroutine.send(None)
    except StopIteration as done:
        found: T = done.value
        return found
    raise RuntimeError("waited for something")


def _refuse_final(writer: IncrementalPdfFileWriter, name: str) -> None:
    try:
        certification = read_certification_data(writer.prev)
    except PARSER_ERRORS:
        return
    if certification is not None and certification.permission == MDPPerm.NO_CHANGES:
        raise AlreadyFinal(file=name)
