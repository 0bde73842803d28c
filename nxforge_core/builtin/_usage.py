"""What the runs of one plugin leave behind, and what became of its events."""

from __future__ import annotations

from typing import Any

from nxforge_core.api import Model, PluginId, RouteSpec
from nxforge_core.jobs import JobUsage
from nxforge_core.plugins import Plugin

from ._context import CoreContext
from ._plugins import find_plugin

__all__ = [
    "ROUTES",
    "show_usage",
]


class UsageTotal(Model):
    """Sums over all jobs: bytes, open files and sockets, threads, seconds of work."""

    runs: int
    memory_growth: int
    file_growth: int
    thread_growth: int
    seconds: float


class EventUsage(Model):
    """Events of the answering process since its start.

    Attributes:
        refused: The plugin published them, and the hub did not take them.
        lost: They did not reach other processes.
        failed: A handler of the plugin failed with them.
        dropped: A handler of the plugin was too slow for them.
    """

    published: int
    refused: int
    lost: int
    delivered: int
    failed: int
    dropped: int


class LoadUsage(Model):
    """How long its code took to load: importing, and answering hooks."""

    hooks: int
    milliseconds: float


class RouteUsage(Model):
    """Requests that the answering process served for it since its start.

    Attributes:
        failures: Answered 500 or above, or not at all.
        seconds: Until answers began.
    """

    declared: int
    requests: int
    failures: int
    seconds: float


class DatabaseUsage(Model):
    """Of its pool in the answering process, and its tables.

    Attributes:
        loans: How often a connection was lent.
        wait_seconds: In which it waited for one.
        held_seconds: In which it had one.
        size: Bytes of its tables with their indexes; null where nothing is measured.
    """

    loans: int
    wait_seconds: float
    held_seconds: float
    size: int | None


class FetchUsage(Model):
    """Outgoing requests of the answering process."""

    requests: int
    failures: int
    seconds: float


class LoopUsage(Model):
    """How its code blocked the event loop of the answering process.

    Attributes:
        stack: Where it did last, the innermost call at the end.
    """

    blocks: int
    seconds: float
    stack: list[str]


class FilesUsage(Model):
    """Files that it keeps, in bytes."""

    files: int
    size: int
    quota: int


class PluginUsage(Model):
    """What a plugin costs: its runs, and what this process did for it."""

    id: str
    load: LoadUsage
    routes: RouteUsage
    database: DatabaseUsage
    fetches: FetchUsage
    loop: LoopUsage
    files: FilesUsage
    events: EventUsage
    total: UsageTotal
    jobs: list[JobUsage]


async def show_usage(ctx: CoreContext, plugin: str) -> PluginUsage:
    """What a plugin costs: load, routes, database, requests, loop, files, runs."""
    found = find_plugin(ctx, plugin)
    names = [job.name for job in found.specs.jobs]
    jobs = await ctx.host.statistics.usage(PluginId(plugin), names)
    total = UsageTotal(
        runs=sum(job.runs for job in jobs),
        memory_growth=sum(job.memory_growth for job in jobs),
        file_growth=sum(job.file_growth for job in jobs),
        thread_growth=sum(job.thread_growth for job in jobs),
        seconds=sum(job.seconds for job in jobs),
    )
    events = EventUsage(**ctx.host.hub.counts.of(plugin))
    parts = await _parts(ctx, found)
    return PluginUsage(id=plugin, events=events, total=total, jobs=jobs, **parts)


async def _parts(ctx: CoreContext, plugin: Plugin) -> dict[str, Any]:
    account = ctx.host.ledger.of(plugin.id)
    lending = account.database
    room = await ctx.host.storage_of(plugin.id).usage()
    return {
        "load": LoadUsage(
            hooks=len(plugin.calls),
            milliseconds=round(sum(each.seconds for each in plugin.calls) * 1000, 3),
        ),
        "routes": RouteUsage(
            declared=len(plugin.specs.routes),
            requests=account.requests,
            failures=account.failures,
            seconds=account.answering,
        ),
        "database": DatabaseUsage(
            loans=lending.lent,
            wait_seconds=lending.waited,
            held_seconds=lending.held,
            size=await _size(ctx, plugin.id),
        ),
        "fetches": FetchUsage(
            requests=account.fetches,
            failures=account.fetch_failures,
            seconds=account.fetching,
        ),
        "loop": LoopUsage(
            blocks=account.blocks,
            seconds=account.blocked,
            stack=list(account.stack),
        ),
        "files": FilesUsage(files=room.files, size=room.size, quota=room.quota),
    }


async def _size(ctx: CoreContext, plugin: str) -> int | None:
    stored = await ctx.host.storage()
    return next((each.size for each in stored if each.plugin == plugin), None)


ROUTES = [
    RouteSpec(
        "GET",
        "/api/v1/plugins/{plugin:str}/usage",
        show_usage,
        permission="nxforge:plugins:read",
    )
]
