"""What an operator changed about a job, and what he may ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from nxforge_core.api import Body, Cron, Every, JobName, Manual, PluginId

__all__ = ["OVERRIDABLE", "JobPatch", "Override", "RetryPatch"]

#: Whatever else a job has is the plugin's alone.
OVERRIDABLE: Final = ("trigger", "params", "timeout", "retry", "enabled")


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table: None leaves the plugin's own value.

    Attributes:
        trigger: JSON text, as `params` and `retry`.
        note: Why, where it was not a person's wish.
    """

    plugin: PluginId
    job: JobName
    enabled: bool
    trigger: str | None
    params: str | None
    timeout: float | None
    retry: str | None
    note: str | None
    changed_by: str
    changed_at: datetime

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of what it changes."""
        stored = (name for name in OVERRIDABLE[:-1] if getattr(self, name) is not None)
        return (*stored, *(() if self.enabled else ("enabled",)))


class RetryPatch(Body):
    """Members of a job's `Retry` to change; those left out stay as they are.

    Attributes:
        attempts: Attempts *after* the first, 0 to 100.
        backoff: Seconds before the first of them, 0 to 86,400.
        backoff_max: Seconds at the most, 0 to 86,400.
    """

    attempts: int | UnsetType = UNSET
    backoff: float | UnsetType = UNSET
    backoff_max: float | UnsetType = UNSET


class JobPatch(Body):
    """What to change about a job: null returns to the plugin's own value.

    Attributes:
        params: The members that differ from the job's defaults, all of them.
        timeout: Seconds, more than 0 and 86,400 at the most.
    """

    trigger: Every | Cron | Manual | UnsetType | None = UNSET
    params: dict[str, Any] | UnsetType | None = UNSET
    timeout: float | UnsetType | None = UNSET
    retry: RetryPatch | UnsetType | None = UNSET
    enabled: bool | UnsetType | None = UNSET
