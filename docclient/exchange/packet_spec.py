"""A packet described by a JSON file: what `packet write` takes (docs/packets.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docclient.errors import trouble_of_os_error
from docclient.exchange.errors import SpecificationWrong
from docclient.exchange.packet import Attachment, DocumentPacket, TraceHeaderList, attach
from docclient.exchange.packet_json import business_from_json, header_from_json

LARGEST_SPECIFICATION = 16 << 20
_ABOUT_PACKET = {"business", "business_info", "attachments", "header"}


def packet_from_file(path: Path) -> DocumentPacket:
    """The packet that a description stands for, its files read from the disk.

    The header's fields stand in `header`, or beside `business` and `attachments` at the top. A file's path is
    relative to the description's folder.
    Raises: FileNotReadable, SpecificationWrong, FieldWrong.
    """
    source = _json(path)
    header = source.get("header")
    if header is None:
        header = {name: value for name, value in source.items() if name not in _ABOUT_PACKET}
    elif unknown := sorted(set(source) - _ABOUT_PACKET):
        raise SpecificationWrong(file=path.name, field=unknown[0])
    return DocumentPacket(
        header=header_from_json(header),
        trace=TraceHeaderList(business=business_from_json(source.get("business"), source.get("business_info"))),
        attachments=tuple(_file(item, number, path) for number, item in enumerate(_files(source, path))))


def _json(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST_SPECIFICATION:
            raise SpecificationWrong(file=path.name, field=f"> {LARGEST_SPECIFICATION}")
        source = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise trouble_of_os_error(error, path) from error
    except (ValueError, RecursionError) as error:       # not JSON, or not UTF-8
        place = f"JSON: {error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "JSON"
        raise SpecificationWrong(file=path.name, field=place) from error
    if not isinstance(source, Mapping):
        raise SpecificationWrong(file=path.name, field="{ }")
    return source


def _files(source: Mapping[str, Any], path: Path) -> list[object]:
    files = source.get("attachments", [])
    if not isinstance(files, list):
        raise SpecificationWrong(file=path.name, field="attachments")
    return files


def _file(item: object, number: int, specification: Path) -> Attachment:
    described = {"path": item} if isinstance(item, str) else item
    place = f"attachments[{number}]"
    if not isinstance(described, Mapping) or set(described) - {"path", "name", "description", "content_id"}:
        raise SpecificationWrong(file=specification.name, field=place)
    texts: dict[str, str] = {}
    for key, value in described.items():
        if value is not None and not isinstance(value, str):
            raise SpecificationWrong(file=specification.name, field=f"{place}.{key}")
        if value and value.strip():
            texts[key] = value.strip()
    if "path" not in texts:
        raise SpecificationWrong(file=specification.name, field=f"{place}.path")
    path = specification.parent / texts["path"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise trouble_of_os_error(error, path) from error
    return attach(texts.get("name", path.name), content, description=texts.get("description"),
                  content_id=texts.get("content_id"))
