"""Ordinary and odd answers through the guarded client."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import TYPE_CHECKING

import pytest

from nxforge_core.api import (
    BasicAuth,
    HttpRequest,
    InvalidInputError,
    OutboundConnectError,
    OutboundDeniedError,
    OutboundError,
)
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp, HttpClosedError, OutboundAnswerError

if TYPE_CHECKING:
    from .conftest import StartDevice

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def test_fetch_answers_status_headers_and_body(
    http: GuardedHttp, device: StartDevice
) -> None:
    """The whole answer comes back, header names in lower case, last value wins."""
    meter = await device(
        b"HTTP/1.1 404 Not Found\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 4\r\n\r\ngone"
    )
    answer = await http.fetch(meter.request())
    assert (answer.status, answer.body) == (404, b"gone")
    assert answer.headers["x-a"] == "2"
    assert answer.url == meter.url
    assert 0 < answer.elapsed < 5


async def test_fetch_reuses_the_connection(
    http: GuardedHttp, device: StartDevice
) -> None:
    """A device that keeps its connection open is connected to once."""
    meter = await device(OK)
    for _ in range(5):
        assert (await http.fetch(meter.request())).body == b"ok"
    assert meter.connections == 1


async def test_fetch_sends_what_was_asked_and_identity_encoding(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Method, body, headers and Basic credentials arrive; no packed answer is asked."""
    got: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readexactly(3))
        writer.write(OK)

    meter = await device(talk)
    await http.fetch(
        meter.request(
            method="POST",
            body=b"a=1",
            headers={"X-Unit": "kWh", "Accept-Encoding": "gzip"},
            auth=BasicAuth("admin", "p:ä"),
        )
    )
    head = meter.heads[0].lower()
    assert head.startswith("post / http/1.1\r\n")
    assert got == [b"a=1"]
    assert "x-unit: kwh" in head
    assert "accept-encoding: identity\r\n" in head
    assert "gzip" not in head
    assert "authorization: Basic YWRtaW46cDrDpA==".lower() in head
    assert f"host: 127.0.0.1:{meter.port}" in head


async def test_fetch_turns_user_info_into_credentials(
    http: GuardedHttp, device: StartDevice
) -> None:
    """A user name in the URL is sent as Basic, and no answer or error shows it."""
    meter = await device(OK)
    url = f"http://admin:hun%40ter2@127.0.0.1:{meter.port}/x"
    answer = await http.fetch(meter.request(url=url))
    assert "authorization: Basic YWRtaW46aHVuQHRlcjI=" in meter.heads[0].replace(
        "Authorization", "authorization"
    )
    assert answer.url == f"http://127.0.0.1:{meter.port}/x"
    with pytest.raises(OutboundError) as caught:
        await http.fetch(
            meter.request(url="http://admin:hunter2@127.0.0.1:1/?token=abc")
        )
    assert "hunter2" not in str(caught.value)
    assert "abc" not in str(caught.value)


async def test_fetch_keeps_no_cookies(http: GuardedHttp, device: StartDevice) -> None:
    """What one device sets is sent to nobody, not even to itself."""
    meter = await device(
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    )
    await http.fetch(meter.request())
    await http.fetch(meter.request())
    assert "cookie" not in meter.heads[1].lower()


