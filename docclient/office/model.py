"""The words of the office: identities, states, roles and small facts that commands, queries and screens share.

Sources: NĐ 30/2020 (Arts 4, 14–24), the state sets of our own design where the decree names none.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Literal, NewType

DocumentId = NewType("DocumentId", str)
PersonId = NewType("PersonId", str)
UnitId = NewType("UnitId", str)
AgencyId = NewType("AgencyId", str)
RegisterId = NewType("RegisterId", str)
Digest = NewType("Digest", str)          # SHA-256, lower-case hexadecimal

VIETNAM = timezone(timedelta(hours=7))   # no summer time: the fixed offset, never the machine's zone (NĐ 30 Annex I)


class _Ids:
    """The last identity's time and count: those of one process rise strictly (RFC 9562, 6.2, method 1)."""

    lock = threading.Lock()
    milliseconds = 0
    count = 0


def new_id() -> str:
    """A UUIDv7 (RFC 9562, 5.7): sorts in the order of making, so rows made together lie together, in order."""
    with _Ids.lock:
        present = time.time_ns() // 1_000_000
        if present > _Ids.milliseconds:
            _Ids.milliseconds, _Ids.count = present, int.from_bytes(os.urandom(1), "big")
        else:
            _Ids.count += 1
            if _Ids.count == 1 << 12:
                _Ids.milliseconds, _Ids.count = _Ids.milliseconds + 1, 0
        milliseconds, count = _Ids.milliseconds, _Ids.count
    random = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | count << 64 | 0x2 << 62 | random))


def now() -> datetime:
    """The present moment, aware UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The date in Vietnam."""
    return datetime.now(VIETNAM).date()


def start_of(day: date) -> datetime:
    """The day's first moment in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


class Flow(StrEnum):
    """Which way a document goes (văn bản đến, văn bản đi)."""

    INCOMING = "incoming"
    OUTGOING = "outgoing"


class State(StrEnum):
    """Where a document is in its life. Overdue is computed, never a state."""

    # incoming
    WAITING_RECEIPT = "waiting_receipt"        # chờ tiếp nhận
    REGISTERED = "registered"                  # đã vào sổ
    WAITING_DIRECTION = "waiting_direction"    # chờ chỉ đạo
    ASSIGNED = "assigned"                      # đã phân công
    IN_WORK = "in_work"                        # đang xử lý
    FINISHED = "finished"                      # hoàn thành
    RETURNED = "returned"                      # trả lại nơi gửi
    KEPT = "kept"                              # lưu tham khảo
    RECALLED = "recalled"                      # đã thu hồi: by its sender; of outgoing documents, by us
    # outgoing
    DRAFT = "draft"                            # dự thảo
    CONTENT_CHECK = "content_check"            # kiểm tra nội dung
    FORMAT_CHECK = "format_check"              # kiểm tra thể thức
    WAITING_SIGNATURE = "waiting_signature"    # trình ký
    SIGNED = "signed"                          # đã ký
    NUMBERED = "numbered"                      # đã cấp số
    SEALED = "sealed"                          # đã ký số cơ quan
    ISSUED = "issued"                          # đã phát hành
    REPLACED = "replaced"                      # được thay thế
    CORRECTED = "corrected"                    # đã đính chính
    CANCELLED = "cancelled"                    # hủy dự thảo


ISSUED_STATES = frozenset({State.ISSUED, State.CORRECTED, State.REPLACED, State.RECALLED})
"""Of outgoing documents that were issued, whatever became of them since."""


class Role(StrEnum):
    """What a person is in the office (records work roles; a login role is another thing)."""

    CLERK = "clerk"                        # văn thư cơ quan
    LEADER = "leader"                      # lãnh đạo
    CHIEF_OF_OFFICE = "chief_of_office"    # chánh văn phòng
    HEAD_OF_UNIT = "head_of_unit"          # trưởng phòng
    OFFICER = "officer"                    # chuyên viên
    ARCHIVIST = "archivist"                # lưu trữ cơ quan: takes in case files, checks, holds
    ADMINISTRATOR = "administrator"        # quản trị hệ thống: does not read content


class Urgency(IntEnum):
    """Mức độ khẩn (NĐ 30 Annex I); the exchange format's numbers. There is no secrecy here, by design."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2
    EXPRESS = 3


class HandlerRole(StrEnum):
    LEAD = "lead"              # chủ trì: exactly one per level
    HELPING = "helping"        # phối hợp
    INFORMED = "informed"      # nhận để biết
    FOLLOWER = "follower"      # theo dõi, đôn đốc


class FileKind(StrEnum):
    MAIN = "main"              # the document itself
    ANNEX = "annex"            # phụ lục, văn bản kèm theo
    OPINION = "opinion"        # shown beside an opinion on a draft
    FORMER_ANNEX = "ex_annex"  # taken out again before the signature
    SOURCE = "source"          # the draft's editable file
    PACKET = "packet"          # the packet it came in
    CERTIFICATE_CHECK = "cert_check"   # what was found about certificates before they signed (TT 15/2025 S10)


class Step(StrEnum):
    """How a version of a file came to be; each version is a new file, the earlier ones stay."""

    RECEIVED = "received"
    DRAFTED = "drafted"
    CONVERTED = "converted"
    PREPARED = "prepared"
    SIGNED = "signed"
    SEALED = "sealed"
    STAMPED = "stamped"        # with a time-stamp, afterwards
    DIGITISED = "digitised"
    TEXT_CORRECTED = "text_corrected"   # the unseen words beneath a scan, by a person
    COPY_SIGNED = "copy_signed"
    COPIED = "copied"          # of another document here, to become a copy of it
    CHECKED = "checked"        # of a certificate, before it signed


