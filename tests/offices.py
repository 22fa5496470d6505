"""Sample offices to test on, over each engine, and the real keys and files that a flow through them needs."""

from __future__ import annotations

import functools
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import typst
from sqlalchemy import Dialect, Engine, select, text

from docclient.demonstration.authority import Authority, Issued
from docclient.demonstration.sample_office import load_sample_office
from docclient.desk.drafting import begin_draft
from docclient.desk.signing_desk import number_and_seal, sign_queued
from docclient.desk.workplace import put_file
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.deadlines import AskForExtension
from docclient.office.commands.incoming import DirectIncoming, FinishIncoming, RegisterIncoming
from docclient.office.commands.issuing import IssueOutgoing
from docclient.office.commands.outgoing import ApproveContent, ApproveFormat, DraftAnswer, SubmitDraft
from docclient.office.commands.people import AddTrust, RegisterCertificate, TrustKind
from docclient.office.commands.recalling import MarkPaperReceived
from docclient.office.door import Office, Receipt
from docclient.office.engine import OfficeEngine
from docclient.office.model import DocumentId, Handler, PersonId, today
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.office.queries.documents import SigningQueue
from docclient.store import tables
from docclient.store.place import Place, place
from signing.keys import Key
from signing.tokens.pkcs12 import open_key_file
from tests.postgresql import Server

PEOPLE = ("administrator", "chairman", "vice_chairman", "chief_of_office", "clerk", "head_economy", "officer_economy",
          "officer_culture_society")
PASSWORD = b"test password"

LETTER = """
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))
#set text(font: "Liberation Serif", size: 13pt)
#grid(columns: (1fr, 1.3fr), align: center,
  [UBND TỈNH \\ *ỦY BAN NHÂN DÂN* \\ *XÃ TÂN HIỆP*],
  [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM* \\ *Độc lập - Tự do - Hạnh phúc*])
#v(4mm)
#grid(columns: (1fr, 1.3fr), align: center,
  [Số: @NUMBER@/UBND-KT], [_Tân Hiệp, ngày @DAY@ tháng @MONTH@ năm @YEAR@_])
#v(12mm)
#align(center)[Kính gửi: Sở Nội vụ tỉnh]
#v(4mm)
@BODY@
#v(10mm)
#grid(columns: (1fr, 1.2fr),
  [#text(size: 12pt)[*_Nơi nhận:_*] \\ #text(size: 11pt)[- Như trên; \\ - Lưu: VT, KT.]],
  align(center)[*TM. ỦY BAN NHÂN DÂN* \\ *CHỦ TỊCH* #v(32mm) *Người Ký Mẫu*])
"""


@dataclass(slots=True)
class Material:
    """Made once per test run: an authority, keys, and PDFs. folder: where they lie."""

    folder: Path
    authority: Authority
    issued: Mapping[str, Issued]
    draft: Path
    letters: list[Path] = field(default_factory=list)

    @classmethod
    def make(cls, folder: Path) -> Material:
        authority = Authority.make("Cơ quan chứng thực thử nghiệm")
        issued = {
            "chairman": authority.issue_person("Chủ tịch UBND xã", organisation="UBND xã Tân Hiệp"),
            "vice_chairman": authority.issue_person("Phó Chủ tịch UBND xã", organisation="UBND xã Tân Hiệp"),
            "agency": authority.issue_agency("Ủy ban nhân dân xã Tân Hiệp"),
            "sender": authority.issue_agency("Sở Nội vụ tỉnh"),
        }
        for name, each in issued.items():
            each.save_pkcs12(folder / f"{name}.p12", PASSWORD)
        made = cls(folder, authority, issued, folder / "draft.pdf")
        made.letter("Thực hiện yêu cầu của Sở Nội vụ, Ủy ban nhân dân xã báo cáo kết quả như sau.", made.draft)
        return made

    def letter(self, body: str, target: Path, *, number: str = "#h(12mm)", day: str = "#h(9mm)",
               month: str = "#h(9mm)") -> Path:
        """A one-page official letter; number, day and month blank unless given."""
        text = (LETTER.replace("@BODY@", body).replace("@YEAR@", str(today().year)).replace("@NUMBER@", number)
                .replace("@DAY@", day).replace("@MONTH@", month))
        source = target.with_suffix(".typ")
        source.write_text(text, encoding="utf-8")
        typst.compile(source, output=target, font_paths=[str(Path("resources/fonts").absolute())],
                      ignore_system_fonts=True)
        return target

    def key(self, name: str) -> Key:
        return open_key_file(self.folder / f"{name}.p12", bytearray(PASSWORD))


