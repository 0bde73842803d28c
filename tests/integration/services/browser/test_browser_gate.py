"""The proxy of a lane, spoken to by hand."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from pages import HOST, Site

from nxforge_core.security import NetworkPolicy
from nxforge_core.services.browser._gate import Gate, Way

HELLO = b"\x05\x01\x00"
ASK = b"GET / HTTP/1.1\r\n\r\n"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """The page's own host."""
    made = Site()
    made.pages["/"] = "own page " * 5000
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    """A gate under a policy that knows the host."""
    made = Gate(NetworkPolicy.parse([HOST]))
    await made.start()
    yield made
    made.stop()


async def spoken(gate: Gate, *words: bytes) -> bytes:
    """What the gate answers to these bytes until it hangs up or waits."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", int(gate.proxy.rpartition(":")[2])
    )
    heard = b""
    try:
        for word in words:
            writer.write(word)
            async with asyncio.timeout(0.5):
                heard += await reader.read(100_000)
        async with asyncio.timeout(0.5):
            while piece := await reader.read(100_000):
                heard += piece
    except (TimeoutError, OSError):
        pass
    finally:
        writer.close()
    return heard


def connect(host: str, port: int, kind: int = 3) -> bytes:
    """The request to be connected."""
    raw = host.encode()
    match kind:
        case 1:
            name = socket.inet_aton(host)
        case 4:
            name = socket.inet_pton(socket.AF_INET6, host)
        case _:
            name = bytes([len(raw)]) + raw
    return bytes([5, 1, 0, kind]) + name + port.to_bytes(2)


@pytest.mark.parametrize(("host", "kind"), [(HOST, 1), (HOST, 3), ("2130706434", 3)])
async def test_the_own_host_is_reached_however_it_is_spelt(
    gate: Gate, site: Site, host: str, kind: int
) -> None:
    """As an address, as a name, as the number that browsers take for one."""
    with gate.admit(Way(HOST, (HOST,))):
        heard = await spoken(gate, HELLO, connect(host, site.port, kind), ASK)

    assert heard.startswith(b"\x05\x00\x05\x00")
    assert b"own page" in heard


@pytest.mark.parametrize(
    ("host", "kind"),
    [("127.0.0.1", 1), ("::1", 4), ("localhost", 3), ("127.0.0.2.nip.test", 3)],
)
async def test_every_other_host_is_refused(
    gate: Gate, site: Site, host: str, kind: int
) -> None:
    """Whatever it is called; and it is noted."""
    way = Way(HOST, (HOST,))
    with gate.admit(way):
        heard = await spoken(gate, HELLO, connect(host, site.port, kind))

    assert heard[2:4] == b"\x05\x02"
    assert way.refused == [f"{host}:{site.port}"]
    assert site.heads == []


async def test_a_gate_is_closed_between_visits(gate: Gate, site: Site) -> None:
    """Even to the host of the last one, and what was open is cut."""
    way = Way(HOST, (HOST,))
    with gate.admit(way):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", int(gate.proxy.rpartition(":")[2])
        )
        writer.write(HELLO + connect(HOST, site.port))
        assert await reader.readexactly(12)

    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    writer.close()
    heard = await spoken(gate, HELLO, connect(HOST, site.port))
    assert heard[2:4] == b"\x05\x02"


async def test_the_address_is_judged_and_not_the_name(site: Site) -> None:
    """A way that leads to a refused address ends at the policy."""
    gate = Gate(NetworkPolicy.parse(["127.0.0.9"]))
    await gate.start()
    way = Way("meter.test", (HOST,))
    with gate.admit(way):
        heard = await spoken(gate, HELLO, connect("meter.test", site.port))
    gate.stop()

    assert heard[2:4] == b"\x05\x04"
    assert "is refused" in str(way.failure)
    assert site.heads == []


async def test_a_page_that_loads_without_end_is_cut(gate: Gate, site: Site) -> None:
    """The parts of a visit have a limit together."""
    way = Way(HOST, (HOST,), left=1000)
    with gate.admit(way):
        heard = await spoken(gate, HELLO, connect(HOST, site.port), ASK)

    assert way.left < 0
    assert len(heard) < 45_000


@pytest.mark.parametrize(
    "words",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x04\x01\x00\x50",
        b"\x05\x01\x02",
        HELLO + b"\x05\x02\x00\x01\x7f\x00\x00\x02\x00\x50",
        HELLO + b"\x05\x01\x00\x09\x7f",
    ],
)
async def test_who_speaks_otherwise_gets_nowhere(
    gate: Gate, site: Site, words: bytes
) -> None:
    """Another protocol, another version, another command: the line is cut."""
    with gate.admit(Way(HOST, (HOST,))):
        heard = await spoken(gate, words)

    assert heard in {b"", b"\x05\x00"}
    assert site.heads == []
