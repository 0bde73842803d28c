"""Everything about one job: the plugin's word, the operator's, and what comes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from nxforge_core.api import Cron, Every, JobSpec, Manual, Misfire, Overlap, Retry
from nxforge_core.jobs.catalog import Job, Override
from nxforge_core.jobs.triggers import next_slots

from ._records import JobState
from ._statistics import JobStatistics

__all__ = ["SHOWN_SLOTS", "JobChange", "JobDetail", "JobValues", "job_detail"]

#: How many of the next slots somebody sees who looks at a job or plans a trigger.
SHOWN_SLOTS: Final = 5


class RetryValues(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What happens after a failed attempt, as `Retry`; back-off in seconds."""

    attempts: int
    backoff: float
    backoff_max: float


class JobValues(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What an operator can change of a job.

    Attributes:
        params: Those that have a value.
        timeout: Seconds.
    """

    trigger: Every | Cron | Manual
    params: dict[str, Any]
    timeout: float
    retry: RetryValues


class JobChange(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who changed a job last, and why where it was not a person's wish."""

    fields: tuple[str, ...]
    changed_by: str
    changed_at: datetime
    note: str | None


class JobDetail(JobState, frozen=True, kw_only=True, rename="camel"):
    """Everything about one job.

    Attributes:
        values: What is in force.
        defaults: What the plugin says.
        change: None where no operator changed anything.
        notices: What of the change cannot be used, and why.
        params_schema: JSON Schema of the parameters.
        next_slots: The next five; none of a job on demand or switched off.
    """

    values: JobValues
    defaults: JobValues
    change: JobChange | None
    notices: tuple[str, ...]
    params_schema: dict[str, Any]
    overlap: Overlap
    misfire: Misfire
    keep_days: int
    keep_runs: int
    next_slots: list[datetime]
    statistics: JobStatistics


def job_detail(
    job: Job, own: JobSpec, state: JobState, figures: JobStatistics, now: datetime
) -> JobDetail:
    """Join what is known of a job."""
    spec = job.spec
    return JobDetail(
        **{name: getattr(state, name) for name in state.__struct_fields__},
        values=_values(spec, job.params),
        defaults=_values(own, None),
        change=None if job.override is None else _change(job.override),
        notices=job.notices,
        params_schema=msgspec.json.schema(spec.params),
        overlap=spec.overlap,
        misfire=spec.misfire,
        keep_days=spec.keep_days,
        keep_runs=spec.keep_runs,
        next_slots=next_slots(spec.trigger, now, SHOWN_SLOTS) if job.enabled else [],
        statistics=figures,
    )


def _change(override: Override) -> JobChange:
    return JobChange(
        fields=override.fields,
        changed_by=override.changed_by,
        changed_at=override.changed_at,
        note=override.note,
    )


def _values(spec: JobSpec, params: str | None) -> JobValues:
    given = msgspec.json.decode(params, type=dict[str, Any]) if params else {}
    return JobValues(
        trigger=spec.trigger,
        params=_defaults(spec.params) | given,
        timeout=spec.timeout,
        retry=_retry(spec.retry),
    )


def _retry(retry: Retry) -> RetryValues:
    return RetryValues(**msgspec.structs.asdict(retry))


def _defaults(params: type[msgspec.Struct]) -> dict[str, Any]:
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(params):
        if field.default is not msgspec.NODEFAULT:
            found[field.encode_name] = field.default
        elif field.default_factory is not msgspec.NODEFAULT:
            found[field.encode_name] = field.default_factory()
    plain: dict[str, Any] = msgspec.to_builtins(found, enc_hook=str)
    return plain
