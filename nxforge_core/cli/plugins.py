"""`nxforge plugins`: what is installed, what is enabled, what is wrong."""

from __future__ import annotations

from collections.abc import Collection

import click
import msgspec

from nxforge_core.api import visible
from nxforge_core.plugins import Candidate, Problem, UnknownPluginError

from ._console import console
from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)
from ._installed import find_installed

__all__ = ["command"]


class PluginLine(msgspec.Struct, frozen=True):
    """One installed plugin, as far as it can be known without importing it."""

    id: str
    version: str
    distribution: str
    state: str
    reason: str | None = None


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
    """Let the host run a plugin from its next start on."""
    await _set_enabled(plugin, where, enabled=True)
    click.echo(f"enabled {plugin}; a running host follows when it is started again")


@command.command("disable")
@click.argument("plugin")
@with_settings
@asynchronous
async def disable(plugin: str, where: Where) -> None:
    """Let the host run without a plugin from its next start on; its data stays."""
    await _set_enabled(plugin, where, enabled=False)
    click.echo(f"disabled {plugin}; a running host follows when it is started again")
    if plugin in where.load().settings.plugins.enable:
        click.echo(f"note: the setting plugins.enable still names {plugin}", err=True)


async def _lines(where: Where) -> list[PluginLine]:
    from nxforge_core.host import enabled_plugins, open_core  # noqa: PLC0415  # slow

    settings = where.load().settings
    async with open_core(settings) as core:
        enabled = await enabled_plugins(core.database) | set(settings.plugins.enable)
    return [_line(found, enabled) for found in find_installed()]


def _line(found: Candidate | Problem, enabled: Collection[str]) -> PluginLine:
    if isinstance(found, Problem):
        facts = (found.plugin, "", found.distribution)
        return PluginLine(*facts, "quarantined", found.message)
    state = "enabled" if found.id in enabled else "disabled"
    return PluginLine(found.id, found.version, found.distribution, state)


async def _set_enabled(plugin: str, where: Where, *, enabled: bool) -> None:
    from nxforge_core.host import (  # noqa: PLC0415  # slow to import
        enabled_plugins,
        open_core,
        set_enabled,
    )

    lines = {line.id: line for line in (_line(one, set()) for one in find_installed())}
    async with open_core(where.load().settings) as core:
        # A plugin whose package is gone can still be disabled.
        known = set() if enabled else await enabled_plugins(core.database)
        if plugin not in lines and plugin not in known:
            raise UnknownPluginError(plugin, lines)
        line = lines.get(plugin, PluginLine(plugin, "", "", "missing"))
        facts = (plugin, line.distribution, line.version)
        await set_enabled(core.database, facts, enabled=enabled, by=console())
