"""F15-F18: meters that are silent, slow, endless, or made to hurt who reads them."""

from __future__ import annotations

import asyncio
import gc
import gzip
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import psutil
import pytest
from matrix import Fault

from nxforge_consumption_monitor.extract import (
    ExtractionError,
    RuleError,
    decode_rules,
    extract,
)
from nxforge_consumption_monitor.fetch import PageRequest, Pages
from nxforge_core.api import Http, OutboundError
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp

Talk: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]

HEALTHY: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 30\r\n\r\n"
    b"<b class=energy>12345.6 kWh   "
)
ENERGY: Final = ({"step": "css", "selector": "b.energy"},)
SIZE: Final = 500_000
#: The endpoint's own: `PageRequest` has it by default.
DEADLINE: Final = 10.0


class Meters:
    """Servers in a thread and loop of their own, healthy until they are told.

    Attributes:
        harmed: Requests that got something else than a healthy answer.
    """

    def __init__(self) -> None:
        self.harmed = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._talks: dict[int, Talk] = {}
        self._servers: list[asyncio.Server] = []

    def start(self, count: int) -> list[int]:
        """Start healthy meters; their ports."""
        return [self._do(self._start()) for _ in range(count)]

    def turn(self, ports: list[int], talk: Talk) -> None:
        """Let meters answer otherwise from now on."""
        self._talks.update(dict.fromkeys(ports, talk))

    def end(self) -> None:
        """End the servers and the thread."""
        self._do(self._cancel())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _do(self, what: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    async def _start(self) -> int:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _cancel(self) -> None:
        for server in self._servers:
            server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        port = writer.get_extra_info("sockname")[1]
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                talk = self._talks.get(port)
                if talk is None:
                    writer.write(HEALTHY)
                    continue
                self.harmed += 1
                await talk(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client hung up: its right
        finally:
            writer.close()


class Strain:
    """What reading costs the loop and the memory.

    Attributes:
        stall: Longest stretch of this process's work, in seconds of its CPU, that
            kept the loop from its next turn. Other processes do not count.
        memory: Bytes more than at the beginning, at the most.
    """

    def __init__(self) -> None:
        self.stall = 0.0
        self.memory = 0
        self._process = psutil.Process()

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        gc.collect()
        before = self._process.memory_info().rss
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch(before))
            yield
            watch.cancel()

    async def _watch(self, before: int) -> None:
        while True:
            spent = time.process_time()
            await asyncio.sleep(0.002)
            self.stall = max(self.stall, time.process_time() - spent)
            self.memory = max(self.memory, self._process.memory_info().rss - before)


@pytest.fixture
def meters() -> Iterator[Meters]:
    """Servers that end with the test."""
    made = Meters()
    yield made
    made.end()


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    """The host's client, allowed to ask this machine."""
    made = GuardedHttp(NetworkPolicy.parse(["127.0.0.1"]))
    yield made
    await made.close()


async def poll(
    port: int, http: Http, steps: tuple[dict[str, object], ...] = ENERGY
) -> tuple[str, float]:
    """Fetch and read as a poll does: its outcome, and the seconds it took."""
    began, outcome = time.monotonic(), "ok"
    try:
        rules = decode_rules([{"quantity": "energy", "steps": list(steps)}])
        answer = await Pages().fetch(
            PageRequest(url=f"http://127.0.0.1:{port}/", timeout_s=DEADLINE), http
        )
        await asyncio.to_thread(extract, rules, answer.page)
    except OutboundError as error:
        outcome = error.reason
    except ExtractionError as error:
        outcome = error.outcome
    except RuleError:
        outcome = "rule"
    return outcome, time.monotonic() - began


async def silent(writer: asyncio.StreamWriter) -> None:
    """Say nothing."""
    await asyncio.sleep(60)
    writer.close()


async def dribbled(writer: asyncio.StreamWriter, head: bytes, text: bytes) -> None:
    """One byte each half second, after a head."""
    writer.write(head)
    for byte in text * 100:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.5)


async def slow_head(writer: asyncio.StreamWriter) -> None:
    """A header that never ends."""
    await dribbled(writer, b"HTTP/1.1 200 OK\r\n", b"X-Value: 1\r\n")


