"""What became of one attempt, from what its handler returned or raised."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from nxforge_core.api import FanOut, JobSpec, NxForgeError, Outcome, RunId
from nxforge_core.jobs._plain import error_json, json_text
from nxforge_core.jobs.triggers import spread

from ._shards import shard_params

__all__ = [
    "Verdict",
    "retry_delay",
    "verdict_of",
    "verdict_of_cancel",
    "verdict_of_error",
    "verdict_of_time",
]

_IGNORED: Final = "the handler ignores its cancellation and still runs"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt ended.

    Attributes:
        retry: The retry policy applies.
        result: JSON text.
        error: JSON text.
        again: JSON text of the parameters that repeat what failed.
        shards: JSON text of each shard's parameters, where the state is `waiting`.
    """

    state: Literal[
        "succeeded", "failed", "timed_out", "cancelled", "skipped", "waiting"
    ]
    outcome: Literal["ok", "partial", "failed", "idle"] | None = None
    result: str | None = None
    error: str | None = None
    note: str | None = None
    again: str | None = None
    shards: tuple[str, ...] = ()
    retry: bool = False


#: Back-off never grows past this power of two.
_MOST_DOUBLINGS: Final = 30


def verdict_of(value: object, spec: JobSpec, run: RunId, shard: int = 0) -> Verdict:
    """Judge what a handler returned for a run, or for a shard.

    `Outcome.failed` is the handler's own verdict over every item: it is final, and
    the next slot tries again. A shard is never idle: its parent counts it.
    """
    if isinstance(value, FanOut):
        return _verdict_of_shards(value, spec, run, shard)
    reported = value if isinstance(value, Outcome) else Outcome.ok(value)
    kind = "ok" if shard and reported.kind == "idle" else reported.kind
    again = reported.again
    fits = again is None or isinstance(again, spec.params)
    return Verdict(
        state="failed" if kind == "failed" else "succeeded",
        outcome=kind,
        result=None if reported.result is None else json_text(reported.result),
        again=None if again is None or not fits else json_text(again),
        note=None if fits else f"`again` is no {spec.params.__name__}: ignored",
    )


def _verdict_of_shards(value: FanOut, spec: JobSpec, run: RunId, shard: int) -> Verdict:
    try:
        shards = shard_params(value, spec, run, shard)
    except NxForgeError as error:
        # A fault of the handler that another attempt only repeats.
        return Verdict(state="failed", error=error_json(error))
    if not shards:
        return Verdict(state="succeeded", outcome="idle")
    return Verdict(state="waiting", shards=shards)


def verdict_of_error(error: BaseException) -> Verdict:
    """Judge an error that left the handler."""
    return Verdict(state="failed", error=error_json(error), retry=True)


def verdict_of_time(spec: JobSpec, *, abandoned: bool) -> Verdict:
    """Judge a handler that took too long."""
    error = TimeoutError(f"no result within {spec.timeout:g} s")
    note = _IGNORED if abandoned else None
    return Verdict(state="timed_out", error=error_json(error), note=note, retry=True)


def verdict_of_cancel(*, abandoned: bool) -> Verdict:
    """Judge a handler that was cancelled by somebody's wish."""
    return Verdict(state="cancelled", note=_IGNORED if abandoned else None)


def retry_delay(spec: JobSpec, run: int, tries: int) -> float:
    """Seconds before the next attempt, spread by up to a fifth.

    `tries` are the attempts that failed before this one.
    """
    delay = spec.retry.backoff * 2.0 ** min(tries, _MOST_DOUBLINGS)
    bounded = min(delay, spec.retry.backoff_max)
    return bounded * (0.8 + 0.2 * spread("retry", run, tries))
