"""Workers in processes of their own, for tests that watch several or kill one."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from nxforge_core.database import ServerAddress
from nxforge_core.jobs import EngineOptions

__all__ = ["running_worker"]

_SCRIPT = Path(__file__).parents[1] / "integration/jobs/worker_process.py"


@asynccontextmanager
async def running_worker(
    address: ServerAddress, options: EngineOptions
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `worker_process.py`; it says `ready` on its output, and is killed at the end.

    It finds the modules of this folder by the path of the test that starts it.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(_SCRIPT),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(msgspec.json.encode((address, options)) + b"\n")
        await process.stdin.drain()
        assert await process.stdout.readline() == b"ready\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
