"""What a collection run is told, and how it is called."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from nxforge_core.api import Body

__all__ = ["COLLECT_JOB", "POLL_JOB", "CollectParams"]

COLLECT_JOB: Final = "collect-consumption"
#: The same work on demand. A job of its own: a person's poll must not be skipped
#: because a scheduled round is waiting for a slow meter.
POLL_JOB: Final = "poll-endpoints"


class CollectParams(Body):
    """Parameters of a collection run.

    Attributes:
        concurrency: Endpoints polled at the same time; null: as the settings say.
        endpoint_ids: Poll exactly these, due or not; null: those that are due.
    """

    concurrency: Annotated[int, Meta(ge=1, le=200)] | None = None
    endpoint_ids: tuple[str, ...] | None = None
