"""Ways round the rules, each tried and refused: what one file's reader learns, what a shut file does, lists' hints."""

from __future__ import annotations

import pytest

from docclient.office.case_files import Retention
from docclient.office.commands.case_files import OpenCaseFile
from docclient.office.commands.filing import AddToCaseFile
from docclient.office.commands.finding import FileText, KeepTexts, TextProblem
from docclient.office.commands.freezing import FreezeDocument
from docclient.office.commands.numbers import EndNumberSeries, SetNumberSeries
from docclient.office.commands.opinions import AskOpinions, GiveOpinion, OpinionVerdict
from docclient.office.commands.rights import GrantRight, WithdrawRight
from docclient.office.commands.tasks import GiveTask
from docclient.office.errors import FieldWrong, NotFound, SecretRefused
from docclient.office.model import Digest, DocumentId, FileKind, Handler, today
from docclient.office.queries.case_files import CaseFilePage
from docclient.office.queries.document_page import DocumentPage, DocumentView, OffersOn
from docclient.office.queries.documents import ListDocuments
from docclient.office.queries.finding import CountFound, FindDocuments
from docclient.office.queries.handling import HandlingOf
from docclient.office.queries.trail import Trail
from docclient.office.registry import from_json, query_for
from docclient.office.rights import Right
from docclient.words import Phrase
from tests.contracts.test_found_text import arrived
from tests.offices import OfficeToTest

STRANGER = "officer_culture_society"
PDF = b"%PDF-1.7 x"


def two_files(office: OfficeToTest) -> tuple[DocumentId, Digest, Digest]:
    """A received document with two files whose words were read."""
    document = arrived(office, ("a.pdf", PDF + b"a", "application/pdf"), ("b.pdf", PDF + b"b", "application/pdf"))
    clerk = office.door("clerk")
    digests = {each.name: each.current.digest for each in office.view("clerk", document).files}
    first, second = digests["a.pdf"], digests["b.pdf"]
    clerk.do(KeepTexts((FileText(first, clerk.put("Mở thầu tháng chín".encode())),
                        FileText(second, clerk.put("Giá trần bốn tỷ đồng".encode())))))
    return document, first, second


def change(office: OfficeToTest, kind: type[GrantRight] | type[WithdrawRight], document: DocumentId, slug: str,
           file: str | None) -> None:
    view = office.view("clerk", document)
    office.door("chairman").do(kind(document, view.document.version, Handler("person", office.person(slug)),
                                    Right.READ, "Phục vụ công việc", file))


def file_of(view: DocumentView, digest: Digest) -> str:
    return next(each.id for each in view.files if each.current.digest == digest)


def found(office: OfficeToTest, slug: str, words: str) -> list[DocumentId]:
    return [each.document.id for each in office.door(slug).ask(FindDocuments(words)).rows]


def test_words_of_a_file_that_may_not_be_read_answer_nobody(sqlite_office: OfficeToTest):
    office = sqlite_office
    document, first, second = two_files(office)
    view = office.view("clerk", document)
    assert found(office, "chief_of_office", "bốn tỷ") == [document]
    change(office, GrantRight, document, STRANGER, file_of(view, first))
    change(office, WithdrawRight, document, "chief_of_office", file_of(view, second))
    packet = next(each.current.digest for each in view.files if each.kind is FileKind.PACKET)
    for slug in (STRANGER, "chief_of_office"):
        door = office.door(slug)
        door.read(first).close()
        with pytest.raises(NotFound):
            door.read(second)
        with pytest.raises(NotFound):                                 # which has it in it
            door.read(packet)
        assert found(office, slug, "bốn tỷ") == []
        assert door.ask(CountFound("bốn tỷ")).number == 0
        assert not door.ask(ListDocuments(view.document.flow, "bốn tỷ")).rows
        assert found(office, slug, "kèm theo -trần") == []           # nor by what is missing from an answer
        (row,) = door.ask(FindDocuments("kèm theo")).rows             # the subject answers them
        assert row.snippet is not None and not row.snippet.in_file
    assert found(office, "clerk", "bốn tỷ") == [document]


