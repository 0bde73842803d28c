"""The only place that joins things: from settings to a host at work, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version

from nxforge_core.events import EventHub, Listener, Subscription
from nxforge_core.jobs import Engine, EngineOptions, Overrides, Plans, Runs, Statistics
from nxforge_core.plugins import BUILT_IN, Inventory, Plugin
from nxforge_core.security import (
    LoginLinks,
    NetworkPolicy,
    RoleBook,
    TokenStore,
    check_keys,
    own_addresses,
)
from nxforge_core.services import GuardedHttp, beside, get_log
from nxforge_core.settings import JobSettings

from ._access import Access
from ._blocking import Blocking
from ._core import Core, open_core
from ._corners import Corners
from ._enabled import instance_id
from ._housekeeping import flushing
from ._inventory import take_inventory
from ._lifespans import Lifespans
from ._metering import Metering
from ._order import Order
from ._people import People
from ._registry import RunningJobs
from ._routing import open_routes
from ._running import Running
from ._starter import Starter
from ._watch import Watch

__all__ = ["assemble"]


@asynccontextmanager
async def assemble(order: Order) -> AsyncIterator[Running]:
    """Open the database, load the plugins, start what is enabled, start the engine.

    Raises:
        NxForgeError: the host itself cannot start; a plugin's failure is no reason.
    """
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(order.settings))
        check_keys(core.keys)
        inventory = await take_inventory(order, core.database)
        jobs = RunningJobs()
        listener = Listener(core.address, get_log())
        await stack.enter_async_context(beside(listener.run()))
        hub = EventHub(core.database, listener, order.clock, get_log)
        await stack.enter_async_context(beside(hub.run()))
        running = await _running(order, core, inventory, jobs, listener, hub)
        await stack.enter_async_context(flushing(running.tokens))
        await stack.enter_async_context(running.blocking.watching())
        # Closes the queue, which plugins may use while they start, where the start
        # fails; after a start the same call below comes first and this one does
        # nothing.
        stack.push_async_callback(running.engine.stop)
        starter = await _starter(order, running, jobs, stack)
        running.started = await starter.start_all(_others(inventory))
        running.notices = starter.corners.notices
        heard = hub.subscribed(_subscriptions(running))
        await stack.enter_async_context(heard)
        jobs.show({name: one.context for name, one in running.started.items()})
        open_routes(running, starter)
        await running.engine.start()
        stack.push_async_callback(running.engine.stop)
        yield running


def _others(inventory: Inventory) -> list[Plugin]:
    return [plugin for plugin in inventory.active if plugin.id != BUILT_IN]


def _subscriptions(running: Running) -> list[Subscription]:
    return [
        (spec, one.context)
        for one in running.started.values()
        for spec in one.plugin.specs.events
    ]


async def _running(
    order: Order,
    core: Core,
    inventory: Inventory,
    jobs: RunningJobs,
    listener: Listener,
    hub: EventHub,
) -> Running:
    settings, clock = order.settings, order.clock
    options = _options(settings.jobs, await instance_id(core.database))
    metering = Metering(listener)
    blocking = Blocking(
        inventory,
        clock,
        settings.jobs.block_limit,
        Overrides(core.database, clock).disable,
        metering.blocks,
    )
    return Running(
        core=core,
        inventory=inventory,
        hub=hub,
        engine=_engine(order, core, jobs, options, listener, metering),
        runs=Runs(core.database),
        plans=Plans(jobs, core.database, clock),
        statistics=Statistics(core.database, clock),
        metering=metering,
        tokens=TokenStore(core.database, clock),
        links=LoginLinks(core.database, clock),
        blocking=blocking,
        watch=Watch(inventory, clock, order.deadlines, blocking),
        required=settings.plugins.required,
        version=version("nxforge-core"),
    )


def _engine(
    order: Order,
    core: Core,
    jobs: RunningJobs,
    options: EngineOptions,
    listener: Listener,
    metering: Metering,
) -> Engine:
    return Engine(
        core.database,
        core.address,
        jobs,
        order.clock,
        options,
        listener,
        meters=metering.jobs,
    )


def _options(settings: JobSettings, instance: str) -> EngineOptions:
    return EngineOptions(
        instance=instance,
        worker=settings.worker,
        scheduler=settings.scheduler,
        concurrency=settings.concurrency,
        limits=settings.limits,
        queues=settings.queues,
        grace=settings.grace,
        stalled=settings.stalled,
        heartbeat=min(5.0, settings.stalled / 6),
        reap=min(10.0, settings.stalled / 3),
        late=settings.stalled,
        sweep=2 * settings.stalled,
    )


async def _starter(
    order: Order, running: Running, jobs: RunningJobs, stack: AsyncExitStack
) -> Starter:
    settings, core = order.settings, running.core
    own = await own_addresses([core.address.host])
    http = GuardedHttp(NetworkPolicy.parse(settings.network.allow, own))
    stack.push_async_callback(http.close)
    corners = Corners(core, order.clock, settings.database.pool_max)
    stack.push_async_callback(corners.close)
    people = People(running.tokens, _roles(running.inventory))
    return Starter(
        settings=settings,
        core=core,
        corners=corners,
        inventory=running.inventory,
        access=Access(people),
        http=http,
        runner=running.engine,
        jobs=jobs,
        hub=running.hub,
        clock=order.clock,
        lifespans=Lifespans(stack, order.deadlines, running.watch.broken),
    )


def _roles(inventory: Inventory) -> RoleBook:
    return RoleBook.of(plugin.manifest for plugin in inventory if plugin.manifest)
