"""What a collection run is told, and how it is called."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from msgspec import Meta

from nxforge_core.api import Body

__all__ = ["COLLECT_JOB", "POLL_JOB", "RUN_SECONDS", "TICK_SECONDS", "CollectParams"]

COLLECT_JOB: Final = "collect-consumption"
#: The same work on demand. A job of its own: what a person asks for does not queue up
#: behind the polls of the schedule.
POLL_JOB: Final = "poll-endpoints"
#: Seconds that a collection run may take, and that its shards may wait for a worker.
RUN_SECONDS: Final = 180.0
#: Seconds between two rounds: a tick, not an interval of polling, for each endpoint has
#: its own due instants.
TICK_SECONDS: Final = 5


class CollectParams(Body):
    """Parameters of a collection run.

    Attributes:
        concurrency: Endpoints this run polls at the same time, within what the
            settings allow the process; null: as many as they allow.
        endpoint_ids: Poll exactly these, due or not; null: those that are due.
        lease: Given by a round to its shards: the round's own slot. A shard of that
            slot polls of `endpoint_ids` those that are still leased for it, each for
            its own slot; to a run of any other slot it means nothing.
    """

    concurrency: Annotated[int, Meta(ge=1, le=200)] | None = None
    endpoint_ids: tuple[str, ...] | None = None
    lease: datetime | None = None
