"""A record of what was called of each plugin, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, final

from nxforge_core.api import Clock, PluginId

from ._plugin import HookCall

__all__ = ["CallLog", "Outcome"]


class Outcome:
    """What came of a call, in words; set by whoever makes the call."""

    def __init__(self) -> None:
        self.text = "raised"


@final
class CallLog:
    """The calls of all plugins, each plugin's in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock: Final = clock
        self._calls: Final[dict[PluginId, list[HookCall]]] = {}

    def of(self, plugin: PluginId) -> tuple[HookCall, ...]:
        """The calls of one plugin."""
        return tuple(self._calls.get(plugin, ()))

    def forget(self, plugin: PluginId) -> None:
        """Begin anew with a plugin."""
        self._calls.pop(plugin, None)

    @contextmanager
    def timing(self, plugin: PluginId, hook: str) -> Iterator[Outcome]:
        """Time the block as one call, whether or not it ends well."""
        outcome, start = Outcome(), self._clock.monotonic()
        try:
            yield outcome
        finally:
            seconds = self._clock.monotonic() - start
            call = HookCall(hook, seconds, outcome.text)
            self._calls.setdefault(plugin, []).append(call)
