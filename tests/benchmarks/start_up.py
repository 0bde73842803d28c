"""From the start of `nxforge serve` to the first answer, on a warm database."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Final

__all__ = ["measure"]

_ROUNDS: Final = 5
_PORT: Final = 18_941


def measure() -> dict[str, float]:
    """Seconds to the first answer, median of starts after the first."""
    with tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder:
        _start(Path(folder))
        seconds = [_start(Path(folder)) for _ in range(_ROUNDS)]
    return {"start_seconds": round(statistics.median(seconds), 3)}


def _start(data: Path) -> float:
    # Installed by pip, a package has its bytecode beside it.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment = {
        **kept,
        "NXFORGE_DATA_DIR": str(data),
        "NXFORGE_PLUGINS_ENABLE": "consumption-monitor,temperature-monitor",
    }
    program = str(Path(sys.executable).parent / "nxforge")
    began = time.perf_counter()
    process = subprocess.Popen(  # our own command
        [program, "serve", "--port", str(_PORT)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        return _first_answer() - began
    finally:
        process.terminate()
        process.wait(20)


def _first_answer() -> float:
    url = f"http://127.0.0.1:{_PORT}/health/live"
    for _ in range(6000):
        try:
            with urllib.request.urlopen(url) as answer:  # loopback
                answer.read()
                return time.perf_counter()
        except OSError:
            time.sleep(0.005)  # noqa: TID251  # no loop here to block
    raise TimeoutError(url)
