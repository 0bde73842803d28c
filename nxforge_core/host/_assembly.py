"""The only place that joins things: from settings to a host at work, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from nxforge_core.api import Events, PluginContext, PluginId
from nxforge_core.events import EventHub, Listener
from nxforge_core.jobs import Engine, EngineOptions, Overrides, Plans, Runs, Statistics
from nxforge_core.plugins import BUILT_IN, During, Inventory, unnoted
from nxforge_core.plugins.settings import SettingsBook
from nxforge_core.security import check_keys
from nxforge_core.services import GuardedHttp, beside, get_log
from nxforge_core.services.browser import PooledBrowser

from ._application import build_application
from ._blocking import Blocking
from ._budget import StopBudget, in_time
from ._core import Core, open_core
from ._corners import Corners
from ._housekeepers import housekeepers
from ._housekeeping import flushing
from ._keys import following_keys
from ._later import now_or_later
from ._lifespans import Lifespans
from ._metering import Metering
from ._module_events import tell_modules
from ._networks import following_networks, open_networks
from ._notices import delivering, notify_desk
from ._order import Order
from ._parts import access_of, browser_options, engine_options
from ._plugin_events import PluginEvents
from ._registry import RunningJobs
from ._rooms import Rooms
from ._routing import zero_context
from ._running import Running
from ._security import following, open_security
from ._starter import Started, Starter
from ._stopping import drain, stop_engine
from ._tuning import Tuning
from ._watch import Watch
from .lifecycle import (
    Conductor,
    Journal,
    following_restarts,
    hold_inquest,
    take_inventory,
    take_one,
)
from .upkeep import UpkeepDesk

__all__ = ["assemble", "assemble_context"]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What there is before the host is."""

    order: Order
    core: Core
    inventory: Inventory
    jobs: RunningJobs
    listener: Listener
    hub: EventHub
    budget: StopBudget

    @property
    def events(self) -> PluginEvents:
        """The host's own voice."""
        return PluginEvents(self.hub, self.inventory[BUILT_IN])


@asynccontextmanager
async def assemble(order: Order) -> AsyncIterator[Running]:
    """Open the database, load the plugins, start what is enabled, start the engine.

    Raises:
        NxForgeError: the host itself cannot start; a plugin's failure is no reason.
    """
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(order.settings))
        check_keys(core.keys)
        journal = await _journal(order, core, stack)
        inventory, wishes = await take_inventory(order, core.database, journal.step)
        jobs = RunningJobs()
        budget = StopBudget.after(order.settings.jobs.grace, order.clock)
        listener, hub = await _hearing(order, core, stack, budget)
        ground = _Ground(order, core, inventory, jobs, listener, hub, budget)
        running = await _running(ground)
        await _follow_changes(ground, running, stack)
        # Closes the queue, which plugins may use while they start, where that fails;
        # after a start the same call below comes first and this one does nothing.
        stack.push_async_callback(stop_engine, running)
        starter = await _starter(order, running, jobs, stack, journal.step)
        running.notices = starter.corners.notices
        await _open_zero(running, starter, ground.events, lazy=order.lazy)
        conductor = _conductor(ground, running, starter)
        running.conductor = conductor
        running.upkeep = UpkeepDesk(order, core, conductor)
        stack.push_async_callback(conductor.close)
        await conductor.open(wishes)
        await _serve_plugins(ground, running, starter, stack)
        await stack.enter_async_context(beside(tell_modules(inventory, ground.events)))
        await stack.enter_async_context(beside(drain(running, starter.corners)))
        await running.engine.start()
        stack.push_async_callback(stop_engine, running)
        await stack.enter_async_context(beside(conductor.follow()))
        yield running


@asynccontextmanager
async def assemble_context(order: Order, plugin: str) -> AsyncIterator[PluginContext]:
    """The context of one plugin, enabled or not, for a command: nothing serves or runs.

    Raises:
        NxForgeError: the plugin or the database cannot be used.
    """
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(open_core(order.settings))
        inventory = take_one(order, plugin)
        listener = Listener(core.address, get_log())
        hub = _hub(order, core, listener)
        jobs = RunningJobs()
        jobs.begin(inventory[plugin])
        budget = StopBudget.after(order.settings.jobs.grace, order.clock)
        ground = _Ground(order, core, inventory, jobs, listener, hub, budget)
        running = await _running(ground)
        stack.push_async_callback(stop_engine, running)
        starter = await _starter(order, running, jobs, stack, unnoted)
        yield await starter.context(inventory[plugin])


async def _journal(order: Order, core: Core, stack: AsyncExitStack) -> Journal:
    """Read what dead processes left, then note what this one does."""
    folder = order.settings.data_dir / "boot"
    await hold_inquest(order, folder, core.database)
    deadlines = order.deadlines
    seconds = max(deadlines.load, deadlines.start) + deadlines.cancel
    restart = order.process.restart if order.process else None
    journal = Journal(folder, seconds, restart)
    stack.callback(journal.close)
    return journal


