"""What no client library sends: raw bytes on a socket of a real server."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

import pytest
import uvicorn

from nxforge_core.cli._http import MAX_FIELDS, MAX_HEAD, BoundedProtocol
from nxforge_core.cli._server import listen, serving
from nxforge_core.settings import ServerSettings

Start = Callable[..., Awaitable[Any]]
Say = Callable[..., Awaitable[bytes]]

pytestmark = pytest.mark.usefixtures("meter")


async def talk(port: int, parts: Iterable[bytes], pause: float = 0.0) -> bytes:
    """Send parts one after the other, and read until the server ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        async with asyncio.timeout(5):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def head(*lines: str, host: str = "127.0.0.1", path: str = "/health/live") -> bytes:
    """A request without a body that asks for the connection's end."""
    first = [f"GET {path} HTTP/1.1"] if not lines or ": " in lines[0] else []
    given = [*first, *lines, *([f"Host: {host}"] if host else []), "Connection: close"]
    return "\r\n".join(given).encode("latin-1") + b"\r\n\r\n"


def status(answer: bytes) -> int:
    """Of the first answer; 0 where the connection just ended."""
    return int(answer.split(b" ", 2)[1]) if answer else 0


@pytest.fixture
async def host(start: Start) -> Any:
    """A host that answers to one name and trusts one proxy, behind slow limits."""
    server = ServerSettings(
        hosts=("nx.example.org",), trusted_proxies=("10.9.9.9",), stranger_rate=2
    )
    return await start("meter", server=server)


@pytest.fixture
async def port(host: Any) -> AsyncIterator[int]:
    """Where it listens."""
    listener = listen("127.0.0.1", 0)
    async with serving(host.app, listener):
        yield listener.getsockname()[1]


HOSTS = [
    (head(), 200),
    (head(host="nx.example.org"), 200),
    (head(host="NX.EXAMPLE.ORG:80"), 200),
    (head(host="evil.example"), 421),
    (head("X-Forwarded-Host: nx.example.org", host="evil.example"), 421),
    (head("Forwarded: host=nx.example.org", host="evil.example"), 421),
    (head("GET http://nx.example.org/health/live HTTP/1.1", host="evil.ex"), 421),
    (head(host=""), 400),
    (head("Host: nx.example.org", host="evil.example"), 400),
    (head("Host: nx.example.org", host="nx.example.org"), 400),
    (head("GET /health/live HTTP/1.0", host=""), 200),
    (head("TRACE /health/live HTTP/1.1"), 405),
]


async def test_host_header(port: int) -> None:
    """One header Host with a name of ours, whatever other headers say."""
    found = [(sent, status(await talk(port, [sent]))) for sent, _ in HOSTS]

    assert found == HOSTS


