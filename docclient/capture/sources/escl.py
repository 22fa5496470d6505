"""Network scanners by eSCL (AirScan), over HTTP or HTTPS: a job is made, its pages are fetched one by one.

A scanner on the office's network shows a certificate of its own making. It is used when the system vouches for it, or
when the address carries its fingerprint (`escls://10.0.0.7#sha256=…`); else its fingerprint is told, to be compared
with the one in the scanner's own menu.
"""

from __future__ import annotations

import hashlib
import os
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from threading import Event
from urllib.parse import urljoin, urlsplit

import httpx

from docclient.capture.sources.escl_messages import (
    Capabilities,
    MessageUnreadable,
    Status,
    read_capabilities,
    read_status,
    scan_settings,
)
from docclient.capture.sources.model import Feed, Profile
from docclient.capture.sources.troubles import (
    CannotDo,
    CertificateUnknown,
    CoverOpen,
    FeederEmpty,
    PaperJam,
    ScannerBusy,
    ScannerDenied,
    ScannerFailed,
    ScannerOffline,
    ScannerTrouble,
    ScanStopped,
    SourceUnknown,
)
from docclient.errors import trouble_of_os_error
from docclient.tools.running import Stop

CONNECT_S = 8.0
ANSWER_S = 60.0
"""A page at 600 dpi over a slow office network; between two pieces of it, not for the whole."""
BUSY_TRIES = 20
BUSY_PAUSE_S = 1.0
"""The specification lets a scanner answer 503 while the next sheet is on its way."""
LARGEST_PAGE = 256 << 20
PORTS = {"escl": ("http", 80), "escls": ("https", 443)}

FEEDER_STATES: dict[str, type[ScannerTrouble]] = {
    "ScannerAdfEmpty": FeederEmpty, "ScannerAdfJam": PaperJam, "ScannerAdfMispick": PaperJam,
    "ScannerAdfMultipickDetected": PaperJam, "ScannerAdfHatchOpen": CoverOpen,
    "ScannerAdfInputTrayFailed": ScannerTrouble, "ScannerAdfInputTrayOverloaded": ScannerTrouble,
}
JOB_REASONS: dict[str, type[ScannerTrouble]] = {
    "JobCanceledByUser": ScanStopped, "JobCanceledAtDevice": ScanStopped, "MediaJam": PaperJam,
    "CoverOpen": CoverOpen, "InputTrayMissing": FeederEmpty,
}


