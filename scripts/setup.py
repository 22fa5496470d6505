"""Everything `make run` and `make test` need on this machine, put there once.

Standard library only: it runs before anything is installed. Three steps, each skipped when already done:
Debian packages (requirements/debian.txt), the virtual environment, the locked Python packages.
Where apt cannot be used (no root, no apt), it names what is missing and what each piece is for, and ends with 1.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements" / "lock.txt"
DEBIAN = ROOT / "requirements" / "debian.txt"
STAMP = VENV / "installed-lock.sha256"
VENV_PACKAGE = "python3.11-venv"


def main() -> int:
    if sys.version_info[:2] not in {(3, 11), (3, 12)}:
        say(f"Python 3.11 or 3.12 is needed; this is {sys.version.split()[0]} ({sys.executable}).")
        return 1
    missing = missing_debian_packages()
    if missing and not install_debian_packages(missing):
        say("These Debian packages are missing, and apt cannot be used here:")
        for name, purpose in missing.items():
            say(f"  {name:28} {purpose}")
        say("An administrator installs them with:  apt-get install " + " ".join(missing))
        return 1
    if STAMP.is_file() and STAMP.read_text() == wanted():
        return 0
    return 0 if install_python_packages() else 1


def missing_debian_packages() -> dict[str, str]:
    """Name → purpose of each listed package that dpkg does not report as installed; empty away from Debian."""
    if shutil.which("dpkg-query") is None:
        if sys.platform.startswith("linux"):
            say("This Linux has no dpkg: see requirements/debian.txt for the programs docclient uses.")
        return {}
    listed: dict[str, str] = {}
    for line in DEBIAN.read_text(encoding="utf-8").splitlines():
        name, _, purpose = line.partition("#")
        if name.strip():
            listed[name.strip()] = purpose.strip()
    if have_ensurepip():
        listed.pop(VENV_PACKAGE, None)
    found = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *listed],
        capture_output=True, text=True, check=False,
    ).stdout.splitlines()
    installed = {line.split()[0] for line in found if line.endswith(" installed")}
    return {name: purpose for name, purpose in listed.items() if name not in installed}


def have_ensurepip() -> bool:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


def install_debian_packages(missing: dict[str, str]) -> bool:
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    say(f"Installing {len(missing)} Debian packages …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-qq", "update"],
                    ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            say(done.stderr.strip())
            return False
    return not missing_debian_packages()


def install_python_packages() -> bool:
    say("Installing the Python packages (once; about a minute) …")
    if not python_of_venv().exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    pip = [str(python_of_venv()), "-m", "pip", "--disable-pip-version-check", "-qq"]
    locked = subprocess.run([*pip, "install", "--require-hashes", "-r", str(LOCK)], check=False)
    if locked.returncode != 0:
        say("pip could not install the locked packages: is the package registry within reach?")
        return False
    own = subprocess.run([*pip, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)], check=False)
    if own.returncode != 0:
        return False
    STAMP.write_text(wanted())
    return True


def python_of_venv() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def wanted() -> str:
    content = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content).hexdigest()


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
