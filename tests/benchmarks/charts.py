"""The chart's engine in a real Chromium: how long one look at many points takes.

uPlot draws the same points in the same run, where its package can be had: it is neither
kept nor shipped.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final

import pyppeteer

from nxforge_core.ui import Asset, own_assets

__all__ = ["chromium", "measure"]

_UPLOT: Final = "uplot@1.6.32"
_FLAGS: Final = ["--no-sandbox"] if os.geteuid() == 0 else []
#: Each look is painted before the clock stops: a pixel is read back.
_SCRIPT: Final = """async ({ lines, points, looks, other }) => {
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
  const { Engine } = await import("./chart/engine.js");
  const ours = () => {
    const engine = new Engine(host, { unit: "kW" });
    engine.setData(columns);
    return { canvas: engine.canvas, look: (from, to) => engine.setView([from, to]) };
  };
  const theirs = async () => {
    const { default: Plot } = await import("./uplot.js");
    const hues = ["#2557d6", "#b45309", "#0f766e", "#be185d", "#6d28d9"];
    const series = columns.map((_, n) => ({ label: `L${n}`, stroke: hues[n] }));
    const options = { width: 1200, height: 360, ms: 1, series: [{}, ...series] };
    const gaps = (y) => Array.from(y, (value) => (value === value ? value : null));
    const data = [Array.from(x), ...columns.map(({ y }) => gaps(y))];
    return () => {
      const plot = new Plot(options, data, host);
      const look = (min, max) => plot.setScale("x", { min, max });
      return { canvas: plot.ctx.canvas, look };
    };
  };
  const make = other ? await theirs() : ours;
  // One of the two draws when its caller is done.
  const painted = async () => {
    await null;
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
  };
  const begin = performance.now();
  const { canvas, look: show } = make();
  await painted();
  const first = performance.now() - begin;
  const span = x[points - 1] - x[0];
  const took = [];
  for (let look = 0; look < looks; look += 1) {
    const share = 0.02 * look;
    const start = performance.now();
    show(x[0] + (span * share) / 2, x[points - 1] - (span * share) / 2);
    await painted();
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
    found: dict[str, float] = {}
    other = _uplot()
    with _files(other) as base:
        async with chromium() as browser:
            page = await browser.newPage()
            await page.goto(f"{base}/")
            for name, lines in (("one", 1), ("five", 5)):
                own = await _looked(page, lines, other=False)
                found |= {f"{name}_{what}_ms": own[what] for what in own}
                if other:
                    theirs = await _looked(page, lines, other=True)
                    ratio = own["zoom"] / theirs["zoom"]
                    found |= {f"{name}_uplot_{w}_ms": theirs[w] for w in theirs}
                    found[f"{name}_zoom_over_uplot"] = round(ratio, 3)
    return found


@asynccontextmanager
async def chromium() -> AsyncIterator[Any]:
    """The system's, headless."""
    browser = await pyppeteer.launch(
        executablePath=shutil.which("chromium"),
        args=[*_FLAGS, "--disable-gpu", "--no-first-run"],
        handleSIGINT=False,
        handleSIGTERM=False,
        handleSIGHUP=False,
    )
    try:
        yield browser
    finally:
        await browser.close()


async def _looked(page: Any, lines: int, *, other: bool) -> dict[str, float]:
    """The quicker one of two turns: the first also warms the compiler up."""
    given = {"lines": lines, "points": 100_000, "looks": 20, "other": other}
    turns = [await page.evaluate(_SCRIPT, given) for _ in range(2)]
    return min(turns, key=lambda turn: float(turn["zoom"]))


def _uplot() -> bytes:
    """Its module, for this run alone; empty, with a word, where it cannot be had."""
    with tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder:
        options = ["--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            subprocess.run(  # a command of this file
                [shutil.which("npm") or "npm", "install", *options, _UPLOT],
                check=True,
                capture_output=True,
                timeout=60,
            )
            return Path(folder, "node_modules/uplot/dist/uPlot.esm.js").read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            print(f"not compared with {_UPLOT}: {error}", file=sys.stderr)  # noqa: T201  # a program
            return b""


class _Handler(BaseHTTPRequestHandler):
    """Serves the host's own files, those that are added, and an empty page."""

    more: ClassVar[dict[str, Asset]] = {}

    def do_GET(self) -> None:
        """Answer a file."""
        name = self.path.lstrip("/")
        asset = own_assets().files.get(name) or self.more.get(name)
        body = asset.body if asset else b"<!doctype html><title>charts</title>"
        self.send_response(200)
        self.send_header("Content-Type", asset.media_type if asset else "text/html")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def _files(other: bytes) -> Iterator[str]:
    more = {"uplot.js": Asset(other, "text/javascript")}
    handler = type("_More", (_Handler,), {"more": more})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
