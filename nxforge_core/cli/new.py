"""`nxforge new`: a plugin to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from nxforge_core.api import InvalidInputError, UsageError, parse_plugin_id
from nxforge_core.builtin import RESERVED_IDS

from ._scaffold import PARTS, scaffold

__all__ = ["ExistingFolderError", "command"]


class ExistingFolderError(UsageError):
    """A new plugin would be written over something."""

    code = "folder_exists"

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is there already",
            remedy="choose another name, or another place with --folder",
        )
        self.folder = folder


@click.command("new")
@click.argument("plugin")
@click.option(
    "--with",
    "parts",
    default="routes",
    show_default=True,
    help=f"What it begins with, comma separated: {', '.join(PARTS)}.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where its own folder is made (here).",
)
def command(plugin: str, parts: str, folder: Path) -> None:
    """Write a plugin: a distribution that pip installs, with tests and a workflow."""
    chosen = _chosen(parts)
    _check_id(plugin)
    target = folder / f"nxforge-{plugin}"
    if target.exists():
        raise ExistingFolderError(target)
    for path, text in scaffold(plugin, chosen).items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    click.echo(f"wrote {target}; now:")
    click.echo(f"  pip install {target}")
    click.echo(f"  nxforge plugins enable {plugin}")


def _chosen(parts: str) -> set[str]:
    chosen = {part.strip() for part in parts.split(",") if part.strip()}
    if unknown := sorted(chosen - set(PARTS)):
        remedy = f"give some of {', '.join(PARTS)}"
        raise InvalidInputError(field="--with", value=unknown[0], remedy=remedy)
    return chosen


def _check_id(plugin: str) -> None:
    parse_plugin_id(plugin)
    if plugin in RESERVED_IDS:
        remedy = "it is the name of a command; choose another"
        raise InvalidInputError(field="plugin id", value=plugin, remedy=remedy)
