"""What the network policy refuses never sees a connection."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import TYPE_CHECKING

import aiohttp
import pytest

from nxforge_core.api import (
    HttpRequest,
    InvalidInputError,
    OutboundDeniedError,
    OutboundTimeoutError,
)
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp, Lookup, OutboundRedirectError
from nxforge_core.services._connector import guarded_connector

if TYPE_CHECKING:
    from .conftest import StartDevice

#: Spellings of addresses of this machine, or of such as may lead to it.
SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "0",
    "0.0.0.0",  # noqa: S104 - asked for, not bound
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "localhost",
    "LOCALHOST",
    "127。0。0。1",
    "169.254.169.254",
    "10.0.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "[fe80::1]",
    "[fd00::1]",
    "224.0.0.1",
    "mixed.test",
    "hidden.test",
]
NAMES = {
    "localhost": ["127.0.0.1"],
    "mixed.test": ["192.0.2.1", "127.0.0.1"],
    "hidden.test": ["::ffff:127.0.0.1"],
}
#: Read differently by the libraries below, so not read at all.
UNREADABLE = ["0177.0.0.1", "127%2E0.0.1", "[fe80::1%25lo]", "①②⑦.0.0.1"]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Listens on every address of the machine, both families."""
    with socket.create_server(
        ("::", 0), family=socket.AF_INET6, dualstack_ipv6=True
    ) as made:
        made.settimeout(0)
        yield made


async def _lookup(host: str, _: int) -> list[str]:
    return NAMES.get(host.rstrip(".").lower()) or await _unknown()


async def _unknown() -> list[str]:
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


class _Blind:
    """Lets nothing through, and says nothing about literals before a socket exists."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def refusal(self, address: str, port: int) -> str | None:
        self.asked.append(f"{address} {port}")
        return "not today"


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("lookup", [None, _lookup], ids=["system", "given"])
async def test_denied_addresses_never_see_a_connection(
    listener: socket.socket, spelling: str, lookup: Lookup | None
) -> None:
    """However an address is spelt and found, it is refused before a socket connects."""
    if lookup is None and spelling.endswith(".test"):
        lookup = _lookup
    http = GuardedHttp(NetworkPolicy.parse(["192.0.2.0/24"]), lookup=lookup)
    try:
        with pytest.raises(OutboundDeniedError) as caught:
            await http.fetch(_request(spelling, listener))
    finally:
        await http.close()
    assert caught.value.reason == "denied"
    assert "network.allow" in caught.value.remedy
    _assert_untouched(listener)


@pytest.mark.parametrize("spelling", UNREADABLE)
async def test_ambiguous_hosts_are_not_asked(
    listener: socket.socket, spelling: str
) -> None:
    """A host that libraries read differently is refused whatever the policy says."""
    http = GuardedHttp(NetworkPolicy.parse(["127.0.0.1", "::1"]))
    with pytest.raises(InvalidInputError):
        await http.fetch(_request(spelling, listener))
    await http.close()
    _assert_untouched(listener)


@pytest.mark.parametrize("spelling", ["127.1", "0x7f000001", "2130706433"])
async def test_odd_spellings_of_an_allowed_address_work(
    http: GuardedHttp, device: StartDevice, spelling: str
) -> None:
    """The policy judges the address, not its spelling."""
    meter = await device(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    answer = await http.fetch(meter.request(url=f"http://{spelling}:{meter.port}/"))
    assert answer.body == b"ok"
    assert f"Host: 127.0.0.1:{meter.port}" in meter.heads[0]


async def test_sockets_refuse_when_the_names_were_not_checked(
    listener: socket.socket,
) -> None:
    """The last wall holds alone: the socket itself is refused for its address."""

    class LetsNamesThrough(_Blind):
        def refusal(self, address: str, port: int) -> str | None:
            super().refusal(address, port)
            return None if len(self.asked) <= 2 else "not today"

    policy = LetsNamesThrough()
    connector = guarded_connector(policy, _both, ssl.create_default_context())
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError, match="not today"):
            await session.get(f"http://both.test:{listener.getsockname()[1]}/")
    assert len(policy.asked) >= 4  # two by the names, two by the sockets
    _assert_untouched(listener)


async def test_sockets_refuse_literals_that_skip_the_names(
    listener: socket.socket,
) -> None:
    """Aiohttp asks no resolver about a literal address; its socket is refused."""
    policy = _Blind()
    connector = guarded_connector(policy, _both, ssl.create_default_context())
    port = listener.getsockname()[1]
    async with aiohttp.ClientSession(connector=connector) as session:
        for host in ("127.0.0.1", "[::1]", "[::ffff:7f00:1]"):
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await session.get(f"http://{host}:{port}/")
            assert "is refused (not today)" in str(caught.value.os_error.args[0])
    asked = [question.split(" ") for question in policy.asked]
    # Pythons differ in how they write the mapped address.
    assert [(ip_address(address), int(at)) for address, at in asked] == [
        (ip_address("127.0.0.1"), port),
        (ip_address("::1"), port),
        (ip_address("::ffff:7f00:1"), port),
    ]
    _assert_untouched(listener)


async def _both(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1", "::1"]


async def test_rebinding_names_are_judged_at_each_connection(
    device: StartDevice, listener: socket.socket
) -> None:
    """A name that first means an allowed address and then another is then refused."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]])

    async def rebinding(_host: str, _port: int) -> list[str]:
        return next(answers)

    meter = await device(b"HTTP/1.0 200 OK\r\n\r\nok")
    http = GuardedHttp(NetworkPolicy.parse(["127.0.0.1"]), lookup=rebinding)
    url = f"http://rebind.test:{meter.port}/"
    assert (await http.fetch(HttpRequest(url=url))).body == b"ok"
    with pytest.raises(OutboundDeniedError, match=r"127\.0\.0\.2"):
        await http.fetch(HttpRequest(url=url))
    with pytest.raises(OutboundDeniedError):
        await http.fetch(_request("rebind.test", listener))
    await http.close()
    assert meter.connections == 1
    _assert_untouched(listener)


