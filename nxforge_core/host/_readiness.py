"""Whether a host should be given requests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from nxforge_core.builtin import Readiness
from nxforge_core.database import Pool
from nxforge_core.jobs import EngineHealth

__all__ = ["readiness_of"]

_PROBE_SECONDS: Final = 3.0


async def readiness_of(
    health: EngineHealth, database: Pool, missing: Sequence[str]
) -> Readiness:
    """Ask the database, and look at the engine and at required plugins.

    Args:
        health: The engine's.
        database: The core's.
        missing: Plugins that are required and do not run.
    """
    checks = {"database": await _database_state(database), "jobs": "ok"}
    if health.state not in ("running", "starting"):
        checks["jobs"] = " ".join(health.detail.split()) or health.state
    checks["plugins"] = f"{', '.join(missing)} not running" if missing else "ok"
    return Readiness(all(state == "ok" for state in checks.values()), checks)


async def _database_state(database: Pool) -> str:
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            await database.fetchval("select 1")
    except Exception as error:  # noqa: BLE001  # any failure is the answer
        return str(error) or type(error).__name__
    return "ok"
