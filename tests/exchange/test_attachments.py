"""From base64 to the file that was meant."""

from __future__ import annotations

import base64
import zipfile

import pytest

from docclient.exchange.attachments import decode, decode_base64
from docclient.exchange.content_types import BYTES, PACKET, PDF, PROGRAM, TEXT, WORD, ZIP, name_fits, type_of
from docclient.exchange.edxml_read import Limits, read_packet
from docclient.exchange.packet import Attachment, DocumentPacket
from docclient.exchange.problems import ProblemCode
from tests.exchange.packets import LETTER, attachment, document, docx, encoded, reference, sample, zip_of, zipped

MEBIBYTE = 1 << 20


def file_of(payload: str | bytes, name: str = "a.pdf", *, content_type: str = "application/zip") -> Attachment:
    """The one file of a packet with this payload (bytes are encoded)."""
    text = encoded(payload) if isinstance(payload, bytes) else payload
    packet = read_packet(document(references=reference(name, content_type=content_type),
                                  attachments=attachment(name, text, content_type=content_type)))
    assert isinstance(packet, DocumentPacket)
    [file] = packet.attachments
    assert not packet.damaged
    return file


def codes(file: Attachment) -> list[ProblemCode]:
    return [problem.code for problem in file.problems]


@pytest.mark.parametrize("content_type", ["application/zip", "application/x-zip-compressed", ""])
def test_a_zip_with_one_entry_is_a_wrapper(content_type: str) -> None:
    file = file_of(zipped(LETTER), content_type=content_type)
    assert (file.content, file.actual_type, file.problems) == (LETTER, PDF, ())


def test_a_wrapper_that_the_packet_does_not_declare() -> None:
    file = file_of(zipped(LETTER), content_type="application/pdf")
    assert file.content == LETTER
    assert codes(file) == [ProblemCode.ZIP_NOT_DECLARED]


def test_a_bare_file_stays_as_it_is() -> None:
    file = file_of(LETTER, content_type="application/pdf")
    assert (file.content, file.problems) == (LETTER, ())


def test_a_bare_file_declared_as_zip() -> None:
    file = file_of(LETTER)
    assert file.content == LETTER
    assert codes(file) == [ProblemCode.DECLARED_TYPE_DIFFERS]


@pytest.mark.parametrize(("name", "payload", "unwrapped"), [
    ("a.docx", docx(), False),                                          # the Office file itself
    ("a.docx", zipped(docx(), "x.docx"), True),
    ("a.docx", zipped(docx(), "X.DOCX"), True),
    ("a.docx", zipped(b"note", "x.txt"), False),                        # one entry, but not the document
    ("a.zip", zipped(b"note", "x.txt"), False),                         # an archive with one file in it
    ("a.zip", zipped(zip_of({"x": b"1", "y": b"2"}), "uuid.zip"), True),
    ("a.zip", zip_of({"x": b"1", "y": b"2"}), False),
    ("a.pdf", zipped(LETTER, "no-extension"), True),
    ("a", zipped(LETTER), True),
    ("a.pdf", zip_of({"folder/": b"", "folder/x.pdf": LETTER}), True),
    ("a.pdf", zip_of({"../../etc/passwd": LETTER}), True),
])
def test_which_zips_are_wrappers(name: str, payload: bytes, unwrapped: bool) -> None:
    file = file_of(payload, name)
    assert (file.content == payload) is not unwrapped


def test_an_archive_of_several_files_under_another_name_is_kept() -> None:
    payload = zip_of({"a.pdf": LETTER, "b.pdf": LETTER})
    file = file_of(payload)
    assert file.content == payload
    assert codes(file) == [ProblemCode.ZIP_MANY_ENTRIES, ProblemCode.NAME_AND_TYPE_DIFFER]


def test_an_encrypted_entry_stays_packed() -> None:
    payload = bytearray(zipped(LETTER))
    payload[6] |= 1
    payload[payload.find(b"PK\x01\x02") + 8] |= 1
    file = file_of(bytes(payload))
    assert file.content == bytes(payload)
    assert ProblemCode.ZIP_ENCRYPTED in codes(file)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compression_is_not_opened(method: int) -> None:
    file = file_of(zip_of({"a.pdf": LETTER}, method))
    assert ProblemCode.ZIP_METHOD_UNKNOWN in codes(file)