async def test_kept_connections_are_judged_again(device: StartDevice) -> None:
    """What is taken off the list is not asked once more over an idle connection."""

    class Changing:
        why: str | None = None

        def refusal(self, address: str, port: int) -> str | None:
            del address, port
            return self.why

    meter = await device(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    policy = Changing()
    http = GuardedHttp(policy)
    for _ in range(2):
        assert (await http.fetch(meter.request())).body == b"ok"
    policy.why = "not in network.allow"
    with pytest.raises(OutboundDeniedError) as caught:
        await http.fetch(meter.request())
    policy.why = None
    assert (await http.fetch(meter.request())).body == b"ok"
    await http.close()
    assert f"nxforge network allow 127.0.0.1:{meter.port}" in caught.value.remedy
    assert (meter.connections, len(meter.heads)) == (2, 3)


async def test_ports_are_judged(device: StartDevice) -> None:
    """An entry for one port opens no other port of the address."""
    meter = await device(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    other = await device(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    http = GuardedHttp(NetworkPolicy.parse([f"127.0.0.1:{meter.port}"]))
    assert (await http.fetch(meter.request())).body == b"ok"
    with pytest.raises(OutboundDeniedError):
        await http.fetch(other.request())
    await http.close()
    assert other.connections == 0


async def test_redirects_stay_where_they_are(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Three hops on the same origin are followed, with the credentials."""
    hops = iter(["/a", "b?x=1#top", None])

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        hop = next(hops)
        status = f"302 Go\r\nLocation: {hop}" if hop else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok".encode())

    meter = await device(talk)
    url = f"http://u:p@127.0.0.1:{meter.port}/start"
    answer = await http.fetch(meter.request(url=url, method="POST", body=b""))
    assert (answer.body, answer.url) == (b"ok", f"{meter.url}b?x=1")
    lines = [head.split("\r\n")[0] for head in meter.heads]
    assert lines == ["POST /start HTTP/1.1", "GET /a HTTP/1.1", "GET /b?x=1 HTTP/1.1"]
    assert all("authorization: Basic dTpw".lower() in h.lower() for h in meter.heads)


async def test_redirects_end_after_three(
    http: GuardedHttp, device: StartDevice
) -> None:
    """A loop is cut."""
    meter = await device(
        b"HTTP/1.1 307 Go\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"
    )
    with pytest.raises(OutboundRedirectError, match="after 3 redirects"):
        await http.fetch(meter.request())
    assert len(meter.heads) == 4


@pytest.mark.parametrize(
    "target",
    [
        lambda port: f"http://127.0.0.1:{port}/",
        lambda port: f"//127.0.0.1:{port}/",
        lambda port: f"http://localhost:{port}/",
        lambda port: f"http://169.254.169.254:{port}/latest/meta-data",
        lambda _: "https://127.0.0.1/",
        lambda _: "file:///etc/passwd",
        lambda _: "http://[::1",
        lambda _: "http://127.0.0.1:99999999/",
    ],
)
async def test_redirects_elsewhere_are_refused_by_name(
    http: GuardedHttp,
    device: StartDevice,
    listener: socket.socket,
    target: Callable[[int], str],
) -> None:
    """Another host, scheme or port sees neither a connection nor the credentials."""
    location = target(listener.getsockname()[1])
    meter = await device(
        f"HTTP/1.1 302 Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    )
    with pytest.raises(OutboundRedirectError) as caught:
        await http.fetch(meter.request())
    assert location in str(caught.value)
    assert caught.value.reason == "http_status"
    assert meter.connections == 1
    _assert_untouched(listener)


async def test_a_hanging_name_server_ends_at_the_deadline() -> None:
    """The look-up of the name is part of the deadline."""

    async def hangs(_host: str, _port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    http = GuardedHttp(NetworkPolicy.parse([]), lookup=hangs)
    with pytest.raises(OutboundTimeoutError):
        await http.fetch(HttpRequest(url="http://slow.test/", timeout=0.2))
    await http.close()


def _request(spelling: str, listener: socket.socket) -> HttpRequest:
    port = listener.getsockname()[1]
    return HttpRequest(url=f"http://{spelling}:{port}/", timeout=3)


def _assert_untouched(listener: socket.socket) -> None:
    with pytest.raises(BlockingIOError):
        listener.accept()
