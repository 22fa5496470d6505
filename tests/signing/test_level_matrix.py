"""Every level × role × scheme is accepted by pdfsig, `qpdf --check` and pyHanko's own validator.

Authority, OCSP, CRL and time-stamps come from certomancer on loopback.
"""

from __future__ import annotations

import asyncio
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from asn1crypto import crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from signing.keys import Key, Scheme
from signing.sign import Level, Role, SigningRequest, fill_and_seal, sign_pdf
from signing.timestamps import TimestampService
from signing.trust import TrustStore
from tests.signing.conftest import Stages
from tests.signing.services import Services, running_services

SCHEMES = {"RSA PKCS#1": ("rsa", Scheme.RSA_PKCS1), "RSA PSS": ("rsa", Scheme.RSA_PSS),
           "ECDSA P-256": ("short", Scheme.ECDSA), "ECDSA P-384": ("p384", Scheme.ECDSA)}
"""The key's label among the services', and how it signs."""


@dataclass(frozen=True)
class Bench:
    """trust: with the lists as they are now. sources: a file for each role to sign."""

    services: Services
    trust: TrustStore
    keys: dict[str, Key]
    sources: dict[Role, Path]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, stages: Stages) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("matrix")
    with running_services(folder / "pki") as services:
        lists = []
        for name in ("root", "issuing"):
            with urllib.request.urlopen(f"{services.address}/test/crls/{name}/latest.crl", timeout=20) as answer:
                lists.append(answer.read())
        trust = services.anchors.with_intermediates([services.certificate("issuing").dump()])
        personal = sign_pdf(stages.prepared, folder / "personal.pdf", services.key(), SigningRequest(
            role=Role.PERSONAL, trust=trust.with_crls(lists))).target
        yield Bench(services, trust.with_crls(lists), {label: services.key(label) for label, _ in SCHEMES.values()},
                    {role: personal if role is Role.AGENCY else
                     stages.prepared if role is Role.PERSONAL else stages.draft for role in Role})


@pytest.mark.parametrize(("level", "role", "scheme"), list(product(Level, Role, SCHEMES)))
def test_others_accept_it(bench: Bench, tmp_path: Path, level: Level, role: Role, scheme: str) -> None:
    label, how = SCHEMES[scheme]
    from_the_network = role is Role.PLAIN   # there OCSP and lists are fetched; the others have the lists at hand
    request = SigningRequest(
        role=role, level=level, scheme=how, digest="sha384" if label == "p384" else "sha256",
        agency="UBND xã Tân Hiệp", number_and_symbol="15/QĐ-UBND", online=from_the_network,
        trust=bench.services.anchors if from_the_network else bench.trust,
        stamps=TimestampService((bench.services.tsa,), deadline_s=20))
    source, target, key = bench.sources[role], tmp_path / "a.pdf", bench.keys[label]
    if role is Role.AGENCY:
        signed = fill_and_seal(source, target, key, number="15", issued=date(2026, 3, 5), request=request)
    else:
        signed = sign_pdf(source, target, key, request)
    assert signed.level is level and signed.report.signatures[1 if role is Role.AGENCY else 0].level == level.value

    shown = subprocess.run(["pdfsig", "-nocert", str(signed.target)], capture_output=True, text=True, check=True).stdout
    assert shown.count("Signature is Valid.") == (2 if role is Role.AGENCY else 1), shown
    checked = subprocess.run(["qpdf", "--check", str(signed.target)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    with signed.target.open("rb") as file:
        asyncio.run(accepted_by_pyhanko(PdfFileReader(file, strict=True), bench, level))


async def accepted_by_pyhanko(reader: PdfFileReader, bench: Bench, level: Level) -> None:
    """As pyHanko judges by itself, strictly: from b-lt on with nothing but what the file stores."""
    roots = list(bench.trust.anchor_certificates)
    if level in {Level.B_LT, Level.B_LTA}:
        context = DocumentSecurityStore.read_dss(reader).as_validation_context(
            {"trust_roots": roots, "allow_fetching": False, "revocation_mode": "hard-fail"})
    else:
        context = ValidationContext(
            trust_roots=roots, other_certs=list(bench.trust.intermediate_certificates), allow_fetching=False,
            crls=[crl.CertificateList.load(one) for one in bench.trust.crls], revocation_mode="hard-fail")
    last = reader.embedded_regular_signatures[-1]
    status = await async_validate_pdf_signature(last, context, context)
    assert status.bottom_line and status.docmdp_ok, status.summary()
    assert (status.timestamp_validity is not None) == (level is not Level.B_B)
    for stamp in reader.embedded_timestamp_signatures:
        found = await async_validate_pdf_timestamp(stamp, context)
        assert found.valid and found.intact and found.trusted
