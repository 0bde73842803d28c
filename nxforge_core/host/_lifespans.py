"""Plugins' life spans, each in a task of its own, none longer than it may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

from nxforge_core.api import PluginContext, PluginId
from nxforge_core.plugins import Lifespan
from nxforge_core.services import get_log

from ._budget import RESERVE, StopBudget
from ._deadlines import Deadlines
from ._errors import LifeSpanTimeoutError
from ._life import Life

__all__ = ["Lifespans"]

_Broken = Callable[[PluginId, BaseException], None]


class Lifespans:
    """Begins life spans, and ends them when the plugin's work does.

    A task each, because a task group inside a life span cancels the task that entered
    it when one of its own fails: that must be no other than the plugin's.

    Args:
        deadlines: Seconds to begin and to end.
        broken: Told of a life span that ends by itself, by an error.
        budget: Of the host's stop; no life span gets more than is left of it.
    """

    def __init__(
        self,
        deadlines: Deadlines,
        broken: _Broken,
        budget: StopBudget,
    ) -> None:
        self._deadlines = deadlines
        self._broken = broken
        self._budget = budget

    async def begin(
        self, lifespan: Lifespan, context: PluginContext, ends: AsyncExitStack
    ) -> None:
        """Enter a plugin's life span.

        Args:
            lifespan: The plugin's.
            context: What it is handed.
            ends: Left when the plugin's work ends.

        Raises:
            LifeSpanTimeoutError: it takes too long.
            Exception: whatever the plugin raised.
        """
        plugin, seconds = context.plugin.id, self._deadlines.start
        life = Life(
            lambda: lifespan(context), lambda error: self._broken(plugin, error)
        )
        timer = asyncio.timeout(seconds)
        try:
            async with timer:
                await life.start()
        except TimeoutError as error:
            if not timer.expired():
                raise
            await self._break_off(plugin, life, self._deadlines.cancel)
            raise LifeSpanTimeoutError(plugin, seconds) from error
        ends.push_async_callback(self._end, plugin, life)

    async def _end(self, plugin: PluginId, life: Life[None]) -> None:
        seconds = min(self._deadlines.stop, self._budget.left(RESERVE))
        try:
            async with asyncio.timeout(seconds):
                await life.stop()
        except TimeoutError:
            get_log(plugin).error("life span does not end", after=seconds)
            left = self._budget.left(RESERVE)
            await self._break_off(plugin, life, min(self._deadlines.cancel, left))
        except Exception:  # noqa: BLE001  # the other plugins are to end as well
            get_log(plugin).exception("life span ended with an error")

    async def _break_off(
        self, plugin: PluginId, life: Life[None], seconds: float
    ) -> None:
        if not await life.cancel(seconds):
            get_log(plugin).error("life span ignores its cancellation")