KEPT_NUMBERS = frozenset({"123", "1", "101", "201"})
"""With these numbers tests begin: such letters are brought from a kept office, others led through every step."""

COPYING = " STRATEGY FILE_COPY"
"""How PostgreSQL copies a template: its default way (block by block, through its log) takes four times as long."""

Step = Callable[..., DocumentView]


def seen_by(slug: str) -> Callable[[Step], Step]:
    """A step of the flow that ends with what this person sees. In an office in which nothing has been done yet, and
    with one of the usual numbers, the office is brought to where it would end from one that has gone there before."""

    def decorate(step: Step) -> Step:
        @functools.wraps(step)
        def reached(office: OfficeToTest, number: str = "123", **choices: Any) -> DocumentView:
            if choices or number not in KEPT_NUMBERS or office.snapshots is None or not office.untouched:
                return step(office, number, **choices)
            return office.view(slug, office.snapshots.bring(office, step, number))

        return reached

    return decorate


@dataclass(slots=True)
class OfficeToTest:
    """A sample office of its own for one test. `door("clerk")` enters as that person of the sample.

    snapshots: where offices further on come from. patched: whether the test has changed the program, so that its steps
    must be gone. beginning: the state of the office as it was made.
    """

    engine: OfficeEngine
    place: Place
    material: Material
    snapshots: Snapshots | None = None
    patched: Callable[[], bool] = field(default=bool, repr=False)
    beginning: object = field(default=None, repr=False)

    @property
    def untouched(self) -> bool:
        """Nothing has been written since it was made, inside commands or beside them."""
        self.engine.views.settle()
        return not self.patched() and self.beginning == state_of(self)

    def person(self, slug: str) -> PersonId:
        with self.engine.reading() as work:
            return work.connection.execute(
                select(tables.person.c.id).where(tables.person.c.account == ACCOUNTS[slug])).scalar_one()

    def door(self, slug: str) -> Office:
        return self.engine.enter(self.person(slug))

    def view(self, slug: str, document: DocumentId) -> DocumentView:
        return self.door(slug).ask(DocumentPage(document))

    # --- steps of the flow, each by whoever does it in the office ------------------------------------------------

    @seen_by("clerk")
    def received(self, number: str = "123", *, file: Path | None = None, sender: str = "H99.07") -> DocumentView:
        clerk = self.door("clerk")
        pdf = put_file(clerk, file or self.material.draft)
        packet = clerk.put(f"packet {number} {uuid.uuid4()}".encode())
        receipt = clerk.do(ReceivePacket(
            transport_id=f"in-{number}", packet=packet, sender_code=sender, sender_name="Sở Nội vụ tỉnh",
            exchange_id=f"{sender},2026/03/05,{number}/SNV-VP", type_name="Công văn",
            subject="V/v báo cáo công tác văn thư", files=(ReceivedFile("cong-van.pdf", pdf, "application/pdf"),),
            code_number=number, code_notation="SNV-VP", issued_date=date(2026, 3, 5), issued_place="Phú An"))
        return self.view("clerk", document_of(receipt))

    @seen_by("clerk")
    def registered(self, number: str = "123", *, leader: str = "chairman") -> DocumentView:
        view = self.received(number)
        self.door("clerk").do(registration(view, self.person(leader)))
        return self.view("clerk", view.document.id)

    @seen_by("officer_economy")
    def directed(self, number: str = "123", *, lead: str = "officer_economy",
                 words: str = "Tham mưu trả lời") -> DocumentView:
        view = self.registered(number)
        self.door("chairman").do(DirectIncoming(
            view.document.id, view.document.version, Handler("person", self.person(lead)), words=words))
        return self.view(lead, view.document.id)

    @seen_by("clerk")
    def unpresented(self, number: str = "123") -> DocumentView:
        """Registered; it waits to be presented."""
        view = self.received(number)
        self.door("clerk").do(registration(view, None))
        return self.view("clerk", view.document.id)

    @seen_by("head_economy")
    def directed_to_head(self, number: str = "123") -> DocumentView:
        """At the head of a unit, who may pass it on; the vice chairman is to be informed."""
        view = self.registered(number)
        self.door("chairman").do(DirectIncoming(
            view.document.id, view.document.version, Handler("person", self.person("head_economy")),
            informed=(Handler("person", self.person("vice_chairman")),)))
        return self.view("head_economy", view.document.id)

    @seen_by("officer_economy")
    def more_time_asked(self, number: str = "123") -> DocumentView:
        """The officer has asked the chairman for more time; its paper lies with the clerk."""
        view = self.directed(number)
        self.door("officer_economy").do(AskForExtension(
            view.document.id, view.document.version, today() + timedelta(days=30), "Chờ số liệu"))
        self.door("clerk").do(MarkPaperReceived(view.document.id, view.document.version + 1))
        return self.view("officer_economy", view.document.id)

    @seen_by("officer_economy")
    def finished(self, number: str = "123") -> DocumentView:
        view = self.directed(number)
        self.door("officer_economy").do(FinishIncoming(view.document.id, view.document.version, "Đã trả lời"))
        return self.view("officer_economy", view.document.id)

    @seen_by("officer_economy")
    def drafted(self, number: str = "123") -> DocumentView:
        """An answer with its prepared file, at the officer's."""
        view = self.directed(number)
        receipt = begin_draft(self.door("officer_economy"), DraftAnswer(
            view.document.id, view.document.version, "Công văn", "V/v báo cáo kết quả", self.person("chairman"),
            ("H99.07",)), self.material.draft)
        return self.view("officer_economy", document_of(receipt))

    @seen_by("head_economy")
    def submitted(self, number: str = "123") -> DocumentView:
        """An answer at the head of the unit."""
        view = self.drafted(number)
        self.door("officer_economy").do(SubmitDraft(view.document.id, view.document.version))
        return self.view("head_economy", view.document.id)

    @seen_by("chief_of_office")
    def content_checked(self, number: str = "123") -> DocumentView:
        """An answer at the chief of office."""
        view = self.submitted(number)
        self.door("head_economy").do(ApproveContent(view.document.id, view.document.version))
        return self.view("chief_of_office", view.document.id)

    @seen_by("chairman")
    def queued(self, number: str = "123") -> DocumentView:
        """An answer in the chairman's signing queue."""
        view = self.content_checked(number)
        self.door("chief_of_office").do(ApproveFormat(view.document.id, view.document.version))
        return self.view("chairman", view.document.id)

    @seen_by("chairman")
    def signed(self, number: str = "123") -> DocumentView:
        view = self.queued(number)
        chairman = self.door("chairman")
        mine = [each for each in chairman.ask(SigningQueue()) if each.document.id == view.document.id]
        (result,) = sign_queued(chairman, mine, self.material.key("chairman"))
        if result.trouble is not None:
            raise result.trouble
        return self.view("chairman", view.document.id)

    @seen_by("clerk")
    def sealed(self, number: str = "123") -> DocumentView:
        view = self.signed(number)
        number_and_seal(self.door("clerk"), view.document.id, self.material.key("agency"))
        return self.view("clerk", view.document.id)

    @seen_by("clerk")
    def issued(self, number: str = "123") -> DocumentView:
        view = self.sealed(number)
        self.door("clerk").do(IssueOutgoing(view.document.id, view.document.version))
        return self.view("clerk", view.document.id)


