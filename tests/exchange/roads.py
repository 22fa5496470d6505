"""The roads between two offices: a pair of folders, official e-mail, the axis's adapters, gateways."""

from __future__ import annotations

import random
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import ClassVar

from docclient.exchange.transports.axis import AxisAccount, AxisTransport
from docclient.exchange.transports.base import Transport
from docclient.exchange.transports.folder import FolderTransport
from docclient.exchange.transports.gateway import GatewayAccount, GatewayTransport
from docclient.exchange.transports.gateway_profile import profile_of
from docclient.exchange.transports.mail import MailTransport
from docclient.exchange.transports.mail_account import MailAccount, MailServer
from tests.exchange.packets import LETTER
from tests.exchange.two_offices import RECEIVER, SENDER, Road, any_order
from tests.fakes.exchange_services import (
    SECOND,
    SECRET,
    SYSTEM,
    USER,
    Axis,
    Bkav,
    Handler,
    LangSon,
    Pile,
    QuangNam,
    carrier,
)
from tests.mail_servers import PASSWORD, ImapServer, SmtpServer, imap_server, smtp_server, token_service
from tests.mail_servers import USER as MAIL_USER

A, B = "a", "b"
OTHER = {A: B, B: A}


class FolderRoad(Road):
    """Another program carries the files; some it is still writing when it is looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.carried: set[Path] = set()
        self.half: dict[Path, bytes] = {}

    def transport(self, side: str, folder: Path) -> Transport:
        return FolderTransport(self.folder / side / "in", self.folder / side / "out")

    def carry(self, dice: random.Random, share: float) -> None:
        for target, content in self.half.items():
            target.write_bytes(content)
        self.half.clear()
        new = [(side, each) for side in (A, B) for each in sorted((self.folder / side / "out").glob("*.edxml"))
               if each not in self.carried]
        for side, each in any_order(new, dice, share):
            self.carried.add(each)
            target = self.folder / OTHER[side] / "in" / f"{uuid.UUID(int=dice.getrandbits(128))}.edxml"
            content = each.read_bytes()
            if dice.random() < share:
                target.write_bytes(content[:dice.randrange(len(content))])      # the rest comes with the next round
                self.half[target] = content
            else:
                target.write_bytes(content)

    def poison(self, side: str, content: bytes) -> None:
        (self.folder / side / "in" / f"{uuid.uuid4()}.edxml").write_bytes(content)

    @property
    def empty(self) -> bool:
        waiting = [each for side in (A, B) for each in (self.folder / side / "in").glob("*.edxml")]
        sent = {each for side in (A, B) for each in (self.folder / side / "out").glob("*.edxml")}
        return not waiting and not self.half and sent == self.carried


class MailRoad(Road):
    """Each side has its mail servers; what it sends is delivered to the other's mailbox."""

    addresses: ClassVar = {SENDER: "vanthu@tanhiep.example", RECEIVER: "vanthu@sonoivu.example"}
    sides: ClassVar = {"vanthu@tanhiep.example": A, "vanthu@sonoivu.example": B}

    def __init__(self, boxes: dict[str, ImapServer], senders: dict[str, SmtpServer]) -> None:
        self.boxes, self.senders = boxes, senders
        self.carried = {A: 0, B: 0}
        self.lines: dict[str, Transport] = {}

    def transport(self, side: str, folder: Path) -> Transport:
        box = self.boxes[side]
        account = MailAccount(
            next(address for address, each in self.sides.items() if each == side), MAIL_USER,
            MailServer("127.0.0.1", box.guarded), MailServer("127.0.0.1", self.senders[side].port),
            trusted=box.certificate.trusted)
        self.lines[side] = MailTransport(account, lambda: bytearray(PASSWORD.encode()), folder / "marks.txt",
                                         self.addresses.get)
        return self.lines[side]

    def carry(self, dice: random.Random, share: float) -> None:
        for side, server in self.senders.items():
            new, self.carried[side] = server.received[self.carried[side]:], len(server.received)
            for recipients, message in any_order(list(new), dice, share):
                for each in recipients:
                    self.boxes[self.sides[each]].deliver(message)

    def trouble(self, dice: random.Random) -> None:
        for server in self.senders.values():
            server.cut_after_data = dice.random() < 0.5
            server.refused = set(self.sides) if dice.random() < 0.1 else set()

    @property
    def failed(self) -> int:
        return sum(server.failed for server in self.senders.values())

    def poison(self, side: str, content: bytes) -> None:
        letter = EmailMessage()
        letter["From"], letter["Message-ID"] = "ai@do.example", f"<{uuid.uuid4()}@do.example>"
        letter.set_content("Kính gửi.")
        letter.add_attachment(b"MZ" + content, maintype="application", subtype="octet-stream", filename="hoa-don.pdf")
        self.boxes[side].deliver(letter.as_bytes())

    def plain_letter(self, side: str, subject: str) -> bool:
        """By people at their own programs, who press the button twice now and then."""
        letter = EmailMessage()
        letter["From"], letter["Subject"] = "Hội Khuyến học <khuyenhoc@do.example>", subject
        letter["Message-ID"] = f"<{uuid.uuid4()}@do.example>"
        letter.set_content("Kính gửi.")
        letter.add_attachment(LETTER + subject.encode(), maintype="application", subtype="pdf", filename="cong-van.pdf")
        for _ in range(1 + len(subject) % 2):
            self.boxes[side].deliver(letter.as_bytes())
        return True

    @property
    def empty(self) -> bool:
        for server in self.senders.values():
            server.cut_after_data, server.refused = False, set()
        carried = all(len(server.received) == self.carried[side] for side, server in self.senders.items())
        return carried and not any(line.list() for line in self.lines.values())


