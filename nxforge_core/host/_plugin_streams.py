"""Streams of a plugin, which belong to the host."""

from __future__ import annotations

from nxforge_core.api import EventStream
from nxforge_core.builtin import LiveStreams, StreamAnswer, open_stream
from nxforge_core.events import EventHub, Parcel, Wanted, matches_any
from nxforge_core.plugins import Plugin

__all__ = ["PluginStreams"]


class PluginStreams:
    """Opens what the routes of one plugin answer as an `EventStream`."""

    def __init__(self, hub: EventHub, streams: LiveStreams, plugin: Plugin) -> None:
        self._hub = hub
        self._streams = streams
        self._plugin = plugin

    def open(self, wish: EventStream, last: str | None) -> StreamAnswer:
        """Answer with events.

        Args:
            wish: What the route said.
            last: Id of the last event that the consumer had.

        Raises:
            TooManyStreamsError: as many are open as may be.
        """
        wanted = self._wanted(wish)
        return open_stream(self._hub, self._streams, wanted, last, wish.first)

    def _wanted(self, wish: EventStream) -> Wanted:
        manifest = self._plugin.manifest
        listens = manifest.events.listens if manifest else ()

        def wanted(parcel: Parcel) -> bool:
            if not matches_any(wish.names, parcel.name):
                return False
            own = parcel.source == self._plugin.id
            if not own and not matches_any(listens, parcel.name):
                return False
            return wish.keep is None or wish.keep(parcel.open())

        return wanted
