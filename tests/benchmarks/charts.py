"""The chart's engine in a real Chromium: how long one look at many points takes."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import pyppeteer

from nxforge_core.ui import own_assets

__all__ = ["measure"]

_FLAGS: Final = ["--no-sandbox"] if os.geteuid() == 0 else []
#: Each look is painted before the clock stops: a pixel is read back.
_SCRIPT: Final = """async ({ lines, points, looks }) => {
  const { Engine } = await import("./chart/engine.js");
  const host = document.createElement("div");
  host.style.width = "1200px";
  host.style.height = "360px";
  document.body.append(host);
  const x = Float64Array.from({ length: points }, (_, i) => 1.7e12 + i * 15000);
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  const columns = Array.from({ length: lines }, (_, n) => {
    let level = 5 + n;
    const y = x.map((_, i) => (i % 9000 < 200 ? NaN : (level += chance() / 9)));
    return { label: `L${n}`, unit: "", kind: "", x, y, low: null, high: null };
  });
  const painted = (engine) => engine.canvas.getContext("2d").getImageData(0, 0, 1, 1);
  const begin = performance.now();
  const engine = new Engine(host, { unit: "kW" });
  engine.setData(columns);
  painted(engine);
  const first = performance.now() - begin;
  const span = x[points - 1] - x[0];
  const took = [];
  for (let look = 0; look < looks; look += 1) {
    const share = 0.02 * look;
    const start = performance.now();
    engine.setView([x[0] + (span * share) / 2, x[points - 1] - (span * share) / 2]);
    painted(engine);
    took.push(performance.now() - start);
  }
  took.sort((one, other) => one - other);
  host.remove();
  return { first, zoom: took[looks >> 1], slowest: took[looks - 1] };
}"""


def measure() -> dict[str, float]:
    """Milliseconds to draw lines of 100,000 points, and to look at a part of them."""
    return asyncio.run(_measured())


async def _measured() -> dict[str, float]:
    with _files() as base:
        browser = await pyppeteer.launch(
            executablePath=shutil.which("chromium"),
            args=[*_FLAGS, "--disable-gpu", "--no-first-run"],
            handleSIGINT=False,
            handleSIGTERM=False,
            handleSIGHUP=False,
        )
        try:
            page = await browser.newPage()
            await page.goto(f"{base}/")
            found: dict[str, float] = {}
            for name, lines, points in (("one", 1, 100_000), ("five", 5, 100_000)):
                given = {"lines": lines, "points": points, "looks": 20}
                times: dict[str, Any] = await page.evaluate(_SCRIPT, given)
                found |= {f"{name}_{what}_ms": times[what] for what in times}
        finally:
            await browser.close()
    return found


class _Handler(BaseHTTPRequestHandler):
    """Serves the host's own files, and an empty page."""

    def do_GET(self) -> None:
        """Answer a file."""
        asset = own_assets().files.get(self.path.lstrip("/"))
        body = asset.body if asset else b"<!doctype html><title>charts</title>"
        self.send_response(200)
        self.send_header("Content-Type", asset.media_type if asset else "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _files() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
