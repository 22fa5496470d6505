"""The process that draws pages: reads asks from standard input, writes answers to standard output. No Qt in here.

One frame: a length (4 bytes, big-endian) and as many bytes of JSON, then the number of raw bytes that the JSON names
under "size". Asks: open (raw: the PDF), draw, text, close. PDFium is not safe in several threads and a hostile file
may crash it: both are reasons for this process.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Mapping
from typing import IO, Any

import pypdfium2

HEAD = struct.Struct(">I")
LARGEST_PIXELS = 120_000_000
TEXT_LIMIT = 4_000      # characters of a page's text, for screen readers

Answer = tuple[Mapping[str, Any], bytes]


class Documents:
    """What is open in this process, by the asker's key."""

    def __init__(self) -> None:
        self._open: dict[int, pypdfium2.PdfDocument] = {}

    def answer(self, ask: Mapping[str, Any], raw: bytes) -> Answer:
        match ask["do"]:
            case "open":
                return self._open_document(ask["key"], raw)
            case "draw":
                return self._draw(ask)
            case "text":
                page = self._open[ask["key"]][ask["page"]].get_textpage()
                return {"text": page.get_text_range(count=min(page.count_chars(), TEXT_LIMIT))}, b""
            case "close":
                document = self._open.pop(ask["key"], None)
                if document is not None:
                    document.close()
        return {}, b""

    def _open_document(self, key: int, content: bytes) -> Answer:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            code = getattr(error, "err_code", None)
            password = pypdfium2.raw.FPDF_ERR_PASSWORD
            return {"wrong": "encrypted" if code == password or "assword" in str(error) else "damaged"}, b""
        if not len(document):
            document.close()
            return {"wrong": "damaged"}, b""
        # numbers, dates, signatures and seals are form fields: without a form environment PDFium leaves them out
        document.init_forms()
        self._open[key] = document
        return {"pages": [list(document.get_page_size(number)) for number in range(len(document))]}, b""

    def _draw(self, ask: Mapping[str, Any]) -> Answer:
        page = self._open[ask["key"]][ask["page"]]
        width, height = page.get_size()
        scale = min(ask["width"] / max(width, 1), (LARGEST_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=scale, may_draw_forms=True, prefer_bgrx=True)
        content = bytes(bitmap.buffer)
        answer = {"width": bitmap.width, "height": bitmap.height, "stride": bitmap.stride,
                  "channels": bitmap.n_channels}
        bitmap.close()
        page.close()
        return answer, content


def main(asks: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the asker hangs up."""
    documents = Documents()
    while (head := asks.read(HEAD.size)) and len(head) == HEAD.size:
        ask = json.loads(asks.read(HEAD.unpack(head)[0]))
        raw = asks.read(ask.get("size", 0))
        try:
            answer, content = documents.answer(ask, raw)
        except (pypdfium2.PdfiumError, KeyError, IndexError, ValueError, MemoryError) as error:
            answer, content = {"wrong": "damaged", "kind": type(error).__name__}, b""
        text = json.dumps({**answer, "id": ask["id"], "size": len(content)}).encode()
        answers.write(HEAD.pack(len(text)) + text)
        answers.write(content)
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
