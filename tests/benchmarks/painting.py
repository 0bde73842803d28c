"""How soon a dashboard is seen, in a real Chromium."""

from __future__ import annotations

import asyncio
from statistics import median
from typing import Any, Final

from tests.benchmarks.charts import chromium
from tests.benchmarks.dashboards import dashboard

__all__ = ["measure"]

_TURNS: Final = 7
#: Waits until there is such an entry.
_PAINTED: Final = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => {
    for (const each of list.getEntries())
      if (each.name === "first-contentful-paint") resolve(each.startTime);
  }).observe({ type: "paint", buffered: true });
})"""


def measure() -> dict[str, float]:
    """Milliseconds until the first content is painted, medians.

    `first` with nothing kept by the browser, `again` with the host's files kept, as
    they are for ever.
    """
    with dashboard() as (port, _, cookie):
        return asyncio.run(_measured(port, cookie))


async def _measured(port: int, cookie: str) -> dict[str, float]:
    first: list[float] = []
    again: list[float] = []
    async with chromium() as browser:
        for _ in range(_TURNS):
            context = await browser.createIncognitoBrowserContext()
            page = await context.newPage()
            name, _, value = cookie.partition("=")
            base = f"http://127.0.0.1:{port}"
            await page.setCookie({"name": name, "value": value, "url": base})
            for times in (first, again):
                times.append(await _painted(page, f"{base}/ui/bench/board"))
            await context.close()
    return {"first_ms": median(first), "again_ms": median(again)}


async def _painted(page: Any, url: str) -> float:
    await page.goto(url)
    return float(await page.evaluate(_PAINTED))