BROKEN = [
    head("Content-Length: 3", "Transfer-Encoding: chunked"),
    head("Transfer-Encoding: chunked, identity"),
    head("Content-Length: 3", "Content-Length: 4"),
    head("Content-Length: +3"),
    head("Content-Length: -1"),
    head("Content-Length : 3"),
    head("GET /health/live HTTP/1.1", "Bad Header: x"),
    head("GET /health/live HTTP/1.1", " folded: x"),
    head("GET /health/live HTTP/9.9"),
    head("NONSENSE /health/live HTTP/1.1"),
    head("GET /health/live HTTP/1.1", "X: a\x00b"),
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


async def test_ambiguous_or_broken_request_is_refused(port: int) -> None:
    """What two servers could read in two ways, or nobody, is answered 400."""
    found = [(sent, status(await talk(port, [sent]))) for sent in BROKEN]

    assert found == [(sent, 400) for sent in BROKEN]


TRAILERS = (
    b"POST /login HTTP/1.1\r\nHost: nx.example.org\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
)
LARGE = {
    "header": [head("X: " + "a" * MAX_HEAD)],
    "address": [head(path="/health/live?" + "a" * MAX_HEAD)],
    "many": [head(*(f"X{number}: 1" for number in range(MAX_FIELDS)))],
    "endless header": [b"GET / HTTP/1.1\r\nX: ", *[b"a" * 16_384] * 40],
    "endless address": [b"GET /", *[b"a" * 16_384] * 40],
    "trailers": [TRAILERS, *[b"X: 1\r\n" * 100] * 2],
}


async def test_large_head_is_refused(port: int) -> None:
    """A head is bounded in bytes and in headers, even where it never ends."""
    found = {name: status(await talk(port, parts)) for name, parts in LARGE.items()}

    # Whoever still sends may lose the answer with the connection.
    assert {name for name, code in found.items() if code not in (0, 431)} == set()
    assert [found[name] for name in ("header", "address", "many")] == [431] * 3


async def test_late_headers_are_passed_over(port: int) -> None:
    """What comes after a body is no header: it logs nobody in."""
    request_ = (
        b"POST /api/v1/logout HTTP/1.1\r\nHost: nx.example.org\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    )

    answer = await talk(port, [request_])

    assert status(answer) == 401
    assert b"the request carries none" in answer


async def test_compressed_body_is_refused_unread(port: int, host: Any) -> None:
    """Two hundred megabytes in two hundred kilobytes are two hundred kilobytes."""
    bomb = gzip.compress(bytes(20_000_000))
    bearer = (await host.bearer("operator"))["authorization"]
    lines = (
        "POST /api/v1/m/meter/readings HTTP/1.1",
        f"Authorization: {bearer}",
        "Content-Encoding: gzip",
        f"Content-Length: {len(bomb)}",
    )

    answer = await talk(port, [head(*lines) + bomb])

    assert status(answer) == 415
    assert b"accept-encoding: identity" in answer


async def test_large_body_is_refused(port: int, host: Any) -> None:
    """Six megabytes are too much, whether they are announced or come in chunks."""
    bearer, size = (await host.bearer("operator"))["authorization"], 6_000_000
    chunks = b"%x\r\n" % size + bytes(size) + b"\r\n0\r\n\r\n"
    for length, body in (
        (f"Content-Length: {size}", b""),
        ("Transfer-Encoding: chunked", chunks),
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        lines = ("POST /api/v1/m/meter/readings HTTP/1.1", "Host: nx.example.org")
        more = (f"Authorization: {bearer}", "Content-Type: application/json", length)
        writer.write("\r\n".join((*lines, *more, "", "")).encode() + body)
        assert status(await reader.readuntil(b"\r\n\r\n")) == 413
        writer.close()


async def test_forged_address_bypasses_no_limit(port: int) -> None:
    """Who is no trusted proxy stays one address, whatever they say they forward."""
    answers = [
        await talk(
            port,
            [
                head(
                    f"X-Forwarded-For: 198.51.100.{number}",
                    f"Forwarded: for=198.51.100.{number}",
                    f"X-Real-IP: 198.51.100.{number}",
                    path="/api/v1/me",
                )
            ],
        )
        for number in range(30)
    ]

    found = [status(answer) for answer in answers]
    assert found[:20] == [401] * 20
    assert 429 in found[20:]
    assert b"retry-after: 1" in next(a for a in answers if status(a) == 429)


async def test_forged_scheme_makes_no_secure_cookie(port: int) -> None:
    """A stranger cannot say that plain http is TLS."""
    answer = await talk(port, [head("X-Forwarded-Proto: https")])

    assert b"strict-transport-security" not in answer.lower()
    assert b"content-security-policy" in answer
    assert b"server:" not in answer.lower()


class Hasty(BoundedProtocol):
    """The same, for tests that do not wait ten seconds."""

    head_seconds = 0.2
    request_seconds = 0.4


async def slow(scope: Any, receive: Any, send: Any) -> None:
    """Read the body, then answer."""
    del scope
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.disconnect":
        return
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def hasty() -> AsyncIterator[int]:
    """The port of a server with short deadlines."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        slow,
        http=Hasty,
        ws="none",
        lifespan="off",
        log_config=None,
        timeout_keep_alive=60,
    )
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True


BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    ("parts", "first"),
    [
        ([], 408),
        ([b"GET / HTTP/1.1\r\n", *[b"X: 1\r\n"] * 9], 408),
        ([b"\r\n"] * 9, 408),
        ([BODY, *[b"a"] * 15], 408),
        ([WHOLE, *[b"\r\n"] * 9], 200),
        ([WHOLE, *[b"X"] * 9], 200),
    ],
    ids=["silence", "head", "before", "body", "after", "second"],
)
async def test_request_that_never_ends_is_ended(
    hasty: int, parts: list[bytes], first: int
) -> None:
    """Dribbling keeps no connection: head and body have their time, whole."""
    started = asyncio.get_running_loop().time()
    answer = await talk(hasty, parts, pause=0.05)

    assert status(answer) in (first, 0)
    assert asyncio.get_running_loop().time() - started < 3


async def test_slow_request_within_its_time_is_answered(hasty: int) -> None:
    """Pieces that arrive in time are a request like any other, again and again."""
    again = [WHOLE[:7], WHOLE[7:], BODY, b"a" * 50, b"a" * 50, head(host="a")]

    answer = await talk(hasty, again, pause=0.02)

    assert answer.count(b"HTTP/1.1 200") == 3
