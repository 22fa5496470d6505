"""The structures' layout, here and as Windows has it, against the sizes that C compilers give them."""

import ctypes
import subprocess
from ctypes import c_uint32

import pytest

from signing.tokens import cryptoki

PROGRAM = r"""
#include <stdio.h>
#ifdef WINDOWS
#pragma pack(push, 1)
typedef unsigned int U;
typedef unsigned int P;
#else
typedef unsigned long U;
typedef void *P;
#endif
typedef struct { unsigned char major, minor; } V;
typedef struct { V c; char m[32]; U f; char d[32]; V l; } Info;
typedef struct { char d[64], m[32]; U f; V h, w; } SlotInfo;
typedef struct { char l[32], m[32], o[16], s[16]; U f[11]; V h, w; char t[16]; } TokenInfo;
typedef struct { U t; P v; U l; } Attribute;
typedef struct { V v; P f[68]; } FunctionList;
int main(void) {
    FunctionList *list = 0;
    printf("%zu %zu %zu %zu %zu\n", sizeof(Info), sizeof(SlotInfo), sizeof(TokenInfo), sizeof(Attribute),
           (size_t)&list->f[43]);
}
"""
STRUCTURES = (cryptoki.Info, cryptoki.SlotInfo, cryptoki.TokenInfo, cryptoki.Attribute)


def compiled_sizes(folder, *options: str) -> list[int]:
    (folder / "sizes.c").write_text(PROGRAM)
    subprocess.run(["gcc", "-w", *options, "-o", str(folder / "sizes"), str(folder / "sizes.c")], check=True)
    said = subprocess.run([str(folder / "sizes")], capture_output=True, check=True).stdout
    return [int(size) for size in said.split()]


def as_on_windows(structure: type[ctypes.Structure]) -> type[ctypes.Structure]:
    """The same fields, packed, with 32-bit integers; pointers of a 32-bit program, like the compiled ones."""
    swapped = {ctypes.c_ulong: c_uint32, ctypes.c_void_p: c_uint32}
    fields = [(name, swapped.get(kind, kind)) for name, kind in structure._fields_]
    return type(structure.__name__, (ctypes.Structure,), {"_pack_": 1, "_fields_": fields})


def test_sizes_are_the_compilers(tmp_path):
    expected = compiled_sizes(tmp_path)
    assert [ctypes.sizeof(structure) for structure in STRUCTURES] == expected[:4]
    assert cryptoki.FunctionList.C_Sign.offset == expected[4]


def test_sizes_are_the_compilers_on_windows_too(tmp_path):
    expected = compiled_sizes(tmp_path, "-DWINDOWS")
    assert [ctypes.sizeof(as_on_windows(structure)) for structure in STRUCTURES] == expected[:4]
    assert as_on_windows(cryptoki.FunctionList).C_Sign.offset == expected[4]


@pytest.mark.parametrize(("padded", "expected"), [
    ("Lãnh đạo".encode().ljust(32), "Lãnh đạo"),
    (b"short\0garbage".ljust(32, b"\xff"), "short"),
    (b"L\xe3nh".ljust(32), "L\N{REPLACEMENT CHARACTER}nh"),
    (bytes(32), ""), (b" " * 32, ""),
])
def test_padded_fields_become_text(padded, expected):
    assert cryptoki.text((ctypes.c_ubyte * 32).from_buffer_copy(padded)) == expected
