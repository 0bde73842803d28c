"""Why an admin's word about a plugin is not taken.

::

    NxForgeError
      NotAllServeError      one that is enabled does not serve, and the host is strict
    ConflictError
      RequirementOffError   a plugin that it requires is not enabled
      StillRequiredError    others that are enabled require it
      ConsentNeededError    this version asks for more than was agreed to
      FixedPluginError      the settings say that the host must not be without it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nxforge_core.api import ConflictError, NxForgeError, PluginId

__all__ = [
    "ConsentNeededError",
    "FixedPluginError",
    "NotAllServeError",
    "RequirementOffError",
    "StillRequiredError",
]


class NotAllServeError(NxForgeError):
    """A host that is strict has a plugin that does not serve.

    Attributes:
        why: What is wrong, by plugin.
    """

    code = "not_all_serve"

    def __init__(self, why: Mapping[PluginId, str]) -> None:
        words = "; ".join(f"{plugin}: {reason}" for plugin, reason in why.items())
        super().__init__(
            f"enabled plugins do not serve: {words}",
            remedy="mend them or disable them; without --strict the others serve",
        )
        self.why = dict(why)


class ConsentNeededError(ConflictError):
    """This version asks for more than an admin agreed to.

    Attributes:
        more: What, in words.
    """

    code = "consent_needed"

    def __init__(self, plugin: str, version: str, more: Sequence[str]) -> None:
        super().__init__(
            f"version {version} of plugin {plugin!r} asks for more than was agreed to: "
            f"{', '.join(more)}",
            remedy=f"agree with 'nxforge plugins upgrade {plugin} --yes', on the "
            f"plugin's page, or by POST /api/v1/plugins/{plugin}/consent",
        )
        self.plugin, self.version, self.more = plugin, version, tuple(more)


class RequirementOffError(ConflictError):
    """A plugin cannot be enabled before those that it requires."""

    code = "requirement_off"

    def __init__(self, plugin: str, required: Sequence[str]) -> None:
        names = ", ".join(map(repr, required))
        verb = "is" if len(required) == 1 else "are"
        commands = " and ".join(f"'nxforge plugins enable {one}'" for one in required)
        super().__init__(
            f"plugin {plugin!r} requires {names}, which {verb} not enabled",
            remedy=f"say {commands} first",
        )
        self.plugin, self.required = plugin, tuple(required)


class StillRequiredError(ConflictError):
    """A plugin cannot be disabled before those that require it."""

    code = "still_required"

    def __init__(self, plugin: str, by: Sequence[str]) -> None:
        names = ", ".join(map(repr, by))
        commands = " and ".join(f"'nxforge plugins disable {one}'" for one in by)
        super().__init__(
            f"plugin {plugin!r} is required by {names}",
            remedy=f"say {commands} first",
        )
        self.plugin, self.by = plugin, tuple(by)


class FixedPluginError(ConflictError):
    """The setting `plugins.required` names the plugin."""

    code = "plugin_fixed"

    def __init__(self, plugin: str) -> None:
        super().__init__(
            f"the setting plugins.required names {plugin!r}: the host must not be "
            "without it",
            remedy="take it out of plugins.required, start the host again, then "
            "disable it",
        )
        self.plugin = plugin
