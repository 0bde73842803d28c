"""Commands of plugins that ask for the context."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from distributions import Site

#: Processes that import everything: on a busy machine they take their time.
pytestmark = pytest.mark.timeout(90)

Call = Callable[..., Awaitable[str]]

_TANK = """
import click
import msgspec

from nxforge_core.api import *


class TankSettings(msgspec.Struct, frozen=True):
    litres: int = 7


async def fill(ctx: JobContext, params: NoParams) -> None:
    pass


@click.command("drain")
@click.argument("name")
@click.option("--twice", is_flag=True)
async def drain(ctx: PluginContext[TankSettings], name: str, twice: bool) -> int:
    '''Let it all out.'''
    await ctx.db.execute("insert into tank values ($1)", name)
    rows = await ctx.db.fetchval("select count(*) from tank")
    run = await ctx.jobs.run("fill")
    click.echo(f"{ctx.plugin.id} {name} {twice} {ctx.settings.litres} {rows} {run > 0}")
    return 3


@hookimpl
def nxforge_settings():
    return SettingsSpec(TankSettings)


@hookimpl
def nxforge_migrations():
    return MigrationsSpec(__package__)


@hookimpl
def nxforge_jobs():
    return [JobSpec(name="fill", title="Fill", handler=fill, params=NoParams,
                    overlap="allow")]


@hookimpl
def nxforge_commands():
    return [CommandSpec(drain, context=True)]
"""
_FILES = {"migrations/001_create_tank.sql": "create table tank (name text);"}


async def test_command_gets_the_context_of_its_plugin(
    site: Site, nxforge: Call
) -> None:
    """Database, settings and jobs are there, though nobody enabled the plugin."""
    site.add("tank", _TANK, files=_FILES)
    first = await nxforge("tank", "drain", "north", "--twice", expected=3)
    second = await nxforge("tank", "drain", "south", expected=3)
    assert first.splitlines()[-1] == "tank north True 7 1 True"
    assert second.splitlines()[-1] == "tank south False 7 2 True"


async def test_help_of_such_a_command_has_the_options_of_the_database(
    site: Site, nxforge: Call
) -> None:
    """They stand beside its own, and no database is needed to read them."""
    site.add("tank", _TANK, files=_FILES)
    said = await nxforge("tank", "drain", "--help")
    assert "Let it all out." in said
    for option in ("--twice", "--config", "--data-dir", "--database-url"):
        assert option in said


async def test_no_other_plugin_is_imported(site: Site, nxforge: Call) -> None:
    """One that fails at its import is of no concern."""
    site.add("tank", _TANK, files=_FILES)
    site.add("bomb", "raise SystemExit('imported')")
    said = await nxforge("tank", "drain", "north", expected=3, enable="bomb")
    assert "imported" not in said
