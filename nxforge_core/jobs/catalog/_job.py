"""A job as the engine works with it: the plugin's, as the operator changed it."""

from __future__ import annotations

import msgspec

from nxforge_core.api import JobSpec, PluginId

from ._override import Override

__all__ = ["Job"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job of a running plugin.

    Attributes:
        spec: With the trigger, time-out and retry that are in force.
        enabled: Whether it may run at all.
        params: JSON text of a scheduled run's parameters; None for the defaults.
        override: Where all that differs from the plugin's own comes from.
        notices: What of the override cannot be used, and why.
    """

    plugin: PluginId
    spec: JobSpec
    enabled: bool = True
    params: str | None = None
    override: Override | None = None
    notices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the plugin."""
        return self.spec.name

    @property
    def key(self) -> tuple[PluginId, str]:
        """What tells it from all others of the installation."""
        return self.plugin, self.spec.name
