"""Packets made to harm: bombs, entities, networks, names, time."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from docclient.exchange.edxml_read import Limits, read_packet, read_packet_file
from docclient.exchange.errors import PacketTooComplex, PacketTooLarge
from docclient.exchange.packet import DocumentPacket
from docclient.exchange.packet_json import packet_as_json
from docclient.exchange.problems import ProblemCode
from tests.exchange.packets import HEADER, LETTER, attachment, document, encoded, reference, zip_of, zipped

LAUGHS = ('<!DOCTYPE edXML [<!ENTITY lol "lol"><!-- don\'t -->'
          + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10)).replace("&lol0;", "&lol;")
          + "]>")


def with_doctype(doctype: str, subject: str) -> bytes:
    return document(HEADER.replace("Về việc thử", subject), declaration=f'<?xml version="1.0"?>{doctype}')


def test_a_billion_laughs_are_not_laughed() -> None:
    began = time.process_time()
    packet = read_packet(with_doctype(LAUGHS, "&lol9;"))
    assert time.process_time() - began < 1
    assert isinstance(packet, DocumentPacket)
    assert packet.header.subject == "&lol9;"
    assert packet.damaged
    assert {problem.code for problem in packet.problems} >= {ProblemCode.DOCTYPE_IGNORED, ProblemCode.STRUCTURE_DAMAGED}


def test_laughs_in_an_attribute() -> None:
    packet = read_packet(with_doctype(LAUGHS, 'x</edXML:Subject><edXML:X a="&lol9;"/><edXML:Subject>'))
    assert packet.damaged


@pytest.mark.parametrize("doctype", [
    '<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    '<!DOCTYPE edXML SYSTEM "http://127.0.0.1:9/packet.dtd">',
    '<!DOCTYPE edXML [<!ENTITY % p SYSTEM "file:///etc/hostname">%p;]>',
])
def test_nothing_is_fetched(doctype: str) -> None:
    packet = read_packet(with_doctype(doctype, "&x;"))
    assert isinstance(packet, DocumentPacket)
    assert packet.header.subject == "&x;"
    assert packet.damaged


def test_a_document_type_alone_is_enough_to_look_twice() -> None:
    packet = read_packet(with_doctype("<!DOCTYPE edXML>", "Về việc thử"))
    assert isinstance(packet, DocumentPacket)
    assert packet.header.subject == "Về việc thử"
    assert [problem.code for problem in packet.problems] == [ProblemCode.DOCTYPE_IGNORED]
    assert packet.damaged


@pytest.mark.parametrize("doctype", [
    "<!DOCTYPE a [", "<!DOCTYPE a [<!--", "<!DOCTYPE a ['", '<!DOCTYPE "', "<!DOCTYPE a [<?",
    "<!DOCTYPE a [" + "<!--" * 50_000, "<!DOCTYPE a [" + "'\"" * 100_000,
], ids=lambda doctype: f"{doctype[:18]}…{len(doctype)}")
def test_a_document_type_without_an_end(doctype: str) -> None:
    began = time.process_time()
    packet = read_packet(with_doctype(doctype, "x"))
    assert packet.damaged
    assert time.process_time() - began < 2


@pytest.mark.parametrize("level", [1, 9])
def test_a_zip_bomb_stays_packed(level: int) -> None:
    bomb = zipped(b"\0" * (64 << 20))
    assert len(bomb) < 100_000
    packet = read_packet(document(attachments=attachment(payload=encoded(bomb))))
    assert isinstance(packet, DocumentPacket)
    [file] = packet.attachments
    assert file.content == bomb
    assert ProblemCode.ZIP_BOMB in {problem.code for problem in file.problems}
    assert not packet.damaged


def test_a_bomb_that_lies_about_its_size() -> None:
    bomb = bytearray(zipped(b"\0" * (64 << 20)))
    central = bomb.find(b"PK\x01\x02")
    for at in (22, central + 24):
        bomb[at:at + 4] = (1000).to_bytes(4, "little")
    packet = read_packet(document(attachments=attachment(payload=encoded(bytes(bomb)))))
    assert isinstance(packet, DocumentPacket)
    [file] = packet.attachments
    assert file.content == bytes(bomb)
    assert file.lost


def test_a_zip_with_a_hundred_thousand_entries_is_not_listed() -> None:
    archive = zip_of({f"{number}": b"" for number in range(30_000)}, zipfile.ZIP_STORED)
    began = time.process_time()
    packet = read_packet(document(attachments=attachment(payload=encoded(archive))))
    assert time.process_time() - began < 2
    assert isinstance(packet, DocumentPacket)
    assert packet.attachments[0].content == archive


def test_a_zip_that_states_a_second_directory() -> None:
    whole = zipped(LETTER)
    end = whole.rfind(b"PK\x05\x06")
    locator = b"PK\x06\x07" + b"\0" * 16
    packet = read_packet(document(attachments=attachment(payload=encoded(whole[:end] + locator + whole[end:]))))
    assert isinstance(packet, DocumentPacket)
    assert ProblemCode.ZIP_DAMAGED in {problem.code for problem in packet.attachments[0].problems}


@pytest.mark.parametrize("inside", [
    "<a>" * 5000, "<a>" * 90_000, "</a>" * 90_000, "<a/>" * 90_000, "<!--" * 100_000, "<![CDATA[" * 50_000,
    "<?" * 100_000, '<a b="' * 50_000, "<a b='c\">" * 50_000, "&" * 500_000, "&#" * 200_000, "<edXML:To>" * 50_000,
    "<edXML:Subject>" * 50_000, "<edXML:From><edXML:OrganId>" * 30_000, "<a" * 90_000, "<a " + "b='' " * 100_000,
    "<x>&" + "<!---->a" * 90_000, "".join(f"<a xmlns:p{number}='u{number}'>" for number in range(50_000)),
    "<a " + "".join(f"xmlns:p{number}='u' " for number in range(40_000)) + ">" + "<b xmlns:q='v'/>" * 40_000,
    "</edXML:Subjec>" * 90_000, "<edXML:Attachment>" * 50_000, "<edXML:Reference>" * 50_000,
], ids=lambda inside: f"{inside[:12]}…{len(inside)}")
def test_no_structure_takes_long(inside: str) -> None:
    began = time.process_time()
    try:
        packet = read_packet(document(HEADER + inside))
    except PacketTooComplex:
        pass
    else:
        assert packet.damaged or inside.startswith(("<a/>", "<a b", "&"))
    assert time.process_time() - began < 4


@pytest.mark.parametrize("value", ["2026/02/01" + " " * 60_000 + "x", "1" * 60_000, "=" * 60_000, "/" * 60_000,
                                   "Độ mật" + " " * 60_000, "[" * 60_000, "a." * 30_000, "\n" * 60_000])
def test_no_value_takes_long(value: str) -> None:
    names = ("DueDate", "Timestamp", "Subject", "Code", "StatusCode", "Secret", "PromulgationInfo", "DocumentId")
    began = time.process_time()
    for more in ("", "<edXML:StatusCode>01</edXML:StatusCode>"):
        packet_as_json(read_packet(document(
            more + "".join(f"<edXML:{name}>{value}</edXML:{name}>" for name in names),
            references=reference(value), attachments=attachment(value, value, content_id=value, content_type=value))))
    assert time.process_time() - began < 2


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(PacketTooComplex):
        read_packet(document(HEADER + "<a/>" * 110_000))


def test_too_long_a_header_is_refused() -> None:
    with pytest.raises(PacketTooComplex):
        read_packet(document(HEADER + f"<edXML:A b='{'x' * (9 << 20)}'/>"))


def test_too_large_a_packet_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.edxml"
    with path.open("wb") as stream:
        stream.seek((200 << 20) + 1)
        stream.write(b"x")
    with pytest.raises(PacketTooLarge) as told:
        read_packet_file(path)
    assert told.value.facts == {"file": "large.edxml", "size": (200 << 20) + 2, "limit": 200 << 20}
    with pytest.raises(PacketTooLarge):
        read_packet(document(), limits=Limits(packet=100))


def test_a_text_that_looks_like_a_token_is_a_text() -> None:
    subject = f"text-{'0' * 32}:0;"
    packet = read_packet(document(HEADER.replace("Về việc thử", subject)))
    assert isinstance(packet, DocumentPacket)
    assert packet.header.subject == subject


MEASURED = """
import resource, sys
from pathlib import Path
from docclient.exchange.edxml_read import read_packet_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
packet = read_packet_file(Path(sys.argv[1]))
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(packet.attachments[0].size, (after - before) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss has another unit elsewhere")
def test_sixty_mebibytes_take_no_more_than_three_times_their_size(tmp_path: Path) -> None:
    content = b"%PDF-1.4\n" + bytes(range(256)) * (60 << 12)
    stored = zip_of({"a.pdf": content}, zipfile.ZIP_STORED)
    path = tmp_path / "large.edxml"
    path.write_bytes(document(attachments=attachment(payload=encoded(stored))))
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2])
    size, peak = map(int, done.stdout.split())
    assert size == len(content)
    assert peak < 3 * path.stat().st_size
