"""A result and what it rests on as one file that any office can open (TT 15/2025 S10, V5): a ZIP with `result.json`,
`certificates/*.cer`, `crls/*.crl` and `ocsps/*.ors` (each DER, named by the beginning of its SHA-256).

The same content gives the same bytes, so that it is kept once.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

RESULT = "result.json"
FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of each entry: the earliest a ZIP can name. When the check was made stands in the result."""


def evidence_zip(result: Mapping[str, Any], *, certificates: Iterable[bytes], crls: Iterable[bytes],
                 ocsps: Iterable[bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, RESULT, json.dumps(result, ensure_ascii=False, indent=1).encode())
        for folder, suffix, parts in (("certificates", "cer", certificates), ("crls", "crl", crls),
                                      ("ocsps", "ors", ocsps)):
            for part in sorted(set(parts), key=lambda each: sha256(each).digest()):
                _write(archive, f"{folder}/{sha256(part).hexdigest()[:16]}.{suffix}", part)
    return made.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, FIXED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
