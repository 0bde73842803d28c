"""What the host decides about its engine."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import msgspec

from nxforge_core.api import PluginId

__all__ = ["EngineOptions", "plugin_queue"]


def plugin_queue(installation: str, plugin: PluginId) -> str:
    """Name the queue of a plugin: each has its own, so that no flood blocks another.

    Args:
        installation: `EngineOptions.queue`.
        plugin: Any length: the queue's channel may have 63 bytes.
    """
    return f"{installation}_{blake2b(plugin.encode(), digest_size=4).hexdigest()}"


class EngineOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What of the engine runs in this process, and how patient it is.

    Attributes:
        instance: UUID of the installation: the queue's name is made of it, because
            the queue's channels are seen by every host on the same database.
        concurrency: Runs of one plugin at the same time in this process.
        limits: The same for single plugins, by id.
        queues: Ids of the plugins whose runs this process works for; None for all.
        grace: Seconds that running handlers get to finish at `stop`.
        cleanup: Seconds a cancelled handler gets to clean up.
        poll: Seconds between looks into the queue when nothing notifies.
        heartbeat: Seconds between signs of life of this process's workers.
        stalled: Seconds without one after which its runs are taken back.
        reap: Seconds between looks for such runs.
        sweep: Seconds between looks for slots that nobody fired.
        late: Seconds after which a slot belongs to that sweep.
    """

    instance: str
    worker: bool = True
    scheduler: bool = True
    concurrency: int = 20
    limits: Mapping[str, int] = {}
    queues: tuple[str, ...] | None = None
    grace: float = 10.0
    cleanup: float = 3.0
    poll: float = 1.0
    heartbeat: float = 5.0
    stalled: float = 30.0
    reap: float = 10.0
    sweep: float = 60.0
    late: float = 30.0

    @property
    def queue(self) -> str:
        """What the names of the installation's queues begin with: 11 characters."""
        return f"nx_{self.instance.replace('-', '')[:8]}"

    def queue_of(self, plugin: PluginId) -> str:
        """Name the queue of a plugin."""
        return plugin_queue(self.queue, plugin)

    def limit_of(self, plugin: PluginId) -> int:
        """Runs of a plugin at the same time in this process."""
        return self.limits.get(plugin, self.concurrency)

    def serves(self, plugin: PluginId) -> bool:
        """Whether this process works for a plugin."""
        return self.queues is None or plugin in self.queues
