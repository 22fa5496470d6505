"""The other side of the post: the office that writes to us, and what it answers. Packets and key files only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from docclient.demonstration.authority import Authority
from docclient.demonstration.material import SampleLetter, sample_picture
from docclient.exchange.dates import write_date, write_time
from docclient.exchange.edxml_read import read_packet_file
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.packet import (
    NEW_DOCUMENT,
    Code,
    DocumentHeader,
    DocumentPacket,
    DocumentType,
    Organization,
    OtherInfo,
    PromulgationInfo,
    ResponseFor,
    SignerInfo,
    StatusHeader,
    StatusPacket,
    TraceHeader,
    TraceHeaderList,
    attach,
    document_id,
)
from docclient.office.model import today
from signing.files import replacing
from signing.prepare import prepare, propose_places
from signing.sign import Role, SigningRequest, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore

PASSWORD = b"demonstration"


@dataclass(frozen=True, slots=True)
class Sender:
    """An agency that signs with key files. folder: where its keys and papers lie."""

    code: str
    name: str
    folder: Path
    trust: TrustStore

    @classmethod
    def make(cls, letter: SampleLetter, authority: Authority, folder: Path, trust: TrustStore) -> Sender:
        folder.mkdir(parents=True, exist_ok=True)
        director = authority.issue_person(letter.signer_name, organisation=letter.issuer_name)
        director.save_pkcs12(folder / "director.p12", PASSWORD)
        authority.issue_agency(letter.issuer_name).save_pkcs12(folder / "agency.p12", PASSWORD)
        return cls(letter.issuer_code, letter.issuer_name, folder, trust)

    def signed_letter(self, pdf: Path) -> Path:
        """The letter as its office sends it: signed by its head, sealed with its key."""
        prepared, personal, sealed = (self.folder / f"{step}.pdf" for step in ("prepared", "personal", "sealed"))
        prepare(pdf, prepared, propose_places(pdf))
        self._sign(prepared, personal, "director", Role.PERSONAL, sample_picture("signature-director"))
        self._sign(personal, sealed, "agency", Role.AGENCY, sample_picture("seal-so-noi-vu"))
        return sealed

    def _sign(self, source: Path, target: Path, key_name: str, role: Role, image: Path) -> None:
        key = open_key_file(self.folder / f"{key_name}.p12", bytearray(PASSWORD))
        try:
            sign_pdf(source, target, key, SigningRequest(role=role, image=image, trust=self.trust))
        finally:
            key.close()

    def send(self, letter: SampleLetter, pdf: Path, inbox: Path, *, number: str | None = None,
             subject: str | None = None) -> Path:
        """Lay the letter as a packet into the recipient's inbox. number, subject: another letter of the same kind."""
        code = Code(code_number=number or letter.number, code_notation=letter.symbol)
        issued = letter.issued or today()
        header = DocumentHeader(
            sender=Organization(organ_id=self.code, organ_name=self.name),
            to=(Organization(organ_id=letter.addressee_code, organ_name=letter.addressee_name),),
            document_id=document_id(self.code, issued, code), code=code,
            promulgation_info=PromulgationInfo(place=letter.place, promulgation_date=write_date(issued)),
            document_type=DocumentType(type_name=letter.type_name), subject="V/v " + (subject or letter.subject),
            signer_info=SignerInfo(position=letter.signer_position, full_name=letter.signer_name),
            due_date=write_date(letter.reply_by) if letter.reply_by else None,
            other_info=OtherInfo(priority="0", page_amount="1"), to_places=letter.recipients)
        hop = TraceHeader(organ_id=self.code, timestamp=write_time(datetime.now(UTC)))
        packet = DocumentPacket(
            header=header, trace=TraceHeaderList(trace_headers=(hop,), business=NEW_DOCUMENT),
            attachments=(attach(f"{code.text.replace('/', '-')}.signed.pdf", pdf.read_bytes()),))
        return lay(write_packet(packet), inbox / f"{self.code}-{code.code_number}.edxml")

    def answer_with_statuses(self, sent: Path, inbox: Path) -> list[Path]:
        """What the recipient's system says of our packet: 01 arrived, 03 accepted."""
        packet = read_packet_file(sent)
        assert isinstance(packet, DocumentPacket)
        header, now = packet.header, datetime.now(UTC)
        about = ResponseFor(
            organ_id=header.sender.organ_id if header.sender else None, document_id=header.document_id,
            code=header.code.text if header.code else None,
            promulgation_date=header.promulgation_info.promulgation_date if header.promulgation_info else None)
        laid = []
        for step, (code, words) in enumerate((("01", "Đã đến hệ thống"), ("03", "Văn thư đã vào sổ văn bản đến"))):
            status = StatusPacket(header=StatusHeader(
                sender=Organization(organ_id=self.code, organ_name=self.name), response_for=(about,), status_code=code,
                description=words, timestamp=write_time(now + timedelta(seconds=step))))
            laid.append(lay(write_packet(status), inbox / f"status-{code}-from-{self.code}.edxml"))
        return laid


def lay(content: bytes, target: Path) -> Path:
    with replacing(target) as stream:
        stream.write(content)
    return target
