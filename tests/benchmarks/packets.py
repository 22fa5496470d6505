"""Packets as they arrive: 1,000 of 400 kB, each with a signed letter, read, verified and stored; and the memory that a
packet of 50 MB takes, read and written.

The rate stands beside the same bytes read, decoded, hashed and written to the disk, and nothing else, in the same run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from sqlalchemy import func, select

from docclient.demonstration.authority import Authority
from docclient.demonstration.sample_office import load_sample_office
from docclient.desk.post import fetch_post
from docclient.exchange.edxml_write import packet_pieces, write_packet
from docclient.exchange.packet import (
    Code,
    DocumentHeader,
    DocumentPacket,
    DocumentType,
    Organization,
    PromulgationInfo,
    attach,
)
from docclient.exchange.transports.folder import FolderTransport
from docclient.office.commands.people import AddTrust, TrustKind
from docclient.office.engine import OfficeEngine
from docclient.office.evidence import foreign_files
from docclient.office.queries.office import AboutOffice
from docclient.store import tables
from docclient.store.place import place
from signing.batch import Item, State, sign_batch
from signing.keys import Key
from signing.prepare import prepare, propose_places
from signing.request import SigningRequest
from signing.sign import Role
from signing.tokens.pkcs12 import open_key_file
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.large_scan import peak_megabytes
from tests.signing.drafts import write_draft

PASSWORD = b"mat khau"
PACKETS, QUICK = 1_000, 40
SIZE = 400_000                # bytes of a packet
LARGE, LARGE_QUICK = 50, 10   # MB of the large one
WANTED, MEMORY = 20.0, 3.0


def run(setting: Setting) -> Sequence[Figure]:
    return [*arriving(setting), *large_ones(setting)]


# --- a thousand that arrive ----------------------------------------------------------------------------------------


def arriving(setting: Setting) -> Sequence[Figure]:
    count = QUICK if setting.quick else PACKETS
    inbox = setting.folder / "inbox"
    inbox.mkdir()
    office = load_sample_office(place(str(setting.folder / "office")))
    authority = Authority.make("Cơ quan chứng thực thử nghiệm")
    trusted = ((TrustKind.ANCHOR, authority.anchor_der), (TrustKind.INTERMEDIATE, authority.issuing_der),
               *((TrustKind.CRL, each) for each in authority.crl()))
    for kind, content in trusted:
        office.administrator.do(AddTrust(kind, office.administrator.put(content), "đo"))
    door = office.engine.enter(office.engine.person("vanthu"))
    sender = authority.issue_person("Giám đốc", organisation="Sở Nội vụ tỉnh")
    issued = sender.save_pkcs12(setting.folder / "sender.p12", PASSWORD)
    ours = door.ask(AboutOffice())
    receiver = Organization(organ_id=ours.codes[0], organ_name="UBND xã")
    letters = signed_letters(setting.folder, open_key_file(issued, bytearray(PASSWORD)), count)
    size = write_packets(letters, receiver, inbox)
    raw_begun, raw_processor = time.perf_counter(), time.process_time()
    raw(inbox, setting.folder / "raw")
    raw_taken, raw_worked = time.perf_counter() - raw_begun, time.process_time() - raw_processor
    foreign_files.warm()                  # as in a program that is running
    transport = FolderTransport(inbox, setting.folder / "outbox")
    transport.list()                      # a file counts once two looks find it the same
    begun, processor = time.perf_counter(), all_processor_seconds()
    fetched = fetch_post(door, transport)
    taken, worked = time.perf_counter() - begun, all_processor_seconds() - processor
    assert len(fetched) == count and not any(each.trouble for each in fetched)
    valid = verdicts(office.engine)
    assert valid == {"valid": count}, valid
    office.engine.close()
    return [
        Figure(f"{count} packets of {size // 1000} kB read, verified, stored", count / taken, WANTED,
               f"{1000 * worked / count:.0f} ms of processor a packet, {os.cpu_count()} processors", at_most=False,
               unit="packets/s"),
        Figure("the same bytes decoded, hashed and written: packets to it", taken / raw_taken, None,
               f"{count / raw_taken:.0f} a second, {1000 * raw_worked / count:.1f} ms of processor"),
    ]


def all_processor_seconds() -> float:
    """Of this process, and of those of it that verify and still run (Linux tells)."""
    ticks, own = os.sysconf("SC_CLK_TCK"), time.process_time()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            own += (int(fields[11]) + int(fields[12])) / ticks
    times = os.times()
    return own + times.children_user + times.children_system


def verdicts(engine: OfficeEngine) -> dict[str, int]:
    with engine.reading() as work:
        column = tables.verdict.c.conclusion
        return dict(work.connection.execute(select(column, func.count()).group_by(column)).tuples().all())


def signed_letters(folder: Path, key: Key, count: int) -> Path:
    """Letters of one page with a scan behind it that does not shrink, each signed by itself."""
    source, ready, signed = folder / "letters", folder / "ready", folder / "signed"
    for each in (source, ready):
        each.mkdir()
    draft = write_draft(folder / "draft.pdf")
    chance, items = random.Random(3), []
    for number in range(count):
        writer = PdfWriter(clone_from=PdfReader(draft))
        image = DecodedStreamObject()
        image.set_data(chance.randbytes(SIZE * 3 // 4 - 60_000))
        writer.root_object[NameObject("/Scan")] = writer._add_object(image)
        with (source / f"{number}.pdf").open("wb") as stream:
            writer.write(stream)
        prepare(source / f"{number}.pdf", ready / f"{number}.pdf", propose_places(source / f"{number}.pdf"))
        items.append(Item(ready / f"{number}.pdf", signed / f"{number}.pdf"))
    finished = sign_batch(items, key, SigningRequest(role=Role.PERSONAL))
    assert {each.state for each in finished} == {State.VERIFIED}
    return signed


def write_packets(letters: Path, receiver: Organization, inbox: Path) -> int:
    """One packet for each letter. Gives the mean size in bytes."""
    sizes = []
    for number, letter in enumerate(sorted(letters.glob("*.pdf"), key=lambda each: int(each.stem)), 1):
        content = write_packet(DocumentPacket(header=DocumentHeader(
            sender=Organization(organ_id="H99.07", organ_name="Sở Nội vụ tỉnh"), to=(receiver,),
            document_id=f"H99.07,2026/03/05,{number}/SNV-VP",
            code=Code(code_number=str(number), code_notation="SNV-VP"),
            promulgation_info=PromulgationInfo(place="Phú An", promulgation_date="2026/03/05"),
            document_type=DocumentType(type_name="Công văn"), subject=f"V/v báo cáo lần {number}"),
            attachments=(attach("cong-van.pdf", letter.read_bytes()),)))
        (inbox / f"{number}.edxml").write_bytes(content)
        sizes.append(len(content))
    return sum(sizes) // len(sizes)


def raw(inbox: Path, target: Path) -> None:
    """Read, decode the base64, hash, write and flush to the disk: what nobody can do without."""
    target.mkdir()
    payload = re.compile(rb"ContentTransferEncoded[^>]*>([^<]+)<")
    for file in sorted(inbox.glob("*.edxml")):
        content = file.read_bytes()
        found = payload.search(content)
        assert found is not None
        for each in (content, base64.b64decode(found[1])):
            with (target / hashlib.sha256(each).hexdigest()).open("wb") as stream:
                stream.write(each)
                stream.flush()
                os.fsync(stream.fileno())


# --- a large one ---------------------------------------------------------------------------------------------------


def large_ones(setting: Setting) -> Sequence[Figure]:
    megabytes = LARGE_QUICK if setting.quick else LARGE
    file = setting.folder / "large.pdf"
    # in a packet it stands as base64: four bytes for three
    file.write_bytes(b"%PDF-1.7\n" + random.Random(5).randbytes(megabytes * 750_000))
    figures = []
    for what, said in (("write", "written"), ("read", "read")):
        ran = subprocess.run([sys.executable, "-m", "tests.benchmarks.packets", what, str(setting.folder)],
                             stdout=subprocess.PIPE, text=True, check=True)
        above, whole, size = json.loads(ran.stdout)
        figures.append(Figure(f"packet of {size:.0f} MB {said}: peak above idle, to its size", above / size, MEMORY,
                              f"{above:.0f} MB; the whole process {whole:.0f} MB, {whole / size:.2f} ×"))
    return figures


def alone(what: str, folder: Path) -> None:
    """In a process of its own: its high-water mark is this one thing's."""
    from docclient.exchange.edxml_read import read_packet_file

    target = folder / "large.edxml"
    idle = peak_megabytes()
    if what == "read":
        packet = read_packet_file(target)
        assert isinstance(packet, DocumentPacket) and packet.attachments[0].content is not None
        assert len(packet.attachments[0].content) == (folder / "large.pdf").stat().st_size
    else:
        made = DocumentPacket(header=DocumentHeader(sender=Organization(organ_id="H99.07")),
                              attachments=(attach("large.pdf", (folder / "large.pdf").read_bytes()),))
        with target.open("wb") as stream:
            for piece in packet_pieces(made):
                stream.write(piece)
    peak = peak_megabytes()
    json.dump([(peak - idle) * 1.048576, peak * 1.048576, target.stat().st_size / 1e6], sys.stdout)


if __name__ == "__main__":
    alone(sys.argv[1], Path(sys.argv[2]))
