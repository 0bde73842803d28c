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

from nxforge_core.api import (
    HttpRequest,
    InvalidInputError,
    OutboundConnectError,
    OutboundDeniedError,
)
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
def heads() -> list[bytes]:
    """What the device was asked."""
    return []


@pytest.fixture
async def url(certificate: Path, heads: list[bytes]) -> AsyncIterator[str]:
    """A device that speaks TLS with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
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


@pytest.fixture
def pin(certificate: Path) -> str:
    """SHA-256 of the device's certificate, as openssl writes it."""
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    return made.fingerprint(hashes.SHA256()).hex(":").upper()


async def test_fetch_accepts_the_pinned_certificate(
    http: GuardedHttp, url: str, pin: str
) -> None:
    """Nobody vouches for it, it is the one that was named, and the answer names it."""
    answer = await http.fetch(HttpRequest(url=url, tls="pinned", pin=pin))

    assert answer.body == b"ok"
    assert answer.certificate is not None
    assert answer.certificate.sha256 == pin.replace(":", "").lower()
    assert answer.certificate.subject == "CN=pdu"
    left = answer.certificate.not_after - datetime.now(tz=UTC)
    assert timedelta(hours=23) < left < timedelta(hours=25)


async def test_fetch_asks_nothing_when_the_certificate_is_another(
    http: GuardedHttp, url: str, pin: str, heads: list[bytes]
) -> None:
    """The refusal names the certificate that came, and no request was sent."""
    other = "ab" * 32
    with pytest.raises(OutboundConnectError) as caught:
        await http.fetch(HttpRequest(url=url, tls="pinned", pin=other))

    assert caught.value.reason == "tls"
    assert pin.replace(":", "").lower() in caught.value.message
    assert heads == []


async def test_fetch_accepts_anybody_when_it_is_insecure(
    http: GuardedHttp, url: str, pin: str
) -> None:
    """The answer still says who that was: this is how a pin is found."""
    answer = await http.fetch(HttpRequest(url=url, tls="insecure"))

    assert answer.certificate is not None
    assert answer.certificate.sha256 == pin.replace(":", "").lower()


async def test_fetch_verifies_after_an_insecure_request(
    http: GuardedHttp, url: str
) -> None:
    """A connection that trusted anybody serves no request that does not."""
    await http.fetch(HttpRequest(url=url, tls="insecure"))

    with pytest.raises(OutboundConnectError, match="self-signed"):
        await http.fetch(HttpRequest(url=url))


@pytest.mark.parametrize("bad", ["", "abc", "zz" * 32, "ab" * 31])
async def test_fetch_refuses_a_pin_that_is_none(http: GuardedHttp, bad: str) -> None:
    """A pin is the SHA-256 of a certificate, in hex."""
    with pytest.raises(InvalidInputError, match="pin"):
        await http.fetch(HttpRequest(url="https://127.0.0.1:1/", tls="pinned", pin=bad))


@pytest.mark.parametrize("mode", ["insecure", "pinned"])
async def test_policy_holds_whatever_is_trusted(url: str, pin: str, mode: str) -> None:
    """Trust in a certificate opens no address."""
    http = GuardedHttp(NetworkPolicy.parse([]))
    with pytest.raises(OutboundDeniedError):
        await http.fetch(HttpRequest(url=url, tls=mode, pin=pin))  # type: ignore[arg-type] # a parameter
    await http.close()


async def test_plain_http_has_no_certificate(http: GuardedHttp) -> None:
    """Without TLS there is none."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nok")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answer = await http.fetch(HttpRequest(url=f"http://127.0.0.1:{port}/"))
    assert answer.certificate is None
