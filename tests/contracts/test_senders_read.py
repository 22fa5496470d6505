"""What a clerk corrects on a letter helps to read the sender's next; numbers, symbols and dates never come of it."""

from __future__ import annotations

import pytest

from docclient.capture.fields.known import with_known
from docclient.capture.fields.model import Field, fields
from docclient.desk.known_senders import known_senders
from docclient.desk.workplace import fetch_file, workplace
from docclient.office.commands.arriving import ReceivePaper, RegisterPaper
from docclient.office.errors import NotYours
from docclient.office.model import DocumentId, today
from docclient.office.queries.senders_read import SendersRead
from signing.sign import Role, SigningRequest, sign_pdf
from tests.drafts import now
from tests.offices import OfficeToTest, document_of


def said(value: str) -> dict[str, object]:
    return {"value": value, "certainty": 0.8, "page": 1, "box_mm": None, "alternatives": []}


READ = {"organ_name": said("SỞ NỘL VỤ TỈNH"), "code_number": said("12"), "code_notation": said("SNV-VP"),
        "signer_name": said("Nguyễn Văn Minh"), "signer_position": said("GIÁM ĐỐC"), "issued_place": said("Lâm Đồng"),
        "subject": said("V/v nạo vét kênh")}


def registered(office: OfficeToTest) -> None:
    clerk = office.door("clerk")
    registered_paper(office, document_of(
        clerk.do(ReceivePaper("thu.pdf", clerk.put(office.material.draft.read_bytes()), READ))))


def registered_paper(office: OfficeToTest, document: DocumentId) -> None:
    """A clerk confirmed it as a letter of Sở Nội vụ."""
    clerk = office.door("clerk")
    digest = office.view("clerk", document).main_file().current.digest
    signed = office.material.folder / f"paper-{digest}.pdf"
    if not signed.exists():
        with workplace() as folder:
            sign_pdf(fetch_file(clerk, digest, folder / "paper.pdf"), signed, office.material.key("agency"),
                     SigningRequest(role=Role.COPY, agency="UBND xã Tân Hiệp"))
    clerk.do(RegisterPaper(document, now(office, document).version, clerk.put(signed.read_bytes()), "Công văn", "13",
                           "SNV-TCCB", today(), "Sở Nội vụ tỉnh", "V/v nạo vét kênh"))


def test_a_correction_is_learned_for_its_sender(office):
    clerk = office.door("clerk")
    document_of(clerk.do(ReceivePaper("thu.pdf", clerk.put(office.material.draft.read_bytes()), READ)))
    assert not [each for each in clerk.ask(SendersRead()) if each.name.startswith("SỞ NỘL")], "nobody confirmed it yet"

    registered(office)
    sender = next(each for each in clerk.ask(SendersRead()) if each.name == "Sở Nội vụ tỉnh")
    assert sender.values["signer_name"] == {"Nguyễn Văn Minh": 1}
    assert sender.corrections == (("organ_name", "SỞ NỘL VỤ TỈNH", "Sở Nội vụ tỉnh"),)     # of number and symbol: none

    known = known_senders(clerk)
    page = fields(organ_name=Field("SỞ NỘL VỤ TỈNH", 0.8, 1), signer_name=Field("Nguyễn Văn Mính", 0.9, 1),
                  code_number=Field("12", 0.9, 1), code_notation=Field("SNV-VP", 0.9, 1))
    read = with_known(page, known)
    assert (read["organ_name"].value, read["organ_name"].alternatives) == ("SỞ NỘI VỤ TỈNH", ("SỞ NỘL VỤ TỈNH",))
    assert (read["signer_name"].value, read["signer_name"].alternatives) == ("Nguyễn Văn Minh", ("Nguyễn Văn Mính",))
    for name in ("code_number", "code_notation", "issued_date"):
        assert read[name] == page[name]


def test_only_clerks_are_told(office):
    with pytest.raises(NotYours):
        office.door("officer_economy").ask(SendersRead())
