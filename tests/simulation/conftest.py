"""A database with the plugin's tables, and whoever takes part in a run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import asyncpg
import pytest
from simulated_year import SCHEMA, Surroundings

from nxforge_core.database import Pool, ServerAddress, migrate, quote_identifier


@pytest.fixture
async def around(database: ServerAddress) -> AsyncIterator[Surroundings]:
    """What the operator's routes are handed, on fresh tables of the plugin."""
    connection = await asyncpg.connect(**database.asyncpg_arguments())
    await connection.execute(f"CREATE SCHEMA {SCHEMA}")
    # Nobody pulls this server's plug, and there are thousands of rounds.
    name = quote_identifier(database.database)
    await connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await connection.close()
    folder = Path(str(files("nxforge_consumption_monitor"))) / "migrations"
    await migrate(database, SCHEMA, "consumption-monitor", folder)
    surroundings = Surroundings(Pool(database, search_path=SCHEMA))
    yield surroundings
    await surroundings.close()
