"""Whether sensors are read."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from nxforge_core.api import Health, PluginContext, load_sql
from nxforge_temperature_monitor.settings import TemperatureSettings

__all__ = ["sensor_health"]

_SQL = load_sql("nxforge_temperature_monitor")
#: A round comes every 10 s.
_PATIENCE: Final = timedelta(minutes=2)


async def sensor_health(ctx: PluginContext[TemperatureSettings]) -> Health:
    """Failing when most sensors fail, or when nobody reads them."""
    row = await ctx.db.fetchrow(_SQL.health)
    if row is None or not row["enabled"]:
        return Health("ok", "no sensor is read over HTTP")
    words = f"{row['failing']} of {row['enabled']} sensors fail"
    if 2 * row["failing"] > row["enabled"]:
        return Health("failing", words)
    if ctx.clock.now() - row["due"] > _PATIENCE:
        return Health("failing", f"due since {row['due']}: is a worker running?")
    return Health("ok", words)