async def _follow_changes(
    ground: _Ground, running: Running, stack: AsyncExitStack
) -> None:
    """Hear what other processes change, and store what this one has to tell."""
    listener = ground.listener
    followed = following(running.security, listener, running.renew_streams)
    await stack.enter_async_context(in_time(followed, ground.budget, "security"))
    await stack.enter_async_context(following_networks(running.networks, listener))
    if process := ground.order.process:
        restarts = following_restarts(ground.core.database, listener, process)
        await stack.enter_async_context(restarts)
    await stack.enter_async_context(running.blocking.watching())
    await stack.enter_async_context(flushing(housekeepers(ground.order, ground.core)))


async def _hearing(
    order: Order, core: Core, stack: AsyncExitStack, budget: StopBudget
) -> tuple[Listener, EventHub]:
    listener = Listener(core.address, get_log())
    stack.enter_context(following_keys(core.keys, listener))
    await stack.enter_async_context(beside(listener.run()))
    hub = _hub(order, core, listener)
    await stack.enter_async_context(in_time(beside(hub.run()), budget, "events"))
    return listener, hub


def _hub(order: Order, core: Core, listener: Listener) -> EventHub:
    lease = order.settings.jobs.stalled
    return EventHub(core.database, listener, order.clock, get_log, lease)


async def _open_zero(
    running: Running, starter: Starter, events: Events, *, lazy: bool
) -> None:
    """Plugin zero's routes; building them would hold up the loop."""
    context = zero_context(running, starter, events)
    routes = running.inventory[BUILT_IN].specs.routes
    running.context = context
    build = partial(build_application, routes, "", context, starter.access)
    running.zero = await now_or_later(build, later=lazy)


async def _serve_plugins(
    ground: _Ground, running: Running, starter: Starter, stack: AsyncExitStack
) -> None:
    """Tell people what plugins told, and plugins what their settings are."""
    notices = delivering(ground.order, ground.core, starter.http, ground.listener)
    await stack.enter_async_context(in_time(notices, ground.budget, "notices"))
    running.tuning = Tuning(running, ground.order.deadlines.check)
    await stack.enter_async_context(running.tuning.following(ground.listener))


def _conductor(ground: _Ground, running: Running, starter: Starter) -> Conductor:
    def show(started: Mapping[PluginId, Started], said: Mapping[PluginId, int]) -> None:
        ground.jobs.show({name: one.context for name, one in started.items()})
        running.engine.refresh()
        running.show(started, said)

    return Conductor(
        ground.order,
        starter,
        running.engine,
        ground.listener,
        budget=ground.budget,
        show=show,
    )


async def _running(ground: _Ground) -> Running:
    core, inventory, jobs = ground.core, ground.inventory, ground.jobs
    settings, clock = ground.order.settings, ground.order.clock
    options = engine_options(settings.jobs, core.instance)
    metering = Metering(ground.listener, ground.hub.counts)
    blocking = Blocking(
        inventory,
        clock,
        settings.jobs.block_limit,
        Overrides(core.database, clock).disable,
        metering.blocks,
    )
    return Running(
        loaded=ground.order.loaded,
        core=core,
        inventory=inventory,
        hub=ground.hub,
        engine=_engine(ground, options, metering),
        runs=Runs(core.database),
        plans=Plans(jobs, core.database, clock),
        statistics=Statistics(core.database, clock),
        metering=metering,
        security=await open_security(core, settings.people, clock, inventory),
        networks=await open_networks(core, settings.network, clock),
        blocking=blocking,
        watch=Watch(inventory, clock, ground.order.deadlines, blocking),
        rooms=Rooms.below(settings, core.database, clock),
        notify_desk=notify_desk(core, clock),
        settings_book=SettingsBook(
            ground.order.loaded, core.database, core.keys, clock
        ),
        budget=ground.budget,
        required=settings.plugins.required,
        allow_modules=settings.ui.allow_plugin_js,
        version=version("nxforge-core"),
        restarts=ground.order.process is not None,
    )


def _engine(ground: _Ground, options: EngineOptions, metering: Metering) -> Engine:
    return Engine(
        ground.core.database,
        ground.core.address,
        ground.jobs,
        ground.order.clock,
        options,
        ground.listener,
        meters=metering.jobs,
        events=ground.events,
    )


async def _starter(
    order: Order,
    running: Running,
    jobs: RunningJobs,
    stack: AsyncExitStack,
    during: During,
) -> Starter:
    settings, core = order.settings, running.core
    http = GuardedHttp(running.networks)
    stack.push_async_callback(http.close)
    browser = PooledBrowser(running.networks, await browser_options(settings))
    stack.push_async_callback(browser.close)
    corners = Corners(core, order.clock, settings.database.pool_max, running.ledger)
    stack.push_async_callback(corners.close)
    return Starter(
        book=running.settings_book,
        core=core,
        corners=corners,
        inventory=running.inventory,
        access=access_of(order, running.security),
        http=http,
        browser=browser,
        runner=running.engine,
        jobs=jobs,
        hub=running.hub,
        streams=running.streams,
        clock=order.clock,
        lifespans=Lifespans(order.deadlines, running.watch.broken, running.budget),
        during=during,
        rooms=running.rooms,
        ledger=running.ledger,
    )
