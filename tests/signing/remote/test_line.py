"""The line itself: where it may lead, what it believes, and what it says when it breaks."""

from __future__ import annotations

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from signing.remote.line import LARGEST_ANSWER, Answer, Line, shown
from signing.remote.secret import Secret
from signing.remote.troubles import AddressNotSecure, RemoteAnswerOdd, RemoteBusy, RemoteUnreachable
from tests.fakes.signing_services import Refuse, Service


@pytest.fixture
def service():
    made = Service(lambda request: (200, {"path": request.path, "body": dict(request.body)}))
    yield made
    made.close()


@pytest.fixture
def line(service):
    made = Line(service.address, "dịch vụ", request_s=5)
    yield made
    made.close()


@pytest.mark.parametrize("address", ["http://ca.example.vn", "ftp://127.0.0.1", "ca.example.vn", "", "https://",
                                     "http://127.0.0.1.example.vn"])
def test_secrets_never_travel_in_the_clear(address):
    with pytest.raises(AddressNotSecure) as refused:
        Line(address, "dịch vụ")
    assert refused.value.facts == {"address": address}


def test_requests_share_a_connection_and_a_second_close_is_nothing(line, service):
    assert line.post("/a/b", {"x": "ă"}) == Answer(200, {"path": "/a/b", "body": {"x": "ă"}})
    assert line.post("c", form={"grant": "y"}).fields["body"] == {"grant": "y"}
    assert {request.headers["Host"] for request in service.requests} == {service.address.removeprefix("http://")}
    line.close()
    line.close()
    assert line.post("d").status == 200      # and it can be picked up again


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service(line, service, status):
    service.statuses.append(status)
    with pytest.raises(RemoteBusy) as busy:
        line.post("a")
    assert f"HTTP {status}" in busy.value.facts["answer"]


def test_refusals_are_answers_and_empty_ones_too(line, service):
    def refuse(request):
        raise Refuse(400, {"error": "invalid_pin"})

    service.answer = refuse
    assert line.post("a") == Answer(400, {"error": "invalid_pin"})
    service.answer = lambda request: (204, None)
    assert line.post("a") == Answer(204, {})


def test_redirects_are_not_followed(line, service):
    service.statuses.append(302)
    assert line.post("a").status == 302 and len(service.requests) == 1


def test_too_much_is_not_read_to_its_end(line, service):
    service.answer = lambda request: (200, {"x": "a" * (LARGEST_ANSWER + 1)})
    with pytest.raises(RemoteAnswerOdd):
        line.post("a")


def test_a_service_that_does_not_answer_in_time(line, service):
    service.hold = threading.Event()
    with pytest.raises(RemoteUnreachable) as late:
        line.post("a", deadline_s=0.2)
    assert late.value.facts["reason"] == "TimeoutError"
    service.hold.set()


def test_nobody_there():
    line = Line("http://127.0.0.1:1", "dịch vụ", request_s=5)
    with pytest.raises(RemoteUnreachable) as gone:
        line.post("a")
    assert gone.value.facts == {"provider": "dịch vụ", "host": "127.0.0.1", "reason": "ConnectError"}
    line.close()


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(service, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    line = Line(service.address, "dịch vụ", request_s=5)
    assert line.post("a").status == 200
    line.close()


def test_a_certificate_nobody_vouches_for_is_not_believed(tmp_path):
    server, authorities = tls_server(tmp_path)
    address = f"https://127.0.0.1:{server.server_address[1]}"
    line = Line(address, "dịch vụ", request_s=5)
    with pytest.raises(RemoteUnreachable):
        line.post("a")
    line.close()
    line = Line(address, "dịch vụ", request_s=5, authorities=str(authorities))
    assert line.post("a") == Answer(200, {})
    line.close()
    server.shutdown()
    server.server_close()


def tls_server(folder: Path) -> tuple[ThreadingHTTPServer, Path]:
    """Answers every POST with an empty object, under a certificate it signed itself."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments: object) -> None:
            pass

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
                   .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                                  critical=False)
                   .sign(key, hashes.SHA256()))
    pem = folder / "server.pem"
    pem.write_bytes(certificate.public_bytes(Encoding.PEM) + key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    authorities = folder / "authorities.pem"
    authorities.write_bytes(certificate.public_bytes(Encoding.PEM))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *arguments: None      # a caller that does not believe us hangs up
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server, authorities


def test_answers_are_read_by_path_and_only_text_and_numbers_count():
    answer = Answer(200, {"a": {"b": 5, "c": True, "d": ["x"]}, "e": "f"})
    assert [answer.text("a", "b"), answer.text("e"), answer.text("a", "c"), answer.text("a", "d"), answer.text("z"),
            answer.text("e", "f"), Answer(200, [1]).text("a")] == ["5", "f", "", "", "", "", ""]


def test_what_a_service_says_is_shown_on_one_line_and_not_too_long():
    assert shown("một\n\x1b[31m hai\u202e") == "một [31m hai"
    assert len(shown("a" * 1000)) == 200


def test_a_secret_is_not_shown_and_can_be_wiped():
    secret = Secret("mật khẩu".encode())
    assert "mật" not in repr(secret) and secret.reveal() == "mật khẩu"
    secret.close()
    assert set(secret.reveal()) == {"\0"}
