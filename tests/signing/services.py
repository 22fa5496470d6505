"""Certomancer on loopback: an authority whose certificates name its CRLs, OCSP responder and time-stamp service."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from asn1crypto import x509
from certomancer.integrations.animator import FAKE_TIME_HEADER, Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from werkzeug.serving import make_server

from signing.keys import Key
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore

KEYS = ("root", "issuing", "signer", "revoked", "withdrawn", "short", "rsa", "p384", "tsa", "ocsp")

FAKE_TIME = "HTTP_" + FAKE_TIME_HEADER.upper().replace("-", "_")


def new_key(name: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """P-256 for all but the two named after theirs."""
    if name == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP384R1() if name == "p384" else ec.SECP256R1())


@dataclass
class ServiceClock:
    """What time the services believe it is: ahead of the machine's."""

    ahead: timedelta = timedelta(0)

    @contextmanager
    def put_forward(self, ahead: timedelta) -> Iterator[None]:
        before, self.ahead = self.ahead, ahead
        try:
            yield
        finally:
            self.ahead = before


@dataclass(frozen=True)
class Services:
    """The running authority. address: of its services. requests: paths asked for so far."""

    folder: Path
    architecture: Any
    address: str
    requests: list[str]
    clock: ServiceClock = field(default_factory=ServiceClock)

    @property
    def tsa(self) -> str:
        (service,) = self.architecture.service_registry.list_time_stamping_services()
        return str(service.url)

    def certificate(self, label: str) -> x509.Certificate:
        return self.architecture.get_cert(CertLabel(label))

    @property
    def anchors(self) -> TrustStore:
        """Believes the root and knows nothing else."""
        return TrustStore().with_certificates([self.certificate("root").dump()])

    def key(self, label: str = "signer") -> Key:
        path = self.folder / f"{label}.p12"
        if not path.exists():
            path.write_bytes(self.architecture.package_pkcs12(CertLabel(label), password=b"x"))
        return open_key_file(path, bytearray(b"x"))


def configuration(address: str, now: datetime) -> dict[str, Any]:
    def valid(before: timedelta, after: timedelta) -> dict[str, str]:
        return {"valid-from": (now - before).isoformat(), "valid-to": (now + after).isoformat()}

    year, day = timedelta(days=365), timedelta(days=1)
    lists = {"id": "crl_distribution_points", "smart-value": {"schema": "crl-dist-url", "params": {
        "crl-repo-names": ["issuing"]}}}
    answers = {"id": "authority_information_access", "smart-value": {"schema": "aia-urls", "params": {
        "ocsp-responder-names": ["issuing"], "ca-issuer-links": [{"repo": "issuing", "cert-labels": ["issuing"]}]}}}
    signing = {"id": "key_usage", "critical": True, "smart-value": {
        "schema": "key-usage", "params": ["digital_signature", "non_repudiation"]}}
    leaf = {"issuer": "issuing", "validity": valid(30 * day, year)}
    return {
        "external-url-prefix": address,
        "keysets": {"keys": {"path-prefix": "keys", "keys": {name: {"path": f"{name}.pem"} for name in KEYS}}},
        "pki-architectures": {"test": {
            "keyset": "keys",
            "entity-defaults": {"country-name": "VN", "organization-name": "Cơ quan thử nghiệm"},
            "entities": {name: {"common-name": f"Thử nghiệm {name}"} for name in KEYS},
            "certs": {
                "root": {"subject": "root", "issuer": "root", "validity": valid(year, 20 * year),
                         "profiles": [{"id": "simple-ca", "params": {"crl-repo": "root"}}]},
                "issuing": {"subject": "issuing", "issuer": "root", "validity": valid(year, 19 * year), "profiles": [
                    {"id": "simple-ca", "params": {"max-path-len": 0}}]},
                "signer": {**leaf, "subject": "signer", "extensions": [signing, lists, answers]},
                "rsa": {**leaf, "subject": "rsa", "extensions": [signing, lists, answers]},
                "p384": {**leaf, "subject": "p384", "extensions": [signing, lists, answers]},
                "short": {**leaf, "subject": "short", "extensions": [signing, lists, answers],
                          "validity": valid(30 * day, day)},
                "revoked": {**leaf, "subject": "revoked", "extensions": [signing, lists, answers], "revocation": {
                    "revoked-since": (now - day).isoformat(), "reason": "key_compromise"}},
                "withdrawn": {**leaf, "subject": "withdrawn", "extensions": [signing, lists, answers], "revocation": {
                    "revoked-since": (now + day).isoformat(), "reason": "cessation_of_operation"}},
                "tsa": {**leaf, "subject": "tsa", "extensions": [
                    {"id": "key_usage", "critical": True, "smart-value": {
                        "schema": "key-usage", "params": ["digital_signature"]}},
                    {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]}, lists]},
                "ocsp": {**leaf, "subject": "ocsp", "profiles": ["ocsp-responder"]},
            },
            "services": {
                "ocsp": {"issuing": {"for-issuer": "issuing", "responder-cert": "ocsp"}},
                "crl-repo": {"root": {"for-issuer": "root", "simulated-update-schedule": "P30D"},
                             "issuing": {"for-issuer": "issuing", "simulated-update-schedule": "P30D"}},
                "cert-repo": {"issuing": {"for-issuer": "issuing"}},
                "time-stamping": {"tsa": {"signing-cert": "tsa"}},
            },
        }},
    }


@contextmanager
def running_services(folder: Path) -> Iterator[Services]:
    (folder / "keys").mkdir(parents=True)
    for name in KEYS:
        (folder / "keys" / f"{name}.pem").write_bytes(
            new_key(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    requests: list[str] = []
    holder: dict[str, Any] = {}
    clock = ServiceClock()

    def application(environment: dict[str, Any], start_response: Any) -> Any:
        requests.append(environment["PATH_INFO"])
        if clock.ahead:
            environment[FAKE_TIME] = (datetime.now(UTC) + clock.ahead).isoformat()
        return holder["animator"](environment, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    config = folder / "certomancer.yml"
    config.write_text(yaml.safe_dump(configuration(address, datetime.now(UTC).replace(microsecond=0))))
    architecture = CertomancerConfig.from_file(str(config), str(folder)).get_pki_arch(ArchLabel("test"))
    holder["animator"] = Animator(AnimatorArchStore({ArchLabel("test"): architecture}), with_web_ui=False)
    thread = threading.Thread(target=server.serve_forever, name="services", daemon=True)
    thread.start()
    try:
        yield Services(folder, architecture, address, requests, clock)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
