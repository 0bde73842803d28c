"""`import`: a file of registers or intervals into a channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from nxforge_consumption_monitor.imports import (
    ImportTextError,
    ImportView,
    LargeFileError,
    options_of,
    run_import,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, UsageError, visible

__all__ = ["RejectedRowsError", "import_command"]

_EXISTING: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
#: Bytes of a file: as much as the rows of one import need at the most.
_LARGEST: Final = 50_000_000
_SHOWN: Final = 20


class RejectedRowsError(UsageError):
    """Rows of a file were not taken; the others are imported."""

    code = "rejected_rows"
    exit_code = 1

    def __init__(self, rejected: int, rows: int) -> None:
        super().__init__(
            f"{rejected} of {rows} rows were not taken",
            remedy="correct them and import the file again: what is stored already "
            "is not stored twice",
        )
        self.rejected = rejected
        self.rows = rows


@click.command("import")
@click.argument("file", type=_EXISTING)
@click.option("--endpoint", required=True, help="Id, name or external reference.")
@click.option(
    "--set",
    "more",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of POST /imports, such as timeFormat=%d.%m.%Y; again and again.",
)
@click.option("--by", default="command line", show_default=True, help="Who imports.")
@click.option("--dry-run", is_flag=True, help="Count the same, and store nothing.")
async def import_command(
    ctx: PluginContext[MonitorSettings],
    file: Path,
    endpoint: str,
    more: tuple[str, ...],
    by: str,
    **flags: Any,
) -> None:
    """Import the CSV file FILE into one channel of an endpoint."""
    dry_run = bool(flags["dry_run"])
    query = {"name": file.name, **dict(map(_option, more)), "endpoint": endpoint}
    view = await run_import(
        ctx.db, ctx.clock, _text(file), options_of(query), by=by, dry_run=dry_run
    )
    _print(view)
    if view.result.rejected:
        raise RejectedRowsError(view.result.rejected, view.result.rows)


def _option(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _text(file: Path) -> str:
    size = file.stat().st_size
    if size > _LARGEST:
        raise LargeFileError(size, _LARGEST)
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportTextError(error.start) from error


def _print(view: ImportView) -> None:
    result = view.result
    what = "would import" if view.dry_run else "imported"
    where = f"{view.endpoint_name} ({view.channel})"
    click.echo(visible(f"{what} {view.name} into {where}"))
    click.echo(
        f"  rows {result.rows}: inserted {result.inserted}, "
        f"duplicate {result.duplicate}, conflict {result.conflict} "
        f"(replaced {result.replaced}), rejected {result.rejected}"
    )
    for note in result.notes:
        click.echo(visible(f"  note: {note}"))
    for each in result.judged:
        why = f" ({each.reason})" if each.reason else ""
        click.echo(f"  {each.readings} readings {each.quality}{why}")
    for month in result.months:
        # It begins at a local midnight; its middle has its name in every zone.
        middle = month.start + (month.end - month.start) / 2
        before, after = _kwh(month.before_kwh), _kwh(month.after_kwh)
        click.echo(f"  {middle:%Y-%m}: {before} -> {after} kWh")
    for row in result.rejections[:_SHOWN]:
        click.echo(visible(f"  line {row.row}: {row.reason}"))
    if len(result.rejections) > _SHOWN:
        click.echo(f"  and {result.rejected - _SHOWN} more")


def _kwh(value: object) -> str:
    return "unknown" if value is None else f"{value:f}"
