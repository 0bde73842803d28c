"""The temperature monitor on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import as_file, files
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.api import Connection, NoParams
from nxforge_core.database import Pool, ServerAddress, migrate
from nxforge_temperature_monitor.models import NewReading, TemperatureSettings
from nxforge_temperature_monitor.plugin import (
    cleanup_readings,
    readings,
    store_reading,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def context(database: ServerAddress) -> AsyncIterator[Any]:
    """The plugin's tables, its settings, and a clock that stands still."""
    host = Pool(database, search_path="public")
    schema = "nxp_temperature_monitor"
    await host.execute(f"create schema {schema}")
    source = files("nxforge_temperature_monitor") / "migrations"
    with as_file(source) as folder:
        await migrate(database, schema, "temperature-monitor", folder)
    pool = Pool(database, search_path=schema)

    def transaction() -> AbstractAsyncContextManager[Connection]:
        return pool.transaction()

    yield SimpleNamespace(
        db=pool,
        clock=SimpleNamespace(now=lambda: NOW),
        settings=TemperatureSettings(retention_days=30),
        transaction=transaction,
    )
    await pool.close()
    await host.close()


async def test_newest_reading_of_each_sensor_is_answered(context: Any) -> None:
    """An older reading of the same sensor is not; the same one twice is stored once."""
    for minutes, celsius in ((10, "20.5"), (0, "21.125"), (0, "21.125")):
        at = NOW - timedelta(minutes=minutes)
        data = NewReading(sensor="room", celsius=Decimal(celsius), ts=at)
        last = await store_reading(context, data)

    found = await readings(context)

    assert last.stored is False
    assert [(one.sensor, one.celsius, one.ts) for one in found] == [
        ("room", Decimal("21.125"), NOW)
    ]


async def test_cleanup_deletes_what_is_older_than_the_retention(context: Any) -> None:
    """Thirty days are kept to the second."""
    for days in (29, 31):
        at = NOW - timedelta(days=days)
        data = NewReading(sensor=f"s{days}", celsius=Decimal(20), ts=at)
        await store_reading(context, data)

    result = await cleanup_readings(context, NoParams())

    assert result["deleted"] == 1
    assert [one.sensor for one in await readings(context)] == ["s29"]
