"""A script that uses NxForge without HTTP: start, run one job, print what it says."""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec

from nxforge_core.host import NxForge
from nxforge_core.settings import load_settings

__all__ = ["main"]


async def main(plugin: str, job: str) -> int:
    """Run a job of a plugin to its end."""
    async with NxForge(load_settings(environ=os.environ)) as host:
        run = await host.run_job(plugin, job, by="report.py")
    sys.stdout.write(msgspec.json.encode(run.result).decode() + "\n")
    return 0 if run.state == "succeeded" else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
