"""A pile of paper from the scanner to letters of the office: kept on disk page by page until the office has them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from platformdirs import user_data_path

from docclient.capture.arranging import Arrangement, History, Leaf
from docclient.capture.batch import Batch, LeftBatch, recoverable
from docclient.capture.digitise import digitise
from docclient.capture.errors import SecretFound, SecretPile, SecretPileUnlocked
from docclient.capture.looking import PageLook, arranged_by, look_at, with_sequence
from docclient.capture.sources.model import Profile, Refused, Source
from docclient.capture.sources.taking import PageTaken, take
from docclient.desk.drafting import Progress, silent
from docclient.desk.known_senders import known_senders
from docclient.desk.workplace import put_file
from docclient.errors import Trouble, trouble_of_os_error
from docclient.office.commands.arriving import ReceivePaper
from docclient.office.door import Office, Receipt
from docclient.office.errors import SecretRefused
from docclient.office.model import VIETNAM

LetterRead = Callable[[int, int, Receipt], None]
"""Called with letters read, letters in all, and the receipt of the newest."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Pages that are safe. trouble: why no more came, when it was not the end of the paper. refused: files that hold
    no page."""

    folder: Path
    pages: int
    trouble: Trouble | None
    refused: tuple[Refused, ...] = ()


def piles_folder() -> Path:
    """Where piles lie until they are letters: on this machine, this user's alone."""
    return user_data_path("docclient", appauthor=False) / "scans"


@dataclass(slots=True)
class OpenPile:
    """A pile on the desk: its pages, what was seen of each, and every act on it until it is letters.

    One process at a time holds it. Acts are kept on disk before they count.
    """

    batch: Batch
    looks: dict[str, PageLook] = field(default_factory=dict)
    history: History = field(init=False)

    def __post_init__(self) -> None:
        self.history = History(self.batch.arrangement, self.batch.arrange)

    @classmethod
    def begin(cls, root: Path) -> OpenPile:
        """Raises: FolderNotWritable, DiskFull."""
        return cls(Batch.begin(root))

    @classmethod
    def reopen(cls, folder: Path) -> OpenPile:
        """Raises: BatchInUse, BatchDamaged, FileNotReadable."""
        return cls(Batch.reopen(folder))

    @property
    def arrangement(self) -> Arrangement:
        return self.history.now

    @property
    def empty(self) -> bool:
        return not self.arrangement.names

    def page(self, name: str) -> Path:
        return self.batch.folder / name

    def take(self, source: Source, profile: Profile, stop: threading.Event,
             told: PageTaken = lambda number, page: None, *, instead_of: str | None = None,
             at: int | None = None) -> Pile:
        """More pages: at the end, at a place, or a better scan of one. Raises: as `taking.take`."""
        taken = take(source, profile, self.batch, stop, told, instead_of=instead_of, at=at)
        return Pile(self.batch.folder, len(taken.pages), taken.trouble, taken.refused)

    def arrived(self) -> None:
        """Pages have come: the order with them is the present one, and can be undone like any other act."""
        self.history.arrived(self.batch.arrangement)

    def seen(self, look: PageLook) -> None:
        self.looks[look.name] = look

    def unseen(self) -> tuple[str, ...]:
        return tuple(sorted(self.arrangement.names - set(self.looks)))

    def sort_out(self) -> None:
        """Blank pages and separator sheets among those that have come since last time are set aside; letters begin
        after separators. Raises: FolderNotWritable, DiskFull."""
        new = [self.looks[name] for name in sorted(self.arrangement.names - self.batch.judged) if name in self.looks]
        if new:
            self.batch.judge(look.name for look in new)
            self.history.do(arranged_by(self.arrangement, new))

    def shown_looks(self) -> dict[str, PageLook]:
        """The looks, with what the order of the page numbers says."""
        return with_sequence(self.arrangement, self.looks)

    def letters(self) -> tuple[tuple[Leaf, ...], ...]:
        return self.arrangement.documents()

    def close(self) -> None:
        """Let go of it; it is offered again unless it is empty."""
        if self.empty:
            self.batch.discard()
        else:
            self.batch.close()

    def throw_away(self) -> None:
        self.batch.discard()

    def lock(self) -> SecretPile:
        """A secrecy mark was read on a page: let go of it for good. Its small pictures, and what was made of it, are
        removed at once (which makes room on a full disk); its pages when somebody throws it away.

        Returns: what is to be told; SecretPileUnlocked where the disk did not take the lock.
        """
        try:
            for pattern in ("small-*", "look-*", "made-*"):
                for file in self.batch.folder.glob(pattern):
                    with suppress(OSError):
                        file.unlink(missing_ok=True)
            self.looks.clear()
            self.batch.lock()
        except Trouble as trouble:
            return SecretPileUnlocked(reason=trouble.code)
        finally:
            self.batch.close()
        return SecretPile()


