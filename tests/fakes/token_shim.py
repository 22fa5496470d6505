"""The token that misbehaves: compiles `token_shim.c` and sets it up in front of a SoftHSM store."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from docclient.tools.softhsm import SoftHsm
from signing.tokens.host import Deadlines, ModuleHost, host_of

SOURCE = Path(__file__).with_name("token_shim.c")


@dataclass(frozen=True)
class ShimCounts:
    """What the token has counted: wrong PINs since the last right one, calls of C_Login, signatures made; the same two
    of the security officer; C_Initialize and C_Finalize; boxes the module showed by itself; PINs that were set."""

    wrong: int
    logins: int
    signatures: int
    officer_wrong: int = 0
    officer_logins: int = 0
    initialised: int = 0
    finalised: int = 0
    boxes: int = 0
    set_pins: int = 0


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
        while path.exists():
            words = path.read_text().split()
            if len(words) == len(fields(ShimCounts)):      # else the module is writing it this very moment
                return ShimCounts(*map(int, words))
        return ShimCounts(0, 0, 0)

    def set_counts(self, **counts: int) -> None:
        """As if it had been used before: `wrong`, `logins` and so on; the others are nought."""
        told = ShimCounts(**{field.name: counts.get(field.name, 0) for field in fields(ShimCounts)})
        Path(self.environment["SHIM_STATE"]).write_text(" ".join(str(count) for count in astuple(told)) + "\n")

    def hurry(self, seconds: float) -> None:
        """Shorten every deadline, so that a hang is over soon."""
        self.host.deadlines = Deadlines(*([seconds] * len(fields(Deadlines))))

    def unplug(self, serial: str | None = None) -> None:
        """Pull out one token, or all of them."""
        self._cue(f"out:{serial}" if serial else "out")

    def unplug_after(self, signatures: int) -> None:
        """Every token comes out by itself once this many signatures were made (as `counts` has them)."""
        self._cue(f"after:{signatures}")

    def plug(self, *, shifted: int = 0, unplug_after: int | None = None) -> None:
        """Everything is in again, with no session and no login; in slots whose numbers are `shifted` higher."""
        self._epoch_path.write_text(str(self._epoch + 1))
        words = [f"shift:{shifted}"] if shifted else []
        self._cue(*words, *([f"after:{unplug_after}"] if unplug_after is not None else []))

    @property
    def _cue_path(self) -> Path:
        return Path(self.environment["SHIM_CUE"])

    @property
    def _epoch_path(self) -> Path:
        return self._cue_path.with_suffix(".epoch")

    @property
    def _epoch(self) -> int:
        return int(self._epoch_path.read_text()) if self._epoch_path.exists() else -1

    def _cue(self, *words: str) -> None:
        """In one step, so that the module never reads half of it."""
        new = self._cue_path.with_suffix(".new")
        new.write_text(" ".join([f"epoch:{self._epoch}", *words]))
        new.replace(self._cue_path)


def compile_shim(folder: Path) -> Path:
    """Build the module into `folder` and give its path."""
    library = folder / "libtoken-shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-Wno-unused-result", "-o", str(library),
                    str(SOURCE), "-ldl"], check=True, capture_output=True, text=True)
    return library


def shim(library: Path, store: SoftHsm, state: Path, *modes: str, **more: str) -> Shim:
    """The module in front of `store`, misbehaving by `modes`. `state` keeps the token's counters."""
    return Shim(library, {**store.environment, "SHIM_REAL": str(store.module), "SHIM_STATE": str(state),
                          "SHIM_CUE": f"{state}.cue", "SHIM_MODES": " ".join(modes), **more})
