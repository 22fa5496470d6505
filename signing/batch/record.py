"""A batch's request and what happens to its items, as JSON and back. No PIN, no password, no document text."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from signing.batch.items import Item, State
from signing.errors import Trouble
from signing.keys import Scheme, TokenIdentity
from signing.order import Role
from signing.page import Box, Place
from signing.places import SEAL_DIAMETER_MM
from signing.request import Filling, Level, SigningRequest
from signing.stages import KeyFacts, Prepared
from signing.templates import Template
from signing.timestamps import TimestampService
from signing.trust import TrustStore

Json = dict[str, Any]

MALFORMED = (KeyError, ValueError, TypeError, AttributeError, IndexError)
"""What reading a record back raises when it is none of ours."""


class EarlierTrouble(Trouble):
    """Of an earlier run, by a code this version does not know. facts: earlier (that code)."""

    code = "batch.earlier_trouble"


def of_request(request: SigningRequest) -> Json:
    stamps, trust = request.stamps, request.trust
    return {
        "role": request.role, "field": request.field, "place": _of_place(request.place),
        "image": _absolute(request.image), "level": request.level,
        "stamps": stamps.as_json() if stamps is not None else None, "stamp_later": request.stamp_later,
        "online": request.online,
        "scheme": request.scheme, "digest": request.digest, "agency": request.agency, "copy_form": request.copy_form,
        "number_and_symbol": request.number_and_symbol, "reason": request.reason,
        "signed_at": request.signed_at.isoformat() if request.signed_at is not None else None,
        "strict_order": request.strict_order,
        "template": [request.template.source, request.template.name] if request.template is not None else None,
        "position": request.position, "blanks": [list(pair) for pair in request.blanks],
        "seal_diameter_mm": request.seal_diameter_mm, "look_first": request.look_first,
        "trust": [_texts(trust.anchors), _texts(trust.intermediates), _texts(trust.crls)],
        "unconfirmed": sorted(trust.unconfirmed),
    }


def to_request(found: Json) -> SigningRequest:
    """Raises MALFORMED."""
    stamps, at, place, scheme = found["stamps"], found["signed_at"], found["place"], found["scheme"]
    return SigningRequest(
        role=Role(found["role"]), field=found["field"], place=_to_place(place), image=_path(found["image"]),
        level=Level(found["level"]), stamps=TimestampService.from_json(stamps) if stamps else None,
        stamp_later=bool(found.get("stamp_later")), online=found["online"], digest=found["digest"],
        scheme=Scheme(scheme) if scheme else None,
        agency=found["agency"], copy_form=found["copy_form"], number_and_symbol=found["number_and_symbol"],
        reason=found["reason"], signed_at=datetime.fromisoformat(at) if at else None,
        strict_order=found["strict_order"],
        template=Template.parse(*found["template"]) if found.get("template") else None, position=found.get("position"),
        blanks=tuple((name, value) for name, value in found.get("blanks", ())),
        seal_diameter_mm=found.get("seal_diameter_mm", SEAL_DIAMETER_MM), look_first=bool(found.get("look_first")),
        trust=_to_trust(found["trust"], found.get("unconfirmed", ())))


def _to_trust(parts: Iterable[Iterable[str]], unconfirmed: Iterable[str]) -> TrustStore:
    anchors, intermediates, crls = (tuple(map(b64decode, part)) for part in parts)
    return TrustStore(anchors, intermediates, crls, frozenset(unconfirmed))


def of_item(item: Item) -> Json:
    """What does not change while the item is worked on."""
    return {"source": _absolute(item.source), "target": _absolute(item.target),
            "request": of_request(item.request) if item.request is not None else None, "title": item.title,
            "filling": _of_filling(item.filling)}


def to_item(found: Json) -> Item:
    """Raises MALFORMED."""
    return Item(Path(found["source"]), Path(found["target"]),
                to_request(found["request"]) if found["request"] is not None else None, title=found.get("title", ""),
                filling=_to_filling(found.get("filling")))


def of_step(index: int, item: Item) -> Json:
    """What one step changed."""
    step: Json = {"item": index, "state": item.state}
    if item.state is State.PREPARED and item.prepared is not None:
        step["prepared"] = _of_prepared(item.prepared)
    if item.state is State.SIGNED and item.value is not None:
        step["value"] = _text(item.value)
    if item.state is State.VERIFIED and item.signed is not None:
        step["sha256"] = item.signed.sha256
    if item.trouble is not None:
        step["trouble"] = {"code": item.trouble.code,
                           "facts": {name: _plain(fact) for name, fact in item.trouble.facts.items()}}
    return step


def after_step(item: Item, step: Json) -> Item:
    """The item as it was when the step was written. Raises MALFORMED."""
    state = State(step["state"])
    prepared, value = item.prepared, item.value
    if state is State.WAITING:
        prepared = value = None
    if "prepared" in step:
        prepared = _to_prepared(item, step["prepared"])
    if "value" in step:
        value = b64decode(step["value"])
    trouble = _to_trouble(step["trouble"]) if "trouble" in step else None
    return replace(item, state=state, signed=None, trouble=trouble, prepared=prepared, value=value)


def _of_prepared(prepared: Prepared) -> Json:
    key = prepared.key
    return {
        "part": prepared.part.name, "field": prepared.field, "page": prepared.page,
        "box": list(prepared.box.as_tuple()) if prepared.box is not None else None,
        "certificate": _text(key.certificate), "others": _texts(key.other_certificates),
        "token": [key.token.label, key.token.serial, key.token.module] if key.token is not None else None,
        "schemes": list(key.schemes), "message": _text(prepared.message), "digest": prepared.digest,
        "scheme": prepared.scheme, "hole": list(prepared.hole), "warnings": list(prepared.warnings),
    }


def _to_prepared(item: Item, found: Json) -> Prepared:
    key = KeyFacts(b64decode(found["certificate"]), tuple(map(b64decode, found["others"])),
                   TokenIdentity(*found["token"]) if found["token"] is not None else None,
                   tuple(Scheme(scheme) for scheme in found["schemes"]))
    first, behind = found["hole"]
    return Prepared(
        item.source, item.target, item.target.parent / Path(found["part"]).name, found["field"], found["page"],
        Box(*found["box"]) if found["box"] is not None else None, key, b64decode(found["message"]), found["digest"],
        Scheme(found["scheme"]), (int(first), int(behind)), None, tuple(found["warnings"]))


def _to_trouble(found: Json) -> Trouble:
    known = {kind.code: kind for kind in _kinds(Trouble)}
    kind = known.get(found["code"])
    if kind is None:
        return EarlierTrouble(earlier=found["code"])
    trouble = kind.__new__(kind)
    Trouble.__init__(trouble, **found["facts"])
    return trouble


def _kinds(kind: type[Trouble]) -> Iterator[type[Trouble]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)


def _of_filling(filling: Filling | None) -> Json | None:
    return None if filling is None else {"number": filling.number, "issued": filling.issued.isoformat()}


def _to_filling(found: Json | None) -> Filling | None:
    return None if found is None else Filling(found["number"], date.fromisoformat(found["issued"]))


def _of_place(place: Place | None) -> Json | None:
    return None if place is None else {"page": place.page, "box": list(place.box.as_tuple()), "certain": place.certain}


def _to_place(found: Json | None) -> Place | None:
    return None if found is None else Place(found["page"], Box(*found["box"]), certain=found["certain"])


def _absolute(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())


def _path(found: str | None) -> Path | None:
    return None if found is None else Path(found)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _texts(data: Any) -> list[str]:
    return [_text(one) for one in data]


def _plain(fact: object) -> object:
    return fact if isinstance(fact, str | int | float) or fact is None else str(fact)
