"""The main job without a person: one document all the way through the office, and one sheet of paper into it.

Works through the same door and desk as the window. Every result is left in a folder, with `summary.json`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from docclient.demonstration.authority import Authority
from docclient.demonstration.material import sample_letters, worn_page_image, write_draft_answer
from docclient.demonstration.neighbours import Sender
from docclient.demonstration.record import Record, must
from docclient.demonstration.sample_office import SampleOffice, load_sample_office, trust_authority
from docclient.demonstration.tokens import SoftTokens, make_tokens
from docclient.desk.drafting import begin_draft, put_draft
from docclient.desk.paper import register_paper, take_in_paper
from docclient.desk.post import fetch_post, send_post
from docclient.desk.printing import export_register_of, print_register_of, print_slip_of
from docclient.desk.signing_desk import Outcome, number_and_seal, sign_queued
from docclient.desk.workplace import fetch_file, workplace
from docclient.exchange.transports.folder import FolderTransport
from docclient.office.checking import check_office
from docclient.office.commands.incoming import DirectIncoming, FinishIncoming
from docclient.office.commands.issuing import IssueOutgoing
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, DraftAnswer, ReturnDraft
from docclient.office.commands.people import RegisterCertificate
from docclient.office.door import Offer, Office, Receipt
from docclient.office.model import DocumentId, Handler, State, today
from docclient.office.queries.document_page import DocumentPage, DocumentView, OffersOn
from docclient.office.queries.documents import SigningQueue
from docclient.office.queries.office import AboutOffice, Registers
from docclient.office.registry import from_json, rule_for
from docclient.store.place import place
from docclient.tools.libreoffice import convert_to_pdf
from signing.report import Conclusion
from signing.trust import TrustStore
from signing.verify import verify_file

PICTURES_DEADLINE_S = 90

MORE_MAIL = (
    ("1251", f"tổng kiểm tra công tác văn thư, lưu trữ năm {today().year}"),
    ("1263", "tiến độ số hóa tài liệu lưu trữ lĩnh vực đất đai"),
    ("1270", "rà soát danh mục hồ sơ đến hạn nộp lưu"),
    ("1282", "cử công chức tham dự lớp bồi dưỡng nghiệp vụ văn thư"),
    ("1290", "kết quả gửi, nhận văn bản điện tử quý IV"),
)


@dataclass(slots=True)
class Demonstration:
    folder: Path
    record: Record
    pictures: bool = True
    authority: Authority = field(init=False)
    trust: TrustStore = field(init=False)
    sample: SampleOffice = field(init=False)
    tokens: SoftTokens = field(init=False)
    transport: FolderTransport = field(init=False)
    sender: Sender = field(init=False)

    def run(self) -> None:
        """Raises: StepFailed at the first step that does not hold."""
        self.make_office()
        incoming = self.receive()
        self.register_and_direct(incoming)
        answer = self.draft_and_check(incoming)
        self.sign(answer)
        self.number_seal_issue(answer)
        self.finish(incoming, answer)
        self.paper()
        self.print_books(incoming)
        self.leave_work()
        if self.pictures:
            self.take_pictures()
        self.check()

    # --- the parts ---------------------------------------------------------------------------------------------

    def make_office(self) -> None:
        with self.record.step("make the sample office"):
            self.sample = load_sample_office(place(str(self.folder / "office")))
        with self.record.step("make an authority and soft tokens"):
            self.authority = Authority.make("Cơ quan chứng thực trình diễn")
            self.authority.save(self.folder / "trust")
            agency = self.sample.administrator.ask(AboutOffice()).agency_name
            self.tokens = make_tokens(self.folder / "tokens", self.authority, agency)
            administrator = self.sample.administrator
            trust_authority(administrator, self.authority)
            certificate = administrator.put(self.tokens.leader.issued.certificate_der)
            administrator.do(RegisterCertificate(certificate, self.sample.people["chairman"]))
            agency_certificate = administrator.put(self.tokens.agency.issued.certificate_der)
            administrator.do(RegisterCertificate(agency_certificate))
            self.trust = TrustStore.load([self.folder / "trust" / "root.pem", self.folder / "trust" / "issuing.pem"],
                                         [self.folder / "trust"], standard=False)
            self.transport = FolderTransport(self.folder / "exchange" / "inbox", self.folder / "exchange" / "outbox")

    def receive(self) -> DocumentId:
        letters = sample_letters()
        with self.record.step("another office signs and sends a packet"):
            self.sender = Sender.make(letters.incoming_request, self.authority, self.folder / "sender", self.trust)
            letter = self.sender.folder / "letter.pdf"
            convert_to_pdf(letters.incoming_request.path, letter)
            pdf = self.sender.signed_letter(letter)
            packet = self.sender.send(letters.incoming_request, pdf, self.transport.inbox)
            self.record.keep(copied(packet, self.folder / "received.edxml"), "received packet")
        with self.record.step("fetch the packet and verify its signatures") as step:
            document = document_of(self.fetch_one())
            view = self.view("clerk", document)
            must(view.document.state is State.WAITING_RECEIPT, "waiting to be received")
            received = self.keep_file("clerk", view, "received.pdf", "received document", signed=2)
            step["detail"] = f"{len(view.files)} files; {received.stat().st_size} bytes"
        return document

    def register_and_direct(self, document: DocumentId) -> None:
        with self.record.step("the clerk registers and presents it") as step:
            receipt = self.give("clerk", document, "RegisterIncoming")
            must(receipt.number == "1", "the first number of the year")
            step["detail"] = f"số đến {receipt.number}"
        with self.record.step("the leader directs"):
            view = self.view("chairman", document)
            people = self.sample.people
            self.door("chairman").do(DirectIncoming(
                document, view.document.version, Handler("person", people["officer_economy"]),
                helping=(Handler("person", people["officer_culture_society"]),),
                informed=(Handler("person", people["vice_chairman"]),),
                words="Giao Phòng Kinh tế chủ trì tham mưu văn bản trả lời đúng hạn.", due_date=view.document.due_date))

    def draft_and_check(self, incoming: DocumentId) -> DocumentId:
        officer = self.door("officer_economy")
        with self.record.step("the officer drafts the answer (.docx to PDF, fields on the page)"):
            draft = write_draft_answer(self.folder / "draft.docx", year=today().year)
            self.record.keep(draft, "draft")
            view = self.view("officer_economy", incoming)
            begun = begin_draft(officer, DraftAnswer(
                incoming, view.document.version, "Công văn", "V/v " + sample_letters().draft_answer.subject,
                self.sample.people["chairman"], ("H99.07", "H99")), draft)
            answer = document_of(begun)
            self.keep_file("officer_economy", self.view("officer_economy", answer), "prepared.pdf", "prepared PDF")
        with self.record.step("the content check returns it once, then approves"):
            self.give("officer_economy", answer, "SubmitDraft")
            head = self.view("head_economy", answer)
            self.door("head_economy").do(
                ReturnDraft(answer, head.document.version, "Bổ sung mốc thời gian hoàn thành."))
            view = self.view("officer_economy", answer)
            must(view.document.state is State.DRAFT, "back at the drafter")
            put_draft(officer, answer, view.document.version, draft)
            self.give("officer_economy", answer, "SubmitDraft")
            self.door("head_economy").do(ApproveContent(answer, self.view("head_economy", answer).document.version))
        with self.record.step("the format check approves"):
            chief = self.view("chief_of_office", answer)
            self.door("chief_of_office").do(ApproveFormat(answer, chief.document.version))
        return answer

    def sign(self, answer: DocumentId) -> None:
        with self.record.step("the leader signs with the token"):
            chairman = self.door("chairman")
            queue = chairman.ask(SigningQueue())
            must([each.document.id for each in queue] == [answer], "one document in the queue")
            key = self.tokens.leader.open()
            try:
                with workplace() as kept:      # nothing of a demonstration is to be gone on with later
                    (result,) = sign_queued(chairman, queue, key, keep=kept)
            finally:
                key.close()
            if result.trouble is not None:
                raise result.trouble
            must(result.outcome is Outcome.RETURNED, "returned to the office")
            self.keep_file("chairman", self.view("chairman", answer), "signed.pdf", "signed PDF", signed=1)

    def number_seal_issue(self, answer: DocumentId) -> None:
        clerk = self.door("clerk")
        with self.record.step("the clerk numbers, dates and seals with the agency's token, in one revision") as step:
            key = self.tokens.agency.open()
            try:
                number_and_seal(clerk, answer, key)
            finally:
                key.close()
            view = self.view("clerk", answer)
            step["detail"] = view.document.number_and_symbol
            self.keep_file("clerk", view, "issued.pdf", "issued PDF", signed=2)
            report = view.main_file().current.report if view.main_file() else None   # type: ignore[union-attr]
            changes = report["signatures"][0]["changes_after"] if report else []
            must("form_filling" in {each["kind"] for each in changes} and all(each["allowed"] for each in changes),
                 "the leader's signature holds, changed by form filling only")
        with self.record.step("issued; packets and statuses leave"):
            clerk.do(IssueOutgoing(answer, self.view("clerk", answer).document.version))
            posted = send_post(clerk, self.transport)
            must(all(each.sent for each in posted), "everything was sent")
            sent = self.keep_sent()
        with self.record.step("the recipient acknowledges"):
            for path in sent:
                if path.name == "sent-document-H99.07.edxml":
                    self.sender.answer_with_statuses(path, self.transport.inbox)
            self.fetch_all()
            delivery = next(each for each in self.view("clerk", answer).deliveries if each.agency_code == "H99.07")
            must([each.code for each in delivery.statuses] == ["01", "03"], "arrived and accepted")

    def finish(self, incoming: DocumentId, answer: DocumentId) -> None:
        with self.record.step("the incoming document is finished, linked to its answer"):
            view = self.view("officer_economy", incoming)
            receipt = self.door("officer_economy").do(FinishIncoming(incoming, view.document.version))
            must(receipt.facts.get("answer") == answer, "linked to its answer")
            send_post(self.door("clerk"), self.transport)
            self.keep_sent()
            codes = sorted(path.stem.split("-")[2] for path in self.folder.glob("sent-status-*.edxml"))
            must(codes == ["01", "03", "04", "05", "06"], f"statuses {codes}")

    def paper(self) -> None:
        clerk = self.door("clerk")
        with self.record.step("a sheet of paper is scanned askew"):
            letter = self.folder / "paper-letter.pdf"
            convert_to_pdf(sample_letters().paper_letter.path, letter)
            worn = worn_page_image(letter, self.folder / "scan.jpg", seed=7)
            self.record.keep(worn.path, "scanner image")
        with self.record.step("digitised: upright, clean, read, PDF/A, fields proposed") as step:
            document = document_of(take_in_paper(clerk, [worn.path]))
            view = self.view("clerk", document)
            fields = view.proposed_fields or {}
            found = {name: fields[name]["value"] for name in
                     ("code_number", "code_notation", "issued_date", "organ_name", "subject")}
            must(all(found.values()), f"number, symbol, date, issuer and subject proposed: {sorted(found)}")
            step["detail"] = f"{found['code_number']}/{found['code_notation']}, {found['issued_date']}"
        with self.record.step("the clerk confirms; the agency signs the copy; registered") as step:
            key = self.tokens.agency.open()
            try:
                receipt = register_paper(clerk, document, self.confirmed(document), key)
            finally:
                key.close()
            assert receipt is not None     # nobody was asked about the certificate
            must(receipt.number == "2", "the next number of the year")
            step["detail"] = f"số đến {receipt.number}"
            self.keep_file("clerk", self.view("clerk", document), "digitised.pdf", "digitised PDF", signed=1)

    def print_books(self, incoming: DocumentId) -> None:
        with self.record.step("registers and the handling slip are printed"):
            clerk = self.door("clerk")
            for register in clerk.ask(Registers()):
                if register.last_number:
                    name = f"register-{register.kind}"
                    self.record.keep(print_register_of(clerk, register.id, self.folder / f"{name}.pdf"), "register")
                    self.record.keep(export_register_of(clerk, register.id, self.folder / f"{name}.xlsx"), "register")
            self.record.keep(print_slip_of(clerk, incoming, self.folder / "handling-slip.pdf"), "handling slip")

    def leave_work(self) -> None:
        """More mail, so that whoever opens the office finds something to do."""
        letter = sample_letters().incoming_request
        with self.record.step("more mail arrives; three answers wait for the signature"):
            pdf = self.sender.folder / "sealed.pdf"
            for number, subject in MORE_MAIL:
                self.sender.send(letter, pdf, self.transport.inbox, number=number, subject=subject)
            documents = [document_of(each) for each in self.fetch_all()]
            must(len(documents) == len(MORE_MAIL), "every packet is a document")
            draft = self.folder / "draft.pdf"
            convert_to_pdf(self.folder / "draft.docx", draft)
            for document, (_, subject) in zip(documents[:3], MORE_MAIL, strict=False):
                self.give("clerk", document, "RegisterIncoming")
                self.answer_up_to_the_queue(document, f"V/v báo cáo {subject}", draft)
            self.give("clerk", documents[3], "RegisterIncoming")
            scan = worn_page_image(self.folder / "paper-letter.pdf", self.folder / "scan-waiting.jpg", seed=8)
            take_in_paper(self.door("clerk"), [scan.path])

    def answer_up_to_the_queue(self, document: DocumentId, subject: str, draft: Path) -> None:
        view = self.view("chairman", document)
        self.door("chairman").do(DirectIncoming(
            document, view.document.version, Handler("person", self.sample.people["officer_economy"]),
            words="Tham mưu báo cáo.", due_date=view.document.due_date))
        view = self.view("officer_economy", document)
        answer = document_of(begin_draft(self.door("officer_economy"), DraftAnswer(
            document, view.document.version, "Công văn", subject, self.sample.people["chairman"], ("H99.07",)), draft))
        for slug, command in (("officer_economy", "SubmitDraft"), ("head_economy", "ApproveContent"),
                              ("chief_of_office", "ApproveFormat")):
            self.give(slug, answer, command)

    def take_pictures(self) -> None:
        """The window draws its screens in a process of its own: this floor knows no Qt."""
        with self.record.step("five screens are pictured"):
            out = self.folder / "screens"
            finished = subprocess.run(
                [sys.executable, "-m", "ui.pictures", "--office", str(self.folder / "office"), "--out", str(out)],
                capture_output=True, text=True, timeout=PICTURES_DEADLINE_S, check=False)
            pictures = sorted(out.glob("*.png"))
            must(finished.returncode == 0 and len(pictures) >= 5,
                 f"ui.pictures ended with {finished.returncode}: {finished.stderr.strip()[-300:]}")
            for picture in pictures:
                self.record.keep(picture, "screen")

    def check(self) -> None:
        with self.record.step("the office checks itself"):
            result = check_office(self.sample.engine)
            self.record.journal = {"entries": result.entries, "head": result.head or "", "verified": result.whole}
            must(result.whole, "; ".join(f"{each.kind} {each.where}" for each in result.findings))

    # --- small moves -------------------------------------------------------------------------------------------

    def door(self, slug: str) -> Office:
        return self.sample.door(slug)

    def view(self, slug: str, document: DocumentId) -> DocumentView:
        return self.door(slug).ask(DocumentPage(document))

    def offer(self, slug: str, document: DocumentId, command: str) -> Offer:
        """What the office offers, as a button would: a command that is not offered is a failed step."""
        found = next((each for each in self.door(slug).ask(OffersOn(document)) if each.command == command), None)
        must(found is not None, f"{command} is offered")
        assert found is not None
        return found

    def give(self, slug: str, document: DocumentId, command: str) -> Receipt:
        """Press the offered button with the values it shows first."""
        offer = self.offer(slug, document, command)
        values = {ask.name: ask.default for ask in offer.fields if ask.default is not None}
        return self.door(slug).do(from_json(rule_for(command).command,
                                            {**values, "document": offer.document, "version": offer.version}))

    def confirmed(self, document: DocumentId) -> dict[str, object]:
        offer = self.offer("clerk", document, "RegisterPaper")
        return {"version": offer.version, **{ask.name: ask.default for ask in offer.fields if ask.default is not None}}

    def fetch_one(self) -> Receipt:
        (receipt,) = self.fetch_all()
        return receipt

    def fetch_all(self) -> list[Receipt]:
        """Two looks: a folder's file is taken only when it has stopped changing."""
        self.transport.list()
        receipts = []
        for each in fetch_post(self.door("clerk"), self.transport):
            if each.trouble is not None:
                raise each.trouble
            assert each.receipt is not None
            receipts.append(each.receipt)
        return receipts

    def keep_sent(self) -> list[Path]:
        """The packets of the outbox under names that say what they are."""
        from docclient.office.queries.office import Outbox

        kept = []
        for item in self.door("clerk").ask(Outbox(states=("sent",))):
            kind = f"sent-status-{item.status_code}" if item.kind == "status" else "sent-document"
            path = self.folder / f"{kind}-{item.recipient_code}.edxml"
            if not path.exists():
                copied(self.transport.outbox / f"{item.id}.edxml", path)
                kept.append(self.record.keep(path, "sent status" if item.kind == "status" else "sent packet"))
        return kept

    def keep_file(self, slug: str, view: DocumentView, name: str, what: str, *, signed: int = 0) -> Path:
        """Copy the current version out and, where signed, verify the copy anew."""
        main = view.main_file()
        must(main is not None, f"{what} is there")
        assert main is not None
        path = self.record.keep(fetch_file(self.door(slug), main.current.digest, self.folder / name), what)
        if signed:
            report = verify_file(path, self.trust)
            self.record.keep_verdicts(path, report)
            must(report.conclusion is Conclusion.VALID and len(report.signatures) == signed,
                 f"{name}: {report.conclusion.value}, {report.reason}, {len(report.signatures)} signatures")
        return path


def copied(source: Path, target: Path) -> Path:
    shutil.copy(source, target)
    return target


def document_of(receipt: Receipt) -> DocumentId:
    assert receipt.document is not None
    return receipt.document
