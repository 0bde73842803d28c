"""The commands there are: the core's by name, then those of installed plugins."""

from __future__ import annotations

from importlib import import_module

import click

from nxforge_core.api import visible

from ._names import COMMANDS

__all__ = ["CommandGroup"]


class CommandGroup(click.Group):
    """Core commands win; another name is that of a plugin."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the core's commands."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one module that is needed."""
        del ctx
        if cmd_name in COMMANDS:
            module = import_module(f"nxforge_core.cli.{cmd_name}")
            command: click.Command = module.command
            return command
        return _plugin_group(cmd_name)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the core's commands and the installed plugins, importing neither."""
        from ._installed import plugin_titles  # noqa: PLC0415  # slow

        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))
        if titles := plugin_titles():
            with formatter.section("Plugins"):
                formatter.write_dl(
                    (name, visible(title)) for name, title in sorted(titles.items())
                )


def _plugin_group(plugin: str) -> click.Group | None:
    from . import _installed, _with_context  # noqa: PLC0415  # slow to import

    if plugin not in _installed.plugin_titles():
        return None
    group = click.Group(name=plugin, help=f"Commands of the plugin {plugin}.")
    for spec in _installed.plugin_commands(plugin):
        group.add_command(_with_context.bound_command(plugin, spec))
    return group
