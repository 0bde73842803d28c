"""What goes wrong when a plugin is planned, upgraded or removed.

::

    UsageError
      WheelError              a file is no wheel of a plugin
    ConflictError
      NoMigrationsError       a plugin ships no migrations
      UnusablePluginError     the installed version would not serve
      StillEnabledError       one that is enabled cannot be removed
      NamedInSettingsError    the settings would bring back what is removed
      NotRemovedError         what is to be restored is still there
    NxForgeError
      ExportError             the file of an export cannot be written or read
"""

from __future__ import annotations

from pathlib import Path

from nxforge_core.api import ConflictError, NxForgeError, UsageError

__all__ = [
    "ExportError",
    "NamedInSettingsError",
    "NoMigrationsError",
    "NotRemovedError",
    "StillEnabledError",
    "UnusablePluginError",
    "WheelError",
]


class StillEnabledError(ConflictError):
    """A plugin that is enabled cannot be removed."""

    code = "still_enabled"

    def __init__(self, plugin: str) -> None:
        super().__init__(
            f"plugin {plugin!r} is enabled",
            remedy=f"say 'nxforge plugins disable {plugin}' first",
        )
        self.plugin = plugin


class NamedInSettingsError(ConflictError):
    """The settings would enable again what is removed."""

    code = "named_in_settings"

    def __init__(self, plugin: str) -> None:
        super().__init__(
            f"the setting plugins.enable names {plugin!r}",
            remedy="take it out there and start the host again, then remove it",
        )
        self.plugin = plugin


class NoMigrationsError(ConflictError):
    """A plugin ships no migrations."""

    code = "no_migrations"

    def __init__(self, plugin: str) -> None:
        super().__init__(
            f"plugin {plugin!r} ships no migrations",
            remedy="install the version whose migration is to be undone",
        )
        self.plugin = plugin


class NotRemovedError(ConflictError):
    """What is to be restored is still there."""

    code = "not_removed"

    def __init__(self, plugin: str, schema: str) -> None:
        super().__init__(
            f"plugin {plugin!r} has its schema {schema} already",
            remedy=f"remove it first: 'nxforge plugins remove {plugin} --export FILE'",
        )
        self.plugin = plugin


class ExportError(NxForgeError):
    """The file of an export cannot be written or read."""

    code = "export"

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"{file} {why}",
            remedy="name another file; nothing was removed or restored",
        )
        self.file = file


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
