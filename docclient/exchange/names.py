"""File names made safe: what a packet calls a file is a label for people, never a path.

Sources: Windows naming rules (reserved characters and device names), POSIX NAME_MAX 255 bytes, Unicode TR 36 section 3
(invisible and direction-changing characters make `gpj.exe` look like `exe.jpg`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container

LONGEST = 180
"""Bytes in UTF-8: room for a number and a temporary suffix below the 255 of common file systems."""

_RESERVED = set('<>:"/\\|?*')
_PORTS = {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | _PORTS


def is_unsafe(name: str) -> bool:
    """Whether a name climbs folders or hides what it is: separators, `..`, control or direction-changing characters."""
    return ".." in name.replace("\\", "/").split("/") or any(c in "/\\" or _is_hidden(c) for c in name)


def safe_file_name(name: str, *, fallback: str = "tep-dinh-kem") -> str:
    """A plain file name for every system, as near to `name` as that allows: never empty, a device, or a path."""
    text = "".join("_" if c in _RESERVED else c for c in unicodedata.normalize("NFC", name) if not _is_hidden(c))
    text = text.strip(" .")
    if not text.strip("_ ."):
        text = fallback
    if text.partition(".")[0].strip().casefold() in _DEVICES:
        text = f"_{text}"
    return _shortened(text)


def unique_file_name(name: str, taken: Container[str]) -> str:
    """`name`, or `name (2)` and so on: none that `taken` (case folded names) holds."""
    stem, suffix = _parts(name)
    number, candidate = 1, name
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{stem} ({number}){suffix}"
    return candidate


def _is_hidden(character: str) -> bool:
    # Cc control, Cf format (direction marks, zero width), Cs lone surrogates, Zl and Zp line separators
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _parts(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    return (stem, dot + extension) if stem and len(extension) <= 20 else (name, "")


def _shortened(name: str) -> str:
    stem, suffix = _parts(name)
    room = LONGEST - len(suffix.encode())
    if len(stem.encode()) <= room:
        return name
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + suffix
