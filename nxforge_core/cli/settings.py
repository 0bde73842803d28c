"""`nxforge settings`: every value and where it came from; those of plugins changed."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click
import msgspec

from nxforge_core.settings import describe

from ._console import console
from ._context import (
    Where,
    asynchronous,
    print_json,
    print_table,
    with_settings,
)

if TYPE_CHECKING:
    from nxforge_core.host import PluginSettings

__all__ = ["command"]


@click.group("settings", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True)
@with_settings
@click.pass_context
def command(context: click.Context, as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """Show every setting, its value and its source; change those of plugins.

    Secrets stay masked. Values of plugins that are stored in the database are shown
    by `list PLUGIN`.
    """
    if context.invoked_subcommand is None:
        _print_all(where, as_json=as_json)


def _print_all(where: Where, *, as_json: bool) -> None:
    lines = describe(where.load())
    if as_json:
        print_json(lines)
        return
    rows = [[line.key, line.value, line.source] for line in lines]
    print_table(["key", "value", "source"], rows)


@command.command("list")
@click.argument("plugin", required=False)
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def list_settings(plugin: str | None, as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """List all settings, or those of a plugin with what is stored of them."""
    if plugin is None:
        _print_all(where, as_json=as_json)
        return
    async with _settings(where, plugin) as settings:
        found = await settings.tell()
    if as_json:
        print_json(found)
        return
    rows: list[list[object]] = [
        [
            one.name,
            _text(one.value) if not one.secret else "***" if one.given else "not set",
            str(one.source),
            one.changed_by,
            one.changed_at,
        ]
        for one in found
    ]
    print_table(["setting", "value", "source", "by", "since"], rows)


@command.command("get")
@click.argument("plugin")
@click.argument("name")
@with_settings
@asynchronous
async def get_setting(plugin: str, name: str, where: Where) -> None:
    """Print what counts now, as JSON; a secret is never printed."""
    async with _settings(where, plugin) as settings:
        found = await settings.find(name)
    click.echo("***" if found.secret and found.given else _text(found.value))


@command.command("set")
@click.argument("plugin")
@click.argument("pairs", nargs=-1, required=True, metavar="NAME=VALUE...")
@click.option("--stdin", is_flag=True, help="Read the value of NAME from the input.")
@with_settings
@asynchronous
async def set_settings(
    plugin: str,
    pairs: tuple[str, ...],
    stdin: bool,  # noqa: FBT001  # click passes it by name
    where: Where,
) -> None:
    """Set some of a plugin's settings; running hosts take them over at once.

    A list is written with commas, a table as JSON. A secret is better read from the
    standard input than written where others can see it: --stdin PLUGIN NAME.
    """
    given = _from_input(pairs) if stdin else dict(map(_pair, pairs))
    async with _settings(where, plugin) as settings:
        await settings.set(given, console())
    click.echo(f"set {', '.join(given)}")


@command.command("unset")
@click.argument("plugin")
@click.argument("names", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that is stored.")
@with_settings
@asynchronous
async def unset_settings(
    plugin: str,
    names: tuple[str, ...],
    every: bool,  # noqa: FBT001  # click passes it by name
    where: Where,
) -> None:
    """Have some be their defaults again. The plugin is not imported."""
    if bool(names) == every:
        message = "name some settings, or say --all"
        raise click.UsageError(message)
    from nxforge_core.host import unset_plugin_settings  # noqa: PLC0415

    settings = where.load()
    gone = await unset_plugin_settings(settings, plugin, names, console())
    click.echo(f"unset {', '.join(gone)}" if gone else "nothing was set")


@asynccontextmanager
async def _settings(where: Where, plugin: str) -> AsyncIterator[PluginSettings]:
    from nxforge_core.host import open_plugin_settings  # noqa: PLC0415

    async with open_plugin_settings(where.load(), plugin) as settings:
        yield settings


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        message = f"{text!r} is no NAME=VALUE"
        raise click.UsageError(message)
    return name, value


def _from_input(names: tuple[str, ...]) -> dict[str, str]:
    if len(names) != 1:
        message = "--stdin takes one name"
        raise click.UsageError(message)
    return {names[0]: sys.stdin.read().rstrip("\n")}


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
