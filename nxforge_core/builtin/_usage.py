"""What the runs of one plugin leave behind, and what became of its events."""

from __future__ import annotations

from nxforge_core.api import Model, PluginId, RouteSpec
from nxforge_core.jobs import JobUsage

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


class PluginUsage(Model):
    """What the newest 50 measured runs of each job cost, and its events."""

    id: str
    events: EventUsage
    total: UsageTotal
    jobs: list[JobUsage]


async def show_usage(ctx: CoreContext, plugin: str) -> PluginUsage:
    """Growth of memory, open files and threads over a plugin's newest runs; events."""
    names = [job.name for job in find_plugin(ctx, plugin).specs.jobs]
    jobs = await ctx.host.statistics.usage(PluginId(plugin), names)
    total = UsageTotal(
        runs=sum(job.runs for job in jobs),
        memory_growth=sum(job.memory_growth for job in jobs),
        file_growth=sum(job.file_growth for job in jobs),
        thread_growth=sum(job.thread_growth for job in jobs),
        seconds=sum(job.seconds for job in jobs),
    )
    events = EventUsage(**ctx.host.hub.counts.of(plugin))
    return PluginUsage(id=plugin, events=events, total=total, jobs=jobs)


ROUTES = [
    RouteSpec(
        "GET",
        "/api/v1/plugins/{plugin:str}/usage",
        show_usage,
        permission="nxforge:plugins:read",
    )
]
