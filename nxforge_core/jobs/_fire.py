"""A slot or a wish becomes a run: row and queue job in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from psycopg import AsyncConnection

from nxforge_core.api import JobSpec, Manual, PluginId, RunId

from ._errors import JobBusyError
from ._link import Link, Row, query
from ._spread import spread
from ._sql import SQL

__all__ = ["fire_manual", "fire_slot", "record_slot", "run_slot"]


async def fire_slot(
    link: Link, plugin: PluginId, spec: JobSpec, slot: datetime
) -> None:
    """Queue the slot's run, unless any process did; a busy job's slot is `skipped`."""
    async with link.transaction() as connection:
        await run_slot(link, connection, plugin, spec, slot)


async def run_slot(
    link: Link,
    connection: AsyncConnection[Row],
    plugin: PluginId,
    spec: JobSpec,
    slot: datetime,
    *,
    trigger: Literal["schedule", "catch-up"] = "schedule",
) -> None:
    """Do the same inside a transaction."""
    # All caught-up slots of `run_all` queue up: they would skip each other otherwise.
    lined_up = trigger == "catch-up" and spec.misfire == "run_all"
    run = await _insert(
        connection, plugin, spec, slot, trigger, exclusive=not lined_up and _alone(spec)
    )
    if run is not None:
        at = None if trigger == "catch-up" else _delayed(plugin, spec, slot)
        await link.defer(connection, run, 1, at=at, lane=_lane(plugin, spec))
    elif _alone(spec) and not lined_up:
        busy = await _busy(connection, plugin, spec)
        note = f"run {busy} was not finished" if busy else "another run was unfinished"
        await record_slot(connection, plugin, spec, slot, "skipped", note)


async def record_slot(
    connection: AsyncConnection[Row],
    plugin: PluginId,
    spec: JobSpec,
    slot: datetime,
    state: Literal["skipped", "misfired"],
    note: str,
) -> None:
    """Write down that a slot gets no run, and why."""
    await query(
        connection,
        SQL.insert_ended,
        plugin=plugin,
        job=spec.name,
        slot=slot,
        state=state,
        note=note,
    )


async def fire_manual(
    link: Link,
    plugin: PluginId,
    spec: JobSpec,
    asked: tuple[datetime, str],
    params: str | None,
) -> RunId:
    """Queue a run that somebody asked for (when, and by whom), and answer its id.

    The parameters are checked before, and come as JSON text.

    Raises:
        JobBusyError: the job never overlaps and is unfinished.
    """
    async with link.transaction() as connection:
        run = await _insert(
            connection,
            plugin,
            spec,
            asked[0],
            "manual",
            exclusive=_alone(spec),
            asked_by=asked[1],
            params=params,
        )
        if run is None:
            raise JobBusyError(plugin, spec.name, await _busy(connection, plugin, spec))
        await link.defer(connection, run, 1, lane=_lane(plugin, spec))
    return run


async def _insert(  # noqa: PLR0913 - one keyword for each column
    connection: AsyncConnection[Row],
    plugin: PluginId,
    spec: JobSpec,
    slot: datetime,
    trigger: str,
    *,
    exclusive: bool,
    asked_by: str | None = None,
    params: str | None = None,
) -> RunId | None:
    rows = await query(
        connection,
        SQL.insert_run,
        plugin=plugin,
        job=spec.name,
        slot=slot,
        trigger=trigger,
        asked_by=asked_by,
        exclusive=exclusive,
        lane=_lane(plugin, spec),
        params=params,
    )
    return RunId(rows[0][0]) if rows else None


async def _busy(
    connection: AsyncConnection[Row], plugin: PluginId, spec: JobSpec
) -> RunId | None:
    rows = await query(connection, SQL.busy_run, plugin=plugin, job=spec.name)
    return RunId(rows[0][0]) if rows else None


def _alone(spec: JobSpec) -> bool:
    return spec.overlap == "skip"


def _lane(plugin: PluginId, spec: JobSpec) -> str | None:
    """Deliveries that must go one after another share a lane."""
    lined_up = spec.overlap == "queue" or (_alone(spec) and spec.misfire == "run_all")
    return f"{plugin}/{spec.name}" if lined_up else None


def _delayed(plugin: PluginId, spec: JobSpec, slot: datetime) -> datetime | None:
    """Jitter comes after the slot is fixed: the slot stays, the delivery waits."""
    if isinstance(spec.trigger, Manual) or not spec.trigger.jitter:
        return None
    delay = spec.trigger.jitter * spread(plugin, spec.name, slot.isoformat())
    return slot + timedelta(seconds=delay)
