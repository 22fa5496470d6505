"""`docclient trust`: whom the command line believes on this machine, and how an anchor comes to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.trusted_here import Kept, Standing, TrustedHere
from docclient.words import phrase
from signing.authorities import recognise
from signing.certificates import certificate_facts, day_shown
from signing.files import reading
from signing.trust import LARGEST_CERTIFICATE_FILE, NotACertificate, TrustStore, certificates_in, fingerprint

ReadBack = Annotated[str, typer.Argument(metavar="DẤU_VÂN_TAY", help="Ít nhất 8 ký tự cuối của dấu vân tay SHA-256.")]


def register(app: typer.Typer) -> None:
    area = typer.Typer(pretty_exceptions_enable=False, no_args_is_help=True,
                       help="Các tổ chức chứng thực được tin cậy khi kiểm tra bằng dòng lệnh trên máy này.")
    area.command("list")(list_them)
    area.command("add")(add)
    area.command("confirm")(confirm)
    area.command("remove")(remove)
    app.add_typer(area, name="trust")


@answering
def list_them(as_json: Json = False) -> None:
    """Liệt kê các tổ chức chứng thực: đi kèm phần mềm và đã thêm, với dấu vân tay và tình trạng xác nhận."""
    here = TrustedHere()
    found = all_of(here)
    waiting = any(each.standing is Standing.UNCONFIRMED for each in found)
    answer({"authorities": [authority_object(each) for each in found], "kept_in": str(here.path)}, as_json=as_json,
           text=lambda: "\n".join([*(line for each in found for line in lines_of(each)),
                                   *([_say("how_to_confirm")] if waiting else [])]))


@answering
def add(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp chứng thư: PEM, DER hoặc PKCS#7.")],
    read_back: Annotated[str, typer.Option(
        "--fingerprint", metavar="SHA256", help="Dấu vân tay của chứng thư gốc, chép từ công bố của chính tổ chức: cả "
        "64 ký tự hoặc ít nhất 8 ký tự cuối. Cần cho chứng thư gốc mà phần mềm không nhận ra.")] = "",
    as_json: Json = False,
) -> None:
    """Thêm tổ chức chứng thực từ một tệp chứng thư. Chứng thư gốc lạ chỉ được tin sau khi so dấu vân tay."""
    added = TrustedHere().add(_certificates_of(file), read_back)
    answer({"authorities": [authority_object(each) for each in added]}, as_json=as_json,
           text=lambda: "\n".join(line for each in added for line in lines_of(each)))


@answering
def confirm(read_back: ReadBack, as_json: Json = False) -> None:
    """Xác nhận một chứng thư gốc sau khi so dấu vân tay với công bố của tổ chức (không phải với màn hình này)."""
    confirmed = TrustedHere().confirm(read_back)
    answer({"authorities": [authority_object(confirmed)]}, as_json=as_json,
           text=lambda: "\n".join(lines_of(confirmed)))


@answering
def remove(digits: ReadBack, as_json: Json = False) -> None:
    """Thôi tin một tổ chức đã thêm; tổ chức đi kèm phần mềm trở lại tình trạng chưa xác nhận."""
    removed = TrustedHere().remove(digits)
    answer({"removed": fingerprint(removed.certificate)}, as_json=as_json,
           text=lambda: _say("removed", name=certificate_facts(removed.certificate).display_name))


def all_of(here: TrustedHere) -> list[Kept]:
    """What comes with the program and what is kept here: anchors first."""
    kept = {each.certificate: each for each in here.kept()}
    shipped = TrustStore.standard()
    found = [kept.pop(each, Kept(each, Standing.UNCONFIRMED)) for each in shipped.anchors]
    found += [kept.pop(each, Kept(each, Standing.BETWEEN)) for each in shipped.intermediates]
    return sorted([*found, *kept.values()], key=lambda each: each.standing is Standing.BETWEEN)


def authority_object(kept: Kept) -> dict[str, Any]:
    """purpose: of an authority that is known by its fingerprint; null for any other."""
    facts, pinned = certificate_facts(kept.certificate), recognise(kept.certificate)
    return {
        "name": facts.display_name,
        "organisation": facts.organisation,
        "issuer": facts.issuer,
        "sha256": fingerprint(kept.certificate),
        "valid_from": facts.not_before.isoformat(),
        "valid_to": facts.not_after.isoformat(),
        "kind": "intermediate" if kept.standing is Standing.BETWEEN else "anchor",
        "purpose": pinned.purpose.value if pinned else None,
        "generation": pinned.generation if pinned else None,
        "shipped": kept.certificate in _shipped(),
        "standing": kept.standing.value,
        "confirmed_at": kept.confirmed_at.isoformat() if kept.confirmed_at else None,
    }


def lines_of(kept: Kept) -> Iterator[str]:
    from docclient.signature_words import grouped

    facts, pinned = certificate_facts(kept.certificate), recognise(kept.certificate)
    purpose = phrase(f"authority_purpose.{pinned.purpose.value if pinned else 'unknown'}", language())
    yield _say("authority", name=facts.display_name, purpose=purpose, valid_from=day_shown(facts.not_before),
               valid_to=day_shown(facts.not_after))
    yield _say("fingerprint", fingerprint=grouped(fingerprint(kept.certificate)))
    standing = phrase(f"trust_standing.{kept.standing.value}", language())
    if kept.certificate in _shipped():
        standing = _say("shipped", standing=standing)
    if kept.confirmed_at is not None:
        standing = _say("since", standing=standing, day=day_shown(kept.confirmed_at))
    yield _say("standing", standing=standing)


def _shipped() -> tuple[bytes, ...]:
    standard = TrustStore.standard()
    return (*standard.anchors, *standard.intermediates)


def _certificates_of(file: Path) -> list[bytes]:
    with reading(file) as stream:
        content = stream.read(LARGEST_CERTIFICATE_FILE + 1)
    if len(content) > LARGEST_CERTIFICATE_FILE:
        raise NotACertificate(file=str(file))
    try:
        return certificates_in(content)
    except (ValueError, TypeError, KeyError) as error:
        raise NotACertificate(file=str(file)) from error


def _say(code: str, **blanks: object) -> str:
    return phrase(f"trust_line.{code}", language(), **blanks)
