"""What the host costs a route: the same handler on bare Litestar, in one run."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.load import requests_per_second
from tests.benchmarks.servers import bare, install_plugin, nxforge

__all__ = ["measure"]

_ROUNDS: Final = 5
_SECONDS: Final = 2.0
_PUBLIC: Final = "/api/v1/m/bench/value?number=3"
_GUARDED: Final = "/api/v1/m/bench/guarded?number=3"


def measure() -> dict[str, float]:
    """Requests per second of the host over those of bare Litestar, medians.

    `public` is a public route without access log; `guarded` has a bearer token, a
    permission check, the envelope, a request id and an access line.
    """
    with tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder:
        site, data = Path(folder, "site"), Path(folder, "data")
        install_plugin(site)
        quiet, loud = (data / name for name in ("quiet", "loud"))
        with (
            bare() as plain,
            nxforge(quiet, site, access=False) as public,
            nxforge(loud, site, access=True) as guarded,
        ):
            token = _token(loud)
            targets = {
                "bare": (plain, _PUBLIC, ""),
                "public": (public, _PUBLIC, ""),
                "guarded": (guarded, _GUARDED, token),
            }
            rates = asyncio.run(_rounds(targets))
    return {
        "bare_per_second": round(rates["bare"]),
        "public_ratio": round(rates["public"] / rates["bare"], 3),
        "guarded_ratio": round(rates["guarded"] / rates["bare"], 3),
    }


async def _rounds(targets: dict[str, tuple[int, str, str]]) -> dict[str, float]:
    found: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(_ROUNDS):
        for name, (port, path, token) in targets.items():
            rate = await requests_per_second(port, path, _SECONDS, token)
            if rate.wrong:
                raise RuntimeError(name, rate)
            found[name].append(rate.per_second)
    return {name: statistics.median(rates) for name, rates in found.items()}


def _token(data: Path) -> str:
    program = str(Path(sys.executable).parent / "nxforge")
    environment = {**os.environ, "NXFORGE_DATA_DIR": str(data)}
    return subprocess.check_output(  # our own command
        [program, "tokens", "create", "bench", "--role", "viewer"],
        env=environment,
        text=True,
    ).strip()
