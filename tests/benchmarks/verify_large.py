"""A signed scan of 300 MB verified: memory of the verifying process above what it has when it is up and idle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docclient.demonstration.authority import Authority
from signing.report import Conclusion
from signing.sign import SigningRequest, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore
from signing.verifier import Verifier
from tests.benchmarks.bench import Figure, Setting
from tests.benchmarks.large_scan import peak_megabytes, scan_in

PASSWORD = b"mat khau"


def run(setting: Setting) -> Sequence[Figure]:
    megabytes = 60 if setting.quick else 300
    authority = Authority.make("Ban Cơ yếu thử nghiệm")
    trust = TrustStore().with_certificates([authority.anchor_der, authority.issuing_der]).with_crls(authority.crl())
    leader = authority.issue_person("Nguyễn Thị Phương Thảo")
    key = open_key_file(leader.save_pkcs12(setting.folder / "l.p12", PASSWORD), bytearray(PASSWORD))
    scan = scan_in(setting.folder, megabytes)
    signed = sign_pdf(scan, setting.folder / "signed.pdf", key, SigningRequest(trust=trust)).target
    scan.unlink()
    before = peak_megabytes()
    with Verifier() as verifier:
        verifier.warm()
        assert verifier._child is not None
        child = Path(f"/proc/{verifier._child.process.pid}/status")
        idle = peak_of(child)
        report = verifier.verify(signed, trust)
        above = peak_of(child) - idle
    assert report.conclusion is Conclusion.VALID, report
    here = peak_megabytes() - before
    return [Figure(f"{megabytes} MB signed scan verified, peak above idle", above, 128,
                   f"{idle:.0f} MB idle; the asking process grew by {here:.0f} MB", unit="MB")]


def peak_of(status: Path) -> float:
    """The most memory a process has had, MB."""
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
