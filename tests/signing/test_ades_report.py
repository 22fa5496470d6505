"""The standard's XML for odd files: what pyHanko cannot describe has its indication, and the times that are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from signing.ades_report import VR, NothingToReport, validation_report
from signing.report import SignatureKind
from signing.verify import verify_file
from tests.attacks.honest import stamp_typed_as_signature
from tests.attacks.material import Material
from tests.signing.conftest import People, Stages


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return Material.make(tmp_path_factory.mktemp("material"))


def entries(xml: bytes) -> list[Any]:
    return etree.fromstring(xml).findall(f"{{{VR}}}SignatureValidationReport")


def test_a_time_stamp_typed_as_a_signature_is_reported_as_the_stamp_it_is(material: Material, tmp_path: Path) -> None:
    path = tmp_path / "typed.pdf"
    path.write_bytes(stamp_typed_as_signature(material))
    report = verify_file(path, material.trust)
    kinds = [signature.kind for signature in report.signatures]
    found = entries(validation_report(path, report, material.trust))

    assert SignatureKind.TIMESTAMP in kinds and len(found) == len(kinds)
    for kind, entry in zip(kinds, found, strict=True):
        described = entry.find(f"{{{VR}}}SignerInformation") is not None
        assert described is (kind is not SignatureKind.TIMESTAMP)
        if kind is SignatureKind.TIMESTAMP:
            assert entry.find(f".//{{{VR}}}POETime") is not None


def test_bytes_before_the_header_cost_no_details(stages: Stages, people: People, tmp_path: Path) -> None:
    path = tmp_path / "mailed.pdf"
    path.write_bytes(b"X-Scanned-By: gateway\r\n\r\n" + stages.sealed.read_bytes())
    found = entries(validation_report(path, verify_file(path, people.trust), people.trust))

    assert len(found) == 2 and all(entry.find(f"{{{VR}}}SignerInformation") is not None for entry in found)


def test_without_a_signature_there_is_nothing_to_report(stages: Stages, people: People) -> None:
    with pytest.raises(NothingToReport):
        validation_report(stages.draft, verify_file(stages.draft, people.trust), people.trust)
