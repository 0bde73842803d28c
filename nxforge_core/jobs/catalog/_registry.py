"""What the engine asks of the host."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from nxforge_core.api import JobSpec, PluginContext, PluginId

__all__ = ["JobSource", "Registry"]


class JobSource(Protocol):
    """Jobs as plugins wrote them."""

    def jobs(self) -> Iterable[tuple[PluginId, JobSpec]]:
        """All of them."""
        ...

    def job(self, plugin: PluginId, name: str) -> JobSpec | None:
        """One of them, or None where the plugin or the job is not here."""
        ...


class Registry(JobSource, Protocol):
    """The jobs of the plugins that run now."""

    def context(self, plugin: PluginId) -> PluginContext[Any]:
        """The context of a plugin that `jobs` named."""
        ...
