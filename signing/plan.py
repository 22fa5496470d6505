"""What a batch will look like, before any PIN: where each signature goes, its picture there, and what speaks against.

The picture is drawn from a real trial revision: the field is made and its appearance written by the very code that
signs, into memory, and PDFium draws the page of that. Only the signature itself is missing, and where a text carries
the time, the time is that of the trial.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

import pypdfium2
from PIL import Image
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import append_signature_field

from signing.appearance import VIETNAM_TIME
from signing.drawing import Drawing
from signing.errors import Trouble
from signing.files import digest_of, reading
from signing.form import fields_of
from signing.look import Look
from signing.order import Role
from signing.page import MM, Box, PageFrame, Place
from signing.pdf import PARSER_ERRORS, open_writer
from signing.pdfium import opened
from signing.request import SigningRequest
from signing.sign_troubles import CannotBeSigned
from signing.spot import Spot, choose_spot, look_of
from signing.spot_warnings import SpotWarning, look_at

IN_MEMORY = 32 << 20
"""A trial revision above this many bytes lies on the disk while it is drawn."""

CLOSE_UP_MM = 18.0
"""What is shown around the place in the close-up, on every side."""

CLOSE_UP_DPI = 110.0

ALONE = 3
"""Up to so many documents are planned in this process: starting others takes longer."""


@dataclass(frozen=True)
class Plan:
    """One document's signature as it will be made.

    page: from 1; page, box, box_mm: None for an invisible signature, or when nothing can be planned. box_mm: x, y of
    the top left corner from the page's top left, width, height. page_mm: width and height of that page. certain: the
    place was found on the page or given by a person. notes: codes of remarks (`sign_remark`). picture: the whole page,
    close_up: the surroundings of the place, both PNG with the appearance drawn. sha256: of the source that was drawn.
    trouble: why it cannot be signed so.
    """

    source: Path
    role: Role
    field: str | None = None
    page: int | None = None
    box: Box | None = None
    box_mm: tuple[float, float, float, float] | None = None
    page_mm: tuple[float, float] | None = None
    certain: bool = True
    warnings: tuple[SpotWarning, ...] = ()
    notes: tuple[str, ...] = ()
    picture: bytes | None = None
    close_up: bytes | None = None
    sha256: str = ""
    trouble: Trouble | None = None


PlanProgress = Callable[[int, int, Plan], None]


def plan_signature(source: Path, request: SigningRequest, *, signer: str = "", pictures: bool = True,
                   width_px: int = 420) -> Plan:
    """The plan for one document, made in this process. Needs no key; what goes wrong is the plan's `trouble`.

    Args:
        signer: the name that a text appearance will show: the certificate's common name.
        width_px: of the whole page's picture.
    """
    try:
        with reading(source) as stream:
            digest = digest_of(stream)
            stream.seek(0)
            return replace(_plan(source, stream, request, signer, width_px if pictures else 0), sha256=digest)
    except Trouble as trouble:
        return Plan(source, request.role, field=request.field, trouble=trouble)


def plan_signatures(items: Sequence[Path], request: SigningRequest, *, places: Mapping[Path, Place] | None = None,
                    signer: str = "", pictures: bool = True, width_px: int = 420, processes: int | None = None,
                    progress: PlanProgress | None = None, stop: threading.Event | None = None) -> list[Plan]:
    """A plan per document, in their order, worked out beside each other in child processes.

    Args:
        places: where a person moved this document's signature; goes before the request's own place.
        progress: called with done, total and each plan as it comes, in this thread.
    Raises: CancelledError when `stop` is set before all plans are there.
    """
    requests = [replace(request, place=places[item]) if places and item in places else request for item in items]
    work = list(zip(items, requests, strict=True))
    how = {"signer": signer, "pictures": pictures, "width_px": width_px}
    plans: dict[int, Plan] = {}

    def arrived(index: int, plan: Plan) -> None:
        plans[index] = plan
        if progress is not None:
            progress(len(plans), len(work), plan)

    count = min(processes or max(os.cpu_count() or 1, 1), len(work))
    if len(work) <= ALONE or count < 2:
        for index, (item, own) in enumerate(work):
            _stop_if(stop)
            arrived(index, plan_signature(item, own, **how))   # type: ignore[arg-type]
        return [plans[index] for index in range(len(work))]
    left, alone = list(range(len(work))), False
    while left:
        # a document that ends its process ends the pool; the rest then goes one by one, so that only that one fails
        batch, left = (left[:1], left[1:]) if alone else (left, [])
        with ProcessPoolExecutor(1 if alone else count, mp_context=get_context("spawn")) as pool:
            waiting: dict[int, Future[Plan]] = {
                index: pool.submit(plan_signature, *work[index], **how) for index in batch}   # type: ignore[arg-type]
            try:
                for index, future in waiting.items():
                    _stop_if(stop)
                    arrived(index, future.result())
            except BrokenProcessPool:
                if alone:
                    source, own = work[batch[0]]
                    crashed = CannotBeSigned(file=str(source), reason="crashed")
                    arrived(batch[0], Plan(source, own.role, field=own.field, trouble=crashed))
                else:
                    left, alone = [index for index in batch if index not in plans], True
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    return [plans[index] for index in range(len(work))]


def _stop_if(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise CancelledError


def _plan(source: Path, stream: IO[bytes], request: SigningRequest, signer: str, width_px: int) -> Plan:
    moment = (request.signed_at or datetime.now(UTC)).astimezone(VIETNAM_TIME).replace(microsecond=0)
    writer = open_writer(stream, str(source))
    spot = choose_spot(writer, source, request)
    if spot.box is None or spot.page is None:
        return Plan(source, request.role, field=spot.field, notes=spot.notes)
    look = look_of(spot, request, signer=signer, moment=moment)
    facts, warnings = look_at(stream, str(source), spot, look)
    plan = Plan(source, request.role, spot.field, spot.page, spot.box,
                facts.frame.to_mm(spot.box) if facts else None,
                (facts.frame.width / MM, facts.frame.height / MM) if facts else None, spot.certain, warnings,
                spot.notes)
    if not width_px or facts is None:
        return plan
    page, close_up = _drawn(writer, source, spot, look, facts.frame, width_px)
    return replace(plan, picture=page, close_up=close_up)


def _drawn(writer: IncrementalPdfFileWriter, source: Path, spot: Spot, look: Look, frame: PageFrame,
           width_px: int) -> tuple[bytes, bytes]:
    """The page of a trial revision, and the surroundings of the place, as PNG."""
    assert spot.box is not None and spot.page is not None
    try:
        with _trial(writer, spot, look) as trial, opened(trial) as document:
            document.init_forms()
            scale = frame.user_unit * width_px / frame.width
            whole = _picture(document, spot.page, scale)
            fine = frame.user_unit * CLOSE_UP_DPI / 72
            around = Box(spot.box.x0 - CLOSE_UP_MM * MM, spot.box.y0 - CLOSE_UP_MM * MM,
                         spot.box.x1 + CLOSE_UP_MM * MM, spot.box.y1 + CLOSE_UP_MM * MM)
            return _png(whole), _png(_picture(document, spot.page, fine, _margins(around, frame)))
    except (pypdfium2.PdfiumError, *PARSER_ERRORS) as error:
        raise CannotBeSigned(file=str(source), reason=type(error).__name__) from error


def _trial(writer: IncrementalPdfFileWriter, spot: Spot, look: Look) -> IO[bytes]:
    """The file with the field and its appearance, unsigned."""
    assert spot.box is not None
    if spot.new_field is not None:
        append_signature_field(writer, spot.new_field)
    field = fields_of(writer)[spot.field]
    drawing = Drawing(writer, look, width=spot.box.width, height=spot.box.height, rotation=spot.rotation)
    field.widget[pdf_name("/AP")] = drawing.as_appearances().as_pdf_object()
    writer.update_container(field.widget)
    trial = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)   # noqa: SIM115 - the caller closes it
    try:
        writer.write(trial)
        trial.seek(0)
    except BaseException:
        trial.close()
        raise
    return trial


def _picture(document: Any, page: int, scale: float, crop: tuple[float, float, float, float] = (0, 0, 0, 0)) -> (
        Image.Image):
    bitmap = document[page - 1].render(scale=scale, may_draw_forms=True, crop=crop)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    bitmap.close()
    return picture


def _margins(around: Box, frame: PageFrame) -> tuple[float, float, float, float]:
    """What PDFium cuts off at the left, bottom, right and top, in its own units (without /UserUnit)."""
    cut = (max(around.x0, 0), max(around.y0, 0), max(frame.width - around.x1, 0), max(frame.height - around.y1, 0))
    left, bottom, right, top = (part / frame.user_unit for part in cut)
    return left, bottom, right, top


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.quantize(256, method=Image.Quantize.FASTOCTREE).save(out, "PNG", compress_level=3)
    return out.getvalue()
