"""Errors of the job engine.

::

    InvalidInputError
      InvalidCronError
    ConflictError
      JobBusyError
      JobDisabledError
      NothingFailedError     nothing of the run is to be run again
      RunFinishedError       too late to cancel it
      RunUnfinishedError     too early to run it again
    NxForgeError
      FencedError            the run belongs to another worker now
      HandlerExitError
      NestedFanOutError      a shard wanted shards of its own
      QueueSchemaError
      RunEndedError          its handler goes on though the attempt is over
      ShardLimitError
      ShardParamsError
"""

from __future__ import annotations

from nxforge_core.api import ConflictError, InvalidInputError, NxForgeError, RunId

__all__ = [
    "FencedError",
    "HandlerExitError",
    "InvalidCronError",
    "JobBusyError",
    "JobDisabledError",
    "NestedFanOutError",
    "NothingFailedError",
    "QueueSchemaError",
    "RunEndedError",
    "RunFinishedError",
    "RunUnfinishedError",
    "ShardLimitError",
    "ShardParamsError",
]


class InvalidCronError(InvalidInputError):
    """A cron text does not follow the form.

    Attributes:
        position: 1 for the first character.
    """

    code = "invalid_cron"

    def __init__(self, text: str, position: int, fault: str) -> None:
        super().__init__(
            field="cron text",
            value=text,
            remedy=f"at character {position}: {fault}",
        )
        self.position = position
        self.fault = fault


class JobBusyError(ConflictError):
    """A job that never overlaps is queued or running."""

    code = "job_busy"

    def __init__(self, plugin: str, job: str, run: RunId | None) -> None:
        which = f"run {run}" if run is not None else "another run"
        super().__init__(
            f"{plugin}/{job} is not finished: {which} is queued or running",
            remedy="wait for it to end, then ask again",
        )
        self.plugin = plugin
        self.job = job
        self.run = run


class JobDisabledError(ConflictError):
    """Somebody asked for a run of a job that is switched off."""

    code = "job_disabled"

    def __init__(self, plugin: str, job: str, why: str) -> None:
        super().__init__(
            f"{plugin}/{job} is disabled: {why}",
            remedy=f"'nxforge jobs enable {plugin} {job}' lets it run again",
        )
        self.plugin = plugin
        self.job = job
        self.why = why


class RunFinishedError(ConflictError):
    """A run was to be cancelled that has ended."""

    code = "run_finished"

    def __init__(self, run: RunId, state: str) -> None:
        super().__init__(f"run {run} cannot be cancelled: it is {state}")
        self.run = run
        self.state = state


class RunUnfinishedError(ConflictError):
    """A run was to be repeated that has not ended."""

    code = "run_unfinished"

    def __init__(self, run: RunId, state: str) -> None:
        super().__init__(
            f"run {run} cannot be run again yet: it is {state}",
            remedy="wait for its end, or cancel it first",
        )
        self.run = run
        self.state = state


class NothingFailedError(ConflictError):
    """What failed in a run was to be repeated, and nothing did or nothing is known."""

    code = "nothing_failed"

    def __init__(self, run: RunId, state: str) -> None:
        super().__init__(
            f"run {run} is {state} and names nothing that failed",
            remedy="run all of it again instead",
        )
        self.run = run
        self.state = state


class RunEndedError(NxForgeError):
    """A handler, or a task that it left behind, went on after its attempt's end."""

    code = "run_ended"

    def __init__(self, run: RunId) -> None:
        super().__init__(
            f"run {run} has ended: its context is closed",
            remedy="let a handler end when it is cancelled, and its tasks with it",
        )
        self.run = run


class NestedFanOutError(NxForgeError):
    """A shard returned a FanOut."""

    code = "nested_fan_out"

    def __init__(self, run: RunId, shard: int) -> None:
        super().__init__(
            f"run {run} is shard {shard} of another and returned a FanOut",
            remedy="return all shards at once; ctx.run.shard is above 0 in a shard",
        )
        self.run = run
        self.shard = shard


class ShardLimitError(NxForgeError):
    """A FanOut has too many shards."""

    code = "shard_limit"

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(
            f"the handler returned a FanOut of {count} shards, {limit} are the most",
            remedy="give each shard more of the work",
        )
        self.count = count
        self.limit = limit


class ShardParamsError(NxForgeError):
    """Parameters of a shard are none of the job's, or cannot be stored."""

    code = "shard_params"

    def __init__(self, shard: int, wanted: str, fault: str) -> None:
        super().__init__(
            f"the parameters of shard {shard} are no {wanted} to store: {fault}",
            remedy=f"give FanOut one {wanted} for each shard",
        )
        self.shard = shard
        self.wanted = wanted
        self.fault = fault


class FencedError(NxForgeError):
    """A late worker tried to write for a run that is no longer its own."""

    code = "fenced"

    def __init__(self, run: RunId, attempt: int) -> None:
        super().__init__(
            f"run {run}, attempt {attempt}, was given to another worker: "
            "nothing is stored",
        )
        self.run = run
        self.attempt = attempt


class HandlerExitError(NxForgeError):
    """A handler tried to end the whole process."""

    code = "handler_exit"

    def __init__(self, exit_code: object) -> None:
        super().__init__(
            f"the handler raised SystemExit({exit_code!r})",
            remedy="raise an error or return Outcome.failed(...) instead",
        )
        self.exit_value = exit_code


class QueueSchemaError(NxForgeError):
    """The schema nxq holds a queue that this version cannot use."""

    code = "queue_schema"

    def __init__(self, found: str | None, packaged: str) -> None:
        version = "a version nobody recorded" if found is None else repr(found)
        super().__init__(
            f"the queue's schema nxq is at {version}, "
            f"this installation knows {packaged!r} and what leads to it",
            remedy="run the same version of nxforge-core on every machine, "
            "or restore the backup made before the upgrade",
        )
        self.found = found
        self.packaged = packaged
