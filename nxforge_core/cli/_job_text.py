"""A job as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_core.api import Cron, Trigger, visible
from nxforge_core.jobs import JobDetail, JobValues, trigger_words

__all__ = ["job_text", "slots_text"]

_WIDTH: Final = 12
_FORM: Final = "%a %Y-%m-%d %H:%M:%S %Z"


def job_text(job: JobDetail) -> str:
    """Everything about a job, a line each."""
    title = f"{job.plugin}/{job.name}: {job.title}"
    return "\n".join(map(visible, [title, *_facts(job)]))


def slots_text(slots: Sequence[datetime], trigger: Trigger) -> list[str]:
    """Slots in UTC and, for a calendar of another zone, as its clocks show them."""
    zone = trigger.zone if isinstance(trigger, Cron) else "UTC"
    return [_slot(slot, zone) for slot in slots]


def _facts(job: JobDetail) -> Iterator[str]:
    yield _line("state", "enabled" if job.enabled else "disabled")
    yield _line("runs", trigger_words(job.values.trigger), _was(job, "trigger"))
    yield from _values(job)
    yield _line("overlap", job.overlap)
    yield _line("misfire", job.misfire)
    yield _line("keeps", f"{job.keep_runs} runs, {job.keep_days} days")
    if change := job.change:
        when = f"{change.changed_at.astimezone(UTC):{_FORM}}"
        why = f": {change.note}" if change.note else ""
        what = f"{', '.join(change.fields)} by {change.changed_by}, {when}{why}"
        yield _line("changed", what)
    for notice in job.notices:
        yield _line("notice", notice)
    for slot in slots_text(job.next_slots, job.values.trigger):
        yield _line("next", slot)
    yield from _history(job)


def _values(job: JobDetail) -> Iterator[str]:
    params = msgspec.json.encode(job.values.params).decode()
    yield _line("params", params, _was(job, "params"))
    yield _line("time-out", f"{job.values.timeout:g} s", _was(job, "timeout"))
    yield _line("retry", _retry(job.values), _was(job, "retry"))


def _retry(values: JobValues) -> str:
    retry = values.retry
    if not retry.attempts:
        return "none"
    return (
        f"{retry.attempts} more, after {retry.backoff:g} s "
        f"and up to {retry.backoff_max:g} s"
    )


def _was(job: JobDetail, field: str) -> str:
    if field not in job.overridden:
        return ""
    own = job.defaults
    words = {
        "trigger": trigger_words(own.trigger),
        "params": msgspec.json.encode(own.params).decode(),
        "timeout": f"{own.timeout:g} s",
        "retry": _retry(own),
    }
    return f" (changed, the plugin says {words[field]})"


def _history(job: JobDetail) -> Iterator[str]:
    if job.last_run is not None:
        yield _line("last run", f"{job.last_run}, {job.last_state}")
    figures = job.statistics
    if figures.success_rate is not None:
        rate = f"{figures.success_rate:.1%} of {figures.runs} runs succeeded"
        yield _line("success", rate)
    if figures.median_seconds is not None and figures.p95_seconds is not None:
        seconds = f"median {figures.median_seconds:.3g} s, "
        yield _line("duration", f"{seconds}95 % within {figures.p95_seconds:.3g} s")


def _line(name: str, fact: str, was: str = "") -> str:
    return f"  {name + ':':{_WIDTH}}{fact}{was}"


def _slot(slot: datetime, zone: str) -> str:
    text = f"{slot.astimezone(UTC):{_FORM}}"
    if zone == "UTC":
        return text
    return f"{text}  {slot.astimezone(ZoneInfo(zone)):{_FORM}}"
