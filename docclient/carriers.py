"""How this office's packets travel: the ways that were set up, in order, and the transport behind each.

    carriers = Carriers(office_folder / CARRIERS_FILE)
    transport = transport_of(carriers.all()[0], secrets, office_folder, address_of)

The settings hold no secret (docclient.secrets keeps those). Of an office on this machine they lie beside it; of a
shared office with whatever machine carries for it, its server: no other machine has them (`carriers_folder`).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from docclient.errors import ServiceTrouble, WrongUse
from docclient.exchange.directory import Unit
from docclient.exchange.transports.axis import AxisAccount, AxisTransport
from docclient.exchange.transports.base import Transport
from docclient.exchange.transports.folder import FolderTransport
from docclient.exchange.transports.gateway import GatewayAccount, GatewayTransport
from docclient.exchange.transports.gateway_profile import profile_of
from docclient.exchange.transports.mail import MailTransport
from docclient.exchange.transports.mail_account import Entry, MailAccount, MailServer, Security
from docclient.secrets import Secrets
from docclient.store.place import Place
from signing.files import replacing

CARRIERS_FILE = "carriers.json"
STATE_FOLDER = "carriers"
VERSION = 1
LIMIT = 1 << 20     # bytes; the file has a few hundred
NOT_TRIED = "carrier_note.not_tried"


class CarrierMissing(WrongUse):
    """facts: carrier, known (the names there are)."""

    code = "carrier_setup.missing"


class CarrierTaken(WrongUse):
    """facts: carrier."""

    code = "carrier_setup.taken"


class CarrierIncomplete(WrongUse):
    """facts: carrier, field."""

    code = "carrier_setup.incomplete"


class CarrierSecretMissing(ServiceTrouble):
    """Its password or key is kept nowhere. facts: carrier."""

    code = "carrier_setup.secret_missing"


class CarrierSetup(BaseModel):
    """name: what people call it."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\t\r\n/\\]+$")

    @property
    def note(self) -> str | None:
        """The code of a sentence that a person should know about it."""
        return NOT_TRIED

    @property
    def secrets(self) -> tuple[str, ...]:
        """Under which names its secrets are kept."""
        return (f"carrier: {self.name}",)


class FolderSetup(CarrierSetup):
    """Two folders that another program fills and empties."""

    kind: Literal["folder"] = "folder"
    inbox: str = Field(min_length=1)
    outbox: str = Field(min_length=1)

    @property
    def note(self) -> str | None:
        return None

    @property
    def secrets(self) -> tuple[str, ...]:
        return ()


class MailSetup(CarrierSetup):
    """The office's official mailbox."""

    kind: Literal["mail"] = "mail"
    address: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    user: str = Field(min_length=1)
    incoming_host: str = Field(min_length=1)
    incoming_port: int = Field(993, ge=1, le=65535)
    incoming_security: Security = Security.TLS
    outgoing_host: str = Field(min_length=1)
    outgoing_port: int = Field(465, ge=1, le=65535)
    outgoing_security: Security = Security.TLS
    folder: str = "INBOX"
    since: date | None = None
    done_folder: str | None = None
    entry: Entry = Entry.PASSWORD
    token_address: str = ""
    client: str = ""

    def account(self) -> MailAccount:
        """Raises: LineUnguarded."""
        return MailAccount(
            self.address, self.user, MailServer(self.incoming_host, self.incoming_port, self.incoming_security),
            MailServer(self.outgoing_host, self.outgoing_port, self.outgoing_security), self.folder or "INBOX",
            self.since, self.done_folder or None, self.entry, self.token_address, self.client)


class AxisSetup(CarrierSetup):
    """The adapter of the national axis in the agency's own network."""

    kind: Literal["axis"] = "axis"
    address: str = Field(pattern=r"^https?://")
    system: str = Field(min_length=1)
    sender: str = Field(min_length=1)


class GatewaySetup(CarrierSetup):
    """A provincial gateway of a family that the program knows."""

    kind: Literal["gateway"] = "gateway"
    family: str = Field(min_length=1)
    address: str = Field(pattern=r"^https?://")
    system: str = Field(min_length=1)
    user: str = ""
    application: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        return (f"carrier: {self.name}", f"carrier: {self.name}: second")


AnySetup = Annotated[FolderSetup | MailSetup | AxisSetup | GatewaySetup, Field(discriminator="kind")]
AnyWay = FolderSetup | MailSetup | AxisSetup | GatewaySetup
KINDS: dict[str, type[AnyWay]] = {"folder": FolderSetup, "mail": MailSetup, "axis": AxisSetup, "gateway": GatewaySetup}
_adapter: TypeAdapter[AnyWay] = TypeAdapter(AnySetup)


