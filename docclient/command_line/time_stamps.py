"""Options about time-stamps that several subcommands share."""

from __future__ import annotations

from typing import Annotated

import typer

TimeStampServices = Annotated[list[str] | None, typer.Option(
    "--tsa", metavar="URL", help="Dịch vụ dấu thời gian (RFC 3161); lặp lại được, hỏi theo thứ tự. Không có thì dùng "
    "các dịch vụ trong phần thiết lập. Cần cho mọi mức trên b-b.")]

StampLater = Annotated[bool, typer.Option(
    "--stamp-later", help="Khi chưa lấy được dấu thời gian thì vẫn giữ chữ ký; đóng dấu sau bằng “docclient stamp "
    "--pending”.")]
