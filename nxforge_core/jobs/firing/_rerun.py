"""Repeating runs: all of one, or just what failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from nxforge_core.api import PluginId, RunId, UnknownItemError
from nxforge_core.jobs._errors import NothingFailedError, RunUnfinishedError
from nxforge_core.jobs._sql import SQL
from nxforge_core.jobs.catalog import Job, checked_params
from nxforge_core.jobs.delivery import Link, query

from ._fire import Wish, fire_manual

__all__ = ["FindJob", "Only", "rerun"]

#: `all` of the run, or only what `failed` in it.
Only: TypeAlias = Literal["all", "failed"]
FindJob: TypeAlias = Callable[[PluginId, str], Job | None]


class _Repeated(NamedTuple):
    """Columns of `run_to_repeat`, in its order."""

    plugin: PluginId
    job: str
    state: str
    outcome: str | None
    unfinished: bool
    params: str | None
    again: str | None
    shards: int


async def rerun(
    link: Link, find: FindJob, run: RunId, only: Only, asked: tuple[datetime, str]
) -> RunId:
    """Queue a manual run that repeats another one, and answer its id.

    Of a run with shards, `failed` repeats those that failed, and of those that
    partly failed what they named as `Outcome.again`. Of a plain run it is what that
    named, or all of it where it failed as a whole. `asked` is when and by whom.

    Raises:
        UnknownItemError: there is no such run, or its job is gone.
        RunUnfinishedError: the run has not ended.
        NothingFailedError: nothing of it failed, or it does not say what.
        InvalidInputError: the job does not take the run's parameters any more.
        JobDisabledError: somebody switched the job off.
        JobBusyError: the job never overlaps and is queued or running.
    """
    was, shards = await _look_up(link, run, only)
    job = find(was.plugin, was.job)
    if job is None:
        remedy = "'nxforge jobs list' shows the jobs of the running plugins"
        name = f"{was.plugin}/{was.job}"
        raise UnknownItemError(kind="job", value=name, remedy=remedy)
    params = was.params if only == "all" or shards else _failed(run, was)
    for text in (params, *shards):
        checked_params(job.spec, msgspec.json.decode(text) if text else None)
    wish = Wish(at=asked[0], by=asked[1], params=params, rerun_of=run, shards=shards)
    return await fire_manual(link, job, wish)


async def _look_up(
    link: Link, run: RunId, only: Only
) -> tuple[_Repeated, tuple[str, ...]]:
    async with link.transaction() as connection:
        rows = await query(connection, SQL.run_to_repeat, run=run)
        if not rows:
            raise UnknownItemError(
                kind="run", value=run, remedy="old runs are deleted; list the runs"
            )
        was = _Repeated(*rows[0])
        if was.unfinished:
            raise RunUnfinishedError(run, was.state)
        if only == "all" or not was.shards:
            return was, ()
        failed = await query(connection, SQL.failed_shards, run=run)
    if not failed:
        raise NothingFailedError(run, was.state)
    return was, tuple(params for (params,) in failed)


def _failed(run: RunId, was: _Repeated) -> str | None:
    if was.again is not None:
        return was.again
    if was.state in ("failed", "timed_out", "lost"):
        return was.params
    raise NothingFailedError(run, was.state)
