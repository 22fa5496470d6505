"""Every dictionary of a PDF file, also those that are written inside others: nothing is missed for where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pikepdf


def dictionaries_of(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Each of the file's objects, and each dictionary that is a part of one (a signature may stand right in its field:
    ISO 32000-2, 12.7.5.5 asks for a reference, and not every writer obeys). Also what nothing leads to any more."""
    for thing in pdf.objects:
        waiting: list[object] = [thing]
        while waiting:
            each = waiting.pop()
            if isinstance(each, pikepdf.Dictionary):
                yield each
                inside: Iterable[object] = each.as_dict().values()
            elif isinstance(each, pikepdf.Array):
                inside = each.as_list()
            else:
                continue
            waiting += [child for child in inside
                        if isinstance(child, pikepdf.Dictionary | pikepdf.Array) and not child.is_indirect]
