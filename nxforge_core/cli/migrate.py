"""`nxforge migrate`: every migration of every plugin, in one list."""

from __future__ import annotations

from datetime import datetime

import click
import msgspec

from nxforge_core.plugins import Candidate

from ._context import Where, asynchronous, print_json, print_table, with_settings
from ._installed import find_installed

__all__ = ["command"]


class MigrationLine(msgspec.Struct, frozen=True):
    """A migration file, shipped or applied or both."""

    plugin: str
    id: str
    state: str
    transactional: bool
    way_back: bool
    applied_at: datetime | None


@click.command("migrate")
@click.option("--status", is_flag=True, help="All there are: the default.")
@click.option("--plan", is_flag=True, help="Only what is not applied as it is.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def command(where: Where, *, status: bool, plan: bool, as_json: bool) -> None:
    """Show migrations of plugins: applied, pending, changed since, gone.

    Hosts apply what is pending when they start a plugin. No plugin is imported.
    """
    lines = await _lines(where)
    if plan and not status:
        lines = [line for line in lines if line.state != "applied"]
    if as_json:
        print_json(lines)
        return
    columns = MigrationLine.__struct_fields__
    print_table(columns, [msgspec.structs.astuple(line) for line in lines])


async def _lines(where: Where) -> list[MigrationLine]:
    from nxforge_core.host import open_core, read_wishes  # noqa: PLC0415  # slow
    from nxforge_core.host.upkeep import migration_steps, migrations_of  # noqa: PLC0415

    lines: list[MigrationLine] = []
    async with open_core(where.load().settings) as core:
        wishes = await read_wishes(core.database, ())
        for plugin in find_installed():
            if not isinstance(plugin, Candidate):
                continue
            known = wishes.known.get(plugin.id)
            folder = migrations_of(plugin, known.surface if known else None)
            steps = await migration_steps(core, plugin.id, folder) if folder else []
            lines += [
                MigrationLine(
                    plugin.id,
                    step.id,
                    step.state,
                    step.transactional,
                    step.way_back,
                    step.applied_at,
                )
                for step in steps
            ]
    return lines
