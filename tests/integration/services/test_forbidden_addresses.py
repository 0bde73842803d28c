"""A long list of ways to an address that no policy names, and nobody gets there."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from forbidden import ALLOWED, CASES, HOSTS, Forbidden, fake_lookup, written

from nxforge_core.api import (
    BasicAuth,
    HttpRequest,
    InvalidInputError,
    OutboundDeniedError,
    OutboundError,
)
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp
from nxforge_core.services.browser._gate import Gate, Way

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def forbidden() -> Iterator[Forbidden]:
    """The server that nobody may reach."""
    with Forbidden() as made:
        yield made


class Sender:
    """The one server that may be asked: it sends everybody somewhere else."""

    def __init__(self) -> None:
        self.location = ""
        self.asked = 0
        self.port = 0

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answer until the other side hangs up."""
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.asked += 1
                head = f"HTTP/1.1 302 Go\r\nLocation: {self.location}\r\n"
                writer.write(head.encode() + b"Content-Length: 0\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError):
            pass  # its right
        finally:
            writer.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def listening() -> AsyncIterator[Sender]:
    """The sender at work."""
    made = Sender()
    server = await asyncio.start_server(made.serve, ALLOWED, 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


@pytest.fixture
def sender(listening: Sender) -> Sender:
    """It, sending nobody anywhere yet."""
    listening.location, listening.asked = "", 0
    return listening


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def http(listening: Sender) -> AsyncIterator[GuardedHttp]:
    """A client that may ask that server and nobody else."""
    made = GuardedHttp(
        NetworkPolicy.parse([f"{ALLOWED}:{listening.port}"]),
        lookup=fake_lookup,
        tls=lambda: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    yield made
    await made.close()


numbered = pytest.mark.parametrize(
    "case", CASES, ids=[f"{number:03}" for number in range(len(CASES))]
)


async def test_list_is_long_and_says_nothing_twice() -> None:
    """More than a hundred cases."""
    assert len(set(CASES)) == len(CASES) >= 100


@numbered
async def test_address_is_not_asked(
    http: GuardedHttp, sender: Sender, forbidden: Forbidden, case: str
) -> None:
    """However it is written: an error that names a reason, and no connection."""
    url = written(case, forbidden.port, sender.port)
    try:
        answer = await http.fetch(HttpRequest(url=url, timeout=3))
    except (OutboundError, InvalidInputError) as error:
        assert error.message  # noqa: PT017 - or an answer, see below
    else:
        assert answer.url.startswith(f"http://{ALLOWED}:{sender.port}?")

    assert forbidden.hits() == 0


@numbered
async def test_redirect_does_not_lead_there(
    http: GuardedHttp, sender: Sender, forbidden: Forbidden, case: str
) -> None:
    """Sent there by a server that may be asked, with credentials at hand."""
    lines = written(case, forbidden.port, sender.port).splitlines()
    sender.location = lines[0] if lines else ""
    request = HttpRequest(
        url=f"http://{ALLOWED}:{sender.port}/", auth=BasicAuth("u", "p"), timeout=3
    )
    try:
        answer = await http.fetch(request)
    except OutboundError:
        pass
    else:
        assert (answer.status, sender.location.strip()) == (302, "")

    assert 1 <= sender.asked <= 4
    assert forbidden.hits() == 0


@pytest.mark.parametrize(
    "host", HOSTS, ids=[f"{number:03}" for number in range(len(HOSTS))]
)
async def test_gate_of_the_browser_does_not_lead_there(
    forbidden: Forbidden, host: str
) -> None:
    """Chromium would ask its proxy for the host by name."""
    name = host.strip("[]").encode()
    gate = Gate(NetworkPolicy.parse([ALLOWED]))
    await gate.start()
    way = Way(ALLOWED, (ALLOWED,))
    with gate.admit(way):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", int(gate.proxy.rpartition(":")[2])
        )
        ask = b"\x05\x01\x00\x03" + bytes([len(name)]) + name
        writer.write(b"\x05\x01\x00" + ask + forbidden.port.to_bytes(2))
        heard = await reader.readexactly(4)
        writer.close()
    gate.stop()

    assert heard[2:4] == b"\x05\x02"
    assert len(way.refused) == 1
    assert forbidden.hits() == 0


async def test_name_that_changes_its_mind_is_judged_each_time(
    sender: Sender, forbidden: Forbidden
) -> None:
    """Rebinding: allowed at first and when it is asked once more in between."""
    answers = [[ALLOWED], ["127.0.0.1"], [ALLOWED, "::1"], ["::ffff:127.0.0.1"]]

    async def rebinding(_host: str, _port: int) -> list[str]:
        return answers[asked % len(answers)]

    allow = [f"{ALLOWED}:{sender.port}"]
    http = GuardedHttp(NetworkPolicy.parse(allow), lookup=rebinding)
    refused = 0
    for asked in range(12):  # noqa: B007 - the name server reads it
        for port in (sender.port, forbidden.port):
            try:
                await http.fetch(HttpRequest(url=f"http://rebind.test:{port}/"))
            except OutboundDeniedError:
                refused += 1
    await http.close()

    # A kept connection to the allowed address is no new one.
    assert (sender.asked, refused) == (12, 12)
    assert forbidden.hits() == 0
