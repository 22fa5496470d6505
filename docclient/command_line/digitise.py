"""`docclient digitise`: images or scans into one archival PDF, with the fields its pages propose."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from docclient.capture.digitise import Digitised, DigitisedPage
from docclient.capture.digitise import digitise as digitise_files
from docclient.command_line.answer import Json, answer, answering, language, notes
from docclient.words import phrase


def register(app: typer.Typer) -> None:
    app.command()(digitise)


@answering
def digitise(
    inputs: Annotated[list[Path], typer.Argument(
        metavar="IN…", help="Ảnh hoặc bản quét (PNG, JPEG, TIFF, PDF): các trang của một văn bản, theo thứ tự.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Tệp PDF/A kết quả.")],
    as_json: Json = False,
) -> None:
    """Số hóa: chỉnh trang, nhận dạng chữ, lưu PDF/A và đề xuất thông tin đăng ký."""
    with Progress(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), console=notes,
                  disable=not notes.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total,
                       description=phrase("capture_progress.reading", language(), done=done, total=total))

        result = digitise_files(inputs, out, progress=report)
    answer(result.as_json(), as_json=as_json, text=lambda: _in_words(result))


def _in_words(result: Digitised) -> str:
    said = [phrase("capture_progress.done", language(), pages=len(result.pages), file=result.file)]
    for page in result.pages:
        if facts := _facts(page):
            said.append("  " + phrase("capture_progress.page", language(), number=page.number, facts="; ".join(facts)))
    for name, field in result.fields.items():
        value = "; ".join(field.value) if isinstance(field.value, tuple) else field.value
        shown = f"{value}  ({field.certainty:.0%})" if value else phrase("capture_progress.unread", language())
        said.append(f"  {phrase(f'capture_field.{name}', language())}: {shown}")
    return "\n".join(said)


def _facts(page: DigitisedPage) -> list[str]:
    facts = [phrase("capture_progress.blank", language())] if page.blank else []
    if page.rotation:
        facts.append(phrase("capture_progress.turned", language(), degrees=page.rotation))
    if page.skew_deg:
        facts.append(phrase("capture_progress.straightened", language(), degrees=f"{page.skew_deg:+.1f}"))
    return facts + [phrase(code, language()) for code in page.warnings]
