"""Whether jobs can be scheduled, and whether a scheduled run can start by itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from nxforge_core.api import Cron, Every, JobSpec, Manual

from ._check import Scope, is_async, label, needs_values
from ._problem import Fault

__all__ = ["check_jobs"]

#: The shape only: the schedule itself is parsed by `nxforge_core.jobs`.
_CRON: Final = re.compile(r"\s*[\w*/,-]+(?:\s+[\w*/,-]+){4}\s*\Z")


def check_jobs(jobs: Sequence[JobSpec], scope: Scope) -> Iterator[Fault]:
    """Judge all jobs of a plugin."""
    good: list[JobSpec] = []
    for job in jobs:
        parts = (job, job.trigger, job.retry)
        what = f"job {job.name}"
        misfits = [fault for part in parts for fault in scope.misfits(what, part)]
        misfits = misfits or list(scope.structs(what, job.params))
        yield from misfits or _check(job, scope)
        if not misfits:
            good.append(job)
    yield from scope.names("job", [job.name for job in good])


def _check(job: JobSpec, scope: Scope) -> Iterator[Fault]:
    what = f"job {job.name}"
    yield from _check_handler(what, job, scope)
    yield from _check_trigger(what, job.trigger, scope)
    yield from _check_params(what, job, scope)
    for name, value, least in (
        ("timeout", job.timeout, "more than 0 s"),
        ("keep_days", job.keep_days, "at least 1 day"),
        ("keep_runs", job.keep_runs, "at least 1 run"),
    ):
        if not value > 0:
            yield scope.fault(f"{what}: {name} is {value!r}", f"give it {least}")
    if min(job.retry.attempts, job.retry.backoff, job.retry.backoff_max) < 0:
        yield scope.fault(
            f"{what}: {job.retry!r} has a negative value", "use 0 or more in Retry"
        )


def _check_handler(what: str, job: JobSpec, scope: Scope) -> Iterator[Fault]:
    if not is_async(job.handler):
        yield from scope.awaitable(what, job.handler)
        return
    try:
        inspect.signature(job.handler).bind("ctx", "params")
    except TypeError:
        yield scope.fault(
            f"{what}: {label(job.handler)} cannot be called with (ctx, params)",
            "write it as 'async def handler(ctx, params)'",
            near=job.handler,
        )


def _check_trigger(
    what: str, trigger: Every | Cron | Manual, scope: Scope
) -> Iterator[Fault]:
    match trigger:
        case Every():
            if trigger.period <= 0:
                message = f"{what}: every {trigger.period} s never comes round"
                yield scope.fault(message, "give Every a period of 1 s at least")
            yield from _check_jitter(what, trigger.jitter, scope)
        case Cron():
            yield from _check_cron(what, trigger, scope)
            yield from _check_jitter(what, trigger.jitter, scope)
        case Manual():
            pass
        case _:
            assert_never(trigger)


def _check_jitter(what: str, jitter: float, scope: Scope) -> Iterator[Fault]:
    if jitter < 0:
        message = f"{what}: a jitter of {jitter:g} s would run it early"
        yield scope.fault(message, "use 0 or more")


def _check_cron(what: str, cron: Cron, scope: Scope) -> Iterator[Fault]:
    if not _CRON.match(cron.text):
        yield scope.fault(
            f"{what}: {cron.text!r} does not have the five fields of a cron line",
            "write minute, hour, day of month, month and weekday: '*/15 6-18 * * 1-5'",
        )
    try:
        ZoneInfo(cron.zone)
    except (ValueError, OSError, LookupError):
        message = f"{what}: there is no time zone {cron.zone!r}"
        yield scope.fault(message, "use an IANA name, for example 'Europe/Berlin'")


def _check_params(what: str, job: JobSpec, scope: Scope) -> Iterator[Fault]:
    needed = needs_values(job.params)
    if needed and not isinstance(job.trigger, Manual):
        yield scope.fault(
            f"{what}: {job.params.__name__} has no default for {', '.join(needed)}, "
            "and a scheduled run passes no value",
            "give each field a default, or make the trigger Manual()",
        )
