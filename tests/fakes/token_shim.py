"""The token that misbehaves: compiles `token_shim.c` and sets it up in front of a SoftHSM store."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docclient.tools.softhsm import SoftHsm
from signing.tokens.host import Deadlines, ModuleHost, host_of

SOURCE = Path(__file__).with_name("token_shim.c")


@dataclass(frozen=True)
class ShimCounts:
    """What the token has counted: wrong PINs since the last right one, calls of C_Login, signatures made."""

    wrong: int
    logins: int
    signatures: int


@dataclass(frozen=True)
class Shim:
    """A misbehaving module; `module` and `environment` open it."""

    module: Path
    environment: Mapping[str, str]

    @property
    def host(self) -> ModuleHost:
        return host_of(self.module, self.environment)

    @property
    def counts(self) -> ShimCounts:
        path = Path(self.environment["SHIM_STATE"])
        return ShimCounts(*map(int, path.read_text().split())) if path.exists() else ShimCounts(0, 0, 0)

    def hurry(self, seconds: float) -> None:
        """Shorten every deadline, so that a hang is over soon."""
        self.host.deadlines = Deadlines(*([seconds] * 6))


def compile_shim(folder: Path) -> Path:
    """Build the module into `folder` and give its path."""
    library = folder / "libtoken-shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-Wno-unused-result", "-o", str(library),
                    str(SOURCE), "-ldl"], check=True, capture_output=True, text=True)
    return library


def shim(library: Path, store: SoftHsm, state: Path, *modes: str, **more: str) -> Shim:
    """The module in front of `store`, misbehaving by `modes`. `state` keeps the token's counters."""
    return Shim(library, {**store.environment, "SHIM_REAL": str(store.module), "SHIM_STATE": str(state),
                          "SHIM_MODES": " ".join(modes), **more})
