"""Changing a job: its schedule, its parameters, its limits."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from nxforge_core.api import Cron, Every, InvalidInputError, Manual, load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._jobs import change_job, show_job
from nxforge_core.jobs import JobDetail, JobPatch, RetryPatch

__all__ = ["LIMITS", "PARAMS", "SCHEDULE", "job_of"]

say = load_texts("nxforge_core")

_MANAGE: Final = "nxforge:jobs:manage"
_DAY: Final = 86_400


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """When it runs.

    Attributes:
        seconds: Between two runs, of an interval.
        cron: Minute, hour, day, month, weekday: 30 2 * * * is every day at half past 2.
        zone: IANA name of the zone the cron text is read in.
        jitter: Seconds of delay at the most, so that not everything begins at once.
    """

    kind: Literal["every", "cron", "manual"]
    seconds: Annotated[int, Meta(ge=1)] | None = None
    cron: str = ""
    zone: str = "UTC"
    jitter: Annotated[float, Meta(ge=0)] = 0.0


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """What it runs with.

    Attributes:
        params: As a JSON object; members that are left out are as in the plugin.
    """

    params: dict[str, Any]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How long it may take, and what happens when it fails.

    Attributes:
        timeout: Seconds after which it is ended.
        attempts: Further tries after the first.
        backoff: Seconds before the second try; doubled for each further one.
        backoff_max: Seconds between two tries at the most.
    """

    timeout: Annotated[float, Meta(gt=0, le=_DAY)]
    attempts: Annotated[int, Meta(ge=0, le=100)]
    backoff: Annotated[float, Meta(ge=0, le=_DAY)]
    backoff_max: Annotated[float, Meta(ge=0, le=_DAY)]


async def job_of(ctx: CoreContext, params: ui.Params) -> JobDetail:
    """The job that the address names."""
    return await show_job(ctx, params.get("plugin", ""), params.get("job", ""))


async def _schedule(ctx: CoreContext, params: ui.Params) -> Schedule:
    trigger = (await job_of(ctx, params)).values.trigger
    match trigger:
        case Cron():
            return Schedule(
                kind="cron",
                cron=trigger.text,
                zone=trigger.zone,
                jitter=trigger.jitter,
            )
        case Every():
            return Schedule(kind="every", seconds=trigger.period, jitter=trigger.jitter)
    return Schedule(kind="manual")


async def _params(ctx: CoreContext, params: ui.Params) -> Parameters:
    return Parameters(params=(await job_of(ctx, params)).values.params)


async def _limits(ctx: CoreContext, params: ui.Params) -> Limits:
    values = (await job_of(ctx, params)).values
    retry = msgspec.structs.asdict(values.retry)
    return Limits(timeout=values.timeout, **retry)


async def _change(
    ctx: CoreContext, params: ui.Params, reader: Caller, patch: JobPatch
) -> JobDetail:
    plugin, job = params.get("plugin", ""), params.get("job", "")
    return await change_job(ctx, reader.request, plugin, job, patch)


async def _set_schedule(
    ctx: CoreContext, data: Schedule, params: ui.Params, reader: Caller
) -> ui.Done:
    patch = JobPatch(trigger=_trigger(data))
    job = await _change(ctx, params, reader, patch)
    if not job.next_slots:
        return ui.Done(say("It runs {trigger}.").format(trigger=job.trigger))
    times = ", ".join(f"{each:%Y-%m-%d %H:%M:%S}" for each in job.next_slots)
    return ui.Done(
        say("It runs {trigger}: next at {times} UTC.").format(
            trigger=job.trigger, times=times
        )
    )


def _trigger(data: Schedule) -> Every | Cron | Manual:
    if data.kind == "manual":
        return Manual()
    if data.kind == "cron":
        return Cron(data.cron, data.zone, data.jitter)
    if data.seconds is None:
        remedy = "give the seconds of the interval"
        raise InvalidInputError(field="seconds", value="", remedy=remedy)
    return Every(seconds=data.seconds, jitter=data.jitter)


async def _set_params(
    ctx: CoreContext, data: Parameters, params: ui.Params, reader: Caller
) -> ui.Done:
    await _change(ctx, params, reader, JobPatch(params=data.params))
    return ui.Done(say("The next run has these parameters."))


async def _set_limits(
    ctx: CoreContext, data: Limits, params: ui.Params, reader: Caller
) -> ui.Done:
    retry = RetryPatch(
        attempts=data.attempts, backoff=data.backoff, backoff_max=data.backoff_max
    )
    await _change(ctx, params, reader, JobPatch(timeout=data.timeout, retry=retry))
    return ui.Done(say("The next run has these limits."))


SCHEDULE: Final = ui.Form(
    say("Schedule"),
    Schedule,
    _set_schedule,
    _schedule,
    fields={
        "kind": ui.Field(
            label=say("Runs"),
            options=[
                ("every", "at an interval"),
                ("cron", "at times of the clock (cron)"),
                ("manual", "on demand only"),
            ],
        ),
        "seconds": ui.Field(label=say("Interval"), unit="s"),
        "cron": ui.Field(label=say("Cron"), placeholder="30 2 * * *"),
        "jitter": ui.Field(unit="s"),
    },
    permission=_MANAGE,
    width="half",
)
PARAMS: Final = ui.Form(
    say("Parameters"),
    Parameters,
    _set_params,
    _params,
    permission=_MANAGE,
    width="half",
)
LIMITS: Final = ui.Form(
    say("Limits"),
    Limits,
    _set_limits,
    _limits,
    fields={
        "timeout": ui.Field(label=say("May take"), unit="s"),
        "attempts": ui.Field(label=say("Further tries")),
        "backoff": ui.Field(label=say("Pause before the second try"), unit="s"),
        "backoff_max": ui.Field(label=say("Longest pause"), unit="s"),
    },
    permission=_MANAGE,
    width="half",
)