class Forgetful(dict[str, str]):
    """What a service was told of its items; some of it it says it has taken and does not keep."""

    lies = 0

    def __setitem__(self, key: str, value: str) -> None:
        if self.lies:
            self.lies -= 1
        else:
            super().__setitem__(key, value)


class PileRoad(Road):
    """A service at each side; what one takes the other hands out."""

    def __init__(self, kind: str, piles: dict[str, Pile]) -> None:
        self.kind, self.piles = kind, piles
        self.carried = {A: 0, B: 0}
        for pile in piles.values():
            pile.told = Forgetful()

    def transport(self, side: str, folder: Path) -> Transport:
        pile, marks = self.piles[side], folder / "marks.txt"
        if self.kind == "axis":
            return AxisTransport(AxisAccount(pile.address + "/adapter", SYSTEM, SYSTEM),
                                 lambda: bytearray(SECRET.encode()), marks)
        first = SECOND if self.kind == "bkav-edoc" else SECRET
        return GatewayTransport(profile_of(self.kind), GatewayAccount(pile.address, SYSTEM, USER, "docclient"),
                                lambda: bytearray(first.encode()), marks, lambda: bytearray(SECOND.encode()))

    def carry(self, dice: random.Random, share: float) -> None:
        for side, pile in self.piles.items():
            new, self.carried[side] = pile.sent[self.carried[side]:], len(pile.sent)
            for _, kind, content, _ in any_order(list(new), dice, share):
                # this family knows one kind of item, and gives both in one list
                self.piles[OTHER[side]].put(content, "edoc" if self.kind == "quang-nam" else kind)

    def trouble(self, dice: random.Random) -> None:
        for pile in self.piles.values():
            pile.faults = [dice.choice((500, 503, "cut", "cut", "nonsense")) for _ in range(dice.randrange(3))]
            pile.repeats = dice.random() < 0.3
            pile.refuse = "18" if dice.random() < 0.1 else ""
            pile.token = "" if dice.random() < 0.2 else pile.token          # it forgot who we are
            assert isinstance(pile.told, Forgetful)
            pile.told.lies = dice.randrange(2)

    @property
    def failed(self) -> int:
        return sum(pile.failed for pile in self.piles.values())

    def poison(self, side: str, content: bytes) -> None:
        self.piles[side].put(content)

    @property
    def empty(self) -> bool:
        for pile in self.piles.values():
            pile.faults, pile.refuse = [], ""
            assert isinstance(pile.told, Forgetful)
            pile.told.lies = 0
        return all(set(pile.told) == set(pile.waiting) and len(pile.sent) == self.carried[side]
                   for side, pile in self.piles.items())


SERVICES: dict[str, type[Handler]] = {"axis": Axis, "lang-son": LangSon, "quang-nam": QuangNam, "bkav-edoc": Bkav}
KINDS = ("folder", "mail", *SERVICES)


@contextmanager
def road_of(kind: str, folder: Path) -> Iterator[Road]:
    with ExitStack() as ends:
        if kind == "folder":
            yield FolderRoad(folder)
        elif kind == "mail":
            tokens = ends.enter_context(token_service())
            boxes = {side: ends.enter_context(imap_server(tokens)) for side in (A, B)}
            yield MailRoad(boxes, {side: ends.enter_context(smtp_server(box.certificate, tokens))
                                   for side, box in boxes.items()})
        else:
            yield PileRoad(kind, {side: ends.enter_context(carrier(SERVICES[kind])) for side in (A, B)})


def copied(office: Path, target: Path) -> Path:
    shutil.copytree(office, target)
    return target
