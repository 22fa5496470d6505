"""An office of a million documents for the speed figures, made in bulk from a seed.

The people, units, types and neighbours come through the door; the documents are written straight into the tables, whole
and consistent: facts, files and their bytes, verdicts, directions, handlers, who waits and who sees, what was sent, the
registers' counters, and a journal whose chain and prints hold (`docclient office check` finds nothing). What a real
office gathers in decades stands in one year's register here, so that its row 900,000 can be asked for.

Shares: of 100 documents 95 came in (four in five by packet, one on paper; of the last tenth 8 of 100 wait at some
stage, all others are finished) and 5 went out, issued. One verdict for each document by packet.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from docclient.office.commands.people import (
    AddAgency,
    AddDocumentType,
    AddPerson,
    AddPost,
    AddUnit,
    OpenRegister,
    RegisterKind,
)
from docclient.office.engine import OfficeEngine
from docclient.office.fingerprint import SHAPE, plain, statements
from docclient.office.founding import FoundOffice, found_office
from docclient.office.journal import Entry, Head, canonical
from docclient.office.model import PersonId, Role, UnitId, today
from docclient.office.twins import number_key
from docclient.store import tables
from docclient.store.finding import Texts
from docclient.store.place import Place
from docclient.store.work import folded
from tests.generators import writing
from tests.generators.bulk import bulk, put_in
from tests.generators.index import put_in_index, texts_of

PARCEL = 5_000
FILES = 64                    # different bytes; a million documents share them
OFFICERS = 60
BUSY_OFFICER = "canbo00"
"""Has one in five of all that waits for officers."""

OPEN_STAGES = ("waiting_receipt", "registered", "waiting_direction", "assigned", "in_work")
WAITS_AS = {"lead": "handle", "helping": "help", "informed": "read"}
REPORT = json.dumps({"conclusion": "valid", "signatures": [
    {"signer": "Sở Nội vụ", "verdict": "valid", "reason": "passed", "level": "b-lt"}]}, ensure_ascii=False)
TABLES = ("document", "file", "file_version", "verdict", "direction", "handler", "delivery", "outbox", "waiting",
          "holding", "access", "twin_key", "journal", "receipt")

Progress = Callable[[int, int], None]
Row = dict[str, Any]


@dataclass(slots=True)
class Staff:
    clerks: list[PersonId] = field(default_factory=list)
    leaders: list[PersonId] = field(default_factory=list)
    chief: PersonId | None = None
    heads: dict[UnitId, PersonId] = field(default_factory=dict)
    officers: list[tuple[PersonId, UnitId]] = field(default_factory=list)
    names: dict[PersonId, str] = field(default_factory=dict)


def found_large_office(place: Place, count: int, seed: int, *,
                       progress: Progress = lambda done, total: None) -> None:
    """Raises: OfficeExists."""
    engine, staff = found(place, random.Random(seed))
    try:
        digests = [engine.blobs.put(f"Văn bản số {number}\n".encode() * 40) for number in range(FILES)]
        with bulk(engine) as connection:
            start = connection.execute(select(tables.journal_head)).one()
            maker = Maker(staff, digests, count, random.Random(seed + 1), connection,
                          Head(start.number, start.hash))
            put_in(connection, tables.blob, [{"digest": each, "size": engine.blobs.size(each), "at": maker.begun}
                                             for each in digests])
            for done, rows in maker.parcels():
                for name, made in rows.items():
                    put_in(connection, tables.metadata.tables[name], made)
                put_in_index(connection, maker.texts)
                maker.texts.clear()
                progress(done, count)
            maker.close(connection)
    finally:
        engine.close()


def found(place: Place, chance: random.Random) -> tuple[OfficeEngine, Staff]:
    """The office without documents: 3 clerks, 4 leaders, a chief of office, 12 units with heads, 60 officers."""
    founded = found_office(place, FoundOffice("H99.21", "Ủy ban nhân dân xã Tân Hiệp", "UBND", "Tân Hiệp",
                                              parent_name="Ủy ban nhân dân tỉnh"))
    door, staff = founded.engine.enter(founded.administrator), Staff()

    def person(account: str, unit: str, title: str, role: Role, form: str = "") -> PersonId:
        name = writing.person_name(chance)
        identity = PersonId(door.do(AddPerson(name, account)).facts["person"])
        door.do(AddPost(identity, UnitId(unit), title, role, form))
        staff.names[identity] = name
        return identity

    staff.clerks = [person(f"vanthu{n}", founded.unit, "Văn thư", Role.CLERK) for n in range(3)]
    leadership = door.do(AddUnit("Lãnh đạo", "LĐ")).facts["unit"]
    staff.leaders = [person(f"lanhdao{n}", leadership, "Phó Chủ tịch" if n else "Chủ tịch", Role.LEADER,
                            "KT." if n else "TM.") for n in range(4)]
    staff.chief = person("chanhvanphong", founded.unit, "Chánh Văn phòng", Role.CHIEF_OF_OFFICE)
    units = [UnitId(door.do(AddUnit(f"Phòng chuyên môn {n + 1}", f"P{n + 1}")).facts["unit"]) for n in range(12)]
    for place_in_row, unit in enumerate(units):
        staff.heads[unit] = person(f"truongphong{place_in_row:02d}", unit, "Trưởng phòng", Role.HEAD_OF_UNIT)
    staff.officers = [(person(f"canbo{n:02d}", units[n % 12], "Chuyên viên", Role.OFFICER), units[n % 12])
                      for n in range(OFFICERS)]
    for kind, _ in writing.TYPES:
        door.do(AddDocumentType(str(kind)))
    for sender in writing.SENDERS:
        door.do(AddAgency(sender.code, sender.name))
    for kind in (RegisterKind.INCOMING, RegisterKind.OUTGOING):
        door.do(OpenRegister(kind, today().year, f"Sổ đăng ký văn bản {'đến' if kind == 'incoming' else 'đi'}"))
    return founded.engine, staff


class Maker:
    """Makes the rows of all documents, parcel by parcel, and the journal over them."""

    def __init__(self, staff: Staff, digests: list[str], count: int, chance: random.Random, connection: Connection,
                 head: Head) -> None:
        self.staff, self.digests, self.count, self.chance, self.head = staff, digests, count, chance, head
        registers = {row.kind: row.id for row in connection.execute(select(tables.register).where(
            tables.register.c.year == today().year))}
        self.registers, self.numbers = registers, {"incoming": 0, "outgoing": 0}
        self.day = today()
        self.begun = datetime(self.day.year - 10, 1, 2, 1, tzinfo=UTC)
        self.step = (datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC) - self.begun) / count
        self.blank = {table.name: {column.name: None for column in table.columns}
                      for table in tables.metadata.sorted_tables}
        self.identities = 0
        self.milliseconds = 0
        self.texts: list[tuple[str, Texts]] = []
        self.parts = parts_of_a_print()

    def parcels(self) -> Iterator[tuple[int, dict[str, list[Row]]]]:
        for first in range(0, self.count, PARCEL):
            rows: dict[str, list[Row]] = {name: [] for name in TABLES}
            last = min(first + PARCEL, self.count)
            for number in range(first, last):
                self.document(number, rows)
            yield last, rows

    def identity(self) -> str:
        """A UUIDv7 of the document's moment, rising strictly."""
        self.identities += 1
        low = self.chance.getrandbits(60)
        text = f"{self.milliseconds:012x}7{self.identities:03x}8{low:015x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def row(self, rows: dict[str, list[Row]], table: str, **values: Any) -> Row:
        made = {**self.blank[table], **values}
        rows[table].append(made)
        return made

    def document(self, number: int, rows: dict[str, list[Row]]) -> None:
        at = self.begun + number * self.step
        self.milliseconds = int(at.timestamp() * 1000)
        self.identities = 0
        if self.chance.random() < 0.05:
            self.outgoing(number, at, rows)
        else:
            self.incoming(number, at, rows)

    def take(self, kind: str) -> int:
        self.numbers[kind] += 1
        return self.numbers[kind]

    def incoming(self, number: int, at: datetime, rows: dict[str, list[Row]]) -> None:
        chance, staff = self.chance, self.staff
        sender = chance.choice(writing.SENDERS)
        kind = writing.type_name(chance)
        packet = chance.random() < 0.8
        leader = chance.choice(staff.leaders)
        stage = "finished"                        # what is old is done; of the last tenth, some wait
        if number > self.count * 0.9 and chance.random() < 0.08:
            stage = chance.choice(OPEN_STAGES)
        day = at.date()
        due = day + timedelta(days=chance.randrange(3, 40)) if chance.random() < 0.6 else None
        lead, unit = chance.choice(staff.officers)
        if stage in {"assigned", "in_work"} and chance.random() < 0.2:
            lead, unit = staff.officers[0]
        registered = stage != "waiting_receipt"
        document = self.put_document(
            rows, flow="incoming", state=stage, version=6, type_name=kind, code_number=str(chance.randrange(1, 9000)),
            code_notation=writing.notation(sender, kind), issued_date=day - timedelta(days=chance.randrange(0, 6)),
            issued_place="Phú An", issuer_code=sender.code, issuer_name=sender.name,
            subject=writing.subject(chance, kind), urgency=int(writing.weighted(chance, writing.URGENCIES)),  # type: ignore[call-overload]
            due_date=due, channel="packet" if packet else "paper",
            exchange_id=f"{sender.code},{day:%Y/%m/%d},{number}" if packet else None,
            register=self.registers["incoming"] if registered else None,
            arrival_number=self.take("incoming") if registered else None, arrival_date=day if registered else None,
            created_at=at, updated_at=at + timedelta(hours=2))
        clerk = chance.choice(staff.clerks)
        here = Own(rows)
        self.files(rows, document, clerk, at, "received" if packet else "digitised", verdict=packet)
        sees = {leader}
        if stage in {"assigned", "in_work", "finished"}:
            direction = self.row(rows, "direction", id=self.identity(), document=document["id"], by=leader,
                                 words=chance.choice(writing.DIRECTIONS), due_date=due, at=at)
            named = [(lead, None, "lead")]
            if chance.random() < 0.4:
                helper, _ = chance.choice(staff.officers)
                named += [(helper, None, "helping")] if helper != lead else []
            if chance.random() < 0.3:
                named.append((staff.heads[unit], unit, "informed"))
            for person, of_unit, role in named:
                self.row(
                    rows, "handler", id=self.identity(), document=document["id"], person=person, unit=of_unit,
                    role=role, direction=direction["id"],
                    accepted_at=at if stage != "assigned" and role == "lead" else None,
                    finished_at=at if stage == "finished" and role == "lead" else None)
                sees.add(person)
                if stage != "finished" and (role == "lead" or chance.random() < 0.5):
                    self.waits(rows, document, WAITS_AS[role], at, person=person)
        elif stage == "waiting_direction":
            self.waits(rows, document, "direct", at, person=leader)
        elif stage == "registered":
            self.waits(rows, document, "present", at, role="clerk")
        elif stage == "waiting_receipt":
            self.waits(rows, document, "receive" if packet else "confirm_paper", at, role="clerk")
        for person in sorted(sees):
            self.row(rows, "access", document=document["id"], person=person)
        if packet:
            self.row(rows, "outbox", id=self.identity(), document=document["id"], kind="status",
                     recipient_code=sender.code, recipient_name=sender.name, status_code="01", description="",
                     state="sent", digest=None, tries=1, error=None, at=at)
        self.finish(rows, here, document, at, lead if stage == "finished" else clerk,
                    "FinishIncoming" if stage == "finished" else "RegisterIncoming")

    def outgoing(self, number: int, at: datetime, rows: dict[str, list[Row]]) -> None:
        chance, staff = self.chance, self.staff
        officer, unit = chance.choice(staff.officers)
        kind, leader, day = writing.type_name(chance), chance.choice(staff.leaders), at.date()
        out = self.take("outgoing")
        document = self.put_document(
            rows, flow="outgoing", state="issued", version=9, type_name=kind, code_number=f"{out:02d}",
            code_notation="UBND-P1", issued_date=day, issued_place="Tân Hiệp", issuer_code="H99.21",
            issuer_name="Ủy ban nhân dân xã Tân Hiệp", subject=writing.subject(chance, kind), urgency=0,
            signer_name=staff.names[leader], signer_position="Chủ tịch", signer_person=leader, drafter=officer,
            unit=unit, exchange_id=f"H99.21,{day:%Y/%m/%d},{out:02d}/UBND-P1", register=self.registers["outgoing"],
            out_number=out, created_at=at, updated_at=at)
        here = Own(rows)
        self.files(rows, document, officer, at, "sealed", verdict=True)
        sender = chance.choice(writing.SENDERS)
        self.row(rows, "delivery", id=self.identity(), document=document["id"], agency_code=sender.code,
                 agency_name=sender.name, transport_state="sent")
        self.row(rows, "outbox", id=self.identity(), document=document["id"], kind="document",
                 recipient_code=sender.code, recipient_name=sender.name, status_code="", description="",
                 state="sent", digest=None, tries=1, error=None, at=at)
        for person in sorted({officer, leader, staff.heads[unit]}):
            self.row(rows, "access", document=document["id"], person=person)
        self.finish(rows, here, document, at, staff.clerks[0], "IssueOutgoing")

    def put_document(self, rows: dict[str, list[Row]], **values: Any) -> Row:
        made = self.row(rows, "document", id=self.identity(), last_entry=self.head.number + 1, **values)
        made["folded"] = folded(made)  # type: ignore[arg-type]
        return made

    def waits(self, rows: dict[str, list[Row]], document: Row, kind: str, at: datetime, **whom: str) -> None:
        row = {"id": self.identity(), "document": document["id"], "kind": kind, "since": at, **whom}
        self.row(rows, "waiting", **row, due=document.get("due_date") or tables.NO_DEADLINE)
        self.row(rows, "holding", **row)

    def files(self, rows: dict[str, list[Row]], document: Row, by: str, at: datetime, step: str, *,
              verdict: bool) -> None:
        file = self.row(rows, "file", id=self.identity(), document=document["id"], kind="main", name="van-ban.pdf",
                        position=0)
        digest = self.chance.choice(self.digests)
        self.row(rows, "file_version", id=self.identity(), file=file["id"], number=1, digest=digest, step=step,
                 media_type="application/pdf", by=by, at=at)
        if verdict:
            self.row(rows, "verdict", document=document["id"], digest=digest, number=1, conclusion="valid",
                     report=REPORT, evidence=None, online=False, by=by, at=at)

    def finish(self, rows: dict[str, list[Row]], here: Own, document: Row, at: datetime, actor: str,
               command: str) -> None:
        """The journal's entry that touched the document last, with its print; the receipt; the words it is found by."""
        mine = {"document": [document], **here.since(rows)}
        facts = [[{name: row[name] for name in names} for row in mine.get(table, ())] for table, names in self.parts]
        print_ = SHAPE + sha256(canonical([[plain(row) for row in part] for part in facts]))  # type: ignore[arg-type]
        number = self.head.number + 1
        fields = canonical({"document": document["id"], "version": document["version"] - 1})
        told = {"documents": {document["id"]: print_}, "state": document["state"], "version": document["version"]}
        twin = {"document": document["id"], "number": twin_number(document)}
        if document["flow"] == "incoming":
            self.row(rows, "twin_key", **twin)
            told["rows"] = {"twin_key": {document["id"]: (None, sha256(canonical(twin)))}}
        effect = canonical(told)
        entry = Entry(number, at.isoformat(), actor, self.staff.names[PersonId(actor)], command, document["id"], fields,
                      effect, self.head.hash, "").sealed()
        self.row(rows, "journal", **{name: getattr(entry, name) for name in Entry.__slots__})
        self.row(rows, "receipt", key=sha256(document["id"]), command=sha256(f"{command}\n{fields}"),
                 receipt=canonical({"command": command, "entry": number, "document": document["id"]}))
        self.head = Head(entry.number, entry.hash)
        people = {document["drafter"], document["signer_person"], *(row["person"] for row in mine.get("handler", ()))}
        self.texts.append((document["id"], texts_of(
            document, sorted(self.staff.names[PersonId(each)] for each in people if each),
            [row["words"] for row in mine.get("direction", ())], ["van-ban.pdf"],
            [row["agency_name"] for row in mine.get("delivery", ())])))

    def close(self, connection: Connection) -> None:
        """Counters and the journal's head, as the rows have them."""
        for kind, number in self.numbers.items():
            connection.execute(update(tables.register).where(tables.register.c.id == self.registers[kind])
                               .values(last_number=number))
        connection.execute(update(tables.journal_head).values(number=self.head.number, hash=self.head.hash))


def twin_number(document: Row) -> str:
    """What a duplicate of it would be found by."""
    return number_key(document["code_number"], document["code_notation"], document["issued_date"]) or ""


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Own:
    """Which rows are one document's: those put in since it began."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self.begun = {name: len(made) for name, made in rows.items()}

    def since(self, rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
        return {name: made[self.begun[name]:] for name, made in rows.items() if name not in {"document", "journal"}}


def parts_of_a_print() -> list[tuple[str, list[str]]]:
    """Table and columns of each part that every print has, in its order; the later parts are empty here."""
    first, places, _ = statements()
    queries: list[Any] = [prepared.statement for prepared in (*first, *places)]
    return [(query.get_final_froms()[0].name, [column.name for column in query.selected_columns])
            for query in queries]
