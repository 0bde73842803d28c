"""The command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import click

from nxforge_core.api import InvalidInputError

from ._write import write_client

__all__ = ["command"]


@click.command("client")
@click.argument("document", type=click.File("r", encoding="utf-8"))
@click.argument("module", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    help="Only the operations of this plugin (again for more); nxforge is the host.",
)
def command(document: IO[str], module: Path, plugins: tuple[str, ...]) -> None:
    """Write MODULE, a typed client, out of the OpenAPI DOCUMENT (- is standard input).

    The document is what `GET /schema/openapi.json` answers. The module needs httpx and
    msgspec, and nothing of NxForge.
    """
    try:
        read = json.load(document)
        known = {tag["name"] for tag in read["tags"]}
    except (ValueError, KeyError, TypeError):
        remedy = "give what GET /schema/openapi.json answers"
        raise InvalidInputError(
            field="DOCUMENT", value=document.name, remedy=remedy
        ) from None
    for plugin in plugins:
        if plugin not in known:
            remedy = f"the document has {', '.join(sorted(known))}"
            raise InvalidInputError(field="--plugin", value=plugin, remedy=remedy)
    text = write_client(read, plugins)
    module.write_text(text, "utf-8")
    click.echo(f"wrote {module}: {text.count('    async def ')} methods")
