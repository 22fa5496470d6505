"""The whole flow of one document, act by act, each under its own key: given again, whatever was done stays done.

Run as a program it goes through the flow in an office, telling on its output when it begins; it is there to be killed.

    python -m tests.kills.flow OFFICE PAPERS MARK
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.incoming import DirectIncoming, RegisterIncoming
from docclient.office.commands.issuing import IssueOutgoing, NumberOutgoing, SealOutgoing
from docclient.office.commands.outgoing import (
    ApproveContent,
    ApproveFormat,
    DraftAnswer,
    PutDraftFile,
    SignOutgoing,
    SubmitDraft,
)
from docclient.office.door import Command, Office, Receipt
from docclient.office.engine import OfficeEngine
from docclient.office.model import Handler
from docclient.office.queries.document_page import DocumentPage
from docclient.store.place import place
from signing.sign import Role, SigningRequest, fill_and_seal
from signing.tokens.pkcs12 import open_key_file

BEGINS = "begins"
ACTS = ("receive", "register", "direct", "draft", "put", "submit", "approve_content", "approve_format", "sign",
        "number", "seal", "issue")


@dataclass(frozen=True, slots=True)
class Papers:
    """Made once, before anything is killed. people: account by part. agency_key: a key file and its password."""

    letter: bytes
    pdf: bytes
    prepared: bytes
    signed: bytes
    agency_key: Path
    password: bytes
    people: dict[str, str]


class Flow:
    """mark: names this document; every key and every own file is made of it. done: what the office answered so far."""

    def __init__(self, engine: OfficeEngine, papers: Papers, mark: str) -> None:
        self.papers, self.mark = papers, mark
        self.doors: dict[str, Office] = {who: engine.enter(engine.person(account))
                                         for who, account in papers.people.items()}
        self.done: dict[str, Receipt] = {}

    def run(self) -> Iterator[str]:
        for name in ACTS:
            self.done[name] = STEPS[name](self)
            yield name

    def give(self, who: str, act: str, command: Command) -> Receipt:
        return self.doors[who].do(command, key=f"{self.mark}:{act}")

    def on(self, act: str) -> dict[str, Any]:
        """Document and version as that act left them."""
        receipt = self.done[act]
        return {"document": receipt.document, "version": receipt.version}


def receive(flow: Flow) -> Receipt:
    clerk, mark = flow.doors["clerk"], flow.mark
    letter = clerk.put(flow.papers.letter)
    packet = clerk.put(f"packet {mark}".encode())
    own = clerk.put(f"annex of {mark}".encode())
    return flow.give("clerk", "receive", ReceivePacket(
        f"t{mark}", packet, "H99.07", "Sở Nội vụ tỉnh", f"H99.07,{mark}", "Công văn", "V/v báo cáo công tác văn thư",
        (ReceivedFile("cong-van.pdf", letter, "application/pdf"),
         ReceivedFile("phu-luc.docx", own, "application/octet-stream")),
        code_number=mark, code_notation="SNV-VP", issued_date=date(2026, 3, 5)))


def register(flow: Flow) -> Receipt:
    return flow.give("clerk", "register", RegisterIncoming(
        **flow.on("receive"), type_name="Công văn", code_number=flow.mark, code_notation="SNV-VP",
        issued_date=date(2026, 3, 5), issuer_name="Sở Nội vụ tỉnh", subject="V/v báo cáo công tác văn thư",
        leader=flow.doors["chairman"].me.person))


def direct(flow: Flow) -> Receipt:
    return flow.give("chairman", "direct", DirectIncoming(
        **flow.on("register"), lead=Handler("person", flow.doors["officer"].me.person), words="Tham mưu trả lời."))


def draft(flow: Flow) -> Receipt:
    return flow.give("officer", "draft", DraftAnswer(
        **flow.on("direct"), type_name="Công văn", subject="V/v trả lời", signer=flow.doors["chairman"].me.person,
        recipients=("H99.07",)))


def put(flow: Flow) -> Receipt:
    officer = flow.doors["officer"]
    return flow.give("officer", "put", PutDraftFile(
        **flow.on("draft"), name="du-thao.pdf", pdf=officer.put(flow.papers.pdf),
        prepared=officer.put(flow.papers.prepared)))


def simple(who: str, act: str, before: str, command: Callable[..., Command]) -> Callable[[Flow], Receipt]:
    return lambda flow: flow.give(who, act, command(**flow.on(before)))


def sign(flow: Flow) -> Receipt:
    chairman = flow.doors["chairman"]
    return flow.give("chairman", "sign", SignOutgoing(
        **flow.on("approve_format"), seen=chairman.put(flow.papers.prepared), signed=chairman.put(flow.papers.signed)))


def seal(flow: Flow) -> Receipt:
    """Sealed anew each time, under the number that the office gave: a second seal is another file, so it is made only
    where none was kept."""
    clerk, numbered = flow.doors["clerk"], flow.done["number"]
    kept = Path(flow.papers.agency_key.parent, f"sealed-{flow.mark}.pdf")
    if not kept.exists():
        source, target = kept.with_suffix(".signed"), kept.with_suffix(".sealing")
        source.write_bytes(flow.papers.signed)
        target.unlink(missing_ok=True)
        key = open_key_file(flow.papers.agency_key, bytearray(flow.papers.password))
        document = clerk.ask(page(numbered)).document
        assert document.code_number is not None and document.issued_date is not None
        fill_and_seal(source, target, key, number=document.code_number, issued=document.issued_date,
                      request=SigningRequest(role=Role.AGENCY))
        target.replace(kept)
    return flow.give("clerk", "seal", SealOutgoing(
        **flow.on("number"), seen=clerk.put(flow.papers.signed), sealed=clerk.put(kept.read_bytes())))


def page(receipt: Receipt) -> DocumentPage:
    assert receipt.document is not None
    return DocumentPage(receipt.document)


STEPS: dict[str, Callable[[Flow], Receipt]] = {
    "receive": receive, "register": register, "direct": direct, "draft": draft, "put": put,
    "submit": simple("officer", "submit", "put", SubmitDraft),
    "approve_content": simple("head", "approve_content", "submit", ApproveContent),
    "approve_format": simple("chief", "approve_format", "approve_content", ApproveFormat),
    "sign": sign, "number": simple("clerk", "number", "sign", NumberOutgoing), "seal": seal,
    "issue": simple("clerk", "issue", "seal", IssueOutgoing)}


def main() -> None:
    office, papers, mark = sys.argv[1:]
    engine = OfficeEngine.open(place(office))
    flow = Flow(engine, pickle.loads(Path(papers).read_bytes()), mark)
    sys.stdout.write(f"{BEGINS}\n")
    sys.stdout.flush()
    for name in flow.run():
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
