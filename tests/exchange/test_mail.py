"""Packets by e-mail, with Dovecot and an SMTP server on this machine."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from docclient.desk.carrying import Way
from docclient.desk.listening import wait_for_news
from docclient.exchange.errors import ItemGone
from docclient.exchange.mail_letter import read_letter
from docclient.exchange.transports import mailbox as mailboxes
from docclient.exchange.transports.base import Carries, Message, Outcome, Outgoing
from docclient.exchange.transports.mail import MailTransport
from docclient.exchange.transports.mail_account import (
    Entry,
    LineUnguarded,
    MailAccount,
    MailEntryRefused,
    MailFolderMissing,
    MailServer,
    MailServerAway,
    MailServerNotTrusted,
    Security,
)
from docclient.exchange.transports.mail_sending import AddressMissing, MailNotTaken
from docclient.exchange.transports.mailbox import connected
from tests.exchange.packets import LETTER, document
from tests.mail_servers import (
    PASSWORD,
    REFRESH,
    USER,
    ImapServer,
    SmtpServer,
    TokenService,
    free_port,
    imap_server,
    smtp_server,
    token_service,
)

ADDRESSES = {"H99.02": "vanthu@sonoivu.example", "H99.03": "vanthu@sotaichinh.example"}


@pytest.fixture(scope="module")
def tokens() -> Iterator[TokenService]:
    with token_service() as service:
        yield service


@pytest.fixture(scope="module")
def imap(tokens: TokenService) -> Iterator[ImapServer]:
    with imap_server(tokens) as server:
        yield server


@pytest.fixture
def smtp(imap: ImapServer, tokens: TokenService) -> Iterator[SmtpServer]:
    with smtp_server(imap.certificate, tokens) as server:
        yield server


@pytest.fixture
def account(imap: ImapServer, smtp: SmtpServer) -> MailAccount:
    return MailAccount(USER, USER, MailServer("127.0.0.1", imap.guarded), MailServer("127.0.0.1", smtp.port),
                       trusted=imap.certificate.trusted)


def transport(account: MailAccount, folder: Path, secret: str = PASSWORD) -> MailTransport:
    return MailTransport(account, lambda: bytearray(secret.encode()), folder / "marks.txt", ADDRESSES.get)


def mail(subject: str = "V/v báo cáo quý I", *, files: dict[str, bytes] | None = None) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Sở Nội vụ <vanthu@sonoivu.example>", USER
    letter["Subject"], letter["Message-ID"] = subject, f"<{uuid.uuid4()}@sonoivu.example>"
    letter["Date"] = "Thu, 05 Mar 2026 14:30:15 +0700"
    letter.set_content("Kính gửi quý cơ quan.")
    for name, content in (files if files is not None else {"12-QĐ-VP.pdf": LETTER}).items():
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


def packet(*recipients: str, message: Message = Message.DOCUMENT) -> Outgoing:
    return Outgoing(uuid.uuid4(), document(), message, recipients)


def new_letter(imap: ImapServer, waiting: MailTransport, **content: object) -> str:
    before = {each.id for each in waiting.list()}
    imap.deliver(mail(**content))      # type: ignore[arg-type]
    found = [each for each in waiting.list() if each.id not in before]
    assert len(found) == 1 and found[0].carries is Carries.MAIL
    return found[0].id


def test_a_letter_waits_until_it_is_confirmed(imap: ImapServer, account: MailAccount, tmp_path: Path):
    mailbox = transport(account, tmp_path)
    item = new_letter(imap, mailbox, files={"gói tin.edxml": document(), "kèm theo.pdf": LETTER})
    letter = read_letter(mailbox.fetch(item))       # type: ignore[arg-type]
    assert (letter.sender_name, letter.sender_address) == ("Sở Nội vụ", "vanthu@sonoivu.example")
    assert letter.subject == "V/v báo cáo quý I" and letter.sent_at is not None
    assert letter.sent_at.isoformat() == "2026-03-05T14:30:15+07:00"
    assert [each.name for each in letter.packets] == ["gói tin.edxml"]
    assert [(each.name, each.media_type, each.content) for each in letter.files] == [
        ("kèm theo.pdf", "application/pdf", LETTER)]
    assert item in {each.id for each in mailbox.list()}
    kept = imap.kept
    mailbox.confirm(item, Outcome.DONE)             # type: ignore[arg-type]
    mailbox.confirm(item, Outcome.DONE)             # type: ignore[arg-type]
    assert item not in {each.id for each in mailbox.list()}
    assert imap.kept == kept                        # nothing is deleted
    # another machine, or the same one without its marks: the server knows too
    assert item not in {each.id for each in transport(account, tmp_path / "other").list()}


def test_what_was_set_aside_comes_no_more_and_its_reason_is_kept(imap: ImapServer, account: MailAccount,
                                                                 tmp_path: Path):
    mailbox = transport(account, tmp_path)
    item = new_letter(imap, mailbox)
    mailbox.confirm(item, Outcome.FAILED, "post.for_others")          # type: ignore[arg-type]
    assert item not in {each.id for each in transport(account, tmp_path).list()}
    assert "fail post.for_others" in (tmp_path / "marks.txt").read_text()


def test_taken_in_letters_move_where_the_account_says(imap: ImapServer, account: MailAccount, tmp_path: Path):
    mailbox = transport(replace(account, done_folder="Đã tiếp nhận"), tmp_path)
    item = new_letter(imap, mailbox)
    kept = imap.kept
    mailbox.confirm(item, Outcome.DONE)             # type: ignore[arg-type]
    assert imap.kept == kept - 1
    with pytest.raises(ItemGone):
        mailbox.fetch(item)                         # type: ignore[arg-type]
    moved = transport(replace(account, folder="Đã tiếp nhận"), tmp_path / "other")
    assert moved.list() == []                       # marked as done there too


def test_old_letters_are_left_alone(imap: ImapServer, account: MailAccount, tmp_path: Path):
    mailbox = transport(account, tmp_path)
    new_letter(imap, mailbox)
    assert transport(replace(account, since=date(2999, 1, 1)), tmp_path).list() == []


def test_news_ends_the_waiting(imap: ImapServer, account: MailAccount, tmp_path: Path):
    mailbox, told = transport(account, tmp_path), []
    done = threading.Event()

    def wait() -> None:
        told.append(mailbox.wait(threading.Event(), seconds=60))
        done.set()

    thread = threading.Thread(target=wait)
    thread.start()
    while not done.wait(0.2):        # each letter is news; the first may come before the server listens
        imap.deliver(mail())
    thread.join()
    assert told == [True]


def test_waiting_ends_when_it_is_told_to(account: MailAccount, tmp_path: Path):
    stop = threading.Event()
    stop.set()
    assert transport(account, tmp_path).wait(stop, seconds=60) is False


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.NONE])
def test_other_lines(imap: ImapServer, account: MailAccount, tmp_path: Path, security: Security):
    other = replace(account, incoming=MailServer("127.0.0.1", imap.plain, security))
    new_letter(imap, transport(other, tmp_path))


def test_only_this_machine_is_spoken_to_without_encryption():
    with pytest.raises(LineUnguarded):
        MailServer("mail.tanhiep.example", 143, Security.NONE)


def test_a_wrong_password_is_told_and_not_repeated(imap: ImapServer, account: MailAccount, tmp_path: Path):
    with pytest.raises(MailEntryRefused) as refused:
        transport(account, tmp_path, "wrong one").list()
    assert "wrong one" not in str(refused.value) and refused.value.__cause__ is None
    with pytest.raises(MailEntryRefused):
        transport(account, tmp_path, "wrong one").send(packet("H99.02"))


def test_a_server_that_shows_another_certificate(account: MailAccount, tmp_path: Path):
    distrusting = replace(account, trusted=None)
    with pytest.raises(MailServerNotTrusted):
        transport(distrusting, tmp_path).list()
    with pytest.raises(MailServerNotTrusted):
        transport(distrusting, tmp_path).send(packet("H99.02"))


def test_a_server_that_is_away(account: MailAccount, tmp_path: Path):
    nobody = MailServer("127.0.0.1", free_port())
    with pytest.raises(MailServerAway):
        transport(replace(account, incoming=nobody), tmp_path).list()
    with pytest.raises(MailServerAway):
        transport(replace(account, outgoing=nobody), tmp_path).send(packet("H99.02"))


def test_a_folder_that_is_not_there(account: MailAccount, tmp_path: Path):
    with pytest.raises(MailFolderMissing):
        transport(replace(account, folder="Không có"), tmp_path).list()


def test_entering_by_an_access_token(imap: ImapServer, smtp: SmtpServer, tokens: TokenService, account: MailAccount,
                                     tmp_path: Path):
    open_door = replace(account, entry=Entry.OAUTH, token_address=tokens.address, client="docclient")
    mailbox = transport(open_door, tmp_path, REFRESH)
    new_letter(imap, mailbox)
    mailbox.send(packet("H99.02"))
    assert len(smtp.received) == 1
    with pytest.raises(MailEntryRefused):
        transport(open_door, tmp_path, "another token").list()
    tokens.answer = 503
    try:
        with pytest.raises(MailServerAway):
            mailbox.list()
    finally:
        tokens.answer = 200


def test_a_packet_goes_to_every_recipient_in_one_letter(smtp: SmtpServer, account: MailAccount, tmp_path: Path):
    mailbox, sent = transport(account, tmp_path), packet("H99.02", "H99.03")
    assert not mailbox.send(sent).repeated
    assert mailbox.send(sent).repeated and transport(account, tmp_path).send(sent).repeated
    (recipients, message), = smtp.received
    assert recipients == list(ADDRESSES.values())
    letter = read_letter(message)
    assert letter.message_id == f"<{sent.key}@tanhiep.example>" and letter.sender_address == USER
    assert [each.content for each in letter.packets] == [sent.content] and letter.files == ()


def test_a_line_cut_after_the_letter_sends_it_again_under_the_same_identity(
        smtp: SmtpServer, account: MailAccount, tmp_path: Path):
    mailbox, sent = transport(account, tmp_path), packet("H99.02", message=Message.STATUS)
    smtp.cut_after_data = True
    with pytest.raises(MailServerAway):
        mailbox.send(sent)
    assert not mailbox.send(sent).repeated
    identities = [message_from_bytes(message, policy=policy.default)["Message-ID"] for _, message in smtp.received]
    assert identities == [f"<{sent.key}@tanhiep.example>"] * 2


def test_recipients_that_cannot_be_reached_are_named(smtp: SmtpServer, account: MailAccount, tmp_path: Path):
    mailbox = transport(account, tmp_path)
    with pytest.raises(AddressMissing) as missing:
        mailbox.send(packet("H99.02", "H99.77"))
    assert missing.value.facts["agency"] == "H99.77" and smtp.received == []
    smtp.refused = {ADDRESSES["H99.03"]}
    with pytest.raises(MailNotTaken) as refused:
        mailbox.send(packet("H99.02", "H99.03"))
    assert (refused.value.facts["agency"], refused.value.facts["answer"]) == ("H99.03", "550")


def test_a_torn_mark_is_not_believed(imap: ImapServer, account: MailAccount, tmp_path: Path):
    mailbox = transport(account, tmp_path)
    sent = packet("H99.02")
    mailbox.send(sent)
    marks = tmp_path / "marks.txt"
    marks.write_bytes(marks.read_bytes()[:-3])
    assert not transport(account, tmp_path).send(sent).repeated
    assert transport(account, tmp_path).send(sent).repeated


def test_a_round_enters_each_server_once(imap: ImapServer, smtp: SmtpServer, account: MailAccount, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch):
    mailbox, entered = transport(account, tmp_path), []
    monkeypatch.setattr(mailboxes, "connected", lambda account: entered.append(connected(account)) or entered[-1])
    with mailbox.round():
        items = [new_letter(imap, mailbox) for _ in range(3)]        # what comes during the round is seen too
        for item in items:
            assert read_letter(mailbox.fetch(item)).files            # type: ignore[arg-type]
            mailbox.confirm(item, Outcome.DONE)                      # type: ignore[arg-type]
        for _ in range(3):
            mailbox.send(packet("H99.02"))
        assert not {each.id for each in mailbox.list()} & set(items)
    assert len(entered) == 1
    assert len(smtp.received) == 3 and len(set(smtp.lines)) == 1


def test_a_line_that_breaks_within_a_round_is_opened_anew(smtp: SmtpServer, account: MailAccount, tmp_path: Path):
    mailbox, sent = transport(account, tmp_path), packet("H99.02")
    with mailbox.round():
        mailbox.send(packet("H99.02"))
        smtp.cut_after_data = True
        with pytest.raises(MailServerAway):
            mailbox.send(sent)
        assert not mailbox.send(sent).repeated
    assert len(smtp.received) == 3 and len(set(smtp.lines)) == 2


def test_a_new_letter_is_news_between_rounds(imap: ImapServer, account: MailAccount, tmp_path: Path):
    told, done = [], threading.Event()

    def listen() -> None:
        told.append(wait_for_news([Way("Thư", transport(account, tmp_path))], threading.Event()))
        done.set()

    thread = threading.Thread(target=listen)
    thread.start()
    while not done.wait(0.2):        # each letter is news; the first may come before the server listens
        imap.deliver(mail())
    thread.join()
    assert told == [True]
