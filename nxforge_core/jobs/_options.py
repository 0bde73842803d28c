"""What the host decides about its engine."""

from __future__ import annotations

import msgspec

__all__ = ["EngineOptions"]


class EngineOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What of the engine runs in this process, and how patient it is.

    Attributes:
        instance: UUID of the installation: the queue's name is made of it, because
            the queue's channels are seen by every host on the same database.
        grace: Seconds that running handlers get to finish at `stop`.
        cleanup: Seconds a cancelled handler gets to clean up.
        poll: Seconds between looks into the queue when nothing notifies.
        heartbeat: Seconds between signs of life of a worker.
        stalled: Seconds without one after which its runs are taken back; must be
            well above `grace`, because a draining worker gives no sign.
        reap: Seconds between looks for such runs.
        sweep: Seconds between looks for slots that nobody fired.
        late: Seconds after which a slot belongs to that sweep.
    """

    instance: str
    worker: bool = True
    scheduler: bool = True
    concurrency: int = 20
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
        """Name of the queue: 11 characters, plain."""
        return f"nx_{self.instance.replace('-', '')[:8]}"
