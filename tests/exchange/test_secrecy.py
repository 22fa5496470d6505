"""A secrecy level anywhere means: not through this channel."""

from __future__ import annotations

import pytest

from docclient.exchange.edxml_read import read_packet
from docclient.exchange.problems import ProblemCode
from docclient.exchange.secrecy import is_level
from tests.exchange.packets import HEADER, document


@pytest.mark.parametrize(("field", "value", "secret"), [
    ("Secret", "1", True), ("Secret", "Mật", True), ("SecretLevel", "TỐI MẬT", True), ("DoMat", "A", True),
    ("do_mat", "C", True), ("Secret", "0", False), ("Secret", "", False),
    ("SecretLevel", "Thường", False), ("DoMat", "Không", False), ("Secret", "false", False),
    ("SphereOfPromulgation", "Tuyệt mật", True), ("SphereOfPromulgation", "Độ mật: Mật", True),
    ("Priority", "Mật.", True), ("Subject", "Về bảo mật thông tin", False), ("Subject", "Mật độ xây dựng", False),
    ("Content", "mat", False), ("Priority", "3", False), ("Subject", "ma\u0323\u0302t", True),
])
def test_what_declares_a_level(field: str, value: str, secret: bool) -> None:
    assert is_level(field, value) is secret


@pytest.mark.parametrize("element", [
    "<edXML:Secret>1</edXML:Secret>",
    "<edXML:OtherInfo><edXML:Secret>Mật</edXML:Secret></edXML:OtherInfo>",
    "<edXML:OtherInfo><edXML:SphereOfPromulgation>Tối mật</edXML:SphereOfPromulgation></edXML:OtherInfo>",
    '<x:DoMat xmlns:x="urn:x">2</x:DoMat>',
    '<edXML:OtherInfo SecretLevel="2"/>',
])
def test_a_packet_with_a_level_is_refused(element: str) -> None:
    packet = read_packet(document(HEADER + element))
    assert packet.refused
    assert ProblemCode.SECRECY_LEVEL in {problem.code for problem in packet.problems}


def test_a_level_in_a_broken_packet_is_found_too() -> None:
    packet = read_packet(document(HEADER + "<edXML:OtherInfo><edXML:Secret>1</edXML:Secret>"))
    assert packet.damaged
    assert packet.refused


def test_the_level_none_is_no_level() -> None:
    packet = read_packet(document(HEADER + "<edXML:OtherInfo><edXML:Secret>0</edXML:Secret></edXML:OtherInfo>"))
    assert not packet.refused
    assert packet.problems == ()
