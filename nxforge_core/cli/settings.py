"""`nxforge settings`: every value and where it came from."""

from __future__ import annotations

import click

from nxforge_core.settings import describe

from ._context import (
    Where,
    print_json,
    print_table,
    with_settings,
)

__all__ = ["command"]


@click.command("settings")
@click.option("--json", "as_json", is_flag=True)
@with_settings
def command(as_json: bool, where: Where) -> None:  # noqa: FBT001  # click passes it by name
    """Show every setting, its value and its source; secrets stay masked."""
    lines = describe(where.load())
    if as_json:
        print_json(lines)
        return
    rows = [[line.key, line.value, line.source] for line in lines]
    print_table(["key", "value", "source"], rows)