@pytest.mark.parametrize("at", [45, 80, -10])
def test_a_damaged_zip_is_named_and_kept(at: int) -> None:
    payload = bytearray(zip_of({"a.pdf": LETTER}, zipfile.ZIP_STORED))
    payload[at] ^= 0xFF
    file = file_of(bytes(payload))
    assert file.content == bytes(payload)
    assert ProblemCode.ZIP_DAMAGED in codes(file)
    assert file.lost


def test_a_cut_zip_is_named() -> None:
    file = file_of(zipped(LETTER)[:-30])
    assert ProblemCode.ZIP_DAMAGED in codes(file)
    assert file.lost


@pytest.mark.parametrize("payload", [LETTER, zipped(LETTER), docx()])
def test_bytes_that_became_replacement_characters(payload: bytes) -> None:
    broken = payload.decode("utf-8", "replace").encode()
    assert broken != payload
    file = file_of(broken)
    assert ProblemCode.REPLACEMENT_CHARACTERS in codes(file)
    assert file.lost


def test_one_replacement_character_is_no_damage() -> None:
    many = "Ký tự \ufffd xuất hiện trong văn bản hướng dẫn. ".encode() * 20
    assert codes(file_of(many, "a.txt", content_type="text/plain")) == [ProblemCode.REPLACEMENT_CHARACTERS]
    assert file_of("Một \ufffd.".encode(), "a.txt", content_type="text/plain").problems == ()


@pytest.mark.parametrize("text", ["${fileContent}", "{{base64}}", "[NOI_DUNG_FILE]", "Nội dung tệp", "string",
                                  "noidung", "fileData", "BASE64-CONTENT-HERE", "%PDF-1.4 …", "AAAA*AAAA"])
def test_templates_that_nobody_filled_in(text: str) -> None:
    file = file_of(text)
    assert (file.content, file.sha256, file.size, file.actual_type) == (None, None, 0, "undecodable")
    assert codes(file) == [ProblemCode.NOT_BASE64]


def test_one_bad_file_leaves_the_others_usable() -> None:
    packet = read_packet(document(
        references=reference() + reference("b.pdf", content_id="f2"),
        attachments=attachment(payload="${content}") + attachment("b.pdf", content_id="f2")))
    assert isinstance(packet, DocumentPacket)
    assert [file.content for file in packet.attachments] == [None, LETTER]
    assert not packet.damaged


