"""Which plugins shall run: what the settings name, and what admins said since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from nxforge_core.api import Database, PluginId, load_sql
from nxforge_core.builtin import PluginWord
from nxforge_core.plugins import Candidate, Held, Phase
from nxforge_core.plugins.upkeep import Grants, Surface
from nxforge_core.security.audit import Actor, add_audit

__all__ = ["CHANNEL", "Known", "Wishes", "hold", "read_wishes", "say"]

#: Told whenever something was said.
CHANNEL: Final = "nxforge_plugins"

_SQL: Final = load_sql("nxforge_core.host")


class Known(msgspec.Struct, frozen=True):
    """What is stored of a plugin that ran, or of which something was said.

    Attributes:
        distribution: It came from, when it ran last.
        enabled: An admin's last word; None where the settings decide.
        edition: Grows with each word.
        reload: The edition that asked for a new start.
        hold_phase: What a process was doing with it that died of it.
        hold_why: What it did.
        hold_version: Which version did that; None where it may be tried.
        agreed: What an admin agreed to; None before its first start.
        surface: What the version that ran last added.
    """

    id: PluginId
    distribution: str
    version: str
    enabled: bool | None = None
    edition: int = 0
    reload: int = 0
    hold_phase: Phase | None = None
    hold_why: str | None = None
    hold_version: str | None = None
    agreed: Grants | None = None
    surface: Surface | None = None


class Wishes:
    """What shall run now.

    Args:
        known: All that is stored.
        named: Ids that `plugins.enable` names.
        safe: Whether this process runs none of them, whatever is wished.
    """

    def __init__(
        self, known: Sequence[Known], named: Collection[str], *, safe: bool = False
    ) -> None:
        self.known: Final = {each.id: each for each in known}
        self._named = frozenset(named)
        self._safe = safe

    @property
    def wanted(self) -> frozenset[str]:
        """Ids of the plugins that shall run, installed or not."""
        if self._safe:
            return frozenset()
        said = {name for name, one in self.known.items() if one.enabled}
        refused = {name for name, one in self.known.items() if one.enabled is False}
        return frozenset(said) | (self._named - refused)

    @property
    def named(self) -> frozenset[str]:
        """Those of them that the settings name."""
        return self._named & self.wanted

    @property
    def held(self) -> Sequence[Held]:
        """Plugins of which a process died."""
        return [
            Held(
                one.id, one.hold_version, one.hold_phase or "import", one.hold_why or ""
            )
            for one in self.known.values()
            if one.hold_version is not None
        ]

    @property
    def agreed(self) -> Mapping[PluginId, Grants]:
        """What admins agreed to."""
        return {one.id: one.agreed for one in self.known.values() if one.agreed}

    def edition(self, plugin: PluginId) -> int:
        """How often something was said of it."""
        return self.known[plugin].edition if plugin in self.known else 0

    def reload(self, plugin: PluginId) -> int:
        """The edition that asked for a new start; 0 where none did."""
        return self.known[plugin].reload if plugin in self.known else 0


async def read_wishes(
    database: Database, named: Collection[str], *, safe: bool = False
) -> Wishes:
    """What is wished at this moment.

    Args:
        database: The core's schema.
        named: Ids that `plugins.enable` names.
        safe: Whether it is asked by a process that runs no plugin.
    """
    return Wishes(await database.structs(Known, _SQL.wishes), named, safe=safe)


async def hold(database: Database, plugin: Candidate, phase: Phase, why: str) -> None:
    """Import this version of a plugin no more, in no process, until an admin says so.

    Args:
        database: The core's schema.
        plugin: Whose code it is.
        phase: What a process was doing with it.
        why: What it did to that process.
    """
    facts = (plugin.id, plugin.distribution, plugin.version)
    await database.execute(_SQL.hold, *facts, phase, why)


async def say(
    database: Database, plugin: Known, word: PluginWord, by: Actor, *, runs: bool
) -> None:
    """Remember an admin's word; every host follows at once.

    Args:
        database: The core's schema.
        plugin: Id, distribution, version.
        word: The word.
        by: The admin.
        runs: Whether it shall run before that.
    """
    facts = (plugin.id, plugin.distribution, plugin.version)
    wanted = word != "disable"
    async with database.transaction() as connection:
        if wanted != runs:
            await connection.execute(_SQL.forget_schedules, plugin.id)
            await connection.execute(_SQL.forget_subscribers, plugin.id)
            name = "module.enabled" if wanted else "module.disabled"
            await connection.execute(_SQL.tell_said, name, plugin.id, plugin.version)
        if word == "reload":
            await connection.execute(_SQL.ask_reload, *facts)
        else:
            await connection.execute(_SQL.set_enabled, *facts, wanted)
        await connection.execute(_SQL.tell_wishes)
        after = {"version": plugin.version}
        await add_audit(connection, by, f"plugins.{word}", plugin.id, (None, after))
