"""File names of the PKCS#11 modules in use in Vietnam, and the folders they are installed in.

Windows names agree across several public projects; names for Linux and macOS are weakly attested. A pattern stands for
a family's versions. What is found is tried in a process of its own, so a name too many costs nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

WINDOWS = (
    "bit4xpki.dll",                                                 # VGCA token: Bit4id TokenME EVO2
    "eTPKCS11.dll", "IDPrimePKCS11*.dll",                           # older VGCA: SafeNet eToken; Thales IDPrime
    "vnptca_p11_*.dll", "vnpt-ca_*.dll",                            # VNPT-CA
    "viettel-ca*.dll",                                              # Viettel-CA
    "BkavCA*.dll", "st3csp11.dll",                                  # BKAV-CA
    "fpt-ca.dll", "fptca_v*.dll",                                   # FPT-CA
    "CA2_csp11.dll", "ncca_csp11_v*.dll", "vina-ca_v*.dll", "nca_v*.dll", "fca_v*.dll", "Safe-ca_v*.dll",
    "efy-ca_v*.dll", "misaca_csp11_v*.dll",                         # CA2, NCCA, SmartSign, Newtel, FastCA, …
    "eps2003csp11*.dll", "ShuttleCsp11_*.dll",                      # Feitian ePass2003, 3003
    "WDPKCS.dll", "gclib.dll", "opensc-pkcs11.dll", "softhsm2-x64.dll",
)
LINUX = (
    "libbit4xpki.so*", "libeTPkcs11.so*", "libIDPrimePKCS11.so*", "libvnpt-pkcs11.so*", "viettel-ca_v*.so",
    "libviettel-ca_v*.so", "libbkav-pkcs11.so*", "libfpt-pkcs11.so*", "libcastle*.so*", "opensc-pkcs11.so",
)
MACOS = ("libbit4xpki.dylib", "libeTPkcs11.dylib", "libcryptoki.dylib", "libcastle*.dylib", "opensc-pkcs11.so")


def installed() -> Iterator[Path]:
    """The files of these names that this machine has. A folder that may not be read is passed over."""
    for folder in folders():
        for pattern in names():
            try:
                found = sorted(folder.glob(pattern))
            except OSError:
                continue
            yield from (path for path in found if path.is_file() and not is_shell(path))


def names() -> tuple[str, ...]:
    return {"win32": WINDOWS, "darwin": MACOS}.get(sys.platform, LINUX)


def folders() -> list[Path]:
    """Where drivers put their libraries, most usual first."""
    if sys.platform == "win32":
        windows = Path(os.environ.get("SYSTEMROOT", "C:/Windows"))
        programs = [Path(place) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)") if (place := os.environ.get(name))]
        # SysWOW64 last: what lies only there is a 32-bit driver, and is reported as such
        return [windows / "System32", *_two_levels(programs), windows / "SysWOW64"]
    if sys.platform == "darwin":
        roots = [Path("/usr/local/lib"), Path("/Library"), Path("/Library/OpenSC/lib"), Path("/opt/homebrew/lib")]
        return [*roots, *_two_levels([Path("/Library/vnpt-ca"), Path("/usr/local/lib/pkcs11")])]
    libraries = [Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"), Path("/lib")]
    libraries += sorted(Path("/usr/lib").glob("*-linux-gnu*"))
    own_folders = ("pkcs11", "bit4id", "opensc", "vnpt-ca", "viettel-ca")
    inside = [library / name for library in libraries for name in own_folders]
    return [*libraries, *inside, *_two_levels([Path("/opt")])]


def resolve(path: Path) -> Path:
    """A bare file name stands for the file of that name in one of the usual folders; else the path as it is."""
    if path.name == str(path) and not path.exists():
        for folder in folders():
            if (folder / path).is_file():
                return folder / path
    return path.absolute()


def is_shell(path: Path) -> bool:
    """Whether this is the shell of a Windows cryptographic provider: `name_s.dll` beside the module `name.dll`."""
    return path.stem.endswith("_s") and path.with_name(path.stem[:-2] + path.suffix).exists()


def _two_levels(roots: list[Path]) -> list[Path]:
    """The roots, the folders in them, and those folders' lib, bin and x64. What may not be read is passed over."""
    found: list[Path] = []
    for root in roots:
        try:
            below = [place for place in sorted(root.iterdir()) if place.is_dir()]
            deeper = [place / name for place in below for name in ("lib", "bin", "x64") if (place / name).is_dir()]
        except OSError:
            continue
        found += [root, *below, *deeper]
    return found
