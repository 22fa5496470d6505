"""What one family of gateways expects, as data: `resources/gateways/<family>.toml`.

A blank in braces is filled at the call: {user} {secret} {second_secret} {system} {application} {token} {id} {message}
{outcome} {from_day} {to_day}. A profile is checked when it is read, so that a slip in it shows at once.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from docclient.errors import BadInput

BLANKS = frozenset({"user", "secret", "second_secret", "system", "application", "token", "id", "message", "outcome",
                    "from_day", "to_day"})
_BLANK = re.compile(r"\{([^{}]*)\}")


class ProfileWrong(BadInput):
    """facts: profile, field."""

    code = "gateway.profile_wrong"


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EntryPart(Part):
    """kind: `login` (JSON body, a token comes back), `client` (OAuth 2.0 client credentials), `fixed` (headers alone).
    minutes: how long a token is used."""

    kind: Literal["login", "client", "fixed"]
    path: str = ""
    body: dict[str, str] = {}
    token_at: tuple[str, ...] = ()
    headers: dict[str, str] = {}
    minutes: int = Field(25, ge=1)


class AnswersPart(Part):
    """Where an answer says how it went, and what the codes mean."""

    code_at: tuple[str, ...] = ()
    good: tuple[str, ...] = ("", "0")
    entry_refused: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    description_at: tuple[str, ...] = ()


class Call(Part):
    method: Literal["GET", "POST", "PUT"]
    path: str
    query: dict[str, str] = {}


class ListPart(Call):
    """day: strftime pattern of {from_day} and {to_day}. items_at: paths to the list; an empty one is the answer."""

    day: str = "%Y/%m/%d"
    items_at: tuple[str, ...]
    id_at: tuple[str, ...]
    at_at: tuple[str, ...] = ()


class FetchPart(Call):
    """content_at: paths to the packet in base64; none: the body is the packet."""

    content_at: tuple[str, ...] = ()


class SendPart(Call):
    """form: `multipart` (part), `base64` (JSON, field) or `bytes` (the body)."""

    form: Literal["multipart", "base64", "bytes"]
    part: str = ""
    field: str = ""
    fields: dict[str, str] = {}
    id_at: tuple[str, ...]


class ConfirmPart(Call):
    body: dict[str, str] = {}
    done: str
    failed: str


class DirectoryPart(Call):
    items_at: tuple[str, ...]


class GatewayProfile(Part):
    name: str
    entry: EntryPart
    answers: AnswersPart
    list: ListPart
    fetch: FetchPart
    send: SendPart
    confirm: ConfirmPart
    directory: DirectoryPart

    @model_validator(mode="after")
    def known_blanks(self) -> Self:
        """Raises ValueError for a blank that nothing fills."""
        for text in texts_in(self.model_dump()):
            unknown = set(_BLANK.findall(text)) - BLANKS
            if unknown:
                raise ValueError(f"unknown blank {sorted(unknown)[0]}")
        return self


def texts_in(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict):
        return tuple(text for each in value.values() for text in texts_in(each))
    if isinstance(value, list | tuple):
        return tuple(text for each in value for text in texts_in(each))
    return ()


def families() -> tuple[str, ...]:
    """The families that come with the program."""
    folder = resources.files("resources") / "gateways"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


def profile_of(family: str) -> GatewayProfile:
    """Raises: ProfileWrong."""
    if family not in families():
        raise ProfileWrong(profile=family, field="")
    return read_profile((resources.files("resources") / "gateways" / f"{family}.toml").read_text("utf-8"), family)


def read_profile(text: str, name: str) -> GatewayProfile:
    """A profile of the office's own, or one that comes with the program. Raises: ProfileWrong."""
    try:
        return GatewayProfile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ProfileWrong(profile=name, field=str(error)) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ProfileWrong(profile=name, field=".".join(str(part) for part in first["loc"]) or first["msg"]) from error


def filled(text: str, values: dict[str, str]) -> str:
    return _BLANK.sub(lambda found: values.get(found[1], ""), text)
