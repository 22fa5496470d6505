"""Letters as senders write them, and as nobody should."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docclient.errors import Trouble
from docclient.exchange import mail_letter
from docclient.exchange.mail_letter import MailNotReadable, MailTooLarge, read_letter
from tests.exchange.packets import LETTER, document


def letter(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "vanthu@so.example", "Subject": "V/v", **headers}.items():
        message[name] = value
    message.set_content("Kính gửi.")
    return message


def test_what_is_no_file_is_left_out():
    message = letter()
    message.add_alternative("<p>Kính gửi</p>", subtype="html")
    assert not read_letter(message.as_bytes()).brings_something


def test_types_are_told_by_the_bytes_and_names_stay_the_senders():
    message = letter()
    message.add_attachment(document(), maintype="application", subtype="pdf", filename="../../văn bản.pdf")
    message.add_attachment(LETTER, maintype="text", subtype="plain", filename="giấy mời.doc")
    found = read_letter(message.as_bytes())
    assert [each.name for each in found.packets] == ["../../văn bản.pdf"]
    assert [(each.name, each.media_type) for each in found.files] == [("giấy mời.doc", "application/pdf")]


def test_a_letter_within_a_letter_is_not_opened():
    inner = letter()
    inner.add_attachment(document(), maintype="application", subtype="xml", filename="trong.edxml")
    outer = letter()
    outer.add_attachment(inner.as_bytes(), maintype="application", subtype="octet-stream", filename="chuyển tiếp.eml")
    found = read_letter(outer.as_bytes())
    assert found.packets == () and [each.name for each in found.files] == ["chuyển tiếp.eml"]


def test_names_cannot_break_a_line():
    content = letter().as_bytes().replace(b"Subject: V/v", b"Subject: =?utf-8?B?VuG7gQrhu40gxJHDonk=?=")
    assert "\n" not in read_letter(content).subject


def test_without_an_identity_the_content_is_one():
    message = letter().as_bytes()
    assert read_letter(message).message_id == read_letter(message).message_id != read_letter(message + b"\n").message_id


@pytest.mark.parametrize("date", ["", "hôm qua", "Thu, 99 Mar 2026 14:30:15 +0700"])
def test_a_date_that_is_none(date: str):
    content = letter().as_bytes().replace(b"Subject:", f"Date: {date}\nSubject:".encode(), 1)
    assert read_letter(content).sent_at is None


def test_too_much(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mail_letter, "LIMIT", 100)
    with pytest.raises(MailTooLarge):
        read_letter(letter().as_bytes() + b"x" * 100)
    monkeypatch.setattr(mail_letter, "LIMIT", 1 << 20)
    monkeypatch.setattr(mail_letter, "PARTS", 3)
    many = letter()
    for number in range(5):
        many.add_attachment(b"x", maintype="application", subtype="pdf", filename=f"{number}.pdf")
    with pytest.raises(MailNotReadable):
        read_letter(many.as_bytes())


PIECES = st.sampled_from([
    b"From: ", b"=?utf-8?Q?", b"?=", b"Subject: ", b"\r\n", b"\n\n", b"Content-Type: multipart/mixed; boundary=x\n\n",
    b"--x\n", b"--x--", b"Content-Disposition: attachment; filename*0*=utf-8''%E1%BA; filename*1=\"a\n",
    b"Content-Transfer-Encoding: base64\n", b"Content-Type: text/plain; charset=\"nowhere\"\n", b"%PDF-1.4", b"<a@",
    b"\"\\", b"(", b",;:", b"\x00", b"Date: Thu, 5 Mar 26", b"Content-Type: message/rfc822\n\n"])


@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=30).map(b"".join))
def test_any_bytes_are_a_letter_or_a_trouble(content: bytes):
    try:
        found = read_letter(content)
    except Trouble:
        return
    assert found.message_id and all(each.content for each in (*found.files, *found.packets))
