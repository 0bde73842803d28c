"""What became of one attempt, from what its handler returned or raised."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from nxforge_core.api import JobSpec, Outcome

from ._plain import error_json, json_text
from ._spread import spread

__all__ = [
    "Verdict",
    "retry_delay",
    "verdict_of",
    "verdict_of_error",
    "verdict_of_time",
]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """How an attempt ended.

    Attributes:
        again: The retry policy applies.
        result: JSON text.
        error: JSON text.
    """

    state: Literal["succeeded", "failed", "timed_out", "skipped"]
    outcome: Literal["ok", "partial", "failed", "idle"] | None = None
    result: str | None = None
    error: str | None = None
    note: str | None = None
    again: bool = False


#: Back-off never grows past this power of two.
_MOST_DOUBLINGS: Final = 30


def verdict_of(value: object) -> Verdict:
    """Judge what a handler returned.

    `Outcome.failed` is the handler's own verdict over every item: it is final, and
    the next slot tries again.
    """
    reported = value if isinstance(value, Outcome) else Outcome.ok(value)
    result = None if reported.result is None else json_text(reported.result)
    return Verdict(
        state="failed" if reported.kind == "failed" else "succeeded",
        outcome=reported.kind,
        result=result,
    )


def verdict_of_error(error: BaseException) -> Verdict:
    """Judge an error that left the handler."""
    return Verdict(state="failed", error=error_json(error), again=True)


def verdict_of_time(spec: JobSpec, *, abandoned: bool) -> Verdict:
    """Judge a handler that took too long."""
    error = TimeoutError(f"no result within {spec.timeout:g} s")
    note = "the handler ignores its cancellation and still runs" if abandoned else None
    return Verdict(state="timed_out", error=error_json(error), note=note, again=True)


def retry_delay(spec: JobSpec, run: int, tries: int) -> float:
    """Seconds before the next attempt, spread by up to a fifth.

    `tries` are the attempts that failed before this one.
    """
    delay = spec.retry.backoff * 2.0 ** min(tries, _MOST_DOUBLINGS)
    bounded = min(delay, spec.retry.backoff_max)
    return bounded * (0.8 + 0.2 * spread("retry", run, tries))
