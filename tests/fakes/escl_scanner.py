"""A network scanner over real HTTP(S) on loopback: a pile of sheets, and everything that goes wrong with one.

Speaks eSCL as scanners in the field do (other prefixes than ours, 503 while a sheet is on its way, 404 at the end).
"""

from __future__ import annotations

import io
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from PIL import Image

CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<s:ScannerCapabilities xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03"
  xmlns:p="http://www.pwg.org/schemas/2010/12/sm">
 <p:Version>2.63</p:Version><p:MakeAndModel>Máy quét thử</p:MakeAndModel>
 <s:Platen><s:PlatenInputCaps><s:MaxWidth>2550</s:MaxWidth><s:MaxHeight>3508</s:MaxHeight>
  <s:SettingProfiles><s:SettingProfile><s:SupportedResolutions><s:DiscreteResolutions>
   <s:DiscreteResolution><s:XResolution>200</s:XResolution><s:YResolution>200</s:YResolution></s:DiscreteResolution>
   <s:DiscreteResolution><s:XResolution>300</s:XResolution><s:YResolution>300</s:YResolution></s:DiscreteResolution>
  </s:DiscreteResolutions></s:SupportedResolutions></s:SettingProfile></s:SettingProfiles>
 </s:PlatenInputCaps></s:Platen>
 <s:Adf><s:AdfSimplexInputCaps><s:MaxWidth>2550</s:MaxWidth><s:MaxHeight>4200</s:MaxHeight></s:AdfSimplexInputCaps>
  {duplex}<s:AdfOptions><s:AdfOption>DetectPaperLoaded</s:AdfOption></s:AdfOptions></s:Adf>
</s:ScannerCapabilities>"""
DUPLEX = "<s:AdfDuplexInputCaps><s:MaxWidth>2550</s:MaxWidth><s:MaxHeight>4200</s:MaxHeight></s:AdfDuplexInputCaps>"
STATUS = """<?xml version="1.0"?><s:ScannerStatus xmlns:s="http://schemas.hp.com/imaging/escl/2011/05/03"
 xmlns:p="http://www.pwg.org/schemas/2010/12/sm"><p:Version>2.63</p:Version><p:State>Idle</p:State>
 <s:AdfState>{feeder}</s:AdfState><s:Jobs>
 <s:JobInfo><p:JobUri>/eSCL/ScanJobs/older</p:JobUri><p:JobState>Canceled</p:JobState><p:JobStateReasons>
  <p:JobStateReason>JobCanceledByUser</p:JobStateReason></p:JobStateReasons></s:JobInfo>
 <s:JobInfo><p:JobUri>/eSCL/ScanJobs/1</p:JobUri><p:JobStateReasons>
  <p:JobStateReason>{reason}</p:JobStateReason></p:JobStateReasons></s:JobInfo></s:Jobs></s:ScannerStatus>"""


def sheet(number: int) -> bytes:
    """A small page whose grey tells its number."""
    content = io.BytesIO()
    Image.new("RGB", (240, 320), (number * 7 % 256,) * 3).save(content, "JPEG", dpi=(300, 300), quality=95)
    return content.getvalue()


@dataclass
class EsclScanner:
    """sheets: in the feeder. busy: how many times the next ask for a page or job is answered 503.
    busy_after: so many pages have come, the next never does (503).
    seconds_a_page: how long a sheet is on its way; one that is asked for sooner is not there yet (503).
    fails_at: page before which `trouble` happens (a feeder state, or "cut" for the line, or "cancelled")."""

    sheets: int = 3
    duplex: bool = True
    busy: int = 0
    busy_after: int | None = None
    fails_at: int | None = None
    trouble: str = ""
    refuse: int | None = None
    seconds_a_page: float = 0.0
    jobs: list[bytes] = field(default_factory=list)
    deleted: int = 0
    given: int = 0
    address: str = ""
    drawn_in: float = 0.0

    @property
    def failing(self) -> bool:
        return self.fails_at is not None and self.given + 1 >= self.fails_at

    @property
    def feeder(self) -> str:
        if self.failing and self.trouble.startswith("ScannerAdf"):
            return self.trouble
        return "ScannerAdfLoaded" if self.given < self.sheets else "ScannerAdfEmpty"

    @contextmanager
    def on(self, certificate: tuple[Path, Path] | None = None) -> Iterator[EsclScanner]:
        """Switched on. certificate: certificate and key files, for HTTPS."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"scanner": self}))
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        self.address = f"{'escls' if certificate else 'escl'}://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Answers(BaseHTTPRequestHandler):
    scanner: EsclScanner
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def say(self, code: int, content: bytes = b"", kind: str = "text/xml", location: str = "") -> None:
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        scanner = self.scanner
        if scanner.refuse is not None:
            self.say(scanner.refuse)
        elif self.path == "/eSCL/ScannerCapabilities":
            self.say(200, CAPABILITIES.replace("{duplex}", DUPLEX if scanner.duplex else "").encode())
        elif self.path == "/eSCL/ScannerStatus":
            reason = "JobCanceledAtDevice" if scanner.failing and scanner.trouble == "cancelled" else "JobScanning"
            self.say(200, STATUS.replace("{feeder}", scanner.feeder).replace("{reason}", reason).encode())
        elif self.path == "/eSCL/ScanJobs/1/NextDocument":
            self.next_page()
        else:
            self.say(404)

    def next_page(self) -> None:
        scanner = self.scanner
        if scanner.busy:
            scanner.busy -= 1
            self.say(503)
        elif scanner.busy_after is not None and scanner.given >= scanner.busy_after:
            self.say(503)
        elif scanner.failing and scanner.trouble == "cut":
            page = sheet(scanner.given + 1)
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page[: len(page) // 2])
            self.close_connection = True
        elif scanner.failing:
            self.say(409 if scanner.trouble.startswith("ScannerAdf") else 410)
        elif scanner.given >= scanner.sheets:
            self.say(404)
        elif time.monotonic() < scanner.drawn_in + scanner.seconds_a_page:
            self.say(503)
        else:
            scanner.given += 1
            scanner.drawn_in = time.monotonic()
            self.say(200, sheet(scanner.given), "image/jpeg")

    def do_POST(self) -> None:
        scanner = self.scanner
        scanner.jobs.append(self.rfile.read(int(self.headers["Content-Length"])))
        if scanner.busy:
            scanner.busy -= 1
            self.say(503)
        else:
            scanner.drawn_in = time.monotonic()
            self.say(201, location="http://may-quet.local/eSCL/ScanJobs/1")

    def do_DELETE(self) -> None:
        self.scanner.deleted += 1
        self.say(200)
