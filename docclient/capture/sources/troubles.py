"""Why no further page came: each has its own words, for what helps differs. Words: resources/words/*/scanning.toml."""

from __future__ import annotations

from signing.errors import BadInput, ServiceTrouble, WrongUse


class ScannerTrouble(ServiceTrouble):
    """facts: source."""

    code = "scanner.failed"


class FeederEmpty(ScannerTrouble):
    """No sheet lay in the feeder when the scan began. facts: source."""

    code = "scanner.feeder_empty"


class PaperJam(ScannerTrouble):
    """facts: source."""

    code = "scanner.jam"


class CoverOpen(ScannerTrouble):
    """facts: source."""

    code = "scanner.cover_open"


class ScannerBusy(ScannerTrouble):
    """Another program or person uses it. facts: source."""

    code = "scanner.busy"


class ScannerOffline(ScannerTrouble):
    """It does not answer: switched off, unplugged, or the network is cut. facts: source, reason."""

    code = "scanner.offline"


class ScannerDenied(ScannerTrouble):
    """This account may not use it. facts: source."""

    code = "scanner.denied"


class ScannerFailed(ScannerTrouble):
    """It said something else. facts: source, reason (its own word)."""

    code = "scanner.failed_with"


class ScanStopped(ScannerTrouble):
    """Somebody pressed cancel at the scanner. facts: source."""

    code = "scanner.stopped"


class CannotDo(WrongUse):
    """The scanner has no feeder, no duplex, or not this resolution. facts: source, asked, offered."""

    code = "scanner.cannot_do"


class CertificateUnknown(ScannerTrouble):
    """A network scanner shows a certificate nobody vouches for. facts: source, fingerprint (SHA-256)."""

    code = "scanner.certificate_unknown"


class WindowsOnly(WrongUse):
    """A scanner of Windows' own service was asked for on another system."""

    code = "scanner.windows_only"


class SourceUnknown(WrongUse):
    """facts: source."""

    code = "scanner.source_unknown"


class NoImageFormat(BadInput):
    """A phone's HEIC picture: no free reader for it is shipped. facts: file."""

    code = "scanner.heic"
