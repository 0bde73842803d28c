"""`nxforge plugins plan`: what an installation or an upgrade would change."""

from __future__ import annotations

from pathlib import Path

import click

from nxforge_core.api import visible
from nxforge_core.plugins.upkeep import Plan

from ._context import Where, asynchronous, print_json, with_settings
from ._installed import find_installed
from ._plan_text import plan_lines

__all__ = ["plan"]


@click.command("plan")
@click.argument("plugin")
@click.option("--run", is_flag=True, help="Of a wheel: run its code, to know all.")
@click.option("--rehearse", is_flag=True, help="Run the migrations and undo them.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def plan(
    plugin: str, where: Where, *, run: bool, rehearse: bool, as_json: bool
) -> None:
    """Say what it would change to run PLUGIN as it is installed now.

    PLUGIN is an id or the file of a wheel, of which nothing is run unless you say so.
    Nothing is changed.
    """
    from nxforge_core.host.upkeep import UnusablePluginError  # noqa: PLC0415  # slow

    found = await _plan(plugin, where, run=run, rehearse=rehearse)
    if as_json:
        print_json(found)
        return
    for line in plan_lines(found):
        click.echo(visible(line))
    if found.rehearsal is not None and found.rehearsal.problem:
        raise UnusablePluginError(
            found.plugin, found.rehearsal.problem, found.rehearsal.remedy or ""
        )


async def _plan(plugin: str, where: Where, *, run: bool, rehearse: bool) -> Plan:
    from nxforge_core.host import Deadlines, open_core  # noqa: PLC0415  # slow
    from nxforge_core.host.upkeep import Planner, opened_wheel  # noqa: PLC0415
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    settings = where.load().settings
    async with open_core(settings) as core:
        enable, seconds = settings.plugins.enable, Deadlines().load
        planner = Planner(core, SystemClock(), enable, seconds)
        if not plugin.endswith(".whl"):
            return await planner.plan(plugin, find_installed(), rehearse=rehearse)
        with opened_wheel(Path(plugin)) as wheel:
            return await planner.plan_wheel(wheel, run=run)