def test_one_file_granted_is_read_and_nothing_is_made_of_it(sqlite_office: OfficeToTest):
    office = sqlite_office
    document, first, second = two_files(office)
    view = office.view("clerk", document)
    change(office, GrantRight, document, STRANGER, file_of(view, first))
    door, me = office.door(STRANGER), office.person(STRANGER)
    case_file = door.do(OpenCaseFile("Hồ sơ của tôi", Retention.YEARS_5)).facts["case_file"]
    with pytest.raises(FieldWrong) as refused:
        door.do(GiveTask("Xem", me, documents=(document,)))
    assert refused.value.facts["name"] == "documents"
    version = view.document.version
    with pytest.raises(NotFound):
        door.do(AddToCaseFile(document, office.view("clerk", document).document.version, case_file))
    assert door.ask(OffersOn(document)) == ()
    with pytest.raises(NotFound):
        door.read(second)
    page = door.ask(DocumentPage(document))
    assert [each.current.digest for each in page.files] == [first]
    assert (page.timeline, page.directions, page.handlers, page.links, page.proposed_fields) == ((), (), (), (), None)
    with pytest.raises(NotFound):
        door.ask(Trail(document))
    handling = door.ask(HandlingOf(document))
    assert (handling.has_it, handling.levels, handling.remarks) == ((), (), ())
    assert office.view("clerk", document).document.version >= version


def test_a_file_with_a_secrecy_mark_stays_shut_for_whoever_brought_it(sqlite_office: OfficeToTest):
    office = sqlite_office
    clerk = office.door("clerk")
    document = arrived(office, ("a.pdf", PDF, "application/pdf"))
    digest = clerk.put(PDF)
    clerk.read(digest).close()
    clerk.do(KeepTexts((FileText(digest, problem=TextProblem.SECRET),)))
    with pytest.raises(NotFound):
        clerk.read(digest)
    with pytest.raises(SecretRefused):                       # nor does it come in anew
        arrived(office, ("other name.pdf", PDF, "application/pdf"))
    assert office.view("clerk", document).document.frozen_at is not None


def test_a_case_file_tells_nothing_of_documents_its_keeper_may_not_see(sqlite_office: OfficeToTest):
    office = sqlite_office
    document = office.received().document
    keeper = office.door("officer_economy")
    case_file = keeper.do(OpenCaseFile("Hồ sơ", Retention.YEARS_5)).facts["case_file"]
    office.door("clerk").do(AddToCaseFile(document.id, document.version, case_file))
    change(office, WithdrawRight, document.id, "officer_economy", None)
    page = keeper.ask(CaseFilePage(case_file))
    assert [each.document for each in page.inside] == [None]
    assert page.findings and {(each.document, each.about) for each in page.findings} == {(None, "")}


def test_a_task_is_not_given_on_a_frozen_document(sqlite_office: OfficeToTest):
    office = sqlite_office
    document = office.registered().document
    office.door("chairman").do(FreezeDocument(document.id, document.version, "Có khiếu nại"))
    with pytest.raises(FieldWrong):
        office.door("chairman").do(GiveTask("Việc", office.person(STRANGER), documents=(document.id,)))


def test_a_series_ends_once(sqlite_office: OfficeToTest):
    administrator = sqlite_office.door("administrator")
    made = administrator.do(SetNumberSeries("Hội đồng", council="HĐTĐKT", from_year=today().year + 1)).facts
    administrator.do(EndNumberSeries(made["series"]))
    with pytest.raises(FieldWrong) as refused:
        administrator.do(EndNumberSeries(made["series"]))
    assert refused.value.facts["reason"] == Phrase("why.already_ended")


def test_an_opinion_shows_a_pdf_or_nothing(sqlite_office: OfficeToTest):
    office = sqlite_office
    draft = office.drafted().document
    asked = Handler("person", office.person("chief_of_office"))
    office.door("officer_economy").do(AskOpinions(draft.id, draft.version, (asked,)))
    door, version = office.door("chief_of_office"), draft.version + 1
    with pytest.raises(FieldWrong) as refused:
        door.do(GiveOpinion(draft.id, version, OpinionVerdict.AGREE, "", door.put(b"MZ program"), "y-kien.pdf"))
    assert refused.value.facts["reason"] == Phrase("why.not_a_pdf")
    whole = door.put(office.material.draft.read_bytes())
    door.do(GiveOpinion(draft.id, version, OpinionVerdict.AGREE, "", whole, "y-kien.pdf"))


@pytest.mark.parametrize(("name", "fields"), [
    ("OfficeReport", {"first": "0001-01-01", "last": "9999-12-31"}),
    ("HandOverList", {"first_day": "9999-12-31", "last_day": "9999-12-31"}),
    ("FindDocuments", {"where": {"created_to": "9999-12-31"}}),
])
def test_a_date_that_no_office_has_is_refused(name: str, fields: dict[str, object]):
    with pytest.raises(FieldWrong) as refused:
        from_json(query_for(name), fields)
    assert refused.value.facts["reason"] == Phrase("why.wrong_kind")
