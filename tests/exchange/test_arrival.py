"""What is checked before an arrived document is registered, and what its page adds to a packet that says too little."""

from __future__ import annotations

from pathlib import Path

import pytest

from docclient.desk.arrival import SenderMatch, arrival_check, match_of, waits_at_arrival
from docclient.desk.post import fetch_post
from docclient.desk.workplace import fetch_bytes
from docclient.office.model import Digest
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.duplicates import Duplicates
from docclient.office.queries.office import AboutOffice
from tests.exchange.packets import HEADER, attachment, document, encoded, reference, zipped
from tests.fakes.carrying import MemoryTransport
from tests.offices import OfficeToTest, document_of

BARE = HEADER[:HEADER.index("<edXML:Code>")] + HEADER[HEADER.index("<edXML:Subject>"):]


def arrived(office: OfficeToTest, content: bytes, header: str = HEADER, *, more: tuple[str, bytes] | None = None):
    """Taken in from a packet with this PDF; more: name and bytes of a second file."""
    code = office.door("clerk").ask(AboutOffice()).codes[0]
    files, names = attachment(payload=encoded(zipped(content))), reference()
    if more is not None:
        files += attachment(more[0], encoded(zipped(more[1], more[0])), content_id="f2")
        names += reference(more[0], content_id="f2")
    packet = document(header.replace("H99.02", code), attachments=files, references=names)
    (found,) = fetch_post(office.door("clerk"), MemoryTransport({"p": packet}))
    assert found.trouble is None and found.receipt is not None, found.trouble
    return office.door("clerk").ask(DocumentPage(document_of(found.receipt)))


def test_what_the_header_lacks_is_read_from_the_page(office: OfficeToTest, tmp_path: Path):
    pdf = office.material.letter("Đề nghị báo cáo kết quả.", tmp_path / "a.pdf", number="45", day="05",
                                 month="3").read_bytes()
    seen = arrived(office, pdf, BARE).document
    assert (seen.code_number, seen.code_notation, seen.subject) == ("45", "UBND-KT", "Về việc thử")
    assert seen.issued_date is not None and (seen.issued_date.day, seen.issued_date.month) == (5, 3)


def test_what_the_header_says_counts(sqlite_office: OfficeToTest, tmp_path: Path):
    pdf = sqlite_office.material.letter("Đề nghị báo cáo.", tmp_path / "a.pdf", number="45", day="05",
                                        month="3").read_bytes()
    seen = arrived(sqlite_office, pdf).document
    assert (seen.code_number, seen.code_notation) == ("12", "QĐ-VP")
    assert seen.issued_date is not None            # the header says none: the page does


def test_every_pdf_is_judged_and_the_sender_set_beside_the_certificates(sqlite_office: OfficeToTest):
    office = sqlite_office
    issued = office.issued()
    main = issued.main_file()
    assert main is not None
    signed = fetch_bytes(office.door("clerk"), Digest(main.current.digest))
    view = arrived(office, signed, more=("bang-ke.pdf", office.material.draft.read_bytes()))
    assert waits_at_arrival(view) and not waits_at_arrival(issued)
    check = arrival_check(view)
    by_name = {each.name: (each.conclusion, each.signatures) for each in check.files}
    assert set(by_name) == {"12-QD-VP.pdf", "bang-ke.pdf"}
    assert by_name["12-QD-VP.pdf"][0] == "valid" and by_name["12-QD-VP.pdf"][1] >= 2
    assert by_name["bang-ke.pdf"] == ("unsigned", 0)
    assert check.sender == "Văn phòng" and check.match is SenderMatch.OTHER
    assert any("Tân Hiệp" in each for each in check.organisations)
    assert arrival_check(view, check.organisations[-1:]).match is SenderMatch.SAME      # as the directory names it


@pytest.mark.parametrize(("names", "organisations", "match"), [
    (["Sở Nội vụ"], ["SỞ NỘI VỤ"], SenderMatch.SAME), (["Sở Nội vụ"], ["So noi  vu"], SenderMatch.SAME),
    (["Sở Nội vụ"], ["Văn phòng Sở Nội vụ tỉnh Phú An"], SenderMatch.PARTLY),
    (["Sở Nội vụ"], ["Sở Tài chính"], SenderMatch.OTHER), (["Sở Nội vụ"], [], SenderMatch.UNSIGNED),
    (["H99.07", "Sở Nội vụ"], ["Sở Nội vụ"], SenderMatch.SAME)])
def test_names_are_compared_without_marks_and_spaces(names: list[str], organisations: list[str], match: SenderMatch):
    assert match_of(names, organisations) is match


def test_a_twin_is_found_before_anybody_registers(sqlite_office: OfficeToTest, tmp_path: Path):
    first = arrived(sqlite_office, sqlite_office.material.draft.read_bytes())
    other = sqlite_office.material.letter("Khác.", tmp_path / "b.pdf").read_bytes()
    second = arrived(sqlite_office, other)
    assert second.document.id != first.document.id
    twins = sqlite_office.door("clerk").ask(Duplicates(second.document.id))
    assert [each.document for each in twins] == [first.document.id]
