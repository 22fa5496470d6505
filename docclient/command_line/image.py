"""`docclient image clean`: a signature or seal taken off its paper, as a transparent PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.errors import WrongUse
from docclient.words import phrase

image_app = typer.Typer(help="Hình chữ ký và con dấu.", no_args_is_help=True)


class TwoColours(WrongUse):
    """Both --blue and --red."""

    code = "image.two_colours"


def register(app: typer.Typer) -> None:
    app.add_typer(image_app, name="image")


@image_app.command("clean")
@answering
def clean(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Ảnh chụp hoặc quét chữ ký, con dấu.")],
    out: Annotated[Path, typer.Option("--out", metavar="PNG", help="Hình nền trong suốt được ghi ra.")],
    blue: Annotated[bool, typer.Option("--blue", help="Đổi nét mực sang xanh (chữ ký cá nhân).")] = False,
    red: Annotated[bool, typer.Option("--red", help="Đổi nét mực sang đỏ (con dấu).")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Giữ cả khung hình, không cắt sát nét mực.")] = False,
    preview: Annotated[Path | None, typer.Option("--preview", metavar="PNG", help="Ghi thêm hình so sánh trước và "
                                                 "sau.")] = None,
    as_json: Json = False,
) -> None:
    """Bỏ nền giấy (cả vùng bóng tối), giữ nét mực, cắt sát và ghi PNG trong suốt. Ảnh gốc không bị thay đổi."""
    from signing.files import SameFile, same_file
    from signing.picture_cleaning import InkColour, clean_picture

    if blue and red:
        raise TwoColours
    if any(target is not None and same_file(source, target) for target in (out, preview)):
        raise SameFile(file=str(source))
    cleaned = clean_picture(source, InkColour.BLUE if blue else InkColour.RED if red else InkColour.KEEP,
                            trim=not whole)
    cleaned.save_png(out)
    if preview is not None:
        cleaned.save_comparison(preview)
    width, height = cleaned.after.size
    document = {"input": str(source), "output": str(out), "preview": str(preview) if preview else None,
                "width_px": width, "height_px": height, "was_transparent": cleaned.was_transparent,
                "notes": list(cleaned.notes)}
    lines = [phrase("placing_line.cleaned", language(), output=out, width=width, height=height),
             *(phrase(f"picture_note.{note}", language()) for note in cleaned.notes)]
    answer(document, as_json=as_json, text="\n".join(lines))
