"""What a library file is, read from its header before anything is loaded: format, machine, and whether it names
C_GetFunctionList.

Sources: System V ABI (ELF header), Microsoft PE/COFF specification, Apple's mach-o/loader.h and mach-o/fat.h.
"""

from __future__ import annotations

import mmap
import platform
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from signing.tokens.troubles import ModuleMissing, ModuleNotPkcs11, ModuleWrongArchitecture

ENTRY = b"C_GetFunctionList"

_ELF_MACHINES = {3: "x86", 40: "arm", 62: "x86_64", 183: "arm64", 243: "riscv"}
_PE_MACHINES = {0x14C: "x86", 0x1C0: "arm", 0x1C4: "arm", 0x8664: "x86_64", 0xAA64: "arm64"}
_MACH_MACHINES = {7: "x86", 12: "arm", 0x01000007: "x86_64", 0x0100000C: "arm64"}
_HERE = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "arm64", "i386": "x86", "i686": "x86",
         "x86": "x86", "armv7l": "arm", "riscv64": "riscv"}
_32_BIT = {"x86_64": "x86", "arm64": "arm"}
_FORMAT_HERE = {"win32": "PE", "darwin": "Mach-O"}.get(sys.platform, "ELF")


@dataclass(frozen=True, slots=True)
class Library:
    """`machines` has several entries for a universal Mach-O. `names_entry`: None where the format hides names."""

    format: str
    machines: frozenset[str]
    names_entry: bool | None

    def __str__(self) -> str:
        return f"{self.format} {'/'.join(sorted(self.machines))}"


def machine_here() -> str:
    """The machine type this process runs as, in the words used here; the interpreter's own width counts."""
    machine = platform.machine().lower()
    name = _HERE.get(machine, machine)
    return _32_BIT.get(name, name) if struct.calcsize("P") == 4 else name


def read_library(path: Path) -> Library | None:
    """What `path` is; None for a file that is no library. Raises OSError."""
    with path.open("rb") as file:
        if not file.read(1):
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            try:
                return _elf(content) or _pe(content) or _mach_o(content)
            except (struct.error, IndexError):     # a header that points beyond the end
                return None


def check_library(path: Path) -> None:
    """Refuse what need not be tried.

    Raises: ModuleMissing, ModuleNotPkcs11, ModuleWrongArchitecture.
    """
    try:
        library = read_library(path)
    except OSError:
        raise ModuleMissing(module=str(path)) from None
    if library is None:
        raise ModuleNotPkcs11(module=str(path))
    needed = f"{_FORMAT_HERE} {machine_here()}"
    if library.format != _FORMAT_HERE or machine_here() not in library.machines:
        raise ModuleWrongArchitecture(module=str(path), found=str(library), needed=needed)
    if library.names_entry is False:
        raise ModuleNotPkcs11(module=str(path))


def _elf(content: mmap.mmap) -> Library | None:
    if content[:4] != b"\x7fELF":
        return None
    order = "<" if content[5] == 1 else ">"
    kind, machine = struct.unpack(f"{order}HH", content[16:20])
    if kind != 3:      # ET_DYN: only what can be loaded
        return None
    return Library("ELF", frozenset({_named(_ELF_MACHINES, machine)}), content.find(ENTRY) >= 0)


def _pe(content: mmap.mmap) -> Library | None:
    if content[:2] != b"MZ":
        return None
    (at,) = struct.unpack("<I", content[0x3C:0x40])
    if content[at:at + 4] != b"PE\0\0":
        return None
    machine, = struct.unpack("<H", content[at + 4:at + 6])
    characteristics, = struct.unpack("<H", content[at + 22:at + 24])
    if not characteristics & 0x2000:      # IMAGE_FILE_DLL
        return None
    return Library("PE", frozenset({_named(_PE_MACHINES, machine)}), content.find(ENTRY) >= 0)


def _mach_o(content: mmap.mmap) -> Library | None:
    magic = content[:4]
    if magic in {b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf"}:
        (count,) = struct.unpack(">I", content[4:8])
        if not 0 < count < 20:            # a Java class begins with the same four bytes
            return None
        step = 20 if magic[3] == 0xBE else 32
        machines = [struct.unpack(">I", content[8 + step * n:12 + step * n])[0] for n in range(count)]
    elif magic in {b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"}:
        machines = [struct.unpack("<I", content[4:8])[0]]
    else:
        return None
    # exported names may stand in a prefix tree, where the whole word need not appear
    return Library("Mach-O", frozenset(_named(_MACH_MACHINES, one) for one in machines),
                   True if content.find(ENTRY) >= 0 else None)


def _named(names: dict[int, str], number: int) -> str:
    return names.get(number, f"0x{number:X}")
