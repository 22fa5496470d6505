"""Network scanners over real HTTP and HTTPS: the pile, both sides, and every way it goes wrong."""

from __future__ import annotations

import hashlib
from concurrent.futures import CancelledError
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree

from docclient.capture.batch import Batch, recoverable
from docclient.capture.sources.escl import EsclSource
from docclient.capture.sources.escl_messages import MessageUnreadable, read_capabilities, read_status
from docclient.capture.sources.model import Feed, Profile
from docclient.capture.sources.taking import take
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
from tests.fakes.escl_scanner import EsclScanner, sheet

NEVER = Event()


def source(scanner: EsclScanner) -> EsclSource:
    return EsclSource(scanner.address, pause_s=0.001)


@pytest.fixture
def batch(tmp_path: Path):
    made = Batch.begin(tmp_path / "batches")
    yield made
    made.close()


@pytest.mark.parametrize("feed", [Feed.FEEDER, Feed.DUPLEX])
def test_a_pile_comes_whole_and_in_order(batch: Batch, feed: Feed):
    with EsclScanner(sheets=12).on() as scanner:
        taken = take(source(scanner), Profile(feed), batch, NEVER)
    assert taken.trouble is None
    assert [page.read_bytes() for page in taken.pages] == [sheet(number) for number in range(1, 13)]
    asked = etree.fromstring(scanner.jobs[0])
    told = {etree.QName(each).localname: each.text for each in asked.iter(etree.Element)}
    assert told["Duplex"] == ("true" if feed is Feed.DUPLEX else "false")
    assert (told["XResolution"], told["ColorMode"], told["InputSource"]) == ("300", "RGB24", "Feeder")
    assert (told["Width"], told["Height"], told["Version"]) == ("2480", "3508", "2.63")
    assert scanner.deleted == 0                     # a job that ended by itself is not ended again


def test_the_glass_gives_one_page_and_the_job_is_ended(batch: Batch):
    with EsclScanner(sheets=9).on() as scanner:
        assert len(take(source(scanner), Profile(Feed.GLASS), batch, NEVER).pages) == 1
    assert scanner.deleted == 1


def test_a_scanner_that_needs_time_between_sheets_is_waited_for(batch: Batch):
    with EsclScanner(sheets=2, busy=5).on() as scanner:
        assert len(take(source(scanner), Profile(), batch, NEVER).pages) == 2


@pytest.mark.parametrize(("state", "trouble"), [
    ("ScannerAdfJam", PaperJam), ("ScannerAdfHatchOpen", CoverOpen), ("ScannerAdfMultipickDetected", PaperJam),
    ("ScannerAdfInputTrayFailed", ScannerFailed), ("cancelled", ScanStopped), ("cut", ScannerOffline)])
def test_what_came_before_the_trouble_is_kept_and_the_rest_follows(batch: Batch, state: str,
                                                                   trouble: type[ScannerTrouble]):
    with EsclScanner(sheets=5, fails_at=4, trouble=state).on() as scanner:
        taken = take(source(scanner), Profile(), batch, NEVER)
        assert type(taken.trouble) is trouble and len(taken.pages) == 3
        scanner.fails_at = None
        assert take(source(scanner), Profile(), batch, NEVER).trouble is None
    assert [page.read_bytes() for page in batch.pages()] == [sheet(number) for number in range(1, 6)]
    assert not list(batch.folder.glob(".coming-*"))


@pytest.mark.parametrize(("scanner", "trouble"), [
    (EsclScanner(sheets=0), FeederEmpty), (EsclScanner(busy=1_000), ScannerBusy),
    (EsclScanner(refuse=503), ScannerBusy), (EsclScanner(refuse=401), ScannerDenied),
    (EsclScanner(refuse=500), ScannerFailed), (EsclScanner(fails_at=1, trouble="ScannerAdfHatchOpen"), CoverOpen),
    (EsclScanner(fails_at=1, trouble="ScannerAdfJam"), PaperJam)])
def test_each_trouble_before_the_first_page_has_its_own_name(batch: Batch, scanner: EsclScanner,
                                                             trouble: type[ScannerTrouble]):
    with scanner.on(), pytest.raises(trouble):
        take(source(scanner), Profile(), batch, NEVER)
    assert batch.pages() == ()


def test_what_it_cannot_do_is_told_with_what_it_can(batch: Batch):
    with EsclScanner(duplex=False).on() as scanner:
        with pytest.raises(CannotDo) as refused:
            take(source(scanner), Profile(Feed.DUPLEX), batch, NEVER)
        assert refused.value.facts["offered"] == "glass, feeder"
        with pytest.raises(CannotDo) as refused:
            take(source(scanner), Profile(Feed.GLASS, dots_per_inch=600), batch, NEVER)
        assert refused.value.facts["offered"] == "200 dpi, 300 dpi"
    assert scanner.jobs == []


def test_a_scanner_that_is_off_is_offline(batch: Batch):
    with EsclScanner().on() as scanner:
        pass
    with pytest.raises(ScannerOffline):
        take(source(scanner), Profile(), batch, NEVER)


def test_stopping_keeps_what_came_and_ends_the_job(batch: Batch, tmp_path: Path):
    stop = Event()
    with EsclScanner(sheets=50).on() as scanner, pytest.raises(CancelledError):
        take(source(scanner), Profile(), batch, stop, told=lambda number, _: stop.set() if number == 2 else None)
    assert len(batch.pages()) == 2 and scanner.deleted == 1
    batch.close()
    assert [left.pages for left in recoverable(tmp_path / "batches")] == [2]


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """What a scanner makes for itself: certificate, key, fingerprint."""
    folder, key = tmp_path_factory.mktemp("scanner"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "may-quet.local")])
    present = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(7).not_valid_before(present - timedelta(days=1))
            .not_valid_after(present + timedelta(days=1)).sign(key, hashes.SHA256()))
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    return certificate, private, hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()


def test_a_certificate_of_its_own_is_told_and_used_once_it_is_confirmed(batch: Batch, own_certificate):
    certificate, key, fingerprint = own_certificate
    with EsclScanner(sheets=2).on((certificate, key)) as scanner:
        with pytest.raises(CertificateUnknown) as refused:
            take(source(scanner), Profile(), batch, NEVER)
        assert refused.value.facts["fingerprint"] == fingerprint and scanner.jobs == []
        scanner.address += f"#sha256={fingerprint}"
        assert len(take(source(scanner), Profile(), batch, NEVER).pages) == 2
        scanner.address = scanner.address.replace(fingerprint, "0" * 64)
        with pytest.raises(CertificateUnknown):
            take(source(scanner), Profile(), batch, NEVER)


@pytest.mark.parametrize("address", ["escl:", "escl://", "http://a", "escl:///eSCL"])
def test_no_address_is_told(address: str):
    with pytest.raises(SourceUnknown):
        EsclSource(address)


@pytest.mark.parametrize("content", [b"", b"<a/>", b"<ScannerStatus", b"\xff\xfe", b"<!DOCTYPE a [<!ENTITY e SYSTEM "
                                     b"'file:///etc/passwd'>]><ScannerCapabilities>&e;</ScannerCapabilities>x"])
def test_what_is_no_answer_is_none(content: bytes):
    with pytest.raises(MessageUnreadable):
        read_capabilities(content)
    with pytest.raises(MessageUnreadable):
        read_status(content)
