"""The only place that joins things: from settings to a host at work, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import Distribution, version

from nxforge_core.api import Clock, PluginId, PluginInfo
from nxforge_core.builtin import CoreContext
from nxforge_core.host._access import Access
from nxforge_core.host._application import build_application
from nxforge_core.host._core import Core, open_core
from nxforge_core.host._corners import Corners
from nxforge_core.host._enabled import enabled_plugins, instance_id
from nxforge_core.host._generation import Closed, Generation
from nxforge_core.host._inventory import take_inventory
from nxforge_core.host._people import People
from nxforge_core.host._plugin_jobs import PluginJobs
from nxforge_core.host._registry import RunningJobs
from nxforge_core.host._running import Running
from nxforge_core.host._starter import Started, Starter
from nxforge_core.jobs import Engine, EngineOptions, Runs
from nxforge_core.plugins import BUILT_IN, Inventory, Plugin
from nxforge_core.security import (
    LoginLinks,
    NetworkPolicy,
    RoleBook,
    TokenStore,
    own_addresses,
)
from nxforge_core.services import GuardedHttp, get_log
from nxforge_core.settings import Settings

__all__ = ["assemble"]


@asynccontextmanager
async def assemble(
    settings: Settings, clock: Clock, distributions: Iterable[Distribution] | None
) -> AsyncIterator[Running]:
    """Open the database, load the plugins, start what is enabled, start the engine.

    Raises:
        NxForgeError: the host itself cannot start; a plugin's failure is no reason.
    """
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(settings))
        enable = await enabled_plugins(core.database) | set(settings.plugins.enable)
        inventory = take_inventory(enable, clock, distributions)
        jobs = RunningJobs()
        running = await _running(settings, clock, core, inventory, jobs)
        access = Access(People(running.tokens, _roles(inventory)))
        starter = await _starter(settings, clock, running, access, stack)
        running.started = await starter.start_all(_others(inventory), stack)
        running.notices = starter.corners.notices
        jobs.show(running.started)
        _open_routes(running, starter)
        await running.engine.start()
        stack.push_async_callback(running.engine.stop)
        yield running


def _roles(inventory: Inventory) -> RoleBook:
    return RoleBook.of(plugin.manifest for plugin in inventory if plugin.manifest)


def _others(inventory: Inventory) -> list[Plugin]:
    return [plugin for plugin in inventory.active if plugin.id != BUILT_IN]


async def _running(
    settings: Settings,
    clock: Clock,
    core: Core,
    inventory: Inventory,
    jobs: RunningJobs,
) -> Running:
    options = EngineOptions(
        instance=await instance_id(core.database),
        worker=settings.jobs.worker,
        scheduler=settings.jobs.scheduler,
        concurrency=settings.jobs.concurrency,
        grace=settings.jobs.grace,
    )
    return Running(
        core=core,
        inventory=inventory,
        engine=Engine(core.database, core.address, jobs, clock, options),
        runs=Runs(core.database),
        tokens=TokenStore(core.database, clock),
        links=LoginLinks(core.database, clock),
        required=settings.plugins.required,
        version=version("nxforge-core"),
    )


async def _starter(
    settings: Settings,
    clock: Clock,
    running: Running,
    access: Access,
    stack: AsyncExitStack,
) -> Starter:
    own = await own_addresses([running.core.address.host])
    http = GuardedHttp(NetworkPolicy.parse(settings.network.allow, own))
    stack.push_async_callback(http.close)
    corners = Corners(running.core, clock, settings.database.pool_max)
    stack.push_async_callback(corners.close)
    return Starter(
        settings=settings,
        core=running.core,
        corners=corners,
        inventory=running.inventory,
        access=access,
        http=http,
        runner=running.engine,
        clock=clock,
    )


def _open_routes(running: Running, starter: Starter) -> None:
    zero = running.inventory[BUILT_IN]
    context = CoreContext(
        plugin=PluginInfo(zero.id, zero.distribution, zero.version),
        settings=None,
        db=running.core.database,
        http=starter.http,
        secrets=running.core.keys.for_plugin(zero.id),
        jobs=PluginJobs(running.engine, zero.id),
        log=get_log(zero.id),
        clock=starter.clock,
        host=running,
    )
    running.zero = build_application(zero.specs.routes, "", context, starter.access)
    running.generation = Generation(
        core=running.zero.asgi,
        plugins={name: one.application.asgi for name, one in running.started.items()},
        closed=_closed(running.plugins(), running.started),
    )


def _closed(
    installed: Iterable[Plugin], started: Mapping[PluginId, Started]
) -> dict[str, Closed]:
    return {
        plugin.id: Closed(plugin.id, *_why_closed(plugin))
        for plugin in installed
        if plugin.id not in started
    }


def _why_closed(plugin: Plugin) -> tuple[str, str]:
    if plugin.problem is None:
        return plugin.state, f"enable it with 'nxforge plugins enable {plugin.id}'"
    # The problem's words may hold paths and values that are not everybody's business.
    reason = f"{plugin.state} in phase {plugin.problem.phase}"
    return reason, f"GET /api/v1/plugins/{plugin.id} explains it"
