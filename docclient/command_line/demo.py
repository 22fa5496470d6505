"""`docclient demo`: the main job without a person, on real files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, language, notes
from docclient.demonstration.playing import play
from docclient.demonstration.record import step_words
from docclient.words import phrase


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


@answering
def demo(
    out: Annotated[Path, typer.Option("--out", help="Thư mục nhận kết quả: trống, hoặc là kết quả trình diễn cũ.")],
    as_json: Json = False,
) -> None:
    """Diễn toàn bộ công việc chính, không cần người: từ gói tin đến đến văn bản phát hành, và từ giấy vào sổ."""
    record = play(out.absolute(), lambda step: notes.print(f"· {step_words(step, language())}", markup=False),
                  language=language())
    failed = next((step for step in record.steps if not step["ok"]), None)
    answer(record.summary(), as_json=as_json, text=lambda: ending(out, failed), exit_code=record.exit_code)


def ending(out: Path, failed: dict[str, Any] | None) -> str:
    if failed is None:
        return phrase("demo_line.held", language(), folder=str(out))
    return phrase("demo_line.failed", language(), step=step_words(failed["name"], language()), detail=failed["detail"],
                  folder=str(out))
