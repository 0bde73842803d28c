"""https: what is not trusted is not talked to."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from nxforge_core.api import HttpRequest, OutboundConnectError
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Key and self-signed certificate for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pdu")])
    today = datetime.now(tz=UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "pdu.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
async def url(certificate: Path) -> AsyncIterator[str]:
    """A device that speaks TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_fetch_refuses_a_certificate_nobody_vouches_for(
    http: GuardedHttp, url: str
) -> None:
    """A self-signed certificate is a `tls` failure that says so."""
    with pytest.raises(OutboundConnectError, match="self-signed") as caught:
        await http.fetch(HttpRequest(url=url))
    assert caught.value.reason == "tls"


async def test_fetch_accepts_what_the_given_context_trusts(
    url: str, certificate: Path
) -> None:
    """The one TLS context is the caller's to make."""
    http = GuardedHttp(
        NetworkPolicy.parse(["127.0.0.1"]),
        tls=lambda: ssl.create_default_context(cafile=str(certificate)),
    )
    answer = await http.fetch(HttpRequest(url=url))
    await http.close()
    assert answer.body == b"ok"
