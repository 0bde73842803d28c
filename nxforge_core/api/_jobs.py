"""Jobs as data: what runs, when, and what may become of a run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeAlias

import msgspec

__all__ = [
    "Cron",
    "Every",
    "FanOut",
    "JobSpec",
    "Manual",
    "Misfire",
    "NoParams",
    "Outcome",
    "Overlap",
    "Retry",
    "Trigger",
]


class Every(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag="every",
    tag_field="kind",
):
    """An interval, anchored at a fixed instant so every process means the same slots.

    Attributes:
        jitter: Seconds of delay at the most, computed from plugin, job and slot.
    """

    seconds: int = 0
    minutes: int = 0
    hours: int = 0
    jitter: float = 0.0

    @property
    def period(self) -> int:
        """The whole interval in seconds."""
        return self.seconds + 60 * self.minutes + 3600 * self.hours


class Cron(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="cron",
    tag_field="kind",
):
    """Five fields with Vixie meaning: 0 and 7 are Sunday, day of month OR weekday.

    Attributes:
        zone: IANA name of the zone the fields are read in.
    """

    text: str
    zone: str = "UTC"
    jitter: float = 0.0


class Manual(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag="manual",
    tag_field="kind",
):
    """Runs when a person or a program asks for it."""


Trigger: TypeAlias = Every | Cron | Manual
Overlap = Literal["skip", "queue", "allow"]
Misfire = Literal["run_once", "run_all", "skip"]


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """What happens after a failed attempt.

    Attributes:
        attempts: Attempts *after* the first.
        backoff: Seconds before the first of them; doubled for each further one.
        backoff_max: Seconds at the most.
    """

    attempts: int = 0
    backoff: float = 5.0
    backoff_max: float = 300.0


class NoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of a job that takes none."""


class Outcome(msgspec.Struct, frozen=True):
    """What a handler reports beyond plain success.

    Attributes:
        kind: `ok`, `partial` (some items failed; the run succeeded), `failed` (every
            item failed; the run is not a success) or `idle` (nothing was due).
        result: Stored with the run, as JSON.
        again: The job's parameters that would repeat just the items that failed;
            re-running what failed uses them.
    """

    kind: Literal["ok", "partial", "failed", "idle"]
    result: object = None
    again: msgspec.Struct | None = None

    @classmethod
    def ok(cls, result: object = None) -> Outcome:
        """Everything worked."""
        return cls("ok", result)

    @classmethod
    def partial(cls, result: object, again: msgspec.Struct | None = None) -> Outcome:
        """Some items failed."""
        return cls("partial", result, again)

    @classmethod
    def failed(cls, result: object, again: msgspec.Struct | None = None) -> Outcome:
        """Every item failed."""
        return cls("failed", result, again)

    @classmethod
    def idle(cls) -> Outcome:
        """Nothing was due: the run is counted and not kept."""
        return cls("idle")


class FanOut(msgspec.Struct, frozen=True):
    """What a handler returns to have its work done in shards, by all workers.

    Each shard is a run of the same job with parameters of its own: the handler is
    called again, with `ctx.run.shard` from 1 on, and must not fan out again. The run
    that fanned out waits, holding no worker; the shard that ends last ends it. Its
    result has the sum of each member that is a number in the shards' results, and
    `shards` with the counts of how they ended. One that succeeded is enough for it to
    succeed, as `partial`.

    ::

        async def poll(ctx: JobContext, params: PollParams) -> PollResult | FanOut:
            if params.ids is None:
                due = await ids_that_are_due(ctx.db)
                return FanOut(tuple(PollParams(ids=part) for part in parts(due, 250)))
            return await poll_these(ctx, params.ids)

    Attributes:
        shards: Parameters of each; 10,000 at the most, none is `Outcome.idle()`.
    """

    shards: tuple[msgspec.Struct, ...]


class JobSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One job of a plugin.

    The handler is `async def handler(ctx: JobContext, params: P)`; what it returns is
    stored as JSON, an `Outcome` says more, a `FanOut` has the work done in shards.

    Attributes:
        name: Kebab-case, unique in the plugin.
        params: Struct of the parameters; its defaults are those of a scheduled run.
        timeout: Seconds after which the handler is cancelled and the run `timed_out`.
        overlap: What a slot does while an earlier run of the job is unfinished.
        misfire: What becomes of slots that nobody could run in time.
        keep_days: How long finished runs are kept.
        keep_runs: How many finished runs are kept, the newest.
    """

    name: str
    title: str
    handler: Callable[..., Awaitable[Any]]
    params: type[msgspec.Struct] = NoParams
    trigger: Trigger = Manual()
    timeout: float = 300.0
    retry: Retry = Retry()
    overlap: Overlap = "skip"
    misfire: Misfire = "run_once"
    keep_days: int = 30
    keep_runs: int = 10_000
