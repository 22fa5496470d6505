"""Commands on a large office: registering and directing one after the other, and twenty at once.

SQLite with full durability (WAL, synchronous=FULL): what is answered is on disk. On PostgreSQL twenty clerks register
at once; what counts there is that numbers come without gap, none twice, in the order of the journal.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sqlalchemy import select

from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.incoming import DirectIncoming, RegisterIncoming
from docclient.office.door import Office, Receipt
from docclient.office.engine import OfficeEngine
from docclient.office.model import Handler, today
from docclient.store import tables
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.large import ENGINES, median, opened, percentile

LIMIT_MS = 15.0
AT_ONCE = 20


def run(setting: Setting) -> Sequence[Figure]:
    return [figure for engine in ENGINES for figure in of_engine(engine, setting)]


def of_engine(name: str, setting: Setting) -> Iterator[Figure]:
    rounds = 30 if setting.quick else 120
    with opened(name, setting) as engine:
        yield from one_by_one(name, engine, rounds)
        yield at_once(name, engine, 2 if setting.quick else 5)


def one_by_one(name: str, engine: OfficeEngine, rounds: int) -> Iterator[Figure]:
    clerk, leader = (engine.enter(engine.person(account)) for account in ("vanthu0", "lanhdao0"))
    officer, helper = (engine.person(account) for account in ("canbo05", "canbo17"))
    register: list[float] = []
    direct: list[float] = []
    for place in range(rounds + 5):
        received = receive(clerk)
        begun = time.perf_counter()
        registered = clerk.do(registration(received, leader.me.person))
        between = time.perf_counter()
        assert registered.document is not None and registered.version is not None
        leader.do(DirectIncoming(registered.document, registered.version, Handler("person", officer),
                                 (Handler("person", helper),), words="Tham mưu trả lời."))
        if place >= 5:                       # the first ones make the statements
            register.append(1000 * (between - begun))
            direct.append(1000 * (time.perf_counter() - between))
    limit = LIMIT_MS if name == "sqlite" else None
    for what, times in (("register", register), ("direct", direct)):
        yield Figure(f"{name}: {what}, p95", percentile(times, 95), limit, f"median {median(times):.1f} ms", unit="ms")


def receive(clerk: Office) -> Receipt:
    mark = uuid.uuid4().hex
    return clerk.do(ReceivePacket(
        f"t{mark}", clerk.put(f"packet {mark}".encode()), "H99.50", "Sở Nội vụ", f"H99.50,{mark}", "Công văn",
        "V/v báo cáo công tác văn thư",
        (ReceivedFile("van-ban.docx", clerk.put(b"the letter"), "application/octet-stream"),),
        code_number=mark[:8], code_notation="SNV-VP", issued_date=today()))


def registration(received: Receipt, leader: str) -> RegisterIncoming:
    assert received.document is not None and received.version is not None
    return RegisterIncoming(received.document, received.version, "Công văn", str(uuid.uuid4())[:8], "SNV-VP", today(),
                            "Sở Nội vụ", "V/v báo cáo công tác văn thư", leader=leader)  # type: ignore[arg-type]


def at_once(name: str, engine: OfficeEngine, rounds: int) -> Figure:
    """Twenty registrations at the same moment, again and again; then the numbers are looked at."""
    clerks = [engine.enter(engine.person(f"vanthu{place % 3}")) for place in range(AT_ONCE)]
    leader = engine.person("lanhdao1")
    receipts: list[Receipt] = []
    times: list[float] = []
    for _ in range(rounds):
        waiting = [receive(clerks[0]) for _ in clerks]
        gate, lock, failed = threading.Barrier(AT_ONCE), threading.Lock(), list[BaseException]()

        def give(clerk: Office, received: Receipt, gate: threading.Barrier = gate, lock: threading.Lock = lock,
                 failed: list[BaseException] = failed) -> None:
            gate.wait()
            try:
                receipt = clerk.do(registration(received, leader))
            except BaseException as error:
                failed.append(error)
                raise
            with lock:
                receipts.append(receipt)

        threads = [threading.Thread(target=give, args=pair) for pair in zip(clerks, waiting, strict=True)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        times.append(1000 * (time.perf_counter() - begun))
        assert not failed, failed
    by_entry = sorted(receipts, key=lambda receipt: receipt.entry)
    numbers = [int(receipt.number or 0) for receipt in by_entry]
    wrong = sum(later != earlier + 1 for earlier, later in pairwise(numbers))
    with engine.reading() as work:
        stored = dict(work.connection.execute(select(tables.document.c.id, tables.document.c.arrival_number).where(
            tables.document.c.id.in_([receipt.document for receipt in receipts]))).tuples().all())
    wrong += sum(stored[receipt.document] != int(receipt.number or 0) for receipt in receipts if receipt.document)
    return Figure(f"{name}: {AT_ONCE} at once, numbers lost, doubled or out of order", float(wrong), 0.0,
                  f"{len(receipts)} registered, {AT_ONCE} in {median(times):.0f} ms", unit="")
