"""Did a scanned file change only in the words that lie unseen beneath its pictures?

Compared is everything that can be seen: pages and their sizes, every picture byte by byte, every instruction outside
the text; what text there is must be invisible. Nothing may have come that acts or covers (forms, remarks, actions).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pikepdf

from docclient.office.errors import OriginalChanged

INVISIBLE = 3
IN_TEXT = frozenset({"Tr", "Tf", "Tz", "Tm", "Tj", "BDC", "EMC"})
"""What may stand within a piece of text; none of it can make it seen once `Tr` says invisible (ISO 32000-1, 9.3.6)."""

BESIDE_PICTURES = frozenset({"/XObject", "/Font"})


def must_show_the_same(before: Path, after: Path) -> None:
    """Raises: OriginalChanged, also for a file that cannot be read or has other text than unseen words."""
    try:
        with pikepdf.open(before) as old, pikepdf.open(after) as new:
            if not set(new.Root.keys()) <= set(old.Root.keys()) or "/AcroForm" in new.Root:
                raise OriginalChanged
            if len(old.pages) != len(new.pages):
                raise OriginalChanged
            for earlier, later in zip(old.pages, new.pages, strict=True):
                if seen(earlier) != seen(later):
                    raise OriginalChanged
    except (pikepdf.PdfError, OSError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise OriginalChanged from error


def seen(page: pikepdf.Page) -> tuple[object, ...]:
    """What shows of a page that is made of pictures with unseen words. Raises: OriginalChanged for any other."""
    resources = page.Resources
    if not set(resources.keys()) <= BESIDE_PICTURES or "/Annots" in page or "/AA" in page:
        raise OriginalChanged
    pictures = []
    for name, thing in sorted(resources.get("/XObject", pikepdf.Dictionary()).as_dict().items()):
        if thing.get("/Subtype") != pikepdf.Name.Image:
            raise OriginalChanged
        facts = sorted((key, value.unparse() if isinstance(value, pikepdf.Object) else repr(value))
                       for key, value in thing.stream_dict.as_dict().items() if key != "/Length")
        pictures.append((name, tuple(map(tuple, facts)), hashlib.sha256(thing.read_raw_bytes()).hexdigest()))
    boxes = tuple(tuple(round(float(side), 3) for side in box) for box in (page.mediabox, page.cropbox))
    return boxes, int(page.get("/Rotate", 0)), tuple(pictures), tuple(outside_text(page))


def outside_text(page: pikepdf.Page) -> list[tuple[str, bytes]]:
    """Raises: OriginalChanged where a text could be seen."""
    found: list[tuple[str, bytes]] = []
    inside, unseen = False, False
    for each in pikepdf.parse_content_stream(page):
        operands, said = list(each.operands), str(each.operator)
        if said in ("BT", "ET"):
            inside, unseen = said == "BT", False
        elif inside:
            if said == "Tr":
                unseen = int(operands[0]) == INVISIBLE
            if said not in IN_TEXT or (said == "Tj" and not unseen):
                raise OriginalChanged
        else:
            found.append((said, b" ".join(
                part.unparse() if isinstance(part, pikepdf.Object) else repr(part).encode() for part in operands)))
    return found