def look_over(pile: OpenPile, stop: threading.Event | None = None) -> None:
    """Look at every page that nobody has looked at. Raises: ProgramMissing, CancelledError."""
    for name in pile.unseen():
        pile.seen(look_at(pile.page(name), stop))


def scan_pile(root: Path, source: Source, profile: Profile, *, folder: Path | None = None,
              told: PageTaken = lambda number, page: None, stop: threading.Event) -> Pile:
    """Scan what lies there. folder: of a pile that is gone on with; without it a new one begins below `root`.

    Raises: what the source raises before its first page; CancelledError with the pages that came kept, if any did.
    """
    pile = OpenPile.reopen(folder) if folder is not None else OpenPile.begin(root)
    try:
        taken = pile.take(source, profile, stop, told)
    finally:
        pages = len(pile.batch.pages())
        pile.arrived()
        pile.close()
    return Pile(pile.batch.folder, pages, taken.trouble, taken.refused)


def letters_of(office: Office, pile: OpenPile, *, progress: Progress = silent, told: LetterRead | None = None,
               stop: threading.Event | None = None) -> list[Receipt]:
    """Digitise each letter of a pile; the pages of each leave the pile once the office has it, the pile with the last.

    What is set aside goes with it: a person has seen it there. Cut off anywhere, the same letters come of it.
    Raises: SecretPile (the pile is let go of, and locked; SecretPileUnlocked where the disk did not take that), what
        `digitise` and the office raise; the letters before stay done.
    """
    letters, receipts = pile.letters(), []
    for number, leaves in enumerate(letters, 1):
        try:
            receipt = _letter(office, pile.batch, leaves, progress, stop)
        except (SecretFound, SecretRefused) as secret:
            raise pile.lock() from secret
        pile.batch.became(leaf.name for leaf in leaves)
        for file in made_files(pile.batch, leaves):
            with suppress(OSError):
                file.unlink(missing_ok=True)
        pile.history = History(pile.batch.arrangement, pile.batch.arrange)
        receipts.append(receipt)
        if told is not None:
            told(number, len(letters), receipt)
    pile.throw_away()
    return receipts


def letter_of(office: Office, folder: Path, *, progress: Progress = silent,
              stop: threading.Event | None = None) -> list[Receipt]:
    """Digitise a pile that nobody holds, as it is arranged. Raises: as `letters_of`."""
    pile = OpenPile.reopen(folder)
    try:
        return letters_of(office, pile, progress=progress, stop=stop)
    except BaseException:
        pile.batch.close()
        raise


def _letter(office: Office, batch: Batch, leaves: Sequence[Leaf], progress: Progress,
            stop: threading.Event | None) -> Receipt:
    """One letter. What was made is kept beside the pages until the office has it: cut off between the office's answer
    and the pages' leaving, the same file under the same key makes no second document."""
    key = f"pile:{batch.folder.name}:{'+'.join(f'{leaf.name}@{leaf.turn}' for leaf in leaves)}"
    pdf, said = made_files(batch, leaves)
    try:
        fields = None
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(said.read_bytes())
            fields = kept["fields"] if kept["key"] == key and pdf.is_file() else None
        if fields is None:
            made = digitise([batch.folder / leaf.name for leaf in leaves], pdf, progress=progress, stop=stop,
                            turns=[leaf.turn for leaf in leaves], known=known_senders(office))
            fields = made.as_json()["fields"]
            said.write_text(json.dumps({"key": key, "fields": fields}), encoding="utf-8")
        digest = put_file(office, pdf)
    except OSError as error:
        raise trouble_of_os_error(error, pdf) from error
    return office.do(ReceivePaper(pile_name(batch.begun.astimezone(VIETNAM)), digest, fields), key=key)


def made_files(batch: Batch, leaves: Sequence[Leaf]) -> tuple[Path, Path]:
    """Where a letter's PDF and its fields lie until its pages have left the pile."""
    pdf, said = (batch.folder / f"made-{leaves[0].name}{suffix}" for suffix in (".pdf", ".json"))
    return pdf, said


def pile_name(begun: datetime) -> str:
    """The file's name: nothing of its content is known yet."""
    return f"quet-{begun:%Y%m%d-%H%M%S}.pdf"


def piles_left(root: Path) -> list[LeftBatch]:
    """Piles that an earlier run left: a crash, a power cut, a jam that nobody cleared. The oldest first."""
    return recoverable(root) if root.is_dir() else []


def throw_away(folder: Path) -> None:
    """A person said that these pages are not wanted. Raises: BatchInUse, BatchDamaged."""
    Batch.reopen(folder, to_discard=True).discard()
