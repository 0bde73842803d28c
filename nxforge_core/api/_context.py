"""What a plugin's code is handed when it is called."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic

from typing_extensions import TypeVar

from ._ids import JobName, PluginId, RunId
from ._notify import NO_NOTIFY, Notify
from ._storage import NO_STORAGE, Storage
from .ports import (
    Browser,
    Clock,
    Connection,
    Database,
    Events,
    Http,
    Jobs,
    Log,
    Secrets,
)

__all__ = ["JobContext", "PluginContext", "PluginInfo", "RunInfo", "retune"]

S = TypeVar("S", default=Any)


@dataclass(frozen=True, slots=True)
class PluginInfo:
    """Who the plugin is: its id, the distribution it came from, that one's version."""

    id: PluginId
    distribution: str
    version: str


@dataclass(frozen=True, kw_only=True)
class PluginContext(Generic[S]):
    """The plugin's own corner of the host. `S` is its settings struct.

    Attributes:
        settings: As they are now: read them here each time they are needed. A run
            keeps those that it began with.
    """

    plugin: PluginInfo
    settings: S
    db: Database
    http: Http
    browser: Browser
    secrets: Secrets
    jobs: Jobs
    events: Events
    log: Log
    clock: Clock
    storage: Storage = NO_STORAGE
    notify: Notify = NO_NOTIFY


@dataclass(frozen=True, slots=True)
class RunInfo:
    """The run a job handler works for.

    Attributes:
        slot: The scheduled instant this run stands for, UTC; of a manual run the
            instant it was asked for.
        attempt: 1 for the first delivery.
        shard: From 1 on for a shard of a `FanOut`, else 0.
    """

    id: RunId
    job: JobName
    slot: datetime
    attempt: int
    shard: int = 0


@dataclass(frozen=True, kw_only=True)
class JobContext(PluginContext[S]):
    """A `PluginContext` inside a run.

    `log` writes into the run's own log as well.

    Attributes:
        transaction: As `db.transaction`, fenced: it fails when the run has meanwhile
            been given to another worker, so a late writer stores nothing.
        progress: Report how far the run is: done, total, and a short text.
    """

    run: RunInfo
    transaction: Callable[[], AbstractAsyncContextManager[Connection]]
    progress: Callable[[int, int, str], Awaitable[None]]


def retune(context: PluginContext[S], settings: S) -> None:
    """Give the context of a plugin at work other settings; the host's own business.

    They are all that changes in a context: code of the plugin holds this very object.
    """
    object.__setattr__(context, "settings", settings)
