"""Which office a subcommand means, and as whom it acts there."""

from __future__ import annotations

from typing import Annotated

import typer

from docclient.office.engine import OfficeEngine
from docclient.office.errors import EmbeddedOnly
from docclient.store.place import Place, default_place
from docclient.store.place import place as place_of

Where = Annotated[str, typer.Option("--office", metavar="URL",
                                    help="Thư mục, tệp .db, sqlite:///… hoặc postgresql://…?blobs=THƯ_MỤC hay "
                                         "s3://…. Bỏ trống: văn phòng trong thư mục dữ liệu của người dùng.")]
As = Annotated[str, typer.Option("--as", metavar="PERSON", help="Tên truy cập, mã hoặc họ tên của người thực hiện.")]


def where(text: str) -> Place:
    return place_of(text) if text else default_place()


def opened_as_anybody(text: str) -> OfficeEngine:
    """The embedded office, where whoever sits at the machine may name who they are. Raises: EmbeddedOnly."""
    at = where(text)
    if not at.embedded:
        raise EmbeddedOnly(place=at.name)
    return OfficeEngine.open(at)
