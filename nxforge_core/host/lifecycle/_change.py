"""An admin's word about a plugin: judged, then remembered for every process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nxforge_core.api import Database, PluginId
from nxforge_core.builtin import PluginWord
from nxforge_core.plugins import (
    Candidate,
    PluginStateError,
    Problem,
    UnknownPluginError,
)
from nxforge_core.security.audit import Actor
from nxforge_core.settings import PluginSettings

from ._consent import check_consent
from ._errors import FixedPluginError, RequirementOffError, StillRequiredError
from ._wishes import Known, Wishes, read_wishes, say

__all__ = ["change_plugin"]

_Found = Sequence[Candidate | Problem]


async def change_plugin(
    database: Database,
    settings: PluginSettings,
    found: _Found,
    change: tuple[str, PluginWord],
    by: Actor,
) -> None:
    """Enable a plugin, disable it, or have it start once more; hosts follow at once.

    Args:
        database: The core's schema.
        settings: Which plugins are enabled by the settings, and which are required.
        found: What is installed.
        change: The plugin's id, and the word.
        by: The admin.

    Raises:
        UnknownPluginError: it is not installed; one that is gone can be disabled.
        RequirementOffError: a plugin that it requires is not enabled.
        StillRequiredError: others that are enabled require it.
        FixedPluginError: `plugins.required` names it.
        ConsentNeededError: this version asks for more than was agreed to.
        PluginStateError: one that is not enabled cannot be started once more.
    """
    plugin, word = change
    wishes = await read_wishes(database, settings.enable)
    facts = _facts(plugin, word, found, wishes)
    needs = {
        each.id: each.manifest.requires for each in found if isinstance(each, Candidate)
    }
    if word != "disable":
        check_consent(plugin, found, wishes)
    if word == "enable":
        _check_enable(plugin, needs, wishes)
    elif word == "disable":
        _check_disable(plugin, needs, wishes, settings)
    elif plugin not in wishes.wanted:
        raise PluginStateError(plugin, "disabled", "reloaded")
    await say(database, facts, word, by, runs=plugin in wishes.wanted)


def _facts(plugin: str, word: PluginWord, found: _Found, wishes: Wishes) -> Known:
    installed = {known.id: known for known in map(_known, found)}
    if (known := installed.get(PluginId(plugin))) is not None:
        return known
    if word == "disable" and plugin in wishes.known:
        return wishes.known[PluginId(plugin)]
    raise UnknownPluginError(plugin, installed)


def _known(found: Candidate | Problem) -> Known:
    if isinstance(found, Candidate):
        return Known(found.id, found.distribution, found.version)
    return Known(PluginId(found.plugin), found.distribution, "")


def _check_enable(
    plugin: str, needs: Mapping[PluginId, Mapping[str, str]], wishes: Wishes
) -> None:
    required = needs.get(PluginId(plugin), {})
    if off := sorted(set(required) - wishes.wanted):
        raise RequirementOffError(plugin, off)


def _check_disable(
    plugin: str,
    needs: Mapping[PluginId, Mapping[str, str]],
    wishes: Wishes,
    settings: PluginSettings,
) -> None:
    if plugin in settings.required:
        raise FixedPluginError(plugin)
    by = sorted(
        other
        for other, required in needs.items()
        if plugin in required and other in wishes.wanted
    )
    if by:
        raise StillRequiredError(plugin, by)