class Channel(StrEnum):
    """How an incoming document arrived."""

    PACKET = "packet"
    PAPER = "paper"            # digitised here
    MAIL = "mail"              # by post or e-mail, entered by a clerk
    HAND = "hand"              # brought by hand


class LinkKind(StrEnum):
    ANSWERS = "answers"        # this outgoing document answers that incoming one
    REPLACES = "replaces"      # this document replaces that one: ours an issued one, a sender's one it sent earlier
    CORRECTS = "corrects"      # this official letter corrects that issued one
    COPY_OF = "copy_of"
    UPDATES = "updates"        # its sender sent this incoming document as an update of that one
    SAME_IDENTIFIER = "same_identifier"    # came under the identifier of that earlier one, with other files
    SAME_NUMBER = "same_number"            # registered although that earlier one has its number, symbol and issuer


class WaitKind(StrEnum):
    """What a document waits for; each kind is a group on the home screen."""

    RECEIVE = "receive"              # clerk: receive and register, or return
    CONFIRM_PAPER = "confirm_paper"  # clerk: confirm what was read from paper
    PRESENT = "present"              # clerk: present to the leader
    DIRECT = "direct"                # leader: direct
    HANDLE = "handle"                # lead handler
    HELP = "help"                    # helping handler
    READ = "read"                    # for information
    FOLLOW = "follow"                # follower: until it is finished
    EXTEND = "extend"                # whoever directed: a later date is asked for
    ASKED_CHANGE = "asked_change"    # clerk: answer a sender who takes back, updates or replaces
    DRAFT = "draft"                  # drafter: go on with the draft (also after a return)
    CHECK_CONTENT = "check_content"  # head of unit
    CHECK_FORMAT = "check_format"    # chief of office
    OPINION = "opinion"              # somebody whose opinion on a draft is asked
    SIGN = "sign"                    # the competent person
    NUMBER_AND_SEAL = "number_and_seal"  # clerk
    ISSUE = "issue"                  # clerk


@dataclass(frozen=True, slots=True)
class Handler:
    """A person, or a unit (then its head handles)."""

    kind: Literal["person", "unit"]
    id: str


@dataclass(frozen=True, slots=True)
class Post:
    """A person's post in a unit."""

    unit: UnitId
    unit_name: str
    title: str
    role: Role


class LoginRole(StrEnum):
    """What an account may do in the system, whatever posts its person has."""

    USER = "user"
    ADMINISTRATOR = "administrator"        # may what the post of an administrator may
    AUDITOR = "auditor"                    # reads everything, changes nothing


@dataclass(frozen=True, slots=True)
class StandIn:
    """For whom one may act today, and in what (ủy quyền xử lý). types: of documents; kinds: of waiting; empty: all."""

    delegation: str
    actor: Actor
    types: tuple[str, ...] = ()
    kinds: tuple[WaitKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with posts. `roles` and `units` follow from the posts.

    hand: who really acts, where this person is stood in for; None where they act themselves. stands_for: whom this
    person may act for today. login: what their account may do. marked: some right of a single document or file speaks
    of this person (docclient/office/rights.py); everybody else needs no second look.
    """

    person: PersonId
    name: str
    posts: tuple[Post, ...]
    hand: Actor | None = None
    stands_for: tuple[StandIn, ...] = ()
    login: LoginRole = LoginRole.USER
    marked: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """A person without a post, or with others, may still be the system's administrator."""
        given = frozenset(post.role for post in self.posts)
        return given | {Role.ADMINISTRATOR} if self.login is LoginRole.ADMINISTRATOR else given

    @property
    def units(self) -> frozenset[UnitId]:
        return frozenset(post.unit for post in self.posts)

    @property
    def title(self) -> str:
        return self.posts[0].title if self.posts else ""

    @property
    def acting(self) -> Actor:
        """Whose certificate and whose authority count."""
        return self.hand or self

    @property
    def by(self) -> PersonId:
        """Who did it: for the columns that say so."""
        return self.acting.person


@dataclass(frozen=True, slots=True)
class Document:
    """The facts of one document as its row holds them (names of NĐ 30 Annex VI in English)."""

    id: DocumentId
    flow: Flow
    state: State
    version: int
    type_name: str
    code_number: str | None
    code_notation: str | None
    issued_date: date | None
    issued_place: str | None
    issuer_code: str | None
    issuer_name: str | None
    subject: str
    urgency: Urgency
    due_date: date | None
    signer_name: str | None
    signer_position: str | None
    signer_person: PersonId | None
    drafter: PersonId | None
    unit: UnitId | None
    recipients_text: str | None
    channel: Channel | None
    exchange_id: str | None
    register: RegisterId | None
    arrival_number: int | None
    arrival_date: date | None
    created_at: datetime
    updated_at: datetime
    language: str | None = None
    page_amount: int | None = None
    note: str | None = None
    issued_amount: int | None = None
    reply_due_date: date | None = None
    paper_follows: bool = False
    series: str | None = None
    copy_kind: str | None = None
    copy_of: DocumentId | None = None
    frozen_at: datetime | None = None

    @property
    def number_and_symbol(self) -> str:
        """`15/UBND-VP`; the symbol alone before a number is given."""
        if self.code_number and self.code_notation:
            return f"{self.code_number}/{self.code_notation}"
        return self.code_number or self.code_notation or ""
