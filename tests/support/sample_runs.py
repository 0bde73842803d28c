"""A run as the engine tells of it, to be changed where a test looks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from nxforge_core.api import JobName, PluginId, RunId
from nxforge_core.jobs import RunDetail

__all__ = ["QUEUED"]

_AT: Final = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)

QUEUED: Final = RunDetail(
    id=RunId(18),
    plugin=PluginId("pump"),
    job=JobName("fill"),
    slot=_AT,
    shard=0,
    parent=None,
    trigger="schedule",
    asked_by=None,
    rerun_of=None,
    state="queued",
    outcome=None,
    note=None,
    attempt=1,
    due_at=_AT,
    late=None,
    queued_at=_AT,
    started_at=None,
    finished_at=None,
    seconds=None,
    why="",
    tries=0,
    losses=0,
    worker=None,
    params=None,
    result=None,
    error=None,
    progress=None,
    again=None,
    lines=0,
    cancelled_by=None,
    begins_at=None,
    attempts=[],
    shards=None,
    memory_growth=None,
    file_growth=None,
    thread_growth=None,
)
