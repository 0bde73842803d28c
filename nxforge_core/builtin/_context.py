"""What plugin zero is handed beyond every plugin's context: the host itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import msgspec

from nxforge_core.api import Model, PluginContext, RunId
from nxforge_core.api.pages import Page
from nxforge_core.jobs import JobState, Runs
from nxforge_core.plugins import Plugin
from nxforge_core.security import NewToken, Principal

__all__ = ["CheckResult", "CoreContext", "Host", "Readiness"]


class Readiness(msgspec.Struct, frozen=True):
    """Whether the host should be given requests, and what each part says."""

    ready: bool
    checks: Mapping[str, str]


class CheckResult(Model):
    """What one health check of a plugin found."""

    name: str
    state: Literal["ok", "failing"]
    detail: str
    milliseconds: float


class Host(Protocol):
    """What plugin zero asks of the host."""

    @property
    def runs(self) -> Runs:
        """Finished and unfinished runs."""
        ...

    def plugins(self) -> Sequence[Plugin]:
        """Every plugin that is installed, in load order."""
        ...

    def pages(self) -> Sequence[tuple[Page, PluginContext]]:
        """Pages of the running plugins, each with the context of its plugin."""
        ...

    async def check_plugin(self, plugin: str) -> Sequence[CheckResult]:
        """Run a plugin's health checks and keep its state true to them."""
        ...

    async def readiness(self) -> Readiness:
        """Ask the database and the engine."""
        ...

    async def openapi(self) -> Mapping[str, Any]:
        """The document of all routes that answer now."""
        ...

    async def list_jobs(self) -> Sequence[JobState]:
        """Jobs of the running plugins."""
        ...

    async def run_job(
        self, plugin: str, job: str, params: Mapping[str, Any], caller: Principal
    ) -> RunId:
        """Queue a manual run."""
        ...

    async def claim_link(self, code: str) -> NewToken | None:
        """Exchange a one-time code for a session's token."""
        ...


@dataclass(frozen=True, kw_only=True)
class CoreContext(PluginContext[None]):
    """The context of plugin zero."""

    host: Host
