"""Which scanners there are: SANE's, those of Windows' own service, and those that say so on the local network (mDNS,
`_uscan._tcp`, `_uscans._tcp`).

Asking the network is asking this machine's own segment only (RFC 6762); nothing leaves it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from zeroconf import Error as ZeroconfError
from zeroconf import InterfaceChoice, ServiceBrowser, ServiceStateChange, Zeroconf

from docclient.capture.sources import sane, wia
from docclient.capture.sources.model import FoundScanner
from docclient.errors import Trouble
from docclient.tools.running import Stop

SERVICES = {"_uscans._tcp.local.": "escls", "_uscan._tcp.local.": "escl"}
LISTEN_S = 3.0
"""Printers answer within a second, or not at all; three leave room for a sleepy one."""


@dataclass(frozen=True, slots=True)
class Found:
    """troubles: why a way of looking found nothing (SANE is not installed, no network)."""

    scanners: tuple[FoundScanner, ...]
    troubles: tuple[Trouble, ...]


def discover(stop: Stop | None = None, *, listen_s: float = LISTEN_S) -> Found:
    """Every scanner within reach. Raises: CancelledError."""
    scanners, troubles = list(on_the_network(listen_s)), []
    try:
        scanners += sane.found(stop)
    except Trouble as trouble:
        troubles.append(trouble)
    if sys.platform == "win32":
        try:
            scanners += wia.found()
        except Trouble as trouble:
            troubles.append(trouble)
    return Found(tuple(scanners), tuple(troubles))


def on_the_network(listen_s: float, interfaces: Sequence[str] | InterfaceChoice = InterfaceChoice.All,
                   ) -> tuple[FoundScanner, ...]:
    """eSCL scanners that answer within `listen_s` seconds; one that offers HTTPS is named by that alone."""
    heard: dict[str, dict[str, FoundScanner]] = {}

    def told(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is ServiceStateChange.Removed:
            return
        info = zeroconf.get_service_info(service_type, name, timeout=int(listen_s * 1_000))
        if info is None or not info.parsed_addresses():
            return
        told = {(key or b"").decode("utf-8", "replace").lower(): (value or b"").decode("utf-8", "replace")
                for key, value in info.properties.items()}
        scheme = SERVICES[service_type]
        host = (info.server or info.parsed_addresses()[0]).rstrip(".")
        path = told.get("rs", "eSCL").strip("/")
        title = told.get("ty") or name.removesuffix(f".{service_type}")
        heard.setdefault(title, {})[scheme] = FoundScanner(f"{scheme}://{host}:{info.port}/{path}", title, "eSCL")

    try:
        network = Zeroconf(interfaces if isinstance(interfaces, InterfaceChoice) else list(interfaces))
    except (OSError, ZeroconfError):
        return ()            # no network at all: nobody to ask
    try:
        browser = ServiceBrowser(network, list(SERVICES), handlers=[told])
        Event().wait(listen_s)
        browser.cancel()
    finally:
        network.close()
    return tuple(by_scheme.get("escls") or by_scheme["escl"] for _, by_scheme in sorted(heard.items()))
