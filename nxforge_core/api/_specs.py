"""The smaller specs that hooks return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import click
import msgspec

__all__ = ["CommandSpec", "Health", "HealthSpec", "MigrationsSpec", "SettingsSpec"]


class MigrationsSpec(msgspec.Struct, frozen=True):
    """Where a plugin's migrations lie.

    Attributes:
        package: Importable name of the plugin's package, usually `__package__`.
        folder: Folder of `.sql` files inside it, named number, verb, object; beside
            each one optionally its undo, `<name>.rollback.sql`.
    """

    package: str
    folder: str = "migrations"


class SettingsSpec(msgspec.Struct, frozen=True):
    """The plugin's settings: a frozen struct with a default for every field.

    Values come from `[plugin.<id>]` of the settings file and from the environment,
    `NXFORGE_PLUGIN__<ID>__<FIELD>` with `_` for each `-`.
    """

    model: type[msgspec.Struct]


class Health(msgspec.Struct, frozen=True):
    """What a health check found."""

    state: Literal["ok", "failing"]
    detail: str = ""


class HealthSpec(msgspec.Struct, frozen=True):
    """A named check, called with the `PluginContext`; an error counts as failing."""

    name: str
    check: Callable[..., Awaitable[Health]]


class CommandSpec(msgspec.Struct, frozen=True):
    """A command line command, reached as `nxforge <plugin> <name>`.

    Attributes:
        context: The command's function is async and takes `ctx`, the plugin's
            `PluginContext`. Then the command has the options `--config`, `--data-dir`
            and `--database-url` as well, and the database is opened when it is called;
            the plugin need not be enabled.
    """

    command: click.Command
    context: bool = False

    @property
    def name(self) -> str:
        """What the person types."""
        return str(self.command.name)

    def invoke(self, arguments: list[str]) -> Any:
        """Run the command as its own program."""
        return self.command.main(arguments, standalone_mode=False)
