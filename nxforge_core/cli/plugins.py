"""`nxforge plugins`: what is installed, what is enabled, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import click
import msgspec

from nxforge_core.api import visible
from nxforge_core.plugins import Candidate, Problem, UnknownPluginError
from nxforge_core.plugins.upkeep import grants_of

from ._console import console
from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)
from ._installed import find_installed
from ._plugin_plan import plan
from ._plugin_remove import remove, restore
from ._plugin_rollback import rollback
from ._plugin_upgrade import upgrade

if TYPE_CHECKING:
    from nxforge_core.host import Wishes

__all__ = ["command"]

_FOLLOW: Final = "running hosts follow at once"
_MISSING: Final = "its package is not installed any more; its data is still here"


class PluginLine(msgspec.Struct, frozen=True):
    """One installed plugin, as far as it can be known without importing it."""

    id: str
    version: str
    distribution: str
    state: str
    reason: str | None = None
    bytes: int | None = None


@click.group("plugins")
def command() -> None:
    """List plugins; enable and disable them. None of them is imported."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_plugins(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List installed plugins with their state."""
    lines = await _lines(where)
    if as_json:
        print_json(lines)
        return
    columns = PluginLine.__struct_fields__
    print_table(columns, [msgspec.structs.astuple(line) for line in lines])


@command.command("show")
@click.argument("plugin")
@with_settings
@asynchronous
async def show(plugin: str, where: Where) -> None:
    """Show one installed plugin."""
    lines = {line.id: line for line in await _lines(where)}
    if plugin not in lines:
        raise UnknownPluginError(plugin, lines)
    for key, value in msgspec.structs.asdict(lines[plugin]).items():
        click.echo(visible(f"{key + ':':14} {'-' if value is None else value}"))


@command.command("enable")
@click.argument("plugin")
@with_settings
@asynchronous
async def enable(plugin: str, where: Where) -> None:
    """Let every host run a plugin; one in quarantine is tried again."""
    await _change(plugin, "enable", where)
    click.echo(f"enabled {plugin}; {_FOLLOW}")


@command.command("disable")
@click.argument("plugin")
@with_settings
@asynchronous
async def disable(plugin: str, where: Where) -> None:
    """Let no host run a plugin; its data stays."""
    await _change(plugin, "disable", where)
    click.echo(f"disabled {plugin}; {_FOLLOW}")


@command.command("reload")
@click.argument("plugin")
@with_settings
@asynchronous
async def reload(plugin: str, where: Where) -> None:
    """Have every host start a plugin once more, from its files as they are now."""
    await _change(plugin, "reload", where)
    click.echo(f"{plugin} starts once more; {_FOLLOW}")


async def _lines(where: Where) -> list[PluginLine]:
    from nxforge_core.host import open_core, read_wishes  # noqa: PLC0415  # slow
    from nxforge_core.host.upkeep import Remover  # noqa: PLC0415
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    settings = where.load().settings
    async with open_core(settings) as core:
        wishes = await read_wishes(core.database, settings.plugins.enable)
        lines = [_line(found, wishes) for found in find_installed()]
        here = {line.id for line in lines}
        orphans = await Remover(core, SystemClock(), settings).orphans(here)
    gone = [
        PluginLine(
            one.id, one.version, one.distribution, "missing", _MISSING, one.bytes
        )
        for one in orphans
    ]
    return lines + gone


def _line(found: Candidate | Problem, wishes: Wishes) -> PluginLine:
    if isinstance(found, Problem):
        facts = (found.plugin, "", found.distribution)
        return PluginLine(*facts, "quarantined", found.message)
    facts = (found.id, found.version, found.distribution)
    if found.id not in wishes.wanted:
        return PluginLine(*facts, "disabled")
    if why := _refusal(found, wishes):
        return PluginLine(*facts, "quarantined", why)
    return PluginLine(*facts, "enabled")


def _refusal(found: Candidate, wishes: Wishes) -> str | None:
    """Why no host imports it, though it is enabled."""
    for held in wishes.held:
        if (held.id, held.version) == (found.id, found.version):
            return f"{held.phase}: it {held.why}"
    agreed = wishes.agreed.get(found.id)
    more = grants_of(found.manifest).beyond(agreed).words() if agreed else ()
    return f"asks for more than was agreed to: {', '.join(more)}" if more else None


async def _change(
    plugin: str, word: Literal["enable", "disable", "reload"], where: Where
) -> None:
    from nxforge_core.host import change_plugin, open_core  # noqa: PLC0415  # slow

    settings, found = where.load().settings, find_installed()
    async with open_core(settings) as core:
        await change_plugin(
            core.database, settings.plugins, found, (plugin, word), console()
        )


command.add_command(plan)
command.add_command(upgrade)
command.add_command(remove)
command.add_command(restore)
command.add_command(rollback)
