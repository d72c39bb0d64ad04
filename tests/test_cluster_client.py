"""The client of a cluster against a server of the tests: TLS, a user, and who is refused."""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from search.cluster.connection import ClusterSettings, client_of
from search.cluster.transport import Access
from search.index.generations import IndexUnavailableError

pytest.importorskip("opensearchpy")
USER, PASSWORD = "archive", "ein Wort: 密码"  # noqa: S105
ANSWER = {"_shards": {"failed": 0}, "timed_out": False, "hits": {}}


def certificate(folder) -> tuple:
    """Paths of a certificate for 127.0.0.1 that vouches for itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cluster of the tests")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1540)
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    paths = folder / "cluster.pem", folder / "cluster.key"
    paths[0].write_bytes(made.public_bytes(pem))
    plain = serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return paths


class Node(BaseHTTPRequestHandler):
    """Answers a search of the user, and no one else."""

    def do_POST(self):  # noqa: N802
        self.rfile.read(int(self.headers["Content-Length"]))
        known = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        right = self.headers["Authorization"] == known
        said = json.dumps({"responses": [ANSWER]} if right else {"error": "Unauthorized"}).encode()
        self.send_response(200 if right else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_given):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *_given):
        """A client that does not trust it goes away."""


@pytest.fixture(scope="module")
def node(tmp_path_factory) -> Iterator[tuple[str, str]]:
    """The address of a node that speaks TLS, and the file of who vouches for it."""
    pem, key = certificate(tmp_path_factory.mktemp("tls"))
    server = Server(("127.0.0.1", 0), Node)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}", str(pem)
    server.shutdown()
    server.server_close()


def asked(url, **given):
    pauses = []
    access = Access(client_of(ClusterSettings((url,), **given)), 5.0, sleep=pauses.append)
    return access.search("archive", [{}]), pauses


def test_a_node_behind_tls_answers_the_user(node):
    url, ca = node
    assert asked(url, user=USER, password=PASSWORD, ca=ca) == ([ANSWER], [])


@pytest.mark.parametrize("given", [{}, {"user": USER, "password": "another"}])
def test_who_is_not_known_is_refused_and_not_asked_again(node, given):
    url, ca = node
    with pytest.raises(IndexUnavailableError, match="refuses to answer.*401"):
        asked(url, ca=ca, **given)


def test_a_node_that_nobody_vouches_for_is_told_no_password(node):
    url, _ca = node
    with pytest.raises(IndexUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):  # in each of its tries
        asked(url, user=USER, password=PASSWORD)
