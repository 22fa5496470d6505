"""LibreOffice: drafts (.docx, .odt, .doc, .rtf) to PDF.

Each call has a profile of its own, so several run at once and one that was killed leaves nothing behind that the next
trips over. In that profile macros are off, links to files and servers are not followed, and nothing is updated.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from docclient.errors import BadInput, trouble_of_os_error
from docclient.tools.running import Program, Stop, deliver, reason_of, run

PROGRAM = Program("LibreOffice", ("soffice", "libreoffice", "soffice.com"), "libreoffice-writer-nogui",
                  "purpose.convert_drafts",
                  folders=("%PROGRAMFILES%\\LibreOffice\\program", "%PROGRAMFILES(X86)%\\LibreOffice\\program",
                           "/Applications/LibreOffice.app/Contents/MacOS", "/opt/libreoffice*/program"))

CONVERT_DEADLINE_S = 120.0
FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"

_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),          # 2: never
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
)


class DraftDamaged(BadInput):
    """The file is not the text document its name says. facts: file."""

    code = "capture.draft_damaged"


def version() -> str | None:
    """The version on this machine, or None when the program is missing or does not answer."""
    if PROGRAM.find() is None:
        return None
    with tempfile.TemporaryDirectory(prefix="docclient-office-", ignore_cleanup_errors=True) as work:
        finished = run(PROGRAM, [_profile_option(Path(work)), "--version"], deadline_s=60)
    found = re.search(rb"LibreOffice\s+([\d.]+)", finished.output)
    return found[1].decode() if found else None


def convert_to_pdf(draft: Path, target: Path, *, deadline_s: float = CONVERT_DEADLINE_S,
                   stop: Stop | None = None) -> Path:
    """Convert a draft to `target` (a PDF with its fonts embedded), which appears whole or not at all.

    Raises: DraftDamaged; ProgramMissing; ProgramFailed (crashed, hung, gave no PDF); FileNotReadable;
        FolderNotWritable, DiskFull; CancelledError.
    """
    check_draft(draft)
    with tempfile.TemporaryDirectory(prefix="docclient-office-", ignore_cleanup_errors=True) as work_name:
        work = Path(work_name)
        _write_profile(work)
        source = work / f"draft{draft.suffix.lower()}"      # an odd name cannot become an option or a lock beside it
        try:
            source.write_bytes(draft.read_bytes())
        except OSError as error:
            raise trouble_of_os_error(error, draft) from error
        finished = run(PROGRAM, [
            _profile_option(work), "--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault",
            "--nologo", "--convert-to", "pdf:writer_pdf_Export", "--outdir", work / "out", source,
        ], deadline_s=deadline_s, stop=stop, folder=work, settings={"FONTCONFIG_FILE": str(work / "fonts.conf")})
        made = work / "out" / "draft.pdf"
        # LibreOffice ends with 0 even when it could not load the file: only the PDF itself counts
        if not made.is_file():
            raise PROGRAM.failed(reason_of(finished))
        with made.open("rb") as pdf:
            if not pdf.read(8).startswith(b"%PDF-"):
                raise PROGRAM.failed("not a PDF")
        deliver(made, target)
    return target


def check_draft(draft: Path) -> None:
    """Is it what its name says? LibreOffice would turn any bytes into a PDF of nonsense without complaint.

    Raises: DraftDamaged, FileNotReadable.
    """
    try:
        with draft.open("rb") as opened:
            head = opened.read(8)
    except OSError as error:
        raise trouble_of_os_error(error, draft) from error
    kind = draft.suffix.lower()
    if kind in {".docx", ".odt"}:
        sound = _has_member(draft, "word/document.xml" if kind == ".docx" else "content.xml")
    elif kind == ".doc":
        sound = head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    elif kind == ".rtf":
        sound = head.startswith(b"{\\rtf")
    else:
        sound = False
    if not sound:
        raise DraftDamaged(file=draft.name)


def _has_member(draft: Path, member: str) -> bool:
    try:
        with zipfile.ZipFile(draft) as archive, archive.open(member) as part:
            return bool(part.read(64))
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        return False


def _profile_option(work: Path) -> str:
    return f"-env:UserInstallation={(work / 'profile').as_uri()}"


def _write_profile(work: Path) -> None:
    """The private profile, and a font list that adds ours to the machine's (where fontconfig is)."""
    user = work / "profile" / "user"
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS)
    fonts = (f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
             f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{escape(str(FONTS))}</dir>'
             f'<cachedir>{escape(str(work / "fonts"))}</cachedir></fontconfig>')
    try:
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(
            '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
            'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"{items}</oor:items>", encoding="utf-8")
        (work / "fonts.conf").write_text(fonts, encoding="utf-8")
    except OSError as error:
        raise trouble_of_os_error(error, user) from error
