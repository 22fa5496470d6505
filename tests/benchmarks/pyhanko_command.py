"""pyHanko's own command line, started once per file, where the package pyhanko-cli is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from signing.form import LEADER
from tests.benchmarks.bench import require_signed
from tests.signing.batch_token import PIN, LeadersToken


def command_seconds(token: LeadersToken, letter: Path, picture: Path, folder: Path, count: int) -> float | None:
    """None when it is not installed."""
    command = shutil.which("pyhanko", path=str(Path(sys.executable).parent))
    if command is None:
        return None
    folder.mkdir(parents=True)
    configuration = folder / "pyhanko.yml"
    configuration.write_text(f"""\
stamp-styles:
  default:
    type: text
    background: {picture}
    stamp-text: " "
pkcs11-setups:
  leader:
    module-path: {token.shim.module}
    token-criteria:
      label: "Lãnh đạo"
    cert-id: "01"
    user-pin: "{PIN.decode()}"
""", encoding="utf-8")
    begun = time.perf_counter()
    for number in range(count):
        subprocess.run([command, "--config", str(configuration), "sign", "addsig", "--field", LEADER, "--use-pades",
                        "pkcs11", "--p11-setup", "leader", str(letter), str(folder / f"{number}.pdf")], check=True,
                       env={**os.environ, **token.shim.environment}, capture_output=True)
    taken = time.perf_counter() - begun
    require_signed(folder, count)
    return taken
