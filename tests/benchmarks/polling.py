"""What a poll costs, against the way of today: turn by turn in one run."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Final

import httpx
from bs4 import BeautifulSoup

from nxforge_consumption_monitor.extract import (
    decode_rules,
)
from nxforge_consumption_monitor.extract import extract as extract_values
from nxforge_consumption_monitor.fetch import PageRequest, Pages
from nxforge_core.security import NetworkPolicy
from nxforge_core.services import GuardedHttp
from tests.benchmarks.meters import meters

__all__ = ["measure"]

_HOSTS: Final = 50
_PAGES: Final = 2_000
_FEWER: Final = 250
_TURNS: Final = 5
_ROUND: Final = 500
_SCHEMA: Final = "nxp_consumption_monitor"
_RULES: Final = decode_rules(
    b'{"rules": [{"quantity": "energy", "steps": ['
    b'{"step": "label", "label": "Total energy"}, {"step": "unit"}]}]}'
)
_ROW: Final = "<tr><td>Outlet %d</td><td>%d.%d W</td><td>on</td></tr>\n"


def measure() -> dict[str, float]:
    """Pages per CPU second of this process.

    A page of 5 kB is fetched and its register read, 50 meters at a time; `usual` is one
    httpx client and BeautifulSoup.
    """
    import uvloop  # noqa: PLC0415  # as `nxforge serve` does

    with (
        tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        return runner.run(_pages(Path(folder)))


def _page() -> str:
    rows = "".join(_ROW % (n, 100 + n, n % 10) for n in range(90))
    return (
        "<!DOCTYPE html><html><head><title>PDU</title></head><body><table>\n"
        f"{rows}<tr><td>Total energy</td><td>13105.722 kWh</td><td></td></tr>\n"
        "</table></body></html>"
    )


async def _pages(folder: Path) -> dict[str, float]:
    page = folder / "page.html"
    page.write_text(_page())
    ours: list[float] = []
    usual: list[float] = []
    http = GuardedHttp(NetworkPolicy.parse(["127.0.0.1"]))
    with meters(_HOSTS, page=page) as ports:
        urls = [f"http://127.0.0.1:{port}/" for port in ports]
        async with httpx.AsyncClient() as client:
            for _ in range(_TURNS):
                ours.append(await _per_second(_our_way(http), urls, _PAGES))
                usual.append(await _per_second(_usual_way(client), urls, _FEWER))
        await http.close()
    return {
        "page_bytes": page.stat().st_size,
        "pages_per_cpu_second": round(median(ours)),
        "pages_per_cpu_second_usual": round(median(usual)),
        "pages_ratio": round(median(ours) / median(usual), 1),
    }


def _our_way(http: GuardedHttp) -> Callable[[str], Awaitable[Decimal]]:
    pages = Pages()

    async def ask(url: str) -> Decimal:
        answer = await pages.fetch(PageRequest(url=url), http)
        return extract_values(_RULES, answer.page).measurements[0].value

    return ask


def _usual_way(client: httpx.AsyncClient) -> Callable[[str], Awaitable[Decimal]]:
    async def ask(url: str) -> Decimal:
        answer = await client.get(url, timeout=10)
        soup = BeautifulSoup(answer.text, "lxml")
        text = soup.select("table tr:last-child td")[1].text
        found = re.search(r"[\d.]+", text)
        assert found is not None
        return Decimal(found[0])

    return ask


async def _per_second(
    ask: Callable[[str], Awaitable[Decimal]], urls: list[str], count: int
) -> float:
    began = time.process_time()
    each = count // len(urls)

    async def one(url: str) -> None:
        for _ in range(each):
            assert await ask(url) == Decimal("13105.722")

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(one(url))
    return each * len(urls) / (time.process_time() - began)
