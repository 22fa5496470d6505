"""Documents that begin: letters that come, drafts, what was signed on paper."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from docclient.office.changes import ChangeKind, Meant
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket, ReceivePaper
from docclient.office.commands.assigning import AssignDrafting
from docclient.office.commands.entering import EnterIncoming
from docclient.office.commands.issuing import SealAnnex
from docclient.office.commands.numbers import RegisterOutgoingPaper
from docclient.office.commands.outgoing import StartDraft
from docclient.office.commands.paper_words import CorrectWords, LearnedWord
from docclient.office.commands.sheet_rows import EnterAndRegister
from docclient.office.model import (
    Channel,
    Digest,
    DocumentId,
    FileKind,
    Handler,
    State,
    Step,
    Urgency,
    today,
)
from docclient.store import tables
from signing.sign import Role
from tests.generators import writing
from tests.machine.choosing import RECIPIENTS, TYPES, may_sign
from tests.machine.deeds.scene import NOBODY, Deed, Scene, deed

SENDER, SENDER_NAME = "H99.07", "Sở Nội vụ tỉnh"
DRAFTERS = ("officer_economy", "officer_culture_society", "head_economy", "chief_of_office")


@deed(ReceivePacket)
def receive_packet(here: Scene) -> Deed | None:
    """Now and then it updates or replaces what came before."""
    kind, content = writing.type_name(here.chance), here.fresh("letter ").encode()
    digest, packet = here.put("clerk", content), here.put("clerk", b"packet " + content)
    change, about = None, ()
    earlier = here.one(select(tables.document.c.exchange_id).where(
        tables.document.c.issuer_code == SENDER, tables.document.c.exchange_id.is_not(None)))
    if earlier is not None and here.chance.random() < 0.3:
        change, about = here.chance.choice((ChangeKind.UPDATE, ChangeKind.REPLACE)), (Meant(earlier),)
    return Deed("clerk", ReceivePacket(
        here.fresh("t"), packet, SENDER, SENDER_NAME, here.fresh(f"{SENDER},"), kind,
        writing.subject(here.chance, kind), (ReceivedFile("van-ban.docx", digest, "application/octet-stream"),),
        code_number=str(here.count), code_notation="SNV-VP", issued_date=today(), change=change, about=about),
        {"subject": "  ", "packet": Digest("0" * 64)})


@deed(ReceivePaper)
def receive_paper(here: Scene) -> Deed | None:
    pdf = here.put("clerk", here.bench.paper)
    read = {"subject": {"value": here.fresh("V/v quét giấy số ")}, "organ_name": {"value": "UBND xã Tân Bình"},
            "code_number": {"value": str(here.count)}, "code_notation": {"value": "UBND-GIAY"},
            "issued_date": {"value": today().isoformat()}}
    return Deed("clerk", ReceivePaper(here.fresh("ban-quet-") + ".pdf", pdf, read), {"pdf": Digest("0" * 64)})


@deed(EnterIncoming)
def enter_incoming(here: Scene) -> Deed | None:
    """A citizen's letter, with or without number and symbol."""
    bare = here.chance.random() < 0.5
    return Deed("clerk", EnterIncoming(
        here.chance.choice((Channel.MAIL, Channel.HAND)), here.fresh("Ông Nguyễn Văn "), here.fresh("Đơn đề nghị "),
        "Công văn", "" if bare else str(here.count), "" if bare else "CTY", None if bare else today(),
        urgency=here.chance.choice(list(Urgency)), note="bì còn nguyên", paper_follows=here.chance.random() < 0.3),
        {"channel": Channel.PACKET, "issuer_name": "", "subject": " ", "note": ""})


@deed(EnterAndRegister)
def enter_and_register(here: Scene) -> Deed | None:
    return Deed("clerk", EnterAndRegister(
        Channel.MAIL, here.fresh("Công ty số "), here.fresh("Kiến nghị "), today(), code_number=str(here.count),
        code_notation="CTY", note="vào sổ từ bảng", leader=here.person(here.any_of("chairman", "vice_chairman"))),
        {"subject": "", "leader": here.person("officer_economy"), "register_title": "Sổ không có",
         "channel": Channel.PACKET})


