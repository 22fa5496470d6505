"""Where a subcommand gets a PIN or password: `--pin-fd N`, `--pin-env NAME`, or a hidden prompt; never an argument.

    source = pin_source(pin_fd, pin_env)      # at once: the variable is gone before any child process starts
    pin = source.read("pin_prompt.token")     # when it is needed; the reader overwrites it

The variable is removed from this process's environment, so no child gets it. On Linux the block the kernel keeps of a
program's first environment still shows it to the same user; `--pin-fd` leaves no such trace.
"""

from __future__ import annotations

import getpass
import io
import os
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated

import typer

from docclient.command_line.answer import language, notes
from docclient.errors import WrongUse
from docclient.words import phrase
from signing.tokens.listing import ListedToken, PinState
from signing.tokens.messages import wipe

LIMIT = 1024    # bytes; the longest PIN of any token is far below

PinDescriptor = Annotated[int | None, typer.Option(
    "--pin-fd", metavar="N", help="Đọc mã PIN (một dòng) từ bộ mô tả tệp số N.")]
LastTry = Annotated[bool, typer.Option(
    "--last-try", help="Đồng ý dùng lần thử mã PIN cuối cùng; sai lần này thiết bị sẽ khóa.")]
PinVariable = Annotated[str | None, typer.Option(
    "--pin-env", metavar="TÊN", help="Lấy mã PIN từ biến môi trường này; biến bị xóa ngay.")]


class TwoPinSources(WrongUse):
    code = "pin.two_sources"


class DescriptorUnreadable(WrongUse):
    """facts: number, reason."""

    code = "pin.descriptor_unreadable"


class VariableMissing(WrongUse):
    """facts: name."""

    code = "pin.variable_missing"


class NowhereToAsk(WrongUse):
    code = "pin.nowhere_to_ask"


@dataclass(slots=True)
class PinSource:
    """Where the PIN will come from. `read` gives it once."""

    descriptor: int | None
    _taken: bytearray | None = field(repr=False)

    @property
    def asks_a_person(self) -> bool:
        return self.descriptor is None and self._taken is None

    def read(self, prompt: str) -> bytearray:
        """The PIN as UTF-8, for the caller to overwrite; empty if nothing was given.

        Args:
            prompt: the code of the sentence shown where a person is asked.
        Raises: DescriptorUnreadable, NowhereToAsk.
        """
        if self._taken is not None:
            taken, self._taken = self._taken, bytearray()
            return taken
        if self.descriptor is not None:
            return _first_line(self.descriptor)
        return _typed(phrase(prompt, language()))


    def for_token(self, token: ListedToken) -> bytearray:
        """As `read`, for `open_token_key`: it comes when the token is found, so what it says of its tries is shown."""
        if self.asks_a_person and token.pin is not PinState.OK:
            state = phrase(f"pin_state.{token.pin.value}", language())
            notes.print(phrase("tokens.token", language(), label=token.label, serial=token.serial, pin=state),
                        markup=False)
        return self.read("pin_prompt.token")


def pin_source(descriptor: int | None, variable: str | None) -> PinSource:
    """Settle where the PIN comes from, and take it out of the environment if it lies there.

    Call it before anything that starts a process. Raises: TwoPinSources, VariableMissing.
    """
    value = os.environ.pop(variable, None) if variable is not None else None
    if descriptor is not None and variable is not None:
        raise TwoPinSources
    if variable is not None and value is None:
        raise VariableMissing(name=variable)
    return PinSource(descriptor, None if value is None else bytearray(value.encode("utf-8", "surrogateescape")))


def _first_line(descriptor: int) -> bytearray:
    """The bytes up to the first line end, read straight into the buffer that is returned."""
    line, one = bytearray(), bytearray(1)
    try:
        with io.FileIO(descriptor, "rb", closefd=False) as source:
            while len(line) < LIMIT and source.readinto(one) and one != b"\n":
                line += one
    except (OSError, ValueError) as error:
        wipe(line)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        raise DescriptorUnreadable(number=descriptor, reason=reason) from None
    finally:
        wipe(one)
    if line.endswith(b"\r"):
        del line[-1]
    return line


def _typed(prompt: str) -> bytearray:
    """What a person types, unseen. Where it could only be typed visibly, it is not asked for."""
    if not sys.stdin.isatty():
        raise NowhereToAsk
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        with suppress(getpass.GetPassWarning, EOFError):
            return bytearray(getpass.getpass(prompt, stream=sys.stderr).encode("utf-8"))
    raise NowhereToAsk