def setup_of(fields: dict[str, object]) -> AnyWay:
    """A way of carrying from what a form or a file says. Raises: CarrierIncomplete, ProfileWrong, LineUnguarded."""
    try:
        found = _adapter.validate_python(fields)
    except ValidationError as error:
        wrong = [str(part) for part in error.errors(include_url=False, include_input=False)[0]["loc"]]
        raise CarrierIncomplete(carrier=str(fields.get("name", "")), field=wrong[-1] if wrong else "kind") from None
    if isinstance(found, GatewaySetup):
        profile_of(found.family)
    elif isinstance(found, MailSetup):
        found.account()
        if found.entry is Entry.OAUTH and not found.token_address.startswith("https://") \
                and not found.token_address.startswith("http://127.0.0.1"):
            raise CarrierIncomplete(carrier=found.name, field="token_address")
    return found


def carriers_folder(place: Place) -> Path:
    """Where this machine keeps its ways for an office, and what they remember: beside an office on this machine; for a
    shared one in the user's own data, because the folder of a shared office's files may be open to every workstation.
    """
    if place.embedded:
        return place.blobs.parent
    name = hashlib.sha256(place.name.encode()).hexdigest()[:16]
    return user_data_path("docclient", appauthor=False) / "shared" / name


class Carriers:
    """The ways in the file at `path`, the first the one that packets leave by. For several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def all(self) -> tuple[AnyWay, ...]:
        """A file that cannot be understood counts as empty; an entry that cannot, as none."""
        try:
            with self._path.open("rb") as file:
                content = json.loads(file.read(LIMIT))
            entries = content["carriers"] if content["version"] == VERSION else []
        except (OSError, ValueError, TypeError, KeyError):
            return ()
        found = []
        for each in entries if isinstance(entries, list) else []:
            try:
                found.append(setup_of(each))
            except (WrongUse, TypeError, AttributeError):
                continue
        return tuple(found)

    def get(self, name: str) -> AnyWay:
        """Raises: CarrierMissing."""
        known = self.all()
        found = next((each for each in known if each.name.casefold() == name.strip().casefold()), None)
        if found is None:
            raise CarrierMissing(carrier=name, known=", ".join(each.name for each in known) or "–")
        return found

    def put(self, setup: AnyWay, *, replace: bool = False) -> None:
        """Raises: CarrierTaken, FolderNotWritable, DiskFull."""
        with self._lock:
            known = self.all()
            place = next((index for index, each in enumerate(known) if each.name.casefold() == setup.name.casefold()),
                         None)
            if place is not None and not replace:
                raise CarrierTaken(carrier=setup.name)
            index = len(known) if place is None else place
            self._write((*known[:index], setup, *known[index + 1:]))

    def remove(self, name: str) -> None:
        """Raises: CarrierMissing, FolderNotWritable, DiskFull."""
        found = self.get(name)
        with self._lock:
            self._write(tuple(each for each in self.all() if each.name != found.name))

    def _write(self, setups: Sequence[CarrierSetup]) -> None:
        content = {"version": VERSION, "carriers": [each.model_dump(mode="json") for each in setups]}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(self._path) as file:
            file.write(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))


def transport_of(setup: AnyWay, secrets: Secrets, office: Path,
                 address_of: Callable[[str], str | None], units: Sequence[Unit] = ()) -> Transport:
    """The transport behind a way. office: the folder that what a transport remembers is kept below. address_of: the
    e-mail address of an agency code.

    Raises: CarrierSecretMissing, FolderNotWritable, LineUnguarded, ProfileWrong.
    """
    if isinstance(setup, FolderSetup):
        return FolderTransport(Path(setup.inbox), Path(setup.outbox), units=units)
    first = setup.secrets[0]
    if secrets.get(first) is None:
        raise CarrierSecretMissing(carrier=setup.name)

    def secret(name: str = first) -> bytearray:
        return secrets.get(name) or bytearray()

    marks = office / STATE_FOLDER / f"{setup.name}.marks.txt"
    if isinstance(setup, MailSetup):
        return MailTransport(setup.account(), secret, marks, address_of, units)
    if isinstance(setup, AxisSetup):
        return AxisTransport(AxisAccount(setup.address, setup.system, setup.sender), secret, marks)
    account = GatewayAccount(setup.address, setup.system, setup.user, setup.application)
    return GatewayTransport(profile_of(setup.family), account, secret, marks, lambda: secret(setup.secrets[1]))