# --- drafts ----------------------------------------------------------------------------------------------------------


@deed(StartDraft)
def start_draft(here: Scene) -> Deed | None:
    slug, kind = here.chance.choice(DRAFTERS), here.chance.choice(TYPES)
    unit = here.me(slug).posts[0].unit
    signer = here.read(lambda work: may_sign(work, here.circle, here.chance, kind, unit))
    return None if signer is None else Deed(slug, StartDraft(
        kind, writing.subject(here.chance, kind), signer, tuple(here.chance.sample(RECIPIENTS, 2)),
        (Handler("person", here.person("officer_culture_society")),) if here.chance.random() < 0.4 else ()),
        {"subject": "", "signer": here.person("clerk"), "type_name": "Loại không có", "council": "Hội đồng không có",
         "recipients": ("H00.9",)})


@deed(AssignDrafting)
def assign_drafting(here: Scene) -> Deed | None:
    to = here.chance.choice((Handler("unit", here.unit()), Handler("person", here.person("officer_economy"))))
    return Deed(here.any_of("chairman", "chief_of_office", "head_economy"), AssignDrafting(
        to, here.chance.choice(TYPES), here.fresh("Soạn việc "), "Theo mẫu năm trước", today() + timedelta(days=5)),
        {"to": Handler("unit", NOBODY), "subject": "", "due_date": today() - timedelta(days=2),
         "type_name": "Loại không có", "signer": here.person("clerk")})


@deed(RegisterOutgoingPaper)
def register_outgoing_paper(here: Scene) -> Deed | None:
    unit, kind = here.unit(), here.chance.choice(TYPES)
    signer = here.read(lambda work: may_sign(work, here.circle, here.chance, kind, unit))
    return None if signer is None else Deed("clerk", RegisterOutgoingPaper(
        kind, here.fresh("Văn bản giấy "), signer, Handler("unit", unit), ("H99.22",), copies=2),
        {"subject": "", "copies": 0, "signer": here.person("clerk"), "type_name": "Loại không có"})


@deed(SealAnnex)
def seal_annex(here: Scene) -> Deed | None:
    """The agency signs an annex that is a file of its own, before it seals the document."""
    document, file, version = tables.document.c, tables.file.c, tables.file_version.c
    newest = select(version.file, func.max(version.number).label("number")).group_by(version.file).subquery()
    found = here.row(
        select(document.id, document.version, file.id.label("file"), version.digest)
        .join(tables.file, file.document == document.id).join(newest, newest.c.file == file.id)
        .join(tables.file_version, (version.file == file.id) & (version.number == newest.c.number))
        .where(document.state == State.NUMBERED, document.copy_kind.is_(None), document.frozen_at.is_(None),
               file.kind == FileKind.ANNEX, version.step != Step.SEALED))
    if found is None:
        return None
    signed = here.bench.sign(here.bench.draft, found.digest, "agency", Role.ANNEX)
    return Deed("clerk", SealAnnex(DocumentId(found.id), found.version, found.file, found.digest,
                                   here.put("clerk", signed)),
                {"file": NOBODY, "version": found.version + 5, "sealed": here.put("clerk", here.bench.prepared)})


@deed(CorrectWords)
def correct_words(here: Scene) -> Deed | None:
    """The same picture with another word beneath it; any other page is refused."""
    document = tables.document.c
    found = here.row(select(document.id, document.version).where(
        document.state == State.WAITING_RECEIPT, document.channel == Channel.PAPER, document.frozen_at.is_(None)))
    return None if found is None else Deed("clerk", CorrectWords(
        DocumentId(found.id), found.version, here.put("clerk", here.bench.paper_read_better),
        (LearnedWord("nguvên", "nguyên"),)),
        {"version": found.version + 5, "corrected": here.put("clerk", here.bench.draft)})
