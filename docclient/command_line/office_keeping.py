"""`docclient office backup`, `restore`, `export`, `import`: the whole office elsewhere, and back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.backup_record import note_backup
from docclient.command_line.answer import Json, answer, answering, language
from docclient.command_line.office_checking import check_answer, check_text
from docclient.command_line.office_places import Where, where
from docclient.errors import ExitCode
from docclient.kept_heads import forget_head
from docclient.office.checking import CheckResult, check_office
from docclient.office.engine import OfficeEngine
from docclient.office.judging import judge_of
from docclient.office.migrating import note_migration
from docclient.store.backup import Backup, back_up, forget_old, restore
from docclient.store.exporting.export import export_office
from docclient.store.exporting.importing import import_office
from docclient.words import phrase

Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Thư mục nhận kết quả.")]
From = Annotated[Path, typer.Option("--from", metavar="DIR", help="Thư mục chứa bản đã làm.")]

Accept = Annotated[bool, typer.Option(
    "--accept-findings", help="Vẫn nhận bản có chỗ không khớp nhật ký (văn phòng đã sai từ khi sao). Thoát 1.")]


def register(office: typer.Typer) -> None:
    office.command("backup")(backup)
    office.command("restore")(restore_office)
    office.command("export")(export)
    office.command("import")(import_)


@answering
def backup(
    out: Folder, office: Where = "",
    keep: Annotated[int, typer.Option(min=1, help="Giữ lại chừng này bản sao lưu mới nhất.")] = 1_000,
    as_json: Json = False,
) -> None:
    """Sao lưu toàn bộ văn phòng, cả khi đang dùng; tệp đã có sẵn thì không chép lại. Thoát 1 nếu thiếu tệp."""
    with closing(OfficeEngine.open(where(office))) as engine:
        made = back_up(engine.database, engine.blobs, engine.place, out)
        note_backup(engine.place.name, made)
    forgotten = forget_old(out, keep)
    facts = {**backup_facts(made), "forgotten": forgotten}
    answer({"ok": made.whole, **facts}, as_json=as_json, text=lambda: backup_text(made),
           exit_code=ExitCode.GOOD if made.whole else ExitCode.ANSWER_IS_NO)


def backup_facts(made: Backup) -> dict[str, Any]:
    manifest = made.manifest
    return {"backup": str(made.folder), "made_at": manifest["made_at"], "office": manifest["office"],
            "journal": manifest["journal"], "database": manifest["database"],
            "files": {**manifest["files"], "copied": made.copied, "copied_bytes": made.copied_bytes},
            "missing": manifest["missing"]}


def backup_text(made: Backup) -> str:
    said = phrase("office_line.backed_up", language(), folder=made.folder, entries=made.manifest["journal"]["number"],
                  files=made.manifest["files"]["count"], copied=made.copied)
    if made.whole:
        return said
    return f"{said}\n{phrase('office_line.files_missing', language(), count=len(made.manifest['missing']))}"


@answering
def restore_office(source: From, office: Where = "", accept_findings: Accept = False, as_json: Json = False) -> None:
    """Khôi phục văn phòng từ bản sao lưu vào một nơi còn trống, rồi kiểm tra. Bản đã bị sửa thì không nhận."""
    at = where(office)
    made = restore(source, at, note_migration, judge=None if accept_findings else judge_of(source))
    forget_head(at.name)
    result = checked(office)
    answer({"ok": result.whole, "place": at.name, **backup_facts(made), "check": check_answer(result)},
           as_json=as_json,
           text=lambda: phrase("office_line.restored", language(), place=at.name) + "\n" + check_text(result),
           exit_code=ExitCode.GOOD if result.whole else ExitCode.ANSWER_IS_NO)


def checked(office: str) -> CheckResult:
    with closing(OfficeEngine.open(where(office))) as engine:
        return check_office(engine)


@answering
def export(out: Folder, office: Where = "", as_json: Json = False) -> None:
    """Xuất toàn bộ văn phòng ra dạng mở: tệp như đã có, XML mỗi văn bản, CSV các sổ và bảng. Thoát 1 nếu thiếu tệp."""
    with closing(OfficeEngine.open(where(office))) as engine, engine.reading() as work:
        made = export_office(work.connection, engine.blobs, out)
    whole = not made.missing
    answer({"ok": whole, "export": str(made.folder), "made_at": made.manifest["made_at"],
            "office": made.manifest["office"], "journal": made.manifest["journal"], "documents": made.documents,
            "files": made.files, "missing": list(made.missing)}, as_json=as_json,
           text=lambda: phrase("office_line.exported", language(), folder=made.folder, documents=made.documents,
                               files=made.files)
           + ("" if whole else "\n" + phrase("office_line.files_missing", language(), count=len(made.missing))),
           exit_code=ExitCode.GOOD if whole else ExitCode.ANSWER_IS_NO)


@answering
def import_(source: From, office: Where = "", accept_findings: Accept = False, as_json: Json = False) -> None:
    """Nhập một bản xuất vào một nơi còn trống, rồi kiểm tra. Bản đã bị sửa thì không nhận."""
    at = where(office)
    manifest = import_office(source, at, note_migration, judge=None if accept_findings else judge_of(source))
    forget_head(at.name)
    result = checked(office)
    answer({"ok": result.whole, "place": at.name, "export": str(source), "office": manifest["office"],
            "journal": manifest["journal"], "documents": manifest["documents"], "files": manifest["files"],
            "missing": manifest["missing"], "copies_compared": manifest["copies_compared"],
            "check": check_answer(result)}, as_json=as_json,
           text=lambda: phrase("office_line.imported", language(), place=at.name) + "\n" + check_text(result),
           exit_code=ExitCode.GOOD if result.whole else ExitCode.ANSWER_IS_NO)
