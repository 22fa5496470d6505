"""Some mail for a sample office that was just loaded, so that whoever enters finds something to do.

Signed by an authority made on the spot, which the sample office then trusts; its revocation lists hold a week. What was
verified on arrival keeps its verdict.
"""

from __future__ import annotations

from pathlib import Path

from docclient.demonstration.authority import Authority
from docclient.demonstration.material import sample_folder, sample_letters
from docclient.demonstration.neighbours import Sender
from docclient.demonstration.sample_office import SampleOffice, trust_authority
from docclient.desk.post import take_in
from docclient.desk.workplace import workplace
from docclient.office.commands.incoming import DirectIncoming
from docclient.office.door import Office
from docclient.office.model import DocumentId, Handler
from docclient.office.queries.document_page import OffersOn
from docclient.office.registry import from_json, rule_for
from signing.trust import TrustStore

LETTERS = (
    ("1245", "báo cáo kết quả số hóa tài liệu lĩnh vực kinh tế, đất đai năm 2026"),
    ("1251", "tổng kiểm tra công tác văn thư, lưu trữ"),
    ("1263", "cử công chức tham dự lớp bồi dưỡng nghiệp vụ văn thư"),
    ("1270", "rà soát danh mục hồ sơ đến hạn nộp lưu"),
)


def deliver_first_mail(sample: SampleOffice) -> list[DocumentId]:
    """Four documents from another office: two wait for the clerk, one for the leader, one for an officer."""
    authority = Authority.make("Cơ quan chứng thực mẫu")
    trust_authority(sample.administrator, authority)
    clerk = sample.door("clerk")
    with workplace() as folder:
        packets = signed_packets(authority, folder)
        documents = [document for packet in packets
                     if (document := take_in(clerk, packet.read_bytes(), packet.name).document) is not None]
    for document in documents[:2]:
        press(clerk, document, "RegisterIncoming")
    chairman = sample.door("chairman")
    (direct,) = (each for each in chairman.ask(OffersOn(documents[0])) if each.command == "DirectIncoming")
    chairman.do(DirectIncoming(
        documents[0], direct.version, Handler("person", sample.people["officer_economy"]),
        words="Giao Phòng Kinh tế chủ trì tham mưu văn bản trả lời."))
    return documents


def signed_packets(authority: Authority, folder: Path) -> list[Path]:
    letter = sample_letters().incoming_request
    trust = TrustStore().with_certificates([authority.anchor_der]).with_intermediates(
        [authority.issuing_der]).with_crls(authority.crl())
    sender = Sender.make(letter, authority, folder / "sender", trust)
    pdf = sender.signed_letter(sample_folder() / "letters" / "incoming-request.pdf")
    return [sender.send(letter, pdf, folder, number=number, subject=subject) for number, subject in LETTERS]


def press(office: Office, document: DocumentId, command: str) -> None:
    """Give an offered command with the values it shows first."""
    (offer,) = (each for each in office.ask(OffersOn(document)) if each.command == command)
    values = {ask.name: ask.default for ask in offer.fields if ask.default is not None}
    office.do(from_json(rule_for(command).command, {**values, "document": document, "version": offer.version}))
