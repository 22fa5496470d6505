"""The authorities that this system itself believes, where it lets a program read them: Windows and macOS.

Used only where a setting says so: a system's store is kept by others and for the web, and holds far more than anybody
chose to believe for documents. Written from the systems' documentation; not tried on either system.
"""

from __future__ import annotations

import subprocess
import sys

from signing.trust import certificates_in

KEYCHAINS = ("/System/Library/Keychains/SystemRootCertificates.keychain", "/Library/Keychains/System.keychain")
DEADLINE_S = 20.0


def has_system_store() -> bool:
    """Can this system's own store be read here?"""
    return sys.platform in {"win32", "darwin"}


def system_anchors() -> tuple[bytes, ...]:
    """The root certificates (DER) of the system's store; nothing where there is none that can be read."""
    if sys.platform == "win32":
        import ssl

        return tuple(der for der, encoding, _ in ssl.enum_certificates("ROOT") if encoding == "x509_asn")
    if sys.platform == "darwin":
        found: list[bytes] = []
        for keychain in KEYCHAINS:
            try:
                ran = subprocess.run(["/usr/bin/security", "find-certificate", "-a", "-p", keychain],
                                     capture_output=True, timeout=DEADLINE_S, check=True)
                found += certificates_in(ran.stdout)
            except (OSError, subprocess.SubprocessError, ValueError):
                continue
        return tuple(dict.fromkeys(found))
    return ()