async def slow_body(writer: asyncio.StreamWriter) -> None:
    """A body that never ends."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"
    await dribbled(writer, head, b"12345.6 kWh ")


@pytest.mark.fault("F15", "meters accept and never answer", short=50, long=50)
async def test_silent_meters_end_at_their_deadline(
    fault: Fault, meters: Meters, http: Http
) -> None:
    """Each ends within half a second of it, and keeps no healthy one waiting."""
    ports, healthy = meters.start(fault.times), meters.start(50)
    fault.inject(meters.turn, ports, silent)

    async with asyncio.TaskGroup() as group:
        bad = [group.create_task(poll(port, http)) for port in ports]
        good = [group.create_task(poll(port, http)) for port in healthy]

    fault.landed(sum(task.result()[0] == "timeout" for task in bad))
    fault.figure("longest poll, s", max(t.result()[1] for t in bad), DEADLINE + 0.5)
    fault.figure("healthy that failed", sum(t.result()[0] != "ok" for t in good), 0)
    fault.figure("longest healthy poll, s", max(t.result()[1] for t in good), 5)


@pytest.mark.fault("F16", "meters dribble a byte each 0.5 s", short=40, long=40)
async def test_dribbling_meters_end_at_their_deadline(
    fault: Fault, meters: Meters, http: Http
) -> None:
    """Half of them in the header, half in the body; all can be asked again after."""
    ports = meters.start(fault.times)
    fault.inject(meters.turn, ports[::2], slow_head)
    fault.inject(meters.turn, ports[1::2], slow_body)

    async with asyncio.TaskGroup() as group:
        bad = [group.create_task(poll(port, http)) for port in ports]

    fault.landed(sum(task.result()[0] == "timeout" for task in bad))
    fault.figure("longest poll, s", max(t.result()[1] for t in bad), DEADLINE + 0.5)
    fault.figure("healthy fetches that failed after", await failures(meters, http), 0)


async def failures(meters: Meters, http: Http) -> int:
    """How many of the next hundred fetches of healthy meters fail."""
    ports = meters.start(10)
    outcomes = [await poll(port, http) for _ in range(10) for port in ports]
    return sum(outcome != "ok" for outcome, _ in outcomes)


@pytest.mark.fault("F17", "fetches are cancelled", short=2000, long=5000, share=0.2)
async def test_cancelled_fetches_leave_the_client_whole(
    fault: Fault, meters: Meters, http: Http
) -> None:
    """Twenty workers cancel after 0 to 30 ms, while connecting or later."""
    ports, left = meters.start(20), [fault.times]

    async def hesitant(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.005)
        writer.write(HEALTHY)

    assert (await poll(ports[0], http))[0] == "ok"  # opening the client takes longer
    fault.inject(meters.turn, ports, hesitant)

    async def work() -> None:
        while left[0] > 0:
            left[0] -= 1
            wait = 5.0 if fault.removed else fault.chance.random() * 0.03
            try:
                await asyncio.wait_for(poll(fault.chance.choice(ports), http), wait)
            except TimeoutError:
                fault.landed()

    await asyncio.gather(*(work() for _ in range(20)))

    fault.figure("healthy fetches that failed after", await failures(meters, http), 0)


def said(body: bytes, head: str = "") -> Talk:
    """Answer with a page."""

    async def talk(writer: asyncio.StreamWriter) -> None:
        length = f"Content-Length: {len(body)}\r\n"
        writer.write(f"HTTP/1.1 200 OK\r\n{head}{length}\r\n".encode() + body)
        await writer.drain()

    return talk


async def endless(writer: asyncio.StreamWriter) -> None:
    """A body without end, as fast as it is taken."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"<td>" * 4096)
        await writer.drain()


async def to_metadata(writer: asyncio.StreamWriter) -> None:
    """Send the caller to where a cloud keeps its secrets."""
    location = "Location: http://169.254.169.254/latest/meta-data/\r\n"
    writer.write(f"HTTP/1.1 302 Go\r\n{location}Content-Length: 0\r\n\r\n".encode())


def bomb() -> bytes:
    """200 MB in 194 kB."""
    return gzip.compress(bytes(200_000_000))


def attributes(count: int) -> bytes:
    """One tag with that many attributes."""
    return f"<p {' '.join(f'a{number}' for number in range(count))}>".encode()


NESTED: Final = (b"<div>" * SIZE)[:SIZE]
HOSTILE: Final[dict[str, tuple[Callable[[], Talk], str, dict[str, object]]]] = {
    "gzip bomb": (
        lambda: said(bomb(), "Content-Encoding: gzip\r\n"),
        "too_large",
        ENERGY[0],
    ),
    "endless body": (lambda: endless, "too_large", ENERGY[0]),
    "nested div": (lambda: said(NESTED), "too_complex", ENERGY[0]),
    "50k attributes": (lambda: said(attributes(50_000)), "too_complex", ENERGY[0]),
    ":has": (
        lambda: said(b"<div><div><span></span></div></div>" * 3_000),
        "rule",
        {"step": "css", "selector": "div:has(div:has(div:has(span)))"},
    ),
    "costly selector": (
        lambda: said((b"<div>" * 400 + b"</div>" * 400) * 10),
        "too_complex",
        {"step": "css", "selector": "i div div div"},
    ),
    "catastrophic pattern": (
        lambda: said(b"1" * 200_000 + b"x"),
        "selector_missing",
        {"step": "regex", "pattern": r"(\d+)+\s*kWh$"},
    ),
    "redirect to metadata": (lambda: to_metadata, "http_status", ENERGY[0]),
}


@pytest.mark.fault("F18", "pages made to hurt", short=8, long=40, share=1.0)
async def test_hostile_pages_end_as_errors_of_the_meter(
    fault: Fault, meters: Meters, http: Http
) -> None:
    """Each ends with its word, and costs neither memory nor the loop its turns."""
    cases = [list(HOSTILE)[number % len(HOSTILE)] for number in range(fault.times)]
    talks = {name: HOSTILE[name][0]() for name in dict.fromkeys(cases)}
    assert (await poll(meters.start(1)[0], http))[0] == "ok"
    strain, slowest, others = Strain(), 0.0, list[str]()
    async with strain.watched():
        for name in cases:
            _, word, step = HOSTILE[name]
            port = meters.start(1)[0]
            fault.inject(meters.turn, [port], talks[name])
            outcome, seconds = await poll(
                port, http, ENERGY if fault.removed else (step,)
            )
            slowest = max(slowest, seconds)
            if not fault.removed:
                fault.landed(outcome != "ok")
                others += [f"{name}: {outcome}"] if outcome != word else []
    assert others == []
    fault.figure("longest poll, s", slowest, DEADLINE)
    fault.figure("memory, MB", strain.memory / 1e6, 64)
    fault.figure("loop stands still, ms of CPU", strain.stall * 1000, 100)
