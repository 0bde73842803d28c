"""Keeps the plugins of this process as they are wished, one change after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

import msgspec

from nxforge_core.api import NxForgeError, PluginId
from nxforge_core.builtin import PluginWord
from nxforge_core.events import Listener
from nxforge_core.host._budget import StopBudget, in_time
from nxforge_core.host._errors import LoadTimeoutError
from nxforge_core.host._order import Order
from nxforge_core.host._starter import Started, Starter
from nxforge_core.jobs import Engine
from nxforge_core.plugins import (
    ACTIVE,
    BUILT_IN,
    Candidate,
    HeldError,
    Owner,
    Plugin,
    PluginSpecs,
    Problem,
    Survey,
    forget_modules,
    judge,
    lacking,
    requires,
    settle,
)
from nxforge_core.security.audit import Actor
from nxforge_core.services import get_log

from ._change import change_plugin
from ._inventory import check_all_serve, find_plugins, look_again, wishes_of
from ._looks import gone, is_other, look_patiently
from ._trial import try_out
from ._wishes import CHANNEL, Wishes, hold

__all__ = ["Conductor"]

#: Seconds between looks when nothing was notified: a notice may be lost.
_LOOK: Final = 60.0
#: Seconds before the next look after one that failed.
_SOON: Final = 1.0
#: Seconds for which what was found counts as what is there.
_FRESH: Final = 2.0

_Show = Callable[[Mapping[PluginId, Started], Mapping[PluginId, int]], None]


class Conductor:
    """Starts plugins, ends their work, and follows what admins say meanwhile.

    A plugin whose work ends takes no new requests at once; those under way and running
    jobs get the grace that they get when the host stops.

    Args:
        order: What the host was told.
        starter: Brings one plugin to work.
        engine: Runs their jobs.
        listener: Hears what is said in other processes.
        budget: Of the host's stop.
        show: Told which plugins are at work, and how often something was said of each,
            after each change.
    """

    def __init__(
        self,
        order: Order,
        starter: Starter,
        engine: Engine,
        listener: Listener,
        *,
        budget: StopBudget,
        show: _Show,
    ) -> None:
        self._order = order
        self._starter = starter
        self._engine = engine
        self._listener = listener
        self._budget = budget
        self._show = show
        self._clock = order.clock
        self._looked = order.clock.monotonic()
        self._inventory = starter.inventory
        self._started: dict[PluginId, Started] = {}
        self._seen: dict[PluginId, int] = {}
        self._stale = asyncio.Event()
        self._tried: set[tuple[PluginId, str]] = set()
        self._waiting: list[asyncio.Future[None]] = []

    async def open(self, wishes: Wishes) -> None:
        """Start all that is loaded, in load order.

        Raises:
            DatabaseUnavailableError: the host itself has no database any more.
            NotAllServeError: the host is strict, and one of them does not serve.
        """
        for plugin in self._inventory:
            self._seen[plugin.id] = wishes.edition(plugin.id)
            # One that it requires may have failed since it was loaded.
            if plugin.id != BUILT_IN and self._state(plugin.id) == "enabled":
                await self._start(plugin)
        self._show(self._started, self._seen)
        if self._order.settings.plugins.strict:
            check_all_serve(self._inventory, wishes)

    async def close(self) -> None:
        """End the work of all, those that require others first."""
        for started in reversed(self._started.values()):
            await started.ends.aclose()
        self._started.clear()

    async def change(self, plugin: str, word: PluginWord, by: Actor) -> None:
        """Remember an admin's word, and do here what it says.

        Raises:
            NxForgeError: the word is not taken.
        """
        order = self._order
        found = await asyncio.to_thread(find_plugins, order.clock, order.distributions)
        database, settings = self._starter.core.database, order.settings.plugins
        await change_plugin(database, settings, found, (plugin, word), by)
        await self.catch_up()

    async def look(self) -> None:
        """Know what pip brought or took away, unless somebody just looked."""
        if self._clock.monotonic() - self._looked > _FRESH:
            with suppress(Exception):  # it is in the log; what was known is still known
                await self.catch_up()

    async def follow(self) -> None:
        """Do what is said, until cancelled."""
        end = self._listener.listen(
            CHANNEL, lambda _: self._stale.set(), self._stale.set
        )
        pause = _LOOK
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._stale.wait()
                self._stale.clear()
                pause = await self._round()
        finally:
            end()

    async def catch_up(self) -> None:
        """Wait until what was said up to now is done, or could not be done."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        self._stale.set()
        await waiter

    async def _round(self) -> float:
        waiting, self._waiting = self._waiting, []
        failure: Exception | None = None
        try:
            await self._apply()
        except Exception as error:  # noqa: BLE001 - the next look may do better
            get_log(None).error("plugins not changed", why=repr(error))
            failure = error
        for waiter in waiting:
            if waiter.done():
                continue  # whoever waited went away
            if failure is None:
                waiter.set_result(None)
            else:
                waiter.set_exception(failure)
        return _LOOK if failure is None else _SOON

    async def _apply(self) -> None:
        wishes = await wishes_of(self._order, self._starter.core.database)
        deadlines = self._order.deadlines
        self._looked = self._clock.monotonic()
        look, seconds = partial(look_again, self._order, wishes), deadlines.gone
        found = await look_patiently(look, self._inventory, seconds)
        ended = self._leaving(found, wishes)
        for plugin in ended:
            await self._end(plugin)
        changed = {*ended, *gone(self._inventory, found)}
        for record in found.records:
            if self._stays(record, changed, wishes):
                continue
            changed.add(record.id)
            self._seen[record.id] = wishes.edition(record.id)
            self._inventory.record(record)
            if record.state == "enabled":
                await self._begin(found.candidates[record.id], ended)
        # Showing makes what is made of all plugins anew, as the document of routes.
        if changed:
            self._inventory.arrange([record.id for record in found.records])
            self._show(self._started, self._seen)

    def _leaving(self, found: Survey, wishes: Wishes) -> Sequence[PluginId]:
        """Whose work ends, those that require others first."""
        records = {each.id: each for each in found.records}
        leaving: set[PluginId] = set()
        for plugin in self._inventory.active:
            record = records.get(plugin.id)
            if (
                record is None
                or (record.state != "enabled" and not is_other(record, plugin))
                or wishes.reload(plugin.id) > self._seen.get(plugin.id, 0)
                or not leaving.isdisjoint(requires(plugin))
            ):
                leaving.add(plugin.id)
        return [each for each in reversed(self._started) if each in leaving]

    def _stays(self, record: Plugin, changed: set[PluginId], wishes: Wishes) -> bool:
        """Whether a plugin is left as it is.

        One in quarantine is tried again when something was said of it, when another
        version of it is installed, and when what it requires was changed.
        """
        if record.id not in self._inventory or record.id in changed:
            return False
        known = self._inventory[record.id]
        if known.state in ACTIVE:
            return True
        if record.state != "enabled":
            return known.is_found_as(record)
        said = wishes.edition(record.id) > self._seen.get(record.id, 0)
        touched = not changed.isdisjoint(requires(record))
        if known.state != "quarantined" or said or touched:
            return False
        return known.version == record.version

    async def _begin(self, plugin: Candidate, ended: Sequence[PluginId]) -> None:
        if self._inventory.hooks.calls(plugin.id):
            self._forget(plugin)
        if (problem := lacking(plugin, self._inventory)) is None:
            again = plugin.id in ended  # its files may be others than before
            settle(plugin, self._inventory, await self._judged(plugin, again=again))
        else:
            self._inventory.quarantine(plugin.id, problem)
        if self._state(plugin.id) == "enabled":
            await self._start(self._inventory[plugin.id])

    async def _judged(self, plugin: Candidate, *, again: bool) -> PluginSpecs | Problem:
        seconds, key = self._order.deadlines.load, (plugin.id, plugin.version)
        if again or key not in self._tried:
            # What ends a process must not end this one, which has work to do.
            if why := await try_out(plugin, seconds):
                await hold(self._starter.core.database, plugin, "import", why)
                return self._import_problem(plugin, HeldError(plugin.id, why))
            self._tried.add(key)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.to_thread(judge, plugin, self._inventory)
        except TimeoutError:
            return self._import_problem(plugin, LoadTimeoutError(plugin.id, seconds))

    def _import_problem(self, plugin: Candidate, error: NxForgeError) -> Problem:
        now = self._order.clock.now()
        return Problem.from_error(error, plugin, "import", now)

    async def _start(self, plugin: Plugin) -> None:
        if (started := await self._starter.start(plugin)) is None:
            return
        wanted = [(spec, started.context) for spec in plugin.specs.events]
        heard = self._starter.hub.subscribed(wanted, [plugin.id])
        await started.ends.enter_async_context(
            in_time(heard, self._budget, "subscriptions")
        )
        self._started[plugin.id] = started

    async def _end(self, plugin: PluginId) -> None:
        started = self._started.pop(plugin)
        grace = self._order.settings.jobs.grace
        self._inventory.record(
            msgspec.structs.replace(self._inventory[plugin], state="disabled")
        )
        self._show(self._started, self._seen)
        self._starter.hub.end_taps("renew")
        with suppress(TimeoutError):
            async with asyncio.timeout(grace + _SOON):
                await self._engine.left(plugin)
        await started.traffic.cease(grace)
        await started.ends.aclose()
        await self._starter.corners.shut(plugin)
        self._forget(started.plugin)

    def _forget(self, plugin: Owner) -> None:
        """Have its code read anew when it begins again."""
        self._inventory.hooks.forget(plugin.id)
        if plugin.folder is not None:
            forget_modules(plugin.folder)

    def _state(self, plugin: PluginId) -> str:
        return self._inventory[plugin].state
