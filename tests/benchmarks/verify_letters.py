"""Mixed signed files verified: our command line, a plain pyHanko loop in one process, pyHanko's command line per file.

The files: signed by the leader; numbered and sealed (two signatures); of five pages; with words laid over them after
signing; under an authority nobody knows. Each of the three verifies every file with the same trust and lists, and tells
which are valid: the verdicts are compared before any time is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

from docclient.demonstration.authority import Authority
from signing.prepare import prepare, propose_places
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore
from tests.benchmarks.bench import Figure, Setting
from tests.signing.drafts import Draft, write_draft

PASSWORD = b"mat khau"
COMMAND_FILES = 10          # pyHanko's command line takes over a second a file: a part stands for all
PAIRS = 3                   # rounds of both, alternately: other work on the machine falls on both
LONG = 72                   # paragraphs: five pages


@dataclass(frozen=True)
class Sample:
    """kinds: file → whether it is valid. trust: a folder of certificates and lists."""

    kinds: dict[Path, bool]
    trust: Path


def run(setting: Setting) -> Sequence[Figure]:
    count = 100 if setting.quick else 500
    sample = sample_in(setting.folder)
    files = copies(sample, setting.folder / "files", count)
    rounds = []
    for _ in range(PAIRS):
        begun = processor_seconds()
        plain = timed_child("plain", sample, list(files))
        between = processor_seconds()
        ours = our_seconds(sample, files)
        spent = f"processor {1000 * (processor_seconds() - between) / count:.0f} ms a file to " \
                f"{1000 * (between - begun) / count:.0f}"
        rounds.append((plain / ours, plain, ours, spent))
    ratio, plain, ours, spent = sorted(rounds)[PAIRS // 2]
    figures = [
        Figure(f"{count} signed files verified, to a plain pyHanko loop", ratio, 1.5,
               f"{count / ours:.1f} files/s to {count / plain:.1f}; rounds "
               f"{', '.join(f'{each[0]:.2f}' for each in sorted(rounds))}; {spent}", at_most=False),
    ]
    command = command_seconds(sample, list(files)[:COMMAND_FILES])
    figures.append(Figure(
        f"{count} signed files verified, to pyHanko's command line per file",
        None if command is None else (command / COMMAND_FILES) / (ours / count), 3,
        "pyhanko-cli is not installed" if command is None else
        f"{count / ours:.1f} files/s to {COMMAND_FILES / command:.2f}", at_most=False))
    return figures


def processor_seconds() -> float:
    """What ended children have used so far, theirs included: tells the work from the waiting on a busy machine."""
    times = os.times()
    return times.children_user + times.children_system


def sample_in(folder: Path) -> Sample:
    folder.mkdir(parents=True, exist_ok=True)
    authority, stranger = Authority.make("Ban Cơ yếu thử nghiệm"), Authority.make("Cơ quan khác")
    authority.save(folder / "trust")
    store = TrustStore().with_certificates([authority.anchor_der, authority.issuing_der]).with_crls(authority.crl())

    def key(issued: object, name: str) -> object:
        return open_key_file(issued.save_pkcs12(folder / name, PASSWORD), bytearray(PASSWORD))

    leader = key(authority.issue_person("Nguyễn Thị Phương Thảo"), "l.p12")
    agency = key(authority.issue_agency("UBND xã Tân Hiệp"), "a.p12")
    foreign = key(stranger.issue_person("Trần Văn Khách"), "f.p12")
    kinds: dict[Path, bool] = {}
    for name, draft in (("short", Draft()), ("long", Draft(paragraphs=LONG))):
        ready = folder / f"{name}-ready.pdf"
        source = write_draft(folder / f"{name}.pdf", draft)
        prepare(source, ready, propose_places(source))
        signed = sign_pdf(ready, folder / f"{name}-signed.pdf", leader,
                          SigningRequest(role=Role.PERSONAL, trust=store))
        sealed = fill_and_seal(signed.target, folder / f"{name}-sealed.pdf", agency, number="15",
                               issued=date(2026, 3, 5), request=SigningRequest(role=Role.AGENCY, trust=store))
        kinds |= {signed.target: True, sealed.target: True}
    unknown = sign_pdf(folder / "short.pdf", folder / "unknown.pdf", foreign, SigningRequest())
    kinds[unknown.target] = False
    changed = folder / "changed.pdf"
    writer = PdfWriter(str(folder / "short-signed.pdf"), incremental=True)
    bar = DecodedStreamObject()
    bar.set_data(b"q 0 g 100 300 200 40 re f Q")
    page = writer.pages[0]
    page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), writer._add_object(bar)])
    writer.write(str(changed))
    kinds[changed] = False
    return Sample(kinds, folder / "trust")


def copies(sample: Sample, folder: Path, count: int) -> dict[Path, bool]:
    """`count` files of all kinds in turn, each a file of its own."""
    folder.mkdir()
    made = {}
    for number in range(count):
        kind = list(sample.kinds)[number % len(sample.kinds)]
        target = folder / f"{number:03}.pdf"
        target.write_bytes(kind.read_bytes())
        made[target] = sample.kinds[kind]
    return made


def our_seconds(sample: Sample, files: dict[Path, bool]) -> float:
    """`docclient verify` over all of them, its start and that of its processes included."""
    begun = time.perf_counter()
    ran = subprocess.run([sys.executable, "-m", "docclient", "verify", *map(str, files), "--trust", str(sample.trust),
                          "--crl", str(sample.trust), "--offline", "--json"], stdout=subprocess.PIPE, check=False)
    taken = time.perf_counter() - begun
    found = {Path(each["file"]): each["conclusion"] == "valid" for each in json.loads(ran.stdout)["files"]}
    assert found == files
    return taken


def timed_child(what: str, sample: Sample, files: list[Path]) -> float:
    """The plain loop in a process of its own; starting it is not counted."""
    about = {"files": [str(each) for each in files], "trust": str(sample.trust)}
    ran = subprocess.run([sys.executable, "-W", "ignore", "-m", "tests.benchmarks.verify_letters", what],
                         input=json.dumps(about), text=True, stdout=subprocess.PIPE, check=True)
    taken, found = json.loads(ran.stdout)
    kinds = list(sample.kinds.values())
    assert found == [kinds[number % len(kinds)] for number in range(len(files))]
    return float(taken)


def plain_loop() -> None:
    """What a script with pyHanko does: one validation context, one file after the other."""
    from asn1crypto import crl, x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    about = json.load(sys.stdin)
    store = TrustStore.load([Path(about["trust"])], [Path(about["trust"])], standard=False)
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in store.anchors],
        other_certs=[x509.Certificate.load(each) for each in store.intermediates],
        crls=[crl.CertificateList.load(each) for each in store.crls], allow_fetching=False, revocation_mode="hard-fail")
    begun, found = time.perf_counter(), []
    for name in about["files"]:
        with Path(name).open("rb") as stream:
            signatures = PdfFileReader(stream).embedded_signatures
            found.append(all(validate_pdf_signature(each, signer_validation_context=context).bottom_line
                             for each in signatures))
    json.dump([time.perf_counter() - begun, found], sys.stdout)


def command_seconds(sample: Sample, files: list[Path]) -> float | None:
    """pyHanko's command line, once per file, without revocation (it takes no lists): less work than ours. None when it
    is not installed."""
    command = shutil.which("pyhanko", path=str(Path(sys.executable).parent))
    if command is None:
        return None
    certificates = sorted(each for each in sample.trust.iterdir() if each.suffix in {".pem", ".cer", ".crt"})
    options = [part for each in certificates for part in ("--trust", str(each), "--other-certs", str(each))]
    begun = time.perf_counter()
    for file in files:
        subprocess.run([command, "sign", "validate", "--executive-summary", "--no-revocation-check", "--trust-replace",
                        *options, str(file)], capture_output=True, check=False)
    return time.perf_counter() - begun


if __name__ == "__main__":
    {"plain": plain_loop}[sys.argv[1]]()