@pytest.mark.parametrize("between", ["\n", "\r\n", " ", "\t", "&#13;\n", "&#xD;&#10;"])
@pytest.mark.parametrize("length", [30, 6000])
def test_base64_may_be_broken_into_lines(between: str, length: int) -> None:
    content = b"%PDF-1.4\n" + bytes(range(256)) * (length // 30)
    whole = encoded(content)
    lines = between.join(whole[start:start + 76] for start in range(0, len(whole), 76))
    assert file_of(lines).content == content


def test_base64_in_cdata() -> None:
    for content in (LETTER, LETTER * 50):
        assert file_of(f"<![CDATA[{encoded(content)}]]>").content == content


def test_base64_without_its_padding() -> None:
    content = LETTER + b"1"
    bare = encoded(content).rstrip("=")
    assert len(bare) % 4
    file = file_of(bare)
    assert file.content == content
    assert codes(file) == [ProblemCode.BASE64_REPAIRED, ProblemCode.DECLARED_TYPE_DIFFERS]


def test_base64_cut_in_the_middle() -> None:
    whole = encoded(LETTER)
    file = file_of(whole[:4 * 60 + 1])
    assert file.content == LETTER[:180]
    assert ProblemCode.BASE64_TRUNCATED in codes(file)


def test_base64_written_in_blocks() -> None:
    content = LETTER * 3
    blocks = "".join(encoded(content[start:start + 100]) for start in range(0, len(content), 100))
    file = file_of(blocks, content_type="application/pdf")
    assert file.content == content
    assert codes(file) == [ProblemCode.DATA_AFTER_PADDING]


def test_a_data_uri() -> None:
    file = file_of(f"data:application/pdf;base64,{encoded(LETTER)}", content_type="application/pdf")
    assert file.content == LETTER
    assert codes(file) == [ProblemCode.BASE64_REPAIRED]


@pytest.mark.parametrize("payload", ["", " \n "])
def test_an_empty_payload(payload: str) -> None:
    file = file_of(payload)
    assert file.content == b""
    assert codes(file)[0] is ProblemCode.CONTENT_EMPTY


def test_attachments_that_stand_elsewhere() -> None:
    data = document().replace(b"<AttachmentEncoded>", b"").replace(b"</AttachmentEncoded>", b"")
    packet = read_packet(data)
    assert isinstance(packet, DocumentPacket)
    assert [(file.name, file.content) for file in packet.attachments] == [("12-QD-VP.pdf", LETTER)]
    renamed = read_packet(data.replace(b"<Attachment>", b"<File>").replace(b"</Attachment>", b"</File>"))
    assert isinstance(renamed, DocumentPacket)
    assert [(file.name, file.content) for file in renamed.attachments] == [("12-QD-VP.pdf", LETTER)]


def test_an_attachment_without_payload() -> None:
    packet = read_packet(document(attachments="<Attachment><ContentId>f1</ContentId></Attachment>"))
    assert isinstance(packet, DocumentPacket)
    [file] = packet.attachments
    assert (file.name, file.content, codes(file)) == ("12-QD-VP.pdf", None, [ProblemCode.CONTENT_MISSING])


def test_pieces_join_whatever_their_borders() -> None:
    text = base64.b64encode(LETTER)
    assert decode_base64([text[:7], memoryview(text)[7:8], b" \n", text[8:]]) == (LETTER, ())


def test_manifest_and_attachments_disagree() -> None:
    packet = read_packet(document(
        references=reference("a.pdf", content_type="application/pdf") + reference("lost.pdf", content_id="f9"),
        attachments=attachment("b.pdf") + attachment("extra.pdf", content_id="f7")))
    assert isinstance(packet, DocumentPacket)
    assert [(file.name, codes(file)) for file in packet.attachments] == [
        ("b.pdf", [ProblemCode.MANIFEST_TYPE_DIFFERS, ProblemCode.MANIFEST_NAME_DIFFERS]),
        ("extra.pdf", [ProblemCode.NOT_IN_MANIFEST]),
        ("lost.pdf", [ProblemCode.MISSING])]
    missing = packet.attachments[2]
    assert (missing.content, missing.actual_type, missing.sha256, missing.size) == (None, "missing", None, 0)
    assert [problem.code for problem in packet.problems] == [ProblemCode.REFERENCE_UNMATCHED]


@pytest.mark.parametrize("prefix", ["cid:", "", "CID: ", "&lt;cid:"])
def test_ids_match_with_and_without_cid(prefix: str) -> None:
    packet = read_packet(document(attachments=attachment(prefix=prefix)))
    assert isinstance(packet, DocumentPacket)
    assert [(file.content_id, file.problems) for file in packet.attachments] == [("f1", ())]


def test_without_ids_the_names_match() -> None:
    packet = read_packet(document(
        references=reference("a.pdf", content_id="1") + reference("b.pdf", content_id="2"),
        attachments=attachment("b.pdf", content_id="9") + attachment("a.pdf", content_id="8")))
    assert isinstance(packet, DocumentPacket)
    assert [(file.name, file.problems) for file in packet.attachments] == [("b.pdf", ()), ("a.pdf", ())]


def test_two_files_under_one_id_are_two_files() -> None:
    packet = read_packet(document(
        references=reference("a.pdf") + reference("b.pdf"),
        attachments=(attachment("a.pdf", encoded(zipped(LETTER + b"1")))
                     + attachment("b.pdf", encoded(zipped(LETTER + b"2"))))))
    assert isinstance(packet, DocumentPacket)
    assert [(file.name, file.content) for file in packet.attachments] == [
        ("a.pdf", LETTER + b"1"), ("b.pdf", LETTER + b"2")]
    assert [codes(file) for file in packet.attachments] == [[], [ProblemCode.CONTENT_ID_REPEATED]]


def test_a_file_without_a_name_gets_one_that_tells_what_it_is() -> None:
    packet = read_packet(document(references="", attachments=attachment("")))
    assert isinstance(packet, DocumentPacket)
    [file] = packet.attachments
    assert (file.name, codes(file)) == ("tep-1.pdf", [ProblemCode.NAME_MISSING])


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.pdf", "ghi\u202efdp.exe", "a\u0085b.pdf"])
def test_names_that_climb_or_hide_are_named(name: str) -> None:
    assert ProblemCode.NAME_UNSAFE in codes(file_of(zipped(LETTER), name))


def test_a_program_is_named() -> None:
    file = file_of(zipped(b"MZ\x90\x00" + b"\x00" * 60), "hoa-don.pdf")
    assert file.actual_type == PROGRAM
    assert codes(file) == [ProblemCode.PROGRAM_INSIDE]


def test_a_file_above_the_limit_stays_out() -> None:
    packet = read_packet(document(), limits=Limits(one_file=100))
    assert isinstance(packet, DocumentPacket)
    [file] = packet.attachments
    assert ProblemCode.CONTENT_TOO_LARGE in codes(file)


def test_all_files_together_have_a_limit() -> None:
    four = "".join(attachment(f"{number}.pdf", content_id=str(number)) for number in range(4))
    packet = read_packet(document(references="", attachments=four), limits=Limits(all_files=len(LETTER) * 2))
    assert isinstance(packet, DocumentPacket)
    assert [ProblemCode.CONTENT_TOO_LARGE in codes(file) for file in packet.attachments] == [False, False, True, True]


@pytest.mark.parametrize(("content", "media_type"), [
    (LETTER, PDF), (b"\n\n%PDF-1.7", PDF), (docx(), WORD), (zip_of({"a": b""}), ZIP), (b"Xin ch\xc3\xa0o", TEXT),
    (b"", BYTES), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"II*\x00\x08", "image/tiff"), (b"{\\rtf1}", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "WordDocument".encode("utf-16-le"), "application/msword"),
    (b"\x00\x01\x02", BYTES), (b"MZ" + LETTER, PROGRAM), (b"\x7fELF" + LETTER, PROGRAM),
    ("Xin chào".encode("utf-16"), TEXT), (sample("status-01-arrived.edxml"), PACKET),
    (b'<?xml version="1.0"?><a/>', "text/xml"), (b"<html><body>", "text/html"),
    ("Céng hoµ".encode("latin-1") * 9, TEXT),
    (zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}, zipfile.ZIP_STORED),
     "application/vnd.oasis.opendocument.text"),
])
def test_types_are_told_by_the_bytes(content: bytes, media_type: str) -> None:
    assert type_of(content) == media_type


@pytest.mark.parametrize(("name", "media_type", "fits"), [
    ("a.pdf", PDF, True), ("a.PDF", PDF, True), ("a.doc", PDF, False), ("12/QĐ-VP", PDF, True), ("a.xyz", ZIP, True),
    ("a.doc", "application/rtf", True), ("a.xyz", PROGRAM, False), ("a.txt", TEXT, True), ("a.pdf", TEXT, False),
])
def test_names_and_types(name: str, media_type: str, fits: bool) -> None:
    assert name_fits(name, media_type) is fits


def test_decode_reports_types_that_differ() -> None:
    found = decode([base64.b64encode(LETTER)], "a.pdf", "image/png", MEBIBYTE)
    assert [problem.code for problem in found.problems] == [ProblemCode.DECLARED_TYPE_DIFFERS]
    assert decode([base64.b64encode(LETTER)], "a.pdf", "application/x-pdf; name=a", MEBIBYTE).problems == ()
