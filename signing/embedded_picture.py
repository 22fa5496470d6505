"""A picture as an image object in a PDF, compressed once however many files it goes into."""

from __future__ import annotations

from collections import deque
from threading import Lock

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.writer import BasePdfFileWriter

MOST_KEPT = 8
"""Pictures; a batch has one or two."""


class _Collector:
    """Stands in for a writer: `pil_image` asks of it only that it takes objects."""

    def __init__(self) -> None:
        self.objects: list[generic.StreamObject] = []

    def add_object(self, stream: generic.StreamObject) -> generic.StreamObject:
        self.objects.append(stream)
        return stream


_kept: deque[tuple[Image.Image, generic.StreamObject]] = deque(maxlen=MOST_KEPT)
_lock = Lock()


def embedded_picture(picture: Image.Image, writer: BasePdfFileWriter) -> generic.IndirectObject:
    """`picture` added to `writer`. It must not be changed afterwards: what was compressed is used again."""
    return _added(_compressed(picture), writer)


def _compressed(picture: Image.Image) -> generic.StreamObject:
    with _lock:
        found = next((stream for kept, stream in _kept if kept is picture), None)
        if found is None:
            found = pil_image(picture, _Collector())   # type: ignore[arg-type]
            _kept.append((picture, found))
    return found


def _added(stream: generic.StreamObject, writer: BasePdfFileWriter) -> generic.IndirectObject:
    entries = {key: _added(stream.raw_get(key), writer) if key == "/SMask" else stream.raw_get(key) for key in stream}
    return writer.add_object(generic.StreamObject(entries, encoded_data=stream.encoded_data))
