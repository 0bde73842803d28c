"""`nxforge manifest`: the form of manifest.json."""

from __future__ import annotations

import json

import click

from nxforge_core.api import manifest_schema

__all__ = ["command"]


@click.group("manifest")
def command() -> None:
    """What a plugin's manifest.json may say."""


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of manifest.json."""
    click.echo(json.dumps(manifest_schema(), indent=2))