class EsclSource:
    """One network scanner."""

    gives_files = False

    def __init__(self, address: str, *, pause_s: float = BUSY_PAUSE_S) -> None:
        """address: `escl://host[:port][/path]` or `escls://…`. pause_s: between two asks of a busy scanner.
        Raises: SourceUnknown."""
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            raise SourceUnknown(source=address)
        scheme, port = PORTS[parts.scheme]
        path = parts.path.strip("/") or "eSCL"
        self.address = address
        self._pinned = parts.fragment.removeprefix("sha256=").replace(":", "").lower()
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self._base = f"{scheme}://{host}:{parts.port or port}/{path}/"
        self._pause_s = pause_s

    def capabilities(self) -> Capabilities:
        """What the scanner can do. Raises: ScannerTrouble and its children."""
        with self._client() as client:
            return self._capabilities(client)

    def pages(self, profile: Profile, folder: Path, stop: Stop) -> Iterator[Path]:
        with self._client() as client:
            offered = self._capabilities(client)
            self._require(profile, offered)
            if profile.feed is not Feed.GLASS:
                self._refuse_by_state(self._status(client))
            job = self._begin(client, scan_settings(profile, offered), stop)
            number = 0
            try:
                while profile.most is None or number < profile.most:
                    page = self._next(client, job, folder / f"sheet-{number + 1:04d}.jpg", stop, first=number == 0)
                    if page is None:
                        job = ""                    # it has come to its end by itself
                        return
                    number += 1
                    yield page
                    if profile.feed is Feed.GLASS:
                        return
            finally:
                if job:
                    with suppress(httpx.HTTPError):
                        client.delete(job)

    def _client(self) -> httpx.Client:
        """Raises: CertificateUnknown, ScannerOffline."""
        verify: ssl.SSLContext | bool = True
        if self._base.startswith("https:"):
            verify = ssl.create_default_context()
            if self._pinned:
                self._must_show_the_pinned()
                verify.check_hostname, verify.verify_mode = False, ssl.CERT_NONE
        return httpx.Client(verify=verify, timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S), trust_env=False,
                            follow_redirects=False, event_hooks={"response": [self._check_pinned]})

    def _shown(self) -> str:
        parts = urlsplit(self._base)
        assert parts.hostname is not None and parts.port is not None
        try:
            shown = ssl.get_server_certificate((parts.hostname, parts.port), timeout=CONNECT_S)
        except OSError as error:
            raise ScannerOffline(source=self.address, reason=type(error).__name__) from error
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()

    def _must_show_the_pinned(self) -> None:
        if (shown := self._shown()) != self._pinned:
            raise CertificateUnknown(source=self.address, fingerprint=shown)

    def _check_pinned(self, response: httpx.Response) -> None:
        """Each connection again: a name may lead elsewhere the next time."""
        stream = response.extensions.get("network_stream")
        secured = stream.get_extra_info("ssl_object") if stream is not None and self._pinned else None
        if secured is not None:
            shown = hashlib.sha256(secured.getpeercert(True) or b"").hexdigest()
            if shown != self._pinned:
                raise CertificateUnknown(source=self.address, fingerprint=shown)

    def _ask(self, client: httpx.Client, method: str, path: str, content: bytes | None = None) -> httpx.Response:
        try:
            return client.request(method, urljoin(self._base, path), content=content,
                                  headers={"Content-Type": "text/xml"} if content is not None else None)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: httpx.HTTPError) -> ScannerTrouble:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return CertificateUnknown(source=self.address, fingerprint=self._shown())
        return ScannerOffline(source=self.address, reason=type(error).__name__)

    def _capabilities(self, client: httpx.Client) -> Capabilities:
        response = self._ask(client, "GET", "ScannerCapabilities")
        self._refuse_by_code(response)
        try:
            return read_capabilities(response.content)
        except MessageUnreadable as error:
            raise ScannerFailed(source=self.address, reason="ScannerCapabilities") from error

    def _status(self, client: httpx.Client) -> Status:
        response = self._ask(client, "GET", "ScannerStatus")
        self._refuse_by_code(response)
        try:
            return read_status(response.content)
        except MessageUnreadable as error:
            raise ScannerFailed(source=self.address, reason="ScannerStatus") from error

    def _require(self, profile: Profile, offered: Capabilities) -> None:
        place = offered.inputs.get(profile.feed)
        if place is None:
            raise CannotDo(source=self.address, asked=profile.feed.value, offered=", ".join(offered.inputs))
        if not place.offers(profile.dots_per_inch):
            raise CannotDo(source=self.address, asked=f"{profile.dots_per_inch} dpi", offered=place.told)

    def _begin(self, client: httpx.Client, settings: bytes, stop: Stop) -> str:
        for _ in range(BUSY_TRIES):
            response = self._ask(client, "POST", "ScanJobs", settings)
            if response.status_code == httpx.codes.CREATED and "location" in response.headers:
                # only its path: a scanner behind another name still names itself, and nothing may lead elsewhere
                return urljoin(self._base, urlsplit(response.headers["location"]).path).rstrip("/") + "/"
            if response.status_code not in {httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS}:
                self._refuse_by_code(response)
                raise ScannerFailed(source=self.address, reason=f"HTTP {response.status_code}")
            self._wait(stop)
        raise ScannerBusy(source=self.address)

    def _next(self, client: httpx.Client, job: str, target: Path, stop: Stop, *, first: bool) -> Path | None:
        for _ in range(BUSY_TRIES):
            if stop.is_set():
                raise CancelledError
            code = self._fetch(client, f"{job}NextDocument", target, stop)
            if code == httpx.codes.OK:
                return target
            if code == httpx.codes.SERVICE_UNAVAILABLE:
                self._wait(stop)
                continue
            status = self._status(client)
            if code in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
                self._refuse_by_state(status, job, but_empty=not first)
                if first:
                    raise FeederEmpty(source=self.address)
                return None
            self._refuse_by_state(status, job)
            raise ScannerFailed(source=self.address, reason=f"HTTP {code}")
        raise ScannerBusy(source=self.address)

    def _fetch(self, client: httpx.Client, address: str, target: Path, stop: Stop) -> int:
        """Stream a page to disk; its file stands there only when it is whole."""
        part, length = target.with_suffix(".part"), 0
        try:
            with client.stream("GET", address) as response:
                if response.status_code != httpx.codes.OK:
                    return response.status_code
                with part.open("wb") as file:
                    for piece in response.iter_bytes(1 << 18):
                        length += len(piece)
                        if stop.is_set():
                            raise CancelledError
                        if length > LARGEST_PAGE:
                            raise ScannerFailed(source=self.address, reason=f"> {LARGEST_PAGE >> 20} MB")
                        file.write(piece)
                    file.flush()
                    os.fsync(file.fileno())
            part.replace(target)
            return httpx.codes.OK
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        except OSError as error:
            raise trouble_of_os_error(error, target) from error
        finally:
            part.unlink(missing_ok=True)

    def _refuse_by_code(self, response: httpx.Response) -> None:
        match response.status_code:
            case httpx.codes.OK:
                return
            case httpx.codes.UNAUTHORIZED | httpx.codes.FORBIDDEN:
                raise ScannerDenied(source=self.address)
            case httpx.codes.SERVICE_UNAVAILABLE:
                raise ScannerBusy(source=self.address)
            case httpx.codes.CONFLICT:
                raise CannotDo(source=self.address, asked="ScanSettings", offered="?")
            case code:
                raise ScannerFailed(source=self.address, reason=f"HTTP {code}")

    def _refuse_by_state(self, status: Status, job: str = "", *, but_empty: bool = False) -> None:
        """but_empty: an empty feeder is how a pile ends."""
        found = FEEDER_STATES.get(status.feeder)
        if found is FeederEmpty and but_empty:
            found = None
        if found is ScannerTrouble:
            raise ScannerFailed(source=self.address, reason=status.feeder)
        found = found or next(
            (JOB_REASONS[reason] for reason in status.reasons_of(job) if reason in JOB_REASONS), None)
        if found is not None:
            raise found(source=self.address)

    def _wait(self, stop: Stop) -> None:
        """A pause that a wish to stop ends. Raises: CancelledError."""
        end = time.monotonic() + self._pause_s
        while time.monotonic() < end:
            if stop.is_set():
                raise CancelledError
            Event().wait(min(0.05, self._pause_s))
