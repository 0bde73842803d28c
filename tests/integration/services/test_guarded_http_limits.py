"""Deadlines and sizes: nothing a device sends holds the host or fills its memory."""

from __future__ import annotations

import asyncio
import gzip
import random
import resource
import time
from typing import TYPE_CHECKING

import pytest

from nxforge_core.api import OutboundError, OutboundTimeoutError, OutboundTooLargeError
from nxforge_core.services import GuardedHttp

if TYPE_CHECKING:
    from .conftest import Device, StartDevice, Talk

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
MEGABYTE = 1_000_000


async def _dribble(writer: asyncio.StreamWriter, text: bytes) -> None:
    for byte in text * 1_000:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def _slow_header(_: object, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    await _dribble(writer, b"X-A: 1\r\n")


async def _slow_body(_: object, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    await _dribble(writer, b"12345")


async def _slow_chunks(_: object, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    await _dribble(writer, b"1\r\na\r\n")


async def _silent(reader: asyncio.StreamReader, _: object) -> None:
    await reader.read()


@pytest.mark.parametrize("talk", [_slow_header, _slow_body, _slow_chunks, _silent])
async def test_fetch_ends_at_the_deadline_when_the_device_dribbles(
    http: GuardedHttp, device: StartDevice, talk: Talk
) -> None:
    """One byte every 50 ms, or none, is over at the deadline; the rest goes on."""
    bad, healthy = await device(talk), await device(OK)
    await http.fetch(healthy.request())
    started = time.perf_counter()
    with pytest.raises(OutboundTimeoutError, match=r"within 0\.5 s"):
        await http.fetch(bad.request(timeout=0.5))
    assert 0.45 < time.perf_counter() - started < 1.0
    assert (await http.fetch(healthy.request(timeout=1))).body == b"ok"


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_fetch_ends_at_the_deadline_when_the_upload_stalls(
    http: GuardedHttp, device: StartDevice
) -> None:
    """A device that does not read a large body holds nobody."""

    async def talk(_reader: object, _writer: object) -> None:
        await asyncio.sleep(3)  # a stream that nobody reads soon stops taking

    meter = await device(talk)
    started = time.perf_counter()
    with pytest.raises(OutboundTimeoutError):
        await http.fetch(
            meter.request(method="POST", body=b"x" * 20 * MEGABYTE, timeout=0.5)
        )
    assert time.perf_counter() - started < 1.0


async def test_fetch_ends_at_the_deadline_when_a_redirect_dribbles(
    http: GuardedHttp, device: StartDevice
) -> None:
    """The deadline is one for all hops."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(b"HTTP/1.1 302 Go\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    meter = await device(talk)
    with pytest.raises(OutboundTimeoutError):
        await http.fetch(meter.request(timeout=0.5))


async def test_silent_devices_do_not_delay_healthy_ones(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Fifty silent devices end at their deadline while fifty healthy ones answer."""
    silent = [await device(_silent) for _ in range(50)]
    healthy = [await device(OK) for _ in range(50)]
    await http.fetch(healthy[0].request())
    started = time.perf_counter()

    async def ask_silent(meter: Device) -> None:
        with pytest.raises(OutboundTimeoutError):
            await http.fetch(meter.request(timeout=2))

    async with asyncio.TaskGroup() as group:
        for meter in silent:
            group.create_task(ask_silent(meter))
        asked = [group.create_task(http.fetch(meter.request())) for meter in healthy]
        await asyncio.gather(*asked)
        assert time.perf_counter() - started < 2
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
    ],
)
async def test_fetch_stops_at_the_limit_when_the_body_is_endless(
    http: GuardedHttp, device: StartDevice, head: bytes
) -> None:
    """However a body is framed, reading ends at `max_bytes`."""
    sent = 0

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(head)
        while True:
            writer.write(b"2710\r\n" + b"x" * 10_000 + b"\r\n")
            await writer.drain()
            sent += 10_000

    meter = await device(talk)
    with pytest.raises(OutboundTooLargeError) as caught:
        await http.fetch(meter.request(max_bytes=100_000))
    assert caught.value.limit == 100_000
    await asyncio.sleep(0.05)
    assert sent < 20 * MEGABYTE  # the connection is gone, so the device stopped


async def test_fetch_ends_when_headers_are_endless(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Endless header lines end with an error and bounded memory."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-A: 12345678\r\n" * 1_000)
            await writer.drain()

    meter, before = await device(talk), _peak_memory()
    with pytest.raises(OutboundError) as caught:
        await http.fetch(meter.request(timeout=2))
    assert caught.value.reason in {"timeout", "unexpected_content", "too_large"}
    assert _peak_memory() - before < 64 * MEGABYTE


async def test_fetch_stops_early_when_the_answer_is_a_gzip_bomb(
    http: GuardedHttp, device: StartDevice
) -> None:
    """200 MB packed into 194 kB stop at four times the limit, in bounded memory."""
    bomb = gzip.compress(bytes(200 * MEGABYTE))
    meter = await device(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
        + f"Content-Length: {len(bomb)}\r\n\r\n".encode()
        + bomb
    )
    await http.fetch((await device(OK)).request())
    before = _peak_memory()
    with pytest.raises(OutboundTooLargeError, match="inflated") as caught:
        await http.fetch(meter.request())
    assert caught.value.limit == 4 * 524_288
    assert _peak_memory() - before < 16 * MEGABYTE


async def test_fetch_accepts_bodies_up_to_the_very_limit(
    http: GuardedHttp, device: StartDevice
) -> None:
    """The limit itself is allowed, one byte more is not."""
    meter = await device(
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000
    )
    assert len((await http.fetch(meter.request(max_bytes=1000))).body) == 1000
    with pytest.raises(OutboundTooLargeError):
        await http.fetch(meter.request(max_bytes=999))


async def test_fetches_work_after_a_storm_of_cancellations(
    http: GuardedHttp, device: StartDevice
) -> None:
    """Thousands of cancels within 0 to 30 ms leave the client as good as new."""

    async def talk(_: object, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.01)
        writer.write(OK)

    meters = [await device(talk) for _ in range(8)]
    dice, cancelled = random.Random(7), 0  # noqa: S311 - dice, not a secret
    await http.fetch(meters[0].request())

    async def ask_and_give_up(number: int) -> bool:
        try:
            async with asyncio.timeout(dice.uniform(0, 0.03)):
                await http.fetch(meters[number % 8].request())
        except TimeoutError:
            return True
        return False

    for _ in range(25):
        ended = await asyncio.gather(*(ask_and_give_up(n) for n in range(80)))
        cancelled += sum(ended)
    assert cancelled > 1_000
    for number in range(100):
        answer = await http.fetch(meters[number % 8].request(timeout=2))
        assert answer.body == b"ok"


def _peak_memory() -> int:
    """Bytes; Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
