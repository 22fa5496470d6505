"""A little of the long fuzz, what it has found, and the whole of it where there is time."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from docclient.exchange.edxml_read import SMALL_FILES, Limits, read_packet
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.packet import DocumentPacket, StatusPacket
from docclient.exchange.problems import ProblemCode
from tests.exchange.fuzz_inputs import changed, seeds
from tests.exchange.fuzzing import MOST_MEMORY, SLOWEST_S, fuzz, fuzz_part, written_again
from tests.exchange.packets import HEADER, attachment, document, encoded, sample


def test_a_little_of_the_long_fuzz(tmp_path: Path) -> None:
    found = fuzz_part(0, 120, tmp_path, seed=4)
    assert not found.faults, found.faults
    assert found.inputs == 120 and found.pool > 40 and found.ends["DocumentPacket"] > 20


def test_an_input_follows_from_its_seed() -> None:
    import random

    one, again = (changed(seeds()[0], seeds()[1], random.Random(7)) for _ in range(2))
    assert one == again != seeds()[0]


@pytest.mark.slow
@pytest.mark.timeout(14_400)
def test_two_hundred_thousand_inputs(tmp_path: Path) -> None:
    found = fuzz(200_000, 20261122, 2, tmp_path)
    assert not found.faults, found.faults
    assert found.inputs == 200_000 and found.slowest[0] < SLOWEST_S and found.memory[0] < MOST_MEMORY


# --- what it has found ---------------------------------------------------------------------------------------------


def test_a_status_without_its_code_stays_a_status() -> None:
    """It holds a DocumentId of its own: without the element it would read back as a document."""
    packet = read_packet(document(HEADER + "<edXML:StatusCode> </edXML:StatusCode>"))
    assert isinstance(packet, StatusPacket) and packet.header.status_code is None
    assert isinstance(read_packet(write_packet(packet)), StatusPacket) and written_again(packet) == "written"


def test_what_stands_in_the_body_of_a_status_is_kept() -> None:
    odd = ("<edXML:edXMLBody><edXML:Beside>b</edXML:Beside><edXML:edXMLManifest><edXML:Odd>a</edXML:Odd>"
           "</edXML:edXMLManifest></edXML:edXMLBody></edXML:edXMLEnvelope>")
    packet = read_packet(sample("status-01-arrived.edxml").replace(b"</edXML:edXMLEnvelope>", odd.encode()))
    assert isinstance(packet, StatusPacket) and {each.place for each in packet.extras} == {"edXMLBody", "edXMLManifest"}
    assert written_again(packet) == "written"


def test_a_file_inside_an_unknown_element_is_there_once() -> None:
    inside = f"<edXML:Unknown>{attachment('khac.pdf', content_id='f2')}<edXML:More>m</edXML:More></edXML:Unknown>"
    packet = read_packet(document(trace="").replace(b"</edXML:edXMLBody>", inside.encode() + b"</edXML:edXMLBody>"))
    assert isinstance(packet, DocumentPacket) and len(packet.attachments) == 2
    assert any(each.code is ProblemCode.UNKNOWN_DROPPED for each in packet.problems)
    again = read_packet(write_packet(packet))
    assert isinstance(again, DocumentPacket)
    assert [each.content for each in again.attachments] == [each.content for each in packet.attachments]
    assert again.extras == packet.extras


def test_a_small_packet_grows_to_little() -> None:
    """Just below what counts as a bomb, several times over."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", bytes(15 << 20))
    files = "".join(attachment(f"{number}.pdf", encoded(out.getvalue()), content_id=f"f{number}")
                    for number in range(12))
    data = document(references="", attachments=files)
    packet = read_packet(data)
    assert isinstance(packet, DocumentPacket) and len(data) < 1 << 20
    assert sum(each.size for each in packet.attachments) <= SMALL_FILES + (1 << 20)
    assert {each.code for file in packet.attachments for each in file.problems} >= {ProblemCode.CONTENT_TOO_LARGE}
    assert Limits().unpacked(50 << 20) == Limits().all_files
