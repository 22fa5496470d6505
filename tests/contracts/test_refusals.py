"""What the office refuses, whoever asks and however the request was made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from docclient.desk.drafting import DraftNumbered, begin_draft
from docclient.desk.post import fetch_post, send_post
from docclient.desk.signing_desk import number_and_seal, sign_queued
from docclient.desk.workplace import put_file
from docclient.errors import DiskFull, NotAllowed
from docclient.exchange.transports.folder import FolderTransport
from docclient.office.commands.arriving import ReceivePaper
from docclient.office.commands.exchanging import MarkSendFailed, MarkSent, RecordStatus
from docclient.office.commands.incoming import DirectIncoming
from docclient.office.commands.issuing import NumberOutgoing
from docclient.office.commands.outgoing import (
    ApproveContent,
    ApproveFormat,
    DraftAnswer,
    PutDraftFile,
    ReturnDraft,
    StartDraft,
    SubmitDraft,
)
from docclient.office.commands.people import (
    AddAgency,
    AddTrust,
    AddUnit,
    RegisterCertificate,
    SetFact,
    SetPicture,
    TrustKind,
)
from docclient.office.door import Office
from docclient.office.errors import (
    FieldWrong,
    NotFound,
    NotYours,
    SignatureMissing,
    ValueRefused,
    WrongSigner,
    YearPrinted,
)
from docclient.office.model import Digest, Handler, State
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.documents import SigningQueue
from docclient.office.queries.office import Outbox
from tests.offices import OfficeToTest, registration


def why(refused: pytest.ExceptionInfo[FieldWrong]) -> str:
    return str(refused.value.facts["reason"].code).removeprefix("why.")     # type: ignore[attr-defined]


def test_a_page_that_shows_its_own_number_never_becomes_a_draft(sqlite_office: OfficeToTest, tmp_path: Path):
    view = sqlite_office.directed()
    officer = sqlite_office.door("officer_economy")
    numbered = sqlite_office.material.letter("Nội dung.", tmp_path / "numbered.pdf", number="25", day="05", month="3")
    command = DraftAnswer(view.document.id, view.document.version, "Công văn", "V/v thử",
                          sqlite_office.person("chairman"), ("H99.07",))
    with pytest.raises(DraftNumbered):
        begin_draft(officer, command, numbered)
    assert len(sqlite_office.view("officer_economy", view.document.id).links) == 0
    begun = officer.do(command)
    pdf = put_file(officer, numbered)
    with officer.read(pdf) as stream:
        longer = officer.put(stream.read() + b"\n% without fields\n")
    assert begun.document is not None
    assert begun.version is not None
    with pytest.raises(FieldWrong):
        officer.do(PutDraftFile(begun.document, begun.version, "numbered.pdf", pdf, longer))


@pytest.mark.parametrize("key", ["vice_chairman", "chairman", "sender"])
def test_only_the_agencys_own_certificate_seals(sqlite_office: OfficeToTest, key: str):
    view = sqlite_office.signed()
    clerk = sqlite_office.door("clerk")
    with pytest.raises(NotAllowed):       # the signer itself refuses the chairman's key, the office the others
        number_and_seal(clerk, view.document.id, sqlite_office.material.key(key))
    assert sqlite_office.view("clerk", view.document.id).document.state is State.NUMBERED
    number_and_seal(clerk, view.document.id, sqlite_office.material.key("agency"))


@pytest.mark.parametrize("key", ["vice_chairman", "agency", "sender"])
def test_only_ones_own_certificate_signs(sqlite_office: OfficeToTest, key: str):
    view = sqlite_office.queued()
    chairman = sqlite_office.door("chairman")
    (result,) = sign_queued(chairman, chairman.ask(SigningQueue()), sqlite_office.material.key(key))
    assert isinstance(result.trouble, WrongSigner)
    assert sqlite_office.view("chairman", view.document.id).document.state is State.WAITING_SIGNATURE


@pytest.mark.parametrize("signer", ["officer_economy", "administrator", "clerk"])
def test_only_who_has_authority_is_named_as_signer(office: OfficeToTest, signer: str):
    with pytest.raises(FieldWrong) as refused:
        office.door("officer_economy").do(StartDraft("Công văn", "V/v thử", office.person(signer), ("H99.07",)))
    assert why(refused) == "no_authority"


def test_nobody_checks_the_form_of_his_own_draft(sqlite_office: OfficeToTest):
    office = sqlite_office
    chief = office.door("chief_of_office")
    begun = begin_draft(chief, StartDraft("Công văn", "V/v thử", office.person("chairman"), ("H99.07",)),
                        office.material.draft)
    assert begun.document is not None
    view = office.view("chief_of_office", begun.document)
    chief.do(SubmitDraft(begun.document, view.document.version))
    view = office.view("chief_of_office", begun.document)
    chief.do(ApproveContent(begun.document, view.document.version))
    assert "ApproveFormat" not in {each.command for each in office.view("chief_of_office", begun.document).offers}
    assert "ApproveFormat" in {each.command for each in office.view("clerk", begun.document).offers}
    with pytest.raises(NotYours):
        chief.do(ApproveFormat(begun.document, office.view("clerk", begun.document).document.version))


def test_the_clerk_may_return_what_was_signed_but_not_numbered(sqlite_office: OfficeToTest):
    view = sqlite_office.signed()
    assert {"NumberOutgoing", "ReturnDraft", "RecheckSignatures"} <= {
        each.command for each in sqlite_office.view("clerk", view.document.id).offers}
    sqlite_office.door("clerk").do(ReturnDraft(view.document.id, view.document.version, "Sai nơi nhận"))
    assert sqlite_office.view("officer_economy", view.document.id).document.state is State.DRAFT


def test_a_year_printed_on_the_page_must_be_the_year_of_issue(sqlite_office: OfficeToTest,
                                                              monkeypatch: pytest.MonkeyPatch):
    from docclient.office.commands import issuing
    from docclient.office.model import today

    view = sqlite_office.signed()
    next_year = today().replace(year=today().year + 1, month=1, day=2)
    monkeypatch.setattr(issuing, "today", lambda: next_year)
    with pytest.raises(YearPrinted):
        sqlite_office.door("clerk").do(NumberOutgoing(view.document.id, view.document.version))
    assert sqlite_office.view("clerk", view.document.id).document.state is State.SIGNED


def test_presented_only_to_a_leader(office: OfficeToTest):
    view = office.received()
    for slug in ("officer_economy", "administrator"):
        with pytest.raises(FieldWrong) as refused:
            office.door("clerk").do(registration(view, office.person(slug)))
        assert why(refused) == "not_a_leader"
    with pytest.raises(NotFound):
        office.door("clerk").do(registration(view, "no-such-person"))     # type: ignore[arg-type]


def test_directed_to_somebody_who_handles_and_to_nobody_twice(office: OfficeToTest):
    view = office.registered()
    head = office.door("head_economy").me
    chairman = office.door("chairman")
    with pytest.raises(FieldWrong) as refused:
        chairman.do(DirectIncoming(view.document.id, view.document.version,
                                   Handler("person", office.person("administrator"))))
    assert why(refused) == "no_content"
    with pytest.raises(FieldWrong) as refused:
        chairman.do(DirectIncoming(view.document.id, view.document.version, Handler("unit", head.posts[0].unit),
                                   helping=(Handler("person", head.person),)))
    assert why(refused) == "twice"


def test_a_file_of_others_cannot_be_named(office: OfficeToTest, tmp_path: Path):
    main = office.received(file=office.material.letter("Của người khác.", tmp_path / "other.pdf")).main_file()
    assert main is not None
    officer = office.door("officer_culture_society")
    begun = officer.do(StartDraft("Công văn", "V/v thử", office.person("chairman"), ("H99.07",)))
    assert begun.document is not None
    assert begun.version is not None
    pdf = put_file(officer, office.material.draft)
    with pytest.raises(FieldWrong) as refused:
        officer.do(PutDraftFile(begun.document, begun.version, "x.pdf", pdf, pdf, source=main.current.digest))
    assert why(refused) == "not_yours"


@pytest.mark.parametrize("digest", ["..//etc/hostname", "", "0" * 63, "G" * 64])
def test_a_digest_is_a_digest(office: OfficeToTest, digest: str):
    with pytest.raises(FieldWrong) as refused:
        office.door("clerk").do(ReceivePaper("x.pdf", Digest(digest)))
    assert why(refused) == "not_a_digest"


def test_settings_are_checked_when_they_are_given(office: OfficeToTest):
    administrator = office.door("administrator")
    garbage = administrator.put(b"garbage")
    for command in (SetFact("seal_diameter_mm", "abc"), SetFact("seal_diameter_mm", "nan"),
                    AddTrust(TrustKind.ANCHOR, garbage, "x"), AddTrust(TrustKind.CRL, garbage, "x"),
                    SetPicture(garbage), RegisterCertificate(garbage)):
        with pytest.raises(FieldWrong):
            administrator.do(command)


def test_odd_values_are_refused_in_words(office: OfficeToTest):
    administrator = office.door("administrator")
    administrator.do(AddUnit("Phòng có tên rất dài", "VIẾT TẮT DÀI HƠN HAI MƯƠI KÝ TỰ"))
    if not office.place.embedded:
        with pytest.raises(ValueRefused):
            administrator.do(AddAgency("H99.98", "tên có ký tự \0 lạ"))


def test_the_same_recipient_twice_is_one_and_oneself_is_none(office: OfficeToTest):
    officer = office.door("officer_economy")
    begun = officer.do(StartDraft("Công văn", "V/v thử", office.person("chairman"), ("H99.07", "H99.07")))
    assert begun.document is not None
    assert len(officer.ask(DocumentPage(begun.document)).deliveries) == 1
    with pytest.raises(FieldWrong) as refused:
        officer.do(StartDraft("Công văn", "V/v thử", office.person("chairman"), ("H99.21",)))
    assert why(refused) == "own_agency"


def test_news_of_others_documents_do_not_name_them(office: OfficeToTest):
    start = office.door("clerk").changes(0)[-1].entry
    view = office.registered()
    assert {each.document for each in office.door("clerk").changes(start)} == {view.document.id}
    assert {each.document for each in office.door("officer_culture_society").changes(start)} == {None}


def test_statuses_by_how_far_they_are_and_never_from_the_future(office: OfficeToTest):
    view = office.issued()
    clerk = office.door("clerk")
    now = datetime.now(UTC)

    def report(code: str, at: datetime | None) -> str | None:
        packet = clerk.put(f"{code} {at}".encode())
        clerk.do(RecordStatus(packet, view.document.exchange_id or "", "H99.07", code, "", at))
        return office.view("clerk", view.document.id).deliveries[0].status_code

    assert report("03", now) == "03"
    assert report("01", now) == "03"
    assert report("04", now + timedelta(days=365_000)) == "04"
    assert report("100", None) == "04"
    assert report("06", now) == "06"
    with pytest.raises(NotFound):
        clerk.do(RecordStatus(clerk.put(b"x"), "unknown", "H99.07", "03", "", now))


def test_post_of_two_rounds_at_once_stays_sent(office: OfficeToTest, tmp_path: Path):
    office.issued()
    clerk = office.door("clerk")
    item = clerk.ask(Outbox())[0]
    posted = send_post(clerk, FolderTransport(tmp_path / "in", tmp_path / "out"))
    assert all(each.sent for each in posted)
    clerk.do(MarkSendFailed(item.id, "transport.away"))
    clerk.do(MarkSent(item.id))
    assert clerk.ask(Outbox()) == ()


def test_a_full_disk_is_not_the_packets_fault(sqlite_office: OfficeToTest, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch):
    transport = FolderTransport(tmp_path / "in", tmp_path / "out")
    sample = Path(__file__).parent.parent / "samples" / "edxml" / "new.edxml"
    content = sample.read_text(encoding="utf-8").replace("28.22.H17", "H99.21")
    (tmp_path / "in" / "a.edxml").write_text(content, encoding="utf-8")
    clerk = sqlite_office.door("clerk")

    def full(_content: object) -> Digest:
        raise DiskFull(folder="x")

    transport.list()
    with monkeypatch.context() as patched:
        patched.setattr(clerk, "put", full)
        with pytest.raises(DiskFull):
            fetch_post(clerk, transport)
    (fetched,) = fetch_post(clerk, transport)
    assert fetched.trouble is None
    assert fetched.receipt is not None


def test_a_packet_comes_again_under_another_name(sqlite_office: OfficeToTest, tmp_path: Path):
    transport = FolderTransport(tmp_path / "in", tmp_path / "out")
    sample = Path(__file__).parent.parent / "samples" / "edxml" / "new.edxml"
    content = sample.read_text(encoding="utf-8").replace("28.22.H17", "H99.21")
    clerk, documents = sqlite_office.door("clerk"), []
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.edxml").write_text(content, encoding="utf-8")
        transport.list()
        (fetched,) = fetch_post(clerk, transport)
        assert fetched.trouble is None, fetched.trouble
        assert fetched.receipt is not None
        documents.append((fetched.receipt.document, fetched.receipt.facts.get("repeated")))
    assert documents == [(documents[0][0], None), (documents[0][0], "yes")]


def test_a_seal_over_a_tampered_file_is_refused(sqlite_office: OfficeToTest):
    view = sqlite_office.signed()
    clerk: Office = sqlite_office.door("clerk")
    main = view.main_file()
    assert main is not None
    number = clerk.do(NumberOutgoing(view.document.id, view.document.version))
    from docclient.office.commands.issuing import SealOutgoing

    with clerk.read(main.current.digest) as stream:
        unsealed = clerk.put(stream.read() + b"\n% no seal\n")
    assert number.version is not None
    with pytest.raises(SignatureMissing):
        clerk.do(SealOutgoing(view.document.id, number.version, main.current.digest, unsealed))
