"""Memory of `nxforge serve` with both plugins under the load of the demo."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import psutil

__all__ = ["measure"]

#: The promise is about ten minutes; BENCH_MEMORY_SECONDS shortens a look.
_SECONDS: Final = float(os.environ.get("BENCH_MEMORY_SECONDS", "600"))
_LINK: Final = re.compile(r"login/")


def measure() -> dict[str, float]:
    """PSS of the demo's process in MB at the end; PostgreSQL is not counted.

    The demo's process holds the simulated rack as well, so this is an upper bound.
    """
    with tempfile.TemporaryDirectory(prefix="nxforge-bench-") as folder:
        program = str(Path(sys.executable).parent / "nxforge")
        process = subprocess.Popen(  # our own command
            [program, "demo", "--port", "0", "--data-dir", folder],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            _wait(process)
            time.sleep(_SECONDS)  # noqa: TID251  # no loop here to block
            used = psutil.Process(process.pid).memory_full_info().pss
        finally:
            process.terminate()
            process.communicate(timeout=30)
    return {"pss_mb": round(used / 1e6, 1), "after_seconds": _SECONDS}


def _wait(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None  # it is a pipe
    for line in process.stdout:
        if _LINK.search(line):
            return
    raise RuntimeError(process.args)
