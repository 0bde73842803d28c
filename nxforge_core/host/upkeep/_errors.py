"""What goes wrong when a plugin is planned, upgraded or removed.

::

    UsageError
      WheelError              a file is no wheel of a plugin
    ConflictError
      UnusablePluginError     the installed version would not serve
"""

from __future__ import annotations

from pathlib import Path

from nxforge_core.api import ConflictError, UsageError

__all__ = ["UnusablePluginError", "WheelError"]


class UnusablePluginError(ConflictError):
    """The installed version of a plugin would not serve."""

    code = "plugin_unusable"

    def __init__(self, plugin: str, why: str, remedy: str) -> None:
        super().__init__(f"plugin {plugin!r} would not serve: {why}", remedy=remedy)
        self.plugin = plugin


class WheelError(UsageError):
    """A file is no wheel of a plugin."""

    code = "wheel"

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"{file.name} {why}",
            remedy="name the wheel of a plugin, or the id of an installed one",
        )
        self.file = file