async def test_fetch_ignores_proxy_variables(
    http: GuardedHttp, device: StartDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment of the host does not reroute what devices are asked."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    meter = await device(OK)
    assert (await http.fetch(meter.request())).status == 200


async def test_fetch_reads_http_1_0_until_the_end(
    http: GuardedHttp, device: StartDevice
) -> None:
    """An old server without a length ends its answer by closing."""
    meter = await device(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n12345.6")
    assert (await http.fetch(meter.request())).body == b"12345.6"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"kWh " * 500, mtime=0)),
        (
            "x-gzip",
            gzip.compress(b"kWh " * 250, mtime=0)
            + gzip.compress(b"kWh " * 250, mtime=0),
        ),
        ("deflate", zlib.compress(b"kWh " * 500)),
        ("deflate", zlib.compress(b"kWh " * 500)[2:-4]),
    ],
)
async def test_fetch_inflates_an_answer_packed_unasked(
    http: GuardedHttp, device: StartDevice, encoding: str, packed: bytes
) -> None:
    """Some devices always pack: gzip, zlib and bare deflate are unpacked."""
    meter = await device(
        f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n"
        f"Content-Length: {len(packed)}\r\n\r\n".encode()
        + packed
    )
    assert (await http.fetch(meter.request())).body == b"kWh " * 500


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", b"whatever"),
        ("gzip", b"not gzip at all"),
        ("gzip", gzip.compress(b"x" * 999, mtime=0)[:-12]),
        ("gzip, gzip", b"x"),
    ],
)
async def test_fetch_fails_when_a_packed_body_cannot_be_read(
    http: GuardedHttp, device: StartDevice, encoding: str, body: bytes
) -> None:
    """Unknown, broken and cut packing is an error with words, never a wrong body."""
    meter = await device(
        f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    with pytest.raises(OutboundAnswerError) as caught:
        await http.fetch(meter.request())
    assert caught.value.reason == "unexpected_content"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
)
async def test_fetch_fails_when_the_answer_ends_early(
    http: GuardedHttp, device: StartDevice, answer: bytes
) -> None:
    """Less than the promised length is no answer, and the next fetch is not hurt."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    meter, healthy = await device(talk), await device(OK)
    with pytest.raises(OutboundConnectError, match="ends early") as caught:
        await http.fetch(meter.request())
    assert caught.value.reason == "connect"
    assert (await http.fetch(healthy.request())).body == b"ok"


@pytest.mark.parametrize("delay", [0, 0.02])
async def test_fetch_never_takes_a_surplus_answer_for_the_next(
    http: GuardedHttp, device: StartDevice, delay: float
) -> None:
    """A second answer to one question, at once or late, is not read as the next."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        if delay:
            await asyncio.sleep(delay)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")

    meter = await device(talk)
    bodies = []
    for _ in range(3):
        bodies.append((await http.fetch(meter.request())).body)
        await asyncio.sleep(2 * delay)
    assert bodies == [b"ok"] * 3


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x00" * 100,
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X%d: 1\r\n" % n for n in range(5_000)),
    ],
)
async def test_fetch_fails_when_what_comes_is_not_http(
    http: GuardedHttp, device: StartDevice, answer: bytes
) -> None:
    """Whatever bytes a socket sends, the caller sees one of the outbound errors."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    meter = await device(talk)
    with pytest.raises(OutboundError) as caught:
        await http.fetch(meter.request(timeout=2))
    assert caught.value.reason in {"connect", "unexpected_content"}


async def test_fetch_fails_when_the_connection_is_reset(
    http: GuardedHttp, device: StartDevice
) -> None:
    """A reset in the middle of the body has words."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nab")
        await writer.drain()
        writer.transport.abort()

    meter = await device(talk)
    with pytest.raises(OutboundConnectError) as caught:
        await http.fetch(meter.request())
    assert caught.value.reason == "connect"


async def test_fetch_fails_when_nobody_listens(
    http: GuardedHttp, unused_tcp_port: int
) -> None:
    """A refused connection says so."""
    url = f"http://127.0.0.1:{unused_tcp_port}/"
    with pytest.raises(OutboundConnectError, match="no connection") as caught:
        await http.fetch(_request(url))
    assert caught.value.reason == "connect"


@pytest.mark.parametrize("name", ["no-such-name.invalid", "x" * 70 + ".test"])
async def test_fetch_fails_when_the_name_is_unknown(
    http: GuardedHttp, name: str
) -> None:
    """A name nobody knows, or that cannot be one, is a `dns` failure."""
    with pytest.raises(OutboundConnectError) as caught:
        await http.fetch(_request(f"http://{name}/"))
    assert caught.value.reason == "dns"


async def test_fetch_fails_when_the_server_speaks_no_tls(http: GuardedHttp) -> None:
    """Https to a plain server is a `tls` failure."""

    async def plain(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail ready\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OutboundConnectError) as caught:
            await http.fetch(_request(f"https://127.0.0.1:{port}/"))
    assert caught.value.reason == "tls"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "/x",
        "",
        "http://",
        "http://a b/",
        "http://x:99999/",
    ],
)
async def test_fetch_refuses_what_is_not_an_http_url(
    http: GuardedHttp, url: str
) -> None:
    """Only absolute http and https URLs are asked."""
    with pytest.raises(InvalidInputError):
        await http.fetch(_request(url))


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "1\r\nHost: evil"), ("A B", "1"), ("Content-Length", "0")],
)
async def test_fetch_refuses_headers_that_split_requests(
    http: GuardedHttp, device: StartDevice, name: str, value: str
) -> None:
    """A header with a line break, and those that frame the message, are refused."""
    meter = await device(OK)
    with pytest.raises(InvalidInputError):
        await http.fetch(meter.request(headers={name: value}))
    assert meter.connections == 0


async def test_fetch_is_refused_after_close(
    http: GuardedHttp, device: StartDevice
) -> None:
    """A closed client opens nothing again."""
    meter = await device(OK)
    await http.fetch(meter.request())
    await http.close()
    await http.close()
    with pytest.raises(HttpClosedError):
        await http.fetch(meter.request())


async def test_two_clients_share_nothing(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Two hosts in one process have policies of their own."""
    meter = await device(OK)
    other = GuardedHttp(NetworkPolicy.parse([]))
    try:
        assert (await http.fetch(meter.request())).status == 200
        with pytest.raises(OutboundDeniedError):
            await other.fetch(meter.request())
    finally:
        await other.close()


async def test_fetch_asks_a_host_one_question_at_a_time(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Ten questions at once arrive one after another, each in its own deadline."""
    busy, most = 0, 0

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.05)
        busy -= 1
        writer.write(OK)

    meter = await device(talk)
    asked = (http.fetch(meter.request(timeout=0.3)) for _ in range(10))
    answers = await asyncio.gather(*asked)
    assert [answer.status for answer in answers] == [200] * 10
    assert most == 1


def _request(url: str) -> HttpRequest:
    return HttpRequest(url=url, timeout=5)
