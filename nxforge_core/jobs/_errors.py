"""Errors of the job engine.

::

    InvalidInputError
      InvalidCronError
    ConflictError
      JobBusyError
    NxForgeError
      FencedError            the run belongs to another worker now
      HandlerExitError
      QueueSchemaError
"""

from __future__ import annotations

from nxforge_core.api import ConflictError, InvalidInputError, NxForgeError, RunId

__all__ = [
    "FencedError",
    "HandlerExitError",
    "InvalidCronError",
    "JobBusyError",
    "QueueSchemaError",
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
