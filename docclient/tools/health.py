"""What this machine has and lacks for the program's work, each thing by itself and with what to do about it.

Every check looks; none changes anything but a file of its own that it removes again. A check that fails in a way nobody
thought of is reported as failed and does not keep the others from answering.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
from fontTools.ttLib import TTFont, TTLibError

from docclient import secrets
from docclient.backup_record import last_backup
from docclient.errors import Trouble
from docclient.settings import load_settings
from docclient.store.place import default_place, place
from docclient.tools import libreoffice, scanimage, tesseract
from docclient.tools.running import Program
from docclient.words import Language, phrase, words_of
from signing.tokens import modules

LEAST_FREE_MB, COMFORTABLE_FREE_MB = 300, 2000
FONT_FILES = ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf", "LiberationSerif-Italic.ttf",
              "LiberationSerif-BoldItalic.ttf")
VIETNAMESE_LETTERS = "ĂÂĐÊÔƠƯăâđêôơưẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰ"
VIETNAM = timedelta(hours=7)
CLOCK_SLACK = timedelta(days=1)
BACKUP_AGE = timedelta(days=3)        # a weekend, and the Monday on which nobody has come yet


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. name: stable, for programs; detail, advice: words in the language asked for; needed: the
    program's main work cannot be done without it."""

    name: str
    state: State
    detail: str
    advice: str | None = None
    needed: bool = True

    @property
    def holds(self) -> bool:
        """Nothing that is needed is missing or broken here."""
        return not self.needed or self.state in {State.OK, State.WARNING}


def check_all(language: Language) -> list[Check]:
    """Every check, in the order a person would ask. Takes seconds: outside programs and token modules are tried."""
    checks: list[Check] = []
    looks: tuple[tuple[str, Callable[[Language], Iterator[Check]]], ...] = (
        ("program", _program), ("clock", _clock), ("disk", _disk), ("fonts", _fonts), ("window", _window),
        ("tesseract", _tesseract), ("libreoffice", partial(_outside, libreoffice.PROGRAM, libreoffice.version)),
        ("sane", _scanners),
        ("keyring", _keyring), ("pkcs11", _modules), ("backup", _backup),
    )
    for name, look in looks:
        try:
            checks.extend(look(language))
        except Trouble as trouble:
            words = words_of(trouble, language)
            checks.append(Check(name, State.FAILED, words.sentence, words.advice))
        except Exception as error:      # one odd machine must not hide what else was found
            checks.append(Check(name, State.FAILED, type(error).__name__, phrase("doctor.unforeseen", language)))
    return checks


def _program(language: Language) -> Iterator[Check]:
    try:
        own = version("docclient")
    except PackageNotFoundError:
        own = "?"
    yield Check("program", State.OK, f"docclient {own}, Python {platform.python_version()}, {platform.platform()}")


def _clock(language: Language, now: datetime | None = None) -> Iterator[Check]:
    """Plausible: not before this program came onto the machine; Vietnam's zone, which people read times in."""
    now = now or datetime.now(UTC)
    here = now.astimezone()
    shown = here.isoformat(timespec="seconds")
    built = _newest_own_file()
    if now < built - CLOCK_SLACK:
        yield Check("clock", State.FAILED, phrase("doctor.clock_behind", language, now=shown, built=built.date()),
                    phrase("doctor.clock_advice", language))
    elif here.utcoffset() != VIETNAM:
        yield Check("clock", State.WARNING, phrase("doctor.clock_zone", language, now=shown),
                    phrase("doctor.clock_zone_advice", language))
    else:
        yield Check("clock", State.OK, shown)


def _newest_own_file() -> datetime:
    own = Path(__file__).resolve().parents[1]
    newest = max(file.stat().st_mtime for file in own.rglob("*.py"))
    return datetime.fromtimestamp(newest, UTC)


def _disk(language: Language) -> Iterator[Check]:
    for name, folder in (("disk:data", Path(platformdirs.user_data_dir("docclient", appauthor=False))),
                         ("disk:work", Path(tempfile.gettempdir()))):
        place = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
        free_mb = shutil.disk_usage(place).free // 2**20
        detail = phrase("doctor.free_space", language, folder=folder, free=free_mb)
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as error:
            yield Check(name, State.FAILED, f"{folder}: {error.strerror}",
                        phrase("doctor.not_writable", language, folder=place))
            continue
        if free_mb < LEAST_FREE_MB:
            yield Check(name, State.FAILED, detail, phrase("doctor.disk_advice", language))
        elif free_mb < COMFORTABLE_FREE_MB:
            yield Check(name, State.WARNING, detail, phrase("doctor.disk_advice", language))
        else:
            yield Check(name, State.OK, detail)


