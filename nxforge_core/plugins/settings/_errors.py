"""Errors of settings that admins change.

::

    UsageError
      InvalidInputError
        SettingRefusedError   a value does not fit the plugin's struct
      ConflictError
        SettingFixedError     a file or the environment says it
      UnknownItemError
        NoSettingsError       the plugin has none, or they are not known here
    NxForgeError
      UpgradeFailedError      stored values cannot be made those of this version
"""

from __future__ import annotations

from nxforge_core.api import (
    ConflictError,
    InvalidInputError,
    NxForgeError,
    UnknownItemError,
)
from nxforge_core.settings import Problem, Source

__all__ = [
    "NoSettingsError",
    "SettingFixedError",
    "SettingRefusedError",
    "UpgradeFailedError",
]


class SettingRefusedError(InvalidInputError):
    """A value does not fit the plugin's struct; `field` names the setting."""

    def __init__(self, name: str, problem: Problem) -> None:
        super().__init__(field=name, value="", remedy=problem.remedy)
        self.message = f"{problem.key} {problem.what}"
        self.args = (self.message,)


class SettingFixedError(ConflictError):
    """A file or the environment says it, and only there it is changed."""

    code = "setting_fixed"

    def __init__(self, plugin: str, name: str, source: Source) -> None:
        super().__init__(
            f"{name} of {plugin!r} comes from the {source.kind} ({source})",
            remedy="change it there, or take it out there to change it here",
        )
        self.name = name


class NoSettingsError(UnknownItemError):
    """The plugin has no settings, or its code is not loaded here."""

    def __init__(self, plugin: str) -> None:
        remedy = (
            "only a plugin that is enabled shows its settings; "
            f"'nxforge settings list {plugin}' reads them of a disabled one"
        )
        super().__init__(kind="settings of plugin", value=plugin, remedy=remedy)


class UpgradeFailedError(NxForgeError):
    """Stored values cannot be made those of this version of the plugin."""

    code = "settings_upgrade"

    def __init__(self, plugin: str, versions: tuple[int, int], why: str) -> None:
        old, new = versions
        super().__init__(
            f"the settings of {plugin!r} stay of version {old} and {new} is wanted: "
            f"{why}",
            remedy=f"correct what its SettingsSpec calls 'upgrade', or "
            f"'nxforge settings unset {plugin} --all'",
        )
