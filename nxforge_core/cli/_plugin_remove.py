"""`nxforge plugins remove` and `restore`: out without a trace, and back."""

from __future__ import annotations

from pathlib import Path

import click

from nxforge_core.api import NxForgeError, visible
from nxforge_core.plugins import Candidate

from ._console import console
from ._context import Where, asynchronous, print_json, with_settings
from ._installed import find_installed

__all__ = ["remove", "restore"]

_FILE = click.Path(path_type=Path, dir_okay=False, resolve_path=True)


class ResidueError(NxForgeError):
    """Something of a removed plugin is still here."""

    code = "residue"

    def __init__(self, plugin: str, found: list[str]) -> None:
        super().__init__(
            f"of plugin {plugin!r} is left: {', '.join(found)}",
            remedy="look whether a process still runs it, then remove it once more",
        )


@click.command("remove")
@click.argument("plugin")
@click.option("--export", "file", type=_FILE, help="Write all of it to a file first.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("--json", "as_json", is_flag=True)
@with_settings
@asynchronous
async def remove(
    plugin: str, where: Where, *, file: Path | None, yes: bool, as_json: bool
) -> None:
    """Remove all that PLUGIN has here: tables, login, runs, settings, files.

    It must be disabled. Its package stays: that is pip's. The exit code is 1 where
    something is left.
    """
    from nxforge_core.host import open_core  # noqa: PLC0415  # slow
    from nxforge_core.host.upkeep import Remover  # noqa: PLC0415
    from nxforge_core.services import SystemClock  # noqa: PLC0415

    if not yes:
        kept = f"after writing {file}" if file else "for good"
        typed = click.prompt(f"Type {plugin} to remove it {kept}", default="")
        if typed != plugin:
            raise click.Abort
    settings = where.load().settings
    installed = {
        each.id if isinstance(each, Candidate) else each.plugin
        for each in find_installed()
    }
    async with open_core(settings) as core:
        remover = Remover(core, SystemClock(), settings)
        receipt = await remover.remove(plugin, {*installed}, console(), file)
    if as_json:
        print_json(receipt)
    else:
        click.echo(visible(f"removed {plugin}: {receipt.bytes} bytes"))
        for table, count in receipt.rows.items():
            click.echo(visible(f"  {table}: {count} rows"))
        if receipt.export:
            click.echo(visible(f"'nxforge plugins restore {receipt.export}' undoes it"))
    if receipt.residue:
        raise ResidueError(plugin, receipt.residue)


@click.command("restore")
@click.argument("file", type=_FILE)
@with_settings
@asynchronous
async def restore(file: Path, where: Where) -> None:
    """Bring a plugin back from FILE, disabled: install its package, then enable it."""
    from nxforge_core.host import open_core  # noqa: PLC0415  # slow
    from nxforge_core.host.upkeep import restore_plugin  # noqa: PLC0415

    settings = where.load().settings
    async with open_core(settings) as core:
        files = settings.data_dir / "files"
        export = await restore_plugin(core, file, files, console())
    click.echo(visible(f"restored {export.id} {export.version}; enable it to run it"))