def _backup(language: Language, now: datetime | None = None) -> Iterator[Check]:
    """The embedded office's daily backup; nothing is said where there is no such office."""
    settings = load_settings()
    at = place(settings.office) if settings.office else default_place()
    if at.database_file is None or not at.database_file.is_file():
        return
    last = last_backup(at.name)
    if last is None:
        advice = phrase("doctor.backup_failing" if settings.backup_folder else "doctor.backup_advice", language)
        yield Check("backup", State.WARNING, phrase("doctor.backup_never", language), advice, needed=False)
        return
    detail = phrase("doctor.backup_last", language, at=last.at.astimezone().isoformat(timespec="minutes"),
                    folder=last.folder)
    if not last.whole:
        yield Check("backup", State.FAILED, detail, phrase("doctor.backup_not_whole", language), needed=False)
    elif (now or datetime.now(UTC)) - last.at > BACKUP_AGE:
        yield Check("backup", State.WARNING, detail, phrase("doctor.backup_old", language), needed=False)
    else:
        yield Check("backup", State.OK, detail, needed=False)


def _fonts(language: Language) -> Iterator[Check]:
    wrong = []
    for name in FONT_FILES:
        try:
            with TTFont(libreoffice.FONTS / name, lazy=True) as font:
                letters = font.getBestCmap() or {}
            if any(ord(letter) not in letters for letter in VIETNAMESE_LETTERS):
                wrong.append(name)
        except (OSError, TTLibError):
            wrong.append(name)
    if wrong:
        yield Check("fonts", State.FAILED, ", ".join(wrong), phrase("doctor.fonts_advice", language))
    else:
        yield Check("fonts", State.OK, "Liberation Serif (Times New Roman)")


def _window(language: Language) -> Iterator[Check]:
    if importlib.util.find_spec("PySide6") is None:
        yield Check("window", State.MISSING, "PySide6", phrase("doctor.window_advice", language), needed=False)
    else:
        yield Check("window", State.OK, f"PySide6 {version('PySide6')}", needed=False)


def _tesseract(language: Language) -> Iterator[Check]:
    found = list(_outside(tesseract.PROGRAM, tesseract.version, language))
    yield from found
    if found[0].state is not State.OK:
        return
    there = tesseract.languages()
    for wanted, package in (("vie", "tesseract-ocr-vie"), ("osd", "tesseract-ocr-osd")):
        name = f"tesseract:{wanted}"
        if wanted in there:
            yield Check(name, State.OK, phrase(f"doctor.language_{wanted}", language))
        else:
            yield Check(name, State.MISSING, phrase(f"doctor.language_{wanted}", language),
                        phrase("doctor.install", language, package=package))


def _scanners(language: Language) -> Iterator[Check]:
    """SANE, where there is one: on Windows and macOS scanners are reached without it, and images come as files too."""
    if sys.platform == "linux":
        for check in _outside(scanimage.PROGRAM, scanimage.version, language):
            yield replace(check, name="sane", needed=False)


def _outside(program: Program, read_version: Callable[[], str | None], language: Language) -> Iterator[Check]:
    name = program.title.lower()
    purpose = phrase(program.purpose, language)
    place = program.find()
    if place is None:
        yield Check(name, State.MISSING, purpose, phrase("doctor.install", language, package=program.package))
        return
    try:
        found = read_version()
    except Trouble:
        found = None
    if found is None:
        yield Check(name, State.FAILED, str(place), phrase("doctor.does_not_answer", language, program=program.title))
    else:
        yield Check(name, State.OK, f"{found} ({place}): {purpose}")


def _keyring(language: Language) -> Iterator[Check]:
    """The system's safe for passwords: accounts at signing services need it, nothing else does."""
    name = secrets.safe_name()
    if name is None:
        yield Check("keyring", State.MISSING, phrase("doctor.no_keyring", language),
                    phrase("doctor.no_keyring_advice", language), needed=False)
    else:
        yield Check("keyring", State.OK, name, needed=False)


def _modules(language: Language) -> Iterator[Check]:
    """PKCS#11 modules: at least one that works. A key may also lie in a file, so none is needed by everyone.

    What was tried, what happened, what to do; a token that cannot sign as it is has a check of its own.
    """
    own = load_settings().token_module
    reports = modules.discover([Path(own)] if own else [])
    if not reports:
        yield Check("pkcs11", State.MISSING, phrase("doctor.no_module", language),
                    phrase("doctor.no_module_advice", language), needed=False)
    for report in reports:
        yield _module(report, language)
        for token in report.tokens:
            if token.initialised and (advice := token.advice) is not None and report.advice != advice:
                pin = phrase(f"pin_state.{token.pin.value}", language)
                detail = phrase("tokens.token", language, label=token.label, serial=token.serial, pin=pin)
                yield Check("pkcs11:token", State.WARNING, detail, phrase(f"module_advice.{advice}", language),
                            needed=False)


def _module(report: modules.ModuleReport, language: Language) -> Check:
    state = phrase(f"module_state.{report.state.value}", language)
    tried = phrase(f"module_tried.{report.state.value}", language)
    advice = phrase(f"module_advice.{report.advice}", language) if report.advice else None
    detail = "; ".join(part for part in (f"{report.path}: {state}", tried, report.detail) if part)
    if report.state is not modules.State.OK:
        return Check("pkcs11", State.FAILED, detail, advice, needed=False)
    labels = ", ".join(token.name for token in report.tokens if token.name)
    return Check("pkcs11", State.WARNING if advice else State.OK, f"{detail}; {labels}" if labels else detail, advice,
                 needed=False)
