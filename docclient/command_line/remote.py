"""`docclient remote`: accounts at signing services. Their secrets go into the system's safe and nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, language, notes
from docclient.command_line.pin import pin_source
from docclient.secrets import Kept, Secrets
from docclient.signing_accounts import Confirmation, Entry, Kind, SigningAccount, SigningAccounts, provider_of
from docclient.words import phrase
from signing.certificates import day_shown
from signing.tokens.messages import wipe

if TYPE_CHECKING:
    from signing.remote.provider import Credential

Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên do người dùng đặt cho tài khoản.")]
SecretDescriptor = Annotated[int | None, typer.Option(
    "--secret-fd", metavar="N", help="Đọc mật khẩu tài khoản (một dòng) từ bộ mô tả tệp số N.")]
SecretVariable = Annotated[str | None, typer.Option(
    "--secret-env", metavar="TÊN", help="Lấy mật khẩu tài khoản từ biến môi trường này; biến bị xóa ngay.")]


def register(app: typer.Typer) -> None:
    area = typer.Typer(pretty_exceptions_enable=False, no_args_is_help=True,
                       help="Tài khoản ký từ xa: CSC, VNPT SmartCA, Viettel MySign.")
    area.command("add")(add)
    area.command("list")(list_them)
    area.command("remove")(remove)
    area.command("test")(test)
    app.add_typer(area, name="remote")


@answering
def add(
    name: Name,
    kind: Annotated[Kind, typer.Option("--kind", help="Dịch vụ nói giao thức nào.")],
    address: Annotated[str, typer.Option("--address", metavar="URL", help="Địa chỉ dịch vụ; bỏ trống thì dùng địa chỉ "
                                         "của nhà cung cấp (SmartCA, MySign).")] = "",
    user: Annotated[str, typer.Option("--user", help="Người dùng tại dịch vụ: tên đăng nhập, số căn cước, mã số thuế, "
                                      "CMT_… hoặc MST_….")] = "",
    client: Annotated[str, typer.Option("--client", help="Mã của phần mềm tại dịch vụ: client_id hoặc sp_id.")] = "",
    profile: Annotated[str, typer.Option("--profile", help="profile_id của MySign.")] = "",
    entry: Annotated[Entry, typer.Option("--entry", help="CSC: vào bằng tên và mật khẩu, hay bằng mã phần mềm.")]
    = Entry.LOGIN,
    confirm: Annotated[Confirmation, typer.Option("--confirm", help="SmartCA: xác nhận trên điện thoại, hay gõ mật "
                                                  "khẩu và mã một lần.")] = Confirmation.PHONE,
    replace: Annotated[bool, typer.Option("--replace", help="Ghi đè tài khoản cùng tên.")] = False,
    secret_fd: SecretDescriptor = None,
    secret_env: SecretVariable = None,
    as_json: Json = False,
) -> None:
    """Thêm tài khoản ký từ xa. Mật khẩu cất trong kho mật khẩu của hệ điều hành, không ghi ra tệp."""
    source = pin_source(secret_fd, secret_env)
    account = SigningAccount(name.strip(), kind, (address or kind.usual_address).strip(), user.strip(), client.strip(),
                             profile.strip(), entry, confirm).checked()
    accounts = SigningAccounts()
    secret = source.read("pin_prompt.account")
    try:
        accounts.add(account, replace=replace)
        kept = Secrets().put(account.secret_name, secret)
    finally:
        wipe(secret)
    if kept is not Kept.SAFE:       # this session ends with this command
        kept = Kept.NOWHERE
        notes.print(phrase("secret_kept.nowhere", language()), markup=False)
    answer({"account": account_object(account, kept)}, as_json=as_json,
           text=lambda: "\n".join([phrase("account.added", language(), account=account.name),
                                   *lines_of(account, kept)]))


@answering
def list_them(as_json: Json = False) -> None:
    """Liệt kê các tài khoản ký từ xa trên máy này."""
    secrets = Secrets()
    found = [(account, secrets.where(account.secret_name)) for account in SigningAccounts().all()]
    answer({"accounts": [account_object(*each) for each in found]}, as_json=as_json,
           text=lambda: "\n".join(line for each in found for line in lines_of(*each))
           or phrase("account.none", language()))


@answering
def remove(name: Name, as_json: Json = False) -> None:
    """Bỏ một tài khoản ký từ xa và mật khẩu của nó khỏi máy này."""
    account = SigningAccounts().remove(name)
    Secrets().forget(account.secret_name)
    answer({"removed": account.name}, as_json=as_json,
           text=lambda: phrase("account.removed", language(), account=account.name))


@answering
def test(name: Name, secret_fd: SecretDescriptor = None, secret_env: SecretVariable = None,
         as_json: Json = False) -> None:
    """Vào thử tài khoản và xem các chứng thư số ở đó. Không ký gì và không làm phiền điện thoại của ai."""
    source = pin_source(secret_fd, secret_env)
    account = SigningAccounts().get(name)
    secret = Secrets().get(account.secret_name) if source.asks_a_person else None
    provider = provider_of(account, source.read("pin_prompt.account") if secret is None else secret)
    try:
        credentials = provider.credentials()
    finally:
        provider.close()
    now = datetime.now(UTC)
    answer({"account": account.name, "kind": account.kind.value, "note": account.kind.note and phrase(
        account.kind.note, language()), "credentials": [credential_object(each, now) for each in credentials]},
        as_json=as_json, text=lambda: "\n".join([
            phrase("account.reached", language(), account=account.name, count=len(credentials)),
            *noted(account), *(credential_line(each, now) for each in credentials)]))


def account_object(account: SigningAccount, kept: Kept) -> dict[str, Any]:
    return {"name": account.name, "kind": account.kind.value, "address": account.address, "user": account.user,
            "client": account.client, "profile": account.profile, "entry": account.entry.value,
            "confirmation": account.confirmation.value, "secret": kept.value,
            "note": phrase(account.kind.note, language()) if account.kind.note else None}


def credential_object(credential: Credential, now: datetime) -> dict[str, Any]:
    why_not = credential.why_not(now)
    return {"id": credential.id, "name": credential.facts.display_name, "serial": credential.facts.serial,
            "not_before": credential.facts.not_before.isoformat(), "not_after": credential.facts.not_after.isoformat(),
            "is_seal": credential.is_seal, "state": credential.state.value, "usable": why_not is None,
            "why_not": phrase(why_not, language()) if why_not else None}


def lines_of(account: SigningAccount, kept: Kept) -> list[str]:
    kind = phrase(f"account_kind.{account.kind.value}", language())
    return [phrase("account.line", language(), account=account.name, kind=kind, address=account.address),
            "  " + phrase(f"secret_kept.{kept.value}", language()), *(f"  {line}" for line in noted(account))]


def noted(account: SigningAccount) -> list[str]:
    return [phrase(account.kind.note, language())] if account.kind.note else []


def credential_line(credential: Credential, now: datetime) -> str:
    why_not = credential.why_not(now)
    return "  " + phrase("account.credential_hidden" if why_not else "account.credential", language(),
                         name=credential.facts.display_name, serial=credential.facts.serial,
                         until=day_shown(credential.facts.not_after),
                         why=phrase(why_not, language()) if why_not else "")
