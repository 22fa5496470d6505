"""Where a PIN comes from: a descriptor, a variable that vanishes, or a person; never an argument."""

import getpass
import os
import sys
from pathlib import Path

import pytest

from docclient.command_line.pin import (
    DescriptorUnreadable,
    NowhereToAsk,
    TwoPinSources,
    VariableMissing,
    pin_source,
)


def piped(content: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    return reading


@pytest.mark.parametrize(("content", "expected"), [
    (b"1234\n", b"1234"), (b"1234\r\n", b"1234"), (b"1234", b"1234"), (b"12 34 \nmore", b"12 34 "), (b"", b""),
    ("mật".encode(), "mật".encode()),
])
def test_a_descriptor_gives_its_first_line(content, expected):
    descriptor = piped(content)
    pin = pin_source(descriptor, None).read("pin_prompt.token")
    assert isinstance(pin, bytearray) and pin == expected
    os.close(descriptor)


def test_a_variable_is_gone_at_once(monkeypatch):
    monkeypatch.setenv("CLERK_PIN", "246810")
    source = pin_source(None, "CLERK_PIN")
    assert "CLERK_PIN" not in os.environ
    assert "246810" not in repr(source)
    assert source.read("pin_prompt.token") == b"246810"


def test_two_sources_are_refused_and_the_variable_is_gone_all_the_same(monkeypatch):
    monkeypatch.setenv("CLERK_PIN", "246810")
    with pytest.raises(TwoPinSources):
        pin_source(0, "CLERK_PIN")
    assert "CLERK_PIN" not in os.environ


def test_what_is_not_there_is_named():
    with pytest.raises(VariableMissing) as missing:
        pin_source(None, "NO_SUCH_PIN")
    assert missing.value.facts == {"name": "NO_SUCH_PIN"}
    with pytest.raises(DescriptorUnreadable):
        pin_source(99999, None).read("pin_prompt.token")


def test_without_a_terminal_nobody_is_asked(monkeypatch):
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with pytest.raises(NowhereToAsk):
            pin_source(None, None).read("pin_prompt.token")


def test_a_person_is_asked_unseen_in_their_language(monkeypatch):
    asked = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", lambda prompt, stream=None: asked.append(prompt) or "mật mã")
    assert pin_source(None, None).read("pin_prompt.token") == "mật mã".encode()
    assert asked == ["Mã PIN của thiết bị ký số: "]
