"""Pages in the browser: the host's pool against a browser for each page, in one run."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from typing import Final

import pyppeteer

from nxforge_core.api import BrowserRequest
from nxforge_core.security import NetworkPolicy
from nxforge_core.services.browser import BrowserOptions, PooledBrowser

__all__ = ["measure"]

_TURNS: Final = 5
_SCRAPES: Final = 2
_VISITS: Final = 60
_AT_ONCE: Final = 8
#: Meters of their own, each at an address of its own.
_HOSTS: Final = [f"127.0.0.{number}" for number in range(2, 10)]
_VALUE: Final = "12345.6 kWh"
_PAGE: Final = (
    b"<html><body><b id=kwh></b><script>"
    b"document.getElementById('kwh').textContent = 12345.6 + ' kWh'"
    b"</script></body></html>"
)
_ANSWER: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s"
    % (len(_PAGE), _PAGE)
)


def measure() -> dict[str, float]:
    """Pages per second of both, medians of turns that follow each other.

    The other way is the original's: a new Chromium for each page, which is read when
    its network has been idle for half a second.
    """
    return asyncio.run(_measured())


async def _measured() -> dict[str, float]:
    single, pooled = list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder:
        options = BrowserOptions(folder=Path(folder), no_sandbox=os.geteuid() == 0)
        async with _meters() as urls:
            browser = PooledBrowser(NetworkPolicy.parse(_HOSTS), options)
            await _visits(browser, urls, 2 * len(urls))
            for _ in range(_TURNS):
                single.append(await _rate(_SCRAPES, lambda: _scrapes(urls)))
                pooled.append(
                    await _rate(_VISITS, lambda: _visits(browser, urls, _VISITS))
                )
            await browser.close()
    return {
        "browser_per_page_per_second": round(median(single), 2),
        "pool_per_second": round(median(pooled), 2),
        "pool_ratio": round(median(pooled) / median(single), 1),
    }


async def _rate(pages: int, work: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await work()
    return pages / (time.perf_counter() - began)


async def _scrapes(urls: list[str]) -> None:
    for url in urls[:_SCRAPES]:
        browser = await pyppeteer.launch(
            executablePath=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
            handleSIGINT=False,
            handleSIGTERM=False,
            handleSIGHUP=False,
        )
        page = await browser.newPage()
        await page.goto(url, waitUntil="networkidle0")
        if _VALUE not in await page.content():
            raise RuntimeError(url)
        await browser.close()


async def _visits(browser: PooledBrowser, urls: list[str], count: int) -> None:
    left = iter(range(count))

    async def work() -> None:
        for number in left:
            url = urls[number % len(urls)]
            page = await browser.fetch(BrowserRequest(url=url))
            if _VALUE not in page.html:
                raise RuntimeError(url)

    async with asyncio.TaskGroup() as group:
        for _ in range(_AT_ONCE):
            group.create_task(work())


@asynccontextmanager
async def _meters() -> AsyncIterator[list[str]]:
    servers = [await asyncio.start_server(_serve, host, 0) for host in _HOSTS]
    try:
        yield [
            f"http://{host}:{server.sockets[0].getsockname()[1]}/"
            for host, server in zip(_HOSTS, servers, strict=True)
        ]
    finally:
        for server in servers:
            server.close()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(_ANSWER)
    except (OSError, asyncio.IncompleteReadError):
        pass  # the browser hung up: its right
    finally:
        writer.close()
