"""Which PKCS#11 modules this machine has, and what becomes of each when it is tried.

Sought in this order: what the user or administrator named; p11-kit's module folders; the known names in the usual
folders. A file's header is read first; then the module is loaded in a process of its own, under a deadline. A module
named by hand that is not there is reported; a known name that is not installed is not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from signing.errors import KeyTrouble
from signing.tokens import known_modules
from signing.tokens.host import host_of
from signing.tokens.listing import ListedToken, PinState, list_tokens
from signing.tokens.troubles import (
    ModuleCrashed,
    ModuleHung,
    ModuleLoadFailed,
    ModuleMissing,
    ModuleNotPkcs11,
    ModuleTrouble,
    ModuleWrongArchitecture,
    TokenRefused,
)

AT_ONCE = 4


class Source(StrEnum):
    """How a candidate was found."""

    GIVEN = "given"
    P11_KIT = "p11-kit"
    KNOWN = "known"


class State(StrEnum):
    """What became of a candidate; words: `module_state.<value>`."""

    OK = "ok"
    NOT_FOUND = "not_found"
    WRONG_ARCHITECTURE = "wrong_architecture"
    NOT_PKCS11 = "not_pkcs11"
    LOAD_FAILED = "load_failed"
    HUNG = "hung"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Candidate:
    path: Path
    source: Source


@dataclass(frozen=True, slots=True)
class ModuleReport:
    """What was tried and what happened.

    `detail`: the system's or the module's own words, not translated. `advice`: a code of `resources/words` below
    `module_advice`; None when there is nothing to do.
    """

    path: Path
    source: Source
    state: State
    detail: str | None = None
    advice: str | None = None
    tokens: tuple[ListedToken, ...] = ()


_STATES: dict[type[KeyTrouble], State] = {
    ModuleMissing: State.NOT_FOUND, ModuleWrongArchitecture: State.WRONG_ARCHITECTURE,
    ModuleNotPkcs11: State.NOT_PKCS11, ModuleLoadFailed: State.LOAD_FAILED, ModuleHung: State.HUNG,
    ModuleCrashed: State.CRASHED,
}


def discover(given: Sequence[Path] = (), *, search: bool = True,
             environment: Mapping[str, str] | None = None) -> list[ModuleReport]:
    """Try every candidate, several at once, each in its own process.

    Args:
        given: named by the user; tried first, reported even when missing.
        search: also look in p11-kit's and the usual folders.
        environment: for the children, beside our own.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="modules") as pool:
        return list(pool.map(lambda one: inspect(one, environment=environment), candidates(given, search=search)))


def candidates(given: Sequence[Path] = (), *, search: bool = True) -> list[Candidate]:
    """Every file to try, each once (by its real place), in the order of trust in how it was found."""
    found = [Candidate(known_modules.resolve(path), Source.GIVEN) for path in given]
    if search:
        found += [Candidate(path, Source.P11_KIT) for path in p11_kit_modules() if path.is_file()]
        found += [Candidate(path, Source.KNOWN) for path in known_modules.installed()]
    once: dict[Path, Candidate] = {}
    for candidate in found:
        once.setdefault(candidate.path.resolve(), candidate)
    return list(once.values())


def inspect(candidate: Candidate, *, environment: Mapping[str, str] | None = None) -> ModuleReport:
    """Load one candidate in its process and read what it has. Never raises for what the module does."""
    host = host_of(candidate.path, environment)
    try:
        about = host.load()
        tokens = tuple(list_tokens(host))
    except ModuleTrouble as trouble:
        state = _STATES[type(trouble)]
        return ModuleReport(candidate.path, candidate.source, state, _detail(trouble), _advice(trouble, candidate.path))
    except TokenRefused as refusal:
        detail = f"{refusal.function}: {refusal.facts['reason']}"
        return ModuleReport(candidate.path, candidate.source, State.LOAD_FAILED, detail, "load_failed")
    detail = f"{about.description} {about.library_version} ({about.manufacturer})".strip()
    return ModuleReport(candidate.path, candidate.source, State.OK, detail, token_advice(tokens), tokens)


def p11_kit_modules() -> Iterator[Path]:
    """The modules registered with p11-kit. Source: p11-kit manual, pkcs11.conf(5)."""
    if sys.platform == "win32":
        return
    own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "pkcs11" / "modules"
    for folder in (own, Path("/etc/pkcs11/modules"), Path("/usr/share/p11-kit/modules")):
        with suppress(OSError):
            for file in sorted(folder.glob("*.module")):
                settings = _settings(file.read_text(encoding="utf-8", errors="replace"))
                name = settings.get("module")
                # a trust module holds authorities' certificates and no keys
                if name and settings.get("trust-policy") != "yes":
                    yield _p11_kit_path(Path(name))


def _settings(text: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def _p11_kit_path(path: Path) -> Path:
    """A relative name lies in the folder p11-kit was built with."""
    if path.is_absolute():
        return path
    places = [folder for folder in known_modules.folders() if folder.name == "pkcs11"]
    return next((place / path for place in places if (place / path).is_file()), Path("/usr/lib/pkcs11") / path)


def _detail(trouble: ModuleTrouble) -> str | None:
    facts = trouble.facts
    match trouble:
        case ModuleWrongArchitecture():
            return f"{facts['found']}; {facts['needed']}"
        case ModuleLoadFailed():
            return str(facts["reason"])
        case ModuleCrashed():
            return str(facts["how"])
        case ModuleHung():
            return f"> {facts['seconds']} s"
    return None


def _advice(trouble: ModuleTrouble, path: Path) -> str:
    """The next step; a missing companion library and a provider's shell have their own."""
    if isinstance(trouble, ModuleLoadFailed) and "cannot open shared object file" in str(trouble.facts["reason"]):
        return "missing_library"      # glibc has no number for it: the wording is all there is
    if isinstance(trouble, ModuleNotPkcs11) and known_modules.is_shell(path):
        return "provider_shell"
    return _STATES[type(trouble)].value


def token_advice(tokens: Sequence[ListedToken]) -> str | None:
    """What stands between this module and a signature, most basic first."""
    ready = [token for token in tokens if token.initialised]
    if not tokens:
        return "no_token"
    if not ready:
        return "token_unreadable" if any(token.hindrance for token in tokens) else "token_not_initialised"
    if all(token.pin is PinState.LOCKED for token in ready):
        return "pin_locked"
    if all(token.hindrance for token in ready):
        return "token_unreadable"
    if all(not token.certificates for token in ready):
        return "no_certificate"
    return None