ACCOUNTS = {
    "administrator": "quantri", "chairman": "chutich", "vice_chairman": "phochutich",
    "chief_of_office": "chanhvanphong", "clerk": "vanthu", "head_economy": "truongphong.kt",
    "officer_economy": "chuyenvien.kt", "officer_culture_society": "chuyenvien.vhxh",
}


def document_of(receipt: Receipt) -> DocumentId:
    assert receipt.document is not None
    return receipt.document


def registration(view: DocumentView, leader: PersonId | None) -> RegisterIncoming:
    document = view.document
    assert document.issued_date is not None
    return RegisterIncoming(
        document.id, document.version, document.type_name, document.code_number or "", document.code_notation or "",
        document.issued_date, document.issuer_name or "", document.subject, leader=leader)


# --- one office made once per engine, copied for each test ----------------------------------------------------------


@dataclass(slots=True)
class Snapshots:
    """`sqlite` copies a folder; `postgresql` copies a template database. Both copy the bytes. spoken: per engine, the
    dialect that its offices share and what was compiled for it.

    Besides the office as it is founded, offices further on are kept, each made when first asked for from the one before
    it by really going the step. Bytes are copied and not linked: tests damage them.
    """

    folder: Path
    material: Material
    server: Server | None = None
    reached: dict[str, DocumentId] = field(default_factory=dict)
    spoken: dict[str, tuple[Dialect, dict[Any, Any]]] = field(default_factory=dict)

    def make(self, engine: str, *, patched: Callable[[], bool] = bool) -> OfficeToTest:
        master = self.folder / f"master-{engine}"
        if not master.exists():
            self._found(engine, master)
        name = f"office_{uuid.uuid4().hex[:12]}"
        copy = self.folder / name
        shutil.copytree(master, copy)
        if engine == "postgresql":
            assert self.server is not None
            self.server.run(f"CREATE DATABASE {name} TEMPLATE master{COPYING}")
            at = place(self.server.url(name, copy / "blobs"))
        else:
            at = place(str(copy))
        made = OfficeToTest(OfficeEngine.open(at), at, self.material, self, patched)
        self._share_statements(engine, made.engine.database)
        made.beginning = state_of(made)
        return made

    def bring(self, office: OfficeToTest, step: Step, number: str) -> DocumentId:
        """Make of `office`, in which nothing has been done, one in which `step` has been gone with this number.
        Doors and programs that are open there stay open. Gives the document."""
        engine = "sqlite" if office.place.embedded else "postgresql"
        name = f"master_{step.__name__}_{number}"
        kept = self.folder / f"{name}-{engine}"
        if kept.name not in self.reached:
            ahead = self.make(engine)
            document = step(ahead, number).document.id
            ahead.engine.close()
            ahead.place.blobs.parent.rename(kept)
            if not ahead.place.embedded and self.server is not None:
                self.server.run(f"ALTER DATABASE {ahead.place.database.database} RENAME TO {name}")
            self.reached[kept.name] = document
        shutil.copytree(kept / "blobs", office.place.blobs, dirs_exist_ok=True)
        office.engine.database.dispose()
        if office.place.database_file is not None:
            with closing(sqlite3.connect(kept / "office.db")) as there, \
                    closing(sqlite3.connect(office.place.database_file)) as here:
                here.execute("PRAGMA synchronous=OFF")
                there.backup(here)
        elif self.server is not None:
            self.server.run(f"DROP DATABASE {office.place.database.database} WITH (FORCE)")
            self.server.run(f"CREATE DATABASE {office.place.database.database} TEMPLATE {name}{COPYING}")
        return self.reached[kept.name]

    def drop(self, office: OfficeToTest) -> None:
        office.engine.close()
        shutil.rmtree(office.place.blobs.parent, ignore_errors=True)
        if not office.place.embedded and self.server is not None:
            self.server.run(f"DROP DATABASE {office.place.database.database} WITH (FORCE)")

    def _share_statements(self, engine: str, database: Engine) -> None:
        """What SQLAlchemy has compiled for one office it need not compile for the next: a statement's text hangs on
        the dialect alone. By itself each Engine begins with nothing, and most of a short test goes into compiling."""
        dialect, compiled = self.spoken.setdefault(engine, (database.dialect, {}))
        database.dialect = dialect
        database.update_execution_options(compiled_cache=compiled)

    def _found(self, engine: str, master: Path) -> None:
        if engine == "postgresql":
            assert self.server is not None
            self.server.run("CREATE DATABASE master")
            at = place(self.server.url("master", master / "blobs"))
        else:
            at = place(str(master))
        sample = load_sample_office(at)
        office = sample.administrator
        trusted = ((TrustKind.ANCHOR, self.material.authority.anchor_der),
                   (TrustKind.INTERMEDIATE, self.material.authority.issuing_der),
                   *((TrustKind.CRL, each) for each in self.material.authority.crl()))
        for kind, content in trusted:
            office.do(AddTrust(kind, office.put(content), "thử nghiệm"))
        for owner in ("chairman", "vice_chairman"):
            certificate = office.put(self.material.issued[owner].certificate_der)
            office.do(RegisterCertificate(certificate, sample.people[owner]))
        office.do(RegisterCertificate(office.put(self.material.issued["agency"].certificate_der)))
        sample.engine.close()


def state_of(office: OfficeToTest) -> object:
    """Differs as soon as anything has been written into the office's database."""
    file = office.place.database_file
    if file is not None:
        log = file.with_name(f"{file.name}-wal")
        return (file.stat().st_size, file.stat().st_mtime_ns, log.stat().st_size if log.exists() else 0)
    with office.engine.reading() as work:
        counted = " UNION ALL ".join(
            f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}"
            for name in sorted(tables.metadata.tables))
        return [tuple(row) for row in work.connection.execute(text(counted))]
