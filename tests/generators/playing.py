"""Playing a year of mail through an office's door, and laying the office's registers beside the generator's books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from docclient.desk.drafting import finish_draft, propose_draft
from docclient.desk.signing_desk import number_and_seal
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.deadlines import ExtendDeadline
from docclient.office.commands.entering import EnterIncoming
from docclient.office.commands.incoming import (
    AcceptWork,
    DirectIncoming,
    FinishIncoming,
    KeepForReference,
    MarkRead,
    PresentIncoming,
    RegisterIncoming,
    ReturnIncoming,
)
from docclient.office.commands.issuing import IssueOutgoing, NumberOutgoing
from docclient.office.commands.outgoing import (
    ApproveContent,
    ApproveFormat,
    CancelDraft,
    PutDraftFile,
    ReturnDraft,
    SignOutgoing,
    StartDraft,
    SubmitDraft,
)
from docclient.office.commands.people import AddAgency
from docclient.office.door import Command, Office, Receipt
from docclient.office.model import Channel, Digest, DocumentId, Handler, Urgency, WaitKind
from docclient.office.queries.documents import WaitingForMe
from docclient.office.queries.office import RegisterPage, Registers
from signing.sign import Role, SigningRequest, sign_pdf
from tests.generators import writing
from tests.generators.clock import playing_from
from tests.generators.year_of_mail import FIRST_DAY, OFFICERS, Act, YearOfMail, last_evening
from tests.offices import ACCOUNTS, Material, OfficeToTest

PEOPLE = ("administrator", "clerk", "chairman", "vice_chairman", "chief_of_office", "officer_office", *OFFICERS,
          *OFFICERS.values())
ACCOUNTS_TOO = {"officer_office": "chuyenvien.vp", "head_culture_society": "truongphong.vhxh",
                "officer_service_centre": "chuyenvien.pvhcc", "head_service_centre": "giamdoc.pvhcc"}


@dataclass(frozen=True, slots=True)
class Papers:
    """Real files that many documents share. signed_letter: of another office. The draft of each year, as PDF, with its
    fields, and signed by the chairman."""

    signed_letter: bytes
    pdf: dict[int, bytes]
    prepared: dict[int, bytes]
    signed: dict[int, bytes]


def make_papers(material: Material, folder: Path) -> Papers:
    """Made once; the signatures are real ones by keys of the test authority."""
    letter = material.letter("Đề nghị báo cáo công tác văn thư.", folder / "received.pdf", number="123", day="05",
                             month="3")
    sender = sign_pdf(letter, folder / "received-signed.pdf", material.key("sender"), SigningRequest()
                      ).target.read_bytes()
    pdf, prepared, signed = {}, {}, {}
    for year in (FIRST_DAY.year, FIRST_DAY.year + 1):
        with playing_from(datetime(year, 6, 1, tzinfo=UTC)):
            source = material.letter("Thực hiện yêu cầu, Ủy ban nhân dân xã báo cáo như sau.", folder / f"d{year}.pdf")
        work = folder / str(year)
        work.mkdir()
        made = finish_draft(propose_draft(source, work, seal_diameter_mm=36), work)
        pdf[year], prepared[year] = made.pdf.read_bytes(), made.prepared.read_bytes()
        signed[year] = sign_pdf(made.prepared, work / "signed.pdf", material.key("chairman"), SigningRequest(
            role=Role.PERSONAL)).target.read_bytes()
    return Papers(sender, pdf, prepared, signed)


@dataclass(slots=True)
class Known:
    """What the players know of a document: its identity and the version they saw last."""

    document: DocumentId
    version: int


@dataclass(slots=True)
class Playing:
    """office: the sample office, empty. After `play` every document of the year has gone its way."""

    office: OfficeToTest
    papers: Papers
    year: YearOfMail
    known: dict[int, Known] = field(default_factory=dict)
    doors: dict[str, Office] = field(default_factory=dict)
    given: Counter[str] = field(default_factory=Counter)

    def play(self) -> None:
        with playing_from(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC)) as clock:
            self.doors = {slug: self.office.engine.enter(self.office.engine.person(
                ACCOUNTS.get(slug) or ACCOUNTS_TOO[slug])) for slug in PEOPLE}
            for sender in writing.SENDERS:
                self.doors["administrator"].do(AddAgency(sender.code, sender.name))
            for act in self.year.acts:
                clock.go_to(act.at)
                receipt = ACTS[act.name](self, act)
                self.given[receipt.command] += 1
                assert receipt.document is not None and receipt.version is not None
                self.known[act.letter] = Known(receipt.document, receipt.version)
            clock.go_to(last_evening() - timedelta(seconds=1))
            self.compare()

    def give(self, act: Act, command: Command) -> Receipt:
        key = f"{act.letter}:{type(command).__name__}:{act.at.isoformat()}:{act.who}"
        return self.doors[act.who].do(command, key=key)

    def put(self, who: str, content: bytes) -> Digest:
        return self.doors[who].put(content)

    def person(self, slug: str) -> Handler:
        return Handler("person", self.doors[slug].me.person)

    # --- the books and the office ------------------------------------------------------------------------------

    def compare(self) -> None:
        """Raises AssertionError at the first difference."""
        self.compare_registers()
        self.compare_waiting()
        self.compare_documents()

    def compare_registers(self) -> None:
        clerk, letters = self.doors["clerk"], {known.document: letter for letter, known in self.known.items()}
        found = {}
        for register in clerk.ask(Registers()):
            rows, after = [], 0
            while True:
                page = clerk.ask(RegisterPage(register.id, after=after))
                rows += [(row.number, row.day, letters[row.document], row.columns) for row in page.rows]
                if page.next is None:
                    break
                after = page.next
            if rows:
                found[register.kind, register.year] = rows
        books = {key: lines for key, lines in self.year.books.registers.items() if lines}
        assert {key: len(rows) for key, rows in found.items()} == {key: len(lines) for key, lines in books.items()}
        for key, lines in books.items():
            mine = [(line.number, line.day, line.letter) for line in lines]
            assert [row[:3] for row in found[key]] == mine, f"the {key[0]} register of {key[1]}"
            for row, line in zip(found[key], lines, strict=True):
                assert any(line.subject in column for column in row[3]), (row, line)

    def compare_waiting(self) -> None:
        """Everybody's desk on the last evening, by the screen's own query."""
        letters = {known.document: letter for letter, known in self.known.items()}
        heads = {act.letter: OFFICERS[act.who] for act in self.year.acts if act.name == "draft"}
        roles = {"CLERK": "clerk", "CHIEF_OF_OFFICE": "chief_of_office"}
        for slug, door in self.doors.items():
            mine: Counter[tuple[int, str]] = Counter()
            for letter, waits in self.year.books.waiting.items():
                for who, kind in waits:
                    mine[letter, kind] += slug == (heads[letter] if who == "HEAD_OF_UNIT" else roles.get(who, who))
            expected = sorted(+mine)
            shown = []
            for kind in WaitKind:
                answer = door.ask(WaitingForMe(kinds=(kind,), limit=1_000))
                counted = answer.counts.get(kind, 0)
                known = [each for each in expected if each[1] == kind]
                assert counted == len(known), (slug, kind, counted, len(known))
                if counted <= 1_000:
                    shown += [(letters[row.document.id], str(row.kind)) for row in answer.rows]
                else:
                    shown += known
            assert sorted(shown) == expected, slug

    def compare_documents(self) -> None:
        with self.office.engine.reading() as work:
            states = {row.id: row.state for row in work.connection.exec_driver_sql("SELECT id, state FROM document")}
        assert states == {self.known[letter].document: state for letter, state in self.year.books.states.items()}


# --- one act each ----------------------------------------------------------------------------------------------------


def receive(playing: Playing, act: Act) -> Receipt:
    letter = playing.year.letters[act.letter]
    content = playing.papers.signed_letter if letter.pdf else b"the editable file of a letter"
    file = (ReceivedFile("van-ban.pdf", playing.put("clerk", content), "application/pdf") if letter.pdf else
            ReceivedFile("van-ban.docx", playing.put("clerk", content), "application/octet-stream"))
    packet = playing.put("clerk", f"packet of letter {act.letter}".encode())
    return playing.give(act, ReceivePacket(
        transport_id=f"t{act.letter}", packet=packet, sender_code=letter.sender.code, sender_name=letter.sender.name,
        exchange_id=f"{letter.sender.code},{letter.issued:%Y/%m/%d},{letter.number}/{letter.notation}",
        type_name=letter.type_name, subject=letter.subject, files=(file,), code_number=str(letter.number),
        code_notation=letter.notation, issued_date=letter.issued, issued_place="Phú An",
        urgency=Urgency(letter.urgency), due_date=letter.due))


def enter(playing: Playing, act: Act) -> Receipt:
    """By hand or post; without files, for nobody has scanned them."""
    letter = playing.year.letters[act.letter]
    return playing.give(act, EnterIncoming(
        Channel.HAND if act.letter % 2 else Channel.MAIL, letter.sender.name, letter.subject, letter.type_name,
        str(letter.number), letter.notation, letter.issued, letter.sender.code, Urgency(letter.urgency), letter.due,
        note="Một bì, nguyên niêm phong."))


def register(playing: Playing, act: Act) -> Receipt:
    letter, known, leader = playing.year.letters[act.letter], playing.known[act.letter], act.facts["leader"]
    return playing.give(act, RegisterIncoming(
        known.document, known.version, letter.type_name, str(letter.number), letter.notation, letter.issued,
        letter.sender.name, letter.subject, Urgency(letter.urgency), letter.due,
        playing.doors[leader].me.person if leader else None))


def direct(playing: Playing, act: Act) -> Receipt:
    known, facts = playing.known[act.letter], act.facts
    return playing.give(act, DirectIncoming(
        known.document, known.version, playing.person(facts["lead"]),
        tuple(playing.person(each) for each in facts["helping"]),
        tuple(playing.person(each) for each in facts["informed"]), facts["words"]))


def extend(playing: Playing, act: Act) -> Receipt:
    known, letter = playing.known[act.letter], playing.year.letters[act.letter]
    later = max(letter.due or act.day, act.day) + timedelta(days=act.facts["by_days"])
    return playing.give(act, ExtendDeadline(known.document, known.version, later, "Chờ số liệu của các thôn."))


def draft(playing: Playing, act: Act) -> Receipt:
    letter = playing.year.letters[act.letter]
    return playing.give(act, StartDraft(letter.type_name, letter.subject, playing.doors[act.facts["signer"]].me.person,
                                        (letter.sender.code,), urgency=Urgency(letter.urgency)))


def put(playing: Playing, act: Act) -> Receipt:
    known, year = playing.known[act.letter], act.day.year
    return playing.give(act, PutDraftFile(
        known.document, known.version, "du-thao.pdf", playing.put(act.who, playing.papers.pdf[year]),
        playing.put(act.who, playing.papers.prepared[year])))


def sign(playing: Playing, act: Act) -> Receipt:
    known, papers = playing.known[act.letter], playing.papers
    with playing.office.engine.reading() as work:
        newest = work.latest(known.document)
    assert newest is not None
    year = next(each for each, content in papers.prepared.items()
                if playing.put(act.who, content) == newest["digest"])
    return playing.give(act, SignOutgoing(known.document, known.version, newest["digest"],
                                          playing.put(act.who, papers.signed[year])))


def seal(playing: Playing, act: Act) -> Receipt:
    receipt = number_and_seal(playing.doors["clerk"], playing.known[act.letter].document,
                              playing.office.material.key("agency"))
    assert receipt is not None
    return receipt


def simple(command: type[Command], *facts: str) -> Callable[[Playing, Act], Receipt]:
    """A command of nothing but document, version and these facts."""
    def give(playing: Playing, act: Act) -> Receipt:
        known = playing.known[act.letter]
        return playing.give(act, command(known.document, known.version,  # type: ignore[call-arg]
                                         *(act.facts[name] for name in facts)))
    return give


def present(playing: Playing, act: Act) -> Receipt:
    known = playing.known[act.letter]
    return playing.give(act, PresentIncoming(known.document, known.version,
                                             playing.doors[act.facts["leader"]].me.person))


ACTS: dict[str, Callable[[Playing, Act], Receipt]] = {
    "receive": receive, "enter": enter,
    "register": register, "return": simple(ReturnIncoming, "reason"), "present": present,
    "direct": direct, "keep": simple(KeepForReference), "read": simple(MarkRead), "accept": simple(AcceptWork),
    "extend": extend, "finish": simple(FinishIncoming, "result"), "draft": draft, "put": put,
    "submit": simple(SubmitDraft), "approve_content": simple(ApproveContent), "approve_format": simple(ApproveFormat),
    "refuse": simple(ReturnDraft, "reason"), "cancel": simple(CancelDraft), "sign": sign,
    "number": simple(NumberOutgoing), "seal": seal, "issue": simple(IssueOutgoing)}
